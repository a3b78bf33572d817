//! Options as the HTTP API has them: query parameters and the body of a DELETE, read and checked as kube-apiserver does.
//!
//! [`WriteOptions`] and [`DeleteOptions`] can only say what is right. Whoever has text reads it here, and gets the server's
//! answer to what is not.

use serde_json::{Map, Value};

use crate::api::field::{BadValue, ErrorType, FieldError};
use crate::api::status;

use super::shape;
use super::{
    DeleteOptions, DryRun, Error, FieldValidation, Patch, Preconditions, Propagation, Result, WriteOptions,
    WriteVerb, options,
};

/// Query parameters in the order of the request; names may repeat, unknown ones do not matter.
type Query<'a> = [(&'a str, &'a str)];

impl WriteOptions {
    /// Reads `dryRun`, `fieldManager` and `fieldValidation` for a verb.
    ///
    /// ```
    /// use k1s_runtime::client::{DryRun, WriteOptions, WriteVerb};
    ///
    /// let verb = WriteVerb::Create(k1s_runtime::Object::new("v1", "ConfigMap", "a"));
    /// let options = WriteOptions::from_query(&verb, &[("dryRun", "All"), ("pretty", "true")])?;
    /// assert_eq!(options.dry_run, DryRun::All);
    /// let error = WriteOptions::from_query(&verb, &[("dryRun", "yes")]).unwrap_err();
    /// assert!(error.to_string().ends_with("Unsupported value: [\"yes\"]: supported values: \"All\""));
    /// # Ok::<(), k1s_runtime::client::Error>(())
    /// ```
    ///
    /// # Errors
    /// 422 `CreateOptions.meta.k8s.io "" is invalid: …` with everything that is wrong.
    pub fn from_query(verb: &WriteVerb, query: &Query<'_>) -> Result<Self> {
        let kind = match verb {
            WriteVerb::Create(_) => "CreateOptions",
            WriteVerb::Update(_) => "UpdateOptions",
            WriteVerb::Patch(_) => "PatchOptions",
            WriteVerb::Delete(_) | WriteVerb::DeleteCollection(_) => "DeleteOptions",
        };
        let first = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let mut errors = Vec::new();
        let manager = first("fieldManager").unwrap_or_default();
        match verb {
            WriteVerb::Patch(Patch::Apply { .. }) if manager.is_empty() => {
                errors.push(FieldError::required("fieldManager", "is required for apply patch"));
            }
            WriteVerb::Patch(Patch::Json(_) | Patch::Merge(_) | Patch::Strategic(_))
                if first("force").is_some() =>
            {
                errors.push(FieldError::forbidden("force", "may not be specified for non-apply patch"));
            }
            _ => {}
        }
        errors.extend(options::manager_errors(manager, "fieldManager"));
        let dry_run = read_dry_run(all(query, "dryRun"), &mut errors);
        let text = first("fieldValidation").unwrap_or_default();
        let field_validation = match text {
            "" | "Warn" => FieldValidation::Warn,
            "Ignore" => FieldValidation::Ignore,
            "Strict" => FieldValidation::Strict,
            other => {
                let supported = ["", "Ignore", "Strict", "Warn"];
                errors.push(unsupported("fieldValidation", other.into(), &supported));
                FieldValidation::Warn
            }
        };
        options::refuse(kind, &errors)?;
        let field_manager = Some(manager.to_owned()).filter(|manager| !manager.is_empty());
        Ok(Self { dry_run, field_validation, field_manager })
    }
}

impl DeleteOptions {
    /// Reads the options of a DELETE: from the body if there is one, else from the query. The second value says whether it is a
    /// dry run.
    ///
    /// # Errors
    /// 400 for a body that is not `DeleteOptions`, 422 with everything that is wrong.
    pub fn from_request(query: &Query<'_>, body: Option<&Value>) -> Result<(Self, DryRun)> {
        let mut errors = Vec::new();
        let given = match body {
            Some(body) => Given::from_body(body)?,
            None => Given::from_query(query)?,
        };
        let propagation = match given.propagation.as_deref() {
            None => None,
            Some("Orphan") => Some(Propagation::Orphan),
            Some("Background") => Some(Propagation::Background),
            Some("Foreground") => Some(Propagation::Foreground),
            Some(other) => {
                let supported = ["Foreground", "Background", "Orphan", "nil"];
                errors.push(unsupported("propagationPolicy", other.into(), &supported));
                None
            }
        };
        if let (Some(policy), Some(_)) = (given.propagation.as_deref(), given.orphan) {
            let detail = "orphanDependents and deletionPropagation cannot be both set";
            errors.insert(0, FieldError::invalid("propagationPolicy", policy, detail));
        }
        let dry_run = read_dry_run(given.dry_run.iter().map(String::as_str).collect(), &mut errors);
        options::refuse("DeleteOptions", &errors)?;
        let by_orphan = |orphan| if orphan { Propagation::Orphan } else { Propagation::Background };
        let options = Self {
            preconditions: given.preconditions,
            propagation: propagation.or(given.orphan.map(by_orphan)),
            grace_period_seconds: given.grace_period_seconds,
        };
        Ok((options, dry_run))
    }
}

/// Options of a DELETE before they are checked.
#[derive(Default)]
struct Given {
    preconditions: Preconditions,
    propagation: Option<String>,
    orphan: Option<bool>,
    grace_period_seconds: Option<i64>,
    dry_run: Vec<String>,
}

