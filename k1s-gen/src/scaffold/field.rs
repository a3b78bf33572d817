//! The grammar of fields: `name:type[:flag…][:"description"]`, as `quantity:int:min=0:default=1:"Units in stock."`.
//!
//! [`TYPES`] and [`FLAGS`] are all that the grammar knows; parser, errors and documentation read them. A colon within quotes or
//! parentheses separates nothing.

mod error;
mod sample;
mod scan;
mod table;

use serde_json::Value;

pub use error::FieldError;
pub use table::{FLAGS, Flag, TYPES, TypeName};

use super::names::{camel, is_keyword, pascal, snake};
use error::Complaint;
use scan::Part;
use table::{Domain, Takes};

/// What a field holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Type {
    /// A type of [`TYPES`] without parameters.
    Plain(&'static TypeName),
    List(Box<Type>),
    Map(Box<Type>),
    Enum(Vec<String>),
}

impl Type {
    fn domain(&self) -> Domain {
        match self {
            Self::Plain(name) => name.domain,
            Self::List(_) => Domain::List,
            Self::Map(_) => Domain::Map,
            Self::Enum(_) => Domain::Enum,
        }
    }

    /// As Rust writes it; an enum is called `named`.
    fn rust(&self, named: &str) -> String {
        match self {
            Self::Plain(name) => name.rust.to_owned(),
            Self::List(inner) => format!("Vec<{}>", inner.rust(named)),
            Self::Map(inner) => format!("BTreeMap<String, {}>", inner.rust(named)),
            Self::Enum(_) => named.to_owned(),
        }
    }

    fn values(&self) -> Option<&[String]> {
        match self {
            Self::Plain(_) => None,
            Self::List(inner) | Self::Map(inner) => inner.values(),
            Self::Enum(values) => Some(values),
        }
    }

    fn has_map(&self) -> bool {
        match self {
            Self::Map(_) => true,
            Self::List(inner) => inner.has_map(),
            _ => false,
        }
    }
}

/// A field of a kind's spec.
///
/// ```
/// use k1s_gen::scaffold::Field;
///
/// let field = Field::parse(r#"quantity:int:min=0:default=1:"Units in stock.""#)?;
/// assert_eq!(field.name, "quantity");
/// let error = Field::parse("quantity:int:mni=0").unwrap_err();
/// assert!(error.to_string().contains("did you mean `min`?"));
/// # Ok::<(), k1s_gen::scaffold::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name in manifests.
    pub name: String,
    /// What it means; made of the name if nothing is said.
    pub description: String,
    pub(super) ty: Type,
    flags: Vec<(&'static Flag, Value)>,
}

impl Field {
    /// Reads a field's description.
    ///
    /// # Errors
    /// What is wrong with it, with the place and what is allowed there.
    pub fn parse(argument: &str) -> Result<Self, FieldError> {
        Self::read(argument).map_err(|complaint| complaint.at(argument))
    }

    fn read(argument: &str) -> Result<Self, Complaint> {
        let parts = scan::split(argument, ':')?;
        let mut parts = parts.into_iter();
        let name = parts.next().unwrap_or(Part { text: "", at: 0 });
        check_name(name)?;
        let Some(ty) = parts.next() else {
            let hint = format!("say what it holds: `{}:string`", name.text);
            return Err(Complaint::new(name.end(), "the type is missing", hint));
        };
        let mut field = Self {
            name: name.text.to_owned(),
            description: format!("{}.", words(name.text)),
            ty: read_type(ty)?,
            flags: Vec::new(),
        };
        let mut described = false;
        for part in parts {
            if let Some(text) = scan::quoted(part) {
                if described {
                    return Err(Complaint::new(part, "a second description", "leave one of them out"));
                }
                described = true;
                field.description = one_line(part, text)?;
            } else {
                let flag = field.read_flag(part)?;
                field.flags.push(flag);
            }
        }
        field.check(name)?;
        Ok(field)
    }

