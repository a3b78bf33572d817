//! Moments and lengths of time: arithmetic within CEL's bounds, and their texts as Go reads and writes them.
//!
//! Three parties read such texts, each with rules of its own: CEL's conversions, OpenAPI's formats in data, and the checker, which
//! refuses literals that the conversions would refuse.

mod duration;
mod layout;
mod moment;
mod zone;

pub(crate) use duration::{format_duration, parse_duration, parse_openapi_duration};
pub use moment::Moment;
pub(crate) use moment::{Civil, TimestampOverflow};
pub(crate) use zone::offset_at;

use layout::{DATE, LOCAL, RFC_3339, parse};

/// `full-date` of RFC 3339: midnight in UTC.
pub(crate) fn parse_date(text: &str) -> Result<Moment, String> {
    parse(&DATE, text)
}

/// OpenAPI's `date-time`. Without a zone it is UTC; the empty text is the first second of 1970.
pub(crate) fn parse_date_time(text: &str) -> Result<Moment, String> {
    if text.is_empty() {
        return Ok(Moment::EPOCH);
    }
    // kube-apiserver tries several layouts; the others take nothing that these two do not take.
    parse(&RFC_3339, text).or_else(|_| parse(&LOCAL, text))
}

/// CEL's `timestamp(text)`.
pub(crate) fn parse_timestamp(text: &str) -> Option<Result<Moment, TimestampOverflow>> {
    let moment = parse(&RFC_3339, text).ok()?;
    Some(if moment.is_in_range() { Ok(moment) } else { Err(TimestampOverflow) })
}

/// Whether the checker lets `timestamp('text')` pass.
pub(crate) fn is_valid_timestamp_literal(text: &str) -> bool {
    matches!(parse_timestamp(text), Some(Ok(_)))
}

/// Whether the checker lets `duration('text')` pass.
pub(crate) fn is_valid_duration_literal(text: &str) -> bool {
    parse_duration(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openapi_takes_more_than_cel() {
        let shown = |text: &str| parse_date_time(text).map(|moment| moment.to_string());
        assert_eq!(shown("2024-01-01T00:00:00,5+02:00").as_deref(), Ok("2024-01-01T00:00:00.5+02:00"));
        assert_eq!(shown("2024-01-01T00:00:00").as_deref(), Ok("2024-01-01T00:00:00Z"));
        assert_eq!(shown("").as_deref(), Ok("1970-01-01T00:00:00Z"));
        assert_eq!(
            shown("2024-01-01t00:00:00z"),
            Err(r#"parsing time "2024-01-01t00:00:00z" as "2006-01-02T15:04:05": cannot parse "t00:00:00z" as "T""#
                .into())
        );
        assert!(!is_valid_timestamp_literal("2024-01-01T00:00:00"));
    }

    #[test]
    fn timestamps_are_between_the_years_1_and_9999() {
        for good in ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2024-01-01T1:00:00Z"] {
            assert!(is_valid_timestamp_literal(good), "{good}");
        }
        for bad in
            ["0000-12-31T23:59:59Z", "10000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "2024-01-01", ""]
        {
            assert!(!is_valid_timestamp_literal(bad), "{bad}");
        }
        assert!(matches!(parse_timestamp("0000-01-01T00:00:00Z"), Some(Err(TimestampOverflow))));
    }
}
