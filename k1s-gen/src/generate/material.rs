//! What files are generated from: the kinds of a crate and its rules, or CustomResourceDefinitions in files.

use std::collections::BTreeMap;
use std::path::PathBuf;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::schema::crd as definitions;
use serde_json::Value;

use super::Provenance;
use crate::extract::{self, Extracted, Part, Request, Rule};
use crate::source::{self, Definition};
use crate::{Error, check, crd};

/// Kinds and rules.
#[derive(Clone, Debug)]
pub struct Material {
    /// Where all of it comes from.
    pub provenance: Provenance,
    /// The kinds, in order of group and plural.
    pub kinds: Vec<Kind>,
    /// What reconcilers may do; files have no such thing.
    pub rules: Vec<Rule>,
}

/// A kind with all of its versions.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its CustomResourceDefinition.
    pub crd: Value,
    /// Its versions, most stable first, with what the CustomResourceDefinition cannot hold.
    pub versions: Vec<ResourceDefinition>,
    /// Where it comes from.
    pub provenance: Provenance,
    /// What an API server would refuse its CustomResourceDefinition for, with the places if it is from a file.
    pub refusals: Vec<String>,
}

impl Material {
    /// What a crate registers.
    ///
    /// # Errors
    /// As [`extract::read`], and when the crate registers neither kinds nor rules.
    pub fn of_crate(request: &Request) -> Result<Self, Error> {
        let extracted = extract::read(request, &[Part::Crds, Part::Types, Part::Rules])?;
        if extracted.rules.is_empty() {
            extracted.needs_kinds()?;
        }
        let Extracted { package, version, crds, types, rules } = extracted;
        let provenance = Provenance::Package { name: package, version };
        let types = types.map(|types| types.types).unwrap_or_default();
        Ok(Self { kinds: kinds(crds, types, &provenance), provenance, rules })
    }

    /// Kinds that the program itself knows.
    ///
    /// # Errors
    /// When the versions of a kind do not fit together.
    ///
    /// ```
    /// use k1s_gen::generate::{Material, Provenance, schema};
    /// let item = k1s_runtime::api::ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
    /// # let mut item = item;
    /// # item.schema = k1s_runtime::api::definition::SchemaSource::OpenApi(serde_json::json!({"type": "object"}).into());
    /// let provenance = Provenance::Package { name: "inventory".into(), version: "0.1.0".into() };
    /// let set = schema::render(&Material::of_definitions(vec![item], provenance)?)?;
    /// assert_eq!(set.files[1].path, "inventory.example.com/item_v1.json");
    /// # Ok::<(), k1s_gen::Error>(())
    /// ```
    pub fn of_definitions(types: Vec<ResourceDefinition>, provenance: Provenance) -> Result<Self, Error> {
        let crds = definitions::to_crds_json(types.clone())?;
        Ok(Self { kinds: kinds(crds, types, &provenance), provenance, rules: Vec::new() })
    }

    /// The CustomResourceDefinitions in files and directories, freed of what servers and tools have put in there.
    ///
    /// # Errors
    /// As [`source::of_files`]; of definitions that lack what every one has, and of a kind that is defined twice.
    pub fn of_files(paths: &[PathBuf]) -> Result<Self, Error> {
        let mut kinds: BTreeMap<(String, String), (Kind, Definition)> = BTreeMap::new();
        let mut files = Vec::new();
        for definition in source::of_files(paths)? {
            let refusals = check::findings(&definition).iter().map(ToString::to_string).collect();
            let crd = crd::normalised(&definition.crd);
            let provenance = Provenance::Files(vec![definition.file_name()]);
            files.push(definition.file_name());
            let versions = definitions::definitions(&crd)?;
            let kind = Kind { versions, provenance, crd, refusals };
            let key = (text(&kind.crd["spec"]["group"]), text(&kind.crd["spec"]["names"]["plural"]));
            if let Some((_, first)) = kinds.get(&key) {
                let (first, second) = (first.place(""), definition.place(""));
                let message = format!("{second}{} is defined twice, first at {first}", definition.kind());
                return Err(Error::Package(message.trim_end_matches([':', ' ']).to_owned()));
            }
            kinds.insert(key, (kind, definition));
        }
        files.sort();
        files.dedup();
        let kinds = kinds.into_values().map(|(kind, _)| kind).collect();
        Ok(Self { provenance: Provenance::Files(files), kinds, rules: Vec::new() })
    }

    /// Refuses kinds that an API server would refuse.
    ///
    /// # Errors
    /// [`Error::Refused`] with what it would say of the first.
    pub fn needs_right_kinds(&self) -> Result<(), Error> {
        let Some(wrong) = self.kinds.iter().find(|kind| !kind.refusals.is_empty()) else { return Ok(()) };
        let name = text(&wrong.crd["metadata"]["name"]);
        let reasons = wrong.refusals.iter().map(|reason| format!("\n  {reason}")).collect();
        Err(Error::Refused { name, reasons })
    }

    /// Refuses a crate that has rules and no kinds.
    ///
    /// # Errors
    /// When there are no kinds.
    pub fn needs_kinds(&self) -> Result<(), Error> {
        match &self.provenance {
            Provenance::Package { name, .. } if self.kinds.is_empty() => Err(extract::no_kinds(name)),
            _ => Ok(()),
        }
    }
}

/// Each CustomResourceDefinition with its versions.
fn kinds(crds: Vec<Value>, types: Vec<ResourceDefinition>, provenance: &Provenance) -> Vec<Kind> {
    let mut versions: BTreeMap<(String, String), Vec<ResourceDefinition>> = BTreeMap::new();
    for version in types {
        versions.entry((version.group.clone(), version.plural.clone())).or_default().push(version);
    }
    let kind = |crd: Value| {
        let key = (text(&crd["spec"]["group"]), text(&crd["spec"]["names"]["plural"]));
        let mut versions = versions.remove(&key).unwrap_or_default();
        versions.sort_by_key(|version| crd::stability(&version.version));
        let refusals = definitions::validate_crd(&crd).iter().map(ToString::to_string).collect();
        Kind { crd, versions, provenance: provenance.clone(), refusals }
    };
    crds.into_iter().map(kind).collect()
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
