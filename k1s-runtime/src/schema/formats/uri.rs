//! `uri`: what Go's `url.ParseRequestURI` takes.

use std::net::IpAddr;

/// What an HTTP request may ask for: `*`, a path that begins with `/`, or a URI with a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    url_parts(text).is_some()
}

/// Scheme and authority of a URI that [`is_uri`]; both empty if it is a path.
pub(in crate::schema) fn url_parts(text: &str) -> Option<(&str, &str)> {
    if text.is_empty() || text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return None;
    }
    if text == "*" {
        return Some(("", ""));
    }
    let (scheme, rest) = split_scheme(text)?;
    let (path, _) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') {
        // Anything may follow a scheme; without one it is not a path.
        return (!scheme.is_empty()).then_some((scheme, ""));
    }
    let (authority, path) = match path.strip_prefix("//") {
        Some(after) if !scheme.is_empty() => after.split_at(after.find('/').unwrap_or(after.len())),
        _ => ("", path),
    };
    (is_authority(authority) && is_escaped(path, |_| true)).then_some((scheme, authority))
}

/// Scheme and rest. `None` if there is a colon first.
fn split_scheme(text: &str) -> Option<(&str, &str)> {
    for (at, c) in text.char_indices() {
        match c {
            'a'..='z' | 'A'..='Z' => {}
            '0'..='9' | '+' | '-' | '.' if at > 0 => {}
            ':' if at == 0 => return None,
            ':' => return Some((&text[..at], &text[at + 1..])),
            _ => break,
        }
    }
    Some(("", text))
}

fn is_authority(text: &str) -> bool {
    let (user, host) = text.rsplit_once('@').unwrap_or(("", text));
    let in_user = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    user.bytes().all(in_user) && is_escaped(user, |_| true) && is_host(host)
}

fn is_host(text: &str) -> bool {
    if let Some(open) = text.rfind('[') {
        let Some(close) = text.rfind(']').filter(|close| *close > open) else { return false };
        return open == 0 && is_port(&text[close + 1..]) && is_ipv6_literal(&text[1..close]);
    }
    // One colon at most, before the port.
    let (name, port) = text.split_at(text.find(':').unwrap_or(text.len()));
    is_port(port) && name.bytes().all(in_host) && is_escaped(name, is_escapable_in_host)
}

fn in_host(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte)
}

/// Only what is not ASCII may be escaped in a host.
fn is_escapable_in_host(byte: u8) -> bool {
    byte >= 0x80 || byte == b'%'
}

fn is_port(text: &str) -> bool {
    let digits = text.strip_prefix(':').unwrap_or(text);
    text.is_empty() || (text.starts_with(':') && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// An IPv6 address, with a zone after `%25` or without.
fn is_ipv6_literal(text: &str) -> bool {
    let (address, zone) = match text.split_once("%25") {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    let in_zone = |byte: u8| is_escapable_in_host(byte) || byte == b' ' || in_host(byte);
    let zone_fits = zone.is_none_or(|zone| {
        !zone.is_empty()
            && zone.bytes().all(|byte| in_host(byte) || byte == b'%')
            && is_escaped(zone, in_zone)
    });
    zone_fits && matches!(address.parse(), Ok(IpAddr::V6(_)))
}

/// Whether every `%` is followed by two hexadecimal digits, for a byte that may be escaped.
fn is_escaped(text: &str, may_be: impl Fn(u8) -> bool) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            continue;
        }
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        let code = digit().zip(digit()).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        if !code.is_some_and(&may_be) {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        for good in [
            "*",
            "/a",
            "//a",
            "/a#b",
            "http://a:80/b?c=%zz",
            "http://a:/",
            "urn:x",
            "a:",
            "mailto:a@b",
            "http://",
            "http://[::1]:80/",
            "http://[fe80::1%25en0]/",
            "http://u:p@h/",
            "http://h%C3%A9/",
            "/%41",
            "http:///x",
            "HTTP://ä/",
            "/ä b",
        ] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a/b",
            ":a",
            "1a:b",
            "http://a b/",
            "http://a:x/",
            "http://a:80:80/",
            "/%zz",
            "/%4",
            "http://[::1/",
            "http://[1.2.3.4]/",
            "http://[x]/",
            "http://a%41/",
            "http://u ser@h/",
            "/a\n",
            "?a",
            "#a",
            "http://::1/",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
    }
}
