//! One schema, and the schemas below it.

use serde_json::{Map, Number, Value, json};

use super::JsonSchemaOptions;
use super::format::{Counterpart, counterpart};
use super::pattern::ecma;
use crate::schema::structural::{Additional, Constraints, Extensions, SchemaType, Structural};

/// The name of the schema of metadata among `$defs`.
pub(super) const METADATA: &str = "ObjectMeta";

pub(super) struct Writer<'o> {
    pub(super) options: &'o JsonSchemaOptions,
    /// Whether a resource was written.
    pub(super) names_metadata: bool,
}

/// Where a schema stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'s> {
    /// The schema that says which fields and defaults the value has: the schema itself, or the one that has it as a branch of `allOf`
    /// and the like. `None` in a branch that speaks of a field that there is not.
    structure: Option<&'s Structural>,
    /// Whether it is (in) such a branch, which only constrains.
    branch: bool,
    /// Whether unknown fields are kept because the list around it keeps them.
    preserved: bool,
}

impl<'s> Place<'s> {
    pub(super) fn of(schema: &'s Structural) -> Self {
        Self { structure: Some(schema), branch: false, preserved: false }
    }

    fn branch(self) -> Self {
        Self { branch: true, preserved: false, ..self }
    }

    /// The place of a schema below this one. `pick` finds it in the structure.
    fn child(
        self,
        child: &'s Structural,
        pick: impl FnOnce(&'s Structural) -> Option<&'s Structural>,
    ) -> Self {
        let structure = if self.branch { self.structure.and_then(pick) } else { Some(child) };
        Self { structure, branch: self.branch, preserved: false }
    }
}

type Keywords = Map<String, Value>;

fn put(out: &mut Keywords, keyword: &str, value: impl Into<Value>) {
    out.insert(keyword.to_owned(), value.into());
}

impl Writer<'_> {
    pub(super) fn node(&mut self, schema: &Structural, place: Place<'_>) -> Value {
        let mut out = annotations(schema);
        if self.options.extensions {
            out.extend(extensions(&schema.extensions));
        }
        // The server looks at a null's type and at the enumeration, and at nothing else.
        let null = schema.nullable && enumeration(schema).is_none_or(|values| values.contains(&Value::Null));
        let apart = null && has_logic(schema);
        let mut rules = Keywords::new();
        write_type(schema, null && !apart, &mut rules);
        self.fields(schema, place, &mut rules);
        if let Some(items) = &schema.items {
            let kept = schema.extensions.preserve_unknown_fields || place.preserved;
            let below = Place { preserved: kept, ..place.child(items, |outer| outer.items.as_deref()) };
            let items = self.node(items, below);
            put(&mut rules, "items", items);
        }
        self.logic(schema, place, &mut rules);
        write_constraints(schema, &mut rules);
        if apart {
            put(&mut out, "anyOf", json!([{"type": "null"}, rules]));
        } else {
            out.extend(rules);
        }
        Value::Object(out)
    }

    fn fields(&mut self, schema: &Structural, place: Place<'_>, out: &mut Keywords) {
        let resource = schema.extensions.embedded_resource && !place.branch;
        let mut properties = Keywords::new();
        for (name, child) in &schema.properties {
            let mut below = place.child(child, |outer| outer.properties.get(name));
            // Which fields metadata has is said once, for all resources.
            below.preserved = resource && name == "metadata";
            properties.insert(name.clone(), self.node(child, below));
        }
        if resource {
            self.names_metadata = true;
            resource_fields(&mut properties);
        }
        if !properties.is_empty() {
            put(out, "properties", properties);
        }
        if let Some(unknown) = self.unknown_fields(schema, place) {
            put(out, "additionalProperties", unknown);
        }
        let defaulted = |name: &String| {
            let field = place.structure.and_then(|structure| structure.properties.get(name));
            field.is_some_and(|field| field.default.is_some())
        };
        let own = schema.constraints.required.iter().filter(|name| !defaulted(name)).map(String::as_str);
        let of_resource = ["apiVersion", "kind"].into_iter().filter(|_| resource);
        let mut required: Vec<&str> = own.chain(of_resource).collect();
        required.sort_unstable();
        required.dedup();
        if !required.is_empty() {
            put(out, "required", required);
        }
    }

    /// `additionalProperties`.
    fn unknown_fields(&mut self, schema: &Structural, place: Place<'_>) -> Option<Value> {
        let is_object = match schema.type_ {
            Some(type_) => type_ == SchemaType::Object,
            None => !schema.extensions.int_or_string,
        };
        match &schema.additional {
            Some(Additional::Allowed(allowed)) => Some((*allowed).into()),
            Some(Additional::Schema(child)) => {
                let below = place.child(child, |outer| match &outer.additional {
                    Some(Additional::Schema(schema)) => Some(schema),
                    _ => None,
                });
                Some(self.node(child, below))
            }
            None if place.branch || !is_object => None,
            None => Some((schema.extensions.preserve_unknown_fields || place.preserved).into()),
        }
    }

