//! `types.yaml`, the type manifest: kinds for programs that have no code of them, with their schemas, columns and what no
//! CustomResourceDefinition holds, as indexes.

use k1s_runtime::schema::type_manifest::TypeManifest;

use super::{Kind, Material, Notice, Provenance};
use crate::Error;
use crate::output::{File, Set};

/// The command's name in the file.
pub const COMMAND: &str = "types";

/// The file.
pub const FILE: &str = "types.yaml";

/// The type manifest of kinds. Its name is the package's, or the API group of all kinds, unless one is given.
///
/// No kinds make no file.
///
/// # Errors
/// When an API server would refuse a kind, when the name is none that Kubernetes takes, when there is none, and when a manifest cannot hold the kinds.
pub fn render(material: &Material, name: Option<&str>) -> Result<Set, Error> {
    let notice = Notice::of(COMMAND, &material.provenance);
    if material.kinds.is_empty() {
        return Ok(Set { notices: vec![notice], ..Set::default() });
    }
    material.needs_right_kinds()?;
    let name = match (name, &material.provenance) {
        (Some(name), _) => name.to_owned(),
        (None, Provenance::Package { name, .. }) => name.replace('_', "-").to_lowercase(),
        (None, Provenance::Files(_)) => common_group(&material.kinds)?,
    };
    let types = material.kinds.iter().flat_map(|kind| kind.versions.iter().cloned()).collect();
    let manifest = TypeManifest::new(&name, types);
    let text = format!("{}{}", notice.yaml(), manifest.to_yaml()?);
    // Read back, so that the limits on its size are kept too.
    TypeManifest::parse(FILE, text.as_bytes())?;
    let files = vec![File { path: FILE.to_owned(), text }];
    Ok(Set { files, notices: vec![notice], directories: Vec::new() })
}

/// What is lost on the way: a manifest has no code, and so no conversions.
pub fn warnings(material: &Material) -> Vec<String> {
    let converted =
        material.kinds.iter().filter(|kind| kind.crd["spec"]["conversion"]["strategy"] == "Webhook");
    let warning = |kind: &Kind| {
        let version = kind.versions.first();
        let name = version.map(|version| format!("{}.{}", version.kind, version.group)).unwrap_or_default();
        format!(
            "the versions of {name} are converted by code, which a type manifest cannot hold: only apiVersion would change"
        )
    };
    converted.map(warning).collect()
}

fn common_group(kinds: &[Kind]) -> Result<String, Error> {
    let mut groups: Vec<&str> =
        kinds.iter().flat_map(|kind| &kind.versions).map(|version| version.group.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    match groups[..] {
        [group] => Ok(group.to_owned()),
        _ => Err(Error::Package(format!(
            "the kinds are of several groups ({}): name the manifest with --name",
            groups.join(", ")
        ))),
    }
}
