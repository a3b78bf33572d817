//! What a function's declaration consists of, and how declarations are found.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use crate::ty::Type;
use crate::value::{EvalResult, Value};

use super::cost::Cost;

/// A function: everything that goes by one name.
#[derive(Debug)]
pub(crate) struct Function {
    /// The name, as in syntax trees.
    pub(crate) name: &'static str,
    /// What the function does, for the table of functions: one sentence.
    pub(crate) doc: &'static str,
    /// Its versions, by the types of their arguments. The checker takes all that fit, the evaluator the first that fits.
    pub(crate) overloads: &'static [Overload],
}

/// A version of a function.
pub(crate) struct Overload {
    /// The name that cel-go knows it by.
    pub(crate) id: &'static str,
    /// Whether it is called on a receiver.
    pub(crate) style: Style,
    /// The types of the receiver, if there is one, and the arguments.
    pub(crate) params: &'static [Ty],
    /// The type of the result.
    pub(crate) result: Ty,
    /// What it does with evaluated arguments, the receiver first.
    pub(crate) call: for<'a> fn(&[Value<'a>]) -> EvalResult<'a>,
    /// What a call costs, beyond its arguments.
    pub(crate) cost: Cost,
    /// Which parameter is a regular expression, if any: literals are compiled with the program, and reach `call` as
    /// `Value::Opaque` of a compiled pattern.
    pub(crate) pattern: Option<usize>,
}

impl fmt::Debug for Overload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id)
    }
}

/// How a function is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Style {
    /// `f(a, b)`, and operators.
    Global,
    /// `a.f(b)`.
    Member,
}

/// A type in a declaration.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Ty {
    Dyn,
    Bool,
    Int,
    Uint,
    Double,
    String,
    Bytes,
    Timestamp,
    Duration,
    List(&'static Ty),
    Map(&'static Ty, &'static Ty),
    Type(&'static Ty),
    Optional(&'static Ty),
    Opaque(&'static str),
    /// A type parameter, the same in the whole declaration.
    A,
    /// Another.
    B,
}

impl Ty {
    /// How many type parameters a declaration may have.
    pub(crate) const PARAMETERS: u32 = 2;

    /// The declared type, with variables numbered from `first` for its parameters.
    pub(crate) fn instantiate(self, first: u32) -> Type {
        match self {
            Ty::Dyn => Type::Dyn,
            Ty::Bool => Type::Bool,
            Ty::Int => Type::Int,
            Ty::Uint => Type::Uint,
            Ty::Double => Type::Double,
            Ty::String => Type::String,
            Ty::Bytes => Type::Bytes,
            Ty::Timestamp => Type::Timestamp,
            Ty::Duration => Type::Duration,
            Ty::List(element) => Type::List(Arc::new(element.instantiate(first))),
            Ty::Map(key, value) => Type::map(key.instantiate(first), value.instantiate(first)),
            Ty::Type(of) => Type::type_of(of.instantiate(first)),
            Ty::Optional(value) => Type::optional(value.instantiate(first)),
            Ty::Opaque(name) => Type::Opaque(name, Arc::from([])),
            Ty::A => Type::Var(first),
            Ty::B => Type::Var(first + 1),
        }
    }

    /// Whether a type parameter occurs.
    pub(crate) fn is_generic(self) -> bool {
        match self {
            Ty::A | Ty::B => true,
            Ty::List(of) | Ty::Type(of) | Ty::Optional(of) => of.is_generic(),
            Ty::Map(key, value) => key.is_generic() || value.is_generic(),
            _ => false,
        }
    }

    /// Whether an evaluated argument is of the type; what is inside of it is not looked at.
    pub(crate) fn admits(self, value: &Value<'_>) -> bool {
        match self {
            Ty::Dyn | Ty::A | Ty::B => true,
            Ty::Bool => matches!(value, Value::Bool(_)),
            Ty::Int => matches!(value, Value::Int(_)),
            Ty::Uint => matches!(value, Value::Uint(_)),
            Ty::Double => matches!(value, Value::Double(_)),
            Ty::String => matches!(value, Value::String(_)),
            Ty::Bytes => matches!(value, Value::Bytes(_)),
            Ty::Timestamp => matches!(value, Value::Timestamp(_)),
            Ty::Duration => matches!(value, Value::Duration(_)),
            Ty::List(_) => matches!(value, Value::List(_)),
            Ty::Map(..) => matches!(value, Value::Map(_)),
            Ty::Type(_) => matches!(value, Value::Type(_)),
            Ty::Optional(_) => matches!(value, Value::Optional(_)),
            Ty::Opaque(name) => matches!(value, Value::Opaque(opaque) if opaque.type_name() == name),
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ty::A => f.write_str("A"),
            Ty::B => f.write_str("B"),
            Ty::List(of) => write!(f, "list({of})"),
            Ty::Map(key, value) => write!(f, "map({key}, {value})"),
            Ty::Type(of) => write!(f, "type({of})"),
            Ty::Optional(of) => write!(f, "optional_type({of})"),
            plain => write!(f, "{}", plain.instantiate(0)),
        }
    }
}

/// What the library of functions that no expression can call goes by.
pub(super) const UNCALLABLE: &str = "Authorisation";

/// The rooms of functions, each with its own table.
const LIBRARIES: &[(&str, &[Function])] = &[
    ("Logic and equality", super::logic::FUNCTIONS),
    ("Order", super::comparison::FUNCTIONS),
    ("Arithmetic", super::arithmetic::FUNCTIONS),
    ("Sizes, members and types", super::containers::FUNCTIONS),
    ("Conversions", super::convert::FUNCTIONS),
    ("Strings", super::strings::FUNCTIONS),
    ("Regular expressions", super::regex::FUNCTIONS),
    ("Moments and lengths of time", super::timestamps::FUNCTIONS),
    ("Kubernetes' lists", super::lists::FUNCTIONS),
    ("More of lists", super::list_ext::FUNCTIONS),
    ("Sets", super::sets::FUNCTIONS),
    ("Optional values", super::optional::FUNCTIONS),
    ("Maps", super::maps::FUNCTIONS),
    ("URLs", super::url::FUNCTIONS),
    ("IP addresses", super::net::IP_FUNCTIONS),
    ("Networks", super::net::CIDR_FUNCTIONS),
    ("Quantities", super::quantity::FUNCTIONS),
    ("Semantic versions", super::semver::FUNCTIONS),
    ("Formats", super::format::FUNCTIONS),
    (UNCALLABLE, super::authorization::FUNCTIONS),
];

/// The libraries with their functions, in the order of the documentation.
pub(crate) fn functions() -> impl Iterator<Item = (&'static str, &'static Function)> {
    LIBRARIES
        .iter()
        .flat_map(|(library, functions)| functions.iter().map(move |function| (*library, function)))
}

/// The function of a name: what all libraries declare under it, in their order.
pub(crate) fn function(name: &str) -> Option<&'static [&'static Overload]> {
    static BY_NAME: LazyLock<HashMap<&'static str, Vec<&'static Overload>>> = LazyLock::new(|| {
        let mut by_name: HashMap<&'static str, Vec<&'static Overload>> = HashMap::new();
        for (_, function) in functions() {
            by_name.entry(function.name).or_default().extend(function.overloads);
        }
        by_name
    });
    BY_NAME.get(name).map(Vec::as_slice)
}
