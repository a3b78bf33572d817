//! Types whose JSON is another type's in one direction, and what cannot be said of their fields.
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

#[derive(Schema, Clone, Serialize, Deserialize)]
#[serde(from = "String")]
struct Read {
    name: String,
}

#[derive(Schema, Clone, Serialize, Deserialize)]
#[serde(into = "String")]
struct Written {
    name: String,
}

#[derive(Schema, Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "u32")]
struct Either {
    name: String,
}

#[derive(Schema, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
struct Said {
    #[schema(min_length = 1)]
    name: String,
}

#[derive(Schema, Clone, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[schema(minimum = 1)]
struct Number(u32);

#[derive(Schema)]
#[schema(with = "Vec<")]
struct Broken(u32);

#[derive(Resource, Clone, Serialize, Deserialize)]
#[resource(group = "example.com", version = "v1", kind = "Colour")]
#[serde(from = "String", into = "String")]
struct ColourSpec {
    name: String,
}

macro_rules! convert {
    ($($ty:ident)*) => {$(
        impl From<String> for $ty {
            fn from(name: String) -> Self {
                Self { name }
            }
        }
        impl From<$ty> for String {
            fn from(converted: $ty) -> Self {
                converted.name
            }
        }
    )*};
}

convert! { Read Written Either Said ColourSpec }

impl From<Either> for u32 {
    fn from(_: Either) -> Self {
        0
    }
}

impl From<String> for Number {
    fn from(_: String) -> Self {
        Self(0)
    }
}

impl From<Number> for String {
    fn from(number: Number) -> Self {
        number.0.to_string()
    }
}

fn main() {}
