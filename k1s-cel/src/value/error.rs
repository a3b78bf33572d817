//! What can go wrong when an expression is evaluated, in cel-go's words.

use std::borrow::Cow;

/// A failure of evaluation. `&&`, `||`, `all` and `exists` absorb failures that do not matter to their result, except
/// [`EvalError::CostLimit`].
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum EvalError {
    /// No version of the function takes arguments of these types.
    #[error("no such overload")]
    NoSuchOverload,
    /// A variable has no value.
    #[error("no such attribute(s): {0}")]
    NoSuchAttribute(Box<str>),
    /// A map has no such key, an object no such field.
    #[error("no such key: {0}")]
    NoSuchKey(Box<str>),
    /// An index is outside of a list.
    #[error("index out of bounds: {0}")]
    IndexOutOfBounds(i64),
    /// Division of an integer by zero.
    #[error("division by zero")]
    DivisionByZero,
    /// Remainder of a division by zero.
    #[error("modulus by zero")]
    ModulusByZero,
    /// A result does not fit its type: `integer`, `unsigned integer`, `duration` or `timestamp`.
    #[error("{0} overflow")]
    Overflow(&'static str),
    /// The budget is used up; evaluation has stopped.
    #[error("operation cancelled: actual cost limit exceeded")]
    CostLimit,
    /// A string or bytes would be longer than [`crate::limits::MAX_BUILT_BYTES`].
    #[error("operation cancelled: a value would have more than {} bytes", crate::limits::MAX_BUILT_BYTES)]
    TooLarge,
    /// Anything else, in a function's own words.
    #[error("{0}")]
    Other(Cow<'static, str>),
}

impl EvalError {
    /// A failure in a function's own words.
    pub fn other(message: impl Into<Cow<'static, str>>) -> Self {
        EvalError::Other(message.into())
    }

    /// Whether evaluation must stop, instead of going on with what does not depend on the failure.
    #[must_use]
    pub fn is_final(&self) -> bool {
        matches!(self, EvalError::CostLimit | EvalError::TooLarge)
    }
}
