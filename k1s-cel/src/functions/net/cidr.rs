//! `cidr()`: networks, and what lies in them.

use std::net::IpAddr;

use crate::functions::cost::{Cost, CostRange, Size, TRAVERSAL, scale, traversal};
use crate::functions::shorthand::{estimated_traversal, global, member, opaque, readable};
use crate::functions::table::{Function, Ty};
use crate::gofmt::quote;
use crate::value::{EvalError, Opaque, OpaqueValue, Value};

use super::ip::{self, Ip, is_mapped};
use super::parse::{parse_prefix, width};

/// The type's name.
pub(in crate::functions) const NAME: &str = "net.CIDR";

/// An address and how many of its leading bits name the network. The other bits are kept.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Cidr {
    address: IpAddr,
    bits: u8,
}

impl OpaqueValue for Cidr {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get() == Some(self)
    }

    fn size(&self) -> Option<u64> {
        Some(u64::from(self.bits).div_ceil(8))
    }
}

impl Cidr {
    fn parse(text: &str) -> Result<Self, EvalError> {
        // kube-apiserver wraps what is wrong twice.
        const WRAP: &str = "network address parse error during conversion from string: ";
        let (address, bits) =
            parse_prefix(text).map_err(|message| EvalError::other(format!("{WRAP}{WRAP}{message}")))?;
        if is_mapped(address) {
            let quoted = quote(text);
            return Err(EvalError::other(format!("{WRAP}IPv4-mapped IPv6 address {quoted} is not allowed")));
        }
        Ok(Self { address, bits })
    }

    fn masked(self) -> Self {
        Self { address: mask(self.address, self.bits), ..self }
    }

    fn contains(self, ip: IpAddr) -> bool {
        width(ip) == width(self.address) && mask(ip, self.bits) == self.masked().address
    }
}

/// The address with the first `bits` bits, and zeros.
fn mask(ip: IpAddr, bits: u8) -> IpAddr {
    let zeros = u32::from(width(ip).saturating_sub(bits));
    match ip {
        IpAddr::V4(ip) => IpAddr::V4(
            ip.to_bits().checked_shr(zeros).and_then(|ip| ip.checked_shl(zeros)).unwrap_or(0).into(),
        ),
        IpAddr::V6(ip) => IpAddr::V6(
            ip.to_bits().checked_shr(zeros).and_then(|ip| ip.checked_shl(zeros)).unwrap_or(0).into(),
        ),
    }
}

