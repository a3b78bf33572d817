//! `uri`, `email`, `hostname`, IP addresses and `mac`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use regex::Regex;

/// An IP address; leading zeros in decimal parts are ignored.
pub(super) fn parse_ip(text: &str) -> Option<IpAddr> {
    if !text.contains(':') {
        return parse_ipv4(text).map(IpAddr::V4);
    }
    // The decimal tail of an IPv6 address may have leading zeros too.
    match text.rsplit_once(':') {
        Some((head, tail)) if tail.contains('.') => {
            format!("{head}:{}", parse_ipv4(tail)?).parse::<Ipv6Addr>().ok().map(IpAddr::V6)
        }
        _ => text.parse::<Ipv6Addr>().ok().map(IpAddr::V6),
    }
}

fn parse_ipv4(text: &str) -> Option<Ipv4Addr> {
    let mut octets = [0_u8; 4];
    let mut parts = text.split('.');
    for octet in &mut octets {
        let part = parts.next()?;
        if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = part.trim_start_matches('0');
        *octet = if digits.is_empty() { 0 } else { digits.parse().ok()? };
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// Address and prefix length.
pub(super) fn is_cidr(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return false };
    let most = match parse_ip(address) {
        Some(IpAddr::V4(_)) => 32,
        Some(IpAddr::V6(_)) => 128,
        None => return false,
    };
    let digits = !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit());
    digits && length.parse::<u32>().is_ok_and(|length| length <= most)
}

/// 6, 8 or 20 octets: pairs joined by `:` or `-`, fours joined by `.`, or bare.
pub(super) fn is_mac(text: &str) -> bool {
    let (separator, group) = match (text.as_bytes().get(2), text.as_bytes().get(4)) {
        (Some(b':'), _) => (Some(':'), 2),
        (Some(b'-'), _) => (Some('-'), 2),
        (_, Some(b'.')) => (Some('.'), 4),
        _ => (None, text.len()),
    };
    let hexadecimal = |part: &str| part.len() == group && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let groups = match separator {
        Some(separator) => {
            let parts: Vec<&str> = text.split(separator).collect();
            parts.iter().all(|part| hexadecimal(part)).then_some(parts.len())
        }
        None => hexadecimal(text).then_some(1),
    };
    groups.is_some_and(|groups| matches!(groups * group, 12 | 16 | 40))
}

/// Labels of letters, digits and symbols; of several, the last has letters only.
pub(super) fn is_hostname(text: &str) -> bool {
    static NAME: OnceLock<Option<Regex>> = OnceLock::new();
    let name = NAME.get_or_init(|| {
        Regex::new(concat!(
            r"^([a-zA-Z0-9\p{S}\p{L}]((-?[a-zA-Z0-9\p{S}\p{L}]{0,62})?)",
            r"|([a-zA-Z0-9\p{S}\p{L}](([a-zA-Z0-9\-\p{S}\p{L}]{0,61}[a-zA-Z0-9\p{S}\p{L}])?)(\.))+",
            r"([a-zA-Z\p{L}]){2,63})$",
        ))
        .ok()
    });
    text.len() <= 255
        && text.split('.').all(|label| label.len() <= 63)
        && name.as_ref().is_some_and(|name| name.is_match(text))
}

/// What an HTTP request may ask for: `*`, a path that begins with `/`, or a URI with a scheme.
pub(super) fn is_uri(text: &str) -> bool {
    if text.is_empty() || text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return false;
    }
    if text == "*" {
        return true;
    }
    let Some((scheme, rest)) = split_scheme(text) else { return false };
    let (path, _) = rest.split_once('?').unwrap_or((rest, ""));
    if !path.starts_with('/') {
        // Anything may follow a scheme; without one it is not a path.
        return !scheme.is_empty();
    }
    match path.strip_prefix("//") {
        Some(after) if !scheme.is_empty() => {
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            is_authority(authority) && is_escaped(path)
        }
        _ => is_escaped(path),
    }
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
    let user_byte = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    if !user.bytes().all(user_byte) || !is_escaped(user) {
        return false;
    }
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((inside, port)) => (inside, port),
            None => return false,
        },
        None => host.split_at(host.rfind(':').unwrap_or(host.len())),
    };
    let port_fits = port.is_empty()
        || port.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let host_byte =
        |byte: u8| byte >= 0x80 || byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:[]<>\"%".contains(&byte);
    port_fits && name.bytes().all(host_byte) && is_escaped(name)
}

