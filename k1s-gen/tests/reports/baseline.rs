//! The baseline: what is known does not fail, what is new does, what is gone is told.

use std::fs;
use std::path::Path;

use k1s_gen::validate::baseline::{Baseline, Error, Recorder};
use k1s_gen::validate::{Report, Verdict, rules};

use crate::fixture::reports;

const PATH: &str = "known.jsonl";

fn recorded(reports: &[Report]) -> String {
    let mut recorder = Recorder::new(Path::new(PATH));
    for report in reports {
        recorder.record(report);
    }
    recorder.render().unwrap()
}

fn parse(text: &str) -> Result<Baseline, Error> {
    Baseline::parse(Path::new(PATH), text)
}

fn failure(text: &str) -> String {
    parse(text).unwrap_err().to_string()
}

const HEADER: &str = "{\"baseline\":\"k1s-gen\",\"version\":1}\n";

#[test]
fn the_file_is_sorted_and_quotes_no_values() {
    let text = recorded(&reports());
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(format!("{}\n", lines[0]), HEADER);
    assert!(lines[1..].is_sorted() && lines.len() == 6, "{text}");
    assert!(!text.contains("Largee"));
    assert_eq!(
        lines[4],
        "{\"source\":\"items.yaml\",\"object\":\"inventory.example.com/Item tools/nails\",\"rule\":\"deprecated\",\
         \"field\":\"apiVersion\",\"message\":\"9a1d5b3a048bbe22\",\"count\":1}"
    );
    let mut reversed = reports();
    reversed.reverse();
    assert_eq!(recorded(&reversed), text);
}

#[test]
fn what_is_known_does_not_fail_wherever_it_has_moved() {
    let mut baseline = parse(&recorded(&reports())).unwrap();
    let mut moved = reports();
    for report in &mut moved {
        report.line += 5;
        for span in report.findings.iter_mut().filter_map(|finding| finding.span.as_mut()) {
            span.start.line += 5;
        }
        baseline.apply(report);
        assert_eq!(report.findings, []);
    }
    let verdicts: Vec<_> = moved.iter().map(|report| report.verdict).collect();
    use Verdict::{Skipped, Valid};
    assert_eq!(verdicts, [Valid, Valid, Skipped, Skipped, Valid, Skipped]);
    assert_eq!(moved[0].suppressed, 2);
    assert_eq!(baseline.stale(), None);
}

#[test]
fn what_is_new_or_more_than_was_known_fails() {
    let mut baseline = parse(&recorded(&reports()[..1])).unwrap();
    let mut twice = reports().remove(0);
    twice.findings.extend(reports().remove(0).findings);
    baseline.apply(&mut twice);
    assert_eq!((twice.findings.len(), twice.verdict), (2, Verdict::Invalid));
    let mut other = reports().remove(0);
    let mut baseline = parse(&recorded(&reports()[..1])).unwrap();
    other.findings[0].message.push('!');
    other.object.as_mut().unwrap().api_version = "inventory.example.com/v2".into();
    baseline.apply(&mut other);
    assert_eq!(other.findings.len(), 1, "the version does not count, the message does");
    let mut renamed = reports().remove(0);
    renamed.object.as_mut().unwrap().name = "saw".into();
    baseline.apply(&mut renamed);
    assert_eq!(renamed.findings.len(), 2);
}

#[test]
fn what_is_gone_is_told_of_sources_that_were_looked_at() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join(PATH);
    let within = |name: &str| directory.path().join(name).display().to_string();
    let mut all = reports();
    for report in &mut all {
        report.source = within(&report.source).into();
        fs::write(&*report.source, "").unwrap();
    }
    let mut recorder = Recorder::new(&path);
    all.iter().for_each(|report| recorder.record(report));
    assert_eq!(recorder.count(), 5);
    recorder.write().unwrap();
    assert!(fs::read_to_string(&path).unwrap().contains("\"source\":\"items.yaml\""));

    let mut fixed = all[0].clone();
    fixed.findings.truncate(1);
    let mut baseline = Baseline::read(&path).unwrap();
    baseline.apply(&mut fixed);
    let stale = baseline.stale().unwrap();
    // Nothing of broken.yaml, which was not looked at and is still there.
    assert_eq!((stale.findings.len(), stale.verdict), (3, Verdict::Valid));
    assert!(stale.findings.iter().all(|finding| finding.rule == rules::STALE_BASELINE));
    let first = &stale.findings[0];
    assert_eq!(
        first.message,
        "a known finding of rule enum does not occur any more in items.yaml, object inventory.example.com/Item hammer, field spec.size"
    );
    assert_eq!(first.span.unwrap().start.line, 3);
    assert!(stale.source.ends_with(PATH));
    baseline.look_at(&within("broken.yaml"));
    assert_eq!(baseline.stale().unwrap().findings.len(), 4);

    let untouched = Baseline::read(&path).unwrap();
    assert_eq!(untouched.stale(), None);
    fs::remove_file(within("broken.yaml")).unwrap();
    assert_eq!(untouched.stale().unwrap().findings.len(), 1);
}

#[test]
fn lines_that_two_branches_added_count_together() {
    let text = recorded(&reports()[..1]);
    let doubled =
        text.clone() + &text.lines().skip(1).map(|line| format!("\n{line}\r\n")).collect::<String>();
    let mut baseline = parse(&doubled).unwrap();
    for _ in 0..2 {
        let mut report = reports().remove(0);
        baseline.apply(&mut report);
        assert_eq!(report.findings, []);
    }
}

#[test]
fn a_bad_file_is_refused_with_the_place() {
    let none = "this is no baseline of k1s-gen; write one with --write-baseline";
    assert_eq!(failure(""), format!("known.jsonl:1:1: EOF while parsing a value\nhelp: {none}"));
    assert_eq!(failure("kind: Item\n"), format!("known.jsonl:1:1: expected value\nhelp: {none}"));
    assert!(
        failure("{\"baseline\":\"other\",\"version\":1}")
            .contains("a baseline of \"other\", not of \"k1s-gen\"")
    );
    assert!(
        failure("{\"baseline\":\"k1s-gen\",\"version\":2}").starts_with(
            "known.jsonl:1:1: version 2 of the format is not known, only 1\nhelp: use the version"
        )
    );
    let broken = format!("{HEADER}\n{{\"source\":\"a\",\"rule\":7}}\n");
    assert!(
        failure(&broken).starts_with("known.jsonl:3:22: invalid type: integer `7`"),
        "{}",
        failure(&broken)
    );
    let missing = Baseline::read(Path::new("no/such/file")).unwrap_err();
    assert!(missing.to_string().starts_with("no/such/file: "));
    let binary = tempfile::NamedTempFile::new().unwrap();
    fs::write(binary.path(), [0xFF, 0xFE, 0]).unwrap();
    assert!(matches!(Baseline::read(binary.path()), Err(Error::Io { .. })));
}
