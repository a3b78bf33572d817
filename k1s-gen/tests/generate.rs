//! Everything that is generated from a crate, by the program.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::fs;
use std::path::Path;

mod common;

use common::{RUNTIME, k1s_gen_in, text, workspace_with};

/// A kind in two versions with what no CustomResourceDefinition holds, one behind a feature, and rules.
const KINDS: &str = r#"
use k1s_runtime::{Resource, rbac};
use serde::{Deserialize, Serialize};

mod v1 {
    use super::*;

    /// An item held in stock.
    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(
        group = "shop.example.com",
        version = "v1",
        kind = "Item",
        short_name = "itm",
        index = ".spec.shelf",
        selectable_field = ".spec.shelf",
        isolation,
        print_column(name = "Quantity", type = "integer", json_path = ".spec.quantity")
    )]
    pub struct ItemSpec {
        /// Units in stock.
        #[schema(minimum = 0, default = 1)]
        pub quantity: i32,
        pub shelf: Option<String>,
    }
}

mod v1beta1 {
    use super::*;

    /// An item, as it used to be.
    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "shop.example.com", version = "v1beta1", kind = "Item", short_name = "itm", storage = false, deprecated)]
    pub struct ItemSpec {
        pub quantity: i32,
    }
}

#[cfg(feature = "extra")]
mod extra {
    use super::*;

    /// A shelf.
    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "shelves.example.com", version = "v1", kind = "Shelf", plural = "shelves")]
    pub struct ShelfSpec {
        pub boards: i32,
    }
}

/// Orders what runs short.
#[rbac(groups = "shop.example.com", resources("items", "items/status"), verbs("get", "list", "watch", "update"))]
#[rbac(groups = "core", resources = "events", verbs("create", "patch"))]
#[rbac(groups = "core", resources = "configmaps", resource_names = "prices", verbs = "get", namespace = "market")]
pub struct Reorder;

#[rbac(groups = "shop.example.com", resources = "items", verbs = "patch")]
impl Reorder {
    #[rbac(urls = "/metrics", verbs = "get")]
    pub fn metrics(&self) {}
}
"#;

fn files_below(directory: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut places = vec![directory.to_path_buf()];
    while let Some(place) = places.pop() {
        for entry in fs::read_dir(place).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                places.push(path);
            } else {
                found.push(path.strip_prefix(directory).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

fn compare_with_golden(name: &str, actual: &str) {
    let path = format!("{}/tests/golden/{name}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("K1S_BLESS").is_some() {
        fs::write(&path, actual).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap();
    assert_eq!(actual, expected, "{name} differs; K1S_BLESS=1 accepts the new text");
}

/// One crate is built twice, with a feature and without: that is what takes time.
#[test]
fn everything_of_a_crate_is_generated_and_kept_up_to_date() {
    let workspace = workspace_with("grocery", &[("kinds", RUNTIME, "src/lib.rs", KINDS)]);
    let directory = tempfile::tempdir().unwrap();
    let at = |name: &str| directory.path().join(name);
    let out = directory.path().to_str().unwrap();
    let run = |command: &str, more: &[&str]| {
        let mut all = vec![command, "-p", "kinds"];
        all.extend(more);
        let output = k1s_gen_in(&workspace, &all);
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };

    let (code, _, said) = run("all", &["-o", out]);
    assert_eq!(code, Some(0), "{said}");
    let files = [
        "crds/shop.example.com_items.yaml",
        "docs/index.html",
        "docs/index.md",
        "docs/shop.example.com_items.md",
        "rbac/role.yaml",
        "schemas/all.json",
        "schemas/shop.example.com/item_v1.json",
        "schemas/shop.example.com/item_v1beta1.json",
        "types.yaml",
    ];
    assert_eq!(files_below(directory.path()), files);
    assert_eq!(said.lines().count(), files.len(), "{said}");
    for (name, golden) in [(files[4], "role.yaml"), (files[5], "all.json"), (files[8], "types.yaml")] {
        compare_with_golden(golden, &fs::read_to_string(at(name)).unwrap());
    }
    assert_eq!(run("all", &["-o", out]), (Some(0), String::new(), String::new()));
    assert_eq!(run("all", &["-o", out, "--check"]).0, Some(0));

    // Each command makes the same of it, here and in the package's own directory.
    for (command, file) in [("crd", files[0]), ("rbac", files[4]), ("schema", files[5]), ("types", files[8])]
    {
        let (code, printed, said) = run(command, &[]);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(printed, fs::read_to_string(at(file)).unwrap());
    }
    let member = k1s_gen_in(&workspace.join("kinds"), &["crd"]);
    assert_eq!(text(&member.stdout), fs::read_to_string(at(files[0])).unwrap());

    // What is changed, missing or left over is stale.
    let (code, _, said) = run("all", &["-o", out, "--features", "extra"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(files_below(directory.path()).contains(&"schemas/shelves.example.com/shelf_v1.json".to_owned()));
    fs::remove_file(at(files[0])).unwrap();
    let (code, _, said) = run("all", &["-o", out, "--check"]);
    assert_eq!(code, Some(1), "{said}");
    // The definition that is not there, four files about all kinds, and the three that are left over.
    assert!(said.contains("error: 8 of 12 files are stale"), "{said}");
    assert!(
        said.contains("+kind: CustomResourceDefinition") && said.contains("-  \"title\": \"Shelf\""),
        "{said}"
    );
    let (code, _, said) = run("all", &["-o", out]);
    assert_eq!(code, Some(0));
    assert_eq!(said.lines().filter(|line| line.starts_with("removed ")).count(), 3, "{said}");
    assert_eq!(run("all", &["-o", out, "--check"]).0, Some(0));
    assert_eq!(files_below(directory.path()), files);
}
