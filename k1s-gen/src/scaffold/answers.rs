//! All that was asked of a workspace: what its files are made of.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::Error;
use super::field::Field;
use super::names::{check_group, check_kind, check_package, check_version, module, pascal};

/// Where the workspace has the crates of k1s from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// A registry, by version.
    Version(String),
    /// A checkout of k1s.
    Path(PathBuf),
}

impl Default for Source {
    /// The version of this very program.
    fn default() -> Self {
        Self::Version(env!("CARGO_PKG_VERSION").to_owned())
    }
}

/// A kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kind {
    /// Its name, as `Order`.
    pub kind: String,
    /// Its versions: the first is the stored one, the others convert to it.
    pub versions: Vec<String>,
    /// Its fields, in the words of [`Field`]'s grammar.
    #[serde(default)]
    pub fields: Vec<String>,
    /// Whether it has a status.
    #[serde(default)]
    pub status: bool,
    /// Whether its objects are in no namespace.
    #[serde(default)]
    pub cluster_scoped: bool,
    /// Short names for the command line.
    #[serde(default)]
    pub short_names: Vec<String>,
    /// Categories, as `all`.
    #[serde(default)]
    pub categories: Vec<String>,
}

impl Kind {
    /// The version that is stored.
    pub(super) fn hub(&self) -> &str {
        self.versions.first().map(String::as_str).unwrap_or_default()
    }

    /// The name of the sample of a version.
    pub(super) fn sample_name(&self, version: &str) -> String {
        let name = format!("sample-{}", self.kind.to_lowercase());
        if version == self.hub() { name } else { format!("{name}-{version}") }
    }

    fn check(&self) -> Result<Vec<Field>, Error> {
        check_kind(&self.kind)?;
        self.versions.iter().try_for_each(|version| check_version(version))?;
        for (what, names) in [("the short name", &self.short_names), ("the category", &self.categories)] {
            let bad = names.iter().find(|name| {
                name.is_empty()
                    || name.len() > 63
                    || !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            });
            if let Some(bad) = bad {
                return Err(Error::Name {
                    what,
                    value: bad.clone(),
                    why: "is not a short word".to_owned(),
                    hint: "use lower-case letters and digits".to_owned(),
                });
            }
        }
        let mut fields: Vec<Field> = Vec::new();
        for text in &self.fields {
            let field = Field::parse(text)?;
            if let Some(other) = fields.iter().find(|other| other.identifier() == field.identifier()) {
                return Err(Error::Refused {
                    message: format!("{} has two fields `{}`", self.kind, other.name),
                    hint: "leave one of them out".to_owned(),
                });
            }
            fields.push(field);
        }
        Ok(fields)
    }

    /// The types that its module exports.
    fn types(&self, fields: &[Field]) -> Vec<String> {
        let enums = fields.iter().filter(|field| field.values().is_some());
        let own = ["", "Spec", "Status"].map(|end| format!("{}{end}", self.kind));
        own.into_iter().chain(enums.map(|field| format!("{}{}", self.kind, pascal(&field.name)))).collect()
    }
}

/// All that was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Answers {
    /// The layout of this file: 1.
    pub format: u32,
    /// Name of the package and the program.
    pub name: String,
    /// The group of all kinds.
    pub group: String,
    /// Where k1s comes from.
    pub k1s: Source,
    /// The kinds, in the order in which they were added.
    #[serde(default)]
    pub kinds: Vec<Kind>,
}

impl Answers {
    /// The layout that this program writes.
    pub const FORMAT: u32 = 1;

    /// Checks names, fields and what clashes.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), Error> {
        if self.format != Self::FORMAT {
            return Err(Error::Refused {
                message: format!(
                    "the workspace has the format {}, and this k1s-gen knows {}",
                    self.format,
                    Self::FORMAT
                ),
                hint: "install the k1s-gen that made it, or a later one".to_owned(),
            });
        }
        check_package(&self.name)?;
        check_group(&self.group)?;
        let mut types: Vec<(String, &str)> = Vec::new();
        for kind in &self.kinds {
            for name in kind.types(&kind.check()?) {
                if let Some((_, other)) = types.iter().find(|(other, _)| *other == name) {
                    return Err(Error::Refused {
                        message: format!(
                            "the kinds {other} and {} would both have the type `{name}`",
                            kind.kind
                        ),
                        hint: "call the kind, or the field with an enum, something else".to_owned(),
                    });
                }
                types.push((name, &kind.kind));
            }
            let twin = self.kinds.iter().find(|other| {
                other.kind != kind.kind
                    && (module(&other.kind) == module(&kind.kind)
                        || other.kind.eq_ignore_ascii_case(&kind.kind))
            });
            if let Some(twin) = twin {
                return Err(Error::Refused {
                    message: format!("the kinds {} and {} differ too little", twin.kind, kind.kind),
                    hint: "call one of them something else".to_owned(),
                });
            }
        }
        Ok(())
    }

    /// Every version that a kind has, sorted.
    pub(super) fn versions(&self) -> Vec<&str> {
        let mut all: Vec<&str> =
            self.kinds.iter().flat_map(|kind| &kind.versions).map(String::as_str).collect();
        all.sort_unstable();
        all.dedup();
        all
    }
}
