//! What `label` and `annotate` share: a map of texts in `metadata`, changed by a merge patch.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::Object;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::merge::diff;
use crate::cli::outcome::Outcomes;
use crate::cli::pairs::Pairs;
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, Selected, Selection, decode};
use crate::cli::write::{self, DryRunFlag, Strategy};
use crate::client::WriteBody;

/// Flags of `label` and `annotate`.
#[derive(clap::Args)]
pub(crate) struct MapFlags {
    #[command(flatten)]
    pub files: FileFlags,
    /// Objects whose labels match.
    #[arg(short = 'l', long, default_value = "")]
    pub selector: String,
    /// Objects whose fields match.
    #[arg(long, default_value = "")]
    pub field_selector: String,
    /// All objects of the types named, in the namespace.
    #[arg(long)]
    pub all: bool,
    /// In all namespaces.
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Change values that are there.
    #[arg(long)]
    pub overwrite: bool,
    /// Show what is there.
    #[arg(long)]
    pub list: bool,
    /// Change what is in the file and print it; ask nobody.
    #[arg(long)]
    pub local: bool,
    /// Only if the object is still at this version; for a single object.
    #[arg(long, default_value = "", value_name = "VERSION")]
    pub resource_version: String,
    /// Name of the writer.
    #[arg(long, value_name = "NAME")]
    pub field_manager: Option<String>,
    #[command(flatten)]
    pub dry_run: DryRunFlag,
    #[command(flatten)]
    pub output: PrintFlags,
}

/// Refuses to change what is there.
type Refuse<'s> = &'s dyn Fn(&BTreeMap<&str, &str>, &Pairs) -> Result<(), Error>;

/// Says something about an object before its outcome.
type Before<'s> = &'s dyn Fn(&Object, &Pairs, &mut Context<'_>) -> Result<(), Error>;

/// What differs between the two verbs.
pub(super) struct Settings<'s> {
    /// The map's name in `metadata`.
    pub field: &'static str,
    /// What is to be done.
    pub pairs: Pairs,
    /// Who stops before it is done.
    pub strategy: Strategy,
    /// Name of the writer, unless a flag gives one.
    pub manager: String,
    /// Without `--overwrite`: refuses to change what is there.
    pub refuse: Refuse<'s>,
    /// What is said about an object before its outcome.
    pub before: Before<'s>,
    /// The word for an outcome, from the object before and after and `--overwrite`.
    pub operation: &'s dyn Fn(&Value, &Value, bool) -> &'static str,
}

impl MapFlags {
    /// Refuses flags that do not go together.
    ///
    /// # Errors
    /// In kubectl's words.
    pub(super) fn check(&self, resources: &[String], strategy: Strategy) -> Result<(), Error> {
        let wrong = if self.all && !self.selector.is_empty() {
            "cannot set --all and --selector at the same time"
        } else if self.all && !self.field_selector.is_empty() {
            "cannot set --all and --field-selector at the same time"
        } else if self.local && strategy == Strategy::Server {
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
        } else if self.local && !resources.is_empty() {
            "can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set"
        } else if self.local && self.files.is_empty() {
            "one or more files must be specified as -f pod.yaml or --filename=pod.json"
        } else if !self.local && resources.is_empty() && self.files.is_empty() {
            "one or more resources must be specified as <resource> <name> or <resource>/<name>"
        } else {
            return Ok(());
        };
        Err(Error::message(wrong))
    }

    fn select(&self, resources: &[String], context: &mut Context<'_>) -> Result<Selected, Error> {
        let given = |text: &'_ str| !text.is_empty();
        Selection {
            words: resources,
            files: self.files.clone(),
            labels: Some(self.selector.as_str()).filter(|text| given(text)),
            fields: Some(self.field_selector.as_str()).filter(|text| given(text)),
            all: self.all,
            all_namespaces: self.all_namespaces,
            latest: !self.local,
            ..Selection::default()
        }
        .resolve(context)
    }
}

pub(super) fn run(
    flags: &MapFlags,
    resources: &[String],
    settings: &Settings<'_>,
    context: &mut Context<'_>,
) -> Result<(), Error> {
    let mut outcomes = Outcomes::new(&flags.output, settings.strategy, context)?;
    let selected = flags.select(resources, context)?;
    let single = selected.single_item_implied;
    if !single && !flags.resource_version.is_empty() {
        return Err(Error::message("--resource-version may only be used with a single resource"));
    }
    if flags.list {
        return selected.visit(context, &mut |context, info| list(&info, settings.field, single, context));
    }
    let sends = settings.strategy != Strategy::Client && !flags.local;
    let manager = flags.field_manager.clone().unwrap_or_else(|| settings.manager.clone());
    write::write_each(
        &selected,
        context,
        &mut |_, info| {
            if !sends {
                return Ok(None);
            }
            let changed = change(info, flags, settings)?;
            let mut patch = diff(&info.object.0, &changed.0);
            if !flags.resource_version.is_empty() {
                let metadata = patch.entry("metadata").or_insert_with(|| Value::Object(Map::new()));
                metadata["resourceVersion"] = flags.resource_version.as_str().into();
            }
            Ok(Some(write::merge_patch(info, patch, settings.strategy, &manager)))
        },
        &mut |context, info, answer| {
            let changed = change(&info, flags, settings)?;
            if sends {
                (settings.before)(&info.object, &settings.pairs, context)?;
            }
            let operation = (settings.operation)(
                &info.object.clone().into_value(),
                &changed.clone().into_value(),
                flags.overwrite,
            );
            let shown = match answer?.map(|written| written.body) {
                Some(WriteBody::Object(raw)) => decode(&raw)?,
                _ => changed,
            };
            outcomes.print(&shown, operation, context)
        },
    )
}

/// The object with the map changed.
fn change(info: &Info, flags: &MapFlags, settings: &Settings<'_>) -> Result<Object, Error> {
    let there = match settings.field {
        "labels" => info.object.labels(),
        _ => info.object.annotations(),
    };
    if !flags.overwrite {
        (settings.refuse)(&there, &settings.pairs)?;
    }
    let mut object = info.object.clone();
    let slot = object.metadata_mut().entry(settings.field).or_insert(Value::Null);
    if !slot.is_object() {
        *slot = Value::Object(Map::new());
    }
    if let Value::Object(map) = slot {
        map.extend(settings.pairs.set.iter().map(|(key, value)| (key.clone(), value.as_str().into())));
        settings.pairs.remove.iter().for_each(|key| drop(map.remove(key)));
    }
    Ok(object)
}

fn list(info: &Info, field: &str, single: bool, context: &mut Context<'_>) -> Result<(), Error> {
    let out = context.out();
    let indent = if single { "" } else { " " };
    if !single {
        let (kind, group) = (&info.definition.kind, &info.definition.group);
        writeln!(out, "Listing {field} for {kind}.{group}/{}:", info.name)?;
    }
    let map = if field == "labels" { info.object.labels() } else { info.object.annotations() };
    for (key, value) in map {
        writeln!(out, "{indent}{key}={value}")?;
    }
    Ok(())
}
