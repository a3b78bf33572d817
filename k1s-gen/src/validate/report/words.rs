//! Phrases that several formats share. Nothing here is escaped yet.

use std::borrow::Cow;

use crate::validate::finding::{Finding, Report, Severity, Span, Summary};

/// `spec.name: Required value`, or the message alone if it is about the whole document.
pub(super) fn sentence(finding: &Finding) -> Cow<'_, str> {
    if finding.field.is_empty() {
        Cow::Borrowed(&finding.message)
    } else {
        Cow::Owned(format!("{}: {}", finding.field, finding.message))
    }
}

/// `Item hammer`, as kubeconform names objects; empty if it has no kind.
pub(super) fn kind_and_name(report: &Report) -> String {
    let Some(object) = &report.object else { return String::new() };
    match (object.kind.as_str(), object.name.as_str()) {
        ("", _) => String::new(),
        (kind, "") => kind.to_owned(),
        (kind, name) => format!("{kind} {name}"),
    }
}

/// `Item default/hammer`, or `document 3` if nobody knows what it is.
pub(super) fn subject(report: &Report) -> String {
    match &report.object {
        Some(object) => object.to_string(),
        None => format!("document {}", report.index + 1),
    }
}

/// `items.yaml:7:3`, or the source alone if the finding has no place.
pub(super) fn place(source: &str, span: Option<Span>) -> String {
    match span {
        Some(Span { start, .. }) => format!("{source}:{}:{}", start.line, start.column),
        None => source.to_owned(),
    }
}

/// A source as others that count from the root of a repository name it: without `./` in front, with slashes.
pub(super) fn slashed(source: &str) -> Cow<'_, str> {
    let source = source.trim_start_matches("./");
    if std::path::MAIN_SEPARATOR == '\\' {
        Cow::Owned(source.replace('\\', "/"))
    } else {
        Cow::Borrowed(source)
    }
}

/// The errors of a report.
pub(super) fn errors(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| finding.severity == Severity::Error)
}

/// All errors of a report in a sentence.
pub(super) fn message(report: &Report) -> String {
    errors(report).map(sentence).collect::<Vec<_>>().join("; ")
}

/// A span whose end does not come before its start, as formats want it.
pub(super) fn ordered(span: Span) -> Span {
    Span { end: span.end.max(span.start), ..span }
}

/// `3 documents`.
pub(super) fn count(number: usize, thing: &str) -> String {
    format!("{number} {thing}{}", if number == 1 { "" } else { "s" })
}

/// kubeconform's words for the summary of a run, and what it does not count.
pub(super) fn summary(summary: &Summary, only_stdin: bool) -> String {
    let Summary { files, valid, invalid, errors, skipped, warnings, suppressed } = *summary;
    let found = match only_stdin {
        true => "parsing stdin".to_owned(),
        false => format!("in {}", count(files, "file")),
    };
    let mut text = format!(
        "Summary: {} found {found} - Valid: {valid}, Invalid: {invalid}, Errors: {errors}, Skipped: {skipped}",
        count(summary.documents(), "resource")
    );
    for (name, number) in [("Warnings", warnings), ("Suppressed", suppressed)] {
        if number > 0 {
            text.push_str(&format!(", {name}: {number}"));
        }
    }
    text
}
