//! Numbers: `minimum`, `maximum`, `multipleOf` and the ranges of formats.
//!
//! Go's view of JSON numbers rules here: a number without fraction and exponent that fits an `int64` is one, everything else
//! is a `float64`. Bounds are doubles, cut to integers when the value is one.

use serde_json::Number;

use crate::api::field::{ErrorType, Path};
use crate::api::gotext;
use crate::schema::node::{Bound, NumberRules, Types};
use crate::schema::structural::SchemaType;

use super::value::Context;

/// A JSON number as the API server's decoder sees it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::schema) enum Num {
    /// An integer that fits `int64`.
    Int(i64),
    /// Anything else.
    Float(f64),
}

impl Num {
    pub(in crate::schema) fn of(number: &Number) -> Self {
        match number.as_i64() {
            Some(int) => Num::Int(int),
            None => Num::Float(number.as_f64().unwrap_or(f64::NAN)),
        }
    }

    pub(super) fn to_f64(self) -> f64 {
        match self {
            #[allow(clippy::cast_precision_loss)] // As Go's float64(int64) does.
            Num::Int(int) => int as f64,
            Num::Float(float) => float,
        }
    }

    fn shown(self) -> String {
        match self {
            Num::Int(int) => int.to_string(),
            Num::Float(float) => gotext::float(float),
        }
    }

    fn to_value(self) -> serde_json::Value {
        match self {
            Num::Int(int) => int.into(),
            Num::Float(float) => float.into(),
        }
    }
}

/// Go's `int64(float)`: cut towards zero; what does not fit becomes the smallest integer.
pub(in crate::schema) fn truncate(float: f64) -> i64 {
    if (-9_223_372_036_854_775_808.0..9_223_372_036_854_775_808.0).contains(&float) {
        #[allow(clippy::cast_possible_truncation)] // In range.
        let int = float as i64;
        int
    } else {
        i64::MIN
    }
}

/// Whether a double passes for an integer: it is one, almost, and within the range that doubles hold exactly.
pub(super) fn is_json_integer(float: f64) -> bool {
    const LIMIT: f64 = 9_007_199_254_740_991.0;
    const EPSILON: f64 = 1e-9;
    if !(-LIMIT..=LIMIT).contains(&float) {
        return false;
    }
    let rounded = float.trunc();
    let difference = (float - rounded).abs();
    #[allow(clippy::float_cmp)] // Exactly integral is the common case.
    if float == rounded {
        return true;
    }
    difference / (float.abs() + rounded.abs()) < EPSILON
}

/// Whether a number fits the Go type that type and format stand for.
pub(in crate::schema) fn fits(number: Num, types: Types, format: &str) -> bool {
    if types == Types::One(SchemaType::Integer) {
        let Num::Int(int) = whole(number) else { return false };
        return match format {
            "int32" => i32::try_from(int).is_ok(),
            "uint32" => u32::try_from(int).is_ok(),
            "uint64" => u64::try_from(int).is_ok(),
            _ => true,
        };
    }
    match format {
        // A double that rounds beyond the largest float does not fit.
        "float" | "float32" => {
            #[allow(clippy::cast_possible_truncation)] // Overflow is what is asked for.
            let single = number.to_f64() as f32;
            single.is_finite()
        }
        _ => true,
    }
}

/// A double without a fraction as an integer.
fn whole(number: Num) -> Num {
    match number {
        Num::Float(float) if float.fract() == 0.0 && truncate(float) != i64::MIN => Num::Int(truncate(float)),
        other => other,
    }
}

