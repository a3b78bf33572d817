//! `%41` and back: which bytes each part of a URL may hold unescaped, as Go's `net/url` has it.

use crate::functions::quote::quote_bytes;

/// A part of a URL.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Part {
    Path,
    Host,
    /// The zone of an IPv6 address.
    Zone,
    User,
    Query,
    Fragment,
}

impl Part {
    /// Whether a byte has to be escaped in this part.
    fn escapes(self, byte: u8) -> bool {
        let in_host = matches!(self, Part::Host | Part::Zone);
        match byte {
            b'-' | b'_' | b'.' | b'~' => false,
            byte if byte.is_ascii_alphanumeric() => false,
            b'!' | b'\'' | b'(' | b')' | b'*' | b'[' | b']' | b'<' | b'>' | b'"' if in_host => false,
            b'$' | b'&' | b'+' | b',' | b';' | b'=' | b':' => match self {
                Part::Query => true,
                Part::User => byte == b':',
                _ => false,
            },
            b'/' | b'@' => !matches!(self, Part::Path | Part::Fragment),
            b'?' => self != Part::Fragment,
            b'!' | b'(' | b')' | b'*' => self != Part::Fragment,
            _ => true,
        }
    }

    /// Whether escaped text is as it could have been escaped, if less eagerly than [`Part::escape`] does it.
    pub(super) fn allows(self, escaped: &[u8]) -> bool {
        escaped.iter().all(|byte| b"!$&'()*+,;=:@[]%".contains(byte) || !self.escapes(*byte))
    }

    /// Escapes what has to be.
    pub(super) fn escape(self, bytes: &[u8]) -> String {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble & 15)]);
        let mut escaped = String::with_capacity(bytes.len());
        for byte in bytes {
            if self.escapes(*byte) {
                escaped.push('%');
                escaped.push(digit(byte >> 4));
                escaped.push(digit(*byte));
            } else {
                escaped.push(char::from(*byte));
            }
        }
        escaped
    }

    /// What escaped text means.
    pub(super) fn unescape(self, text: &[u8]) -> Result<Vec<u8>, String> {
        let in_host = matches!(self, Part::Host | Part::Zone);
        let mut bytes = Vec::with_capacity(text.len());
        let mut rest = text;
        while let [byte, after @ ..] = rest {
            let mut left = after;
            match byte {
                b'%' => {
                    let escape = rest.get(..3).unwrap_or(rest);
                    let meant = meaning(escape).filter(|meant| self.may_escape(escape, *meant));
                    bytes.push(meant.ok_or_else(|| format!("invalid URL escape {}", quote_bytes(escape)))?);
                    left = rest.get(3..).unwrap_or_default();
                }
                b'+' if self == Part::Query => bytes.push(b' '),
                byte if in_host && byte.is_ascii() && self.escapes(*byte) => {
                    return Err(format!("invalid character {} in host name", quote_bytes(&[*byte])));
                }
                byte => bytes.push(*byte),
            }
            rest = left;
        }
        Ok(bytes)
    }

    /// Hosts may escape what is not ASCII only, and the percent sign; zones what they may hold anyway, and spaces.
    fn may_escape(self, escape: &[u8], meant: u8) -> bool {
        escape == b"%25"
            || match self {
                Part::Host => !meant.is_ascii(),
                Part::Zone => meant == b' ' || !Part::Host.escapes(meant),
                _ => true,
            }
    }
}

/// The byte that `%` and two digits stand for.
fn meaning(escape: &[u8]) -> Option<u8> {
    let [b'%', high, low] = escape else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? << 4 | digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_part_has_its_own_bytes() {
        assert_eq!(Part::Path.escape(b"/a b?\xc3\xbc;!"), "/a%20b%3F%C3%BC;%21");
        assert_eq!(Part::User.escape(b"a:b@c/?"), "a%3Ab%40c%2F%3F");
        assert_eq!(Part::Fragment.escape(b"a!'/?"), "a!%27/?");
        assert_eq!(Part::Host.escape(b"[::1]<\""), "[::1]<\"");
    }

    #[test]
    fn what_is_no_escape_is_refused() {
        assert_eq!(Part::Path.unescape(b"a%20b+").unwrap(), b"a b+");
        assert_eq!(Part::Query.unescape(b"a%20b+").unwrap(), b"a b ");
        assert_eq!(Part::Path.unescape("%zé".as_bytes()).unwrap_err(), r#"invalid URL escape "%z\xc3""#);
        assert_eq!(Part::Path.unescape(b"%4").unwrap_err(), r#"invalid URL escape "%4""#);
        assert_eq!(Part::Host.unescape(b"%41").unwrap_err(), r#"invalid URL escape "%41""#);
        assert_eq!(Part::Host.unescape(b"a b").unwrap_err(), r#"invalid character " " in host name"#);
        assert_eq!(Part::Host.unescape(b"%c3%bc").unwrap(), "ü".as_bytes());
    }
}
