//! A CustomResourceDefinition, and then objects, as documents of one stream. Admission answers; what can be compiled prunes and
//! defaults once and for all, validates, and is written as it was read.
#![no_main]

use k1s_runtime::k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use k1s_runtime::manifest::decode;
use k1s_runtime::schema::crd::{definitions, to_crd_json, validate_crd, warnings};
use k1s_runtime::schema::type_manifest::TypeManifest;
use k1s_runtime::schema::{CompiledSchema, JsonSchemaOptions, Part, Structural, json_schema};
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|bytes: &[u8]| {
    let mut documents = decode("t", bytes).map_while(Result::ok).map(|document| document.value);
    let Some(crd) = documents.next() else { return };
    if crd["kind"] == "PluginTypeManifest"
        && let Ok(manifest) = TypeManifest::parse("types.yaml", bytes)
    {
        check_types(manifest);
    }
    let errors = validate_crd(&crd);
    errors.iter().for_each(|error| assert!(!error.to_string().is_empty()));
    warnings(&crd);
    let Ok(definitions) = definitions(&crd) else { return };
    // Admission is for what could be decoded: it does not look at the types of keywords.
    let decoded = serde_json::from_value::<CustomResourceDefinition>(crd).is_ok();
    if decoded && errors.is_empty() {
        let written = to_crd_json(&definitions).expect("what is admitted can be written");
        assert_eq!(validate_crd(&written), [], "what is admitted is admitted again");
        check_types(TypeManifest::new("plugin", definitions.clone()));
    }
    let objects: Vec<Map<String, Value>> = documents
        .take(4)
        .filter_map(|value| match value {
            Value::Object(map) => Some(map),
            _ => None,
        })
        .collect();
    for definition in &definitions {
        let Ok(schema) = CompiledSchema::compile(definition) else { continue };
        check_emission(schema.structural());
        json_schema(definition, &JsonSchemaOptions::default()).expect("what compiles can be written");
        objects.iter().for_each(|object| check_object(&schema, object));
    }
});

fn check_emission(schema: &Structural) {
    let openapi = schema.to_openapi();
    let again = Structural::from_openapi(&openapi).expect("what was written is readable");
    assert_eq!(&again, schema);
    assert_eq!(again.to_openapi(), openapi);
}

fn check_types(manifest: TypeManifest) {
    let text = manifest.to_yaml().expect("what is admitted can be written");
    let again = TypeManifest::parse("types.yaml", text.as_bytes()).expect("what is admitted is a type");
    assert_eq!(again.to_yaml().expect("what was read can be written"), text);
}

fn check_object(schema: &CompiledSchema, original: &Map<String, Value>) {
    let mut object = original.clone();
    schema.prune(&mut object);
    let pruned = object.clone();
    assert!(schema.prune(&mut object).is_empty(), "pruning is idempotent");
    assert_eq!(object, pruned, "pruning is idempotent");
    schema.default(&mut object);
    let defaulted = object.clone();
    schema.default(&mut object);
    assert_eq!(object, defaulted, "defaulting is idempotent");
    for part in [Part::Whole, Part::Status] {
        let errors = schema.validate(&object, None, part);
        errors.iter().for_each(|error| assert!(!error.to_string().is_empty()));
        assert!(schema.validate(&object, Some(&object), part).len() <= errors.len(), "no change is no harm");
        schema.validate(&object, Some(original), part);
    }
    schema.embedded_resources(&object);
}
