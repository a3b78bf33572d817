//! What is wrong with an expression, and where: the errors of parsing and checking, worded and laid out as cel-go prints them.

use std::fmt;

/// One complaint about an expression.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issue {
    /// The byte offset in the source that the complaint points at; none if it is about the whole.
    pub at: Option<u32>,
    /// What is wrong, in cel-go's words.
    pub message: String,
    /// What may have been meant. Not part of the text that kube-apiserver prints.
    pub hint: Option<String>,
}

/// Where an issue stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Location {
    /// The line, from 1.
    pub line: u32,
    /// The column, from 1, in code points.
    pub column: u32,
}

/// The complaints about one expression, in the order of their places. Never empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issues {
    source: Box<str>,
    issues: Vec<Issue>,
    /// How many more there were.
    truncated: usize,
}

impl std::error::Error for Issues {}

impl Issues {
    /// The complaints about `source`, in the order in which they were found: the first hundred are kept, by their places.
    pub(crate) fn new(source: &str, mut issues: Vec<Issue>) -> Self {
        debug_assert!(!issues.is_empty(), "a failure says why");
        let truncated = issues.len().saturating_sub(MAX_ISSUES);
        issues.truncate(MAX_ISSUES);
        issues.sort_by_key(|issue| issue.at);
        Self { source: source.into(), issues, truncated }
    }

    /// The complaints.
    pub fn iter(&self) -> impl Iterator<Item = &Issue> {
        self.issues.iter()
    }

    /// How many complaints there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.issues.len()
    }

    /// Whether there is none; never true.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.issues.is_empty()
    }

    /// The expression that the complaints are about.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Where a complaint stands.
    #[must_use]
    pub fn location(&self, issue: &Issue) -> Option<Location> {
        issue.at.map(|at| locate(&self.source, at).0)
    }

    /// The complaints as [`fmt::Display`] prints them, each with its hint on a line of its own.
    #[must_use]
    pub fn with_hints(&self) -> String {
        let mut out = String::new();
        for issue in &self.issues {
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&self.render(issue));
            if let Some(hint) = &issue.hint {
                out.push_str("\n | hint: ");
                out.push_str(hint);
            }
        }
        out
    }

    fn render(&self, issue: &Issue) -> String {
        let Some(at) = issue.at else {
            return format!("ERROR: <input>:-1:0: {}", issue.message);
        };
        let (place, line) = locate(&self.source, at);
        let column = place.column as usize;
        let mut out = format!(
            "ERROR: <input>:{}:{}: {}\n | {}\n | ",
            place.line,
            column,
            issue.message,
            line.replace('\t', " ")
        );
        // cel-go widens dots and caret where the line has wide characters, so that they stay under one another.
        for character in line.chars().take(column - 1) {
            out.push(if character.is_ascii() || character.len_utf8() < 2 { '.' } else { '\u{ff0e}' });
        }
        let under = line.chars().nth(column - 1);
        out.push(if under.is_none_or(|character| character.len_utf8() < 2) { '^' } else { '\u{ff3e}' });
        out
    }
}

impl fmt::Display for Issues {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, issue) in self.issues.iter().enumerate() {
            if index > 0 {
                f.write_str("\n")?;
            }
            f.write_str(&self.render(issue))?;
        }
        if self.truncated > 0 {
            write!(f, "\n{} more errors were truncated", self.truncated)?;
        }
        Ok(())
    }
}

/// How many complaints are kept.
const MAX_ISSUES: usize = 100;

/// The line and column of a byte offset, and the text of its line.
fn locate(source: &str, at: u32) -> (Location, &str) {
    let mut at = (at as usize).min(source.len());
    while !source.is_char_boundary(at) {
        at -= 1;
    }
    let start = source[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = source[at..].find('\n').map_or(source.len(), |newline| at + newline);
    let line = source[..start].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = source[start..at].chars().count() + 1;
    let place = Location {
        line: u32::try_from(line).unwrap_or(u32::MAX),
        column: u32::try_from(column).unwrap_or(u32::MAX),
    };
    (place, &source[start..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issue_is_shown_with_its_line_and_a_caret() {
        let issues = Issues::new("a &&\n b", vec![Issue { at: Some(6), message: "no b".into(), hint: None }]);
        assert_eq!(issues.to_string(), "ERROR: <input>:2:2: no b\n |  b\n | .^");
    }

    #[test]
    fn the_first_hundred_are_shown() {
        let issues = (0..102).map(|_| Issue { at: Some(0), message: "no".into(), hint: None }).collect();
        let shown = Issues::new("a", issues).to_string();
        assert_eq!(shown.matches("ERROR").count(), 100);
        assert!(shown.ends_with("\n2 more errors were truncated"));
    }

    #[test]
    fn an_issue_of_the_whole_has_no_line() {
        let issues =
            Issues::new("a", vec![Issue { at: None, message: "too deep".into(), hint: Some("less".into()) }]);
        assert_eq!(issues.to_string(), "ERROR: <input>:-1:0: too deep");
        assert_eq!(issues.with_hints(), "ERROR: <input>:-1:0: too deep\n | hint: less");
    }
}
