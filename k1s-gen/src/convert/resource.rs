//! Kinds of CustomResourceDefinitions: names, versions, subresources and columns as attributes of the spec.

use k1s_runtime::api::object::METADATA_FIELDS;
use k1s_runtime::api::{PrintColumn, ResourceDefinition};
use k1s_runtime::schema::{Rule, SchemaType, Structural, crd};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::{Value, json};

use super::attributes::{is_taken, rule};
use super::model::{Kind, Rust};
use super::names::{self, Taken};
use super::paths::{first_field, is_version, shows};
use super::types::{Hint, Types, openapi};
use super::{Error, Warning, doc, literal};
use crate::source::Definition;

const API_VERSION: &str = "apiextensions.k8s.io/v1";

/// Names that a generated module uses.
const USED: &[&str] = &[
    "BTreeMap",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Eq",
    "Err",
    "From",
    "Hash",
    "IntOrString",
    "Into",
    "None",
    "Ok",
    "Option",
    "Ord",
    "PartialEq",
    "PartialOrd",
    "Resource",
    "Result",
    "Schema",
    "Self",
    "Send",
    "Serialize",
    "Some",
    "String",
    "Sync",
    "ToString",
    "Value",
    "Vec",
];

/// The versions of a kind.
///
/// # Errors
/// As [`super::modules`].
pub(super) fn read(definition: &Definition) -> Result<Vec<Kind>, Error> {
    let crd = &definition.crd;
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (name, version) = (text(&crd["metadata"]["name"]), text(&crd["apiVersion"]));
    if version != API_VERSION {
        return Err(Error::Outdated { place: definition.place("apiVersion"), name, version });
    }
    let faults = crd::validate_crd(crd);
    if let Some(first) = faults.first() {
        let place = definition.place(&first.field);
        let reasons = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        return Err(Error::Refused { place, name, reasons });
    }
    let refused = |source| Error::Schema { place: definition.place("spec"), path: "spec".to_owned(), source };
    let definitions = crd::definitions(crd).map_err(refused)?;
    definitions
        .iter()
        .enumerate()
        .map(|(index, version)| Reader::new(definition, version, index)?.kind())
        .collect()
}

/// Reads one version.
struct Reader<'a> {
    definition: &'a Definition,
    version: &'a ResourceDefinition,
    /// Path of the version, as `spec.versions[0]`.
    path: String,
    root: Structural,
    attributes: Vec<TokenStream>,
    /// What the macro is told of the whole object besides.
    opens_spec: bool,
    warnings: Vec<Warning>,
}

impl<'a> Reader<'a> {
    fn new(definition: &'a Definition, version: &'a ResourceDefinition, index: usize) -> Result<Self, Error> {
        let path = format!("spec.versions[{index}]");
        let schema = &definition.crd["spec"]["versions"][index]["schema"]["openAPIV3Schema"];
        let below = format!("{path}.schema.openAPIV3Schema");
        let root = Structural::from_openapi(schema).map_err(|source| Error::Schema {
            place: definition.place(&below),
            path: below.clone(),
            source,
        })?;
        let attributes = Vec::new();
        Ok(Self { definition, version, path, root, attributes, opens_spec: false, warnings: Vec::new() })
    }

    fn kind(mut self) -> Result<Kind, Error> {
        self.check_names()?;
        self.names();
        self.version();
        let version = self.version;
        let spec_name = format!("{}Spec", version.kind);
        let own = [
            version.kind.clone(),
            version.list_kind.clone(),
            format!("{}List", version.kind),
            spec_name.clone(),
        ];
        let used = USED.iter().map(|name| (*name).to_owned());
        let mut types = Types::new(Taken::of(used.chain(own)));
        let made = self.types(&mut types, &spec_name);
        self.scale();
        self.columns();
        self.selectable();
        self.metadata();
        self.conversion();
        self.whole(made);
        Ok(Kind {
            module: format!("{}_{}", names::snake(&version.kind), version.version),
            title: format!("{}, {}", version.qualified_resource(), version.version),
            resource: self.attributes,
            items: types.into_items(),
            warnings: self.warnings,
        })
    }

