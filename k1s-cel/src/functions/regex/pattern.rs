//! Compiled patterns.

use regex::{Regex, RegexBuilder};

use super::fault::Code;
use super::syntax::translate;
use crate::stack;
use crate::value::{Opaque, OpaqueValue};

/// The longest pattern that is read, in bytes: each may take a hundred times its size while it is compiled.
const MAX_PATTERN_BYTES: usize = 256 * 1024;

/// The largest program that a pattern may become, in bytes: less than a tenth of a second's work. Go allows 128 MiB, and needs less.
const MAX_PROGRAM_BYTES: usize = 16 * 1024 * 1024;

/// The same for patterns that come up while an expression is evaluated, which may be many.
const MAX_PROGRAM_BYTES_AT_RUN_TIME: usize = 2 * 1024 * 1024;

/// Levels of nesting that the regex crate counts, for each level and group of the pattern as given.
const LEVELS: u32 = 4;

/// Levels of nesting that a class may add.
const CLASS_LEVELS: u32 = 16;

/// Compiles a pattern in Go's syntax.
///
/// # Errors
///
/// What Go's `regexp.Compile` says of a pattern that it does not take, such as ``error parsing regexp: missing closing ): `a(` ``.
/// Patterns that Go takes but that are too large here are told as Go tells larger ones.
pub fn compile(pattern: &str) -> Result<Regex, String> {
    compile_within(pattern, MAX_PROGRAM_BYTES)
}

/// [`compile`] for patterns that come up while an expression is evaluated.
pub(super) fn compile_at_run_time(pattern: &str) -> Result<Regex, String> {
    compile_within(pattern, MAX_PROGRAM_BYTES_AT_RUN_TIME)
}

fn compile_within(pattern: &str, program_bytes: usize) -> Result<Regex, String> {
    let too_large = || Code::TooLarge.of(pattern).to_string();
    if pattern.len() > MAX_PATTERN_BYTES {
        return Err(too_large());
    }
    let translated = translate(pattern).map_err(|fault| fault.to_string())?;
    let groups = u32::try_from(translated.depth).unwrap_or(u32::MAX);
    let nesting = translated.height.saturating_add(groups).saturating_mul(LEVELS);
    let mut builder = RegexBuilder::new(&translated.pattern);
    builder.size_limit(program_bytes).nest_limit(nesting.saturating_add(CLASS_LEVELS));
    // The regex crate walks what it has parsed by recursion, but for groups, which are gone by then.
    stack::with_room(2 * translated.height, || builder.build()).map_err(|_| too_large())
}

/// A pattern that was compiled with the program, in the place of the literal that it was.
#[derive(Debug)]
pub(super) struct Pattern {
    source: Box<str>,
    pub(super) regex: Regex,
}

impl OpaqueValue for Pattern {
    fn type_name(&self) -> &'static str {
        "regex"
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get::<Self>().is_some_and(|other| self.source == other.source)
    }

    fn size(&self) -> Option<u64> {
        Some(self.source.chars().count() as u64)
    }
}

