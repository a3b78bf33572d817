//! What a schema says of a value as attributes, as far as there are attributes for it and the derive takes them where they stand.
//!
//! Each attribute that is written is put into the schema that the derive makes, so that what is missing there is known afterwards.

use k1s_runtime::schema::{Extensions, Rule, SchemaType, Structural};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::{Number, Value};

use super::literal;

/// What the derive sees of a value's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Seen {
    Text,
    /// An integer of so many bits.
    Whole(u32),
    Number,
    Bool,
    List(Box<Seen>),
    /// A map, or a struct that the attributes stand on.
    Object,
    /// A type of another name.
    Unknown,
    /// Any JSON: what is said of it beside rules would be all that is said of it.
    Json,
}

/// What attributes stand on.
pub(super) struct Subject<'a> {
    pub(super) seen: &'a Seen,
    /// JSON names of the fields, if it is a struct.
    pub(super) fields: Option<&'a [String]>,
}

/// Attributes, and the schema with them.
pub(super) struct Adopted<'a> {
    wanted: &'a Structural,
    made: &'a mut Structural,
    seen: &'a Seen,
    attributes: Vec<TokenStream>,
}

/// Writes what `wanted` says of the value itself, and puts it into `made`.
pub(super) fn adopt(wanted: &Structural, made: &mut Structural, subject: &Subject<'_>) -> Vec<TokenStream> {
    let mut adopted = Adopted { wanted, made, seen: subject.seen, attributes: Vec::new() };
    adopted.texts();
    adopted.bounds();
    adopted.counts();
    adopted.enumeration();
    adopted.objects();
    adopted.lists();
    adopted.rules(subject);
    adopted.attributes
}

