//! `describe`: objects in detail, with the events about them.

use jiff::Timestamp;

use crate::Object;
use crate::cli::context::Context;
use crate::cli::describe::{Related, describe};
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::flags::parse_bool;
use crate::cli::resources::{Info, Listed, Selection, decode};
use crate::cli::words;

/// Arguments of `describe`.
#[derive(clap::Args)]
pub(crate) struct DescribeArgs {
    /// TYPE, TYPE NAME or the beginning of one, or TYPE/NAME.
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// Objects whose labels match.
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    selector: Option<String>,
    /// In all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// Show the events about each object.
    #[arg(long, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true",
        value_parser = parse_bool)]
    show_events: Option<bool>,
    /// How many objects to ask for at once; 0 asks for all.
    #[arg(long, value_name = "NUMBER", default_value = "500")]
    chunk_size: usize,
}

pub(crate) fn run(args: &DescribeArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if args.words.is_empty() && args.files.is_empty() {
        let name = context.name();
        return Err(Error::message(format!(
            "You must specify the type of resource to describe. Use \"{name} api-resources\" for a complete list of \
             supported resources.\n"
        )));
    }
    let selection = Selection {
        words: &args.words,
        files: args.files.clone(),
        labels: args.selector.as_deref(),
        all_namespaces: args.all_namespaces,
        types_alone: true,
        latest: true,
        chunk_size: args.chunk_size,
        ..Selection::default()
    };
    let selected = selection.resolve(context)?;
    let (infos, read) = selected.infos(context);
    if let (Err(error), [kind, prefix]) = (&read, args.words.as_slice())
        && error.is_not_found()
    {
        return match by_prefix(kind, prefix, args, context)? {
            true => Ok(()),
            false => read,
        };
    }
    for (index, info) in infos.iter().enumerate() {
        let page = page(info, args, context)?;
        let gap = if index > 0 { "\n\n" } else { "" };
        write!(context.out(), "{gap}{page}")?;
    }
    if infos.is_empty() && read.is_ok() {
        if args.all_namespaces {
            writeln!(context.err()?, "No resources found")?;
        } else {
            let namespace = context.namespace().to_owned();
            writeln!(context.err()?, "No resources found in {namespace} namespace.")?;
        }
    }
    read
}

/// Describes the objects whose names begin so. Answers whether there were any.
fn by_prefix(
    kind: &str,
    prefix: &str,
    args: &DescribeArgs,
    context: &mut Context<'_>,
) -> Result<bool, Error> {
    let words = [kind.to_owned()];
    let selection = Selection {
        words: &words,
        types_alone: true,
        single_type: true,
        chunk_size: args.chunk_size,
        ..Selection::default()
    };
    let (infos, read) = selection.resolve(context)?.infos(context);
    read?;
    let mut found = false;
    for info in infos.iter().filter(|info| info.name.starts_with(prefix)) {
        let page = page(info, args, context)?;
        writeln!(context.out(), "{page}")?;
        found = true;
    }
    Ok(found)
}

fn page(info: &Info, args: &DescribeArgs, context: &mut Context<'_>) -> Result<String, Error> {
    let mut related = Related::default();
    let chunk_size = args.chunk_size;
    if args.show_events.unwrap_or(true) {
        related.events = Some(events_about(&info.object, chunk_size, context)?);
    }
    if info.definition.group.is_empty() && info.definition.kind == "ServiceAccount" {
        related.secrets = list("secrets", info.namespace.clone(), String::new(), chunk_size, context)?;
    }
    Ok(describe(&info.object, &related, Timestamp::now()))
}

/// Events that name the object as the one involved.
fn events_about(object: &Object, chunk_size: usize, context: &mut Context<'_>) -> Result<Vec<Object>, Error> {
    let namespace = object.namespace();
    let fields = format!(
        "involvedObject.kind={},involvedObject.name={},involvedObject.namespace={},involvedObject.uid={}",
        object.kind(),
        object.name(),
        namespace.unwrap_or_default(),
        object.uid().unwrap_or_default()
    );
    list("events", namespace.map(str::to_owned), fields, chunk_size, context)
}

fn list(
    kind: &str,
    namespace: Option<String>,
    fields: String,
    chunk_size: usize,
    context: &mut Context<'_>,
) -> Result<Vec<Object>, Error> {
    let definition = words::kind(kind, context)?;
    let mut objects = Vec::new();
    Listed { definition, namespace, labels: String::new(), fields }.pages(
        chunk_size,
        context,
        &mut |_, page| {
            for raw in &page {
                objects.push(decode(raw)?);
            }
            Ok(())
        },
    )?;
    Ok(objects)
}
