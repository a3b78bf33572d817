//! `create secret`: generic ones, and those that hold credentials of a registry of images.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::generator::{self, GeneratorFlags};
use crate::Object;
use crate::api::gotext;
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
    /// Create a secret for use with a Docker registry
    DockerRegistry(DockerRegistryArgs),
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

/// Arguments of `create secret docker-registry`.
#[derive(clap::Args)]
struct DockerRegistryArgs {
    /// NAME of the secret.
    words: Vec<String>,
    /// A file that holds the credentials; KEY=FILE names the key. May be given several times.
    #[arg(long = "from-file", value_name = "[KEY=]FILE")]
    files: Vec<String>,
    /// User name at the registry.
    #[arg(long, default_value = "")]
    docker_username: String,
    /// Password at the registry.
    #[arg(long, default_value = "")]
    docker_password: String,
    /// Mail address at the registry.
    #[arg(long, default_value = "")]
    docker_email: String,
    /// The registry.
    #[arg(long, default_value = "https://index.docker.io/v1/")]
    docker_server: String,
    /// Append a hash of the content to the name.
    #[arg(long)]
    append_hash: bool,
    #[command(flatten)]
    flags: GeneratorFlags,
}

/// Type of a secret with credentials of a registry, and the key that it has.
const DOCKER_CONFIG_TYPE: &str = "kubernetes.io/dockerconfigjson";
const DOCKER_CONFIG_KEY: &str = ".dockerconfigjson";

pub(super) fn run(args: &SecretArgs, context: &mut Context<'_>) -> Result<(), Error> {
    match &args.command {
        Some(SecretType::Generic(args)) => generic(args, context),
        Some(SecretType::DockerRegistry(args)) => docker_registry(args, context),
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
    let object = secret(data, name, &args.secret_type, args.append_hash);
    generation.finish(object, context).map_err(|error| generator::failed("failed to create secret", error))
}

fn docker_registry(args: &DockerRegistryArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let name = generator::only_name(&args.words, "create secret docker-registry", context)?;
    let generation = args.flags.begin(context)?;
    let mut data = Data::new(Holder::Secret, name);
    if !args.files.is_empty() {
        let sources = Sources { files: args.files.clone(), ..Sources::default() };
        sources.read_into(&mut data, context.environment())?;
    } else if [&args.docker_username, &args.docker_password, &args.docker_server].iter().any(|s| s.is_empty())
    {
        return Err(Error::message(
            "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
        ));
    } else {
        data.add(DOCKER_CONFIG_KEY, args.config().into_bytes())?;
    }
    let object = secret(data, name, DOCKER_CONFIG_TYPE, args.append_hash);
    generation
        .finish(object, context)
        .map_err(|error| generator::failed("failed to create secret docker-registry", error))
}

impl DockerRegistryArgs {
    /// The credentials as Docker's configuration file holds them, with the fields in kubectl's order.
    fn config(&self) -> String {
        let auth = STANDARD.encode(format!("{}:{}", self.docker_username, self.docker_password));
        let fields = [
            ("username", &self.docker_username),
            ("password", &self.docker_password),
            ("email", &self.docker_email),
            ("auth", &auth),
        ];
        let text = |value: &str| gotext::json(&value.into());
        let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
        let fields: Vec<String> =
            given.map(|(key, value)| format!("{}:{}", text(key), text(value))).collect();
        format!("{{\"auths\":{{{}:{{{}}}}}}}", text(&self.docker_server), fields.join(","))
    }
}

fn secret(data: Data, name: &str, secret_type: &str, hash: bool) -> Object {
    let (data, _) = data.fields();
    let mut object = generator::core_object("Secret", name);
    if hash {
        let hashed = append_hash(Holder::Secret, name, secret_type, &data, &serde_json::Map::new());
        object.set_metadata("name", hashed);
    }
    if !data.is_empty() {
        object.0.insert("data".into(), data.into());
    }
    if !secret_type.is_empty() {
        object.0.insert("type".into(), secret_type.into());
    }
    object
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        args: DockerRegistryArgs,
    }

    #[test]
    fn credentials_are_written_as_kubectl_writes_them() {
        let words =
            ["x", "s", "--docker-username=u", "--docker-password=p<", "--docker-server=r.example.com"];
        let line = Line::try_parse_from(words).unwrap();
        assert_eq!(
            line.args.config(),
            r#"{"auths":{"r.example.com":{"username":"u","password":"p\u003c","auth":"dTpwPA=="}}}"#
        );
    }
}
