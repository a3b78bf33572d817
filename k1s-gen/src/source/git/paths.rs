//! Paths between the working tree's and git's, which have slashes and no way up.

use std::path::{Component, Path, PathBuf};

/// The path in a repository of a relative path that is meant below `base`. `None` if it leads out.
pub(super) fn to_git(base: &[u8], path: &Path) -> Option<Vec<u8>> {
    let mut parts: Vec<Vec<u8>> =
        base.split(|byte| *byte == b'/').filter(|part| !part.is_empty()).map(<[u8]>::to_vec).collect();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::Normal(name) => parts.push(name.as_encoded_bytes().to_vec()),
            Component::Prefix(_) | Component::RootDir => return None,
        }
    }
    Some(parts.join(&b'/'))
}

/// A path of a repository as the system writes it.
#[cfg(unix)]
pub(super) fn from_git(path: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(path))
}

/// A path of a repository as the system writes it; git keeps them in UTF-8 where the system does not use bytes.
#[cfg(not(unix))]
pub(super) fn from_git(path: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(path).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_up_end_at_the_top() {
        let at = |base: &str, path: &str| {
            to_git(base.as_bytes(), Path::new(path)).map(|path| String::from_utf8(path).unwrap())
        };
        assert_eq!(at("", "crds/./a.yaml").as_deref(), Some("crds/a.yaml"));
        assert_eq!(at("deploy/", "../crds").as_deref(), Some("crds"));
        assert_eq!(at("deploy/", "..").as_deref(), Some(""));
        assert_eq!(at("deploy/", "../.."), None);
        assert_eq!(at("", "/etc"), None);
    }
}
