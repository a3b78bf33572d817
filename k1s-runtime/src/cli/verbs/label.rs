//! `label`: sets and removes labels.

use std::collections::BTreeMap;

use serde_json::Value;

use super::metadata::{self, MapFlags, Settings};
use crate::Object;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::pairs::{self, Pairs};

/// Arguments of `label`.
#[derive(clap::Args)]
pub(crate) struct LabelArgs {
    /// TYPE NAME… or TYPE/NAME…, then KEY=VALUE to set and KEY- to remove.
    words: Vec<String>,
    #[command(flatten)]
    flags: MapFlags,
}

pub(crate) fn run(args: &LabelArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let strategy = args.flags.dry_run.strategy(context)?;
    let (resources, words) = pairs::split(&args.words, "label")?;
    let pairs = pairs::labels(&words)?;
    if args.flags.list && args.flags.output.output.as_deref().is_some_and(|output| !output.is_empty()) {
        return Err(Error::message("--list and --output may not be specified together"));
    }
    args.flags.check(&resources, strategy)?;
    if pairs.is_empty() && !args.flags.list {
        return Err(Error::message("at least one label update is required"));
    }
    let settings = Settings {
        field: "labels",
        pairs,
        strategy,
        manager: format!("{}-label", context.name()),
        refuse: &clashes,
        before: &say_what_is_missing,
        operation: &operation,
    };
    metadata::run(&args.flags, &resources, &settings, context)
}

/// Refuses to change what is there.
fn clashes(there: &BTreeMap<&str, &str>, pairs: &Pairs) -> Result<(), Error> {
    let clash = |(key, value): (&String, &String)| {
        let there = there.get(key.as_str()).filter(|there| *there != value)?;
        let text = format!("'{key}' already has a value ({there}), and --overwrite is false");
        Some(Error::message(text))
    };
    Error::collect(pairs.set.iter().filter_map(clash).collect())
}

fn say_what_is_missing(object: &Object, pairs: &Pairs, context: &mut Context<'_>) -> Result<(), Error> {
    let labels = object.labels();
    for key in pairs.remove.iter().filter(|key| !labels.contains_key(key.as_str())) {
        writeln!(context.out(), "label \"{key}\" not found.")?;
    }
    Ok(())
}

/// kubectl compares the lengths of the texts: an object that has become shorter is "unlabeled".
fn operation(old: &Value, new: &Value, overwrite: bool) -> &'static str {
    if old == new {
        "not labeled"
    } else if !overwrite && new.to_string().len() < old.to_string().len() {
        "unlabeled"
    } else {
        "labeled"
    }
}
