//! `email`: what Go's `mail.ParseAddress` takes, a mailbox of RFC 5322 with or without a display name.

use std::net::IpAddr;

/// What is left to be read. Each part is taken from its front, or answers `None` and leaves it somewhere inside.
struct Rest<'t>(&'t str);

/// `a@example.com`, `Ann <a@example.com>`, `"a b"@c (comment)`, a group of one.
pub(super) fn is_email(text: &str) -> bool {
    let mut rest = Rest(text);
    address(&mut rest, true).is_some_and(|count| count == 1) && rest.comments().is_some() && rest.0.is_empty()
}

/// An address; answers how many mailboxes it is.
fn address(rest: &mut Rest<'_>, groups: bool) -> Option<usize> {
    rest.skip_space();
    let mut bare = Rest(rest.0);
    if bare.addr_spec().is_some() {
        bare.skip_space();
        rest.0 = bare.0;
        if rest.0.starts_with('(') {
            rest.comment()?;
        }
        return Some(1);
    }
    if !rest.0.starts_with('<') {
        rest.phrase()?;
    }
    rest.skip_space();
    if groups && rest.take(':') {
        return group(rest);
    }
    let angle = rest.take('<') && rest.addr_spec().is_some() && rest.take('>');
    angle.then_some(1)
}

/// The mailboxes of a group, behind its name: separated by commas, ended by a semicolon.
fn group(rest: &mut Rest<'_>) -> Option<usize> {
    rest.skip_space();
    if rest.take(';') {
        rest.comments()?;
        return Some(0);
    }
    let mut count = 0;
    loop {
        rest.skip_space();
        count += address(rest, false)?;
        rest.comments()?;
        if rest.take(';') {
            rest.comments()?;
            return Some(count);
        }
        if !rest.take(',') {
            return None;
        }
    }
}

impl Rest<'_> {
    fn take(&mut self, c: char) -> bool {
        let rest = self.0.strip_prefix(c);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn skip_space(&mut self) {
        self.0 = self.0.trim_start_matches([' ', '\t']);
    }

    /// Space and comments.
    fn comments(&mut self) -> Option<()> {
        self.skip_space();
        while self.0.starts_with('(') {
            self.comment()?;
            self.skip_space();
        }
        Some(())
    }

    /// A comment in parentheses, with comments in it.
    fn comment(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        let mut escaped = false;
        for (at, c) in self.0.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' => depth += 1,
                ')' if depth == 1 => {
                    self.0 = &self.0[at + 1..];
                    return Some(());
                }
                ')' => depth -= 1,
                _ => {}
            }
        }
        None
    }

    fn addr_spec(&mut self) -> Option<()> {
        self.skip_space();
        if self.0.starts_with('"') {
            let quoted = self.quoted()?;
            (!quoted.is_empty()).then_some(())?;
        } else {
            self.dot_atom()?;
        }
        self.take('@').then_some(())?;
        self.skip_space();
        if self.0.starts_with('[') { self.domain_literal() } else { self.dot_atom() }
    }

    /// Atoms joined by single dots.
    fn dot_atom(&mut self) -> Option<()> {
        let atom = self.atom()?;
        let sound = !atom.starts_with('.') && !atom.ends_with('.') && !atom.contains("..");
        sound.then_some(())
    }

    fn atom(&mut self) -> Option<&str> {
        let end = self.0.find(|c| !is_atext(c)).unwrap_or(self.0.len());
        let (atom, rest) = self.0.split_at(end);
        self.0 = rest;
        (!atom.is_empty()).then_some(atom)
    }

    /// What is between quotes, escapes as they are written.
    fn quoted(&mut self) -> Option<&str> {
        let text = self.0.strip_prefix('"')?;
        let mut escaped = false;
        for (at, c) in text.char_indices() {
            match c {
                _ if escaped && (is_visible(c) || matches!(c, ' ' | '\t')) => escaped = false,
                _ if escaped => return None,
                '"' => {
                    self.0 = &text[at + 1..];
                    return Some(&text[..at]);
                }
                '\\' => escaped = true,
                c if is_visible(c) || matches!(c, ' ' | '\t') => {}
                _ => return None,
            }
        }
        None
    }

    /// Words, of which the first must be one; what follows the last that is one is left.
    fn phrase(&mut self) -> Option<()> {
        self.skip_space();
        self.word()?;
        loop {
            self.comments()?;
            let mut next = Rest(self.0);
            if next.word().is_none() {
                return Some(());
            }
            self.0 = next.0;
        }
    }

    fn word(&mut self) -> Option<()> {
        if self.0.starts_with('"') { self.quoted().map(|_| ()) } else { self.atom().map(|_| ()) }
    }

    /// An IP address in brackets.
    fn domain_literal(&mut self) -> Option<()> {
        let (inside, rest) = self.0.strip_prefix('[')?.split_once(']')?;
        self.0 = rest;
        inside.parse::<IpAddr>().ok().map(|_| ())
    }
}

fn is_visible(c: char) -> bool {
    c.is_ascii_graphic() || !c.is_ascii()
}

fn is_atext(c: char) -> bool {
    is_visible(c) && !"()<>[]:;@\\,\"".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mailboxes() {
        for good in [
            "a@b",
            "Ann B. <a.b@example.com>",
            "\"a b\"@c",
            " a@b ",
            "a@b (Ann)",
            "<a@b>",
            "\"x, y\" <a@b>",
            "a+b@c-d.e",
            "é@ü.de",
            "a@[1.2.3.4]",
            "a@[::1]",
            "G: a@b;",
            "a (c) b <x@y>",
            "a@ b",
            "\"a\\\"b\"@c",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@",
            "@c",
            "a..b@c",
            ".a@b",
            "a.@b",
            "a@b@c",
            "a b@c",
            "a@b c",
            "a @b",
            "<a@b",
            "a@b>",
            "a@[x]",
            "\"\"@c",
            "a@b, c@d",
            "G: a@b, c@d;",
            "G: ;",
            "a@.b",
            "a\u{1}@b",
            "a@b (",
            "Ann a@b",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
    }
}
