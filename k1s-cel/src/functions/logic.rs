//! The operators that decide what is evaluated at all, and equality. The evaluator knows the first four by their overloads' names;
//! they are declared here for their types.

use crate::value::{EvalError, EvalResult, Value};

use super::cost::{Cost, CostRange, TRAVERSAL, scale};
use super::table::Style::Global;
use super::table::{Function, Overload, Ty};
use crate::syntax::ast::operators;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: operators::CONDITIONAL,
        doc: "Chooses between two values; only the chosen one is evaluated.",
        overloads: &[lazy("conditional", &[Ty::Bool, Ty::A, Ty::A], Ty::A)],
    },
    Function {
        name: operators::AND,
        doc: "Whether both hold; a failure on one side does not matter if the other is false.",
        overloads: &[lazy("logical_and", &[Ty::Bool, Ty::Bool], Ty::Bool)],
    },
    Function {
        name: operators::OR,
        doc: "Whether one of both holds; a failure on one side does not matter if the other is true.",
        overloads: &[lazy("logical_or", &[Ty::Bool, Ty::Bool], Ty::Bool)],
    },
    Function {
        name: operators::NOT_STRICTLY_FALSE,
        doc: "Whether a loop goes on: for everything but false, failures included.",
        overloads: &[lazy("not_strictly_false", &[Ty::Bool], Ty::Bool)],
    },
    Function {
        name: operators::NOT,
        doc: "Whether something does not hold.",
        overloads: &[Overload {
            id: "logical_not",
            style: Global,
            params: &[Ty::Bool],
            result: Ty::Bool,
            call: |args| match args {
                [Value::Bool(value)] => Ok(Value::Bool(!value)),
                _ => Err(EvalError::NoSuchOverload),
            },
            cost: Cost::ONE,
            pattern: None,
        }],
    },
    Function {
        name: operators::EQUALS,
        doc: "Whether two values are the same; numbers are compared across their types.",
        overloads: &[equality("equals", EQUALS, |args| compare(args).map(Value::Bool))],
    },
    Function {
        name: operators::NOT_EQUALS,
        doc: "Whether two values differ.",
        overloads: &[equality("not_equals", SMALLER, |args| compare(args).map(|equal| Value::Bool(!equal)))],
    },
];

/// An operator whose arguments are evaluated only as needed: the evaluator does that itself.
const fn lazy(id: &'static str, params: &'static [Ty], result: Ty) -> Overload {
    Overload {
        id,
        style: Global,
        params,
        result,
        call: |_| Err(EvalError::NoSuchOverload),
        cost: Cost::ONE,
        pattern: None,
    }
}

const fn equality(
    id: &'static str,
    cost: Cost,
    call: for<'a> fn(&[Value<'a>]) -> EvalResult<'a>,
) -> Overload {
    Overload { id, style: Global, params: &[Ty::A, Ty::A], result: Ty::Bool, call, cost, pattern: None }
}

fn compare(args: &[Value<'_>]) -> Result<bool, EvalError> {
    match args {
        [left, right] => left.equals(right),
        _ => Err(EvalError::NoSuchOverload),
    }
}

/// Comparisons go through the smaller of both sides; scalars have size 1.
pub(super) const SMALLER: Cost = Cost {
    actual: |args, _| {
        let smaller = args.iter().map(Value::cost_size).min().unwrap_or(1);
        scale(smaller, TRAVERSAL)
    },
    estimate: |operands| {
        let max = operands.size(0).max.min(operands.size(1).max);
        CostRange { min: u64::from(max > 0), max }.times(TRAVERSAL).into()
    },
};

/// `==` of addresses, quantities and the like costs a unit, whatever their size; `!=` goes through them as through text.
const EQUALS: Cost = Cost {
    actual: |args, result| match args {
        [Value::Opaque(_), _] => 1,
        _ => (SMALLER.actual)(args, result),
    },
    estimate: SMALLER.estimate,
};
