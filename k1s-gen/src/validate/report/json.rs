//! kubeconform's JSON: `resources`, each with its `status` and `validationErrors`, and the `summary` if it is asked for. Beyond it we say
//! where documents and findings are, by which rule, with which hint, and what is only warned about.

use std::io::{self, Write};

use serde::Serialize;

use super::{Options, Reporter, words};
use crate::validate::finding::{Finding, Report, Severity, Span, Summary, Verdict};

pub(super) struct Json<'w> {
    out: Box<dyn Write + 'w>,
    options: Options,
    any: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Resource<'r> {
    filename: &'r str,
    kind: &'r str,
    name: &'r str,
    version: &'r str,
    status: &'static str,
    msg: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    validation_errors: Vec<Fault<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Fault<'r>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    namespace: &'r str,
    document: usize,
    line: usize,
    #[serde(skip_serializing_if = "is_zero")]
    suppressed: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Fault<'r> {
    path: &'r str,
    msg: &'r str,
    rule: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'r str>,
    #[serde(flatten)]
    region: Option<Region>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

#[derive(Serialize)]
struct Totals {
    valid: usize,
    invalid: usize,
    errors: usize,
    skipped: usize,
    warnings: usize,
    suppressed: usize,
    files: usize,
}

fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl<'r> Fault<'r> {
    fn of(finding: &'r Finding) -> Self {
        let region = finding.span.map(words::ordered).map(|Span { start, end }| Region {
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        });
        Fault {
            path: &finding.field,
            msg: &finding.message,
            rule: finding.rule,
            hint: finding.hint.as_deref(),
            region,
        }
    }
}

impl<'r> Resource<'r> {
    fn of(report: &'r Report) -> Self {
        let object = report.object.as_ref();
        let faults = |severity| {
            report
                .findings
                .iter()
                .filter(move |finding| finding.severity == severity)
                .map(Fault::of)
                .collect()
        };
        Resource {
            filename: &report.source,
            kind: object.map_or("", |object| &object.kind),
            name: object.map_or("", |object| &object.name),
            version: object.map_or("", |object| &object.api_version),
            status: match report.verdict {
                Verdict::Valid => "statusValid",
                Verdict::Invalid => "statusInvalid",
                Verdict::Error => "statusError",
                Verdict::Skipped => "statusSkipped",
            },
            msg: words::message(report),
            validation_errors: faults(Severity::Error),
            warnings: faults(Severity::Warning),
            namespace: object.map_or("", |object| &object.namespace),
            document: report.index,
            line: report.line,
            suppressed: report.suppressed,
        }
    }
}

impl<'w> Json<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>, options: Options) -> Self {
        Self { out, options, any: false }
    }

    /// Writes a value, indented as deep as it stands.
    fn nested(&mut self, value: &impl Serialize, indent: &str) -> io::Result<()> {
        let text = serde_json::to_string_pretty(value)?;
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                write!(self.out, "\n{indent}")?;
            }
            self.out.write_all(line.as_bytes())?;
        }
        Ok(())
    }
}

impl Reporter for Json<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        let quiet = matches!(report.verdict, Verdict::Valid | Verdict::Skipped) && report.findings.is_empty();
        if quiet && !self.options.verbose {
            return Ok(());
        }
        self.out.write_all(if self.any { b",\n    " } else { b"{\n  \"resources\": [\n    " })?;
        self.any = true;
        self.nested(&Resource::of(report), "    ")
    }

    fn finish(&mut self, summary: &Summary) -> io::Result<()> {
        self.out.write_all(if self.any { b"\n  ]" } else { b"{\n  \"resources\": []" })?;
        if self.options.summary {
            let Summary { files, valid, invalid, errors, skipped, warnings, suppressed } = *summary;
            self.out.write_all(b",\n  \"summary\": ")?;
            self.nested(&Totals { valid, invalid, errors, skipped, warnings, suppressed, files }, "  ")?;
        }
        self.out.write_all(b"\n}\n")?;
        self.out.flush()
    }
}
