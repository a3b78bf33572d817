//! Manifests: limits, positions, streams, errors and round trips.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use k1s_runtime::manifest::{self, Error, Limit, Limits, Options, Span, decode, decode_with};
use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

fn values(text: &str) -> Vec<Value> {
    decode("t", text.as_bytes()).map(|document| document.unwrap().value).collect()
}

fn failure(text: &[u8]) -> Error {
    decode("t", text).find_map(Result::err).unwrap()
}

fn limited(text: &str, limits: Limits) -> Option<Limit> {
    let options = Options { limits, ..Options::default() };
    match decode_with("t", text.as_bytes(), options).find_map(Result::err)? {
        Error::Limit { limit, .. } => Some(limit),
        other => panic!("{other}"),
    }
}

#[test]
fn streams_split_as_in_kubectl() {
    assert_eq!(values("---\na: 1\n---\n---\n# x\n--- # y\nb: 2\n"), [json!({"a": 1}), json!({"b": 2})]);
    assert_eq!(
        values("{\"a\":1}{\"b\":2}\n null {\"c\":3}"),
        [json!({"a": 1}), json!({"b": 2}), json!({"c": 3})]
    );
    assert_eq!(values("\u{feff}a: 1\r\n---\r\nb: |\r\n  x\r\n"), [json!({"a": 1}), json!({"b": "x\n"})]);
    assert_eq!(values(" \n"), [] as [Value; 0]);
    let lines: Vec<_> =
        decode("t", b"a: 1\n---\n\nb: 2\n").map(|d| d.unwrap()).map(|d| (d.index, d.line)).collect();
    assert_eq!(lines, [(0, 1), (1, 3)]);
}

#[test]
fn positions_survive_aliases_merges_and_json() {
    let text = "a: &x\n  p: 1\nb: *x\nc:\n  k8s.io/a.b: 2\n  l:\n  - m: 3\n";
    let document = decode("t", text.as_bytes()).next().unwrap().unwrap();
    let line = |path: &str| document.positions.field(path).map(|place| place.start().line);
    assert_eq!(line("a.p"), Some(2));
    assert_eq!(line("b"), Some(3));
    assert_eq!(line("b.p"), Some(2));
    assert_eq!(line("c.k8s.io/a.b"), Some(5));
    assert_eq!(line("c[k8s.io/a.b]"), Some(5));
    assert_eq!(line("c.l[0].m"), Some(7));
    assert_eq!(line("c.nope"), None);
    assert_eq!(document.positions.nearest("c.l[0].nope.more").unwrap().value.start.line, 7);
    assert_eq!(document.positions.pointer("/c/k8s.io~1a.b").unwrap().value.start.column, 15);

    let json = "{\n  \"a\": [1,\n    {\"é\": 2}]}";
    let document = decode("t", json.as_bytes()).next().unwrap().unwrap();
    let place = document.positions.field("a[1].é").unwrap();
    assert_eq!((place.start().line, place.start().column, place.value.start.column), (3, 6, 11));
}

#[test]
fn places_know_where_keys_and_values_end() {
    let text = "a:  'x y'  # c\nlist:\n- 1\n- {b: two, c: [3,\n    4]}\nmap:\n  k: |\n    one\n    two\n  z: é\n\nlast: 1\n";
    let document = decode("s.yaml", text.as_bytes()).next().unwrap().unwrap();
    let spans = |path: &str| {
        let place = document.positions.field(path).unwrap();
        let shown = |span: Span| {
            format!("{}:{}-{}:{}", span.start.line, span.start.column, span.end.line, span.end.column)
        };
        (place.key.map(shown).unwrap_or_default(), shown(place.value))
    };
    let expect =
        |path: &str, key: &str, value: &str| assert_eq!(spans(path), (key.into(), value.into()), "{path}");
    expect("a", "1:1-1:2", "1:5-1:10");
    expect("list", "2:1-2:5", "3:3-5:8");
    expect("list[0]", "", "3:3-3:4");
    expect("list[1]", "", "4:3-5:8");
    expect("list[1].b", "4:4-4:5", "4:7-4:10");
    expect("list[1].c", "4:12-4:13", "4:15-5:7");
    expect("map.k", "7:3-7:4", "8:5-10:1");
    expect("map", "6:1-6:4", "7:3-10:7");
    expect("map.z", "10:3-10:4", "10:6-10:7");
    let json = decode("s.json", b"{\"a\": {\"b\": [1, 22]},\n \"c\": \"x\"}").next().unwrap().unwrap();
    let place = json.positions.field("a.b").unwrap();
    assert_eq!((place.key.unwrap().start.column, place.key.unwrap().end.column), (8, 11));
    assert_eq!((place.value.start.column, place.value.end.column), (13, 20));
    assert_eq!(
        json.positions.root().unwrap().value.end,
        json.positions
            .field("c")
            .map(|c| {
                let end = c.value.end;
                k1s_runtime::manifest::Position { column: end.column + 1, ..end }
            })
            .unwrap()
    );
}

