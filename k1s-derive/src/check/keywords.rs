//! Keywords against the kind of value they are said of, and against each other.

use darling::error::Accumulator;
use darling::util::{Override, SpannedValue};
use proc_macro2::Span;

use super::{default, did_you_mean, one_of, path, refuse};
use crate::kind::{Kind, Range};
use crate::literal::{Names, Number};
use crate::parse::{Keywords, RuleArgs, Text};

/// What keywords are said of.
pub(crate) struct Subject<'a> {
    /// For messages.
    pub(crate) name: &'a str,
    pub(crate) kind: &'a Kind,
    /// JSON names of the properties, where they can be seen.
    pub(crate) fields: Option<&'a [&'a str]>,
    /// JSON names of an enum's variants.
    pub(crate) variants: Option<&'a [String]>,
}

/// Checks one set of keywords and those of its items.
pub(crate) fn check(keywords: &Keywords, subject: &Subject<'_>, errors: &mut Accumulator) {
    let declared = declared_kind(keywords, errors);
    let kind = declared.as_ref().unwrap_or(subject.kind);
    let subject = &Subject { kind, ..*subject };
    for (attribute, span, domain) in given(keywords) {
        if !domain.holds(kind) {
            refuse(errors, span, misplaced(attribute, domain, subject));
        }
    }
    counts(keywords, errors);
    bounds(keywords, errors);
    if let Some(pattern) = &keywords.pattern
        && let Err(error) = regex::Regex::new(pattern)
    {
        let reason = error.to_string();
        let reason = reason.lines().last().unwrap_or_default().trim_start_matches("error: ");
        refuse(errors, pattern.span(), format!("`pattern` is no regular expression: {reason}"));
    }
    topology(keywords, kind, errors);
    for rule in &keywords.validation {
        check_rule(rule, errors);
        if let (Some(fields), Some(field_path)) = (subject.fields, &rule.field_path) {
            path::check_in(field_path, fields, subject.name, errors);
        }
    }
    for names in [&keywords.at_most_one_of, &keywords.exactly_one_of, &keywords.at_least_one_of] {
        names.iter().for_each(|names| check_names(names, subject, errors));
    }
    default::check(keywords, subject, errors);
    if let Some(items) = &keywords.items
        && let Kind::List(_) | Kind::Unknown = kind
    {
        let inner = if let Kind::List(inner) = kind { inner.as_ref() } else { &Kind::Unknown };
        let name = format!("an item of `{}`", subject.name);
        check(items, &Subject { name: &name, kind: inner, fields: None, variants: None }, errors);
        for given in
            [&items.default, &items.example].into_iter().flatten().filter(|given| given.literal.is_none())
        {
            refuse(
                errors,
                syn::spanned::Spanned::span(&given.expr),
                "within `items` only literals are possible",
            );
        }
    }
}

/// The kind that `type` and its like put in place of the Rust type's.
fn declared_kind(keywords: &Keywords, errors: &mut Accumulator) -> Option<Kind> {
    let (schemaless, int_or_string) = (keywords.schemaless, keywords.int_or_string);
    if schemaless.is_present() && int_or_string.is_present() {
        refuse(errors, schemaless.span(), "`schemaless` and `int_or_string` contradict each other");
    }
    let Some(given) = &keywords.type_ else {
        return (schemaless.is_present() || int_or_string.is_present()).then_some(Kind::Unknown);
    };
    if int_or_string.is_present() {
        refuse(errors, int_or_string.span(), "`int_or_string` and `type` contradict each other");
    }
    one_of(errors, "type", given, &["string", "integer", "number", "boolean", "object", "array"]);
    Some(match given.as_str() {
        "string" => Kind::String,
        "integer" => Kind::Integer(Range::ALL),
        "number" => Kind::Number,
        "boolean" => Kind::Boolean,
        "array" => Kind::List(Box::new(Kind::Unknown)),
        "object" => Kind::Map,
        _ => Kind::Unknown,
    })
}

/// What kinds of value a keyword is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Domain {
    Numbers,
    Strings,
    Scalars,
    Lists,
    Objects,
}

impl Domain {
    fn holds(self, kind: &Kind) -> bool {
        match kind {
            Kind::Unknown => true,
            Kind::String => matches!(self, Domain::Strings | Domain::Scalars),
            Kind::Integer(_) | Kind::Number => matches!(self, Domain::Numbers | Domain::Scalars),
            Kind::Boolean => false,
            Kind::List(_) => self == Domain::Lists,
            Kind::Map | Kind::Object => self == Domain::Objects,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Domain::Numbers => "numbers",
            Domain::Strings => "strings",
            Domain::Scalars => "strings and numbers",
            Domain::Lists => "lists",
            Domain::Objects => "structs and maps",
        }
    }
}