pub(super) fn check(
    rules: &NumberRules,
    number: Num,
    types: Types,
    format: &str,
    path: &Path<'_>,
    context: &mut Context,
) {
    check_fits(fits(number, types, format), "Checked", types, format, path, context);
    if let Some(factor) = rules.multiple_of {
        check_fits(factor.fits, "MultipleOf", types, format, path, context);
        check_multiple(number, factor, path, context);
    }
    if let Some(bound) = rules.min {
        check_fits(bound.fits, "Minimum boundary", types, format, path, context);
        let side = if rules.exclusive_min { Side::Above } else { Side::AtLeast };
        check_bound(number, bound, side, path, context);
    }
    if let Some(bound) = rules.max {
        check_fits(bound.fits, "Maximum boundary", types, format, path, context);
        let side = if rules.exclusive_max { Side::Below } else { Side::AtMost };
        check_bound(number, bound, side, path, context);
    }
}

fn check_fits(fits: bool, what: &str, types: Types, format: &str, path: &Path<'_>, context: &mut Context) {
    if fits {
        return;
    }
    let type_ = match types {
        Types::One(type_) => type_.as_str(),
        _ => "",
    };
    let detail = match format {
        "" => format!("{what} value must be of type {type_} (default format) in {path}"),
        _ => format!("{what} value must be of type {type_} with format {format} in {path}"),
    };
    context.report_unplaced("format", path, detail);
}

#[derive(Clone, Copy)]
enum Side {
    AtLeast,
    Above,
    AtMost,
    Below,
}

fn check_bound(number: Num, bound: Bound, side: Side, path: &Path<'_>, context: &mut Context) {
    // A bound that is of another type than the value is compared as a double.
    let (holds, shown) = match number {
        Num::Int(int) if bound.fits => (side.holds(&int, &bound.int), Num::Int(bound.int)),
        _ => (side.holds(&number.to_f64(), &bound.float), Num::Float(bound.float)),
    };
    if holds {
        return;
    }
    let (keyword, words) = match side {
        Side::AtLeast => ("minimum", "greater than or equal to"),
        Side::Above => ("exclusiveMinimum", "greater than"),
        Side::AtMost => ("maximum", "less than or equal to"),
        Side::Below => ("exclusiveMaximum", "less than"),
    };
    let bad = if bound.fits { number } else { Num::Float(number.to_f64()) };
    context.report(ErrorType::Invalid, keyword, path, bad.to_value(), |at| {
        format!("{at} in body should be {words} {}", shown.shown())
    });
}

impl Side {
    fn holds<T: PartialOrd>(self, value: &T, bound: &T) -> bool {
        match self {
            Side::AtLeast => value >= bound,
            Side::Above => value > bound,
            Side::AtMost => value <= bound,
            Side::Below => value < bound,
        }
    }
}

fn check_multiple(number: Num, factor: Bound, path: &Path<'_>, context: &mut Context) {
    let (is_positive, is_multiple, factor) = match number {
        Num::Int(int) if factor.fits => {
            let remainder = int.checked_rem(factor.int);
            (factor.int > 0, remainder == Some(0), Num::Int(factor.int))
        }
        _ => {
            let value = number.to_f64();
            let quotient = if factor.float < 1.0 { 1.0 / factor.float * value } else { value / factor.float };
            (factor.float > 0.0, is_json_integer(quotient), Num::Float(factor.float))
        }
    };
    if !is_positive {
        context.report(ErrorType::Invalid, "multipleOf", path, factor.to_value(), |at| {
            format!("factor MultipleOf declared for {at} must be positive: {}", factor.shown())
        });
    } else if !is_multiple {
        context.report(ErrorType::Invalid, "multipleOf", path, number.to_value(), |at| {
            format!("{at} in body should be a multiple of {}", factor.shown())
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_that_pass_for_integers() {
        assert!(is_json_integer(1.0) && is_json_integer(-3.0) && is_json_integer(1.000_000_000_1));
        assert!(
            !is_json_integer(1.5) && !is_json_integer(9_007_199_254_740_992.0) && !is_json_integer(f64::NAN)
        );
    }

    #[test]
    fn conversion_cuts_and_overflows_as_in_go() {
        assert_eq!((truncate(2.9), truncate(-2.9), truncate(1e300)), (2, -2, i64::MIN));
    }
}
