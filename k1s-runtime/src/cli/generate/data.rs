//! The data of a ConfigMap or Secret that is being put together, and the rules for its keys.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::cli::error::{Error, quoted};

/// The kind that the data is for; they differ in how they hold bytes and in kubectl's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// Texts in `data`, other bytes in `binaryData`.
    ConfigMap,
    /// Everything in `data`, in base64.
    Secret,
}

impl Holder {
    /// The kind's name.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Holder::ConfigMap => "ConfigMap",
            Holder::Secret => "Secret",
        }
    }
}

/// Keys and values for an object of the given name.
pub(crate) struct Data {
    holder: Holder,
    name: String,
    entries: BTreeMap<String, Vec<u8>>,
}

impl Data {
    /// No keys yet.
    pub(crate) fn new(holder: Holder, name: &str) -> Self {
        Self { holder, name: name.to_owned(), entries: BTreeMap::new() }
    }

    /// The kind that the data is for.
    pub(crate) fn holder(&self) -> Holder {
        self.holder
    }

    /// Adds a key.
    ///
    /// # Errors
    /// When the name is none that a key may have, or is there already.
    pub(crate) fn add(&mut self, key: &str, value: Vec<u8>) -> Result<(), Error> {
        let faults = key_faults(key);
        let key_shown = quoted(key);
        if !faults.is_empty() {
            return Err(Error::message(match self.holder {
                Holder::ConfigMap => {
                    format!("{key_shown} is not a valid key name for a ConfigMap: {}", faults.join(","))
                }
                Holder::Secret => {
                    format!("{key_shown} is not valid key name for a Secret {}", faults.join(";"))
                }
            }));
        }
        if let Some(there) = self.entries.get(key) {
            return Err(Error::message(match self.holder {
                Holder::ConfigMap => {
                    let field = if is_text(there) { "Data" } else { "BinaryData" };
                    format!(
                        "cannot add key {key_shown}, another key by that name already exists in {field} for ConfigMap {}",
                        quoted(&self.name)
                    )
                }
                Holder::Secret => {
                    format!("cannot add key {key}, another key by that name already exists")
                }
            }));
        }
        self.entries.insert(key.to_owned(), value);
        Ok(())
    }

    /// `data` and, of a ConfigMap, `binaryData`; each may be empty.
    pub(crate) fn fields(self) -> (Map<String, Value>, Map<String, Value>) {
        let mut data = Map::new();
        let mut binary = Map::new();
        for (key, bytes) in self.entries {
            match (self.holder, String::from_utf8(bytes)) {
                (Holder::ConfigMap, Ok(text)) => data.insert(key, Value::String(text)),
                (Holder::ConfigMap, Err(error)) => {
                    binary.insert(key, STANDARD.encode(error.as_bytes()).into())
                }
                (Holder::Secret, Ok(text)) => data.insert(key, STANDARD.encode(text).into()),
                (Holder::Secret, Err(error)) => data.insert(key, STANDARD.encode(error.as_bytes()).into()),
            };
        }
        (data, binary)
    }
}

fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok()
}

/// What Kubernetes finds wrong with a key (`validation.IsConfigMapKey`).
fn key_faults(key: &str) -> Vec<String> {
    const LONGEST: usize = 253;
    let mut faults = Vec::new();
    if key.len() > LONGEST {
        faults.push(format!("must be no more than {LONGEST} characters"));
    }
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if key.is_empty() || !key.chars().all(legal) {
        faults.push(KEY_RULE.to_owned());
    }
    match key {
        "." => faults.push("must not be '.'".to_owned()),
        ".." => faults.push("must not be '..'".to_owned()),
        _ if key.starts_with("..") => faults.push("must not start with '..'".to_owned()),
        _ => {}
    }
    faults
}

const KEY_RULE: &str = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or \
     'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_go_where_they_belong() {
        let mut data = Data::new(Holder::ConfigMap, "x");
        data.add("a", b"1".to_vec()).unwrap();
        data.add("b", vec![0xff]).unwrap();
        let (texts, binary) = data.fields();
        assert_eq!((texts["a"].as_str(), binary["b"].as_str()), (Some("1"), Some("/w==")));

        let mut data = Data::new(Holder::Secret, "x");
        data.add("user", b"me".to_vec()).unwrap();
        assert_eq!(data.fields().0["user"], "bWU=");
    }

    #[test]
    fn a_key_comes_once() {
        let mut data = Data::new(Holder::ConfigMap, "x");
        data.add("a", b"1".to_vec()).unwrap();
        assert_eq!(
            data.add("a", b"2".to_vec()).unwrap_err().to_string(),
            "cannot add key \"a\", another key by that name already exists in Data for ConfigMap \"x\""
        );
    }

    #[test]
    fn keys_are_file_names() {
        for key in ["", "a b", "a/b", ".", "..", "..a"] {
            assert!(!key_faults(key).is_empty(), "{key}");
        }
        for key in ["a", ".a", "A_b-c.d", &"x".repeat(253)] {
            assert!(key_faults(key).is_empty(), "{key}");
        }
    }
}
