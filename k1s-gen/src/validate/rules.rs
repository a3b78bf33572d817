//! The rules that findings name: one table, from which the documentation, SARIF's list of rules and the check of ignore comments are made.

/// What a finding can be about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Stable name in kebab-case, as in [`Finding::rule`](super::Finding::rule).
    pub name: &'static str,
    /// What was broken, in a sentence.
    pub summary: &'static str,
    /// What to do about it, in a sentence.
    pub help: &'static str,
    /// Whether an ignore comment may name it: what keeps a source from being read at all cannot be ignored from inside.
    pub ignorable: bool,
}

macro_rules! rules {
    ($($constant:ident $name:literal $ignorable:literal $summary:literal $help:literal;)+) => {
        $(#[doc = $summary] pub const $constant: &str = $name;)+

        /// All rules, sorted by name.
        pub const RULES: &[Rule] = &[
            $(Rule { name: $name, summary: $summary, help: $help, ignorable: $ignorable }),+
        ];
    };
}

rules! {
    BOUNDS "bounds" true
        "A number is too small, too large or not a multiple of what it must be."
        "Use a number within the bounds that the message names.";
    CEL "cel" true
        "A validation rule of the kind (x-kubernetes-validations) does not hold, or cannot be evaluated."
        "Change the object so that the rule holds; the message is the rule's own.";
    CEL_SKIPPED "cel-skipped" true
        "The kind's validation rules were not evaluated, as the object breaks its schema."
        "Repair what else is found; the rules are evaluated then.";
    DEPRECATED "deprecated" true
        "The version of the kind, or a field, is deprecated."
        "Move to what the message names before it is no longer served.";
    DUPLICATE_KEY "duplicate-key" true
        "A map has a key twice; the API server's strict decoder refuses it, others take the last."
        "Remove one of the two.";
    DUPLICATE_OBJECT "duplicate-object" true
        "An object of the same group, kind, namespace and name stands in the sources before."
        "Rename or remove one of the two: applied together, the later one would overwrite the other.";
    ENUM "enum" true
        "A value is not one of those that are allowed."
        "Use one of the values that the message lists.";
    FILE "file" false
        "A file or directory cannot be read."
        "Check the path, its permissions and what it links to.";
    FORBIDDEN "forbidden" true
        "A field may not be set there, or not by those who write manifests."
        "Remove the field.";
    FORMAT "format" true
        "A string is not of the format that the schema asks for, such as date-time, email or ipv4."
        "Write it as the format wants it.";
    IGNORE_COMMENT "ignore-comment" false
        "An ignore comment cannot be understood, or names a rule that does not exist or cannot be ignored."
        "Write `# k1s-gen:ignore[RULE]` with names of this table.";
    IMMUTABLE "immutable" true
        "A field differs from the previous version of the object and must not change."
        "Restore the previous value, or delete and create the object.";
    INVALID "invalid" true
        "A value breaks a rule of the API server that has no name of its own."
        "See the message.";
    JSON_SYNTAX "json-syntax" false
        "The text starts as JSON and is not JSON."
        "Repair the place that the message names.";
    LENGTH "length" true
        "A string, list or map is too long or too short."
        "Use as many characters, items or properties as the message allows.";
    LIMIT "limit" false
        "A document is larger, deeper or more often aliased than any API server would take."
        "Split the file or the document, or write repeated values out.";
    LOGIC "logic" true
        "A value breaks what the schema combines with allOf, anyOf, oneOf or not."
        "Give the value the shape of one of the alternatives that the message speaks of.";
    METADATA "metadata" true
        "The object's metadata is not valid: name, namespace, labels, annotations, owners, finalizers."
        "Follow the naming rules that the message states.";
    MISSING_KIND "missing-kind" true
        "A document names no apiVersion or no kind."
        "Add both, or leave the file out with --ignore-filename-pattern if it is no manifest.";
    MISSING_SCHEMA "missing-schema" true
        "No schema is known for the object's kind."
        "Name where it is defined with --crds, --package, --types or --schema-location, or pass --ignore-missing-schemas.";
    NOT_AN_OBJECT "not-an-object" true
        "A document is a list or a plain value, not an object."
        "Put one object in each document; lists of objects go into `kind: List`.";
    PATTERN "pattern" true
        "A string does not match the pattern that the schema asks for."
        "Write it so that the regular expression in the message matches.";
    REJECTED "rejected" true
        "The object's kind may not be there, by --reject."
        "Remove the object.";
    REQUIRED "required" true
        "A required field is missing."
        "Add the field.";
    SCHEMA_ERROR "schema-error" false
        "A schema that objects should be validated with cannot be read or is itself not valid."
        "Repair the schema; `k1s-gen check` says all that is wrong with a CustomResourceDefinition.";
    SERVER_WARNING "server-warning" true
        "An API server would take the object and warn."
        "See the message.";
    STALE_BASELINE "stale-baseline" false
        "A finding that the baseline knows does not occur any more."
        "Write the baseline anew with --write-baseline.";
    TYPE "type" true
        "A value is of another type than the schema says."
        "Use a value of the type that the message names; quote what must be a string.";
    UNIQUE "unique" true
        "A list that is a set or a map has an item or a key twice."
        "Remove one of the two.";
    UNKNOWN_FIELD "unknown-field" true
        "The schema has no such field; an API server would drop it, or refuse it when strict."
        "Check spelling and indentation, or remove the field.";
    UNUSED_IGNORE "unused-ignore" true
        "An ignore comment ignores nothing."
        "Remove it, or name unused-ignore in it as well.";
    YAML_SYNTAX "yaml-syntax" false
        "The text is not YAML, or YAML that has no JSON counterpart."
        "Repair the place that the message names.";
}

/// The rule of this name.
pub fn find(name: &str) -> Option<&'static Rule> {
    index_of(name).and_then(|index| RULES.get(index))
}

