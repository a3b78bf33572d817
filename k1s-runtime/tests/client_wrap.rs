//! Layers around clients: what each does to calls and answers, and that they go together in any order.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use event_listener::Event as Notice;
use k1s_runtime::api::status::{self, Subject};
use k1s_runtime::api::{Object, RawObject};
use k1s_runtime::client::wrap::{
    AlwaysDryRun, ClientExt, FieldOwner, FieldValidated, Interceptor, Layer, Namespaced, Tracked, Verb,
};
use k1s_runtime::client::{
    Api, Client, CoreClient, DeleteOptions, DryRun, Error, Event, EventType, FieldValidation, GetRequest,
    ListRequest, Patch, Result, Target, TypedEvent, WriteOptions, WriteRequest, WriteVerb,
};
use k1s_runtime::k8s_openapi::api::core::v1::{ConfigMap, Namespace};
use k1s_runtime::kube_core::GroupVersionKind;
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::json;

fn core() -> CoreClient {
    CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()))
}

fn map(name: &str) -> ConfigMap {
    serde_json::from_value(json!({"metadata": {"name": name}, "data": {"k": "v"}})).unwrap()
}

fn target(namespace: Option<&str>) -> Target {
    Target { gvk: GroupVersionKind::gvk("", "v1", "ConfigMap"), namespace: namespace.map(str::to_owned) }
}

fn create(namespace: Option<&str>, name: &str) -> WriteRequest {
    WriteRequest {
        target: target(namespace),
        name: String::new(),
        subresource: None,
        verb: WriteVerb::Create(Object::new("v1", "ConfigMap", name)),
        options: WriteOptions::default(),
    }
}

fn conflict(name: &str) -> Error {
    let subject = Subject { group: "", resource: "configmaps" };
    Error::Api(status::conflict(subject, name, status::MODIFIED))
}

/// Polls once, with nobody to be woken.
fn poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_namespace_is_filled_in_and_kept_to() {
    block_on(async {
        let core = core();
        let elsewhere: Api<ConfigMap> = Api::namespaced(core.clone(), "kube-system");
        elsewhere.create(&map("theirs")).await.unwrap();
        let client = core.clone().layered(Namespaced::new("default"));
        assert_eq!(client.layer().namespace(), "default");
        let own: Api<ConfigMap> = Api::all(client.clone());
        let mut watch = own.watch("", None).await.unwrap();
        own.create(&map("ours")).await.unwrap();
        elsewhere.create(&map("more")).await.unwrap();
        assert_eq!(own.get("ours").await.unwrap().metadata.namespace.as_deref(), Some("default"));
        let names =
            |list: Vec<ConfigMap>| list.into_iter().map(|map| map.metadata.name.unwrap()).collect::<Vec<_>>();
        assert_eq!(names(own.list("").await.unwrap().items), ["ours"]);
        own.patch("ours", Patch::Merge(json!({"data": {"k": "w"}}))).await.unwrap();
        own.delete("ours", DeleteOptions::default()).await.unwrap();
        for _ in 0..3 {
            let (TypedEvent::Added(seen) | TypedEvent::Modified(seen) | TypedEvent::Deleted(seen)) =
                watch.next().await.unwrap().unwrap()
            else {
                panic!("no bookmark was asked for");
            };
            assert_eq!(seen.metadata.name.as_deref(), Some("ours"));
        }

        let other: Api<ConfigMap> = Api::namespaced(client.clone(), "kube-system");
        let refused = |error: Error| {
            assert_eq!(error.status().unwrap().code, 403);
            assert!(error.to_string().contains("is kept to the namespace \"default\""), "{error}");
        };
        refused(other.get("theirs").await.unwrap_err());
        refused(other.list("").await.unwrap_err());
        refused(other.create(&map("x")).await.unwrap_err());
        refused(other.delete("theirs", DeleteOptions::default()).await.unwrap_err());
        refused(other.watch("", None).await.err().unwrap());
        assert!(elsewhere.get("theirs").await.is_ok());

        // An object that says otherwise than its request is the API's to refuse.
        let mut astray = map("x");
        astray.metadata.namespace = Some("kube-system".into());
        assert_eq!(own.create(&astray).await.unwrap_err().status().unwrap().code, 400);
        // Cluster-scoped kinds are as they were, and unknown ones are unknown.
        assert_eq!(Api::<Namespace>::all(client.clone()).list("").await.unwrap().items.len(), 4);
        let gvk = GroupVersionKind::gvk("x.example.com", "v1", "Nothing");
        let request = ListRequest::all(Target { gvk, namespace: None });
        assert!(client.list(&request).await.unwrap_err().is_not_found());
    });
}

