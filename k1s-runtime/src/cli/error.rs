//! Why a command fails, and the words for it: kubectl's forms, which scripts grep for.
//!
//! Where a verb can fail in several places it collects its errors in [`Error::Aggregate`]; they are printed in order.

use std::collections::BTreeSet;
use std::io;

use kube_core::response::Status;

pub(crate) use crate::api::gotext::quote as quoted;
use crate::client;

/// An error of a command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The arguments do not parse: `Error: …`. Nothing was done.
    #[error("{0}")]
    Parse(String),
    /// What kubectl itself finds wrong: `error: …`.
    #[error("{0}")]
    Message(String),
    /// A message that is printed as it is.
    #[error("{0}")]
    Bare(String),
    /// The API refused.
    #[error("{}", .0.message)]
    Status(Box<Status>),
    /// The store failed: `error: …`. Whatever else was to be written would fail as well.
    #[error("{0}")]
    Store(String),
    /// Several things went wrong.
    #[error("{} errors", .0.len())]
    Aggregate(Vec<Error>),
    /// The command has said all there is to say and ends with this exit code.
    #[error("exit code {0}")]
    Exit(u8),
    /// Standard output or standard error cannot be written.
    #[error("cannot write: {0}")]
    Output(#[from] io::Error),
}

impl Error {
    /// An error that is printed after `error: `.
    pub fn message(text: impl Into<String>) -> Self {
        Error::Message(text.into())
    }

    /// Nothing, the one error, or all of them.
    ///
    /// # Errors
    /// When there are any.
    pub fn collect(mut errors: Vec<Error>) -> Result<(), Error> {
        match errors.len() {
            0 => Ok(()),
            1 => Err(errors.remove(0)),
            _ => Err(Error::Aggregate(errors)),
        }
    }

    /// Puts the error aside, unless nothing can follow it.
    ///
    /// # Errors
    /// Those after which a command cannot go on.
    pub(crate) fn keep_going(self, errors: &mut Vec<Error>) -> Result<(), Error> {
        if matches!(self, Error::Output(_) | Error::Exit(_)) {
            return Err(self);
        }
        let last = matches!(self, Error::Store(_));
        errors.push(self);
        if last { Err(Error::Aggregate(std::mem::take(errors))) } else { Ok(()) }
    }

    /// The errors without lists in lists.
    #[must_use]
    pub fn flattened(self) -> Self {
        fn gather(error: Error, all: &mut Vec<Error>) {
            match error {
                Error::Aggregate(errors) => errors.into_iter().for_each(|error| gather(error, all)),
                other => all.push(other),
            }
        }
        let mut all = Vec::new();
        gather(self, &mut all);
        if all.len() == 1 { all.remove(0) } else { Error::Aggregate(all) }
    }

    /// Says what was being done to which file: `error when creating "x.yaml": …`.
    #[must_use]
    pub fn when(self, doing: &str, source: &str) -> Self {
        if source.is_empty() {
            return self;
        }
        let prefix = format!("error when {doing} {}: ", quoted(source));
        match self {
            Error::Status(mut status) => {
                status.message.insert_str(0, &prefix);
                Error::Status(status)
            }
            Error::Message(text) => Error::Message(prefix + &text),
            other => other,
        }
    }

    /// The status, if the API refused.
    pub fn status(&self) -> Option<&Status> {
        match self {
            Error::Status(status) => Some(status),
            _ => None,
        }
    }

    /// Whether it is a 404 NotFound.
    pub fn is_not_found(&self) -> bool {
        self.status().is_some_and(|status| status.reason == "NotFound")
    }

    /// The exit code that the error ends the process with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Error::Exit(code) => *code,
            // The reader has what it wanted.
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => 0,
            _ => 1,
        }
    }

    /// What goes to standard error; empty or ending with a line feed.
    pub fn render(&self) -> String {
        // One error in a list of its own stands for itself, as kubectl has it: not so a list in a list.
        let error = match self {
            Error::Aggregate(errors) if errors.len() == 1 => &errors[0],
            other => other,
        };
        terminated(match error {
            Error::Parse(text) => format!("Error: {text}"),
            Error::Status(status) if is_invalid(status) => render_invalid(status),
            Error::Status(status) => render_status(status),
            Error::Bare(text) => text.clone(),
            Error::Message(text) if text.starts_with("error: ") => text.clone(),
            Error::Message(text) | Error::Store(text) => format!("error: {text}"),
            Error::Aggregate(errors) => {
                errors.iter().map(|error| terminated(error.as_one_of_many())).collect()
            }
            Error::Exit(_) => String::new(),
            Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => String::new(),
            Error::Output(error) => format!("error: cannot write the output: {error}"),
        })
    }

    /// The error's line in a list of errors, which has no `error: ` and no bullets.
    pub(crate) fn as_one_of_many(&self) -> String {
        match self {
            Error::Status(status) => render_status(status),
            Error::Message(text) | Error::Bare(text) | Error::Parse(text) | Error::Store(text) => {
                text.clone()
            }
            Error::Aggregate(errors) => one_line(errors),
            Error::Exit(_) => String::new(),
            Error::Output(_) => self.render(),
        }
    }
}

