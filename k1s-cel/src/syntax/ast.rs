//! The syntax tree: an arena of nodes that name each other by index.
//!
//! Macros are already expanded into comprehensions, as CEL's specification has it, so that type checks and costs follow from
//! the expansion; each comprehension keeps the name of the macro that made it, so that the evaluator need not walk the expansion.
//! A node may be shared by several parents (`optMap` uses its receiver twice), never by its own descendants.

use std::borrow::Cow;
use std::sync::Arc;

/// A name of a function or field: most are operators and need no allocation.
pub type Name = Cow<'static, str>;

/// The index of a node in its [`Ast`].
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub struct ExprId(pub(crate) u32);

impl ExprId {
    /// The position of the node in tables that run beside the tree.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A node: what it is, and where it stands.
#[derive(Clone, PartialEq, Debug)]
pub struct Expr {
    /// What the node is.
    pub kind: ExprKind,
    /// The byte offset that errors about the node point at: an operator's sign, a call's opening parenthesis, a selection's dot,
    /// the first byte of the rest.
    pub at: u32,
}

/// What a node is.
#[derive(Clone, PartialEq, Debug)]
pub enum ExprKind {
    /// A constant.
    Literal(Literal),
    /// A variable, or the first part of a qualified name. A leading dot (the root scope) is kept in the name.
    Ident(Name),
    /// `operand.field`, or `has(operand.field)` if `test_only`.
    Select {
        /// What is selected from.
        operand: ExprId,
        /// The field's name, as written.
        field: Name,
        /// Whether only presence is asked for.
        test_only: bool,
    },
    /// A function, operator or method. Operators have the names of [`operators`].
    Call {
        /// The function's name.
        function: Name,
        /// The receiver of a method.
        target: Option<ExprId>,
        /// The arguments, without the receiver.
        args: Vec<ExprId>,
    },
    /// `[a, ?b]`.
    List {
        /// The elements.
        elements: Vec<ExprId>,
        /// Which of them, by index, are optional (`?b`); ascending.
        optional: Vec<u32>,
    },
    /// `{key: value, ?key: value}`.
    Map(Vec<MapEntry>),
    /// `Message{field: value}`.
    Struct {
        /// The message's name.
        name: Name,
        /// Field, value, and whether it is optional.
        fields: Vec<StructField>,
    },
    /// A loop that a macro has made.
    Comprehension(Box<Comprehension>),
}

/// An entry of a map literal.
#[derive(Clone, PartialEq, Debug)]
pub struct MapEntry {
    /// The key.
    pub key: ExprId,
    /// The value.
    pub value: ExprId,
    /// Whether the entry is left out if the value is an empty optional (`?key: value`).
    pub optional: bool,
    /// Where errors about the entry point at (the colon).
    pub at: u32,
}

/// A field of a message literal.
#[derive(Clone, PartialEq, Debug)]
pub struct StructField {
    /// The field's name.
    pub field: Name,
    /// The value.
    pub value: ExprId,
    /// Whether the field is left out if the value is an empty optional.
    pub optional: bool,
    /// Where errors about the field point at (the colon).
    pub at: u32,
}

/// A constant.
#[derive(Clone, PartialEq, Debug)]
pub enum Literal {
    /// `null`.
    Null,
    /// `true`, `false`.
    Bool(bool),
    /// `1`, `0x1`.
    Int(i64),
    /// `1u`.
    Uint(u64),
    /// `1.0`, `1e3`.
    Double(f64),
    /// `'a'`, `"""a"""`, `r'a'`.
    String(Arc<str>),
    /// `b'a'`.
    Bytes(Arc<[u8]>),
}

/// A loop in CEL's terms: `accu = init; for (iter_var[, iter_var2]) in range { if !condition { break }; accu = step }; result`.
#[derive(Clone, PartialEq, Debug)]
pub struct Comprehension {
    /// The macro that made the loop.
    pub origin: Macro,
    /// The variable that holds the element of a list or the key of a map; with two variables the index or the key.
    pub iter_var: Name,
    /// The variable that holds the element or the map's value, in loops with two variables.
    pub iter_var2: Option<Name>,
    /// What is walked.
    pub range: ExprId,
    /// The variable that holds the result so far.
    pub accu_var: Name,
    /// Its first value.
    pub init: ExprId,
    /// Whether to go on.
    pub condition: ExprId,
    /// Its next value.
    pub step: ExprId,
    /// What the loop yields.
    pub result: ExprId,
    /// The macro's own parts, for evaluators that know the macro: the predicate of `all`, `exists`, `existsOne` and `filter`; the
    /// filter (if written) and the transformation of `map` and `transformList`; likewise of `transformMap` and
    /// `transformMapEntry`; nothing for `bind`.
    pub parts: MacroParts,
}

/// The expressions that a macro was called with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct MacroParts {
    /// A condition on the element.
    pub predicate: Option<ExprId>,
    /// What an element becomes.
    pub transform: Option<ExprId>,
}

