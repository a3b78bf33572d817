//! The program: its name, its kinds, where its store is, and how its command line is run.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches, Parser};

use super::command::Verb;
use super::context::Context;
use super::environment::Environment;
use super::error::Error;
use super::flags::{GlobalFlags, as_pflag};
use super::streams::Streams;
use super::usage::{self, Unparsed};
use crate::api::Resource;
use crate::client::Client;
use crate::scheme::{self, Scheme};

/// A kubectl-shaped program for a set of kinds.
///
/// ```
/// use k1s_runtime::cli::App;
/// # fn main() -> std::process::ExitCode {
/// App::new("inventory").version(env!("CARGO_PKG_VERSION")).run()
/// # }
/// ```
pub struct App {
    pub(super) name: String,
    pub(super) about: String,
    pub(super) version: String,
    pub(super) scheme: Scheme,
    pub(super) client: Option<Arc<dyn Client>>,
    pub(super) hints: bool,
    pub(super) controllers: bool,
    pub(super) plugins: bool,
    pub(super) plugin_paths: Vec<PathBuf>,
    clash: Option<scheme::Error>,
}

#[derive(Parser)]
#[command(disable_version_flag = true, arg_required_else_help = true)]
struct CommandLine {
    #[command(flatten)]
    global: GlobalFlags,
    #[command(subcommand)]
    verb: Verb,
}

impl App {
    /// A program of this name with the core kinds.
    ///
    /// The name is what messages call the program, the name of its data and cache directories, and, in upper case, the beginning of
    /// its environment variables: `INVENTORY_STORE`, `INVENTORY_TENANT`, `INVENTORY_NAMESPACE`, `INVENTORY_PLUGINS`,
    /// `INVENTORY_CACHE`.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            about: String::new(),
            version: String::new(),
            scheme: Scheme::new(),
            client: None,
            hints: true,
            controllers: true,
            plugins: true,
            plugin_paths: Vec::new(),
            clash: None,
        }
    }

    /// Adds a kind, or a version of one. Kinds that clash, and versions that do not fit together, make every run fail with an
    /// error that says so.
    #[must_use]
    pub fn resource<K: Resource>(mut self) -> Self {
        let registered = self.scheme.register::<K>();
        self.clash = self.clash.or(registered.err());
        self
    }

    /// Says in a line what the program is for; shown by `--help`.
    #[must_use]
    pub fn about(mut self, about: &str) -> Self {
        about.clone_into(&mut self.about);
        self
    }

    /// Sets the program's version, as `1.2.3`; shown by `version`.
    #[must_use]
    pub fn version(mut self, version: &str) -> Self {
        version.clone_into(&mut self.version);
        self
    }

    /// Uses a client instead of opening a store; `--store` and `--tenant` then mean nothing.
    #[must_use]
    pub fn with_client(mut self, client: Arc<dyn Client>) -> Self {
        self.client = Some(client);
        self
    }

    /// Whether errors are followed by what kubectl would not say: source excerpts and "did you mean". On by default.
    #[must_use]
    pub fn hints(mut self, hints: bool) -> Self {
        self.hints = hints;
        self
    }

    /// Whether deletions are followed up as a cluster's controllers do: dependents are collected, namespaces emptied. On by default;
    /// without it the program is kubectl before a server alone, see
    /// [`CoreClient::without_controllers`](crate::client::CoreClient::without_controllers).
    #[must_use]
    pub fn controllers(mut self, controllers: bool) -> Self {
        self.controllers = controllers;
        self
    }

    /// Looks for plugins in this directory before the user's: manifests `types.yaml` in it and in the directories in it, see
    /// [`Discovery`](crate::plugin::Discovery). Of several such directories the first one given comes first.
    #[must_use]
    pub fn plugin_path(mut self, directory: impl Into<PathBuf>) -> Self {
        self.plugin_paths.push(directory.into());
        self
    }

    /// Whether plugins are looked for at all, in the program's directories and the user's. On by default; `--skip-plugins` does
    /// without them for one command.
    #[must_use]
    pub fn plugins(mut self, plugins: bool) -> Self {
        self.plugins = plugins;
        self
    }

    /// The kinds that the program knows without looking into its store.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    /// Runs the command line of this process.
    pub fn run(&self) -> ExitCode {
        let mut streams = Streams::standard();
        let arguments = std::env::args_os().skip(1);
        ExitCode::from(self.execute(arguments, &mut streams, &Environment::current()))
    }

    /// Runs one command line (without the program's name) and answers its exit code.
    ///
    /// Nothing is opened before a verb asks for it: help, parse errors, `version` and `completion` touch no store.
    ///
    /// ```
    /// use k1s_runtime::cli::{App, Environment, Streams};
    /// let (mut streams, written) = Streams::captured("");
    /// let code = App::new("shop").execute(["get", "-x"].map(Into::into), &mut streams, &Environment::default());
    /// assert_eq!(code, 1);
    /// assert_eq!(written.stderr(), "Error: unknown shorthand flag: 'x' in -x\nSee 'shop get --help' for usage.\n");
    /// ```
    pub fn execute(
        &self,
        arguments: impl IntoIterator<Item = OsString>,
        streams: &mut Streams,
        environment: &Environment,
    ) -> u8 {
        let arguments: Vec<OsString> = arguments.into_iter().collect();
        let (result, notes) = self.dispatch(&arguments, streams, environment);
        // What was printed before an error comes before it.
        let flushed = streams.stdout.flush().map_err(Error::from);
        let Err(error) = result.and(flushed) else { return 0 };
        let mut text = error.render();
        if !text.is_empty() {
            notes.iter().for_each(|note| text.extend([note.as_str(), "\n"]));
        }
        // If standard error is gone as well there is nobody left to tell.
        let _ = streams.stderr.write_all(text.as_bytes());
        let _ = streams.stderr.flush();
        error.exit_code()
    }

    /// The command line's shape; for completion scripts and reference pages.
    pub fn command(&self) -> clap::Command {
        let command = CommandLine::command().name(self.name.clone()).bin_name(self.name.clone());
        as_pflag(command.about(self.about.clone()))
    }

    /// The environment variable for a setting.
    pub(super) fn variable_name(&self, setting: &str) -> String {
        let program = self.name.to_uppercase().replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        format!("{program}_{setting}")
    }

    /// Runs a command line, and answers what to say after its error.
    fn dispatch(
        &self,
        arguments: &[OsString],
        streams: &mut Streams,
        environment: &Environment,
    ) -> (Result<(), Error>, Vec<String>) {
        let fault = self.clash.clone().or_else(|| self.scheme.check().err());
        if let Some(fault) = fault {
            return (Err(Error::message(fault.to_string())), Vec::new());
        }
        let mut command = self.command();
        let words = std::iter::once(OsString::from(&self.name)).chain(arguments.iter().cloned());
        let parsed = command
            .try_get_matches_from_mut(words)
            .and_then(|mut matches| CommandLine::from_arg_matches_mut(&mut matches));
        match parsed {
            Ok(line) => {
                let mut context = Context::new(self, line.global, streams, environment);
                let result = context.check_flags().and_then(|()| line.verb.run(&mut context));
                let told = context.tell_of_plugins();
                (result.and(told), context.take_notes())
            }
            Err(error) => {
                let result = match usage::explain(&error, &command, arguments) {
                    Unparsed::Help(text) => streams.stdout.write_all(text.as_bytes()).map_err(Error::from),
                    Unparsed::Wrong(error) => Err(error),
                };
                (result, Vec::new())
            }
        }
    }
}
