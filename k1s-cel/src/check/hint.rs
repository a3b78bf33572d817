//! What may have been meant.

use crate::functions::{self, Overload, Style};
use crate::syntax::ast::operators;
use crate::ty::{ObjectType, Type};

use super::checker::Checker;

/// The closest of some names, if it is close: one letter in three may differ.
fn closest<'n>(name: &str, known: impl IntoIterator<Item = &'n str>) -> Option<&'n str> {
    let limit = (name.len() / 3).max(1);
    known
        .into_iter()
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *candidate != name)
        .min()
        .map(|(_, candidate)| candidate)
}

/// For a name that is not declared.
pub(super) fn name(checker: &Checker<'_>, name: &str) -> Option<String> {
    let variables = checker.env.variables().iter().map(|variable| &*variable.name);
    let locals = checker.locals.iter().map(|(local, _)| *local).filter(|local| !local.starts_with('@'));
    let functions = functions::functions().map(|(_, function)| function.name);
    closest(name, variables.chain(locals).chain(functions)).map(|name| format!("did you mean `{name}`?"))
}

/// For a field that an object does not have.
pub(super) fn field(object: &ObjectType, field: &str) -> Option<String> {
    let names: Vec<_> = object.schema().field_names().collect();
    match closest(field, names.iter().map(|name| &**name)) {
        Some(name) => Some(format!("did you mean `{name}`?")),
        None if names.is_empty() => Some("the schema declares no fields here".into()),
        None => Some(format!("the fields are {}", enumerate(&names))),
    }
}

/// For a selection from something without fields.
pub(super) fn selection(ty: &Type) -> Option<String> {
    match ty {
        Type::List(_) => {
            Some("a list has elements, not fields: use `[0]`, `.all(x, …)` or `.exists(x, …)`".into())
        }
        _ => None,
    }
}

/// For a call that no overload fits.
pub(super) fn overload(
    function: &str,
    overloads: &[&Overload],
    style: Style,
    types: &[Type],
) -> Option<String> {
    match (function, types) {
        (operators::EQUALS | operators::NOT_EQUALS, [_, Type::Null] | [Type::Null, _]) => {
            Some("a field that is null counts as absent: ask with `has(…)`".into())
        }
        (_, [Type::Opaque(crate::ty::OPTIONAL, _), _]) => {
            Some("an optional has its value in `.value()`, or use `.orValue(…)`".into())
        }
        (_, [Type::Int, Type::Double] | [Type::Double, Type::Int]) => Some(
            "int and double do not mix: convert one with `double(…)` or `int(…)`, or write `1.0` for `1`"
                .into(),
        ),
        (_, [Type::Int, Type::Uint] | [Type::Uint, Type::Int]) => {
            Some("int and uint do not mix: convert one with `int(…)` or `uint(…)`".into())
        }
        _ if overloads.iter().all(|overload| overload.style != style) => Some(match style {
            Style::Global => format!("it is called on a value: `x.{function}(…)`"),
            Style::Member => format!("it takes all its values in parentheses: `{function}(x, …)`"),
        }),
        _ => None,
    }
}

/// At most eight of some names.
fn enumerate(names: &[impl AsRef<str>]) -> String {
    let mut out =
        names.iter().take(8).map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ");
    if names.len() > 8 {
        out.push_str(", …");
    }
    out
}
