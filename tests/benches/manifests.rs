//! Gates of `k1s-gen validate`: 10,000 manifests of 2 KB with a CEL rule, as one stream and as files, and one manifest as a process.
//!
//! The floor of the stream is `saphyr-parser` handing out its events, on one thread.
//!
//! `cargo bench -p k1s-tests --bench manifests`
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]

#[expect(unsafe_code, reason = "what the benches share opens bare LMDB; this one does not")]
mod kit;

use std::ffi::OsString;
use std::fs;
use std::hint::black_box;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use inventory_example::Item;
use k1s_gen::cli::main_with;
use k1s_runtime::api::Resource;
use k1s_runtime::manifest::to_yaml;
use k1s_runtime::schema::crd::to_crds_json;
use k1s_runtime::serde_json::{Value, json};
use kit::{Gate, alternate, heading, median, report};
use saphyr_parser::Parser;

const MANIFESTS: usize = 10_000;
const ROUNDS: usize = 7;
/// What makes this program the one that is measured.
const AS_PROGRAM: &str = "--as-k1s-gen";

fn main() -> ExitCode {
    let mut arguments: Vec<OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|flag| flag == AS_PROGRAM) {
        arguments.remove(1);
        return main_with(arguments, &mut std::io::stdout(), &mut std::io::stderr());
    }
    heading("k1s-gen validate, 2 KB each, with rules");
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (crd, stream, files) = (
        directory.path().join("item.yaml"),
        directory.path().join("all.yaml"),
        directory.path().join("files"),
    );
    fs::write(&crd, to_yaml(&to_crds_json(vec![Item::definition()]).unwrap()[0])).unwrap();
    fs::create_dir(&files).unwrap();
    let mut all = String::new();
    for number in 0..MANIFESTS {
        let text = to_yaml(&object(number));
        fs::write(files.join(format!("{number}.yaml")), &text).unwrap();
        all.push_str(&text);
        all.push_str("---\n");
    }
    fs::write(&stream, &all).unwrap();
    println!("{MANIFESTS} manifests, {} bytes each", all.len() / MANIFESTS);

    for (what, path, threads, gate) in [
        ("10,000 in a stream; floor: events", &stream, "0", Gate::Ratio(1.9)),
        ("10,000 files; floor: events", &files, "0", Gate::Ratio(1.9)),
        ("  the same on one thread", &files, "1", Gate::None),
    ] {
        let (floor, ours) = alternate(ROUNDS, |_| events(&all), |_| validate(&crd, path, &["-n", threads]));
        report(what, Some(floor), ours, gate);
    }
    let cache = directory.path().join("cache");
    let remembered = ["--cache", cache.to_str().unwrap()];
    validate(&crd, &files, &remembered);
    let (floor, ours) = alternate(ROUNDS, |_| events(&all), |_| validate(&crd, &files, &remembered));
    report("  the same from the cache", Some(floor), ours, Gate::None);
    let faulty = faulty(directory.path(), &all);
    let (floor, ours) = alternate(ROUNDS, |_| events(&all), |_| invalid(&crd, &faulty));
    report("  each with two faults, SARIF", Some(floor), ours, Gate::None);

    let one = directory.path().join("one.yaml");
    fs::write(&one, to_yaml(&object(1))).unwrap();
    let ours = median(101, |_| process(&crd, &one));
    report("one manifest as a process", None, ours, Gate::Time(Duration::from_millis(5)));
    ExitCode::SUCCESS
}

/// The floor: events and nothing made of them.
fn events(text: &str) {
    for part in text.split_inclusive("---\n") {
        let mut parser = Parser::new_from_str(part.trim_end_matches("---\n"));
        while let Some(event) = parser.next_event() {
            black_box(event.unwrap());
        }
    }
}

fn arguments(crd: &Path, path: &Path, more: &[&str]) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = ["k1s-gen", "validate", "--crds"].map(OsString::from).into();
    arguments.extend([crd.into(), path.into()]);
    arguments.extend(more.iter().map(OsString::from));
    arguments
}

fn validate(crd: &Path, path: &Path, more: &[&str]) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    main_with(arguments(crd, path, more), &mut out, &mut err);
    assert!(
        out.is_empty() && err.is_empty(),
        "{}{}",
        String::from_utf8_lossy(&out),
        String::from_utf8_lossy(&err)
    );
}

fn invalid(crd: &Path, path: &Path) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    main_with(arguments(crd, path, &["-o", "sarif"]), &mut out, &mut err);
    assert!(out.len() > MANIFESTS * 100 && err.is_empty());
}

fn faulty(directory: &Path, all: &str) -> PathBuf {
    let path = directory.join("faulty.yaml");
    let text = all.replace("  quantity: 12\n", "  quantity: -1\n  quantitty: 1\n");
    assert_ne!(text, all);
    fs::write(&path, text).unwrap();
    path
}

fn process(crd: &Path, path: &Path) {
    let mut arguments = arguments(crd, path, &[]);
    arguments[0] = AS_PROGRAM.into();
    let mut command = Command::new(std::env::current_exe().unwrap());
    let status = command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).status().unwrap();
    assert!(status.success());
    std::io::stdout().flush().unwrap();
}

fn object(number: usize) -> Value {
    let tags: Vec<_> = (0..25).map(|tag| format!("{tag:02}-{}", "t".repeat(36))).collect();
    json!({
        "apiVersion": "inventory.example.com/v1alpha1",
        "kind": "Item",
        "metadata": {
            "name": format!("item-{number}"),
            "labels": {"app.kubernetes.io/part-of": "inventory", "shop": "common"},
            "annotations": {"example.com/note": "x".repeat(380)},
        },
        "spec": {
            "name": "Claw hammer, 450 g, hickory handle",
            "category": "hand-tools",
            "quantity": 12,
            "reserved": 3,
            "price": 1899,
            "location": "B3-07",
            "tags": tags,
            "supplier": {
                "name": "Northern Tool Works", "email": "orders@northern-tools.example.com", "leadTimeDays": 5,
            },
        },
    })
}