#[test]
fn duplicates_are_reported_and_the_last_wins() {
    for text in ["s:\n- {v: 1, v: 2}\n", "{\"s\": [{\"v\": 1, \"v\": 2}]}"] {
        let document = decode("t", text.as_bytes()).next().unwrap().unwrap();
        assert_eq!(document.value, json!({"s": [{"v": 2}]}));
        assert_eq!(document.duplicates.len(), 1);
        assert_eq!(document.duplicates[0].path, "s[0].v");
        let position = document.positions.field("s[0].v").unwrap().start();
        assert_eq!(document.duplicates[0].position, position);
    }
    let merged = decode("t", b"a: &a {v: 1}\nb:\n  <<: *a\n  v: 2\n").next().unwrap().unwrap();
    assert!(merged.duplicates.is_empty());
}

#[test]
fn limits_are_named() {
    let limits = Limits::default();
    assert_eq!(limited("a: b", Limits { source_bytes: 3, ..limits }), Some(Limit::SourceBytes));
    assert_eq!(limited("[[[]]]", Limits { depth: 2, ..limits }), Some(Limit::Depth));
    assert_eq!(limited("{\"a\":{\"b\":{}}}", Limits { depth: 2, ..limits }), Some(Limit::Depth));
    assert_eq!(limited("[1, 2, 3]", Limits { nodes: 3, ..limits }), Some(Limit::Nodes));
    assert_eq!(limited("[1, 2]", Limits { nodes: 3, ..limits }), None);
    let short = Limits { scalar_bytes: 3, ..limits };
    for text in ["a: 1234", "a: |\n 12\n 4", "abcd: 1", "{\"a\": \"1234\"}", "{\"abcd\": 1}", "{\"a\": 1234}"]
    {
        assert_eq!(limited(text, short), Some(Limit::ScalarBytes), "{text}");
    }
    assert_eq!(limited("a: 123\n---\n{\"b\": \"\\u0031\\n\"}", short), None);
    let few = Limits { documents: 2, ..limits };
    for text in ["a: 1\n---\n# no\n---\nb: 1\n", "---\n---\n---\n---\n---\n", "{} {} {}"] {
        assert_eq!(limited(text, few), Some(Limit::Documents), "{text}");
    }
    assert_eq!(limited("a: 1\n---\nb: 1\n", few), None);
}

#[test]
fn errors_of_limits_say_what_was_hit_where_and_what_to_do() {
    let options = Options { limits: Limits { documents: 1, ..Limits::default() }, ..Options::default() };
    let error = decode_with("t", b"a: 1\n---\nb: 1\n", options).find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "t:3:1: limit documents of 1 exceeded");
    assert_eq!(error.hint(), Some("split the file"));
    let options = Options { limits: Limits { scalar_bytes: 1, ..Limits::default() }, ..Options::default() };
    let error = decode_with("t", b"a:\n  b: xy\n", options).find_map(Result::err).unwrap();
    assert_eq!(error.to_string(), "t:2:6: limit scalar_bytes of 1 exceeded");
}

