//! What a comment says: `k1s-gen:ignore[required, cel] reason`.

use crate::validate::rules;

/// What a comment of ours starts with.
pub(super) const MARK: &str = "k1s-gen:";

/// How far a comment reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// The line it stands in, or the next one that has something in it.
    Line,
    /// Its document.
    Document,
    /// The whole file.
    File,
}

const WORDS: [(&str, Reach); 3] =
    [("ignore", Reach::Line), ("ignore-document", Reach::Document), ("ignore-file", Reach::File)];

/// A comment that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Directive {
    pub(super) reach: Reach,
    /// The rules to ignore, each with its place and length in the comment in characters; none for all.
    pub(super) rules: Vec<Named>,
}

/// A rule by its name.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) rule: &'static str,
    pub(super) offset: usize,
    pub(super) length: usize,
}

/// What is wrong with a comment of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Where in the comment, in characters.
    pub(super) offset: usize,
    /// How many characters.
    pub(super) length: usize,
    pub(super) message: String,
    pub(super) hint: String,
}

/// A comment's text, read from left to right.
struct Reader<'t> {
    rest: &'t str,
    offset: usize,
}

impl<'t> Reader<'t> {
    fn take(&mut self, bytes: usize) -> &'t str {
        let (taken, rest) = self.rest.split_at(bytes);
        self.offset += taken.chars().count();
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, fits: impl Fn(char) -> bool) -> &'t str {
        self.take(self.rest.find(|character| !fits(character)).unwrap_or(self.rest.len()))
    }
}

/// Reads what follows a `#`. `None` if the comment is not for us; else the directive, or the faults of it, or both.
pub(super) fn parse(comment: &str) -> Option<(Option<Directive>, Vec<Fault>)> {
    let mut reader = Reader { rest: comment, offset: 0 };
    reader.take_while(|character| character == '#' || character.is_whitespace());
    if !reader.rest.starts_with(MARK) {
        return None;
    }
    let start = reader.offset;
    reader.take(MARK.len());
    let word = reader.take_while(|character| character.is_alphanumeric() || matches!(character, '-' | '_'));
    let Some((_, reach)) = WORDS.iter().find(|(name, _)| *name == word) else {
        let hint = match rules::nearest_of(word, WORDS.iter().map(|(name, _)| *name)) {
            Some(near) => format!("did you mean {MARK}{near}?"),
            None => format!("there are {MARK}ignore, {MARK}ignore-document and {MARK}ignore-file"),
        };
        let message = format!("unknown comment {MARK}{word}");
        let fault = Fault { offset: start, length: reader.offset - start, message, hint };
        return Some((None, vec![fault]));
    };
    reader.take_while(|character| character == ' ' || character == '\t');
    if !reader.rest.starts_with('[') {
        return Some((Some(Directive { reach: *reach, rules: Vec::new() }), Vec::new()));
    }
    let open = reader.offset;
    reader.take(1);
    let Some(close) = reader.rest.find(']') else {
        let fault = Fault {
            offset: open,
            length: 1,
            message: "the list of rules is not closed".to_owned(),
            hint: format!("write {MARK}{word}[RULE, …]"),
        };
        return Some((None, vec![fault]));
    };
    let (rules, faults) = names(&reader.rest[..close], reader.offset);
    // A list of which nothing is left must not become one of everything.
    let directive = (!rules.is_empty()).then_some(Directive { reach: *reach, rules });
    Some((directive, faults))
}

/// The rules of a list that starts at an offset.
fn names(list: &str, mut offset: usize) -> (Vec<Named>, Vec<Fault>) {
    let (mut rules, mut faults) = (Vec::new(), Vec::new());
    for part in list.split(',') {
        let name = part.trim();
        let start = offset + part.chars().take_while(|character| character.is_whitespace()).count();
        offset += part.chars().count() + 1;
        let length = name.chars().count();
        let (message, hint) = match rules::find(name) {
            Some(rule) if rule.ignorable => {
                rules.push(Named { rule: rule.name, offset: start, length });
                continue;
            }
            Some(rule) => (format!("rule {} cannot be ignored", rule.name), rule.help.to_owned()),
            None if name.is_empty() => (
                "a rule is missing".to_owned(),
                format!("name one, or write {MARK}ignore without brackets for all"),
            ),
            None => {
                let hint = match rules::nearest(name) {
                    Some(near) => format!("did you mean {near}?"),
                    None => "see the table of rules in docs/validate.md".to_owned(),
                };
                (format!("unknown rule {name}"), hint)
            }
        };
        faults.push(Fault { offset: start, length: length.max(1), message, hint });
    }
    (rules, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(comment: &str) -> Vec<&'static str> {
        let (directive, faults) = parse(comment).unwrap();
        assert_eq!(faults, [], "{comment}");
        directive.unwrap().rules.iter().map(|named| named.rule).collect()
    }

    fn fault(comment: &str) -> (usize, usize, String, String) {
        let (_, mut faults) = parse(comment).unwrap();
        let Fault { offset, length, message, hint } = faults.remove(0);
        (offset, length, message, hint)
    }

    #[test]
    fn rules_and_reasons_are_told_apart() {
        assert_eq!(rules(" k1s-gen:ignore"), [""; 0]);
        assert_eq!(rules("k1s-gen:ignore[cel]"), ["cel"]);
        assert_eq!(rules("# k1s-gen:ignore [ required , cel ] as [agreed]"), ["required", "cel"]);
        assert_eq!(rules(" k1s-gen:ignore-file[cel] why"), ["cel"]);
        assert_eq!(rules(" k1s-gen:ignore because"), [""; 0]);
        assert_eq!(parse(" k1s-gen:ignore-document").unwrap().0.unwrap().reach, Reach::Document);
    }

    #[test]
    fn other_comments_are_none_of_ours() {
        assert_eq!(parse(""), None);
        assert_eq!(parse(" see k1s-gen:ignore"), None);
        assert_eq!(parse(" k1s-gen is fine"), None);
    }

    #[test]
    fn faults_say_where_and_what_was_meant() {
        assert_eq!(
            fault(" k1s-gen:ingore"),
            (1, 14, "unknown comment k1s-gen:ingore".into(), "did you mean k1s-gen:ignore?".into())
        );
        assert_eq!(
            fault(" k1s-gen:ignore[cel, requird]"),
            (21, 7, "unknown rule requird".into(), "did you mean required?".into())
        );
        assert_eq!(fault(" k1s-gen:ignore[]").2, "a rule is missing");
        assert_eq!(fault(" k1s-gen:ignore[cel").2, "the list of rules is not closed");
        assert_eq!(fault(" k1s-gen:ignore[yaml-syntax]").2, "rule yaml-syntax cannot be ignored");
        assert_eq!(fault(" k1s-gen:").2, "unknown comment k1s-gen:");
        // What was understood of a list counts; a list of nothing ignores nothing.
        assert_eq!(parse(" k1s-gen:ignore[cel, nix]").unwrap().0.unwrap().rules.len(), 1);
        assert_eq!(parse(" k1s-gen:ignore[nix]").unwrap().0, None);
    }
}
