//! The formats, and what `validate` makes of a text.
//!
//! Each format costs as the regular expression that it is, or that kube-apiserver takes it for.

use std::sync::LazyLock;

use regex::Regex;

use crate::formats::{is_date, is_date_time};
use crate::functions::cost::{Cost, CostRange, TRAVERSAL, scale};
use crate::functions::shorthand::{estimated_traversal, global, member, opaque, readable};
use crate::functions::table::{Function, Ty};
use crate::functions::url::check_request_uri;
use crate::names;
use crate::value::{EvalResult, Opaque, OpaqueValue, Value};

/// The type's name.
pub(in crate::functions) const NAME: &str = "kubernetes.NamedFormat";

/// A format: its name, and its index tells it from the others.
struct Format {
    name: &'static str,
    /// What is wrong with a text.
    validate: fn(&str) -> Vec<String>,
    /// The cost of the regular expression, to be multiplied by the traversal of the text.
    cost: u64,
}

/// A format as a value.
#[derive(Clone, Copy, Debug)]
struct NamedFormat(usize);

impl OpaqueValue for NamedFormat {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get::<Self>().is_some_and(|other| other.0 == self.0)
    }
}

const FORMATS: [Format; 13] = [
    Format { name: "dns1123Label", validate: names::dns1123_label, cost: 8 },
    Format { name: "dns1123Subdomain", validate: names::dns1123_subdomain, cost: 15 },
    Format { name: "dns1035Label", validate: names::dns1035_label, cost: 8 },
    Format { name: "qualifiedName", validate: names::qualified_name, cost: 15 },
    Format {
        name: "dns1123LabelPrefix",
        validate: |text| names::dns1123_label(&names::mask_trailing_dash(text)),
        cost: 8,
    },
    Format {
        name: "dns1123SubdomainPrefix",
        validate: |text| names::dns1123_subdomain(&names::mask_trailing_dash(text)),
        cost: 15,
    },
    Format {
        name: "dns1035LabelPrefix",
        validate: |text| names::dns1035_label(&names::mask_trailing_dash(text)),
        cost: 8,
    },
    Format { name: "labelValue", validate: names::label_value, cost: 10 },
    Format { name: "uri", validate: |text| check_request_uri(text).err().into_iter().collect(), cost: 276 },
    Format {
        name: "uuid",
        validate: |text| unless(matches(&UUID, text), "does not match the UUID format"),
        cost: 18,
    },
    Format { name: "byte", validate: |text| unless(matches(&BASE64, text), "invalid base64"), cost: 21 },
    Format { name: "date", validate: |text| unless(is_date(text), "invalid date"), cost: 18 },
    Format { name: "datetime", validate: |text| unless(is_date_time(text), "invalid datetime"), cost: 18 },
];

static UUID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("^(?i-u)[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$").ok()
});

static BASE64: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$").ok()
});

const FORMAT: Ty = Ty::Opaque(NAME);

/// `format.<name>()` of the format of an index.
macro_rules! named {
    ($name:literal, $index:literal, $doc:literal) => {
        Function {
            name: concat!("format.", $name),
            doc: $doc,
            overloads: &[global(
                concat!("format.", $name),
                &[],
                FORMAT,
                |_| Ok(Value::opaque(NamedFormat($index))),
                Cost::ONE,
            )],
        }
    };
}

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    named!("dns1123Label", 0, "Names of namespaces: a lower-case label of RFC 1123."),
    named!("dns1123Subdomain", 1, "Names of most objects: a lower-case subdomain of RFC 1123."),
    named!(
        "dns1035Label",
        2,
        "Names of services: a lower-case label that starts with a letter, of RFC 1035."
    ),
    named!("qualifiedName", 3, "Label keys: a name with an optional subdomain before a slash."),
    named!("dns1123LabelPrefix", 4, "`dns1123Label`, but a dash may end it."),
    named!("dns1123SubdomainPrefix", 5, "`dns1123Subdomain`, but a dash may end it."),
    named!("dns1035LabelPrefix", 6, "`dns1035Label`, but a dash may end it."),
    named!("labelValue", 7, "Values of labels."),
    named!("uri", 8, "What `isURL` accepts."),
    named!("uuid", 9, "A UUID, with or without dashes."),
    named!("byte", 10, "Base64, padded and not empty."),
    named!("date", 11, "A date as `2006-01-02`."),
    named!("datetime", 12, "A moment as RFC 3339 writes it."),
    Function {
        name: "format.named",
        doc: "The format of a name, if there is one.",
        overloads: &[global(
            "format-named",
            &[Ty::String],
            Ty::Optional(&FORMAT),
            |args| {
                let name = readable(args, 0)?;
                let index = FORMATS.iter().position(|format| format.name == name);
                Ok(index.map_or_else(Value::none, |index| Value::some(Value::opaque(NamedFormat(index)))))
            },
            Cost::ONE,
        )],
    },
    Function {
        name: "validate",
        doc: "What is wrong with a text; nothing if it is of the format.",
        overloads: &[member(
            "format-validate",
            &[FORMAT, Ty::String],
            Ty::Optional(&Ty::List(&Ty::String)),
            validate,
            VALIDATE,
        )],
    },
];