/// Sources that are small and ask for much, with the limits that everybody has.
#[test]
fn hostile_sources_are_refused() {
    let limits = Limits::default();
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    let mut merges = "a0: &a0 {k0: x, k1: x, k2: x, k3: x}\n".to_owned();
    for level in 1..12 {
        let inner = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{inner}]\n"));
        let inner: String = (0..10).map(|n| format!("k{n}: *a{}, ", level - 1)).collect();
        merges.push_str(&format!("a{level}: &a{level} {{<<: *a{}, {inner}}}\n", level - 1));
    }
    let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(20));
    for text in [bomb, merges, long] {
        assert_eq!(limited(&text, limits), Some(Limit::AliasBytes), "{text:.40}");
    }
    let braces = "{\"a\":".repeat(100_000);
    let indented: String = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    for text in [
        "[".repeat(100_000),
        "- ".repeat(100_000),
        format!("x: {}", "{a: ".repeat(100_000)),
        braces,
        indented,
    ] {
        assert_eq!(limited(&text, limits), Some(Limit::Depth), "{text:.40}");
    }
    assert_eq!(limited(&format!("{{\"a\":{}", "[".repeat(100_000)), limits), Some(Limit::Depth));
    let deep =
        format!("a: &a {}1{}\nb: {}*a{}\n", "[".repeat(80), "]".repeat(80), "[".repeat(80), "]".repeat(80));
    assert_eq!(limited(&deep, limits), Some(Limit::Depth));
    let scalar = format!("{{\"a\": \"{}", "x".repeat(17 << 20));
    assert_eq!(limited(&scalar, limits), Some(Limit::ScalarBytes));
    for text in ["---\n", "{}\n"] {
        assert_eq!(limited(&text.repeat(1_000_000), limits), Some(Limit::Documents));
    }
    for text in ["a: &a [*a]\n", "a: &a {b: {c: *a}}\n", "&a {<<: *a}\n", "&a {*a : 1}\n"] {
        let message = failure(text.as_bytes()).decoder_message();
        assert_eq!(message, "yaml: anchor 'a' value contains itself", "{text}");
    }
}

/// What a source can make the decoder do without hitting a limit is linear in its size: these took minutes, or all memory.
#[test]
fn small_sources_do_not_ask_for_much() {
    let slashes = format!("['\\/', {}]", "\"a\", ".repeat(100_000));
    assert_eq!(values(&slashes)[0].as_array().map(Vec::len), Some(100_001));
    let key = "k".repeat(1 << 19);
    let twice = "\"a\": 1, ".repeat(20_000);
    for text in [format!("{{\"{key}\": {{{twice} \"a\": 1}}}}"), format!("? {key}\n: {{{twice}}}\n")] {
        let document = decode("t", text.as_bytes()).next().unwrap().unwrap();
        assert_eq!(document.duplicates.len(), 2);
    }
    let document = decode("t", format!("{{{twice}}}").as_bytes()).next();
    assert!(document.is_some_and(|document| document.is_err()), "a comma too many");
    let document = decode("t", format!("x: {{{twice}}}").as_bytes()).next().unwrap().unwrap();
    assert_eq!(document.duplicates.len(), 100);
}

#[test]
fn errors_name_the_place_and_speak_as_kubectl() {
    let cases: [(&str, &str, &str); 13] = [
        (
            "a: b\nc: d: e\n",
            "t:2:5",
            "error converting YAML to JSON: yaml: line 2: mapping values are not allowed in this context",
        ),
        (
            "x: 1\n---\na: @b\n",
            "t:3:4",
            "error converting YAML to JSON: yaml: found character that cannot start any token",
        ),
        ("a: *b\n", "t:1:4", "error converting YAML to JSON: yaml: unknown anchor 'b' referenced"),
        ("a: &b [*b]\n", "t:1:8", "error converting YAML to JSON: yaml: anchor 'b' value contains itself"),
        ("a: !!int x\n", "t:1:4", "error converting YAML to JSON: yaml: cannot decode !!str `x` as a !!int"),
        (
            "a:\n  <<: 1\n",
            "t:2:7",
            "error converting YAML to JSON: yaml: map merge requires map or sequence of maps as the value",
        ),
        ("a: \u{1}\n", "t:1:4", "error converting YAML to JSON: yaml: control characters are not allowed"),
        ("{\"a\" 1}", "t:1:6", "json: offset 6: invalid character '1' after object key"),
        (
            "{a: 1}",
            "t:1:2",
            "json: offset 2: invalid character 'a' looking for beginning of object key string",
        ),
        ("{\"a\":\n 01}", "t:2:3", "json: offset 9: invalid character '1' after object key:value pair"),
        ("{\"a\":tru}", "t:1:9", "json: offset 9: invalid character '}' in literal true (expecting 'e')"),
        ("{\"a\":'", "t:1:6", "json: offset 6: invalid character '\\'' looking for beginning of value"),
        ("{\"a\":[1", "t:1:8", "unexpected EOF"),
    ];
    for (text, place, words) in cases {
        let error = failure(text.as_bytes());
        assert_eq!(
            (error.location().to_string().as_str(), error.kubectl_message().as_str()),
            (place, words),
            "{text}"
        );
    }
    assert_eq!(
        failure(b"a: \xff\n").kubectl_message(),
        "error converting YAML to JSON: yaml: invalid leading UTF-8 octet"
    );
    let patch = manifest::parse_yaml(b"[1").unwrap_err().decoder_message();
    assert_eq!(patch, "yaml: line 1: did not find expected ',' or ']'");
    assert_eq!(manifest::parse_json(b"{").unwrap_err().decoder_message(), "unexpected end of JSON input");
    assert_eq!(
        manifest::parse_json(b"1 2").unwrap_err().decoder_message(),
        "invalid character '2' after top-level value"
    );
}

