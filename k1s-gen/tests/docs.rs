//! The reference of kinds: its texts, its page, and what nobody may do to them.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use k1s_gen::docs::{Error, File, Format, Options, render};
use k1s_gen::source;
use serde_json::{Value, json};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs")
}

fn orders() -> Value {
    source::of_files(&[data().join("orders.yaml")]).unwrap().remove(0).crd
}

/// A kind with these fields in its spec.
fn crd(group: &str, kind: &str, spec: &Value) -> Value {
    let schema = json!({"type": "object", "properties": {"spec": {"type": "object", "properties": spec}}});
    json!({"metadata": {"name": kind}, "spec": {
        "group": group, "scope": "Cluster", "names": {"kind": kind, "plural": format!("{}s", kind.to_lowercase())},
        "versions": [{"name": "v1", "served": true, "storage": true, "schema": {"openAPIV3Schema": schema}}],
    }})
}

fn page(crds: &[Value]) -> String {
    let options = Options { format: Format::Html, ..Options::default() };
    render(crds, &options).unwrap().remove(0).text
}

/// The values of an attribute in a page. Quotes in texts are escaped, so no text can look like one.
fn attributes<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let start = format!(" {name}=\"");
    page.split(&start).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

fn index(page: &str) -> Value {
    let start = page.find("id=\"k1s:index\">").unwrap() + "id=\"k1s:index\">".len();
    serde_json::from_str(page[start..].split("</script>").next().unwrap()).unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn compare(files: &[File], folder: &str) {
    for file in files {
        let path = data().join("expected").join(folder).join(&file.name);
        if std::env::var_os("K1S_BLESS").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, &file.text).unwrap();
        }
        let expected = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(file.text, expected, "{} differs; K1S_BLESS=1 accepts the new text", file.name);
    }
}

#[test]
fn markdown_is_as_expected() {
    let shelf =
        crd("shop.example.com", "Shelf", &json!({"boards": {"type": "integer", "description": "How many."}}));
    let source = "orders.yaml and a shelf".to_owned();
    let options = Options { format: Format::Markdown, source, ..Options::default() };
    let files = render(&[shelf.clone(), orders()], &options).unwrap();
    let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
    assert_eq!(names, ["index.md", "shop.example.com_orders.md", "shop.example.com_shelfs.md"]);
    compare(&files, "split");
    let single = Options { single: true, title: "The shop's API".to_owned(), ..options };
    let files = render(&[orders(), shelf], &single).unwrap();
    assert_eq!(files.len(), 1);
    compare(&files, "single");
}

#[test]
fn the_same_kinds_give_the_same_bytes() {
    let other = crd("example.com", "Other", &json!({}));
    let one = render(&[orders(), other.clone()], &Options::default()).unwrap();
    assert_eq!(one, render(&[other, orders()], &Options::default()).unwrap());
}

