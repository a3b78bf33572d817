//! What names mean: variables of loops, variables of the environment, types.

use std::borrow::Cow;

use crate::Env;
use crate::functions::TYPE_NAMES;
use crate::syntax::ast::{Ast, ExprId, ExprKind};
use crate::ty::{OPTIONAL, Type};

use super::Reference;
use super::checker::Checker;

impl Checker<'_> {
    /// The type and meaning of a name, qualified or not.
    pub(super) fn resolve(&self, name: &str) -> Option<(Type, Reference)> {
        let (ty, reference) = resolve(self.env, self.locals.iter().map(|(local, _)| *local), name)?;
        let ty = match ty {
            Some(ty) => ty,
            None => self.locals.iter().rev().find(|(local, _)| *local == name)?.1.clone(),
        };
        Some((ty, reference))
    }

    /// The name that a chain of selections spells, if it is one.
    pub(super) fn qualified_name(&self, id: ExprId) -> Option<Cow<'_, str>> {
        qualified(self.ast, id)
    }
}

/// What a name means, qualified or not, and the type of what is no variable of a loop. A leading dot skips the variables of loops.
pub(super) fn resolve<'l>(
    env: &Env,
    mut locals: impl Iterator<Item = &'l str> + Clone,
    name: &str,
) -> Option<(Option<Type>, Reference)> {
    let (name, from_root) = match name.strip_prefix('.') {
        Some(name) => (name, true),
        None => (name, false),
    };
    if !from_root {
        if locals.clone().any(|local| local == name) {
            return Some((None, Reference::Local));
        }
        // `x.y` is a field of a loop's `x`, whatever else may have that name.
        if let Some((first, _)) = name.split_once('.')
            && locals.any(|local| local == first)
        {
            return None;
        }
    }
    if let Some(index) = env.variables().iter().position(|variable| &*variable.name == name) {
        return Some((Some(env.variables()[index].ty.clone()), Reference::Variable(index)));
    }
    type_named(name).map(|(ty, name)| (Some(Type::type_of(ty)), Reference::TypeName(name)))
}

/// The name that a chain of selections spells, if it is one.
pub(super) fn qualified(ast: &Ast, id: ExprId) -> Option<Cow<'_, str>> {
    match &ast.node(id).kind {
        ExprKind::Ident(name) => Some(Cow::Borrowed(name)),
        ExprKind::Select { operand, field, test_only: false } => {
            let operand = qualified(ast, *operand)?;
            Some(Cow::Owned(format!("{operand}.{field}")))
        }
        _ => None,
    }
}

/// The type that a name in an expression stands for, and the name that it has as a value.
fn type_named(name: &str) -> Option<(Type, &'static str)> {
    Some(match name {
        "bool" => (Type::Bool, "bool"),
        "int" => (Type::Int, "int"),
        "uint" => (Type::Uint, "uint"),
        "double" => (Type::Double, "double"),
        "string" => (Type::String, "string"),
        "bytes" => (Type::Bytes, "bytes"),
        "null_type" => (Type::Null, "null_type"),
        "google.protobuf.Timestamp" => (Type::Timestamp, "google.protobuf.Timestamp"),
        "google.protobuf.Duration" => (Type::Duration, "google.protobuf.Duration"),
        "list" => (Type::list(Type::Dyn), "list"),
        "map" => (Type::map(Type::Dyn, Type::Dyn), "map"),
        "type" => (Type::Type(None), "type"),
        OPTIONAL => (Type::optional(Type::Dyn), OPTIONAL),
        _ => {
            let name = *TYPE_NAMES.iter().find(|known| **known == name)?;
            (Type::Opaque(name, [].into()), name)
        }
    })
}