#[test]
fn of_many_writes_each_is_answered_in_its_place() {
    let client = core().layered(Namespaced::new("default"));
    let requests = vec![
        create(None, "a"),
        create(Some("kube-system"), "b"),
        create(Some("default"), "a"),
        create(None, "c"),
    ];
    let answers = block_on(client.write(requests));
    let codes: Vec<u16> = answers
        .iter()
        .map(|answer| {
            answer.as_ref().map_or_else(|error| error.status().unwrap().code, |written| written.code)
        })
        .collect();
    assert_eq!(codes, [201, 403, 409, 201]);
    assert!(block_on(client.write(Vec::new())).is_empty());
}

#[test]
fn a_dry_run_checks_everything_and_stores_nothing() {
    block_on(async {
        let core = core();
        let real: Api<ConfigMap> = Api::default_namespaced(core.clone());
        let dry: Api<ConfigMap> = Api::default_namespaced(core.clone().layered(AlwaysDryRun));
        real.create(&map("there")).await.unwrap();
        let revision = core.storage().revision().await.unwrap();

        assert!(dry.create(&map("new")).await.unwrap().metadata.uid.is_some());
        assert!(dry.create(&map("there")).await.unwrap_err().is_already_exists());
        assert!(dry.create(&map("No Name")).await.unwrap_err().is_invalid());
        let mut changed = dry.get("there").await.unwrap();
        changed.data.as_mut().unwrap().insert("k".into(), "w".into());
        assert_eq!(dry.replace("there", &changed).await.unwrap().data, changed.data);
        let patched = dry.patch("there", Patch::Merge(json!({"data": {"k": "x"}}))).await.unwrap();
        assert_eq!(patched.data.unwrap()["k"], "x");
        assert!(dry.delete("there", DeleteOptions::default()).await.is_ok());

        assert_eq!(core.storage().revision().await.unwrap(), revision, "nothing was stored");
        assert_eq!(real.get("there").await.unwrap().data.unwrap()["k"], "v");
        assert_eq!(dry.list("").await.unwrap().items.len(), 1);
    });
}

#[test]
fn writes_have_an_owner_unless_they_name_one() {
    block_on(async {
        let client = core().layered(FieldOwner::new("shop"));
        let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
        let managers = |map: ConfigMap| -> Vec<String> {
            map.metadata.managed_fields.into_iter().flatten().map(|entry| entry.manager.unwrap()).collect()
        };
        assert_eq!(managers(maps.create(&map("a")).await.unwrap()), ["shop"]);
        let named = WriteOptions { field_manager: Some("cli".into()), ..WriteOptions::default() };
        let patch = Patch::Merge(json!({"data": {"other": "v"}}));
        let mut both = managers(maps.clone().with_options(named).patch("a", patch).await.unwrap());
        both.sort();
        assert_eq!(both, ["cli", "shop"]);
        assert!(maps.delete("a", DeleteOptions::default()).await.unwrap().is_none());
        let long: Api<ConfigMap> = Api::default_namespaced(client.layered(FieldOwner::new("x".repeat(129))));
        assert!(long.create(&map("a")).await.unwrap_err().is_invalid());
    });
}

#[test]
fn unknown_fields_are_refused_unless_a_write_ignores_them() {
    block_on(async {
        let client = core().layered(FieldValidated::new(FieldValidation::Strict));
        let definition = client.resolve(&target(None).gvk).await.unwrap();
        let maps = Api::dynamic(client, &definition, Some("default"));
        let odd = |name: &str| {
            Object::try_from(
                json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "junk": 1}),
            )
            .unwrap()
        };
        let error = maps.create(&odd("a")).await.unwrap_err();
        assert!(error.to_string().contains("unknown field \"junk\""), "{error}");
        let ignore = WriteOptions { field_validation: FieldValidation::Ignore, ..WriteOptions::default() };
        assert!(maps.with_options(ignore).create(&odd("a")).await.is_ok());
    });
}

