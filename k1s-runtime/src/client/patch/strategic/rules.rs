//! What a kind's shape says about the fields of a patch.

use super::Failure;
use crate::api::gotext;
use crate::client::shape::{ListPatch, Shape, Struct};

/// The rules at one place of an object.
#[derive(Clone, Copy)]
pub(super) struct Rules {
    shape: Shape,
}

impl Rules {
    /// The rules of a whole object.
    pub(super) fn of(shape: &'static Struct) -> Self {
        Self { shape: Shape::Struct(shape) }
    }

    /// The rules of a field whose old and new value are objects.
    pub(super) fn field(self, name: &str) -> Result<Self, Failure> {
        self.look_up(name).map(|(shape, _)| Self { shape })
    }

    /// The rules of the items of a list, and those of the list.
    pub(super) fn items(self, name: &str) -> Result<(Self, ListPatch), Failure> {
        match self.look_up(name)? {
            (Shape::List(items), list) => Ok((Self { shape: *items }, list)),
            (Shape::Any, list) => Ok((self, list)),
            _ => {
                let parent = kind(self.shape);
                Err(Failure::Other(format!("expected slice or array type, but got: {parent}")))
            }
        }
    }

    /// The Go kind that messages name.
    pub(super) fn kind(self) -> &'static str {
        kind(self.shape)
    }

    fn look_up(self, name: &str) -> Result<(Shape, ListPatch), Failure> {
        match self.shape {
            Shape::Any => Ok((Shape::Any, ListPatch::Replace)),
            Shape::Struct(shape) => {
                let exact = shape.fields.iter().find(|field| field.name == name);
                let field =
                    exact.or_else(|| shape.fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)));
                field.map(|field| (field.shape, field.list)).ok_or_else(|| {
                    let (owner, quoted) = (shape.name, gotext::quote(name));
                    let message =
                        format!("unable to find api field in struct {owner} for the json field {quoted}");
                    Failure::Other(message)
                })
            }
            other => {
                let found = kind(other);
                let message =
                    format!("merging an object in json but data type is not struct, instead is: {found}");
                Err(Failure::Other(message))
            }
        }
    }
}

fn kind(shape: Shape) -> &'static str {
    match shape {
        Shape::Text => "string",
        Shape::Bool => "bool",
        Shape::Int32 => "int32",
        Shape::Int64 => "int64",
        Shape::Float64 => "float64",
        Shape::Bytes | Shape::List(_) => "slice",
        Shape::Time | Shape::MicroTime | Shape::Struct(_) => "struct",
        Shape::SchemaOrArray | Shape::SchemaOrBool => "struct",
        Shape::Map(_) => "map",
        Shape::Any => "interface",
    }
}
