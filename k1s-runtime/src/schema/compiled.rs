//! [`CompiledSchema`]: the schema of one version of a kind, ready for admission.

use serde_json::{Map, Value};

use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::api::field::FieldError;

use super::from_rust::{OPENAPI_KEYWORD, Recursion, from_json_schema_with};
use super::node::Node;
use super::rules::{Findings, Rules};
use super::structural::{SchemaType, Structural};
use super::{Error, validate};

/// Which part of an object a request may change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The object.
    #[default]
    Whole,
    /// The status, on its own endpoint. Nothing else is checked then.
    Status,
}

/// The schema of one version of a kind, compiled once and used for every request.
///
/// ```
/// use k1s_runtime::api::ResourceDefinition;
/// use k1s_runtime::api::definition::SchemaSource;
/// use k1s_runtime::schema::{CompiledSchema, Part};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let mut item = ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
/// item.schema = SchemaSource::OpenApi(std::sync::Arc::new(serde_json::json!({
///     "type": "object",
///     "properties": {"spec": {"type": "object", "properties": {"quantity": {"type": "integer", "minimum": 0}}}},
/// })));
/// let schema = CompiledSchema::compile(&item)?;
/// let mut object = serde_json::from_str(r#"{"spec": {"quantity": -1, "colour": "red"}}"#)?;
/// assert_eq!(schema.prune(&mut object), ["spec.colour"]);
/// let errors = schema.validate(&object, None, Part::Whole);
/// assert_eq!(
///     errors[0].to_string(),
///     "spec.quantity: Invalid value: -1: spec.quantity in body should be greater than or equal to 0"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct CompiledSchema {
    structural: Structural,
    root: Node,
    /// None if there are no rules.
    rules: Option<Rules>,
}

impl CompiledSchema {
    /// Compiles the schema of a definition. `apiVersion`, `kind` and `metadata` need not be in it.
    ///
    /// # Errors
    /// When the schema cannot be read or expressed; see [`Error`].
    pub fn compile(definition: &ResourceDefinition) -> Result<Self, Error> {
        Self::structural_of(definition).map(Self::of)
    }

    /// The schema of a definition as data, without compiling it.
    ///
    /// # Errors
    /// As [`CompiledSchema::compile`].
    pub fn structural_of(definition: &ResourceDefinition) -> Result<Structural, Error> {
        match &definition.schema {
            SchemaSource::OpenApi(schema) => Structural::from_openapi(schema),
            SchemaSource::Deferred(place) => {
                Structural::from_openapi(&*place.load().map_err(Error::Unreadable)?)
            }
            SchemaSource::Rust(recipe) => from_rust(definition, &(recipe.root)()),
            SchemaSource::None => {
                let mut schema = Structural::of(SchemaType::Object);
                schema.extensions.preserve_unknown_fields = true;
                Ok(schema)
            }
        }
    }

    /// Compiles a schema that is at hand.
    pub fn of(structural: Structural) -> Self {
        let root = Node::build(&structural);
        let rules = root.has_rules.then(Rules::default);
        Self { structural, root, rules }
    }

    /// The schema as data.
    pub fn structural(&self) -> &Structural {
        &self.structural
    }

    /// Drops the fields that the schema does not know, in `metadata` too, and answers with their paths as the server's
    /// warnings write them (`spec.list[0].colour`), in their order.
    pub fn prune(&self, object: &mut Map<String, Value>) -> Vec<String> {
        self.root.prune_resource(object)
    }

    /// Fills in defaults, top down, and drops nulls that the schema does not allow.
    pub fn default(&self, object: &mut Map<String, Value>) {
        self.root.default_fields(object);
        self.root.drop_null_fields(object);
    }

    /// Fills in defaults, top down; nulls stay.
    pub fn fill_defaults(&self, object: &mut Map<String, Value>) {
        self.root.default_fields(object);
    }

    /// Drops nulls that the schema does not allow, as Rust's `None`s are written, without filling in defaults.
    pub fn drop_nulls(&self, object: &mut Map<String, Value>) {
        self.root.drop_null_fields(object);
    }

    /// Everything that is wrong with a pruned and defaulted object, but for its rules: [`CompiledSchema::check_rules`] comes after. The
    /// metadata of the object itself is looked at only as far as the schema speaks of it.
    ///
    /// `old` is the object that it replaces: what did not change does not have to satisfy a schema that did (ratcheting).
    pub fn validate(
        &self,
        object: &Map<String, Value>,
        old: Option<&Map<String, Value>>,
        part: Part,
    ) -> Vec<FieldError> {
        validate::object(&self.root, object, old, part)
    }

