//! JUnit XML: a test suite for each source, a test case for each document, with its first error as the message of the failure and all of
//! them in its text. A suite says first how many tests it has, so the cases of one source are held back until the next one comes.

use std::io::{self, Write};
use std::sync::Arc;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::visible::visible;
use super::{Reporter, words};
use crate::validate::finding::{Finding, Report, Severity, Summary, Verdict};

pub(super) struct Junit<'w> {
    out: Writer<Box<dyn Write + 'w>>,
    begun: bool,
    suite: Option<Suite>,
}

/// The test suite of a source.
struct Suite {
    source: Arc<str>,
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
    cases: Vec<Event<'static>>,
}

impl Suite {
    fn new(source: Arc<str>) -> Self {
        Self { source, tests: 0, failures: 0, errors: 0, skipped: 0, cases: Vec::new() }
    }

    fn add(&mut self, report: &Report) {
        self.tests += 1;
        let class = report
            .object
            .as_ref()
            .map_or_else(String::new, |object| format!("{}@{}", object.kind, object.api_version));
        let case = element(
            "testcase",
            &[
                ("name", &words::subject(report)),
                ("classname", &class),
                ("file", &report.source),
                ("line", &report.line.to_string()),
            ],
        );
        self.cases.push(Event::Start(case));
        match report.verdict {
            Verdict::Valid => {}
            Verdict::Skipped => {
                self.skipped += 1;
                self.cases.push(Event::Empty(element("skipped", &[])));
            }
            Verdict::Invalid => {
                self.failures += 1;
                self.fault("failure", report);
            }
            Verdict::Error => {
                self.errors += 1;
                self.fault("error", report);
            }
        }
        let warnings = lines(report, Severity::Warning);
        if !warnings.is_empty() {
            self.text(element("system-out", &[]), &warnings);
        }
        self.cases.push(Event::End(BytesEnd::new("testcase")));
    }

    /// What a document failed by: one element, as most readers look at the first only.
    fn fault(&mut self, name: &'static str, report: &Report) {
        let first = words::errors(report).next();
        let mut message = first.map_or_else(String::new, |finding| words::sentence(finding).into_owned());
        let more = words::errors(report).count().saturating_sub(1);
        if more > 0 {
            message.push_str(&format!(" (and {more} more)"));
        }
        let rule = first.map_or(report.verdict.as_str(), |finding| finding.rule);
        let element = element(name, &[("message", &message), ("type", rule)]);
        self.text(element, &lines(report, Severity::Error));
    }

    fn text(&mut self, element: BytesStart<'static>, text: &str) {
        let end = element.to_end().into_owned();
        self.cases.extend([
            Event::Start(element),
            Event::Text(BytesText::new(text).into_owned()),
            Event::End(end),
        ]);
    }
}

/// An element with attributes, in whose values nothing is left that XML does not take.
fn element(name: &'static str, attributes: &[(&str, &str)]) -> BytesStart<'static> {
    let mut element = BytesStart::new(name);
    for (key, value) in attributes {
        element.push_attribute((*key, &*visible(value)));
    }
    element
}

/// The findings of a severity, a line each.
fn lines(report: &Report, severity: Severity) -> String {
    let line = |finding: &Finding| {
        let place = words::place(&report.source, finding.span);
        let mut line =
            format!("{place}: {severity}[{rule}]: ", severity = severity.as_str(), rule = finding.rule);
        line.push_str(&words::sentence(finding));
        if let Some(hint) = &finding.hint {
            line.push_str(&format!(" ({hint})"));
        }
        visible(&line).into_owned()
    };
    let findings = report.findings.iter().filter(|finding| finding.severity == severity);
    findings.map(line).collect::<Vec<_>>().join("\n")
}

impl<'w> Junit<'w> {
    pub(super) fn new(out: Box<dyn Write + 'w>) -> Self {
        Self { out: Writer::new_with_indent(out, b' ', 2), begun: false, suite: None }
    }

    fn begin(&mut self) -> io::Result<()> {
        if !self.begun {
            self.begun = true;
            self.out.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
            self.out.write_event(Event::Start(element("testsuites", &[("name", "k1s-gen validate")])))?;
        }
        Ok(())
    }

    fn end_suite(&mut self) -> io::Result<()> {
        let Some(suite) = self.suite.take() else { return Ok(()) };
        let [tests, failures, errors, skipped] =
            [suite.tests, suite.failures, suite.errors, suite.skipped].map(|number| number.to_string());
        let counts =
            [("tests", &*tests), ("failures", &*failures), ("errors", &*errors), ("skipped", &*skipped)];
        let mut start = element("testsuite", &[("name", &suite.source)]);
        start.extend_attributes(counts);
        self.out.write_event(Event::Start(start))?;
        for event in suite.cases {
            self.out.write_event(event)?;
        }
        self.out.write_event(Event::End(BytesEnd::new("testsuite")))
    }
}

impl Reporter for Junit<'_> {
    fn report(&mut self, report: &Report) -> io::Result<()> {
        self.begin()?;
        if self.suite.as_ref().is_some_and(|suite| suite.source != report.source) {
            self.end_suite()?;
        }
        self.suite.get_or_insert_with(|| Suite::new(report.source.clone())).add(report);
        Ok(())
    }

    fn finish(&mut self, _: &Summary) -> io::Result<()> {
        self.begin()?;
        self.end_suite()?;
        self.out.write_event(Event::End(BytesEnd::new("testsuites")))?;
        let out = self.out.get_mut();
        out.write_all(b"\n")?;
        out.flush()
    }
}
