//! [`TypeManifest`]: the kinds that a plugin brings, as the plugin's `types.yaml` says them.
//!
//! ```yaml
//! apiVersion: k1s.io/v1alpha1
//! kind: PluginTypeManifest
//! metadata:
//!   name: inventory-plugin
//! spec:
//!   types:
//!   - group: inventory.example.com
//!     version: v1alpha1
//!     kind: Item
//!     plural: items
//!     shortNames: [itm]
//!     namespaced: true
//!     printColumns:
//!     - {name: Quantity, type: integer, jsonPath: .spec.quantity}
//!     schema:
//!       openAPIV3Schema: {type: object}
//! ```
//!
//! Each type is one version of a kind, and has what an entry of a CustomResourceDefinition's `spec.versions` has: `served`, `storage`,
//! `deprecated`, `deprecationWarning`, `subresources`, `selectableFields` and `schema` mean the same here and there; the names of the kind
//! (`singular`, `listKind`, `shortNames`, `categories`), `labels`, `annotations` and `indexes` (JSONPaths) stand beside them. `namespaced` is true
//! unless said; `scope: Cluster` says the same as `namespaced: false`. The only version of a kind is stored; of several, one says
//! `storage: true`.

mod admission;
mod read;
mod write;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use serde_json::Value;

use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::api::field::{BadValue, ErrorType, FieldError};
use crate::manifest::{self, Document, Limits, Location, Options, decode_with};

use super::Error;

/// `apiVersion` of a type manifest.
pub const API_VERSION: &str = "k1s.io/v1alpha1";

/// `kind` of a type manifest.
pub const KIND: &str = "PluginTypeManifest";

/// How many types one manifest may have.
pub const MAX_TYPES: usize = 1000;

/// How many wrong fields are told at once.
pub const MAX_PROBLEMS: usize = 100;

/// How many bytes a manifest may have: API servers take about as much of one object.
pub const MAX_BYTES: u64 = 4 << 20;

/// What the decoder takes.
const LIMITS: Limits = Limits {
    source_bytes: MAX_BYTES as usize,
    documents: 16,
    scalar_bytes: 1 << 20,
    depth: 120,
    nodes: 500_000,
    alias_bytes: 4 << 20,
};

/// The kinds that a plugin brings; see [the module](self) for the format.
///
/// ```
/// use k1s_runtime::schema::type_manifest::TypeManifest;
/// let text = b"
/// apiVersion: k1s.io/v1alpha1
/// kind: PluginTypeManifest
/// metadata: {name: inventory-plugin}
/// spec:
///   types:
///   - {group: inventory.example.com, version: v1, kind: Item, plural: items, shortNames: [itm]}
/// ";
/// let manifest = TypeManifest::parse("types.yaml", text)?;
/// assert_eq!(manifest.types[0].qualified_resource(), "items.inventory.example.com");
///
/// let wrong = TypeManifest::parse("types.yaml", &text[..text.len() - 22]).unwrap_err();
/// assert!(wrong.to_string().starts_with("types.yaml:"));
/// # Ok::<(), k1s_runtime::schema::type_manifest::TypeManifestError>(())
/// ```
#[derive(Clone, Debug)]
pub struct TypeManifest {
    /// `metadata.name`: the plugin's name.
    pub name: String,
    /// `metadata.labels`.
    pub labels: BTreeMap<String, String>,
    /// `metadata.annotations`.
    pub annotations: BTreeMap<String, String>,
    /// One definition for each version of each kind, in the order of `spec.types`.
    pub types: Vec<ResourceDefinition>,
}

/// A type manifest that cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TypeManifestError {
    /// The text cannot be decoded, or a limit was hit.
    #[error(transparent)]
    Text(#[from] manifest::Error),
    /// There is not exactly one document.
    #[error("{source_name}: a type manifest is one document, not {found}")]
    Documents {
        /// Name of the source.
        source_name: Arc<str>,
        /// How many there are; more than two are not counted.
        found: usize,
    },
    /// Fields are wrong; each is told in a line of its own, up to [`MAX_PROBLEMS`].
    #[error("{}", lines(.0))]
    Fields(Vec<Problem>),
    /// A type cannot be written: its schema cannot be expressed.
    #[error(transparent)]
    Schema(#[from] Error),
}

/// One wrong field.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// Where the field stands; the nearest one that is there, if it is missing. `None` if the manifest was never a text.
    pub location: Option<Location>,
    /// What is wrong, with the field's path.
    pub error: FieldError,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        self.error.fmt(f)
    }
}

