//! What a program consists of.

use std::collections::HashSet;
use std::sync::Arc;

use crate::functions::Overload;
use crate::functions::message::{Message, Part};
use crate::schema::Schema;
use crate::syntax::ast::Macro;
use crate::value::{Key, Value};

/// A step of a program: what a node of the tree becomes.
#[derive(Debug)]
pub(super) enum Op {
    /// A constant: costs nothing.
    Constant(Value<'static>),
    /// A variable, with what is selected from it.
    Chain(Box<Chain>),
    And(Box<(Op, Op)>),
    Or(Box<(Op, Op)>),
    /// A function of which one overload fits.
    Call(Box<Call>),
    /// A function whose overload is known when its arguments are.
    Dispatch(Box<Dispatch>),
    /// `a.or(b)` and `a.orValue(b)`: `b` is evaluated only if `a` is empty.
    OrElse(Box<OrElse>),
    /// `x in […]` with constant scalars.
    Member(Box<(Op, HashSet<Key<'static>>)>),
    List(Box<[Element]>),
    Map(Box<[Entry]>),
    Message(Message, Box<[(Part, Element)]>),
    Loop(Box<Loop>),
    /// A variable with one value.
    Bind(Box<Bind>),
    /// A name that nothing has, in an expression that was not checked.
    Undefined(Box<str>),
}

/// A variable or another value, and what is selected from it one after the other: cel-go's attribute.
#[derive(Debug)]
pub(super) struct Chain {
    pub(super) root: Root,
    pub(super) steps: Vec<Step>,
    /// Whether only the presence of the last step's value is asked for.
    pub(super) test: bool,
}

#[derive(Debug)]
pub(super) enum Root {
    /// A variable of the environment.
    Variable(usize, Box<str>),
    /// A variable of a loop.
    Local(usize),
    /// Any other value.
    Value(Op),
    /// `c ? a : b`: what is selected is selected from the chosen one.
    Conditional(Box<[Op; 3]>),
}

/// A selection: cel-go's qualifier.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) key: StepKey,
    /// `.?field` and `[?key]`: what is absent is an empty optional.
    pub(super) optional: bool,
}

#[derive(Debug)]
pub(super) enum StepKey {
    /// A field as the expression writes it.
    Name(Box<str>),
    /// A declared field.
    Property(Property),
    /// A constant in brackets.
    Constant(Value<'static>),
    /// Anything in brackets.
    Computed(Op),
}

/// A declared field of an object.
#[derive(Debug)]
pub(super) struct Property {
    /// The property's name, as the data has it.
    pub(super) name: Box<str>,
    /// The field's name, as the expression has it.
    pub(super) written: Box<str>,
    /// The schema of the object.
    pub(super) object: Arc<Schema>,
    /// The schema of the field.
    pub(super) schema: Arc<Schema>,
}

#[derive(Debug)]
pub(super) struct Call {
    pub(super) overload: &'static Overload,
    pub(super) args: Vec<Op>,
}

#[derive(Debug)]
pub(super) struct Dispatch {
    pub(super) overloads: Vec<&'static Overload>,
    pub(super) args: Vec<Op>,
    /// Whether a call costs one unit, whichever overload is taken: cel-go does not know the overload's cost then.
    pub(super) flat_cost: bool,
}

#[derive(Debug)]
pub(super) struct OrElse {
    pub(super) first: Op,
    pub(super) second: Op,
    /// Whether the result is the value (`orValue`) or the optional (`or`).
    pub(super) unwrap: bool,
}

#[derive(Debug)]
pub(super) struct Element {
    pub(super) value: Op,
    pub(super) optional: bool,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Op,
    pub(super) value: Op,
    pub(super) optional: bool,
}

/// A loop that a macro made.
#[derive(Debug)]
pub(super) struct Loop {
    pub(super) kind: Macro,
    /// Whether there are two variables: index or key, and value.
    pub(super) two: bool,
    pub(super) range: Op,
    pub(super) predicate: Option<Op>,
    /// What an element becomes; for `transformMapEntry` a map with its entry.
    pub(super) transform: Option<Op>,
}

#[derive(Debug)]
pub(super) struct Bind {
    pub(super) value: Op,
    pub(super) body: Op,
}
