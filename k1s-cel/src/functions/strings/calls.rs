//! What the functions do.

use super::super::format_string;
use super::Built;
use super::search::{checked_byte, first, last, last_up_to, part};
use crate::value::{EvalError, EvalResult, List, Value};

type Args<'v, 'a> = &'v [Value<'a>];

const NO_OVERLOAD: EvalError = EvalError::NoSuchOverload;

pub(super) fn contains<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    test(args, |text, part| text.contains(part))
}

pub(super) fn starts_with<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    test(args, |text, part| text.starts_with(part))
}

pub(super) fn ends_with<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    test(args, |text, part| text.ends_with(part))
}

fn test<'a>(args: Args<'_, 'a>, holds: impl Fn(&str, &str) -> bool) -> EvalResult<'a> {
    match args {
        [Value::String(text), Value::String(part)] => Ok(Value::Bool(holds(text, part))),
        _ => Err(NO_OVERLOAD),
    }
}

pub(super) fn char_at<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    let [Value::String(text), Value::Int(index)] = args else { return Err(NO_OVERLOAD) };
    let start = checked_byte(text, *index)?;
    let length = text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    Ok(part(text, start..start + length))
}

pub(super) fn index_of<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::String(text), Value::String(part)] => first(text, part, 0).map(Value::Int),
        [Value::String(text), Value::String(part), Value::Int(from)] => {
            first(text, part, *from).map(Value::Int)
        }
        _ => Err(NO_OVERLOAD),
    }
}

pub(super) fn last_index_of<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::String(text), Value::String(part)] => Ok(Value::Int(last(text, part))),
        [Value::String(text), Value::String(part), Value::Int(to)] => {
            last_up_to(text, part, *to).map(Value::Int)
        }
        _ => Err(NO_OVERLOAD),
    }
}

pub(super) fn substring<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::String(text), Value::Int(start)] => Ok(part(text, checked_byte(text, *start)?..text.len())),
        [Value::String(text), Value::Int(start), Value::Int(end)] => {
            if start > end {
                return Err(EvalError::other(format!("invalid substring range. start: {start}, end: {end}")));
            }
            Ok(part(text, checked_byte(text, *start)?..checked_byte(text, *end)?))
        }
        _ => Err(NO_OVERLOAD),
    }
}

pub(super) fn trim<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    let [Value::String(text)] = args else { return Err(NO_OVERLOAD) };
    let start = text.len() - text.trim_start().len();
    Ok(part(text, start..text.trim_end().len().max(start)))
}

pub(super) fn lower_ascii<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::String(text)] => Ok(Value::string(text.to_ascii_lowercase())),
        _ => Err(NO_OVERLOAD),
    }
}

pub(super) fn upper_ascii<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::String(text)] => Ok(Value::string(text.to_ascii_uppercase())),
        _ => Err(NO_OVERLOAD),
    }
}

pub(super) fn replace<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    let (text, old, new, limit) = match args {
        [Value::String(text), Value::String(old), Value::String(new)] => (text, old, new, -1),
        [Value::String(text), Value::String(old), Value::String(new), Value::Int(limit)] => {
            (text, old, new, *limit)
        }
        _ => return Err(NO_OVERLOAD),
    };
    // A negative limit is none.
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let count = text.matches(&**old).take(limit).count();
    if count == 0 {
        return Ok(Value::String(text.clone()));
    }
    let size = (text.len() - count * old.len()).saturating_add(count.saturating_mul(new.len()));
    let mut built = Built::with_size(size)?;
    let mut kept = 0;
    for (at, found) in text.match_indices(&**old).take(limit) {
        built.push(text.get(kept..at).unwrap_or_default())?;
        built.push(new)?;
        kept = at + found.len();
    }
    built.push(text.get(kept..).unwrap_or_default())?;
    Ok(built.into_value())
}

pub(super) fn split<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    let (text, separator, limit) = match args {
        [Value::String(text), Value::String(separator)] => (text, separator, -1),
        [Value::String(text), Value::String(separator), Value::Int(limit)] => (text, separator, *limit),
        _ => return Err(NO_OVERLOAD),
    };
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if limit == 0 || (text.is_empty() && separator.is_empty()) {
        return Ok(Value::list(Vec::new()));
    }
    let mut parts = Vec::new();
    let mut start = 0;
    while parts.len() + 1 < limit {
        let rest = text.get(start..).unwrap_or_default();
        // Without a separator, every code point is a part.
        let found = if separator.is_empty() {
            rest.chars().next().map(char::len_utf8).filter(|length| *length < rest.len())
        } else {
            rest.find(&**separator)
        };
        let Some(length) = found else { break };
        parts.push(part(text, start..start + length));
        start += length + separator.len();
    }
    parts.push(part(text, start..text.len()));
    Ok(Value::list(parts))
}

pub(super) fn join<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::List(list)] => join_with(list, ""),
        [Value::List(list), Value::String(separator)] => join_with(list, separator),
        _ => Err(NO_OVERLOAD),
    }
}

fn join_with<'a>(list: &List<'a>, separator: &str) -> EvalResult<'a> {
    let mut built = Built::default();
    for (index, element) in list.iter().enumerate() {
        if index > 0 {
            built.push(separator)?;
        }
        match element? {
            Value::String(text) => built.push(&text)?,
            other => {
                let shown = format_string::plain(&other).unwrap_or_else(|_| other.type_name().into());
                return Err(EvalError::other(format!("join: invalid input: {shown}")));
            }
        }
    }
    Ok(built.into_value())
}

pub(super) fn quote<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    let [Value::String(text)] = args else { return Err(NO_OVERLOAD) };
    let mut built = Built::default();
    built.push_char('"')?;
    for character in text.chars() {
        match character {
            '\u{07}' => built.push("\\a")?,
            '\u{08}' => built.push("\\b")?,
            '\u{0c}' => built.push("\\f")?,
            '\n' => built.push("\\n")?,
            '\r' => built.push("\\r")?,
            '\t' => built.push("\\t")?,
            '\u{0b}' => built.push("\\v")?,
            '\\' => built.push("\\\\")?,
            '"' => built.push("\\\"")?,
            other => built.push_char(other)?,
        }
    }
    built.push_char('"')?;
    Ok(built.into_value())
}

pub(super) fn format<'a>(args: Args<'_, 'a>) -> EvalResult<'a> {
    match args {
        [Value::String(format), Value::List(values)] => {
            format_string::format(format, values).map(Value::string)
        }
        _ => Err(NO_OVERLOAD),
    }
}
