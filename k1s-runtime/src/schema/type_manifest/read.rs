//! JSON into [`TypeManifest`], strictly: a field that is unknown or of the wrong type is a problem, and reading goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use super::{API_VERSION, KIND, MAX_PROBLEMS, MAX_TYPES, TypeManifest};
use crate::api::definition::SchemaSource;
use crate::api::field::{BadValue, ErrorType, FieldError, Path};
use crate::api::{PrintColumn, ResourceDefinition, Scale, Scope, names};

/// How long a field's name may be for a hint at the one that was meant, in bytes.
const MAX_HINTED: usize = 64;

/// The manifest, and what is wrong with it. Where something is wrong, the manifest has what could be read.
pub(super) fn manifest(value: &Value) -> (TypeManifest, Vec<FieldError>) {
    let mut problems = Vec::new();
    let mut manifest = TypeManifest::new("", Vec::new());
    if let Some(mut root) = Fields::of(value, Path::ROOT, &mut problems) {
        root.constant("apiVersion", API_VERSION);
        root.constant("kind", KIND);
        root.object("metadata", true, |metadata| {
            manifest.name = metadata.text("name", true);
            let wrong = names::dns1123_subdomain(&manifest.name);
            if !manifest.name.is_empty() && !wrong.is_empty() {
                metadata.invalid("name", wrong.join(","));
            }
            manifest.labels = metadata.text_map("labels");
            manifest.annotations = metadata.text_map("annotations");
        });
        root.object("spec", true, |spec| manifest.types = types(spec));
        root.finish();
    }
    check_together(&manifest.types, &mut problems);
    (manifest, problems)
}

/// What types say of one another: none is there twice.
pub(super) fn check_together(types: &[ResourceDefinition], problems: &mut Vec<FieldError>) {
    let (mut kinds, mut resources) = (BTreeSet::new(), BTreeSet::new());
    for (index, definition) in types.iter().enumerate() {
        let (group, version) = (&definition.group, &definition.version);
        let mut twice = |field: &str, seen: bool, value: &str| {
            if seen && !value.is_empty() {
                let path = format!("spec.types[{index}].{field}");
                let detail = format!("version `{version}` of group `{group}` has it already");
                problems.push(FieldError::new(ErrorType::Duplicate, path, value, detail));
            }
        };
        twice("kind", !kinds.insert((group, version, &definition.kind)), &definition.kind);
        twice("plural", !resources.insert((group, version, &definition.plural)), &definition.plural);
    }
}

fn types(spec: &mut Fields<'_, '_>) -> Vec<ResourceDefinition> {
    let mut types = Vec::new();
    let mut stored = Vec::new();
    spec.objects("types", |entry| {
        let (definition, storage) = definition(entry);
        types.push(definition);
        stored.push(storage);
    });
    if types.is_empty() {
        spec.required("types");
    }
    if types.len() > MAX_TYPES {
        spec.report(
            ErrorType::TooMany,
            "types",
            Value::from(types.len()),
            format!("must have at most {MAX_TYPES} items"),
        );
    }
    // The only version of a kind is stored, unless it says otherwise.
    let mut versions: BTreeMap<(String, String), usize> = BTreeMap::new();
    for definition in &types {
        *versions.entry((definition.group.clone(), definition.plural.clone())).or_default() += 1;
    }
    for (definition, storage) in types.iter_mut().zip(stored) {
        let key = (definition.group.clone(), definition.plural.clone());
        definition.storage = storage.unwrap_or(versions.get(&key) == Some(&1));
    }
    types
}

