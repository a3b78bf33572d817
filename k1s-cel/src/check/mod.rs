//! Types of expressions: which overloads calls mean, which variables names mean, and complaints where nothing fits.

use crate::functions::Overload;
use crate::syntax::ast::{Ast, ExprId};
use crate::ty::Type;

/// An expression whose every node has a type.
#[derive(Clone, Debug)]
pub struct Checked {
    pub(crate) ast: Ast,
    pub(crate) types: Vec<Type>,
    pub(crate) references: Vec<Reference>,
}

/// What a node's name means.
#[derive(Clone, Debug, Default)]
pub(crate) enum Reference {
    /// The node names nothing, or a field.
    #[default]
    None,
    /// A variable of the environment, by index.
    Variable(usize),
    /// A variable of a loop: the node is an identifier.
    Local,
    /// The name of a type, as a value.
    TypeName(Box<str>),
    /// A function's overloads that fit the types of the arguments; more than one if types are known at run time only. `global` says
    /// that a call on a receiver means a function with a qualified name, such as `sets.contains(a, b)`: the receiver is no argument.
    Overloads { candidates: Vec<&'static Overload>, global: bool },
}

impl Checked {
    /// The syntax tree.
    #[must_use]
    pub fn ast(&self) -> &Ast {
        &self.ast
    }

    /// The type of a node.
    #[must_use]
    pub fn type_of(&self, id: ExprId) -> &Type {
        &self.types[id.index()]
    }

    /// The type of the whole.
    #[must_use]
    pub fn result_type(&self) -> &Type {
        self.type_of(self.ast.root())
    }

    pub(crate) fn reference(&self, id: ExprId) -> &Reference {
        &self.references[id.index()]
    }
}
