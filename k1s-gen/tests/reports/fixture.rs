//! A run over three files, as reports.

use std::sync::Arc;

use k1s_gen::validate::report::{Format, Options};
use k1s_gen::validate::{Finding, ObjectRef, Report, Severity, Span, Summary, Verdict};
use k1s_runtime::manifest::Position;

/// The first of the files.
pub(crate) const ITEMS: &str = "\
apiVersion: inventory.example.com/v1
kind: Item
metadata:
  name: hammer
spec:
  colour: red
  size: Largee
---
apiVersion: inventory.example.com/v1alpha1
kind: Item
metadata:
  name: nails
  namespace: tools
spec:
  size: Small
---
apiVersion: shop.example.com/v1
kind: Gadget
metadata:
  name: lamp
";

/// A document of a text: from its line to the next separator.
pub(crate) struct Source<'t> {
    pub(crate) name: &'t str,
    pub(crate) text: &'t str,
}

impl Source<'_> {
    /// The span of the first occurrence of some words behind a line.
    pub(crate) fn span(&self, after: usize, words: &str) -> Span {
        let found = self.text.lines().zip(1..).skip(after).find_map(|(line, number)| {
            let at = line.find(words)?;
            let column = u32::try_from(line[..at].chars().count() + 1).unwrap();
            Some(Position { line: number, column })
        });
        let start = found.expect(words);
        let length = u32::try_from(words.chars().count()).unwrap();
        Span { start, end: Position { column: start.column + length, ..start } }
    }

    pub(crate) fn report(
        &self,
        (index, line): (usize, usize),
        object: Option<ObjectRef>,
        verdict: Verdict,
        findings: Vec<Finding>,
    ) -> Report {
        let line_of = |finding: &Finding| {
            let number = finding.span?.start.line;
            Some((number, self.text.lines().nth(number as usize - 1)?.to_owned()))
        };
        let mut lines: Vec<_> = findings.iter().filter_map(line_of).collect();
        lines.dedup();
        Report { source: Arc::from(self.name), index, line, object, verdict, findings, lines, suppressed: 0 }
    }
}

pub(crate) fn object(api_version: &str, kind: &str, namespace: &str, name: &str) -> ObjectRef {
    ObjectRef {
        api_version: api_version.into(),
        kind: kind.into(),
        namespace: namespace.into(),
        name: name.into(),
    }
}

pub(crate) fn error(rule: &'static str, field: &str, message: &str, span: Option<Span>) -> Finding {
    Finding {
        severity: Severity::Error,
        rule,
        field: field.into(),
        message: message.into(),
        hint: None,
        span,
    }
}

pub(crate) fn hinted(finding: Finding, hint: &str) -> Finding {
    Finding { hint: Some(hint.into()), ..finding }
}

/// The reports of the run.
pub(crate) fn reports() -> Vec<Report> {
    let items = Source { name: "items.yaml", text: ITEMS };
    let colour = error("unknown-field", "spec.colour", "unknown field", Some(items.span(0, "colour")));
    let size = "Unsupported value: \"Largee\": supported values: \"Large\", \"Small\"";
    let size = error("enum", "spec.size", size, Some(items.span(0, "Largee")));
    let old = "inventory.example.com/v1alpha1 Item is deprecated; use v1";
    let old = error("deprecated", "apiVersion", old, Some(items.span(8, "inventory.example.com/v1alpha1")));
    let gadget = "no schema is known for shop.example.com/v1 Gadget";
    let gadget = error("missing-schema", "kind", gadget, Some(items.span(9, "Gadget")));
    let broken = Source { name: "broken.yaml", text: "kind: Item\nspec: {tags: [a, b}\n" };
    let bracket = "did not find expected ',' or ']'";
    let bracket = error("yaml-syntax", "", bracket, Some(broken.span(0, "}")));
    let web = Source { name: "web.yaml", text: "" };
    vec![
        items.report(
            (0, 1),
            Some(object("inventory.example.com/v1", "Item", "", "hammer")),
            Verdict::Invalid,
            vec![hinted(colour, "did you mean `color`?"), hinted(size, "did you mean \"Large\"?")],
        ),
        items.report(
            (1, 9),
            Some(object("inventory.example.com/v1alpha1", "Item", "tools", "nails")),
            Verdict::Valid,
            vec![Finding { severity: Severity::Warning, ..old }],
        ),
        items.report(
            (2, 17),
            Some(object("shop.example.com/v1", "Gadget", "", "lamp")),
            Verdict::Error,
            vec![hinted(
                gadget,
                "name where it is defined with --crds, --package, --types or --schema-location",
            )],
        ),
        broken.report(
            (0, 1),
            None,
            Verdict::Error,
            vec![hinted(bracket, "close the bracket, or put a comma between the items")],
        ),
        web.report((0, 1), Some(object("apps/v1", "Deployment", "", "web")), Verdict::Valid, vec![]),
        web.report((1, 30), Some(object("v1", "Secret", "", "keys")), Verdict::Skipped, vec![]),
    ]
}

/// What a format makes of reports.
pub(crate) fn write(format: Format, options: Options, reports: &[Report]) -> String {
    let mut sources: Vec<_> = reports.iter().map(|report| &report.source).collect();
    sources.dedup();
    let mut summary = Summary { files: sources.len(), ..Summary::default() };
    let mut out = Vec::new();
    let mut reporter = format.reporter(&mut out, options);
    for report in reports {
        summary.count(report);
        reporter.report(report).unwrap();
    }
    reporter.finish(&summary).unwrap();
    drop(reporter);
    String::from_utf8(out).unwrap()
}

pub(crate) const VERBOSE: Options = Options { verbose: true, summary: true, color: false, width: 0 };