/// Whether every `%` is followed by two hexadecimal digits.
fn is_escaped(text: &str) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let mut hexadecimal = || bytes.next().is_some_and(|byte| byte.is_ascii_hexdigit());
        if byte == b'%' && !(hexadecimal() && hexadecimal()) {
            return false;
        }
    }
    true
}

/// A mailbox, with or without a display name: `a@example.com`, `Ann <a@example.com>`.
pub(super) fn is_email(text: &str) -> bool {
    let text = text.trim_matches([' ', '\t']);
    match text.strip_suffix('>').and_then(|text| text.rsplit_once('<')) {
        Some((name, address)) => is_phrase(name.trim()) && is_address(address),
        None => is_address(text),
    }
}

fn is_phrase(text: &str) -> bool {
    let quoted = text.len() >= 2 && text.starts_with('"') && text.ends_with('"');
    quoted || text.split_ascii_whitespace().all(|word| is_dot_atom(word, true))
}

fn is_address(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let quoted = local.len() > 2 && local.starts_with('"') && local.ends_with('"') && {
        let inside = &local[1..local.len() - 1];
        !inside.replace("\\\\", "").replace("\\\"", "").contains('"')
    };
    let literal = domain.strip_prefix('[').and_then(|domain| domain.strip_suffix(']'));
    let domain_fits = match literal {
        Some(inside) => parse_ip(inside.strip_prefix("IPv6:").unwrap_or(inside)).is_some(),
        None => is_dot_atom(domain, false),
    };
    (quoted || is_dot_atom(local, false)) && domain_fits
}

/// Atoms joined by single dots. A phrase may have dots anywhere.
fn is_dot_atom(text: &str, lenient: bool) -> bool {
    let atom = |c: char| {
        !c.is_ascii() && !c.is_control() || c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c)
    };
    text.split('.').all(|part| (lenient || !part.is_empty()) && part.chars().all(atom))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert!(parse_ip("01.2.3.4").is_some() && parse_ip("::ffff:1.2.3.4").is_some());
        assert!(parse_ip("1.2.3").is_none() && parse_ip("1.2.3.256").is_none() && parse_ip("").is_none());
        assert!(is_cidr("10.0.0.0/8") && is_cidr("::/0") && !is_cidr("10.0.0.0/33") && !is_cidr("10.0.0.0"));
        assert!(is_mac("00:00:5e:00:53:01") && is_mac("0000.5e00.5301") && is_mac("00005e005301"));
        assert!(!is_mac("00:00:5e:00:53") && !is_mac("00:00:5e:00:53:0g") && !is_mac(""));
    }

    #[test]
    fn hosts_and_uris() {
        assert!(is_hostname("localhost") && is_hostname("a.example.com") && !is_hostname("1.2.3.4"));
        assert!(is_uri("*") && is_uri("/a") && is_uri("http://a:80/b?c=%zz") && is_uri("urn:x"));
        assert!(
            !is_uri("a")
                && !is_uri("")
                && !is_uri("http://a b/")
                && !is_uri("http://a:x/")
                && !is_uri("/%zz")
        );
    }

    #[test]
    fn mailboxes() {
        assert!(is_email("a@b") && is_email("Ann B. <a.b@example.com>") && is_email("\"a b\"@c"));
        assert!(
            !is_email("a") && !is_email("a@") && !is_email("a..b@c") && !is_email("@c") && !is_email("a@b@c")
        );
    }
}
