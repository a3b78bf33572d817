//! What the API knows of one version of a kind: the content of one `spec.versions[]` entry of a
//! CustomResourceDefinition together with the names that its versions share.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use kube_core::{GroupVersionKind, GroupVersionResource};
use serde_json::Value;

use super::Conversion;

/// Whether objects of a kind live in namespaces.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Each object belongs to a namespace.
    #[default]
    Namespaced,
    /// Objects belong to the cluster (here: the tenant) as a whole.
    Cluster,
}

impl Scope {
    /// The word a CustomResourceDefinition uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Scope::Namespaced => "Namespaced",
            Scope::Cluster => "Cluster",
        }
    }
}

/// One entry of `additionalPrinterColumns`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintColumn {
    /// Header, as written by the author; printers show it in upper case.
    pub name: String,
    /// OpenAPI type: `integer`, `number`, `string`, `boolean` or `date`.
    pub type_: String,
    /// OpenAPI format, or empty.
    pub format: String,
    /// What the column shows; for `explain` and wide headers.
    pub description: String,
    /// Columns above 0 are shown with `-o wide` only.
    pub priority: i32,
    /// Simple JSONPath from the object's root, as `.spec.quantity`.
    pub json_path: String,
}

/// The scale subresource's paths.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scale {
    /// Where `spec.replicas` lives, as `.spec.quantity`.
    pub spec_replicas_path: String,
    /// Where `status.replicas` lives.
    pub status_replicas_path: String,
    /// Where the label selector in string form lives, if anywhere.
    pub label_selector_path: Option<String>,
}

/// Where the OpenAPI v3 schema of a version comes from.
///
/// It is a recipe and not a schema: a kind that is only read never builds one.
#[derive(Clone)]
pub enum SchemaSource {
    /// The `openAPIV3Schema` of a CustomResourceDefinition.
    OpenApi(Arc<Value>),
    /// Built from a Rust type through `schemars` when first asked for: a JSON Schema of the spec type,
    /// with every subschema inlined.
    Rust(RustSchema),
    /// An `openAPIV3Schema` that stays where the kind was found until it is first asked for.
    Deferred(Arc<dyn LoadSchema>),
    /// No schema: everything is kept and nothing is checked.
    None,
}

impl fmt::Debug for SchemaSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            SchemaSource::OpenApi(_) => "OpenApi",
            SchemaSource::Rust(_) => "Rust",
            SchemaSource::Deferred(_) => "Deferred",
            SchemaSource::None => "None",
        })
    }
}

/// Where a schema is that nobody has needed yet.
pub trait LoadSchema: Send + Sync {
    /// Reads the `openAPIV3Schema`. Whoever needs it more than once keeps what is made of it.
    ///
    /// # Errors
    /// Why it cannot be read any more, with the place where it should be.
    fn load(&self) -> Result<Arc<Value>, String>;
}

/// How a schema is read off a Rust type.
#[derive(Clone, Copy)]
pub struct RustSchema {
    /// JSON Schema of the whole object (`apiVersion`, `kind`, `metadata` may be left out; they are implied).
    pub root: fn() -> schemars::Schema,
}