/// A macro that becomes a comprehension.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Macro {
    /// `all(x, p)`, `all(i, x, p)`.
    All,
    /// `exists(x, p)`, `exists(i, x, p)`.
    Exists,
    /// `exists_one(x, p)`, `existsOne(x, p)`, `existsOne(i, x, p)`.
    ExistsOne,
    /// `map(x, t)`, `map(x, p, t)`, `transformList(i, x, t)`, `transformList(i, x, p, t)`: both make a list.
    List,
    /// `filter(x, p)`.
    Filter,
    /// `transformMap(k, v, t)`, `transformMap(k, v, p, t)`.
    TransformMap,
    /// `transformMapEntry(k, v, t)`, `transformMapEntry(k, v, p, t)`.
    TransformMapEntry,
    /// A variable with one value: what `optMap`, `optFlatMap` and `sortBy` are made of (`cel.bind` elsewhere).
    Bind,
}

/// The names that operators have as functions, as in CEL's own syntax trees.
pub mod operators {
    /// `!x`
    pub const NOT: &str = "!_";
    /// `-x`
    pub const NEGATE: &str = "-_";
    /// `a && b`
    pub const AND: &str = "_&&_";
    /// `a || b`
    pub const OR: &str = "_||_";
    /// `c ? a : b`
    pub const CONDITIONAL: &str = "_?_:_";
    /// `a == b`
    pub const EQUALS: &str = "_==_";
    /// `a != b`
    pub const NOT_EQUALS: &str = "_!=_";
    /// `a < b`
    pub const LESS: &str = "_<_";
    /// `a <= b`
    pub const LESS_EQUALS: &str = "_<=_";
    /// `a > b`
    pub const GREATER: &str = "_>_";
    /// `a >= b`
    pub const GREATER_EQUALS: &str = "_>=_";
    /// `a + b`
    pub const ADD: &str = "_+_";
    /// `a - b`
    pub const SUBTRACT: &str = "_-_";
    /// `a * b`
    pub const MULTIPLY: &str = "_*_";
    /// `a / b`
    pub const DIVIDE: &str = "_/_";
    /// `a % b`
    pub const MODULO: &str = "_%_";
    /// `a in b`
    pub const IN: &str = "@in";
    /// `a[b]`
    pub const INDEX: &str = "_[_]";
    /// `a.?b`; the field is a string literal
    pub const OPT_SELECT: &str = "_?._";
    /// `a[?b]`
    pub const OPT_INDEX: &str = "_[?_]";
    /// The loop condition of `all` and `exists`: everything but a plain `false`.
    pub const NOT_STRICTLY_FALSE: &str = "@not_strictly_false";
    /// What `transformMap` adds an entry with: map, key, value.
    pub const MAP_INSERT: &str = "cel.@mapInsert";
    /// The accumulator of the loops that macros make.
    pub const ACCUMULATOR: &str = "@result";
    /// The loop variable of a [`super::Macro::Bind`].
    pub const UNUSED: &str = "#unused";
}

/// A whole expression.
#[derive(Clone, PartialEq, Debug)]
pub struct Ast {
    pub(crate) nodes: Vec<Expr>,
    pub(crate) root: ExprId,
    /// The longest way from the root to a leaf, in nodes: what a walk needs of the stack.
    pub(crate) depth: u32,
}

impl Ast {
    /// The expression's root.
    #[must_use]
    pub fn root(&self) -> ExprId {
        self.root
    }

    /// The node of an index that this tree has given out.
    ///
    /// # Panics
    ///
    /// If `id` is from another, larger tree.
    #[must_use]
    pub fn node(&self, id: ExprId) -> &Expr {
        &self.nodes[id.index()]
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there is no node; never true of a parsed expression.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The longest way from the root to a leaf, in nodes.
    #[must_use]
    pub fn depth(&self) -> u32 {
        self.depth
    }
}
