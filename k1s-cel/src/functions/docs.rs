//! The table of functions as documentation, made from the declarations.

use std::fmt::Write as _;

use super::table::{Function, Overload, Style, UNCALLABLE, functions};

/// Every function that expressions can call, as Markdown: a table for each library, a line for each overload.
///
/// The file `FUNCTIONS.md` beside this crate's manifest holds this text; a test keeps it so.
#[must_use]
pub fn reference() -> String {
    let mut out = String::from(
        "# Functions\n\nMade from the declarations by `k1s_cel::functions::reference()`. Macros are described in README.md.\n",
    );
    let mut library = "";
    for (name, function) in functions() {
        // What macros are made of cannot be named.
        if name == UNCALLABLE || function.name.starts_with('@') || function.name.contains(".@") {
            continue;
        }
        if name != library {
            library = name;
            let _ = write!(out, "\n## {name}\n\n| call | result | what it does |\n| --- | --- | --- |\n");
        }
        rows(function, &mut out);
    }
    out
}

fn rows(function: &Function, out: &mut String) {
    for (index, overload) in function.overloads.iter().enumerate() {
        let doc = if index == 0 { function.doc } else { "" };
        let call = call(function.name, overload).replace('|', "\\|");
        let _ = writeln!(out, "| `{call}` | `{}` | {doc} |", overload.result);
    }
}

/// A call as it is written.
fn call(name: &str, overload: &Overload) -> String {
    let types: Vec<String> = overload.params.iter().map(ToString::to_string).collect();
    match (name, &*types) {
        ("_?_:_", [condition, then, otherwise]) => format!("{condition} ? {then} : {otherwise}"),
        ("_[_]", [of, key]) => format!("{of}[{key}]"),
        ("_[?_]", [of, key]) => format!("{of}[?{key}]"),
        ("_?._", [of, _]) => format!("{of}.?field"),
        ("@in", [value, of]) => format!("{value} in {of}"),
        ("!_", [of]) => format!("!{of}"),
        ("-_", [of]) => format!("-{of}"),
        (operator, [left, right]) if operator.starts_with('_') => {
            format!("{left} {} {right}", operator.trim_matches('_'))
        }
        (name, [target, args @ ..]) if overload.style == Style::Member => {
            format!("{target}.{name}({})", args.join(", "))
        }
        (name, args) => format!("{name}({})", args.join(", ")),
    }
}
