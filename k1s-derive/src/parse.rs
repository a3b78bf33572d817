//! The attributes as they are written: one darling struct for each place where one may stand.
//!
//! This room knows the names and the shapes of attributes and nothing of what they mean; the fields of these structs
//! are the list of attributes that the crate's documentation is checked against.

use darling::util::{Flag, Override, PathList, SpannedValue};
use darling::{FromAttributes, FromDeriveInput, FromField, FromMeta, FromVariant};
use proc_macro2::Span;
use syn::{Attribute, Ident, Path, Type};

use crate::literal::{Expression, JsonText, Names, Number, TypeRef, Values};

/// Text with the place it was written at.
pub(crate) type Text = SpannedValue<String>;

/// `#[resource(...)]` on a spec struct.
#[derive(FromDeriveInput)]
#[darling(attributes(resource))]
pub(crate) struct ResourceArgs {
    pub(crate) group: Option<Text>,
    pub(crate) version: Option<Text>,
    pub(crate) kind: Option<Text>,
    pub(crate) plural: Option<Text>,
    pub(crate) singular: Option<Text>,
    pub(crate) list_kind: Option<Text>,
    #[darling(default, multiple)]
    pub(crate) short_name: Vec<Text>,
    #[darling(default, multiple)]
    pub(crate) category: Vec<Text>,
    pub(crate) scope: Option<Text>,
    pub(crate) status: Option<TypeRef>,
    pub(crate) status_subresource: Option<SpannedValue<bool>>,
    pub(crate) optional_spec: Flag,
    pub(crate) scale: Option<ScaleArgs>,
    #[darling(default, multiple)]
    pub(crate) print_column: Vec<ColumnArgs>,
    pub(crate) storage: Option<SpannedValue<bool>>,
    pub(crate) hub: Option<SpannedValue<HubArgs>>,
    pub(crate) served: Option<SpannedValue<bool>>,
    pub(crate) deprecated: Option<SpannedValue<Override<String>>>,
    pub(crate) skip: Flag,
    #[darling(default, multiple)]
    pub(crate) annotation: Vec<PairArgs>,
    #[darling(default, multiple)]
    pub(crate) label: Vec<PairArgs>,
    #[darling(default, multiple)]
    pub(crate) selectable_field: Vec<Text>,
    #[darling(default, multiple)]
    pub(crate) validation: Vec<RuleArgs>,
    #[darling(default, multiple)]
    pub(crate) index: Vec<Text>,
    pub(crate) isolation: Flag,
    pub(crate) openapi: Option<JsonText>,
    pub(crate) derive: Option<PathList>,
    #[darling(rename = "crate")]
    pub(crate) crate_: Option<Path>,
}

