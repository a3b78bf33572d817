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

/// The types that expressions are made of by design.
#[derive(Clone, Copy)]
enum T {
    Bool,
    Int,
    Double,
    String,
    Ints,
    Strings,
    Map,
    Moment,
    Length,
    Optional,
}

/// What expressions of a type are made of: texts in which `$b`, `$i`, … stand for expressions of other types.
fn forms(ty: T) -> (&'static [&'static str], &'static [&'static str]) {
    match ty {
        T::Bool => (
            &["true", "self.b", "has(self.s)", "has(self.o.i)"],
            &[
                "($b && $b)",
                "($b || $b)",
                "!$b",
                "($b ? $b : $b)",
                "($i < $i)",
                "($i == $i)",
                "($d >= $d)",
                "($i < $d)",
                "($s == $s)",
                "($s != $s)",
                "$s.startsWith($s)",
                "$s.contains($s)",
                "$s.matches('a+b*')",
                "($i in $l)",
                "($s in $k)",
                "$l.all(x, x > $i)",
                "$l.exists(x, x == $i)",
                "$l.exists_one(x, x % 2 == 0)",
                "$k.all(i, x, i < 3 && x != $s)",
                "$l.isSorted()",
                "$o.hasValue()",
                "($t < $t)",
                "($p > $p)",
                "sets.contains($l, $l)",
                "($l == $l)",
                "($k != $k)",
                "('a' in $m)",
                "$m.all(x, x != $s)",
                "self.lo.exists(x, x.s == $s)",
                "(self.o == self.o)",
                "isQuantity($s)",
            ],
        ),
        T::Int => (
            &["1", "-7", "self.i", "self.j", "9223372036854775807", "self.o.i"],
            &[
                "($i + $i)",
                "($i - $i)",
                "($i * $i)",
                "($i / $i)",
                "($i % $i)",
                "-$i",
                "($b ? $i : $i)",
                "size($s)",
                "$l.size()",
                "$l.sum()",
                "$l.max()",
                "$l.indexOf($i)",
                "$l[$i]",
                "$m['a']",
                "int($d)",
                "int($s)",
                "$o.orValue($i)",
                "$o.value()",
                "$t.getFullYear()",
                "$p.getSeconds()",
                "$s.indexOf($s)",
                "self.lo[0].i",
                "int($t)",
                "$t.getHours('-02:30')",
            ],
        ),
        T::Double => {
            (&["1.5", "self.d", "0.0"], &["($d + $d)", "($d / $d)", "double($i)", "double($s)", "-$d"])
        }
        T::String => (
            &["'a'", "self.s", "''", "self.o.s"],
            &[
                "($s + $s)",
                "string($i)",
                "string($d)",
                "string($b)",
                "string($t)",
                "string($p)",
                "$s.lowerAscii()",
                "$s.trim()",
                "$s.replace('a', $s)",
                "$s.substring(0, $i)",
                "$k.join(',')",
                "$k[$i]",
                "'%d-%s'.format([$i, $s])",
                "$s.charAt(0)",
                "self.lo[0].s",
                "$s.find('a+')",
                "($b ? $s : $s)",
            ],
        ),
        T::Ints => (
            &["[1, 2, 3]", "self.li"],
            &[
                "[$i]",
                "[$i, $i]",
                "($l + $l)",
                "$l.map(x, x + $i)",
                "$l.filter(x, x > 1)",
                "$l.map(x, x > 1, x * 2)",
                "$l.sort()",
                "$l.reverse()",
                "$l.distinct()",
                "$l.slice(0, 1)",
                "$l.transformList(i, x, i + x)",
                "$l.sortBy(x, -x)",
                "[$l, $l].flatten()",
                "lists.range(3)",
                "$k.map(x, size(x))",
                "[?$o, $i]",
            ],
        ),
        T::Strings => (
            &["['a', 'b']", "self.ls"],
            &[
                "[$s]",
                "($k + $k)",
                "$s.split('a')",
                "$k.filter(x, x != $s)",
                "$k.map(x, x + $s)",
                "$m.map(x, x)",
                "$k.sort()",
            ],
        ),
        T::Map => (
            &["self.m", "{'a': 1}"],
            &["{$s: $i}", "$m.transformMap(k, v, v + $i)", "$m.transformMapEntry(k, v, {k + 'x': v})"],
        ),
        T::Moment => {
            (&["self.t", "timestamp('2024-01-01T00:00:00Z')"], &["($t + $p)", "($t - $p)", "timestamp($s)"])
        }
        T::Length => (&["self.p", "duration('90s')"], &["($p + $p)", "($t - $t)", "duration($s)"]),
        T::Optional => (
            &["self.?o.?i", "optional.of(1)", "self.li[?0]"],
            &[
                "optional.of($i)",
                "$o.or($o)",
                "$o.optMap(x, x + $i)",
                "$l[?$i]",
                "$m.?a",
                "optional.ofNonZeroValue($i)",
                "$l.first()",
            ],
        ),
    }
}

