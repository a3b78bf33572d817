//! Manifests against what kubectl and a real API server made of them.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::PathBuf;

use k1s_runtime::manifest::{self, decode};
use k1s_tests::yaml_cases::compare;
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

#[test]
fn yaml_reads_as_kubectl_reads_it() {
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus/yaml/yaml-decoding.json");
    let report = compare(&[file]).unwrap();
    assert!(report.cases > 100, "the cases were not found");
    assert!(report.differences.is_empty(), "{report}");
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
