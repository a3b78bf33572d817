//! What `get` can be told, and what of it does not go together.

use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::files::FileFlags;
use crate::cli::print::PrintFlags;
use crate::cli::print::table::TableOptions;
use crate::cli::resources::Selection;
use crate::client::Subresource;

/// Arguments of `get`.
#[derive(clap::Args, Debug)]
pub(crate) struct GetArgs {
    /// What to show: TYPE, TYPE NAME..., TYPE/NAME... or TYPE,TYPE...
    #[arg(value_name = "TYPE[/NAME]")]
    pub words: Vec<String>,
    #[command(flatten)]
    pub files: FileFlags,
    #[command(flatten)]
    pub print: PrintFlags,
    /// Show the objects of all namespaces.
    #[arg(short = 'A', long)]
    pub all_namespaces: bool,
    /// Only objects whose labels match, as room=a,kind!=wood.
    #[arg(short = 'l', long, value_name = "SELECTOR")]
    pub selector: Option<String>,
    /// Only objects whose fields match, as metadata.name=bolt.
    #[arg(long, value_name = "SELECTOR")]
    pub field_selector: Option<String>,
    /// Go on showing the objects as they change.
    #[arg(short, long)]
    pub watch: bool,
    /// Show changes only, not what is there.
    #[arg(long)]
    pub watch_only: bool,
    /// Say with each object what happened to it.
    #[arg(long)]
    pub output_watch_events: bool,
    /// Leave out the line of headers.
    #[arg(long)]
    pub no_headers: bool,
    /// Show all labels in a last column.
    #[arg(long)]
    pub show_labels: bool,
    /// Show these labels in columns of their own.
    #[arg(short = 'L', long, value_name = "KEY", value_delimiter = ',')]
    pub label_columns: Vec<String>,
    /// Show the kind before each name.
    #[arg(long)]
    pub show_kind: bool,
    /// Sort by the field at this path, as .metadata.name.
    #[arg(long, value_name = "PATH")]
    pub sort_by: Option<String>,
    /// Objects that are not there are no error.
    #[arg(long)]
    pub ignore_not_found: bool,
    /// How many objects to read at once; 0 reads all.
    #[arg(long, value_name = "NUMBER", default_value = "500")]
    pub chunk_size: i64,
    /// Show a part of the object that has an endpoint of its own: status or scale.
    #[arg(long, value_name = "NAME")]
    pub subresource: Option<String>,
    /// Path of a request to a server.
    #[arg(long, value_name = "PATH", hide = true)]
    pub raw: Option<String>,
    /// Let the server make the tables.
    #[arg(
        long, num_args = 0..=1, require_equals = true, default_value = "true", default_missing_value = "true",
        hide = true, value_parser = crate::cli::flags::parse_bool
    )]
    pub server_print: Option<bool>,
}

impl GetArgs {
    /// Whether to wait for changes.
    pub(super) fn watches(&self) -> bool {
        self.watch || self.watch_only
    }

    /// Whether people are to read the output.
    pub(super) fn is_for_people(&self) -> bool {
        let output = self.print.output.as_deref().unwrap_or_default();
        output == "wide" || (output.is_empty() && self.print.template.is_none())
    }

    /// Refuses what does not go together.
    pub(super) fn check(&self, context: &mut Context<'_>) -> Result<(), Error> {
        if self.raw.is_some() {
            return Err(Error::message(
                "--raw is not supported: there is no server behind this program's store",
            ));
        }
        if self.watches() {
            if self.sort_by.is_some() {
                let warning = "warning: --watch or --watch-only requested, --sort-by will be ignored";
                writeln!(context.err()?, "{warning}")?;
            }
        } else if self.words.is_empty() && self.files.is_empty() {
            let name = context.name();
            writeln!(
                context.err()?,
                "You must specify the type of resource to get. Use \"{name} api-resources\" for a complete list of \
                 supported resources.\n"
            )?;
            return Err(context.usage_error(
                "get",
                &format!(
                    "Required resource not specified.\nUse \"{name} explain <resource>\" for a detailed description of \
                     that resource (e.g. {name} explain pods)."
                ),
            ));
        }
        if self.show_labels && !self.is_for_people() {
            let output = self.print.output.as_deref().unwrap_or_default();
            return Err(Error::message(format!("--show-labels option cannot be used with {output} printer")));
        }
        if self.output_watch_events && !self.watches() {
            return Err(Error::message(
                "--output-watch-events option can only be used with --watch or --watch-only",
            ));
        }
        Ok(())
    }

    /// What the arguments select.
    pub(super) fn selection(&self) -> Selection<'_> {
        let sorted = self.sort_by.is_some();
        Selection {
            words: &self.words,
            files: self.files.clone(),
            labels: self.selector.as_deref(),
            fields: self.field_selector.as_deref(),
            all_namespaces: self.all_namespaces,
            types_alone: true,
            single_type: self.watches(),
            subresource: self.subresource.as_deref().map(subresource),
            latest: true,
            chunk_size: if sorted { 0 } else { usize::try_from(self.chunk_size).unwrap_or(0) },
            ..Selection::default()
        }
    }

    /// What the arguments say about tables.
    pub(super) fn table_options(&self) -> TableOptions {
        TableOptions {
            no_headers: self.no_headers,
            wide: self.print.output.as_deref() == Some("wide"),
            namespace: false,
            kind: self.show_kind,
            show_labels: self.show_labels,
            label_columns: self.label_columns.clone(),
        }
    }
}

fn subresource(name: &str) -> Subresource {
    match name {
        "status" => Subresource::Status,
        "scale" => Subresource::Scale,
        other => Subresource::Other(other.to_owned()),
    }
}