/// Compiles a literal pattern, for calls that then take it in place of the literal.
///
/// # Errors
///
/// As [`compile`].
pub(crate) fn compile_literal(pattern: &str) -> Result<Opaque, String> {
    Ok(Opaque::new(Pattern { source: pattern.into(), regex: compile(pattern)? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> Result<bool, String> {
        compile(pattern).map(|regex| regex.is_match(text))
    }

    #[test]
    fn patterns_match_as_in_go() {
        let cases = [
            (r"^\d{2,3}$", "١٢", false),
            (r"^\S+$", "a\u{a0}b", true),
            (r"\bfoo\b", "éfoo", true),
            (r"a\Bb", "ab", true),
            (r"^[\d\s]+$", "1 2", true),
            (r"^[^\D]+$", "12", true),
            (r"^[a[b]+$", "[ab", true),
            (r"^[a&&b]+$", "a&b", true),
            (r"^[a~~b&-]$", "~", true),
            (r"^[]a]+$", "]a", true),
            (r"^a{,2}$", "a{,2}", true),
            (r"^a{01}$", "a{01}", true),
            (r"^\Qa.b*\E+$", "a.b**", true),
            (r"^\101\x41\x{41}$", "AAA", true),
            (r"^[[:alnum:][:^digit:]]+$", "aZ9-", true),
            (r"^[+--]+$", "+,-", true),
            (r"^\p{L}\pN\P{^Lu}$", "日1A", true),
            (r"^\p{lowercase letter}\p{greek}$", "aα", true),
            (r"\p{Cs}|[\x{d800}-\x{dfff}]|\x{d800}", "a", false),
            (r"(?i)^k\w$", "\u{212a}\u{17f}", true),
            (r"(?i:a)b", "AB", false),
            (r"^(a(?i)b|c)d$", "Cd", true),
            (r"^(a(?i)b|c)d$", "CD", false),
            (r"^a(?i)*$", "aaa", true),
            (r"^a*\Q\E{2}$", "aaa", true),
            (r"(?s)^.$", "\n", true),
            (r"^.$", "\n", false),
            (r"a$", "a\n", false),
            (r"(?m)a$", "a\nb", true),
            (r"^(?P<n>a)(?P<n>b)(?<m>c)$", "abc", true),
            (r"^(|a)+$", "aa", true),
            (r"^#  [ #]$", "#   ", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(matches(pattern, text), Ok(expected), "{pattern} on {text:?}");
        }
    }

    #[test]
    fn what_ungreedy_flags_find() {
        let find = |pattern: &str| compile(pattern).map(|regex| regex.find("aaa").map(|found| found.len()));
        assert_eq!(find("(?U)a+"), Ok(Some(1)));
        assert_eq!(find("(?U)a+?"), Ok(Some(3)));
        assert_eq!(find("a+?"), Ok(Some(1)));
    }

    #[test]
    fn faults_are_told_as_in_go() {
        let cases = [
            ("a(", "missing closing ): `a(`"),
            ("a)", "unexpected ): `a)`"),
            ("x[a", "missing closing ]: `[a`"),
            ("a*?*", "invalid nested repetition operator: `*?*`"),
            ("a{2}{3}", "invalid nested repetition operator: `{2}{3}`"),
            ("(?i)*", "missing argument to repetition operator: `*`"),
            ("(|*)", "missing argument to repetition operator: `*`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("a{2,1}?", "invalid repeat count: `{2,1}`"),
            ("((a{10}){10}){11}", "invalid repeat count: `{11}`"),
            ("^(?!x)", "invalid or unsupported Perl syntax: `(?!`"),
            ("(?i-)a", "invalid or unsupported Perl syntax: `(?i-)`"),
            ("(?x", "invalid or unsupported Perl syntax: `(?x`"),
            ("(?<=a)", "invalid named capture: `(?<=a)`"),
            ("(?P<a b>x)", "invalid named capture: `(?P<a b>`"),
            (r"(a)\1", r"invalid escape sequence: `\1`"),
            (r"\x{110000}", r"invalid escape sequence: `\x{110000`"),
            (r"[\Q]", r"invalid escape sequence: `\Q`"),
            (r"a\", "trailing backslash at end of expression: ``"),
            ("[z-a]", "invalid character class range: `z-a`"),
            ("[[:foo:]]", "invalid character class range: `[:foo:]`"),
            (r"\p{Alphabetic}", r"invalid character class range: `\p{Alphabetic}`"),
        ];
        for (pattern, fault) in cases {
            let expected = format!("error parsing regexp: {fault}");
            assert_eq!(compile(pattern).err(), Some(expected), "{pattern}");
        }
        for fine in ["(a{0}){1000}", "((a{10}){10}){10}", "(?)a", r"\_", "[[:digit]", "x{2", r"\Q"] {
            assert!(compile(fine).is_ok(), "{fine}");
        }
    }

    #[test]
    fn sizes_are_limited() {
        let too_large = "error parsing regexp: expression too large: `\\pL{63}`";
        assert_eq!(compile_at_run_time(r"\pL{63}").err().as_deref(), Some(too_large));
        assert!(compile(r"\pL{63}").is_ok());
        assert!(compile(&"a".repeat(MAX_PATTERN_BYTES + 1)).is_err());
        assert!(
            compile(&format!("{}a{}", "(".repeat(450), ")*".repeat(450)))
                .is_ok_and(|regex| regex.is_match(""))
        );
        assert!(compile(&"(".repeat(2000)).is_err_and(|why| why.contains("too deeply")));
    }

    #[test]
    fn a_literal_is_as_large_as_its_source() {
        let literal = compile_literal("^é+$");
        assert_eq!(literal.map(|pattern| (pattern.type_name(), pattern.size())), Ok(("regex", Some(4))));
    }
}
