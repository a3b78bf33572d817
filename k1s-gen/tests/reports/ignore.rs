//! Ignore comments: what they take away, and what is said of them.

use k1s_gen::validate::ignore::{Comments, Ignores, apply, mentions};
use k1s_gen::validate::{Finding, Report, Severity, Verdict, rules};
use proptest::prelude::*;

use crate::fixture::{Source, error};

/// The reports of a text whose only findings are these: a rule and the words that it points at.
fn reports(text: &str, findings: &[(&'static str, &str)]) -> Vec<Report> {
    let source = Source { name: "items.yaml", text };
    let starts: Vec<usize> = k1s_runtime::manifest::decode("items.yaml", text.as_bytes())
        .map(|document| document.unwrap().line)
        .collect();
    let mut reports: Vec<Report> = starts
        .iter()
        .enumerate()
        .map(|(index, line)| source.report((index, *line), None, Verdict::Valid, Vec::new()))
        .collect();
    for (rule, words) in findings {
        let span = source.span(0, words);
        let at = starts.partition_point(|line| *line <= span.start.line as usize) - 1;
        reports[at].add([error(rule, "", words, Some(span))]);
    }
    reports
}

/// Applies the comments of a text; answers with what is told beside the reports.
fn scan(text: &str, reports: &mut [Report]) -> Option<Report> {
    apply(&"items.yaml".into(), text.as_bytes(), reports)
}

fn findings(told: Option<Report>) -> Vec<Finding> {
    told.map(|report| report.findings).unwrap_or_default()
}

/// What is left of the findings, as `rule line:column message`, and the verdicts.
fn left(text: &str, findings: &[(&'static str, &str)]) -> (Vec<String>, Vec<Verdict>) {
    let mut reports = reports(text, findings);
    let rest = scan(text, &mut reports);
    let line = |finding: &Finding| {
        let start = finding.span.unwrap().start;
        format!("{} {}:{} {}", finding.rule, start.line, start.column, finding.message)
    };
    let told = reports.iter().chain(&rest).flat_map(|report| &report.findings).map(line).collect();
    (told, reports.iter().map(|report| report.verdict).collect())
}

fn told(text: &str, findings: &[(&'static str, &str)]) -> Vec<String> {
    left(text, findings).0
}

const NONE: [&str; 0] = [];

#[test]
fn a_comment_is_for_its_line_or_the_next() {
    let text = "spec:\n  # k1s-gen:ignore\n\n  # more\n  one: 1\n  two: 2 # k1s-gen:ignore[type] as agreed\n  three: 3\n";
    assert_eq!(left(text, &[("enum", "one"), ("type", "2")]), (vec![], vec![Verdict::Valid]));
    let (told, verdicts) = left(text, &[("enum", "one"), ("type", "2"), ("cel", "2"), ("type", "three")]);
    assert_eq!(told, ["cel 6:8 2", "type 7:3 three"]);
    assert_eq!(verdicts, [Verdict::Invalid]);
}

#[test]
fn no_comment_is_in_texts() {
    let text = "a: \"# k1s-gen:ignore\"\nb: |\n  # k1s-gen:ignore\n  x\nc: y#k1s-gen:ignore\n";
    let all = [("type", "a:"), ("type", "b:"), ("type", "x"), ("type", "c:")];
    assert_eq!(told(text, &all).len(), 4);
}

#[test]
fn a_comment_behind_a_text_of_many_lines_is_for_all_of_them() {
    let text = "a: \"one\n  two\" # k1s-gen:ignore\n";
    assert_eq!(told(text, &[("pattern", "\"one")]), NONE);
    let text = "a: | # k1s-gen:ignore\n  one\n";
    assert_eq!(told(text, &[("pattern", "|")]), NONE);
}

#[test]
fn documents_and_files_are_ignored_as_a_whole() {
    let two = "one: aa\n---\n# k1s-gen:ignore-document[type]\ntwo: bb\n";
    assert_eq!(told(two, &[("type", "aa"), ("type", "bb"), ("cel", "two")]), ["type 1:6 aa", "cel 4:1 two"]);
    // In front of the separator it is meant for what follows.
    let above = "# k1s-gen:ignore-document\n---\none: aa\n---\ntwo: bb\n";
    assert_eq!(told(above, &[("type", "aa"), ("type", "bb")]), ["type 5:6 bb"]);
    let below = "one: aa\n# k1s-gen:ignore-document\n---\ntwo: bb\n";
    assert_eq!(told(below, &[("type", "aa"), ("type", "bb")]), ["type 4:6 bb"]);
    let file = "# licence\n# k1s-gen:ignore-file[type] generated\n---\none: aa\n---\ntwo: bb\n";
    assert_eq!(told(file, &[("type", "aa"), ("cel", "aa"), ("type", "bb")]), ["cel 4:6 aa"]);
    let (_, verdicts) = left(file, &[("type", "aa"), ("cel", "one"), ("type", "bb")]);
    assert_eq!(verdicts, [Verdict::Invalid, Verdict::Valid]);
}

#[test]
fn what_ignores_nothing_is_warned_about() {
    let text =
        "one: 1 # k1s-gen:ignore\ntwo: 2 # k1s-gen:ignore[type, cel]\nthree: 3 # k1s-gen:ignore[cel]\n";
    let (told, verdicts) = left(text, &[("type", "2")]);
    assert_eq!(
        told,
        [
            "unused-ignore 1:8 this comment ignores nothing",
            "unused-ignore 2:31 nothing of rule cel is ignored here",
            "unused-ignore 3:10 this comment ignores nothing",
        ]
    );
    assert_eq!(verdicts, [Verdict::Valid], "warnings do not fail");
    assert_eq!(self::told("one: 1 # k1s-gen:ignore[cel, unused-ignore]\n", &[]), NONE);
    assert_eq!(self::told("# k1s-gen:ignore-file\none: 1\n", &[]).len(), 1);
}

#[test]
fn what_was_not_judged_is_not_called_unused() {
    let text = "# k1s-gen:ignore-file\none: 1 # k1s-gen:ignore\n---\ntwo: 2 # k1s-gen:ignore\n";
    let mut reports = reports(text, &[]);
    reports[0].verdict = Verdict::Skipped;
    assert_eq!(scan(text, &mut reports), None);
    assert_eq!(reports[0].findings, []);
    assert_eq!(reports[1].findings.len(), 1);
}

#[test]
fn what_cannot_be_understood_is_an_error_with_its_place() {
    let text = "one: 1 # k1s-gen:ignore[requird]\ntwo: 2\n# k1s-gen:ignore-file\n";
    let mut reports = reports(text, &[]);
    assert_eq!(scan(text, &mut reports), None);
    let [unknown, late] = reports[0].findings.as_slice() else { panic!("{reports:?}") };
    assert_eq!((unknown.rule, unknown.severity), (rules::IGNORE_COMMENT, Severity::Error));
    assert_eq!(unknown.message, "unknown rule requird");
    assert_eq!(unknown.hint.as_deref(), Some("did you mean required?"));
    let span = unknown.span.unwrap();
    assert_eq!((span.start.line, span.start.column, span.end.column), (1, 25, 32));
    assert_eq!(late.message, "k1s-gen:ignore-file must stand above the first document");
    assert_eq!(reports[0].verdict, Verdict::Invalid);
}

#[test]
fn what_keeps_a_source_from_being_read_is_never_ignored() {
    let text = "# k1s-gen:ignore-file[unused-ignore]\none: aa # k1s-gen:ignore[cel, unused-ignore]\n";
    assert_eq!(told(text, &[("yaml-syntax", "aa"), ("cel", "one")]), ["yaml-syntax 2:6 aa"]);
}

#[test]
fn comments_of_a_source_without_documents_are_told_by_themselves() {
    let text = "# k1s-gen:ignore\n";
    let told = scan(text, &mut []).unwrap();
    assert_eq!((told.findings.len(), told.findings[0].rule), (1, rules::UNUSED_IGNORE));
    assert_eq!(
        (told.verdict, told.lines.as_slice()),
        (Verdict::Valid, &[(1, "# k1s-gen:ignore".to_owned())][..])
    );
}

#[test]
fn sources_come_in_document_after_document() {
    let source = "items.yaml".into();
    let mut ignores = Ignores::default();
    ignores.document(Comments::of(b"# k1s-gen:ignore-file[type]\n", 1), []);
    let text = "---\na: 1 # k1s-gen:ignore\nb: 2\n";
    let whole = &format!("#\n{text}");
    // A list: one document, two reports.
    let mut list = [reports(whole, &[("type", "1")]).remove(0), reports(whole, &[("enum", "2")]).remove(0)];
    ignores.document(Comments::of(text.as_bytes(), 2), &mut list);
    assert_eq!((list[0].findings.len(), list[1].findings.len()), (0, 1));
    assert_eq!(ignores.finish(&source), None);
    // The next source has nothing of the last.
    let mut next = reports(text, &[("type", "2")]);
    ignores.document(Comments::of(b"a: 1\nb: 2\n", 1), &mut next);
    assert_eq!(next[0].findings.len(), 1);
    assert_eq!(ignores.finish(&source), None);
}

#[test]
fn json_and_texts_without_comments_have_none() {
    assert_eq!(scan("{\"a\": \"# k1s-gen:ignore\"}", &mut []), None);
    assert!(!mentions(b"a: 1 # fine\n") && mentions(b"a: 1 # k1s-gen:ignore\n"));
    assert!(Comments::of(b"a: 1 # fine\n", 1).is_empty());
    assert!(Comments::of(b"a: 1 # see k1s-gen:ignore\n", 1).is_empty());
    assert!(Comments::of(b"\xff # k1s-gen:ignore\n", 1).is_empty());
}

#[test]
fn many_comments_take_no_long_time() {
    let text = "# k1s-gen:ignore\n".repeat(20_000)
        + &"a: 1 # k1s-gen:ignore-file\n".repeat(20_000)
        + &"---\n# k1s-gen:ignore-document\n".repeat(20_000);
    let told = findings(scan(&text, &mut []));
    // The parser refuses none of it: all comments are there, two thirds of no use, one third in the wrong place.
    assert_eq!(told.len(), 60_000);
}

proptest! {
    #[test]
    fn any_text_can_be_scanned(text in "([ -~\n]|# k1s-gen:ignore|\\[|\\]|---\n|'|\"|\\| *\n|漢|\r|\t){0,40}") {
        scan(&text, &mut []);
    }

    #[test]
    fn every_comment_on_plain_lines_is_found(lines in prop::collection::vec(0..5usize, 1..30)) {
        let kinds = ["k: 'a # k1s-gen:ignore'", "k: v # k1s-gen:ignore", "# k1s-gen:ignore", "k:  # k1s-gen:ignore", ""];
        // Keys of their own, so that the text is YAML throughout.
        let line = |(at, kind): (usize, &usize)| kinds[*kind].replacen('k', &format!("k{at}"), usize::from(*kind != 2));
        let text = lines.iter().enumerate().map(line).collect::<Vec<_>>().join("\n");
        let expected: Vec<u32> = lines.iter().zip(1..).filter(|(kind, _)| (1..4).contains(*kind)).map(|(_, line)| line).collect();
        let told = findings(scan(&text, &mut []));
        prop_assert_eq!(told.iter().map(|finding| finding.span.unwrap().start.line).collect::<Vec<_>>(), expected);
    }
}
