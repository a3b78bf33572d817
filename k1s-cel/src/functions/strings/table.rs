//! The declarations.

use super::super::cost::Cost;
use super::super::shorthand::{member, overload};
use super::super::table::Style::Global;
use super::super::table::{Function, Ty};
use super::{calls, costs};

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "contains",
        doc: "Whether a part occurs in a string.",
        overloads: &[member("contains_string", TWO, Ty::Bool, calls::contains, costs::CONTAINS)],
    },
    Function {
        name: "startsWith",
        doc: "Whether a string begins with another.",
        overloads: &[member("starts_with_string", TWO, Ty::Bool, calls::starts_with, costs::AFFIX)],
    },
    Function {
        name: "endsWith",
        doc: "Whether a string ends with another.",
        overloads: &[member("ends_with_string", TWO, Ty::Bool, calls::ends_with, costs::AFFIX)],
    },
    Function {
        name: "charAt",
        doc: "The code point at an index, as a string; empty at the end.",
        overloads: &[member("string_char_at_int", STRING_INT, Ty::String, calls::char_at, Cost::ONE)],
    },
    Function {
        name: "indexOf",
        doc: "The index at which a part occurs first, from an offset on if there is one; -1 if nowhere.",
        overloads: &[
            member("string_index_of_string", TWO, Ty::Int, calls::index_of, costs::INDEX),
            member("string_index_of_string_int", TWO_INT, Ty::Int, calls::index_of, costs::INDEX),
        ],
    },
    Function {
        name: "lastIndexOf",
        doc: "The index at which a part occurs last, up to an offset if there is one; -1 if nowhere.",
        overloads: &[
            member("string_last_index_of_string", TWO, Ty::Int, calls::last_index_of, costs::INDEX),
            member("string_last_index_of_string_int", TWO_INT, Ty::Int, calls::last_index_of, costs::INDEX),
        ],
    },
    Function {
        name: "join",
        doc: "The strings of a list, one after the other, with a separator between them if there is one.",
        overloads: &[
            member("list_join", &[Ty::List(&Ty::String)], Ty::String, calls::join, costs::JOIN),
            member(
                "list_join_string",
                &[Ty::List(&Ty::String), Ty::String],
                Ty::String,
                calls::join,
                costs::JOIN,
            ),
        ],
    },
    Function {
        name: "lowerAscii",
        doc: "A string with its ASCII letters in lower case.",
        overloads: &[member("string_lower_ascii", ONE, Ty::String, calls::lower_ascii, costs::CHANGE)],
    },
    Function {
        name: "upperAscii",
        doc: "A string with its ASCII letters in upper case.",
        overloads: &[member("string_upper_ascii", ONE, Ty::String, calls::upper_ascii, costs::CHANGE)],
    },
    Function {
        name: "replace",
        doc: "A string with something else in place of a part, everywhere or at most as often as a limit says.",
        overloads: &[
            member("string_replace_string_string", THREE, Ty::String, calls::replace, costs::REPLACE),
            member("string_replace_string_string_int", THREE_INT, Ty::String, calls::replace, costs::REPLACE),
        ],
    },
    Function {
        name: "split",
        doc: "What stands between the separators in a string, in at most as many parts as a limit says.",
        overloads: &[
            member("string_split_string", TWO, Ty::List(&Ty::String), calls::split, costs::SPLIT),
            member("string_split_string_int", TWO_INT, Ty::List(&Ty::String), calls::split, costs::SPLIT),
        ],
    },
    Function {
        name: "substring",
        doc: "The part of a string from an index on, up to but without another if there is one.",
        overloads: &[
            member("string_substring_int", STRING_INT, Ty::String, calls::substring, costs::CHANGE),
            member(
                "string_substring_int_int",
                &[Ty::String, Ty::Int, Ty::Int],
                Ty::String,
                calls::substring,
                costs::CHANGE,
            ),
        ],
    },
    Function {
        name: "trim",
        doc: "A string without the white space at both ends.",
        overloads: &[member("string_trim", ONE, Ty::String, calls::trim, costs::CHANGE)],
    },
    Function {
        name: "format",
        doc: "A format with values in the places of its clauses: %s, %d, %f, %e, %b, %x, %X and %o; %% is a percent sign.",
        overloads: &[member(
            "string_format",
            &[Ty::String, Ty::List(&Ty::Dyn)],
            Ty::String,
            calls::format,
            costs::FORMAT,
        )],
    },
    Function {
        name: "strings.quote",
        doc: "A string as a literal: in quotation marks, with escapes.",
        overloads: &[overload("strings_quote", Global, ONE, Ty::String, calls::quote, costs::QUOTE)],
    },
];

