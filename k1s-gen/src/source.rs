//! Where CustomResourceDefinitions come from: the kinds of a crate, or files, in which each knows where it stands;
//! [`git`] has files as they were in a revision.

pub mod git;

use std::path::{Path, PathBuf};
use std::{fmt, fs};

use k1s_runtime::manifest::{self, Position, Positions};
use serde_json::Value;

use crate::Error;
use crate::extract::{self, Request};

/// A CustomResourceDefinition, and where it is from.
#[derive(Clone, Debug)]
pub struct Definition {
    /// The definition.
    pub crd: Value,
    /// The file that it was read from, if it was.
    pub origin: Option<Origin>,
}

/// Where in a file a definition stands.
#[derive(Clone, Debug)]
pub struct Origin {
    file: PathBuf,
    positions: Positions,
    /// The path of the definition within its document, with the dot that follows: `items[1].` in a list, else empty.
    prefix: String,
}

/// The CustomResourceDefinitions of the kinds that a crate derives.
///
/// # Errors
/// As [`extract::custom_resource_definitions`].
pub fn of_crate(request: &Request) -> Result<Vec<Definition>, Error> {
    let crds = extract::custom_resource_definitions(request)?;
    Ok(crds.into_iter().map(|crd| Definition { crd, origin: None }).collect())
}

/// The CustomResourceDefinitions in files and in the `.yaml`, `.yml` and `.json` files of directories; other objects there are passed
/// over.
///
/// # Errors
/// When a file cannot be read or is neither YAML nor JSON, and when one that was named holds no CustomResourceDefinition.
pub fn of_files(paths: &[PathBuf]) -> Result<Vec<Definition>, Error> {
    let mut found = Vec::new();
    for path in paths {
        let mut there = below(path)?;
        if there.is_empty() {
            return Err(Error::Package(format!("{}: no CustomResourceDefinition is there", path.display())));
        }
        found.append(&mut there);
    }
    Ok(found)
}

/// The same of one file or directory, which may hold none.
///
/// # Errors
/// When a file cannot be read or is neither YAML nor JSON.
pub fn below(path: &Path) -> Result<Vec<Definition>, Error> {
    let mut found = Vec::new();
    for file in files(path)? {
        read(&file, &mut found)?;
    }
    Ok(found)
}

/// A file, or the manifests of a directory.
pub(crate) fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
    if !path.is_dir() {
        return Ok(vec![path.to_path_buf()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(Error::io(path))? {
        let file = entry.map_err(Error::io(path))?.path();
        let extension = file.extension().and_then(|extension| extension.to_str());
        if matches!(extension, Some("yaml" | "yml" | "json")) && file.is_file() {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

fn read(file: &Path, found: &mut Vec<Definition>) -> Result<(), Error> {
    let text = fs::read(file).map_err(Error::io(file))?;
    found.append(&mut of_text(file, &text)?);
    Ok(())
}

/// The CustomResourceDefinitions in a text; other objects there are passed over. `file` is what places name.
///
/// # Errors
/// When the text is neither YAML nor JSON.
pub fn of_text(file: &Path, text: &[u8]) -> Result<Vec<Definition>, Error> {
    each(file, text).into_iter().collect()
}

/// The definitions in a text one by one: a document that cannot be read hides none of the others.
pub(crate) fn each(file: &Path, text: &[u8]) -> Vec<Result<Definition, Error>> {
    let mut found = Vec::new();
    for document in manifest::decode(&file.to_string_lossy(), text) {
        let document = match document {
            Ok(document) => document,
            Err(error) => {
                found.push(Err(error.into()));
                continue;
            }
        };
        let mut add = |crd: &Value, prefix: String| {
            let origin = Origin { file: file.to_path_buf(), positions: document.positions.clone(), prefix };
            if crd["kind"] == "CustomResourceDefinition" {
                found.push(Ok(Definition { crd: crd.clone(), origin: Some(origin) }));
            }
        };
        match document.value["items"].as_array().filter(|_| kind(&document.value).ends_with("List")) {
            Some(items) => {
                items.iter().enumerate().for_each(|(index, item)| add(item, format!("items[{index}].")));
            }
            None => add(&document.value, String::new()),
        }
    }
    found
}

fn kind(object: &Value) -> &str {
    object["kind"].as_str().unwrap_or_default()
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file; of a git revision, as `main:crds/items.yaml`.
    pub file: PathBuf,
    /// Line and column.
    pub position: Position,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.display(), self.position.line, self.position.column)
    }
}

impl Definition {
    /// The kind that it defines with its group, as `Item.shop.example.com`.
    pub fn kind(&self) -> String {
        let spec = &self.crd["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        match (text(&spec["names"]["kind"]), text(&spec["group"])) {
            // One that does not say it may still have a name.
            (kind, group) if kind.is_empty() && group.is_empty() => text(&self.crd["metadata"]["name"]),
            (kind, group) => format!("{kind}.{group}"),
        }
    }

    /// Where a value stands that a JSON pointer leads to, or what of its way is there. `None` if the definition is from no file.
    pub fn locate(&self, pointer: &str) -> Option<Place> {
        let Origin { file, positions, prefix } = self.origin.as_ref()?;
        let item = prefix.replace("items[", "/items/").replace("].", "");
        let whole = format!("{item}{pointer}");
        let ends = whole.match_indices('/').map(|(end, _)| end).chain([whole.len()]);
        let mut ways: Vec<usize> = ends.collect();
        ways.reverse();
        let place = ways.into_iter().find_map(|end| positions.pointer(&whole[..end]));
        Some(Place { file: file.clone(), position: place?.start() })
    }

    /// The name of the file that it was read from, without its directories; empty if it was not.
    pub fn file_name(&self) -> String {
        let name = self.origin.as_ref().and_then(|origin| origin.file.file_name());
        name.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
    }

    /// `file:line:column: ` of a field, or of what is nearest to it.
    pub fn place(&self, path: &str) -> String {
        let Some(Origin { file, positions, prefix }) = &self.origin else { return String::new() };
        let path = format!("{prefix}{}", written(path));
        let position = positions.nearest(&path).map(|place| place.start()).unwrap_or_default();
        format!("{}:{}:{}: ", file.display(), position.line, position.column)
    }
}

/// The path as a file has it: what API servers keep once for all versions is written in each.
fn written(path: &str) -> String {
    if let Some(rest) = path.strip_prefix("spec.validation.") {
        return format!("spec.versions[0].schema.{rest}");
    }
    let shared = ["subresources", "additionalPrinterColumns", "selectableFields"];
    match path.strip_prefix("spec.").filter(|rest| shared.iter().any(|field| rest.starts_with(field))) {
        Some(rest) => format!("spec.versions[0].{rest}"),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_paths_are_looked_for_in_the_first_version() {
        assert_eq!(
            written("spec.validation.openAPIV3Schema.type"),
            "spec.versions[0].schema.openAPIV3Schema.type"
        );
        assert_eq!(written("spec.subresources.scale"), "spec.versions[0].subresources.scale");
        assert_eq!(written("spec.versions[1].name"), "spec.versions[1].name");
    }
}
