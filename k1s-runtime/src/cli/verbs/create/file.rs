//! `create -f`.

use super::CreateArgs;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::Checks;
use crate::cli::merge::set_configuration;
use crate::cli::outcome::Outcomes;
use crate::cli::resources::{Selection, decode};
use crate::cli::write::{self, Strategy};
use crate::client::{FieldValidation, WriteBody};

pub(super) fn run(args: &CreateArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if !args.words.is_empty() && args.files.is_empty() {
        let text = format!("Unexpected args: [{}]", args.words.join(" "));
        return Err(context.usage_error("create", &text));
    }
    args.files.require()?;
    if !args.words.is_empty() {
        let text = format!("Unexpected args: [{}]", args.words.join(" "));
        return Err(context.usage_error("create", &text));
    }
    let strategy = args.dry_run.strategy(context)?;
    let validation = args.validate.validation()?;
    let mut outcomes = Outcomes::new(&args.output, strategy, context)?;
    let selected = Selection {
        files: args.files.clone(),
        labels: Some(args.selector.as_str()).filter(|selector| !selector.is_empty()),
        checks: if validation == FieldValidation::Ignore { Checks::None } else { Checks::Identity },
        ..Selection::default()
    }
    .resolve(context)?;
    let manager = args.field_manager.clone().unwrap_or_else(|| format!("{}-create", context.name()));
    let mut found = 0_usize;
    write::write_each(
        &selected,
        context,
        &mut |_, info| {
            found += 1;
            if args.save_config {
                set_configuration(&mut info.object);
            }
            let sends = strategy != Strategy::Client;
            let request = || write::create(info, info.object.clone(), strategy, validation, &manager);
            Ok(sends.then(request))
        },
        &mut |context, mut info, answer| {
            let written = answer.map_err(|error| error.when("creating", &info.source))?;
            if let Some(WriteBody::Object(raw)) = written.map(|written| written.body)
                && (outcomes.shows_objects() || info.name.is_empty())
            {
                info.object = decode(&raw)?;
            }
            outcomes.print(&info.object, "created", context)
        },
    )?;
    if found == 0 {
        return Err(Error::message("no objects passed to create"));
    }
    Ok(())
}
