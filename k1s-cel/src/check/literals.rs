//! What is checked once types are right: literals that would fail or match nothing whenever they are evaluated.
//!
//! kube-apiserver validates literals of timestamps, durations and regular expressions, and refuses lists and maps of mixed types except as
//! the arguments of `format`.

use crate::functions::literal as literal_checks;
use crate::issue::Issue;
use crate::syntax::ast::{ExprId, ExprKind, Literal, MapEntry};
use crate::ty::{OPTIONAL, Type};

use super::{Checked, Reference, format};

/// What is wrong with the literals of an expression. `partial` says that what is `dyn` may turn out to be of any type.
pub(super) fn check(checked: &Checked, partial: bool) -> Vec<Issue> {
    let mut issues = Vec::new();
    let exempt = arguments_of_format(checked);
    for (index, expr) in checked.ast.nodes.iter().enumerate() {
        match &expr.kind {
            ExprKind::Call { function, target: Some(target), args } if function == "format" => {
                format(checked, expr.at, *target, args, &mut issues);
            }
            ExprKind::Call { args, .. } => arguments(checked, index, args, &mut issues),
            ExprKind::List { elements, optional } if !exempt[index] => {
                list(checked, elements, optional, partial, &mut issues);
            }
            ExprKind::Map(entries) if !exempt[index] => map(checked, entries, partial, &mut issues),
            _ => {}
        }
    }
    issues
}

/// Literals that a function would refuse.
fn arguments(checked: &Checked, index: usize, args: &[ExprId], issues: &mut Vec<Issue>) {
    let Reference::Overloads { candidates, .. } = &checked.references[index] else { return };
    let [overload, ..] = candidates.as_slice() else { return };
    let Some(arg) = args.first() else { return };
    let expr = checked.ast.node(*arg);
    let ExprKind::Literal(literal) = &expr.kind else {
        return;
    };
    let (function, valid) = match (overload.id, literal) {
        ("string_to_timestamp", Literal::String(text)) => ("timestamp", literal_checks::is_timestamp(text)),
        ("int64_to_timestamp", Literal::Int(seconds)) => {
            ("timestamp", literal_checks::is_timestamp_second(*seconds))
        }
        ("string_to_duration", Literal::String(text)) => ("duration", literal_checks::is_duration(text)),
        ("matches_string", Literal::String(pattern)) => ("matches", literal_checks::is_pattern(pattern)),
        _ => return,
    };
    if !valid {
        issues.push(Issue { at: Some(expr.at), message: format!("invalid {function} argument"), hint: None });
    }
}

/// `'…'.format([…])`: clauses that do not fit the values.
fn format(checked: &Checked, at: u32, target: ExprId, args: &[ExprId], issues: &mut Vec<Issue>) {
    let ExprKind::Literal(Literal::String(text)) = &checked.ast.node(target).kind else { return };
    let [values] = args else { return };
    let ExprKind::List { elements, .. } = &checked.ast.node(*values).kind else { return };
    if let Err((node, message)) = format::check(checked, text, elements) {
        let at = node.map_or(at, |node| checked.ast.node(node).at);
        issues.push(Issue { at: Some(at), message, hint: None });
    }
}

fn list(checked: &Checked, elements: &[ExprId], optional: &[u32], partial: bool, issues: &mut Vec<Issue>) {
    let types = elements.iter().enumerate().map(|(index, id)| {
        let is_optional = optional.iter().any(|optional| *optional as usize == index);
        (*id, element_type(checked.type_of(*id), is_optional))
    });
    let mut types = types.filter(|(_, ty)| !(partial && ty.holds_dyn()));
    let Some((_, first)) = types.next() else { return };
    if let Some((id, other)) = types.find(|(_, ty)| *ty != first) {
        mismatch(checked, id, first, other, issues);
    }
}

fn map(checked: &Checked, entries: &[MapEntry], partial: bool, issues: &mut Vec<Issue>) {
    let (mut keys, mut values) = (None, None);
    for entry in entries {
        let key = checked.type_of(entry.key);
        let value = element_type(checked.type_of(entry.value), entry.optional);
        for (first, id, ty) in [(&mut keys, entry.key, key), (&mut values, entry.value, value)] {
            if partial && ty.holds_dyn() {
                continue;
            }
            let first = *first.get_or_insert(ty);
            if ty != first {
                mismatch(checked, id, first, ty, issues);
            }
        }
    }
}

fn element_type(ty: &Type, optional: bool) -> &Type {
    match ty {
        Type::Opaque(OPTIONAL, parameters) if optional => parameters.first().unwrap_or(ty),
        other => other,
    }
}

fn mismatch(checked: &Checked, id: ExprId, expected: &Type, found: &Type, issues: &mut Vec<Issue>) {
    let at = checked.ast.node(id).at;
    issues.push(Issue {
        at: Some(at),
        message: format!("expected type '{expected}' but found '{found}'"),
        hint: Some("the elements of a literal have one type; `dyn(…)` around each lifts that".into()),
    });
}

/// Which nodes lie in a list that `format` is called with: such lists may be mixed.
fn arguments_of_format(checked: &Checked) -> Vec<bool> {
    let mut exempt = vec![false; checked.ast.len()];
    let mut pending = Vec::new();
    for expr in &checked.ast.nodes {
        if let ExprKind::Call { function, target: Some(_), args } = &expr.kind
            && function == "format"
        {
            pending.extend(args.iter().copied());
        }
    }
    while let Some(id) = pending.pop() {
        if std::mem::replace(&mut exempt[id.index()], true) {
            continue;
        }
        match &checked.ast.node(id).kind {
            ExprKind::List { elements, .. } => pending.extend(elements.iter().copied()),
            ExprKind::Map(entries) => {
                pending.extend(entries.iter().flat_map(|entry| [entry.key, entry.value]));
            }
            _ => {}
        }
    }
    exempt
}
