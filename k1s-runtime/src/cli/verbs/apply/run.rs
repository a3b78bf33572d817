//! Takes the objects of files through reading, deciding, writing in batches, and reporting.

use std::collections::HashSet;

use super::ApplyArgs;
use super::one::{Action, Applied, decide, while_patching};
use super::prune::Pruning;
use crate::Object;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::Checks;
use crate::cli::gone::{self, Doomed};
use crate::cli::outcome::Outcomes;
use crate::cli::resources::{Info, Selection, decode};
use crate::cli::write::{self, Answer, Batch, Strategy};
use crate::client::{DeleteOptions, FieldValidation, Propagation, WriteBody, WriteRequest};

/// Arguments, understood.
struct Settings {
    strategy: Strategy,
    validation: FieldValidation,
    manager: String,
    force: bool,
}

/// Says what became of objects.
struct Reporter<'s> {
    settings: &'s Settings,
    outcomes: Outcomes,
    pruning: Option<Pruning>,
    /// Objects for `-o yaml` and its like, which show all of them at the end.
    shown: Vec<Object>,
}

/// Objects on their way, and what has been seen so far.
struct Pipeline<'s> {
    reporter: Reporter<'s>,
    batch: Batch<Applied>,
    /// Resource, namespace and name of what is in the batch.
    waiting: HashSet<(String, Option<String>, String)>,
    found: usize,
    /// Errors of manifests, which are told first.
    unread: Vec<Error>,
    /// Errors of objects.
    failed: Vec<Error>,
}

pub(super) fn run(args: &ApplyArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let settings = args.settings(context)?;
    let outcomes = Outcomes::new(&args.output, settings.strategy, context)?;
    let pruning = args.pruning(context)?;
    let selected = Selection {
        files: args.files.clone(),
        labels: Some(args.selector.as_str()).filter(|selector| !selector.is_empty()),
        checks: if settings.validation == FieldValidation::Ignore { Checks::None } else { Checks::Identity },
        ..Selection::default()
    }
    .resolve(context)?;
    let mut pipeline = Pipeline {
        reporter: Reporter { settings: &settings, outcomes, pruning, shown: Vec::new() },
        batch: Batch::default(),
        waiting: HashSet::new(),
        found: 0,
        unread: Vec::new(),
        failed: Vec::new(),
    };
    let read = selected.each(context, &mut |context, info| match info {
        Ok(info) => pipeline.take(info, context),
        Err(error) => error.keep_going(&mut pipeline.unread),
    });
    pipeline.flush(context)?;
    let Pipeline { reporter, found, mut unread, mut failed, .. } = pipeline;
    read.or_else(|error| error.keep_going(&mut unread))?;
    if found == 0 && unread.is_empty() {
        return Err(Error::message("no objects passed to apply"));
    }
    unread.append(&mut failed);
    Error::collect(unread)?;
    reporter.finish(context)
}

impl Pipeline<'_> {
    /// Takes an object in; sends what is waiting when it must take effect first.
    fn take(&mut self, info: Info, context: &mut Context<'_>) -> Result<(), Error> {
        self.found += 1;
        let defines_a_kind = write::defines_a_kind(&info);
        let key = (info.definition.qualified_resource(), info.namespace.clone(), info.name.clone());
        if self.waiting.contains(&key) {
            // The second manifest of an object is compared with what the first one made of it.
            self.flush(context)?;
        }
        self.waiting.insert(key);
        let settings = self.reporter.settings;
        match decide(info, settings.strategy != Strategy::Client, context) {
            Ok(mut applied) => {
                let request = settings.request(&mut applied);
                self.batch.push(applied, request);
            }
            Err(error) => {
                self.flush(context)?;
                error.keep_going(&mut self.failed)?;
            }
        }
        if self.batch.is_full() || defines_a_kind {
            self.flush(context)?;
        }
        if defines_a_kind {
            context.forget_kinds();
        }
        Ok(())
    }

    fn flush(&mut self, context: &mut Context<'_>) -> Result<(), Error> {
        let Self { reporter, batch, waiting, failed, .. } = self;
        waiting.clear();
        batch.flush(
            context,
            &mut |context, applied, answer| reporter.report(applied, answer, context),
            failed,
        )
    }
}

impl ApplyArgs {
    fn check_server_side(&self, strategy: Strategy) -> Result<(), Error> {
        let wrong = if self.force_conflicts && !self.server_side {
            "--force-conflicts only works with --server-side"
        } else if !self.server_side {
            return Ok(());
        } else if strategy == Strategy::Client {
            "--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)"
        } else if self.force {
            "--force cannot be used with --server-side"
        } else if self.prune {
            "--prune looks at what was applied on the client's side and cannot be used with --server-side"
        } else {
            return Ok(());
        };
        Err(Error::message(wrong))
    }