    fn read_flag(&self, part: Part<'_>) -> Result<(&'static Flag, Value), Complaint> {
        let (name, value) = part.split_at_equals();
        let flag = table::flag_named(name, self.ty.domain())?;
        if self.flags.iter().any(|(other, _)| other.name == flag.name) {
            return Err(Complaint::new(
                name,
                format!("`{}` is given twice", flag.name),
                "leave one of them out",
            ));
        }
        let value = match (value, flag.takes) {
            (None, Takes::Nothing) => Value::Bool(true),
            (Some(value), Takes::Nothing) => {
                let message = format!("`{}` takes no value", flag.name);
                return Err(Complaint::new(value, message, format!("write `{}` alone", flag.name)));
            }
            (None, takes) => {
                let message = format!("`{}` needs a value", flag.name);
                let hint = format!("{}, as `{}={}`", takes.says(), flag.name, flag.sample);
                return Err(Complaint::new(name, message, hint));
            }
            (Some(value), takes) => takes.read(value, &self.ty)?,
        };
        Ok((flag, value))
    }

    /// What flags say of each other, and whether a sample can be made.
    fn check(&self, name: Part<'_>) -> Result<(), Complaint> {
        for (low, high) in [("min", "max"), ("min_length", "max_length"), ("min_items", "max_items")] {
            if let (Some(low_value), Some(high_value)) = (self.number(low), self.number(high))
                && low_value > high_value
            {
                let message = format!("`{low}` is greater than `{high}`: no value would do");
                return Err(Complaint::new(name, message, "exchange them"));
            }
        }
        if self.has("optional") && self.has("default") {
            let message =
                "`optional` and `default` exclude each other: a field with a default is never absent";
            return Err(Complaint::new(name, message, "leave one of them out"));
        }
        for flag in ["default", "example"] {
            if let Some(value) = self.flag(flag)
                && let Some(why) = self.refuses(value)
            {
                return Err(Complaint::new(name, format!("`{flag}` {why}"), "change one of them"));
            }
        }
        if !self.has("optional") && self.sample().is_none() {
            let message = "no value is known that the field would take";
            return Err(Complaint::new(name, message, "give one for the sample: `example=VALUE`"));
        }
        Ok(())
    }

    pub(super) fn flag(&self, name: &str) -> Option<&Value> {
        self.flags.iter().find(|(flag, _)| flag.name == name).map(|(_, value)| value)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.flag(name).is_some()
    }

    fn number(&self, name: &str) -> Option<f64> {
        self.flag(name).and_then(Value::as_f64)
    }

    /// The values of its enum.
    pub(super) fn values(&self) -> Option<&[String]> {
        self.ty.values()
    }

    pub(super) fn needs_map(&self) -> bool {
        self.ty.has_map()
    }

    /// Its name in Rust.
    pub(super) fn identifier(&self) -> String {
        let snake = snake(&self.name);
        if is_keyword(&snake) { format!("{snake}_") } else { snake }
    }

    /// Its name for serde, if that would not find it.
    pub(super) fn rename(&self) -> Option<&str> {
        (camel(&self.identifier()) != self.name || is_keyword(&snake(&self.name)))
            .then_some(self.name.as_str())
    }

    /// Its type in Rust, in the kind's module.
    pub(super) fn rust_type(&self, kind: &str) -> String {
        let ty = self.ty.rust(&self.enum_name(kind));
        if self.has("optional") { format!("Option<{ty}>") } else { ty }
    }

    /// What its enum is called.
    pub(super) fn enum_name(&self, kind: &str) -> String {
        format!("{kind}{}", pascal(&snake(&self.name)))
    }

