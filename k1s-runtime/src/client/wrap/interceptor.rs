//! Functions in the way of calls: what tests need to see a program meet trouble.

use std::sync::Arc;

use async_trait::async_trait;
use kube_core::GroupVersionKind;

use super::layer::{Layer, write_passed};
use crate::api::RawObject;
use crate::client::{
    Client, Error, Event, EventStream, GetRequest, List, ListRequest, Result, Target, WatchRequest,
    WriteRequest, WriteVerb, Written,
};

/// What a call asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Verb {
    /// [`Client::get`].
    Get,
    /// [`Client::list`].
    List,
    /// [`Client::watch`].
    Watch,
    /// [`WriteVerb::Create`].
    Create,
    /// [`WriteVerb::Update`].
    Update,
    /// [`WriteVerb::Patch`].
    Patch,
    /// [`WriteVerb::Delete`].
    Delete,
    /// [`WriteVerb::DeleteCollection`].
    DeleteCollection,
}

/// A call on its way: one request, also of a write of many.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Call<'r> {
    /// [`Client::get`].
    Get(&'r GetRequest),
    /// [`Client::list`].
    List(&'r ListRequest),
    /// [`Client::watch`].
    Watch(&'r WatchRequest),
    /// [`Client::write`].
    Write(&'r WriteRequest),
}

impl<'r> Call<'r> {
    /// What it asks for.
    pub fn verb(self) -> Verb {
        match self {
            Call::Get(_) => Verb::Get,
            Call::List(_) => Verb::List,
            Call::Watch(_) => Verb::Watch,
            Call::Write(request) => match &request.verb {
                WriteVerb::Create(_) => Verb::Create,
                WriteVerb::Update(_) => Verb::Update,
                WriteVerb::Patch(_) => Verb::Patch,
                WriteVerb::Delete(_) => Verb::Delete,
                WriteVerb::DeleteCollection(_) => Verb::DeleteCollection,
            },
        }
    }

    /// The kind, in the version of the request.
    pub fn gvk(self) -> &'r GroupVersionKind {
        &self.target().gvk
    }

    /// The namespace; `None` of cluster-scoped kinds, and across namespaces.
    pub fn namespace(self) -> Option<&'r str> {
        self.target().namespace.as_deref()
    }

    /// The object's name; empty of lists and watches, and of a create with `generateName`.
    pub fn name(self) -> &'r str {
        match self {
            Call::Get(request) => &request.name,
            Call::List(_) | Call::Watch(_) => "",
            Call::Write(request) => match &request.verb {
                WriteVerb::Create(object) => object.name(),
                _ => &request.name,
            },
        }
    }

    fn target(self) -> &'r Target {
        match self {
            Call::Get(request) => &request.target,
            Call::List(request) => &request.target,
            Call::Watch(request) => &request.target,
            Call::Write(request) => &request.target,
        }
    }
}

