//! The attributes as they are written: one darling struct for each place where one may stand.
//!
//! This room knows the names and the shapes of attributes and nothing of what they do. The fields of these structs with their
//! documentation are the table of attributes: `reference` makes the documentation of it.

use darling::util::{Flag, Override, PathList, SpannedValue};
use darling::{FromAttributes, FromDeriveInput, FromField, FromMeta, FromVariant};
use proc_macro2::Span;
use syn::{Attribute, Ident, Path, Type};

use crate::literal::{Expression, JsonText, Names, Number, TypeRef, Values, Words};

/// Text with the place it was written at.
pub(crate) type Text = SpannedValue<String>;

/// `#[resource(...)]` on a spec struct.
#[derive(FromDeriveInput)]
#[darling(attributes(resource))]
pub(crate) struct ResourceArgs {
    /// API group of the kind, as `"shop.example.com"`. Needed.
    pub(crate) group: Option<Text>,
    /// Version of the kind, as `"v1"`. Needed.
    pub(crate) version: Option<Text>,
    /// Name of the kind, and of the root type that is made: `"Item"`. Needed.
    pub(crate) kind: Option<Text>,
    /// Resource name in the plural; made of the kind by default, as `items`.
    pub(crate) plural: Option<Text>,
    /// Resource name in the singular; the kind in lower case by default.
    pub(crate) singular: Option<Text>,
    /// Kind of lists; the kind and `List` by default.
    pub(crate) list_kind: Option<Text>,
    /// A short name, as `"itm"`.
    #[darling(default, multiple)]
    pub(crate) short_name: Vec<Text>,
    /// A category that the kind belongs to, as `"all"`.
    #[darling(default, multiple)]
    pub(crate) category: Vec<Text>,
    /// `"Namespaced"`, the default, or `"Cluster"`.
    pub(crate) scope: Option<Text>,
    /// The type of the status; enables the status subresource.
    pub(crate) status: Option<TypeRef>,
    /// Whether the status is written apart from the rest; true by default.
    pub(crate) status_subresource: Option<SpannedValue<bool>>,
    /// An object may have no `spec`; Rust reads an empty one then.
    pub(crate) optional_spec: Flag,
    /// Enables the scale subresource.
    pub(crate) scale: Option<ScaleArgs>,
    /// A column of tables.
    #[darling(default, multiple)]
    pub(crate) print_column: Vec<ColumnArgs>,
    /// Whether objects are stored in this version; true unless the version has a `hub`. Of several versions exactly one is stored.
    pub(crate) storage: Option<SpannedValue<bool>>,
    /// Another version of the kind, which this one is converted to and from by `From` or `TryFrom` impls: `hub = v1::Item`.
    pub(crate) hub: Option<SpannedValue<HubArgs>>,
    /// Whether the version answers requests; true by default.
    pub(crate) served: Option<SpannedValue<bool>>,
    /// The version is deprecated; `deprecated = "..."` sets the warning.
    pub(crate) deprecated: Option<SpannedValue<Override<String>>>,
    /// The version is left out of the registry, and so of the CustomResourceDefinition.
    pub(crate) skip: Flag,
    /// An annotation of the CustomResourceDefinition.
    #[darling(default, multiple)]
    pub(crate) annotation: Vec<PairArgs>,
    /// A label of the CustomResourceDefinition.
    #[darling(default, multiple)]
    pub(crate) label: Vec<PairArgs>,
    /// The JSON path of a field that field selectors may name, as `".spec.size"`.
    #[darling(default, multiple)]
    pub(crate) selectable_field: Vec<Text>,
    /// A CEL rule on the whole object; `self` is the object, with `metadata.name` and `metadata.generateName`.
    #[darling(default, multiple)]
    pub(crate) validation: Vec<RuleArgs>,
    /// A JSON path for which the store keeps an index.
    #[darling(default, multiple)]
    pub(crate) index: Vec<Text>,
    /// Tenants are kept apart: the CustomResourceDefinition is annotated `k1s.dev/tenant-isolation`.
    pub(crate) isolation: Flag,
    /// OpenAPI keywords as JSON, laid over the schema of the whole object.
    pub(crate) openapi: Option<JsonText>,
    /// Further derives of the root type, as `derive(PartialEq)`; `Clone` and `Debug` are always there.
    pub(crate) derive: Option<PathList>,
    /// Path of the runtime crate; `::k1s_runtime` by default.
    #[darling(rename = "crate")]
    pub(crate) crate_: Option<Path>,
}

