//! Label selectors.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::Error;
use super::lexer::{Lexer, Token};
use crate::api::field::FieldError;
use crate::api::names;

/// How a label is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// The label has one of the values.
    In,
    /// The label is absent or has none of the values.
    NotIn,
    /// The label has the value: `=`.
    Equals,
    /// The label has the value: `==`.
    DoubleEquals,
    /// The label is absent or has another value.
    NotEquals,
    /// The label is an integer above the value.
    GreaterThan,
    /// The label is an integer below the value.
    LessThan,
    /// The label is present.
    Exists,
    /// The label is absent.
    DoesNotExist,
}

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelRequirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

impl LabelRequirement {
    /// The label's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The comparison.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// The values compared with, sorted, without repetitions.
    pub fn values(&self) -> &[String] {
        &self.values
    }

    /// Whether a label's value, `None` if it is absent, meets the condition.
    pub fn matches(&self, label: Option<&str>) -> bool {
        let one_of = |label: &str| self.values.iter().any(|value| value == label);
        let compared = |label: Option<&str>| {
            let label: i64 = label?.parse().ok()?;
            let value: i64 = self.values.first()?.parse().ok()?;
            Some(label.cmp(&value))
        };
        match self.operator {
            Operator::In | Operator::Equals | Operator::DoubleEquals => label.is_some_and(one_of),
            Operator::NotIn | Operator::NotEquals => !label.is_some_and(one_of),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
            Operator::GreaterThan => compared(label).is_some_and(std::cmp::Ordering::is_gt),
            Operator::LessThan => compared(label).is_some_and(std::cmp::Ordering::is_lt),
        }
    }
}

impl fmt::Display for LabelRequirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (key, values) = (&self.key, self.values.join(","));
        match self.operator {
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::DoubleEquals => write!(f, "{key}=={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
            Operator::Exists => write!(f, "{key}"),
            Operator::DoesNotExist => write!(f, "!{key}"),
        }
    }
}

/// A label selector: all its requirements must hold. Prints in canonical form.
///
/// ```
/// use k1s_runtime::api::LabelSelector;
/// let selector = LabelSelector::parse("app=web,tier in (front, back),!hidden")?;
/// let labels = [("app", "web"), ("tier", "back")].into();
/// assert!(selector.matches(&labels));
/// assert_eq!(selector.to_string(), "app=web,!hidden,tier in (back,front)");
/// # Ok::<(), k1s_runtime::api::selector::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LabelSelector {
    requirements: Vec<LabelRequirement>,
}

impl LabelSelector {
    /// Parses `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1,j<2`. The empty text selects everything.
    ///
    /// # Errors
    /// What kube-apiserver says of the text.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut lexer = Lexer::new(text);
        let mut requirements = Vec::new();
        loop {
            match lexer.peek_word() {
                (Token::Word | Token::Not, _) => {
                    requirements.push(requirement(&mut lexer).map_err(Error::Requirement)?);
                    match lexer.next_word() {
                        (Token::End, _) => break,
                        (Token::Comma, _) => match lexer.peek_word() {
                            (Token::Word | Token::Not, _) => {}
                            (_, found) => return Err(unexpected(found, "identifier after ','")),
                        },
                        (_, found) => return Err(unexpected(found, "',' or 'end of string'")),
                    }
                }
                (Token::End, _) => break,
                (_, found) => return Err(unexpected(found, "!, identifier, or 'end of string'")),
            }
        }
        requirements.sort_by(|a, b| a.key.cmp(&b.key));
        Ok(Self { requirements })
    }

    /// Whether everything is selected.
    pub fn is_empty(&self) -> bool {
        self.requirements.is_empty()
    }

    /// The conditions, by key.
    pub fn requirements(&self) -> &[LabelRequirement] {
        &self.requirements
    }

    /// Whether labels are selected.
    pub fn matches(&self, labels: &BTreeMap<&str, &str>) -> bool {
        self.matches_with(|key| labels.get(key).copied())
    }

    /// Whether labels that are looked up one by one are selected.
    pub fn matches_with<'v>(&self, label: impl Fn(&str) -> Option<&'v str>) -> bool {
        self.requirements.iter().all(|requirement| requirement.matches(label(&requirement.key)))
    }
}

impl fmt::Display for LabelSelector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, requirement) in self.requirements.iter().enumerate() {
            write!(f, "{}{requirement}", if index > 0 { "," } else { "" })?;
        }
        Ok(())
    }
}

impl std::str::FromStr for LabelSelector {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::parse(text)
    }
}

fn unexpected(found: &str, expected: &'static str) -> Error {
    Error::Unexpected { found: found.to_owned(), expected }
}

fn requirement(lexer: &mut Lexer<'_>) -> Result<LabelRequirement, String> {
    let negated = lexer.peek().0 == Token::Not;
    if negated {
        lexer.next();
    }
    let key = match lexer.next_word() {
        (Token::Word, key) => key,
        (_, found) => return Err(format!("found '{found}', expected: identifier")),
    };
    let faults = names::qualified_name(key);
    if !faults.is_empty() {
        return Err(FieldError::invalid("", key, faults.join("; ")).to_string());
    }
    if negated {
        return Ok(LabelRequirement {
            key: key.to_owned(),
            operator: Operator::DoesNotExist,
            values: Vec::new(),
        });
    }
    if matches!(lexer.peek_word().0, Token::End | Token::Comma) {
        return Ok(LabelRequirement { key: key.to_owned(), operator: Operator::Exists, values: Vec::new() });
    }
    let operator = match lexer.next() {
        (Token::In, _) => Operator::In,
        (Token::NotIn, _) => Operator::NotIn,
        (Token::Equals, _) => Operator::Equals,
        (Token::DoubleEquals, _) => Operator::DoubleEquals,
        (Token::NotEquals, _) => Operator::NotEquals,
        (Token::Greater, _) => Operator::GreaterThan,
        (Token::Less, _) => Operator::LessThan,
        (_, found) => return Err(format!("found '{found}', expected: in, notin, =, ==, !=, gt, lt")),
    };
    let values = match operator {
        Operator::In | Operator::NotIn => values(lexer)?,
        _ => exact_value(lexer)?,
    };
    check_values(key, operator, &values)?;
    Ok(LabelRequirement { key: key.to_owned(), operator, values })
}

