//! CustomResourceDefinitions, read as a reference.

mod conditions;
mod facts;
mod fields;

use std::collections::{BTreeMap, BTreeSet};

use k1s_runtime::api::{ResourceDefinition, Scope};
use k1s_runtime::kube_core::Version as Priority;
use k1s_runtime::schema::crd::definitions;
use k1s_runtime::schema::{CompiledSchema, Structural};
use serde_json::Value;

use super::model::{Kind, Reference, Version};
use super::text::Text;
use super::{Error, anchor, example};

impl Reference {
    /// Reads CustomResourceDefinitions.
    ///
    /// # Errors
    /// When a definition or a schema cannot be read, and when two define one kind.
    pub fn read(crds: &[Value]) -> Result<Self, Error> {
        let mut by_name = BTreeMap::new();
        for crd in crds {
            let versions =
                definitions(crd).map_err(|source| Error::Definition { name: name(crd), source })?;
            let Some(first) = versions.first() else { continue };
            let key = (first.group.clone(), first.kind.clone());
            if by_name.insert(key, versions).is_some() {
                let (group, kind) = (&crd["spec"]["group"], &crd["spec"]["names"]["kind"]);
                return Err(Error::Twice { kind: format!("{}.{}", text(kind), text(group)) });
            }
        }
        let mut names = BTreeMap::<String, usize>::new();
        by_name.keys().for_each(|(_, kind)| *names.entry(kind.to_lowercase()).or_default() += 1);
        let kinds = by_name.into_iter().map(|((group, kind), versions)| {
            let lower = kind.to_lowercase();
            let unique = names.get(&lower) == Some(&1);
            // A kind that is not alone is named as it is written: names that differ in case alone stay apart.
            let id =
                if unique { anchor::segment(&lower) } else { anchor::below(&anchor::segment(&kind), &group) };
            Kind::of(id, versions)
        });
        Ok(Self { kinds: kinds.collect::<Result<_, Error>>()? })
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn name(crd: &Value) -> String {
    let spec = &crd["spec"];
    let candidates = [&crd["metadata"]["name"], &spec["names"]["kind"], &spec["names"]["plural"]];
    let found = candidates.into_iter().find_map(Value::as_str).filter(|name| !name.is_empty());
    found.unwrap_or("a CustomResourceDefinition without a name").to_owned()
}

impl Kind {
    fn of(id: String, mut definitions: Vec<ResourceDefinition>) -> Result<Self, Error> {
        definitions.sort_by_cached_key(|definition| {
            std::cmp::Reverse(Priority::parse(&definition.version).priority())
        });
        let mut seen = BTreeSet::new();
        let versions = definitions.iter().map(|definition| Version::of(&id, definition));
        let versions = versions.collect::<Result<Vec<_>, Error>>()?;
        if let Some(twice) = versions.iter().find(|version| !seen.insert(version.name.as_str())) {
            let kind = definitions.first().map(|first| format!("{}.{}", first.kind, first.group));
            return Err(Error::VersionTwice { kind: kind.unwrap_or_default(), version: twice.name.clone() });
        }
        let mut kind = Self {
            id,
            group: String::new(),
            kind: String::new(),
            plural: String::new(),
            singular: String::new(),
            short_names: Vec::new(),
            categories: Vec::new(),
            scope: Scope::Namespaced,
            versions,
        };
        // The names are those of all versions.
        if let Some(first) = definitions.into_iter().next() {
            kind.group = first.group;
            kind.kind = first.kind;
            kind.plural = first.plural;
            kind.singular = first.singular;
            kind.short_names = first.short_names;
            kind.categories = first.categories;
            kind.scope = first.scope;
        }
        Ok(kind)
    }
}

impl Version {
    fn of(kind_id: &str, definition: &ResourceDefinition) -> Result<Self, Error> {
        let schema = CompiledSchema::structural_of(definition).map_err(|source| Error::Definition {
            name: format!("{} {}", definition.qualified_resource(), definition.version),
            source,
        })?;
        let id = anchor::below(kind_id, &definition.version);
        Ok(Self {
            fields: fields::of_root(&schema, definition, &id),
            example: example::of(definition, &schema),
            description: description(&schema),
            conditions: conditions::of(&schema),
            rules: facts::rules(&schema),
            id,
            name: definition.version.clone(),
            api_version: definition.api_version(),
            served: definition.served,
            storage: definition.storage,
            deprecated: definition.deprecated.clone(),
            status: definition.status,
            scale: definition.scale.clone(),
            columns: definition.columns.clone().unwrap_or_default(),
            selectable_fields: definition.selectable_fields.clone(),
        })
    }
}

fn description(schema: &Structural) -> Text {
    schema.description.as_deref().map(Text::parse).unwrap_or_default()
}