    fn logic(&mut self, schema: &Structural, place: Place<'_>, out: &mut Keywords) {
        let place = place.branch();
        for (keyword, branches) in
            [("allOf", &schema.all_of), ("anyOf", &schema.any_of), ("oneOf", &schema.one_of)]
        {
            if !branches.is_empty() {
                let branches: Vec<Value> = branches.iter().map(|branch| self.node(branch, place)).collect();
                put(out, keyword, branches);
            }
        }
        if let Some(branch) = &schema.not {
            let branch = self.node(branch, place);
            put(out, "not", branch);
        }
    }
}

fn has_logic(schema: &Structural) -> bool {
    let lists = [&schema.all_of, &schema.any_of, &schema.one_of];
    schema.not.is_some() || lists.iter().any(|branches| !branches.is_empty())
}

/// The choices. An empty enumeration refuses nothing.
fn enumeration(schema: &Structural) -> Option<&[Value]> {
    schema.constraints.enumeration.as_deref().filter(|values| !values.is_empty())
}

fn annotations(schema: &Structural) -> Keywords {
    let mut out = Keywords::new();
    for (keyword, text) in [("title", &schema.title), ("description", &schema.description)] {
        if let Some(text) = text {
            put(&mut out, keyword, text.as_str());
        }
    }
    if let Some(default) = &schema.default {
        put(&mut out, "default", default.clone());
    }
    if let Some(example) = &schema.example {
        put(&mut out, "examples", vec![example.clone()]);
    }
    out
}

/// The `x-kubernetes-*` keys, as in a CustomResourceDefinition.
fn extensions(extensions: &Extensions) -> Keywords {
    let alone = Structural { extensions: extensions.clone(), ..Structural::default() };
    match alone.to_openapi() {
        Value::Object(map) => map,
        _ => Keywords::new(),
    }
}

/// What every resource has. What the schema itself says of these fields counts, too.
fn resource_fields(properties: &mut Keywords) {
    for name in ["apiVersion", "kind"] {
        let field = properties.entry(name).or_insert_with(|| json!({"type": "string"}));
        if let Value::Object(field) = field {
            field.entry("minLength").or_insert(1.into());
        }
    }
    let metadata = properties.entry("metadata").or_insert_with(|| json!({}));
    if let Value::Object(metadata) = metadata {
        metadata.remove("additionalProperties");
        put(metadata, "$ref", format!("#/$defs/{METADATA}"));
    }
}

fn write_type(schema: &Structural, null: bool, out: &mut Keywords) {
    let mut types: Vec<&str> = match schema.type_ {
        _ if schema.extensions.int_or_string => vec!["integer", "string"],
        Some(type_) => vec![type_.as_str()],
        None => return,
    };
    if null {
        types.push("null");
    }
    match types.as_slice() {
        [one] => put(out, "type", *one),
        several => put(out, "type", several),
    }
}

fn write_constraints(schema: &Structural, out: &mut Keywords) {
    let constraints = &schema.constraints;
    write_bounds(constraints, out);
    write_format(schema, out);
    if let Some(factor) = &constraints.multiple_of
        && factor.as_f64().is_some_and(|factor| factor > 0.0)
    {
        put(out, "multipleOf", factor.clone());
    }
    // JSON Schema has no negative counts. Below a negative minimum there is nothing, a negative maximum nothing satisfies.
    for (keyword, least) in [
        ("minLength", constraints.min_length),
        ("minItems", constraints.min_items),
        ("minProperties", constraints.min_properties),
    ] {
        if let Some(least) = least.filter(|least| *least > 0) {
            put(out, keyword, least);
        }
    }
    for (keyword, most) in [
        ("maxLength", constraints.max_length),
        ("maxItems", constraints.max_items),
        ("maxProperties", constraints.max_properties),
    ] {
        if let Some(most) = most {
            put(out, keyword, most.max(0));
        }
    }
    if let Some(pattern) = constraints.pattern.as_deref().filter(|pattern| !pattern.is_empty()).and_then(ecma)
    {
        put(out, "pattern", pattern);
    }
    let is_set = schema.extensions.list_type.as_deref() == Some("set");
    if constraints.unique_items || is_set {
        put(out, "uniqueItems", true);
    }
    if let Some(values) = enumeration(schema) {
        put(out, "enum", values);
    }
}

fn write_bounds(constraints: &Constraints, out: &mut Keywords) {
    let mut bound = |number: &Option<Number>, exclusive: bool, keywords: [&str; 2]| {
        if let Some(number) = number {
            put(out, keywords[usize::from(exclusive)], number.clone());
        }
    };
    bound(&constraints.minimum, constraints.exclusive_minimum, ["minimum", "exclusiveMinimum"]);
    bound(&constraints.maximum, constraints.exclusive_maximum, ["maximum", "exclusiveMaximum"]);
}

fn write_format(schema: &Structural, out: &mut Keywords) {
    let Some(name) = &schema.format else { return };
    match counterpart(name) {
        Counterpart::Format(name) => put(out, "format", name),
        Counterpart::Encoding(name) => put(out, "contentEncoding", name),
        Counterpart::Bounds(least, most) if schema.type_ == Some(SchemaType::Integer) => {
            for (keyword, bound) in [("minimum", least), ("maximum", most)] {
                out.entry(keyword).or_insert(bound.into());
            }
        }
        Counterpart::Bounds(..) | Counterpart::None => {}
    }
}