fn check_values(key: &str, operator: Operator, values: &[String]) -> Result<(), String> {
    let mut errors = Vec::new();
    for (index, value) in values.iter().enumerate() {
        if matches!(operator, Operator::GreaterThan | Operator::LessThan) && value.parse::<i64>().is_err() {
            let words = "for 'Gt', 'Lt' operators, the value must be an integer";
            errors.push(FieldError::invalid(format!("values[{index}]"), value.as_str(), words).to_string());
        }
    }
    for (index, value) in values.iter().enumerate() {
        let faults = names::label_value(value);
        if !faults.is_empty() {
            let path = format!("values[{index}][{key}]");
            errors.push(FieldError::invalid(path, value.as_str(), faults.join("; ")).to_string());
        }
    }
    match errors.as_slice() {
        [] => Ok(()),
        [only] => Err(only.clone()),
        many => Err(format!("[{}]", many.join(", "))),
    }
}

fn exact_value(lexer: &mut Lexer<'_>) -> Result<Vec<String>, String> {
    if matches!(lexer.peek_word().0, Token::End | Token::Comma) {
        return Ok(vec![String::new()]);
    }
    match lexer.next_word() {
        (Token::Word, value) => Ok(vec![value.to_owned()]),
        (_, found) => Err(format!("found '{found}', expected: identifier")),
    }
}

/// A list of values in parentheses; a missing value is the empty one.
fn values(lexer: &mut Lexer<'_>) -> Result<Vec<String>, String> {
    match lexer.next_word() {
        (Token::Open, _) => {}
        (_, found) => return Err(format!("found '{found}' expected: '('")),
    }
    let mut values = BTreeSet::new();
    match lexer.peek_word() {
        (Token::Word | Token::Comma, _) => {}
        (Token::Close, _) => {
            lexer.next();
            return Ok(vec![String::new()]);
        }
        (_, found) => return Err(format!("found '{found}', expected: ',', ')' or identifier")),
    }
    loop {
        match lexer.next_word() {
            (Token::Word, value) => {
                values.insert(value.to_owned());
                match lexer.peek_word() {
                    (Token::Comma, _) => {}
                    (Token::Close, _) => break,
                    (_, found) => return Err(format!("found '{found}', expected: ',' or ')'")),
                }
            }
            (Token::Comma, _) => {
                if values.is_empty() {
                    values.insert(String::new());
                }
                match lexer.peek_word().0 {
                    Token::Close => {
                        values.insert(String::new());
                        break;
                    }
                    Token::Comma => {
                        lexer.next();
                        values.insert(String::new());
                    }
                    _ => {}
                }
            }
            (_, found) => return Err(format!("found '{found}', expected: ',', or identifier")),
        }
    }
    lexer.next();
    Ok(values.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        LabelSelector::parse(text)
            .map_or_else(|error| error.to_string(), |selector| format!("ok: {selector}"))
    }

    #[test]
    fn selectors_print_in_canonical_form() {
        let cases = [
            ("", ""),
            ("x", "x"),
            ("b==1 , !a", "!a,b==1"),
            ("a in (c,b,c)", "a in (b,c)"),
            ("a in ()", "a in ()"),
            ("a in (,b)", "a in (,b)"),
            ("a=", "a="),
            ("a=,b", "a=,b"),
            ("in in (notin)", "in in (notin)"),
            ("a>1,b<2", "a>1,b<2"),
        ];
        for (text, expected) in cases {
            assert_eq!(error(text), format!("ok: {expected}"));
        }
    }

    #[test]
    fn refusals_use_the_servers_words() {
        let cases = [
            ("a=b=c", "found '=', expected: ',' or 'end of string'"),
            ("a in b", "unable to parse requirement: found 'b' expected: '('"),
            ("x in", "unable to parse requirement: found '' expected: '('"),
            ("!!", "unable to parse requirement: found '!', expected: identifier"),
            (",", "found ',', expected: !, identifier, or 'end of string'"),
            ("a,", "found '', expected: identifier after ','"),
            ("a b", "unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt"),
            (
                "a>x",
                "unable to parse requirement: values[0]: Invalid value: \"x\": for 'Gt', 'Lt' operators, the value must be an integer",
            ),
            ("a in (b", "unable to parse requirement: found '', expected: ',' or ')'"),
        ];
        for (text, expected) in cases {
            assert_eq!(error(text), expected, "{text}");
        }
        assert!(
            error("-bad-=x")
                .starts_with("unable to parse requirement: <nil>: Invalid value: \"-bad-\": name part")
        );
        assert!(
            error("a=-")
                .starts_with("unable to parse requirement: values[0][a]: Invalid value: \"-\": a valid")
        );
    }

    #[test]
    fn absent_labels_match_negations_only() {
        let none = BTreeMap::new();
        let selects = |text: &str| LabelSelector::parse(text).unwrap().matches(&none);
        assert!(selects("a!=b") && selects("a notin (b)") && selects("!a") && selects(""));
        assert!(!selects("a=") && !selects("a in ()") && !selects("a") && !selects("a>1"));
        let five = [("n", "5")].into();
        assert!(LabelSelector::parse("n>4,n<6").unwrap().matches(&five));
    }
}
