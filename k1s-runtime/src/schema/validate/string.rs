//! Strings: length in code points, pattern, format.

use crate::api::field::{ErrorType, Path};
use crate::schema::node::{Node, TextRules};

use super::value::Context;

/// Answers how many validators looked at the string.
pub(super) fn check(node: &Node, text: &str, path: &Path<'_>, context: &mut Context) -> usize {
    if let Some(rules) = &node.text {
        check_text(rules, text, path, context);
    }
    match node.format {
        None => 1,
        Some(format) => {
            if !format.accepts(text) {
                let name = &node.format_name;
                context.report(ErrorType::TypeInvalid, "format", path, text, |at| {
                    let shown = crate::api::gotext::quote(text);
                    format!("{at} in body must be of type {name}: {shown}")
                });
            }
            2
        }
    }
}

/// The first of length and pattern that fails is reported, the others are not looked at.
fn check_text(rules: &TextRules, text: &str, path: &Path<'_>, context: &mut Context) {
    if let Some(max) = rules.max
        && longer_than(text, max)
    {
        let detail = match max {
            max if max < 0 => "value is too long".to_owned(),
            1 => "may not be more than 1 byte".to_owned(),
            max => format!("may not be more than {max} bytes"),
        };
        return context.report(ErrorType::TooLong, "maxLength", path, text, |_| detail);
    }
    if let Some(min) = rules.min
        && min > 0
        && !longer_than(text, min - 1)
    {
        return context.report(ErrorType::Invalid, "minLength", path, text, |at| {
            format!("{at} in body should be at least {min} chars long")
        });
    }
    let Some(pattern) = &rules.pattern else { return };
    match pattern.is_match(text) {
        Some(true) => {}
        Some(false) => context.report(ErrorType::Invalid, "pattern", path, text, |at| {
            format!("{at} in body should match '{}'", pattern.source())
        }),
        None => context.report(ErrorType::Invalid, "pattern", path, text, |at| {
            format!("{at} in body should match '{}, but pattern is invalid'", pattern.source())
        }),
    }
}

/// Whether the text has more than `limit` code points, without counting more of them than needed.
fn longer_than(text: &str, limit: i64) -> bool {
    let Ok(limit) = usize::try_from(limit) else { return true };
    // A code point has one byte at least.
    text.len() > limit && text.chars().nth(limit).is_some()
}
