//! Sources by their way from a directory, however they were named: the same on every machine and from every directory.

use std::path::{Component, Path, PathBuf};

/// The directory that sources are relative to.
#[derive(Clone, Debug)]
pub(super) struct Base(PathBuf);

impl Base {
    /// The directory that a file is in.
    pub(super) fn beside(file: &Path) -> Self {
        Self(clean(file).parent().map(Path::to_owned).unwrap_or_default())
    }

    /// A source's way from the directory, with slashes; the standard input is `stdin`.
    pub(super) fn relative(&self, source: &str) -> String {
        if source == "stdin" {
            return source.to_owned();
        }
        let path = clean(Path::new(source));
        let (base, path) = (self.0.components(), path.components());
        let common = base.clone().zip(path.clone()).take_while(|(one, other)| one == other).count();
        let up = base.clone().skip(common).map(|_| Component::ParentDir);
        let way: Vec<_> = match common {
            // Nothing in common, not even the root: another drive.
            0 => path.collect(),
            _ => up.chain(path.skip(common)).collect(),
        };
        way.iter().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
    }

    /// The path of a source that is named by its way.
    pub(super) fn join(&self, source: &str) -> PathBuf {
        self.0.join(source)
    }
}

/// A path from the root, without `.` and `..`; links are not followed.
fn clean(path: &Path) -> PathBuf {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut clean = PathBuf::new();
    for part in whole.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                clean.pop();
            }
            other => clean.push(other),
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_named_from_the_directory() {
        let base = Base::beside(Path::new("ci/known.jsonl"));
        assert_eq!(base.relative("ci/items/a.yaml"), "items/a.yaml");
        assert_eq!(base.relative("./ci/./items/../a.yaml"), "a.yaml");
        assert_eq!(base.relative("shop/a.yaml"), "../shop/a.yaml");
        assert_eq!(base.relative("stdin"), "stdin");
        let whole = std::path::absolute("ci/items/a.yaml").unwrap();
        assert_eq!(base.relative(&whole.display().to_string()), "items/a.yaml");
        assert_eq!(Base::beside(Path::new("known.jsonl")).relative("a.yaml"), "a.yaml");
    }
}