/// The place in [`RULES`] of the rule of this name.
pub fn index_of(name: &str) -> Option<usize> {
    RULES.binary_search_by(|rule| rule.name.cmp(name)).ok()
}

/// The name of a rule that is most like a word that names none, for "did you mean".
pub fn nearest(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase().replace('_', "-");
    nearest_of(&word, RULES.iter().map(|rule| rule.name))
}

/// The one of some words that is most like a word, if one is near enough.
pub(crate) fn nearest_of<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // Long words are told apart by their first part; no name is near them anyway.
    let word: String = word.chars().take(64).collect();
    names
        .map(|name| (strsim::damerau_levenshtein(&word, name), name))
        .min()
        .filter(|(distance, name)| *distance <= (name.len() / 3).max(1))
        .map(|(_, name)| name)
}

/// The table in Markdown, as docs/validate.md shows it.
pub fn markdown() -> String {
    let mut table = "| rule | what was broken | what to do |\n| --- | --- | --- |\n".to_owned();
    for Rule { name, summary, help, ignorable } in RULES {
        let mark = if *ignorable { "" } else { " ¹" };
        table.push_str(&format!("| `{name}`{mark} | {summary} | {help} |\n"));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_says_something() {
        assert!(RULES.is_sorted_by(|one, next| one.name < next.name));
        for rule in RULES {
            assert!(rule.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{}", rule.name);
            for text in [rule.summary, rule.help] {
                assert!(text.ends_with('.') && !text.contains(['|', '\n']), "{}: {text}", rule.name);
            }
            assert_eq!(find(rule.name), Some(rule));
        }
        assert_eq!(find("no-such-rule"), None);
        assert_eq!(REQUIRED, "required");
    }

    #[test]
    fn misspelt_names_are_guessed() {
        assert_eq!(nearest("requierd"), Some("required"));
        assert_eq!(nearest("Unknown_Field"), Some("unknown-field"));
        assert_eq!(nearest("unknown-fields"), Some("unknown-field"));
        assert_eq!(nearest("cell"), Some("cel"));
        assert_eq!(nearest("quite-something-else"), None);
        assert_eq!(nearest(&"x".repeat(1 << 20)), None);
    }
}
