//! kubectl's JSONPath: what templates print and how they fail.

// A test fails by panicking.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use k1s_runtime::api::jsonpath::{JsonPath, Template};
use proptest::prelude::*;
use serde_json::{Value, json};

fn object() -> Value {
    json!({
        "kind": "List",
        "items": [
            {"name": "a", "n": 1, "on": true, "tags": ["x", "y"], "f": 1.5},
            {"name": "b", "n": 2, "on": false, "tags": [], "labels": {"k8s.io/x": "1"}},
            {"name": "c", "n": 3, "tags": ["z"], "none": null},
        ],
        "m": {"b": [1], "a": {"c": "<"}},
    })
}

fn render(template: &str) -> String {
    let rendered = Template::parse(template).and_then(|template| template.render(&object(), true));
    rendered.unwrap_or_else(|error| format!("error: {error}"))
}

#[test]
fn templates_print_as_in_kubectl() {
    let cases = [
        ("plain", "plain"),
        ("{.kind}", "List"),
        ("{$.kind} {@.kind}", "List List"),
        ("{.items[*].name}", "a b c"),
        ("{.items[0].name}{\"\\t\"}{.items[-1].name}", "a\tc"),
        ("{.items[0:2].name}", "a b"),
        ("{.items[::2].name}", "a c"),
        ("{.items[1:].name}", "b c"),
        ("{.items[-2:].name}", "b c"),
        ("{.items[0]['name','n']}", "a 1"),
        ("{.items[0,2].name}", "a c"),
        ("{['kind']}", "List"),
        ("{.items[1].labels.k8s\\.io/x}", "1"),
        ("{.items[1].labels['k8s\\.io/x']}", "1"),
        ("{.items[?(@.name==\"b\")].n}", "2"),
        ("{.items[?(@.name=='b')].n}", "2"),
        ("{.items[?(@.n>=2)].name}", "b c"),
        ("{.items[?(@.n!=2)].name}", "a c"),
        ("{.items[?(@.on==true)].name}", "a"),
        ("{.items[?(@.labels)].name}", "b"),
        ("{.items[?(@.f<2.5)].name}", "a"),
        ("{..name}", "a b c"),
        ("{.items[0].*}", "1.5 1 a true [\"x\",\"y\"]"),
        ("{.m}", "{\"a\":{\"c\":\"\\u003c\"},\"b\":[1]}"),
        ("{.items[2].none}", "<nil>"),
        ("{.nope}x", "x"),
        ("{.nope.more[0]}", ""),
        ("{range .items[*]}{.name}={.n};{end}.", "a=1;b=2;c=3;."),
        ("{range .items[*]}{.name}:{range .tags[*]}{@},{end} {end}", "a:x,y, b: c:z, "),
        ("{range .nope[*]}{.name}{end}done", "done"),
        ("{true} {1} {'it'}", "true 1 it"),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), expected, "{template}");
    }
}

#[test]
fn faults_use_kubectls_words() {
    let cases = [
        ("{.kind", "unclosed action"),
        ("{.items[}", "unterminated array"),
        ("{.items[x]}", "invalid array index x"),
        ("{.items[5]}", "array index out of bounds: index 5, length 3"),
        ("{.items[2:1]}", "starting index 2 is greater than ending index 1"),
        ("{.items[0:2:0]}", "step must be > 0"),
        ("{.kind[0]}", "string is not array or slice"),
        ("{.kind[?(@.a)]}", "List is not array or slice and cannot be filtered"),
        ("{....a}", "invalid multiple recursive descent"),
        ("{\"a}", "unterminated quoted string"),
        ("{(}", "unrecognized character in action: U+0028 '('"),
        ("{end}", "not in range, nothing to end"),
        ("{hello}", "unrecognized identifier hello"),
        ("{.items[?(@.n==\"2\")]}", "incompatible types for comparison"),
        ("{.items[?(@.tags==1)]}", "invalid type for comparison"),
        ("{.items[?(@.n]}", "unterminated filter"),
        ("{1.2.3}", "cannot parse number 1.2.3"),
    ];
    for (template, expected) in cases {
        assert_eq!(render(template), format!("error: {expected}"), "{template}");
    }
    let strict = Template::parse("{.nope}").unwrap().render(&object(), false);
    assert_eq!(strict.unwrap_err().to_string(), "nope is not found");
}

#[test]
fn json_output_lists_each_actions_values() {
    let text = Template::parse("{.items[*].name}").unwrap().render_json(&object(), true).unwrap();
    assert_eq!(text, "[\n    \"a\",\n    \"b\",\n    \"c\"\n]\n");
}

#[test]
fn relaxed_paths_take_four_forms() {
    let object = object();
    for path in ["kind", ".kind", "{kind}", "{.kind}"] {
        let found = JsonPath::relaxed(path).unwrap();
        assert_eq!(found.first(&object).unwrap().as_deref(), Some(&json!("List")), "{path}");
    }
    assert!(JsonPath::relaxed("{.status").is_err() && JsonPath::relaxed("a}b").is_err());
    assert!(JsonPath::parse(".items[9]").unwrap().find(&object).is_err());
    assert!(JsonPath::parse(".nope").unwrap().first(&object).unwrap().is_none());
}

#[test]
fn explosions_are_stopped() {
    let doubling = format!("{{.items{}}}", "['a','a']".repeat(5));
    assert_eq!(render(&doubling), "");
    let doubling = format!("{{{}}}", "[$,$]".repeat(40));
    assert!(render(&doubling).starts_with("error: "), "{}", render(&doubling));
    let nested = format!("{{{}", "[?(".repeat(200));
    assert!(render(&nested).starts_with("error: "));
    let ranges = "{range .items[*]}".repeat(64);
    assert!(render(&ranges).len() < 1000);
}

proptest! {
    #[test]
    fn nothing_panics(template in r#"[{}\[\]().*@$'"?<=!a-c0-9:,\\ \n-]{0,40}"#, strict: bool) {
        if let Ok(template) = Template::parse(&template) {
            let _ = template.render(&object(), strict);
        }
        let _ = JsonPath::relaxed(&template);
    }

    #[test]
    fn ranges_never_panic(parts in prop::collection::vec(
        prop::sample::select(vec!["{range .items[*]}", "{end}", "{.name}", "{range .tags[*]}", "t", "{..}", "{@}"]), 0..8)
    ) {
        let _ = render(&parts.concat());
    }
}
