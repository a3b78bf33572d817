//! Watches and the clock: how they end, what bookmarks say, and that nothing runs for who asks for neither. One test a process looks
//! at its threads, so this file has one.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use k1s_runtime::api::GroupVersionKind;
use k1s_runtime::client::{
    Api, Client, CoreClient, Event, EventStream, EventType, Target, VersionMatch, WatchRequest,
};
use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;

fn request() -> WatchRequest {
    let gvk = GroupVersionKind::gvk("", "v1", "ConfigMap");
    WatchRequest::all(Target { gvk, namespace: Some("default".to_owned()) })
}

fn told(event: Option<Event>) -> String {
    match event {
        Some(Event::Object(EventType::Added, raw)) => format!("+{}", raw.to_object().unwrap().name()),
        Some(Event::Object(_, raw)) => format!("~{}", raw.to_object().unwrap().name()),
        Some(Event::Bookmark(bookmark)) => {
            format!("@{}{}", bookmark.resource_version, if bookmark.initial_events_end { "!" } else { "" })
        }
        Some(Event::Error(status)) => status.message,
        None => "end".to_owned(),
    }
}

/// What there is without waiting.
fn now(stream: &mut dyn EventStream) -> Vec<String> {
    let mut events = Vec::new();
    while let Poll::Ready(event) = pin!(stream.next()).as_mut().poll(&mut Context::from_waker(Waker::noop()))
    {
        events.push(told(event));
        if events.last().is_some_and(|event| event == "end") {
            break;
        }
    }
    events
}

fn threads() -> Option<usize> {
    Some(std::fs::read_dir("/proc/self/task").ok()?.count())
}

async fn create(client: &CoreClient, name: &str) {
    let mut map = ConfigMap::default();
    map.metadata.name = Some(name.to_owned());
    Api::<ConfigMap>::default_namespaced(client.clone()).create(&map).await.unwrap();
}

#[test]
fn watches_end_when_asked_to_and_only_who_asks_has_a_timer() {
    block_on(async {
        let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
        create(&client, "a").await;
        let before = threads();
        let mut endless = client.watch(&request()).await.unwrap();
        assert_eq!(now(&mut *endless), ["+a"]);
        assert_eq!(threads(), before, "a watch that waits without a timeout runs nothing");

        let past = WatchRequest { timeout_seconds: Some(-1), ..request() };
        let mut over = client.watch(&past).await.unwrap();
        assert_eq!(now(&mut *over), ["+a", "end"]);
        assert_eq!(now(&mut *over), ["end"], "what has ended stays so");

        let short = WatchRequest { timeout_seconds: Some(1), ..request() };
        let mut short = client.watch(&short).await.unwrap();
        assert_eq!(told(short.next().await), "+a");
        create(&client, "b").await;
        assert_eq!(told(short.next().await), "+b");
        assert_eq!(told(short.next().await), "end");
        create(&client, "c").await;
        assert_eq!(now(&mut *short), ["end"]);
        assert_eq!(now(&mut *endless), ["+b", "+c"]);

        let marked = WatchRequest {
            allow_watch_bookmarks: true,
            send_initial_events: Some(true),
            resource_version_match: Some(VersionMatch::NotOlderThan),
            timeout_seconds: Some(3),
            ..request()
        };
        let version = client.storage().revision().await.unwrap();
        let mut marked = client.watch(&marked).await.unwrap();
        assert_eq!(now(&mut *marked), ["+a", "+b", "+c", &format!("@{version}!")]);
        // Nothing that it selects: only the bookmark before the end tells of it.
        let elsewhere = WatchRequest { field_selector: "metadata.name=a".to_owned(), ..request() };
        let elsewhere = WatchRequest {
            allow_watch_bookmarks: true,
            resource_version: Some(version.to_string()),
            timeout_seconds: Some(3),
            ..elsewhere
        };
        let mut elsewhere = client.watch(&elsewhere).await.unwrap();
        create(&client, "d").await;
        assert_eq!(told(elsewhere.next().await), format!("@{}", version + 1));
        assert_eq!(told(elsewhere.next().await), "end");
    });
}
