//! The keywords that hold no subschema: types, enumerations, bounds, formats, defaults.

use serde_json::{Map, Number, Value};

use super::super::Error;
use super::super::parse::At;
use super::super::structural::{SchemaType, Structural};
use super::{ERROR_KEYWORD, FORMAT_KEYWORD, View, unsupported};

/// Everything but subschemas.
pub(super) fn scalars(view: &View<'_>, at: At<'_>) -> Result<Structural, Error> {
    if let Some(Value::String(what)) = view.get(ERROR_KEYWORD) {
        return Err(Error::Unsupported { path: at.to_string(), what: what.clone() });
    }
    let mut kept = Map::new();
    for (key, value) in view {
        let plain = matches!(
            *key,
            "format"
                | "title"
                | "description"
                | "example"
                | "externalDocs"
                | "nullable"
                | "required"
                | "pattern"
        ) || matches!(
            *key,
            "minimum" | "maximum" | "multipleOf" | "minLength" | "maxLength" | "minItems"
        ) || matches!(*key, "maxItems" | "minProperties" | "maxProperties")
            || key.starts_with("x-kubernetes-");
        if plain {
            kept.insert((*key).to_owned(), (*value).clone());
        }
    }
    if let Some(default) = view.get("default").map(|default| without_nulls(default)) {
        kept.insert("default".to_owned(), default);
    }
    if let Some(Value::Array(examples)) = view.get("examples")
        && let Some(first) = examples.first()
    {
        kept.entry("example").or_insert_with(|| first.clone());
    }
    let mut out = Structural::from_openapi(&Value::Object(kept)).map_err(|error| relocate(error, at))?;
    set_format(&mut out, view);
    set_type(&mut out, view, at)?;
    set_enumeration(&mut out, view);
    set_exclusive_bounds(&mut out, view);
    set_integer_format(&mut out);
    Ok(out)
}

/// Types from elsewhere speak JSON Schema, where a format of the same name may be another.
fn set_format(out: &mut Structural, view: &View<'_>) {
    match view.get(FORMAT_KEYWORD) {
        Some(Value::String(format)) => out.format = Some(format.clone()),
        _ if out.format.as_deref() == Some("duration") => out.format = None,
        _ => {}
    }
}

fn relocate(error: Error, at: At<'_>) -> Error {
    match error {
        Error::Keyword { keyword, expected, .. } => {
            Error::Keyword { path: at.to_string(), keyword, expected }
        }
        other => other,
    }
}

/// A default as Kubernetes takes it: an absent field instead of a null one.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect())
        }
        other => other.clone(),
    }
}

fn set_type(out: &mut Structural, view: &View<'_>, at: At<'_>) -> Result<(), Error> {
    let words: Vec<&str> = match view.get("type") {
        Some(Value::String(word)) => vec![word],
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let types: Vec<&str> = words.iter().copied().filter(|word| *word != "null").collect();
    match types.as_slice() {
        // A unit type: nothing but null, which Kubernetes drops.
        [] if words.contains(&"null") => out.nullable = true,
        [] => {}
        [word] => match SchemaType::parse(word) {
            Some(type_) => out.type_ = Some(type_),
            None => return Err(unsupported(at, format!("there is no type `{word}`"))),
        },
        ["integer", "string"] | ["string", "integer"] => out.extensions.int_or_string = true,
        many => {
            let what = format!("a field has one type, not several ({}); mark it schemaless", many.join(", "));
            return Err(unsupported(at, what));
        }
    }
    Ok(())
}

fn set_enumeration(out: &mut Structural, view: &View<'_>) {
    let mut values: Vec<Value> = match view.get("enum") {
        Some(Value::Array(values)) => values.iter().filter(|value| !value.is_null()).cloned().collect(),
        _ => Vec::new(),
    };
    values.extend(view.get("const").map(|value| (*value).clone()));
    let Some(first) = values.first() else { return };
    if out.type_.is_none() && !out.extensions.int_or_string {
        out.type_ = match first {
            Value::String(_) => Some(SchemaType::String),
            Value::Bool(_) => Some(SchemaType::Boolean),
            Value::Number(number) if number.is_f64() => Some(SchemaType::Number),
            Value::Number(_) => Some(SchemaType::Integer),
            _ => None,
        };
    }
    out.constraints.enumeration = Some(values);
}

/// Newer JSON Schema gives the exclusive bound itself; OpenAPI 3.0 a flag beside the bound.
fn set_exclusive_bounds(out: &mut Structural, view: &View<'_>) {
    let constraints = &mut out.constraints;
    let sides = [
        ("exclusiveMinimum", &mut constraints.minimum, &mut constraints.exclusive_minimum),
        ("exclusiveMaximum", &mut constraints.maximum, &mut constraints.exclusive_maximum),
    ];
    for (keyword, bound, exclusive) in sides {
        match view.get(keyword) {
            Some(Value::Bool(flag)) => *exclusive = *flag,
            Some(Value::Number(number)) => {
                *bound = Some(number.clone());
                *exclusive = true;
            }
            _ => {}
        }
    }
}

/// Kubernetes knows `int32` and `int64`; narrower and unsigned integers become bounds.
fn set_integer_format(out: &mut Structural) {
    let (format, minimum, maximum): (_, Option<i64>, Option<i64>) = match out.format.as_deref() {
        Some("int8") => ("int32", Some(i64::from(i8::MIN)), Some(i64::from(i8::MAX))),
        Some("int16") => ("int32", Some(i64::from(i16::MIN)), Some(i64::from(i16::MAX))),
        Some("uint8") => ("int32", Some(0), Some(i64::from(u8::MAX))),
        Some("uint16") => ("int32", Some(0), Some(i64::from(u16::MAX))),
        Some("uint32") => ("int64", Some(0), Some(i64::from(u32::MAX))),
        Some("uint64" | "uint" | "uint128") => ("int64", Some(0), None),
        Some("int" | "int128") => ("int64", None, None),
        _ => return,
    };
    out.format = Some(format.to_owned());
    for (own, implied) in [(&mut out.constraints.minimum, minimum), (&mut out.constraints.maximum, maximum)] {
        if own.is_none() {
            *own = implied.map(Number::from);
        } else if let Some(whole) = own.as_ref().and_then(Number::as_f64).filter(|own| own.fract() == 0.0) {
            // schemars writes some bounds as doubles.
            *own = own
                .as_ref()
                .filter(|own| !own.is_f64())
                .cloned()
                .or_else(|| Some(Number::from(crate::schema::validate::number::truncate(whole))));
        }
    }
}

/// Makes `null` a value of a schema.
pub(super) fn set_nullable(out: &mut Structural, nullable: bool, at: At<'_>) -> Result<(), Error> {
    out.nullable |= nullable;
    if !out.nullable {
        return Ok(());
    }
    let Some(values) = out.constraints.enumeration.take() else { return Ok(()) };
    // To the server, null is in no enumeration, not even one that lists it; patterns do not look at it.
    if out.constraints.pattern.is_some() || !values.iter().all(Value::is_string) {
        return Err(unsupported(at, "Kubernetes takes no null where it lists the values"));
    }
    out.constraints.pattern = Some(pattern_of(&values));
    Ok(())
}

/// The pattern of a few words, which says nothing of what is no text.
pub(super) fn pattern_of(words: &[Value]) -> String {
    let words: Vec<String> = words.iter().filter_map(Value::as_str).map(regex::escape).collect();
    format!("^({})$", words.join("|"))
}
