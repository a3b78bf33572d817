//! Where the program's store is, and opening it.

use std::path::PathBuf;
use std::sync::Arc;

use super::app::App;
use super::error::Error;
use crate::client::Client;
#[cfg(feature = "lmdb")]
use crate::client::CoreClient;
use crate::plugin::Discovery;
#[cfg(feature = "lmdb")]
use crate::storage::{LmdbOptions, LmdbStorage};

/// The platform's data directory for a program, as `~/.local/share/inventory`.
///
/// # Errors
/// When the platform knows no home directory.
pub(super) fn default_directory(program: &str) -> Result<PathBuf, Error> {
    data_directory(program).ok_or_else(|| {
        Error::message("there is no home directory to keep the store in; name a directory with --store")
    })
}

/// The platform's data directory for a program, if there is one.
pub(super) fn data_directory(program: &str) -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", program).map(|directories| directories.data_dir().to_owned())
}

/// The platform's cache directory for a program, if there is one.
pub(super) fn cache_directory(program: &str) -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", program).map(|directories| directories.cache_dir().to_owned())
}

/// Opens the store in a directory for a tenant, making it if it is not there.
///
/// # Errors
/// The store's, in a line.
#[cfg(feature = "lmdb")]
pub(super) fn open(
    directory: PathBuf,
    app: &App,
    tenant: &str,
    plugins: Option<Arc<Discovery>>,
) -> Result<Arc<dyn Client>, Error> {
    let storage = LmdbStorage::open(directory, LmdbOptions::default())
        .map_err(|error| Error::message(error.to_string()))?;
    let scheme = match plugins {
        Some(plugins) => app.scheme.clone().with_source(plugins),
        None => app.scheme.clone(),
    };
    let client = CoreClient::for_tenant(Arc::new(storage), Arc::new(scheme), tenant);
    Ok(Arc::new(if app.controllers { client } else { client.without_controllers() }))
}

/// Explains that this build has no store of its own.
///
/// # Errors
/// Always.
#[cfg(not(feature = "lmdb"))]
pub(super) fn open(
    directory: PathBuf,
    _: &App,
    _: &str,
    _: Option<Arc<Discovery>>,
) -> Result<Arc<dyn Client>, Error> {
    let shown = directory.display();
    Err(Error::message(format!(
        "cannot open the store at {shown}: this program was built without a durable store"
    )))
}
