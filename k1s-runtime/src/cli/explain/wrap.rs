//! Breaking descriptions into lines.

/// Breaks lines at white space so that none has more than `limit` characters, unless a single word has. Existing line
/// breaks and runs of white space inside a line stay.
pub(super) fn wrap(text: &str, limit: usize) -> String {
    text.split('\n').map(|line| wrap_line(line, limit)).collect::<Vec<_>>().join("\n")
}

fn wrap_line(line: &str, limit: usize) -> String {
    let mut out = String::with_capacity(line.len());
    let mut column = 0;
    let mut rest = line;
    loop {
        let word_start = rest.find(|c| !is_space(c)).unwrap_or(rest.len());
        let (space, tail) = rest.split_at(word_start);
        let word_end = tail.find(is_space).unwrap_or(tail.len());
        let (word, tail) = tail.split_at(word_end);
        let (space_width, word_width) = (space.chars().count(), word.chars().count());
        if word.is_empty() {
            if column + space_width <= limit {
                out.push_str(space);
            }
            return out;
        }
        // A word that fills a whole line stays where it is when only one character comes before it.
        if column + space_width + word_width > limit && column + space_width > 1 {
            out.push('\n');
            column = word_width;
        } else {
            out.push_str(space);
            column += space_width + word_width;
        }
        out.push_str(word);
        rest = tail;
    }
}

/// White space that a line may be broken at; a no-break space is none.
fn is_space(c: char) -> bool {
    c.is_whitespace() && c != '\u{a0}'
}

/// Fills lines of at most `limit` bytes with the words of a text. Indented lines, empty ones after the first, and line
/// breaks before list items and after colons stay.
pub(super) fn fill(text: &str, limit: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    for line in text.split('\n') {
        let (code, blank) = (line.starts_with("    "), line.trim().is_empty());
        if code || blank || current.ends_with(':') || is_list_item(line.trim()) {
            lines.extend(Some(std::mem::take(&mut current)).filter(|current| !current.is_empty()));
        }
        if code {
            lines.push(line.to_owned());
            continue;
        }
        if blank && !lines.is_empty() {
            lines.push(String::new());
        }
        for word in line.split_whitespace() {
            if !current.is_empty() && current.len() + 1 + word.len() > limit {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
    }
    lines.extend(Some(current).filter(|current| !current.is_empty()));
    lines
}

/// Whether a line begins with a number, a hyphen or an asterisk.
fn is_list_item(line: &str) -> bool {
    let mark = line.split(char::is_whitespace).next().unwrap_or_default();
    let digits = mark.strip_suffix('.').unwrap_or(mark);
    let numbered = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    mark.len() < line.len() && (numbered || mark == "-" || mark == "*")
}

/// Puts spaces before every line, the empty ones included.
pub(super) fn indent(text: &str, amount: usize) -> String {
    let pad = " ".repeat(amount);
    format!("{pad}{}", text.replace('\n', &format!("\n{pad}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_the_next_word_does_not_fit() {
        assert_eq!(wrap("aaa bbb ccc", 7), "aaa bbb\nccc");
        assert_eq!(wrap("aaa  bbb", 7), "aaa\nbbb");
        assert_eq!(wrap("a\n\nb c", 3), "a\n\nb c");
        assert_eq!(wrap("see https://example.com/long next", 10), "see\nhttps://example.com/long\nnext");
        assert_eq!(wrap("  aa bb  ", 20), "  aa bb  ");
        assert_eq!(wrap("aa\u{a0}bb", 3), "aa\u{a0}bb");
        assert_eq!(wrap("", 5), "");
    }

    #[test]
    fn paragraphs_are_filled_and_lists_kept() {
        assert_eq!(fill("a b\nc", 3), ["a b", "c"]);
        assert_eq!(
            fill("a\nb\n\nc:\nd\n- e\n1. f\n    code  x", 20),
            ["a b", "", "c:", "d", "- e", "1. f", "    code  x"]
        );
        assert!(fill("", 5).is_empty() && fill("\n", 5).is_empty());
    }

    #[test]
    fn every_line_is_indented() {
        assert_eq!(indent("a\n\nb\n", 2), "  a\n  \n  b\n  ");
    }
}
