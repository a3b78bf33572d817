//! Watches: what a selection sees of each change, where a watch starts and how it ends.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use k1s_runtime::Object;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::client::{Api, CoreClient, Patch, TypedEvent, TypedWatch};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::json;

fn item() -> ResourceDefinition {
    ResourceDefinition::new("shop.example.com", "v1", "Item", "items")
}

fn items() -> Api<Object> {
    let scheme = Scheme::new();
    scheme.register_definition(item()).unwrap();
    let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme));
    Api::dynamic(client, &item(), Some("default"))
}

fn object(name: &str, label: &str) -> Object {
    Object::try_from(json!({"apiVersion": "shop.example.com/v1", "kind": "Item",
        "metadata": {"name": name, "labels": {"x": label}}, "spec": {}}))
    .unwrap()
}

/// What the watch has to say without waiting: `+`, `~` or `-`, the name and the label.
fn seen(watch: &mut TypedWatch<Object>) -> Vec<String> {
    let mut events = Vec::new();
    loop {
        let mut next = pin!(watch.next());
        match next.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Some(Ok(event))) => {
                let (sign, object) = match event {
                    TypedEvent::Added(object) => ('+', object),
                    TypedEvent::Modified(object) => ('~', object),
                    TypedEvent::Deleted(object) => ('-', object),
                    TypedEvent::Bookmark(bookmark) => {
                        events.push(format!("@{}", bookmark.resource_version));
                        continue;
                    }
                };
                events.push(format!("{sign}{}:{}", object.name(), object.labels()["x"]));
            }
            Poll::Ready(Some(Err(error))) => events.push(error.to_string()),
            Poll::Ready(None) => events.push("end".to_owned()),
            Poll::Pending => return events,
        }
        if events.last().is_some_and(|event| event == "end") {
            return events;
        }
    }
}

#[test]
fn a_watch_begins_with_what_is_there_and_goes_on() {
    block_on(async {
        let api = items();
        api.create(&object("b", "1")).await.unwrap();
        api.create(&object("a", "1")).await.unwrap();
        let mut watch = api.watch("", None).await.unwrap();
        assert_eq!(seen(&mut watch), ["+a:1", "+b:1"]);
        api.patch("a", Patch::Merge(json!({"spec": {"n": 1}}))).await.unwrap();
        api.delete("b", Default::default()).await.unwrap();
        assert_eq!(seen(&mut watch), ["~a:1", "-b:1"]);
    });
}

#[test]
fn leaving_a_selection_is_a_deletion_with_the_state_before() {
    block_on(async {
        let api = items();
        let mut watch = api.watch("x=1", None).await.unwrap();
        api.create(&object("a", "1")).await.unwrap();
        let relabel = |label: &str| Patch::Merge(json!({"metadata": {"labels": {"x": label}}}));
        api.patch("a", relabel("2")).await.unwrap();
        api.patch("a", relabel("3")).await.unwrap();
        api.patch("a", relabel("1")).await.unwrap();
        assert_eq!(seen(&mut watch), ["+a:1", "-a:1", "+a:1"]);
    });
}

#[test]
fn a_watch_from_a_list_misses_nothing_and_repeats_nothing() {
    block_on(async {
        let api = items();
        api.create(&object("a", "1")).await.unwrap();
        let list = api.list("").await.unwrap();
        api.create(&object("b", "1")).await.unwrap();
        let mut watch = api.watch("", Some(&list.resource_version)).await.unwrap();
        assert_eq!(seen(&mut watch), ["+b:1"]);
        let error = api.watch("", Some("abc")).await.err().unwrap();
        assert_eq!(error.status().unwrap().code, 500);
    });
}

#[test]
fn an_unchanged_write_is_not_seen() {
    block_on(async {
        let api = items();
        let made = api.create(&object("a", "1")).await.unwrap();
        let mut watch = api.watch("", made.resource_version()).await.unwrap();
        api.replace("a", &made).await.unwrap();
        assert!(seen(&mut watch).is_empty());
    });
}

#[test]
fn a_past_that_is_forgotten_is_expired_and_a_future_is_waited_for() {
    block_on(async {
        let scheme = Scheme::new();
        scheme.register_definition(item()).unwrap();
        let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme));
        let api: Api<Object> = Api::dynamic(client.clone(), &item(), Some("default"));
        let first = api.create(&object("a", "1")).await.unwrap();
        let version: u64 = first.resource_version().unwrap().parse().unwrap();
        let after = |version: u64| version.to_string();
        let mut behind = api.watch("", Some(&after(version))).await.unwrap();
        let mut ahead = api.watch("", Some(&after(version + 1))).await.unwrap();
        api.patch("a", Patch::Merge(json!({"spec": {"n": 1}}))).await.unwrap();
        assert_eq!(seen(&mut ahead), [""; 0], "the version that it waits for is not told");
        client.storage().compact(version + 1).await.unwrap();
        let expired = format!("too old resource version: {version} ({})", version + 1);
        assert_eq!(seen(&mut behind), [expired.as_str(), "end"]);
        let mut old = api.watch("", Some(&after(version))).await.unwrap();
        assert_eq!(seen(&mut old), [expired.as_str(), "end"]);
        api.delete("a", Default::default()).await.unwrap();
        assert_eq!(seen(&mut ahead), ["-a:1"]);
        let mut now = api.watch("", Some(&after(version + 1))).await.unwrap();
        assert_eq!(seen(&mut now), ["-a:1"]);
    });
}
