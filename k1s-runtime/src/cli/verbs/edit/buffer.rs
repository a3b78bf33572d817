//! The text that is edited: a header of comments, then the objects.

use serde_json::{Value, json};

use super::Mode;
use crate::Object;
use crate::manifest;

/// How objects are shown in the editor.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// With a header.
    Yaml,
    /// Without: JSON has no comments.
    Json,
}

/// Why a text was not accepted.
pub(super) struct Reason {
    /// In a line.
    pub head: String,
    /// One by one.
    pub causes: Vec<String>,
}

impl Format {
    /// The ending of the file's name.
    pub(super) fn extension(self) -> &'static str {
        match self {
            Format::Yaml => ".yaml",
            Format::Json => ".json",
        }
    }

    /// The objects as text: one as itself, several as a list.
    pub(super) fn show(self, objects: &[&Object]) -> String {
        let bare = |object: &&Object| (*object).clone().into_value();
        let value = match objects {
            [only] => bare(only),
            several => {
                let items: Vec<Value> = several.iter().map(bare).collect();
                json!({"apiVersion": "v1", "items": items, "kind": "List", "metadata": {}})
            }
        };
        match self {
            Format::Yaml => manifest::to_yaml(&value),
            Format::Json => manifest::to_json_pretty(&value),
        }
    }

    /// What stands above the objects.
    pub(super) fn header(self, mode: Mode, reasons: &[Reason]) -> String {
        if self == Format::Json {
            return String::new();
        }
        let mut text = match mode {
            Mode::Objects => OBJECTS_HEADER.to_owned(),
            Mode::LastApplied => LAST_APPLIED_HEADER.to_owned(),
        };
        for Reason { head, causes } in reasons {
            let colon = if causes.is_empty() { "" } else { ":" };
            text.push_str(&format!("# {}{colon}\n", commented(head)));
            for cause in causes {
                text.push_str(&format!("# * {}\n", commented(cause)));
            }
            text.push_str("#\n");
        }
        text
    }
}

const OBJECTS_HEADER: &str = "# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
";

const LAST_APPLIED_HEADER: &str = "# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
";

/// A text of several lines, all of them comments.
fn commented(text: &str) -> String {
    text.replace('\n', "\n# ")
}

/// The text without lines of comments.
pub(super) fn without_comments(text: &str) -> String {
    let is_comment = |line: &str| line.trim().starts_with('#') && !line.trim().starts_with("#!");
    text.split_inclusive('\n').filter(|line| !is_comment(line)).collect()
}

/// What the text says, whatever its comments and layout.
pub(super) fn meaning(text: &str) -> String {
    match manifest::parse_yaml(text.as_bytes()) {
        Ok(value) => manifest::to_json_compact(&value),
        Err(_) => without_comments(text).trim().to_owned(),
    }
}

/// Whether nothing but comments and blank lines is left.
pub(super) fn is_blank(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with('#'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_layout_do_not_count() {
        let shown = Format::Yaml.show(&[&Object::new("v1", "ConfigMap", "a")]);
        let text = Format::Yaml.header(Mode::Objects, &[]) + &shown;
        assert!(text.starts_with("# Please edit the object below."), "{text}");
        assert_eq!(meaning(&text), meaning("{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}"));
        assert_ne!(meaning(&text), meaning(&text.replace("name: a", "name: b")));
        assert_eq!(without_comments(&text), shown);
        assert!(is_blank("# x\n\n  # y\n") && !is_blank(&text));
    }

    #[test]
    fn reasons_are_comments() {
        let reasons =
            [Reason { head: "items \"a\" was not valid".into(), causes: vec!["spec: x\ny".into()] }];
        let text = Format::Yaml.header(Mode::Objects, &reasons);
        assert!(text.ends_with("# items \"a\" was not valid:\n# * spec: x\n# y\n#\n"), "{text}");
        assert!(Format::Json.header(Mode::Objects, &reasons).is_empty());
    }
}
