//! What a check promises: a checked rule may fail for its data, never for its types.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::sync::{Arc, LazyLock};

use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, EvalError, Program, Value};
use proptest::prelude::*;
use serde_json::{Value as Json, json};

/// A schema with fields of every type, none of them dynamic.
static SCHEMA: LazyLock<Arc<Schema>> = LazyLock::new(|| {
    let json = json!({"type": "object", "properties": {
        "i": {"type": "integer"}, "j": {"type": "integer"}, "d": {"type": "number"}, "b": {"type": "boolean"},
        "s": {"type": "string"}, "t": {"type": "string", "format": "date-time"}, "p": {"type": "string", "format": "duration"},
        "y": {"type": "string", "format": "byte"},
        "li": {"type": "array", "items": {"type": "integer"}},
        "ls": {"type": "array", "x-kubernetes-list-type": "set", "items": {"type": "string"}},
        "lo": {"type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["s"],
               "items": {"type": "object", "properties": {"s": {"type": "string"}, "i": {"type": "integer"}}}},
        "m": {"type": "object", "additionalProperties": {"type": "integer"}},
        "o": {"type": "object", "properties": {"s": {"type": "string"}, "i": {"type": "integer"}}},
    }});
    Schema::from_json(&json, false).unwrap()
});

/// Expressions of a depth, right and wrong: the check sorts them.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec![
            "self.i",
            "self.j",
            "self.d",
            "self.b",
            "self.s",
            "self.t",
            "self.p",
            "self.y",
            "self.li",
            "self.ls",
            "self.lo",
            "self.m",
            "self.o",
            "self.o.i",
            "self.lo[0].s",
            "self.m['a']",
            "self.?o.?i",
            "self.li[?0]",
        ])
        .prop_map(str::to_owned),
        prop::sample::select(vec![
            "1",
            "-1",
            "2u",
            "1.5",
            "true",
            "'a'",
            "b'a'",
            "null",
            "[]",
            "[1, 2]",
            "['a']",
            "{'a': 1}",
            "x",
            "duration('1h')",
            "timestamp('2024-01-01T00:00:00Z')",
            "optional.none()",
            "quantity('1Ki')",
            "ip('1.2.3.4')",
            "int",
            "9223372036854775807",
        ])
        .prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let operator = prop::sample::select(vec![
            "+", "-", "*", "/", "%", "==", "!=", "<", "<=", ">", ">=", "&&", "||", "in",
        ]);
        let method = prop::sample::select(vec![
            "size()",
            "min()",
            "max()",
            "sum()",
            "isSorted()",
            "sort()",
            "reverse()",
            "distinct()",
            "lowerAscii()",
            "trim()",
            "split('a')",
            "join(',')",
            "hasValue()",
            "value()",
            "orValue(1)",
            "getHours()",
            "getFullYear('+01:00')",
            "flatten()",
            "isInteger()",
            "family()",
            "indexOf('a')",
            "substring(0, 1)",
            "first()",
            "charAt(0)",
            "getMilliseconds()",
        ]);
        let macro_call = prop::sample::select(vec![
            "all",
            "exists",
            "exists_one",
            "filter",
            "map",
            "sortBy",
            "optMap",
            "optFlatMap",
        ]);
        let two = prop::sample::select(vec!["all", "exists", "existsOne", "transformList", "transformMap"]);
        let function = prop::sample::select(vec![
            "string",
            "int",
            "double",
            "uint",
            "bool",
            "type",
            "dyn",
            "size",
            "optional.of",
            "optional.ofNonZeroValue",
            "lists.range",
            "timestamp",
            "duration",
            "bytes",
            "!",
            "-",
            "quantity",
            "isIP",
        ]);
        prop_oneof![
            (inner.clone(), operator, inner.clone()).prop_map(|(a, op, b)| format!("({a} {op} {b})")),
            (inner.clone(), inner.clone(), inner.clone()).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
            (inner.clone(), method).prop_map(|(a, method)| format!("{a}.{method}")),
            (inner.clone(), macro_call, inner.clone()).prop_map(|(a, name, b)| format!("{a}.{name}(x, {b})")),
            (inner.clone(), two, inner.clone()).prop_map(|(a, name, b)| format!("{a}.{name}(i, x, {b})")),
            (function, inner.clone()).prop_map(|(name, a)| format!("{name}({a})")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{{{a}: {b}}}")),
            (inner.clone(), inner).prop_map(|(a, b)| format!("{a}[{b}]")),
        ]
    })
}

/// Whether the types of an expression are known wherever it matters: `dyn`, optionals of nothing and literals of nothing leave them open.
fn is_static(expression: &str) -> bool {
    !["dyn(", "optional.none", "[]", "null", "type(", "{'a': 1}"].iter().any(|open| expression.contains(open))
}

fn object() -> Json {
    json!({
        "i": 3, "j": 0, "d": 1.5, "b": true, "s": "abc", "t": "2024-02-03T04:05:06Z", "p": "1h", "y": "YWJj", "li": [3, 1, 2],
        "ls": ["b", "a"], "lo": [{"s": "k", "i": 1}], "m": {"a": 1, "b": 2}, "o": {"s": "v", "i": 7},
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, ..ProptestConfig::default() })]

    #[test]
    fn a_checked_rule_never_fails_for_its_types(expression in expression()) {
        let env = Env::new().with_schema("self", Type::of_schema(&SCHEMA, "T").unwrap(), Arc::clone(&SCHEMA));
        let Ok(checked) = env.check(&expression) else { return Ok(()) };
        let estimate = checked.estimate(&env);
        prop_assert!(estimate.min <= estimate.max);
        let Ok(program) = Program::new(&checked) else { return Ok(()) };
        for object in [object(), json!({})] {
            let bindings = [Some(Value::typed(&object, &SCHEMA))];
            let evaluation = program.evaluate(&bindings, 100_000);
            match &evaluation.result {
                Err(EvalError::NoSuchOverload | EvalError::NoSuchAttribute(_)) if is_static(&expression) => {
                    prop_assert!(false, "{expression}: {:?}", evaluation.result);
                }
                Err(EvalError::CostLimit) | Ok(_) | Err(_) => {}
            }
            let again = program.evaluate(&bindings, 100_000);
            prop_assert_eq!(evaluation.cost, again.cost, "{} costs the same each time", expression);
        }
    }

    #[test]
    fn any_text_is_an_expression_or_complaints(text in ".{0,60}") {
        let env = Env::new().with_schema("self", Type::of_schema(&SCHEMA, "T").unwrap(), Arc::clone(&SCHEMA));
        if let Err(issues) = env.check(&text) {
            prop_assert!(!issues.is_empty() && !issues.with_hints().is_empty());
            for issue in issues.iter() {
                prop_assert!(issues.location(issue).is_none_or(|place| place.line >= 1 && place.column >= 1));
            }
        }
    }
}
