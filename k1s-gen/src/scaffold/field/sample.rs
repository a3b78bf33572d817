//! A value that a field takes, for the sample manifest.

use k1s_runtime::schema::formats;
use serde_json::{Map, Value};

use super::table::Domain;
use super::{Field, Type};

/// Texts to try on a pattern.
const TEXTS: &[&str] = &[
    "sample",
    "Sample",
    "SAMPLE",
    "a",
    "A",
    "1",
    "0",
    "abc",
    "a1",
    "A1",
    "A1-07",
    "a-b",
    "12",
    "123",
    "1234",
    "12345",
    "0123456789",
    "0000000000000",
    "1.0",
    "1.0.0",
    "v1",
    "example.com",
    "https://example.com/",
    "/sample",
    "#336699",
    "ABC-123",
    "someone@example.com",
];

/// The longest sample that is made.
const LONGEST: f64 = 256.0;

impl Field {
    /// A value that it takes, or none if none is known.
    pub(in crate::scaffold) fn sample(&self) -> Option<Value> {
        if let Some(value) = self.flag("example").or_else(|| self.flag("default")) {
            return Some(value.clone());
        }
        self.of(&self.ty)
    }

    fn of(&self, ty: &Type) -> Option<Value> {
        match ty {
            Type::Enum(values) => values.first().map(|value| Value::from(value.as_str())),
            Type::List(inner) => {
                let least = self.number("min_items").unwrap_or(0.0).max(1.0);
                let most = self.number("max_items").unwrap_or(LONGEST);
                let first = self.of(inner)?;
                match &first {
                    _ if most < 1.0 => Some(Value::Array(Vec::new())),
                    _ if least <= 1.0 => Some(Value::Array(vec![first])),
                    Value::String(text)
                        if least <= LONGEST
                            && matches!(**inner, Type::Plain(name) if name.format.is_none()) =>
                    {
                        let texts = (1..=least as usize).map(|n| Value::from(format!("{text}-{n}")));
                        Some(Value::Array(texts.collect()))
                    }
                    _ => None,
                }
            }
            Type::Map(inner) => Some(Value::Object(Map::from_iter([("sample".to_owned(), self.of(inner)?)]))),
            Type::Plain(name) => match name.domain {
                Domain::Bool => Some(Value::Bool(true)),
                Domain::Integer => {
                    let value = self.clamp(1.0);
                    Some(
                        self.flag("min")
                            .filter(|low| low.as_f64() == Some(value))
                            .cloned()
                            .unwrap_or(Value::from(value as i64)),
                    )
                }
                Domain::Number => Some(Value::from(self.clamp(1.5))),
                _ => self.text(name.format),
            },
        }
    }

    fn clamp(&self, value: f64) -> f64 {
        let least = self.number("min").unwrap_or(f64::MIN);
        let most = self.number("max").unwrap_or(f64::MAX);
        value.min(most).max(least)
    }

    fn text(&self, of_type: Option<&str>) -> Option<Value> {
        let asked = self.flag("format").and_then(Value::as_str);
        let text = match asked.or(of_type) {
            Some("date-time" | "datetime") => "2026-01-31T12:00:00Z",
            Some("date") => "2026-01-31",
            Some("duration") => "1h30m",
            Some("email") => "someone@example.com",
            Some("uri") => "https://example.com/",
            Some("uuid") => "6ba7b810-9dad-41d1-80b4-00c04fd430c8",
            Some("ipv4") => "192.0.2.1",
            Some("ipv6") => "2001:db8::1",
            Some("cidr") => "192.0.2.0/24",
            Some("hostname") => "example.com",
            Some("mac") => "00:00:5e:00:53:01",
            Some("byte") => "c2FtcGxl",
            Some(_) | None => return self.plain_text(),
        };
        self.takes(text).then(|| Value::from(text))
    }

    fn plain_text(&self) -> Option<Value> {
        let least = self.number("min_length").unwrap_or(0.0);
        let padded = "sample ".repeat((least.min(LONGEST) / 7.0) as usize + 1);
        let padded: String = padded.chars().take(least.min(LONGEST) as usize).collect();
        let most = self.number("max_length").unwrap_or(LONGEST).min(LONGEST);
        let cut: String = "sample".chars().take(most as usize).collect();
        let dense = padded.replace(' ', "-");
        let tried = TEXTS.iter().copied().chain([cut.as_str(), padded.trim_end(), dense.as_str()]);
        tried.into_iter().find(|text| self.takes(text)).map(Value::from)
    }

    /// Whether length and pattern let a text pass.
    fn takes(&self, text: &str) -> bool {
        self.refuses(&Value::from(text)).is_none()
    }

    /// The format of its text: the type's, or the one that is asked for.
    fn format(&self) -> Option<&str> {
        let own = match &self.ty {
            Type::Plain(name) => name.format,
            _ => None,
        };
        self.flag("format").and_then(Value::as_str).or(own)
    }

    /// Why a value is outside the field's own bounds.
    pub(super) fn refuses(&self, value: &Value) -> Option<String> {
        if let Some(text) = value.as_str().filter(|_| self.ty.domain() == Domain::Text) {
            let length = text.chars().count() as f64;
            if self.number("min_length").is_some_and(|least| length < least) {
                return Some("is shorter than `min_length`".to_owned());
            }
            if self.number("max_length").is_some_and(|most| length > most) {
                return Some("is longer than `max_length`".to_owned());
            }
            let pattern = self.flag("pattern").and_then(Value::as_str);
            let pattern = pattern.and_then(|pattern| regex::Regex::new(pattern).ok());
            if pattern.is_some_and(|pattern| !pattern.is_match(text)) {
                return Some("does not match `pattern`".to_owned());
            }
        }
        if let (Some(text), Some(format)) = (value.as_str(), self.format())
            && formats::recognized("string", format).is_some_and(|known| !known.accepts(text))
        {
            return Some(format!("is not of the format `{format}`"));
        }
        let number = value.as_f64()?;
        if self.number("min").is_some_and(|least| number < least) {
            return Some("is less than `min`".to_owned());
        }
        if self.number("max").is_some_and(|most| number > most) {
            return Some("is greater than `max`".to_owned());
        }
        None
    }
}
