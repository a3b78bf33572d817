//! Field selectors.

use std::fmt;

use super::Error;

/// One condition on one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldRequirement {
    /// The field's path, as `metadata.name`.
    pub field: String,
    /// Whether the field must have another value.
    pub negated: bool,
    /// The value compared with, as text.
    pub value: String,
}

/// A field selector: all its requirements must hold. Prints in canonical form.
///
/// ```
/// use k1s_runtime::api::FieldSelector;
/// let selector = FieldSelector::parse(r"metadata.name!=a,spec.color=red\,blue")?;
/// assert!(selector.matches(|field| (field == "spec.color").then_some("red,blue")));
/// # Ok::<(), k1s_runtime::api::selector::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FieldSelector {
    requirements: Vec<FieldRequirement>,
}

impl FieldSelector {
    /// Parses `metadata.name=x,spec.a==b,spec.c!=d`; `,`, `=` and `\` in values take a backslash. The empty text
    /// selects everything. Which fields there are is for the caller to check.
    ///
    /// # Errors
    /// What kube-apiserver says of the text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut terms = terms(text);
        terms.sort_unstable();
        let parsed = terms.into_iter().filter(|term| !term.is_empty()).map(|term| {
            let (field, operator, value) = split(term)
                .ok_or_else(|| Error::Term { selector: text.to_owned(), term: term.to_owned() })?;
            Ok(FieldRequirement {
                field: field.to_owned(),
                negated: operator == "!=",
                value: unescape(value)?,
            })
        });
        Ok(Self { requirements: parsed.collect::<Result<_, _>>()? })
    }

    /// Whether everything is selected.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The conditions, sorted by their text.
    pub fn requirements(&self) -> &[FieldRequirement] {
        &self.requirements
    }

    /// The value that a field must have, if the selector says so.
    pub fn required(&self, field: &str) -> Option<&str> {
        let found = self
            .requirements
            .iter()
            .find(|requirement| requirement.field == field && !requirement.negated)?;
        Some(&found.value)
    }

    /// Whether an object is selected whose fields `value` gives as text; an absent field counts as empty.
    pub fn matches<T: AsRef<str>>(&self, value: impl Fn(&str) -> Option<T>) -> bool {
        self.requirements.iter().all(|requirement| {
            let found = value(&requirement.field);
            let found = found.as_ref().map_or("", AsRef::as_ref);
            (found == requirement.value) != requirement.negated
        })
    }
}

impl fmt::Display for FieldSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, FieldRequirement { field, negated, value }) in self.requirements.iter().enumerate() {
            let comma = if index > 0 { "," } else { "" };
            write!(f, "{comma}{field}{}", if *negated { "!=" } else { "=" })?;
            for c in value.chars() {
                if matches!(c, '\\' | ',' | '=') {
                    f.write_str("\\")?;
                }
                write!(f, "{c}")?;
            }
        }
        Ok(())
    }
}

impl std::str::FromStr for FieldSelector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

/// Splits at commas that no backslash stands before.
fn terms(text: &str) -> Vec<&str> {
    let mut escaped = false;
    text.split(|c| {
        let splits = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        splits
    })
    .collect()
}

/// Splits at the first operator.
fn split(term: &str) -> Option<(&str, &str, &str)> {
    term.char_indices().find_map(|(at, _)| {
        let rest = &term[at..];
        let operator = ["!=", "==", "="].into_iter().find(|operator| rest.starts_with(operator))?;
        Some((&term[..at], operator, &rest[operator.len()..]))
    })
}

fn unescape(text: &str) -> Result<String, Error> {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('\\' | ',' | '=')) => out.push(escaped),
                Some(other) => return Err(Error::Escape(format!("\\{other}"))),
                None => return Err(Error::Escape("\\".to_owned())),
            },
            ',' | '=' => return Err(Error::Unescaped(c)),
            _ => out.push(c),
        }
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(text: &str) -> String {
        FieldSelector::parse(text)
            .map_or_else(|error| error.to_string(), |selector| format!("ok: {selector}"))
    }

    #[test]
    fn field_selectors_parse_as_on_the_server() {
        let cases = [
            ("", "ok: "),
            ("metadata.name=a,", "ok: metadata.name=a"),
            ("b!=1,a==2", "ok: a=2,b!=1"),
            ("=a", "ok: =a"),
            (r"a=x\,y", r"ok: a=x\,y"),
            ("metadata.name", "invalid selector: 'metadata.name'; can't understand 'metadata.name'"),
            (r"a=a\x", r"invalid field selector: invalid escape sequence: \x"),
            ("a=b=c", "invalid field selector: unescaped character in value: 61"),
        ];
        for (text, expected) in cases {
            assert_eq!(outcome(text), expected, "{text}");
        }
    }

    #[test]
    fn absent_fields_count_as_empty() {
        let selects = |text: &str| FieldSelector::parse(text).unwrap().matches(|_| None::<&str>);
        assert!(selects("a=") && selects("a!=b") && !selects("a=b") && !selects("a!="));
    }
}
