//! The kinds of value that an attribute may hold: numbers, JSON literals, Rust expressions, types and lists of names.
//!
//! Each keeps the place it was written at, so that later rooms can point there.

use darling::util::SpannedValue;
use darling::{Error, FromMeta};
use proc_macro2::Span;
use quote::ToTokens;
use serde_json::{Map, Value};
use syn::parse::Parser;
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, ExprUnary, Lit, Meta, Token, Type, UnOp};

use crate::hint::did_you_mean;

/// A number literal, with a minus sign if need be.
#[derive(Clone, Debug)]
pub(crate) struct Number {
    pub(crate) value: serde_json::Number,
    pub(crate) span: Span,
}

impl Number {
    /// The value for comparisons; exact up to 2^53.
    pub(crate) fn as_f64(&self) -> f64 {
        self.value.as_f64().unwrap_or(f64::NAN)
    }

    /// Whether it was written without a fraction.
    pub(crate) fn is_integer(&self) -> bool {
        self.value.is_i64() || self.value.is_u64()
    }
}

impl FromMeta for Number {
    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match literal(expr) {
            Some(Value::Number(value)) => Ok(Self { value, span: expr.span() }),
            _ => Err(Error::custom("expected a number").with_span(expr)),
        }
    }
}

/// A value given by the author: any Rust expression; `literal` is set if it is a JSON literal.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub(crate) expr: Expr,
    pub(crate) literal: Option<Value>,
}

impl FromMeta for Expression {
    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        Ok(Self { literal: literal(expr), expr: expr.clone() })
    }
}

/// `enum_values("a", "b")`.
#[derive(Clone, Debug)]
pub(crate) struct Values {
    pub(crate) values: Vec<(Value, Span)>,
    pub(crate) span: Span,
}

impl FromMeta for Values {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        let mut values = Vec::new();
        for expr in expressions(item)? {
            let value = literal(&expr)
                .ok_or_else(|| Error::custom("expected a string, a number or a bool").with_span(&expr))?;
            values.push((value, expr.span()));
        }
        Ok(Self { values, span: item.path().span() })
    }
}

/// OpenAPI keywords, as JSON in a string.
#[derive(Clone, Debug)]
pub(crate) struct JsonText {
    pub(crate) keywords: Map<String, Value>,
}

impl JsonText {
    /// Whether it says which fields or items there are, or of what type a value is: what is seen of the Rust type is not all then.
    pub(crate) fn reshapes(&self) -> bool {
        self.keywords.keys().any(|keyword| {
            matches!(keyword.as_str(), "type" | "format" | "properties" | "items" | "additionalProperties")
                || keyword.starts_with("x-kubernetes-")
        })
    }

    /// What it says of a property.
    pub(crate) fn property(&self, name: &str) -> Option<&Value> {
        self.keywords.get("properties")?.get(name).filter(|layer| !layer.is_null())
    }
}

impl FromMeta for JsonText {
    fn from_value(value: &Lit) -> darling::Result<Self> {
        let expected =
            "expected OpenAPI keywords as JSON in a string, as `r#\"{\"not\": {\"enum\": [0]}}\"#`";
        let Lit::Str(text) = value else { return Err(Error::custom(expected).with_span(value)) };
        let keywords = match serde_json::from_str(&text.value()) {
            Ok(Value::Object(keywords)) => keywords,
            Ok(_) => return Err(Error::custom(expected).with_span(value)),
            Err(error) => return Err(Error::custom(format!("this is no JSON: {error}")).with_span(value)),
        };
        if let Some(unknown) = keywords.keys().find(|keyword| !OPENAPI.contains(&keyword.as_str())) {
            let hint = did_you_mean(unknown, OPENAPI.iter().copied());
            let message = format!("Kubernetes' OpenAPI has no keyword `{unknown}`{hint}");
            return Err(Error::custom(message).with_span(value));
        }
        Ok(Self { keywords })
    }
}

/// The keywords that a schema of a CustomResourceDefinition may hold.
const OPENAPI: &[&str] = &[
    "additionalProperties",
    "allOf",
    "anyOf",
    "default",
    "description",
    "enum",
    "example",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "externalDocs",
    "format",
    "items",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "not",
    "nullable",
    "oneOf",
    "pattern",
    "properties",
    "required",
    "title",
    "type",
    "uniqueItems",
    "x-kubernetes-embedded-resource",
    "x-kubernetes-int-or-string",
    "x-kubernetes-list-map-keys",
    "x-kubernetes-list-type",
    "x-kubernetes-map-type",
    "x-kubernetes-preserve-unknown-fields",
    "x-kubernetes-validations",
];

