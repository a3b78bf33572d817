//! Writes in batches: one durable commit for many objects, and not a word about any of them before it.
//!
//! "created" on standard output is an acknowledgement: whoever reads it may rely on the object surviving a crash. So what is
//! to be said about an object waits until the batch that holds it is committed.

use super::request;
use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::resources::{Info, Selected};
use crate::client::{WriteRequest, Written};

/// So many writes share a commit.
const CAPACITY: usize = 1000;

/// Says what became of an object: of its write, or that none was needed.
pub(crate) type Reporter<'r, 'c> =
    dyn FnMut(&mut Context<'c>, Info, Result<Option<Written>, Error>) -> Result<(), Error> + 'r;

/// Objects that wait for the commit.
#[derive(Default)]
pub(crate) struct Batch {
    entries: Vec<Entry>,
}

struct Entry {
    info: Info,
    request: Option<WriteRequest>,
}

impl Batch {
    /// Adds an object with its write, or with none if it is only to be reported.
    pub(crate) fn push(&mut self, info: Info, request: Option<WriteRequest>) {
        self.entries.push(Entry { info, request });
    }

    /// Whether it should be sent.
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= CAPACITY
    }

    /// Whether a write to the object is waiting.
    pub(crate) fn holds(&self, info: &Info) -> bool {
        self.entries.iter().any(|entry| {
            let other = &entry.info;
            other.name == info.name
                && other.namespace == info.namespace
                && other.definition.kind == info.definition.kind
                && other.definition.group == info.definition.group
        })
    }

    /// Sends what is waiting and reports on each object in order; adds what `report` fails with to `failed`.
    ///
    /// # Errors
    /// Those after which the command cannot go on: of the streams, of opening the store.
    pub(crate) fn flush<'c>(
        &mut self,
        context: &mut Context<'c>,
        report: &mut Reporter<'_, 'c>,
        failed: &mut Vec<Error>,
    ) -> Result<(), Error> {
        let mut requests = Vec::new();
        let mut waiting = Vec::with_capacity(self.entries.len());
        for Entry { info, request } in self.entries.drain(..) {
            waiting.push((info, request.is_some()));
            requests.extend(request);
        }
        let mut answers = if requests.is_empty() {
            Vec::new().into_iter()
        } else {
            let client = context.client()?;
            wait(client.write(requests)).into_iter()
        };
        for (info, writes) in waiting {
            let answer = match writes.then(|| answers.next()) {
                None => Ok(None),
                Some(Some(Ok(written))) => {
                    request::warn(&written, context)?;
                    Ok(Some(written))
                }
                Some(Some(Err(error))) => Err(error.into()),
                Some(None) => Err(Error::message("the store did not answer")),
            };
            report(context, info, answer).or_else(|error| error.keep_going(failed))?;
        }
        Ok(())
    }
}

/// Visits the objects of a selection, asks `plan` for the write of each, sends the writes in batches and reports in order.
///
/// # Errors
/// What went wrong while reading, planning and reporting, all of it, in the objects' order.
pub(crate) fn write_each<'c>(
    selected: &Selected,
    context: &mut Context<'c>,
    plan: &mut dyn FnMut(&mut Context<'c>, &mut Info) -> Result<Option<WriteRequest>, Error>,
    report: &mut Reporter<'_, 'c>,
) -> Result<(), Error> {
    let mut batch = Batch::default();
    let mut failed = Vec::new();
    let read = selected.each(context, &mut |context, info| {
        let planned = info.and_then(|mut info| {
            let request = plan(context, &mut info)?;
            Ok((info, request))
        });
        match planned {
            Ok((info, request)) => batch.push(info, request),
            Err(error) => {
                // Errors are told in the order of the objects.
                batch.flush(context, report, &mut failed)?;
                error.keep_going(&mut failed)?;
            }
        }
        // A command line that names objects may name one twice: each is written before the next one is read.
        if batch.is_full() || !selected.is_bulk() {
            batch.flush(context, report, &mut failed)?;
        }
        Ok(())
    });
    batch.flush(context, report, &mut failed)?;
    read.or_else(|error| error.keep_going(&mut failed))?;
    Error::collect(failed)
}
