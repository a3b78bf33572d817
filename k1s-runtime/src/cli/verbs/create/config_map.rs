//! `create configmap`.

use super::generator::{self, GeneratorFlags};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::generate::{Data, Holder, Sources, append_hash};

/// Arguments of `create configmap`.
#[derive(clap::Args)]
pub(super) struct ConfigMapArgs {
    /// NAME of the config map.
    words: Vec<String>,
    #[command(flatten)]
    sources: Sources,
    /// Append a hash of the content to the name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    flags: GeneratorFlags,
}

pub(super) fn run(args: &ConfigMapArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let name = generator::only_name(&args.words, "create configmap", context)?;
    let generation = args.flags.begin(context)?;
    let mut data = Data::new(Holder::ConfigMap, name);
    args.sources.read_into(&mut data, context.environment())?;
    let (data, binary) = data.fields();
    let mut object = generator::core_object("ConfigMap", name);
    if args.append_hash {
        object.set_metadata("name", append_hash(Holder::ConfigMap, name, "", &data, &binary));
    }
    if !data.is_empty() {
        object.0.insert("data".into(), data.into());
    }
    if !binary.is_empty() {
        object.0.insert("binaryData".into(), binary.into());
    }
    generation
        .finish(object, context)
        .map_err(|error| generator::failed("failed to create configmap:", error))
}
