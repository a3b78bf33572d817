//! The command line with several versions of a kind.

use std::sync::Arc;

use k1s_runtime::Resource;
use k1s_runtime::cli::{App, Environment, Streams};
use k1s_runtime::client::CoreClient;
use serde_json::{Value, json};

use super::kinds::{item, on_every_backend, scheme, stored, v1, v1alpha1, v1beta1};

fn run(client: &CoreClient, words: &[&str], input: &str) -> (String, String) {
    let app = App::new("shop")
        .resource::<v1::Item>()
        .resource::<v1beta1::Item>()
        .resource::<v1alpha1::Item>()
        .with_client(Arc::new(client.clone()));
    let (mut streams, written) = Streams::captured(input);
    let code = app.execute(words.iter().map(Into::into), &mut streams, &Environment::default());
    assert_eq!(code, 0, "{}", written.stderr());
    (written.stdout(), written.stderr())
}

fn apply<K: Resource>(client: &CoreClient, spec: Value) -> (String, String) {
    run(client, &["apply", "-f", "-"], &serde_json::to_string(&item::<K>("lamp", spec)).unwrap())
}

#[test]
fn apply_merges_in_the_version_of_the_manifest() {
    on_every_backend(async |client| {
        let (out, err) = apply::<v1alpha1::Item>(&client, json!({"count": 3, "size": "large"}));
        assert_eq!(out, "item.inventory.example.com/lamp created\n");
        assert!(err.contains("Warning: inventory.example.com/v1alpha1 Item is deprecated; use"), "{err}");
        let (out, _) = apply::<v1alpha1::Item>(&client, json!({"count": 3, "size": "large"}));
        assert_eq!(out, "item.inventory.example.com/lamp unchanged\n");
        // What the last manifest had and this one has not goes.
        let (out, _) = apply::<v1alpha1::Item>(&client, json!({"count": 4}));
        assert_eq!(out, "item.inventory.example.com/lamp configured\n");
        assert_eq!(
            stored(&client, "lamp").await["spec"],
            json!({"quantity": 4, "size": "", "place": ""}),
            "an absent size is an empty one in the stored version"
        );
        // The next manifest may be of another version: the fields of the old one mean nothing to it.
        let (out, err) =
            apply::<v1::Item>(&client, json!({"quantity": 5, "size": "small", "place": "attic"}));
        assert_eq!((out.as_str(), err.as_str()), ("item.inventory.example.com/lamp configured\n", ""));
        assert_eq!(
            stored(&client, "lamp").await["spec"],
            json!({"quantity": 5, "size": "small", "place": "attic"})
        );
    });
}

#[test]
fn get_shows_the_version_that_is_asked_for() {
    on_every_backend(async |client| {
        apply::<v1::Item>(&client, json!({"quantity": 5, "size": "small"}));
        let (preferred, _) = run(&client, &["get", "items"], "");
        assert!(preferred.starts_with("NAME   QUANTITY\nlamp   5\n"), "{preferred}");
        let (beta, _) = run(&client, &["get", "items.v1beta1.inventory.example.com"], "");
        assert!(beta.starts_with("NAME   STOCK\nlamp   5xsmall\n"), "{beta}");
        let (old, err) = run(
            &client,
            &["get", "items.v1alpha1.inventory.example.com", "-o", "jsonpath={.items[0].spec}"],
            "",
        );
        assert_eq!(old, "{\"count\":5,\"size\":\"small\"}");
        assert!(err.contains("is deprecated"), "{err}");
        let (versions, _) = run(&client, &["api-versions"], "");
        for version in ["v1", "v1beta1", "v1alpha1"] {
            assert!(versions.contains(&format!("inventory.example.com/{version}\n")), "{versions}");
        }
    });
    assert!(scheme().find("items").is_some());
}
