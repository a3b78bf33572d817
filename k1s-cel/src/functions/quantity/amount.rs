//! Quantities as numbers, in the two forms that Go's `resource.Quantity` has.
//!
//! The form shows: a number that did not fit the small one is no integer, whatever its value, and doubles are computed from the form.

use std::cmp::Ordering;

use crate::value::EvalError;

use super::decimal::{Decimal, scale_double};

/// A quantity.
#[derive(Clone, Debug)]
pub(super) enum Quantity {
    /// `value · 10^scale`
    Small { value: i64, scale: i32 },
    /// What does not fit, in steps of a billionth.
    Large(Decimal),
}

impl Quantity {
    /// The integer that the quantity is, if its form allows for that.
    pub(super) fn to_int(&self) -> Option<i64> {
        match self {
            Quantity::Small { value, scale: 0 } => Some(*value),
            Quantity::Small { value, scale } => scaled_up(*value, u64::try_from(*scale).ok()?),
            Quantity::Large(_) => None,
        }
    }

    pub(super) fn to_double(&self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "doubles are approximate")]
            Quantity::Small { value, scale } => scale_double(*value as f64, i64::from(*scale)),
            Quantity::Large(decimal) => decimal.to_double(),
        }
    }

    /// -1, 0 or 1.
    pub(super) fn sign(&self) -> i64 {
        match self {
            Quantity::Small { value, .. } => value.signum(),
            Quantity::Large(decimal) => decimal.sign(),
        }
    }

    pub(super) fn compare(&self, other: &Self) -> Ordering {
        self.decimal().compare(&other.decimal())
    }

    pub(super) fn plus(&self, other: &Self) -> Result<Self, EvalError> {
        if let (Quantity::Small { value: a, scale: s }, Quantity::Small { value: b, scale: t }) =
            (self, other)
            && let Some((value, scale)) = small_sum((*a, *s), (*b, *t))
        {
            return Ok(Quantity::Small { value, scale });
        }
        self.decimal().plus(other.decimal()).map(Quantity::Large)
    }

    pub(super) fn minus(&self, other: &Self) -> Result<Self, EvalError> {
        let negated = match other {
            Quantity::Small { value, scale } => match value.checked_neg() {
                Some(value) => Quantity::Small { value, scale: *scale },
                None => Quantity::Large(other.decimal().negated()),
            },
            Quantity::Large(decimal) => Quantity::Large(decimal.clone().negated()),
        };
        self.plus(&negated)
    }

    fn decimal(&self) -> Decimal {
        match self {
            Quantity::Small { value, scale } => Decimal::new(*value, i64::from(*scale)),
            Quantity::Large(decimal) => decimal.clone(),
        }
    }
}

/// The sum with the smaller scale of both, if it fits. Adding zero changes nothing, not even the scale.
fn small_sum((a, s): (i64, i32), (b, t): (i64, i32)) -> Option<(i64, i32)> {
    match (a, b) {
        (_, 0) => Some((a, s)),
        (0, _) => Some((b, t)),
        _ => {
            let scale = s.min(t);
            let at_scale = |value: i64, own: i32| scaled_up(value, own.abs_diff(scale).into());
            Some((at_scale(a, s)?.checked_add(at_scale(b, t)?)?, scale))
        }
    }
}

/// `value · 10^zeros`
fn scaled_up(value: i64, zeros: u64) -> Option<i64> {
    if value == 0 {
        return Some(0);
    }
    value.checked_mul(10_i64.checked_pow(u32::try_from(zeros).ok()?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small(value: i64, scale: i32) -> Quantity {
        Quantity::Small { value, scale }
    }

    #[test]
    fn the_form_decides_what_is_an_integer() {
        assert_eq!(small(15, 2).to_int(), Some(1500));
        assert_eq!(small(10, -1).to_int(), None);
        assert_eq!(small(0, i32::MAX).to_int(), Some(0));
        assert_eq!(small(1, 19).to_int(), None);
        assert_eq!(Quantity::Large(Decimal::new(1, 0)).to_int(), None);
    }

    #[test]
    fn sums_leave_the_small_form_when_they_must() {
        let sum = |a: &Quantity, b: &Quantity| a.plus(b).unwrap();
        assert_eq!(sum(&small(50, 3), &small(20, 0)).to_int(), Some(50_020));
        assert_eq!(sum(&small(i64::MAX, 0), &small(1, 0)).to_int(), None);
        assert_eq!(sum(&small(i64::MAX, 0), &small(1, 0)).to_double(), 9_223_372_036_854_775_808.0);
        assert_eq!(small(0, 0).minus(&small(i64::MIN, 0)).unwrap().sign(), 1);
        assert_eq!(small(1, 2_000_000_000).plus(&small(1, 0)).unwrap_err(), EvalError::TooLarge);
        assert_eq!(small(1, 2_000_000_000).compare(&small(1, -2_000_000_000)), Ordering::Greater);
        assert_eq!(small(2, 8).compare(&small(200, 6)), Ordering::Equal);
    }
}
