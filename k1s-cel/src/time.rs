//! Moments and lengths of time as text.

/// `full-date` of RFC 3339.
pub(crate) fn parse_date(text: &str) -> Result<jiff::Timestamp, String> {
    Err(text.into())
}

/// OpenAPI's `date-time`.
pub(crate) fn parse_date_time(text: &str) -> Result<jiff::Timestamp, String> {
    Err(text.into())
}

/// OpenAPI's `duration`, in nanoseconds.
pub(crate) fn parse_openapi_duration(text: &str) -> Result<i64, String> {
    Err(text.into())
}