const ONE: &[Ty] = &[Ty::String];
const TWO: &[Ty] = &[Ty::String, Ty::String];
const TWO_INT: &[Ty] = &[Ty::String, Ty::String, Ty::Int];
const THREE: &[Ty] = &[Ty::String, Ty::String, Ty::String];
const THREE_INT: &[Ty] = &[Ty::String, Ty::String, Ty::String, Ty::Int];
const STRING_INT: &[Ty] = &[Ty::String, Ty::Int];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::{EvalError, Value};

    /// What a function yields, as a format shows it.
    fn call(name: &str, args: &[Value<'_>]) -> Result<String, String> {
        let overloads =
            FUNCTIONS.iter().filter(|function| function.name == name).flat_map(|function| function.overloads);
        let fitting = overloads.clone().find(|overload| {
            overload.params.len() == args.len()
                && overload.params.iter().zip(args).all(|(param, arg)| param.admits(arg))
        });
        let value = match fitting {
            Some(overload) => (overload.call)(args),
            None => Err(EvalError::NoSuchOverload),
        };
        value
            .and_then(|value| super::super::super::format_string::format("%s", &list(&[value])))
            .map_err(|error| error.to_string())
    }

    fn list<'a>(values: &[Value<'a>]) -> crate::value::List<'a> {
        crate::value::List::Values(std::sync::Arc::new(values.to_vec()))
    }

    fn s(text: &str) -> Value<'_> {
        Value::str(text)
    }

    fn ok(text: &str) -> Result<String, String> {
        Ok(text.into())
    }

    fn err(text: &str) -> Result<String, String> {
        Err(text.into())
    }

    #[test]
    fn parts_are_taken_by_code_points() {
        assert_eq!(call("charAt", &[s("é😀x"), Value::Int(1)]), ok("😀"));
        assert_eq!(call("charAt", &[s("é😀x"), Value::Int(3)]), ok(""));
        assert_eq!(call("charAt", &[s("tacocat"), Value::Int(30)]), err("index out of range: 30"));
        assert_eq!(call("substring", &[s("é😀x"), Value::Int(1)]), ok("😀x"));
        assert_eq!(call("substring", &[s("é😀x"), Value::Int(1), Value::Int(2)]), ok("😀"));
        assert_eq!(
            call("substring", &[s("tacocat"), Value::Int(1), Value::Int(50)]),
            err("index out of range: 50")
        );
        assert_eq!(
            call("substring", &[s("tacocat"), Value::Int(49), Value::Int(50)]),
            err("index out of range: 49")
        );
        assert_eq!(
            call("substring", &[s("tacocat"), Value::Int(4), Value::Int(3)]),
            err("invalid substring range. start: 4, end: 3")
        );
        assert_eq!(call("trim", &[s(" \u{85}x\u{3000}")]), ok("x"));
        assert_eq!(call("trim", &[Value::string("  ")]), ok(""));
    }

    #[test]
    fn places_are_found() {
        assert_eq!(call("indexOf", &[s("abcb"), s("b"), Value::Int(2)]), ok("3"));
        assert_eq!(call("lastIndexOf", &[s("abcb"), s("b"), Value::Int(1)]), ok("1"));
        assert_eq!(call("lastIndexOf", &[s(""), s("")]), ok("0"));
        assert_eq!(
            call("lastIndexOf", &[s("tacocat"), s("a"), Value::Int(-1)]),
            err("index out of range: -1")
        );
    }

    #[test]
    fn replacing_splitting_and_joining() {
        assert_eq!(call("replace", &[s("aBb"), s(""), s("-")]), ok("-a-B-b-"));
        assert_eq!(call("replace", &[s("abab"), s("b"), s("X"), Value::Int(1)]), ok("aXab"));
        assert_eq!(call("replace", &[s("abab"), s("b"), s("X"), Value::Int(0)]), ok("abab"));
        let split = |text, separator, limit| call("split", &[s(text), s(separator), Value::Int(limit)]);
        assert_eq!(split("a,b,c", ",", -1), ok(r#"["a", "b", "c"]"#));
        assert_eq!(split("a,b,c", ",", 2), ok(r#"["a", "b,c"]"#));
        assert_eq!(split("a,b,c", ",", 0), ok("[]"));
        assert_eq!(split("aé", "", -1), ok(r#"["a", "é"]"#));
        assert_eq!(split("aéb", "", 2), ok(r#"["a", "éb"]"#));
        assert_eq!(split("", ",", -1), ok(r#"[""]"#));
        assert_eq!(split("", "", -1), ok("[]"));
        assert_eq!(call("join", &[Value::list(vec![s("a"), s("b")]), s(", ")]), ok("a, b"));
        assert_eq!(call("join", &[Value::list(vec![Value::Int(1)])]), err("join: invalid input: 1"));
    }

    #[test]
    fn quotation_escapes() {
        assert_eq!(call("strings.quote", &[s("a\"\u{b}\\é😀")]), ok(r#""a\"\v\\é😀""#));
    }

    #[test]
    fn what_is_built_is_bounded() {
        let long = "x".repeat(1 << 20);
        assert_eq!(call("replace", &[s(&long), s(""), s(&long)]), Err(EvalError::TooLarge.to_string()));
    }
}