/// An expression of a type, at most so deep.
fn typed(ty: T, depth: u32) -> BoxedStrategy<String> {
    let (leaves, forms) = forms(ty);
    let leaf = prop::sample::select(leaves).prop_map(str::to_owned);
    if depth == 0 {
        return leaf.boxed();
    }
    let form = prop::sample::select(forms).prop_flat_map(move |form| {
        let mut filled = Just(String::new()).boxed();
        let mut parts = form.split('$');
        let first = parts.next().unwrap_or_default();
        filled = filled.prop_map(move |_| first.to_owned()).boxed();
        for part in parts {
            let hole = typed(hole(part), depth - 1);
            let rest = &part[1..];
            filled = (filled, hole).prop_map(move |(before, hole)| format!("{before}{hole}{rest}")).boxed();
        }
        filled
    });
    prop_oneof![1 => leaf, 4 => form].boxed()
}

fn hole(part: &str) -> T {
    match part.as_bytes()[0] {
        b'b' => T::Bool,
        b'i' => T::Int,
        b'd' => T::Double,
        b's' => T::String,
        b'l' => T::Ints,
        b'k' => T::Strings,
        b'm' => T::Map,
        b't' => T::Moment,
        b'p' => T::Length,
        _ => T::Optional,
    }
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

/// Evaluates what has been checked, on data with every field and with none: it may fail, but not for types; and it costs the same
/// each time.
fn holds(env: &Env, expression: &str, types_are_known: bool) -> Result<(), TestCaseError> {
    let Ok(checked) = env.check(expression) else { return Ok(()) };
    let estimate = checked.estimate(env);
    prop_assert!(estimate.min <= estimate.max);
    let Ok(program) = Program::new(&checked) else { return Ok(()) };
    for object in [object(), json!({})] {
        let bindings = [Some(Value::typed(&object, &SCHEMA))];
        let evaluation = program.evaluate(&bindings, 100_000);
        if let Err(EvalError::NoSuchOverload | EvalError::NoSuchAttribute(_)) = &evaluation.result {
            prop_assert!(!types_are_known, "{expression}: {:?}", evaluation.result);
        }
        let again = program.evaluate(&bindings, 100_000);
        prop_assert_eq!(evaluation.cost, again.cost, "{} costs the same each time", expression);
    }
    Ok(())
}

fn env() -> Env {
    Env::new().with_schema("self", Type::of_schema(&SCHEMA, "T").unwrap(), Arc::clone(&SCHEMA))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn what_is_right_by_design_is_checked_and_evaluated(rule in typed(T::Bool, 4)) {
        let env = env();
        match env.check(&rule) {
            Ok(checked) => prop_assert_eq!(checked.result_type(), &Type::Bool),
            // Depth and length have limits, and literals are looked at ahead.
            Err(issues) => {
                let text = issues.to_string();
                prop_assert!(text.contains("recursion") || text.contains("argument"), "{rule}: {text}");
            }
        }
        holds(&env, &rule, true)?;
    }

    #[test]
    fn a_checked_rule_never_fails_for_its_types(expression in expression()) {
        holds(&env(), &expression, is_static(&expression))?;
    }

    #[test]
    fn any_text_is_an_expression_or_complaints(text in ".{0,60}") {
        if let Err(issues) = env().check(&text) {
            prop_assert!(!issues.is_empty() && !issues.with_hints().is_empty());
            for issue in issues.iter() {
                prop_assert!(issues.location(issue).is_none_or(|place| place.line >= 1 && place.column >= 1));
            }
        }
    }
}
