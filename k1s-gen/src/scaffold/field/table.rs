//! The types and flags that the grammar knows.

use serde_json::{Number, Value};

use super::Type;
use super::error::Complaint;
use super::scan::{Part, quoted};

/// What values a type has, as far as flags care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    Text,
    Integer,
    Number,
    Bool,
    List,
    Map,
    Enum,
}

/// A type without parameters.
#[derive(Debug, PartialEq, Eq)]
pub struct TypeName {
    /// As the grammar writes it.
    pub name: &'static str,
    /// As Rust writes it.
    pub rust: &'static str,
    /// The format of its schema, if it is a text of a certain form.
    pub format: Option<&'static str>,
    /// What it holds.
    pub says: &'static str,
    pub(super) domain: Domain,
}

const fn ty(
    name: &'static str,
    rust: &'static str,
    format: Option<&'static str>,
    domain: Domain,
    says: &'static str,
) -> TypeName {
    TypeName { name, rust, format, says, domain }
}

/// The types besides `list(T)`, `map(T)` and `enum(A,B,…)`.
pub const TYPES: &[TypeName] = &[
    ty("string", "String", None, Domain::Text, "a text"),
    ty("int", "i32", None, Domain::Integer, "a whole number of 32 bits"),
    ty("int32", "i32", None, Domain::Integer, "the same"),
    ty("int64", "i64", None, Domain::Integer, "a whole number of 64 bits"),
    ty("number", "f64", None, Domain::Number, "a number with a fraction"),
    ty("bool", "bool", None, Domain::Bool, "true or false"),
    ty("date-time", "String", Some("date-time"), Domain::Text, "a moment, as `2026-01-31T12:00:00Z`"),
    ty("date", "String", Some("date"), Domain::Text, "a day, as `2026-01-31`"),
    ty("duration", "String", Some("duration"), Domain::Text, "a length of time, as `1h30m`"),
    ty("email", "String", Some("email"), Domain::Text, "an address of electronic mail"),
    ty("uri", "String", Some("uri"), Domain::Text, "a URI, as `https://example.com/`"),
    ty("uuid", "String", Some("uuid"), Domain::Text, "a UUID"),
];

/// What a flag takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Takes {
    Nothing,
    /// How many of something.
    Count,
    /// A number of the field's type.
    Bound,
    Text,
    Pattern,
    /// A value of the field's type.
    Value,
}

impl Takes {
    pub(super) fn says(self) -> &'static str {
        match self {
            Self::Nothing => "it stands alone",
            Self::Count => "a whole number, 0 or more",
            Self::Bound => "a number",
            Self::Text => "a text",
            Self::Pattern => "a regular expression, in quotes if it has a colon or parentheses",
            Self::Value => "a value that the field can have",
        }
    }

    pub(super) fn read(self, part: Part<'_>, ty: &Type) -> Result<Value, Complaint> {
        let text = quoted(part).unwrap_or(part.text);
        let refuse = |what: &str| Complaint::new(part, format!("{text:?} is not {what}"), "change it");
        match self {
            Self::Nothing => Ok(Value::Bool(true)),
            Self::Count => {
                text.parse::<u32>().map(Value::from).map_err(|_| refuse("a whole number, 0 or more"))
            }
            Self::Bound => read_value(text, ty).ok_or_else(|| refuse(what_is(ty))),
            Self::Text if text.is_empty() => Err(refuse("a text")),
            Self::Text => Ok(Value::from(text)),
            Self::Pattern => match regex::Regex::new(text) {
                Ok(_) => Ok(Value::from(text)),
                Err(error) => {
                    let reason = error.to_string();
                    let last =
                        reason.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
                    Err(Complaint::new(
                        part,
                        format!("not a regular expression: {last}"),
                        "quote it if the shell changes it",
                    ))
                }
            },
            Self::Value => read_value(text, ty).ok_or_else(|| {
                let hint = match ty {
                    Type::Enum(values) => format!("one of {}", values.join(", ")),
                    _ => format!("write {}", what_is(ty)),
                };
                Complaint::new(part, format!("{text:?} is not {}", what_is(ty)), hint)
            }),
        }
    }
}

fn what_is(ty: &Type) -> &'static str {
    match ty.domain() {
        Domain::Text => "a text",
        Domain::Integer => "a whole number that fits",
        Domain::Number => "a number",
        Domain::Bool => "true or false",
        Domain::Enum => "a value of the enum",
        Domain::List | Domain::Map => "a value",
    }
}

fn read_value(text: &str, ty: &Type) -> Option<Value> {
    match ty {
        Type::Plain(name) => match name.domain {
            Domain::Text => Some(Value::from(text)),
            Domain::Integer if name.rust == "i32" => text.parse::<i32>().ok().map(Value::from),
            Domain::Integer => text.parse::<i64>().ok().map(Value::from),
            Domain::Number => text.parse::<f64>().ok().and_then(Number::from_f64).map(Value::Number),
            Domain::Bool => text.parse::<bool>().ok().map(Value::from),
            _ => None,
        },
        Type::Enum(values) => {
            values.iter().find(|value| *value == text).map(|value| Value::from(value.as_str()))
        }
        Type::List(_) | Type::Map(_) => None,
    }
}

