//! Addresses and prefixes as text: what Go's `net/netip` accepts, and its words for what it does not.
//!
//! The standard library's parser accepts the same addresses, but cannot say what is wrong with the others.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::gofmt::quote;

/// An address, and whether a zone (`%eth0`) followed it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::functions) struct Address {
    pub(in crate::functions) ip: IpAddr,
    pub(in crate::functions) has_zone: bool,
}

/// `netip.ParseAddr`
pub(in crate::functions) fn parse_address(text: &str) -> Result<Address, String> {
    match text.bytes().find(|byte| matches!(byte, b'.' | b':' | b'%')) {
        Some(b'.') => {
            let octets = parse_v4(text, text)?;
            Ok(Address { ip: IpAddr::V4(Ipv4Addr::from(octets)), has_zone: false })
        }
        Some(b':') => parse_v6(text),
        Some(_) => Err(failure(text, "missing IPv6 address", "")),
        None => Err(failure(text, "unable to parse IP", "")),
    }
}

/// `netip.ParsePrefix`
pub(super) fn parse_prefix(text: &str) -> Result<(IpAddr, u8), String> {
    let fail = |message: &str| format!("netip.ParsePrefix({}): {message}", quote(text));
    let (address, bits) = text.rsplit_once('/').ok_or_else(|| fail("no '/'"))?;
    let address = parse_address(address).map_err(|message| fail(&message))?;
    if address.has_zone {
        return Err(fail("IPv6 zones cannot be present in a prefix"));
    }
    let decimal =
        bits.bytes().all(|byte| byte.is_ascii_digit()) && (bits.len() == 1 || !bits.starts_with('0'));
    let Some(bits) = decimal.then(|| bits.parse::<i64>().ok()).flatten() else {
        return Err(fail(&format!("bad bits after slash: {}", quote(bits))));
    };
    match u8::try_from(bits) {
        Ok(bits) if bits <= width(address.ip) => Ok((address.ip, bits)),
        _ => Err(fail("prefix length out of range")),
    }
}

/// How many bits an address has.
pub(super) fn width(ip: IpAddr) -> u8 {
    if ip.is_ipv4() { 32 } else { 128 }
}

fn failure(whole: &str, message: &str, at: &str) -> String {
    let place = if at.is_empty() { String::new() } else { format!(" (at {})", quote(at)) };
    format!("ParseAddr({}): {message}{place}", quote(whole))
}

/// Four decimal octets; `part` is all of `whole`, or its end.
fn parse_v4(whole: &str, part: &str) -> Result<[u8; 4], String> {
    let fail = |message: &str, at: usize| failure(whole, message, part.get(at..).unwrap_or_default());
    let nowhere = part.len();
    let mut octets = Vec::with_capacity(4);
    let (mut value, mut digits) = (0_u32, 0_u32);
    for (at, byte) in part.bytes().enumerate() {
        match byte {
            b'0'..=b'9' if digits == 1 && value == 0 => {
                return Err(fail("IPv4 field has octet with leading zero", nowhere));
            }
            b'0'..=b'9' => {
                value = value * 10 + u32::from(byte - b'0');
                digits += 1;
                if value > 255 {
                    return Err(fail("IPv4 field has value >255", nowhere));
                }
            }
            b'.' if digits == 0 || at + 1 == part.len() => {
                return Err(fail("IPv4 field must have at least one digit", at));
            }
            b'.' if octets.len() == 3 => return Err(fail("IPv4 address too long", nowhere)),
            b'.' => {
                octets.push(u8::try_from(value).unwrap_or(u8::MAX));
                (value, digits) = (0, 0);
            }
            _ => return Err(fail("unexpected character", at)),
        }
    }
    octets.push(u8::try_from(value).unwrap_or(u8::MAX));
    octets.try_into().map_err(|_| fail("IPv4 address too short", nowhere))
}

/// The groups of an IPv6 address that have been read.
#[derive(Default)]
struct Groups {
    values: Vec<u16>,
    /// Where `::` stood: before the group of this index.
    gap: Option<usize>,
}

fn parse_v6(whole: &str) -> Result<Address, String> {
    let (address, has_zone) = match whole.split_once('%') {
        Some((_, "")) => return Err(failure(whole, "zone must be a non-empty string", "")),
        Some((address, _)) => (address, true),
        None => (whole, false),
    };
    let groups = read_groups(whole, address)?;
    let missing = 8_usize.saturating_sub(groups.values.len());
    let gap = match groups.gap {
        None if missing > 0 => return Err(failure(whole, "address string too short", "")),
        Some(_) if missing == 0 => {
            return Err(failure(whole, "the :: must expand to at least one field of zeros", ""));
        }
        gap => gap.unwrap_or(8),
    };
    let mut values = [0_u16; 8];
    for (index, value) in groups.values.iter().enumerate() {
        let place = if index < gap { index } else { index + missing };
        if let Some(slot) = values.get_mut(place) {
            *slot = *value;
        }
    }
    Ok(Address { ip: IpAddr::V6(Ipv6Addr::from(values)), has_zone })
}

