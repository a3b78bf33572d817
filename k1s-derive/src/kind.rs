//! What a Rust type looks like in JSON, as far as its spelling tells.
//!
//! A macro sees names and not types: what is not in the table below is [`Kind::Unknown`], and nothing is refused for it.

use syn::{GenericArgument, PathArguments, Type};

/// The JSON type of a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    String,
    Integer(Range),
    Number,
    Boolean,
    List(Box<Kind>),
    Map,
    /// The struct that the derive is on.
    Object,
    Unknown,
}

impl Kind {
    /// The kind of a type, by its spelling.
    pub(crate) fn of(ty: &Type) -> Self {
        match holds(ty) {
            Some(Holds::Items(item)) => return Kind::List(Box::new(Kind::of(item))),
            Some(Holds::Entries(..)) => return Kind::Map,
            Some(Holds::Same(inner)) => return Kind::of(inner),
            None => {}
        }
        if let Type::Tuple(tuple) = ty
            && !tuple.elems.is_empty()
        {
            return Kind::list_of(tuple.elems.iter().map(Kind::of));
        }
        let Some((name, arguments)) = last_segment(ty) else { return Kind::Unknown };
        if let (Some(range), []) = (Range::of(&name), arguments.as_slice()) {
            return Kind::Integer(range);
        }
        match (name.as_str(), arguments.as_slice()) {
            ("String" | "str" | "char" | "PathBuf", []) => Kind::String,
            ("f32" | "f64", []) => Kind::Number,
            ("bool", []) => Kind::Boolean,
            _ => Kind::Unknown,
        }
    }

    /// A list of values of these kinds: of the one, if they are all the same.
    pub(crate) fn list_of(kinds: impl Iterator<Item = Kind>) -> Self {
        let common = kinds.reduce(|one, other| if one == other { one } else { Kind::Unknown });
        Kind::List(Box::new(common.unwrap_or(Kind::Unknown)))
    }

    /// How messages call it.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Kind::String => "a string",
            Kind::Integer(_) => "an integer",
            Kind::Number => "a number",
            Kind::Boolean => "a bool",
            Kind::List(_) => "a list",
            Kind::Map => "a map",
            Kind::Object => "a struct",
            Kind::Unknown => "a value",
        }
    }
}

/// What values of a type are made of.
pub(crate) enum Holds<'t> {
    /// A list, of these.
    Items(&'t Type),
    /// A map, from these to those.
    Entries(&'t Type, &'t Type),
    /// Nothing but a value of that type.
    Same(&'t Type),
}

/// What values of a type are made of, by its spelling.
pub(crate) fn holds(ty: &Type) -> Option<Holds<'_>> {
    match ty {
        Type::Array(array) => return Some(Holds::Items(&array.elem)),
        Type::Slice(slice) => return Some(Holds::Items(&slice.elem)),
        Type::Reference(reference) => return Some(Holds::Same(&reference.elem)),
        Type::Paren(paren) => return Some(Holds::Same(&paren.elem)),
        Type::Group(group) => return Some(Holds::Same(&group.elem)),
        Type::Tuple(tuple) => {
            let first = tuple.elems.first()?;
            return tuple.elems.iter().all(|ty| ty == first).then_some(Holds::Items(first));
        }
        _ => {}
    }
    let (name, arguments) = last_segment(ty)?;
    match (name.as_str(), arguments.as_slice()) {
        ("Vec" | "VecDeque" | "BTreeSet" | "LinkedList", [item]) | ("HashSet", [item, ..]) => {
            Some(Holds::Items(item))
        }
        ("BTreeMap", [key, value]) | ("HashMap", [key, value, ..]) => Some(Holds::Entries(key, value)),
        ("Box" | "Arc" | "Rc" | "Option" | "Cow", [inner]) => Some(Holds::Same(inner)),
        _ => None,
    }
}

/// The values of an integer type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    pub(crate) least: i128,
    pub(crate) most: i128,
}

impl Range {
    /// All that JSON integers are here.
    pub(crate) const ALL: Range = Range { least: i64::MIN as i128, most: u64::MAX as i128 };

    fn of(type_name: &str) -> Option<Self> {
        let (signed, bits) = match type_name {
            "i8" => (true, 8),
            "i16" => (true, 16),
            "i32" => (true, 32),
            "i64" | "isize" => (true, 64),
            "u8" => (false, 8),
            "u16" => (false, 16),
            "u32" => (false, 32),
            "u64" | "usize" => (false, 64),
            _ => return None,
        };
        let values: i128 = 1 << bits;
        Some(if signed {
            Self { least: -(values / 2), most: values / 2 - 1 }
        } else {
            Self { least: 0, most: values - 1 }
        })
    }
}

/// `T` of an `Option<T>`, boxed or not.
pub(crate) fn unwrap_option(ty: &Type) -> Option<&Type> {
    let (name, arguments) = last_segment(ty)?;
    match (name.as_str(), arguments.as_slice()) {
        ("Option", [inner]) => Some(inner),
        ("Box" | "Arc" | "Rc", [inner]) => unwrap_option(inner),
        _ => None,
    }
}

/// The name of a type, without where it is and what it holds.
pub(crate) fn last_name(ty: &Type) -> Option<String> {
    last_segment(ty).map(|(name, _)| name)
}

fn last_segment(ty: &Type) -> Option<(String, Vec<&Type>)> {
    let Type::Path(path) = ty else { return None };
    let segment = path.path.segments.last()?;
    let arguments = match &segment.arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|argument| match argument {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    Some((segment.ident.to_string(), arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(text: &str) -> Kind {
        Kind::of(&syn::parse_str(text).unwrap())
    }

    #[test]
    fn spelling_tells_the_kind() {
        assert_eq!(kind("std::string::String"), Kind::String);
        assert_eq!(
            kind("Vec<Box<u16>>"),
            Kind::List(Box::new(Kind::Integer(Range { least: 0, most: 65_535 })))
        );
        assert_eq!(kind("HashMap<String, f64>"), Kind::Map);
        assert_eq!(kind("std::borrow::Cow<'static, str>"), Kind::String);
        assert_eq!(kind("Supplier"), Kind::Unknown);
        assert_eq!(kind("(String, String)"), Kind::List(Box::new(Kind::String)));
        assert_eq!(kind("(u8, u16)"), Kind::List(Box::new(Kind::Unknown)));
    }

    #[test]
    fn options_are_unwrapped_once() {
        let ty: Type = syn::parse_str("core::option::Option<Option<u8>>").unwrap();
        assert_eq!(unwrap_option(&ty), Some(&syn::parse_str("Option<u8>").unwrap()));
        let boxed: Type = syn::parse_str("Box<Option<u8>>").unwrap();
        assert_eq!(unwrap_option(&boxed), Some(&syn::parse_str("u8").unwrap()));
    }
}
