//! Each format on one run, compared with what is recorded, and the choices there are.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::{ColorChoice, ValueEnum};
use k1s_gen::validate::report::{Format, Options, wants_color};
use k1s_gen::validate::{Summary, Verdict};

use crate::fixture::{VERBOSE, reports, write};

/// The name of a format on the command line.
pub(crate) fn name(format: Format) -> String {
    format.to_possible_value().unwrap().get_name().to_owned()
}

/// What is recorded of a format, or the new record.
fn golden(file: &str, made: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/reports").join(file);
    if std::env::var_os("K1S_BLESS").is_some() {
        fs::write(&path, made).unwrap();
    }
    let recorded = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(made, recorded, "{file} differs; if that is meant, run the test with K1S_BLESS=1");
}

#[test]
fn every_format_writes_what_is_recorded() {
    for format in Format::value_variants() {
        let made = write(*format, VERBOSE, &reports());
        golden(&name(*format), &made.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn colours_only_add_to_the_text() {
    let colored = write(Format::Pretty, Options { color: true, ..VERBOSE }, &reports());
    assert!(colored.starts_with("\u{1b}[1m\u{1b}[91merror[unknown-field]\u{1b}[0m"), "{colored:?}");
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some(start) = rest.find('\u{1b}') {
        plain.push_str(&rest[..start]);
        rest = &rest[start + rest[start..].find('m').unwrap() + 1..];
    }
    assert_eq!(plain + rest, write(Format::Pretty, VERBOSE, &reports()));
}

#[test]
fn without_verbose_and_summary_only_findings_are_told() {
    let quiet = |format| write(format, Options::default(), &reports());
    for text in [quiet(Format::Pretty), quiet(Format::Text), quiet(Format::Json)] {
        assert!(!text.contains("web") && !text.contains("keys"), "{text}");
        assert!(text.contains("hammer") && text.contains("nails") && text.contains("lamp"), "{text}");
        assert!(!text.to_lowercase().contains("summary"), "{text}");
    }
    let valid: Vec<_> = reports().into_iter().filter(|report| report.findings.is_empty()).collect();
    assert_eq!(write(Format::Pretty, Options::default(), &valid), "");
    assert_eq!(write(Format::Text, Options::default(), &valid), "");
    assert_eq!(write(Format::Github, Options::default(), &valid), "");
}

#[test]
fn nothing_at_all_is_well_formed_too() {
    let empty = |format| write(format, Options::default(), &[]);
    assert_eq!(empty(Format::Pretty), "");
    assert_eq!(empty(Format::Json), "{\n  \"resources\": []\n}\n");
    assert_eq!(empty(Format::Tap), "TAP version 13\n1..0\n");
    assert!(empty(Format::Junit).ends_with("<testsuites name=\"k1s-gen validate\">\n</testsuites>\n"));
    let sarif: serde_json::Value = serde_json::from_str(&empty(Format::Sarif)).unwrap();
    assert_eq!(sarif["runs"][0]["results"], serde_json::json!([]));
}

#[test]
fn a_document_that_failed_is_told_even_if_nobody_says_why() {
    for verdict in [Verdict::Invalid, Verdict::Error] {
        let mut report = reports().remove(4);
        report.verdict = verdict;
        let text = write(Format::Text, Options::default(), std::slice::from_ref(&report));
        let words = if verdict == Verdict::Invalid { "is invalid" } else { "failed validation" };
        assert_eq!(text, format!("web.yaml - Deployment web {words}\n"));
        assert!(
            write(Format::Pretty, Options::default(), std::slice::from_ref(&report))
                .contains("Deployment web")
        );
        assert!(write(Format::Junit, Options::default(), &[report]).contains("message=\"\""));
    }
}

#[test]
fn the_standard_input_is_named_in_summaries() {
    let mut report = reports().remove(4);
    report.source = "stdin".into();
    let options = Options { summary: true, ..Options::default() };
    assert_eq!(
        write(Format::Text, options, &[report]),
        "Summary: 1 resource found parsing stdin - Valid: 1, Invalid: 0, Errors: 0, Skipped: 0\n"
    );
}

#[test]
fn what_was_suppressed_is_counted() {
    let mut report = reports().remove(0);
    report.retain(|finding| finding.rule != "enum");
    assert_eq!((report.verdict, report.suppressed), (Verdict::Invalid, 1));
    report.retain(|_| false);
    assert_eq!((report.verdict, report.suppressed), (Verdict::Valid, 2));
    assert_eq!(
        write(Format::Pretty, VERBOSE, &[report]),
        "valid: items.yaml:1 Item hammer\n1 document in 1 file: 1 valid, 2 suppressed\n"
    );
    let mut judged = reports().remove(2);
    judged.retain(|_| false);
    assert_eq!(judged.verdict, Verdict::Skipped);
    // Nothing was taken: a verdict without a reason stays.
    let mut odd = reports().remove(4);
    odd.verdict = Verdict::Invalid;
    odd.retain(|_| false);
    assert_eq!(odd.verdict, Verdict::Invalid);
}

#[test]
fn the_choice_of_colours_is_obeyed() {
    assert!(wants_color(ColorChoice::Always, false));
    assert!(!wants_color(ColorChoice::Never, true));
}

struct Broken;

impl Write for Broken {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::BrokenPipe.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_broken_pipe_is_an_error_in_every_format() {
    for format in Format::value_variants() {
        let mut reporter = format.reporter(Broken, VERBOSE);
        let mut result = Ok(());
        for report in reports() {
            result = result.and_then(|()| reporter.report(&report));
        }
        let result = result.and_then(|()| reporter.finish(&Summary::default()));
        assert_eq!(result.unwrap_err().kind(), io::ErrorKind::BrokenPipe, "{format:?}");
    }
}
