//! The house keeps its shape: no room uses a higher one, no file outgrows its reader, nothing names a machine.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// A package's rooms, each on a floor above those it may use. Rooms of one floor do not use each other.
struct House {
    sources: &'static str,
    floors: &'static [&'static [&'static str]],
}

const HOUSES: [House; 2] = [
    House {
        sources: "k1s-runtime/src/",
        floors: &[
            &["manifest"],
            &["api"],
            &["scheme"],
            &["schema", "storage"],
            &["client"],
            &["plugin", "testing"],
            &["cli"],
        ],
    },
    House {
        sources: "k1s-cel/src/",
        floors: &[
            &["formats", "gofmt", "goparse", "issue", "limits", "names", "reserved", "stack"],
            &["time", "syntax", "schema"],
            &["ty"],
            &["value"],
            &["functions", "env"],
            &["check"],
            &["estimate", "program"],
            &["rules"],
        ],
    },
];

/// Lines that a reader can be asked to hold.
const MAX_LINES: usize = 450;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Every Rust file below a folder, by its path from the root.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() && name != "target" && !name.starts_with('.') {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let shown = path.strip_prefix(root()).unwrap().to_string_lossy().replace('\\', "/");
            found.push((shown, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn all_sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    sources(&root(), &mut found);
    assert!(found.len() > 100, "the sources were not found");
    found
}

impl House {
    fn floor_of(&self, room: &str) -> Option<usize> {
        self.floors.iter().position(|rooms| rooms.contains(&room))
    }
}

/// The rooms that a line of code names, as `crate::room` or in a list as `crate::{Object, room}`.
fn rooms_named<'l>(house: &House, line: &'l str) -> Vec<&'l str> {
    let code = line.split("//").next().unwrap_or_default();
    let words = |text: &'static str| code.split(text).skip(1);
    let first = |rest: &str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let mut named: Vec<&str> = words("crate::").map(|rest| &rest[..first(rest)]).collect();
    for list in words("crate::{") {
        named.extend(list.split(['{', '}', ',', ' ']).map(|item| &item[..first(item)]));
    }
    named.retain(|name| house.floor_of(name).is_some());
    named
}

#[test]
fn a_room_uses_only_rooms_below_it() {
    let sources = all_sources();
    for house in &HOUSES {
        let mut arrows_up = Vec::new();
        let mut arrows = 0;
        for (path, text) in &sources {
            let Some(inside) = path.strip_prefix(house.sources) else { continue };
            let room = inside.split('/').next().unwrap_or_default().trim_end_matches(".rs");
            let Some(floor) = house.floor_of(room) else { continue };
            for (number, line) in text.lines().enumerate() {
                for other in rooms_named(house, line).into_iter().filter(|other| *other != room) {
                    arrows += 1;
                    if house.floor_of(other) >= Some(floor) {
                        arrows_up.push(format!("{path}:{}: {room} uses {other}", number + 1));
                    }
                }
            }
        }
        assert!(arrows > 100, "no uses were found in {}", house.sources);
        assert!(arrows_up.is_empty(), "{}", arrows_up.join("\n"));
    }
}

#[test]
fn no_file_outgrows_its_reader() {
    let long = |(path, text): &(String, String)| {
        let lines = text.lines().count();
        (lines > MAX_LINES).then(|| format!("{path}: {lines} lines"))
    };
    let long: Vec<String> = all_sources().iter().filter_map(long).collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn nothing_names_a_machine() {
    let places = ["/home/", "/Users/", "/work/"].map(|place| format!("\"{place}"));
    let named: Vec<String> = all_sources()
        .into_iter()
        .filter(|(path, text)| {
            !path.ends_with("architecture.rs") && places.iter().any(|place| text.contains(place))
        })
        .map(|(path, _)| path)
        .collect();
    assert!(named.is_empty(), "{named:?}");
}

#[test]
fn uses_are_recognised() {
    let named = |line| rooms_named(&HOUSES[0], line);
    assert_eq!(named("use crate::api::Object;"), ["api"]);
    assert_eq!(named("use crate::{Object, client::{Api, Error}, manifest};"), ["client", "manifest"]);
    assert!(named("// see crate::cli").is_empty() && named("use crate::apiary;").is_empty());
}
