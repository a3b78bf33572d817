//! Flags that name a package, shared by the commands that read the kinds of a crate.

use std::path::PathBuf;

use clap::Args;

use crate::extract::Request;

#[derive(Args)]
pub(super) struct PackageArgs {
    /// Package whose library holds the kinds; the one of the current directory by default
    #[arg(short, long)]
    pub(super) package: Option<String>,
    /// Path of the package's or the workspace's Cargo.toml
    #[arg(long, value_name = "PATH")]
    pub(super) manifest_path: Option<PathBuf>,
    /// Features of the package to enable
    #[arg(short = 'F', long, value_delimiter = ',')]
    pub(super) features: Vec<String>,
}

impl PackageArgs {
    /// Whether any was given.
    pub(super) fn is_named(&self) -> bool {
        self.package.is_some() || self.manifest_path.is_some() || !self.features.is_empty()
    }

    /// What they ask for.
    pub(super) fn request(&self) -> Request {
        Request {
            package: self.package.clone(),
            manifest_path: self.manifest_path.clone(),
            features: self.features.clone(),
            target: None,
        }
    }
}