/// The default and what is for readers, which stand on fields; `variant` writes a word of an enum.
pub(super) fn present(
    wanted: &Structural,
    made: &mut Structural,
    seen: &Seen,
    variant: impl Fn(&Value) -> Option<TokenStream>,
) -> Vec<TokenStream> {
    let mut attributes = Vec::new();
    let fits = |value: &Value| match seen {
        Seen::Text => value.is_string(),
        Seen::Whole(bits) => within(value, *bits),
        Seen::Number => value.is_number(),
        Seen::Bool => value.is_boolean(),
        Seen::List(_) => value.is_array(),
        Seen::Object => false,
        Seen::Unknown | Seen::Json => true,
    };
    let written = |value: &Value| variant(value).or_else(|| literal::value(value).filter(|_| fits(value)));
    if let Some(value) = wanted.default.as_ref().and_then(&written).filter(|_| allowed(wanted)) {
        attributes.push(quote!(default = #value));
        made.default.clone_from(&wanted.default);
    }
    if let Some(value) = wanted.example.as_ref().and_then(&written) {
        attributes.push(quote!(example = #value));
        made.example.clone_from(&wanted.example);
    }
    if let Some(title) = &wanted.title {
        let title_text = literal::text(title);
        attributes.push(quote!(title = #title_text));
        made.title = Some(title.clone());
    }
    if let Some(docs) = wanted.external_docs.as_ref().and_then(external_docs) {
        attributes.push(docs);
        made.external_docs.clone_from(&wanted.external_docs);
    }
    // To the derive, null among listed values is another thing than to API servers.
    if wanted.nullable && wanted.constraints.enumeration.is_none() && made.constraints.enumeration.is_none() {
        attributes.push(quote!(nullable));
        made.nullable = true;
    }
    attributes
}

/// Whether a default is one that the derive finds right: it knows Rust's regular expressions, and no `multipleOf` of fractions.
fn allowed(wanted: &Structural) -> bool {
    let Some(Value::String(text)) = &wanted.default else { return true };
    let pattern = wanted.constraints.pattern.as_ref().and_then(|pattern| regex::Regex::new(pattern).ok());
    pattern.is_none_or(|pattern| pattern.is_match(text))
}

fn within(value: &Value, bits: u32) -> bool {
    let whole = value.as_i64().map(i128::from).or_else(|| value.as_u64().map(i128::from));
    let most = 1i128 << (bits.clamp(1, 64) - 1);
    whole.is_some_and(|whole| (-most..most).contains(&whole))
}

fn external_docs(docs: &Value) -> Option<TokenStream> {
    let map = docs.as_object()?;
    let url = literal::text(map.get("url")?.as_str()?);
    match (map.get("description"), map.len()) {
        (None, 1) => Some(quote!(external_docs(url = #url))),
        (Some(Value::String(description)), 2) => {
            let description = literal::text(description);
            Some(quote!(external_docs(url = #url, description = #description)))
        }
        _ => None,
    }
}

impl Adopted<'_> {
    fn push(&mut self, attribute: TokenStream) {
        self.attributes.push(attribute);
    }

    fn numeric(&self) -> bool {
        matches!(self.seen, Seen::Whole(_) | Seen::Number | Seen::Unknown)
    }

    fn textual(&self) -> bool {
        matches!(self.seen, Seen::Text | Seen::Unknown)
    }

    fn object(&self) -> bool {
        matches!(self.seen, Seen::Object | Seen::Unknown)
    }

    fn list(&self) -> bool {
        matches!(self.seen, Seen::List(_))
    }

    fn texts(&mut self) {
        let pattern = self.wanted.constraints.pattern.as_ref();
        let differs = pattern != self.made.constraints.pattern.as_ref();
        if let Some(pattern) =
            pattern.filter(|pattern| differs && self.textual() && regex::Regex::new(pattern).is_ok())
        {
            let text = literal::text(pattern);
            self.made.constraints.pattern = Some(pattern.clone());
            self.push(quote!(pattern = #text));
        }
        // Formats of Rust's integers mean bounds to the derive.
        let plain = |format: &&String| !["int", "uint"].iter().any(|start| format.starts_with(start));
        let format = self.wanted.format.as_ref().filter(plain);
        if let Some(format) = format.filter(|_| *self.seen == Seen::Text) {
            let text = literal::text(format);
            self.made.format = Some(format.clone());
            self.push(quote!(format = #text));
        }
    }

    fn bounds(&mut self) {
        let wanted = &self.wanted.constraints;
        let as_f64 = |number: &Option<Number>| number.as_ref().and_then(Number::as_f64);
        let ordered = match (as_f64(&wanted.minimum), as_f64(&wanted.maximum)) {
            (Some(least), Some(most)) => least <= most,
            _ => true,
        };
        if !self.numeric() || !ordered {
            return;
        }
        let made = self.made.constraints.clone();
        if let Some((number, written)) = written(&wanted.minimum, &made.minimum) {
            self.made.constraints.minimum = Some(number);
            self.made.constraints.exclusive_minimum = wanted.exclusive_minimum;
            let name = bound("minimum", wanted.exclusive_minimum);
            self.push(quote!(#name = #written));
        }
        if let Some((number, written)) = written(&wanted.maximum, &made.maximum) {
            self.made.constraints.maximum = Some(number);
            self.made.constraints.exclusive_maximum = wanted.exclusive_maximum;
            let name = bound("maximum", wanted.exclusive_maximum);
            self.push(quote!(#name = #written));
        }
        let positive = as_f64(&wanted.multiple_of).is_some_and(|multiple| multiple > 0.0);
        if let Some((number, written)) = written(&wanted.multiple_of, &made.multiple_of).filter(|_| positive)
        {
            self.made.constraints.multiple_of = Some(number);
            self.push(quote!(multiple_of = #written));
        }
    }

    fn counts(&mut self) {
        let wanted = &self.wanted.constraints;
        let made = &mut self.made.constraints;
        let sides = [
            (
                matches!(self.seen, Seen::Text | Seen::Unknown),
                "length",
                (wanted.min_length, &mut made.min_length),
                (wanted.max_length, &mut made.max_length),
            ),
            (
                matches!(self.seen, Seen::List(_)),
                "items",
                (wanted.min_items, &mut made.min_items),
                (wanted.max_items, &mut made.max_items),
            ),
            (
                matches!(self.seen, Seen::Object | Seen::Unknown),
                "properties",
                (wanted.min_properties, &mut made.min_properties),
                (wanted.max_properties, &mut made.max_properties),
            ),
        ];
        let mut attributes = Vec::new();
        for (fits, what, (least, made_least), (most, made_most)) in sides {
            let ordered = least.zip(most).is_none_or(|(least, most)| least <= most);
            if !fits || !ordered {
                continue;
            }
            for (side, wanted, made) in [("min", least, made_least), ("max", most, made_most)] {
                let Some(count) = wanted.filter(|count| *count >= 0 && *made != wanted) else { continue };
                let name = format_ident!("{side}_{what}");
                let number = proc_macro2::Literal::i64_unsuffixed(count);
                attributes.push(quote!(#name = #number));
                *made = Some(count);
            }
        }
        self.attributes.extend(attributes);
    }

    fn enumeration(&mut self) {
        let wanted = self.wanted.constraints.enumeration.as_ref();
        let Some(values) = wanted.filter(|_| self.made.constraints.enumeration.as_ref() != wanted) else {
            return;
        };
        let fits = |value: &Value| match self.seen {
            Seen::Text => value.is_string(),
            Seen::Whole(bits) => within(value, *bits),
            Seen::Number => value.is_number(),
            Seen::Bool => value.is_boolean(),
            Seen::List(_) | Seen::Object | Seen::Unknown | Seen::Json => false,
        };
        let distinct = values.iter().enumerate().all(|(index, value)| !values[..index].contains(value));
        let written: Option<Vec<TokenStream>> =
            values.iter().map(|value| literal::value(value).filter(|_| fits(value))).collect();
        if let Some(written) =
            written.filter(|written| distinct && !written.is_empty() && !self.wanted.nullable)
        {
            self.made.constraints.enumeration = Some(values.clone());
            self.push(quote!(enum_values(#(#written),*)));
        }
    }

    fn objects(&mut self) {
        let Extensions { preserve_unknown_fields, embedded_resource, map_type, .. } = &self.wanted.extensions;
        let is_map = *self.seen == Seen::Object;
        if *preserve_unknown_fields && !self.made.extensions.preserve_unknown_fields && is_map {
            self.made.extensions.preserve_unknown_fields = true;
            self.push(quote!(preserve_unknown_fields));
        }
        if *embedded_resource && is_map && self.made.type_ == Some(SchemaType::Object) {
            self.made.extensions.embedded_resource = true;
            self.push(quote!(embedded_resource));
        }
        let known = |word: &&String| matches!(word.as_str(), "granular" | "atomic");
        let differs = *map_type != self.made.extensions.map_type;
        if let Some(word) = map_type.as_ref().filter(known).filter(|_| self.object() && differs) {
            self.made.extensions.map_type = Some(word.clone());
            self.push(quote!(map_type = #word));
        }
    }

    fn lists(&mut self) {
        if !self.list() {
            return;
        }
        let Extensions { list_type, list_map_keys, .. } = &self.wanted.extensions;
        let of_objects = matches!(self.seen, Seen::List(item) if matches!(**item, Seen::Object | Seen::Unknown | Seen::Json));
        let takes = match list_type.as_deref() {
            Some("atomic" | "set") => list_map_keys.is_empty(),
            Some("map") => !list_map_keys.is_empty() && of_objects,
            _ => false,
        };
        if let Some(word) = list_type.as_ref().filter(|_| takes) {
            let keys: Vec<TokenStream> = list_map_keys.iter().map(|key| literal::text(key)).collect();
            self.made.extensions.list_type = Some(word.clone());
            self.made.extensions.list_map_keys.clone_from(list_map_keys);
            self.push(quote!(list_type = #word #(, list_map_key = #keys)*));
        }
        let (Seen::List(seen), Some(wanted), Some(made)) =
            (self.seen, self.wanted.items.as_deref(), self.made.items.as_deref_mut())
        else {
            return;
        };
        let attributes = of_items(wanted, made, seen);
        if !attributes.is_empty() {
            self.push(quote!(items(#(#attributes),*)));
        }
    }

    fn rules(&mut self, subject: &Subject<'_>) {
        let wanted = &self.wanted.extensions.validations;
        let takes = wanted.iter().all(|rule| is_taken(rule, subject.fields));
        if !takes || !self.made.extensions.validations.is_empty() {
            return;
        }
        self.made.extensions.validations.clone_from(wanted);
        self.attributes.extend(wanted.iter().map(rule));
    }
}

/// What is said of a list's items.
fn of_items(wanted: &Structural, made: &mut Structural, seen: &Seen) -> Vec<TokenStream> {
    match seen {
        Seen::Json if wanted.type_ == Some(SchemaType::Object) => {
            let mut attributes = vec![quote!(type = "object")];
            *made = Structural::of(SchemaType::Object);
            attributes.extend(adopt(wanted, made, &Subject { seen: &Seen::Object, fields: None }));
            attributes
        }
        // A struct or an enum says it itself.
        Seen::Unknown | Seen::Json => Vec::new(),
        _ => {
            let mut attributes = adopt(wanted, made, &Subject { seen, fields: None });
            if wanted.nullable && wanted.constraints.enumeration.is_none() {
                attributes.push(quote!(nullable));
                made.nullable = true;
            }
            attributes
        }
    }
}

/// The schema of JSON of which nothing is known.
pub(super) fn anything() -> Structural {
    let extensions = Extensions { preserve_unknown_fields: true, ..Extensions::default() };
    Structural { extensions, ..Structural::default() }
}

/// A number that is not there yet, as a literal.
fn written(wanted: &Option<Number>, made: &Option<Number>) -> Option<(Number, TokenStream)> {
    let number = wanted.as_ref().filter(|_| wanted != made)?;
    Some((number.clone(), literal::number(number)?))
}

fn bound(name: &str, exclusive: bool) -> proc_macro2::Ident {
    if exclusive { format_ident!("exclusive_{name}") } else { format_ident!("{name}") }
}

/// Whether the derive takes a rule where it stands.
pub(super) fn is_taken(rule: &Rule, fields: Option<&[String]>) -> bool {
    const REASONS: [&str; 4] =
        ["FieldValueInvalid", "FieldValueForbidden", "FieldValueRequired", "FieldValueDuplicate"];
    let lines = |text: &str| text.trim().contains('\n');
    let said = |text: &Option<String>| text.as_ref().is_none_or(|text| !text.trim().is_empty());
    let message = rule.message.as_ref();
    let path = rule.field_path.as_ref().is_none_or(|path| {
        let name = path.strip_prefix('.').map(|rest| rest.split(['.', '[']).next().unwrap_or(rest));
        fields.is_none_or(|fields| name.is_some_and(|name| fields.iter().any(|field| field == name)))
    });
    !rule.rule.trim().is_empty()
        && (!lines(&rule.rule) || message.is_some())
        && said(&rule.message)
        && said(&rule.message_expression)
        && message.is_none_or(|message| !lines(message))
        && rule.reason.as_ref().is_none_or(|reason| REASONS.contains(&reason.as_str()))
        && path
}

/// A rule as an attribute.
pub(super) fn rule(rule: &Rule) -> TokenStream {
    let text = literal::text(&rule.rule);
    let parts = [
        ("message", &rule.message),
        ("message_expression", &rule.message_expression),
        ("reason", &rule.reason),
        ("field_path", &rule.field_path),
    ];
    let parts = parts.into_iter().filter_map(|(name, given)| {
        let (name, given) = (format_ident!("{name}"), literal::text(given.as_ref()?));
        Some(quote!(, #name = #given))
    });
    let optional = rule.optional_old_self.map(|flag| quote!(, optional_old_self = #flag));
    quote!(validation(rule = #text #(#parts)* #optional))
}
