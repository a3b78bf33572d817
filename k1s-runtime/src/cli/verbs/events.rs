//! `events`: what has happened, oldest first.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Object;
use crate::cli::context::{Context, wait, wait_until};
use crate::cli::describe::events::{event_list_json, interval, sort, text};
use crate::cli::error::Error;
use crate::cli::print::layout::{Layout, escape};
use crate::cli::print::{Format, ObjectPrinter, PrintFlags, Purpose, drop_managed_fields};
use crate::cli::resources::{Listed, decode};
use crate::cli::words;
use crate::client::{Event, EventType, Target, WatchRequest};

/// Arguments of `events`.
#[derive(clap::Args)]
pub(crate) struct EventsArgs {
    #[arg(hide = true)]
    extra: Vec<String>,
    #[command(flatten)]
    print: PrintFlags,
    /// Of all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Go on listing events as they happen.
    #[arg(short, long)]
    watch: bool,
    /// Only events about this object.
    #[arg(long = "for", value_name = "TYPE/NAME", default_value = "")]
    object: String,
    /// Only events of these types: Normal, Warning.
    #[arg(long, value_delimiter = ',', value_name = "TYPE")]
    types: Vec<String>,
    /// Leave out the line of headers.
    #[arg(long)]
    no_headers: bool,
    /// How many events to ask for at once; 0 asks for all.
    #[arg(long, value_name = "NUMBER", default_value = "500")]
    chunk_size: usize,
}

pub(crate) fn run(args: &EventsArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let mut listed = Listed {
        definition: words::kind("events", context)?,
        namespace: (!args.all_namespaces).then(|| context.namespace().to_owned()),
        labels: String::new(),
        fields: String::new(),
    };
    if !args.object.is_empty() {
        listed.fields = about(&args.object, context)?;
    }
    let format = args.print.format(Purpose::Answer, context)?;
    if !args.types.iter().all(|kind| ["normal", "warning"].contains(&kind.to_lowercase().as_str())) {
        return Err(Error::message("valid --types are Normal or Warning"));
    }
    let mut view = View {
        args,
        layout: Layout::default(),
        headed: args.no_headers,
        human: matches!(format, Format::Human),
        printer: ObjectPrinter::new(format, &args.print),
    };
    if args.watch { watch(&listed, &mut view, context) } else { list(&listed, &mut view, context) }
}

/// The field selector for events about `TYPE/NAME`.
fn about(object: &str, context: &mut Context<'_>) -> Result<String, Error> {
    let parts: Vec<&str> = object.split('/').collect();
    let (kind, name) = match parts.as_slice() {
        [_] => return Err(Error::message("--for must be in resource/name form")),
        [kind, name] => (*kind, *name),
        _ => return Err(Error::message("arguments in resource/name form may not have more than one slash")),
    };
    let definition = words::kind(kind, context).map_err(|error| match error {
        // Here, kubectl says it without `error: `.
        Error::Message(text) => Error::Bare(text),
        other => other,
    })?;
    Ok(format!("involvedObject.kind={},involvedObject.name={name}", definition.kind))
}

fn list(listed: &Listed, view: &mut View<'_>, context: &mut Context<'_>) -> Result<(), Error> {
    let mut events = Vec::new();
    listed.pages(view.args.chunk_size, context, &mut |_, page| {
        for raw in &page {
            events.push(decode(raw)?);
        }
        Ok(())
    })?;
    events.retain(|event| view.wants(event));
    if events.is_empty() {
        let place = match &listed.namespace {
            Some(namespace) => format!(" in {namespace} namespace"),
            None => String::new(),
        };
        return Ok(writeln!(context.err()?, "No events found{place}.")?);
    }
    sort(&mut events);
    view.all(events, context)
}

fn watch(listed: &Listed, view: &mut View<'_>, context: &mut Context<'_>) -> Result<(), Error> {
    let deadline = context.deadline()?;
    let target = Target { gvk: listed.definition.gvk(), namespace: listed.namespace.clone() };
    let request = WatchRequest { field_selector: listed.fields.clone(), ..WatchRequest::all(target) };
    let client = context.client()?;
    let mut stream = wait(client.watch(&request))?;
    while let Some(change) = wait_until(deadline, stream.next()).flatten() {
        match change {
            // Events are removed after a while; that is no news.
            Event::Object(EventType::Deleted, _) | Event::Bookmark(_) => {}
            Event::Object(_, raw) => {
                let event = decode(&raw)?;
                if view.wants(&event) {
                    view.one(event, context)?;
                    context.out().flush()?;
                }
            }
            Event::Error(status) => return Err(Error::Status(status)),
        }
    }
    Ok(())
}

/// How events are shown.
struct View<'a> {
    args: &'a EventsArgs,
    layout: Layout,
    headed: bool,
    human: bool,
    printer: ObjectPrinter,
}

impl View<'_> {
    fn wants(&self, event: &Object) -> bool {
        let kind = text(event, &["type"]);
        self.args.types.is_empty() || self.args.types.iter().any(|wanted| wanted.eq_ignore_ascii_case(kind))
    }

    fn all(&mut self, events: Vec<Object>, context: &mut Context<'_>) -> Result<(), Error> {
        if self.human {
            events.iter().for_each(|event| self.row(event));
            return Ok(self.layout.flush(context.out())?);
        }
        // kubectl's name printer does not know a list that says it is one of events.
        if matches!(self.printer.format(), Format::Name) {
            return Ok(());
        }
        let items: Vec<Value> = events.into_iter().map(Object::into_value).collect();
        let mut list = json!({"kind": "EventList", "apiVersion": "v1", "metadata": {}, "items": items});
        if matches!(self.printer.format(), Format::Json) {
            if !self.args.print.show_managed_fields {
                drop_managed_fields(&mut list);
            }
            return Ok(context.out().write_all(event_list_json(&list).as_bytes())?);
        }
        self.printer.print(list, context)
    }

    fn one(&mut self, event: Object, context: &mut Context<'_>) -> Result<(), Error> {
        if self.human {
            self.row(&event);
            return Ok(self.layout.flush(context.out())?);
        }
        self.printer.print(event.into_value(), context)
    }

    fn row(&mut self, event: &Object) {
        let namespace = self.args.all_namespaces;
        if !std::mem::replace(&mut self.headed, true) {
            let headers = ["NAMESPACE", "LAST SEEN", "TYPE", "REASON", "OBJECT", "MESSAGE"];
            let shown = headers.iter().skip(usize::from(!namespace));
            self.layout.row(shown.map(|&header| header.to_owned()).collect());
        }
        let cell = |path: &[&str]| one_line(text(event, path));
        let object = format!("{}/{}", cell(&["involvedObject", "kind"]), cell(&["involvedObject", "name"]));
        let message = one_line(text(event, &["message"]).trim());
        let mut cells =
            vec![interval(event, Timestamp::now()), cell(&["type"]), cell(&["reason"]), object, message];
        if namespace {
            cells.insert(0, event.namespace().unwrap_or_default().to_owned());
        }
        self.layout.row(cells);
    }
}

/// The first line of a text, marked if there are more.
fn one_line(line: &str) -> String {
    match line.find(['\u{c}', '\n', '\r']) {
        Some(end) => escape(&line[..end]) + "...",
        None => escape(line),
    }
}
