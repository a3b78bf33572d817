//! The extractor's source.

/// The program that is built: it prints a JSON object with the parts that its arguments name.
pub(super) const PROGRAM: &str = r#"//! Prints what a crate registers.

extern crate subject as _;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use k1s_runtime::api::{RbacRule, Registration, ResourceDefinition};
use k1s_runtime::schema::{crd, type_manifest::TypeManifest};
use k1s_runtime::serde_json::{self, Map, Value};

fn kinds() -> Vec<ResourceDefinition> {
    Registration::all().map(|kind| (kind.definition)()).collect()
}

fn part(name: &str) -> Result<Value, String> {
    match name {
        "crds" => crd::to_crds_json(kinds()).map(Value::Array).map_err(|error| error.to_string()),
        "types" => TypeManifest::new("types", kinds()).to_json().map_err(|error| error.to_string()),
        "rules" => {
            let rules: Vec<&RbacRule> = RbacRule::all().collect();
            serde_json::to_value(rules).map_err(|error| error.to_string())
        }
        other => Err(format!("no part is called {other}")),
    }
}

fn answer() -> Result<(), String> {
    let mut answer = Map::new();
    for name in env::args().skip(1) {
        let value = part(&name)?;
        answer.insert(name, value);
    }
    let text = Value::Object(answer).to_string();
    io::stdout().lock().write_all(text.as_bytes()).map_err(|error| error.to_string())
}

fn main() -> ExitCode {
    match answer() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr().lock(), "{error}");
            ExitCode::FAILURE
        }
    }
}
"#;
