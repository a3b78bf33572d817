//! OpenAPI v3 JSON into [`Structural`].
//!
//! Reads what `apiextensions.k8s.io/v1` `JSONSchemaProps` holds and passes over keywords that it does not know, as the API
//! server's decoder does.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Number, Value};

use super::structural::{Additional, Constraints, Extensions, Rule, SchemaType, Structural};
use super::{Error, MAX_DEPTH};

/// Where in a schema we are; printed only in errors.
#[derive(Clone, Copy)]
pub(super) enum At<'a> {
    Root,
    Field(&'a At<'a>, &'a str),
    Items(&'a At<'a>),
    Values(&'a At<'a>),
}

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            At::Root => f.write_str("<root>"),
            At::Field(At::Root, name) => f.write_str(name),
            At::Field(parent, name) => write!(f, "{parent}.{name}"),
            At::Items(parent) => write!(f, "{parent}[]"),
            At::Values(parent) => write!(f, "{parent}{{}}"),
        }
    }
}

impl Structural {
    /// Reads an `openAPIV3Schema`.
    ///
    /// # Errors
    /// A keyword with a value of the wrong shape, and subschemas nested deeper than [`MAX_DEPTH`].
    ///
    /// ```
    /// use k1s_runtime::schema::Structural;
    /// let json = serde_json::json!({"type": "object", "properties": {"n": {"type": "integer", "minimum": 1}}});
    /// assert_eq!(Structural::from_openapi(&json)?.to_openapi(), json);
    /// # Ok::<(), k1s_runtime::schema::Error>(())
    /// ```
    pub fn from_openapi(schema: &Value) -> Result<Self, Error> {
        read(schema, At::Root, 0)
    }
}

pub(super) fn read(schema: &Value, at: At<'_>, depth: usize) -> Result<Structural, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::TooDeep { path: at.to_string(), limit: MAX_DEPTH });
    }
    let Value::Object(map) = schema else {
        return Err(Error::NotAnObject { path: at.to_string() });
    };
    let reader = Reader { map, at };
    let below = depth + 1;
    Ok(Structural {
        type_: reader.type_()?,
        format: reader.text("format")?,
        title: reader.text("title")?,
        description: reader.text("description")?,
        default: reader.present("default").cloned(),
        example: reader.present("example").cloned(),
        external_docs: reader.present("externalDocs").cloned(),
        nullable: reader.flag("nullable")?,
        properties: reader.properties(below)?,
        additional: reader.additional(below)?,
        items: reader.boxed("items", At::Items(&at), below)?,
        constraints: reader.constraints()?,
        all_of: reader.branches("allOf", below)?,
        any_of: reader.branches("anyOf", below)?,
        one_of: reader.branches("oneOf", below)?,
        not: reader.boxed("not", at, below)?,
        extensions: reader.extensions()?,
    })
}

/// Typed access to one schema's keywords. A null keyword is an absent one, as in Go.
struct Reader<'a> {
    map: &'a Map<String, Value>,
    at: At<'a>,
}

