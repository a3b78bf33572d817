//! `k1s-gen check`, run on a crate of its own and on files.
#![allow(clippy::unwrap_used, reason = "a helper of tests")]

use std::fs;
use std::path::Path;
use std::process::Output;

mod common;

use common::{crate_with, k1s_gen, text};

/// Wrong in ways that no macro sees: a rule about a nested type, and a default that is an expression.
const WRONG: &str = r#"
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(
    group = "shop.example.com",
    version = "v1",
    kind = "Item",
    validation(rule = "self.spec.supplier.emial != ''", message = "unreachable")
)]
pub struct ItemSpec {
    #[schema(maximum = 5, default = 2 * 3)]
    pub quantity: i32,
    pub supplier: Supplier,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Supplier {
    #[schema(max_length = 100)]
    pub email: String,
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "shop.example.com", version = "v1", kind = "Order")]
pub struct OrderSpec {
    #[schema(maximum = 5, default = 2 + 3, validation(rule = "self > 0"))]
    pub quantity: i32,
}
"#;

const CRD: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: items.shop.example.com
spec:
  group: shop.example.com
  scope: Namespaced
  names: {kind: Item, listKind: ItemList, plural: items, singular: item}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          names:
            type: array
            maxItems: 10000
            items: {type: string, maxLength: 10}
            x-kubernetes-validations:
            - rule: self.all(a, self.exists(b, a != b))
          size:
            type: integer
            x-kubernetes-validations:
            - rule: self > 0
              messageExpression: self
            - rule: slef > 0
";

fn in_directory(files: &[(&str, &str)], arguments: &[&str]) -> Output {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(directory.path().join(name), text).unwrap();
    }
    let mut all = vec!["check", "."];
    all.extend(arguments);
    common::k1s_gen_in(directory.path(), &all)
}

#[test]
fn the_kinds_of_a_crate_are_checked() {
    let manifest = crate_with("market", WRONG);
    let manifest = manifest.to_str().unwrap();
    let checked = k1s_gen(&["check", "--manifest-path", manifest]);
    assert_eq!(checked.status.code(), Some(1), "{}", text(&checked.stderr));
    assert_eq!(
        text(&checked.stdout),
        "\
Item.shop.example.com: spec.validation.openAPIV3Schema.properties[spec].properties[quantity].default: Invalid value: 6:  in body should be less than or equal to 5
Item.shop.example.com: spec.validation.openAPIV3Schema.x-kubernetes-validations[0].rule: does not compile:
  1:19: undefined field 'emial'
   | self.spec.supplier.emial != ''
   | ..................^
   | hint: did you mean `email`?
"
    );
    assert_eq!(text(&checked.stderr), "error: 2 complaints about 1 of 2 kinds\n");
}

#[test]
fn files_are_checked_with_line_and_column() {
    let checked =
        in_directory(&[("items.yaml", CRD), ("other.yaml", "kind: Item\n"), ("note.txt", "{")], &[]);
    assert_eq!(checked.status.code(), Some(1));
    let said = text(&checked.stdout);
    let findings: Vec<&str> = said.lines().filter(|line| !line.starts_with(' ')).collect();
    let start = "Item.shop.example.com: spec.validation.openAPIV3Schema";
    let size = format!("{start}.properties[size].x-kubernetes-validations");
    let names = format!("{start}.properties[names].x-kubernetes-validations[0].rule");
    assert_eq!(findings.len(), 5, "{said}");
    let expected = [
        format!("./items.yaml:22:15: {names}: estimated rule cost exceeds budget by factor of"),
        format!(
            "./items.yaml:27:15: {size}[0].messageExpression: messageExpression must evaluate to a string"
        ),
        format!("./items.yaml:28:15: {size}[1].rule: does not compile:"),
        format!("./items.yaml:22:15: {names}: contributed to estimated rule cost total"),
        format!("./items.yaml:14:7: {start}: x-kubernetes-validations estimated rule cost total"),
    ];
    for (finding, expected) in findings.iter().zip(&expected) {
        assert!(finding.starts_with(expected), "{finding}\n{expected}");
    }
    for part in [
        "\n   | self.all(a, self.exists(b, a != b))\n   | costs ",
        "; 10000000 are allowed",
        "\n  1:1: undeclared reference to 'slef' (in container '')\n   | slef > 0\n   | ^\n   | hint: did you mean `self`?",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert_eq!(text(&checked.stderr), "error: 5 complaints about 1 of 1 kind\n");
}

#[test]
fn lists_of_definitions_are_checked_too() {
    let indented: String = CRD.lines().map(|line| format!("  {line}\n")).collect();
    let list = format!("kind: List\nitems:\n- {}", indented.trim_start());
    let checked = in_directory(&[("all.yml", &list)], &[]);
    assert!(text(&checked.stdout).contains("./all.yml:24:17: Item.shop"), "{}", text(&checked.stdout));
}

#[test]
fn costs_are_listed_and_right_definitions_pass() {
    let right = CRD.replace("maxItems: 10000", "maxItems: 10").replace("slef", "self");
    let right = right.replace("messageExpression: self", "messageExpression: string(self)");
    let checked = in_directory(&[("items.yaml", &right)], &["--costs"]);
    assert!(checked.status.success(), "{}", text(&checked.stdout));
    let table = text(&checked.stdout);
    let lines: Vec<&str> = table.lines().collect();
    assert!(lines[0].starts_with("KIND") && lines[0].ends_with("RULE"), "{table}");
    assert!(lines[1].ends_with("self.all(a, self.exists(b, a != b))"), "{table}");
    assert!(lines[5].contains("  100000000  ") && lines[5].ends_with("(all)"), "{table}");
    assert_eq!(lines.len(), 6, "{table}");
    assert_eq!(text(&checked.stderr), "checked 1 kind\n");
}

#[test]
fn what_cannot_be_checked_is_named() {
    let nothing = in_directory(&[("other.yaml", "kind: Item\n")], &[]);
    assert_eq!(nothing.status.code(), Some(1));
    assert_eq!(text(&nothing.stderr), "error: .: no CustomResourceDefinition is there\n");

    let broken = in_directory(&[("broken.yaml", "a: [\n")], &[]);
    assert!(text(&broken.stderr).starts_with("error: ./broken.yaml:"), "{}", text(&broken.stderr));

    let absent = common::k1s_gen_in(Path::new("."), &["check", "nowhere.yaml"]);
    assert!(text(&absent.stderr).starts_with("error: nowhere.yaml: "), "{}", text(&absent.stderr));

    let both = k1s_gen(&["check", "a.yaml", "-p", "shop"]);
    assert_eq!(both.status.code(), Some(2));
}
