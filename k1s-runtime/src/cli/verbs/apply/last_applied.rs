//! `apply view-last-applied` and `apply set-last-applied`.

use serde_json::{Map, Value, json};

use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::merge::LAST_APPLIED;
use crate::cli::outcome::Outcomes;
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, Selection, decode};
use crate::cli::write::{self, DryRunFlag, Strategy};
use crate::client::{GetRequest, Target, WriteBody};
use crate::manifest::{parse_json, to_json_compact, to_yaml};

/// Arguments of `apply view-last-applied`.
#[derive(clap::Args)]
pub(crate) struct ViewArgs {
    /// TYPE NAME…, or TYPE/NAME….
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// Objects whose labels match.
    #[arg(short = 'l', long, default_value = "")]
    selector: String,
    /// All objects of the types named, in the namespace.
    #[arg(long)]
    all: bool,
    /// Output format: yaml or json.
    #[arg(short, long, default_value = "")]
    output: String,
}

/// Arguments of `apply set-last-applied`.
#[derive(clap::Args)]
pub(crate) struct SetArgs {
    #[command(flatten)]
    files: FileFlags,
    /// Also for objects that do not have the annotation.
    #[arg(long)]
    create_annotation: bool,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    output: PrintFlags,
}

pub(super) fn view(args: &ViewArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let as_json = match args.output.as_str() {
        "json" => true,
        "yaml" | "" => false,
        other => {
            let text =
                format!("unexpected -o output mode: {other}, the flag 'output' must be one of yaml|json");
            return Err(context.usage_error("apply view-last-applied", &text));
        }
    };
    let selected = Selection {
        words: &args.words,
        files: args.files.clone(),
        labels: Some(args.selector.as_str()).filter(|selector| !selector.is_empty()),
        all: args.all,
        latest: true,
        ..Selection::default()
    }
    .resolve(context)?;
    let (infos, result) = selected.infos(context);
    result?;
    for info in &infos {
        let Some(text) = info.object.annotation(LAST_APPLIED) else { continue };
        let value = parse_json(text.as_bytes()).map_err(|error| Error::message(error.decoder_message()))?;
        let mut shown = if as_json {
            serde_json::to_string_pretty(&value).map_err(|error| Error::message(error.to_string()))?
        } else {
            to_yaml(&value)
        };
        if !shown.ends_with('\n') {
            shown.push('\n');
        }
        context.out().write_all(shown.as_bytes())?;
    }
    Ok(())
}

pub(super) fn set(args: &SetArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let strategy = args.dry_run.strategy(context)?;
    args.files.require()?;
    let mut outcomes = Outcomes::new(&args.output, strategy, context)?;
    let selected = Selection { files: args.files.clone(), ..Selection::default() }.resolve(context)?;
    let (infos, result) = selected.infos(context);
    result?;
    let mut changes = Vec::new();
    for mut info in infos {
        let text = to_json_compact(&Value::Object(info.object.0.clone())) + "\n";
        info.object = latest(&info, context)?;
        match info.object.annotation(LAST_APPLIED) {
            None if !args.create_annotation => {
                return Err(Error::message(format!(
                    "no last-applied-configuration annotation found on resource: {}, to create the annotation, run \
                     the command with --create-annotation",
                    info.name
                )));
            }
            Some(there) if there.trim_end() == text.trim_end() => {
                writeln!(context.out(), "set-last-applied {}: no changes required.", info.name)?;
            }
            _ => changes.push((info, text)),
        }
    }
    for (info, text) in changes {
        let mut object = info.object.clone();
        if strategy != Strategy::Client {
            let manager = context.name().to_owned();
            let request = write::merge_patch(&info, annotation_patch(&text), strategy, &manager);
            if let WriteBody::Object(raw) = write::send(request, context)?.body {
                object = decode(&raw)?;
            }
        }
        outcomes.print(&object, "configured", context)?;
    }
    Ok(())
}

/// The merge patch that sets the annotation to a text.
pub(in crate::cli::verbs) fn annotation_patch(text: &str) -> Map<String, Value> {
    let patch = json!({"annotations": {LAST_APPLIED: text}});
    Map::from_iter([("metadata".to_owned(), patch)])
}

fn latest(info: &Info, context: &mut Context<'_>) -> Result<crate::Object, Error> {
    let target = Target { gvk: info.definition.gvk(), namespace: info.namespace.clone() };
    let request = GetRequest { target, name: info.name.clone(), subresource: None, resource_version: None };
    decode(&wait(context.client()?.get(&request))?)
}
