//! The table of what can change: one row a rule, with its class and the reason for it. `docs/diff.md` and `k1s-gen diff --rules` are made
//! of it.

use std::fmt;
use std::io::{self, Write};

use k1s_runtime::manifest;
use serde_json::json;

use super::report::Format;

/// What a change means for objects that are stored and for clients that exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// No API server and no client behaves differently.
    Safe,
    /// Something new is possible, and what was possible still is.
    Compatible,
    /// An object or a client that was fine can be refused, lose data or read something else; or nobody can tell that it cannot.
    Breaking,
}

impl Class {
    /// All, the worst first.
    pub const ALL: [Class; 3] = [Class::Breaking, Class::Compatible, Class::Safe];

    /// `breaking`, `compatible` or `safe`.
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Breaking => "breaking",
            Class::Compatible => "compatible",
            Class::Safe => "safe",
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which stays the same from release to release: `field-removed`.
    pub id: &'static str,
    /// What it means.
    pub class: Class,
    /// What happened, in a few words.
    pub title: &'static str,
    /// Why it is of this class.
    pub reason: &'static str,
}

/// Every rule, in the order of the documentation.
pub fn all() -> &'static [&'static Rule] {
    ALL
}

/// Writes the table: one row a rule.
///
/// # Errors
/// The stream's.
pub fn write(format: Format, out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text | Format::Github => {
            for Rule { id, class, title, reason } in ALL {
                writeln!(out, "{id} ({class}): {title}\n    {reason}")?;
            }
        }
        Format::Markdown => {
            writeln!(out, "| rule | class | what happened | why |\n| --- | --- | --- | --- |")?;
            for Rule { id, class, title, reason } in ALL {
                writeln!(out, "| `{id}` | {class} | {title} | {reason} |")?;
            }
        }
        Format::Json => {
            let rows = ALL.iter().map(|rule| {
                let Rule { id, class, title, reason } = rule;
                json!({"rule": id, "class": class.as_str(), "title": title, "reason": reason})
            });
            writeln!(out, "{}", manifest::to_json_pretty(&rows.collect::<Vec<_>>()).trim_end())?;
        }
    }
    out.flush()
}

