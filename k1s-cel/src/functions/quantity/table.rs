//! `quantity()`, arithmetic and comparison.

use crate::functions::cost::Cost;
use crate::functions::shorthand::{global, int, member, opaque, readable};
use crate::functions::table::{Function, Ty};
use crate::value::{EvalError, EvalResult, Opaque, OpaqueValue, Value};

use super::amount::Quantity;

/// The type's name.
pub(in crate::functions) const NAME: &str = "kubernetes.Quantity";

impl OpaqueValue for Quantity {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get::<Self>().is_some_and(|other| self.compare(other).is_eq())
    }
}

const QUANTITY: Ty = Ty::Opaque(NAME);

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "quantity",
        doc: "Reads a quantity: a number with a suffix such as `m`, `k` or `Mi`.",
        overloads: &[global(
            "string_to_quantity",
            &[Ty::String],
            QUANTITY,
            |args| Ok(Value::opaque(Quantity::parse(readable(args, 0)?)?)),
            Cost::TRAVERSAL,
        )],
    },
    Function {
        name: "isQuantity",
        doc: "Whether `quantity` reads a text.",
        overloads: &[global(
            "is_quantity_string",
            &[Ty::String],
            Ty::Bool,
            |args| match Quantity::parse(readable(args, 0)?) {
                Err(fault) if fault.is_final() => Err(fault),
                parsed => Ok(Value::Bool(parsed.is_ok())),
            },
            Cost::TRAVERSAL,
        )],
    },
    Function {
        name: "isInteger",
        doc: "Whether `asInteger` yields a value.",
        overloads: &[member(
            "quantity_is_integer",
            &[QUANTITY],
            Ty::Bool,
            |args| Ok(Value::Bool(opaque::<Quantity>(args, 0)?.to_int().is_some())),
            Cost::ONE,
        )],
    },
    Function {
        name: "asInteger",
        doc: "The quantity as an integer.",
        overloads: &[member(
            "quantity_get_int",
            &[QUANTITY],
            Ty::Int,
            |args| {
                let int = opaque::<Quantity>(args, 0)?.to_int();
                int.map(Value::Int).ok_or_else(|| EvalError::other("cannot convert value to integer"))
            },
            Cost::ONE,
        )],
    },
    Function {
        name: "asApproximateFloat",
        doc: "The quantity as a double; what is too large is infinite.",
        overloads: &[member(
            "quantity_get_float",
            &[QUANTITY],
            Ty::Double,
            |args| Ok(Value::Double(opaque::<Quantity>(args, 0)?.to_double())),
            Cost::ONE,
        )],
    },
    Function {
        name: "sign",
        doc: "-1, 0 or 1. Called as `sign(q)`, unlike the others.",
        overloads: &[global(
            "quantity_sign",
            &[QUANTITY],
            Ty::Int,
            |args| Ok(Value::Int(opaque::<Quantity>(args, 0)?.sign())),
            Cost::ONE,
        )],
    },
    Function {
        name: "add",
        doc: "The sum.",
        overloads: &[
            member(
                "quantity_add",
                &[QUANTITY, QUANTITY],
                QUANTITY,
                |args| sum(opaque(args, 0)?, opaque(args, 1)?),
                Cost::ONE,
            ),
            member(
                "quantity_add_int",
                &[QUANTITY, Ty::Int],
                QUANTITY,
                |args| sum(opaque(args, 0)?, &Quantity::Small { value: int(args, 1)?, scale: 0 }),
                Cost::ONE,
            ),
        ],
    },
    Function {
        name: "sub",
        doc: "The difference.",
        overloads: &[
            member(
                "quantity_sub",
                &[QUANTITY, QUANTITY],
                QUANTITY,
                |args| difference(opaque(args, 0)?, opaque(args, 1)?),
                Cost::ONE,
            ),
            member(
                "quantity_sub_int",
                &[QUANTITY, Ty::Int],
                QUANTITY,
                |args| difference(opaque(args, 0)?, &Quantity::Small { value: int(args, 1)?, scale: 0 }),
                Cost::ONE,
            ),
        ],
    },
    Function {
        name: "isLessThan",
        doc: "Whether the quantity is less than another.",
        overloads: &[member(
            "quantity_is_less_than",
            &[QUANTITY, QUANTITY],
            Ty::Bool,
            |args| Ok(Value::Bool(compare(args)?.is_lt())),
            Cost::ONE,
        )],
    },
    Function {
        name: "isGreaterThan",
        doc: "Whether the quantity is greater than another.",
        overloads: &[member(
            "quantity_is_greater_than",
            &[QUANTITY, QUANTITY],
            Ty::Bool,
            |args| Ok(Value::Bool(compare(args)?.is_gt())),
            Cost::ONE,
        )],
    },
    Function {
        name: "compareTo",
        doc: "-1, 0 or 1: whether the quantity is less than, equal to or greater than another.",
        overloads: &[member(
            "quantity_compare_to",
            &[QUANTITY, QUANTITY],
            Ty::Int,
            |args| Ok(Value::Int(compare(args)? as i64)),
            Cost::ONE,
        )],
    },
];

fn sum<'a>(a: &Quantity, b: &Quantity) -> EvalResult<'a> {
    a.plus(b).map(Value::opaque)
}

fn difference<'a>(a: &Quantity, b: &Quantity) -> EvalResult<'a> {
    a.minus(b).map(Value::opaque)
}

fn compare(args: &[Value<'_>]) -> Result<std::cmp::Ordering, EvalError> {
    Ok(opaque::<Quantity>(args, 0)?.compare(opaque(args, 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::shorthand::testing::{call, fault};

    fn quantity(text: &str) -> Value<'_> {
        call("quantity", &[Value::str(text)]).unwrap()
    }

    #[test]
    fn arithmetic() {
        let equal = |a: Value<'_>, b: &str| a.equals(&quantity(b)).unwrap();
        assert!(equal(call("add", &[quantity("50k"), quantity("20")]).unwrap(), "50.02k"));
        assert!(equal(call("sub", &[quantity("50k"), Value::Int(20)]).unwrap(), "49980"));
        assert!(equal(call("sub", &[quantity("0"), Value::Int(i64::MIN)]).unwrap(), "9223372036854775808"));
        assert!(equal(call("add", &[quantity("-500m"), Value::Int(1)]).unwrap(), "0.5"));
        assert!(matches!(call("compareTo", &[quantity("50M"), quantity("50Mi")]), Ok(Value::Int(-1))));
        assert!(matches!(call("isGreaterThan", &[quantity("2Gi"), quantity("1G")]), Ok(Value::Bool(true))));
        assert!(matches!(call("sign", &[quantity("-1m")]), Ok(Value::Int(-1))));
        assert!(!quantity("1").equals(&Value::Int(1)).unwrap());
    }

    #[test]
    fn refusals() {
        assert_eq!(fault("asInteger", &[quantity("500m")]), "cannot convert value to integer");
        assert_eq!(fault("quantity", &[Value::str("200K")]), "unable to parse quantity's suffix");
        assert!(matches!(call("isQuantity", &[Value::str("10Mo")]), Ok(Value::Bool(false))));
    }
}
