//! The reference of kinds as files, made by [`docs`].

use super::{Material, Notice};
use crate::Error;
use crate::docs::{self, Options};
use crate::output::{File, Set};

/// The command's name in the files.
pub const COMMAND: &str = "docs";

/// The reference of kinds; `options` need not say what they were read from. No kinds make no files.
///
/// # Errors
/// As [`docs::render`].
pub fn render(material: &Material, options: &Options) -> Result<Set, Error> {
    let notices = vec![Notice::of(COMMAND, &material.provenance)];
    if material.kinds.is_empty() {
        return Ok(Set { notices, ..Set::default() });
    }
    let crds: Vec<_> = material.kinds.iter().map(|kind| kind.crd.clone()).collect();
    let options = Options { source: material.provenance.to_string(), ..options.clone() };
    let file = |file: docs::File| File { path: file.name, text: file.text };
    let files = docs::render(&crds, &options)?.into_iter().map(file).collect();
    Ok(Set { files, notices, directories: Vec::new() })
}
