//! Where a program looks for plugins, and where it keeps what it has found.

use std::path::PathBuf;
use std::sync::Arc;

use super::app::App;
use super::environment::Environment;
use super::store;
use crate::plugin::Discovery;

/// The directory of plugins in the program's data directory.
const PLUGINS: &str = "plugins";

/// The plugins of a run; `None` if it does without.
///
/// They are looked for in the program's own directories, and then in those of `<PROGRAM>_PLUGINS`, a list as `PATH` is one, or else in
/// `plugins` of the platform's data directory. What was found is kept in `<PROGRAM>_CACHE`, or else in the platform's cache directory.
pub(super) fn of(app: &App, skip: bool, environment: &Environment) -> Option<Arc<Discovery>> {
    if skip || !app.plugins {
        return None;
    }
    let mut directories: Vec<PathBuf> = app.plugin_paths.iter().map(|it| environment.resolve(it)).collect();
    match environment.variable(&app.variable_name("PLUGINS")) {
        Some(list) => {
            // An empty entry is a slip of whoever joined the list, and not the working directory.
            let given = std::env::split_paths(list).filter(|path| !path.as_os_str().is_empty());
            directories.extend(given.map(|path| environment.resolve(path)));
        }
        None => directories.extend(store::data_directory(&app.name).map(|data| data.join(PLUGINS))),
    }
    let cache = environment.variable(&app.variable_name("CACHE")).map(|path| environment.resolve(path));
    let discovery = Discovery::new(directories);
    Some(Arc::new(match cache.or_else(|| store::cache_directory(&app.name)) {
        Some(cache) => discovery.cached_in(cache),
        None => discovery,
    }))
}
