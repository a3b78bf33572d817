//! The flags that scripts, pages and hints name are flags of the program.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use k1s_gen::validate::rules::RULES;

/// The flags in a text: `--crds`, wherever a word begins.
fn flags(text: &str) -> BTreeSet<String> {
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '-'));
    let flags = words.filter(|word| word.len() > 2 && word.starts_with("--") && !word.starts_with("---"));
    flags.map(|flag| flag.trim_end_matches('-').to_owned()).collect()
}

#[test]
fn every_flag_that_is_named_exists() {
    let help = Command::new(env!("CARGO_BIN_EXE_k1s-gen")).args(["validate", "--help"]).output().unwrap();
    assert!(help.status.success(), "{help:?}");
    let known = flags(&String::from_utf8(help.stdout).unwrap());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |file: &str| (file.to_owned(), fs::read_to_string(root.join(file)).unwrap());
    let helps = RULES.iter().map(|rule| (rule.name.to_owned(), rule.help.to_owned()));
    let files = ["scripts/validate-action", "docs/validate.md", ".pre-commit-hooks.yaml"].map(read);
    let mut named = 0;
    for (place, text) in files.into_iter().chain(helps) {
        for flag in flags(&text) {
            assert!(known.contains(&flag), "{place} names {flag}, which `k1s-gen validate` does not have");
            named += 1;
        }
    }
    assert!(named > 20, "{named} flags were found");
}
