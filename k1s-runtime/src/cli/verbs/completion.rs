//! `completion`: scripts that complete the program's command lines in a shell.

use clap_complete::Shell;

use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};

/// Arguments of `completion`.
#[derive(clap::Args)]
pub(crate) struct CompletionArgs {
    /// bash, zsh, fish or powershell.
    #[arg(value_name = "SHELL")]
    shells: Vec<String>,
}

pub(crate) fn run(args: &CompletionArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let shell = match args.shells.as_slice() {
        [] => return Err(context.usage_error("completion", "Shell not specified.")),
        [shell] => shell.as_str(),
        _ => {
            let text = "Too many arguments. Expected only the shell type.";
            return Err(context.usage_error("completion", text));
        }
    };
    let shell = match shell {
        "bash" => Shell::Bash,
        "zsh" => Shell::Zsh,
        "fish" => Shell::Fish,
        "powershell" => Shell::PowerShell,
        other => {
            let text = format!("Unsupported shell type {}.", quoted(other));
            return Err(context.usage_error("completion", &text));
        }
    };
    // Into memory first: the generator does not survive a closed pipe.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut context.app().command(), context.name(), &mut script);
    Ok(context.out().write_all(&script)?)
}
