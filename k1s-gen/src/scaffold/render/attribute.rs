//! Attributes and short lists, laid out as rustfmt does by default.

/// The width of arguments that rustfmt leaves on one line (`attr_fn_like_width`).
const ARGUMENTS: usize = 70;
const LINE: usize = 100;

/// A part of an attribute: `name = value`, or a list with a name.
pub(in crate::scaffold) enum Meta {
    One(String),
    List(&'static str, Vec<Meta>),
}

impl Meta {
    fn flat(&self) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::List(name, parts) => format!("{name}({})", flat(parts)),
        }
    }

    fn laid_out(&self, indent: usize) -> String {
        match self {
            Self::One(text) => text.clone(),
            Self::List(name, parts) => list(name, parts, indent, 1),
        }
    }
}

fn flat(parts: &[Meta]) -> String {
    parts.iter().map(Meta::flat).collect::<Vec<_>>().join(", ")
}

fn list(name: &str, parts: &[Meta], indent: usize, closing: usize) -> String {
    let arguments = flat(parts);
    let width = indent + name.len() + arguments.chars().count() + 2 + closing;
    if arguments.chars().count() <= ARGUMENTS && width <= LINE {
        return format!("{name}({arguments})");
    }
    let inner = indent + 4;
    let lines: Vec<_> = parts.iter().map(|part| format!("{:inner$}{}", "", part.laid_out(inner))).collect();
    format!("{name}(\n{}\n{:indent$})", lines.join(",\n"), "")
}

/// `#[name(parts)]` with its indentation, without an end of line.
pub(super) fn attribute(name: &str, parts: &[Meta], indent: usize) -> String {
    let name = format!("#[{name}");
    format!("{:indent$}{}]", "", list(&name, parts, indent, 1))
}

/// A pair as an element of an array, with its line.
pub(super) fn pair(first: &str, second: &str) -> String {
    let flat = format!("    ({first}, {second}),\n");
    // Tuples follow the widths of calls: 60.
    if first.chars().count() + second.chars().count() + 2 <= 60 {
        return flat;
    }
    format!("    (\n        {first},\n        {second},\n    ),\n")
}
