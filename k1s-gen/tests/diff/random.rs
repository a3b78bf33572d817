//! Random schemas, changes of them, and objects that suit them; from a seed, so that a failure can be had again.

use serde_json::{Map, Value, json};

/// SplitMix64.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub(super) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    fn small(&mut self) -> i64 {
        self.below(5) as i64 - 1
    }
}

const NAMES: [&str; 4] = ["a", "b", "c", "metadata"];
const WORDS: [&str; 5] = ["", "x", "xx", "2024-02-29", "1h"];

/// The schema of a whole object.
pub(super) fn root(random: &mut Random) -> Value {
    let mut schema = object(random, 2);
    // Unknown fields at the top would be those of every kind.
    for keyword in ["nullable", "default", "additionalProperties", "x-kubernetes-embedded-resource"] {
        schema.as_object_mut().unwrap().remove(keyword);
    }
    schema
}

fn schema(random: &mut Random, depth: usize) -> Value {
    let mut made = match random.below(if depth == 0 { 5 } else { 8 }) {
        0 | 1 => scalar(random, "string"),
        2 => scalar(random, "integer"),
        3 => scalar(random, "number"),
        4 => json!({"x-kubernetes-int-or-string": true}),
        5 => list(random, depth - 1),
        _ => object(random, depth - 1),
    };
    if random.one_in(8) {
        made["nullable"] = json!(true);
    }
    made
}

fn scalar(random: &mut Random, type_: &str) -> Value {
    let mut schema = json!({"type": type_});
    for _ in 0..random.below(3) {
        constrain(random, &mut schema);
    }
    schema
}

/// Sets or takes away a keyword that suits the type.
fn constrain(random: &mut Random, schema: &mut Value) {
    let type_ = schema["type"].as_str().unwrap_or_default().to_owned();
    let n = random.small();
    let half = f64::from(n as i32) + 0.5;
    let (keyword, value) = match (type_.as_str(), random.below(8)) {
        ("string", 0) => ("minLength", json!(n.max(0))),
        ("string", 1) => ("maxLength", json!(n + 2)),
        ("string", 2) => ("pattern", json!(random.pick(&["x", "^x", "", "^\\d"]))),
        ("string", 3) => ("format", json!(random.pick(&["date", "duration", "colour", "password"]))),
        ("string", 4 | 5) => ("enum", json!(WORDS[..=random.below(WORDS.len())])),
        ("string", _) => ("default", json!(random.pick(&WORDS))),
        ("integer", 0) => ("format", json!(random.pick(&["int32", "int64"]))),
        ("number", 0) => ("format", json!(random.pick(&["float", "double"]))),
        ("number", 1) => ("minimum", json!(half)),
        ("number", 2) => ("maximum", json!(half)),
        ("integer" | "number", 1 | 3) => ("minimum", json!(n)),
        ("integer", 2) => ("maximum", json!(n + 2)),
        ("integer" | "number", 4) => ("exclusiveMinimum", json!(true)),
        ("integer" | "number", 5) => ("multipleOf", json!(n.max(0) + 1)),
        ("integer" | "number", 6) => ("enum", json!([n, n + 1])),
        ("integer" | "number", _) => ("default", json!(n)),
        ("array", 0) => ("minItems", json!(n.max(0))),
        ("array", 1) => ("maxItems", json!(n + 1)),
        ("array", 2) => ("x-kubernetes-list-type", json!("set")),
        ("object", 0) => ("minProperties", json!(n.max(0))),
        ("object", 1) => ("maxProperties", json!(n + 2)),
        ("object", 2 | 3) => ("required", json!([random.pick(&NAMES[..3])])),
        ("object", 4) => ("x-kubernetes-preserve-unknown-fields", json!(true)),
        ("object", 5 | 7) => return logic(random, schema),
        ("object", 6) => ("x-kubernetes-validations", json!([rule(random)])),
        _ => ("nullable", json!(true)),
    };
    let map = schema.as_object_mut().unwrap();
    if map.remove(keyword).is_none() || random.one_in(2) {
        map.insert(keyword.to_owned(), value);
    }
}

fn rule(random: &mut Random) -> Value {
    let name = random.pick(&NAMES[..3]);
    let rule = match random.below(3) {
        0 => format!("has(self.{name})"),
        1 => format!("!has(self.{name})"),
        _ => "self == self".to_owned(),
    };
    json!({"rule": rule})
}

fn logic(random: &mut Random, schema: &mut Value) {
    let keyword = *random.pick(&["allOf", "anyOf", "oneOf", "not"]);
    let present =
        ["allOf", "anyOf", "oneOf", "not"].into_iter().find(|keyword| schema.get(keyword).is_some());
    if let Some(present) = present.filter(|_| !random.one_in(4)) {
        return change_logic(random, schema, present);
    }
    let map = schema.as_object_mut().unwrap();
    let branch = |random: &mut Random| match random.below(3) {
        0 => json!({"required": [random.pick(&NAMES[..3])]}),
        1 => {
            json!({"properties": {*random.pick(&NAMES[..3]): {"minLength": random.small(), "minimum": random.small()}}})
        }
        _ => json!({"minProperties": random.small()}),
    };
    let value = match keyword {
        "not" => branch(random),
        _ => (0..=random.below(2)).map(|_| branch(random)).collect(),
    };
    map.insert(keyword.to_owned(), value);
}

