//! `patch`: changes some fields of objects.

use std::fs;

use serde_json::Value;

use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::files::{FileFlags, reason};
use crate::cli::outcome::Outcomes;
use crate::cli::print::PrintFlags;
use crate::cli::resources::{Info, Selection, decode};
use crate::cli::write::{self, DryRunFlag, Strategy};
use crate::client::{Patch, Subresource, WriteBody, apply_document, apply_strategic};
use crate::{Object, manifest};

/// Arguments of `patch`.
#[derive(clap::Args)]
pub(crate) struct PatchArgs {
    /// TYPE NAME…, or TYPE/NAME….
    words: Vec<String>,
    #[command(flatten)]
    files: FileFlags,
    /// The patch, as JSON or YAML.
    #[arg(short, long, default_value = "")]
    patch: String,
    /// A file that holds the patch.
    #[arg(long, default_value = "", value_name = "FILE")]
    patch_file: String,
    /// What kind of patch it is: json, merge or strategic.
    #[arg(long = "type", default_value = "strategic", value_name = "TYPE")]
    patch_type: String,
    /// A part of the object with rules of its own: status or scale.
    #[arg(long, default_value = "")]
    subresource: String,
    /// Patch what is in the file and print it; ask nobody.
    #[arg(long)]
    local: bool,
    /// Name of the writer.
    #[arg(long, value_name = "NAME")]
    field_manager: Option<String>,
    #[command(flatten)]
    dry_run: DryRunFlag,
    #[command(flatten)]
    output: PrintFlags,
}

pub(crate) fn run(args: &PatchArgs, context: &mut Context<'_>) -> Result<(), Error> {
    let strategy = args.dry_run.strategy(context)?;
    args.check(strategy)?;
    let patch = args.read_patch(context)?;
    // kubectl's patch does not say that it was a dry run.
    let mut outcomes = Outcomes::new(&args.output, Strategy::None, context)?;
    let subresource = subresource(&args.subresource);
    let selected = Selection {
        words: &args.words,
        files: args.files.clone(),
        subresource: subresource.clone(),
        ..Selection::default()
    }
    .resolve(context)?;
    let manager = args.field_manager.clone().unwrap_or_else(|| format!("{}-patch", context.name()));
    let sends = !args.local && strategy != Strategy::Client;
    let mut found = 0_usize;
    write::write_each(
        &selected,
        context,
        &mut |_, info| {
            found += 1;
            let request = || write::patch(info, patch.clone(), subresource.clone(), strategy, &manager);
            Ok(sends.then(request))
        },
        &mut |context, info, answer| {
            let patched = match answer.map_err(|error| unsupported(error, &patch, &info))? {
                None => apply_here(&patch, &info.object)?,
                Some(written) => match written.body {
                    WriteBody::Object(raw) => decode(&raw)?,
                    WriteBody::Status(_) | WriteBody::List(_) => info.object.clone(),
                },
            };
            let operation = if patched == info.object { "patched (no change)" } else { "patched" };
            outcomes.print(&patched, operation, context)
        },
    )?;
    if found == 0 {
        return Err(Error::message("no objects passed to patch"));
    }
    Ok(())
}

/// The subresource that a flag names, if any.
pub(super) fn subresource(name: &str) -> Option<Subresource> {
    match name {
        "" => None,
        "status" => Some(Subresource::Status),
        "scale" => Some(Subresource::Scale),
        other => Some(Subresource::Other(other.to_owned())),
    }
}

impl PatchArgs {
    fn check(&self, strategy: Strategy) -> Result<(), Error> {
        let wrong = if !self.patch.is_empty() && !self.patch_file.is_empty() {
            "cannot specify --patch and --patch-file together"
        } else if self.patch.is_empty() && self.patch_file.is_empty() {
            "must specify --patch or --patch-file containing the contents of the patch"
        } else if self.local && !self.words.is_empty() {
            "cannot specify --local and server resources"
        } else if self.local && strategy == Strategy::Server {
            "cannot specify --local and --dry-run=server - did you mean --dry-run=client?"
        } else if !["json", "merge", "strategic"].contains(&self.patch_type.to_lowercase().as_str()) {
            return Err(Error::message(format!(
                "--type must be one of [json merge strategic], not {}",
                quoted(&self.patch_type)
            )));
        } else {
            return Ok(());
        };
        Err(Error::message(wrong))
    }

    fn read_patch(&self, context: &Context<'_>) -> Result<Patch, Error> {
        let text = if self.patch_file.is_empty() {
            self.patch.clone().into_bytes()
        } else {
            let file = &self.patch_file;
            fs::read(context.environment().resolve(file)).map_err(|error| {
                Error::message(format!("unable to read patch file: open {file}: {}", reason(&error)))
            })?
        };
        // What looks like a JSON object is passed on as it is, and refused by the API if it is none.
        let is_json = text.trim_ascii_start().starts_with(b"{");
        let document = if is_json {
            manifest::parse_json(&text).map_err(|error| {
                let message = format!("error decoding patch: {}", error.decoder_message());
                Error::Status(crate::api::status::bad_request(message))
            })?
        } else {
            manifest::parse_yaml(&text).map_err(|error| {
                Error::message(format!(
                    "unable to parse {}: {}",
                    quoted(&self.patch),
                    error.decoder_message()
                ))
            })?
        };
        Ok(match self.patch_type.to_lowercase().as_str() {
            "json" => Patch::Json(document),
            "merge" => Patch::Merge(document),
            _ => Patch::Strategic(document),
        })
    }
}

/// Says which patch the kind does not take.
fn unsupported(error: Error, patch: &Patch, info: &Info) -> Error {
    match error {
        Error::Status(status) if status.code == 415 => {
            let media_type = match patch {
                Patch::Json(_) => "application/json-patch+json",
                Patch::Merge(_) => "application/merge-patch+json",
                Patch::Strategic(_) => "application/strategic-merge-patch+json",
                Patch::Apply { .. } => "application/apply-patch+yaml",
            };
            let definition = &info.definition;
            let (group, version, kind) = (&definition.group, &definition.version, &definition.kind);
            Error::message(format!(
                "{media_type} is not supported by {group}/{version}, Kind={kind}: {}",
                status.message
            ))
        }
        other => other,
    }
}

/// What the patch makes of an object, without the API's rules.
fn apply_here(patch: &Patch, object: &Object) -> Result<Object, Error> {
    if let Patch::Strategic(document) = patch {
        if let Some(patched) = apply_strategic(object, document)? {
            return Ok(patched);
        }
        if document.to_string().contains("\"$") {
            let message = "directives of strategic merge patches are for core kinds only";
            return Err(Error::message(message));
        }
    }
    let mut value = Value::from(object.clone());
    // Custom kinds have no lists to merge.
    apply_document(&mut value, patch)?;
    Object::try_from(value).map_err(|_| Error::message("the patch leaves no object"))
}