/// `#[schema(...)]` on a struct or an enum.
#[derive(FromAttributes)]
#[darling(attributes(schema))]
pub(crate) struct TypeArgs {
    /// Path of the runtime crate; `::k1s_runtime` by default. On the types that derive `Schema`.
    #[darling(rename = "crate")]
    pub(crate) crate_: Option<Path>,
    /// A type whose schema takes the place of this one's, for impls of `Serialize` and `Deserialize` that are written by hand.
    pub(crate) with: Option<TypeRef>,
    #[darling(flatten)]
    pub(crate) keywords: Keywords,
}

/// `#[schema(...)]` on a field.
#[derive(FromField)]
#[darling(attributes(schema), forward_attrs(doc, serde))]
pub(crate) struct FieldArgs {
    pub(crate) ident: Option<Ident>,
    pub(crate) ty: Type,
    pub(crate) attrs: Vec<Attribute>,
    /// The field must be there, though it is an `Option` or has a default.
    pub(crate) required: Flag,
    /// The field may be missing, though it is no `Option` and has no default.
    pub(crate) optional: Flag,
    /// A type whose schema takes the place of the field's, as `with = "String"`.
    pub(crate) with: Option<TypeRef>,
    #[darling(flatten)]
    pub(crate) keywords: Keywords,
}

/// `#[schema(...)]` on an enum's variant: nothing may be said there, the documentation is read.
#[derive(FromVariant)]
#[darling(attributes(schema), forward_attrs(doc, serde))]
pub(crate) struct VariantArgs {
    pub(crate) ident: Ident,
    pub(crate) attrs: Vec<Attribute>,
}

/// `#[schema(...)]` on a type, on a field, or of a list's items in `items(...)`.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct Keywords {
    /// The greatest number that is valid.
    pub(crate) maximum: Option<Number>,
    /// The least number that is valid.
    pub(crate) minimum: Option<Number>,
    /// Numbers must be less: `exclusive_maximum = 10`, or as a word beside `maximum`.
    pub(crate) exclusive_maximum: Option<SpannedValue<Override<Number>>>,
    /// Numbers must be more: `exclusive_minimum = 0`, or as a word beside `minimum`.
    pub(crate) exclusive_minimum: Option<SpannedValue<Override<Number>>>,
    /// Numbers must be a multiple of it.
    pub(crate) multiple_of: Option<Number>,
    /// Most characters of a string.
    pub(crate) max_length: Option<Number>,
    /// Fewest characters of a string.
    pub(crate) min_length: Option<Number>,
    /// A regular expression, of Go's RE2 syntax, that strings must contain a match of.
    pub(crate) pattern: Option<Text>,
    /// An OpenAPI format, as `"email"` or `"date-time"`.
    pub(crate) format: Option<Text>,
    /// The JSON type, in place of the Rust type's schema: `"string"`, `"integer"`, `"number"`, `"boolean"`, `"array"` or `"object"`.
    #[darling(rename = "type")]
    pub(crate) type_: Option<Text>,
    /// Most items of a list.
    pub(crate) max_items: Option<Number>,
    /// Fewest items of a list.
    pub(crate) min_items: Option<Number>,
    /// A list without duplicates; the same as `list_type = "set"`, as API servers refuse `uniqueItems`.
    pub(crate) unique_items: Flag,
    /// What is said of a list's items, in the words of this table: `items(min_length = 1)`.
    pub(crate) items: Option<SpannedValue<Box<Keywords>>>,
    /// Most entries of a map.
    pub(crate) max_properties: Option<Number>,
    /// Fewest entries of a map.
    pub(crate) min_properties: Option<Number>,
    /// The values that there are: `enum_values("a", "b")`.
    pub(crate) enum_values: Option<Values>,
    /// `null` is a value.
    pub(crate) nullable: Flag,
    /// The value of a field that is missing: a literal, or an expression of the field's type, as `Size::Small`.
    pub(crate) default: Option<Expression>,
    /// An example: a literal, or an expression of the field's type.
    pub(crate) example: Option<Expression>,
    /// A title, for documentation.
    pub(crate) title: Option<Text>,
    /// Where more is said of it.
    pub(crate) external_docs: Option<DocsArgs>,
    /// A CEL rule; `self` is the value that it stands at.
    #[darling(multiple)]
    pub(crate) validation: Vec<RuleArgs>,
    /// At most one of these fields, by their JSON names, may be set: `at_most_one_of(a, b)`.
    #[darling(multiple)]
    pub(crate) at_most_one_of: Vec<Names>,
    /// Exactly one of these fields must be set.
    #[darling(multiple)]
    pub(crate) exactly_one_of: Vec<Names>,
    /// At least one of these fields must be set.
    #[darling(multiple)]
    pub(crate) at_least_one_of: Vec<Names>,
    /// The value cannot change once it is there.
    pub(crate) immutable: Flag,
    /// Fields that the schema does not name are kept, and not checked.
    pub(crate) preserve_unknown_fields: Flag,
    /// The value is a whole Kubernetes object, with `apiVersion`, `kind` and `metadata`.
    pub(crate) embedded_resource: Flag,
    /// The value is an integer or a string.
    pub(crate) int_or_string: Flag,
    /// The Rust type's schema is not looked at; without `type`, everything is kept.
    pub(crate) schemaless: Flag,
    /// How lists are merged: `"atomic"`, `"set"` or `"map"`.
    pub(crate) list_type: Option<Text>,
    /// A field that tells the items of a `"map"` list apart.
    #[darling(multiple)]
    pub(crate) list_map_key: Vec<Text>,
    /// How maps are merged: `"granular"` or `"atomic"`.
    pub(crate) map_type: Option<Text>,
    /// How structs are merged: `"granular"` or `"atomic"`.
    pub(crate) struct_type: Option<Text>,
    /// OpenAPI keywords that no attribute has, as JSON: they are laid over what the type and the other attributes say.
    pub(crate) openapi: Option<JsonText>,
}