type FailIf = Box<dyn Fn(Call<'_>) -> Option<Error> + Send + Sync>;
type Before<R> = Box<dyn Fn(&mut R) + Send + Sync>;
type After<R, A> = Box<dyn Fn(&R, Result<A>) -> Result<A> + Send + Sync>;
type OnEvent = Arc<dyn Fn(Event) -> Option<Event> + Send + Sync>;

/// Lets calls fail, alters them, and alters answers, with functions that a test gives.
///
/// A request is altered first; then it is asked whether the call fails; then it goes on, and its answer is altered. Functions of one sort
/// run in the order in which they were added. They are called on the task that makes the call and may block it: a function may
/// use another client to do what somebody else would do at just that moment.
///
/// ```
/// # use std::sync::Arc;
/// # use std::sync::atomic::{AtomicBool, Ordering};
/// # use k1s_runtime::client::{Api, CoreClient};
/// # use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
/// # use k1s_runtime::scheme::Scheme;
/// # use k1s_runtime::storage::MemoryStorage;
/// use k1s_runtime::api::status::{self, Subject};
/// use k1s_runtime::client::Error;
/// use k1s_runtime::client::wrap::{ClientExt, Interceptor, Verb};
///
/// # pollster::block_on(async {
/// # let core = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
/// // The first update loses a race.
/// let lost = AtomicBool::new(false);
/// let client = core.layered(Interceptor::new().fail_if(move |call| {
///     let fails = call.verb() == Verb::Update && !lost.swap(true, Ordering::Relaxed);
///     let subject = Subject { group: "", resource: "configmaps" };
///     fails.then(|| Error::Api(status::conflict(subject, call.name(), status::MODIFIED)))
/// }));
/// let maps: Api<ConfigMap> = Api::default_namespaced(client);
/// # let mut map = ConfigMap::default();
/// # map.metadata.name = Some("settings".into());
/// let made = maps.create(&map).await?;
/// assert!(maps.replace("settings", &made).await.unwrap_err().is_conflict());
/// assert!(maps.replace("settings", &made).await.is_ok());
/// # Ok::<(), k1s_runtime::client::Error>(())
/// # }).unwrap();
/// ```
#[derive(Default)]
pub struct Interceptor {
    fail_if: Vec<FailIf>,
    before_get: Vec<Before<GetRequest>>,
    before_list: Vec<Before<ListRequest>>,
    before_write: Vec<Before<WriteRequest>>,
    before_watch: Vec<Before<WatchRequest>>,
    after_get: Vec<After<GetRequest, RawObject>>,
    after_list: Vec<After<ListRequest, List>>,
    after_write: Vec<After<WriteRequest, Written>>,
    on_event: Vec<OnEvent>,
}

/// Methods that add a function to a list.
macro_rules! hooks {
    ($($(#[$doc:meta])* $name:ident: $wrap:ident($($function:tt)*);)*) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, function: impl $($function)* + Send + Sync + 'static) -> Self {
            self.$name.push($wrap::new(function));
            self
        }
    )*};
}

impl Interceptor {
    /// A layer that does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    hooks! {
        /// Lets the calls fail for which the function answers with an error; they go no further.
        fail_if: Box(Fn(Call<'_>) -> Option<Error>);
        /// Alters requests for one object.
        before_get: Box(Fn(&mut GetRequest));
        /// Alters requests for lists.
        before_list: Box(Fn(&mut ListRequest));
        /// Alters writes.
        before_write: Box(Fn(&mut WriteRequest));
        /// Alters requests for watches.
        before_watch: Box(Fn(&mut WatchRequest));
        /// Alters answers with one object, failures of the client below included.
        after_get: Box(Fn(&GetRequest, Result<RawObject>) -> Result<RawObject>);
        /// Alters lists.
        after_list: Box(Fn(&ListRequest, Result<List>) -> Result<List>);
        /// Alters answers to writes: what was written is written, whatever they say.
        after_write: Box(Fn(&WriteRequest, Result<Written>) -> Result<Written>);
        /// Alters the events of watches; an event for which the function answers `None` is not told.
        on_event: Arc(Fn(Event) -> Option<Event>);
    }

    fn check(&self, call: Call<'_>) -> Result<()> {
        self.fail_if.iter().find_map(|function| function(call)).map_or(Ok(()), Err)
    }
}

impl std::fmt::Debug for Interceptor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Interceptor").finish_non_exhaustive()
    }
}

fn altered<R: Clone>(functions: &[Before<R>], request: &R) -> R {
    let mut request = request.clone();
    functions.iter().for_each(|function| function(&mut request));
    request
}

fn answered<R, A>(functions: &[After<R, A>], request: &R, answer: Result<A>) -> Result<A> {
    functions.iter().fold(answer, |answer, function| function(request, answer))
}

#[async_trait]
impl Layer for Interceptor {
    async fn get(&self, next: &dyn Client, request: &GetRequest) -> Result<RawObject> {
        let request = altered(&self.before_get, request);
        self.check(Call::Get(&request))?;
        answered(&self.after_get, &request, next.get(&request).await)
    }

    async fn list(&self, next: &dyn Client, request: &ListRequest) -> Result<List> {
        let request = altered(&self.before_list, request);
        self.check(Call::List(&request))?;
        answered(&self.after_list, &request, next.list(&request).await)
    }

    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        let requests: Vec<_> = requests.iter().map(|request| altered(&self.before_write, request)).collect();
        let verdicts: Vec<_> = requests.iter().map(|request| self.check(Call::Write(request))).collect();
        let passes: Vec<_> = verdicts.iter().map(Result::is_ok).collect();
        let checked = verdicts.into_iter().zip(&requests);
        let checked = checked.map(|(verdict, request)| verdict.map(|()| request.clone())).collect();
        let answers = write_passed(next, checked).await.into_iter().zip(requests.iter().zip(passes));
        // What has failed here is not altered any more.
        let answer = |(answer, (request, passed))| match passed {
            true => answered(&self.after_write, request, answer),
            false => answer,
        };
        answers.map(answer).collect()
    }

    async fn watch(&self, next: &dyn Client, request: &WatchRequest) -> Result<Box<dyn EventStream>> {
        let request = altered(&self.before_watch, request);
        self.check(Call::Watch(&request))?;
        let stream = next.watch(&request).await?;
        Ok(Box::new(InterceptedStream { stream, on_event: self.on_event.clone() }))
    }
}

struct InterceptedStream {
    stream: Box<dyn EventStream>,
    on_event: Vec<OnEvent>,
}

#[async_trait]
impl EventStream for InterceptedStream {
    async fn next(&mut self) -> Option<Event> {
        loop {
            let event = self.stream.next().await?;
            let told = self.on_event.iter().try_fold(event, |event, function| function(event));
            if told.is_some() {
                return told;
            }
        }
    }
}
