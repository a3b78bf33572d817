//! `k1s-gen crd`.

use std::io::Write;

use clap::Args;

use super::output::{MaterialArgs, OutputArgs};
use crate::{Error, crd};

/// Shown below the help.
pub(super) const EXAMPLES: &str = "\
Examples:
  k1s-gen crd -p inventory                    print them
  k1s-gen crd -p inventory -o crds            write one file a kind
  k1s-gen crd -p inventory -o crds --check    fail if the files are not up to date
  k1s-gen crd cluster.yaml -o crds            bring files into the form in which crates have theirs written";

#[derive(Args)]
pub(super) struct CrdArgs {
    #[command(flatten)]
    pub(super) material: MaterialArgs,
    #[command(flatten)]
    pub(super) output: OutputArgs,
    #[command(flatten)]
    pub(super) webhook: WebhookArgs,
}

#[derive(Args)]
pub(super) struct WebhookArgs {
    /// Where an API server finds the webhook that converts kinds whose versions have a hub: NAMESPACE/NAME or NAMESPACE/NAME/PATH of
    /// a Service, or https://...; system/webhook-service/convert by default
    #[arg(long, value_name = "WHERE")]
    pub(super) conversion_webhook: Option<crd::Webhook>,
}

/// Runs the command.
pub(super) fn run(arguments: &CrdArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), Error> {
    arguments.output.check()?;
    let material = arguments.material.read_kinds()?;
    let set = crd::render_all(&material, arguments.webhook.conversion_webhook.as_ref())?;
    arguments.output.deliver(&set, |_| true, out, err)
}
