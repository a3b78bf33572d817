//! Formats: one table of the names that the API server knows and what each accepts.
//!
//! A format that is not in the table is ignored, as the API server ignores it. Names are compared without dashes, so that
//! `date-time` and `datetime` are one. What each accepts follows `k8s.io/kube-openapi/pkg/validation/strfmt`, oddities included.

mod duration;
mod email;
mod network;
mod uri;

pub(super) use uri::url_parts;

use std::sync::OnceLock;

use k1s_cel::formats::{is_date, is_date_time};
use regex::Regex;

use crate::api::names;

/// A format.
pub struct Format {
    name: &'static str,
    about: &'static str,
    check: Check,
}

enum Check {
    /// The format says something about numbers; strings are not checked.
    Number,
    /// Strings that match.
    Pattern(&'static str, OnceLock<Option<Regex>>),
    /// Strings that the function accepts.
    Code(fn(&str) -> bool),
}

impl std::fmt::Debug for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name)
    }
}

impl Format {
    /// The name, as schemas write it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What it stands for, in a few words.
    pub fn about(&self) -> &'static str {
        self.about
    }

    /// Whether strings are checked.
    pub fn checks_strings(&self) -> bool {
        !matches!(self.check, Check::Number)
    }

    /// Whether a string is of this format.
    ///
    /// ```
    /// let date = k1s_runtime::schema::formats::find("date").ok_or("no such format")?;
    /// assert!(date.accepts("2024-02-29") && !date.accepts("2023-02-29"));
    /// # Ok::<(), &str>(())
    /// ```
    pub fn accepts(&self, text: &str) -> bool {
        match &self.check {
            Check::Number => true,
            Check::Code(accepts) => accepts(text),
            Check::Pattern(pattern, compiled) => {
                let regex = compiled.get_or_init(|| Regex::new(pattern).ok());
                regex.as_ref().is_some_and(|regex| regex.is_match(text))
            }
        }
    }
}

/// The format of that name, if the API server knows it.
pub fn find(name: &str) -> Option<&'static Format> {
    let without_dashes = |text: &'static str| text.bytes().filter(|byte| *byte != b'-');
    FORMATS.iter().find(|format| without_dashes(format.name).eq(name.bytes().filter(|byte| *byte != b'-')))
}

/// The format that a schema of a type (empty if it has none, or is an int-or-string) means by a name. Others are ignored: a
/// format of numbers says nothing about strings, and the formats of strings nothing about numbers.
pub fn recognized(type_: &str, name: &str) -> Option<&'static Format> {
    let format = find(name)?;
    let is_number_format = !format.checks_strings();
    let applies = match type_ {
        "" | "string" => !is_number_format,
        "integer" => matches!(name, "int32" | "int64"),
        "number" => matches!(name, "float" | "double"),
        _ => false,
    };
    applies.then_some(format)
}

/// Every format that the API server knows.
pub fn all() -> &'static [Format] {
    &FORMATS
}

const fn number(name: &'static str, about: &'static str) -> Format {
    Format { name, about, check: Check::Number }
}

const fn pattern(name: &'static str, about: &'static str, pattern: &'static str) -> Format {
    Format { name, about, check: Check::Pattern(pattern, OnceLock::new()) }
}

const fn code(name: &'static str, about: &'static str, accepts: fn(&str) -> bool) -> Format {
    Format { name, about, check: Check::Code(accepts) }
}

