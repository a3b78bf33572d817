//! What is under way, and waiting for its end.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::Poll;

use async_trait::async_trait;
use event_listener::Event as Notice;
use kube_core::GroupVersionKind;

use super::layer::Layer;
use crate::api::{RawObject, ResourceDefinition, status};
use crate::client::{
    Client, Error, Event, EventStream, GetRequest, List, ListRequest, Result, WatchRequest, WriteRequest,
    Written,
};

/// Counts the calls that are under way. Once its [`Tracker`] is closed, new calls are refused with a 503, and watches end.
///
/// ```
/// # use std::sync::Arc;
/// # use k1s_runtime::client::{Api, CoreClient};
/// # use k1s_runtime::client::wrap::{ClientExt, Tracked};
/// # use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
/// # use k1s_runtime::scheme::Scheme;
/// # use k1s_runtime::storage::MemoryStorage;
/// # pollster::block_on(async {
/// # let core = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
/// let layer = Tracked::new();
/// let tracker = layer.tracker();
/// let maps: Api<ConfigMap> = Api::default_namespaced(core.layered(layer));
/// // ... the program works, and is told to stop:
/// tracker.shut_down().await;
/// assert_eq!(tracker.in_flight(), 0);
/// assert_eq!(maps.get("a").await.unwrap_err().to_string(), "the client is shutting down");
/// # });
/// ```
#[derive(Clone, Debug, Default)]
pub struct Tracked {
    tracker: Tracker,
}

/// The count of a [`Tracked`] client's calls. Clones are handles of one count.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    state: Arc<State>,
}

#[derive(Debug, Default)]
struct State {
    calls: AtomicUsize,
    watches: AtomicUsize,
    closed: AtomicBool,
    /// Notified when the last call ends, and when the tracker is closed.
    changed: Notice,
}

impl Tracked {
    /// A layer with a count of its own.
    pub fn new() -> Self {
        Self::default()
    }

    /// The handle of the count.
    pub fn tracker(&self) -> Tracker {
        self.tracker.clone()
    }
}

impl Tracker {
    /// How many calls have begun and not ended. A call that is dropped has ended; a write of many requests is one call; an open watch
    /// is none, and opening one is.
    pub fn in_flight(&self) -> usize {
        self.state.calls.load(Ordering::SeqCst)
    }

    /// How many watches are open.
    pub fn watches(&self) -> usize {
        self.state.watches.load(Ordering::SeqCst)
    }

    /// Refuses calls from now on, and ends watches. What is under way goes on.
    pub fn close(&self) {
        self.state.closed.store(true, Ordering::SeqCst);
        self.state.changed.notify(usize::MAX);
    }

    /// Whether the tracker is closed.
    pub fn is_closed(&self) -> bool {
        self.state.closed.load(Ordering::SeqCst)
    }

    /// Waits until no call is under way. While the tracker is open, the next may begin at once.
    pub async fn idle(&self) {
        while self.in_flight() > 0 {
            let changed = self.state.changed.listen();
            if self.in_flight() > 0 {
                changed.await;
            }
        }
    }

    /// [Closes](Self::close) and waits until what was under way is done.
    pub async fn shut_down(&self) {
        self.close();
        self.idle().await;
    }

    fn begin(&self) -> Result<CallGuard> {
        // Counted first: who closes and then finds nothing under way can be sure that nothing comes after.
        self.state.calls.fetch_add(1, Ordering::SeqCst);
        let guard = CallGuard(self.state.clone());
        if self.is_closed() {
            return Err(shutting_down());
        }
        Ok(guard)
    }
}

fn shutting_down() -> Error {
    Error::Api(status::other(503, "ServiceUnavailable", "the client is shutting down"))
}

/// A call that is under way.
struct CallGuard(Arc<State>);

impl Drop for CallGuard {
    fn drop(&mut self) {
        if self.0.calls.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.0.changed.notify(usize::MAX);
        }
    }
}

#[async_trait]
impl Layer for Tracked {
    async fn resolve(&self, next: &dyn Client, gvk: &GroupVersionKind) -> Result<Arc<ResourceDefinition>> {
        let _call = self.tracker.begin()?;
        next.resolve(gvk).await
    }

    async fn discover(&self, next: &dyn Client) -> Result<Vec<Arc<ResourceDefinition>>> {
        let _call = self.tracker.begin()?;
        next.discover().await
    }

    async fn discover_named(&self, next: &dyn Client, word: &str) -> Result<Vec<Arc<ResourceDefinition>>> {
        let _call = self.tracker.begin()?;
        next.discover_named(word).await
    }

    async fn deprecation(&self, next: &dyn Client, gvk: &GroupVersionKind) -> Result<Option<String>> {
        let _call = self.tracker.begin()?;
        next.deprecation(gvk).await
    }

    async fn get(&self, next: &dyn Client, request: &GetRequest) -> Result<RawObject> {
        let _call = self.tracker.begin()?;
        next.get(request).await
    }

    async fn list(&self, next: &dyn Client, request: &ListRequest) -> Result<List> {
        let _call = self.tracker.begin()?;
        next.list(request).await
    }

    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        match self.tracker.begin() {
            Ok(_call) => next.write(requests).await,
            Err(_) => requests.iter().map(|_| Err(shutting_down())).collect(),
        }
    }

    async fn watch(&self, next: &dyn Client, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        let _call = self.tracker.begin()?;
        let stream = next.watch(request).await?;
        self.tracker.state.watches.fetch_add(1, Ordering::SeqCst);
        Ok(Box::new(TrackedStream { stream, tracker: self.tracker.clone() }))
    }
}

/// A watch that ends when its tracker is closed.
struct TrackedStream {
    stream: Box<dyn EventStream>,
    tracker: Tracker,
}

impl Drop for TrackedStream {
    fn drop(&mut self) {
        self.tracker.state.watches.fetch_sub(1, Ordering::SeqCst);
    }
}

#[async_trait]
impl EventStream for TrackedStream {
    async fn next(&mut self) -> Option<Event> {
        let mut next = pin!(self.stream.next());
        loop {
            let changed = self.tracker.state.changed.listen();
            if self.tracker.is_closed() {
                return None;
            }
            let mut changed = pin!(changed);
            // The end of other calls wakes this up, too.
            let event = poll_fn(|context| match next.as_mut().poll(context) {
                Poll::Ready(event) => Poll::Ready(Some(event)),
                Poll::Pending => changed.as_mut().poll(context).map(|()| None),
            });
            if let Some(event) = event.await {
                return event;
            }
        }
    }
}