#[test]
fn every_field_has_an_address_of_its_own() {
    let page = page(&[
        orders(),
        crd("example.com", "Order", &json!({"a.b": {"type": "string"}, "a": {"properties": {"b": {}}}})),
    ]);
    let ids = attributes(&page, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(unique.len(), ids.len(), "an id is there twice");
    for id in [
        "Order.shop~2eexample~2ecom.v1.spec.lines.quantity",
        "Order.shop~2eexample~2ecom.v1beta1.spec.customer",
        "Order.example~2ecom.v1.spec.a~2eb",
        "Order.example~2ecom.v1.spec.a.b",
    ] {
        assert!(unique.contains(id), "{id}");
    }
    let links: Vec<&str> =
        attributes(&page, "href").into_iter().filter_map(|link| link.strip_prefix('#')).collect();
    assert!(links.len() > 40);
    for link in links {
        assert!(unique.contains(link), "{link} leads nowhere");
    }
    let index = index(&page);
    let fields = index["fields"].as_array().unwrap();
    assert!(fields.len() > 25);
    for field in fields {
        assert!(unique.contains(field[4].as_str().unwrap()), "{field}");
    }
    assert_eq!(index["kinds"].as_array().unwrap().len(), 2);
}

#[test]
fn a_kind_alone_has_the_short_address() {
    let page = page(&[orders()]);
    for said in [
        "id=\"order.v1.spec.delivery.address.geo.latitude\"",
        "an order stays with its customer",
        "reported at .quantity · FieldValueForbidden",
        "<dt>Value</dt><dd><span>-90 to 90</span></dd>",
        "<b>Deprecated</b> shop.example.com/v1beta1 Order is deprecated; use v1",
        "<a rel=\"noopener\" href=\"https://shop.example.com/packing\">",
        "<span class=\"default\">default <code>&quot;normal&quot;</code></span>",
    ] {
        assert!(page.contains(said), "{said}");
    }
}

#[test]
fn the_page_needs_nothing_else() {
    let page = page(&[orders()]);
    for (tag, attribute) in
        [("<link", ""), ("<img", ""), ("<iframe", ""), ("@import", ""), ("url(", ""), ("<script", " src=")]
    {
        let found = page
            .match_indices(tag)
            .filter(|(at, _)| page[*at..].split('>').next().unwrap().contains(attribute));
        assert_eq!(found.count(), 0, "{tag}");
    }
    assert!(page.contains("content=\"default-src 'none'; style-src 'sha256-"));
}

const HOSTILE: &str = "</script><script>alert(1)</script> --> <!-- \" onload=\"alert(2) ' | a || b ` c `d|e` ```\n\
    # heading\n<img src=x onerror=alert(3)> [x](javascript:alert(4)) &lt; \u{2028}\u{0}\\";

fn hostile() -> Value {
    let text = || {
        json!({
            "type": "string", "title": HOSTILE, "description": HOSTILE, "default": HOSTILE, "example": HOSTILE,
            "enum": [HOSTILE], "pattern": HOSTILE, "format": HOSTILE, "externalDocs": {"url": HOSTILE, "description": HOSTILE},
            "x-kubernetes-validations": [{"rule": HOSTILE, "message": HOSTILE, "messageExpression": HOSTILE, "reason": HOSTILE, "fieldPath": HOSTILE}],
            "x-kubernetes-list-type": HOSTILE, "x-kubernetes-map-type": HOSTILE, "x-kubernetes-list-map-keys": [HOSTILE],
            "oneOf": [{"required": [HOSTILE], "properties": {HOSTILE: {"enum": [HOSTILE]}}}, {"pattern": HOSTILE}],
        })
    };
    let object = json!({"type": "object", "description": HOSTILE, "properties": {"text": text()}});
    let mut crd =
        crd(HOSTILE, HOSTILE, &json!({HOSTILE: text(), "list": {"type": "array", "items": object}}));
    let spec = &mut crd["spec"];
    spec["names"] = json!({"kind": HOSTILE, "plural": HOSTILE, "singular": HOSTILE, "shortNames": [HOSTILE], "categories": [HOSTILE]});
    let version = &mut spec["versions"][0];
    version["name"] = HOSTILE.into();
    version["deprecated"] = true.into();
    version["deprecationWarning"] = HOSTILE.into();
    version["selectableFields"] = json!([{"jsonPath": HOSTILE}]);
    version["subresources"] = json!({"scale": {
        "specReplicasPath": HOSTILE, "statusReplicasPath": HOSTILE, "labelSelectorPath": HOSTILE,
    }});
    version["additionalPrinterColumns"] =
        json!([{"name": HOSTILE, "type": HOSTILE, "jsonPath": HOSTILE, "description": HOSTILE}]);
    crd
}

#[test]
fn no_text_becomes_markup() {
    let options = Options { title: HOSTILE.to_owned(), source: HOSTILE.to_owned(), ..Options::default() };
    let files = render(&[hostile()], &options).unwrap();
    let page = &files.last().unwrap().text;
    assert_eq!(page.matches("<script").count(), 2, "the index and the script");
    assert_eq!(page.matches("</script>").count(), 2);
    assert_eq!(page.matches("<!--").count(), 1);
    assert_eq!(page.matches("-->").count(), 1);
    let body = page.split("k1s:index\">").next().unwrap().split("-->").nth(1).unwrap();
    for markup in ["<img", "\" onload", "javascript:alert(4)\"", "\u{0}"] {
        assert!(!body.contains(markup), "{markup}");
    }
    assert_eq!(index(page)["kinds"][0][1], HOSTILE);
    let ids = attributes(page, "id");
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len());
    for id in ids {
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || ".~-_:".contains(c)), "{id}");
    }
}

