//! SARIF 2.1.0 for code scanning: all rules with their help, a result for each finding with its region and a fingerprint that survives
//! when lines move.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::Arc;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::{Reporter, words};
use crate::validate::finding::{Finding, Report, Severity, Span, Summary};
use crate::validate::identity;
use crate::validate::rules::{self, RULES, Rule};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// Under which name results have their fingerprint; the version changes when its recipe does.
const FINGERPRINT: &str = "k1sGenFinding/v1";

/// What is encoded in the path of a URI: all but what stands for itself there, and the slashes.
const PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~').remove(b'/');

pub(super) struct Sarif<'w> {
    out: Box<dyn Write + 'w>,
    begun: bool,
    any: bool,
    source: Option<Arc<str>>,
    /// How often each fingerprint occurred in the source: equal ones are numbered.
    seen: HashMap<String, usize>,
}

impl<'w> Sarif<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self { out, begun: false, any: false, source: None, seen: HashMap::new() }
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.begun {
            return Ok(());
        }
        self.begun = true;
        let rules: Vec<String> = RULES.iter().map(|rule| format!("\n        {}", descriptor(rule))).collect();
        write!(
            self.out,
            "{{\n  \"$schema\": \"{SCHEMA}\",\n  \"version\": \"2.1.0\",\n  \"runs\": [\n    {{\n      \
             \"tool\": {{ \"driver\": {{ \"name\": \"k1s-gen\", \"semanticVersion\": \"{}\", \"rules\": [{}\n      ] }} }},\n      \
             \"columnKind\": \"unicodeCodePoints\",\n      \"results\": [",
            env!("CARGO_PKG_VERSION"),
            rules.join(",")
        )
    }

    fn result(&mut self, report: &Report, finding: &Finding) -> Value {
        let mut message = words::sentence(finding).into_owned();
        if report.object.is_some() {
            message.push_str(&format!(" ({})", words::subject(report)));
        }
        if let Some(hint) = &finding.hint {
            message.push_str(&format!("\nhelp: {hint}"));
        }
        let mut physical = json!({ "artifactLocation": { "uri": uri(&report.source) } });
        if let Some(Span { start, end }) = finding.span.map(words::ordered) {
            physical["region"] = json!({
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
            });
        }
        let mut location = json!({ "physicalLocation": physical });
        if !finding.field.is_empty() {
            location["logicalLocations"] = json!([{ "fullyQualifiedName": finding.field, "kind": "member" }]);
        }
        let mut result = json!({
            "ruleId": finding.rule,
            "level": finding.severity.as_str(),
            "message": { "text": message },
            "locations": [location],
            "partialFingerprints": { FINGERPRINT: self.fingerprint(report, finding) },
        });
        if let Some(index) = rules::index_of(finding.rule) {
            result["ruleIndex"] = json!(index);
        }
        result
    }

    fn fingerprint(&mut self, report: &Report, finding: &Finding) -> String {
        let print = identity::fingerprint(&words::slashed(&report.source), report.object.as_ref(), finding);
        let times = self.seen.entry(print.clone()).or_default();
        *times += 1;
        format!("{print}:{times}")
    }
}

fn descriptor(rule: &Rule) -> Value {
    let warns = [
        rules::CEL_SKIPPED,
        rules::DEPRECATED,
        rules::SERVER_WARNING,
        rules::STALE_BASELINE,
        rules::UNUSED_IGNORE,
    ]
    .contains(&rule.name);
    let level = if warns { Severity::Warning } else { Severity::Error };
    json!({
        "id": rule.name,
        "shortDescription": { "text": rule.summary },
        "fullDescription": { "text": rule.summary },
        "help": { "text": rule.help },
        "defaultConfiguration": { "level": level.as_str() },
    })
}

/// A source as a URI: relative ones are left so, relative to where the reader says.
fn uri(source: &str) -> String {
    let source = words::slashed(source);
    let path = utf8_percent_encode(&source, PATH);
    match source.as_bytes() {
        [b'/', ..] => format!("file://{path}"),
        [drive, b':', b'/', ..] if drive.is_ascii_alphabetic() => {
            format!("file:///{}:{}", &source[..1], utf8_percent_encode(&source[2..], PATH))
        }
        _ => path.to_string(),
    }
}

impl Reporter for Sarif<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        self.begin()?;
        if self.source.as_ref() != Some(&report.source) {
            self.source = Some(report.source.clone());
            self.seen.clear();
        }
        for finding in &report.findings {
            let result = self.result(report, finding);
            let comma = if self.any { "," } else { "" };
            write!(self.out, "{comma}\n        {result}")?;
            self.any = true;
        }
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        let end = if self.any { "\n      ]" } else { "]" };
        writeln!(
            self.out,
            "{end},\n      \"invocations\": [{{ \"executionSuccessful\": true }}]\n    }}\n  ]\n}}"
        )?;
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_become_uris() {
        assert_eq!(uri("./a b/größe%.yaml"), "a%20b/gr%C3%B6%C3%9Fe%25.yaml");
        assert_eq!(uri("/srv/a.yaml"), "file:///srv/a.yaml");
        assert_eq!(uri("C:/a b.yaml"), "file:///C:/a%20b.yaml");
        assert_eq!(uri("../a.yaml"), "../a.yaml");
        assert_eq!(uri("a:b.yaml"), "a%3Ab.yaml");
        assert_eq!(uri("stdin"), "stdin");
    }
}