/// One type; whether it says that it is stored.
fn definition(fields: &mut Fields<'_, '_>) -> (ResourceDefinition, Option<bool>) {
    let [group, version, kind, plural] =
        ["group", "version", "kind", "plural"].map(|field| fields.text(field, true));
    let mut definition = ResourceDefinition::new(&group, &version, &kind, &plural);
    for (field, name) in [("singular", &mut definition.singular), ("listKind", &mut definition.list_kind)] {
        let given = fields.text(field, false);
        if !given.is_empty() {
            *name = given;
        }
    }
    definition.short_names = fields.texts("shortNames");
    definition.categories = fields.texts("categories");
    definition.scope = scope(fields);
    definition.served = fields.flag("served").unwrap_or(true);
    let storage = fields.flag("storage");
    let deprecated = fields.flag("deprecated").unwrap_or_default();
    let warning = fields.text("deprecationWarning", false);
    if !deprecated && !warning.is_empty() {
        fields.invalid("deprecationWarning", "can only be set when deprecated is true");
    }
    definition.deprecated = deprecated.then_some(warning);
    definition.labels = fields.text_map("labels");
    definition.annotations = fields.text_map("annotations");
    definition.indexes = fields.texts("indexes");
    fields.object("subresources", false, |subresources| {
        subresources.object("status", false, |_| definition.status = true);
        subresources.object("scale", false, |scale| {
            let selector = scale.text("labelSelectorPath", false);
            definition.scale = Some(Scale {
                spec_replicas_path: scale.text("specReplicasPath", true),
                status_replicas_path: scale.text("statusReplicasPath", true),
                label_selector_path: Some(selector).filter(|path| !path.is_empty()),
            });
        });
    });
    if fields.has("printColumns") {
        let mut columns = Vec::new();
        fields.objects("printColumns", |fields| columns.push(column(fields)));
        definition.columns = Some(columns);
    }
    fields.objects("selectableFields", |field| {
        let path = field.text("jsonPath", true);
        definition.selectable_fields.push(path);
    });
    fields.object("schema", false, |schema| {
        if let Some(openapi) = schema.take("openAPIV3Schema") {
            definition.schema = SchemaSource::OpenApi(Arc::new(openapi.clone()));
        } else {
            schema.required("openAPIV3Schema");
        }
    });
    (definition, storage)
}

fn scope(fields: &mut Fields<'_, '_>) -> Scope {
    let word = fields.text("scope", false);
    let said = match word.as_str() {
        "" => None,
        "Namespaced" => Some(Scope::Namespaced),
        "Cluster" => Some(Scope::Cluster),
        _ => {
            let detail = "supported values: \"Cluster\", \"Namespaced\"";
            fields.report(ErrorType::NotSupported, "scope", word.as_str(), detail);
            None
        }
    };
    let flag = fields.flag("namespaced").map(|yes| if yes { Scope::Namespaced } else { Scope::Cluster });
    if let (Some(said), Some(flag)) = (said, flag)
        && said != flag
    {
        fields.invalid("namespaced", format!("scope is {}", said.as_str()));
    }
    flag.or(said).unwrap_or_default()
}

fn column(fields: &mut Fields<'_, '_>) -> PrintColumn {
    PrintColumn {
        name: fields.text("name", true),
        type_: fields.text("type", true),
        format: fields.text("format", false),
        description: fields.text("description", false),
        priority: fields.integer("priority"),
        json_path: fields.text("jsonPath", true),
    }
}

/// The fields of one object. What was not asked for when it is finished is unknown.
struct Fields<'v, 'c> {
    map: &'v Map<String, Value>,
    path: Path<'c>,
    known: Vec<&'static str>,
    problems: &'c mut Vec<FieldError>,
}

impl<'v, 'c> Fields<'v, 'c> {
    fn of(value: &'v Value, path: Path<'c>, problems: &'c mut Vec<FieldError>) -> Option<Self> {
        match value {
            Value::Object(map) => Some(Self { map, path, known: Vec::new(), problems }),
            other => {
                if problems.len() < MAX_PROBLEMS {
                    problems.push(wrong_type(path.to_string(), other, "an object"));
                }
                None
            }
        }
    }

    fn finish(self) {
        let room = MAX_PROBLEMS.saturating_sub(self.problems.len());
        for name in self.map.keys().filter(|name| !self.known.contains(&name.as_str())).take(room) {
            let distance =
                |known: &&&str| strsim::damerau_levenshtein(&name.to_lowercase(), &known.to_lowercase());
            let known = self.known.iter().filter(|_| name.len() <= MAX_HINTED);
            let nearest = known.min_by_key(distance).filter(|known| distance(known) <= 2);
            let detail = match nearest {
                Some(known) => format!("unknown field; did you mean `{known}`?"),
                None => "unknown field".to_owned(),
            };
            self.problems.push(FieldError::forbidden(self.path.field(name).to_string(), detail));
        }
    }