impl From<client::Error> for Error {
    fn from(error: client::Error) -> Self {
        match error.into_parts().0 {
            client::Error::Api(status) => Error::Status(status),
            client::Error::Storage(error) => Error::Store(error.to_string()),
            other => Error::Message(other.to_string()),
        }
    }
}

/// Several errors where there is room for one: as Go's aggregate shows itself.
fn one_line(errors: &[Error]) -> String {
    let mut seen = BTreeSet::new();
    let texts = errors.iter().map(|error| match error {
        Error::Status(status) => status.message.clone(),
        other => other.as_one_of_many(),
    });
    let texts: Vec<String> = texts.filter(|text| seen.insert(text.clone())).collect();
    if texts.len() > 1 { format!("[{}]", texts.join(", ")) } else { texts.concat() }
}

fn terminated(mut line: String) -> String {
    if !line.is_empty() && !line.ends_with('\n') {
        line.push('\n');
    }
    line
}

fn is_invalid(status: &Status) -> bool {
    status.reason == "Invalid"
}

fn render_status(status: &Status) -> String {
    match status.reason.as_str() {
        "Unauthorized" => format!("error: You must be logged in to the server ({})", status.message),
        "" => format!("Error from server: {}", status.message),
        reason => format!("Error from server ({reason}): {}", status.message),
    }
}

/// `The Item "a" is invalid: …`, with a bullet each if there are several causes.
fn render_invalid(status: &Status) -> String {
    let details = status.details.as_ref();
    let (kind, name) = details.map_or(("", ""), |details| (&details.kind, &details.name));
    let causes = details.map_or(&[][..], |details| &details.causes);
    let mut subject = "The request is invalid".to_owned();
    if !kind.is_empty() || !name.is_empty() {
        subject = format!("The {kind} {} is invalid", quoted(name));
    } else if !status.message.is_empty() && causes.is_empty() {
        subject = format!("{subject}: {}", status.message);
    }
    let mut seen = BTreeSet::new();
    let causes: Vec<String> = causes
        .iter()
        .map(|cause| format!("{}: {}", cause.field, cause.message))
        .filter(|line| seen.insert(line.clone()))
        .collect();
    match causes.as_slice() {
        [] => subject,
        [only] => format!("{subject}: {only}"),
        several => {
            let bullets: String = several.iter().map(|line| format!("* {line}\n")).collect();
            format!("{subject}: \n{bullets}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::field::FieldError;
    use crate::api::status::{self, Subject};

    const ITEMS: Subject<'_> = Subject { group: "inventory.example.com", resource: "items" };

    #[test]
    fn a_refusal_names_its_reason() {
        let error = Error::Status(status::not_found(ITEMS, "nope"));
        assert_eq!(
            error.render(),
            "Error from server (NotFound): items.inventory.example.com \"nope\" not found\n"
        );
        let error = error.when("creating", "x.yaml");
        assert!(
            error
                .render()
                .starts_with("Error from server (NotFound): error when creating \"x.yaml\": items.")
        );
    }

    #[test]
    fn several_causes_are_bullets_and_duplicates_go() {
        let mut status = status::not_found(Subject { group: "g", resource: "Item" }, "a");
        status.reason = "Invalid".into();
        let causes = [FieldError::required("spec.a", ""), FieldError::required("spec.b", "")];
        if let Some(details) = &mut status.details {
            details.causes = causes.iter().chain(&causes[..1]).map(FieldError::to_cause).collect();
        }
        assert_eq!(
            Error::Status(status.clone()).render(),
            "The Item \"a\" is invalid: \n* spec.a: Required value\n* spec.b: Required value\n"
        );
        let many = Error::Aggregate(vec![Error::Status(status), Error::message("x")]);
        assert!(many.render().starts_with("Error from server (Invalid): "), "{}", many.render());
        assert!(many.render().ends_with("\nx\n"));
        let nested = Error::Aggregate(vec![Error::Aggregate(vec![Error::message("a"), Error::message("b")])]);
        assert_eq!(nested.render(), "a\nb\n");
        let deeper = Error::Aggregate(vec![nested, Error::message("c")]);
        assert_eq!(deeper.render(), "[a, b]\nc\n");
        assert_eq!(deeper.flattened().render(), "a\nb\nc\n");
    }

    #[test]
    fn messages_get_their_prefix_once() {
        assert_eq!(Error::message("no").render(), "error: no\n");
        assert_eq!(Error::message("error: no\n").render(), "error: no\n");
        assert_eq!(Error::Parse("unknown flag: --x".into()).render(), "Error: unknown flag: --x\n");
    }

    #[test]
    fn a_closed_pipe_is_no_failure() {
        let error = Error::Output(io::ErrorKind::BrokenPipe.into());
        assert_eq!((error.exit_code(), error.render()), (0, String::new()));
    }
}