#[test]
fn yaml_is_laid_out_as_by_go_yaml() {
    let long = "word ".repeat(20) + "end";
    let cases = [
        (
            json!([[1, [2]], {"a": [{"b": 1, "c": []}]}]),
            "- - 1\n  - - 2\n- a:\n  - b: 1\n    c: []\n".to_owned(),
        ),
        (json!("a"), "a\n".to_owned()),
        (json!({}), "{}\n".to_owned()),
        (json!({"t": " x\n\n"}), "t: |2+\n   x\n\n".to_owned()),
        (json!({"t": "x\n y"}), "t: |-\n  x\n   y\n".to_owned()),
        (json!({"t": "x\ty\nz"}), "t: \"x\\ty\\nz\"\n".to_owned()),
        (
            json!({"o": 15_000_000_000_i64, "m": 0.00001, "n": 12345678.5}),
            "m: 1e-05\n\"n\": 1.23456785e+07\no: 15000000000\n".to_owned(),
        ),
        (json!({"s": long}), format!("s: {}\n  {}end\n", "word ".repeat(16).trim_end(), "word ".repeat(4))),
        (json!({"k".repeat(129): 1}), format!("? {}\n: 1\n", "k".repeat(129))),
    ];
    for (value, text) in cases {
        assert_eq!(manifest::to_yaml(&value), text);
        assert_eq!(values(&text), [value]);
    }
}

fn any_value() -> impl Strategy<Value = Value> {
    let text = prop_oneof![
        any::<String>(),
        r#"[ a-z0-9:#'"\\\n\t\-_.,\[\]{}&*!|>%@~+]{0,12}"#,
        "( ?[a-z]{1,30}){1,9}",
        prop::sample::select(vec![
            "yes",
            "0x1F",
            "1_0",
            "null",
            "~",
            "",
            "1e3",
            "2001-01-01",
            "12:30",
            "<<",
            "é😀",
            "\u{85}\u{2028}"
        ])
        .prop_map(str::to_owned),
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_filter_map("finite, not an integer", |float| {
            (float.fract() != 0.0).then(|| Number::from_f64(float).map(Value::Number)).flatten()
        }),
        text.clone().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(text.clone(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in any_value().prop_filter("not null", |value| !value.is_null())) {
        let yaml = manifest::to_yaml(&value);
        let read: Vec<_> = decode("t", yaml.as_bytes()).map(|document| document.map(|d| d.value)).collect();
        prop_assert_eq!(read, vec![Ok(value.clone())], "{}", yaml);
        for json in [manifest::to_json_compact(&value), manifest::to_json_pretty(&value)] {
            prop_assert_eq!(&manifest::parse_json(json.as_bytes()).unwrap(), &value);
        }
    }

    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        decode("t", &bytes).for_each(drop);
    }

    #[test]
    fn yaml_like_text_never_panics(text in r#"([ \-:?&*!|>'"%@{}\[\],#a1\n\t<~.\\é]|---\n|<<: |&a |\*a |!!int |%YAML 1.1\n){0,40}"#) {
        decode("t", text.as_bytes()).for_each(drop);
        let _ = manifest::parse_yaml(text.as_bytes());
    }

    #[test]
    fn json_like_text_never_panics(text in r#"\{[{}\[\]":,a-f0-9eE+\-. \\un\n]{0,40}"#) {
        decode("t", text.as_bytes()).for_each(drop);
        let ours = manifest::parse_json(text.as_bytes()).is_ok();
        let theirs = serde_json::from_str::<Value>(&text).is_ok();
        prop_assert!(ours || !theirs, "{}", text);
    }
}
