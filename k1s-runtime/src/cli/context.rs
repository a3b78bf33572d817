//! What a running command has at hand: the flags of every command, the streams, and the client, opened when first asked for.

use std::collections::BTreeSet;
use std::future::Future;
use std::io::Write;
use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use super::app::App;
use super::environment::Environment;
use super::error::Error;
use super::flags::GlobalFlags;
use super::streams::Streams;
use super::time;
use super::{plugins, store};
use crate::api::{GroupVersionKind, ResourceDefinition};
use crate::client::Client;
use crate::plugin::Discovery;
use crate::scheme::{Scheme, Wanted};

/// One run of one command.
pub(crate) struct Context<'a> {
    app: &'a App,
    flags: GlobalFlags,
    streams: &'a mut Streams,
    environment: &'a Environment,
    client: Option<Arc<dyn Client>>,
    scheme: Option<Arc<Scheme>>,
    /// Kinds that were asked for before all were.
    resolved: Vec<Arc<ResourceDefinition>>,
    plugins: Option<Arc<Discovery>>,
    warned: BTreeSet<String>,
    notes: Vec<String>,
}

impl<'a> Context<'a> {
    pub(super) fn new(
        app: &'a App,
        flags: GlobalFlags,
        streams: &'a mut Streams,
        environment: &'a Environment,
    ) -> Self {
        Self {
            app,
            flags,
            streams,
            environment,
            client: None,
            scheme: None,
            resolved: Vec::new(),
            plugins: None,
            warned: BTreeSet::new(),
            notes: Vec::new(),
        }
    }

    /// Refuses flags that mean nothing here, rather than ignoring that somebody relied on them.
    pub(super) fn check_flags(&self) -> Result<(), Error> {
        let flags = &self.flags;
        if flags.as_user.is_some() || flags.as_uid.is_some() || !flags.as_group.is_empty() {
            return Err(Error::message(
                "--as, --as-group and --as-uid need access control, which this program does not have",
            ));
        }
        self.deadline().map(|_| ())
    }

