//! What is generated from kinds, besides their CustomResourceDefinitions: roles ([`rbac`]), type manifests ([`types`]), JSON Schemas
//! ([`schema`]), their description ([`reference`](mod@reference)), and everything at once ([`all`]).
//!
//! [`Material`] is what all of them are made of, read from a crate or from files. Each room renders a [`Set`](crate::output::Set) of
//! files, whose first line, the [`Notice`], says what made them of what.

pub mod all;
mod material;
mod provenance;
pub mod rbac;
pub mod reference;
pub mod schema;
pub mod types;

pub use material::{Kind, Material};
pub use provenance::{NOTICE_REACH, Notice, Provenance, is_generated};
