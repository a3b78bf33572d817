//! `ip()` and what can be asked of an address.

use std::net::IpAddr;

use crate::functions::cost::{Cost, TRAVERSAL, traversal};
use crate::functions::shorthand::{global, member, opaque, readable};
use crate::functions::table::{Function, Ty};
use crate::gofmt::quote;
use crate::value::{EvalError, EvalResult, Opaque, OpaqueValue, Value};

use super::parse::parse_address;

/// The type's name.
pub(in crate::functions) const NAME: &str = "net.IP";

/// An address: never with a zone, never an IPv4 address in an IPv6 one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Ip(pub(super) IpAddr);

impl OpaqueValue for Ip {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get() == Some(self)
    }

    fn size(&self) -> Option<u64> {
        Some(if self.0.is_ipv4() { 4 } else { 16 })
    }
}

impl Ip {
    pub(super) fn parse(text: &str) -> Result<Self, EvalError> {
        let address = parse_address(text).map_err(|message| {
            let quoted = quote(text);
            EvalError::other(format!(
                "IP Address {quoted} parse error during conversion from string: {message}"
            ))
        })?;
        if address.has_zone {
            return Err(EvalError::other(format!(
                "IP address {} with zone value is not allowed",
                quote(text)
            )));
        }
        if is_mapped(address.ip) {
            return Err(EvalError::other(format!("IPv4-mapped IPv6 address {} is not allowed", quote(text))));
        }
        Ok(Self(address.ip))
    }
}

/// Whether an IPv6 address stands for an IPv4 address.
pub(super) fn is_mapped(ip: IpAddr) -> bool {
    matches!(ip, IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some())
}

const IP: Ty = Ty::Opaque(NAME);

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "ip",
        doc: "Reads an IP address: without zone, without leading zeros, not an IPv4 address in an IPv6 one.",
        overloads: &[global(
            "string_to_ip",
            &[Ty::String],
            IP,
            |args| Ok(Value::opaque(Ip::parse(readable(args, 0)?)?)),
            Cost::TRAVERSAL,
        )],
    },
    Function {
        name: "isIP",
        doc: "Whether `ip` reads a text.",
        overloads: &[global(
            "is_ip",
            &[Ty::String],
            Ty::Bool,
            |args| Ok(Value::Bool(Ip::parse(readable(args, 0)?).is_ok())),
            Cost::TRAVERSAL,
        )],
    },
    Function {
        name: "ip.isCanonical",
        doc: "Whether an address is written in the one way that `string(ip)` writes it.",
        overloads: &[global(
            "ip_is_canonical",
            &[Ty::String],
            Ty::Bool,
            |args| {
                let text = readable(args, 0)?;
                Ok(Value::Bool(Ip::parse(text)?.0.to_string() == text))
            },
            DOUBLE_TRAVERSAL,
        )],
    },
    Function {
        name: "string",
        doc: "The address as text.",
        overloads: &[global(
            "ip_to_string",
            &[IP],
            Ty::String,
            |args| Ok(Value::string(opaque::<Ip>(args, 0)?.0.to_string())),
            Cost::ONE,
        )],
    },
    Function {
        name: "family",
        doc: "4 or 6.",
        overloads: &[member(
            "ip_family",
            &[IP],
            Ty::Int,
            |args| Ok(Value::Int(if opaque::<Ip>(args, 0)?.0.is_ipv4() { 4 } else { 6 })),
            Cost::ONE,
        )],
    },
    Function {
        name: "isUnspecified",
        doc: "Whether the address is `0.0.0.0` or `::`.",
        overloads: &[member(
            "ip_is_unspecified",
            &[IP],
            Ty::Bool,
            |args| ask(args, |ip| ip.is_unspecified()),
            Cost::ONE,
        )],
    },
    Function {
        name: "isLoopback",
        doc: "Whether the address is in `127.0.0.0/8`, or `::1`.",
        overloads: &[member(
            "ip_is_loopback",
            &[IP],
            Ty::Bool,
            |args| ask(args, |ip| ip.is_loopback()),
            Cost::ONE,
        )],
    },
    Function {
        name: "isLinkLocalMulticast",
        doc: "Whether the address is in `224.0.0.0/24` or `ff02::/16`, whatever the flags.",
        overloads: &[member(
            "ip_is_link_local_multicast",
            &[IP],
            Ty::Bool,
            |args| ask(args, is_link_local_multicast),
            Cost::ONE,
        )],
    },
    Function {
        name: "isLinkLocalUnicast",
        doc: "Whether the address is in `169.254.0.0/16` or `fe80::/10`.",
        overloads: &[member(
            "ip_is_link_local_unicast",
            &[IP],
            Ty::Bool,
            |args| ask(args, is_link_local_unicast),
            Cost::ONE,
        )],
    },
    Function {
        name: "isGlobalUnicast",
        doc: "Whether the address is none of the others, private ones included.",
        overloads: &[member(
            "ip_is_global_unicast",
            &[IP],
            Ty::Bool,
            |args| ask(args, is_global_unicast),
            Cost::ONE,
        )],
    },
];

