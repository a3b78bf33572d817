//! `create secret generic`.

use super::generator::{self, GeneratorFlags};
use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::generate::{Data, Holder, Sources, append_hash};

/// Arguments of `create secret`.
#[derive(clap::Args)]
pub(super) struct SecretArgs {
    #[command(subcommand)]
    command: Option<SecretType>,
    #[arg(hide = true)]
    words: Vec<String>,
}

/// Types of secrets that can be made from flags.
#[derive(clap::Subcommand)]
enum SecretType {
    /// Create a secret from a local file, directory, or literal value
    Generic(GenericArgs),
}

/// Arguments of `create secret generic`.
#[derive(clap::Args)]
struct GenericArgs {
    /// NAME of the secret.
    words: Vec<String>,
    #[command(flatten)]
    sources: Sources,
    /// The secret's type.
    #[arg(long = "type", default_value = "")]
    secret_type: String,
    /// Append a hash of the content to the name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    flags: GeneratorFlags,
}

pub(super) fn run(args: &SecretArgs, context: &mut Context<'_>) -> Result<(), Error> {
    match &args.command {
        Some(SecretType::Generic(args)) => generic(args, context),
        None if args.words.is_empty() => {
            // Help that was not asked for is an error's.
            let mut command = context.app().command();
            let help = command
                .find_subcommand_mut("create")
                .and_then(|create| create.find_subcommand_mut("secret"))
                .map(|secret| secret.render_help().to_string());
            context.err()?.write_all(help.unwrap_or_default().as_bytes())?;
            Err(Error::Exit(1))
        }
        None => {
            let text = format!("unknown command {}", quoted(&args.words.join(" ")));
            Err(context.usage_error("create secret", &text))
        }
    }
}

fn generic(args: &GenericArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let name = generator::only_name(&args.words, "create secret generic", context)?;
    let generation = args.flags.begin(context)?;
    let mut data = Data::new(Holder::Secret, name);
    args.sources.read_into(&mut data, context.environment())?;
    let (data, _) = data.fields();
    let mut object = generator::core_object("Secret", name);
    if args.append_hash {
        let hashed = append_hash(Holder::Secret, name, &args.secret_type, &data, &serde_json::Map::new());
        object.set_metadata("name", hashed);
    }
    if !data.is_empty() {
        object.0.insert("data".into(), data.into());
    }
    if !args.secret_type.is_empty() {
        object.0.insert("type".into(), args.secret_type.as_str().into());
    }
    generation.finish(object, context).map_err(|error| generator::failed("failed to create secret", error))
}
