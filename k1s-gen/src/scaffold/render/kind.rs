//! The code of a kind.

use super::attribute::{Meta, attribute};
use super::fill;
use crate::scaffold::answers::{Answers, Kind};
use crate::scaffold::field::Field;
use crate::scaffold::names::{module, pascal, snake};

/// How many fields have a column in a plain `get`; the others have one in `-o wide`.
const NARROW: usize = 3;

/// The code of the stored version.
pub(super) fn code(answers: &Answers, kind: &Kind, fields: &[Field]) -> String {
    let members: String = fields.iter().map(|field| member(kind, field)).collect();
    let types: String =
        fields.iter().filter_map(|field| enumeration(kind, field)).chain(status(kind)).collect();
    let resource = attribute("resource", &resource(answers, kind, fields), 0);
    let imports = imports(fields, !types.is_empty());
    let module = module(&kind.kind);
    let values = [
        ("kind", kind.kind.as_str()),
        ("version", kind.hub()),
        ("module", module.as_str()),
        ("imports", imports.as_str()),
        ("resource", resource.as_str()),
        ("fields", members.trim_start_matches('\n')),
        ("types", types.as_str()),
    ];
    fill(include_str!("../templates/kind.rs.tmpl"), &values)
}

fn imports(fields: &[Field], schema: bool) -> String {
    let map = if fields.iter().any(Field::needs_map) { "use std::collections::BTreeMap;\n\n" } else { "" };
    let derives = if schema { "{Resource, Schema}" } else { "Resource" };
    format!("{map}use k1s_runtime::{derives};\nuse serde::{{Deserialize, Serialize}};\n")
}

fn resource(answers: &Answers, kind: &Kind, fields: &[Field]) -> Vec<Meta> {
    let one = |name: &str, value: &str| Meta::One(format!("{name} = {value:?}"));
    let mut parts = vec![one("group", &answers.group), one("version", kind.hub()), one("kind", &kind.kind)];
    if kind.cluster_scoped {
        parts.push(one("scope", "Cluster"));
    }
    parts.extend(kind.short_names.iter().map(|name| one("short_name", name)));
    parts.extend(kind.categories.iter().map(|name| one("category", name)));
    if kind.status {
        parts.push(one("status", &format!("{}Status", kind.kind)));
    }
    let columns = fields.iter().filter_map(|field| Some((field, field.column()?)));
    for (at, (field, ty)) in columns.enumerate() {
        let mut column = vec![one("name", &title(&field.name)), one("type", ty)];
        column.push(one("json_path", &format!(".spec.{}", field.name)));
        if at >= NARROW {
            column.push(Meta::One("priority = 1".to_owned()));
        }
        parts.push(Meta::List("print_column", column));
    }
    let age = [("name", "Age"), ("type", "date"), ("json_path", ".metadata.creationTimestamp")];
    parts.push(Meta::List("print_column", age.map(|(name, value)| one(name, value)).into()));
    let selectable = fields.iter().filter(|field| field.has("selectable"));
    parts.extend(selectable.map(|field| one("selectable_field", &format!(".spec.{}", field.name))));
    parts
}

/// `leadTimeDays` as `Lead Time Days`.
fn title(name: &str) -> String {
    let snake = snake(name);
    let words: Vec<String> = snake.split('_').map(pascal).collect();
    words.join(" ")
}

fn member(kind: &Kind, field: &Field) -> String {
    let mut out = format!("    /// {}\n", field.description);
    let mut serde = Vec::new();
    if let Some(name) = field.rename() {
        serde.push(Meta::One(format!("rename = {name:?}")));
    }
    if field.has("optional") {
        serde.push(Meta::One("default".to_owned()));
        serde.push(Meta::One("skip_serializing_if = \"Option::is_none\"".to_owned()));
    }
    let schema: Vec<_> = field.keywords(&kind.kind).into_iter().map(Meta::One).collect();
    for (name, parts) in [("serde", serde), ("schema", schema)] {
        if !parts.is_empty() {
            out.push_str(&attribute(name, &parts, 4));
            out.push('\n');
        }
    }
    out + &format!("    pub {}: {},\n", field.identifier(), field.rust_type(&kind.kind))
}

fn enumeration(kind: &Kind, field: &Field) -> Option<String> {
    let values = field.values()?;
    let mut out = format!(
        "\n/// {}\n#[derive(Schema, Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]\npub enum {} {{\n",
        field.description,
        field.enum_name(&kind.kind)
    );
    for value in values {
        let variant = pascal(value);
        out.push_str(&format!("    /// The value `{value}`.\n"));
        if variant != *value {
            out.push_str(&format!("    #[serde(rename = {value:?})]\n"));
        }
        out.push_str(&format!("    {variant},\n"));
    }
    Some(out + "}\n")
}

fn status(kind: &Kind) -> Option<String> {
    kind.status.then(|| {
        format!(
            "\n/// What has been seen of the object.\n\
             #[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]\n\
             #[serde(rename_all = \"camelCase\")]\n\
             pub struct {}Status {{\n    \
                 /// The generation of the spec that the status is about.\n    \
                 #[serde(default, skip_serializing_if = \"Option::is_none\")]\n    \
                 #[schema(minimum = 0)]\n    \
                 pub observed_generation: Option<i64>,\n}}\n",
            kind.kind
        )
    })
}

/// The body of a `From` impl that moves every field.
pub(in crate::scaffold) fn conversion(fields: &[String], from: &str) -> String {
    let moves: Vec<String> = fields.iter().map(|field| format!("{field}: {from}.{field}")).collect();
    let flat = moves.join(", ");
    // As rustfmt lays out struct literals: 18 columns fit on a line.
    match moves.len() {
        0 => "        Self {}\n".to_owned(),
        _ if flat.len() <= 18 => format!("        Self {{ {flat} }}\n"),
        _ => format!("        Self {{\n            {},\n        }}\n", moves.join(",\n            ")),
    }
}

/// `pub use path::{A, B};` laid out as rustfmt does.
pub(in crate::scaffold) fn joined(path: &str, names: &[String]) -> String {
    let [only] = names else {
        let flat = format!("pub use {path}::{{{}}};\n", names.join(", "));
        if flat.len() <= 101 {
            return flat;
        }
        let mut out = format!("pub use {path}::{{\n");
        let mut line = String::from("   ");
        for name in names {
            if line.len() + name.len() + 2 > 100 {
                out.push_str(&line);
                out.push('\n');
                line = String::from("   ");
            }
            line.push_str(&format!(" {name},"));
        }
        return out + &line + "\n};\n";
    };
    format!("pub use {path}::{only};\n")
}
