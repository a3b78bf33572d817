//! `semver()` and comparison of versions.

use crate::functions::cost::Cost;
use crate::functions::shorthand::{boolean, global, member, opaque, readable};
use crate::functions::table::{Function, Ty};
use crate::value::{EvalError, EvalResult, Opaque, OpaqueValue, Value};

use super::version::Version;

/// The type's name.
pub(in crate::functions) const NAME: &str = "kubernetes.Semver";

impl OpaqueValue for Version {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get() == Some(self)
    }
}

const SEMVER: Ty = Ty::Opaque(NAME);

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "semver",
        doc: "Reads a semantic version; with `true`, one that has a `v`, leading zeros or fewer than three numbers, too.",
        overloads: &[
            global(
                "string_to_semver",
                &[Ty::String],
                SEMVER,
                |args| read(readable(args, 0)?, false).map(Value::opaque).map_err(EvalError::other),
                Cost::TRAVERSAL,
            ),
            global(
                "string_bool_to_semver",
                &[Ty::String, Ty::Bool],
                SEMVER,
                |args| {
                    read(readable(args, 0)?, boolean(args, 1)?).map(Value::opaque).map_err(EvalError::other)
                },
                Cost::TRAVERSAL,
            ),
        ],
    },
    Function {
        name: "isSemver",
        doc: "Whether `semver` reads a text.",
        overloads: &[
            global(
                "is_semver_string",
                &[Ty::String],
                Ty::Bool,
                |args| Ok(Value::Bool(read(readable(args, 0)?, false).is_ok())),
                Cost::TRAVERSAL,
            ),
            global(
                "is_semver_string_bool",
                &[Ty::String, Ty::Bool],
                Ty::Bool,
                |args| Ok(Value::Bool(read(readable(args, 0)?, boolean(args, 1)?).is_ok())),
                Cost::TRAVERSAL,
            ),
        ],
    },
    Function {
        name: "major",
        doc: "The first number.",
        overloads: &[member(
            "semver_major",
            &[SEMVER],
            Ty::Int,
            |args| int(opaque::<Version>(args, 0)?.major),
            Cost::ONE,
        )],
    },
    Function {
        name: "minor",
        doc: "The second number.",
        overloads: &[member(
            "semver_minor",
            &[SEMVER],
            Ty::Int,
            |args| int(opaque::<Version>(args, 0)?.minor),
            Cost::ONE,
        )],
    },
    Function {
        name: "patch",
        doc: "The third number.",
        overloads: &[member(
            "semver_patch",
            &[SEMVER],
            Ty::Int,
            |args| int(opaque::<Version>(args, 0)?.patch),
            Cost::ONE,
        )],
    },
    Function {
        name: "isLessThan",
        doc: "Whether the version comes before another.",
        overloads: &[member(
            "semver_is_less_than",
            &[SEMVER, SEMVER],
            Ty::Bool,
            |args| Ok(Value::Bool(compare(args)?.is_lt())),
            Cost::ONE,
        )],
    },
    Function {
        name: "isGreaterThan",
        doc: "Whether the version comes after another.",
        overloads: &[member(
            "semver_is_greater_than",
            &[SEMVER, SEMVER],
            Ty::Bool,
            |args| Ok(Value::Bool(compare(args)?.is_gt())),
            Cost::ONE,
        )],
    },
    Function {
        name: "compareTo",
        doc: "-1, 0 or 1: whether the version comes before another, equals it or comes after it.",
        overloads: &[member(
            "semver_compare_to",
            &[SEMVER, SEMVER],
            Ty::Int,
            |args| Ok(Value::Int(compare(args)? as i64)),
            Cost::ONE,
        )],
    },
];

fn read(text: &str, normalize: bool) -> Result<Version, String> {
    if normalize { Version::parse_normalized(text) } else { Version::parse(text) }
}

/// Numbers beyond the signed range wrap, as in kube-apiserver.
fn int<'a>(number: u64) -> EvalResult<'a> {
    Ok(Value::Int(number.cast_signed()))
}

fn compare(args: &[Value<'_>]) -> Result<std::cmp::Ordering, EvalError> {
    Ok(opaque::<Version>(args, 0)?.cmp(opaque(args, 1)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::cost::CostRange;
    use crate::functions::shorthand::testing::{call, costs, fault};

    #[test]
    fn versions() {
        let semver = |text| call("semver", &[Value::str(text)]).unwrap();
        assert!(matches!(call("major", &[semver("18446744073709551615.0.0")]), Ok(Value::Int(-1))));
        assert!(matches!(call("isLessThan", &[semver("2.0.0-rc1"), semver("2.0.0")]), Ok(Value::Bool(true))));
        assert!(matches!(call("compareTo", &[semver("1.2.3+a"), semver("1.2.3")]), Ok(Value::Int(0))));
        assert!(semver("1.2.3+a").equals(&semver("1.2.3")).unwrap());
        assert!(matches!(call("isSemver", &[Value::str("v1"), Value::Bool(true)]), Ok(Value::Bool(true))));
        assert_eq!(fault("semver", &[Value::str("x")]), "No Major.Minor.Patch elements found");
        assert_eq!(costs("semver", &[Value::str("1.2.3-alpha.1")]), (2, CostRange::fixed(2)));
    }
}
