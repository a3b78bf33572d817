//! Literal values (defaults, examples, enumerations) against what else is said of the field.

use darling::error::Accumulator;
use proc_macro2::Span;
use serde_json::Value;
use syn::spanned::Spanned;

use super::keywords::Subject;
use super::{did_you_mean, refuse};
use crate::kind::Kind;
use crate::literal::Number;
use crate::parse::Keywords;

/// Checks the literals of one set of keywords.
pub(crate) fn check(keywords: &Keywords, subject: &Subject<'_>, errors: &mut Accumulator) {
    if let Some(list) = &keywords.enum_values {
        if list.values.is_empty() {
            refuse(errors, list.span, "`enum_values` needs a value");
        }
        for (index, (value, span)) in list.values.iter().enumerate() {
            fits(value, *span, "an enum value", subject, errors);
            if list.values.iter().take(index).any(|(earlier, _)| earlier == value) {
                refuse(errors, *span, format!("{value} is listed twice"));
            }
        }
    }
    for (what, given) in [("the default", &keywords.default), ("the example", &keywords.example)] {
        let Some(given) = given else { continue };
        let Some(literal) = &given.literal else { continue };
        let span = given.expr.span();
        if !fits(literal, span, what, subject, errors) || what == "the example" {
            continue;
        }
        if let Some(reason) = violated(keywords, subject, literal) {
            refuse(errors, span, format!("the default {literal} {reason}"));
        }
    }
}

/// Refuses a literal of another kind.
fn fits(value: &Value, span: Span, what: &str, subject: &Subject<'_>, errors: &mut Accumulator) -> bool {
    let fits = match subject.kind {
        Kind::String => value.is_string(),
        Kind::Integer(range) => {
            let exact = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
            exact.is_some_and(|number| (range.least..=range.most).contains(&number))
        }
        Kind::Number => value.is_number(),
        Kind::Boolean => value.is_boolean(),
        Kind::List(_) => value.is_array(),
        Kind::Map | Kind::Object => false,
        Kind::Unknown => true,
    };
    if !fits {
        let name = subject.name;
        let reason = match subject.kind {
            Kind::Integer(range) if value.is_i64() || value.is_u64() => {
                format!("`{name}` holds {} to {}", range.least, range.most)
            }
            kind => format!("`{name}` is {}", kind.name()),
        };
        refuse(errors, span, format!("{what} {value} does not fit: {reason}"));
    }
    fits
}

/// What a literal default is at odds with.
fn violated(keywords: &Keywords, subject: &Subject<'_>, value: &Value) -> Option<String> {
    if let Some(list) = &keywords.enum_values
        && !list.values.iter().any(|(allowed, _)| allowed == value)
    {
        let allowed: Vec<&str> = list.values.iter().filter_map(|(allowed, _)| allowed.as_str()).collect();
        let hint = value.as_str().map(|text| did_you_mean(text, allowed)).unwrap_or_default();
        return Some(format!("is not in `enum_values`{hint}"));
    }
    match value {
        Value::Number(number) => violated_number(keywords, number.as_f64()?),
        Value::String(text) => violated_text(keywords, subject, text),
        Value::Array(items) => violated_count(
            "items",
            items.len(),
            keywords.min_items.as_ref().map(Number::as_f64),
            keywords.max_items.as_ref().map(Number::as_f64),
        ),
        _ => None,
    }
}

fn violated_number(keywords: &Keywords, number: f64) -> Option<String> {
    if let Some(lower) = keywords.lower() {
        let exclusive = keywords.exclusive_minimum.is_some();
        if number < lower.as_f64() || (exclusive && number == lower.as_f64()) {
            return Some(format!("is below the minimum ({})", lower.value));
        }
    }
    if let Some(upper) = keywords.upper() {
        let exclusive = keywords.exclusive_maximum.is_some();
        if number > upper.as_f64() || (exclusive && number == upper.as_f64()) {
            return Some(format!("is above the maximum ({})", upper.value));
        }
    }
    let multiple = keywords.multiple_of.as_ref().filter(|multiple| multiple.is_integer())?;
    (number.fract() == 0.0 && number % multiple.as_f64() != 0.0)
        .then(|| format!("is not a multiple of {}", multiple.value))
}

fn violated_text(keywords: &Keywords, subject: &Subject<'_>, text: &str) -> Option<String> {
    if let Some(variants) = subject.variants
        && !variants.iter().any(|variant| variant == text)
    {
        return Some(format!("is no variant{}", did_you_mean(text, variants.iter().map(String::as_str))));
    }
    if let Some(pattern) = &keywords.pattern
        && regex::Regex::new(pattern).is_ok_and(|regex| !regex.is_match(text))
    {
        return Some("does not match `pattern`".to_owned());
    }
    let bound = |given: &Option<Number>| given.as_ref().map(Number::as_f64);
    violated_count(
        "characters",
        text.chars().count(),
        bound(&keywords.min_length),
        bound(&keywords.max_length),
    )
}

fn violated_count(what: &str, count: usize, least: Option<f64>, most: Option<f64>) -> Option<String> {
    let exact = count as f64;
    if let Some(least) = least.filter(|least| exact < *least) {
        return Some(format!("has {count} {what}, at least {least} are needed"));
    }
    most.filter(|most| exact > *most).map(|most| format!("has {count} {what}, at most {most} are allowed"))
}
