//! Times as `metav1.Time` and `metav1.MicroTime` read and write them.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimeParser;

const SECONDS_LAYOUT: &str = "2006-01-02T15:04:05Z07:00";
const MICROS_LAYOUT: &str = "2006-01-02T15:04:05.000000Z07:00";

/// Rewrites RFC 3339 text in UTC with whole seconds; a fraction is dropped.
pub(super) fn normalise_seconds(text: &mut String) -> Result<(), String> {
    if text.is_empty() {
        return Err(failure(text, SECONDS_LAYOUT, "", "2006"));
    }
    let time = parse(text).ok_or_else(|| complaint(text, SECONDS_LAYOUT))?;
    *text = time.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(())
}

/// Rewrites RFC 3339 text with a six-digit fraction in UTC.
pub(super) fn normalise_micros(text: &mut String) -> Result<(), String> {
    let time = parse(text).ok_or_else(|| complaint(text, MICROS_LAYOUT))?;
    let digits = text.get(19..).map_or(0, |rest| {
        rest.strip_prefix('.').map_or(0, |rest| rest.bytes().take_while(u8::is_ascii_digit).count())
    });
    if digits != 6 {
        let rest = text.get(19..).unwrap_or_default();
        return Err(failure(text, MICROS_LAYOUT, rest, ".000000"));
    }
    *text = time.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string();
    Ok(())
}

fn parse(text: &str) -> Option<Timestamp> {
    // RFC 3339 alone: Temporal's parser takes more.
    let bytes = text.as_bytes();
    let shape_fits = bytes.len() >= 20 && bytes[4] == b'-' && bytes[7] == b'-' && bytes[10] == b'T';
    if !shape_fits || text.contains('[') {
        return None;
    }
    DateTimeParser::new().parse_timestamp(text).ok()
}

/// Go says which part of its layout the text failed at.
fn complaint(text: &str, layout: &str) -> String {
    const PARTS: [(&str, usize); 11] = [
        ("2006", 4),
        ("-", 1),
        ("01", 2),
        ("-", 1),
        ("02", 2),
        ("T", 1),
        ("15", 2),
        (":", 1),
        ("04", 2),
        (":", 1),
        ("05", 2),
    ];
    let mut rest = text;
    for (part, len) in PARTS {
        let fits = match rest.get(..len) {
            Some(head) if part.bytes().all(|byte| byte.is_ascii_digit()) => {
                head.bytes().all(|byte| byte.is_ascii_digit())
            }
            Some(head) => head == part,
            None => false,
        };
        if !fits {
            return failure(text, layout, rest, part);
        }
        rest = &rest[len..];
    }
    failure(text, layout, rest, "Z07:00")
}

fn failure(text: &str, layout: &str, rest: &str, part: &str) -> String {
    format!("parsing time \"{text}\" as \"{layout}\": cannot parse \"{rest}\" as \"{part}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_written_in_utc() {
        let mut text = "2026-01-01T01:00:00.5+01:00".to_owned();
        normalise_seconds(&mut text).unwrap();
        assert_eq!(text, "2026-01-01T00:00:00Z");
        let mut text = "2026-01-01T00:00:00.000001Z".to_owned();
        normalise_micros(&mut text).unwrap();
        assert_eq!(text, "2026-01-01T00:00:00.000001Z");
    }

    #[test]
    fn bad_times_say_where() {
        let mut text = "soon".to_owned();
        assert_eq!(
            normalise_seconds(&mut text).unwrap_err(),
            "parsing time \"soon\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"soon\" as \"2006\""
        );
        let mut text = "2026-01-01T00:00:00Z".to_owned();
        let message = normalise_micros(&mut text).unwrap_err();
        assert!(message.ends_with("cannot parse \"Z\" as \".000000\""), "{message}");
    }
}
