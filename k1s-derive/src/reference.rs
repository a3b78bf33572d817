//! The reference of attributes, made of the structs that parse them: their fields are the attributes, the fields' documentation is what
//! is said of them, and their types are what may be written. `K1S_BLESS=1` writes it into the documentation.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};

use darling::{FromDeriveInput, FromField, FromMeta};
use syn::{Attribute, Fields, GenericArgument, Item, ItemStruct, PathArguments, Type};

use crate::model::doc;
use crate::parse::{FieldArgs, Keywords, ResourceArgs};

const PARSER: &str = include_str!("parse.rs");

const HEAD: &str = "<!-- Generated from the derives' parsers by scripts/update-reference; do not edit. -->

# Reference: attributes

`#[derive(Resource)]` on a spec struct takes `#[resource(...)]` and, as `#[derive(Schema)]` on the types below it, `#[schema(...)]`. `#[rbac(...)]` stands on a reconciler. Serde's
attributes are honoured as far as they say what the JSON looks like. An attribute that is not in these tables is a compile error, which names the
one that may have been meant. What shapes of types there are, how versions are converted and how rules are checked is told in the
documentation of the crate `k1s-derive`.

";

/// A struct of the parser.
struct Table {
    title: String,
    about: String,
    rows: Vec<Row>,
}

/// One attribute.
struct Row {
    name: String,
    value: String,
    repeatable: bool,
    needed: bool,
    meaning: String,
    keywords: Option<Vec<String>>,
}

/// The parser's structs by name, and their names in the order in which they are written.
fn tables() -> (Vec<String>, BTreeMap<String, Table>) {
    let mut names = Vec::new();
    let mut tables = BTreeMap::new();
    for item in syn::parse_file(PARSER).unwrap().items {
        let Item::Struct(item) = item else { continue };
        let rows = rows(&item);
        if rows.is_empty() {
            continue;
        }
        let name = item.ident.to_string();
        let text = one_line(&doc(&item.attrs).unwrap_or_else(|| panic!("{name} says nothing of itself")));
        let (title, about) = match text.split_once(": ").or_else(|| text.split_once(". ")) {
            Some((title, about)) => (title.to_owned(), about.to_owned()),
            None => (text.trim_end_matches('.').to_owned(), String::new()),
        };
        names.push(name.clone());
        tables.insert(name, Table { title, about, rows });
    }
    (names, tables)
}

fn rows(item: &ItemStruct) -> Vec<Row> {
    let derives = item.attrs.iter().filter(|attribute| attribute.path().is_ident("derive"));
    let is_parser = derives.map(text_of).any(|text| text.contains("From"));
    let Fields::Named(fields) = &item.fields else { return Vec::new() };
    // What darling gives of the item itself, and what is parsed by another struct.
    let given = ["ident", "ty", "attrs", "keywords"];
    let fields = fields.named.iter().filter(|_| is_parser);
    let named = fields.map(|field| (field.ident.as_ref().unwrap().to_string(), field));
    named
        .filter(|(name, _)| !given.contains(&name.as_str()))
        .map(|(name, field)| row(item, &name, field))
        .collect()
}

fn row(item: &ItemStruct, name: &str, field: &syn::Field) -> Row {
    let options: String =
        field.attrs.iter().filter(|attribute| attribute.path().is_ident("darling")).map(text_of).collect();
    let name = name.trim_end_matches('_').to_owned();
    let (outer, inner) = outer(&field.ty);
    let meaning =
        doc(&field.attrs).unwrap_or_else(|| panic!("say in a comment what `{name}` of {} is", item.ident));
    Row {
        repeatable: options.contains("multiple"),
        needed: !matches!(outer.as_str(), "Option" | "Vec" | "Flag"),
        value: form(&inner),
        meaning: one_line(&meaning),
        keywords: (item.ident == "Keywords").then(|| keywords(&name, &inner)),
        name,
    }
}

