//! docs/validate.md shows what is: the rules of the table, and a run in every format.

use std::fs;
use std::path::Path;

use clap::ValueEnum;
use k1s_gen::validate::report::{Format, Options};
use k1s_gen::validate::rules;

use crate::fixture::{ITEMS, reports, write};
use crate::formats::name;

/// What stands between the marks of this name.
fn part(name: &str) -> Option<String> {
    let fenced = |language: &str, text: &str| format!("```{language}\n{text}```\n");
    let options = Options { summary: true, ..Options::default() };
    match name {
        "rules" => return Some(rules::markdown()),
        "items.yaml" => return Some(fenced("yaml", ITEMS.split("---\n").next()?)),
        _ => {}
    }
    let format = Format::value_variants().iter().find(|format| self::name(**format) == name)?;
    let made = write(*format, options, &reports()[..1]);
    Some(match format {
        Format::Json => fenced("json", &made),
        Format::Junit => fenced("xml", &made),
        Format::Sarif => {
            let log: serde_json::Value = serde_json::from_str(&made).ok()?;
            fenced("json", &(serde_json::to_string_pretty(&log["runs"][0]["results"][0]).ok()? + "\n"))
        }
        _ => fenced("text", &made),
    })
}

#[test]
fn the_page_shows_what_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/validate.md");
    let page = fs::read_to_string(&path).unwrap();
    let (mut made, mut rest) = (String::new(), page.as_str());
    let mut parts = Vec::new();
    while let Some((before, after)) = rest.split_once("<!-- generated: ") {
        let (name, after) = after.split_once(" -->\n").unwrap();
        let (_, after) = after.split_once("<!-- end -->").unwrap();
        let part = part(name).unwrap_or_else(|| panic!("nobody generates {name}"));
        made.push_str(&format!("{before}<!-- generated: {name} -->\n{part}<!-- end -->"));
        parts.push(name);
        rest = after;
    }
    made.push_str(rest);
    for format in Format::value_variants() {
        assert!(parts.contains(&&*name(*format)), "{format:?} is not shown");
    }
    assert!(parts.contains(&"rules"));
    if std::env::var_os("K1S_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    } else {
        assert_eq!(made, page, "docs/validate.md is stale; run the test with K1S_BLESS=1");
    }
}