/// `validation(...)`: one CEL rule.
#[derive(FromMeta)]
pub(crate) struct RuleArgs {
    /// The CEL expression; checked when the struct is compiled.
    pub(crate) rule: Text,
    /// What is said when it does not hold.
    pub(crate) message: Option<Text>,
    /// A CEL expression that makes the message.
    pub(crate) message_expression: Option<Text>,
    /// Why, for machines: `"FieldValueInvalid"`, `"FieldValueForbidden"`, `"FieldValueRequired"` or `"FieldValueDuplicate"`.
    pub(crate) reason: Option<Text>,
    /// The field that is blamed, as `".spec.size"`.
    pub(crate) field_path: Option<Text>,
    /// Whether a rule with `oldSelf` is also evaluated when there is no old value: `oldSelf` is an optional then.
    pub(crate) optional_old_self: Option<SpannedValue<bool>>,
}

/// `external_docs(...)`: where more is said.
#[derive(FromMeta)]
pub(crate) struct DocsArgs {
    /// The address.
    pub(crate) url: Text,
    /// What is found there.
    pub(crate) description: Option<String>,
}

/// `print_column(...)`: a column of tables.
#[derive(FromMeta)]
pub(crate) struct ColumnArgs {
    /// The header.
    pub(crate) name: Text,
    /// `"integer"`, `"number"`, `"string"`, `"boolean"` or `"date"`.
    #[darling(rename = "type")]
    pub(crate) type_: Text,
    /// Where the value is, as `".spec.size"`.
    pub(crate) json_path: Text,
    /// What the column shows.
    pub(crate) description: Option<String>,
    /// An OpenAPI format of the type, as `"int32"`.
    pub(crate) format: Option<String>,
    /// Columns above 0 are shown with `-o wide` only.
    pub(crate) priority: Option<i32>,
}

/// `scale(...)`: the scale subresource.
#[derive(FromMeta)]
pub(crate) struct ScaleArgs {
    /// Where the number of wanted replicas is, as `".spec.replicas"`.
    pub(crate) spec_replicas_path: Text,
    /// Where the number of present replicas is, as `".status.replicas"`.
    pub(crate) status_replicas_path: Text,
    /// Where the label selector is, as a string.
    pub(crate) label_selector_path: Option<Text>,
}

/// `hub = v1::Item` or `hub(type = v1::Item, root)`.
pub(crate) struct HubArgs {
    pub(crate) type_: TypeRef,
    pub(crate) root: bool,
}

/// `hub(...)`.
#[derive(FromMeta)]
struct HubParts {
    /// The root type of the other version.
    #[darling(rename = "type")]
    type_: TypeRef,
    /// Converts between the root types, which see the metadata, and not between specs and statuses.
    root: Flag,
}

impl FromMeta for HubArgs {
    fn from_meta(item: &syn::Meta) -> darling::Result<Self> {
        match item {
            syn::Meta::NameValue(_) => Ok(Self { type_: TypeRef::from_meta(item)?, root: false }),
            _ => {
                let parts = HubParts::from_meta(item)?;
                Ok(Self { type_: parts.type_, root: parts.root.is_present() })
            }
        }
    }
}

/// `annotation(...)` and `label(...)`: metadata of the CustomResourceDefinition.
#[derive(FromMeta)]
pub(crate) struct PairArgs {
    /// Its key.
    pub(crate) key: Text,
    /// Its value.
    pub(crate) value: Text,
}

