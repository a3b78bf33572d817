//! A comparison, written down: for people, for programs, for pull requests.

mod github;
mod json;
mod markdown;
mod text;

use std::io::{self, Write};

use super::change::{Change, Comparison, KindChanges};
use super::rules::Class;

/// How a comparison is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal: kind by kind and version by version, with places and reasons.
    #[default]
    Text,
    /// One JSON value with everything.
    Json,
    /// For a comment on a pull request.
    Markdown,
    /// Annotations of GitHub Actions.
    Github,
}

/// What of a comparison is written.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// How.
    pub format: Format,
    /// The least class that is shown. Default: all. [`Format::Json`] has all in any case.
    pub show: Class,
    /// The least class that fails; `None` if none does. Says what is an error among annotations.
    pub fail_on: Option<Class>,
}

impl Default for Options {
    fn default() -> Self {
        Self { format: Format::Text, show: Class::Safe, fail_on: Some(Class::Breaking) }
    }
}

/// Writes a comparison.
///
/// # Errors
/// The stream's.
pub fn write(comparison: &Comparison, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    match options.format {
        Format::Text => text::write(comparison, options, out)?,
        Format::Json => json::write(comparison, out)?,
        Format::Markdown => markdown::write(comparison, options, out)?,
        Format::Github => github::write(comparison, options, out)?,
    }
    out.flush()
}

/// The changes of a kind that are shown, with those of one version together.
fn by_version<'c>(kind: &'c KindChanges, options: &Options) -> Vec<(Option<&'c str>, Vec<&'c Change>)> {
    let mut groups: Vec<(Option<&str>, Vec<&Change>)> = Vec::new();
    for change in kind.changes.iter().filter(|change| change.class() >= options.show) {
        let version = change.version.as_deref();
        match groups.iter_mut().find(|(present, _)| *present == version) {
            Some((_, changes)) => changes.push(change),
            None => groups.push((version, vec![change])),
        }
    }
    for (_, changes) in &mut groups {
        // The worst first; what is of one class stays in the order of the schema.
        changes.sort_by_key(|change| std::cmp::Reverse(change.class()));
    }
    groups
}

/// Text in which nothing can steer a terminal or pretend to be another line.
fn visible(text: &str) -> String {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if is_hidden(c) {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        assert_eq!(visible("é\u{1b}[31m\n\u{202e}x"), "é\\u{1b}[31m\\n\\u{202e}x");
    }
}