static FORMATS: [Format; 30] = [
    number("int32", "integer of 32 bits"),
    number("int64", "integer of 64 bits"),
    number("float", "number that fits a single-precision float"),
    number("double", "number that fits a double-precision float"),
    pattern("bsonobjectid", "BSON object id: 24 hexadecimal digits", "^[0-9a-fA-F]{24}$"),
    code("uri", "URI, or path that begins with /", uri::is_uri),
    code("email", "e-mail address", email::is_email),
    code("hostname", "host name", network::is_hostname),
    code("ipv4", "IPv4 address", network::is_ipv4),
    code("ipv6", "IPv6 address", network::is_ipv6),
    code("cidr", "IP address and prefix length", network::is_cidr),
    code("mac", "MAC address", network::is_mac),
    pattern(
        "uuid",
        "UUID of any version",
        "^(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$",
    ),
    pattern(
        "uuid3",
        "UUID of version 3",
        "^(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$",
    ),
    pattern(
        "uuid4",
        "UUID of version 4",
        "^(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$",
    ),
    pattern(
        "uuid5",
        "UUID of version 5",
        "^(?i)[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$",
    ),
    code("isbn", "ISBN of 10 or 13 digits", |text| is_isbn10(text) || is_isbn13(text)),
    code("isbn10", "ISBN of 10 digits", is_isbn10),
    code("isbn13", "ISBN of 13 digits", is_isbn13),
    code("creditcard", "credit card number", is_credit_card),
    code("ssn", "US social security number", |text| {
        let bytes = text.as_bytes();
        let separator = |at: usize| matches!(bytes.get(at), Some(b'-' | b' '));
        let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
        bytes.len() == 11 && separator(3) && separator(6) && digits == 9
    }),
    pattern("hexcolor", "colour as #rgb or #rrggbb", "^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$"),
    pattern(
        "rgbcolor",
        "colour as rgb(r, g, b)",
        concat!(
            r"^rgb\([\t\n\f\r ]*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])[\t\n\f\r ]*,",
            r"[\t\n\f\r ]*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])[\t\n\f\r ]*,",
            r"[\t\n\f\r ]*(0|[1-9][0-9]?|1[0-9][0-9]?|2[0-4][0-9]|25[0-5])[\t\n\f\r ]*\)$",
        ),
    ),
    pattern(
        "byte",
        "base64, padded and not empty",
        "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$",
    ),
    code("password", "any text, not to be shown", |_| true),
    code("date", "date as 2006-01-02", is_date),
    code("duration", "duration as 1h30m, or as 2 days", duration::is_duration),
    code("date-time", "RFC 3339 time", is_date_time),
    code("k8s-short-name", "RFC 1123 label", |text| names::dns1123_label(text).is_empty()),
    code("k8s-long-name", "RFC 1123 subdomain", |text| names::dns1123_subdomain(text).is_empty()),
];

/// The digits' values of an ISBN; a closing `X` is ten.
fn isbn_digits(text: &str) -> Option<Vec<u32>> {
    let kept: Vec<char> =
        text.chars().filter(|c| !matches!(c, '-' | ' ' | '\t' | '\n' | '\r' | '\u{c}')).collect();
    let last = kept.len().checked_sub(1)?;
    let value = |(at, c): (usize, &char)| match c {
        'X' if at == 9 && last == 9 => Some(10),
        c => c.to_digit(10),
    };
    kept.iter().enumerate().map(value).collect()
}

fn is_isbn10(text: &str) -> bool {
    isbn_digits(text).is_some_and(|digits| {
        digits.len() == 10
            && digits.iter().zip(1..).map(|(digit, weight)| digit * weight).sum::<u32>() % 11 == 0
    })
}

fn is_isbn13(text: &str) -> bool {
    isbn_digits(text).is_some_and(|digits| {
        let weights = [1, 3].into_iter().cycle();
        digits.len() == 13
            && digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum::<u32>() % 10 == 0
    })
}

fn is_credit_card(text: &str) -> bool {
    static ISSUERS: OnceLock<Option<Regex>> = OnceLock::new();
    let issuers = ISSUERS.get_or_init(|| {
        Regex::new(concat!(
            "^(?:4[0-9]{12}(?:[0-9]{3})?|5[1-5][0-9]{14}",
            "|(222[1-9]|22[3-9][0-9]|2[3-6][0-9]{2}|27[01][0-9]|2720)[0-9]{12}",
            "|6(?:011|5[0-9][0-9])[0-9]{12}|3[47][0-9]{13}|3(?:0[0-5]|[68][0-9])[0-9]{11}",
            "|(?:2131|1800|35[0-9]{3})[0-9]{11}|6[27][0-9]{14})$",
        ))
        .ok()
    });
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let luhn = digits.bytes().rev().enumerate().map(|(at, byte)| {
        let doubled = u32::from(byte - b'0') * (1 + u32::from(at % 2 == 1));
        if doubled > 9 { doubled - 9 } else { doubled }
    });
    issuers.as_ref().is_some_and(|issuers| issuers.is_match(&digits)) && luhn.sum::<u32>() % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        for format in all() {
            if let Check::Pattern(pattern, _) = &format.check {
                assert!(Regex::new(pattern).is_ok(), "{}", format.name);
            }
        }
    }

    #[test]
    fn names_are_found_with_and_without_dashes() {
        assert_eq!(find("datetime").map(Format::name), Some("date-time"));
        assert_eq!(find("k8sshortname").map(Format::name), Some("k8s-short-name"));
        assert!(find("").is_none() && find("binary").is_none());
    }

    #[test]
    fn checksums() {
        let accepts = |name: &str, text: &str| find(name).unwrap().accepts(text);
        assert!(accepts("isbn10", "080442957X") && accepts("isbn13", "978-3-401-01319-0"));
        assert!(!accepts("isbn10", "0321751042") && !accepts("isbn", ""));
        assert!(accepts("creditcard", "4111-1111-1111-1111") && !accepts("creditcard", "4111111111111112"));
    }
}
