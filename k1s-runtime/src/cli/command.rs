//! The verbs: one variant and one arm each.

use super::context::Context;
use super::error::Error;
use super::verbs::{delete, get, options};

/// A command.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// Delete resources by file names, stdin, resources and names, or by resources and label selector
    Delete(delete::DeleteArgs),
    /// Display one or many resources
    Get(Box<get::GetArgs>),
    /// Print the flags that every command takes
    Options(options::OptionsArgs),
}

impl Verb {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<(), Error> {
        match self {
            Verb::Delete(args) => delete::run(&args, context),
            Verb::Get(args) => get::run(&args, context),
            Verb::Options(args) => options::run(&args, context),
        }
    }
}
