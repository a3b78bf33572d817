//! What `schemars` says of a Rust type, as a [`Structural`].
//!
//! JSON Schema can say more than a CustomResourceDefinition may hold, and says some things differently: `Option` becomes the
//! bare type, references are replaced by what they name, unit enums become `enum`, data-carrying enums one object with
//! `oneOf`, flattened structs fields of the outer one, numeric exclusive bounds flags, formats of small integers bounds. What
//! cannot be said is an error that names the field.

mod cover;
mod merge;
mod narrow;
mod scalars;
mod union;

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::parse::At;
use super::structural::{Additional, SchemaType, Structural};
use super::{Error, MAX_DEPTH, MAX_NODES};

/// The keyword by which a derived type says that its schema could not be built, and why: reading a schema off a type cannot
/// fail, converting it can.
pub const ERROR_KEYWORD: &str = "x-k1s-error";

/// The keyword by which a derived type says of a part of `allOf` that all of it may be absent: a flattened `Option`.
pub const OPTIONAL_KEYWORD: &str = "x-k1s-optional";

/// The keyword by which a derived type names a format as Kubernetes means it, where JSON Schema means another: `1h` is a
/// `duration` to Kubernetes, and `P1Y` to JSON Schema.
pub const FORMAT_KEYWORD: &str = "x-k1s-format";

/// The keyword by which a derived type says what OpenAPI has to say of it and no attribute does: a list of layers, to be laid over
/// its schema one after the other.
pub const OPENAPI_KEYWORD: &str = "x-k1s-openapi";

/// What to do about a type that contains itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Recursion {
    /// Refuse it: a CustomResourceDefinition cannot hold it.
    #[default]
    Refuse,
    /// Keep whatever is below the point where the circle closes, unchecked.
    Preserve,
}

/// Converts the schema of a Rust type; a recursive type is an error.
///
/// # Errors
/// [`Error::Recursive`], [`Error::Reference`], [`Error::Unsupported`] for what Kubernetes cannot express, and the limits of
/// this room.
///
/// ```
/// use k1s_runtime::schema::from_json_schema;
/// let schema = schemars::schema_for!(Option<u8>);
/// let structural = from_json_schema(&schema)?;
/// assert_eq!(
///     structural.to_openapi(),
///     serde_json::json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": 255})
/// );
/// # Ok::<(), k1s_runtime::schema::Error>(())
/// ```
pub fn from_json_schema(root: &schemars::Schema) -> Result<Structural, Error> {
    from_json_schema_with(root, Recursion::Refuse)
}

/// [`from_json_schema`] with a say in what becomes of recursive types.
///
/// # Errors
/// As [`from_json_schema`].
pub fn from_json_schema_with(root: &schemars::Schema, recursion: Recursion) -> Result<Structural, Error> {
    let definitions = ["$defs", "definitions"].map(|key| root.get(key).and_then(Value::as_object));
    let mut converter =
        Converter { root: root.as_value(), definitions, recursion, nodes: 0, open: vec![ROOT] };
    let mut structural = converter.convert(root.as_value(), At::Root, 0)?;
    // The name of the Rust type.
    structural.title = None;
    Ok(structural)
}

/// One schema's keywords, references followed. What stands beside a reference wins over what it names.
type View<'s> = BTreeMap<&'s str, &'s Value>;

/// How a type that contains itself refers to itself when it is the root.
const ROOT: &str = "#";

struct Converter<'s> {
    root: &'s Value,
    definitions: [Option<&'s Map<String, Value>>; 2],
    recursion: Recursion,
    nodes: usize,
    /// Names of the definitions that we are inside of.
    open: Vec<&'s str>,
}

impl<'s> Converter<'s> {
    fn convert(&mut self, schema: &'s Value, at: At<'_>, depth: usize) -> Result<Structural, Error> {
        Ok(either(self.convert_part(schema, at, depth)?))
    }

