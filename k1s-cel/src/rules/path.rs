//! Paths, as a chain that lives on the stack of a walk: most are never printed.

use std::fmt;

/// A field's path, printed as Kubernetes prints it.
#[derive(Clone, Copy)]
pub(super) enum Path<'a> {
    /// Where the caller began; may be empty.
    Start(&'a str),
    /// A property.
    Child(&'a Path<'a>, &'a str),
    /// The value of a map's key.
    Key(&'a Path<'a>, &'a str),
    /// An element of a list.
    Index(&'a Path<'a>, usize),
}

impl<'a> Path<'a> {
    pub(super) fn child(&'a self, name: &'a str) -> Self {
        Path::Child(self, name)
    }

    pub(super) fn key(&'a self, key: &'a str) -> Self {
        Path::Key(self, key)
    }

    pub(super) fn index(&'a self, index: usize) -> Self {
        Path::Index(self, index)
    }

    fn is_empty(&self) -> bool {
        matches!(self, Path::Start(""))
    }
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::Start(text) => f.write_str(text),
            // Kubernetes cannot tell a property without a name from a key.
            Path::Child(parent, "") => write!(f, "{parent}[]"),
            Path::Child(parent, name) if parent.is_empty() => f.write_str(name),
            Path::Child(parent, name) => write!(f, "{parent}.{name}"),
            Path::Key(parent, key) => write!(f, "{parent}[{key}]"),
            Path::Index(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_print_as_in_kubernetes() {
        let root = Path::Start("");
        let (spec, list) = (root.child("spec"), Path::Start("spec").child("l"));
        assert_eq!(root.to_string(), "");
        assert_eq!(spec.key("a.b").to_string(), "spec[a.b]");
        assert_eq!(list.index(3).child("x").to_string(), "spec.l[3].x");
        assert_eq!(root.key("k").child("").to_string(), "[k][]");
    }
}
