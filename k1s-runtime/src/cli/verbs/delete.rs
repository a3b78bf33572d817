//! `delete`: removes objects by file, name or selector, and waits until they are gone.

use std::time::Duration;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::flags::parse_bool;
use crate::cli::gone::{self, Doomed};
use crate::cli::resources::{Info, Selection};
use crate::cli::time::duration;
use crate::cli::write::{self, DryRunFlag, Strategy, deprecated};
use crate::client::{DeleteOptions, Propagation, WriteBody, Written};

/// Arguments of `delete`.
#[derive(clap::Args)]
pub(crate) struct DeleteArgs {
    /// TYPE NAME…, TYPE/NAME…, or TYPE with a selector or --all.
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// Objects whose labels match.
    #[arg(short = 'l', long)]
    selector: Option<String>,
    /// Objects whose fields match.
    #[arg(long)]
    field_selector: Option<String>,
    /// All objects of the types named, in the namespace.
    #[arg(long)]
    all: bool,
    /// In all namespaces.
    #[arg(short = 'A', long)]
    all_namespaces: bool,
    /// A missing object is no error. Implied by --all and selectors.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = parse_bool)]
    ignore_not_found: Option<bool>,
    /// What happens to the objects that the deleted ones own: "background", "orphan", or "foreground".
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_value = "background",
        default_missing_value = "background"
    )]
    cascade: String,
    /// Return only when the objects are gone, which finalizers may delay.
    #[arg(
        long,
        action = clap::ArgAction::Set,
        num_args = 0..=1,
        require_equals = true,
        default_value = "true",
        default_missing_value = "true",
        value_parser = parse_bool
    )]
    wait: bool,
    /// How long to wait; zero stands for a week.
    #[arg(long, default_value = "0s", value_parser = duration)]
    timeout: Duration,
    /// Seconds for the object to end in good order; negative leaves it to the kind.
    #[arg(long, default_value_t = -1)]
    grace_period: i64,
    /// As --grace-period=1.
    #[arg(long)]
    now: bool,
    /// With --grace-period=0: do not wait for anybody.
    #[arg(long)]
    force: bool,
    /// Output format: only "name".
    #[arg(short, long, default_value = "")]
    output: String,
    #[command(flatten)]
    dry_run: DryRunFlag,
}

/// Arguments, understood.
struct Deletion {
    strategy: Strategy,
    propagation: Propagation,
    grace_period: i64,
    names_only: bool,
    ignore_not_found: bool,
}

pub(crate) fn run(args: &DeleteArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let deletion = args.understand(context)?;
    if args.all && (is_given(&args.selector) || is_given(&args.field_selector)) {
        // The blank at the end is kubectl's.
        return Err(Error::message("setting 'all' parameter but found a non empty selector. "));
    }
    let selected = Selection {
        words: &args.words,
        files: args.files.clone(),
        labels: args.selector.as_deref().filter(|selector| !selector.is_empty()),
        fields: args.field_selector.as_deref().filter(|selector| !selector.is_empty()),
        all: args.all,
        all_namespaces: args.all_namespaces,
        names_only: true,
        ..Selection::default()
    }
    .resolve(context)?;
    args.check(&deletion, context)?;

    let mut found = 0_usize;
    let mut doomed = Vec::new();
    write::write_each(
        &selected,
        context,
        &mut |_, info| {
            found += 1;
            let sends = deletion.strategy != Strategy::Client;
            Ok(sends.then(|| write::delete(info, deletion.options(), deletion.strategy)))
        },
        &mut |context, info, answer| {
            let written = match answer {
                Err(error) if deletion.ignore_not_found && error.is_not_found() => return Ok(()),
                answer => answer.map_err(|error| error.when("deleting", &info.source))?,
            };
            deletion.print(&info, context)?;
            doomed.extend(written.map(|written| doomed_object(info, &written)));
            Ok(())
        },
    )?;
    if found == 0 {
        return Ok(writeln!(context.out(), "No resources found")?);
    }
    if deletion.strategy != Strategy::None || !args.wait {
        return Ok(());
    }
    gone::wait_for(&doomed, args.timeout, context)
}

