//! The verbs: one variant and one arm each.

use super::context::Context;
use super::error::Error;
use super::verbs::{
    annotate, api_resources, api_versions, apply, completion, create, delete, describe, edit, events,
    explain, get, label, options, patch, replace, scale, version, wait,
};

/// A command.
#[derive(clap::Subcommand)]
pub(crate) enum Verb {
    /// Update the annotations on a resource
    Annotate(Box<annotate::AnnotateArgs>),
    /// Print the kinds of objects that there are
    ApiResources(api_resources::ApiResourcesArgs),
    /// Print the API versions that there are, as group/version
    ApiVersions(api_versions::ApiVersionsArgs),
    /// Apply a configuration to a resource by file name or stdin
    Apply(Box<apply::ApplyArgs>),
    /// Print a script that completes this program's command lines: bash, zsh, fish or powershell
    Completion(completion::CompletionArgs),
    /// Create a resource from a file or from stdin
    Create(Box<create::CreateArgs>),
    /// Delete resources by file names, stdin, resources and names, or by resources and label selector
    Delete(Box<delete::DeleteArgs>),
    /// Show details of a specific resource or group of resources
    Describe(Box<describe::DescribeArgs>),
    /// Display one or many resources
    Get(Box<get::GetArgs>),
    /// Edit a resource with the default editor
    Edit(Box<edit::EditArgs>),
    /// List events
    Events(Box<events::EventsArgs>),
    /// Get documentation for a resource
    Explain(explain::ExplainArgs),
    /// Update the labels on a resource
    Label(Box<label::LabelArgs>),
    /// Update fields of a resource
    Patch(Box<patch::PatchArgs>),
    /// Replace a resource by file name or stdin
    Replace(Box<replace::ReplaceArgs>),
    /// Set how many replicas a resource wants
    Scale(Box<scale::ScaleArgs>),
    /// Print the flags that every command takes
    Options(options::OptionsArgs),
    /// Print the version of the program
    Version(version::VersionArgs),
    /// Wait for a specific condition on one or many resources
    Wait(Box<wait::WaitArgs>),
}

impl Verb {
    pub(crate) fn run(self, context: &mut Context<'_>) -> Result<(), Error> {
        match self {
            Verb::Annotate(args) => annotate::run(&args, context),
            Verb::ApiResources(args) => api_resources::run(&args, context),
            Verb::ApiVersions(args) => api_versions::run(&args, context),
            Verb::Apply(args) => apply::run(&args, context),
            Verb::Completion(args) => completion::run(&args, context),
            Verb::Create(args) => create::run(&args, context),
            Verb::Describe(args) => describe::run(&args, context),
            Verb::Edit(args) => edit::run(&args, context),
            Verb::Events(args) => events::run(&args, context),
            Verb::Explain(args) => explain::run(&args, context),
            Verb::Label(args) => label::run(&args, context),
            Verb::Patch(args) => patch::run(&args, context),
            Verb::Delete(args) => delete::run(&args, context),
            Verb::Get(args) => get::run(&args, context),
            Verb::Replace(args) => replace::run(&args, context),
            Verb::Scale(args) => scale::run(&args, context),
            Verb::Options(args) => options::run(&args, context),
            Verb::Version(args) => version::run(&args, context),
            Verb::Wait(args) => wait::run(&args, context),
        }
    }
}
