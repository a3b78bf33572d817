//! Replaces what differs from run to run by placeholders: ages, times, uids, resourceVersions, temporary files and the
//! heads of log lines.
//!
//! Recordings went through the same rules. They are applied to both sides all the same, so that user data that looks
//! like an age compares equal to itself.

use std::borrow::Cow;

use jiff::{SignedDuration, Timestamp};
use regex::{Captures, Regex};

use super::Error;

/// How far from now a time may be and still be taken for one that the program made.
const RECENT: SignedDuration = SignedDuration::from_hours(24);

/// The compiled rules.
#[derive(Debug)]
pub struct Normaliser {
    time: Regex,
    uid: Regex,
    version: Regex,
    log: Regex,
    edit: Regex,
    age: Regex,
    now: Timestamp,
}

impl Normaliser {
    /// Compiles the rules; times around `now` are replaced, others are user data.
    ///
    /// # Errors
    /// Never, unless a rule is mistyped.
    pub fn new(now: Timestamp) -> Result<Self, Error> {
        Ok(Self {
            time: Regex::new(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")?,
            uid: Regex::new(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")?,
            version: Regex::new(r#"(resourceVersion(?:\\*")?: ?(?:\\*")?|Resource Version: +)\d+"#)?,
            log: Regex::new(r"(?m)^([IWEF])\d{4} \d\d:\d\d:\d\d\.\d+ +\d+ ")?,
            edit: Regex::new(r#""[^"]*/([a-z]+-edit-)[A-Za-z0-9]+\.(yaml|json)""#)?,
            age: Regex::new(r"^(?:\d+y)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?$")?,
            now,
        })
    }

    /// The text with placeholders.
    pub fn apply(&self, text: &str) -> String {
        let text = self.time.replace_all(text, |found: &Captures<'_>| {
            if self.is_recent(&found[0]) { "<time>".to_owned() } else { found[0].to_owned() }
        });
        let text = self.uid.replace_all(&text, "<uid>");
        let text = self.version.replace_all(&text, "$1<rv>");
        let text = self.log.replace_all(&text, "$1<klog> ");
        let text = self.edit.replace_all(&text, "\"/tmp/$1<n>.$2\"");
        self.ages(&text)
    }

    fn is_recent(&self, time: &str) -> bool {
        time.parse::<Timestamp>().is_ok_and(|time| time.duration_since(self.now).abs() < RECENT)
    }

    /// Ages in tables and in the events of a description. Under a header an age keeps the width of its cell.
    fn ages(&self, text: &str) -> String {
        let mut lines = Vec::new();
        let (mut block_start, mut header, mut events) = (true, false, false);
        for line in text.split('\n') {
            if line.is_empty() {
                (block_start, events) = (true, false);
                lines.push(Cow::Borrowed(line));
                continue;
            }
            if block_start {
                header = is_header(line);
            }
            block_start = false;
            lines.push(if events {
                Cow::Owned(collapse(&self.ages_of_line(line, false)))
            } else {
                Cow::Owned(self.ages_of_line(line, header))
            });
            events = events || line == "Events:";
        }
        lines.join("\n")
    }

    fn ages_of_line(&self, line: &str, keep_width: bool) -> String {
        let mut out = String::with_capacity(line.len());
        let mut rest = line;
        while !rest.is_empty() {
            let word_end = rest.find(' ').unwrap_or(rest.len());
            let (word, tail) = rest.split_at(word_end);
            let gap = tail.len() - tail.trim_start_matches(' ').len();
            rest = &tail[gap..];
            if !word.is_empty() && self.age.is_match(word) {
                out.push_str("<age>");
                let width = if keep_width { (word.len() + gap).saturating_sub(5).max(1) } else { gap };
                out.push_str(&" ".repeat(if rest.is_empty() { 0 } else { width }));
            } else {
                match word.strip_suffix(')').filter(|word| !word.is_empty() && self.age.is_match(word)) {
                    Some(_) => out.push_str("<age>)"),
                    None => out.push_str(word),
                }
                out.push_str(&tail[..gap]);
            }
        }
        out
    }
}

/// A table's header has no lower-case letter.
fn is_header(line: &str) -> bool {
    line.starts_with(|first: char| first.is_ascii_uppercase()) && !line.contains(|c: char| c.is_lowercase())
}

/// Runs of spaces after the indent become two.
pub(super) fn collapse(line: &str) -> String {
    let body = line.trim_start_matches(' ');
    let mut out = line[..line.len() - body.len()].to_owned();
    let mut spaces = 0;
    for c in body.chars() {
        if c == ' ' {
            spaces += 1;
            continue;
        }
        out.push_str(&" ".repeat(spaces.min(2)));
        spaces = 0;
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(text: &str) -> String {
        Normaliser::new("2024-05-06T07:08:09Z".parse().unwrap()).unwrap().apply(text)
    }

    #[test]
    fn ages_keep_the_width_of_their_column_below_a_header() {
        assert_eq!(apply("RESTOCK   AGE   X\n25y       5s    b\n"), "RESTOCK   AGE   X\n<age>     <age> b\n");
        assert_eq!(apply("NAME   AGE   X\na      5s    \n"), "NAME   AGE   X\na      <age>\n");
        assert_eq!(apply("b   25y   3m5s\n"), "b   <age>   <age>\n");
        assert_eq!(
            apply("LAST SEEN          TYPE\n25y (x4 over 3d)   Normal\n"),
            "LAST SEEN          TYPE\n<age> (x4 over <age>)   Normal\n"
        );
    }

    #[test]
    fn events_of_a_description_lose_their_columns() {
        assert_eq!(
            apply("Events:\n  Type     Reason  Age\n  Normal   Made    5s\n"),
            "Events:\n  Type  Reason  Age\n  Normal  Made  <age>\n"
        );
    }

    #[test]
    fn recent_times_and_identities_become_placeholders() {
        assert_eq!(
            apply(r#"a: "2024-05-06T00:00:00Z" 2001-02-03T04:05:06Z"#),
            r#"a: "<time>" 2001-02-03T04:05:06Z"#
        );
        assert_eq!(apply(r#"{\"resourceVersion\":\"12\"}"#), r#"{\"resourceVersion\":\"<rv>\"}"#);
        assert_eq!(
            apply("resourceVersion: \"12\"\nResource Version:    7"),
            "resourceVersion: \"<rv>\"\nResource Version:    <rv>"
        );
        assert_eq!(apply("uid: 01234567-89ab-cdef-0123-456789abcdef"), "uid: <uid>");
        assert_eq!(apply("E0102 03:04:05.678901   12345 run.go:72] x"), "E<klog> run.go:72] x");
        assert_eq!(apply("\"/any/folder/kubectl-edit-aB9.yaml\""), "\"/tmp/kubectl-edit-<n>.yaml\"");
    }
}
