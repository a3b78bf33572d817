//! What can be said of a `format` call ahead: cel-go checks calls of a literal on a literal list when they are compiled.

use crate::functions::format_string::{Clause, FORMATTING, Verb, no_value};
use crate::stack;
use crate::syntax::ast::{ExprId, ExprKind};
use crate::ty::Type;

use super::Checked;

/// Checks `format.format([elements])`.
///
/// # Errors
///
/// What is wrong, in cel-go's words, and the node that it is wrong about; none means the call.
pub(super) fn check(
    checked: &Checked,
    format: &str,
    elements: &[ExprId],
) -> Result<(), (Option<ExprId>, String)> {
    let mut rest = format;
    let mut seen = 0;
    while let Some(at) = rest.find('%') {
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('%') {
            rest = after;
            continue;
        }
        // A text that ends here is complained about before a value that is missing.
        let parsed = Clause::parse(rest);
        let element = match elements.get(seen) {
            Some(element) => *element,
            None if rest.is_empty() => return Err((None, parsed.err().unwrap_or_default())),
            None => return Err((None, no_value(seen))),
        };
        let (clause, after) = parsed.map_err(|why| (None, why))?;
        if let Err(bad) = accepts(checked, clause.verb, element) {
            let given = checked.type_of(bad).plain_name();
            return Err((Some(bad), format!("{FORMATTING}{}", clause.verb.refusal(given))));
        }
        rest = after;
        seen += 1;
    }
    if elements.len() > seen {
        let given = elements.len();
        return Err((
            None,
            format!("too many arguments supplied to string.format (expected {seen}, got {given})"),
        ));
    }
    Ok(())
}

/// Whether a clause takes a node's type; if not, the node that it does not take.
fn accepts(checked: &Checked, verb: Verb, node: ExprId) -> Result<(), ExprId> {
    if verb == Verb::String {
        return stack::with_room(checked.ast().depth(), || accepts_text(checked, node));
    }
    let fits = match (verb, checked.type_of(node)) {
        (_, Type::Dyn) | (Verb::Binary, Type::Bool) => true,
        (Verb::Hex { .. }, Type::String | Type::Bytes) => true,
        (Verb::Decimal | Verb::Binary | Verb::Octal | Verb::Hex { .. }, Type::Int | Type::Uint) => true,
        // Strings may say what JSON has no number for.
        (Verb::Fixed | Verb::Scientific, Type::Double | Type::String) => true,
        _ => false,
    };
    if fits { Ok(()) } else { Err(node) }
}

/// Whether a node has a text, and all that is written inside of it.
fn accepts_text(checked: &Checked, node: ExprId) -> Result<(), ExprId> {
    if matches!(checked.type_of(node), Type::Object(_) | Type::Opaque(..) | Type::Error | Type::Var(_)) {
        return Err(node);
    }
    match &checked.ast().node(node).kind {
        ExprKind::List { elements, .. } => elements.iter().try_for_each(|node| accepts_text(checked, *node)),
        ExprKind::Map(entries) => entries.iter().try_for_each(|entry| {
            accepts_text(checked, entry.key)?;
            accepts_text(checked, entry.value)
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::ast::{Ast, Expr, Literal};

    /// Checks a format on literals of the given types; the complaint is with the index of the value that it is about.
    fn complain(format: &str, types: &[Type]) -> Option<(Option<usize>, String)> {
        let nodes = types.iter().map(|_| Expr { kind: ExprKind::Literal(Literal::Null), at: 0 }).collect();
        let ast = Ast { nodes, root: ExprId(0), depth: 1 };
        let checked = Checked { ast, types: types.to_vec(), references: Vec::new() };
        let elements: Vec<_> = (0..).map(ExprId).take(types.len()).collect();
        let complaint = check(&checked, format, &elements).err();
        complaint.map(|(node, why)| (node.map(ExprId::index), why))
    }

    #[test]
    fn values_must_be_there_and_fit() {
        assert_eq!(complain("%d %s%%", &[Type::Int, Type::Null]), None);
        assert_eq!(complain("%f %x", &[Type::String, Type::Dyn]), None);
        assert_eq!(complain("%s %s", &[Type::Int]), Some((None, "index 1 out of range".into())));
        assert_eq!(complain("%", &[]), Some((None, "unexpected end of string".into())));
        assert_eq!(
            complain("%s", &[Type::Int, Type::Int]),
            Some((None, "too many arguments supplied to string.format (expected 1, got 2)".into()))
        );
        let why = "error during formatting: decimal clause can only be used on integers, was given double";
        assert_eq!(complain("%s%d", &[Type::Int, Type::Double]), Some((Some(1), why.into())));
        assert!(complain("%s", &[Type::optional(Type::Int)]).is_some_and(|(at, _)| at == Some(0)));
    }
}
