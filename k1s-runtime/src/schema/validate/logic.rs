//! `allOf`, `anyOf`, `oneOf`, `not`.

use serde_json::Value;

use crate::api::field::{FieldError, Path};
use crate::api::gotext;
use crate::schema::node::{Logic, Node};

use super::value::{Context, Input, check_input};

/// Answers the match count of the branches that count.
pub(super) fn check(
    logic: &Logic,
    input: Input<'_>,
    old: Option<&Value>,
    path: &Path<'_>,
    context: &mut Context,
) -> usize {
    let attempt = |branch: &Node, context: &mut Context| {
        let from = context.errors.len();
        let count = check_input(branch, input, old, path, context);
        Attempt { count, errors: context.errors.split_off(from) }
    };
    let mut count = any_of(logic, path, context, &attempt);
    count += one_of(logic, path, context, &attempt);
    count += all_of(logic, path, context, &attempt);
    if let Some(branch) = &logic.not
        && attempt(branch, context).errors.is_empty()
    {
        unplaced(context, "not", path, "must not validate the schema (not)");
    }
    count
}

/// One branch, tried.
struct Attempt {
    count: usize,
    errors: Vec<FieldError>,
}

fn unplaced(context: &mut Context, keyword: &'static str, path: &Path<'_>, said: &str) {
    let shown = gotext::quote(&path.to_string());
    context.report_unplaced(keyword, path, format!("{shown} {said}"));
}

/// Keeps the attempt that matched more; the earlier one if both match alike.
fn better(best: &mut Option<Attempt>, attempt: Attempt) {
    if best.as_ref().is_none_or(|best| attempt.count > best.count) {
        *best = Some(attempt);
    }
}

fn merge(context: &mut Context, attempt: Option<Attempt>) -> usize {
    attempt.map_or(0, |attempt| {
        context.errors.extend(attempt.errors);
        attempt.count
    })
}

type Try<'t> = &'t dyn Fn(&Node, &mut Context) -> Attempt;

fn any_of(logic: &Logic, path: &Path<'_>, context: &mut Context, attempt: Try<'_>) -> usize {
    let mut best = None;
    for branch in &logic.any_of {
        let tried = attempt(branch, context);
        if tried.errors.is_empty() {
            return tried.count;
        }
        better(&mut best, tried);
    }
    if best.is_some() {
        unplaced(context, "anyOf", path, "must validate at least one schema (anyOf)");
    }
    merge(context, best)
}

fn one_of(logic: &Logic, path: &Path<'_>, context: &mut Context, attempt: Try<'_>) -> usize {
    if logic.one_of.is_empty() {
        return 0;
    }
    let (mut best, mut first, mut matching) = (None, None, 0);
    for branch in &logic.one_of {
        let tried = attempt(branch, context);
        if tried.errors.is_empty() {
            matching += 1;
            first.get_or_insert(tried);
        } else if matching == 0 {
            better(&mut best, tried);
        }
    }
    match matching {
        1 => merge(context, first),
        0 => {
            unplaced(
                context,
                "oneOf",
                path,
                "must validate one and only one schema (oneOf). Found none valid",
            );
            merge(context, best)
        }
        many => {
            let said =
                format!("must validate one and only one schema (oneOf). Found {many} valid alternatives");
            unplaced(context, "oneOf", path, &said);
            0
        }
    }
}

fn all_of(logic: &Logic, path: &Path<'_>, context: &mut Context, attempt: Try<'_>) -> usize {
    let (mut count, mut matching) = (0, 0);
    for branch in &logic.all_of {
        let tried = attempt(branch, context);
        matching += usize::from(tried.errors.is_empty());
        count += merge(context, Some(tried));
    }
    match matching {
        all if all == logic.all_of.len() => {}
        0 => unplaced(context, "allOf", path, "must validate all the schemas (allOf). None validated"),
        _ => unplaced(context, "allOf", path, "must validate all the schemas (allOf)"),
    }
    count
}