/// A flag of a field.
#[derive(Debug, PartialEq)]
pub struct Flag {
    /// As the grammar writes it.
    pub name: &'static str,
    /// A value for it, or nothing for a flag that stands alone.
    pub sample: &'static str,
    /// What it does.
    pub says: &'static str,
    pub(super) takes: Takes,
    pub(super) on: &'static [Domain],
    /// The keyword of `#[schema(...)]` that it becomes.
    pub(super) keyword: Option<&'static str>,
}

const ALL: &[Domain] =
    &[Domain::Text, Domain::Integer, Domain::Number, Domain::Bool, Domain::List, Domain::Map, Domain::Enum];
const SCALARS: &[Domain] = &[Domain::Text, Domain::Integer, Domain::Number, Domain::Bool, Domain::Enum];
const NUMBERS: &[Domain] = &[Domain::Integer, Domain::Number];
const TEXTS: &[Domain] = &[Domain::Text];
const LISTS: &[Domain] = &[Domain::List];
const SELECTABLE: &[Domain] = &[Domain::Text, Domain::Integer, Domain::Bool, Domain::Enum];

const fn flag(
    name: &'static str,
    sample: &'static str,
    takes: Takes,
    on: &'static [Domain],
    keyword: Option<&'static str>,
    says: &'static str,
) -> Flag {
    Flag { name, sample, says, takes, on, keyword }
}

/// The flags.
pub const FLAGS: &[Flag] = &[
    flag("optional", "", Takes::Nothing, ALL, None, "may be left out"),
    flag("default", "1", Takes::Value, SCALARS, Some("default"), "what it is if it is left out"),
    flag("min", "0", Takes::Bound, NUMBERS, Some("minimum"), "the least value"),
    flag("max", "100", Takes::Bound, NUMBERS, Some("maximum"), "the greatest value"),
    flag("min_length", "1", Takes::Count, TEXTS, Some("min_length"), "the least number of characters"),
    flag("max_length", "63", Takes::Count, TEXTS, Some("max_length"), "the greatest number of characters"),
    flag(
        "pattern",
        "\"^[a-z]+$\"",
        Takes::Pattern,
        TEXTS,
        Some("pattern"),
        "a regular expression that it matches",
    ),
    flag("format", "hostname", Takes::Text, TEXTS, Some("format"), "a format of OpenAPI"),
    flag(
        "set",
        "",
        Takes::Nothing,
        LISTS,
        Some("list_type = \"set\""),
        "no value comes twice; server-side apply merges it",
    ),
    flag("min_items", "1", Takes::Count, LISTS, Some("min_items"), "the least number of values"),
    flag("max_items", "32", Takes::Count, LISTS, Some("max_items"), "the greatest number of values"),
    flag("immutable", "", Takes::Nothing, ALL, Some("immutable"), "cannot be changed once it is set"),
    flag("selectable", "", Takes::Nothing, SELECTABLE, None, "`--field-selector` finds objects by it"),
    flag("example", "A1-07", Takes::Value, SCALARS, Some("example"), "its value in the sample manifest"),
];

/// The flag of this name, if it fits such values.
pub(super) fn flag_named(name: Part<'_>, domain: Domain) -> Result<&'static Flag, Complaint> {
    let fitting = || FLAGS.iter().filter(|flag| flag.on.contains(&domain)).map(|flag| flag.name);
    let known = FLAGS.iter().find(|flag| flag.name == name.text);
    match known {
        Some(flag) if flag.on.contains(&domain) => Ok(flag),
        Some(_) => {
            let message = format!("`{}` does not fit this type", name.text);
            Err(Complaint::new(name, message, format!("it takes {}", listed(fitting()))))
        }
        None => {
            let hint = nearest(name.text, fitting()).unwrap_or_else(|| {
                format!("a description is in quotes; the flags are {}", listed(fitting()))
            });
            Err(Complaint::new(name, format!("unknown flag {:?}", name.text), hint))
        }
    }
}

/// The type of this name.
pub(super) fn type_name(name: Part<'_>) -> Result<&'static TypeName, Complaint> {
    TYPES.iter().find(|ty| ty.name == name.text).ok_or_else(|| {
        let names = || TYPES.iter().map(|ty| ty.name).chain(["list(T)", "map(T)", "enum(A,B)"]);
        let common =
            [("str", "string"), ("text", "string"), ("integer", "int"), ("i32", "int"), ("i64", "int64")]
                .into_iter()
                .chain([("float", "number"), ("double", "number"), ("boolean", "bool"), ("String", "string")])
                .find(|(other, _)| *other == name.text)
                .map(|(_, ours)| format!("did you mean `{ours}`?"));
        let hint = common
            .or_else(|| nearest(name.text, names()))
            .unwrap_or_else(|| format!("the types are {}", listed(names())));
        Complaint::new(name, format!("unknown type {:?}", name.text), hint)
    })
}

fn listed<'n>(names: impl Iterator<Item = &'n str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

fn nearest<'n>(wrong: &str, names: impl Iterator<Item = &'n str>) -> Option<String> {
    let distance = |name: &&str| strsim::damerau_levenshtein(wrong, name);
    let best = names.min_by_key(distance).filter(|name| distance(name) <= 2 && wrong.len() > 1)?;
    Some(format!("did you mean `{best}`?"))
}
