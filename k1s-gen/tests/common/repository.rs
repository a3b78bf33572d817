//! A git repository that lasts as long as a test.
#![allow(dead_code, reason = "each test uses its part")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A working tree with its repository.
pub(crate) struct Repository {
    directory: Option<TempDir>,
    top: PathBuf,
}

impl Repository {
    /// An empty one, on branch `main`.
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let top = directory.path().canonicalize().unwrap();
        let repository = Self { directory: Some(directory), top };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    /// One in a directory that stays, made anew.
    pub(crate) fn at(directory: &Path) -> Self {
        let top = directory.canonicalize().unwrap();
        let _ = fs::remove_dir_all(top.join(".git"));
        let repository = Self { directory: None, top };
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    pub(crate) fn path(&self) -> &Path {
        &self.top
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.top.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--message", message]);
    }

    /// Runs git without the machine's configuration; it must succeed.
    pub(crate) fn git(&self, arguments: &[&str]) {
        let mut command = Command::new("git");
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_COMMON_DIR"] {
            command.env_remove(variable);
        }
        let output = command
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(&self.top)
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
