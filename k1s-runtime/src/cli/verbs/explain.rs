//! `explain`: what a kind and its fields are for.

use std::sync::Arc;

use crate::api::ResourceDefinition;
use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::explain::{Document, classic, plaintext};
use crate::cli::words;

/// Arguments of `explain`.
#[derive(clap::Args)]
pub(crate) struct ExplainArgs {
    /// TYPE, or a field of it as TYPE.spec.name.
    words: Vec<String>,
    /// Show all fields below with their types, without descriptions.
    #[arg(long)]
    recursive: bool,
    /// The version to explain, as group/version.
    #[arg(long, default_value = "")]
    api_version: String,
    /// The format: plaintext or plaintext-openapiv2.
    #[arg(long, default_value = "plaintext")]
    output: String,
}

pub(crate) fn run(args: &ExplainArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let word = match args.words.as_slice() {
        [] => {
            let name = context.name();
            return Err(Error::message(format!(
                "You must specify the type of resource to explain. Use \"{name} api-resources\" for a complete list of \
                 supported resources.\n"
            )));
        }
        [word] => word,
        _ => return Err(Error::message("We accept only this format: explain RESOURCE\n")),
    };
    let (definition, path) = find(word, &args.api_version, context)?;
    let no_field = |name: &str| Error::message(format!("field {} does not exist", quoted(name)));
    let document = match args.output.as_str() {
        "plaintext" | "plaintext-openapiv2" => Document::of(&definition)?,
        other => return Err(Error::message(format!("unrecognized format: {other}"))),
    };
    if args.output == "plaintext-openapiv2" {
        let text = classic::page(&definition, document.root(), &path, args.recursive);
        return Ok(context.out().write_all(text.map_err(|name| no_field(&name))?.as_bytes())?);
    }
    context.out().write_all(plaintext::header(&definition).as_bytes())?;
    match plaintext::body(document.root(), &path, args.recursive) {
        Some(text) => Ok(context.out().write_all(text.as_bytes())?),
        None => Err(no_field(path.last().copied().unwrap_or_default())),
    }
}

/// The kind and the path of fields that a word means: `items.spec.tags` or `items.inventory.example.com.spec.tags`.
fn find<'w>(
    word: &'w str,
    api_version: &str,
    context: &mut Context<'_>,
) -> Result<(Arc<ResourceDefinition>, Vec<&'w str>), Error> {
    let word = word.strip_suffix('.').unwrap_or(word);
    let mut parts = word.split('.');
    let resource = parts.next().unwrap_or_default();
    let definition = kind(resource, context)?;
    if !api_version.is_empty() {
        let found = of_version(&definition, api_version, context)?;
        return Ok((found, parts.collect()));
    }
    let served = context.kinds_named(resource)?.definitions();
    let with_group =
        served.into_iter().filter(|known| known.served && !known.group.is_empty()).find_map(|known| {
            let rest = word.strip_prefix(known.qualified_resource().as_str())?;
            (rest.is_empty() || rest.starts_with('.')).then_some((known, rest))
        });
    Ok(match with_group {
        Some((known, rest)) => (known, rest.split('.').skip(1).collect()),
        None => (definition, parts.collect()),
    })
}

fn kind(word: &str, context: &mut Context<'_>) -> Result<Arc<ResourceDefinition>, Error> {
    words::kind(word, context).map_err(|error| match error {
        // Here, kubectl says it without `error: `.
        Error::Message(text) => Error::Bare(text),
        other => other,
    })
}

fn of_version(
    definition: &ResourceDefinition,
    api_version: &str,
    context: &mut Context<'_>,
) -> Result<Arc<ResourceDefinition>, Error> {
    let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
    if version.contains('/') {
        return Err(Error::message(format!("unexpected GroupVersion string: {api_version}")));
    }
    let plural = &definition.plural;
    let found = context.kinds_named(plural)?.by_resource(group, version, plural).filter(|known| known.served);
    found.ok_or_else(|| {
        let wanted = quoted(&format!("{group}/{version}, Resource={plural}"));
        Error::message(format!("couldn't find resource for {wanted}"))
    })
}
