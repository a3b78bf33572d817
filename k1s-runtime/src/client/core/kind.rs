//! One version of a kind, made ready for requests: its names as messages need them, its rules, its compiled schema, and the
//! kind's other versions, which objects are converted from and to.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::api::ResourceDefinition;
use crate::api::status::{self, Subject};
use crate::client::kinds::Builtin;
use crate::client::managed::Types;
use crate::client::metadata::MetadataRules;
use crate::client::{Error, Result, shape};
use crate::schema::CompiledSchema;
use crate::scheme::{self, Scheme};

use super::author;

/// A version with its schema, which is built when it is first asked for.
pub(crate) struct Version {
    /// The definition.
    pub(crate) definition: Arc<ResourceDefinition>,
    /// `group/version`.
    pub(crate) api_version: String,
    schema: OnceLock<std::result::Result<CompiledSchema, String>>,
    types: OnceLock<Types>,
}

impl Version {
    fn new(definition: Arc<ResourceDefinition>) -> Self {
        Self {
            api_version: definition.api_version(),
            definition,
            schema: OnceLock::new(),
            types: OnceLock::new(),
        }
    }

    /// The compiled schema.
    ///
    /// # Errors
    /// 500 when the definition's schema is not one; registration of CustomResourceDefinitions refuses those. With debug assertions
    /// also when an API server would refuse a derived kind.
    pub(crate) fn schema(&self) -> Result<&CompiledSchema> {
        let compiled = self.schema.get_or_init(|| {
            author::complain(&self.definition)?;
            CompiledSchema::compile(&self.definition).map_err(|error| error.to_string())
        });
        compiled.as_ref().map_err(|message| Error::Api(status::internal(message)))
    }

    /// The types that ownership of its fields goes by.
    ///
    /// # Errors
    /// As [`Version::schema`].
    pub(crate) fn types(&self) -> Result<&Types> {
        if let Some(types) = self.types.get() {
            return Ok(types);
        }
        let types = match shape::root(&self.definition.group, &self.definition.kind) {
            Some(root) => Types::of_shape(root),
            None => Types::of_schema(self.schema()?.structural()),
        };
        Ok(self.types.get_or_init(|| types))
    }
}

/// All versions of a kind.
pub(crate) struct Family {
    /// Their definitions, the preferred one first.
    pub(crate) definitions: Vec<Arc<ResourceDefinition>>,
    versions: Vec<Arc<Version>>,
    storage: Arc<Version>,
}

impl Family {
    /// Makes a family of the versions of a kind.
    ///
    /// # Errors
    /// When it is not clear which of them is stored.
    fn new(definitions: Vec<Arc<ResourceDefinition>>) -> std::result::Result<Self, String> {
        let versions: Vec<_> = definitions.iter().map(|it| Arc::new(Version::new(it.clone()))).collect();
        let only = versions.first().filter(|_| versions.len() == 1);
        let stored = versions.iter().find(|version| version.definition.storage);
        match only.or(stored).cloned() {
            Some(storage) => Ok(Self { definitions, versions, storage }),
            None => {
                let checked = scheme::check_versions(&definitions);
                Err(checked
                    .err()
                    .map_or_else(|| "a kind without versions".to_owned(), |error| error.to_string()))
            }
        }
    }

    /// The version of this name.
    pub(crate) fn version(&self, api_version: &str) -> Option<&Arc<Version>> {
        self.versions.iter().find(|version| version.api_version == api_version)
    }

    /// The version that objects are stored in.
    pub(crate) fn storage(&self) -> &Arc<Version> {
        &self.storage
    }

    fn is_of(&self, definitions: &[Arc<ResourceDefinition>]) -> bool {
        self.definitions.len() == definitions.len()
            && self.definitions.iter().zip(definitions).all(|(ours, theirs)| Arc::ptr_eq(ours, theirs))
    }
}

/// A definition with what requests derive from it.
pub(crate) struct Kind {
    /// The definition.
    pub(crate) definition: Arc<ResourceDefinition>,
    /// `plural.group`: the resource in storage keys.
    pub(crate) resource: String,
    /// `group/version` of this version.
    pub(crate) api_version: String,
    /// The rules of a core kind, if it is one.
    pub(crate) builtin: Option<Builtin>,
    /// All versions of the kind.
    pub(crate) family: Arc<Family>,
    version: Arc<Version>,
    /// [`Scheme::changes`] when the family was last compared with the scheme's.
    seen: AtomicU64,
}

