//! One version of a kind, made ready for requests: its names as messages need them, its rules and its compiled schema.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use crate::api::ResourceDefinition;
use crate::api::definition::SchemaSource;
use crate::api::status::{self, Subject};
use crate::client::kinds::Builtin;
use crate::client::metadata::MetadataRules;
use crate::client::{Error, Result};
use crate::schema::{CompiledSchema, crd};

/// A definition with what requests derive from it.
pub(crate) struct Kind {
    /// The definition.
    pub(crate) definition: Arc<ResourceDefinition>,
    /// `plural.group`: the resource in storage keys.
    pub(crate) resource: String,
    /// `group/version` of this version.
    pub(crate) api_version: String,
    /// `group/version` that objects are stored in.
    pub(crate) stored_api_version: String,
    /// The rules of a core kind, if it is one.
    pub(crate) builtin: Option<Builtin>,
    schema: OnceLock<std::result::Result<Arc<CompiledSchema>, String>>,
}

impl Kind {
    fn new(definition: Arc<ResourceDefinition>, storage: Option<&ResourceDefinition>) -> Self {
        Self {
            resource: definition.qualified_resource(),
            api_version: definition.api_version(),
            stored_api_version: storage.unwrap_or(&definition).api_version(),
            builtin: Builtin::of(&definition.group, &definition.kind),
            schema: OnceLock::new(),
            definition,
        }
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

    /// The compiled schema; built when it is first asked for.
    ///
    /// # Errors
    /// 500 when the definition's schema is not one; registration of CustomResourceDefinitions refuses those. With debug assertions
    /// also when an API server would refuse the CustomResourceDefinition of a derived kind.
    pub(crate) fn schema(&self) -> Result<&CompiledSchema> {
        let compiled = self.schema.get_or_init(|| {
            self.complain()?;
            CompiledSchema::compile(&self.definition).map(Arc::new).map_err(|error| error.to_string())
        });
        match compiled {
            Ok(schema) => Ok(schema),
            Err(message) => Err(Error::Api(status::internal(message))),
        }
    }

    /// Tells the author of a derived kind what its macro could not see: rules and defaults of nested types. Only while developing: a
    /// program that is out does not stop working for it.
    fn complain(&self) -> std::result::Result<(), String> {
        let is_derived = matches!(self.definition.schema, SchemaSource::Rust(_)) && self.builtin.is_none();
        if !cfg!(debug_assertions) || !is_derived {
            return Ok(());
        }
        let ResourceDefinition { kind, .. } = &*self.definition;
        let alone = std::slice::from_ref(&*self.definition);
        let crd = crd::to_crd_json(alone).map_err(|error| error.to_string())?;
        let complaints = crd::complaints(&crd);
        if complaints.is_empty() {
            return Ok(());
        }
        let listed: String = complaints
            .iter()
            .map(|complaint| format!("\n{complaint}"))
            .collect::<String>()
            .replace('\n', "\n  ");
        let version = self.definition.api_version();
        Err(format!(
            "an API server would refuse the kind {kind} of {version}, as `k1s-gen check` tells ahead and a build without debug \
             assertions does not:{listed}"
        ))
    }
}

/// The kinds that have been used, by the address of their definition: it lives as long as its kind is here.
#[derive(Default)]
pub(crate) struct KindCache {
    kinds: RwLock<HashMap<usize, Arc<Kind>>>,
}

impl KindCache {
    /// The kind of a definition, prepared anew if the definition or its kind's storage version has changed.
    pub(crate) fn prepare(
        &self,
        definition: &Arc<ResourceDefinition>,
        storage: impl FnOnce() -> Option<Arc<ResourceDefinition>>,
    ) -> Arc<Kind> {
        let address = Arc::as_ptr(definition).addr();
        let known = self.kinds.read().unwrap_or_else(PoisonError::into_inner).get(&address).cloned();
        if let Some(kind) = known {
            return kind;
        }
        let storage = if definition.storage { None } else { storage() };
        let kind = Arc::new(Kind::new(definition.clone(), storage.as_deref()));
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        // What it replaces is of no more use.
        kinds.retain(|_, known| !is_version_of(&known.definition, definition));
        kinds.insert(address, kind.clone());
        kind
    }

    /// Forgets every version of a kind.
    pub(crate) fn forget(&self, group: &str, kind: &str) {
        let mut kinds = self.kinds.write().unwrap_or_else(PoisonError::into_inner);
        kinds.retain(|_, known| known.definition.group != group || known.definition.kind != kind);
    }
}

fn is_version_of(known: &ResourceDefinition, definition: &ResourceDefinition) -> bool {
    (&known.group, &known.version, &known.kind) == (&definition.group, &definition.version, &definition.kind)
}