    /// What is to be put together with others: fields and a map may stand beside each other still.
    fn convert_part(&mut self, schema: &'s Value, at: At<'_>, depth: usize) -> Result<Structural, Error> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(Error::TooLarge { path: at.to_string(), limit: MAX_NODES });
        }
        if depth > MAX_DEPTH {
            return Err(Error::TooDeep { path: at.to_string(), limit: MAX_DEPTH });
        }
        let inside = self.open.len();
        let converted = match schema {
            Value::Bool(true) => Ok(anything()),
            Value::Object(map) => match self.view(map, at) {
                Ok(Some(view)) => self.build(&view, at, depth).and_then(|out| layered(out, &view, at, depth)),
                Ok(None) => Ok(anything()),
                Err(error) => Err(error),
            },
            _ => Err(unsupported(at, "no value fits this type")),
        };
        self.open.truncate(inside);
        converted
    }

    /// Follows references and unwraps `Option`. `None` where a circle closes and may.
    fn view(&mut self, map: &'s Map<String, Value>, at: At<'_>) -> Result<Option<View<'s>>, Error> {
        let mut view: View<'s> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
        loop {
            let inner = if let Some(Value::String(reference)) = view.remove("$ref") {
                let (name, schema) = self.resolve(reference, at)?;
                if self.open.contains(&name) {
                    return match self.recursion {
                        Recursion::Preserve => Ok(None),
                        Recursion::Refuse => {
                            let title =
                                self.root.get("title").and_then(Value::as_str).filter(|_| name == ROOT);
                            let type_name = title.unwrap_or(name).to_owned();
                            Err(Error::Recursive { path: at.to_string(), type_name })
                        }
                    };
                }
                self.open.push(name);
                schema
            } else if let Some((keyword, only)) = only_branch(&view) {
                view.remove(keyword);
                only
            } else {
                return Ok(Some(view));
            };
            match inner {
                Value::Object(inner) => {
                    for (key, value) in inner {
                        view.entry(key).or_insert(value);
                    }
                }
                Value::Bool(true) => {}
                _ => return Err(unsupported(at, "no value fits this type")),
            }
        }
    }

    fn resolve(&self, reference: &'s str, at: At<'_>) -> Result<(&'s str, &'s Value), Error> {
        if reference == ROOT {
            return Ok((ROOT, self.root));
        }
        let unknown = || Error::Reference { path: at.to_string(), reference: reference.to_owned() };
        let name = reference
            .strip_prefix("#/$defs/")
            .or_else(|| reference.strip_prefix("#/definitions/"))
            .ok_or_else(unknown)?;
        // JSON pointers spell `/` and `~` differently.
        let plain = name.replace("~1", "/").replace("~0", "~");
        let found = self.definitions.into_iter().flatten().find_map(|definitions| definitions.get(&plain));
        found.map(|schema| (name, schema)).ok_or_else(unknown)
    }

    fn build(&mut self, view: &View<'s>, at: At<'_>, depth: usize) -> Result<Structural, Error> {
        let mut out = scalars::scalars(view, at)?;
        let below = depth + 1;
        for keyword in ["if", "dependentSchemas", "dependentRequired", "contains", "unevaluatedProperties"] {
            if view.contains_key(keyword) {
                return Err(unsupported(at, format!("Kubernetes has no `{keyword}`")));
            }
        }
        self.fields(&mut out, view, at, below)?;
        self.elements(&mut out, view, at, below)?;
        if let Some(not) = view.get("not") {
            let not = self.convert(not, at, below)?;
            out.not = Some(Box::new(narrow::values_only(not, at)?));
        }
        if let Some(Value::Array(parts)) = view.get("allOf") {
            for schema in parts {
                let mut part = self.convert_part(schema, at, below)?;
                if schema.get(OPTIONAL_KEYWORD).is_some() {
                    merge::optional(&mut part, at)?;
                }
                merge::intersect(&mut out, part, at)?;
            }
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(Value::Array(branches)) = view.get(keyword) {
                self.branches(&mut out, branches, keyword == "oneOf", at, below)?;
            }
        }
        let nullable = out.nullable;
        scalars::set_nullable(&mut out, nullable, at)?;
        if says_nothing(&out) {
            out.extensions.preserve_unknown_fields = true;
        }
        Ok(out)
    }

    fn branches(
        &mut self,
        out: &mut Structural,
        branches: &'s [Value],
        exclusive: bool,
        at: At<'_>,
        depth: usize,
    ) -> Result<(), Error> {
        let mut variants = Vec::with_capacity(branches.len());
        for branch in branches.iter().filter(|branch| !is_null_schema(branch)) {
            variants.push(self.convert_part(branch, at, depth)?);
        }
        match union::unite(out, variants, exclusive, at) {
            // Where circles are let through, so is what they make inexpressible.
            Err(Error::Unsupported { .. }) if self.recursion == Recursion::Preserve => {
                let description = out.description.take();
                *out = Structural { description, ..anything() };
                Ok(())
            }
            verdict => verdict,
        }
    }

    fn fields(
        &mut self,
        out: &mut Structural,
        view: &View<'s>,
        at: At<'_>,
        depth: usize,
    ) -> Result<(), Error> {
        if let Some(Value::Object(properties)) = view.get("properties") {
            for (name, schema) in properties {
                let child = self.convert(schema, At::Field(&at, name), depth)?;
                out.properties.insert(name.clone(), child);
            }
        }
        let patterned = match view.get("patternProperties") {
            Some(Value::Object(patterns)) => patterns.values().next(),
            _ => None,
        };
        match view.get("additionalProperties").copied() {
            // Unknown fields are pruned; there is no need to forbid them.
            Some(Value::Bool(false)) | None => {}
            Some(Value::Bool(true)) => out.extensions.preserve_unknown_fields = true,
            Some(schema) => self.values(out, schema, at, depth)?,
        }
        if let (Some(schema), None) = (patterned, &out.additional) {
            self.values(out, schema, at, depth)?;
        }
        Ok(())
    }

    fn values(
        &mut self,
        out: &mut Structural,
        schema: &'s Value,
        at: At<'_>,
        depth: usize,
    ) -> Result<(), Error> {
        let mut child = self.convert(schema, At::Values(&at), depth)?;
        scalars::set_nullable(&mut child, allows_null(schema), At::Values(&at))?;
        out.additional = Some(Additional::Schema(Box::new(child)));
        Ok(())
    }

    fn elements(
        &mut self,
        out: &mut Structural,
        view: &View<'s>,
        at: At<'_>,
        depth: usize,
    ) -> Result<(), Error> {
        let mut items = match view.get("items").copied() {
            Some(schema @ (Value::Object(_) | Value::Bool(true))) => {
                let mut child = self.convert(schema, At::Items(&at), depth)?;
                scalars::set_nullable(&mut child, allows_null(schema), At::Items(&at))?;
                Some(child)
            }
            _ => None,
        };
        if let Some(Value::Array(places)) = view.get("prefixItems") {
            let places = places.iter().map(|place| {
                let mut child = self.convert(place, At::Items(&at), depth)?;
                scalars::set_nullable(&mut child, allows_null(place), At::Items(&at))?;
                Ok(child)
            });
            let places: Vec<Structural> = places.chain(items.take().map(Ok)).collect::<Result<_, Error>>()?;
            // A list has one schema for all its items.
            items = Some(
                cover::cover(&places.iter().collect::<Vec<_>>(), At::Items(&at))
                    .map_err(|_| unsupported(at, "a tuple of different types is no list; use a struct"))?,
            );
        }
        let unique = view.get("uniqueItems").is_some_and(|unique| **unique == Value::Bool(true));
        if unique && items.as_ref().is_some_and(is_scalar) && out.extensions.list_type.is_none() {
            out.extensions.list_type = Some("set".to_owned());
        }
        if out.type_ == Some(SchemaType::Array) && items.is_none() {
            items = Some(anything());
        }
        out.items = items.map(Box::new);
        Ok(())
    }
}

