//! Rules are evaluated over data that need not fit its schema: to a value or a failure, within the budget, and the same each time.
#![no_main]

use k1s_cel::limits::PER_CALL_COST;
use k1s_cel::value::{EvalError, Value};
use k1s_cel::{Evaluation, Program};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let Some((case, rest)) = k1s_cel_fuzz::choose(input) else { return };
    let Some((object, rule)) = rest.split_once('\n') else { return };
    let Ok(json) = serde_json::from_str(object) else { return };
    let Ok(checked) = case.env.check(rule) else { return };
    let Ok(program) = Program::new(&checked) else { return };

    let bindings = [Some(Value::typed(&json, &case.schema)), None];
    let first = program.evaluate(&bindings, PER_CALL_COST);
    let second = program.evaluate(&bindings, PER_CALL_COST);
    assert_eq!(first.cost, second.cost, "costs are the same each time");
    assert_eq!(outcome(&first), outcome(&second), "results are the same each time");
    if !matches!(first.result, Err(EvalError::CostLimit)) {
        assert!(first.cost <= PER_CALL_COST, "more than the budget was spent: {}", first.cost);
    }
});

/// What can be compared of a result: its type, or why there is none.
fn outcome(evaluation: &Evaluation<'_>) -> Result<&'static str, String> {
    evaluation.result.as_ref().map(Value::type_name).map_err(ToString::to_string)
}
