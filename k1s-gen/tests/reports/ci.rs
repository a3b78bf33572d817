//! The pre-commit hooks and the GitHub Action: that they are read as they should be, and call the program with what they are given.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

fn yaml(file: &str) -> Value {
    k1s_runtime::manifest::parse_yaml(read(file).as_bytes()).unwrap()
}

/// What is in the environment of the step that validates: `INPUT_FILES` and so on.
fn environment(action: &Value) -> BTreeSet<String> {
    let steps = action["runs"]["steps"].as_array().unwrap();
    steps.last().unwrap()["env"].as_object().unwrap().keys().cloned().collect()
}

#[test]
fn hooks_have_what_pre_commit_requires() {
    let hooks = yaml(".pre-commit-hooks.yaml");
    let hooks = hooks.as_array().unwrap();
    let ids: Vec<&str> = hooks.iter().map(|hook| hook["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["k1s-gen-validate", "k1s-gen-validate-system"]);
    for hook in hooks {
        for member in ["name", "description", "entry", "language"] {
            assert!(hook[member].is_string(), "{member} of {hook}");
        }
        assert_eq!(hook["require_serial"], true, "objects in two files are found by one process only");
    }
    assert!(root().join(hooks[0]["entry"].as_str().unwrap()).is_file());
    assert!(hooks[1]["entry"].as_str().unwrap().starts_with("k1s-gen validate"));
}

#[test]
fn every_input_of_the_action_reaches_the_script() {
    let action = yaml("action.yml");
    assert_eq!(action["runs"]["using"], "composite");
    let inputs = action["inputs"].as_object().unwrap();
    for (name, input) in inputs {
        assert!(input["description"].is_string() && input["default"].is_string(), "{name}");
    }
    let variable = |name: &String| format!("INPUT_{}", name.replace('-', "_").to_uppercase());
    assert_eq!(inputs.keys().map(variable).collect::<BTreeSet<_>>(), environment(&action));
    let script = read("scripts/validate-action");
    for variable in environment(&action) {
        assert!(script.contains(&variable), "{variable} is not used");
    }
    // Text of a pull request must not become part of a command.
    for step in action["runs"]["steps"].as_array().unwrap() {
        assert!(!step["run"].as_str().unwrap().contains("${{"), "{step}");
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::PermissionsExt as _;
    use std::process::{Command, Output};

    use super::*;

    /// Runs the action's script with inputs and a program that writes down what it is called with, and fails.
    fn run(directory: &Path, inputs: &[(&str, &str)]) -> (Output, String) {
        let program = directory.join("k1s-gen");
        let log = directory.join("log");
        let script = format!(
            "#!/bin/sh\nfor word; do printf '%s\\n' \"$word\"; done >> '{0}'\necho . >> '{0}'\nexit 3\n",
            log.display()
        );
        fs::write(&program, script).unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
        let mut command = Command::new("bash");
        command.arg(root().join("scripts/validate-action").canonicalize().unwrap()).current_dir(directory);
        command.env("INPUT_K1S_GEN", &program).envs(inputs.iter().copied());
        let output = command.output().unwrap();
        (output, fs::read_to_string(log).unwrap())
    }

    #[test]
    fn the_action_passes_its_inputs_on_word_by_word() {
        let directory = tempfile::tempdir().unwrap();
        let inputs = [
            ("INPUT_FILES", "a b.yaml\n\n-x.yaml\n"),
            ("INPUT_CRDS", "  crds \n$(touch hacked)\n"),
            ("INPUT_SKIP", "--verbose"),
            ("INPUT_IGNORE_MISSING_SCHEMAS", "true"),
            ("INPUT_ARGUMENTS", "--no-strict\n-n\n4\n"),
            ("INPUT_SARIF_FILE", "out.sarif"),
        ];
        let (output, log) = run(directory.path(), &inputs);
        assert_eq!(output.status.code(), Some(3), "the program's own code: {output:?}");
        let common = "validate\n--crds=crds\n--crds=$(touch hacked)\n--skip=--verbose\n--ignore-missing-schemas\n--no-strict\n-n\n4\n";
        let files = "--\na b.yaml\n-x.yaml\n.\n";
        assert_eq!(
            log,
            format!("{common}--output=sarif\n{files}{common}--output=github\n--summary\n{files}")
        );
        assert!(directory.path().join("out.sarif").exists() && !directory.path().join("hacked").exists());
    }

    #[test]
    fn the_action_validates_everything_if_nothing_is_said() {
        let directory = tempfile::tempdir().unwrap();
        let (_, log) = run(directory.path(), &[]);
        assert_eq!(log, "validate\n--output=github\n--summary\n--\n.\n.\n");
    }

    #[test]
    fn the_scripts_can_be_run() {
        for script in ["scripts/k1s-gen-validate", "scripts/validate-action"] {
            let path = root().join(script);
            assert!(fs::metadata(&path).unwrap().permissions().mode() & 0o111 != 0, "{script}");
            let checked = Command::new("bash").arg("-n").arg(&path).output().unwrap();
            assert!(checked.status.success(), "{checked:?}");
        }
    }
}