/// What was said in OpenAPI's own words, laid over the rest.
fn layered(mut out: Structural, view: &View<'_>, at: At<'_>, depth: usize) -> Result<Structural, Error> {
    for layer in view.get(OPENAPI_KEYWORD).and_then(|layers| layers.as_array()).into_iter().flatten() {
        out = either(out).overlaid_at(layer, at, depth)?;
    }
    Ok(out)
}

/// A map that is flattened into a struct: Kubernetes knows either fields or a map.
fn either(mut schema: Structural) -> Structural {
    if schema.additional.is_some() && !schema.properties.is_empty() {
        schema.additional = None;
        schema.extensions.preserve_unknown_fields = true;
    }
    schema
}

fn unsupported(at: At<'_>, what: impl Into<String>) -> Error {
    Error::Unsupported { path: at.to_string(), what: what.into() }
}

/// A schema that keeps and accepts everything.
fn anything() -> Structural {
    let mut schema = Structural::default();
    schema.extensions.preserve_unknown_fields = true;
    schema
}

/// Whether a schema says nothing of the value: no type, no union, no extension.
fn says_nothing(schema: &Structural) -> bool {
    schema.type_.is_none()
        && !schema.extensions.int_or_string
        && !schema.extensions.embedded_resource
        && schema.properties.is_empty()
        && schema.items.is_none()
        && schema.constraints == super::Constraints::default()
        && schema.any_of.is_empty()
        && schema.one_of.is_empty()
        && schema.all_of.is_empty()
        && schema.not.is_none()
}

fn is_scalar(schema: &Structural) -> bool {
    !matches!(schema.type_, None | Some(SchemaType::Object | SchemaType::Array))
        || schema.extensions.int_or_string
}

/// Whether a schema is that of an `Option`. A field is left out instead; an item of a list or a value of a map cannot be.
fn allows_null(schema: &Value) -> bool {
    let typed = schema.get("type").and_then(Value::as_array);
    let branches = schema.get("anyOf").and_then(Value::as_array);
    typed.is_some_and(|words| words.iter().any(|word| word == "null"))
        || branches.is_some_and(|branches| branches.iter().any(is_null_schema))
}

fn is_null_schema(schema: &Value) -> bool {
    schema.get("type").is_some_and(|type_| type_ == "null")
}

/// The branch of a union that is left when `null` is not counted, and its keyword; only where nothing else is said of the
/// value, so that the two do not have to be put together.
fn only_branch<'s>(view: &View<'s>) -> Option<(&'static str, &'s Value)> {
    let speaks = [
        "type",
        "properties",
        "additionalProperties",
        "items",
        "required",
        "enum",
        "oneOf",
        "anyOf",
        "allOf",
    ];
    if speaks.iter().filter(|keyword| view.contains_key(**keyword)).count() > 1 {
        return None;
    }
    ["anyOf", "oneOf", "allOf"].into_iter().find_map(|keyword| {
        let branches = view.get(keyword)?.as_array()?;
        let mut rest = branches.iter().filter(|branch| !is_null_schema(branch));
        match (rest.next(), rest.next()) {
            (Some(only), None) if only.get(OPTIONAL_KEYWORD).is_none() => Some((keyword, only)),
            _ => None,
        }
    })
}