    /// The field's value; a null is none.
    fn take(&mut self, name: &'static str) -> Option<&'v Value> {
        self.known.push(name);
        self.map.get(name).filter(|value| !value.is_null())
    }

    fn has(&self, name: &str) -> bool {
        self.map.get(name).is_some_and(|value| !value.is_null())
    }

    fn report(&mut self, kind: ErrorType, name: &str, bad: impl Into<BadValue>, detail: impl Into<String>) {
        if self.problems.len() < MAX_PROBLEMS {
            let path = self.path.field(name).to_string();
            self.problems.push(FieldError::new(kind, path, bad, detail));
        }
    }

    fn required(&mut self, name: &str) {
        self.report(ErrorType::Required, name, BadValue::Omitted, "");
    }

    fn invalid(&mut self, name: &str, detail: impl Into<String>) {
        let value = self.map.get(name).cloned().unwrap_or_default();
        self.report(ErrorType::Invalid, name, value, detail);
    }

    fn wrong(&mut self, name: &str, value: &Value, expected: &str) {
        if self.problems.len() < MAX_PROBLEMS {
            let path = self.path.field(name).to_string();
            self.problems.push(wrong_type(path, value, expected));
        }
    }

    fn constant(&mut self, name: &'static str, expected: &str) {
        let found = self.text(name, true);
        if !found.is_empty() && found != expected {
            let detail = format!("supported values: \"{expected}\"");
            self.report(ErrorType::NotSupported, name, found.as_str(), detail);
        }
    }

    /// A text; empty if it is not there, or wrong.
    fn text(&mut self, name: &'static str, needed: bool) -> String {
        match self.take(name) {
            Some(Value::String(text)) if !(text.is_empty() && needed) => return text.clone(),
            None | Some(Value::String(_)) if needed => self.required(name),
            None | Some(Value::String(_)) => {}
            Some(other) => self.wrong(name, other, "a string"),
        }
        String::new()
    }

    fn flag(&mut self, name: &'static str) -> Option<bool> {
        match self.take(name) {
            None => None,
            Some(Value::Bool(flag)) => Some(*flag),
            Some(other) => {
                self.wrong(name, other, "a boolean");
                None
            }
        }
    }

    fn integer(&mut self, name: &'static str) -> i32 {
        let Some(value) = self.take(name) else { return 0 };
        let read = value.as_i64().and_then(|int| i32::try_from(int).ok());
        read.unwrap_or_else(|| {
            self.wrong(name, value, "an integer of 32 bits");
            0
        })
    }

    fn list(&mut self, name: &'static str) -> &'v [Value] {
        match self.take(name) {
            None => &[],
            Some(Value::Array(items)) => items,
            Some(other) => {
                self.wrong(name, other, "a list");
                &[]
            }
        }
    }

    fn texts(&mut self, name: &'static str) -> Vec<String> {
        let items = self.list(name);
        let mut texts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                other => self.wrong(&format!("{name}[{index}]"), other, "a string"),
            }
        }
        texts
    }

    fn text_map(&mut self, name: &'static str) -> BTreeMap<String, String> {
        let entries = match self.take(name) {
            None => return BTreeMap::new(),
            Some(Value::Object(entries)) => entries,
            Some(other) => {
                self.wrong(name, other, "an object");
                return BTreeMap::new();
            }
        };
        let mut texts = BTreeMap::new();
        for (key, value) in entries {
            match value {
                Value::String(text) => {
                    texts.insert(key.clone(), text.clone());
                }
                other => self.wrong(&format!("{name}[{key}]"), other, "a string"),
            }
        }
        texts
    }

    fn object(&mut self, name: &'static str, needed: bool, read: impl FnOnce(&mut Fields<'v, '_>)) {
        let Some(value) = self.take(name) else {
            if needed {
                self.required(name);
            }
            return;
        };
        let path = self.path;
        if let Some(mut fields) = Fields::of(value, path.field(name), self.problems) {
            read(&mut fields);
            fields.finish();
        }
    }

    fn objects(&mut self, name: &'static str, mut read: impl FnMut(&mut Fields<'v, '_>)) {
        let items = self.list(name);
        let path = self.path;
        let list = path.field(name);
        for (index, item) in items.iter().enumerate() {
            if let Some(mut fields) = Fields::of(item, list.index(index), self.problems) {
                read(&mut fields);
                fields.finish();
            }
        }
    }
}

fn wrong_type(path: String, value: &Value, expected: &str) -> FieldError {
    FieldError::new(ErrorType::TypeInvalid, path, value.clone(), format!("must be {expected}"))
}