/// `#[rbac(...)]` on an item of a reconciler: what it is allowed to do.
#[derive(FromMeta)]
pub(crate) struct RbacArgs {
    /// API groups, without a version, as `"apps"`; Kubernetes' own is `"core"` or `""`.
    pub(crate) groups: Option<Words>,
    /// Plural names and subresources: `"deployments"`, `"deployments/status"`.
    pub(crate) resources: Option<Words>,
    /// What is done: `"get"`, `"list"`, `"watch"`, `"create"`, `"update"`, `"patch"`, `"delete"`, `"deletecollection"`, and what else an API knows. Needed.
    pub(crate) verbs: Option<Words>,
    /// The names of the only objects that the rule is about.
    pub(crate) resource_names: Option<Words>,
    /// Paths that are no resources, as `"/metrics"`, in place of groups and resources; a `*` at the end stands for the rest.
    pub(crate) urls: Option<Words>,
    /// The namespace of the Role that the rule belongs to; without one it belongs to a ClusterRole.
    pub(crate) namespace: Option<Text>,
    /// The role's name, in place of the one that `k1s-gen rbac` is given.
    pub(crate) role_name: Option<Text>,
    /// Path of the runtime crate; `::k1s_runtime` by default.
    #[darling(rename = "crate")]
    pub(crate) crate_: Option<Path>,
}

/// `#[serde(...)]` on a struct or an enum, as far as it says what the JSON looks like. The rest of serde's attributes is serde's own business.
#[derive(Default, FromAttributes)]
#[darling(attributes(serde), default, allow_unknown_fields)]
pub(crate) struct SerdeTypeArgs {
    /// The tag of a struct with `tag`.
    pub(crate) rename: Option<Name>,
    /// How fields, or variants, are renamed.
    pub(crate) rename_all: Option<Name>,
    /// How the fields of variants are renamed.
    pub(crate) rename_all_fields: Option<Name>,
    /// Fields that are missing have their defaults, so that none is required.
    pub(crate) default: Option<Override<String>>,
    /// The schema of the one field.
    pub(crate) transparent: Flag,
    /// The schema of that type.
    pub(crate) from: Option<SpannedValue<TypeRef>>,
    /// The schema of that type.
    pub(crate) try_from: Option<SpannedValue<TypeRef>>,
    /// The type that is written; it must be the one that is read.
    pub(crate) into: Option<SpannedValue<TypeRef>>,
    /// The definition of a type of another crate; it has the schema.
    pub(crate) remote: Option<Text>,
    /// The field that tells variants apart.
    pub(crate) tag: Option<Text>,
    /// The field that holds what a variant holds.
    pub(crate) content: Option<Text>,
    /// Variants are told apart by what they hold.
    pub(crate) untagged: Flag,
}

/// `#[serde(...)]` on a field or a variant.
#[derive(Default, FromAttributes)]
#[darling(attributes(serde), default, allow_unknown_fields)]
pub(crate) struct SerdeFieldArgs {
    /// The name in JSON.
    pub(crate) rename: Option<Name>,
    /// A further name that is read.
    #[darling(multiple)]
    pub(crate) alias: Vec<String>,
    /// The field may be missing.
    pub(crate) default: Option<Override<String>>,
    /// The field or variant is not part of the schema.
    pub(crate) skip: Flag,
    /// The field is read and never written; with `skip_deserializing`, as `skip`.
    pub(crate) skip_serializing: Flag,
    /// The field is written and never read, and may be missing.
    pub(crate) skip_deserializing: Flag,
    /// Its fields stand beside the others.
    pub(crate) flatten: Flag,
    /// Other code reads and writes the value; see `schema(with)`.
    pub(crate) with: Option<Text>,
    /// Other code reads the value; see `schema(with)`.
    pub(crate) deserialize_with: Option<Text>,
    /// Of a variant: how its fields are renamed.
    pub(crate) rename_all: Option<Name>,
    /// Of a variant: it has no tag.
    pub(crate) untagged: Flag,
    /// Of a variant: it stands for every tag that no other variant has.
    pub(crate) other: Flag,
}

/// A name for both directions, or one for each.
pub(crate) struct Name {
    pub(crate) serialize: Option<String>,
    pub(crate) deserialize: Option<String>,
    pub(crate) span: Span,
}

/// `rename(...)` and its like, of serde: both must be the same, as a schema has one name for a field.
#[derive(FromMeta)]
struct Directions {
    /// The name that is written.
    serialize: Option<String>,
    /// The name that is read.
    deserialize: Option<String>,
}

impl FromMeta for Name {
    fn from_meta(item: &syn::Meta) -> darling::Result<Self> {
        let span = syn::spanned::Spanned::span(item);
        if let syn::Meta::List(_) = item {
            let both = Directions::from_meta(item)?;
            return Ok(Self { serialize: both.serialize, deserialize: both.deserialize, span });
        }
        let name = String::from_meta(item)?;
        Ok(Self { serialize: Some(name.clone()), deserialize: Some(name), span })
    }
}