/// `#[schema(...)]` on a struct or an enum.
#[derive(FromAttributes)]
#[darling(attributes(schema))]
pub(crate) struct TypeArgs {
    #[darling(rename = "crate")]
    pub(crate) crate_: Option<Path>,
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
    pub(crate) required: Flag,
    pub(crate) optional: Flag,
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

/// What may be said of any schema: a type's, a field's, or a list's items.
#[derive(Default, FromMeta)]
#[darling(default)]
pub(crate) struct Keywords {
    pub(crate) maximum: Option<Number>,
    pub(crate) minimum: Option<Number>,
    pub(crate) exclusive_maximum: Option<SpannedValue<Override<Number>>>,
    pub(crate) exclusive_minimum: Option<SpannedValue<Override<Number>>>,
    pub(crate) multiple_of: Option<Number>,
    pub(crate) max_length: Option<Number>,
    pub(crate) min_length: Option<Number>,
    pub(crate) pattern: Option<Text>,
    pub(crate) format: Option<Text>,
    #[darling(rename = "type")]
    pub(crate) type_: Option<Text>,
    pub(crate) max_items: Option<Number>,
    pub(crate) min_items: Option<Number>,
    pub(crate) unique_items: Flag,
    pub(crate) items: Option<SpannedValue<Box<Keywords>>>,
    pub(crate) max_properties: Option<Number>,
    pub(crate) min_properties: Option<Number>,
    pub(crate) enum_values: Option<Values>,
    pub(crate) nullable: Flag,
    pub(crate) default: Option<Expression>,
    pub(crate) example: Option<Expression>,
    pub(crate) title: Option<Text>,
    pub(crate) external_docs: Option<DocsArgs>,
    #[darling(multiple)]
    pub(crate) validation: Vec<RuleArgs>,
    #[darling(multiple)]
    pub(crate) at_most_one_of: Vec<Names>,
    #[darling(multiple)]
    pub(crate) exactly_one_of: Vec<Names>,
    #[darling(multiple)]
    pub(crate) at_least_one_of: Vec<Names>,
    pub(crate) immutable: Flag,
    pub(crate) preserve_unknown_fields: Flag,
    pub(crate) embedded_resource: Flag,
    pub(crate) int_or_string: Flag,
    pub(crate) schemaless: Flag,
    pub(crate) list_type: Option<Text>,
    #[darling(multiple)]
    pub(crate) list_map_key: Vec<Text>,
    pub(crate) map_type: Option<Text>,
    pub(crate) struct_type: Option<Text>,
    pub(crate) openapi: Option<JsonText>,
}

/// `validation(...)`: one CEL rule.
#[derive(FromMeta)]
pub(crate) struct RuleArgs {
    pub(crate) rule: Text,
    pub(crate) message: Option<Text>,
    pub(crate) message_expression: Option<Text>,
    pub(crate) reason: Option<Text>,
    pub(crate) field_path: Option<Text>,
    pub(crate) optional_old_self: Option<SpannedValue<bool>>,
}

/// `external_docs(...)`.
#[derive(FromMeta)]
pub(crate) struct DocsArgs {
    pub(crate) url: Text,
    pub(crate) description: Option<String>,
}

/// `print_column(...)`.
#[derive(FromMeta)]
pub(crate) struct ColumnArgs {
    pub(crate) name: Text,
    #[darling(rename = "type")]
    pub(crate) type_: Text,
    pub(crate) json_path: Text,
    pub(crate) description: Option<String>,
    pub(crate) format: Option<String>,
    pub(crate) priority: Option<i32>,
}

/// `scale(...)`.
#[derive(FromMeta)]
pub(crate) struct ScaleArgs {
    pub(crate) spec_replicas_path: Text,
    pub(crate) status_replicas_path: Text,
    pub(crate) label_selector_path: Option<Text>,
}

/// `hub = v1::Item` or `hub(type = v1::Item, root)`.
pub(crate) struct HubArgs {
    pub(crate) type_: TypeRef,
    pub(crate) root: bool,
}

#[derive(FromMeta)]
struct HubParts {
    #[darling(rename = "type")]
    type_: TypeRef,
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

/// `annotation(...)` and `label(...)`.
#[derive(FromMeta)]
pub(crate) struct PairArgs {
    pub(crate) key: Text,
    pub(crate) value: Text,
}

/// What is read of `#[serde(...)]` on a struct or an enum. The rest of serde's attributes is serde's own business.
#[derive(Default, FromAttributes)]
#[darling(attributes(serde), default, allow_unknown_fields)]
pub(crate) struct SerdeTypeArgs {
    pub(crate) rename: Option<Name>,
    pub(crate) rename_all: Option<Name>,
    pub(crate) rename_all_fields: Option<Name>,
    pub(crate) default: Option<Override<String>>,
    pub(crate) transparent: Flag,
    pub(crate) from: Option<SpannedValue<TypeRef>>,
    pub(crate) try_from: Option<SpannedValue<TypeRef>>,
    pub(crate) into: Option<SpannedValue<TypeRef>>,
    pub(crate) remote: Option<Text>,
    pub(crate) tag: Option<Text>,
    pub(crate) content: Option<Text>,
    pub(crate) untagged: Flag,
}

/// What is read of `#[serde(...)]` on a field or a variant.
#[derive(Default, FromAttributes)]
#[darling(attributes(serde), default, allow_unknown_fields)]
pub(crate) struct SerdeFieldArgs {
    pub(crate) rename: Option<Name>,
    #[darling(multiple)]
    pub(crate) alias: Vec<String>,
    pub(crate) default: Option<Override<String>>,
    pub(crate) skip: Flag,
    pub(crate) skip_serializing: Flag,
    pub(crate) skip_deserializing: Flag,
    pub(crate) flatten: Flag,
    pub(crate) with: Option<Text>,
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

#[derive(FromMeta)]
struct Directions {
    serialize: Option<String>,
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