macro_rules! rules {
    ($($name:ident: $class:ident, $id:literal, $title:literal, $reason:literal;)*) => {
        $(pub(super) static $name: Rule =
            Rule { id: $id, class: Class::$class, title: $title, reason: $reason };)*
        static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    // The kind and its names.
    KIND_REMOVED: Breaking, "kind-removed", "kind removed", "all its objects are deleted with it";
    KIND_ADDED: Compatible, "kind-added", "kind added", "nothing used it before";
    KIND_RENAMED: Breaking, "kind-renamed", "kind renamed", "manifests and clients name the old kind, and an API server refuses the change";
    PLURAL_RENAMED: Breaking, "plural-renamed", "plural renamed", "it is part of every request's path, and the old objects belong to another CustomResourceDefinition";
    LIST_KIND_CHANGED: Breaking, "list-kind-changed", "kind of lists changed", "clients that decode lists by their kind do not know the new one";
    SINGULAR_CHANGED: Breaking, "singular-changed", "singular changed", "`kubectl get` with the old name fails";
    SHORT_NAME_REMOVED: Breaking, "short-name-removed", "short name removed", "`kubectl get` with it fails";
    SHORT_NAME_ADDED: Compatible, "short-name-added", "short name added", "one more name; where another kind has it already, an API server does not give it";
    CATEGORY_REMOVED: Breaking, "category-removed", "category removed", "`kubectl get` of the category leaves the kind out";
    CATEGORY_ADDED: Compatible, "category-added", "category added", "`kubectl get` of the category lists the kind too";
    SCOPE_CHANGED: Breaking, "scope-changed", "scope changed", "objects get other paths, and an API server refuses the change";
    CONVERSION_ADDED: Compatible, "conversion-added", "conversion by a webhook begins", "there was one version, so nothing was converted before; reads now depend on the webhook";
    CONVERSION_CHANGED: Breaking, "conversion-changed", "conversion strategy changed", "objects that are stored in another version than the requested one read differently";
    CONVERSION_WEBHOOK_CHANGED: Compatible, "conversion-webhook-changed", "conversion webhook changed", "the same conversion from another place; it has to be there before this is applied";
    UNKNOWN_FIELDS_PRUNED: Breaking, "unknown-fields-pruned", "`preserveUnknownFields` switched off", "fields that no schema names are dropped";
    UNKNOWN_FIELDS_KEPT: Compatible, "unknown-fields-kept", "`preserveUnknownFields` switched on", "fields that no schema names are kept";
    METADATA_CHANGED: Safe, "metadata-changed", "labels or annotations of the definition changed", "they say nothing about its objects";

    // Versions.
    VERSION_REMOVED: Breaking, "version-removed", "served version removed", "requests for it are not found, and objects stored in it cannot be read";
    STORED_VERSION_REMOVED: Breaking, "stored-version-removed", "version removed that was not served", "objects may still be stored in it: only `status.storedVersions` of the cluster tells";
    UNUSED_VERSION_REMOVED: Safe, "unused-version-removed", "version removed that was neither served nor stored", "`status.storedVersions` does not name it, so nothing is stored in it";
    VERSION_ADDED: Compatible, "version-added", "version added", "nothing used it before; it is compared with no other version";
    UNSERVED_VERSION_ADDED: Safe, "unserved-version-added", "version added that is not served", "nothing can ask for it";
    VERSION_NOT_SERVED: Breaking, "version-not-served", "version no longer served", "requests for it are not found";
    VERSION_SERVED: Compatible, "version-served", "version served", "nothing could ask for it before";
    VERSION_DEPRECATED: Compatible, "version-deprecated", "version deprecated", "everything works; answers carry a warning";
    VERSION_NOT_DEPRECATED: Safe, "version-not-deprecated", "version no longer deprecated", "answers lose their warning";
    DEPRECATION_WARNING_CHANGED: Safe, "deprecation-warning-changed", "deprecation warning changed", "only its words are others";
    STORAGE_VERSION_CHANGED: Compatible, "storage-version-changed", "another version is stored", "what is written from now on is stored in it; the rest stays until it is written again, and the old version has to stay until then";
    STORAGE_VERSION_LOSES_FIELDS: Breaking, "storage-version-loses-fields", "the version that is stored now lacks fields", "without a conversion, fields that the stored version does not know are dropped when an object is written";
    STATUS_ADDED: Breaking, "status-subresource-added", "status subresource added", "writes of an object no longer change its `status`: clients have to write it apart";
    STATUS_REMOVED: Breaking, "status-subresource-removed", "status subresource removed", "writes of the status apart are not found";
    SCALE_ADDED: Compatible, "scale-subresource-added", "scale subresource added", "nothing used it before";
    SCALE_REMOVED: Breaking, "scale-subresource-removed", "scale subresource removed", "`kubectl scale` and autoscalers do not find it";
    SCALE_PATH_CHANGED: Breaking, "scale-path-changed", "path of the scale subresource changed", "autoscalers read and write another field";
    SCALE_SELECTOR_ADDED: Compatible, "scale-selector-added", "label selector of the scale subresource added", "autoscalers find the pods, as they could not before";
    SELECTABLE_FIELD_REMOVED: Breaking, "selectable-field-removed", "selectable field removed", "requests that select by it are refused";
    SELECTABLE_FIELD_ADDED: Compatible, "selectable-field-added", "selectable field added", "nothing could select by it before";
    COLUMN_REMOVED: Compatible, "column-removed", "print column removed", "tables are for people, and Kubernetes makes no promise of them; scripts that cut them up notice";
    COLUMN_CHANGED: Compatible, "column-changed", "print column changed", "tables are for people, and Kubernetes makes no promise of them; scripts that cut them up notice";
    COLUMN_ADDED: Compatible, "column-added", "print column added", "tables show more";
    COLUMN_RESTYLED: Safe, "column-restyled", "description, priority or order of print columns changed", "the same values are there to be shown";

    // Fields.
    FIELD_REMOVED: Breaking, "field-removed", "field removed", "it is dropped from objects when they are read and written, so its data is lost; strict clients are refused";
    FIELD_FORBIDDEN: Breaking, "field-forbidden", "field removed where other fields are refused", "objects that have it are refused";
    FIELD_UNDECLARED: Compatible, "field-undeclared", "field removed where unknown fields are kept", "its value stays, and anything is taken for it";
    FIELD_ADDED: Compatible, "field-added", "optional field added", "objects without it are as good as before";
    FIELD_DECLARED: Breaking, "field-declared", "field declared that objects could have already", "unknown fields were kept here, so objects may hold something else in it";
    REQUIRED_FIELD_ADDED: Breaking, "required-field-added", "required field added", "objects and manifests without it are refused, updates of stored ones too";
    REQUIRED_ADDED: Breaking, "required-added", "field became required", "objects and manifests without it are refused, updates of stored ones too unless the part that lacks it stays as it is (ratcheting)";
    REQUIRED_WITH_DEFAULT: Compatible, "required-with-default", "field became required, with a default", "objects without it get the default before they are judged";
    REQUIRED_REMOVED: Compatible, "required-removed", "field became optional", "clients that rely on it have to expect its absence";
    UNKNOWN_KEPT: Compatible, "preserve-unknown-added", "unknown fields are kept", "what was dropped before is stored";
    UNKNOWN_DROPPED: Breaking, "preserve-unknown-removed", "unknown fields are no longer kept", "fields that the schema does not name are dropped, so their data is lost, or have to satisfy a schema";
    MAP_ADDED: Compatible, "map-values-added", "fields of any name are taken", "what was dropped before is stored";
    MAP_REMOVED: Breaking, "map-values-removed", "fields of any name are no longer taken", "they are dropped or refused, so their data is lost";
    MAP_OPENED: Compatible, "map-values-loosened", "anything is taken as a field of any name", "what was taken still is";
    UNKNOWN_FORBIDDEN: Breaking, "unknown-fields-forbidden", "unknown fields are refused", "they were dropped silently, or kept";
    ITEMS_ADDED: Breaking, "items-constrained", "items of a list got a schema", "items could be anything before";
    ITEMS_REMOVED: Breaking, "items-removed", "items of a list lost their schema", "what objects in the list hold is dropped";
    EMBEDDED_ADDED: Breaking, "embedded-resource-added", "object has to be a resource", "objects without `apiVersion` and `kind` are refused there";
    EMBEDDED_REMOVED: Breaking, "embedded-resource-removed", "object is no longer a resource", "its `apiVersion`, `kind` and `metadata` are dropped if no schema names them";
    DOCUMENTATION_CHANGED: Safe, "documentation-changed", "description, title, example or link changed", "it is text for people";

    // Types and values.
    TYPE_CHANGED: Breaking, "type-changed", "type changed", "values of the old type are refused, and clients cannot decode the new one";
    TYPE_LOOSENED: Compatible, "type-loosened", "more types are taken", "values of the old type still are; clients with a fixed type meet others";
    NULLABLE_REMOVED: Breaking, "nullable-removed", "null is no longer taken", "a null is dropped or replaced by the default, and in a list it is refused";
    NULLABLE_ADDED: Compatible, "nullable-added", "null is taken", "a null was dropped or replaced by the default before, and is stored now; clients meet it";
    DEFAULT_ADDED: Compatible, "default-added", "default added", "objects without the field read with it and are stored with it";
    DEFAULT_JUDGED: Breaking, "default-judged", "default added to a field that rules or bounds of its parents look at", "objects without the field get it, and may then be refused: nobody can tell";
    DEFAULT_CHANGED: Breaking, "default-changed", "default changed", "the same manifest means something else, and so do stored objects that lack the field";
    DEFAULT_REMOVED: Breaking, "default-removed", "default removed", "objects without the field used to read with it, and clients rely on that";
    FORMAT_ADDED: Breaking, "format-added", "format added", "values that are not of it are refused; on updates, unchanged values pass (ratcheting)";
    FORMAT_CHANGED: Breaking, "format-changed", "format changed", "values of the old format may not be of the new one; on updates, unchanged values pass (ratcheting)";
    FORMAT_LOOSENED: Compatible, "format-loosened", "format loosened or removed", "values of the old format are taken; clients meet others";
    FORMAT_UNCHECKED: Safe, "format-unchecked", "format changed that API servers do not check", "it is text for people and generators";
    PATTERN_ADDED: Breaking, "pattern-added", "pattern added", "values that do not match are refused; on updates, unchanged values pass (ratcheting)";
    PATTERN_CHANGED: Breaking, "pattern-changed", "pattern changed", "nobody can tell whether all that matched the old one matches the new one; on updates, unchanged values pass (ratcheting)";
    PATTERN_REMOVED: Compatible, "pattern-removed", "pattern removed", "what matched is still taken";
    ENUM_ADDED: Breaking, "enum-added", "values restricted to a list", "others are refused; on updates, unchanged values pass (ratcheting)";
    ENUM_REMOVED: Compatible, "enum-removed", "values no longer restricted to a list", "what was taken still is; clients that switch on the value meet others";
    ENUM_VALUE_REMOVED: Breaking, "enum-value-removed", "value no longer allowed", "objects with it are refused; on updates, unchanged values pass (ratcheting)";
    ENUM_VALUE_ADDED: Compatible, "enum-value-added", "value allowed", "what was taken still is; clients that switch on the value need a branch for it";
    ENUM_REORDERED: Safe, "enum-reordered", "allowed values in another order", "their order means nothing";

    // Bounds.
    BOUND_ADDED: Breaking, "bound-added", "bound added", "values beyond it are refused; on updates, unchanged values pass (ratcheting)";
    BOUND_TIGHTENED: Breaking, "bound-tightened", "bound tightened", "values that were allowed are refused; on updates, unchanged values pass (ratcheting)";
    BOUND_LOOSENED: Compatible, "bound-loosened", "bound loosened", "what was allowed still is";
    BOUND_REMOVED: Compatible, "bound-removed", "bound removed", "what was allowed still is";
    BOUND_RESTATED: Safe, "bound-restated", "bound written differently", "it allows the same";
    LIST_TYPE_CHANGED: Breaking, "list-type-changed", "list type changed", "duplicates may be refused, and appliers own, merge and replace items in another way";
    LIST_KEYS_CHANGED: Breaking, "list-map-keys-changed", "keys of a list changed", "items that were different may be duplicates, and appliers meet other items";
    MAP_TYPE_CHANGED: Breaking, "map-type-changed", "map type changed", "appliers own, merge and replace fields in another way";

    // Rules and logic.
    RULE_ADDED: Breaking, "rule-added", "validation rule added", "objects that break it are refused; on updates, values that stay as they are pass (ratcheting)";
    TRANSITION_RULE_ADDED: Breaking, "transition-rule-added", "transition rule added", "updates that break it are refused";
    RULE_CHANGED: Breaking, "rule-changed", "validation rule changed", "nobody can tell whether all that passed the old one passes the new one; on updates, values that stay as they are pass (ratcheting)";
    RULE_REMOVED: Compatible, "rule-removed", "validation rule removed", "what passed still passes";
    RULE_ON_CREATE: Breaking, "rule-without-old-value", "transition rule judges new values too (`optionalOldSelf`)", "objects that are created, or get the field, can be refused";
    RULE_ON_UPDATE: Compatible, "rule-with-old-value", "transition rule judges changes only (no `optionalOldSelf`)", "what passed still passes";
    RULE_MESSAGE_CHANGED: Safe, "rule-message-changed", "what a validation rule says changed", "message and field path are for people";
    RULE_REASON_CHANGED: Compatible, "rule-reason-changed", "reason of a validation rule changed", "clients that look at the reason of a refusal see another";
    ALL_OF_TIGHTENED: Breaking, "all-of-tightened", "`allOf` demands more", "values that satisfied it may not any more; on updates, unchanged values pass (ratcheting)";
    ALL_OF_LOOSENED: Compatible, "all-of-loosened", "`allOf` demands less", "what satisfied it still does";
    ANY_OF_TIGHTENED: Breaking, "any-of-tightened", "`anyOf` added, or changed so that nobody can tell", "values that satisfied it may not any more; on updates, unchanged values pass (ratcheting)";
    ANY_OF_LOOSENED: Compatible, "any-of-loosened", "`anyOf` demands less", "what satisfied it still does";
    ONE_OF_CHANGED: Breaking, "one-of-changed", "`oneOf` added or changed", "nobody can tell whether values still satisfy exactly one branch; on updates, unchanged values pass (ratcheting)";
    ONE_OF_REMOVED: Compatible, "one-of-removed", "`oneOf` removed", "what satisfied it is still taken";
    NOT_CHANGED: Breaking, "not-changed", "`not` added or changed", "values may be refused that were not; on updates, unchanged values pass (ratcheting)";
    NOT_REMOVED: Compatible, "not-removed", "`not` removed", "what was taken still is";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_are_unique_and_in_kebab_case() {
        let mut seen = HashSet::new();
        for rule in all() {
            assert!(seen.insert(rule.id), "{} is there twice", rule.id);
            assert!(rule.id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.id);
            assert!(!rule.title.contains('|') && !rule.reason.contains('|'), "{}", rule.id);
        }
    }
}
