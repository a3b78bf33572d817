//! Sample manifests.

use serde_json::Value;

use crate::scaffold::answers::{Answers, Kind};
use crate::scaffold::field::Field;

/// The sample of the stored version.
pub(super) fn manifest(answers: &Answers, kind: &Kind, fields: &[Field]) -> String {
    let samples = fields.iter().filter_map(|field| Some((field.name.clone(), field.sample()?)));
    let spec = samples.map(|(name, value)| member(&name, &value)).collect::<String>();
    let head = format!(
        "apiVersion: {}/{}\nkind: {}\nmetadata:\n  name: {}\n",
        answers.group,
        kind.hub(),
        kind.kind,
        kind.sample_name(kind.hub())
    );
    if spec.is_empty() { format!("{head}spec: {{}}\n") } else { format!("{head}spec:\n{spec}") }
}

fn member(name: &str, value: &Value) -> String {
    let whole = Value::Object(serde_json::Map::from_iter([(name.to_owned(), value.clone())]));
    let text = k1s_runtime::manifest::to_yaml(&whole);
    text.lines().map(|line| format!("  {line}\n")).collect()
}