/// A regular expression of the format's size, or the longest of all.
const VALIDATE: Cost = Cost {
    actual: |args, _| {
        let format = opaque::<NamedFormat>(args, 0).ok().and_then(|format| FORMATS.get(format.0));
        let size = args.get(1).map_or(1, Value::cost_size);
        scale(size.saturating_add(1), TRAVERSAL).saturating_mul(format.map_or(1, |format| format.cost))
    },
    estimate: |operands| {
        const LONGEST: f64 = 128.0 * crate::functions::cost::REGEX;
        let text: CostRange = estimated_traversal(operands, 1);
        text.times(LONGEST).into()
    },
};

fn validate<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let (format, text) = (opaque::<NamedFormat>(args, 0)?, readable(args, 1)?);
    let faults = FORMATS.get(format.0).map(|format| (format.validate)(text)).unwrap_or_default();
    if faults.is_empty() {
        return Ok(Value::none());
    }
    Ok(Value::some(Value::list(faults.into_iter().map(Value::string).collect())))
}

fn unless(fine: bool, fault: &str) -> Vec<String> {
    if fine { Vec::new() } else { vec![fault.to_owned()] }
}

fn matches(regex: &LazyLock<Option<Regex>>, text: &str) -> bool {
    regex.as_ref().is_some_and(|regex| regex.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_yield_the_formats_of_their_names() {
        for (function, format) in FUNCTIONS.iter().zip(&FORMATS) {
            let Ok(Value::Opaque(value)) = (function.overloads[0].call)(&[]) else {
                panic!("{}", function.name)
            };
            let NamedFormat(index) = value.get().unwrap();
            assert_eq!(function.name, format!("format.{}", FORMATS[*index].name));
            assert_eq!(FORMATS[*index].name, format.name);
        }
        assert!(UUID.is_some() && BASE64.is_some());
    }

    #[test]
    fn formats_of_texts() {
        let fault = |name: &str, text: &str| {
            let format = FORMATS.iter().find(|format| format.name == name).unwrap();
            (format.validate)(text).join("; ")
        };
        assert_eq!(fault("uri", "Not valid!"), r#"parse "Not valid!": invalid URI for request"#);
        assert_eq!(fault("uri", "http://a/b"), "");
        assert_eq!(fault("uuid", "F47AC10b58cc4372a5670e02b2c3d479"), "");
        assert_eq!(fault("uuid", ""), "does not match the UUID format");
        assert_eq!(fault("byte", "aGVsbG8="), "");
        assert_eq!(fault("byte", ""), "invalid base64");
        assert_eq!(fault("date", "2024-01-01"), "");
        assert_eq!(fault("date", "Not valid!"), "invalid date");
        assert_eq!(fault("datetime", "2024-01-01T00:00:00Z"), "");
        assert_eq!(fault("datetime", ""), "invalid datetime");
        assert_eq!(fault("dns1123LabelPrefix", "abc-"), "");
    }
}
