//! The walk: one value against one schema.
//!
//! Each check answers with a match count, as the API server's validators do: `anyOf` and `oneOf` report the branch that
//! matched best. Counted are the validators that looked at a value, wherever they sit in the branch.

use serde_json::{Map, Value};

use crate::api::field::{BadValue, ErrorType, FieldError, Path};
use crate::schema::node::{Node, Types};
use crate::schema::structural::SchemaType;

use super::number::Num;
use super::{compound, logic, number, string};

/// What is collected on the way.
pub(super) struct Context {
    /// The field that paths are relative to; empty for a whole object.
    prefix: String,
    pub(super) errors: Vec<FieldError>,
}

impl Context {
    pub(super) fn new(prefix: impl Into<String>) -> Self {
        Self { prefix: prefix.into(), errors: Vec::new() }
    }

    /// An error of the value at `path`, by a keyword; `said` is the detail and gets the path as the messages show it.
    pub(super) fn report(
        &mut self,
        kind: ErrorType,
        keyword: &'static str,
        path: &Path<'_>,
        bad: impl Into<BadValue>,
        said: impl FnOnce(&str) -> String,
    ) {
        let shown = path.to_string();
        let detail = said(&shown);
        let field = self.field(&shown);
        self.errors.push(FieldError::new(kind, field, bad, detail).with_origin(keyword));
    }

    /// An error of the value at `path` that the server attaches to no field.
    pub(super) fn report_unplaced(&mut self, keyword: &'static str, path: &Path<'_>, detail: String) {
        let place = self.field(&path.to_string());
        let error = FieldError::invalid(self.prefix.as_str(), "", detail);
        self.errors.push(error.with_origin(keyword).at(place));
    }

    /// An error of the object at `path`, which may not have a property of this name.
    pub(super) fn report_forbidden(&mut self, path: &Path<'_>, key: &str) {
        let detail = format!("{path}.{key} in body is a forbidden property");
        let field = self.field(&path.to_string());
        let error = FieldError::invalid(field, key, detail).with_origin("additionalProperties");
        self.errors.push(error.at(self.field(&path.field(key).to_string())));
    }

    fn field(&self, shown: &str) -> String {
        let shown = shown.strip_prefix('.').unwrap_or(shown);
        match (self.prefix.as_str(), shown) {
            ("", shown) => shown.to_owned(),
            (prefix, "") => prefix.to_owned(),
            (prefix, shown) => format!("{prefix}.{shown}"),
        }
    }

    /// The errors, each once.
    pub(super) fn finish(self) -> Vec<FieldError> {
        if self.errors.len() < 2 {
            return self.errors;
        }
        let mut seen = std::collections::HashSet::with_capacity(self.errors.len());
        self.errors.into_iter().filter(|error| seen.insert(error.to_string())).collect()
    }
}

/// Checks a whole object.
pub(super) fn check_root(
    node: &Node,
    object: &Map<String, Value>,
    old: Option<&Map<String, Value>>,
    context: &mut Context,
) {
    // The root is an object by construction, so its type needs no look.
    let from = context.errors.len();
    if let Some(logic) = &node.logic {
        logic::check(logic, Input::Root(object), None, &Path::ROOT, context);
    }
    compound::object(node, object, old, &Path::ROOT, context);
    if context.errors.len() > from && old == Some(object) {
        context.errors.truncate(from);
    }
}

