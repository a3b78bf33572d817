//! A workspace is made, built offline, tested, run, edited, added to and built again.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{done, text};

/// Everything that the grammar has, and names that Rust reserves.
const FIELDS: &[&str] = &[
    "type:string:min_length=1:max_length=20:immutable:\"What \\\"sort\\\" it is.\"",
    "podIP:string:format=ipv4:optional",
    "count:int:min=0:max=10:default=2:selectable",
    "total:int64:min=5000000000",
    "ratio:number:max=1",
    "paid:bool",
    "placed:date-time",
    "wait:duration:optional",
    "contact:email",
    "page:uri:optional",
    "tags:list(string):set:max_items=8",
    "prices:map(int)",
    "phase:enum(Pending,ready-to-go):default=Pending",
    "code:string:pattern=\"^[A-Z]:[0-9]{2}$\":example='A:01'",
];

/// Runs cargo on the workspace, with what this workspace has built and without a network.
fn cargo(root: &Path, arguments: &[&str]) -> String {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("..");
    let mut command = Command::new(env!("CARGO"));
    command
        .current_dir(root)
        .env("CARGO_TARGET_DIR", target)
        .env("CARGO_NET_OFFLINE", "true")
        .args(arguments);
    let output = command.output().unwrap();
    let said = text(&output.stdout) + &text(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}:\n{said}");
    said
}

fn run(root: &Path, arguments: &[&str]) -> String {
    let store = root.join("store");
    cargo(root, &[&["run", "-q", "--", "--store", store.to_str().unwrap()], arguments].concat())
}

#[test]
fn a_workspace_builds_and_runs_and_keeps_edits() {
    let k1s = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    // Not below this workspace, whose rustfmt.toml would count.
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("shop");
    let new = ["new", "shop", "--group", "shop.example.com", "--k1s-path", k1s.to_str().unwrap()];
    done(directory.path(), &new);
    // Profiles and versions of this workspace, so that little is built anew.
    let own = fs::read_to_string(k1s.join("Cargo.toml")).unwrap();
    let profiles = &own[own.find("[profile.dev]").unwrap()..own.find("[profile.release]").unwrap()];
    let manifest = fs::read_to_string(root.join("Cargo.toml")).unwrap();
    fs::write(root.join("Cargo.toml"), format!("{manifest}\n{profiles}")).unwrap();
    fs::copy(k1s.join("Cargo.lock"), root.join("Cargo.lock")).unwrap();

    assert!(
        run(&root, &["apply", "-R", "-f", "manifests"]).contains("item.shop.example.com/sample-item created")
    );
    let found = run(&root, &["get", "items"]);
    assert!(found.contains("TITLE") && found.contains("sample-item"), "{found}");

    let code = root.join("src/v1/item.rs");
    let text = fs::read_to_string(&code).unwrap();
    let edited = text.replacen(
        "    pub quantity: i32,\n",
        "    pub quantity: i32,\n    /// Mine.\n    pub colour: Option<String>,\n",
        1,
    );
    assert_ne!(edited, text);
    fs::write(&code, &edited).unwrap();
    let order: Vec<&str> = FIELDS.iter().flat_map(|field| ["--field", field]).collect();
    let flags = ["--status", "--short-name", "ord", "--category", "all"];
    done(&root, &[&["add", "resource", "Order"], &order[..], &flags].concat());
    let zone = ["add", "resource", "DeliveryZone", "--cluster-scoped", "--field", "name:string"];
    done(&root, &zone);
    done(&root, &["add", "version", "v1beta1"]);
    done(&root, &["add", "version", "v2", "--kind", "Order"]);
    done(&root, &[&new[..], &["-o", "."]].concat());
    assert_eq!(fs::read_to_string(&code).unwrap(), edited);

    cargo(&root, &["fmt", "--check"]);
    cargo(&root, &["test", "-q"]);
    assert!(
        run(&root, &["apply", "-R", "-f", "manifests"])
            .contains("order.shop.example.com/sample-order created")
    );
    let printed = run(&root, &["get", "item", "sample-item", "-o", "yaml"]);
    assert!(printed.contains("quantity: 1"), "{printed}");
    assert!(run(&root, &["explain", "item.spec.colour"]).contains("Mine."));
    cargo(&root, &["clippy", "-q", "--all-targets", "--", "-D", "warnings"]);
}