    /// The arguments of `#[schema(...)]`, in the order of [`FLAGS`].
    pub(super) fn keywords(&self, kind: &str) -> Vec<String> {
        let mut out = Vec::new();
        if let Type::Plain(TypeName { format: Some(format), .. }) = &self.ty {
            out.push(format!("format = {format:?}"));
        }
        for flag in FLAGS {
            let (Some(keyword), Some(value)) = (flag.keyword, self.flag(flag.name)) else { continue };
            out.push(match (flag.takes, value) {
                (Takes::Nothing, _) => keyword.to_owned(),
                (Takes::Value, Value::String(text))
                    if matches!(self.ty, Type::Enum(_)) && flag.name == "default" =>
                {
                    format!("{keyword} = {}::{}", self.enum_name(kind), pascal(text))
                }
                (_, Value::String(text)) => format!("{keyword} = {text:?}"),
                (_, value) => format!("{keyword} = {value}"),
            });
        }
        out
    }

    /// Type, JSON path and whether it is worth a column, for the kinds of values that fit into one.
    pub(super) fn column(&self) -> Option<&'static str> {
        match self.ty.domain() {
            Domain::Text | Domain::Enum => Some("string"),
            Domain::Integer => Some("integer"),
            Domain::Number => Some("number"),
            Domain::Bool => Some("boolean"),
            Domain::List | Domain::Map => None,
        }
    }
}

fn check_name(name: Part<'_>) -> Result<(), Complaint> {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if !name.text.starts_with(|c: char| c.is_ascii_lowercase()) || !name.text.chars().all(fits) {
        let better = camel(&snake(&pascal(name.text)));
        let as_that = if better.is_empty() { String::new() } else { format!(", as `{better}`") };
        let hint = format!("use letters and digits, a lower-case letter first{as_that}");
        return Err(Complaint::new(name, format!("{:?} is not the name of a field", name.text), hint));
    }
    Ok(())
}

fn read_type(part: Part<'_>) -> Result<Type, Complaint> {
    let (name, inner) = part.split_parentheses()?;
    match (name.text, inner) {
        ("list", Some(inner)) => Ok(Type::List(Box::new(read_type(inner)?))),
        ("map", Some(inner)) => Ok(Type::Map(Box::new(read_type(inner)?))),
        ("enum", Some(inner)) => read_values(inner),
        (known @ ("list" | "map" | "enum"), None) => {
            let inner = if known == "enum" { "Pending,Ready" } else { "string" };
            Err(Complaint::new(name, format!("`{known}` of what?"), format!("write `{known}({inner})`")))
        }
        (other, inner) => match (table::type_name(name)?, inner) {
            (plain, None) => Ok(Type::Plain(plain)),
            (_, Some(inner)) => Err(Complaint::new(
                inner,
                format!("`{other}` takes no parameter"),
                format!("write `{other}` alone"),
            )),
        },
    }
}

fn read_values(inner: Part<'_>) -> Result<Type, Complaint> {
    let mut values: Vec<String> = Vec::new();
    for part in inner.split_commas()? {
        let variant = pascal(part.text);
        let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if !variant.starts_with(|c: char| c.is_ascii_alphabetic())
            || !part.text.chars().all(fits)
            || variant == "Self"
        {
            let message = format!("{:?} is no value of an enum", part.text);
            return Err(Complaint::new(
                part,
                message,
                "use letters, digits and `-`, a letter first: `enum(Pending,Ready)`",
            ));
        }
        if values.iter().any(|other| pascal(other) == variant) {
            return Err(Complaint::new(
                part,
                format!("`{}` is there already", part.text),
                "leave one of them out",
            ));
        }
        values.push(part.text.to_owned());
    }
    Ok(Type::Enum(values))
}

/// A description is a line of a comment.
fn one_line(part: Part<'_>, text: &str) -> Result<String, Complaint> {
    if text.trim().is_empty() || text.chars().any(char::is_control) {
        return Err(Complaint::new(
            part,
            "a description is one line of text",
            "write it as `\"Units in stock.\"`",
        ));
    }
    Ok(text.trim().to_owned())
}

/// `leadTimeDays` as `Lead time days`.
fn words(name: &str) -> String {
    let text = snake(name).replace('_', " ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}
