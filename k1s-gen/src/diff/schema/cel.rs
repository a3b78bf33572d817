//! `x-kubernetes-validations`. Rules are compared as text: the same expression is the same rule, wherever it stands in the list.

use k1s_runtime::schema::{Rule, Structural};
use serde_json::Value;

use super::super::rules;
use super::Difference;

const WHAT: &str = "x-kubernetes-validations";

pub(super) fn compare(old: &Structural, new: &Structural) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut gone: Vec<&Rule> = old.extensions.validations.iter().collect();
    let mut come: Vec<&Rule> = Vec::new();
    for rule in &new.extensions.validations {
        // Of several with one expression, the one that says the same is meant.
        let same = |same_message: bool| {
            gone.iter().position(|old| {
                old.rule.trim() == rule.rule.trim() && (!same_message || old.message == rule.message)
            })
        };
        match same(true).or_else(|| same(false)) {
            Some(at) => details(gone.remove(at), rule, &mut found),
            None => come.push(rule),
        }
    }
    // A rule that says what another one said is that one, written anew.
    let is_alone = gone.len() == 1 && come.len() == 1;
    come.retain(|rule| {
        let at =
            gone.iter().position(|old| is_alone || (old.message.is_some() && old.message == rule.message));
        let Some(at) = at else { return true };
        let old = gone.remove(at);
        found.push(Difference::new(&rules::RULE_CHANGED, WHAT, shown(old), shown(rule)));
        false
    });
    found.extend(come.into_iter().map(|rule| match is_transition(rule) {
        true => Difference::new(&rules::TRANSITION_RULE_ADDED, WHAT, None, shown(rule)),
        false => Difference::new(&rules::RULE_ADDED, WHAT, None, shown(rule)),
    }));
    found.extend(gone.into_iter().map(|rule| Difference::new(&rules::RULE_REMOVED, WHAT, shown(rule), None)));
    found
}

/// What may differ in rules of one expression.
fn details(old: &Rule, new: &Rule, found: &mut Vec<Difference>) {
    let about = format!("of the rule `{}`", new.rule.trim());
    let mut push = |rule, what: &str, from: Option<Value>, to: Option<Value>| {
        found.push(Difference::new(rule, WHAT, from, to).with(format!("{what} {about}")));
    };
    let text = |text: &Option<String>| text.clone().map(Value::from);
    let words = [
        ("message", &old.message, &new.message),
        ("messageExpression", &old.message_expression, &new.message_expression),
        ("fieldPath", &old.field_path, &new.field_path),
    ];
    for (what, from, to) in words.into_iter().filter(|(_, from, to)| from != to) {
        push(&rules::RULE_MESSAGE_CHANGED, what, text(from), text(to));
    }
    if old.reason != new.reason {
        push(&rules::RULE_REASON_CHANGED, "reason", text(&old.reason), text(&new.reason));
    }
    let (from, to) = (old.optional_old_self == Some(true), new.optional_old_self == Some(true));
    if from != to {
        let rule = if to { &rules::RULE_ON_CREATE } else { &rules::RULE_ON_UPDATE };
        push(rule, "optionalOldSelf", Some(from.into()), Some(to.into()));
    }
}

/// Whether only updates are judged.
fn is_transition(rule: &Rule) -> bool {
    let mut words = rule.rule.split(|c: char| !c.is_alphanumeric() && c != '_');
    rule.optional_old_self != Some(true) && words.any(|word| word == "oldSelf")
}

fn shown(rule: &Rule) -> Option<Value> {
    Some(rule.rule.trim().into())
}