/// `exactly_one_of(a, b)`: JSON names of fields, as words or strings.
#[derive(Clone, Debug)]
pub(crate) struct Names {
    pub(crate) names: Vec<(String, Span)>,
    pub(crate) span: Span,
}

impl FromMeta for Names {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        let mut names = Vec::new();
        for expr in expressions(item)? {
            let name = match (&expr, literal(&expr)) {
                (_, Some(Value::String(name))) => name,
                (Expr::Path(path), _) if path.path.get_ident().is_some() => {
                    path.to_token_stream().to_string().trim_start_matches("r#").to_owned()
                }
                _ => return Err(syn::Error::new_spanned(&expr, "expected the name of a field").into()),
            };
            names.push((name, expr.span()));
        }
        Ok(Self { names, span: item.path().span() })
    }
}

/// `verbs = "get"`, `verbs = ["get", "list"]` or `verbs("get", "list")`.
#[derive(Clone, Debug)]
pub(crate) struct Words {
    pub(crate) words: Vec<SpannedValue<String>>,
    pub(crate) span: Span,
}

impl FromMeta for Words {
    fn from_meta(item: &Meta) -> darling::Result<Self> {
        let given = match item {
            Meta::NameValue(pair) => match &pair.value {
                Expr::Array(array) => array.elems.iter().cloned().collect(),
                single => vec![single.clone()],
            },
            _ => expressions(item)?,
        };
        let word = |expr: &Expr| match literal(expr) {
            Some(Value::String(word)) => Ok(SpannedValue::new(word, expr.span())),
            _ => Err(Error::custom("expected a string").with_span(expr)),
        };
        let words = given.iter().map(word).collect::<darling::Result<_>>()?;
        Ok(Self { words, span: item.path().span() })
    }
}

/// A type, written as a path or, as kube-rs has it, in a string.
#[derive(Clone, Debug)]
pub(crate) struct TypeRef(pub(crate) Type);

impl FromMeta for TypeRef {
    fn from_string(value: &str) -> darling::Result<Self> {
        Ok(Self(syn::parse_str(value)?))
    }

    fn from_expr(expr: &Expr) -> darling::Result<Self> {
        match expr {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => match text.parse() {
                Ok(parsed) => Ok(Self(parsed)),
                Err(_) => Err(Error::custom("expected a type, as `\"ItemStatus\"`").with_span(text)),
            },
            Expr::Path(path) => Ok(Self(syn::parse2(path.to_token_stream())?)),
            other => Err(Error::custom("expected a type, as `\"ItemStatus\"`").with_span(other)),
        }
    }
}

/// The JSON value that an expression literally is.
pub(crate) fn literal(expr: &Expr) -> Option<Value> {
    match expr {
        Expr::Lit(ExprLit { lit, .. }) => match lit {
            Lit::Str(text) => Some(Value::String(text.value())),
            Lit::Bool(flag) => Some(Value::Bool(flag.value)),
            Lit::Int(number) => integer(number.base10_digits()),
            Lit::Float(number) => number.base10_digits().parse::<f64>().ok().map(Value::from),
            _ => None,
        },
        Expr::Unary(ExprUnary { op: UnOp::Neg(_), expr, .. }) => negated(&literal(expr)?),
        Expr::Array(array) => array.elems.iter().map(literal).collect::<Option<Vec<_>>>().map(Value::Array),
        Expr::Group(group) => literal(&group.expr),
        Expr::Paren(paren) => literal(&paren.expr),
        _ => None,
    }
}

/// A literal's digits may hold a minus sign: the attribute parser takes `-1` for one token.
fn integer(digits: &str) -> Option<Value> {
    let positive = digits.parse::<u64>().ok().map(Value::from);
    positive.or_else(|| digits.parse::<i64>().ok().map(Value::from))
}

fn negated(value: &Value) -> Option<Value> {
    if let Some(number) = value.as_u64() {
        return i64::try_from(-i128::from(number)).ok().map(Value::from);
    }
    value.as_f64().map(|number| Value::from(-number))
}

fn expressions(item: &Meta) -> darling::Result<Vec<Expr>> {
    let Meta::List(list) = item else {
        let name = item.path().to_token_stream().to_string();
        return Err(Error::custom(format!("expected a list, as `{name}(a, b)`")).with_span(item));
    };
    let parsed = Punctuated::<Expr, Token![,]>::parse_terminated.parse2(list.tokens.clone())?;
    Ok(parsed.into_iter().collect())
}
