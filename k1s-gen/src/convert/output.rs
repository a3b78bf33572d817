//! Where modules go: to a stream, or into a directory with a `mod.rs`.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Error as ConvertError, Module};
use crate::Error;

/// Writes a module as it is, and several each in a `pub mod` of its own.
///
/// # Errors
/// The stream's.
pub fn stream(modules: &[Module], out: &mut dyn Write) -> io::Result<()> {
    if let [only] = modules {
        return out.write_all(only.source.as_bytes());
    }
    for (index, module) in modules.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        // Not indented: text in literals would move.
        writeln!(out, "pub mod {} {{\n{}}}", module.name, module.source)?;
    }
    out.flush()
}

/// Writes each module to a file of its name, and a `mod.rs` that names them. Answers with the files that were written; those that stay
/// the same are not touched. Nothing is written if a file is there with another content, unless `force`.
///
/// # Errors
/// [`ConvertError::Present`], [`ConvertError::Twice`], and when the directory or a file cannot be read or written.
pub fn write(modules: &[Module], directory: &Path, force: bool) -> Result<Vec<PathBuf>, Error> {
    let mut names = BTreeSet::new();
    for module in modules {
        if !names.insert(module.name.as_str()) {
            return Err(ConvertError::Twice(module.name.clone()).into());
        }
    }
    let files = modules.iter().map(|module| (format!("{}.rs", module.name), module.source.clone()));
    let files: Vec<(String, String)> = files.chain([("mod.rs".to_owned(), index(&names))]).collect();
    fs::create_dir_all(directory).map_err(Error::io(directory))?;
    let mut written = Vec::new();
    for (name, source) in &files {
        let path = directory.join(name);
        match fs::read(&path) {
            Ok(present) if present == source.as_bytes() => continue,
            Ok(_) if !force => return Err(ConvertError::Present(path).into()),
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(Error::io(path)(error)),
            _ => written.push((path, source)),
        }
    }
    for (path, source) in &written {
        fs::write(path, source).map_err(Error::io(path))?;
    }
    Ok(written.into_iter().map(|(path, _)| path).collect())
}

fn index(names: &BTreeSet<&str>) -> String {
    let lines: String = names.iter().map(|name| format!("pub mod {name};\n")).collect();
    format!("//! Kinds that were converted by k1s-gen from CustomResourceDefinitions.\n\n{lines}")
}
