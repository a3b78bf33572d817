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

/// What became of a write; `None` where none was needed.
pub(crate) type Answer = Result<Option<Written>, Error>;

/// Says what became of an object. What it fails with is an error of that object alone.
pub(crate) type Report<'r, 'c, T> = dyn FnMut(&mut Context<'c>, T, Answer) -> Result<(), Error> + 'r;

/// Says which write an object needs, if any.
pub(crate) type Plan<'p, 'c> =
    dyn FnMut(&mut Context<'c>, &mut Info) -> Result<Option<WriteRequest>, Error> + 'p;

/// Subjects that wait for the commit, each with its write, or with none if it is only to be reported.
pub(crate) struct Batch<T> {
    entries: Vec<(T, Option<WriteRequest>)>,
}

impl<T> Default for Batch<T> {
    fn default() -> Self {
        Self { entries: Vec::new() }
    }
}

impl<T> Batch<T> {
    /// Adds a subject.
    pub(crate) fn push(&mut self, subject: T, request: Option<WriteRequest>) {
        self.entries.push((subject, request));
    }

    /// Whether it should be sent.
    pub(crate) fn is_full(&self) -> bool {
        self.entries.len() >= CAPACITY
    }

    /// Sends what is waiting and reports in order; adds what `report` fails with to `failed`.
    ///
    /// # Errors
    /// Those after which the command cannot go on: of the streams, of opening the store.
    pub(crate) fn flush<'c>(
        &mut self,
        context: &mut Context<'c>,
        report: &mut Report<'_, 'c, T>,
        failed: &mut Vec<Error>,
    ) -> Result<(), Error> {
        let mut requests = Vec::new();
        let mut waiting = Vec::with_capacity(self.entries.len());
        for (subject, request) in self.entries.drain(..) {
            waiting.push((subject, request.is_some()));
            requests.extend(request);
        }
        let mut answers = Vec::new().into_iter();
        if !requests.is_empty() {
            answers = wait(context.client()?.write(requests)).into_iter();
        }
        for (subject, writes) in waiting {
            let answer = match writes.then(|| answers.next()) {
                None => Ok(None),
                Some(Some(Ok(written))) => {
                    request::warn(&written, context)?;
                    Ok(Some(written))
                }
                Some(Some(Err(error))) => Err(request::refused(error, context)?),
                Some(None) => Err(Error::message("the store did not answer")),
            };
            report(context, subject, answer).or_else(|error| error.keep_going(failed))?;
        }
        // What is committed is said at once: the next batch may take a while.
        context.out().flush()?;
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
    plan: &mut Plan<'_, 'c>,
    report: &mut Report<'_, 'c, Info>,
) -> Result<(), Error> {
    let mut batch = Batch::default();
    let mut failed = Vec::new();
    let read = selected.each(context, &mut |context, info| {
        let defines_a_kind = info.as_ref().is_ok_and(defines_a_kind);
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
        if batch.is_full() || !selected.is_bulk() || defines_a_kind {
            batch.flush(context, report, &mut failed)?;
        }
        if defines_a_kind {
            context.forget_kinds();
        }
        Ok(())
    });
    batch.flush(context, report, &mut failed)?;
    read.or_else(|error| error.keep_going(&mut failed))?;
    Error::collect(failed)
}

/// Whether the objects that follow may be of a kind that this one makes known.
pub(crate) fn defines_a_kind(info: &Info) -> bool {
    info.definition.kind == "CustomResourceDefinition"
}