    /// The program's name, which takes kubectl's place in messages.
    pub(crate) fn name(&self) -> &'a str {
        &self.app.name
    }

    /// The program.
    pub(crate) fn app(&self) -> &'a App {
        self.app
    }

    /// Variables and the working directory.
    pub(crate) fn environment(&self) -> &'a Environment {
        self.environment
    }

    /// The client; the first call opens the store.
    pub(crate) fn client(&mut self) -> Result<Arc<dyn Client>, Error> {
        if let Some(client) = &self.client {
            return Ok(client.clone());
        }
        let client = match &self.app.client {
            Some(client) => client.clone(),
            None => {
                self.plugins = plugins::of(self.app, self.flags.skip_plugins, self.environment);
                store::open(self.store_directory()?, self.app, self.tenant(), self.plugins.clone())?
            }
        };
        self.client = Some(client.clone());
        Ok(client)
    }

    /// Every kind that is served: the program's, those of CustomResourceDefinitions in the store and those of plugins.
    pub(crate) fn served_kinds(&mut self) -> Result<Arc<Scheme>, Error> {
        if let Some(scheme) = &self.scheme {
            return Ok(scheme.clone());
        }
        // Of kinds that clash the first one counts, as it does for the API.
        let scheme = Arc::new(Scheme::of(wait(self.client()?.discover())?));
        self.tell_of_plugins()?;
        self.scheme = Some(scheme.clone());
        Ok(scheme)
    }

    /// The kinds that are served and that a word may mean; there may be others among them.
    pub(crate) fn kinds_named(&mut self, word: &str) -> Result<Arc<Scheme>, Error> {
        if let Some(scheme) = &self.scheme {
            return Ok(scheme.clone());
        }
        let named = wait(self.client()?.discover_named(word))?;
        self.tell_of_plugins()?;
        Ok(Arc::new(Scheme::of(named)))
    }

    /// A served version of a kind.
    pub(crate) fn served_kind(
        &mut self,
        gvk: &GroupVersionKind,
    ) -> Result<Option<Arc<ResourceDefinition>>, Error> {
        if let Some(scheme) = &self.scheme {
            return Ok(scheme.by_gvk(gvk));
        }
        let is_it = |known: &&Arc<ResourceDefinition>| {
            known.group == gvk.group && known.version == gvk.version && known.kind == gvk.kind
        };
        if let Some(known) = self.resolved.iter().find(is_it) {
            return Ok(Some(known.clone()));
        }
        let found = wait(self.client()?.resolve(gvk));
        self.tell_of_plugins()?;
        match found {
            Ok(definition) => {
                self.resolved.push(definition.clone());
                Ok(Some(definition))
            }
            Err(error) if error.is_not_found() => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Warns of what is left out of plugins, as far as anybody has looked at them.
    pub(super) fn tell_of_plugins(&mut self) -> Result<(), Error> {
        let problems = self.plugins.as_ref().map(|plugins| plugins.problems()).unwrap_or_default();
        problems.iter().try_for_each(|problem| self.warn(&problem.to_string()))
    }

    /// Says of a kind that nobody knows how it could be known, as far as it has to do with plugins.
    pub(crate) fn hint_at_plugins(&mut self, wanted: &Wanted<'_>) {
        if !self.hints() {
            return;
        }
        let gone = self.plugins.as_ref().and_then(|plugins| plugins.gone(wanted));
        if let Some(gone) = gone {
            self.hint(&gone.to_string());
        }
        if self.app.plugins && self.flags.skip_plugins {
            self.hint("kinds of plugins are left out, as --skip-plugins says");
        }
    }

    /// Forgets what is served, after a CustomResourceDefinition has changed.
    pub(crate) fn forget_kinds(&mut self) {
        self.scheme = None;
        self.resolved.clear();
    }

    /// The namespace of namespaced requests: `--namespace`, the environment's, or `default`.
    pub(crate) fn namespace(&self) -> &str {
        let variable = || self.environment.variable(&self.variable_name("NAMESPACE"));
        let given = self.flags.namespace.as_deref().filter(|namespace| !namespace.is_empty());
        given.or_else(variable).unwrap_or("default")
    }

    /// Whether the namespace was given on the command line: objects in files must then agree with it.
    pub(crate) fn namespace_is_explicit(&self) -> bool {
        self.flags.namespace.as_deref().is_some_and(|namespace| !namespace.is_empty())
    }

    /// The tenant: `--tenant`, the environment's, or `default`.
    pub(crate) fn tenant(&self) -> &str {
        let variable = || self.environment.variable(&self.variable_name("TENANT"));
        self.flags.tenant.as_deref().or_else(variable).unwrap_or("default")
    }

    /// The store's directory: `--store`, the environment's, or the platform's data directory.
    fn store_directory(&self) -> Result<PathBuf, Error> {
        let name = self.variable_name("STORE");
        match self.flags.store.as_deref().or_else(|| self.environment.variable(&name)) {
            Some(directory) => Ok(self.environment.resolve(directory)),
            None => store::default_directory(&self.app.name),
        }
    }

    /// When requests that are made now have waited long enough; `None` is never.
    ///
    /// # Errors
    /// When `--request-timeout` is no duration.
    pub(crate) fn deadline(&self) -> Result<Option<Instant>, Error> {
        let text = self.flags.request_timeout.as_str();
        let timeout = match text.parse::<u64>() {
            Ok(seconds) => Duration::from_secs(seconds),
            Err(_) => time::duration(text).map_err(|_| {
                Error::message(
                    "Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a \
                     corresponding time unit (e.g. 1s | 2m | 3h)",
                )
            })?,
        };
        Ok((!timeout.is_zero()).then(|| Instant::now().checked_add(timeout)).flatten())
    }

    /// Whether to say what kubectl would not.
    pub(crate) fn hints(&self) -> bool {
        self.app.hints
    }

    /// Standard output. A closed pipe is an error like any other and ends the command quietly.
    pub(crate) fn out(&mut self) -> &mut dyn Write {
        &mut *self.streams.stdout
    }

    /// Standard error, after what was written to standard output.
    pub(crate) fn err(&mut self) -> Result<&mut dyn Write, Error> {
        self.streams.stdout.flush()?;
        Ok(&mut *self.streams.stderr)
    }

    /// All streams.
    pub(crate) fn streams(&mut self) -> &mut Streams {
        self.streams
    }

    /// Prints `Warning: …`, each text once a run.
    pub(crate) fn warn(&mut self, text: &str) -> Result<(), Error> {
        if self.warned.insert(text.to_owned()) {
            writeln!(self.err()?, "Warning: {text}")?;
        }
        Ok(())
    }

    /// Keeps a text that kubectl would not print, for after the errors; none if hints are not wanted.
    pub(crate) fn note(&mut self, text: String) {
        if self.hints() && !self.notes.contains(&text) {
            self.notes.push(text);
        }
    }

    /// Keeps a `hint: …` for after the errors.
    pub(crate) fn hint(&mut self, text: &str) {
        self.note(format!("hint: {text}"));
    }

    /// The notes so far.
    pub(super) fn take_notes(&mut self) -> Vec<String> {
        std::mem::take(&mut self.notes)
    }

    /// A wrong use of a command: `error: …` and where its help is. `command` is its path below the program, as
    /// `create configmap`.
    pub(crate) fn usage_error(&self, command: &str, text: &str) -> Error {
        Error::message(format!("{text}\nSee '{} {command} -h' for help and examples", self.name()))
    }

    /// The environment variable of this program for a setting.
    fn variable_name(&self, setting: &str) -> String {
        self.app.variable_name(setting)
    }
}

/// Drives a client's future to its end on this thread.
pub(crate) fn wait<T>(future: impl Future<Output = T>) -> T {
    pollster::block_on(future)
}

/// Drives a client's future as far as the deadline lets it; `None` if that has passed.
pub(crate) fn wait_until<T>(deadline: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    struct Alarm(Thread);
    impl Wake for Alarm {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
    let Some(deadline) = deadline else { return Some(wait(future)) };
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Alarm(thread::current())));
    let mut task = std::task::Context::from_waker(&waker);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut task) {
            return Some(value);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_ends_the_wait_and_an_answer_does() {
        let soon = Some(Instant::now() + Duration::from_millis(5));
        assert_eq!(wait_until(soon, std::future::pending::<()>()), None);
        assert_eq!(wait_until(soon, std::future::ready(1)), Some(1));
        assert_eq!(wait_until(None, std::future::ready(2)), Some(2));
    }
}
