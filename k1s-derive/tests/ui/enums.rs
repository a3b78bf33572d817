//! Enums that a Kubernetes schema cannot express, as far as a macro sees it.
use k1s_runtime::Schema;
use serde::{Deserialize, Serialize};

#[derive(Schema)]
enum Source {
    Git { url: String },
    Nothing,
}

#[derive(Schema, Serialize, Deserialize)]
enum Pair {
    Pair(String, i32),
    Rest(#[serde(skip)] String, #[serde(skip)] i32),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(content = "value")]
enum Content {
    Text(String),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(untagged)]
enum Null {
    Nothing,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Tagged {
    Text(String),
    Lines(Vec<String>),
    Field {
        #[serde(rename = "type")]
        type_: i32,
    },
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Filled {
    One {
        #[serde(default)]
        #[schema(default = 1)]
        size: i32,
    },
    Two,
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Number(i32),
    Many(Vec<String>),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "type")]
enum Conflict {
    A { size: i32, ratio: f64 },
    B { size: String, ratio: u8 },
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
enum Contents {
    Text(String),
    Number(i32),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
#[schema(schemaless)]
enum Unchecked {
    Text(String),
    Number(i32),
}

#[derive(Schema, Serialize, Deserialize)]
enum Marked {
    #[schema(min_length = 1)]
    One,
}

fn main() {}
