//! JSON Schemas in files, found by templates of paths as kubeconform finds them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use jsonschema::Validator;
use k1s_runtime::kube_core::GroupVersionKind;
use serde_json::Value;

use super::error::Error;

/// What follows a location that is a directory.
const LAYOUT: &str =
    "{{.NormalizedKubernetesVersion}}-standalone{{.StrictSuffix}}/{{.ResourceKind}}{{.KindSuffix}}.json";

/// The variables that a template may name.
const VARIABLES: [&str; 7] = [
    "Group",
    "ResourceKind",
    "ResourceAPIVersion",
    "KindSuffix",
    "NormalizedKubernetesVersion",
    "KubernetesVersion",
    "StrictSuffix",
];

/// A schema that was looked for.
type Found = Result<Option<Arc<Validator>>, String>;

/// Where schemas may be, in the order in which they are looked for.
#[derive(Default)]
pub(super) struct Locations {
    templates: Vec<Template>,
    /// Kubernetes' version, as `1.36.0`; `master` if none was named.
    pub(super) version: Option<String>,
    /// Whether unknown fields are refused.
    pub(super) strict: bool,
    /// By path.
    loaded: Mutex<HashMap<PathBuf, Found>>,
}

/// A path with variables.
struct Template(Vec<Piece>);

enum Piece {
    Text(String),
    Variable(&'static str),
}

impl Locations {
    /// Adds one.
    ///
    /// # Errors
    /// When it is a URL, or names a variable that there is not.
    pub(super) fn add(&mut self, location: &str) -> Result<(), Error> {
        if location == "default" {
            return Ok(());
        }
        let wrong = |reason: String| Error::Location { location: location.to_owned(), reason };
        if location.contains("://") {
            let reason = "URLs are not supported; download the schemas and name their directory";
            return Err(wrong(reason.to_owned()));
        }
        let directory = !location.contains("{{") && !location.ends_with(".json");
        let text = if directory {
            format!("{}/{LAYOUT}", location.trim_end_matches('/'))
        } else {
            location.to_owned()
        };
        self.templates.push(Template::parse(&text).map_err(wrong)?);
        Ok(())
    }

    /// Whether there is any.
    pub(super) fn is_empty(&self) -> bool {
        self.templates.is_empty()
    }

    /// The schema of a kind, from the first place that has one.
    ///
    /// # Errors
    /// When a file is no JSON Schema.
    pub(super) fn find(&self, gvk: &GroupVersionKind) -> Found {
        for template in &self.templates {
            let path = PathBuf::from(template.fill(|variable| self.value(variable, gvk)));
            let known = self.loaded().get(&path).cloned();
            let found = known.unwrap_or_else(|| {
                let found = load(&path);
                self.loaded().insert(path.clone(), found.clone());
                found
            });
            if let Some(schema) = found? {
                return Ok(Some(schema));
            }
        }
        Ok(None)
    }

    /// The files in which the schema of a kind was looked for.
    pub(super) fn paths(&self, gvk: &GroupVersionKind) -> Vec<String> {
        self.templates.iter().map(|template| template.fill(|variable| self.value(variable, gvk))).collect()
    }

    fn loaded(&self) -> std::sync::MutexGuard<'_, HashMap<PathBuf, Found>> {
        // What a panic elsewhere leaves is a map like any other.
        self.loaded.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn value(&self, variable: &str, gvk: &GroupVersionKind) -> String {
        let version = self.version.as_deref().unwrap_or("master");
        match variable {
            "Group" => gvk.group.clone(),
            "ResourceKind" => gvk.kind.to_lowercase(),
            "ResourceAPIVersion" => gvk.version.clone(),
            // Of the group only what stands before the first dot.
            "KindSuffix" => match gvk.group.split('.').next().filter(|group| !group.is_empty()) {
                Some(group) => format!("-{}-{}", group.to_lowercase(), gvk.version.to_lowercase()),
                None => format!("-{}", gvk.version.to_lowercase()),
            },
            "KubernetesVersion" => version.to_owned(),
            "NormalizedKubernetesVersion" if version == "master" => version.to_owned(),
            "NormalizedKubernetesVersion" => format!("v{version}"),
            "StrictSuffix" if self.strict => "-strict".to_owned(),
            _ => String::new(),
        }
    }
}

impl Template {
    fn parse(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let (inside, after) = after.split_once("}}").ok_or("a `{{` has no `}}`")?;
            let name = inside.trim().strip_prefix('.').unwrap_or(inside.trim());
            let variable = VARIABLES.into_iter().find(|variable| *variable == name).ok_or_else(|| {
                let near =
                    VARIABLES.into_iter().map(|known| (strsim::damerau_levenshtein(known, name), known));
                let near = near.min().map(|(_, known)| known).unwrap_or_default();
                format!("there is no variable {inside:?}; did you mean {{{{.{near}}}}}?")
            })?;
            pieces.extend([Piece::Text(before.to_owned()), Piece::Variable(variable)]);
            rest = after;
        }
        pieces.push(Piece::Text(rest.to_owned()));
        Ok(Self(pieces))
    }

    fn fill(&self, value: impl Fn(&str) -> String) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            // A kind is the manifest's, which is not to name other files.
            Piece::Variable(name) => value(name).replace(['/', '\\'], "_").replace("..", "_"),
        };
        self.0.iter().map(piece).collect()
    }
}

fn load(path: &Path) -> Found {
    let text = match std::fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(format!("{}: {error}", path.display())),
    };
    let wrong = |why: String| format!("{}: {why}", path.display());
    let schema: Value = serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))?;
    let validator = jsonschema::options().should_validate_formats(true).build(&schema);
    validator.map(|validator| Some(Arc::new(validator))).map_err(|error| wrong(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(location: &str, group: &str) -> Vec<String> {
        let mut locations = Locations { strict: true, ..Locations::default() };
        locations.add(location).unwrap();
        locations.paths(&GroupVersionKind::gvk(group, "v1", "Item"))
    }

    #[test]
    fn templates_are_kubeconforms() {
        let catalog = "schemas/{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json";
        assert_eq!(paths(catalog, "shop.example.com"), ["schemas/shop.example.com/item_v1.json"]);
        assert_eq!(paths("dir/", "apps"), ["dir/master-standalone-strict/item-apps-v1.json"]);
        assert_eq!(paths("dir", ""), ["dir/master-standalone-strict/item-v1.json"]);
        assert!(paths("default", "").is_empty());
    }

    #[test]
    fn wrong_locations_are_told() {
        let wrong = |location: &str| Locations::default().add(location).unwrap_err().to_string();
        assert!(wrong("https://example.com/").contains("URLs are not supported"));
        assert!(
            wrong("{{.Kind}}.json").contains("did you mean {{.Group}}?")
                || wrong("{{.Kind}}.json").contains("did you mean")
        );
        assert!(wrong("{{.Group.json").contains("has no `}}`"));
    }

    #[test]
    fn a_manifest_names_no_other_files() {
        let mut locations = Locations::default();
        locations.add("s/{{.ResourceKind}}.json").unwrap();
        let path = locations.paths(&GroupVersionKind::gvk("", "v1", "../../etc/x"));
        assert_eq!(path, ["s/____etc_x.json"]);
    }
}
