//! `options`: the flags that every command takes.

use crate::cli::context::Context;
use crate::cli::error::Error;

/// Arguments of `options`.
#[derive(clap::Args)]
pub(crate) struct OptionsArgs {
    #[arg(hide = true)]
    extra: Vec<String>,
}

pub(crate) fn run(args: &OptionsArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if !args.extra.is_empty() {
        return Err(
            context.usage_error("options", &format!("unexpected arguments: [{}]", args.extra.join(" ")))
        );
    }
    let command = context.app().command();
    let mut lines = String::from("The following options can be passed to any command:\n\n");
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        let Some(long) = arg.get_long() else { continue };
        let short = arg.get_short().map_or_else(|| "    ".to_owned(), |letter| format!("-{letter}, "));
        let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
        lines.push_str(&format!("    {short}--{long}:\n\t{help}\n\n"));
    }
    Ok(context.out().write_all(lines.as_bytes())?)
}
