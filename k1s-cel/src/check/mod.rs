//! Types of expressions: which overloads calls mean, which variables names mean, and complaints where nothing fits.
//!
//! The rules are those of cel-go's checker in the Kubernetes environment, and so are its words: literals of mixed types are refused, numbers
//! of different types are compared but not added, and literals of timestamps, durations and regular expressions are checked ahead.

mod call;
mod checker;
mod format;
mod hint;
mod literals;
mod message;
mod names;
mod unchecked;

use crate::functions::Overload;
use crate::issue::Issues;
use crate::limits::Limits;
use crate::syntax::ast::{Ast, ExprId};
use crate::ty::Type;
use crate::{Env, stack, syntax};

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
    TypeName(&'static str),
    /// A name that nothing has, in an expression that was not checked: evaluating it fails.
    Missing(Box<str>),
    /// A function's overloads that fit the types of the arguments; more than one if types are known at run time only.
    Overloads {
        candidates: Candidates,
        /// Whether a call on a receiver means a function with a qualified name, such as `sets.contains(a, b)`: then the receiver is no
        /// argument.
        qualified: bool,
    },
}

/// The overloads that a call may mean. Most mean one.
#[derive(Clone, Debug)]
pub(crate) enum Candidates {
    /// The only one that fits.
    One(&'static Overload),
    /// Those that fit what is known of the types.
    Many(Vec<&'static Overload>),
}

impl Candidates {
    pub(crate) fn as_slice(&self) -> &[&'static Overload] {
        match self {
            Candidates::One(overload) => std::slice::from_ref(overload),
            Candidates::Many(overloads) => overloads,
        }
    }
}

impl Env {
    /// Parses and checks an expression.
    ///
    /// ```
    /// use k1s_cel::{Env, ty::Type};
    ///
    /// let env = Env::new().with("x", Type::Int);
    /// assert_eq!(env.check("x + 1").unwrap().result_type(), &Type::Int);
    ///
    /// let wrong = env.check("x + 'a'").unwrap_err();
    /// assert_eq!(
    ///     wrong.to_string(),
    ///     "ERROR: <input>:1:3: found no matching overload for '_+_' applied to '(int, string)'\n | x + 'a'\n | ..^"
    /// );
    /// ```
    ///
    /// # Errors
    ///
    /// What is wrong with the expression: syntax, or if that is right names and types, or if they are right literals.
    pub fn check(&self, source: &str) -> Result<Checked, Issues> {
        let ast = syntax::parse(source, &Limits::default())?;
        self.check_ast(ast, source)
    }

    /// Checks an expression that has been parsed from `source`.
    ///
    /// # Errors
    ///
    /// What is wrong with names and types, or with literals.
    pub fn check_ast(&self, ast: Ast, source: &str) -> Result<Checked, Issues> {
        let depth = ast.depth();
        stack::with_room(depth, || {
            let (types, references) =
                checker::check(self, &ast).map_err(|issues| Issues::new(source, issues))?;
            let checked = Checked { ast, types, references };
            let issues = literals::check(&checked, self.is_partial());
            if issues.is_empty() { Ok(checked) } else { Err(Issues::new(source, issues)) }
        })
    }
}

impl Checked {
    /// The syntax tree.
    #[must_use]
    pub fn ast(&self) -> &Ast {
        &self.ast
    }

    /// The type of a node.
    ///
    /// # Panics
    ///
    /// If the node is of another, larger tree.
    #[must_use]
    pub fn type_of(&self, id: ExprId) -> &Type {
        &self.types[id.index()]
    }

    /// The type of the whole.
    #[must_use]
    pub fn result_type(&self) -> &Type {
        self.type_of(self.ast.root())
    }

    /// Whether the expression names a variable of the environment, by its index.
    #[must_use]
    pub fn uses(&self, variable: usize) -> bool {
        self.references
            .iter()
            .any(|reference| matches!(reference, Reference::Variable(index) if *index == variable))
    }

    pub(crate) fn reference(&self, id: ExprId) -> &Reference {
        &self.references[id.index()]
    }
}
