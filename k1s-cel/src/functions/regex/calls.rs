//! `matches`, `find` and `findAll`.

use std::borrow::Cow;

use regex::Regex;

use super::super::cost::{Cost, CostRange, Estimate, Operands, REGEX, Size, TRAVERSAL, scale, traversal};
use super::super::shorthand::{Call, overload};
use super::super::strings::part;
use super::super::table::Style::{Global, Member};
use super::super::table::{Function, Overload, Style, Ty};
use super::pattern::{Pattern, compile_at_run_time};
use crate::value::{EvalError, EvalResult, Text, Value};

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "matches",
        doc: "Whether a regular expression matches anywhere in a string.",
        overloads: &[
            matching("matches", Global, TWO, Ty::Bool, matches, Cost::ONE),
            matching("matches_string", Member, TWO, Ty::Bool, matches, MATCH),
        ],
    },
    Function {
        name: "find",
        doc: "What a regular expression matches first in a string; empty if nothing.",
        overloads: &[matching("string_find_string", Member, TWO, Ty::String, find, FIND)],
    },
    Function {
        name: "findAll",
        doc: "All that a regular expression matches in a string, or at most as many as a limit says.",
        overloads: &[
            matching("string_find_all_string", Member, TWO, Ty::List(&Ty::String), find_all, FIND),
            matching(
                "string_find_all_string_int",
                Member,
                &[Ty::String, Ty::String, Ty::Int],
                Ty::List(&Ty::String),
                find_all,
                FIND,
            ),
        ],
    },
];

const TWO: &[Ty] = &[Ty::String, Ty::String];

/// A version of a function whose second argument is a regular expression.
const fn matching(
    id: &'static str,
    style: Style,
    params: &'static [Ty],
    result: Ty,
    call: Call,
    cost: Cost,
) -> Overload {
    Overload { pattern: Some(1), ..overload(id, style, params, result, call, cost) }
}

/// The text, and one more so that the pattern counts where it is empty, as often as a quarter of the pattern is long.
const MATCH: Cost = Cost { actual: |args, _| actual(args), estimate: |operands| estimated(operands).into() };

/// As [`MATCH`]; what is found may be every code point.
const FIND: Cost = Cost {
    actual: |args, _| actual(args),
    estimate: |operands| {
        let size = Size { min: 0, max: operands.size(0).max };
        Estimate { cost: estimated(operands), size: Some(size) }
    },
};

fn actual(args: &[Value<'_>]) -> u64 {
    match args {
        [text, pattern, ..] => {
            let text = scale(text.cost_size().saturating_add(1), TRAVERSAL);
            text.saturating_mul(traversal(pattern, REGEX))
        }
        _ => 1,
    }
}

fn estimated(operands: &dyn Operands) -> CostRange {
    let text = operands.size(0).add(Size::fixed(1)).cost(TRAVERSAL);
    text.multiply(operands.size(1).cost(REGEX))
}

fn matches<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::String(text), pattern] = args else { return Err(EvalError::NoSuchOverload) };
    let regex = regex(pattern, "")?;
    Ok(Value::Bool(regex.is_match(text)))
}

fn find<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::String(text), pattern] = args else { return Err(EvalError::NoSuchOverload) };
    let found = regex(pattern, ILLEGAL)?.find(text).map_or(0..0, |found| found.range());
    Ok(part(text, found))
}

fn find_all<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    match args {
        [Value::String(text), pattern] => all(text, pattern, -1),
        [Value::String(text), pattern, Value::Int(limit)] => all(text, pattern, *limit),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// At most `limit` matches; a negative limit is none.
fn all<'a>(text: &Text<'a>, pattern: &Value<'_>, limit: i64) -> EvalResult<'a> {
    let regex = regex(pattern, ILLEGAL)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(Value::list(regex.find_iter(text).take(limit).map(|found| part(text, found.range())).collect()))
}

/// What kube-apiserver puts before the fault of a pattern that is known at run time only.
const ILLEGAL: &str = "Illegal regex: ";

/// A pattern that was compiled with the program, or one that is compiled now.
fn regex<'p>(pattern: &'p Value<'_>, prefix: &str) -> Result<Cow<'p, Regex>, EvalError> {
    match pattern {
        Value::Opaque(opaque) => {
            let pattern = opaque.get::<Pattern>().ok_or(EvalError::NoSuchOverload)?;
            Ok(Cow::Borrowed(&pattern.regex))
        }
        Value::String(source) => compile_at_run_time(source)
            .map(Cow::Owned)
            .map_err(|why| EvalError::other(format!("{prefix}{why}"))),
        _ => Err(EvalError::NoSuchOverload),
    }
}

#[cfg(test)]
mod tests {
    use super::super::compile_literal;
    use super::*;

    fn strings(value: EvalResult<'_>) -> Vec<String> {
        match value {
            Ok(Value::List(list)) => list
                .iter()
                .filter_map(|element| match element {
                    Ok(Value::String(text)) => Some(text.to_string()),
                    _ => None,
                })
                .collect(),
            Ok(Value::String(text)) => vec![text.to_string()],
            other => vec![format!("{other:?}")],
        }
    }

    #[test]
    fn a_pattern_may_be_a_string_or_compiled() {
        let compiled = compile_literal("[0-9]+").map_or(Value::Null, Value::Opaque);
        for pattern in [Value::str("[0-9]+"), compiled] {
            let args = [Value::str("abc123def45"), pattern];
            assert!(matches!(matches(&args), Ok(Value::Bool(true))));
            assert_eq!(strings(find(&args)), ["123"]);
            assert_eq!(strings(find_all(&args)), ["123", "45"]);
            let limited = |limit| strings(find_all(&[args[0].clone(), args[1].clone(), Value::Int(limit)]));
            assert_eq!(limited(1), ["123"]);
            assert_eq!(limited(0), [] as [&str; 0]);
            assert_eq!(limited(-1), ["123", "45"]);
            assert_eq!(actual(&args), 4);
        }
        assert_eq!(strings(find(&[Value::str("abc"), Value::str("^$")])), [""]);
    }

    #[test]
    fn a_faulty_pattern_is_told() {
        let args = [Value::str("a"), Value::str("a(")];
        let why = "error parsing regexp: missing closing ): `a(`";
        assert_eq!(matches(&args).map_err(|error| error.to_string()).err().as_deref(), Some(why));
        let illegal = format!("Illegal regex: {why}");
        assert_eq!(find(&args).map_err(|error| error.to_string()).err(), Some(illegal));
    }

    #[test]
    fn runtime_costs_are_those_recorded() {
        assert_eq!(actual(&[Value::str("Rook takes \u{1f451}"), Value::str("^[^0-9]*$")]), 6);
        assert_eq!(actual(&[Value::str("this is a 123 string 456"), Value::str("[0-9]+")]), 6);
        assert_eq!(actual(&[Value::str(""), Value::str("abcde")]), 2);
    }
}
