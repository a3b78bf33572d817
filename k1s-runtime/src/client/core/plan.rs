//! What a write comes to before it is committed.

use std::sync::Arc;

use crate::api::{RawObject, ResourceDefinition, Status};
use crate::client::create::NewObject;
use crate::client::{WriteBody, Written};
use crate::storage::{Mutation, Stored, Transaction};

use super::Kind;
use crate::client::{Error, Result, encode, scale};

/// A write, evaluated against the store's present state.
pub(crate) struct Plan {
    /// The kind, in the version that the answer is in.
    pub(crate) kind: Arc<Kind>,
    /// What to commit. Nothing but checks means that nothing changes.
    pub(crate) mutations: Vec<Mutation>,
    /// What to answer.
    pub(crate) answer: Answer,
    /// HTTP status code of the answer.
    pub(crate) code: u16,
    /// Warnings of the answer.
    pub(crate) warnings: Vec<String>,
    /// What the commit means for the scheme.
    pub(crate) effect: Option<Effect>,
    /// Whether the answer is the object's Scale instead of the object.
    pub(crate) as_scale: bool,
    /// The object of a POST, which is not in the request any more: what the plan is made again from when it loses a race.
    pub(crate) new: Option<NewObject>,
}

/// The body of an answer.
pub(crate) enum Answer {
    /// The text that the first mutation left in the store.
    Stored,
    /// This text.
    Raw(RawObject),
    /// This status.
    Status(Box<Status>),
}

/// A change of the scheme.
pub(crate) struct Effect {
    /// Group of the kind that changes.
    pub(crate) group: String,
    /// The kind.
    pub(crate) kind: String,
    /// Its versions from now on; none when it is gone.
    pub(crate) versions: Vec<ResourceDefinition>,
}

impl Plan {
    /// A plan that changes nothing and answers with a text.
    pub(crate) fn unchanged(kind: Arc<Kind>, raw: RawObject, warnings: Vec<String>) -> Self {
        Self {
            kind,
            mutations: Vec::new(),
            answer: Answer::Raw(raw),
            code: 200,
            warnings,
            effect: None,
            as_scale: false,
            new: None,
        }
    }

    /// Whether a commit would change anything.
    pub(crate) fn changes(&self) -> bool {
        self.mutations.iter().any(|mutation| !matches!(mutation, Mutation::Check { .. }))
    }

    /// Whether a commit would remove anything.
    pub(crate) fn deletes(&self) -> bool {
        self.mutations.iter().any(|mutation| matches!(mutation, Mutation::Delete { .. }))
    }

    /// The transaction; the plan keeps none of it.
    pub(crate) fn take_transaction(&mut self) -> Transaction {
        Transaction { mutations: std::mem::take(&mut self.mutations) }
    }

    /// The answer after a commit that left `stored`, or without one.
    pub(crate) fn finish(self, stored: Option<Stored>, changed: bool) -> Result<Written> {
        let body = match (self.answer, stored) {
            (Answer::Stored, Some(stored)) => {
                WriteBody::Object(encode::in_version(stored.bytes, &self.kind)?)
            }
            (Answer::Stored, None) => {
                let missing =
                    crate::storage::Error::Backend("a commit did not tell what it stored".to_owned());
                return Err(missing.into());
            }
            (Answer::Raw(raw), _) => WriteBody::Object(raw),
            (Answer::Status(status), _) => WriteBody::Status(status),
        };
        let body = match body {
            WriteBody::Object(raw) if self.as_scale => {
                let object = raw.to_object().map_err(Error::Decode)?;
                WriteBody::Object(scale::view(&self.kind, &object)?)
            }
            body => body,
        };
        Ok(Written { code: self.code, body, warnings: self.warnings, changed })
    }
}
