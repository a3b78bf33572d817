//! Types of schemas: structs of objects with fields, enums of listed words, and for the rest what Rust has.
//!
//! What is said of a value stands on the field that holds it, as far as fields can say it: two fields can share a type and have their own
//! descriptions and defaults. What is said of an object's fields together stands on its type.

use std::collections::HashMap;

use k1s_runtime::k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use k1s_runtime::schema::{Additional, SchemaType, Structural, from_json_schema};
use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::attributes::{self, Seen, Subject, adopt, anything};
use super::model::{Body, Field, Item, Rust};
use super::names::{self, Taken};
use super::{doc, literal};

/// A type with the schema that the derive makes of it.
#[derive(Clone)]
pub(super) struct Typed {
    pub(super) ty: Rust,
    pub(super) made: Structural,
    seen: Seen,
    /// The variants of an enum, and their words.
    variants: Vec<(String, String)>,
}

impl Typed {
    fn plain(ty: Rust, made: Structural, seen: Seen) -> Self {
        Self { ty, made, seen, variants: Vec::new() }
    }
}

/// What a type is to be called.
#[derive(Clone)]
pub(super) struct Hint {
    /// The type that has the field.
    pub(super) owner: String,
    pub(super) name: String,
}

/// The types of a version.
pub(super) struct Types {
    items: Vec<Option<Item>>,
    taken: Taken,
    /// Types by the name that they asked for and their schema.
    known: HashMap<(String, String), Typed>,
}

impl Types {
    /// None yet; these names are those of others.
    pub(super) fn new(taken: Taken) -> Self {
        Self { items: Vec::new(), taken, known: HashMap::new() }
    }

    /// All of them, in the order in which they were met.
    pub(super) fn into_items(self) -> Vec<Item> {
        self.items.into_iter().flatten().collect()
    }

    /// The type of a value. If a field holds it, the field says what [`at_type`] leaves out.
    pub(super) fn value(&mut self, wanted: &Structural, hint: &Hint, at_field: bool) -> Typed {
        if wanted.extensions.int_or_string {
            return Typed::plain(Rust::IntOrString, int_or_string(), Seen::Unknown);
        }
        let Some(type_) = wanted.type_ else { return json() };
        let format = wanted.format.as_deref();
        let of = |format: &str| Structural { format: Some(format.to_owned()), ..Structural::of(type_) };
        match type_ {
            SchemaType::Object => self.object(wanted, hint, at_field),
            SchemaType::Array => self.list(wanted, hint),
            SchemaType::String => match words(wanted) {
                Some(words) => self.enumeration(wanted, &words, hint, at_field),
                None => Typed::plain(Rust::String, Structural::of(type_), Seen::Text),
            },
            SchemaType::Integer if format == Some("int32") => {
                Typed::plain(Rust::I32, of("int32"), Seen::Whole(32))
            }
            SchemaType::Integer => Typed::plain(Rust::I64, of("int64"), Seen::Whole(64)),
            SchemaType::Number if format == Some("float") => {
                Typed::plain(Rust::F32, of("float"), Seen::Number)
            }
            SchemaType::Number => Typed::plain(Rust::F64, of("double"), Seen::Number),
            SchemaType::Boolean => Typed::plain(Rust::Bool, Structural::of(type_), Seen::Bool),
        }
    }

    fn list(&mut self, wanted: &Structural, hint: &Hint) -> Typed {
        let one = Hint { name: names::singular(&hint.name), ..hint.clone() };
        let item = match wanted.items.as_deref() {
            Some(items) => self.value(items, &one, false),
            None => json(),
        };
        let made = Structural { items: Some(Box::new(item.made)), ..Structural::of(SchemaType::Array) };
        Typed::plain(Rust::List(Box::new(item.ty)), made, Seen::List(Box::new(item.seen)))
    }

    fn object(&mut self, wanted: &Structural, hint: &Hint, at_field: bool) -> Typed {
        if !wanted.properties.is_empty() {
            return self.named(wanted, hint, at_field);
        }
        match &wanted.additional {
            Some(Additional::Schema(values)) => {
                let one = Hint { name: names::singular(&hint.name), ..hint.clone() };
                let value = self.value(values, &one, false);
                let made = map_of(&value);
                Typed::plain(Rust::Map(Box::new(value.ty)), made, Seen::Object)
            }
            Some(Additional::Allowed(true)) => json(),
            _ if wanted.extensions.preserve_unknown_fields || wanted.extensions.embedded_resource => json(),
            _ => self.named(wanted, hint, at_field),
        }
    }

    /// A struct, shared with those of the same name and schema.
    fn named(&mut self, wanted: &Structural, hint: &Hint, at_field: bool) -> Typed {
        let wanted = if at_field { at_type(wanted) } else { wanted.clone() };
        let key = (hint.name.clone(), wanted.to_openapi().to_string());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let name = self.name(hint);
        let made = self.structure(&name, &wanted, wanted.description.as_deref());
        let typed = Typed::plain(Rust::Named(name), made, Seen::Unknown);
        self.known.insert(key, typed.clone());
        typed
    }