impl Kind {
    fn new(version: Arc<Version>, family: Arc<Family>, changes: u64) -> Self {
        let definition = version.definition.clone();
        Self {
            resource: definition.qualified_resource(),
            api_version: version.api_version.clone(),
            builtin: Builtin::of(&definition.group, &definition.kind),
            family,
            version,
            definition,
            seen: AtomicU64::new(changes),
        }
    }

    /// Whether objects are stored in this version.
    pub(crate) fn is_stored(&self) -> bool {
        Arc::ptr_eq(&self.version, &self.family.storage)
    }

    /// The resource, as most messages name it.
    pub(crate) fn subject(&self) -> Subject<'_> {
        Subject { group: &self.definition.group, resource: &self.definition.plural }
    }

    /// The kind, as `Invalid` messages name it.
    pub(crate) fn kind_subject(&self) -> Subject<'_> {
        Subject { group: &self.definition.group, resource: &self.definition.kind }
    }

    /// What it asks of metadata.
    pub(crate) fn metadata_rules(&self) -> MetadataRules {
        MetadataRules {
            namespaced: self.definition.is_namespaced(),
            name: Builtin::name_rule(self.builtin),
            qualified_finalizers: self.builtin.is_some(),
        }
    }

    /// Whether the server counts generations of its objects.
    pub(crate) fn has_generation(&self) -> bool {
        self.builtin.is_none_or(Builtin::has_generation)
    }

    /// Whether a write may come without a resourceVersion.
    pub(crate) fn allows_unconditional_update(&self) -> bool {
        self.builtin.is_some_and(Builtin::allows_unconditional_update)
    }

    /// This version.
    pub(crate) fn version(&self) -> &Version {
        &self.version
    }

    /// The compiled schema of this version.
    ///
    /// # Errors
    /// As [`Version::schema`].
    pub(crate) fn schema(&self) -> Result<&CompiledSchema> {
        self.version.schema()
    }
}

/// The kinds that have been used, by the address of their definition: it lives as long as its kind is here.
#[derive(Default)]
pub(crate) struct KindCache {
    kinds: RwLock<HashMap<usize, Arc<Kind>>>,
}

impl KindCache {
    /// The kind of a definition, prepared anew if the scheme has changed one of its versions; `None` if the scheme has lost the
    /// version meanwhile.
    ///
    /// # Errors
    /// 500 when it is not clear which version of the kind is stored.
    pub(crate) fn prepare(
        &self,
        scheme: &Scheme,
        definition: &Arc<ResourceDefinition>,
    ) -> Result<Option<Arc<Kind>>> {
        let address = Arc::as_ptr(definition).addr();
        let changes = scheme.changes();
        let known = self.kinds.read().unwrap_or_else(PoisonError::into_inner).get(&address).cloned();
        if let Some(kind) = &known
            && kind.seen.load(Ordering::Acquire) == changes
        {
            return Ok(Some(kind.clone()));
        }
        let definitions = scheme.versions(&definition.group, &definition.kind);
        if let Some(kind) = known.filter(|kind| kind.family.is_of(&definitions)) {
            kind.seen.store(changes, Ordering::Release);
            return Ok(Some(kind));
        }
        let family = Family::new(definitions).map_err(|why| Error::Api(status::internal(why)))?;
        let family = Arc::new(family);
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        // What the family replaces is of no more use.
        kinds.retain(|_, known| !is_version_of(&known.definition, &definition.group, &definition.kind));
        for version in &family.versions {
            let kind = Arc::new(Kind::new(version.clone(), family.clone(), changes));
            kinds.insert(Arc::as_ptr(&version.definition).addr(), kind);
        }
        // Not by its address: the definition itself may have been replaced since it was looked up.
        let asked = family.versions.iter().find(|version| version.definition.version == definition.version);
        Ok(asked.and_then(|version| kinds.get(&Arc::as_ptr(&version.definition).addr()).cloned()))
    }

    /// Forgets every version of a kind.
    pub(crate) fn forget(&self, group: &str, kind: &str) {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.retain(|_, known| !is_version_of(&known.definition, group, kind));
    }
}

fn is_version_of(known: &ResourceDefinition, group: &str, kind: &str) -> bool {
    known.group == group && known.kind == kind
}
