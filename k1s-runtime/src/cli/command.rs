//! The verbs: one variant and one arm each.

use super::context::Context;
use super::error::Error;
use super::verbs::options;

/// A command.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// Print the flags that every command takes
    Options(options::OptionsArgs),
}

impl Verb {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<(), Error> {
        match self {
            Verb::Options(args) => options::run(&args, context),
        }
    }
}
