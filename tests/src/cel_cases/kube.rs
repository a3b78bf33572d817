//! Cases of `x-kubernetes-validations`: one to a line.

use std::sync::LazyLock;

use k1s_cel::rules::{Options, RuleError, Validator};
use regex::Regex;
use serde_json::Value as Json;

use super::{Agreement, Report};

/// The names of types of `self` have random numbers.
static SELF_TYPE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"selfType\d+").ok());

/// Compares a case.
pub(super) fn compare(name: &str, case: &Json, report: &mut Report) -> Result<(), String> {
    let schema = case.get("schema").ok_or("no schema")?;
    let object = case.get("obj").ok_or("no obj")?;
    let root = case.get("root").and_then(Json::as_bool).unwrap_or_default();
    let path = case.get("prefix").and_then(Json::as_str).unwrap_or_default();
    let budget = case.get("budget").and_then(Json::as_u64).ok_or("no budget")?;
    let old = case.get("old").filter(|old| !old.is_null());
    let expected_cost = case.get("cost").and_then(Json::as_u64).ok_or("no cost")?;
    let mut expected = expected_errors(case)?;

    let validator = Validator::new(schema, root).map_err(|error| error.to_string())?;
    let outcome = validator.validate(object, old, &Options { path, budget, ..Options::default() });
    let mut got: Vec<String> = outcome.errors.iter().map(error_text).collect();
    expected.sort();
    got.sort();
    let agreement = Agreement {
        verdict: expected.is_empty() == got.is_empty(),
        text: expected == got,
        cost: expected_cost == outcome.cost,
    };
    report.count(name, agreement, || {
        [
            ("rules", rules(schema).join("\n")),
            ("expected", answer(&expected, expected_cost)),
            ("got", answer(&got, outcome.cost)),
        ]
    });
    Ok(())
}

fn expected_errors(case: &Json) -> Result<Vec<String>, String> {
    let errors = case.get("errors").and_then(Json::as_array).ok_or("no errors")?;
    let text = |error: &Json, name: &str| error.get(name).and_then(Json::as_str).map(str::to_owned);
    let line = |error| {
        let (kind, path, message) = (text(error, "type")?, text(error, "path")?, text(error, "message")?);
        Some(line(&kind, &path, &message))
    };
    errors.iter().map(|error| line(error).ok_or_else(|| format!("no error: {error}"))).collect()
}

fn error_text(error: &RuleError) -> String {
    line(error.kind.reason(), &error.path, &error.detail)
}

fn line(kind: &str, path: &str, message: &str) -> String {
    let text = format!("{kind} {path}: {message}");
    match &*SELF_TYPE {
        Some(pattern) => pattern.replace_all(&text, "selfType").into_owned(),
        None => text,
    }
}

fn answer(errors: &[String], cost: u64) -> String {
    let errors = if errors.is_empty() { "no errors".to_owned() } else { errors.join("\n") };
    format!("{errors}\ncost {cost}")
}

/// The rules of a schema, wherever they are.
fn rules(schema: &Json) -> Vec<String> {
    match schema {
        Json::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match (name.as_str(), member) {
                ("x-kubernetes-validations", Json::Array(rules)) => {
                    rules.iter().map(Json::to_string).collect()
                }
                _ => rules(member),
            })
            .collect(),
        Json::Array(items) => items.iter().flat_map(rules).collect(),
        _ => Vec::new(),
    }
}
