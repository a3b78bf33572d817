//! `annotate`: sets and removes annotations.

use std::collections::BTreeMap;

use super::metadata::{self, MapFlags, Settings};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::pairs::{self, Pairs};

/// Arguments of `annotate`.
#[derive(clap::Args)]
pub(crate) struct AnnotateArgs {
    /// TYPE NAME… or TYPE/NAME…, then KEY=VALUE to set and KEY- to remove.
    words: Vec<String>,
    #[command(flatten)]
    flags: MapFlags,
}

/// An annotation that everybody may change.
const CHANGE_CAUSE: &str = "kubernetes.io/change-cause";

pub(crate) fn run(args: &AnnotateArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let strategy = args.flags.dry_run.strategy(context)?;
    let (resources, words) = pairs::split(&args.words, "annotation")?;
    let pairs = pairs::annotations(&words);
    args.flags.check(&resources, strategy)?;
    if pairs.is_empty() && !args.flags.list {
        return Err(Error::message("at least one annotation update is required"));
    }
    let contradictions = pairs.contradictions();
    if !contradictions.is_empty() {
        return Err(Error::message(format!(
            "can not both modify and remove the following annotation(s) in the same command: {}",
            contradictions.join(", ")
        )));
    }
    let settings = Settings {
        field: "annotations",
        pairs,
        strategy,
        manager: format!("{}-annotate", context.name()),
        refuse: &clashes,
        before: &|_, _, _| Ok(()),
        operation: &|_, _, _| "annotated",
    };
    metadata::run(&args.flags, &resources, &settings, context)
}

/// Refuses to change what is there.
fn clashes(there: &BTreeMap<&str, &str>, pairs: &Pairs) -> Result<(), Error> {
    let clash = |(key, value): (&String, &String)| {
        let there = there.get(key.as_str()).filter(|there| *there != value && key != CHANGE_CAUSE)?;
        Some(format!("'{key}' already has a value ({there})"))
    };
    let clashes: Vec<String> = pairs.set.iter().filter_map(clash).collect();
    if clashes.is_empty() {
        return Ok(());
    }
    Err(Error::message(format!(
        "--overwrite is false but found the following declared annotation(s): {}",
        clashes.join("; ")
    )))
}
