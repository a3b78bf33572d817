//! Ground floor: YAML and JSON documents with positions, read and written as kubectl reads and writes them.
//!
//! Reading follows `sigs.k8s.io/yaml` over go-yaml v2 (YAML 1.1 scalars, merge keys, last duplicate wins) and splits
//! streams as `k8s.io/apimachinery/pkg/util/yaml` does. Every document keeps a table of the positions of its keys and
//! values, so that whoever finds a fault in it can name file, line and column. Writing gives the text of `-o yaml`
//! and `-o json`.
//!
//! Input is hostile: [`Limits`] bound size, documents, scalars, depth, nodes and alias expansion, each with an error that names it;
//! time is linear in the size of the source and of what aliases copy; nothing here panics.

mod builder;
mod cost;
mod cursor;
mod decode;
mod document;
mod error;
mod json;
mod json_out;
mod key;
mod limits;
mod number;
mod parts;
mod positions;
mod scalar;
mod slashes;
mod sort;
mod timestamp;
mod wording;
mod yaml_out;
mod yaml_scalar_out;

pub use decode::{Documents, decode, decode_with, parse_json, parse_yaml};
pub use document::{Document, Duplicate};
pub(crate) use document::{push_index, push_key};
pub use error::{Error, Location};
pub use json_out::{to_json_compact, to_json_pretty, write_json_compact, write_json_pretty};
pub use limits::{Limit, Limits, Options};
pub use number::{go_float, go_json_float, go_json_number};
pub use parts::{Part, Parts, PartsError};
pub use positions::{Place, Position, Positions, Span};
pub use yaml_out::{to_yaml, write_yaml};
