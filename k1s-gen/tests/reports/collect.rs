//! The way of documents from judgement to output.

use std::path::Path;

use k1s_gen::validate::baseline::{Baseline, Recorder};
use k1s_gen::validate::collect::{Collector, Item};
use k1s_gen::validate::ignore::Comments;
use k1s_gen::validate::objects::Objects;
use k1s_gen::validate::report::{Format, Options};
use k1s_gen::validate::{Finding, Report, Summary, Verdict};

use crate::fixture::{Source, error, object};

/// A document of a file: its text and what was found in it, at the words of the messages.
struct Document {
    file: &'static str,
    text: &'static str,
    name: &'static str,
    found: &'static [(&'static str, &'static str)],
}

impl Document {
    fn item(&self) -> Item {
        let source = Source { name: self.file, text: self.text };
        let finding = |(rule, words): &(&'static str, &str)| -> Finding {
            error(rule, "", words, Some(source.span(0, words)))
        };
        let findings: Vec<Finding> = self.found.iter().map(finding).collect();
        let verdict = if findings.is_empty() { Verdict::Valid } else { Verdict::Invalid };
        let object = object("shop.example.com/v1", "Item", "", self.name);
        let report: Report = source.report((0, 1), Some(object), verdict, findings);
        Item { report, namespaced: Some(true), generated: self.name.ends_with('-') }
    }
}

/// Collects documents into lines of text; answers with them, what failed, and the summary.
fn collect(
    documents: &[Document],
    set: impl FnOnce(&mut Collector<'_>),
    recorder: Option<&mut Recorder>,
) -> (Vec<String>, Vec<bool>, Summary) {
    let mut out = Vec::new();
    let mut collector = Collector::new(Format::Text.reporter(&mut out, Options::default()));
    collector.objects = Some(Objects::default());
    collector.recorder = recorder;
    set(&mut collector);
    let failed = documents
        .iter()
        .map(|document| {
            let items = if document.name.is_empty() { Vec::new() } else { vec![document.item()] };
            collector.source(&document.file.into()).unwrap();
            collector.document(Comments::of(document.text.as_bytes(), 1), items).unwrap()
        })
        .collect();
    let summary = collector.finish().unwrap();
    (String::from_utf8(out).unwrap().lines().map(str::to_owned).collect(), failed, summary)
}

const FILES: [Document; 5] = [
    Document {
        file: "a.yaml",
        text: "size: big\ncolour: red\n",
        name: "hammer",
        found: &[("type", "big"), ("enum", "red")],
    },
    Document {
        file: "b.yaml",
        text: "kind: Item\nsize: big # k1s-gen:ignore\n",
        name: "hammer",
        found: &[("type", "big")],
    },
    Document {
        file: "c.yaml",
        text: "# k1s-gen:ignore-document[duplicate-object]\nsize: 1\n",
        name: "hammer",
        found: &[],
    },
    Document { file: "d.yaml", text: "# k1s-gen:ignore-file[cel]\n", name: "", found: &[] },
    Document { file: "d.yaml", text: "size: 1\n", name: "nail-", found: &[] },
];

#[test]
fn documents_go_all_the_way() {
    let (lines, failed, summary) = collect(&FILES, |_| (), None);
    assert_eq!(
        lines,
        [
            "a.yaml:1:7 - Item hammer is invalid: big [type]",
            "a.yaml:2:9 - Item hammer is invalid: red [enum]",
            "b.yaml:1:1 - Item hammer is invalid: metadata.name: Item hammer is already at a.yaml:1:1 (rename or remove one of the two; \
             applied together, the later one overwrites the other) [duplicate-object]",
            "d.yaml:1:1 - has a warning: this comment ignores nothing (remove it) [unused-ignore]",
        ]
    );
    assert_eq!(failed, [true, true, false, false, false]);
    let Summary { files, valid, invalid, errors, skipped, warnings, suppressed } = summary;
    assert_eq!((files, valid, invalid, errors, skipped, warnings, suppressed), (4, 2, 2, 0, 0, 1, 2));
}

#[test]
fn generated_names_are_never_twice() {
    let twice = [&FILES[4], &FILES[4]].map(|document| Document { ..*document });
    assert_eq!(collect(&twice, |_| (), None).0, [""; 0]);
}

#[test]
fn what_is_recorded_is_known_the_next_time() {
    let path = Path::new("known.jsonl");
    let mut recorder = Recorder::new(path);
    let (lines, _, _) = collect(&FILES, |_| (), Some(&mut recorder));
    assert_eq!((lines.len(), recorder.count()), (4, 3), "what is ignored is not recorded");
    let text = recorder.render().unwrap();
    let known =
        |collector: &mut Collector<'_>| collector.baseline = Some(Baseline::parse(path, &text).unwrap());
    let (lines, failed, summary) = collect(&FILES, known, None);
    assert_eq!(lines.len(), 1, "only the comment is told: {lines:?}");
    assert!(!failed.contains(&true));
    assert_eq!((summary.valid, summary.invalid, summary.suppressed), (4, 0, 5));
    // Written again, a baseline keeps what it knows.
    let mut again = Recorder::new(path);
    collect(&FILES, known, Some(&mut again));
    assert_eq!(again.render().unwrap(), text);
    // A file that has become empty.
    let (lines, _, summary) = collect(&[Document { name: "", text: "", ..FILES[0] }], known, None);
    assert_eq!((lines.len(), summary.warnings), (3, 3), "b.yaml is not there either: {lines:?}");
    assert!(lines.iter().all(|line| line.contains("[stale-baseline]")), "{lines:?}");
}

#[test]
fn a_comment_that_cannot_be_understood_fails_the_run() {
    let lost = Document { file: "a.yaml", text: "# k1s-gen:ignroe\n", name: "", found: &[] };
    let (lines, _, summary) = collect(&[lost], |_| (), None);
    assert_eq!(summary.invalid, 1);
    assert!(lines[0].starts_with("a.yaml:1:3 - is invalid: unknown comment k1s-gen:ignroe"), "{lines:?}");
}
