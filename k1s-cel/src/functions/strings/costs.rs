//! What the functions cost, where no rule of several libraries fits.

use super::super::cost::{Cost, Estimate, Operands, Size, TRAVERSAL, scale, traversal};
use crate::syntax::ast::Literal;
use crate::value::Value;

/// `contains`: the text, as often as the part is long.
pub(super) const CONTAINS: Cost = Cost {
    actual: |args, _| match args {
        [text, part, ..] => traversal(text, TRAVERSAL).saturating_mul(traversal(part, TRAVERSAL)),
        _ => 1,
    },
    estimate: |operands| {
        let text = operands.size(0).cost(TRAVERSAL);
        text.multiply(operands.size(1).cost(TRAVERSAL)).into()
    },
};

/// `startsWith`, `endsWith`: at run time the text is counted, in estimates its possible end.
pub(super) const AFFIX: Cost =
    Cost { actual: Cost::TRAVERSAL.actual, estimate: |operands| operands.size(1).cost(TRAVERSAL).into() };

/// `indexOf`, `lastIndexOf`: at run time bytes are counted, and rounded down.
pub(super) const INDEX: Cost = Cost {
    actual: |args, _| match args.first() {
        Some(Value::String(text)) => bytes_cost(text.len()),
        _ => 1,
    },
    estimate: |operands| operands.size(0).cost(TRAVERSAL).into(),
};

/// What changes letters or cuts: the result is taken to be as long as the text.
pub(super) const CHANGE: Cost = Cost {
    actual: Cost::TRAVERSAL.actual,
    estimate: |operands| {
        let size = operands.size(0);
        Estimate { cost: size.cost(TRAVERSAL), size: Some(size) }
    },
};

/// `replace`: a traversal, and the making of the result.
pub(super) const REPLACE: Cost = Cost {
    actual: twice_first,
    estimate: |operands| {
        let text = operands.size(0);
        let size = replaced(text, operands.size(1), operands.size(2));
        Estimate { cost: text.cost(2.0 * TRAVERSAL), size: Some(size) }
    },
};

/// `split`: a traversal, and the making of the result.
pub(super) const SPLIT: Cost = Cost {
    actual: twice_first,
    estimate: |operands| {
        let text = operands.size(0);
        let max = match operands.literal(2) {
            // A negative limit becomes the largest number of all, as in kube-apiserver.
            Some(Literal::Int(limit)) => limit.cast_unsigned(),
            _ => text.max,
        };
        Estimate { cost: text.cost(2.0 * TRAVERSAL), size: Some(Size { min: 0, max }) }
    },
};

/// `join`: at run time twice the result, in estimates once.
pub(super) const JOIN: Cost = Cost {
    actual: |_, result| scale(result.cost_size(), 2.0 * TRAVERSAL),
    estimate: |operands| {
        let size = joined(operands);
        Estimate { cost: size.cost(TRAVERSAL), size: Some(size) }
    },
};

/// `strings.quote`: every code point may be escaped, and there are two quotation marks.
pub(super) const QUOTE: Cost = Cost {
    actual: Cost::TRAVERSAL.actual,
    estimate: |operands| {
        let text = operands.size(0);
        // Sizes that are not known wrap round in kube-apiserver, to 0; what it accepts must be accepted here.
        let max = text.max.wrapping_mul(2).wrapping_add(2);
        Estimate { cost: text.cost(TRAVERSAL), size: Some(Size { min: text.min.wrapping_add(2), max }) }
    },
};

fn twice_first(args: &[Value<'_>], _: &Value<'_>) -> u64 {
    args.first().map_or(1, |text| traversal(text, 2.0 * TRAVERSAL))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, as it should")]
#[expect(clippy::cast_precision_loss, reason = "costs are counted in doubles where they are recorded, too")]
fn bytes_cost(bytes: usize) -> u64 {
    (bytes as f64 * TRAVERSAL) as u64
}

/// How long a text is in which as much as possible, or as little, is replaced.
fn replaced(text: Size, old: Size, new: Size) -> Size {
    let (max_count, max_kept) = match old.min {
        0 => (text.max.saturating_add(1), text.max),
        old if new.max <= old => (0, text.max),
        old => (rounded_up(text.max, old), 0),
    };
    let (min_count, min_kept) = match old.max {
        0 => (text.min.saturating_add(1), text.min),
        old if old <= new.min => (0, text.min),
        old => (rounded_up(text.min, old), 0),
    };
    let count = Size { min: min_count, max: max_count };
    count.multiply(new).add(Size { min: min_kept, max: max_kept })
}

/// A quotation as doubles give it.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "`as` saturates, as it should")]
#[expect(clippy::cast_precision_loss, reason = "sizes are divided as doubles where they are recorded, too")]
fn rounded_up(dividend: u64, divisor: u64) -> u64 {
    (dividend as f64 / divisor as f64).ceil() as u64
}

/// How long the elements of a list are together, with separators between them.
fn joined(operands: &dyn Operands) -> Size {
    let list = operands.size(0);
    let elements = operands.element(0).map_or(Size::fixed(0), |element| list.multiply(element.size));
    if operands.count() < 2 {
        return elements;
    }
    let between = Size { min: list.min.saturating_sub(1), max: list.max.saturating_sub(1) };
    elements.add(operands.size(1).multiply(between))
}

/// `format`: the format is gone through; how long the result is cannot be told.
pub(super) const FORMAT: Cost = Cost::TRAVERSAL;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_replacing_makes_is_bounded() {
        let text = Size { min: 2, max: 10 };
        assert_eq!(replaced(text, Size::fixed(1), Size::fixed(1)), Size { min: 2, max: 10 });
        assert_eq!(replaced(text, Size::fixed(2), Size::fixed(3)), Size { min: 2, max: 15 });
        assert_eq!(replaced(text, Size::fixed(0), Size::fixed(1)), Size { min: 5, max: 21 });
        assert_eq!(replaced(Size::UNKNOWN, Size::UNKNOWN, Size::fixed(1)).max, u64::MAX);
    }

    #[test]
    fn runtime_costs_are_those_recorded() {
        let text = Value::str("Rook takes \u{1f451}");
        let none = Value::Null;
        assert_eq!((CONTAINS.actual)(&[text.clone(), Value::str("takes")], &none), 2);
        assert_eq!((AFFIX.actual)(&[text.clone(), Value::str("Rook")], &none), 2);
        assert_eq!((INDEX.actual)(&[text.clone(), Value::str("o")], &none), 1);
        assert_eq!((REPLACE.actual)(&[text, Value::str(" "), Value::str("x")], &none), 3);
        assert_eq!((JOIN.actual)(&[], &Value::str("a-b-c")), 1);
    }
}