/// What a branch of `allOf` and the like is tried on.
#[derive(Clone, Copy)]
pub(super) enum Input<'v> {
    /// A value.
    Value(&'v Value),
    /// The object itself, which the caller holds as a map.
    Root(&'v Map<String, Value>),
}

/// Checks any input.
pub(super) fn check_input(
    node: &Node,
    input: Input<'_>,
    old: Option<&Value>,
    path: &Path<'_>,
    context: &mut Context,
) -> usize {
    match input {
        Input::Value(value) => check(node, value, old, path, context),
        Input::Root(map) => {
            // As for any value, and one for the object's own validator.
            let mut count = 5;
            if let Some(logic) = &node.logic {
                count += logic::check(logic, input, old, path, context);
            }
            count + compound::object(node, map, None, path, context)
        }
    }
}

/// Checks a value. `old` is the value that it replaces: an unchanged value keeps errors that it already had (ratcheting).
pub(super) fn check(
    node: &Node,
    value: &Value,
    old: Option<&Value>,
    path: &Path<'_>,
    context: &mut Context,
) -> usize {
    let from = context.errors.len();
    let count = check_now(node, value, old, path, context);
    if context.errors.len() > from && old == Some(value) {
        context.errors.truncate(from);
    }
    count
}

fn check_now(
    node: &Node,
    value: &Value,
    old: Option<&Value>,
    path: &Path<'_>,
    context: &mut Context,
) -> usize {
    check_type(node, value, path, context);
    if value.is_null() {
        check_enum(node, value, path, context);
        return 0;
    }
    // One for the value itself, two for the logic (looked at, and done), one for the enumeration.
    let mut count = 4;
    if node.types != Types::Any || !node.format_name.is_empty() {
        count += 1;
    }
    if let Some(logic) = &node.logic {
        count += logic::check(logic, Input::Value(value), old, path, context);
    }
    match value {
        Value::String(text) => count += string::check(node, text, path, context),
        Value::Number(found) => {
            number::check(&node.number, Num::of(found), node.types, &node.format_name, path, context);
            count += 2;
        }
        Value::Array(items) => {
            let old = old.and_then(Value::as_array);
            count += compound::list(node, items, old.map(Vec::as_slice), path, context) + 1;
        }
        Value::Object(map) => {
            count += compound::object(node, map, old.and_then(Value::as_object), path, context) + 1;
        }
        Value::Null | Value::Bool(_) => {}
    }
    check_enum(node, value, path, context);
    count
}

/// `type`, in the server's terms: the type's name and the format that the type's Go representation has.
fn type_of(value: &Value) -> (&'static str, &'static str) {
    match value {
        Value::Null => ("null", ""),
        Value::Bool(_) => ("boolean", ""),
        Value::Number(number) => match Num::of(number) {
            Num::Int(_) => ("integer", "int64"),
            Num::Float(_) => ("number", "float64"),
        },
        Value::String(_) => ("string", ""),
        Value::Array(_) => ("array", ""),
        Value::Object(_) => ("object", ""),
    }
}

fn check_type(node: &Node, value: &Value, path: &Path<'_>, context: &mut Context) {
    let format = node.format_name.as_str();
    if node.types == Types::Any && (format.is_empty() || value.is_null()) {
        return;
    }
    let (found, found_format) = type_of(value);
    let expected = match value {
        Value::Null if node.nullable => return,
        Value::Null => node.types.shown(),
        _ => {
            let sequence = matches!(value, Value::String(_) | Value::Array(_));
            let float_as_int = node.types.allows(SchemaType::Integer) && is_integral_float(value);
            let int_as_float = found == "integer" && node.types.allows(SchemaType::Number);
            let fits = node.types.allows_word(found) || float_as_int || int_as_float;
            if !sequence && !format.is_empty() && !fits && found_format != format {
                return report_type(context, path, format, found_format);
            }
            // A string's format is checked on its own; the server does not look at the type then.
            if sequence && !format.is_empty() && !node.types.is_numeric() {
                return;
            }
            if fits {
                return;
            }
            node.types.shown()
        }
    };
    report_type(context, path, expected, found);
}

fn report_type(context: &mut Context, path: &Path<'_>, expected: &str, found: &str) {
    context.report(ErrorType::TypeInvalid, "type", path, found, |shown| {
        format!("{shown} in body must be of type {expected}: \"{found}\"")
    });
}

fn is_integral_float(value: &Value) -> bool {
    match value {
        Value::Number(number) => {
            matches!(Num::of(number), Num::Float(float) if number::is_json_integer(float))
        }
        _ => false,
    }
}

impl Types {
    /// The types as a message names them.
    fn shown(self) -> &'static str {
        match self {
            Types::Any => "",
            Types::One(type_) => type_.as_str(),
            Types::IntOrString => "integer,string",
        }
    }

    fn allows(self, type_: SchemaType) -> bool {
        match self {
            Types::Any => false,
            Types::One(own) => own == type_,
            Types::IntOrString => matches!(type_, SchemaType::Integer | SchemaType::String),
        }
    }

    fn allows_word(self, word: &str) -> bool {
        SchemaType::parse(word).is_some_and(|type_| self.allows(type_))
    }

    fn is_numeric(self) -> bool {
        self.allows(SchemaType::Integer) || self.allows(SchemaType::Number)
    }
}

fn check_enum(node: &Node, value: &Value, path: &Path<'_>, context: &mut Context) {
    if node.enumeration.is_empty() || node.enumeration.iter().any(|allowed| is_same(value, allowed)) {
        return;
    }
    let allowed: Vec<String> = node.enumeration.iter().map(shown_alternative).collect();
    let bad = if value.is_null() { BadValue::Null } else { BadValue::Value(value.clone()) };
    context.report(ErrorType::NotSupported, "enum", path, bad, |_| {
        format!("supported values: {}", allowed.join(", "))
    });
}

fn shown_alternative(value: &Value) -> String {
    use crate::api::gotext;
    match value {
        Value::String(text) => gotext::quote(text),
        other => gotext::quote(&gotext::json(other)),
    }
}

/// Whether a value is one of an enumeration's. Numbers are converted to the alternative's Go type first, so that 2.0 is 2.
fn is_same(value: &Value, allowed: &Value) -> bool {
    match (value, allowed) {
        (_, Value::Null) => false,
        (Value::Number(value), Value::Number(allowed)) => match (Num::of(value), Num::of(allowed)) {
            (Num::Int(a), Num::Int(b)) => a == b,
            (Num::Float(a), Num::Int(b)) => number::truncate(a) == b,
            (a, Num::Float(b)) => a.to_f64() == b,
        },
        // Go converts an integer to the text of that code point.
        (Value::Number(value), Value::String(allowed)) => {
            let code = value.as_i64().and_then(|int| u32::try_from(int).ok()).and_then(char::from_u32);
            code.is_some_and(|c| allowed.chars().eq([c]))
        }
        _ => value == allowed,
    }
}