fn misplaced(attribute: &str, domain: Domain, subject: &Subject<'_>) -> String {
    let side = if attribute.contains("min") { "min" } else { "max" };
    let counterpart = match subject.kind {
        _ if !["max", "min"].iter().any(|word| attribute.starts_with(word)) => None,
        Kind::String => Some(format!("{side}_length")),
        Kind::Integer(_) | Kind::Number => Some(format!("{side}imum")),
        Kind::List(_) => Some(format!("{side}_items")),
        Kind::Map | Kind::Object => Some(format!("{side}_properties")),
        Kind::Boolean | Kind::Unknown => None,
    };
    let hint = counterpart.map(|name| format!(". Did you mean `{name}`?")).unwrap_or_default();
    let quoted =
        if subject.name.contains('`') { subject.name.to_owned() } else { format!("`{}`", subject.name) };
    format!("`{attribute}` is for {}, and {quoted} is {}{hint}", domain.name(), subject.kind.name())
}

/// The keywords that were given and are not for every kind of value.
fn given(keywords: &Keywords) -> Vec<(&'static str, Span, Domain)> {
    let number =
        |name, given: &Option<Number>, domain| given.as_ref().map(|given| (name, given.span, domain));
    let text = |name, given: &Option<Text>, domain| given.as_ref().map(|given| (name, given.span(), domain));
    let exclusive = |name, given: &Option<SpannedValue<Override<Number>>>| {
        given.as_ref().map(|given| (name, given.span(), Domain::Numbers))
    };
    let flag =
        |name, given: darling::util::Flag, domain| given.is_present().then(|| (name, given.span(), domain));
    let names = |name, given: &[Names]| given.first().map(|given| (name, given.span, Domain::Objects));
    let entries = [
        number("maximum", &keywords.maximum, Domain::Numbers),
        number("minimum", &keywords.minimum, Domain::Numbers),
        exclusive("exclusive_maximum", &keywords.exclusive_maximum),
        exclusive("exclusive_minimum", &keywords.exclusive_minimum),
        number("multiple_of", &keywords.multiple_of, Domain::Numbers),
        number("max_length", &keywords.max_length, Domain::Strings),
        number("min_length", &keywords.min_length, Domain::Strings),
        text("pattern", &keywords.pattern, Domain::Strings),
        text("format", &keywords.format, Domain::Scalars),
        number("max_items", &keywords.max_items, Domain::Lists),
        number("min_items", &keywords.min_items, Domain::Lists),
        flag("unique_items", keywords.unique_items, Domain::Lists),
        keywords.items.as_ref().map(|items| ("items", items.span(), Domain::Lists)),
        text("list_type", &keywords.list_type, Domain::Lists),
        keywords.list_map_key.first().map(|key| ("list_map_key", key.span(), Domain::Lists)),
        number("max_properties", &keywords.max_properties, Domain::Objects),
        number("min_properties", &keywords.min_properties, Domain::Objects),
        text("map_type", &keywords.map_type, Domain::Objects),
        text("struct_type", &keywords.struct_type, Domain::Objects),
        flag("embedded_resource", keywords.embedded_resource, Domain::Objects),
        flag("preserve_unknown_fields", keywords.preserve_unknown_fields, Domain::Objects),
        names("at_most_one_of", &keywords.at_most_one_of),
        names("exactly_one_of", &keywords.exactly_one_of),
        names("at_least_one_of", &keywords.at_least_one_of),
    ];
    entries.into_iter().flatten().collect()
}

fn counts(keywords: &Keywords, errors: &mut Accumulator) {
    for (name, lower, upper_name, upper) in [
        ("min_length", &keywords.min_length, "max_length", &keywords.max_length),
        ("min_items", &keywords.min_items, "max_items", &keywords.max_items),
        ("min_properties", &keywords.min_properties, "max_properties", &keywords.max_properties),
    ] {
        for (name, given) in [(name, lower), (upper_name, upper)] {
            if let Some(given) = given
                && !given.value.is_u64()
            {
                refuse(errors, given.span, format!("`{name}` is a count: it must be a whole number from 0"));
            }
        }
        if let (Some(lower), Some(upper)) = (lower, upper)
            && lower.as_f64() > upper.as_f64()
        {
            refuse(errors, lower.span, format!("`{name}` is greater than `{upper_name}` ({})", upper.value));
        }
    }
}

