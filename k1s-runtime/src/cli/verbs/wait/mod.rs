//! `wait`: returns when objects are as they should be, or gone, or there.
//!
//! `condition` reads `--for` and looks at objects. Nothing runs between two looks.

mod condition;

use crate::Object;
use crate::cli::context::{Context, wait};
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::outcome::Outcomes;
use crate::cli::patience::{A_WEEK, Patience};
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, Selected, Selection, decode};
use crate::cli::time::duration;
use crate::cli::write::Strategy;
use crate::client::{GetRequest, Target};
use condition::Condition;

/// Arguments of `wait`.
#[derive(clap::Args)]
pub(crate) struct WaitArgs {
    /// TYPE NAME…, TYPE/NAME…, or TYPE with a selector or --all.
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// What to wait for: create, delete, condition=NAME[=VALUE], or jsonpath=EXPRESSION[=VALUE].
    #[arg(long = "for", default_value = "", value_name = "CONDITION")]
    condition: String,
    /// How long to wait; zero looks once, less than zero waits a week.
    #[arg(long, default_value = "30s", value_name = "DURATION")]
    timeout: String,
    /// Objects whose labels match.
    #[arg(short = 'l', long, default_value = "")]
    selector: String,
    /// Objects whose fields match.
    #[arg(long, default_value = "")]
    field_selector: String,
    /// All objects of the types named, in the namespace.
    #[arg(long)]
    all: bool,
    /// In all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    #[command(flatten)]
    output: PrintFlags,
}

/// One wait, understood.
struct Waiting {
    condition: Condition,
    patience: Patience,
}

pub(crate) fn run(args: &WaitArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let mut outcomes = Outcomes::new(&args.output, Strategy::None, context)?;
    let condition = Condition::parse(&args.condition)?;
    let timeout =
        if args.timeout.starts_with('-') { A_WEEK } else { duration(&args.timeout).map_err(Error::Parse)? };
    let selected = Selection {
        words: &args.words,
        files: args.files.clone(),
        labels: Some(args.selector.as_str()).filter(|selector| !selector.is_empty()),
        fields: Some(args.field_selector.as_str()).filter(|selector| !selector.is_empty()),
        all: args.all,
        all_namespaces: args.all_namespaces,
        latest: true,
        ..Selection::default()
    }
    .resolve(context)?;
    let waiting = Waiting { condition, patience: Patience::new(timeout) };
    if matches!(waiting.condition, Condition::Create) {
        waiting.until_there(&selected, context)?;
    }
    let mut found = 0_usize;
    let mut failed = Vec::new();
    let read = selected.each(context, &mut |context, info| {
        found += 1;
        let done = match info {
            Err(error) if error.is_not_found() && waiting.condition.accepts_missing() => Ok(()),
            Err(error) => Err(error),
            Ok(info) => waiting
                .until_met(&info, context)
                .and_then(|object| outcomes.print(&object, "condition met", context)),
        };
        done.or_else(|error| error.keep_going(&mut failed))
    });
    read.or_else(|error| error.keep_going(&mut failed))?;
    Error::collect(failed)?;
    if found == 0 {
        return Err(Error::message("no matching resources found"));
    }
    Ok(())
}

impl Waiting {
    /// Looks until none of the objects named is missing.
    fn until_there(&self, selected: &Selected, context: &mut Context<'_>) -> Result<(), Error> {
        let mut pauses = self.patience.pauses();
        loop {
            let mut missing = false;
            selected.each(context, &mut |_, info| {
                missing |= info.is_err_and(|error| error.is_not_found());
                Ok(())
            })?;
            if !missing {
                return Ok(());
            }
            if self.patience.is_over() {
                return Err(Error::message("timed out waiting for the condition"));
            }
            pauses.pause();
        }
    }

    /// Looks until the condition is met; answers the object as it was last seen.
    fn until_met(&self, info: &Info, context: &mut Context<'_>) -> Result<Object, Error> {
        if self.patience.is_over() && !self.patience.is_for_one_look() {
            // The objects before it have used up the time.
            return Err(self.gave_up(info));
        }
        let mut last = info.object.clone();
        let mut now = Some(info.object.clone());
        let mut pauses = self.patience.pauses();
        loop {
            if self.condition.is_met(&info.object, now.as_ref())? {
                return Ok(now.unwrap_or(last));
            }
            if self.patience.is_over() {
                return Err(self.gave_up(info));
            }
            pauses.pause();
            now = look(info, context)?;
            if let Some(object) = &now {
                last.clone_from(object);
            }
        }
    }

    fn gave_up(&self, info: &Info) -> Error {
        let (plural, name) = (&info.definition.plural, &info.name);
        Error::message(if self.patience.is_for_one_look() {
            format!("condition not met for {plural}/{name}")
        } else {
            format!("timed out waiting for the condition on {plural}/{name}")
        })
    }
}

/// The object as it is now, if it is there.
fn look(info: &Info, context: &mut Context<'_>) -> Result<Option<Object>, Error> {
    let target = Target { gvk: info.definition.gvk(), namespace: info.namespace.clone() };
    let request = GetRequest { target, name: info.name.clone(), subresource: None, resource_version: None };
    match wait(context.client()?.get(&request)) {
        Ok(raw) => decode(&raw).map(Some),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(error.into()),
    }
}
