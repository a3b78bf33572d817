//! The program around the verbs: what it opens and when, where it looks for its store, and how it fails.
#![cfg(all(feature = "cli", feature = "lmdb"))]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{self, Write};
use std::path::Path;

use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::cli::{App, Environment, Streams};

const MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {k: v}\n";

/// What a command wrote to standard output and standard error, and its exit code.
fn run(app: &App, environment: &Environment, line: &str, stdin: &str) -> (String, String, u8) {
    let (mut streams, written) = Streams::captured(stdin);
    let code = app.execute(line.split_whitespace().map(Into::into), &mut streams, environment);
    (written.stdout(), written.stderr(), code)
}

fn entries(directory: &Path) -> usize {
    std::fs::read_dir(directory).unwrap().count()
}

#[test]
fn nothing_is_opened_before_it_is_needed() {
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment::new(directory.path()).with("SHOP_STORE", "store");
    let app = App::new("shop").version("1.2.3");
    for line in [
        "--help",
        "get --help",
        "options",
        "get -o",
        "get",
        "nope",
        "get cm --as=me",
        "get cm --request-timeout=x",
    ] {
        run(&app, &environment, line, "");
        assert_eq!(entries(directory.path()), 0, "{line}");
    }
    assert_eq!(run(&app, &environment, "get cm -o name", ""), (String::new(), String::new(), 0));
    assert_eq!(entries(directory.path()), 1);
}

#[test]
fn flags_and_variables_say_which_store_tenant_and_namespace() {
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment::new(directory.path()).with("MY_SHOP_STORE", "one");
    let app = App::new("my-shop");
    assert_eq!(run(&app, &environment, "create -f -", MAP).2, 0);
    let names = |environment: &Environment, flags: &str| {
        run(&app, environment, &format!("get cm -o name {flags}"), "").0
    };
    assert_eq!(names(&environment, ""), "configmap/a\n");
    assert_eq!(names(&environment, "--store two"), "");
    assert_eq!(names(&environment, "--tenant other"), "");
    assert_eq!(names(&environment, "-n kube-public"), "");
    assert_eq!(names(&environment.clone().with("MY_SHOP_TENANT", "other"), ""), "");
    assert_eq!(names(&environment.clone().with("MY_SHOP_NAMESPACE", "kube-public"), ""), "");
    assert_eq!(names(&environment.with("MY_SHOP_NAMESPACE", "kube-public"), "-n default"), "configmap/a\n");
}

#[test]
fn a_store_that_is_none_is_one_clear_error() {
    let directory = tempfile::tempdir().unwrap();
    std::fs::write(directory.path().join("file"), "not a store").unwrap();
    let environment = Environment::new(directory.path());
    let (stdout, stderr, code) = run(&App::new("shop"), &environment, "get cm --store file", "");
    assert_eq!((stdout.as_str(), code), ("", 1));
    assert!(stderr.starts_with("error: ") && stderr.lines().count() == 1, "{stderr}");
}

#[test]
fn hints_follow_kubectls_words_and_can_be_turned_off() {
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment::new(directory.path()).with("SHOP_STORE", "store");
    let (_, stderr, _) = run(&App::new("shop"), &environment, "get configmpas", "");
    assert_eq!(
        stderr,
        "error: the server doesn't have a resource type \"configmpas\"\nhint: did you mean \"configmaps\"?\n"
    );
    let kind = MAP.replace("ConfigMap", "ConfigMpa");
    let (_, stderr, _) = run(&App::new("shop"), &environment, "create -f -", &kind);
    assert!(
        stderr.ends_with("\nensure CRDs are installed first\nhint: did you mean \"ConfigMap\"?\n"),
        "{stderr}"
    );
    let (_, stderr, _) = run(&App::new("shop"), &environment, "create -f -", "a:\n  b: @c\n");
    let (first, rest) = stderr.split_once('\n').unwrap();
    assert!(
        first.starts_with("error: error parsing STDIN: error converting YAML to JSON: yaml: "),
        "{first}"
    );
    assert!(rest.starts_with("STDIN:2:6: ") && rest.contains("      b: @c\n         ^\n"), "{rest}");
    let quiet = App::new("shop").hints(false);
    assert_eq!(run(&quiet, &environment, "create -f -", "a:\n  b: @c\n").1, format!("{first}\n"));
    assert_eq!(run(&quiet, &environment, "get configmpas", "").1.lines().count(), 1);
}

#[test]
fn a_reader_that_has_gone_ends_the_command_quietly() {
    struct Closed;
    impl Write for Closed {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment::new(directory.path()).with("SHOP_STORE", "store");
    let (mut streams, written) = Streams::captured("");
    streams.stdout = Box::new(Closed);
    let code = App::new("shop").execute(["get", "ns"].map(Into::into), &mut streams, &environment);
    assert_eq!((code, written.stderr()), (0, String::new()));
}

#[test]
fn what_an_app_registers_is_known_without_a_definition_in_the_store() {
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment::new(directory.path()).with("SHOP_STORE", "store");
    let app = App::new("shop");
    app.scheme()
        .register_definition(ResourceDefinition::new("shop.example.com", "v1", "Item", "items"))
        .unwrap();
    let item = "apiVersion: shop.example.com/v1\nkind: Item\nmetadata: {name: bolt}\n";
    assert_eq!(
        run(&app, &environment, "create -f -", item),
        ("item.shop.example.com/bolt created\n".into(), String::new(), 0)
    );
    assert_eq!(run(&app, &environment, "get items -o name", "").0, "item.shop.example.com/bolt\n");
}

#[test]
fn a_deleted_namespace_goes_with_what_is_in_it() {
    let directory = tempfile::tempdir().unwrap();
    let environment = Environment::new(directory.path()).with("SHOP_STORE", "store");
    let app = App::new("shop");
    for wait in ["true", "false"] {
        assert_eq!(run(&app, &environment, "create namespace n", "").2, 0);
        assert_eq!(run(&app, &environment, "create configmap a -n n", "").2, 0);
        let line = format!("delete namespace n --wait={wait}");
        assert_eq!(
            run(&app, &environment, &line, ""),
            ("namespace \"n\" deleted\n".into(), String::new(), 0)
        );
        assert_eq!(run(&app, &environment, "get configmaps -A -o name", "").0, "");
        assert_eq!(run(&app, &environment, "get namespaces n", "").2, 1);
    }
}
