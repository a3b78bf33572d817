//! Definitions to Rust and back: what is generated of the converted types is what was converted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "helpers of tests")]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

#[allow(dead_code, reason = "the other tests use the rest")]
mod common;

use common::crate_with;
use k1s_gen::convert::{Options, modules};
use k1s_gen::extract::{self, Request};
use k1s_gen::source::{self, Definition};
use k1s_runtime::schema::{Structural, crd};
use serde_json::{Map, Value, json};

const WARNINGS: [&str; 3] = [
    "cel-metadata: spec.versions[0].schema.openAPIV3Schema.properties[e]: stands beside `spec`, where the type has no field for it; \
     the schema is as it was",
    "TimedJob.batch.example.com: spec.versions[2].schema.openAPIV3Schema: `spec` is no object, and the type has an empty one; the \
     schema is as it was",
    "Shape.odd.example.com: spec.versions[0].schema.openAPIV3Schema.properties[data]: stands beside `spec`, where the type has no \
     field for it; the schema is as it was",
];

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The definitions of the recorded scenarios that an API server takes, those written for this test, and those of the example.
fn definitions() -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for room in ["schema", "cel"] {
        let directory = workspace().join("tests/corpus").join(room);
        let mut files: Vec<PathBuf> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        for file in files {
            let scenario: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
            let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
            let crds = scenario["crds"].as_array().into_iter().flatten();
            found.extend(crds.map(|crd| (name.clone(), crd.clone())));
        }
    }
    let written = ["k1s-gen/tests/convert", "examples/inventory/crds"].map(|path| workspace().join(path));
    let written = source::of_files(&written).unwrap();
    found.extend(written.into_iter().map(|definition| (definition.kind(), definition.crd)));
    found.retain(|(_, crd)| crd::validate_crd(crd).is_empty());
    found
}

/// Gives a definition a group of its own: one crate holds them all.
fn alone(mut crd: Value, index: usize) -> Value {
    let group = format!("c{index}.{}", crd["spec"]["group"].as_str().unwrap());
    crd["metadata"]["name"] = format!("{}.{group}", crd["spec"]["names"]["plural"].as_str().unwrap()).into();
    crd["spec"]["group"] = group.into();
    crd
}

/// A definition without what says nothing, or what the server says of it.
fn normal(crd: &Value) -> Value {
    let mut metadata = Map::new();
    for field in ["name", "labels", "annotations"] {
        if crd["metadata"][field].as_object().is_none_or(|map| !map.is_empty())
            && !crd["metadata"][field].is_null()
        {
            metadata.insert(field.to_owned(), crd["metadata"][field].clone());
        }
    }
    let mut spec = crd["spec"].clone();
    let kind = spec["names"]["kind"].as_str().unwrap().to_owned();
    let names = spec["names"].as_object_mut().unwrap();
    // The server fills these in.
    names.entry("singular").or_insert_with(|| kind.to_lowercase().into());
    names.entry("listKind").or_insert_with(|| format!("{kind}List").into());
    names.retain(|_, value| *value != json!([]));
    let fields = spec.as_object_mut().unwrap();
    fields.entry("conversion").or_insert_with(|| json!({"strategy": "None"}));
    // `false` is all that a definition of v1 may say here.
    fields.remove("preserveUnknownFields");
    for version in spec["versions"].as_array_mut().unwrap() {
        let schema = Structural::from_openapi(&version["schema"]["openAPIV3Schema"]).unwrap();
        version["schema"]["openAPIV3Schema"] = schema.to_openapi();
        let version = version.as_object_mut().unwrap();
        version.retain(|_, value| {
            *value != json!([]) && *value != json!({}) && *value != false || value.is_boolean()
        });
        version.retain(|name, value| name != "deprecated" || *value == true);
        for column in
            version.get_mut("additionalPrinterColumns").and_then(Value::as_array_mut).into_iter().flatten()
        {
            column.as_object_mut().unwrap().retain(|_, value| *value != "" && *value != 0);
        }
    }
    // Their order is the generator's, most stable first; the server sorts them likewise when it answers.
    spec["versions"]
        .as_array_mut()
        .unwrap()
        .sort_by_key(|version| version["name"].as_str().unwrap().to_owned());
    json!({"metadata": metadata, "spec": spec})
}

#[test]
fn what_is_generated_of_the_types_is_what_was_converted() {
    let definitions = definitions();
    let manifest = crate_with("converted", "");
    let source = manifest.parent().unwrap().join("src");
    let (mut library, mut wanted) = (String::new(), BTreeMap::new());
    let mut warned: Vec<String> = Vec::new();
    for (index, (origin, crd)) in definitions.iter().enumerate() {
        let crd = alone(crd.clone(), index);
        let definition = Definition { crd: crd.clone(), origin: None };
        let converted = match modules(&definition, &Options::default()) {
            Ok(converted) => converted,
            Err(error) => {
                warned.push(format!("{origin}: {error}"));
                continue;
            }
        };
        let directory = source.join(format!("c{index}"));
        fs::create_dir_all(&directory).unwrap();
        writeln!(library, "pub mod c{index} {{").unwrap();
        for module in converted {
            writeln!(library, "    pub mod {};", module.name).unwrap();
            fs::write(directory.join(format!("{}.rs", module.name)), &module.source).unwrap();
            warned.extend(module.warnings.iter().map(|warning| format!("{origin}: {warning}")));
        }
        library.push_str("}\n");
        wanted.insert(crd["metadata"]["name"].as_str().unwrap().to_owned(), (origin.clone(), normal(&crd)));
    }
    fs::write(source.join("lib.rs"), format!("#![deny(warnings)]\n{library}")).unwrap();
    let request = Request { manifest_path: Some(manifest), ..Request::default() };
    let generated = extract::custom_resource_definitions(&request).unwrap_or_else(|error| panic!("{error}"));
    let mut wrong = Vec::new();
    for crd in &generated {
        let (origin, wanted) = wanted.remove(crd["metadata"]["name"].as_str().unwrap()).unwrap();
        let generated = normal(crd);
        if generated != wanted {
            let (wanted, generated) = (format!("{wanted:#}"), format!("{generated:#}"));
            let diff = similar::TextDiff::from_lines(&wanted, &generated);
            wrong.push(format!("{origin}:\n{}", diff.unified_diff().context_radius(4)));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ\n{}", wrong.len(), generated.len(), wrong.join("\n"));
    assert!(wanted.is_empty(), "nothing was generated of {:?}", wanted.keys());
    // What cannot be converted, and what the types have no place for; the schemas are as they were all the same.
    assert_eq!(warned, WARNINGS);
    assert!(generated.len() > 80, "{} definitions were found", generated.len());
}
