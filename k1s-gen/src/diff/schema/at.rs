//! Where in two schemas a comparison is: the same field, which may stand in different places.

use std::fmt::Write as _;

/// A step down from a schema to one below it.
#[derive(Clone, Copy)]
pub(super) enum Step<'a> {
    /// A property on both sides.
    Property(&'a str),
    /// A property that the other side takes as a map's value.
    OldProperty(&'a str),
    /// Likewise, declared in the new schema only.
    NewProperty(&'a str),
    Items,
    Values,
}

/// A place, as the way from the root.
#[derive(Clone, Copy)]
pub(super) struct At<'a> {
    way: Option<(&'a At<'a>, Step<'a>)>,
}

impl<'a> At<'a> {
    pub(super) const ROOT: At<'static> = At { way: None };

    pub(super) fn step(&'a self, step: Step<'a>) -> At<'a> {
        At { way: Some((self, step)) }
    }

    pub(super) fn is_root(&self) -> bool {
        self.way.is_none()
    }

    /// Name of the property that the way ends with.
    pub(super) fn property(&self) -> Option<&'a str> {
        match self.way?.1 {
            Step::Property(name) | Step::OldProperty(name) | Step::NewProperty(name) => Some(name),
            Step::Items | Step::Values => None,
        }
    }

    /// The field of objects, as `spec.tags[]`.
    pub(super) fn field(&self) -> String {
        let Some((up, step)) = self.way else { return String::new() };
        let mut path = up.field();
        match step {
            Step::Property(name) | Step::OldProperty(name) | Step::NewProperty(name) => push(&mut path, name),
            Step::Items => path.push_str("[]"),
            Step::Values => path.push_str("{}"),
        }
        path
    }

    /// JSON pointers from the roots of the old and the new schema.
    pub(super) fn pointers(&self) -> (String, String) {
        let Some((up, step)) = self.way else { return Default::default() };
        let (mut old, mut new) = up.pointers();
        let property = |pointer: &mut String, name: &str| {
            // Writing to a string does not fail.
            let _ = write!(pointer, "/properties/{}", escaped(name));
        };
        let values = |pointer: &mut String| pointer.push_str("/additionalProperties");
        match step {
            Step::Property(name) => {
                property(&mut old, name);
                property(&mut new, name);
            }
            Step::OldProperty(name) => {
                property(&mut old, name);
                values(&mut new);
            }
            Step::NewProperty(name) => {
                values(&mut old);
                property(&mut new, name);
            }
            Step::Items => {
                old.push_str("/items");
                new.push_str("/items");
            }
            Step::Values => {
                values(&mut old);
                values(&mut new);
            }
        }
        (old, new)
    }
}

/// Appends a field's name to a path, in brackets if it would look like several.
fn push(path: &mut String, name: &str) {
    if name.is_empty() || name.contains(['.', '[', ']', '{', '}']) {
        // Writing to a string does not fail.
        let _ = write!(path, "[{name}]");
        return;
    }
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

/// A name as a JSON pointer has it.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_pointed_at() {
        let root = At::ROOT;
        let spec = root.step(Step::Property("spec"));
        let values = spec.step(Step::OldProperty("a.b/c"));
        let items = values.step(Step::Items);
        assert_eq!(items.field(), "spec[a.b/c][]");
        let (old, new) = items.pointers();
        assert_eq!(old, "/properties/spec/properties/a.b~1c/items");
        assert_eq!(new, "/properties/spec/additionalProperties/items");
    }
}
