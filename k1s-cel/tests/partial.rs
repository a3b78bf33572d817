//! Parts of schemas: what fits the whole fits any part of it, and what a part does show is checked.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, Program};
use serde_json::{Value, json};

fn whole() -> Value {
    let text = json!({"type": "string"});
    json!({"type": "object", "properties": {
        "name": text,
        "size": {"type": "integer"},
        "ratio": {"type": "number"},
        "on": {"type": "boolean"},
        "tags": {"type": "array", "items": text, "x-kubernetes-list-type": "set"},
        "ports": {"type": "array", "items": {"type": "object", "properties": {"name": text, "port": {"type": "integer"}}},
                  "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"]},
        "labels": {"type": "object", "additionalProperties": text},
        "since": {"type": "string", "format": "date-time"},
        "grace": {"type": "string", "format": "duration"},
        "data": {"type": "string", "format": "byte"},
        "either": {"x-kubernetes-int-or-string": true},
        "inner": {"type": "object", "properties": {"name": text, "depth": {"type": "integer"}}},
    }})
}

const EXPRESSIONS: [&str; 34] = [
    "self.size + 1 < 10 && self.ratio * 2.0 > 1.5",
    "self.on ? self.name == 'a' : self.size == 1",
    "self.on",
    "self.name",
    "self.size > oldSelf.size",
    "[self.name, 'x', self.inner.name].exists(n, n.startsWith('a'))",
    "[[self.name], ['x'], self.tags].all(l, size(l) == 1)",
    "{'a': self.name, self.inner.name: 'b'}.all(k, k != '')",
    "{'a': self.size, 'b': 1}['a'] == 1",
    "[optional.of(self.name), optional.of('x')].exists(o, o.hasValue())",
    "self.inner.name in self.tags && self.tags.isSorted()",
    "self.ports.all(p, p.port > 0 && p.port < 65536 && p.name != self.name)",
    "self.ports.map(p, p.port).sum() < 10 && self.ports.map(p, p.name).join(',') != ''",
    "self.ports.exists_one(i, p, i == 0 && p.port == 1)",
    "self.labels.all(k, v, k.size() < 10 && v.matches('^[a-z]+$'))",
    "self.labels.exists(k, self.labels[k] == self.name)",
    "self.?inner.?name.orValue('x') == 'x' && self.labels[?'a'].orValue('b') == 'b'",
    "has(self.inner) && has(self.inner.depth) && self.inner.depth + self.size > 2",
    "self.since > timestamp('2024-01-01T00:00:00Z') && self.since + self.grace > self.since",
    "self.grace >= duration('1h') && self.grace.getSeconds() > 1",
    "self.data == b'x' && self.data.size() > 0",
    "self.either == 1 || self.either == '1'",
    "self.inner == oldSelf.inner || self.ports == oldSelf.ports",
    "'%s has %d of %f'.format([self.name, self.size, self.ratio]) != ''",
    "string(self.size) + self.name == '' || int(self.name) > 1 || double(self.size) > self.ratio",
    "sets.contains(self.tags, ['a']) && sets.intersects(self.tags, [self.name])",
    "self.tags + ['a'] == self.tags && (self.on ? self.tags : []).size() > 0",
    "self.name.find('[a-z]') == '' && self.name.lowerAscii().trim().split(',').size() == 1",
    "quantity(self.name).isLessThan(quantity('1Gi')) && isURL(self.name) && url(self.name).getHost() == ''",
    "self.tags.map(t, t.size()).max() > self.size && self.tags.filter(t, t != self.name).size() > 1",
    "dyn(self.size) == dyn(self.name) && type(self.name) == string",
    "(self.on ? optional.of(self.inner) : optional.none()).optMap(i, i.depth).orValue(0) > -1",
    "self.ports.transformMap(i, p, p.name)[0] == '' || self.labels.transformList(k, v, v).size() > 1",
    "!(self.on || self.name != '') && -self.size < 0 && self.size % 2 == 0",
];

fn check(schema: &Value, partial: bool, expression: &str) -> Result<Type, String> {
    let read = if partial { Schema::from_partial_json } else { Schema::from_json };
    let schema = read(schema, false).unwrap();
    let ty = Type::of_schema(&schema, "Item").unwrap();
    let env = Env::new().with_schema("self", ty.clone(), schema.clone()).with_schema("oldSelf", ty, schema);
    let checked = env.check(expression).map_err(|issues| issues.with_hints())?;
    Program::new(&checked).map_err(|why| why.to_string())?;
    Ok(checked.result_type().clone())
}

/// Every schema that comes of leaving out what one node says, and of leaving out two properties.
fn parts(whole: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    collect(whole, String::new(), &mut pointers);
    let mut parts = Vec::new();
    for (index, first) in pointers.iter().enumerate() {
        for second in &pointers[index..] {
            let mut part = whole.clone();
            for pointer in [second, first] {
                if let Some(node) = part.pointer_mut(pointer) {
                    *node = json!({});
                }
            }
            parts.push(part);
        }
    }
    parts
}

fn collect(schema: &Value, at: String, found: &mut Vec<String>) {
    for (name, child) in schema["properties"].as_object().into_iter().flatten() {
        collect(child, format!("{at}/properties/{name}"), found);
    }
    for keyword in ["items", "additionalProperties"] {
        if schema[keyword].is_object() {
            collect(&schema[keyword], format!("{at}/{keyword}"), found);
        }
    }
    found.push(at);
}

#[test]
fn what_fits_the_whole_fits_a_part() {
    let parts = parts(&whole());
    assert!(parts.len() > 100);
    for expression in EXPRESSIONS {
        let expected = check(&whole(), false, expression).unwrap();
        for part in &parts {
            let found = check(part, true, expression).unwrap_or_else(|why| panic!("{part}\n{why}"));
            assert!(found == expected || found == Type::Dyn, "{expression}: {found} for {expected}");
        }
    }
}

#[test]
fn an_open_object_may_have_further_fields() {
    let mut open = whole();
    assert!(check(&open, true, "self.colour == 'red' && self.colour.deep[0] > 1").is_err());
    open["additionalProperties"] = json!(true);
    assert_eq!(check(&open, true, "self.colour == 'red' && self.colour.deep[0] > 1"), Ok(Type::Bool));
    assert_eq!(check(&open, true, "self.?colour.orValue(1) == 1 && !has(self.shade)"), Ok(Type::Bool));
    assert!(check(&open, true, "self.name > 1").is_err());
}

#[test]
fn what_a_part_shows_is_checked() {
    let part = json!({"type": "object", "properties": {"name": {"type": "string"}, "any": {}}});
    for (expression, complaint) in [
        ("self.any + 1 > self.name", "found no matching overload for '_>_' applied to '(int, string)'"),
        ("['a', self.any, 1] == []", "expected type 'string' but found 'int'"),
        ("self.any.matches('(')", "invalid matches argument"),
        ("self.nme == self.any", "undefined field 'nme'"),
    ] {
        let found = check(&part, true, expression).unwrap_err();
        assert!(found.contains(complaint), "{expression}: {found}");
    }
}
