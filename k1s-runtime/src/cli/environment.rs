//! What a command sees of the world around it besides its streams: variables and the working directory.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Environment variables and the working directory, as values.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    variables: BTreeMap<String, String>,
    directory: PathBuf,
}

impl Environment {
    /// The process's own. Variables that are not UTF-8 are left out.
    pub fn current() -> Self {
        let variables = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .collect();
        // Without a working directory, relative paths fail when they are used, each with an error of its own.
        Self { variables, directory: std::env::current_dir().unwrap_or_default() }
    }

    /// No variables, and this working directory.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { variables: BTreeMap::new(), directory: directory.into() }
    }

    /// The same with one variable more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    /// A variable; `None` if it is not set or empty.
    pub fn variable(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// The working directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// A path as the user wrote it, seen from the working directory.
    pub fn resolve(&self, path: impl AsRef<Path>) -> PathBuf {
        self.directory.join(path)
    }
}
