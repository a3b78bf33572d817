//! Gates of `k1s-cel`, beside the crate `cel` in the same run: compiling a rule, evaluating it, and a rule over a hundred objects.
//!
//! `cargo bench -p k1s-tests --bench cel`. `cel` has no types, costs or schemas, so its side does less: it parses, and it evaluates over
//! values that were converted beforehand; the line `with conversion` adds what that costs each time an object comes in.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a bench may panic")]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, Program, Value};
use serde_json::{Value as Json, json};

const RULE: &str = "self.min <= self.max";
const LOOP: &str = "self.items.all(i, i.quantity >= 0 && i.quantity <= self.max)";

fn schema() -> Arc<Schema> {
    let item = json!({"type": "object", "properties": {"quantity": {"type": "integer"}, "name": {"type": "string"}}});
    let schema = json!({"type": "object", "properties": {
        "min": {"type": "integer"},
        "max": {"type": "integer"},
        "items": {"type": "array", "maxItems": 100, "items": item},
        "other": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
    }});
    Schema::from_json(&schema, false).unwrap()
}

fn env(schema: &Arc<Schema>) -> Env {
    let ty = Type::of_schema(schema, "selfType").unwrap();
    Env::new().with_schema("self", ty, Arc::clone(schema))
}

/// An object with a hundred items, and `padding` entries in a part that no rule reads.
fn object(padding: usize) -> Json {
    let items: Vec<Json> =
        (0..100).map(|index| json!({"quantity": index, "name": format!("item-{index}")})).collect();
    let other: serde_json::Map<String, Json> =
        (0..padding).map(|index| (format!("key-{index}"), json!(index))).collect();
    json!({"min": 0, "max": 100, "items": items, "other": other})
}

fn compiling(criterion: &mut Criterion) {
    let env = env(&schema());
    let mut group = criterion.benchmark_group("compile");
    group.bench_function("k1s-cel: parse, check, estimate, plan (gate: 15 us)", |bencher| {
        bencher.iter(|| {
            let checked = env.check(black_box(RULE)).unwrap();
            black_box(checked.estimate(&env));
            Program::new(&checked).unwrap()
        });
    });
    group.bench_function("cel: parse", |bencher| {
        bencher.iter(|| cel::Program::compile(black_box(RULE)).unwrap());
    });
    group.finish();
}

fn evaluating(criterion: &mut Criterion) {
    let schema = schema();
    let env = env(&schema);
    for (name, rule) in
        [("evaluate, two fields (gate: 0.15 us)", RULE), ("evaluate, all() over 100 (gate: 20 us)", LOOP)]
    {
        let mut group = criterion.benchmark_group(name);
        let program = Program::new(&env.check(rule).unwrap()).unwrap();
        for (padding, shown) in [(0, "k1s-cel"), (10_000, "k1s-cel, 10,000 unread entries beside")] {
            let object = object(padding);
            group.bench_function(shown, |bencher| {
                bencher.iter(|| {
                    let evaluation = program.run(&[Some(Value::typed(black_box(&object), &schema))]);
                    assert!(matches!(evaluation.result, Ok(Value::Bool(true))));
                });
            });
        }
        let object = object(0);
        let peer = cel::Program::compile(rule).unwrap();
        let mut context = cel::Context::default();
        context.add_variable("self", &object).unwrap();
        group.bench_function("cel, converted beforehand", |bencher| {
            bencher.iter(|| black_box(peer.execute(&context).unwrap()));
        });
        group.bench_function("cel, with conversion", |bencher| {
            bencher.iter(|| {
                let mut context = cel::Context::default();
                context.add_variable("self", black_box(&object)).unwrap();
                black_box(peer.execute(&context).unwrap())
            });
        });
        group.finish();
    }
}

criterion_group!(benches, compiling, evaluating);
criterion_main!(benches);