fn text_of(attribute: &Attribute) -> String {
    let list = attribute.meta.require_list().unwrap();
    list.tokens.to_string()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The outermost type's name, and the names of all types in it that say what may be written, as `Override Number`.
fn outer(ty: &Type) -> (String, String) {
    let Type::Path(path) = ty else { panic!("a type of another kind") };
    let segment = path.path.segments.last().unwrap();
    let name = segment.ident.to_string();
    let inner = match &segment.arguments {
        PathArguments::AngleBracketed(arguments) => {
            arguments.args.iter().find_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(outer(ty).1),
                _ => None,
            })
        }
        _ => None,
    };
    let inner = match (inner, name.as_str()) {
        (Some(inner), "Override") => format!("Override {inner}"),
        (Some(inner), _) => inner,
        (None, _) => name.clone(),
    };
    (name, inner)
}

/// What is written behind an attribute's name.
fn form(ty: &str) -> String {
    match ty {
        "Flag" => "",
        "Text" | "String" => "`= \"...\"`",
        "Number" => "`= 1`",
        "i32" => "`= 1`",
        "bool" => "`= true`, `= false`",
        "Override Number" => "nothing, or `= 1`",
        "Override String" => "nothing, or `= \"...\"`",
        "Expression" => "`= ...`",
        "JsonText" => "`= \"{...}\"`",
        "TypeRef" => "`= Type`",
        "Path" => "`= path`",
        "Values" | "Names" | "PathList" => "`(a, b)`",
        "Words" => "`= \"...\"`, or `(\"a\", \"b\")`",
        "HubArgs" => "`= Type`, or `(...)`",
        "Name" => "`= \"...\"`, or `(...)`",
        "Keywords" | "RuleArgs" | "DocsArgs" | "ColumnArgs" | "ScaleArgs" | "PairArgs" => "`(...)`",
        other => panic!("teach this page what is written for {other}"),
    }
    .to_owned()
}

/// The keywords of the schema that an attribute sets, found by setting it.
fn keywords(name: &str, ty: &str) -> Vec<String> {
    if ty == "JsonText" {
        // Those that it names.
        return Vec::new();
    }
    let value = match ty {
        "Flag" => "",
        "Text" => "= \"x\"",
        "Number" | "Override Number" | "Expression" => "= 1",
        "Values" => "(\"a\")",
        "Names" => "(a)",
        "Keywords" => "(min_length = 1)",
        "RuleArgs" => "(rule = \"true\")",
        "DocsArgs" => "(url = \"x\")",
        other => panic!("teach this page a value of {other}"),
    };
    let meta = syn::parse_str(&format!("schema({name} {value})")).unwrap();
    let set = Keywords::from_meta(&meta).unwrap_or_else(|error| panic!("{name}: {error}"));
    set.to_json().keys().cloned().collect()
}