    fn push(&mut self, attribute: TokenStream) {
        self.attributes.push(attribute);
    }

    fn warn(&mut self, path: &str, what: impl Into<String>) {
        let place = self.definition.place(path);
        self.warnings.push(Warning { place, path: path.to_owned(), what: what.into() });
    }

    fn refuse(&self, path: &str, reason: String) -> Error {
        Error::Name { place: self.definition.place(path), path: path.to_owned(), reason }
    }

    /// Names that API servers take and the derive does not.
    fn check_names(&self) -> Result<(), Error> {
        let ResourceDefinition { group, version, kind, list_kind, .. } = self.version;
        if !group.contains('.') {
            return Err(self.refuse(
                "spec.group",
                format!("the group `{group}` has no dot, and `#[resource]` needs one"),
            ));
        }
        if !is_version(version) {
            let reason = format!(
                "`{version}` is no version that `#[resource]` takes: rename it, as `v1` or `v1alpha1`"
            );
            return Err(self.refuse(&format!("{}.name", self.path), reason));
        }
        for (path, name) in [("spec.names.kind", kind), ("spec.names.listKind", list_kind)] {
            let camel = name.starts_with(|first: char| first.is_ascii_uppercase());
            if !camel || !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
                return Err(self.refuse(path, format!("`{name}` is no name of a Rust type")));
            }
        }
        Ok(())
    }

    fn names(&mut self) {
        let ResourceDefinition { group, version, kind, plural, singular, list_kind, .. } = self.version;
        self.push(quote!(group = #group));
        self.push(quote!(version = #version));
        self.push(quote!(kind = #kind));
        self.push(quote!(plural = #plural));
        if *singular != kind.to_lowercase() {
            self.push(quote!(singular = #singular));
        }
        if *list_kind != format!("{kind}List") {
            self.push(quote!(list_kind = #list_kind));
        }
        let short_names = self.version.short_names.iter().map(|name| quote!(short_name = #name));
        self.attributes.extend(short_names);
        self.attributes.extend(self.version.categories.iter().map(|name| quote!(category = #name)));
        if !self.version.is_namespaced() {
            self.push(quote!(scope = "Cluster"));
        }
    }

    fn version(&mut self) {
        if !self.version.storage {
            self.push(quote!(storage = false));
        }
        if !self.version.served {
            self.push(quote!(served = false));
        }
        match self.version.deprecated.as_deref() {
            None => {}
            Some("") => self.push(quote!(deprecated)),
            Some(warning) => {
                let warning = literal::text(warning);
                self.push(quote!(deprecated = #warning));
            }
        }
    }

    /// Makes the types; answers with the schema that the derive makes of the whole object.
    fn types(&mut self, types: &mut Types, spec_name: &str) -> Structural {
        let spec = self.root.properties.get("spec").cloned();
        if spec.as_ref().is_none_or(|spec| spec.type_ != Some(SchemaType::Object)) {
            let path = format!("{}.schema.openAPIV3Schema", self.path);
            self.warn(&path, "`spec` is no object, and the type has an empty one; the schema is as it was");
        }
        for name in self.root.properties.keys() {
            if !["spec", "status", "apiVersion", "kind", "metadata"].contains(&name.as_str()) {
                let path = format!("{}.schema.openAPIV3Schema.properties[{name}]", self.path);
                let what =
                    "stands beside `spec`, where the type has no field for it; the schema is as it was";
                self.warnings.push(Warning {
                    place: self.definition.place(&path),
                    path,
                    what: what.to_owned(),
                });
            }
        }
        let object = spec.filter(|spec| spec.type_ == Some(SchemaType::Object));
        let object = object.unwrap_or_else(|| Structural::of(SchemaType::Object));
        let text = self.root.description.clone().or_else(|| object.description.clone());
        let made_spec = types.structure(spec_name, &object, text.as_deref());
        let mut made = Structural::of(SchemaType::Object);
        made.description = text.as_deref().and_then(doc::read_back);
        made.properties.insert("spec".to_owned(), made_spec);
        if self.root.constraints.required.iter().any(|name| name == "spec") {
            made.constraints.required.push("spec".to_owned());
        } else {
            self.push(quote!(optional_spec));
        }
        self.status(types, &mut made);
        made
    }

    fn status(&mut self, types: &mut Types, made: &mut Structural) {
        let status = self.root.properties.get("status");
        let subresource = self.version.status;
        let name = match status {
            None if !subresource => return,
            None => {
                made.properties.insert("status".to_owned(), super::attributes::anything());
                "Value".to_owned()
            }
            Some(status) => {
                let hint = Hint { owner: String::new(), name: format!("{}Status", self.version.kind) };
                let typed = types.value(status, &hint, false);
                made.properties.insert("status".to_owned(), typed.made);
                spelled(&typed.ty)
            }
        };
        self.push(quote!(status = #name));
        if !subresource {
            self.push(quote!(status_subresource = false));
        }
    }

    fn scale(&mut self) {
        let Some(scale) = &self.version.scale else { return };
        let (spec, status) = (&scale.spec_replicas_path, &scale.status_replicas_path);
        let selector = scale.label_selector_path.as_ref().map(|path| quote!(, label_selector_path = #path));
        let attribute = quote!(scale(spec_replicas_path = #spec, status_replicas_path = #status #selector));
        let paths = [Some(spec), Some(status), scale.label_selector_path.as_ref()];
        let known: Vec<bool> = paths.into_iter().flatten().map(|path| self.knows(path)).collect();
        if known.contains(&false) {
            let path = format!("{}.subresources.scale", self.path);
            self.warn(&path, "a path leads to no field of the schema, and the scale subresource is left out");
            return;
        }
        self.push(attribute);
    }

    fn columns(&mut self) {
        for (index, column) in self.version.columns.clone().into_iter().flatten().enumerate() {
            let path = format!("{}.additionalPrinterColumns[{index}].jsonPath", self.path);
            if !self.knows(&column.json_path) {
                let what = format!(
                    "`{}` leads to no field of the schema, and the column is left out",
                    column.json_path
                );
                self.warn(&path, what);
                continue;
            }
            self.push(print_column(&column));
        }
    }

    fn selectable(&mut self) {
        for (index, field) in self.version.selectable_fields.clone().iter().enumerate() {
            if self.knows(field) && field.starts_with(".spec") || field.starts_with(".status") {
                self.push(quote!(selectable_field = #field));
            } else {
                let path = format!("{}.selectableFields[{index}].jsonPath", self.path);
                self.warn(&path, format!("`{field}` is no field that a kind can select by, and is left out"));
            }
        }
    }

    /// Whether the derive takes a path from the object's root. It looks for the fields of a spec, unless it is told that there may be
    /// others.
    fn knows(&mut self, path: &str) -> bool {
        let Some((root, rest)) = first_field(path) else { return false };
        match root {
            "spec" => {
                let spec = self.root.properties.get("spec");
                let field = first_field(rest).and_then(|(name, _)| spec?.properties.get(name));
                // Columns and fields of other types than those of the values are refused too.
                self.opens_spec |=
                    field.is_none() || first_field(rest).is_some_and(|(_, rest)| rest.is_empty());
                true
            }
            "status" => self.version.status || self.root.properties.contains_key("status"),
            "metadata" => first_field(rest).is_none_or(|(name, _)| METADATA_FIELDS.contains(&name)),
            "apiVersion" | "kind" => true,
            other => self.root.properties.contains_key(other),
        }
    }

    fn metadata(&mut self) {
        // Once for all versions, as they are put together.
        if !self.version.storage {
            return;
        }
        for (key, value) in &self.version.labels {
            let (key, value) = (literal::text(key), literal::text(value));
            self.attributes.push(quote!(label(key = #key, value = #value)));
        }
        for (key, value) in &self.version.annotations {
            let (key, value) = (literal::text(key), literal::text(value));
            self.attributes.push(quote!(annotation(key = #key, value = #value)));
        }
    }

    fn conversion(&mut self) {
        if self.definition.crd["spec"]["conversion"]["strategy"] == "Webhook" && self.version.storage {
            let what = "versions are converted by a webhook: say `hub = ...` on the versions that are not stored, write the \
                        conversions as `From`, and name the webhook with `k1s-gen crd --conversion-webhook`";
            self.warn("spec.conversion", what);
        }
    }

    /// Whether a path leads to a field that the types have.
    fn has(&self, path: &str) -> bool {
        let Some((root, rest)) = first_field(path) else { return false };
        let Some(schema) = self.root.properties.get(root).filter(|_| matches!(root, "spec" | "status"))
        else {
            return false;
        };
        first_field(rest).is_none_or(|(name, _)| schema.properties.contains_key(name))
    }

    /// What is said of the whole object.
    fn whole(&mut self, mut made: Structural) {
        let rules = &self.root.extensions.validations;
        let plain = |rule: &Rule| {
            is_taken(rule, None) && rule.field_path.as_deref().is_none_or(|path| self.has(path))
        };
        if rules.iter().all(plain) {
            made.extensions.validations.clone_from(rules);
            self.attributes.extend(rules.iter().map(rule));
        }
        let mut layer = made.layer_to(&self.root).unwrap_or_else(|| json!({}));
        if self.opens_spec && self.needs_opening(&layer) {
            layer["properties"]["spec"]["properties"] = json!({});
        }
        if layer != json!({}) {
            self.push(openapi(&layer));
        }
    }

    /// Whether a path leads to a field of the spec that is not there or is shown as another type.
    fn needs_opening(&self, layer: &Value) -> bool {
        let spec = &layer["properties"]["spec"];
        if !spec["properties"].is_null() || (!spec.is_null() && !spec.is_object()) {
            return false;
        }
        let Some(spec) = self.root.properties.get("spec") else { return false };
        let misfit = |path: &str, column: Option<&str>| {
            let Some(("spec", rest)) = first_field(path) else { return false };
            let Some((name, rest)) = first_field(rest) else { return false };
            match spec.properties.get(name) {
                None => true,
                Some(field) => rest.is_empty() && column.is_some_and(|column| !shows(field, column)),
            }
        };
        let columns = self.version.columns.iter().flatten();
        let scale = self.version.scale.iter().flat_map(|scale| {
            [Some(&scale.spec_replicas_path), scale.label_selector_path.as_ref()].into_iter().flatten()
        });
        columns.into_iter().any(|column| misfit(&column.json_path, Some(&column.type_)))
            || scale.chain(&self.version.selectable_fields).any(|path| misfit(path, None))
    }
}

fn print_column(column: &PrintColumn) -> TokenStream {
    let PrintColumn { name, type_, format, description, priority, json_path } = column;
    let (name, json_path) = (literal::text(name), literal::text(json_path));
    let optional = |field: TokenStream, text: &str| {
        let written = literal::text(text);
        (!text.is_empty()).then(|| quote!(, #field = #written))
    };
    let (description, format) =
        (optional(quote!(description), description), optional(quote!(format), format));
    let priority = (*priority != 0).then(|| {
        let number = literal::number(&(*priority).into());
        quote!(, priority = #number)
    });
    quote!(print_column(name = #name, type = #type_, json_path = #json_path #description #format #priority))
}

/// A type as `status` takes it.
fn spelled(ty: &Rust) -> String {
    match ty {
        Rust::Named(name) => name.clone(),
        other => super::emit::rust(other).to_string().replace(' ', ""),
    }
}
