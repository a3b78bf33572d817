//! Flags that say where files come from and go to, shared by the commands that generate.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

use super::package::PackageArgs;
use crate::Error;
use crate::generate::Material;
use crate::output::{self, File, Set};

#[derive(Args)]
pub(super) struct MaterialArgs {
    /// Files or directories with CustomResourceDefinitions, in place of a crate's kinds
    #[arg(value_name = "FILE", conflicts_with_all = ["package", "manifest_path", "features"])]
    pub(super) files: Vec<PathBuf>,
    #[command(flatten)]
    pub(super) package: PackageArgs,
}

#[derive(Args)]
pub(super) struct OutputArgs {
    /// Directory to write to, or - for the standard output
    #[arg(short, long, value_name = "DIR", default_value = "-")]
    pub(super) output: PathBuf,
    #[command(flatten)]
    pub(super) mode: ModeArgs,
}

#[derive(Args)]
pub(super) struct ModeArgs {
    /// Write nothing; fail with a diff if a file is not what would be written, is missing, or is left over
    #[arg(long)]
    pub(super) check: bool,
    /// Also overwrite files that k1s-gen did not write
    #[arg(long, conflicts_with = "check")]
    pub(super) force: bool,
}

impl MaterialArgs {
    /// Reads it.
    pub(super) fn read(&self) -> Result<Material, Error> {
        if self.files.is_empty() {
            return Material::of_crate(&self.package.request());
        }
        Material::of_files(&self.files)
    }

    /// Reads it, and refuses a crate without kinds.
    pub(super) fn read_kinds(&self) -> Result<Material, Error> {
        let material = self.read()?;
        material.needs_kinds()?;
        Ok(material)
    }
}

impl OutputArgs {
    /// Refuses flags that do not go together, before anything is built.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.to_stream() && self.mode.check {
            let message = "--check compares with files: name their directory with --output";
            return Err(Error::Package(message.to_owned()));
        }
        Ok(())
    }

    /// Whether files are printed.
    pub(super) fn to_stream(&self) -> bool {
        self.output == Path::new("-")
    }

    /// Prints, writes or compares; `shown` are the files that are printed.
    pub(super) fn deliver(
        &self,
        set: &Set,
        shown: impl Fn(&File) -> bool,
        out: &mut dyn Write,
        err: &mut dyn Write,
    ) -> Result<(), Error> {
        if self.to_stream() {
            let files: Vec<File> = set.files.iter().filter(|file| shown(file)).cloned().collect();
            return output::stream(&files, out).map_err(Error::io("the standard output"));
        }
        self.mode.deliver(set, &self.output, err)
    }
}

impl ModeArgs {
    /// Writes or compares.
    pub(super) fn deliver(&self, set: &Set, directory: &Path, err: &mut dyn Write) -> Result<(), Error> {
        if self.check {
            return output::check(set, directory, err);
        }
        let changes = output::write(set, directory, self.force)?;
        for (verb, paths) in [("wrote", &changes.written), ("removed", &changes.removed)] {
            for path in paths {
                let _ = writeln!(err, "{verb} {}", path.display());
            }
        }
        Ok(())
    }
}
