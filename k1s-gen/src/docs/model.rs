//! The reference as data: kinds, their versions, and the tree of fields of each. Outputs are made of this and of nothing else.

use k1s_runtime::api::{PrintColumn, Scale, Scope};

use super::text::Text;

/// What a reference is about.
#[derive(Clone, Debug)]
pub struct Reference {
    /// The kinds, by group and name.
    pub kinds: Vec<Kind>,
}

/// A kind.
#[derive(Clone, Debug)]
pub struct Kind {
    /// Its anchor: the kind in lower case, with the group if another group has a kind of that name.
    pub id: String,
    /// API group.
    pub group: String,
    /// Kind, as `Item`.
    pub kind: String,
    /// Resource name: plural, lower case.
    pub plural: String,
    /// Singular name.
    pub singular: String,
    /// Short names.
    pub short_names: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Whether its objects live in namespaces.
    pub scope: Scope,
    /// Its versions, the one that clients prefer first.
    pub versions: Vec<Version>,
}

/// A version of a kind.
#[derive(Clone, Debug)]
pub struct Version {
    /// Its anchor: `item.v1`.
    pub id: String,
    /// Its name, as `v1`.
    pub name: String,
    /// `apiVersion` of its objects.
    pub api_version: String,
    /// Whether it answers requests.
    pub served: bool,
    /// Whether objects are stored in it.
    pub storage: bool,
    /// The warning of a deprecated version; empty for the default one.
    pub deprecated: Option<String>,
    /// What its schema says of the whole.
    pub description: Text,
    /// Whether it has a status subresource.
    pub status: bool,
    /// Its scale subresource.
    pub scale: Option<Scale>,
    /// Its print columns; empty if it has the default ones.
    pub columns: Vec<PrintColumn>,
    /// Fields that field selectors may name.
    pub selectable_fields: Vec<String>,
    /// What fields must have together.
    pub conditions: Vec<Condition>,
    /// Rules on the whole object.
    pub rules: Vec<Rule>,
    /// Its fields: `apiVersion`, `kind`, `metadata`, `spec`, then others, and `status` last.
    pub fields: Vec<Field>,
    /// A manifest to begin with.
    pub example: Example,
}

/// A field, and the fields below it.
#[derive(Clone, Debug)]
pub struct Field {
    /// Its anchor: `item.v1.spec.supplier.email`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its path from the object's root, with `[]` for items of lists and `{}` for values of maps: `spec.ports[].name`.
    pub path: String,
    /// Its type: `string`, `[]object`, `map[string]integer`, `integer or string`, `any`.
    pub type_name: String,
    /// Whether it must be there.
    pub required: bool,
    /// What is said of its value.
    pub value: Described,
    /// What is said of the items or values in it, level by level.
    pub inner: Vec<Inner>,
    /// The fields of the object that it is, or that its items or values are.
    pub fields: Vec<Field>,
}

/// What is said of the items of a list or the values of a map.
#[derive(Clone, Debug)]
pub struct Inner {
    /// What it is about: `Each item`, `Each value of each item`.
    pub label: String,
    /// What is said.
    pub value: Described,
}

/// What a schema says of a value.
#[derive(Clone, Debug, Default)]
pub struct Described {
    /// Its title.
    pub title: Option<String>,
    /// Its description.
    pub description: Text,
    /// Where more is said: words, and the address if it is one of the web.
    pub docs: Option<(String, Option<String>)>,
    /// Its default, as JSON.
    pub default: Option<String>,
    /// An example, as JSON.
    pub example: Option<String>,
    /// The values that there are, as JSON.
    pub values: Vec<String>,
    /// Whether it cannot be changed.
    pub immutable: bool,
    /// Bounds, pattern, format and the like.
    pub facts: Vec<Fact>,
    /// What `allOf`, `anyOf`, `oneOf` and `not` ask for.
    pub conditions: Vec<Condition>,
    /// CEL rules.
    pub rules: Vec<Rule>,
}

/// A short statement: `Length`, `1 to 100 characters`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub label: &'static str,
    /// What is said.
    pub value: String,
    /// Whether the value is code, to be shown as it is.
    pub code: bool,
}

/// A CEL rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The expression.
    pub rule: String,
    /// What is said when it does not hold.
    pub message: Option<String>,
    /// The expression that makes the message.
    pub message_expression: Option<String>,
    /// Why, as a machine reads it.
    pub reason: Option<String>,
    /// The field that is blamed.
    pub field_path: Option<String>,
    /// Whether it compares with the object that is replaced.
    pub transition: bool,
}

/// What a value must be like beyond its own keywords.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// How many of the branches must hold: `All of`, `At least one of`, `Exactly one of`, `Not`.
    pub label: &'static str,
    /// The branches.
    pub branches: Vec<Branch>,
}

/// One branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Branch {
    /// Words, with code between backticks left out: each part is code if the flag says so.
    Words(Vec<(String, bool)>),
    /// A schema as JSON.
    Schema(String),
}

/// A manifest to begin with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The manifest as YAML.
    pub yaml: String,
    /// What an API server would refuse in it: made-up values do not satisfy every rule.
    pub remarks: Vec<String>,
}

impl Described {
    /// Whether nothing is said.
    pub fn is_empty(&self) -> bool {
        let texts = self.title.is_none() && self.description.is_empty() && self.docs.is_none();
        let values = self.default.is_none() && self.example.is_none() && self.values.is_empty();
        texts && values && self.facts.is_empty() && self.conditions.is_empty() && self.rules.is_empty()
    }
}

impl Kind {
    /// `items.shop.example.com`, which is the name of its CustomResourceDefinition.
    pub fn qualified(&self) -> String {
        format!("{}.{}", self.plural, self.group)
    }

    /// What is said of it: by the first version that says something.
    pub fn description(&self) -> Option<&Text> {
        self.versions.iter().map(|version| &version.description).find(|text| !text.is_empty())
    }
}

impl Version {
    /// All of its fields with those below them, each before those below it.
    pub fn all_fields(&self) -> Vec<&Field> {
        let mut found = Vec::new();
        let mut open: Vec<&Field> = self.fields.iter().rev().collect();
        while let Some(field) = open.pop() {
            found.push(field);
            open.extend(field.fields.iter().rev());
        }
        found
    }
}
