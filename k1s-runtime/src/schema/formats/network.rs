//! `hostname`, IP addresses and `mac`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::OnceLock;

use regex::Regex;

/// An IPv4 address, or an IPv6 address with the IPv4 notation at its end. Leading zeros in decimal parts are ignored.
pub(super) fn is_ipv4(text: &str) -> bool {
    text.contains('.') && parse_ip(text).is_some()
}

/// An IPv6 address; unlike in `ipv4`, leading zeros are a fault in its decimal parts.
pub(super) fn is_ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}

/// An IP address; leading zeros in decimal parts are ignored.
fn parse_ip(text: &str) -> Option<IpAddr> {
    if !text.contains(':') {
        return parse_ipv4(text).map(IpAddr::V4);
    }
    // The decimal tail of an IPv6 address may have leading zeros too, and so may its other parts.
    let (head, tail) = match text.rsplit_once(':') {
        Some((head, tail)) if tail.contains('.') => (head, Some(parse_ipv4(tail)?)),
        _ => (text, None),
    };
    let parts: Vec<&str> = head.split(':').map(short_group).collect();
    let head = parts.join(":");
    let whole = tail.map_or_else(|| head.clone(), |tail| format!("{head}:{tail}"));
    whole.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
}

/// A group of hexadecimal digits without zeros that it does not need.
fn short_group(group: &str) -> &str {
    let digits = group.trim_start_matches('0');
    let zeros = group.len() - digits.len();
    if zeros == 0 || group.len() <= 4 { group } else { &group[zeros.min(group.len() - 1)..] }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        assert!(is_ipv4("01.2.3.4") && is_ipv4("::ffff:1.2.3.4") && is_ipv4("::ffff:1.2.3.04"));
        assert!(!is_ipv4("1.2.3") && !is_ipv4("1.2.3.256") && !is_ipv4("") && !is_ipv4("::1"));
        assert!(is_ipv6("::1") && is_ipv6("::ffff:1.2.3.4") && is_ipv6("A::b"));
        assert!(
            !is_ipv6("1.2.3.4") && !is_ipv6("::ffff:1.2.3.04") && !is_ipv6("::1%eth0") && !is_ipv6("[::1]")
        );
        assert!(is_cidr("00001::/64") && is_cidr("010.0.0.0/08"));
        assert!(is_cidr("10.0.0.0/8") && is_cidr("::/0") && !is_cidr("10.0.0.0/33") && !is_cidr("10.0.0.0"));
        assert!(is_mac("00:00:5e:00:53:01") && is_mac("0000.5e00.5301") && is_mac("00005e005301"));
        assert!(!is_mac("00:00:5e:00:53") && !is_mac("00:00:5e:00:53:0g") && !is_mac(""));
    }

    #[test]
    fn hosts() {
        for good in ["localhost", "a.example.com", "1a", "a-b", "1.example", "é.com", "a--b.com"] {
            assert!(is_hostname(good), "{good}");
        }
        for bad in
            ["", "1.2.3.4", "a.b1", "a.b", "-a", "a.", "a_b", "a b", &format!("{}.com", "x".repeat(64))]
        {
            assert!(!is_hostname(bad), "{bad}");
        }
    }
}
