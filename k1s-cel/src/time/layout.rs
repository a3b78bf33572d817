//! Go's `time.Parse` for the layouts that are needed, with its tolerance (one digit of hours, a fraction that the layout does not
//! mention) and its error texts, which reach users.

use super::moment::{Moment, days_from_civil};

/// What a text has to look like.
pub(super) struct Layout {
    /// As Go's layouts are written.
    text: &'static str,
    /// What comes before each part, and the part.
    parts: &'static [(&'static str, Part)],
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
    Zone,
}

pub(super) const RFC_3339: Layout = Layout {
    text: "2006-01-02T15:04:05Z07:00",
    parts: &[
        ("", Part::Year),
        ("-", Part::Month),
        ("-", Part::Day),
        ("T", Part::Hour),
        (":", Part::Minute),
        (":", Part::Second),
        ("", Part::Zone),
    ],
};

pub(super) const LOCAL: Layout = Layout { text: "2006-01-02T15:04:05", parts: RFC_3339.parts.split_at(6).0 };

pub(super) const DATE: Layout = Layout { text: "2006-01-02", parts: RFC_3339.parts.split_at(3).0 };

impl Part {
    /// The part in a layout's text.
    fn text(self) -> &'static str {
        match self {
            Part::Year => "2006",
            Part::Month => "01",
            Part::Day => "02",
            Part::Hour => "15",
            Part::Minute => "04",
            Part::Second => "05",
            Part::Zone => "Z07:00",
        }
    }
}

/// What has been read so far.
#[derive(Default)]
struct Fields {
    year: i64,
    month: i64,
    day: i64,
    hour: i64,
    minute: i64,
    second: i64,
    nanos: u32,
    offset: i32,
}

/// Why a part cannot be read.
enum Failure {
    /// It does not look like one.
    Malformed,
    /// It does, but there is no such month, hour, ….
    OutOfRange(&'static str),
}

/// Reads a text, which may be of the year 0.
pub(super) fn parse(layout: &Layout, text: &str) -> Result<Moment, String> {
    let cannot_parse = |rest: &str, part: &str| {
        let [text, layout, rest, part] = [text, layout.text, rest, part].map(quote);
        format!("parsing time {text} as {layout}: cannot parse {rest} as {part}")
    };
    let out_of_range = |what: &str| format!("parsing time {}: {what} out of range", quote(text));
    let mut fields = Fields::default();
    let mut rest = text;
    for (before, part) in layout.parts {
        rest = rest.strip_prefix(before).ok_or_else(|| cannot_parse(rest, before))?;
        rest = fields.read(*part, rest).map_err(|failure| match failure {
            Failure::Malformed => cannot_parse(rest, part.text()),
            Failure::OutOfRange(what) => out_of_range(what),
        })?;
    }
    if !rest.is_empty() {
        return Err(format!("parsing time {}: extra text: {}", quote(text), quote(rest)));
    }
    if !(1..=days_in(fields.year, fields.month)).contains(&fields.day) {
        return Err(out_of_range("day"));
    }
    let days = days_from_civil(fields.year, fields.month, fields.day);
    let clock = (fields.hour * 60 + fields.minute) * 60 + fields.second;
    Ok(Moment::new(days, clock, fields.nanos, fields.offset))
}

impl Fields {
    /// Reads a part and returns what follows it.
    fn read<'t>(&mut self, part: Part, text: &'t str) -> Result<&'t str, Failure> {
        let (field, digits, range, name) = match part {
            Part::Year => (&mut self.year, 4, 0..=9_999, "year"),
            Part::Month => (&mut self.month, 2, 1..=12, "month"),
            // Which days there are is asked at the end.
            Part::Day => (&mut self.day, 2, 0..=99, "day"),
            Part::Hour => (&mut self.hour, if second_is_digit(text) { 2 } else { 1 }, 0..=23, "hour"),
            Part::Minute => (&mut self.minute, 2, 0..=59, "minute"),
            Part::Second => (&mut self.second, 2, 0..=59, "second"),
            Part::Zone => return self.read_zone(text),
        };
        let (number, rest) = number(text, digits).ok_or(Failure::Malformed)?;
        if !range.contains(&number) {
            return Err(Failure::OutOfRange(name));
        }
        *field = number;
        Ok(if part == Part::Second { self.read_fraction(rest) } else { rest })
    }

    /// A fraction, if there is one; digits beyond nanoseconds are ignored.
    fn read_fraction<'t>(&mut self, text: &'t str) -> &'t str {
        let Some(digits) = text.strip_prefix(['.', ',']) else { return text };
        let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
        let (digits, rest) = digits.split_at(end);
        if digits.is_empty() {
            return text;
        }
        let nanos = digits.bytes().chain(std::iter::repeat(b'0')).take(9);
        self.nanos = nanos.fold(0, |nanos, digit| nanos * 10 + u32::from(digit - b'0'));
        rest
    }

    /// `Z`, or an offset of up to 24 hours and 60 minutes.
    fn read_zone<'t>(&mut self, text: &'t str) -> Result<&'t str, Failure> {
        if let Some(rest) = text.strip_prefix('Z') {
            return Ok(rest);
        }
        let digits = text.get(1..).ok_or(Failure::Malformed)?;
        let (hours, rest) = number(digits, 2).ok_or(Failure::Malformed)?;
        let rest = rest.strip_prefix(':').ok_or(Failure::Malformed)?;
        let (minutes, rest) = number(rest, 2).ok_or(Failure::Malformed)?;
        if minutes > 60 {
            return Err(Failure::OutOfRange("time zone offset minute"));
        }
        if hours > 24 {
            return Err(Failure::OutOfRange("time zone offset hour"));
        }
        let offset = i32::try_from((hours * 60 + minutes) * 60).map_err(|_| Failure::Malformed)?;
        self.offset = match text.as_bytes().first() {
            Some(b'+') => offset,
            Some(b'-') => -offset,
            _ => return Err(Failure::Malformed),
        };
        Ok(rest)
    }
}

