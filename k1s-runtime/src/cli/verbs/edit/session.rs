//! The loop between the editor and the store.

use std::fs;
use std::path::{Path, PathBuf};

use super::Mode;
use super::buffer::{self, Format, Reason};
use super::editor::{self, Edited};
use super::save::Saver;
use crate::Object;
use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::files;
use crate::cli::resources::Info;

/// Edits the objects until there is nothing more to do.
///
/// # Errors
/// When the user gives up on a text that was refused, or nothing can be done about an error. The text is kept in a file
/// then.
pub(super) fn run(
    infos: Vec<Info>,
    mode: Mode,
    format: Format,
    saver: Saver,
    context: &mut Context<'_>,
) -> Result<(), Error> {
    let mut session = Session { infos, mode, format, saver, refused: None, reasons: Vec::new() };
    let mut file = None;
    let result = session.repeat(&mut file, context);
    if let (Err(error), Some(path)) = (&result, &file)
        && path.exists()
        && !matches!(error, Error::Exit(_))
    {
        let shown = quoted(&path.to_string_lossy());
        writeln!(context.err()?, "A copy of your changes has been stored to {shown}")?;
    }
    result
}

struct Session {
    infos: Vec<Info>,
    mode: Mode,
    format: Format,
    saver: Saver,
    /// The text that was not accepted.
    refused: Option<String>,
    /// Why not.
    reasons: Vec<Reason>,
}

/// Whether to go round again.
enum Next {
    Done,
    Again,
}

impl Session {
    /// Goes round until done; `file` is where the text is kept.
    fn repeat(&mut self, file: &mut Option<PathBuf>, context: &mut Context<'_>) -> Result<(), Error> {
        loop {
            let original = self.text();
            let edited = editor::edit(&original, self.format.extension(), context);
            let edited = edited.map_err(|(error, path)| {
                // The file of a failed editor holds nothing that was not there before.
                path.into_iter().for_each(|path| remove(&path));
                error
            })?;
            let unchanged_since_refused = self
                .refused
                .as_deref()
                .is_some_and(|text| buffer::meaning(text) == buffer::meaning(&edited.text));
            if let Some(previous) = file.replace(edited.path.clone()) {
                remove(&previous);
            }
            if unchanged_since_refused {
                return Err(Error::message("Edit cancelled, no valid changes were saved."));
            }
            if let Next::Done = self.consider(&original, &edited, context)? {
                return Ok(());
            }
        }
    }

    /// The text for the editor: the objects, or again what was refused.
    fn text(&self) -> String {
        let header = self.format.header(self.mode, &self.reasons);
        match &self.refused {
            Some(text) => header + &buffer::without_comments(text),
            None => {
                let objects: Vec<&Object> = self.infos.iter().map(|info| &info.object).collect();
                header + &self.format.show(&objects)
            }
        }
    }

    fn consider(
        &mut self,
        original: &str,
        edited: &Edited,
        context: &mut Context<'_>,
    ) -> Result<Next, Error> {
        if let Err(wrong) = self.saver.check(&edited.text) {
            self.refuse_all(&wrong, edited, context)?;
            return Ok(Next::Again);
        }
        let first = self.refused.is_none();
        if first && buffer::meaning(original) == buffer::meaning(&edited.text) {
            remove(&edited.path);
            writeln!(context.err()?, "Edit cancelled, no changes made.")?;
            return Ok(Next::Done);
        }
        if buffer::is_blank(&edited.text) {
            remove(&edited.path);
            writeln!(context.err()?, "Edit cancelled, saved file was empty.")?;
            return Ok(Next::Done);
        }
        self.refused = None;
        self.reasons.clear();
        let objects = match files::objects_of("edited-file", edited.text.as_bytes()) {
            Ok(objects) => objects,
            Err(error) => {
                let head = format!("The edited file had a syntax error: {error}");
                self.reasons.push(Reason { head, causes: Vec::new() });
                self.refused = Some(edited.text.clone());
                return Ok(Next::Again);
            }
        };
        let refusals = self.saver.save(&self.infos, objects, self.mode, context)?;
        self.after_saving(refusals, edited, context)
    }

    fn after_saving(
        &mut self,
        refusals: super::save::Refusals,
        edited: &Edited,
        context: &mut Context<'_>,
    ) -> Result<Next, Error> {
        let shown = quoted(&edited.path.to_string_lossy());
        if refusals.retryable {
            let (program, path) = (context.name(), edited.path.display());
            writeln!(context.err()?, "You can run `{program} replace -f {path}` to try this update again.")?;
            return Err(Error::Exit(1));
        }
        if refusals.not_found {
            writeln!(context.err()?, "The edits you made on deleted resources have been saved to {shown}")?;
            return Err(Error::Exit(1));
        }
        if refusals.invalid.is_empty() {
            remove(&edited.path);
            return Ok(Next::Done);
        }
        self.reasons = refusals.invalid;
        self.refused = Some(edited.text.clone());
        Ok(Next::Again)
    }

    /// The text is no object at all, so that all of them are refused.
    fn refuse_all(&mut self, wrong: &str, edited: &Edited, context: &mut Context<'_>) -> Result<(), Error> {
        let Some(info) = self.infos.first() else { return Ok(()) };
        let resource = info.definition.qualified_resource();
        let name = quoted(&info.name);
        writeln!(context.err()?, "error: {resource} {name} is invalid")?;
        let cause = format!("<nil>: Invalid value: \"The edited file failed validation\": {wrong}");
        self.reasons = vec![Reason { head: format!("{resource} {name} was not valid"), causes: vec![cause] }];
        self.refused = Some(edited.text.clone());
        Ok(())
    }
}

/// A file that cannot be removed is only untidy.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}