/// Takes a demand away, or a branch of it, or moves a bound in one.
fn change_logic(random: &mut Random, schema: &mut Value, keyword: &str) {
    if random.one_in(3) {
        schema.as_object_mut().unwrap().remove(keyword);
        return;
    }
    let up = random.one_in(2);
    match &mut schema[keyword] {
        Value::Array(branches) if random.one_in(2) => {
            let again = random.pick(branches).clone();
            branches.push(again);
            move_bounds(&mut branches[0], up);
        }
        Value::Array(branches) => move_bounds(&mut branches[0], up),
        branch => move_bounds(branch, up),
    }
}

fn move_bounds(branch: &mut Value, up: bool) {
    match branch {
        Value::Object(map) => map.values_mut().for_each(|below| move_bounds(below, up)),
        Value::Number(number) => {
            *branch = json!(number.as_i64().unwrap_or_default() + if up { 1 } else { -1 });
        }
        _ => {}
    }
}

fn list(random: &mut Random, depth: usize) -> Value {
    let mut schema = json!({"type": "array", "items": schema(random, depth)});
    if random.one_in(2) {
        constrain(random, &mut schema);
    }
    schema
}

fn object(random: &mut Random, depth: usize) -> Value {
    let mut made = json!({"type": "object"});
    if random.one_in(4) {
        made["additionalProperties"] = match random.below(6) {
            0 => json!(false),
            1 => json!(true),
            _ => schema(random, depth),
        };
    } else {
        let mut properties = Map::new();
        for name in &NAMES[..3] {
            if !random.one_in(3) {
                properties.insert((*name).to_owned(), schema(random, depth));
            }
        }
        made["properties"] = properties.into();
    }
    for _ in 0..random.below(3) {
        constrain(random, &mut made);
    }
    made
}

/// Changes a schema at one place.
pub(super) fn mutate(random: &mut Random, schema: &mut Value, depth: usize) {
    let below: Vec<String> = {
        let mut ways = Vec::new();
        for name in schema["properties"].as_object().into_iter().flatten().map(|(name, _)| name) {
            ways.push(format!("/properties/{name}"));
        }
        for keyword in ["items", "additionalProperties"] {
            if schema[keyword].is_object() {
                ways.push(format!("/{keyword}"));
            }
        }
        ways
    };
    if depth > 0 && !below.is_empty() && !random.one_in(4) {
        let way = random.pick(&below).clone();
        return mutate(random, schema.pointer_mut(&way).unwrap(), depth - 1);
    }
    match (schema["type"].as_str(), random.below(6)) {
        (Some("object"), 0 | 1) if schema.get("additionalProperties").is_none() => {
            let name = *random.pick(&NAMES[..3]);
            let field = self::schema(random, 0);
            let properties = schema.as_object_mut().unwrap().entry("properties").or_insert_with(|| json!({}));
            if properties.as_object_mut().unwrap().remove(name).is_none() {
                properties[name] = field;
            }
        }
        (Some("object"), 2) => {
            let values = self::schema(random, 0);
            let map = schema.as_object_mut().unwrap();
            if map.remove("additionalProperties").is_none() {
                map.remove("properties");
                map.insert("additionalProperties".to_owned(), values);
            }
        }
        (Some("integer"), 0) => schema["type"] = json!("number"),
        (Some("string" | "integer"), 1) => *schema = json!({"x-kubernetes-int-or-string": true}),
        _ => constrain(random, schema),
    }
}

/// A value that suits the types of a schema, and its other keywords by chance.
pub(super) fn value(random: &mut Random, schema: &Value) -> Value {
    if schema["nullable"] == true && random.one_in(4) {
        return Value::Null;
    }
    if let Some(values) = schema["enum"].as_array().filter(|_| !random.one_in(4)) {
        return random.pick(values).clone();
    }
    match schema["type"].as_str() {
        Some("string") => json!(random.pick(&WORDS)),
        Some("integer") => json!(random.small()),
        Some("number") if random.one_in(2) => json!(f64::from(random.small() as i32) + 0.5),
        Some("number") => json!(random.small()),
        Some("array") => (0..random.below(3)).map(|_| value(random, &schema["items"])).collect(),
        Some("object") => {
            let mut map = Map::new();
            for name in &NAMES[..3] {
                let named = &schema["properties"][*name];
                let field = if named.is_object() { named } else { &schema["additionalProperties"] };
                let keeps = schema["x-kubernetes-preserve-unknown-fields"] == true || *field == true;
                if random.one_in(3) {
                    continue;
                }
                if field.is_object() {
                    map.insert((*name).to_owned(), value(random, field));
                } else if keeps {
                    let any = [json!(1), json!("x"), json!({"a": 1}), json!([{"b": "x"}])];
                    map.insert((*name).to_owned(), random.pick(&any).clone());
                }
            }
            Value::Object(map)
        }
        _ if random.one_in(2) => json!(random.small()),
        _ => json!(random.pick(&WORDS)),
    }
}