impl Given {
    fn from_body(body: &Value) -> Result<Self> {
        let refuse = |message: String| Error::Api(status::bad_request(message));
        let mut body: Map<String, Value> = match body {
            Value::Object(map) => map.clone(),
            _ => return Err(refuse("the body of a DELETE is not DeleteOptions".to_owned())),
        };
        let text = |field: &str| body.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
        let (kind, version) = (text("kind"), text("apiVersion"));
        if !matches!(kind.as_str(), "" | "DeleteOptions") {
            return Err(refuse(format!(
                "no kind {kind:?} is registered for version {version:?} in scheme \"pkg/runtime/scheme.go:111\""
            )));
        }
        shape::decode(&shape::DELETE_OPTIONS, &mut body).map_err(|misfit| refuse(misfit.message))?;
        let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
        let precondition =
            |field: &str| text(body.get("preconditions").and_then(|preconditions| preconditions.get(field)));
        let dry_run = body.get("dryRun").and_then(Value::as_array);
        Ok(Self {
            preconditions: Preconditions {
                uid: precondition("uid"),
                resource_version: precondition("resourceVersion"),
            },
            propagation: text(body.get("propagationPolicy")),
            orphan: body.get("orphanDependents").and_then(Value::as_bool),
            grace_period_seconds: body.get("gracePeriodSeconds").and_then(Value::as_i64),
            dry_run: dry_run.into_iter().flatten().filter_map(|value| text(Some(value))).collect(),
        })
    }

    fn from_query(query: &Query<'_>) -> Result<Self> {
        let first = |name: &str| query.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let parse = |text: &str| options::parse_int(text).map_err(|why| Error::Api(status::bad_request(why)));
        Ok(Self {
            preconditions: Preconditions::default(),
            propagation: first("propagationPolicy").map(str::to_owned),
            // Go's conversion of parameters: everything but these two is true.
            orphan: first("orphanDependents")
                .map(|text| !matches!(text.to_lowercase().as_str(), "false" | "0")),
            grace_period_seconds: first("gracePeriodSeconds").map(parse).transpose()?,
            dry_run: all(query, "dryRun").into_iter().map(str::to_owned).collect(),
        })
    }
}

fn all<'q>(query: &Query<'q>, name: &str) -> Vec<&'q str> {
    query.iter().filter(|(key, _)| *key == name).map(|(_, value)| *value).collect()
}

fn read_dry_run(values: Vec<&str>, errors: &mut Vec<FieldError>) -> DryRun {
    if values.is_empty() {
        return DryRun::None;
    }
    if values.iter().any(|value| *value != "All") {
        errors.push(unsupported("dryRun", Value::from(values), &["All"]));
    }
    DryRun::All
}

fn unsupported(field: &str, value: Value, supported: &[&str]) -> FieldError {
    let listed: Vec<String> = supported.iter().map(|value| format!("{value:?}")).collect();
    let detail = format!("supported values: {}", listed.join(", "));
    FieldError::new(ErrorType::NotSupported, field, BadValue::Value(value), detail)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::Object;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let verb = WriteVerb::Update(Object::default());
        let query = [("fieldValidation", "Nope"), ("dryRun", "Bad"), ("fieldManager", "a\nb"), ("junk", "1")];
        let error = WriteOptions::from_query(&verb, &query).unwrap_err();
        assert_eq!(
            error.to_string(),
            "UpdateOptions.meta.k8s.io \"\" is invalid: [fieldManager: Invalid value: \"a\\nb\": invalid character U+000A \
             (at position 1), dryRun: Unsupported value: [\"Bad\"]: supported values: \"All\", fieldValidation: Unsupported \
             value: \"Nope\": supported values: \"\", \"Ignore\", \"Strict\", \"Warn\"]"
        );
    }

    #[test]
    fn a_body_takes_the_place_of_the_query() {
        let query = [("propagationPolicy", "Foreground"), ("dryRun", "All")];
        let (options, dry_run) = DeleteOptions::from_request(&query, None).unwrap();
        assert_eq!((options.propagation, dry_run), (Some(Propagation::Foreground), DryRun::All));
        let body = json!({"preconditions": {"uid": "u"}, "gracePeriodSeconds": -5, "junk": 1});
        let (options, dry_run) = DeleteOptions::from_request(&query, Some(&body)).unwrap();
        assert_eq!((options.propagation, dry_run), (None, DryRun::None));
        assert_eq!(
            (options.preconditions.uid.as_deref(), options.grace_period_seconds),
            (Some("u"), Some(-5))
        );
    }

    #[test]
    fn what_is_no_option_is_refused() {
        let refused = |query: &Query<'_>, body: Option<Value>| {
            DeleteOptions::from_request(query, body.as_ref()).unwrap_err().to_string()
        };
        assert_eq!(
            refused(&[("gracePeriodSeconds", "x")], None),
            "strconv.ParseInt: parsing \"x\": invalid syntax"
        );
        assert_eq!(
            refused(&[], Some(json!({"orphanDependents": "x"}))),
            "json: cannot unmarshal string into Go struct field DeleteOptions.orphanDependents of type bool"
        );
        assert!(
            refused(&[], Some(json!({"kind": "Pod", "apiVersion": "v1"}))).starts_with("no kind \"Pod\"")
        );
        assert!(
            refused(&[], Some(json!({"orphanDependents": true, "propagationPolicy": "Orphan"})))
                .ends_with("cannot be both set")
        );
    }
}
