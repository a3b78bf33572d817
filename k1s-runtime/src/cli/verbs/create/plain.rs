//! `create namespace` and `create serviceaccount`: objects that are little more than a name.

use serde_json::json;

use super::generator::{self, GeneratorFlags};
use crate::cli::context::Context;
use crate::cli::error::Error;

/// Arguments of `create namespace` and `create serviceaccount`.
#[derive(clap::Args)]
pub(super) struct PlainArgs {
    /// NAME of the object.
    words: Vec<String>,
    #[command(flatten)]
    flags: GeneratorFlags,
}

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Plain {
    /// A namespace.
    Namespace,
    /// A service account.
    ServiceAccount,
}

pub(super) fn run(plain: Plain, args: &PlainArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let command = match plain {
        Plain::Namespace => "create namespace",
        Plain::ServiceAccount => "create serviceaccount",
    };
    let name = generator::only_name(&args.words, command, context)?;
    let generation = args.flags.begin(context)?;
    match plain {
        Plain::Namespace => {
            let mut object = generator::core_object("Namespace", name);
            object.0.insert("spec".into(), json!({}));
            object.0.insert("status".into(), json!({}));
            generation.finish(object, context)
        }
        Plain::ServiceAccount => generation
            .finish(generator::core_object("ServiceAccount", name), context)
            .map_err(|error| generator::failed("failed to create serviceaccount:", error)),
    }
}