const CIDR: Ty = Ty::Opaque(NAME);
const IP: Ty = Ty::Opaque(ip::NAME);

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "cidr",
        doc: "Reads a network: an address, `/`, and how many of its bits name the network.",
        overloads: &[global(
            "string_to_cidr",
            &[Ty::String],
            CIDR,
            |args| Ok(Value::opaque(Cidr::parse(readable(args, 0)?)?)),
            Cost::TRAVERSAL,
        )],
    },
    Function {
        name: "isCIDR",
        doc: "Whether `cidr` reads a text.",
        overloads: &[global(
            "is_cidr",
            &[Ty::String],
            Ty::Bool,
            |args| Ok(Value::Bool(Cidr::parse(readable(args, 0)?).is_ok())),
            Cost::TRAVERSAL,
        )],
    },
    Function {
        name: "containsIP",
        doc: "Whether an address lies in the network.",
        overloads: &[
            member(
                "cidr_contains_ip_string",
                &[CIDR, Ty::String],
                Ty::Bool,
                |args| {
                    let (cidr, text) = (opaque::<Cidr>(args, 0)?, readable(args, 1)?);
                    // kube-apiserver does not say what is wrong with the address here.
                    let ip = Ip::parse(text).map_err(|_| EvalError::NoSuchOverload)?;
                    Ok(Value::Bool(cidr.contains(ip.0)))
                },
                CONTAINS_IP_TEXT,
            ),
            member(
                "cidr_contains_ip_ip",
                &[CIDR, IP],
                Ty::Bool,
                |args| {
                    let (cidr, ip) = (opaque::<Cidr>(args, 0)?, opaque::<Ip>(args, 1)?);
                    Ok(Value::Bool(cidr.contains(ip.0)))
                },
                CONTAINS_IP,
            ),
        ],
    },
    Function {
        name: "containsCIDR",
        doc: "Whether all of another network lies in the network.",
        overloads: &[
            member(
                "cidr_contains_cidr_string",
                &[CIDR, Ty::String],
                Ty::Bool,
                |args| {
                    let (cidr, other) = (opaque::<Cidr>(args, 0)?, Cidr::parse(readable(args, 1)?)?);
                    Ok(Value::Bool(cidr.bits <= other.bits && cidr.contains(other.address)))
                },
                CONTAINS_CIDR_TEXT,
            ),
            member(
                "cidr_contains_cidr",
                &[CIDR, CIDR],
                Ty::Bool,
                |args| {
                    let (cidr, other) = (opaque::<Cidr>(args, 0)?, opaque::<Cidr>(args, 1)?);
                    Ok(Value::Bool(cidr.bits <= other.bits && cidr.contains(other.address)))
                },
                CONTAINS_CIDR,
            ),
        ],
    },
    Function {
        name: "ip",
        doc: "The address, with all of its bits.",
        overloads: &[member(
            "cidr_ip",
            &[CIDR],
            IP,
            |args| Ok(Value::opaque(Ip(opaque::<Cidr>(args, 0)?.address))),
            Cost::ONE,
        )],
    },
    Function {
        name: "masked",
        doc: "The network with zeros in the bits that do not name it.",
        overloads: &[member(
            "cidr_masked",
            &[CIDR],
            CIDR,
            |args| Ok(Value::opaque(opaque::<Cidr>(args, 0)?.masked())),
            Cost::ONE,
        )],
    },
    Function {
        name: "prefixLength",
        doc: "How many bits name the network.",
        overloads: &[member(
            "cidr_prefix_length",
            &[CIDR],
            Ty::Int,
            |args| Ok(Value::Int(opaque::<Cidr>(args, 0)?.bits.into())),
            Cost::ONE,
        )],
    },
    Function {
        name: "string",
        doc: "The network as text.",
        overloads: &[global(
            "cidr_to_string",
            &[CIDR],
            Ty::String,
            |args| {
                let cidr = opaque::<Cidr>(args, 0)?;
                Ok(Value::string(format!("{}/{}", cidr.address, cidr.bits)))
            },
            Cost::ONE,
        )],
    },
];

/// The bytes of addresses of both families.
const ADDRESS: Size = Size { min: 4, max: 16 };

/// Comparing the bytes that name the network.
const CONTAINS_IP: Cost = Cost { actual: |args, _| compared(args), estimate: |_| comparison().into() };

/// [`CONTAINS_IP`] with the reading of an address.
const CONTAINS_IP_TEXT: Cost = Cost {
    actual: |args, _| compared(args) + reading(args),
    estimate: |operands| comparison().add(estimated_traversal(operands, 1)).into(),
};

/// Comparing, masking, and comparing lengths.
const CONTAINS_CIDR: Cost =
    Cost { actual: |args, _| compared(args) + masking(args), estimate: |_| mask_and_comparison().into() };

/// [`CONTAINS_CIDR`] with the reading of a network.
const CONTAINS_CIDR_TEXT: Cost = Cost {
    actual: |args, _| compared(args) + masking(args) + reading(args),
    estimate: |operands| mask_and_comparison().add(estimated_traversal(operands, 1)).into(),
};