fn is_given(selector: &Option<String>) -> bool {
    selector.as_deref().is_some_and(|selector| !selector.is_empty())
}

/// What to wait for: the object with the uid that the deletion was answered for.
fn doomed_object(info: Info, written: &Written) -> Doomed {
    let uid = match &written.body {
        WriteBody::Status(status) => status.details.as_ref().map(|details| details.uid.clone()),
        WriteBody::Object(raw) => raw.to_object().ok().and_then(|object| object.uid().map(str::to_owned)),
        WriteBody::List(_) => None,
    };
    Doomed { info, uid: uid.filter(|uid| !uid.is_empty()) }
}

impl DeleteArgs {
    fn understand(&self, context: &mut Context<'_>) -> Result<Deletion, Error> {
        let strategy = self.dry_run.strategy(context)?;
        let propagation = self.propagation(context)?;
        let mut grace_period = self.grace_period;
        if self.now {
            if grace_period != -1 {
                return Err(Error::message("--now and --grace-period cannot be specified together"));
            }
            grace_period = 1;
        }
        if grace_period == 0 && !self.force {
            // Nobody loses data by a zero alone.
            grace_period = 1;
        }
        if self.force && grace_period < 0 {
            grace_period = 0;
        }
        let bulk = self.all || is_given(&self.selector) || is_given(&self.field_selector);
        Ok(Deletion {
            strategy,
            propagation,
            grace_period,
            names_only: self.output == "name",
            ignore_not_found: self.ignore_not_found.unwrap_or(bulk),
        })
    }

    fn propagation(&self, context: &mut Context<'_>) -> Result<Propagation, Error> {
        match self.cascade.as_str() {
            "background" => Ok(Propagation::Background),
            "foreground" => Ok(Propagation::Foreground),
            "orphan" => Ok(Propagation::Orphan),
            other => {
                let Ok(on) = parse_bool(other) else {
                    return Err(Error::message(format!(
                        "invalid cascade value ({other}). Must be \"background\", \"foreground\", or \"orphan\""
                    )));
                };
                let (propagation, instead) = if on {
                    (Propagation::Background, "background")
                } else {
                    (Propagation::Orphan, "orphan")
                };
                let text = format!(
                    "--cascade={other} is deprecated (boolean value) and can be replaced with --cascade={instead}."
                );
                deprecated(&text, context)?;
                Ok(propagation)
            }
        }
    }

    /// What kubectl checks once it knows what is meant.
    fn check(&self, deletion: &Deletion, context: &mut Context<'_>) -> Result<(), Error> {
        if !self.output.is_empty() && self.output != "name" {
            return Err(Error::message(format!(
                "unexpected -o output mode: {}. We only support '-o name'",
                self.output
            )));
        }
        if self.force && deletion.grace_period > 0 {
            return Err(Error::message(
                "--force and --grace-period greater than 0 cannot be specified together",
            ));
        }
        if self.force && deletion.grace_period == 0 {
            writeln!(
                context.err()?,
                "Warning: Immediate deletion does not wait for confirmation that the running resource has been \
                 terminated. The resource may continue to run on the cluster indefinitely."
            )?;
        }
        Ok(())
    }
}

impl Deletion {
    fn options(&self) -> DeleteOptions {
        DeleteOptions {
            propagation: Some(self.propagation),
            grace_period_seconds: (self.grace_period >= 0).then_some(self.grace_period),
            ..DeleteOptions::default()
        }
    }

    fn print(&self, info: &Info, context: &mut Context<'_>) -> Result<(), Error> {
        let kind = info.definition.kind.to_lowercase();
        let group = &info.definition.group;
        let kind = if group.is_empty() { kind } else { format!("{kind}.{group}") };
        let name = &info.name;
        if self.names_only {
            return Ok(writeln!(context.out(), "{kind}/{name}")?);
        }
        let forced = if self.grace_period == 0 { "force " } else { "" };
        Ok(writeln!(context.out(), "{kind} \"{name}\" {forced}deleted{}", self.strategy.suffix())?)
    }
}
