//! Manifests against what kubectl and a real API server made of them.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use k1s_runtime::manifest::{self, decode};
use serde_json::Value;

fn corpus(path: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(path);
    // Times and revisions were replaced after printing; what stands for them must not be plain text either.
    let text = std::fs::read_to_string(path)
        .unwrap()
        .replace("<time>", "2001-02-03T04:05:06Z")
        .replace("<rv>", "1")
        .replace("<uid>", "u1");
    serde_json::from_str(&text).unwrap()
}

/// Doubles that print alike are alike: the recordings went through a printer.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|((k, a), (l, b))| k == l && same(a, b))
        }
        _ => ours == theirs,
    }
}

#[test]
fn yaml_reads_as_kubectl_reads_it() {
    let recorded = corpus("yaml/yaml-decoding.json");
    let cases = recorded["cases"].as_array().unwrap();
    let mut failures = Vec::new();
    for case in cases {
        let (name, yaml) = (case["name"].as_str().unwrap(), case["yaml"].as_str().unwrap());
        let documents: Result<Vec<_>, _> = decode("FILE", yaml.as_bytes()).collect();
        match (documents, case.get("error")) {
            (Ok(documents), None) => {
                let spec = documents[0].value.get("spec").cloned().unwrap_or_default();
                if documents.len() != 1 || !same(&spec, &case["spec"]) {
                    failures.push(format!("{name}: {spec} instead of {}", case["spec"]));
                }
            }
            (Err(error), Some(expected)) => {
                let message = format!("error: error parsing FILE: {}", error.kubectl_message());
                if Some(message.as_str()) != expected.as_str() {
                    failures.push(format!("{name}: {message:?} instead of {expected}"));
                }
            }
            (Ok(documents), Some(error)) => {
                failures.push(format!("{name}: {documents:?} instead of {error}"));
            }
            (Err(error), None) => failures.push(format!("{name}: {error}")),
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), cases.len(), failures.join("\n"));
}

/// kubectl's output, read and written again.
#[test]
fn yaml_is_written_as_kubectl_writes_it() {
    let recorded = corpus("yaml/kubectl-output.json");
    let texts = recorded["yaml"].as_array().unwrap();
    assert!(!texts.is_empty());
    for text in texts.iter().filter_map(Value::as_str) {
        let document = decode("stdout", text.as_bytes()).next().unwrap().unwrap();
        assert_eq!(manifest::to_yaml(&document.value), text);
    }
}

#[test]
fn json_is_written_as_kubectl_writes_it() {
    let recorded = corpus("yaml/kubectl-output.json");
    let texts = recorded["json"].as_array().unwrap();
    assert!(!texts.is_empty());
    for text in texts.iter().filter_map(Value::as_str) {
        let document = decode("stdout", text.as_bytes()).next().unwrap().unwrap();
        assert_eq!(manifest::to_json_pretty(&document.value), text);
    }
}
