//! `--for`: what an object is to be like.

use serde_json::Value;

use crate::Object;
use crate::api::jsonpath::{JsonPath, go_text};
use crate::cli::error::{Error, quoted};

/// What is waited for.
pub(super) enum Condition {
    /// That it is there.
    Create,
    /// That it is gone.
    Delete,
    /// That `status.conditions` has an entry.
    Status {
        /// The entry's type, in lower case.
        name: String,
        /// The entry's status, in lower case.
        value: String,
    },
    /// That an expression selects something.
    Path {
        /// The expression.
        path: JsonPath,
        /// What it is to select; `None` is anything.
        value: Option<String>,
    },
}

impl Condition {
    /// Reads `--for`.
    ///
    /// # Errors
    /// When it is none of the forms.
    pub(super) fn parse(text: &str) -> Result<Self, Error> {
        let lower = text.to_lowercase();
        if lower == "delete" {
            return Ok(Condition::Delete);
        }
        if lower == "create" {
            return Ok(Condition::Create);
        }
        if let Some(rest) = lower.strip_prefix("condition=") {
            let (name, value) = rest.split_once('=').unwrap_or((rest, "true"));
            return Ok(Condition::Status { name: name.to_owned(), value: value.to_owned() });
        }
        if let Some(rest) = text.strip_prefix("jsonpath=") {
            return path(rest);
        }
        Err(Error::message(format!("unrecognized condition: {}", quoted(text))))
    }

    /// Whether an object that is not there is no error.
    pub(super) fn accepts_missing(&self) -> bool {
        matches!(self, Condition::Create | Condition::Delete)
    }

    /// Whether it is met, by the object as it was at first and as it is now.
    ///
    /// # Errors
    /// When an expression selects what cannot be compared.
    pub(super) fn is_met(&self, first: &Object, now: Option<&Object>) -> Result<bool, Error> {
        match (self, now) {
            (Condition::Create, now) => Ok(now.is_some()),
            (Condition::Delete, now) => Ok(now.is_none_or(|now| now.uid() != first.uid())),
            (_, None) => Ok(false),
            (Condition::Status { name, value }, Some(now)) => Ok(has_condition(now, name, value)),
            (Condition::Path { path, value }, Some(now)) => selects(path, value.as_deref(), now),
        }
    }
}

fn path(text: &str) -> Result<Condition, Error> {
    // The value follows the first equals sign outside of the expression's braces.
    let end = text.rfind('}').map_or(0, |at| at + 1);
    let (expression, value) = match text[end..].split_once('=') {
        Some((rest, value)) => (&text[..end + rest.len()], Some(value.trim_matches(['\'', '"']))),
        None => (text, None),
    };
    if value == Some("") {
        return Err(Error::message(
            "jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3",
        ));
    }
    let path = JsonPath::relaxed(expression).map_err(|error| Error::message(error.to_string()))?;
    Ok(Condition::Path { path, value: value.map(str::to_owned) })
}

fn has_condition(object: &Object, name: &str, value: &str) -> bool {
    let conditions = object.0.get("status").and_then(|status| status.get("conditions"));
    let text = |condition: &Value, field: &str| {
        condition.get(field).and_then(Value::as_str).unwrap_or_default().to_lowercase()
    };
    let named = |condition: &&Value| text(condition, "type") == name;
    conditions.and_then(Value::as_array).into_iter().flatten().find(named).is_some_and(|condition| {
        // What was observed of an older generation says nothing about this one.
        let observed = condition.get("observedGeneration").and_then(Value::as_i64);
        let stale = observed.zip(object.generation()).is_some_and(|(seen, is)| seen < is);
        !stale && text(condition, "status") == value
    })
}

fn selects(path: &JsonPath, value: Option<&str>, object: &Object) -> Result<bool, Error> {
    let whole = Value::Object(object.0.clone());
    let Ok(found) = path.find(&whole) else { return Ok(false) };
    let selected = match found.as_slice() {
        [] => return Ok(false),
        [selected] => selected,
        _ => return Err(Error::message("given jsonpath expression matches more than one value")),
    };
    let Some(value) = value else { return Ok(true) };
    if selected.is_object() || selected.is_array() {
        return Err(Error::message("jsonpath leads to a nested object or list which is not supported"));
    }
    Ok(go_text(selected).trim() == value.trim())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn met(condition: &str, object: Value) -> bool {
        let object = Object::try_from(object).unwrap();
        Condition::parse(condition).unwrap().is_met(&object, Some(&object)).unwrap()
    }

    #[test]
    fn conditions_are_found_in_any_case() {
        let object = json!({"status": {"conditions": [{"type": "Ready", "status": "True"}]}});
        assert!(met("condition=Ready", object.clone()) && met("condition=ready=TRUE", object.clone()));
        assert!(!met("condition=Ready=False", object.clone()) && !met("condition=Other", object.clone()));
        assert!(met("create", object.clone()) && !met("delete", object));
        let stale = json!({"metadata": {"generation": 2}, "status": {"conditions": [
            {"type": "Ready", "status": "True", "observedGeneration": 1}]}});
        assert!(!met("condition=Ready", stale));
    }

    #[test]
    fn paths_select_and_compare() {
        let object = json!({"status": {"phase": "Up", "n": 3, "l": [{"k": "a=b", "v": 1}]}});
        for condition in [
            "jsonpath={.status.phase}",
            "jsonpath={.status.phase}=Up",
            "jsonpath=.status.n=3",
            "jsonpath={.status.l[?(@.k==\"a=b\")].v}=1",
        ] {
            assert!(met(condition, object.clone()), "{condition}");
        }
        assert!(
            !met("jsonpath={.status.phase}=Down", object.clone()) && !met("jsonpath={.status.nope}", object)
        );
        for wrong in ["", "nope", "jsonpath={.status", "jsonpath={.a}="] {
            assert!(Condition::parse(wrong).is_err(), "{wrong}");
        }
    }
}