    fn name(&mut self, hint: &Hint) -> String {
        let (short, long) = (hint.name.clone(), format!("{}{}", hint.owner, hint.name));
        // Of these there are many, and they say little alone.
        let vague = matches!(short.as_str(), "Spec" | "Status" | "Metadata" | "Template" | "Item" | "Value");
        let candidates = if vague && !hint.owner.is_empty() { vec![long] } else { vec![short, long] };
        self.taken.take(&candidates, "")
    }

    /// Adds a struct of that name for an object; answers with the schema that is made of it, which is the one that is wanted but for
    /// the description.
    pub(super) fn structure(&mut self, name: &str, wanted: &Structural, text: Option<&str>) -> Structural {
        let slot = self.items.len();
        self.items.push(None);
        let mut made = Structural::of(SchemaType::Object);
        let (named, mut idents) = named(wanted);
        let mut fields = Vec::new();
        for (json, property) in in_order(wanted) {
            let required = wanted.constraints.required.iter().any(|name| name == json);
            let ident = named.get(json).cloned().unwrap_or_default();
            let (field, schema) = self.field(name, ident, json, property, required);
            made.properties.insert(json.to_owned(), schema);
            if required {
                made.constraints.required.push(json.to_owned());
            }
            fields.push(field);
        }
        if let Some(rest) = self.rest(name, wanted, &mut made, &mut idents) {
            fields.push(rest);
        }
        let is_own = text == wanted.description.as_deref();
        let text = text.filter(|text| doc::read_back(text).is_some()).map(str::to_owned);
        made.description = text.as_deref().and_then(doc::read_back);
        let properties: Vec<String> = wanted.properties.keys().cloned().collect();
        // Beside flattened fields, the derive does not know which there are.
        let is_closed = fields.iter().all(|field| field.json.is_some());
        let subject = Subject { seen: &Seen::Object, fields: is_closed.then_some(&properties) };
        let mut attributes = adopt(wanted, &mut made, &subject);
        // The text may be another's, who sees to what is made of it.
        let wanted_text = if is_own { &wanted.description } else { &made.description };
        let reached = Structural { description: wanted_text.clone(), ..wanted.clone() };
        attributes.extend(made.layer_to(&reached).map(|layer| openapi(&layer)));
        let item = Item { name: name.to_owned(), doc: text, attributes, body: Body::Struct(fields) };
        if let Some(place) = self.items.get_mut(slot) {
            *place = Some(item);
        }
        reached
    }

    /// A field for what an object holds besides its properties.
    fn rest(
        &mut self,
        owner: &str,
        wanted: &Structural,
        made: &mut Structural,
        idents: &mut Taken,
    ) -> Option<Field> {
        let extensions = &wanted.extensions;
        let (value, name) = match &wanted.additional {
            Some(Additional::Schema(values)) => {
                let hint = Hint { owner: owner.to_owned(), name: "Entry".to_owned() };
                (self.value(values, &hint, false), "entries")
            }
            Some(Additional::Allowed(true)) => (json(), "entries"),
            _ if extensions.preserve_unknown_fields || extensions.embedded_resource => (json(), "other"),
            _ => return None,
        };
        let map = map_of(&value);
        // Beside fields, a map is whatever else there is.
        made.extensions.preserve_unknown_fields = map.additional.is_none() || !wanted.properties.is_empty();
        made.additional = map.additional.filter(|_| wanted.properties.is_empty());
        Some(Field {
            name: idents.take(&[name.to_owned()], "_"),
            json: None,
            doc: None,
            ty: Rust::Map(Box::new(value.ty)),
            optional: false,
            written: false,
            attributes: Vec::new(),
        })
    }

