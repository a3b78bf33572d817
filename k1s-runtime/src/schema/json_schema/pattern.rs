//! Go's regular expressions in the syntax of ECMAScript.
//!
//! Most need no change. What only Go has (`(?i)`, `\pL`, `[[:alpha:]]`, `\A`, …) is read by `k1s-cel` and written anew. Rare
//! white space, of which `.` and `\s` think differently in the two languages, is not looked after.

use k1s_cel::functions::regex::compile;
use regex_syntax::hir::{Class, Hir, HirKind, Look, Repetition};

/// How long a pattern may be, before and after, when it has to be written anew; in bytes. A class like `\pL` has thousands.
const MAX_LENGTH: usize = 1 << 16;

/// The pattern in ECMAScript's syntax, valid in its Unicode mode. `None` if it is no regular expression, or cannot be said there.
pub(super) fn ecma(source: &str) -> Option<String> {
    if source.len() > MAX_LENGTH {
        return None;
    }
    let compiled = compile(source).ok()?;
    if is_common(source) {
        return Some(source.to_owned());
    }
    let hir = regex_syntax::parse(compiled.as_str()).ok()?;
    let mut out = String::new();
    write(&hir, &mut out)?;
    Some(out)
}

/// Whether Go and ECMAScript read a (valid) pattern alike.
fn is_common(source: &str) -> bool {
    let mut rest = source;
    let mut class: Option<&str> = None;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let mut taken = c.len_utf8();
        match (c, class) {
            ('\\', _) => {
                let Some(escaped) = after.chars().next() else { return false };
                let set = matches!(escaped, 'd' | 'D' | 'w' | 'W' | 's' | 'S');
                let common = set
                    || matches!(escaped, 'n' | 'r' | 't' | 'f' | 'v')
                    || (class.is_none() && matches!(escaped, 'b' | 'B'))
                    || (class.is_some() && escaped == '-')
                    || "^$\\.*+?()[]{}|/".contains(escaped);
                // A set is no end of a range.
                if !common || (set && class.is_some() && after[1..].starts_with('-')) {
                    return false;
                }
                taken += escaped.len_utf8();
            }
            ('[', None) => {
                let inside = after.strip_prefix('^').unwrap_or(after);
                if inside.starts_with(']') {
                    return false;
                }
                taken += after.len() - inside.len();
                class = Some(inside);
            }
            ('[', Some(_)) => return false,
            ('-', Some(_))
                if after.starts_with('\\') && after[1..].starts_with(['d', 'D', 'w', 'W', 's', 'S']) =>
            {
                return false;
            }
            (']', Some(_)) => class = None,
            (']' | '}', None) => return false,
            ('(', None) if after.starts_with('?') && !after.starts_with("?:") => return false,
            ('{', None) => {
                if !is_repetition(after) {
                    return false;
                }
                taken += after.find('}').map_or(0, |end| end + 1);
            }
            _ => {}
        }
        rest = &rest[taken..];
    }
    true
}

/// Whether what follows a `{` makes it a repetition: `2}`, `2,}`, `2,3}`.
fn is_repetition(after: &str) -> bool {
    let Some((inside, _)) = after.split_once('}') else { return false };
    let (low, high) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    !low.is_empty() && digits(low) && digits(high)
}

fn write(hir: &Hir, out: &mut String) -> Option<()> {
    match hir.kind() {
        HirKind::Empty => out.push_str("(?:)"),
        HirKind::Literal(literal) => {
            std::str::from_utf8(&literal.0).ok()?.chars().for_each(|c| push(c, "^$\\.*+?()[]{}|/", out));
        }
        HirKind::Class(Class::Unicode(class)) => {
            let ranges = class.ranges();
            if ranges.is_empty() {
                out.push_str("[^\\s\\S]");
                return Some(());
            }
            out.push('[');
            for range in ranges {
                push(range.start(), "^\\[]-", out);
                if range.start() != range.end() {
                    out.push('-');
                    push(range.end(), "^\\[]-", out);
                }
            }
            out.push(']');
        }
        HirKind::Class(Class::Bytes(_)) => return None,
        HirKind::Look(look) => out.push_str(match look {
            Look::Start => "^",
            Look::End => "$",
            Look::StartLF => "(?<=^|\\n)",
            Look::EndLF => "(?=\\n|$)",
            Look::WordAscii => "\\b",
            Look::WordAsciiNegate => "\\B",
            _ => return None,
        }),
        HirKind::Repetition(repetition) => write_repetition(repetition, out)?,
        HirKind::Capture(capture) => write_group(&[&capture.sub], out)?,
        HirKind::Concat(parts) => {
            for part in parts {
                write(part, out)?;
            }
        }
        HirKind::Alternation(branches) => write_group(&branches.iter().collect::<Vec<_>>(), out)?,
    }
    (out.len() <= MAX_LENGTH).then_some(())
}

fn write_group(branches: &[&Hir], out: &mut String) -> Option<()> {
    out.push_str("(?:");
    for (index, branch) in branches.iter().enumerate() {
        if index > 0 {
            out.push('|');
        }
        write(branch, out)?;
    }
    out.push(')');
    Some(())
}

fn write_repetition(repetition: &Repetition, out: &mut String) -> Option<()> {
    match repetition.sub.kind() {
        HirKind::Class(_) | HirKind::Capture(_) | HirKind::Alternation(_) => write(&repetition.sub, out)?,
        _ => write_group(&[&repetition.sub], out)?,
    }
    match (repetition.min, repetition.max) {
        (0, None) => out.push('*'),
        (1, None) => out.push('+'),
        (0, Some(1)) => out.push('?'),
        (min, None) => out.push_str(&format!("{{{min},}}")),
        (min, Some(max)) if min == max => out.push_str(&format!("{{{min}}}")),
        (min, Some(max)) => out.push_str(&format!("{{{min},{max}}}")),
    }
    if !repetition.greedy {
        out.push('?');
    }
    Some(())
}

fn push(c: char, syntax: &str, out: &mut String) {
    match c {
        c if syntax.contains(c) => out.extend(['\\', c]),
        c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_patterns_stay_as_they_are() {
        for pattern in [
            r"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$",
            r"^(?:\d{1,3}\.){3}\d{1,3}$",
            r"^[^/\]\-]+/\S*$",
            r"\bé\B|^$",
            r"^[\w.-]+$",
        ] {
            assert_eq!(ecma(pattern).as_deref(), Some(pattern));
        }
    }

    #[test]
    fn others_are_written_anew() {
        let cases = [
            (r"(?i)^ab?$", "^[Aa][Bb]?$"),
            (r"\A[[:digit:]]+\z", "^[0-9]+$"),
            (r"^[]a]{2,}$", r"^[\]a]{2,}$"),
            (r"^(?P<x>a|bc)*?$", "^(?:a|bc)*?$"),
            (r"^a{,2}$", r"^a\{,2\}$"),
            (r"^[\w-.]$", r"^[\--.0-9A-Z_a-z]$"),
            (r"^\Qa.b\E$", r"^a\.b$"),
            (r"(?m)^a$", r"(?<=^|\n)a(?=\n|$)"),
            (r"\x01", r"\u0001"),
        ];
        let written = cases.map(|(source, _)| (source, ecma(source).unwrap_or_default()));
        assert_eq!(written, cases.map(|(source, expected)| (source, expected.to_owned())));
        assert_eq!(ecma("("), None);
        assert_eq!(ecma(&r"\pL".repeat(100)), None, "what it would become is too long");
    }
}
