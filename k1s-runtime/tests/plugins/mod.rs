//! What the tests of plugins share: directories with manifests, and schemes over them.

#![allow(dead_code, reason = "each test crate uses its part")]

use std::fs::{self, File, FileTimes};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use k1s_runtime::api::GroupVersionKind;
use k1s_runtime::plugin::Discovery;
use k1s_runtime::scheme::Scheme;

/// Plugin directories and a cache.
pub(crate) struct Place {
    pub(crate) root: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root.path().join(path)
    }

    pub(crate) fn cache(&self) -> PathBuf {
        self.path("cache/plugin-kinds")
    }

    /// Writes a file that has been left alone for an hour.
    pub(crate) fn file(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        set_age(&path, 3_600);
    }

    pub(crate) fn discovery(&self) -> Arc<Discovery> {
        Arc::new(Discovery::new([self.path("plugins")]).cached_in(self.path("cache")))
    }

    /// A scheme over the plugins, and the plugins.
    pub(crate) fn open(&self) -> (Scheme, Arc<Discovery>) {
        let plugins = self.discovery();
        (Scheme::new().with_source(plugins.clone()), plugins)
    }
}

pub(crate) fn set_age(path: &Path, seconds: u64) {
    let file = File::options().write(true).open(path).unwrap();
    let time = SystemTime::now() - Duration::from_secs(seconds);
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}

pub(crate) fn manifest(plugin: &str, types: &[(&str, &str, &str)]) -> String {
    let types = types.iter().map(|(group, kind, plural)| {
        format!(
            "  - group: {group}\n    version: v1\n    kind: {kind}\n    plural: {plural}\n    schema:\n      openAPIV3Schema:\n        \
             type: object\n        properties:\n          spec: {{type: object, properties: {{size: {{type: integer}}}}}}\n"
        )
    });
    let types: String = types.collect();
    format!(
        "apiVersion: k1s.io/v1alpha1\nkind: PluginTypeManifest\nmetadata: {{name: {plugin}}}\nspec:\n  types:\n{types}"
    )
}

pub(crate) fn shop(kind: &str, plural: &str) -> String {
    manifest("shop", &[("shop.example.com", kind, plural)])
}

pub(crate) fn gvk(kind: &str) -> GroupVersionKind {
    GroupVersionKind::gvk("shop.example.com", "v1", kind)
}

pub(crate) fn told(plugins: &Discovery) -> Vec<String> {
    plugins.problems().iter().map(ToString::to_string).collect()
}
