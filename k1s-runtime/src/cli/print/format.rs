//! `-o`: which format was asked for, and whether it may be.

use super::custom_columns::CustomColumns;
use super::jsonpath::Template;
use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::files::reason;

/// Flags that say how objects are shown.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct PrintFlags {
    /// Output format: json, yaml, name, jsonpath=TEMPLATE, jsonpath-file=FILE and, with get, wide, custom-columns=SPEC
    /// and custom-columns-file=FILE.
    #[arg(short, long, value_name = "FORMAT")]
    pub output: Option<String>,
    /// Template of -o jsonpath, or file of -o jsonpath-file.
    #[arg(long, value_name = "TEMPLATE")]
    pub template: Option<String>,
    /// Show who manages which field in JSON and YAML.
    #[arg(long)]
    pub show_managed_fields: bool,
    /// Let templates name fields that are not there.
    #[arg(
        long, num_args = 0..=1, require_equals = true, value_name = "true|false", default_value = "true",
        default_missing_value = "true", hide_possible_values = true, value_parser = crate::cli::flags::parse_bool
    )]
    pub allow_missing_template_keys: Option<bool>,
}

/// Which formats a verb has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Showing objects: also as tables.
    Get,
    /// Answering what was done to them.
    Answer,
}

/// An output format.
#[derive(Debug)]
pub(crate) enum Format {
    /// For people.
    Human,
    /// Type and name, a line each.
    Name,
    /// Indented JSON.
    Json,
    /// YAML.
    Yaml,
    /// A JSONPath template's result.
    JsonPath(Template),
    /// Columns of the user's own.
    CustomColumns(CustomColumns),
}

impl Format {
    /// Whether objects are shown as they are.
    pub(crate) fn shows_whole_objects(&self) -> bool {
        matches!(self, Format::Json | Format::Yaml)
    }
}

impl PrintFlags {
    /// The format that was asked for.
    ///
    /// # Errors
    /// When there is no such format, or its template is wrong.
    pub(crate) fn format(&self, purpose: Purpose, context: &Context<'_>) -> Result<Format, Error> {
        let output = self.output.as_deref().unwrap_or_default();
        let (kind, inline) = match output.split_once('=') {
            Some((kind, template)) => (kind, Some(template)),
            None => (output, None),
        };
        let get = purpose == Purpose::Get;
        match kind {
            // A template alone asks for a Go template, which needs Go's template language.
            "" if self.template.is_some() => Err(no_go_templates("go-template")),
            "" if inline.is_none() => Ok(Format::Human),
            "wide" if get && inline.is_none() => Ok(Format::Human),
            "json" if inline.is_none() => Ok(Format::Json),
            "yaml" if inline.is_none() => Ok(Format::Yaml),
            "name" if inline.is_none() => Ok(Format::Name),
            "jsonpath" | "jsonpath-as-json" | "jsonpath-file" => {
                let text = self.template(kind, inline, context)?;
                let lenient = self.allow_missing_template_keys.unwrap_or(true);
                Template::parse(&text, kind == "jsonpath-as-json", lenient).map(Format::JsonPath)
            }
            "custom-columns" if get => {
                CustomColumns::parse(inline.unwrap_or_default()).map(Format::CustomColumns)
            }
            "custom-columns-file" if get => {
                let name = inline.filter(|name| !name.is_empty()).ok_or_else(|| {
                    Error::message("custom-columns-file format specified but no file given")
                })?;
                CustomColumns::parse_file(&read(name, context)?).map(Format::CustomColumns)
            }
            "go-template" | "go-template-file" | "template" | "templatefile" => Err(no_go_templates(kind)),
            _ => {
                let (columns, wide) =
                    if get { ("custom-columns,custom-columns-file,", "wide,") } else { ("", "") };
                Err(Error::message(format!(
                    "unable to match a printer suitable for the output format {}, allowed formats are: \
                     {columns}go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,\
                     templatefile,{wide}yaml",
                    quoted(output)
                )))
            }
        }
    }

    fn template(&self, kind: &str, inline: Option<&str>, context: &Context<'_>) -> Result<String, Error> {
        let given = inline.or(self.template.as_deref()).filter(|text| !text.is_empty());
        let text = given.ok_or_else(|| Error::message("template format specified but no template given"))?;
        if kind == "jsonpath-file" { read(text, context) } else { Ok(text.to_owned()) }
    }
}

fn no_go_templates(kind: &str) -> Error {
    Error::message(format!(
        "Go templates (-o {kind}) are not supported; use -o jsonpath or -o custom-columns"
    ))
}

fn read(name: &str, context: &Context<'_>) -> Result<String, Error> {
    let failed =
        |error| Error::message(format!("error reading --template {name}, open {name}: {}\n", reason(&error)));
    std::fs::read_to_string(context.environment().resolve(name)).map_err(failed)
}
