//! What Go's `regexp` says of a pattern that it does not take.

use super::super::super::pattern;

/// The most that Go repeats something.
const REPEAT_LIMIT: u32 = 1000;

/// The error's code and the part that it is about, as in ``missing closing ): `a(` ``. `None` if the pattern is fine.
pub(super) fn wrong(source: &str) -> Option<String> {
    if let Some(found) = scan(source) {
        return Some(found);
    }
    if pattern::compile(source).is_some() {
        return None;
    }
    let (code, part) = classify(source);
    Some(format!("{code}: `{part}`"))
}

/// Faults that can be told by looking at the text: lookaround, back references, large repeats.
fn scan(source: &str) -> Option<String> {
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        if c == '\\' {
            let mut escaped = after.chars();
            match (escaped.next(), escaped.next()) {
                (None, _) => return Some("trailing backslash at end of expression: ``".to_owned()),
                (Some(digit @ '1'..='7'), next) if !next.is_some_and(|next| ('0'..='7').contains(&next)) => {
                    return Some(format!("invalid escape sequence: `\\{digit}`"));
                }
                (Some(letter), _) if is_unknown_escape(letter) => {
                    return Some(format!("invalid escape sequence: `\\{letter}`"));
                }
                (Some(letter), _) => rest = &after[letter.len_utf8()..],
            }
            continue;
        }
        for lookaround in ["(?=", "(?!", "(?<=", "(?<!"] {
            if rest.starts_with(lookaround) {
                let shown = &lookaround[..3];
                return Some(format!("invalid or unsupported Perl syntax: `{shown}`"));
            }
        }
        if c == '{'
            && let Some((inside, _)) = after.split_once('}')
            && let Some(true) = repeats_too_often(inside)
        {
            return Some(format!("invalid repeat count: `{{{inside}}}`"));
        }
        rest = after;
    }
    None
}

fn is_unknown_escape(letter: char) -> bool {
    letter.is_ascii_alphabetic() && !"AbBCdDEfnpPQrsStvwWxaz".contains(letter) || matches!(letter, '8' | '9')
}

/// `None` if it is no repetition.
fn repeats_too_often(inside: &str) -> Option<bool> {
    let (low, high) = inside.split_once(',').unwrap_or((inside, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if low.is_empty() || !digits(low) || !digits(high) {
        return None;
    }
    let count = |text: &str| text.parse::<u32>().unwrap_or(u32::MAX);
    let backwards = !high.is_empty() && count(high) < count(low);
    Some(count(low) > REPEAT_LIMIT || (!high.is_empty() && count(high) > REPEAT_LIMIT) || backwards)
}

/// The error that fits a pattern which does not compile.
fn classify(source: &str) -> (&'static str, &str) {
    let (mut open, mut class) = (0_usize, None);
    let mut escaped = false;
    for (at, c) in source.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' => class = None,
            '[' if class.is_none() => class = Some(at),
            '(' if class.is_none() => open += 1,
            ')' if class.is_none() && open == 0 => return ("unexpected )", source),
            ')' if class.is_none() => open -= 1,
            _ => {}
        }
    }
    if let Some(at) = class {
        return ("missing closing ]", &source[at..]);
    }
    if open > 0 {
        return ("missing closing )", source);
    }
    match source.find(['*', '+', '?']) {
        Some(at) => ("missing argument to repetition operator", &source[at..=at]),
        None => ("invalid character class range", source),
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn faults_are_told_as_go_tells_them() {
        let cases = [
            ("a(", "missing closing ): `a(`"),
            ("^(?!x)", "invalid or unsupported Perl syntax: `(?!`"),
            (r"(a)\1", r"invalid escape sequence: `\1`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            ("a)", "unexpected ): `a)`"),
            ("[a", "missing closing ]: `[a`"),
            ("*", "missing argument to repetition operator: `*`"),
        ];
        for (pattern, expected) in cases {
            assert_eq!(wrong(pattern).as_deref(), Some(expected), "{pattern}");
        }
        for fine in ["^a{1,1000}$", r"\p{L}\012", "(?i)a", r"a{,2}"] {
            assert_eq!(wrong(fine), None, "{fine}");
        }
    }
}