/// A number of exactly so many digits, and what follows.
fn number(text: &str, digits: usize) -> Option<(i64, &str)> {
    let (number, rest) = text.split_at_checked(digits)?;
    let all_digits = number.bytes().all(|byte| byte.is_ascii_digit());
    Some((all_digits.then(|| number.parse().ok())??, rest))
}

fn second_is_digit(text: &str) -> bool {
    text.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Text in quotes as Go's `time` prints it: bytes that are not printable ASCII in hexadecimal.
pub(super) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='\u{7f}' => out.push(c),
            _ => {
                let mut bytes = [0; 4];
                for byte in c.encode_utf8(&mut bytes).bytes() {
                    out.push_str(&format!("\\x{byte:02x}"));
                }
            }
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn why(text: &str) -> String {
        parse(&RFC_3339, text).map_or_else(|why| why, |moment| moment.to_string())
    }

    #[test]
    fn reads_what_go_reads() {
        assert_eq!(why("2024-02-29T12:20:30+02:00"), "2024-02-29T12:20:30+02:00");
        assert_eq!(why("2024-02-29T2:20:30.1234567899-24:60"), "2024-02-29T02:20:30.123456789-25:00");
        assert_eq!(why("0000-02-29T00:00:00-00:00"), "0000-02-29T00:00:00Z");
    }

    #[test]
    fn says_why_not_as_go_does() {
        let cases = [
            ("nope", r#"parsing time "nope" as "2006-01-02T15:04:05Z07:00": cannot parse "nope" as "2006""#),
            (
                "2024-1-01",
                r#"parsing time "2024-1-01" as "2006-01-02T15:04:05Z07:00": cannot parse "1-01" as "01""#,
            ),
            ("2024-13-01T", r#"parsing time "2024-13-01T": month out of range"#),
            ("2023-02-29T00:00:00Z", r#"parsing time "2023-02-29T00:00:00Z": day out of range"#),
            ("2023-02-28T24:00:00Z", r#"parsing time "2023-02-28T24:00:00Z": hour out of range"#),
            (
                "2023-02-28T00:00:00Zé",
                r#"parsing time "2023-02-28T00:00:00Z\xc3\xa9": extra text: "\xc3\xa9""#,
            ),
            (
                "2023-02-28T00:00:00+25:00",
                r#"parsing time "2023-02-28T00:00:00+25:00": time zone offset hour out of range"#,
            ),
            (
                "é",
                r#"parsing time "\xc3\xa9" as "2006-01-02T15:04:05Z07:00": cannot parse "\xc3\xa9" as "2006""#,
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(why(text), expected);
        }
        assert!(parse(&RFC_3339, "2023-02-28T00:00:00é1:00").is_err());
        assert!(parse(&RFC_3339, "2023-02-28T00:00:00.Z").is_err());
        assert!(parse(&DATE, "2023-02-28").is_ok() && parse(&DATE, "2023-02-28T").is_err());
    }
}
