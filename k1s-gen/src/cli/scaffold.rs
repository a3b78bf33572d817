//! `k1s-gen new`, `k1s-gen add` and `k1s-gen upgrade`.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::scaffold::{
    Action, Answers, Conflict, Error, Kind, Plan, Project, Source, check_group, check_package,
};

pub(super) const NEW_EXAMPLES: &str = "\
Examples:
  k1s-gen new shop --group shop.example.com                a workspace with the kind Item in ./shop
  k1s-gen new shop --group shop.example.com --kind Order   the same with a kind of yours
  k1s-gen new shop --group shop.example.com --k1s-path .   with k1s from this checkout

In a directory that it made before, it does what `k1s-gen upgrade` does.";

pub(super) const ADD_EXAMPLES: &str = "\
Examples:
  k1s-gen add resource Order --field customer:string:min_length=1 --field 'items:list(string):set' --status
  k1s-gen add resource Order --field 'phase:enum(Pending,Ready):default=Pending:\"How far it is.\"'
  k1s-gen add version v1beta1 --kind Order

A field is name:type[:flag...][:\"description\"]; docs/scaffold.md lists types and flags.";

/// The fields of a kind that nothing was said about.
const FIELDS: &[&str] = &[
    "title:string:min_length=1:max_length=100:\"Display name.\"",
    "quantity:int:min=0:default=1:\"How many there are.\"",
    "tags:list(string):optional:set:max_items=32:\"Free words to find it by.\"",
];

#[derive(Args)]
struct Writing {
    /// Show what would change, as a diff, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave files alone that both you and k1s-gen changed in the same place, and count them as merged
    #[arg(long)]
    keep_mine: bool,
}

#[derive(Args)]
struct Origin {
    /// Take k1s from this checkout instead of the registry
    #[arg(long, value_name = "DIR", conflicts_with = "k1s_version")]
    k1s_path: Option<PathBuf>,
    /// The version of k1s to use; the one of k1s-gen by default
    #[arg(long, value_name = "VERSION")]
    k1s_version: Option<String>,
}

impl Origin {
    fn source(&self) -> Result<Option<Source>, Error> {
        if let Some(path) = &self.k1s_path {
            if !path.join("k1s-runtime/Cargo.toml").is_file() {
                return Err(Error::Refused {
                    message: format!(
                        "{} is no checkout of k1s: it has no k1s-runtime/Cargo.toml",
                        path.display()
                    ),
                    hint: "name the directory that holds k1s-runtime".to_owned(),
                });
            }
            let path = path.canonicalize().map_err(|source| Error::Io { path: path.clone(), source })?;
            return Ok(Some(Source::Path(path)));
        }
        Ok(self.k1s_version.clone().map(Source::Version))
    }
}

#[derive(Args)]
pub(super) struct NewArgs {
    /// Name of the package and the program
    name: String,
    /// Group of the kinds: a domain that you own, as shop.example.com
    #[arg(long)]
    group: String,
    /// Directory to write to; one with the name by default
    #[arg(short = 'o', long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// A kind to start with, repeatable; Item by default
    #[arg(long, value_name = "KIND")]
    kind: Vec<String>,
    #[command(flatten)]
    origin: Origin,
    #[command(flatten)]
    writing: Writing,
}

#[derive(Args)]
pub(super) struct UpgradeArgs {
    /// The workspace; the one around the current directory by default
    #[arg(short = 'o', long, value_name = "DIR", default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    origin: Origin,
    #[command(flatten)]
    writing: Writing,
}

#[derive(Args)]
pub(super) struct AddArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Add a kind
    #[command(visible_alias = "kind")]
    Resource(ResourceArgs),
    /// Add a version to one kind or to all, with conversions to and from the stored one
    Version(VersionArgs),
}

#[derive(Args)]
struct ResourceArgs {
    /// The kind, in CamelCase
    kind: String,
    /// A field of its spec: name:type[:flag...][:"description"], repeatable
    #[arg(short, long, value_name = "FIELD")]
    field: Vec<String>,
    /// Its version
    #[arg(long, default_value = "v1")]
    version: String,
    /// Give it a status
    #[arg(long)]
    status: bool,
    /// Put its objects into no namespace
    #[arg(long)]
    cluster_scoped: bool,
    /// A short name for the command line, repeatable
    #[arg(long, value_name = "NAME")]
    short_name: Vec<String>,
    /// A category, as all, repeatable
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    /// The workspace; the one around the current directory by default
    #[arg(short = 'o', long, value_name = "DIR", default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    writing: Writing,
}

#[derive(Args)]
struct VersionArgs {
    /// The version, as v1beta1
    version: String,
    /// The kind; all of them by default
    #[arg(long)]
    kind: Option<String>,
    /// The workspace; the one around the current directory by default
    #[arg(short = 'o', long, value_name = "DIR", default_value = ".")]
    path: PathBuf,
    #[command(flatten)]
    writing: Writing,
}