fn compared(args: &[Value<'_>]) -> u64 {
    scale(args.first().map_or(1, Value::cost_size).saturating_mul(2), TRAVERSAL)
}

fn masking(args: &[Value<'_>]) -> u64 {
    args.first().map_or(1, |cidr| traversal(cidr, TRAVERSAL)) + 1
}

fn reading(args: &[Value<'_>]) -> u64 {
    args.get(1).map_or(1, |text| traversal(text, TRAVERSAL))
}

fn comparison() -> CostRange {
    ADDRESS.add(ADDRESS).cost(TRAVERSAL)
}

fn mask_and_comparison() -> CostRange {
    comparison().add(ADDRESS.cost(TRAVERSAL)).add(CostRange::ONE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::shorthand::testing::{call, costs, fault};

    fn cidr(text: &str) -> Value<'_> {
        call("cidr", &[Value::str(text)]).unwrap()
    }

    fn text(value: Value<'_>) -> String {
        match call("string", &[value]) {
            Ok(Value::String(text)) => text.to_string(),
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn networks_hold_addresses_and_smaller_networks() {
        let holds = |function: &str, outer, inner| {
            matches!(call(function, &[cidr(outer), Value::str(inner)]), Ok(Value::Bool(true)))
        };
        assert!(holds("containsIP", "10.1.2.3/8", "10.1.2.3") && holds("containsIP", "0.0.0.0/0", "1.2.3.4"));
        assert!(
            holds("containsIP", "2001:db8::/32", "2001:db8::1") && !holds("containsIP", "::/0", "1.2.3.4")
        );
        assert!(holds("containsCIDR", "10.0.0.0/8", "10.1.0.0/16") && holds("containsCIDR", "::/0", "::/0"));
        assert!(!holds("containsCIDR", "192.168.0.0/24", "192.168.0.0/23"));
        assert!(!holds("containsCIDR", "::/0", "10.0.0.0/8"));
        assert_eq!(text(call("masked", &[cidr("10.1.2.3/8")]).unwrap()), "10.0.0.0/8");
        assert_eq!(text(call("masked", &[cidr("2001:db8::1/32")]).unwrap()), "2001:db8::/32");
        assert_eq!(text(call("ip", &[cidr("10.1.2.3/8")]).unwrap()), "10.1.2.3");
        assert!(matches!(call("prefixLength", &[cidr("::/0")]), Ok(Value::Int(0))));
        assert!(!cidr("10.1.2.3/8").equals(&cidr("10.0.0.0/8")).unwrap());
    }

    #[test]
    fn refusals() {
        let wrap = "network address parse error during conversion from string: ";
        let plain = format!("{wrap}{wrap}netip.ParsePrefix(\"zz\"): no '/'");
        assert_eq!(fault("cidr", &[Value::str("zz")]), plain);
        assert_eq!(fault("containsCIDR", &[cidr("::/0"), Value::str("zz")]), plain);
        assert_eq!(fault("containsIP", &[cidr("::/0"), Value::str("zz")]), "no such overload");
        let mapped = format!("{wrap}IPv4-mapped IPv6 address \"::ffff:1.2.3.4/112\" is not allowed");
        assert_eq!(fault("cidr", &[Value::str("::ffff:1.2.3.4/112")]), mapped);
    }

    #[test]
    fn costs_depend_on_the_bits_that_name_the_network() {
        let (four, six) = (cidr("192.168.0.0/16"), cidr("2001:db8::/32"));
        let ip = call("ip", &[Value::str("192.0.0.1")]).unwrap();
        assert_eq!(costs("cidr", &[Value::str("192.168.0.0/16")]), (2, CostRange::fixed(2)));
        assert_eq!(costs("containsIP", &[four.clone(), ip]), (1, CostRange { min: 1, max: 4 }));
        let args = [six, Value::str("2001:db8::1")];
        assert_eq!(costs("containsIP", &args), (3, CostRange { min: 3, max: 6 }));
        let args = [four.clone(), cidr("192.0.0.0/30")];
        assert_eq!(costs("containsCIDR", &args), (3, CostRange { min: 3, max: 7 }));
        let args = [four, Value::str("192.0.0.0/30")];
        assert_eq!(costs("containsCIDR", &args), (5, CostRange { min: 5, max: 9 }));
    }
}
