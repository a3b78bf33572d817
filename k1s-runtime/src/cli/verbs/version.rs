//! `version`: of the program, and of the library that answers in a cluster's place.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::manifest;

/// Arguments of `version`.
#[derive(clap::Args)]
pub(crate) struct VersionArgs {
    #[arg(hide = true)]
    extra: Vec<String>,
    /// Only the version of the program.
    #[arg(long)]
    client: bool,
    /// Output format: json or yaml.
    #[arg(short, long, default_value = "", value_name = "FORMAT")]
    output: String,
}

pub(crate) fn run(args: &VersionArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if !args.extra.is_empty() {
        return Err(Error::message(format!("extra arguments: [{}]", args.extra.join(" "))));
    }
    let library = env!("CARGO_PKG_VERSION");
    let program =
        Some(context.app().version.as_str()).filter(|version| !version.is_empty()).unwrap_or(library);
    let [program, library] =
        [program, library].map(|version| format!("v{}", version.trim_start_matches('v')));
    let mut versions = json!({"clientVersion": {"gitVersion": program}});
    if !args.client {
        versions["serverVersion"] = json!({"gitVersion": library});
    }
    let text = match args.output.as_str() {
        "" if args.client => format!("Client Version: {program}\n"),
        "" => format!("Client Version: {program}\nServer Version: {library}\n"),
        // Indented by two spaces, unlike objects.
        "json" => format!("{versions:#}\n"),
        "yaml" => manifest::to_yaml(&versions),
        _ => return Err(Error::message("--output must be 'yaml' or 'json'")),
    };
    Ok(context.out().write_all(text.as_bytes())?)
}
