//! For a comment on a pull request.

use std::io::{self, Write};

use super::super::change::{Change, Comparison};
use super::super::rules::Class;
use super::{Options, by_version, visible};

pub(super) fn write(comparison: &Comparison, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let summary = comparison.summary();
    let verdict = match comparison.worst() {
        None => "No changes of the API",
        Some(Class::Breaking) => "The API changes, and breaks",
        Some(Class::Compatible) => "The API changes, compatibly",
        Some(Class::Safe) => "The API stays as it is",
    };
    writeln!(out, "### {verdict}\n\n{summary}.")?;
    for kind in &comparison.kinds {
        for (version, changes) in by_version(kind, options) {
            let version = version.map(|version| format!(" {}", code(version))).unwrap_or_default();
            writeln!(out, "\n#### {}{version}\n", code(&kind.name))?;
            let (quiet, loud): (Vec<&Change>, Vec<&Change>) =
                changes.into_iter().partition(|change| change.class() == Class::Safe);
            table(&loud, out)?;
            if !quiet.is_empty() {
                let count = quiet.len();
                let plural = if count == 1 { "change" } else { "changes" };
                writeln!(out, "<details><summary>{count} safe {plural}</summary>\n")?;
                table(&quiet, out)?;
                writeln!(out, "</details>")?;
            }
        }
    }
    Ok(())
}

fn table(changes: &[&Change], out: &mut dyn Write) -> io::Result<()> {
    if changes.is_empty() {
        return Ok(());
    }
    writeln!(out, "| | field | change | why |\n| --- | --- | --- | --- |")?;
    for change in changes {
        let field = if change.field.is_empty() { String::new() } else { code(&change.field) };
        let class = match change.class() {
            Class::Breaking => "**breaking**",
            other => other.as_str(),
        };
        let mut what = escaped(change.rule.title);
        let values =
            [&change.from, &change.to].map(|value| value.as_ref().map(|value| code(&value.to_string())));
        if !change.what.is_empty() {
            what.push_str(&format!(": {}", code(&change.what)));
        }
        match values {
            [None, None] => {}
            [Some(value), None] | [None, Some(value)] => what.push_str(&format!(" {value}")),
            [Some(from), Some(to)] => what.push_str(&format!(" {from} → {to}")),
        }
        if let Some(place) = change.place() {
            what.push_str(&format!("<br>{}", code(&place.to_string())));
        }
        let mut why = change.rule.reason.to_owned();
        if let Some(detail) = &change.detail {
            why.push_str(&format!(". {}", escaped(detail)));
        }
        writeln!(out, "| {class} | {field} | {what} | {why} |")?;
    }
    writeln!(out)
}

/// Text of which Markdown shows every character, in a cell of a table.
fn escaped(text: &str) -> String {
    let mut shown = String::new();
    for c in visible(text).chars() {
        if matches!(c, '\\' | '|' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '&' | '@') {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// Text as code. What is long is cut.
fn code(text: &str) -> String {
    const LIMIT: usize = 100;
    let text = visible(text);
    let text = match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    };
    // A cell ends at a bar even in code, unless it is escaped.
    let text = text.replace('|', "\\|");
    if text.contains('`') { format!("`` {text} ``").replace("```", "`` `") } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_cell() {
        assert_eq!(code("a|b\nc"), "`a\\|b\\nc`");
        assert_eq!(code("a`b"), "`` a`b ``");
        assert_eq!(escaped("<b> | @all"), "\\<b\\> \\| \\@all");
    }
}
