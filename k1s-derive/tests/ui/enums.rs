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
    Half(String, #[serde(skip)] i32),
}

#[derive(Schema, Serialize, Deserialize)]
#[serde(content = "value")]
enum Contents {
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
enum Marked {
    #[schema(min_length = 1)]
    One,
}

fn main() {}
