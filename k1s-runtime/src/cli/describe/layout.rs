//! A page of lines whose tab-separated cells are aligned in columns, two spaces apart.

use std::io::Write;

use tabwriter::TabWriter;

/// Longest line of an annotation.
const MAX_ANNOTATION: usize = 140;

/// Annotations that are not for people to read.
const HIDDEN_ANNOTATION: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Text under construction.
#[derive(Default)]
pub(super) struct Page {
    done: String,
    open: String,
}

impl Page {
    /// Adds text at a level of indentation. Tabs end cells, line feeds end lines.
    pub(super) fn write(&mut self, level: usize, text: &str) {
        self.open.push_str(&"  ".repeat(level));
        for c in text.chars() {
            match c {
                // Nothing in an object may steer the terminal.
                '\u{1b}' => self.open.push_str("^["),
                '\r' => self.open.push_str("\\r"),
                c => self.open.push(c),
            }
        }
    }

    /// Ends the columns: what follows is aligned on its own.
    pub(super) fn break_columns(&mut self) {
        self.done.push_str(&align(&std::mem::take(&mut self.open)));
    }

    /// The aligned text.
    pub(super) fn finish(mut self) -> String {
        self.break_columns();
        self.done
    }

    /// Labels, one a line.
    pub(super) fn labels<'a>(&mut self, title: &str, labels: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let lines = labels.into_iter().map(|(key, value)| format!("{key}={value}\n"));
        self.titled(title, &lines.collect::<Vec<_>>());
    }

    /// Annotations, one a line; long ones and those of several lines below their key, shortened.
    pub(super) fn annotations<'a>(&mut self, title: &str, all: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let shown = all.into_iter().filter(|(key, _)| *key != HIDDEN_ANNOTATION);
        let lines = shown.map(|(key, value)| {
            let value = value.strip_suffix('\n').unwrap_or(value);
            if value.len() + key.len() + 2 <= MAX_ANNOTATION && !value.contains('\n') {
                return format!("{key}: {value}\n");
            }
            let lines: String = value
                .split('\n')
                .map(|line| format!("\t  {}\n", shorten(line, MAX_ANNOTATION - 2)))
                .collect();
            format!("{key}:\n{lines}")
        });
        self.titled(title, &lines.collect::<Vec<_>>());
    }

    fn titled(&mut self, title: &str, lines: &[String]) {
        self.write(0, &format!("{title}:\t"));
        if lines.is_empty() {
            self.write(0, "<none>\n");
        }
        self.write(0, &lines.join("\t"));
    }
}

fn shorten(line: &str, limit: usize) -> String {
    if line.len() <= limit {
        return line.to_owned();
    }
    format!("{}...", &line[..line.floor_char_boundary(limit)])
}

fn align(text: &str) -> String {
    let mut writer = TabWriter::new(Vec::new()).minwidth(0).padding(2);
    let written = writer.write_all(text.as_bytes()).is_ok() && writer.flush().is_ok();
    // Writing to memory does not fail; unaligned text is better than none all the same.
    let aligned =
        writer.into_inner().ok().filter(|_| written).and_then(|bytes| String::from_utf8(bytes).ok());
    aligned.unwrap_or_else(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adjacent_lines_share_columns() {
        let mut page = Page::default();
        page.write(0, "Name:\ta\n");
        page.write(0, "Namespace:\t\n");
        page.write(0, "Metadata:\n");
        page.write(1, "UID:\tx\n");
        assert_eq!(page.finish(), "Name:       a\nNamespace:  \nMetadata:\n  UID:  x\n");
    }

    #[test]
    fn annotations_are_shortened_and_controls_made_visible() {
        let mut page = Page::default();
        let long = "x".repeat(200);
        page.annotations(
            "Annotations",
            [("a", "b\u{1b}["), (HIDDEN_ANNOTATION, "{}"), ("l", long.as_str()), ("m", "1\n2\n")],
        );
        let expected = format!(
            "Annotations:  a: b^[[\n              l:\n                {}...\n              m:\n                1\n                2\n",
            "x".repeat(138)
        );
        assert_eq!(page.finish(), expected);
        let mut page = Page::default();
        page.annotations("Annotations", [(HIDDEN_ANNOTATION, "{}")]);
        assert_eq!(page.finish(), "Annotations:  <none>\n");
    }
}
