//! What manifests are validated against: the kinds of CustomResourceDefinitions and type manifests beside the core kinds, judged as an API
//! server judges them, and JSON Schemas for the rest.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::client::Reviewer;
use k1s_runtime::schema::crd;
use k1s_runtime::schema::type_manifest::TypeManifest;
use k1s_runtime::scheme::Scheme;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::error::Error;
use super::location::Locations;
use crate::source::Definition;

/// The schemas of a run. Safe to share between threads.
pub struct Schemas {
    reviewer: Reviewer,
    locations: Locations,
    /// Of everything that was added.
    digest: Sha256,
    /// CustomResourceDefinitions that were added, by kind, with their places.
    added: HashMap<String, (Value, String)>,
}

impl Default for Schemas {
    fn default() -> Self {
        Self::new()
    }
}

impl Schemas {
    /// The core kinds.
    pub fn new() -> Self {
        Self::of(Arc::new(Scheme::new()))
    }

    /// The kinds of a scheme, which may change while they are used.
    pub fn of(scheme: Arc<Scheme>) -> Self {
        Self {
            reviewer: Reviewer::new(scheme),
            locations: Locations::default(),
            digest: Sha256::new_with_prefix(env!("CARGO_PKG_VERSION")),
            added: HashMap::new(),
        }
    }

    /// Adds the kinds of CustomResourceDefinitions.
    ///
    /// # Errors
    /// When an API server would refuse one of them, and when one clashes with a kind that is there.
    pub fn add_definitions(&mut self, definitions: &[Definition]) -> Result<(), Error> {
        for definition in definitions {
            let findings = crate::check::findings(definition);
            if !findings.is_empty() {
                return Err(Error::Refused {
                    kind: definition.kind(),
                    reasons: findings.iter().map(|finding| format!("\n  {finding}")).collect(),
                });
            }
            let (kind, place) = (definition.kind(), definition.place(""));
            match self.added.get(&kind) {
                Some((known, _)) if known["spec"] == definition.crd["spec"] => continue,
                Some((_, first)) => {
                    let reason = format!("another definition of it is at {}", first.trim_end_matches(": "));
                    return Err(Error::Clash { place, kind, reason });
                }
                None => {
                    self.added.insert(kind, (definition.crd.clone(), place));
                }
            }
            let versions = crd::definitions(&definition.crd)?;
            self.digest.update(definition.crd.to_string());
            self.add(versions, &definition.place(""))?;
        }
        Ok(())
    }

    /// Adds the kinds of type manifests: files, or directories with `types.yaml` files in them or one level below.
    ///
    /// # Errors
    /// When a file cannot be read, is no type manifest, or has a kind that clashes with one that is there; when a directory has none.
    pub fn add_types(&mut self, path: &Path) -> Result<(), Error> {
        for file in type_manifests(path)? {
            let text = std::fs::read(&file).map_err(Error::io(&file))?;
            let manifest = TypeManifest::parse(&file.to_string_lossy(), &text)?;
            self.digest.update(&text);
            self.add(manifest.types, &format!("{}: ", file.display()))?;
        }
        Ok(())
    }

    /// Says what templates of places are filled with: Kubernetes' version, as `1.36.2` or `master`, and whether unknown fields are refused.
    pub fn set_kubernetes(&mut self, version: &str, strict: bool) {
        self.digest.update(format!("{version} {strict}"));
        self.locations.version = Some(version.to_owned());
        self.locations.strict = strict;
    }

    /// Adds a place of JSON Schemas, as kubeconform's `-schema-location` names it: a directory, or a path with `{{.Group}}`,
    /// `{{.ResourceKind}}` and its like. `default` stands for the core kinds, which are always there.
    ///
    /// # Errors
    /// When it is a URL, or names a variable that there is not.
    pub fn add_location(&mut self, location: &str) -> Result<(), Error> {
        self.digest.update(location);
        self.locations.add(location)
    }

    fn add(&mut self, versions: Vec<ResourceDefinition>, place: &str) -> Result<(), Error> {
        let Some((group, kind)) = versions.first().map(|first| (first.group.clone(), first.kind.clone()))
        else {
            return Ok(());
        };
        let scheme = self.reviewer.scheme();
        let builtin = Scheme::new();
        for definition in versions {
            if !builtin.versions(&definition.group, &definition.kind).is_empty() {
                return Err(Error::Clash {
                    place: place.to_owned(),
                    kind: format!("{kind}.{group}"),
                    reason: "it is a core kind".to_owned(),
                });
            }
            scheme.register_definition(definition).map_err(|error| Error::Clash {
                place: place.to_owned(),
                kind: format!("{kind}.{group}"),
                reason: error.to_string(),
            })?;
        }
        Ok(())
    }

    /// Judges as an API server does.
    pub fn reviewer(&self) -> &Reviewer {
        &self.reviewer
    }

    /// The JSON Schemas.
    pub(super) fn locations(&self) -> &Locations {
        &self.locations
    }

    /// Tells sets of schemas apart: two that are equal have the same, also in another process of the same version.
    pub(super) fn fingerprint(&self) -> String {
        self.digest.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The type manifests that a path names.
fn type_manifests(path: &Path) -> Result<Vec<PathBuf>, Error> {
    const NAME: &str = "types.yaml";
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut found: Vec<PathBuf> = Vec::from_iter(Some(path.join(NAME)).filter(|file| file.is_file()));
    let mut below = Vec::new();
    for entry in std::fs::read_dir(path).map_err(Error::io(path))? {
        below.push(entry.map_err(Error::io(path))?.path().join(NAME));
    }
    below.sort();
    found.extend(below.into_iter().filter(|file| file.is_file()));
    if found.is_empty() {
        return Err(Error::NoTypes(path.to_owned()));
    }
    Ok(found)
}
