//! What the formats' own specifications ask for, checked on the run.

use std::collections::HashSet;

use k1s_gen::validate::report::{Format, Options};
use k1s_gen::validate::rules::RULES;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use crate::fixture::{VERBOSE, reports, write};

fn json(format: Format) -> Value {
    serde_json::from_str(&write(format, VERBOSE, &reports())).unwrap()
}

#[test]
fn json_has_the_members_of_kubeconform() {
    let json = json(Format::Json);
    let resources = json["resources"].as_array().unwrap();
    assert_eq!(resources.len(), 6);
    for resource in resources {
        for member in ["filename", "kind", "name", "version", "status", "msg"] {
            assert!(resource[member].is_string(), "{member} of {resource}");
        }
        for fault in resource["validationErrors"].as_array().unwrap_or(&Vec::new()) {
            assert!(fault["path"].is_string() && fault["msg"].is_string(), "{fault}");
        }
    }
    let statuses: Vec<_> = resources.iter().map(|resource| resource["status"].as_str().unwrap()).collect();
    let expected =
        ["statusInvalid", "statusValid", "statusError", "statusError", "statusValid", "statusSkipped"];
    assert_eq!(statuses, expected);
    let summary = &json["summary"];
    let counts = ["valid", "invalid", "errors", "skipped"].map(|member| summary[member].as_u64().unwrap());
    assert_eq!(counts, [2, 1, 2, 1]);
}

/// What the schema of SARIF 2.1.0 requires, and what GitHub does on top.
#[test]
fn sarif_has_what_its_schema_requires() {
    let log = json(Format::Sarif);
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().unwrap().contains("sarif-schema-2.1.0.json"));
    let [run] = log["runs"].as_array().unwrap().as_slice() else { panic!("one run") };
    let driver = &run["tool"]["driver"];
    assert!(driver["name"].is_string() && driver["semanticVersion"].is_string());
    assert_eq!(run["columnKind"], "unicodeCodePoints");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = driver["rules"].as_array().unwrap();
    assert_eq!(rules.len(), RULES.len());
    let ids: HashSet<_> = rules.iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), rules.len(), "ids are unique");
    for rule in rules {
        for member in ["shortDescription", "fullDescription", "help"] {
            assert!(!rule[member]["text"].as_str().unwrap().is_empty(), "{member} of {rule}");
        }
        assert!(matches!(rule["defaultConfiguration"]["level"].as_str(), Some("error" | "warning")));
    }
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), 5);
    for result in results {
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        assert!(matches!(result["level"].as_str(), Some("error" | "warning")));
        let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
        assert_eq!(rule["id"], result["ruleId"]);
        let physical = &result["locations"][0]["physicalLocation"];
        assert!(physical["artifactLocation"]["uri"].as_str().unwrap().ends_with(".yaml"));
        let place = ["startLine", "startColumn", "endLine", "endColumn"]
            .map(|member| physical["region"][member].as_u64().unwrap());
        assert!(place.iter().all(|number| *number > 0) && place[..2] <= place[2..], "{place:?}");
    }
    let prints: HashSet<_> = results.iter().map(|result| &result["partialFingerprints"]).collect();
    assert_eq!(prints.len(), results.len());
}

#[test]
fn fingerprints_survive_when_lines_move_and_tell_equal_findings_apart() {
    let prints = |reports: &[_]| -> Vec<String> {
        let log: Value = serde_json::from_str(&write(Format::Sarif, Options::default(), reports)).unwrap();
        let results = log["runs"][0]["results"].as_array().unwrap().clone();
        let print =
            |result: &Value| result["partialFingerprints"]["k1sGenFinding/v1"].as_str().map(str::to_owned);
        results.iter().map(|result| print(result).unwrap()).collect()
    };
    let mut moved = reports();
    for span in
        moved.iter_mut().flat_map(|report| &mut report.findings).filter_map(|finding| finding.span.as_mut())
    {
        span.start.line += 10;
        span.end.line += 10;
    }
    assert_eq!(prints(&reports()), prints(&moved));
    let twice: Vec<_> = [reports().remove(0), reports().remove(0)].into();
    let prints = prints(&twice);
    assert_eq!(prints.iter().collect::<HashSet<_>>().len(), 4, "{prints:?}");
}

#[test]
fn junit_counts_are_those_of_its_cases() {
    let text = write(Format::Junit, VERBOSE, &reports());
    let mut reader = Reader::from_str(&text);
    let (mut suites, mut found) = (Vec::new(), Vec::new());
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element) => {
                let name = element.name().as_ref().to_owned();
                let attribute = |key: &str| {
                    let attribute = element.try_get_attribute(key).unwrap().unwrap();
                    attribute.normalized_value(quick_xml::XmlVersion::Implicit1_0).unwrap().into_owned()
                };
                if name == "testsuite" {
                    let counts = ["tests", "failures", "errors", "skipped"].map(attribute);
                    suites.push((attribute("name"), counts.map(|count| count.parse::<usize>().unwrap())));
                    found.push([0; 4]);
                } else if let Some(counts) = found.last_mut() {
                    let kinds = ["testcase", "failure", "error", "skipped"];
                    if let Some(kind) = kinds.iter().position(|kind| *kind == name) {
                        counts[kind] += 1;
                    }
                }
            }
            _ => {}
        }
    }
    assert_eq!(suites.iter().map(|(_, counts)| *counts).collect::<Vec<_>>(), found);
    let names: Vec<_> = suites.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["items.yaml", "broken.yaml", "web.yaml"]);
    assert_eq!(suites[0].1, [3, 1, 1, 0]);
}

#[test]
fn tap_blocks_are_yaml_with_every_finding() {
    let text = write(Format::Tap, VERBOSE, &reports());
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("TAP version 13"));
    let points: Vec<_> = text.lines().filter(|line| line.contains("ok ")).collect();
    assert_eq!(points.len(), 6);
    for (index, point) in points.iter().enumerate() {
        let rest = point.strip_prefix("not ").unwrap_or(point);
        assert!(rest.starts_with(&format!("ok {} - ", index + 1)), "{point}");
    }
    assert!(points[5].ends_with(" # SKIP"));
    assert_eq!(text.lines().last(), Some("1..6"));
    let block = text.split("  ---\n").nth(1).unwrap().split("  ...\n").next().unwrap();
    let block = k1s_runtime::manifest::parse_yaml(block.as_bytes()).unwrap();
    let findings = block["findings"].as_array().unwrap();
    assert_eq!(findings.len(), 2);
    assert_eq!(findings[1]["rule"], "enum");
    assert_eq!(findings[1]["message"], reports()[0].findings[1].message.as_str());
    assert_eq!(findings[1]["start"], serde_json::json!({ "line": 7, "column": 9 }));
}

#[test]
fn github_commands_escape_what_would_end_them() {
    let mut report = reports().remove(0);
    report.source = "a,b:c%.yaml".into();
    report.findings.truncate(1);
    report.findings[0].message = "100%\n::error::x".into();
    let span = report.findings[0].span.unwrap();
    let text = write(Format::Github, Options::default(), std::slice::from_ref(&report));
    assert_eq!(
        text,
        "::error file=a%2Cb%3Ac%25.yaml,line=6,endLine=6,col=3,endColumn=9,title=unknown-field::spec.colour: \
         100%25\\n::error::x (Item hammer)%0Ahelp: did you mean `color`?\n"
    );
    let mut long = span;
    long.end.line += 2;
    report.findings[0].span = Some(long);
    assert!(write(Format::Github, Options::default(), &[report]).contains("line=6,endLine=8,title="));
}
