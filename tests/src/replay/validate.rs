//! `k1s-gen validate` against the recordings: of each recorded creation, the verdict that the validator gives to its body alone.
//!
//! The scenario is replayed beside it, so that each body is judged by the kinds that the server knew at that step. What the server said
//! because of other objects or of the request is no business of a validator; such steps are counted apart.

use std::path::PathBuf;
use std::sync::Arc;

use k1s_gen::validate::{Filter, Finding, Judge, Schemas, Severity, Strictness, Verdict, rules};
use k1s_runtime::client::CoreClient;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use serde_json::Value;

use super::compare::Difference;
use super::driver::Driver;
use super::normalise;
use super::request::Memory;
use super::scenario::{Scenario, Step};
use super::{Error, files, read};

/// How many creations the validator judges as the server did.
#[derive(Debug, Default)]
pub struct Agreement {
    /// Scenarios looked at.
    pub scenarios: usize,
    /// Creations whose verdict depends on the body alone.
    pub steps: usize,
    /// Those that are accepted by both, or refused by both.
    pub verdict: usize,
    /// Those whose causes agree too, as a multiset.
    pub causes: usize,
    /// Creations whose answer depends on other objects or on the request.
    pub others: usize,
    /// Where they differ.
    pub differences: Vec<Difference>,
}

/// Judges the bodies of all creations of scenarios.
///
/// # Errors
/// When a file cannot be read.
pub fn validate(paths: &[PathBuf], only: Option<&str>) -> Result<Agreement, Error> {
    let mut agreement = Agreement::default();
    for file in files(paths)? {
        let scenario = read(&file)?;
        if only.is_none_or(|only| scenario.name.contains(only)) {
            agreement.scenarios += 1;
            pollster::block_on(run(&scenario, &mut agreement));
        }
    }
    Ok(agreement)
}

async fn run(scenario: &Scenario, agreement: &mut Agreement) {
    let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
    let schemas = Schemas::of(client.scheme().clone());
    let mut driver = Driver::new(client.without_controllers());
    driver.define(&scenario.crds).await;
    for (index, step) in scenario.steps.iter().enumerate() {
        if matches!(step.op.as_str(), "create" | "createCRD") && step.subresource.is_none() {
            match recorded(step) {
                Some(expected) => {
                    let found = judge(&driver, &schemas, step);
                    let causes = found.as_deref().map(|found| causes_of(found, &driver.memory));
                    agreement.compare(scenario, index, expected, causes);
                }
                None => agreement.others += 1,
            }
        }
        // What the store answers is compared elsewhere.
        let _ = driver.perform(step).await;
    }
}

/// What the server answered to a creation, if that depends on the body alone.
fn recorded(step: &Step) -> Option<&serde_json::Map<String, Value>> {
    let expect = &step.expect;
    let text = |field: &str| expect.get(field).and_then(Value::as_str).unwrap_or_default();
    let of_others = matches!(text("reason"), "AlreadyExists" | "NotFound" | "Forbidden" | "Conflict");
    // The request names a kind or namespace that is not the body's, or has wrong parameters.
    let of_request = [
        "does not match the namespace sent on the request",
        "CreateOptions.meta.k8s.io",
        "the object provided is unrecognized (must be of type",
        "does not match the expected API version",
    ]
    .iter()
    .any(|words| text("message").contains(words))
        || expect.get("causes").and_then(Value::as_array).is_some_and(|causes| {
            causes.iter().any(|cause| cause["field"] == "kind" || cause["field"] == "apiVersion")
        });
    (!of_others && !of_request).then_some(expect)
}

/// The findings of the validator, without warnings; `None` if it takes the body.
fn judge(driver: &Driver, schemas: &Schemas, step: &Step) -> Option<Vec<Finding>> {
    let body = driver.memory.object(step).ok()?;
    let strict = driver.memory.query(step, "fieldValidation").as_deref() == Some("Strict");
    let judge = Judge {
        schemas,
        strictness: Strictness { unknown_fields: strict, ignore_missing_schemas: false },
        filter: Filter::default(),
        old: None,
        keep_stored: false,
    };
    // As it was sent: a file's numbers are first made what kubectl makes of them.
    let report = judge.object(&Arc::from("body"), body.into_value()).into_iter().next()?.item.report;
    let findings = report.findings.into_iter();
    (report.verdict != Verdict::Valid).then(|| {
        findings
            .filter(|finding| finding.severity == Severity::Error || finding.rule == rules::CEL_SKIPPED)
            .collect()
    })
}

impl Agreement {
    fn compare(
        &mut self,
        scenario: &Scenario,
        step: usize,
        expected: &serde_json::Map<String, Value>,
        found: Option<Vec<Cause>>,
    ) {
        self.steps += 1;
        let code = expected.get("code").and_then(Value::as_u64).unwrap_or_default();
        let mut differ = |level, expected: String, got: String| {
            let scenario = scenario.name.clone();
            self.differences.push(Difference { scenario, step, level, expected, got });
        };
        if (code < 300) != found.is_none() {
            return differ("verdict", Value::from(expected.clone()).to_string(), format!("{found:?}"));
        }
        self.verdict += 1;
        let causes = expected.get("causes").and_then(Value::as_array);
        let mut wanted: Vec<Cause> = causes.into_iter().flatten().map(cause).collect();
        wanted.sort();
        let got = found.unwrap_or_default();
        // Bodies that cannot be decoded have no causes.
        if code == 422 && wanted != got {
            return differ("causes", format!("{wanted:?}"), format!("{got:?}"));
        }
        self.causes += 1;
    }
}

/// Field and message.
type Cause = (String, String);

fn cause(cause: &Value) -> Cause {
    let text = |field: &str| cause[field].as_str().unwrap_or_default().to_owned();
    (text("field").replace("<nil>", ""), text("message"))
}

/// Findings as the server would have told them.
fn causes_of(findings: &[Finding], memory: &Memory) -> Vec<Cause> {
    let cause = |finding: &Finding| match finding.rule {
        rules::CEL_SKIPPED => (finding.field.clone(), format!("Invalid value: null: {}", finding.message)),
        _ => (normalise::text(&finding.field, memory), normalise::text(&finding.message, memory)),
    };
    let mut causes: Vec<Cause> = findings.iter().map(cause).collect();
    causes.sort();
    causes
}