    fn field(
        &mut self,
        owner: &str,
        name: String,
        json: &str,
        wanted: &Structural,
        required: bool,
    ) -> (Field, Structural) {
        let hint = Hint { owner: owner.to_owned(), name: names::pascal(json) };
        let mut typed = self.value(wanted, &hint, true);
        let mut attributes = Vec::new();
        if required && (wanted.nullable || wanted.default.is_some()) {
            attributes.push(quote!(required));
        }
        attributes.extend(replace(wanted, &mut typed));
        let Typed { ty, mut made, seen, variants } = typed;
        // A type of its own has said what is said of it.
        attributes.extend(adopt(wanted, &mut made, &Subject { seen: &seen, fields: None }));
        attributes.extend(attributes::present(wanted, &mut made, &seen, |value| {
            let word = value.as_str()?;
            let (variant, _) = variants.iter().find(|(_, known)| known == word)?;
            let Rust::Named(name) = &ty else { return None };
            let (name, variant) = (names::ident(name), names::ident(variant));
            Some(quote!(#name::#variant))
        }));
        let text = wanted.description.as_ref().filter(|text| doc::read_back(text).is_some());
        if let Some(text) = text {
            made.description = doc::read_back(text);
        }
        attributes.extend(made.layer_to(wanted).map(|layer| openapi(&layer)));
        let optional = wanted.nullable || (!required && wanted.default.is_none());
        let written = required && wanted.nullable;
        let (json, doc) = (Some(json.to_owned()), text.cloned());
        (Field { name, json, doc, ty, optional, written, attributes }, wanted.clone())
    }

    fn enumeration(&mut self, wanted: &Structural, words: &[String], hint: &Hint, at_field: bool) -> Typed {
        let description = wanted.description.as_ref().filter(|_| !at_field);
        let description = description.filter(|text| doc::read_back(text).is_some());
        let enumeration = wanted.constraints.enumeration.clone();
        let mut made = Structural::of(SchemaType::String);
        made.constraints.enumeration = enumeration;
        made.description = description.and_then(|text| doc::read_back(text));
        let key = (hint.name.clone(), made.to_openapi().to_string());
        if let Some(known) = self.known.get(&key) {
            return known.clone();
        }
        let mut idents = Taken::of(["Self".to_owned()]);
        let empty = |word: &String| if word.is_empty() { "Empty".to_owned() } else { names::pascal(word) };
        let variants: Vec<(String, String)> =
            words.iter().map(|word| (idents.take(&[empty(word)], ""), word.clone())).collect();
        let name = self.name(hint);
        self.items.push(Some(Item {
            name: name.clone(),
            doc: description.cloned(),
            attributes: Vec::new(),
            body: Body::Enum(variants.clone()),
        }));
        let typed = Typed { ty: Rust::Named(name), made, seen: Seen::Unknown, variants };
        self.known.insert(key, typed.clone());
        typed
    }
}

/// The names of an object's fields. Those that serde leads back come first, and have no number.
fn named(wanted: &Structural) -> (HashMap<&str, String>, Taken) {
    let mut taken = Taken::default();
    let mut named = HashMap::new();
    let leads_back = |json: &str| {
        let name = names::snake(json);
        name == json || names::camel(&name) == json
    };
    for simple in [true, false] {
        for json in wanted.properties.keys().filter(|json| leads_back(json) == simple) {
            named.insert(json.as_str(), taken.take(&[names::snake(json)], "_"));
        }
    }
    (named, taken)
}

/// An object's properties by name, unless those that are required are listed in another order: they come first then, as they are listed.
fn in_order(wanted: &Structural) -> Vec<(&str, &Structural)> {
    let required = &wanted.constraints.required;
    let mut properties: Vec<(&str, &Structural)> =
        wanted.properties.iter().map(|(name, schema)| (name.as_str(), schema)).collect();
    if !required.is_sorted() {
        let rank = |name: &str| required.iter().position(|other| other == name).unwrap_or(usize::MAX);
        properties.sort_by_key(|(name, _)| rank(name));
    }
    properties
}

/// The attributes that put a type's schema aside, where it says something that is not wanted.
fn replace(wanted: &Structural, typed: &mut Typed) -> Option<TokenStream> {
    let is_plain = wanted.format.is_none();
    match (&typed.ty, wanted.type_) {
        (Rust::IntOrString, _) => {
            typed.made = Structural::default();
            typed.made.extensions.int_or_string = true;
            Some(quote!(int_or_string))
        }
        (Rust::I64 | Rust::F64, Some(type_)) if is_plain => {
            let word = type_.as_str();
            typed.made = Structural::of(type_);
            Some(quote!(type = #word))
        }
        (Rust::Value, Some(SchemaType::Object)) => {
            typed.made = Structural::of(SchemaType::Object);
            typed.seen = Seen::Object;
            Some(quote!(type = "object"))
        }
        _ => None,
    }
}

/// What a type says, where a field says the rest.
fn at_type(wanted: &Structural) -> Structural {
    Structural {
        title: None,
        description: None,
        default: None,
        example: None,
        external_docs: None,
        nullable: false,
        ..wanted.clone()
    }
}

/// The words of a string that lists them, if an enum can be made of it.
fn words(wanted: &Structural) -> Option<Vec<String>> {
    let values = wanted.constraints.enumeration.as_ref().filter(|values| !values.is_empty())?;
    let words: Vec<String> =
        values.iter().map(|value| value.as_str().map(str::to_owned)).collect::<Option<_>>()?;
    let distinct = words.iter().enumerate().all(|(index, word)| !words[..index].contains(word));
    distinct.then_some(words)
}

/// The schema that the derive makes of a map.
fn map_of(value: &Typed) -> Structural {
    let mut made = Structural::of(SchemaType::Object);
    if value.ty == Rust::Value {
        made.extensions.preserve_unknown_fields = true;
    } else {
        made.additional = Some(Additional::Schema(Box::new(value.made.clone())));
    }
    made
}

fn json() -> Typed {
    Typed::plain(Rust::Value, anything(), Seen::Json)
}

/// The schema that the derive makes of [`IntOrString`].
fn int_or_string() -> Structural {
    from_json_schema(&k1s_runtime::schemars::schema_for!(IntOrString)).unwrap_or_default()
}

/// The attribute for what no other says.
pub(super) fn openapi(layer: &Value) -> TokenStream {
    let text = literal::json(layer);
    quote!(openapi = #text)
}