#[test]
fn an_interceptor_lets_calls_fail_and_alters_them() {
    block_on(async {
        let core = core();
        let updates = AtomicUsize::new(0);
        let client = core.clone().layered(
            Interceptor::new()
                .fail_if(move |call| {
                    let first = call.verb() == Verb::Update && updates.fetch_add(1, Ordering::Relaxed) == 0;
                    first.then(|| conflict(call.name()))
                })
                .fail_if(|call| (call.verb() == Verb::Delete).then(|| conflict(call.name())))
                .before_write(|request| {
                    if let WriteVerb::Create(object) = &mut request.verb {
                        object.set_metadata("labels", json!({"seen": "yes"}));
                    }
                })
                .before_get(|request| request.name = request.name.replace("alias-", ""))
                .before_list(|request| request.label_selector = "seen=yes".into())
                .after_get(|request, answer| match answer {
                    Err(error) if error.is_not_found() && request.name == "invented" => {
                        let text = r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"invented"}}"#;
                        Ok(RawObject::new(text.as_bytes().to_vec()))
                    }
                    answer => answer,
                })
                .after_list(|_, answer| {
                    answer.map(|mut list| {
                        list.resource_version = "7".into();
                        list
                    })
                })
                .after_write(|_, answer| {
                    answer.map(|mut written| {
                        written.warnings.push("altered".into());
                        written
                    })
                }),
        );
        let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
        let made = maps.create(&map("a")).await.unwrap();
        assert_eq!(made.metadata.labels.as_ref().unwrap()["seen"], "yes");
        assert!(maps.replace("a", &made).await.unwrap_err().is_conflict());
        assert!(maps.replace("a", &made).await.is_ok());
        assert!(maps.delete("a", DeleteOptions::default()).await.unwrap_err().is_conflict());
        assert!(maps.get("alias-a").await.is_ok());
        assert!(maps.get("invented").await.is_ok());
        assert!(maps.get("nothing").await.unwrap_err().is_not_found());
        Api::<ConfigMap>::default_namespaced(core).create(&map("unseen")).await.unwrap();
        let list = maps.list("").await.unwrap();
        assert_eq!((list.items.len(), list.resource_version.as_str()), (1, "7"));
        let answers = client.write(vec![create(Some("default"), "w")]).await;
        assert_eq!(answers[0].as_ref().unwrap().warnings, ["altered"]);
    });
}

#[test]
fn one_of_many_writes_may_fail() {
    let client = core().layered(
        Interceptor::new()
            .fail_if(|call| (call.name() == "b").then(|| conflict("b")))
            .after_write(|_, answer| Ok(answer.unwrap())),
    );
    let requests = ["a", "b", "c"].map(|name| create(Some("default"), name)).to_vec();
    let answers = block_on(client.write(requests));
    assert_eq!(answers.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false, true]);
    let all = block_on(client.list(&ListRequest::all(target(None)))).unwrap();
    assert_eq!(all.items.len(), 2);
}

#[test]
fn an_interceptor_alters_and_withholds_events() {
    block_on(async {
        let core = core();
        let client = core.clone().layered(
            Interceptor::new()
                .before_watch(|request| request.label_selector = "tier=web".into())
                .fail_if(|call| {
                    let other = call.verb() == Verb::Watch && call.namespace() != Some("default");
                    other.then(|| conflict(""))
                })
                .on_event(|event| match event {
                    Event::Object(EventType::Modified, _) => None,
                    Event::Object(EventType::Added, raw) => Some(Event::Object(EventType::Modified, raw)),
                    event => Some(event),
                }),
        );
        let maps: Api<ConfigMap> = Api::default_namespaced(core);
        let mut web = map("web");
        web.metadata.labels = Some([("tier".to_owned(), "web".to_owned())].into());
        let mut watch = Api::<ConfigMap>::default_namespaced(client.clone()).watch("", None).await.unwrap();
        maps.create(&map("plain")).await.unwrap();
        maps.create(&web).await.unwrap();
        maps.patch("web", Patch::Merge(json!({"data": {"k": "w"}}))).await.unwrap();
        maps.delete("web", DeleteOptions::default()).await.unwrap();
        assert!(
            matches!(watch.next().await.unwrap().unwrap(), TypedEvent::Modified(map) if map.data.as_ref().unwrap()["k"] == "v")
        );
        assert!(matches!(watch.next().await.unwrap().unwrap(), TypedEvent::Deleted(_)));
        assert!(Api::<ConfigMap>::all(client).watch("", None).await.is_err());
    });
}

/// Holds gets back until it is told to let them go.
struct Gate(Arc<Notice>);

#[async_trait]
impl Layer for Gate {
    async fn get(&self, next: &dyn Client, request: &GetRequest) -> Result<RawObject> {
        self.0.listen().await;
        next.get(request).await
    }
}