    /// The resources embedded in an object (`x-kubernetes-embedded-resource`), with their paths.
    ///
    /// The API server decodes `apiVersion`, `kind` and `metadata` of each as it decodes the object's own, and answers 400
    /// where that fails; that is a matter of decoding and not of the schema, so it is left to the caller.
    pub fn embedded_resources<'v>(
        &self,
        object: &'v Map<String, Value>,
    ) -> Vec<(String, &'v Map<String, Value>)> {
        validate::embedded_resources(&self.root, object)
    }

    /// Lets the caller write the resources embedded in an object as it writes the object's own metadata.
    pub fn visit_embedded_resources(
        &self,
        object: &mut Map<String, Value>,
        mut visit: impl FnMut(&mut Map<String, Value>),
    ) {
        if self.root.has_embedded {
            self.root.visit_embedded_fields(object, &mut visit);
        }
    }

    /// What the schema's rules (`x-kubernetes-validations`) say about an object, and about its change from `old`.
    ///
    /// `errors` is all else that is wrong with the object: some kinds of errors keep the server from evaluating rules, and it says so in
    /// one more error. Rules at values that an update leaves as they were yield warnings.
    ///
    /// ```
    /// # use k1s_runtime::schema::{CompiledSchema, Structural};
    /// # use serde_json::json;
    /// let schema = CompiledSchema::of(Structural::from_openapi(&json!({"type": "object", "properties": {"spec": {
    ///     "type": "object", "properties": {"min": {"type": "integer"}, "max": {"type": "integer"}},
    ///     "x-kubernetes-validations": [{"rule": "self.min <= self.max"}],
    /// }}}))?);
    /// let object = json!({"spec": {"min": 2, "max": 1}});
    /// let found = schema.check_rules(object.as_object().unwrap(), None, &[]);
    /// assert_eq!(found.errors[0].to_string(), "spec: Invalid value: failed rule: self.min <= self.max");
    /// # Ok::<(), k1s_runtime::schema::Error>(())
    /// ```
    pub fn check_rules(
        &self,
        object: &Map<String, Value>,
        old: Option<&Map<String, Value>>,
        errors: &[FieldError],
    ) -> Findings {
        let Some(rules) = &self.rules else { return Findings::default() };
        match validate::rules_not_checked(errors) {
            Some(error) => Findings { errors: vec![error], warnings: Vec::new() },
            None => rules.judge(&self.structural, object, old),
        }
    }
}

/// The schema of a kind that is a Rust type. What every kind's metadata looks like is not part of it.
fn from_rust(definition: &ResourceDefinition, root: &schemars::Schema) -> Result<Structural, Error> {
    let builtin = is_builtin(&definition.group);
    let recursion = if builtin { Recursion::Preserve } else { Recursion::Refuse };
    let mut root = root.clone();
    let layers = root.remove(OPENAPI_KEYWORD);
    let mut structural = from_json_schema_with(&root, recursion)?;
    structural.type_ = Some(SchemaType::Object);
    structural.properties.remove("metadata");
    structural
        .constraints
        .required
        .retain(|name| !matches!(name.as_str(), "apiVersion" | "kind" | "metadata"));
    if builtin {
        forget_formats(&mut structural);
    }
    // What an author says of `metadata` in OpenAPI's words is meant; what a Rust type says of it is implied.
    for layer in layers.as_ref().and_then(Value::as_array).into_iter().flatten() {
        structural = structural.overlaid(layer)?;
    }
    Ok(structural)
}

/// Whether a group is Kubernetes' own. Its kinds are decoded into Go structs, which look at types and not at formats.
fn is_builtin(group: &str) -> bool {
    !group.contains('.') || group.ends_with(".k8s.io")
}

fn forget_formats(schema: &mut Structural) {
    if schema.type_ == Some(SchemaType::String) {
        schema.format = None;
    }
    let additional = match &mut schema.additional {
        Some(super::Additional::Schema(schema)) => Some(&mut **schema),
        _ => None,
    };
    schema
        .properties
        .values_mut()
        .chain(additional)
        .chain(schema.items.as_deref_mut())
        .for_each(forget_formats);
}
