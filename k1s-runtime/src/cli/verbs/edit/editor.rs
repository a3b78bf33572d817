//! Runs the user's editor on a temporary file.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::cli::context::Context;
use crate::cli::environment::Environment;
use crate::cli::error::{Error, quoted};

/// Variables that name the editor, the first one first.
const VARIABLES: [&str; 2] = ["KUBE_EDITOR", "EDITOR"];

#[cfg(windows)]
const DEFAULT: &str = "notepad";
#[cfg(not(windows))]
const DEFAULT: &str = "vi";

/// A text that the user has edited, and the file that it is in.
pub(super) struct Edited {
    /// The text.
    pub text: String,
    /// The file; it stays until somebody removes it.
    pub path: PathBuf,
}

/// Lets the user edit a text.
///
/// # Errors
/// When the file cannot be written or read, or the editor does not end well; the file's path comes with the error.
pub(super) fn edit(
    text: &str,
    extension: &str,
    context: &mut Context<'_>,
) -> Result<Edited, (Error, Option<PathBuf>)> {
    let path = write_file(text, extension, context.name())
        .map_err(|error| (Error::message(format!("cannot write a temporary file: {error}")), None))?;
    launch(&path, context).map_err(|error| (error, Some(path.clone())))?;
    match fs::read(&path) {
        Ok(bytes) => Ok(Edited { text: String::from_utf8_lossy(&bytes).into_owned(), path }),
        Err(error) => {
            let error = Error::message(format!("cannot read {}: {error}", path.display()));
            Err((error, Some(path)))
        }
    }
}

/// A new file that only the user can read, called as kubectl calls it.
fn write_file(text: &str, extension: &str, program: &str) -> io::Result<PathBuf> {
    const TRIES: usize = 100;
    let mut last = None;
    for _ in 0..TRIES {
        let number = uuid::Uuid::new_v4().as_u128() as u32;
        let made = tempfile::Builder::new()
            .prefix(&format!("{program}-edit-{number}"))
            .rand_bytes(0)
            .suffix(extension)
            .tempfile();
        match made {
            Ok(mut file) => {
                file.write_all(text.as_bytes())?;
                let (_, path) = file.keep().map_err(|error| error.error)?;
                return Ok(path);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => last = Some(error),
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AlreadyExists.into()))
}

fn launch(path: &Path, context: &mut Context<'_>) -> Result<(), Error> {
    // What was said so far comes before what the editor shows.
    context.err()?.flush()?;
    let environment = context.environment();
    let words = command(environment);
    let shown = quoted(&words.join(" "));
    let mut arguments = words.clone();
    if needs_shell(environment) {
        if let Some(last) = arguments.last_mut() {
            *last = format!("{last} {}", quoted(&path.to_string_lossy()));
        }
    } else {
        arguments.push(path.to_string_lossy().into_owned());
    }
    let Some((program, arguments)) = arguments.split_first() else {
        return Err(Error::message("no editor is named"));
    };
    let mut command = Command::new(program);
    command.args(arguments);
    if environment.directory().is_dir() {
        command.current_dir(environment.directory());
    }
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !program.contains('/') => {
            Err(Error::message(format!("unable to launch the editor {shown}")))
        }
        _ => Err(Error::message(format!("there was a problem with the editor {shown}"))),
    }
}

fn named(environment: &Environment) -> &str {
    VARIABLES.iter().find_map(|name| environment.variable(name)).unwrap_or(DEFAULT)
}

/// Quotes and backslashes are for a shell to understand.
fn needs_shell(environment: &Environment) -> bool {
    let editor = named(environment);
    editor.contains(' ') && editor.contains(['"', '\'', '\\'])
}

fn command(environment: &Environment) -> Vec<String> {
    let editor = named(environment);
    if needs_shell(environment) {
        let shell = environment.variable("SHELL").unwrap_or("/bin/bash");
        return vec![shell.to_owned(), "-c".to_owned(), editor.to_owned()];
    }
    editor.split(' ').map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_editor_is_a_command_line() {
        let environment = Environment::new("/");
        assert_eq!(command(&environment), [DEFAULT]);
        let environment = environment.with("EDITOR", "code --wait");
        assert_eq!(command(&environment), ["code", "--wait"]);
        let environment = environment.with("KUBE_EDITOR", "sed -i 's/a/b/'").with("SHELL", "/bin/sh");
        assert_eq!(command(&environment), ["/bin/sh", "-c", "sed -i 's/a/b/'"]);
    }
}