#[test]
fn no_text_breaks_a_table_or_a_list() {
    let options = Options {
        format: Format::Markdown,
        title: HOSTILE.to_owned(),
        source: HOSTILE.to_owned(),
        ..Options::default()
    };
    for file in render(&[hostile()], &options).unwrap() {
        assert!(!file.name.contains(['/', '<', ' ', '|', '\\']), "{}", file.name);
        // What is fenced is as it is; the fence is longer than any in it.
        let mut fence: Option<&str> = None;
        let mut columns = None;
        for line in file.text.lines().skip(1) {
            let ticks = &line[..line.len() - line.trim_start_matches('`').len()];
            match fence {
                Some(open) if line == open => fence = None,
                Some(_) => continue,
                None if ticks.len() >= 3 => fence = Some(ticks),
                None => {}
            }
            let bare = line.replace("\\\\", "").replace("\\|", "").replace("\\`", "");
            assert!(!bare.contains("<script") && !bare.contains("<img") && !bare.contains("-->"), "{line}");
            if line.starts_with('|') {
                let count = bare.matches('|').count();
                assert_eq!(*columns.get_or_insert(count), count, "{line}");
            } else {
                columns = None;
                assert!(!bare.contains('|'), "{line}");
            }
        }
        assert_eq!(fence, None);
    }
}

#[test]
fn what_cannot_be_described_is_named() {
    let message = |crds: &[Value]| render(crds, &Options::default()).unwrap_err().to_string();
    assert_eq!(
        message(&[orders(), orders()]),
        "Order.shop.example.com is defined twice; name one of the two definitions only"
    );
    let mut twice = orders();
    twice["spec"]["versions"][0]["name"] = "v1".into();
    assert_eq!(message(&[twice]), "Order.shop.example.com: the version v1 is there twice");
    let mut wrong = orders();
    wrong["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["type"] = 3.into();
    assert!(message(&[wrong]).starts_with("orders.shop.example.com v1beta1: spec: `type` must be "));
    assert!(message(&[json!({})]).starts_with("a CustomResourceDefinition without a name: "));
    assert!(matches!(render(&[json!([])], &Options::default()), Err(Error::Definition { .. })));
    let none = render(&[], &Options::default()).unwrap();
    assert!(none.last().unwrap().text.contains("No kinds."));
}

#[test]
fn deep_and_large_schemas_are_described() {
    let mut deep = json!({"type": "string"});
    for _ in 0..55 {
        deep = json!({"type": "object", "properties": {"a": deep}, "required": ["a"]});
    }
    let many: serde_json::Map<_, _> =
        (0..5000).map(|n| (format!("f{n}"), json!({"type": "string", "description": "One."}))).collect();
    let page = page(&[crd(
        "example.com",
        "Deep",
        &json!({"deep": deep, "many": {"type": "object", "properties": many}}),
    )]);
    assert!(page.contains(&format!("id=\"deep.v1.spec.deep{}\"", ".a".repeat(55))));
    assert!(page.contains("id=\"deep.v1.spec.many.f4999\""));
}

#[test]
fn the_command_writes_and_checks_files() {
    let directory = tempfile::tempdir().unwrap();
    let (orders, out) = (data().join("orders.yaml"), directory.path().join("api"));
    let run = |arguments: &[&str]| {
        let mut all = vec!["docs", orders.to_str().unwrap()];
        all.extend(arguments);
        Command::new(env!("CARGO_BIN_EXE_k1s-gen")).args(all).output().unwrap()
    };
    let out = out.to_str().unwrap();
    let written = run(&["-o", out]);
    assert!(written.status.success(), "{}", text(&written.stderr));
    assert_eq!(text(&written.stderr).lines().count(), 3);
    assert!(run(&["-o", out, "--check"]).status.success());
    std::fs::write(Path::new(out).join("index.md"), "old").unwrap();
    let stale = run(&["-o", out, "--check"]);
    assert_eq!(stale.status.code(), Some(1));
    assert!(text(&stale.stderr).contains("1 of 3 files are stale"), "{}", text(&stale.stderr));

    let page = run(&["--format", "html", "--title", "Shop"]);
    assert!(text(&page.stdout).contains("<title>Shop</title>"));
    let single = run(&["--format", "markdown", "--single"]);
    assert!(text(&single.stdout).contains("\n## Order\n"));
    for several in [&[][..], &["--format", "markdown"], &["--check"]] {
        let refused = run(several);
        assert!(text(&refused.stderr).contains("--output"), "{}", text(&refused.stderr));
        assert_eq!(refused.status.code(), Some(1));
    }
}
