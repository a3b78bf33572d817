//! `get --watch`: what is there, then every change, until the deadline or the end of the stream.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;
use serde_json::Value;

use super::GetArgs;
use crate::api::ResourceDefinition;
use crate::cli::context::{Context, wait, wait_until};
use crate::cli::error::Error;
use crate::cli::print::table::{TableOptions, TablePrinter};
use crate::cli::print::{ObjectPrinter, Purpose};
use crate::cli::resources::{Listed, Named, Selected, Source, decode};
use crate::client::table::Table;
use crate::client::{Event, EventStream, EventType, Target, WatchRequest};

/// Prints what was selected and then its changes.
pub(super) fn watch(args: &GetArgs, selected: &Selected, context: &mut Context<'_>) -> Result<(), Error> {
    let deadline = context.deadline()?;
    let target = Watched::new(selected, context)?;
    let definition = target.definition().clone();
    let table = Table::new(&definition);
    let mut view = View::new(args, &definition, &table, context)?;
    let (request, mut synthetic) = target.start(args, &mut view, context)?;
    let client = context.client()?;
    let mut events = wait(client.watch(&request))?;
    while let Some(event) = next(deadline, &mut *events) {
        let (happened, raw) = match event {
            Event::Object(happened, raw) => (happened, raw),
            Event::Bookmark(_) => continue,
            Event::Error(status) => return Err(Error::Status(status)),
        };
        // A watch of one object begins with the object itself, which has been printed.
        if !std::mem::take(&mut synthetic) {
            view.show(happened, decode(&raw)?.into_value(), context)?;
            context.out().flush()?;
        }
    }
    Ok(())
}

fn next(deadline: Option<Instant>, events: &mut dyn EventStream) -> Option<Event> {
    wait_until(deadline, events.next()).flatten()
}

/// What is watched: one object, or a selection of one kind.
enum Watched {
    One(Named),
    Many(Listed),
}

impl Watched {
    fn new(selected: &Selected, context: &mut Context<'_>) -> Result<Self, Error> {
        match selected.sources.as_slice() {
            [Source::Named(named)] => return Ok(Watched::One(named.clone())),
            [Source::Listed(listed)] => return Ok(Watched::Many(listed.clone())),
            _ => {}
        }
        let (mut infos, result) = selected.infos(context);
        result?;
        let count = infos.len();
        match infos.pop() {
            Some(only) if count == 1 => Ok(Watched::One(Named {
                definition: only.definition,
                namespace: only.namespace,
                name: only.name,
            })),
            _ => Err(Error::message(format!(
                "watch is only supported on individual resources and resource collections - {count} resources were found"
            ))),
        }
    }

    fn definition(&self) -> &Arc<ResourceDefinition> {
        match self {
            Watched::One(named) => &named.definition,
            Watched::Many(listed) => &listed.definition,
        }
    }

    /// Prints what is there. Answers how to watch from there on, and whether the watch begins with what was printed.
    fn start(
        &self,
        args: &GetArgs,
        view: &mut View<'_>,
        context: &mut Context<'_>,
    ) -> Result<(WatchRequest, bool), Error> {
        let mut request = WatchRequest::all(Target { gvk: self.definition().gvk(), namespace: None });
        match self {
            Watched::One(named) => {
                let raw = named.read(None, context)?;
                if !args.watch_only {
                    view.show(EventType::Added, decode(&raw)?.into_value(), context)?;
                }
                request.target.namespace.clone_from(&named.namespace);
                request.field_selector = format!("metadata.name={}", named.name);
            }
            Watched::Many(listed) => {
                let chunk_size = usize::try_from(args.chunk_size).unwrap_or(0);
                let version = listed.pages(chunk_size, context, &mut |context, page| {
                    if args.watch_only {
                        return Ok(());
                    }
                    let mut objects = page.iter().map(decode);
                    objects.try_for_each(|object| view.add(EventType::Added, object?.into_value(), context))
                })?;
                view.flush(context)?;
                request.target.namespace.clone_from(&listed.namespace);
                request.label_selector.clone_from(&listed.labels);
                request.field_selector.clone_from(&listed.fields);
                request.resource_version = Some(version);
            }
        }
        context.out().flush()?;
        Ok((request, matches!(self, Watched::One(_))))
    }
}

/// How events are shown.
enum View<'a> {
    Table { printer: TablePrinter<'a>, table: &'a Table, options: TableOptions, events: bool },
    Objects { printer: ObjectPrinter, events: bool },
}

impl<'a> View<'a> {
    fn new(
        args: &GetArgs,
        definition: &ResourceDefinition,
        table: &'a Table,
        context: &Context<'_>,
    ) -> Result<Self, Error> {
        let events = args.output_watch_events;
        if !args.is_for_people() {
            let format = args.print.format(Purpose::Get, context)?;
            let printer = ObjectPrinter::new(format, &args.print).no_headers(args.no_headers);
            return Ok(View::Objects { printer, events });
        }
        let mut options = args.table_options();
        options.namespace = args.all_namespaces && definition.is_namespaced();
        Ok(View::Table {
            printer: TablePrinter::new(table, definition, options.clone()),
            table,
            options,
            events,
        })
    }

    fn show(&mut self, happened: EventType, object: Value, context: &mut Context<'_>) -> Result<(), Error> {
        self.add(happened, object, context)?;
        self.flush(context)
    }

    fn add(&mut self, happened: EventType, object: Value, context: &mut Context<'_>) -> Result<(), Error> {
        match self {
            View::Table { printer, table, options, events } => {
                let row = options.row(table, &object, Timestamp::now());
                printer.row(&row, events.then(|| word(happened)));
                Ok(())
            }
            View::Objects { printer, events } => {
                let wraps = *events && printer.format().shows_whole_objects();
                let shown = if wraps {
                    serde_json::json!({"object": object, "type": word(happened)})
                } else {
                    object
                };
                printer.print(shown, context)
            }
        }
    }

    fn flush(&mut self, context: &mut Context<'_>) -> Result<(), Error> {
        match self {
            View::Table { printer, .. } => printer.flush(context),
            View::Objects { .. } => Ok(()),
        }
    }
}

fn word(happened: EventType) -> &'static str {
    match happened {
        EventType::Added => "ADDED",
        EventType::Modified => "MODIFIED",
        EventType::Deleted => "DELETED",
    }
}
