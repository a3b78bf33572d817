//! What calls cost: at run time from the values, and ahead from what is known of their sizes. A rule of costs is a pair of both, and
//! each overload names one, so that the two cannot drift apart.
//!
//! Source: cel-go's and kube-apiserver's cost rules, as recorded costs and refusals show them. The unit is about 50 ns.

use crate::syntax::ast::Literal;
use crate::value::Value;

/// What a traversal of a string or bytes costs a code point or byte.
pub(crate) const TRAVERSAL: f64 = 0.1;
/// What a regular expression costs a code point of it, times the traversal of what is searched.
pub(crate) const REGEX: f64 = 0.25;

/// Between which bounds a size lies: code points, bytes, elements or entries.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Size {
    /// At least this.
    pub(crate) min: u64,
    /// At most this.
    pub(crate) max: u64,
}

/// Between which bounds a cost lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct CostRange {
    /// At least this.
    pub min: u64,
    /// At most this.
    pub max: u64,
}

/// A rule of costs.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// The cost of a call that has been made, from its arguments (the receiver first) and its result.
    pub(crate) actual: fn(&[Value<'_>], &Value<'_>) -> u64,
    /// The cost of a call that may be made.
    pub(crate) estimate: fn(&dyn Operands) -> Estimate,
}

/// The cost of a call, and the size of its result if the rule tells.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Estimate {
    pub(crate) cost: CostRange,
    pub(crate) size: Option<Size>,
}

/// What is known of a call's arguments, the receiver first.
pub(crate) trait Operands {
    /// How many there are, the receiver included.
    fn count(&self) -> usize;
    /// The size of an argument; [`Size::UNKNOWN`] if nothing is known.
    fn size(&self, index: usize) -> Size;
    /// What is known of the elements of an argument, if its type is a list (or has another type parameter).
    fn element(&self, index: usize) -> Option<Element>;
    /// The argument, if it is a constant.
    fn literal(&self, index: usize) -> Option<&Literal>;
}

/// What is known of the elements of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Element {
    /// Whether they are strings or bytes.
    pub(crate) is_text: bool,
    pub(crate) size: Size,
}

impl Size {
    /// Anything.
    pub(crate) const UNKNOWN: Self = Self { min: 0, max: u64::MAX };

    /// Just this.
    #[must_use]
    pub(crate) const fn fixed(size: u64) -> Self {
        Self { min: size, max: size }
    }

    /// The sum, at most `u64::MAX`.
    #[must_use]
    pub(crate) const fn add(self, other: Self) -> Self {
        Self { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    /// The product, at most `u64::MAX`.
    #[must_use]
    pub(crate) const fn multiply(self, other: Self) -> Self {
        Self { min: self.min.saturating_mul(other.min), max: self.max.saturating_mul(other.max) }
    }

    /// The bounds that hold both.
    #[must_use]
    pub(crate) fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// The cost of going through so many at `each`, rounded up.
    #[must_use]
    pub(crate) fn cost(self, each: f64) -> CostRange {
        CostRange { min: scale(self.min, each), max: scale(self.max, each) }
    }

    /// The cost of going through so many at a cost that is itself estimated.
    #[must_use]
    pub(crate) fn cost_of(self, each: CostRange) -> CostRange {
        CostRange { min: self.min.saturating_mul(each.min), max: self.max.saturating_mul(each.max) }
    }
}

impl CostRange {
    /// Nothing.
    pub const ZERO: Self = Self::fixed(0);
    /// One unit.
    pub const ONE: Self = Self::fixed(1);

    /// Just this.
    #[must_use]
    pub const fn fixed(cost: u64) -> Self {
        Self { min: cost, max: cost }
    }

    /// The sum, at most `u64::MAX`.
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        Self { min: self.min.saturating_add(other.min), max: self.max.saturating_add(other.max) }
    }

    /// The product, at most `u64::MAX`.
    #[must_use]
    pub const fn multiply(self, other: Self) -> Self {
        Self { min: self.min.saturating_mul(other.min), max: self.max.saturating_mul(other.max) }
    }

    /// The bounds that hold both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self { min: self.min.min(other.min), max: self.max.max(other.max) }
    }

    /// So many times the cost, rounded up.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        Self { min: scale(self.min, factor), max: scale(self.max, factor) }
    }
}

/// `x * factor`, rounded up, at most `u64::MAX`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, as it should")]
#[expect(clippy::cast_precision_loss, reason = "costs are counted in doubles where they are recorded, too")]
pub(crate) fn scale(x: u64, factor: f64) -> u64 {
    (x as f64 * factor).ceil() as u64
}

/// The runtime cost of a traversal of a value at `factor` for each of its parts.
pub(crate) fn traversal(value: &Value<'_>, factor: f64) -> u64 {
    scale(value.cost_size(), factor)
}

impl From<CostRange> for Estimate {
    fn from(cost: CostRange) -> Self {
        Self { cost, size: None }
    }
}

impl Cost {
    /// One unit, whatever the arguments.
    pub(crate) const ONE: Self = Self { actual: |_, _| 1, estimate: |_| CostRange::ONE.into() };

    /// A traversal of the first argument, as of strings that are parsed or changed. What is known of its size is not handed on.
    pub(crate) const TRAVERSAL: Self = Self {
        actual: |args, _| args.first().map_or(1, |first| traversal(first, TRAVERSAL)),
        estimate: |operands| operands.size(0).cost(TRAVERSAL).into(),
    };
}