/// One version of a kind.
#[derive(Clone, Debug)]
pub struct ResourceDefinition {
    /// API group; empty for the core group.
    pub group: String,
    /// Version, as `v1alpha1`.
    pub version: String,
    /// Kind, as `Item`.
    pub kind: String,
    /// Kind of the list, as `ItemList`.
    pub list_kind: String,
    /// Resource name: plural, lower case.
    pub plural: String,
    /// Singular name, lower case.
    pub singular: String,
    /// Short names, as `itm`.
    pub short_names: Vec<String>,
    /// Categories the kind belongs to, as `all`.
    pub categories: Vec<String>,
    /// Namespaced or cluster-scoped.
    pub scope: Scope,
    /// Whether the version answers requests.
    pub served: bool,
    /// Whether objects are stored in this version. Exactly one version of a kind is.
    pub storage: bool,
    /// `Some` if deprecated; the text is the warning to give, empty for the default one.
    pub deprecated: Option<String>,
    /// Whether the status subresource is enabled.
    pub status: bool,
    /// The scale subresource, if enabled.
    pub scale: Option<Scale>,
    /// Print columns besides the name. `None` means the default (`Age`).
    pub columns: Option<Vec<PrintColumn>>,
    /// Fields usable in field selectors besides `metadata.name` and `metadata.namespace`.
    pub selectable_fields: Vec<String>,
    /// Paths of plain members, as `.spec.category`, for which the store keeps an index: they can be used in field selectors, and a
    /// list that asks for a value looks at the objects that have it alone.
    pub indexes: Vec<String>,
    /// Annotations of the emitted CustomResourceDefinition.
    pub annotations: BTreeMap<String, String>,
    /// Labels of the emitted CustomResourceDefinition.
    pub labels: BTreeMap<String, String>,
    /// The schema's recipe.
    pub schema: SchemaSource,
    /// How objects of this version become objects of the kind's other versions.
    pub conversion: Conversion,
    /// The Rust type of the kind, if it has one; messages name it.
    pub rust_type: Option<&'static str>,
}

impl ResourceDefinition {
    /// A served, stored, namespaced definition with the conventional derived names, no columns and no schema.
    ///
    /// ```
    /// use k1s_runtime::api::ResourceDefinition;
    /// let item = ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
    /// assert_eq!((item.singular.as_str(), item.list_kind.as_str()), ("item", "ItemList"));
    /// ```
    pub fn new(group: &str, version: &str, kind: &str, plural: &str) -> Self {
        Self {
            group: group.to_owned(),
            version: version.to_owned(),
            kind: kind.to_owned(),
            list_kind: format!("{kind}List"),
            plural: plural.to_owned(),
            singular: kind.to_lowercase(),
            short_names: Vec::new(),
            categories: Vec::new(),
            scope: Scope::Namespaced,
            served: true,
            storage: true,
            deprecated: None,
            status: false,
            scale: None,
            columns: None,
            selectable_fields: Vec::new(),
            indexes: Vec::new(),
            annotations: BTreeMap::new(),
            labels: BTreeMap::new(),
            schema: SchemaSource::None,
            conversion: Conversion::None,
            rust_type: None,
        }
    }

    /// `group/version`, or the version alone in the core group.
    pub fn api_version(&self) -> String {
        if self.group.is_empty() { self.version.clone() } else { format!("{}/{}", self.group, self.version) }
    }

    /// Group, version and kind.
    pub fn gvk(&self) -> GroupVersionKind {
        GroupVersionKind { group: self.group.clone(), version: self.version.clone(), kind: self.kind.clone() }
    }

    /// Group, version and resource (the plural name).
    pub fn gvr(&self) -> GroupVersionResource {
        GroupVersionResource::gvr(&self.group, &self.version, &self.plural)
    }

    /// `plural.group`, or the plural alone in the core group: how Kubernetes names a resource in messages, and the
    /// name of its CustomResourceDefinition.
    pub fn qualified_resource(&self) -> String {
        if self.group.is_empty() { self.plural.clone() } else { format!("{}.{}", self.plural, self.group) }
    }

    /// `kind.group` in lower case, as kubectl prints an object's type: `item.inventory.example.com`.
    pub fn qualified_singular(&self) -> String {
        let kind = self.kind.to_lowercase();
        if self.group.is_empty() { kind } else { format!("{kind}.{}", self.group) }
    }

    /// The version as messages to authors name it: `v1`, or `v1 (shop::v1::Item)` if it is a Rust type.
    pub fn described_version(&self) -> String {
        match self.rust_type {
            Some(name) => format!("{} ({name})", self.version),
            None => self.version.clone(),
        }
    }

    /// Whether objects live in namespaces.
    pub fn is_namespaced(&self) -> bool {
        self.scope == Scope::Namespaced
    }
}