    /// Checks the arguments that both ways of applying have.
    pub(super) fn check(&self, context: &mut Context<'_>) -> Result<(Strategy, FieldValidation), Error> {
        if !self.words.is_empty() {
            let text = format!("Unexpected args: [{}]", self.words.join(" "));
            return Err(context.usage_error("apply", &text));
        }
        let strategy = self.dry_run.strategy(context)?;
        let validation = self.validate.validation()?;
        self.files.require()?;
        self.check_server_side(strategy)?;
        if strategy == Strategy::Server && self.force {
            return Err(Error::message("--dry-run=server cannot be used with --force"));
        }
        if !self.subresource.is_empty() && !self.server_side {
            return Err(Error::message("--subresource only works with --server-side"));
        }
        if self.all && !self.selector.is_empty() {
            return Err(Error::message("cannot set --all and --selector at the same time"));
        }
        if self.prune && !self.all && self.selector.is_empty() {
            return Err(Error::message(
                "all resources selected for prune without explicitly passing --all. To prune all resources, pass the \
                 --all flag. If you did not mean to prune all resources, specify a label selector",
            ));
        }
        Ok((strategy, validation))
    }

    fn settings(&self, context: &mut Context<'_>) -> Result<Settings, Error> {
        let (strategy, validation) = self.check(context)?;
        let manager = self.field_manager.clone();
        let manager = manager.unwrap_or_else(|| format!("{}-client-side-apply", context.name()));
        Ok(Settings { strategy, validation, manager, force: self.force })
    }

    fn pruning(&self, context: &mut Context<'_>) -> Result<Option<Pruning>, Error> {
        let pruning = Pruning::new(&self.prune_allowlist, &self.selector, context)?;
        Ok(self.prune.then_some(pruning))
    }
}

impl Settings {
    fn request(&self, applied: &mut Applied) -> Option<WriteRequest> {
        if self.strategy == Strategy::Client {
            return None;
        }
        match &applied.action {
            Action::Create => {
                let object = std::mem::take(&mut applied.wanted);
                Some(write::create(&applied.info, object, self.strategy, self.validation, &self.manager))
            }
            Action::Patch(patch) => {
                let mut request =
                    write::merge_patch(&applied.info, patch.clone(), self.strategy, &self.manager);
                request.options.field_validation = self.validation;
                Some(request)
            }
            Action::Assume | Action::Nothing => None,
        }
    }
}

impl Reporter<'_> {
    fn report(
        &mut self,
        mut applied: Applied,
        answer: Answer,
        context: &mut Context<'_>,
    ) -> Result<(), Error> {
        let written = match answer {
            Ok(written) => written,
            Err(error) if self.settings.force && can_be_forced(&error, &applied) => {
                Some(recreate(&applied, self.settings, context)?)
            }
            Err(error) => {
                return Err(match &applied.action {
                    Action::Create => error.when("creating", &applied.info.source),
                    Action::Patch(patch) => while_patching(error, patch, &applied.info),
                    Action::Assume | Action::Nothing => error,
                });
            }
        };
        match written.map(|written| written.body) {
            Some(WriteBody::Object(raw)) if self.outcomes.shows_objects() || self.pruning.is_some() => {
                applied.info.object = decode(&raw)?;
            }
            None if matches!(applied.action, Action::Create) => applied.info.object = applied.wanted,
            _ => {}
        }
        let (info, action) = (applied.info, applied.action);
        if let Some(pruning) = &mut self.pruning {
            pruning.mark(&info);
        }
        let operation = match action {
            Action::Create => "created",
            Action::Patch(_) | Action::Assume => "configured",
            Action::Nothing => "unchanged",
        };
        if matches!(action, Action::Patch(_) | Action::Nothing) && info.object.deletion_timestamp().is_some()
        {
            context.warn(&format!(
                "Detected changes to resource {} which is currently being deleted.",
                info.name
            ))?;
        }
        if self.outcomes.shows_objects() {
            self.shown.push(info.object);
            return Ok(());
        }
        self.outcomes.print(&info.object, operation, context)
    }

    fn finish(mut self, context: &mut Context<'_>) -> Result<(), Error> {
        if self.outcomes.shows_objects() {
            self.outcomes.print_all(std::mem::take(&mut self.shown), context)?;
        }
        match self.pruning {
            Some(pruning) => pruning.run(self.settings.strategy, &mut self.outcomes, context),
            None => Ok(()),
        }
    }
}

fn can_be_forced(error: &Error, applied: &Applied) -> bool {
    let reason = error.status().map(|status| status.reason.as_str());
    matches!(applied.action, Action::Patch(_)) && matches!(reason, Some("Conflict" | "Invalid"))
}

/// `--force`: the object goes, and comes back as the file says.
fn recreate(
    applied: &Applied,
    settings: &Settings,
    context: &mut Context<'_>,
) -> Result<crate::client::Written, Error> {
    let info = &applied.info;
    let options = DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
    write::send(write::delete(info, options, settings.strategy), context)?;
    let doomed = Doomed { info: info.clone(), uid: info.object.uid().map(str::to_owned) };
    gone::wait_for(&[doomed], std::time::Duration::ZERO, context)?;
    let create = write::create(
        info,
        applied.wanted.clone(),
        settings.strategy,
        settings.validation,
        &settings.manager,
    );
    write::send(create, context).map_err(|error| error.when("creating", &info.source))
}