/// Reading the text and comparing it.
const DOUBLE_TRAVERSAL: Cost = Cost {
    actual: |args, _| args.first().map_or(1, |text| traversal(text, 2.0 * TRAVERSAL)),
    estimate: |operands| operands.size(0).cost(2.0 * TRAVERSAL).into(),
};

fn ask<'a>(args: &[Value<'_>], question: fn(IpAddr) -> bool) -> EvalResult<'a> {
    Ok(Value::Bool(question(opaque::<Ip>(args, 0)?.0)))
}

fn is_link_local_multicast(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => matches!(ip.octets(), [224, 0, 0, _]),
        IpAddr::V6(ip) => matches!(ip.segments(), [first, ..] if first & 0xff0f == 0xff02),
    }
}

fn is_link_local_unicast(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => ip.is_link_local(),
        IpAddr::V6(ip) => matches!(ip.segments(), [first, ..] if first & 0xffc0 == 0xfe80),
    }
}

fn is_global_unicast(ip: IpAddr) -> bool {
    let broadcast = matches!(ip, IpAddr::V4(ip) if ip.is_broadcast());
    !(broadcast || ip.is_unspecified() || ip.is_loopback() || ip.is_multicast() || is_link_local_unicast(ip))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::cost::CostRange;
    use crate::functions::shorthand::testing::{call, costs, fault};

    fn holds(question: &str, address: &str) -> bool {
        let ip = call("ip", &[Value::str(address)]).unwrap();
        matches!(call(question, &[ip]), Ok(Value::Bool(true)))
    }

    #[test]
    fn questions_are_answered_as_a_server_recorded() {
        for (question, yes, no) in [
            ("isLoopback", ["127.0.0.1", "::1"], ["10.0.0.1", "fe80::1"]),
            ("isUnspecified", ["0.0.0.0", "::"], ["127.0.0.1", "::1"]),
            ("isLinkLocalMulticast", ["224.0.0.1", "ff02::1"], ["224.0.1.1", "fd00::1"]),
            ("isLinkLocalUnicast", ["169.254.1.1", "fe80::1"], ["192.168.0.1", "fd80::1"]),
            ("isGlobalUnicast", ["10.0.0.1", "2001:DB8::1"], ["255.255.255.255", "ff00::1"]),
        ] {
            assert!(yes.iter().all(|address| holds(question, address)), "{question}");
            assert!(!no.iter().any(|address| holds(question, address)), "{question}");
        }
        let text = |address| match call("string", &[call("ip", &[Value::str(address)]).unwrap()]) {
            Ok(Value::String(text)) => text.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(text("2001:DB8::1"), "2001:db8::1");
        assert!(matches!(call("ip.isCanonical", &[Value::str("2001:DB8::1")]), Ok(Value::Bool(false))));
        assert!(matches!(call("isIP", &[Value::str("01.2.3.4")]), Ok(Value::Bool(false))));
    }

    #[test]
    fn refusals() {
        let fault = |address| fault("ip", &[Value::str(address)]);
        let junk = r#"IP Address "junk" parse error during conversion from string: ParseAddr("junk"): unable to parse IP"#;
        assert_eq!(fault("junk"), junk);
        assert_eq!(fault("fe80::1%eth0"), r#"IP address "fe80::1%eth0" with zone value is not allowed"#);
        assert_eq!(fault("::ffff:1.2.3.4"), r#"IPv4-mapped IPv6 address "::ffff:1.2.3.4" is not allowed"#);
    }

    #[test]
    fn reading_costs_a_traversal() {
        let address = [Value::str("2001:db8:3333:4444:5555:6666:7777:8888")];
        assert_eq!(costs("ip", &address), (4, CostRange::fixed(4)));
        assert_eq!(costs("ip.isCanonical", &address), (8, CostRange::fixed(8)));
        assert_eq!(costs("family", &[call("ip", &address).unwrap()]), (1, CostRange::ONE));
    }
}