fn read_groups(whole: &str, address: &str) -> Result<Groups, String> {
    let fail = |message: &str, at: &str| failure(whole, message, at);
    let mut groups = Groups::default();
    let mut rest = address;
    if let Some(after) = rest.strip_prefix("::") {
        groups.gap = Some(0);
        rest = after;
    }
    while groups.values.len() < 8 && !(rest.is_empty() && groups.gap == Some(groups.values.len())) {
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        if digits > 4 {
            return Err(fail("each group must have 4 or less digits", rest));
        }
        if digits == 0 {
            return Err(fail("each colon-separated field must have at least one digit", rest));
        }
        let (group, after) = rest.split_at(digits);
        if after.starts_with('.') {
            return read_v4_tail(whole, rest, groups);
        }
        groups.values.push(u16::from_str_radix(group, 16).unwrap_or_default());
        rest = after;
        if rest.is_empty() {
            break;
        }
        rest = match rest.strip_prefix(':') {
            None => return Err(fail("unexpected character, want colon", rest)),
            Some("") => return Err(fail("colon must be followed by more characters", rest)),
            Some(after) => after,
        };
        if let Some(after) = rest.strip_prefix(':') {
            if groups.gap.is_some() {
                return Err(fail("multiple :: in address", rest));
            }
            groups.gap = Some(groups.values.len());
            rest = after;
        }
    }
    if rest.is_empty() { Ok(groups) } else { Err(fail("trailing garbage after address", rest)) }
}

/// `1.2.3.4` in the place of the last two groups.
fn read_v4_tail(whole: &str, tail: &str, mut groups: Groups) -> Result<Groups, String> {
    if groups.gap.is_none() && groups.values.len() != 6 {
        let message = "embedded IPv4 address must replace the final 2 fields of the address";
        return Err(failure(whole, message, tail));
    }
    if groups.values.len() > 6 {
        let message = "too many hex fields to fit an embedded IPv4 at the end of the address";
        return Err(failure(whole, message, tail));
    }
    let [a, b, c, d] = parse_v4(whole, tail)?;
    groups.values.extend([u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])]);
    Ok(groups)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        let error = parse_address(text).unwrap_err();
        error.strip_prefix(&format!("ParseAddr({}): ", quote(text))).unwrap().to_owned()
    }

    #[test]
    fn addresses_agree_with_the_standard_library() {
        let texts = [
            "1.2.3.4",
            "0.0.0.0",
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:1.2.3.4",
            "::1.2.3.4",
            "1::2:1.2.3.4",
            "fe80::1:2",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "FFFF::abcd",
        ];
        for text in texts {
            assert_eq!(parse_address(text).unwrap().ip, text.parse::<IpAddr>().unwrap(), "{text}");
        }
        let zoned = parse_address("fe80::1%eth0").unwrap();
        assert!(zoned.has_zone && zoned.ip == "fe80::1".parse::<IpAddr>().unwrap());
    }

    #[test]
    fn faults_are_told_in_gos_words() {
        assert_eq!(fault("junk"), "unable to parse IP");
        assert_eq!(fault("%eth0"), "missing IPv6 address");
        assert_eq!(fault("1.2.3"), "IPv4 address too short");
        assert_eq!(fault("1.2.3.4.5"), "IPv4 address too long");
        assert_eq!(fault("01.2.3.4"), "IPv4 field has octet with leading zero");
        assert_eq!(fault("1.2.3.256"), "IPv4 field has value >255");
        assert_eq!(fault("1..2.3"), r#"IPv4 field must have at least one digit (at ".2.3")"#);
        assert_eq!(fault("1.2.3."), r#"IPv4 field must have at least one digit (at ".")"#);
        assert_eq!(fault("1.2.é"), r#"unexpected character (at "é")"#);
        assert_eq!(fault(":::1"), r#"each colon-separated field must have at least one digit (at ":1")"#);
        assert_eq!(fault("12345::"), r#"each group must have 4 or less digits (at "12345::")"#);
        assert_eq!(fault("1::2::3"), r#"multiple :: in address (at ":3")"#);
        assert_eq!(fault("1:2"), "address string too short");
        assert_eq!(fault("1:2:3:4:5:6:7:8::"), "the :: must expand to at least one field of zeros");
        assert_eq!(fault("1:2:3:4:5:6:7:8:9"), r#"trailing garbage after address (at "9")"#);
        assert_eq!(fault("::2:3:4:5:6:7:8:9"), "the :: must expand to at least one field of zeros");
        assert_eq!(fault("1:"), r#"colon must be followed by more characters (at ":")"#);
        assert_eq!(fault("1g::"), r#"unexpected character, want colon (at "g::")"#);
        assert_eq!(fault("::1%"), "zone must be a non-empty string");
        assert_eq!(fault("::1.2.3"), "IPv4 address too short");
        assert!(fault("1:1.2.3.4").starts_with("embedded IPv4 address must"));
    }

    #[test]
    fn prefixes() {
        assert_eq!(parse_prefix("10.0.0.0/8"), Ok(("10.0.0.0".parse().unwrap(), 8)));
        assert_eq!(parse_prefix("::/0"), Ok(("::".parse().unwrap(), 0)));
        let fault = |text: &str| parse_prefix(text).unwrap_err();
        assert_eq!(fault("zz"), r#"netip.ParsePrefix("zz"): no '/'"#);
        assert_eq!(
            fault("::1%a/8"),
            r#"netip.ParsePrefix("::1%a/8"): IPv6 zones cannot be present in a prefix"#
        );
        assert_eq!(fault("1.2.3.4/33"), r#"netip.ParsePrefix("1.2.3.4/33"): prefix length out of range"#);
        for bits in ["", "08", "+8", "-1", "8x", "99999999999999999999"] {
            let text = format!("1.2.3.4/{bits}");
            assert!(fault(&text).ends_with(&format!("bad bits after slash: {bits:?}")), "{text}");
        }
        assert!(fault("1.2.3/8").contains(r#"ParseAddr("1.2.3"): IPv4 address too short"#));
    }
}
