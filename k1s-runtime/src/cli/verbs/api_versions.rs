//! `api-versions`: which versions of which groups there are.

use std::collections::BTreeSet;

use crate::cli::context::Context;
use crate::cli::error::Error;

/// Arguments of `api-versions`.
#[derive(clap::Args)]
pub(crate) struct ApiVersionsArgs {
    #[arg(hide = true)]
    extra: Vec<String>,
}

pub(crate) fn run(args: &ApiVersionsArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if !args.extra.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.extra.join(" "));
        return Err(context.usage_error("api-versions", &text));
    }
    let definitions = context.served_kinds()?.definitions();
    let served = definitions.iter().filter(|definition| definition.served);
    let versions: BTreeSet<String> = served.map(|definition| definition.api_version()).collect();
    for version in versions {
        writeln!(context.out(), "{version}")?;
    }
    Ok(())
}