fn section(page: &mut String, table: &Table, level: usize) {
    write!(page, "{} {}\n\n", "#".repeat(level), table.title).unwrap();
    if !table.about.is_empty() {
        write!(page, "{}.\n\n", capital(table.about.trim_end_matches('.'))).unwrap();
    }
    let with_keywords = table.rows.iter().any(|row| row.keywords.is_some());
    page.push_str("| attribute | is written | meaning |");
    page.push_str(if with_keywords {
        " schema |\n| --- | --- | --- | --- |\n"
    } else {
        "\n| --- | --- | --- |\n"
    });
    for row in &table.rows {
        let mut meaning = row.meaning.trim_end_matches('.').to_owned();
        if row.repeatable {
            meaning.push_str("; repeatable");
        }
        if row.needed {
            meaning.push_str("; needed");
        }
        write!(page, "| `{}` | {} | {meaning} |", row.name, row.value).unwrap();
        if let Some(keywords) = &row.keywords {
            let keywords: Vec<String> = keywords.iter().map(|keyword| format!("`{keyword}`")).collect();
            write!(page, " {} |", keywords.join(", ")).unwrap();
        }
        page.push('\n');
    }
    page.push('\n');
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The text with what stands between `<!-- reference: A B -->` and `<!-- end of reference -->` made anew.
fn filled(text: &str, tables: &BTreeMap<String, Table>) -> String {
    let (start, end) = ("<!-- reference: ", "<!-- end of reference -->");
    let mut parts = text.split(start);
    let mut page = parts.next().unwrap().to_owned();
    for part in parts {
        let (names, rest) = part.split_once(" -->").unwrap();
        let (_, rest) = rest.split_once(end).expect("a reference that ends");
        write!(page, "{start}{names} -->\n\n").unwrap();
        for name in names.split(' ') {
            section(&mut page, tables.get(name).unwrap_or_else(|| panic!("the parser has no {name}")), 2);
        }
        write!(page, "{end}{rest}").unwrap();
    }
    page
}

fn compare(path: &Path, page: &str) {
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(path, page).unwrap();
    }
    let found = std::fs::read_to_string(path).unwrap_or_default();
    assert!(page == found, "{} is stale: run scripts/update-reference", path.display());
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_reference_of_attributes_is_up_to_date() {
    let (names, tables) = tables();
    assert!(names.len() > 10, "the parser's structs were not found");
    let mut page = HEAD.to_owned();
    names.iter().for_each(|name| section(&mut page, &tables[name], 2));
    page.truncate(page.trim_end().len());
    page.push('\n');
    compare(&root().join("../docs/reference-attributes.md"), &page);
}

#[test]
fn the_reference_in_the_documentation_is_up_to_date() {
    let path = root().join("ATTRIBUTES.md");
    let found = std::fs::read_to_string(&path).unwrap();
    compare(&path, &filled(&found, &tables().1));
}

/// The code in the second column of a page's tables of attributes, with what stands in the first.
fn attributes_in(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    // Whether the table that is being read is one of attributes.
    let mut of_attributes = None;
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let [first, second] = cells[..] else {
            of_attributes = None;
            continue;
        };
        match of_attributes {
            None => of_attributes = Some(second.contains("attribute") || second.starts_with("`#[")),
            Some(true) if first != "---" => {
                let code = second.split('`').skip(1).step_by(2).filter(|code| !code.starts_with("#["));
                found.extend(code.map(|code| (first.to_owned(), code.to_owned())));
            }
            Some(_) => {}
        }
    }
    found
}

/// Whether an attribute with this in its parentheses is taken on a kind, a type or a field.
fn is_taken(code: &str) -> bool {
    let kind = syn::parse_str(&format!("#[resource({code})] struct S {{}}"));
    let field = syn::parse_str(&format!("struct S {{ #[schema({code})] f: u8 }}"));
    let on_kind = kind.is_ok_and(|kind| ResourceArgs::from_derive_input(&kind).is_ok());
    let on_field = field.is_ok_and(|item: syn::ItemStruct| {
        let field = item.fields.iter().next().unwrap();
        FieldArgs::from_field(field).is_ok()
    });
    on_kind || on_field
}

#[test]
fn the_guides_name_attributes_that_are_there() {
    for (page, least) in [("from-kubebuilder.md", 50), ("from-kube-rs.md", 35)] {
        let text = std::fs::read_to_string(root().join("../docs").join(page)).unwrap();
        let attributes = attributes_in(&text);
        assert!(attributes.len() >= least, "{page} has {} attributes", attributes.len());
        for (row, code) in attributes {
            // Types, keywords and programs that are spoken of.
            let is_spoken_of = code.starts_with("Option") || code.starts_with("uniqueItems");
            assert!(is_spoken_of || is_taken(&code), "{page}, {row}: `{code}` is no attribute");
        }
    }
    assert!(!is_taken("shortname = \"itm\"") && !is_taken("min_lenght = 1"));
}

#[test]
fn the_parser_takes_what_the_reference_has_and_nothing_else() {
    let (_, tables) = tables();
    let row = |name: &str| tables["Keywords"].rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!(row("min_length").keywords.as_deref(), Some(&["minLength".to_owned()][..]));
    assert!(row("validation").repeatable && !row("validation").needed);
    assert!(tables["RuleArgs"].rows[0].needed);
    let unknown = syn::parse_quote!(schema(min_lenght = 1));
    assert!(Keywords::from_meta(&unknown).is_err_and(|error| error.to_string().contains("min_lenght")));
}
