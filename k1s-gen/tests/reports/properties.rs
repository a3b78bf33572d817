//! Whatever the text of findings, no output is malformed, and nothing in it is obeyed by a terminal.

use std::sync::Arc;

use clap::ValueEnum;
use k1s_gen::validate::report::{Format, Options};
use k1s_gen::validate::{Finding, ObjectRef, Report, Severity, Span, Verdict};
use k1s_runtime::manifest::Position;
use proptest::prelude::*;
use quick_xml::Reader;
use quick_xml::events::Event;
use unicode_width::UnicodeWidthStr;

use crate::fixture::write;

/// Text with what breaks formats more often than chance would have it.
fn text() -> impl Strategy<Value = String> {
    let bits = prop_oneof![
        Just("\u{1b}[31m"),
        Just("\n"),
        Just("\r\n"),
        Just("\t"),
        Just("\0"),
        Just("\u{9b}"),
        Just("\u{fffe}"),
        Just("\u{feff}"),
        Just("\u{202e}"),
        Just("\u{2028}"),
        Just("]]>"),
        Just("<!--"),
        Just("&amp;"),
        Just("\""),
        Just("'"),
        Just("::error::"),
        Just("%0A"),
        Just(" # SKIP"),
        Just("\\"),
        Just("..."),
        Just("---"),
        Just("\n  ...\nok 9 - x"),
        Just("漢"),
        Just("👩\u{200d}🔧"),
        Just("a\u{301}"),
    ];
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop_oneof![bits.prop_map(str::to_owned), "[ -~]{0,9}"], 0..6)
            .prop_map(|bits| bits.concat()),
    ]
}

fn span() -> impl Strategy<Value = Option<Span>> {
    let position = prop_oneof![(1..4u32, 1..30u32), (any::<u32>(), any::<u32>())]
        .prop_map(|(line, column)| Position { line, column });
    prop::option::of((position.clone(), position).prop_map(|(start, end)| Span { start, end }))
}

fn finding() -> impl Strategy<Value = Finding> {
    let rule = prop::sample::select(vec!["required", "cel", "no-rule-of-ours"]);
    (any::<bool>(), rule, text(), text(), prop::option::of(text()), span()).prop_map(
        |(error, rule, field, message, hint, span)| {
            let severity = if error { Severity::Error } else { Severity::Warning };
            Finding { severity, rule, field, message, hint, span }
        },
    )
}

fn report() -> impl Strategy<Value = Report> {
    let object = (text(), text(), text(), text())
        .prop_map(|(api_version, kind, namespace, name)| ObjectRef { api_version, kind, namespace, name });
    let verdict =
        prop::sample::select(vec![Verdict::Valid, Verdict::Invalid, Verdict::Error, Verdict::Skipped]);
    let lines = prop::collection::vec((1..4u32, text()), 0..3);
    let findings = prop::collection::vec(finding(), 0..3);
    (text(), 0..9usize, prop::option::of(object), verdict, findings, lines).prop_map(
        |(source, index, object, verdict, findings, lines)| Report {
            source: Arc::from(source),
            index,
            line: index + 1,
            object,
            verdict,
            findings,
            lines,
            suppressed: 0,
        },
    )
}

fn findings(reports: &[Report]) -> usize {
    reports.iter().map(|report| report.findings.len()).sum()
}

/// Reads XML to its end; answers with its test cases and whether the texts hold only what XML may.
fn cases(xml: &str) -> usize {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().check_end_names = true;
    let (mut cases, mut depth) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(element) => {
                depth += 1;
                cases += usize::from(element.name().as_ref() == "testcase");
                for attribute in element.attributes() {
                    attribute.unwrap().normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap();
                }
            }
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    let legal = |character: char| matches!(character, '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    assert!(xml.chars().all(legal));
    cases
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    #[test]
    fn no_output_is_malformed(reports in prop::collection::vec(report(), 0..4), verbose: bool, summary: bool, width in 0..60usize) {
        let options = Options { verbose, summary, color: false, width };
        for format in Format::value_variants() {
            let out = write(*format, options, &reports);
            prop_assert!(out.is_empty() || out.ends_with('\n'), "{:?}", format);
            match format {
                Format::Pretty | Format::Text => {}
                Format::Json => {
                    let json: serde_json::Value = serde_json::from_str(&out).unwrap();
                    let told = |member: &str| -> usize {
                        let resources = json["resources"].as_array().unwrap();
                        resources.iter().filter_map(|resource| resource[member].as_array()).map(Vec::len).sum()
                    };
                    prop_assert_eq!(told("validationErrors") + told("warnings"), findings(&reports));
                    continue;
                }
                Format::Junit => prop_assert_eq!(cases(&out), reports.len()),
                Format::Tap => {
                    let points = out.lines().filter(|line| line.starts_with("ok ") || line.starts_with("not ok ")).count();
                    prop_assert_eq!(points, reports.len());
                    for block in out.split("  ---\n").skip(1) {
                        let block = block.split("  ...\n").next().unwrap();
                        let yaml = k1s_runtime::manifest::parse_yaml(block.as_bytes());
                        prop_assert!(yaml.is_ok(), "{:?}: {}", yaml, block);
                    }
                }
                Format::Sarif => {
                    let log: serde_json::Value = serde_json::from_str(&out).unwrap();
                    prop_assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), findings(&reports));
                    continue;
                }
                Format::Github => {
                    prop_assert_eq!(out.lines().filter(|line| line.starts_with("::")).count(), findings(&reports));
                    let lines = out.lines().count();
                    prop_assert_eq!(lines, findings(&reports) + usize::from(summary));
                }
            }
            // JSON escapes what it must itself; all others are read by people as well.
            let obeyed = out.chars().find(|character| *character != '\n' && character.is_control());
            prop_assert_eq!(obeyed, None, "{:?}: {:?}", format, out);
        }
    }

    #[test]
    fn text_has_a_line_for_each_finding(report in report()) {
        let out = write(Format::Text, Options::default(), std::slice::from_ref(&report));
        let failed = matches!(report.verdict, Verdict::Invalid | Verdict::Error)
            && report.findings.iter().all(|finding| finding.severity == Severity::Warning);
        prop_assert_eq!(out.lines().count(), report.findings.len() + usize::from(failed));
    }

    #[test]
    fn carets_stay_below_their_line(report in report(), width in 20..80usize) {
        let out = write(Format::Pretty, Options { width, ..Options::default() }, std::slice::from_ref(&report));
        let lines: Vec<&str> = out.lines().collect();
        for pair in lines.windows(2) {
            let carets = pair[1].trim_start().strip_prefix("| ").map(|rest| rest.split(" to line").next().unwrap_or(rest));
            let Some(carets) = carets.filter(|carets| !carets.is_empty() && carets.trim_start().trim_matches('^').is_empty())
            else { continue };
            let Some((_, line)) = pair[0].split_once(" | ").or_else(|| pair[0].split_once(" |")) else { continue };
            // One column behind the line is where something is missing.
            prop_assert!(carets.len() <= line.width() + 1, "{:?} below {:?}", carets, line);
            prop_assert!(line.width() <= width.max(20) + 12, "{:?}", line);
        }
    }
}