fn bounds(keywords: &Keywords, errors: &mut Accumulator) {
    let exclusive = |name: &str,
                     flag: &Option<SpannedValue<Override<Number>>>,
                     bound: &Option<Number>,
                     errors: &mut Accumulator| {
        let Some(flag) = flag else { return };
        let other = name.trim_start_matches("exclusive_");
        match (flag.as_ref(), bound) {
            (Override::Inherit, None) => {
                let message =
                    format!("`{name}` makes `{other}` exclusive, which is not given; write `{name} = 10`");
                refuse(errors, flag.span(), message);
            }
            (Override::Explicit(_), Some(_)) => {
                refuse(errors, flag.span(), format!("`{name}` has a value, and so has `{other}`: give one"));
            }
            _ => {}
        }
    };
    exclusive("exclusive_minimum", &keywords.exclusive_minimum, &keywords.minimum, errors);
    exclusive("exclusive_maximum", &keywords.exclusive_maximum, &keywords.maximum, errors);
    if let (Some(lower), Some(upper)) = (keywords.lower(), keywords.upper())
        && lower.as_f64() > upper.as_f64()
    {
        refuse(errors, lower.span, format!("the minimum is greater than the maximum ({})", upper.value));
    }
    if let Some(multiple) = keywords.multiple_of.as_ref().filter(|multiple| multiple.as_f64() <= 0.0) {
        refuse(errors, multiple.span, "`multiple_of` must be greater than 0");
    }
}

impl Keywords {
    /// The lower bound, exclusive or not.
    pub(crate) fn lower(&self) -> Option<&Number> {
        self.minimum.as_ref().or_else(|| explicit(self.exclusive_minimum.as_ref()))
    }

    /// The upper bound, exclusive or not.
    pub(crate) fn upper(&self) -> Option<&Number> {
        self.maximum.as_ref().or_else(|| explicit(self.exclusive_maximum.as_ref()))
    }
}

fn explicit(given: Option<&SpannedValue<Override<Number>>>) -> Option<&Number> {
    given.and_then(|given| given.as_ref().as_ref().explicit())
}

fn topology(keywords: &Keywords, kind: &Kind, errors: &mut Accumulator) {
    for (name, given) in [("map_type", &keywords.map_type), ("struct_type", &keywords.struct_type)] {
        if let Some(given) = given {
            one_of(errors, name, given, &["granular", "atomic"]);
        }
    }
    if let (Some(_), Some(given)) = (&keywords.map_type, &keywords.struct_type) {
        refuse(errors, given.span(), "`map_type` and `struct_type` are one keyword: give one");
    }
    let list_type = keywords.list_type.as_ref();
    if let Some(given) = list_type
        && one_of(errors, "list_type", given, &["atomic", "set", "map"])
    {
        if keywords.unique_items.is_present() && given.as_str() != "set" {
            refuse(
                errors,
                given.span(),
                "`unique_items` makes the list a set: `list_type` can only be `set`",
            );
        }
        if given.as_str() == "map" && keywords.list_map_key.is_empty() {
            refuse(
                errors,
                given.span(),
                "`list_type = \"map\"` needs a `list_map_key`, as `list_map_key = \"name\"`",
            );
        }
        if let Kind::List(item) = kind
            && given.as_str() == "map"
            && matches!(
                **item,
                Kind::String | Kind::Integer(_) | Kind::Number | Kind::Boolean | Kind::List(_)
            )
        {
            refuse(
                errors,
                given.span(),
                format!("`list_type = \"map\"` is for structs; an item is {}", item.name()),
            );
        }
    }
    if let Some(key) = keywords.list_map_key.first()
        && list_type.is_none_or(|given| given.as_str() != "map")
    {
        refuse(errors, key.span(), "`list_map_key` needs `list_type = \"map\"`");
    }
}

/// Checks what can be said of a rule without reading CEL.
pub(crate) fn check_rule(rule: &RuleArgs, errors: &mut Accumulator) {
    if rule.rule.trim().is_empty() {
        refuse(errors, rule.rule.span(), "a rule cannot be empty");
    }
    if rule.rule.trim().contains('\n') && rule.message.is_none() {
        refuse(errors, rule.rule.span(), "a rule of several lines needs a `message`");
    }
    if let Some(message) = &rule.message {
        if message.trim().is_empty() {
            refuse(errors, message.span(), "a message cannot be empty");
        } else if message.trim().contains('\n') {
            refuse(errors, message.span(), "a message must be one line");
        }
    }
    if let Some(expression) =
        rule.message_expression.as_ref().filter(|expression| expression.trim().is_empty())
    {
        refuse(errors, expression.span(), "a message expression cannot be empty");
    }
    if let Some(reason) = &rule.reason {
        let allowed =
            ["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"];
        one_of(errors, "reason", reason, &allowed);
    }
}

fn check_names(names: &Names, subject: &Subject<'_>, errors: &mut Accumulator) {
    if names.names.is_empty() {
        refuse(errors, names.span, "name the fields, as `(a, b)`");
    }
    for (name, span) in &names.names {
        if k1s_cel::schema::escape(name).is_none() {
            let message = format!(
                "rules cannot name `{name}`: names there are of letters, digits, `_`, `.`, `-` and `/`, and begin with no digit"
            );
            refuse(errors, *span, message);
        }
    }
    let Some(fields) = subject.fields else { return };
    for (name, span) in &names.names {
        if !fields.contains(&name.as_str()) {
            let hint = did_you_mean(name, fields.iter().copied());
            refuse(errors, *span, format!("`{}` has no field `{name}` in its JSON{hint}", subject.name));
        }
    }
}
