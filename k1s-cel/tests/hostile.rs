//! Expressions that are written to bring an evaluator down: each ends, with an answer or an error, on a small thread.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use k1s_cel::limits::PER_CALL_COST;
use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, EvalError, Program, Value};
use serde_json::json;

/// What becomes of an expression.
#[derive(Debug, PartialEq)]
enum Fate {
    /// Refused, with this in the complaints.
    Refused(String),
    /// Evaluated.
    Value(String),
    /// Evaluation failed.
    Failed(EvalError),
}

/// Parses, checks, estimates and evaluates on a thread with two megabytes of stack.
fn fate(expression: &str) -> Fate {
    let expression = expression.to_owned();
    let thread = std::thread::Builder::new().stack_size(2 << 20);
    thread.spawn(move || decide(&expression)).unwrap().join().unwrap()
}

fn decide(expression: &str) -> Fate {
    let schema = json!({"type": "object", "properties": {
        "l": {"type": "array", "items": {"type": "integer"}},
        "s": {"type": "string"},
        "x": {"x-kubernetes-int-or-string": true},
    }});
    let schema = Schema::from_json(&schema, false).unwrap();
    let env = Env::new().with_schema("self", Type::of_schema(&schema, "T").unwrap(), schema.clone());
    let checked = match env.check(expression) {
        Ok(checked) => checked,
        Err(issues) => return Fate::Refused(issues.to_string()),
    };
    let estimate = checked.estimate(&env);
    let program = match Program::new(&checked) {
        Ok(program) => program,
        Err(error) => return Fate::Refused(error.to_string()),
    };
    let object = json!({"l": (0..10).collect::<Vec<_>>(), "s": "x".repeat(1000), "x": 1});
    let evaluation = program.run(&[Some(Value::typed(&object, &schema))]);
    assert!(estimate.min <= estimate.max);
    match evaluation.result {
        Ok(value) => Fate::Value(format!("{value:?}")),
        Err(error) => {
            let over = evaluation.cost > PER_CALL_COST;
            assert!(!over || error == EvalError::CostLimit, "{error} at a cost of {}", evaluation.cost);
            Fate::Failed(error)
        }
    }
}

fn refused(expression: &str, why: &str) {
    match fate(expression) {
        Fate::Refused(complaints) => assert!(complaints.contains(why), "{complaints}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |open: &str, middle: &str, close: &str, times| {
        format!("{}{middle}{}", open.repeat(times), close.repeat(times))
    };
    refused(&nested("(", "1", ")", 2_000), "expression recursion limit exceeded: 250");
    refused(&nested("[", "1", "]", 2_000), "recursion");
    refused(&nested("{1: ", "1", "}", 2_000), "recursion");
    refused(&nested("[1].all(x, ", "true", ")", 2_000), "recursion");
    refused(&nested("self.l[", "0", "]", 2_000), "recursion");
    refused(&nested("true ? 1 : (", "1", ")", 2_000), "recursion");
    refused(&format!("self{}", ".l".repeat(2_000)), "max recursion depth exceeded");
    refused(&format!("self.l{}", "[0]".repeat(2_000)), "max recursion depth exceeded");
    for prefix in ["!", "-", "[", "(", "{", "a.", "a(", "-!"] {
        refused(&prefix.repeat(50_000 / prefix.len()), "ERROR");
    }
}

#[test]
fn deep_but_legal_expressions_are_evaluated() {
    let nested = format!("{}self.l{}", "[1].all(x, [1].exists(y, ".repeat(20), " == self.l))".repeat(20));
    assert!(matches!(fate(&nested), Fate::Value(_) | Fate::Failed(_) | Fate::Refused(_)));
    let parentheses = format!("{}1{} == 1", "(".repeat(200), ")".repeat(200));
    assert_eq!(fate(&parentheses), Fate::Value("Bool(true)".into()));
    let sum = format!("{} == 200", vec!["1"; 200].join(" + "));
    assert_eq!(fate(&sum), Fate::Value("Bool(true)".into()));
}

#[test]
fn long_chains_end() {
    refused(&vec!["1"; 20_000].join("+"), "max recursion depth exceeded");
    refused(&vec!["self.x"; 15_000].join("=="), "ERROR");
    let either = vec!["self.s == 'y'"; 5_500].join(" || ");
    assert_eq!(fate(&either), Fate::Value("Bool(false)".into()));
    refused(&"a".repeat(100_001), "expression code point size exceeds limit");
}

#[test]
fn nested_loops_stop_at_the_budget() {
    let variables = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let loops: String = variables.iter().map(|name| format!("self.l.all({name}, ")).collect();
    let expression = format!("{loops}a + h >= 0{}", ")".repeat(variables.len()));
    assert_eq!(fate(&expression), Fate::Failed(EvalError::CostLimit));
}

#[test]
fn what_is_built_is_bounded() {
    let doubled = "self.s.replace('', self.s).replace('', self.s).replace('', self.s)";
    assert!(matches!(fate(doubled), Fate::Failed(EvalError::TooLarge | EvalError::CostLimit)), "{doubled}");
    // Go keeps the low bits of a precision only, and so few digits come of this one.
    assert_eq!(fate("size('%.999999999f'.format([1.0])) < 1000"), Fate::Value("Bool(true)".into()));
    refused("'%.99999999999999999999f'.format([1.0]) != ''", "error while parsing precision");
    for expression in ["lists.range(9223372036854775807).size() > 0", "lists.range(1000000000).size() > 0"] {
        assert!(matches!(fate(expression), Fate::Failed(_)), "{expression}");
    }
    let tower = "optional.of([1]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x])\
                 .optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x])\
                 .optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x])\
                 .optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x]).optMap(x, [x, x])";
    let compared = format!("{tower} == {tower}");
    assert_eq!(fate(&compared), Fate::Failed(EvalError::CostLimit));
}

#[test]
fn regular_expressions_are_bounded() {
    for pattern in
        ["((a{0,100}){0,100}){0,100}", "a{1001}", "(((((((((((a+)+)+)+)+)+)+)+)+)+)+)$", "\\\\pL{1000}"]
    {
        let expression = format!("self.s.matches('{pattern}')");
        assert!(!matches!(fate(&expression), Fate::Failed(EvalError::TooLarge)), "{pattern}");
    }
    refused("self.s.matches('a{1001}')", "invalid matches argument");
}
