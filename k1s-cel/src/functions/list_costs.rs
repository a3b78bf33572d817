//! What the functions of `list_ext` cost, as in version 3 of cel-go's library: what is made, or every element against every other,
//! and 11 for the call and the list.

use crate::syntax::ast::Literal;
use crate::value::Value;

use super::cost::{Cost, CostRange, Estimate, Operands, Size, TRAVERSAL};
use super::table::Ty;

pub(super) const SLICE: Cost = Cost {
    actual: output,
    estimate: |operands| {
        let start = literal(operands, 1, 0);
        let end = literal(operands, 2, operands.size(0).max);
        // Wraps if the end is before the start, as in cel-go, where such a slice then costs too much.
        estimate(Size::fixed(end.wrapping_sub(start)), 1.0)
    },
};

pub(super) const RANGE: Cost =
    Cost { actual: output, estimate: |operands| estimate(Size::fixed(literal(operands, 0, u64::MAX)), 1.0) };

pub(super) const REVERSE: Cost =
    Cost { actual: output, estimate: |operands| estimate(operands.size(0), 1.0) };

pub(super) const FLATTEN: Cost = Cost {
    actual: |args, _| match args {
        [list] => charge(list.cost_size(), 1.0),
        [list, Value::Int(depth)] => charge(list.cost_size(), as_double(*depth)),
        _ => 1,
    },
    estimate: |operands| {
        let depth = if operands.count() > 1 { literal(operands, 1, u64::MAX) } else { 1 };
        estimate(operands.size(0), unsigned_as_double(depth))
    },
};

pub(super) const DISTINCT: Cost = Cost {
    actual: |args, _| args.first().map_or(1, every_pair),
    estimate: |operands| estimate_pairs(operands.size(0), false),
};

pub(super) const fn sort_cost(of: Ty) -> Cost {
    Cost {
        actual: |args, _| args.first().map_or(1, every_pair),
        estimate: if is_text(of) {
            |operands| estimate_pairs(operands.size(0), true)
        } else {
            |operands| estimate_pairs(operands.size(0), false)
        },
    }
}

pub(super) const fn sort_by_keys_cost(of: Ty) -> Cost {
    Cost {
        actual: |args, _| args.get(1).map_or(1, every_pair),
        estimate: if is_text(of) {
            |operands| estimate_pairs(operands.size(1), true)
        } else {
            |operands| estimate_pairs(operands.size(1), false)
        },
    }
}

const fn is_text(ty: Ty) -> bool {
    matches!(ty, Ty::String | Ty::Bytes)
}

/// What the call and the list that it makes cost, whatever the list's size.
const BASE: u64 = 11;

/// The cost of going through `size` elements at `each`. A negative depth of `flatten` lowers the cost, as in cel-go.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "out of range is as good as too much"
)]
fn charge(size: u64, each: f64) -> u64 {
    let cost = unsigned_as_double(size) * each;
    if cost < 0.0 { (cost as i64 as u64).wrapping_add(BASE) } else { (cost as u64).saturating_add(BASE) }
}

/// By the size of what was made; a failure counts as one element.
fn output(_: &[Value<'_>], result: &Value<'_>) -> u64 {
    charge(result.cost_size(), 1.0)
}

/// Every element against every other, in both directions, and through them if the first is text.
fn every_pair(list: &Value<'_>) -> u64 {
    let size = list.cost_size();
    let Value::List(list) = list else { return charge(size.saturating_mul(size), 2.0) };
    let text = matches!(list.get(0), Ok(Value::String(_) | Value::Bytes(_)));
    charge(size.saturating_mul(size), pair(text))
}

fn pair(text: bool) -> f64 {
    if text { 2.0 + TRAVERSAL } else { 2.0 }
}

/// cel-go takes the size that it goes by for the size of the result, too.
fn estimate(size: Size, each: f64) -> Estimate {
    Estimate { cost: size.cost(each).add(CostRange::fixed(BASE)), size: Some(size) }
}

fn estimate_pairs(size: Size, text: bool) -> Estimate {
    estimate(size.multiply(size), pair(text))
}

/// An integer that stands in the expression; what is negative counts as 0.
fn literal(operands: &dyn Operands, index: usize, otherwise: u64) -> u64 {
    match operands.literal(index) {
        Some(Literal::Int(value)) => u64::try_from(*value).unwrap_or(0),
        _ => otherwise,
    }
}

#[expect(clippy::cast_precision_loss, reason = "costs are counted in doubles where they are recorded, too")]
fn as_double(value: i64) -> f64 {
    value as f64
}

#[expect(clippy::cast_precision_loss, reason = "costs are counted in doubles where they are recorded, too")]
fn unsigned_as_double(value: u64) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::cost::Element;

    /// A list of a size within bounds, and integers that stand in the expression or do not.
    struct Call(Size, Vec<Option<Literal>>);

    impl Operands for Call {
        fn count(&self) -> usize {
            self.1.len() + 1
        }

        fn size(&self, index: usize) -> Size {
            if index == 0 { self.0 } else { Size::fixed(1) }
        }

        fn element(&self, _: usize) -> Option<Element> {
            None
        }

        fn literal(&self, index: usize) -> Option<&Literal> {
            self.1.get(index.checked_sub(1)?)?.as_ref()
        }
    }

    fn estimated(cost: Cost, max: u64, args: &[Option<i64>]) -> (u64, u64, Option<Size>) {
        let args = args.iter().map(|arg| arg.map(Literal::Int)).collect();
        let estimate = (cost.estimate)(&Call(Size { min: 0, max }, args));
        (estimate.cost.min, estimate.cost.max, estimate.size)
    }

    #[test]
    fn estimates() {
        assert_eq!(estimated(SLICE, 12, &[Some(1), Some(3)]), (13, 13, Some(Size::fixed(2))));
        assert_eq!(estimated(SLICE, 12, &[Some(-1), None]), (23, 23, Some(Size::fixed(12))));
        assert_eq!(estimated(SLICE, 12, &[Some(2), Some(1)]).1, u64::MAX);
        assert_eq!(estimated(REVERSE, 12, &[]), (11, 23, Some(Size { min: 0, max: 12 })));
        assert_eq!(estimated(FLATTEN, 12, &[]), (11, 23, Some(Size { min: 0, max: 12 })));
        assert_eq!(estimated(FLATTEN, 12, &[Some(3)]).1, 47);
        assert_eq!(estimated(FLATTEN, 12, &[None]).1, u64::MAX);
        assert_eq!(estimated(DISTINCT, 12, &[]), (11, 299, Some(Size { min: 0, max: 144 })));
        assert_eq!(estimated(sort_cost(Ty::String), 10, &[]).1, 221);
        assert_eq!(estimated(sort_cost(Ty::Int), 10, &[]).1, 211);
        assert_eq!(estimated(sort_by_keys_cost(Ty::Bytes), 10, &[None]).1, 14);
    }
}
