//! IP addresses and networks, as `kubernetes.net.ip` and `net.cidr` define them.

mod cidr;
mod ip;
mod parse;

pub(super) use cidr::{FUNCTIONS as CIDR_FUNCTIONS, NAME as CIDR_NAME};
pub(super) use ip::{FUNCTIONS as IP_FUNCTIONS, NAME as IP_NAME};
pub(super) use parse::parse_address;
