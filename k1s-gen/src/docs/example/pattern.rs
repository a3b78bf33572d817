//! A text that matches a regular expression.

use k1s_runtime::schema::Structural;
use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::json;

/// How often what may be repeated without end is repeated, at the first and at later attempts.
const REPEATS: [u32; 6] = [1, 2, 4, 8, 16, 32];

/// Most bytes of a text.
const MAX_BYTES: usize = 512;

/// The first of some words, or else of some texts made for it, that matches a pattern and fits.
pub(super) fn matching<const N: usize>(
    pattern: &str,
    words: [&str; N],
    fits: impl Fn(&String) -> bool,
) -> Option<String> {
    let schema = Structural::from_openapi(&json!({"type": "string", "pattern": pattern})).ok()?;
    let schema = k1s_runtime::schema::CompiledSchema::of(Structural {
        properties: [("text".to_owned(), schema)].into(),
        ..Structural::default()
    });
    // The schema judges, as its patterns are Go's.
    let matches = |text: &String| {
        let mut object = serde_json::Map::new();
        object.insert("text".to_owned(), text.as_str().into());
        schema.validate(&object, None, k1s_runtime::schema::Part::Whole).is_empty()
    };
    let made = regex_syntax::parse(pattern).ok();
    let made = made.iter().flat_map(|hir| {
        REPEATS.map(|repeats| Maker { text: String::new(), made: [0; 3], repeats }.make(hir))
    });
    words.into_iter().map(str::to_owned).chain(made.flatten()).find(|text| fits(text) && matches(text))
}

struct Maker {
    text: String,
    /// How many characters were made of each alphabet.
    made: [usize; 3],
    repeats: u32,
}

impl Maker {
    fn make(mut self, hir: &Hir) -> Option<String> {
        self.put(hir)?;
        Some(self.text)
    }

    /// Appends a text for a part of the pattern. `None` if it grows too long, or there is none.
    fn put(&mut self, hir: &Hir) -> Option<()> {
        if self.text.len() > MAX_BYTES {
            return None;
        }
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => {
                let c = self.choose(class)?;
                self.text.push(c);
            }
            HirKind::Repetition(repetition) => {
                let least = match repetition.max {
                    Some(1) => repetition.min,
                    Some(most) => repetition.min.max(self.repeats).min(most),
                    None => repetition.min.max(self.repeats),
                };
                for _ in 0..least {
                    self.put(&repetition.sub)?;
                }
            }
            HirKind::Capture(capture) => self.put(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.put(part))?,
            HirKind::Alternation(parts) => self.put(parts.first()?)?,
        }
        Some(())
    }

    /// A character of a class that is easy to read, another one each time.
    fn choose(&mut self, class: &Class) -> Option<char> {
        let Class::Unicode(class) = class else { return None };
        let ranges = class.ranges();
        let holds = |c: char| ranges.iter().any(|range| range.start() <= c && c <= range.end());
        let alphabets = ['a'..='z', 'A'..='Z', '0'..='9'];
        for (alphabet, made) in alphabets.into_iter().zip(&mut self.made) {
            let known: Vec<char> = alphabet.filter(|c| holds(*c)).collect();
            // Numbers do not begin with a zero.
            let start = usize::from(known.first() == Some(&'0'));
            if !known.is_empty() {
                *made += 1;
                return known.get((*made - 1 + start) % known.len()).copied();
            }
        }
        ranges.first().map(regex_syntax::hir::ClassUnicodeRange::start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(pattern: &str) -> Option<String> {
        matching(pattern, ["example", "shelf"], |_| true)
    }

    #[test]
    fn texts_match() {
        assert_eq!(found("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$").as_deref(), Some("example"));
        assert_eq!(found("^shelf$").as_deref(), Some("shelf"));
        assert_eq!(found("^[0-9]{13}$").as_deref(), Some("1234567890123"));
        assert_eq!(found("^(v|w)[0-9]+\\.[0-9]+$").as_deref(), Some("v1.2"));
        assert_eq!(found("^#[^a-zA-Z0-9]$").map(|text| text.chars().count()), Some(2));
        assert_eq!(found(""), Some("example".to_owned()));
    }

    #[test]
    fn what_cannot_be_found_is_not_made_up() {
        assert_eq!(found("("), None);
        assert_eq!(found("^[0-9]{1000}$"), None);
        assert_eq!(found("^$x"), None);
        assert_eq!(matching("^[a-z]{3,5}$", ["x"], |text| text.len() == 4).as_deref(), Some("abcd"));
    }
}