/// Runs `new`.
pub(super) fn new(arguments: &NewArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), crate::Error> {
    check_package(&arguments.name)?;
    check_group(&arguments.group)?;
    let root = arguments.path.clone().unwrap_or_else(|| PathBuf::from(&arguments.name));
    let is_new = !Project::is_root(&root);
    let mut project = if is_new { fresh(arguments, &root)? } else { again(arguments, &root)? };
    let default = ["Item".to_owned()];
    let kinds = if arguments.kind.is_empty() && is_new { &default[..] } else { &arguments.kind[..] };
    for kind in kinds {
        if is_new || !project.answers.kinds.iter().any(|present| present.kind == *kind) {
            project.add_kind(plain(kind))?;
        }
    }
    finish(&project, &arguments.writing, out, err)?;
    if is_new && !arguments.writing.dry_run {
        let _ =
            writeln!(err, "next: cd {} && cargo test && cargo run -- apply -R -f manifests", root.display());
    }
    Ok(())
}

fn fresh(arguments: &NewArgs, root: &Path) -> Result<Project, Error> {
    let answers = Answers {
        format: Answers::FORMAT,
        name: arguments.name.clone(),
        group: arguments.group.clone(),
        k1s: arguments.origin.source()?.unwrap_or_default(),
        kinds: Vec::new(),
    };
    Project::create(root, answers)
}

fn again(arguments: &NewArgs, root: &Path) -> Result<Project, Error> {
    let mut project = Project::open(root)?;
    let Answers { name, group, .. } = &project.answers;
    if *name != arguments.name || *group != arguments.group {
        return Err(Error::Refused {
            message: format!("{} holds the workspace {name} of the group {group}", root.display()),
            hint: "name another directory with --path".to_owned(),
        });
    }
    renew(&mut project, &arguments.origin)?;
    Ok(project)
}

/// Takes k1s from where it is asked for, and a newer one from the registry.
fn renew(project: &mut Project, origin: &Origin) -> Result<(), Error> {
    match (origin.source()?, &project.answers.k1s) {
        (Some(source), _) => project.set_source(source),
        (None, Source::Version(_)) => project.set_source(Source::default()),
        (None, Source::Path(_)) => {}
    }
    Ok(())
}

fn plain(kind: &str) -> Kind {
    Kind {
        kind: kind.to_owned(),
        versions: vec!["v1".to_owned()],
        fields: FIELDS.iter().map(|&field| field.to_owned()).collect(),
        status: false,
        cluster_scoped: false,
        short_names: Vec::new(),
        categories: Vec::new(),
    }
}

/// Runs `upgrade`.
pub(super) fn upgrade(
    arguments: &UpgradeArgs,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), crate::Error> {
    let mut project = Project::around(&arguments.path)?;
    renew(&mut project, &arguments.origin)?;
    finish(&project, &arguments.writing, out, err)
}

/// Runs `add`.
pub(super) fn add(arguments: &AddArgs, out: &mut dyn Write, err: &mut dyn Write) -> Result<(), crate::Error> {
    match &arguments.what {
        What::Resource(arguments) => {
            let mut project = Project::around(&arguments.path)?;
            let mut kind = plain(&arguments.kind);
            if !arguments.field.is_empty() {
                kind.fields.clone_from(&arguments.field);
            }
            kind.versions = vec![arguments.version.clone()];
            kind.status = arguments.status;
            kind.cluster_scoped = arguments.cluster_scoped;
            kind.short_names.clone_from(&arguments.short_name);
            kind.categories.clone_from(&arguments.category);
            project.add_kind(kind)?;
            finish(&project, &arguments.writing, out, err)
        }
        What::Version(arguments) => {
            let mut project = Project::around(&arguments.path)?;
            project.add_version(&arguments.version, arguments.kind.as_deref())?;
            finish(&project, &arguments.writing, out, err)
        }
    }
}

fn finish(
    project: &Project,
    writing: &Writing,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), crate::Error> {
    let plan = project.plan()?;
    if writing.dry_run {
        show(&plan, out).map_err(crate::Error::io("the standard output"))?;
        if plan.conflicts.is_empty() || writing.keep_mine {
            return Ok(());
        }
        return Err(Error::Conflicts(plan.conflicts).into());
    }
    project.carry_out(&plan, writing.keep_mine)?;
    for change in &plan.changes {
        let word = match change.action {
            Action::Create(_) => "created",
            Action::Update { .. } => "updated",
            Action::Remove(_) => "removed",
            Action::StaysDeleted => "warning: stays deleted, as you left it:",
            Action::Orphaned => "warning: not generated any more, and kept for your changes:",
        };
        let _ = writeln!(err, "{word} {}", change.path);
    }
    for Conflict { path, .. } in &plan.conflicts {
        let _ = writeln!(err, "kept {path}");
    }
    if plan.changes.is_empty() && plan.conflicts.is_empty() {
        let _ = writeln!(err, "nothing to change");
    }
    Ok(())
}

/// Shows what would change.
fn show(plan: &Plan, out: &mut dyn Write) -> std::io::Result<()> {
    for change in &plan.changes {
        let (from, to) = match &change.action {
            Action::Create(to) => ("", to.as_str()),
            Action::Update { from, to } => (from.as_str(), to.as_str()),
            Action::Remove(from) => (from.as_str(), ""),
            Action::StaysDeleted | Action::Orphaned => continue,
        };
        let diff = similar::TextDiff::from_lines(from, to);
        let (old, new) = (format!("a/{}", change.path), format!("b/{}", change.path));
        write!(out, "{}", diff.unified_diff().header(&old, &new))?;
    }
    for conflict in &plan.conflicts {
        write!(out, "conflict in {}:{}\n{}", conflict.path, conflict.line, conflict.merged)?;
    }
    Ok(())
}