impl Reader<'_> {
    fn present(&self, keyword: &str) -> Option<&Value> {
        self.map.get(keyword).filter(|value| !value.is_null())
    }

    fn wrong(&self, keyword: &str, expected: &'static str) -> Error {
        Error::Keyword { path: self.at.to_string(), keyword: keyword.to_owned(), expected }
    }

    fn text(&self, keyword: &str) -> Result<Option<String>, Error> {
        match self.present(keyword) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(self.wrong(keyword, "a string")),
        }
    }

    fn flag(&self, keyword: &str) -> Result<bool, Error> {
        Ok(self.optional_flag(keyword)?.unwrap_or_default())
    }

    fn optional_flag(&self, keyword: &str) -> Result<Option<bool>, Error> {
        match self.present(keyword) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(_) => Err(self.wrong(keyword, "a boolean")),
        }
    }

    fn number(&self, keyword: &str) -> Result<Option<Number>, Error> {
        match self.present(keyword) {
            None => Ok(None),
            Some(Value::Number(number)) => Ok(Some(number.clone())),
            Some(_) => Err(self.wrong(keyword, "a number")),
        }
    }

    fn integer(&self, keyword: &str) -> Result<Option<i64>, Error> {
        match self.present(keyword) {
            None => Ok(None),
            Some(value) => value.as_i64().map(Some).ok_or_else(|| self.wrong(keyword, "an integer")),
        }
    }

    fn list(&self, keyword: &str) -> Result<Option<&[Value]>, Error> {
        match self.present(keyword) {
            None => Ok(None),
            Some(Value::Array(items)) => Ok(Some(items)),
            Some(_) => Err(self.wrong(keyword, "a list")),
        }
    }

    fn texts(&self, keyword: &str) -> Result<Vec<String>, Error> {
        let items = self.list(keyword)?.unwrap_or_default().iter();
        let texts = items.map(|item| item.as_str().map(str::to_owned)).collect::<Option<_>>();
        texts.ok_or_else(|| self.wrong(keyword, "a list of strings"))
    }

    fn type_(&self) -> Result<Option<SchemaType>, Error> {
        let expected = "one of object, array, string, integer, number, boolean";
        match self.present("type") {
            None => Ok(None),
            Some(Value::String(word)) if word.is_empty() => Ok(None),
            Some(Value::String(word)) => {
                SchemaType::parse(word).map(Some).ok_or_else(|| self.wrong("type", expected))
            }
            Some(_) => Err(self.wrong("type", expected)),
        }
    }

    fn properties(&self, depth: usize) -> Result<BTreeMap<String, Structural>, Error> {
        match self.present("properties") {
            None => Ok(BTreeMap::new()),
            Some(Value::Object(map)) => map
                .iter()
                .map(|(name, schema)| Ok((name.clone(), read(schema, At::Field(&self.at, name), depth)?)))
                .collect(),
            Some(_) => Err(self.wrong("properties", "an object")),
        }
    }

    fn additional(&self, depth: usize) -> Result<Option<Additional>, Error> {
        Ok(match self.present("additionalProperties") {
            None => None,
            Some(Value::Bool(allowed)) => Some(Additional::Allowed(*allowed)),
            Some(schema) => Some(Additional::Schema(Box::new(read(schema, At::Values(&self.at), depth)?))),
        })
    }

    fn boxed(&self, keyword: &str, at: At<'_>, depth: usize) -> Result<Option<Box<Structural>>, Error> {
        self.present(keyword).map(|schema| read(schema, at, depth).map(Box::new)).transpose()
    }

    fn branches(&self, keyword: &str, depth: usize) -> Result<Vec<Structural>, Error> {
        let branches = self.list(keyword)?.unwrap_or_default().iter();
        branches.map(|branch| read(branch, self.at, depth)).collect()
    }

    fn constraints(&self) -> Result<Constraints, Error> {
        Ok(Constraints {
            minimum: self.number("minimum")?,
            exclusive_minimum: self.flag("exclusiveMinimum")?,
            maximum: self.number("maximum")?,
            exclusive_maximum: self.flag("exclusiveMaximum")?,
            multiple_of: self.number("multipleOf")?,
            min_length: self.integer("minLength")?,
            max_length: self.integer("maxLength")?,
            pattern: self.text("pattern")?,
            min_items: self.integer("minItems")?,
            max_items: self.integer("maxItems")?,
            unique_items: self.flag("uniqueItems")?,
            min_properties: self.integer("minProperties")?,
            max_properties: self.integer("maxProperties")?,
            required: self.texts("required")?,
            enumeration: self.list("enum")?.map(<[Value]>::to_vec),
        })
    }

    fn extensions(&self) -> Result<Extensions, Error> {
        Ok(Extensions {
            preserve_unknown_fields: self.flag("x-kubernetes-preserve-unknown-fields")?,
            embedded_resource: self.flag("x-kubernetes-embedded-resource")?,
            int_or_string: self.flag("x-kubernetes-int-or-string")?,
            list_type: self.text("x-kubernetes-list-type")?,
            list_map_keys: self.texts("x-kubernetes-list-map-keys")?,
            map_type: self.text("x-kubernetes-map-type")?,
            validations: self.rules()?,
        })
    }

    fn rules(&self) -> Result<Vec<Rule>, Error> {
        let keyword = "x-kubernetes-validations";
        let rules = self.list(keyword)?.unwrap_or_default().iter();
        rules
            .map(|rule| {
                let map = rule.as_object().ok_or_else(|| self.wrong(keyword, "a list of objects"))?;
                let reader = Reader { map, at: self.at };
                Ok(Rule {
                    rule: reader.text("rule")?.unwrap_or_default(),
                    message: reader.text("message")?,
                    message_expression: reader.text("messageExpression")?,
                    reason: reader.text("reason")?,
                    field_path: reader.text("fieldPath")?,
                    optional_old_self: reader.optional_flag("optionalOldSelf")?,
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn errors_name_the_place() {
        let schema = json!({"properties": {"a": {"items": {"minLength": "x"}}}});
        let error = Structural::from_openapi(&schema).unwrap_err();
        assert_eq!(error.to_string(), "a[]: `minLength` must be an integer");
    }

    #[test]
    fn nesting_is_limited() {
        let mut schema = json!({});
        for _ in 0..=MAX_DEPTH {
            schema = json!({"items": schema});
        }
        assert!(matches!(Structural::from_openapi(&schema), Err(Error::TooDeep { .. })));
    }
}
