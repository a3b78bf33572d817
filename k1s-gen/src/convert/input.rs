//! Definitions in files, directories and the standard input. One that cannot be read hides none of the others.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::Error as ConvertError;
use crate::Error;
use crate::source::{self, Definition};

/// The definitions in files and in the manifests of directories; `-` is the standard input. Other objects are passed over.
pub fn definitions(paths: &[PathBuf], stdin: &mut dyn Read) -> Vec<Result<Definition, Error>> {
    paths.iter().flat_map(|path| of_path(path, stdin)).collect()
}

fn of_path(path: &Path, stdin: &mut dyn Read) -> Vec<Result<Definition, Error>> {
    let mut found = Vec::new();
    if path == Path::new("-") {
        let mut text = Vec::new();
        match stdin.read_to_end(&mut text) {
            Ok(_) => found.extend(source::each(Path::new("<stdin>"), &text)),
            Err(error) => found.push(Err(Error::io("the standard input")(error))),
        }
    } else {
        match source::files(path) {
            Ok(files) => found.extend(files.iter().flat_map(|file| of_file(file))),
            Err(error) => found.push(Err(error)),
        }
    }
    if found.is_empty() {
        found.push(Err(ConvertError::Nothing(path.to_path_buf()).into()));
    }
    found
}

fn of_file(file: &Path) -> Vec<Result<Definition, Error>> {
    match fs::read(file) {
        Ok(text) => source::each(file, &text),
        Err(error) => vec![Err(Error::io(file)(error))],
    }
}
