//! Shapes of the kinds that are Go structs inside kube-apiserver: the core kinds, and the metadata of all kinds.
//!
//! Decoding such a kind is stricter than validating a custom resource and answers in other words (`json: cannot unmarshal
//! string into Go struct field …`); encoding it drops what is empty. A shape is data: the tables are in `tables`.

mod convert;
mod crd;
mod decode;
mod rbac;
mod tables;
mod time;

pub(crate) use convert::convert;
pub(crate) use decode::{Misfit, check_metadata, decode, decode_metadata};
pub(crate) use tables::{DELETE_OPTIONS, OBJECT_META, SCALE, root};

/// The type of a value.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    /// `string`.
    Text,
    /// `bool`.
    Bool,
    /// `int32`.
    Int32,
    /// `int64`.
    Int64,
    /// `float64`.
    Float64,
    /// `[]byte`: base64 text.
    Bytes,
    /// `metav1.Time`: RFC 3339, whole seconds.
    Time,
    /// `metav1.MicroTime`: RFC 3339 with six digits of fraction.
    MicroTime,
    /// A map from strings.
    Map(&'static Shape),
    /// A list.
    List(&'static Shape),
    /// A struct.
    Struct(&'static Struct),
    /// A schema, or a list.
    SchemaOrArray,
    /// A schema, or whether anything goes.
    SchemaOrBool,
    /// Any JSON; checked elsewhere.
    Any,
}

/// A struct's name and fields.
#[derive(Debug)]
pub(crate) struct Struct {
    /// Name as messages show it, without the package.
    pub(crate) name: &'static str,
    /// Package alias and name as messages show the type.
    pub(crate) type_name: &'static str,
    /// The fields.
    pub(crate) fields: &'static [Field],
}

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    /// JSON name.
    pub(crate) name: &'static str,
    /// Type.
    pub(crate) shape: Shape,
    /// What happens to the field when it is empty.
    pub(crate) empty: Empty,
    /// How a strategic merge patch changes the field, if it is a list.
    pub(crate) list: ListPatch,
}

/// What a strategic merge patch does to a list: the `patchStrategy` and `patchMergeKey` tags of the Go struct.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListPatch {
    /// The patch's list takes the place of the old one.
    Replace,
    /// Items that are not there yet are added.
    Merge,
    /// Items, which are objects, are merged with those that have the same value of this field.
    MergeBy(&'static str),
}

/// How an empty field is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Empty {
    /// Left out when it has the zero value or is an empty list or map.
    Omit,
    /// Left out only when it is absent or null: a pointer.
    Keep,
    /// Always written, with its zero value if need be.
    Always,
}

impl ListPatch {
    /// The field that matches items, if one does.
    pub(crate) fn key(self) -> Option<&'static str> {
        match self {
            ListPatch::MergeBy(key) => Some(key),
            ListPatch::Replace | ListPatch::Merge => None,
        }
    }
}

impl Shape {
    /// How a message names the type.
    fn type_name(self) -> String {
        match self {
            Shape::Text => "string".into(),
            Shape::Bool => "bool".into(),
            Shape::Int32 => "int32".into(),
            Shape::Int64 => "int64".into(),
            Shape::Float64 => "float64".into(),
            Shape::SchemaOrArray => "v1.JSONSchemaPropsOrArray".into(),
            Shape::SchemaOrBool => "v1.JSONSchemaPropsOrBool".into(),
            Shape::Bytes => "[]uint8".into(),
            Shape::Time => "v1.Time".into(),
            Shape::MicroTime => "v1.MicroTime".into(),
            Shape::Map(value) => format!("map[string]{}", value.type_name()),
            Shape::List(item) => format!("[]{}", item.type_name()),
            Shape::Struct(shape) => shape.type_name.into(),
            Shape::Any => "interface {}".into(),
        }
    }
}
