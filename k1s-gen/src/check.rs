//! What an API server would refuse, before it is asked: CustomResourceDefinitions of a crate's kinds or of files, checked as an API
//! server admits them, rules included, and what the rules are estimated to cost.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use k1s_runtime::manifest::{self, Positions};
use k1s_runtime::schema::crd::{self, Complaint};
use serde_json::Value;

use crate::extract::{self, Request};
use crate::{Error, costs};

/// A CustomResourceDefinition to check.
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

/// What is wrong with one definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `file:line:column: `, or nothing for a kind that is no file.
    pub place: String,
    /// The kind with its group, as `Item.shop.example.com`.
    pub kind: String,
    /// What is wrong, and where in the definition.
    pub complaint: Complaint,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many definitions were checked.
    pub checked: usize,
    /// How many of them an API server would refuse.
    pub refused: usize,
    /// How many complaints there are.
    pub complaints: usize,
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
        let before = found.len();
        for file in files(path)? {
            read(&file, &mut found)?;
        }
        if found.len() == before {
            return Err(Error::Package(format!("{}: no CustomResourceDefinition is there", path.display())));
        }
    }
    Ok(found)
}

fn files(path: &Path) -> Result<Vec<PathBuf>, Error> {
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
    for document in manifest::decode(&file.to_string_lossy(), &text) {
        let document = document?;
        let mut add = |crd: &Value, prefix: String| {
            let origin = Origin { file: file.to_path_buf(), positions: document.positions.clone(), prefix };
            if crd["kind"] == "CustomResourceDefinition" {
                found.push(Definition { crd: crd.clone(), origin: Some(origin) });
            }
        };
        match document.value["items"].as_array().filter(|_| kind(&document.value).ends_with("List")) {
            Some(items) => {
                items.iter().enumerate().for_each(|(index, item)| add(item, format!("items[{index}].")));
            }
            None => add(&document.value, String::new()),
        }
    }
    Ok(())
}

fn kind(object: &Value) -> &str {
    object["kind"].as_str().unwrap_or_default()
}

impl Definition {
    /// The kind that it defines with its group, as `Item.shop.example.com`.
    pub fn kind(&self) -> String {
        let spec = &self.crd["spec"];
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        format!("{}.{}", text(&spec["names"]["kind"]), text(&spec["group"]))
    }

    /// What an API server would refuse it for.
    ///
    /// ```
    /// use k1s_gen::check::Definition;
    /// let crd = serde_json::json!({"spec": {"group": "shop.example.com", "names": {"kind": "Item"}}});
    /// let findings = Definition { crd, origin: None }.findings();
    /// assert!(findings.iter().any(|finding| {
    ///     finding.to_string() == "Item.shop.example.com: spec.names.plural: Required value"
    /// }));
    /// ```
    pub fn findings(&self) -> Vec<Finding> {
        let finding = |complaint: Complaint| Finding {
            place: self.place(&complaint.path),
            kind: self.kind(),
            complaint,
        };
        crd::complaints(&self.crd).into_iter().map(finding).collect()
    }

    /// `file:line:column: ` of a field, or of what is nearest to it.
    fn place(&self, path: &str) -> String {
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

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.complaint.to_string();
        write!(f, "{}{}: {}", self.place, self.kind, text.replace('\n', "\n  "))
    }
}

/// Writes what is wrong with definitions, a finding after the other, then warnings and, if asked for, the table of costs.
///
/// # Errors
/// The stream's.
pub fn report(definitions: &[Definition], with_costs: bool, out: &mut dyn Write) -> io::Result<Summary> {
    let mut summary = Summary { checked: definitions.len(), ..Summary::default() };
    for definition in definitions {
        let findings = definition.findings();
        summary.refused += usize::from(!findings.is_empty());
        summary.complaints += findings.len();
        for finding in &findings {
            writeln!(out, "{finding}")?;
        }
        for warning in crd::warnings(&definition.crd) {
            let (place, kind) = (definition.place("spec"), definition.kind());
            writeln!(out, "{place}{kind}: warning: {warning}")?;
        }
    }
    if with_costs {
        costs::table(definitions, out)?;
    }
    out.flush()?;
    Ok(summary)
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