#[test]
fn a_shutdown_waits_for_what_is_under_way_and_lets_nothing_new_begin() {
    let (gate, layer) = (Arc::new(Notice::new()), Tracked::new());
    let tracker = layer.tracker();
    let core = core();
    let client = core.clone().layered(Gate(gate.clone())).layered(layer);
    let maps: Api<ConfigMap> = Api::default_namespaced(client.clone());
    block_on(maps.create(&map("a"))).unwrap();
    assert_eq!(tracker.in_flight(), 0);
    assert!(poll_once(pin!(tracker.idle())).is_ready());

    let mut watch = block_on(maps.watch("", Some("1"))).unwrap();
    assert_eq!((tracker.watches(), tracker.in_flight()), (1, 0), "an open watch is no call");
    let mut get = pin!(maps.get("a"));
    assert!(poll_once(get.as_mut()).is_pending());
    {
        let mut dropped = pin!(maps.get("a"));
        assert!(poll_once(dropped.as_mut()).is_pending());
        assert_eq!(tracker.in_flight(), 2);
    }
    assert_eq!(tracker.in_flight(), 1, "a call that is dropped has ended");
    drop(client);

    let mut waiting = pin!(tracker.shut_down());
    assert!(poll_once(waiting.as_mut()).is_pending());
    assert!(tracker.is_closed());
    for error in [
        block_on(maps.list("")).map(drop).unwrap_err(),
        block_on(maps.create(&map("b"))).map(drop).unwrap_err(),
        block_on(maps.watch("", None)).map(drop).unwrap_err(),
    ] {
        assert_eq!(error.status().unwrap().code, 503);
    }
    assert!(block_on(watch.next()).is_none(), "watches end");
    assert!(poll_once(waiting.as_mut()).is_pending());
    gate.notify(usize::MAX);
    assert!(block_on(get).is_ok(), "what has begun is done");
    block_on(waiting);
    drop(watch);
    assert_eq!((tracker.in_flight(), tracker.watches()), (0, 0));
    assert!(block_on(Api::<ConfigMap>::default_namespaced(core).get_opt("b")).unwrap().is_none());
}

#[test]
fn each_of_many_writes_is_refused_after_the_end() {
    let layer = Tracked::new();
    let tracker = layer.tracker();
    let client = core().layered(layer);
    block_on(tracker.shut_down());
    let answers = block_on(client.write(vec![create(None, "a"), create(None, "b")]));
    assert_eq!(answers.len(), 2);
    assert!(answers.iter().all(Result::is_err));
}

#[test]
fn a_watch_that_waits_ends_when_another_thread_shuts_down() {
    let layer = Tracked::new();
    let tracker = layer.tracker();
    let client = core().layered(layer);
    let mut watch = block_on(client.layered(AlwaysDryRun).watch(&watch_all())).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(move || block_on(watch.next()).is_none());
        block_on(tracker.shut_down());
        assert!(waiting.join().unwrap());
    });
    assert_eq!(tracker.watches(), 0);
}

fn watch_all() -> k1s_runtime::client::WatchRequest {
    let seen: Arc<Mutex<Option<k1s_runtime::client::WatchRequest>>> = Arc::default();
    let keep = seen.clone();
    // What `Api` asks for, whatever fields such a request has.
    let client = core().layered(Interceptor::new().before_watch(move |request| {
        *keep.lock().unwrap() = Some(request.clone());
    }));
    block_on(Api::<ConfigMap>::default_namespaced(client).watch("", Some("0"))).unwrap();
    let request = seen.lock().unwrap().clone();
    request.unwrap()
}

#[test]
fn layers_go_on_top_of_each_other() {
    block_on(async {
        let core = core();
        let seen: Arc<Mutex<Vec<WriteRequest>>> = Arc::default();
        let keep = seen.clone();
        let shared: Arc<dyn Client> = Arc::new(core.clone());
        let client = shared
            .layered(
                Interceptor::new().before_write(move |request| keep.lock().unwrap().push(request.clone())),
            )
            .layered(Namespaced::new("default"))
            .layered(FieldOwner::new("inner"))
            .layered(FieldOwner::new("outer"))
            .layered(AlwaysDryRun);
        let maps: Api<ConfigMap> = Api::all(client.clone());
        let made = maps.create(&map("a")).await.unwrap();
        assert_eq!(made.metadata.namespace.as_deref(), Some("default"));
        let passed = seen.lock().unwrap()[0].clone();
        assert_eq!(passed.target.namespace.as_deref(), Some("default"));
        assert_eq!(passed.options.dry_run, DryRun::All);
        assert_eq!(passed.options.field_manager.as_deref(), Some("outer"));
        assert!(maps.get_opt("a").await.unwrap().is_none());
        // What a layer refuses does not reach the ones below.
        let other: Api<ConfigMap> = Api::namespaced(client.clone(), "kube-system");
        assert_eq!(other.create(&map("a")).await.unwrap_err().status().unwrap().code, 403);
        assert_eq!(seen.lock().unwrap().len(), 1);
        assert!(client.discover().await.unwrap().len() >= 6);
        assert!(client.deprecation(&target(None).gvk).await.unwrap().is_none());
    });
}
