//! The verbs: one variant and one arm each.

use super::context::Context;
use super::error::Error;
use super::verbs::{annotate, apply, create, delete, edit, get, label, options, patch};

/// A command.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// Update the annotations on a resource
    Annotate(Box<annotate::AnnotateArgs>),
    /// Apply a configuration to a resource by file name or stdin
    Apply(Box<apply::ApplyArgs>),
    /// Create a resource from a file or from stdin
    Create(Box<create::CreateArgs>),
    /// Delete resources by file names, stdin, resources and names, or by resources and label selector
    Delete(Box<delete::DeleteArgs>),
    /// Display one or many resources
    Get(Box<get::GetArgs>),
    /// Edit a resource with the default editor
    Edit(Box<edit::EditArgs>),
    /// Update the labels on a resource
    Label(Box<label::LabelArgs>),
    /// Update fields of a resource
    Patch(Box<patch::PatchArgs>),
    /// Print the flags that every command takes
    Options(options::OptionsArgs),
}

impl Verb {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<(), Error> {
        match self {
            Verb::Annotate(args) => annotate::run(&args, context),
            Verb::Apply(args) => apply::run(&args, context),
            Verb::Create(args) => create::run(&args, context),
            Verb::Edit(args) => edit::run(&args, context),
            Verb::Label(args) => label::run(&args, context),
            Verb::Patch(args) => patch::run(&args, context),
            Verb::Delete(args) => delete::run(&args, context),
            Verb::Get(args) => get::run(&args, context),
            Verb::Options(args) => options::run(&args, context),
        }
    }
}
