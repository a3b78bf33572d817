//! `k1s-gen convert`: the modules that it writes, and what it says of what it cannot convert.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

#[allow(dead_code, reason = "the other tests use the rest")]
mod common;

use common::{k1s_gen, k1s_gen_in, text};
use k1s_gen::convert::{self, Options};
use k1s_gen::source;

const OUTDATED: &str = "\
apiVersion: apiextensions.k8s.io/v1beta1
kind: CustomResourceDefinition
metadata: {name: olds.example.com}
";

const LAMP: &str = "\
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: lamps.light.example.com
spec:
  group: light.example.com
  scope: Namespaced
  names: {kind: Lamp, plural: lamps, singular: lamp, listKind: LampList}
  versions:
  - name: v1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties:
          spec: {type: object, properties: {watts: {type: integer, format: int32}}}
";

fn directory(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// `K1S_BLESS=1` writes the files instead.
#[test]
fn modules_are_as_recorded() {
    let golden = directory("golden/convert");
    let examples = directory("../../examples/inventory/crds");
    let definitions = source::of_files(&[directory("convert"), examples]).unwrap();
    let mut names = Vec::new();
    for definition in definitions {
        let modules = convert::modules(&definition, &Options::default()).unwrap();
        assert_eq!(modules, convert::modules(&definition, &Options::default()).unwrap());
        for module in modules {
            // Beside the name of a crate's module, so that no tool takes it for one.
            let path = golden.join(format!("{}.rs.txt", module.name));
            if std::env::var_os("K1S_BLESS").is_some() {
                fs::create_dir_all(&golden).unwrap();
                fs::write(&path, &module.source).unwrap();
            }
            let expected = fs::read_to_string(&path).unwrap_or_default();
            assert_eq!(module.source, expected, "{} differs; K1S_BLESS=1 accepts it", path.display());
            names.push(module.name);
        }
    }
    assert_eq!(
        names,
        [
            "cert_v1",
            "cluster_issuer_v1",
            "timed_job_v1",
            "timed_job_v1beta1",
            "timed_job_v1alpha1",
            "shape_v2",
            "category_v1alpha1",
            "item_v1alpha1",
        ]
    );
}

#[test]
fn what_can_be_converted_is() {
    let here = tempfile::tempdir().unwrap();
    let webhook = LAMP.replace("lamps", "fans").replace("Lamp", "Fan").replace("lamp", "fan").replace(
        "spec:\n  group",
        "spec:\n  conversion:\n    strategy: Webhook\n    webhook:\n      conversionReviewVersions: [v1]\n      clientConfig: {url: \
         \"https://fans.example.com\"}\n  group",
    );
    let files = [
        ("a-broken.yaml", "a: [\n".to_owned()),
        ("b-outdated.yaml", OUTDATED.to_owned()),
        ("c-refused.yaml", LAMP.replace("type: integer, format: int32", "minLength: 1")),
        ("d-version.yaml", LAMP.replace("name: v1\n", "name: next\n")),
        ("e-lamp.yaml", LAMP.to_owned()),
        ("f-fan.yaml", webhook),
        ("g-other.yaml", "kind: Item\n".to_owned()),
    ];
    for (name, text) in &files {
        fs::write(here.path().join(name), text).unwrap();
    }
    let out = here.path().join("src/api");
    let out = out.to_str().unwrap();
    let converted = k1s_gen_in(here.path(), &["convert", ".", "nowhere.yaml", "g-other.yaml", "-o", out]);
    assert_eq!(converted.status.code(), Some(1));
    let said = text(&converted.stderr);
    for expected in [
        "error: ./a-broken.yaml:",
        "error: ./b-outdated.yaml:1:1: olds.example.com is of apiextensions.k8s.io/v1beta1, which API servers no longer serve",
        "error: ./c-refused.yaml:17:45: an API server would refuse lamps.light.example.com:\n  spec.validation.openAPIV3Schema",
        "error: ./d-version.yaml:10:5: spec.versions[0].name: `next` is no version that `#[resource]` takes",
        "error: nowhere.yaml: ",
        "error: g-other.yaml: no CustomResourceDefinition is there",
        "warning: ./f-fan.yaml:6:3: spec.conversion: versions are converted by a webhook",
        "src/api/lamp_v1.rs\n",
        "src/api/mod.rs\n",
        "error: 6 of 8 inputs could not be converted\n",
    ] {
        assert!(said.contains(expected), "{expected}\n{said}");
    }
    let index = fs::read_to_string(here.path().join("src/api/mod.rs")).unwrap();
    assert!(index.ends_with("\npub mod fan_v1;\npub mod lamp_v1;\n"), "{index}");
}

#[test]
fn files_of_others_are_kept() {
    let here = tempfile::tempdir().unwrap();
    fs::write(here.path().join("lamp.yaml"), LAMP).unwrap();
    let run = |more: &[&str]| {
        let mut arguments = vec!["convert", "lamp.yaml", "-o", "api"];
        arguments.extend(more);
        k1s_gen_in(here.path(), &arguments)
    };
    assert!(run(&[]).status.success());
    let again = run(&[]);
    assert!(again.status.success() && again.stderr.is_empty(), "{}", text(&again.stderr));

    fs::write(here.path().join("api/lamp_v1.rs"), "// mine\n").unwrap();
    let refused = run(&["--derive", "Eq,schemars::JsonSchema"]);
    assert_eq!(refused.status.code(), Some(1));
    let said = text(&refused.stderr);
    assert_eq!(said, "error: api/lamp_v1.rs is there already and differs; `--force` overwrites it\n");
    assert!(run(&["--force", "--derive", "Eq,schemars::JsonSchema"]).status.success());
    let source = fs::read_to_string(here.path().join("api/lamp_v1.rs")).unwrap();
    assert!(source.contains("    Deserialize,\n    Eq,\n    schemars::JsonSchema\n)]"), "{source}");

    let wrong = run(&["--derive", "not a path"]);
    assert!(text(&wrong.stderr).contains("`not a path` is no derive"), "{}", text(&wrong.stderr));
    fs::write(here.path().join("same.yaml"), LAMP.replace("light", "other")).unwrap();
    let twice = k1s_gen_in(here.path(), &["convert", "lamp.yaml", "same.yaml", "-o", "both"]);
    assert!(text(&twice.stderr).contains("two modules would be named `lamp_v1`"), "{}", text(&twice.stderr));
    assert!(!here.path().join("both").exists());
}

#[test]
fn the_standard_input_is_read_and_modules_are_printed() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_k1s-gen"));
    command.args(["convert", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(LAMP.as_bytes()).unwrap();
    let printed = child.wait_with_output().unwrap();
    assert!(printed.status.success());
    let one = text(&printed.stdout);
    assert!(
        one.starts_with("//! lamps.light.example.com, v1.\n") && one.contains("pub watts: Option<i32>"),
        "{one}"
    );

    let crds = directory("../../examples/inventory/crds");
    let several = text(&k1s_gen(&["convert", crds.to_str().unwrap()]).stdout);
    assert!(
        several.contains("pub mod category_v1alpha1 {\n") && several.contains("pub mod item_v1alpha1 {\n")
    );
    assert_eq!(k1s_gen(&["convert"]).status.code(), Some(2));
}