fn lines(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

impl TypeManifest {
    /// A manifest of these types.
    pub fn new(name: &str, types: Vec<ResourceDefinition>) -> Self {
        Self { name: name.to_owned(), labels: BTreeMap::new(), annotations: BTreeMap::new(), types }
    }

    /// Reads a manifest (YAML or JSON) and checks it: the types are held to what an API server demands of a
    /// CustomResourceDefinition.
    ///
    /// # Errors
    /// Every field that is unknown, missing or wrong, with its place and path; a text that cannot be decoded.
    pub fn parse(source: &str, text: &[u8]) -> Result<Self, TypeManifestError> {
        let manifest = read_text(source, text)?;
        let problems = admission::problems(&manifest.types);
        if problems.is_empty() { Ok(manifest) } else { Err(located(problems, source, text)) }
    }

    /// Reads a manifest that [`TypeManifest::parse`] has taken before, without looking at names, columns and schemas again.
    ///
    /// # Errors
    /// As [`TypeManifest::parse`], for what it looks at: the fields that there are, their types, and that no type is there twice.
    pub fn parse_unchecked(source: &str, text: &[u8]) -> Result<Self, TypeManifestError> {
        read_text(source, text)
    }

    /// Reads what [`TypeManifest::to_json`] gives; as [`TypeManifest::parse_unchecked`], which see.
    ///
    /// # Errors
    /// Every field that is unknown, missing or of the wrong type, without places.
    pub fn from_json(value: &Value) -> Result<Self, TypeManifestError> {
        let (manifest, problems) = read::manifest(value);
        if problems.is_empty() { Ok(manifest) } else { Err(unlocated(problems)) }
    }

    /// Checks a manifest that was made in memory, as [`TypeManifest::parse`] does.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(&self) -> Result<(), TypeManifestError> {
        let mut problems = Vec::new();
        read::check_together(&self.types, &mut problems);
        problems.extend(admission::problems(&self.types));
        if problems.is_empty() {
            return Ok(());
        }
        Err(unlocated(problems))
    }

    /// The manifest as JSON, in one way only: what says nothing is left out.
    ///
    /// # Errors
    /// When the schema of a type cannot be read or expressed.
    pub fn to_json(&self) -> Result<Value, TypeManifestError> {
        write::manifest(self)
    }

    /// The text of `types.yaml`. [`TypeManifest::parse`] reads it back as it was.
    ///
    /// # Errors
    /// As [`TypeManifest::to_json`].
    pub fn to_yaml(&self) -> Result<String, TypeManifestError> {
        self.to_json().map(|json| manifest::to_yaml(&json))
    }
}

/// The manifest of a text. Places are kept only for one that has problems, by reading it once more.
fn read_text(source: &str, text: &[u8]) -> Result<TypeManifest, TypeManifestError> {
    let mut document = document(source, text, false)?;
    let schemas = take_schemas(&mut document.value);
    let (mut manifest, mut problems) = read::manifest(&document.value);
    for (definition, schema) in manifest.types.iter_mut().zip(schemas) {
        if let (SchemaSource::OpenApi(place), Some(schema)) = (&mut definition.schema, schema) {
            *place = Arc::new(schema);
        }
    }
    for duplicate in &document.duplicates {
        let path = duplicate.path.as_str();
        problems.push(FieldError::new(
            ErrorType::Duplicate,
            path,
            BadValue::Omitted,
            "the field is there twice",
        ));
    }
    if problems.is_empty() { Ok(manifest) } else { Err(located(problems, source, text)) }
}

/// Takes the schema out of each type, so that it need not be copied; something that is no schema stands in its place.
fn take_schemas(manifest: &mut Value) -> Vec<Option<Value>> {
    let types = manifest.pointer_mut("/spec/types").and_then(Value::as_array_mut);
    let take = |entry: &mut Value| {
        let schema = entry.pointer_mut("/schema/openAPIV3Schema").filter(|schema| schema.is_object())?;
        Some(std::mem::replace(schema, Value::Bool(true)))
    };
    types.map(|types| types.iter_mut().map(take).collect()).unwrap_or_default()
}

fn document(source: &str, text: &[u8], positions: bool) -> Result<Document, TypeManifestError> {
    let options = Options { limits: LIMITS, positions };
    let mut documents = decode_with(source, text, options).take(2);
    let first = documents.next().transpose()?;
    let found = usize::from(first.is_some()) + usize::from(documents.next().transpose()?.is_some());
    match (first, found) {
        (Some(document), 1) => Ok(document),
        _ => Err(TypeManifestError::Documents { source_name: Arc::from(source), found }),
    }
}

fn located(problems: Vec<FieldError>, source: &str, text: &[u8]) -> TypeManifestError {
    let document = match document(source, text, true) {
        Ok(document) => document,
        Err(error) => return error,
    };
    let source: Arc<str> = Arc::from(source);
    let problem = |error: FieldError| {
        let place = document.positions.nearest(&error.field);
        let location = place.map(|place| Location { source: source.clone(), position: place.start() });
        Problem { location, error }
    };
    TypeManifestError::Fields(problems.into_iter().take(MAX_PROBLEMS).map(problem).collect())
}

fn unlocated(problems: Vec<FieldError>) -> TypeManifestError {
    let problems = problems.into_iter().take(MAX_PROBLEMS).map(|error| Problem { location: None, error });
    TypeManifestError::Fields(problems.collect())
}
