//! CEL's own conformance tests.
//!
//! Variables have the types of their values. Literals of mixed types, such as `[1, 'a']`, are refused by Kubernetes' check; tests that
//! yield a value although they have some are evaluated without a check, as are those that ask for it.

use k1s_cel::limits::{Limits, PER_CALL_COST};
use k1s_cel::syntax::parse;
use k1s_cel::{Binding, Env, Issues, Program};
use serde_json::Value as Json;

use super::outside::{self, Test};
use super::values::{self, Constant};
use super::{Agreement, Report};

/// Compares a test.
pub(super) fn compare(case: &Json, report: &mut Report) -> Result<(), String> {
    let text = |name: &str| case.get(name).and_then(Json::as_str).unwrap_or_default();
    let flag = |name: &str| case.get(name).and_then(Json::as_bool).unwrap_or_default();
    let expected = case.get("expected").ok_or("nothing expected")?;
    let test = Test {
        file: text("file"),
        section: text("section"),
        name: text("name"),
        expression: text("expr"),
        has_container: !text("container").is_empty(),
    };
    if let Some(index) = outside::entry(&test) {
        report.tally.outside += 1;
        if let Some(count) = report.outside.get_mut(index) {
            *count += 1;
        }
        return Ok(());
    }
    let bindings = case.get("bindings").and_then(Json::as_object);
    let variables: Vec<(&String, Constant)> = bindings
        .into_iter()
        .flatten()
        .map(|(name, value)| Ok((name, Constant::read(value)?)))
        .collect::<Result<_, String>>()?;
    let way = match (flag("disable_check"), expected.get("value")) {
        (true, _) => Way::Unchecked,
        (false, Some(_)) => Way::CheckedUnlessMixed,
        (false, None) => Way::Checked,
    };
    let got = evaluate(test.expression, way, &variables);
    let (agrees, wanted) = match expected.get("value") {
        Some(value) => (got.as_ref().is_ok_and(|got| values::same(got, value)), value.to_string()),
        None => (got.is_err(), format!("an error: {}", expected["error"])),
    };
    let name = format!("{}/{}/{}", test.file, test.section, test.name);
    report.count(&name, Agreement::all(agrees), || {
        let got = got.map_or_else(|why| format!("an error: {why}"), |value| value.to_string());
        [("expression", test.expression.to_owned()), ("expected", wanted), ("got", got)]
    });
    Ok(())
}

/// Whether the types of an expression are checked.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Unchecked,
    Checked,
    CheckedUnlessMixed,
}

/// The value of an expression, in the tests' notation, or why there is none.
fn evaluate(expression: &str, way: Way, variables: &[(&String, Constant)]) -> Result<Json, String> {
    let mut env = Env::new();
    for (name, value) in variables {
        env = env.with(name, value.ty());
    }
    let unchecked = || parse(expression, &Limits::default()).map(|tree| env.unchecked(tree));
    let checked = if way == Way::Unchecked { unchecked() } else { env.check(expression) };
    let checked = match checked {
        Err(issues) if way == Way::CheckedUnlessMixed && are_about_mixed_literals(&issues) => unchecked(),
        other => other,
    };
    let checked = checked.map_err(|issues| issues.to_string())?;
    let program = Program::new(&checked).map_err(|why| why.to_string())?;
    let bindings: Vec<Binding<'_>> = variables.iter().map(|(_, value)| Some(Ok(value.value()))).collect();
    let evaluation = program.evaluate(&bindings, PER_CALL_COST);
    let value = evaluation.result.map_err(|why| why.to_string())?;
    values::write(&value).map_err(|why| why.to_string())
}

fn are_about_mixed_literals(issues: &Issues) -> bool {
    issues
        .iter()
        .all(|issue| issue.message.starts_with("expected type '") && issue.message.contains("' but found '"))
}
