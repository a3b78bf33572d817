//! `-f`: files, directories and standard input, read one document at a time.
//!
//! Documents are YAML or JSON; a list stands for its items. Errors have kubectl's words; where a text is malformed, a note
//! with file, line and column follows them.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use kube_core::GroupVersionKind;
use serde_json::Value;

use super::context::Context;
use super::error::{Error, quoted};
use super::resources::{Each, Info};
use crate::Object;
use crate::api::{ResourceDefinition, gotext};
use crate::manifest;
use crate::scheme::Wanted;

/// Extensions that count when a directory is read.
const EXTENSIONS: [&str; 3] = ["json", "yaml", "yml"];

/// Flags that name files.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct FileFlags {
    /// Files, directories or - (standard input) that hold the objects.
    #[arg(short = 'f', long = "filename", value_name = "FILE", value_delimiter = ',')]
    pub filenames: Vec<String>,
    /// Read directories with those below them.
    #[arg(short = 'R', long)]
    pub recursive: bool,
    /// Directory of a kustomization.
    #[arg(short = 'k', long, value_name = "DIR", hide = true)]
    pub kustomize: Option<String>,
}

impl FileFlags {
    /// Whether none was given.
    pub(crate) fn is_empty(&self) -> bool {
        self.filenames.is_empty() && self.kustomize.is_none()
    }

    /// Refuses a command line that names no file.
    ///
    /// # Errors
    /// When none was given.
    pub(crate) fn require(&self) -> Result<(), Error> {
        if self.is_empty() {
            return Err(Error::message("must specify one of -f and -k"));
        }
        Ok(())
    }
}

/// What is asked of a document before it is taken for an object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Checks {
    /// That it can be decoded.
    #[default]
    None,
    /// Also that it says its version and kind, in the words of kubectl's validation.
    Identity,
}

/// A file, or standard input.
#[derive(Clone, Debug)]
pub(crate) struct FileSource {
    /// What messages call it.
    pub name: String,
    /// `None` is standard input.
    path: Option<PathBuf>,
}

/// Finds the files that flags name. Answers whether they name one single file.
pub(crate) fn expand(
    flags: &FileFlags,
    context: &Context<'_>,
    errors: &mut Vec<Error>,
) -> (Vec<FileSource>, bool) {
    let mut files = Vec::new();
    let mut single = false;
    if flags.kustomize.is_some() {
        errors.push(Error::message("kustomizations (-k) are not supported; name files with -f"));
    }
    for name in &flags.filenames {
        if name == "-" {
            files.push(FileSource { name: "STDIN".to_owned(), path: None });
        } else if name.starts_with("http://") || name.starts_with("https://") {
            errors.push(Error::message(format!(
                "URLs are not supported: {}; download the file first",
                quoted(name)
            )));
        } else {
            single |= !flags.recursive;
            if let Err(error) = expand_path(name, flags.recursive, context, &mut files, errors.is_empty()) {
                errors.push(error);
            }
        }
    }
    (files, single)
}

fn expand_path(
    name: &str,
    recursive: bool,
    context: &Context<'_>,
    files: &mut Vec<FileSource>,
    must_find: bool,
) -> Result<(), Error> {
    let path = context.environment().resolve(name);
    let metadata = fs::metadata(&path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Error::message(format!("the path {} does not exist", quoted(name))),
        _ => {
            let reason = reason(&error);
            Error::message(format!("the path {} cannot be accessed: stat {name}: {reason}", quoted(name)))
        }
    })?;
    if !metadata.is_dir() {
        files.push(FileSource { name: name.to_owned(), path: Some(path) });
        return Ok(());
    }
    let shown = name.trim_end_matches('/').trim_start_matches("./");
    walk(&path, Path::new(if shown.is_empty() { name } else { shown }), recursive, files).map_err(
        |(place, error)| {
            Error::message(format!("error reading {}: open {place}: {}", quoted(name), reason(&error)))
        },
    )?;
    if files.is_empty() && must_find {
        return Err(Error::message(format!(
            "error reading [{name}]: recognized file extensions are [.json .yaml .yml]"
        )));
    }
    Ok(())
}

/// Collects the files of a directory by name, with those of the directories below it in between. The depth is bounded by
/// the longest path that the file system knows; symbolic links to directories are not followed.
fn walk(
    directory: &Path,
    shown: &Path,
    recursive: bool,
    files: &mut Vec<FileSource>,
) -> Result<(), (String, io::Error)> {
    let failed = |error| (shown.display().to_string(), error);
    let mut entries: Vec<_> =
        fs::read_dir(directory).map_err(failed)?.collect::<Result<_, _>>().map_err(failed)?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, shown) = (entry.path(), shown.join(entry.file_name()));
        let is_directory = entry.file_type().map_err(failed)?.is_dir();
        let counts = path.extension().and_then(|e| e.to_str()).is_some_and(|e| EXTENSIONS.contains(&e));
        if is_directory && recursive {
            walk(&path, &shown, recursive, files)?;
        } else if !is_directory && counts {
            files.push(FileSource { name: shown.display().to_string(), path: Some(path) });
        }
    }
    Ok(())
}

impl FileSource {
    /// Calls `each` with every object of the file, or with why it is none.
    ///
    /// # Errors
    /// When the file cannot be read (on), and the first one of `each`.
    pub(crate) fn read<'c>(
        &self,
        checks: Checks,
        context: &mut Context<'c>,
        each: &mut Each<'_, 'c, Result<Info, Error>>,
    ) -> Result<(), Error> {
        let text = self.text(context)?;
        for document in manifest::decode(&self.name, &text) {
            let document = document.map_err(|error| self.malformed(&error, &text, context))?;
            if checks == Checks::Identity {
                check_identity(&document.value).map_err(|wrong| {
                    Error::message(format!(
                        "error validating {}: error validating data: {wrong}; if you choose to ignore these errors, turn \
                         validation off with --validate=false",
                        quoted(&self.name)
                    ))
                })?;
            }
            for object in self.objects(document.value) {
                let info = object.and_then(|object| self.info(object, context));
                each(context, info)?;
            }
        }
        Ok(())
    }

    fn text(&self, context: &mut Context<'_>) -> Result<Vec<u8>, Error> {
        let mut text = Vec::new();
        // One byte more than is allowed, so that the decoder says which limit was hit.
        let most = manifest::Limits::default().source_bytes as u64 + 1;
        let read = match &self.path {
            None => context
                .streams()
                .stdin
                .by_ref()
                .take(most)
                .read_to_end(&mut text)
                .map_err(|error| ("read", error)),
            Some(path) => fs::File::open(path)
                .map_err(|error| ("open", error))
                .and_then(|file| file.take(most).read_to_end(&mut text).map_err(|error| ("read", error))),
        };
        read.map_err(|(doing, error)| Error::message(format!("{doing} {}: {}", self.name, reason(&error))))?;
        Ok(text)
    }

    fn malformed(&self, error: &manifest::Error, text: &[u8], context: &mut Context<'_>) -> Error {
        let mut note = error.to_string();
        let position = error.location().position;
        let line = text.split(|byte| *byte == b'\n').nth((position.line as usize).saturating_sub(1));
        if let Some(line) = line.map(String::from_utf8_lossy).filter(|line| line.len() <= 200) {
            let before = line.chars().take((position.column as usize).saturating_sub(1));
            let indent: String = before.map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
            note.push_str(&format!("\n    {}\n    {indent}^", line.trim_end()));
        }
        if let Some(hint) = error.hint() {
            note.push_str(&format!("\nhint: {hint}"));
        }
        context.note(note);
        Error::message(format!("error parsing {}: {}", self.name, error.kubectl_message()))
    }

    /// The objects of a document: itself, or the items of a list.
    fn objects(&self, value: Value) -> Vec<Result<Object, Error>> {
        let object = match Object::try_from(value) {
            Ok(object) => object,
            Err(other) => {
                let found = gotext::json_type(&other);
                return vec![Err(self.undecodable(&format!(
                    "json: cannot unmarshal {found} into Go value of type unstructured.detector"
                )))];
            }
        };
        if object.kind().trim().is_empty() {
            let text = manifest::to_json_compact(&object.into_value());
            return vec![Err(self.undecodable(&format!("Object 'Kind' is missing in '{text}'")))];
        }
        if !object.0.get("items").is_some_and(Value::is_array) {
            return vec![Ok(object)];
        }
        let mut list = object;
        let Some(Value::Array(items)) = list.0.remove("items") else { return Vec::new() };
        items.into_iter().flat_map(|item| self.objects(with_type_of(item, &list))).collect()
    }

    fn undecodable(&self, why: &str) -> Error {
        Error::message(format!("unable to decode {}: {why}", quoted(&self.name)))
    }

    fn info(&self, object: Object, context: &mut Context<'_>) -> Result<Info, Error> {
        let gvk = object.gvk();
        let Some(definition) = served(&gvk, context)? else {
            hint_at_kind(&gvk, context)?;
            return Err(Error::message(format!(
                "resource mapping not found for name: {} namespace: {} from {}: no matches for kind {} in version {}\n\
                 ensure CRDs are installed first",
                quoted(object.name()),
                quoted(object.namespace().unwrap_or_default()),
                quoted(&self.name),
                quoted(&gvk.kind),
                quoted(object.api_version()),
            )));
        };
        Ok(Info {
            definition,
            namespace: object.namespace().map(str::to_owned),
            name: object.name().to_owned(),
            object,
            source: self.name.clone(),
        })
    }
}

/// Gives an item of a typed list the list's type, if it has none of its own.
fn with_type_of(mut item: Value, list: &Object) -> Value {
    if let (Some(kind), Value::Object(map)) =
        (list.kind().strip_suffix("List").filter(|kind| !kind.is_empty()), &mut item)
        && !map.contains_key("kind")
    {
        map.insert("kind".into(), kind.into());
        map.entry("apiVersion").or_insert_with(|| list.api_version().into());
    }
    item
}

fn served(
    gvk: &GroupVersionKind,
    context: &mut Context<'_>,
) -> Result<Option<Arc<ResourceDefinition>>, Error> {
    if let Some(known) = context.app().scheme().by_gvk(gvk).filter(|definition| definition.served) {
        return Ok(Some(known));
    }
    Ok(context.served_kind(gvk)?.filter(|definition| definition.served))
}

/// Notes the kind that was probably meant.
fn hint_at_kind(gvk: &GroupVersionKind, context: &mut Context<'_>) -> Result<(), Error> {
    if !context.hints() {
        return Ok(());
    }
    context.hint_at_plugins(&Wanted::Kind { group: &gvk.group, kind: &gvk.kind });
    let served = context.served_kinds()?;
    let kinds = served.definitions();
    let kinds = kinds.iter().filter(|definition| definition.served);
    let elsewhere = kinds.clone().find(|definition| definition.kind == gvk.kind);
    if let Some(definition) = elsewhere {
        context.hint(&format!("{} is served in version {}", gvk.kind, quoted(&definition.api_version())));
        return Ok(());
    }
    let near = kinds
        .filter(|definition| definition.group == gvk.group)
        .map(|definition| (strsim::damerau_levenshtein(&definition.kind, &gvk.kind), &definition.kind))
        .filter(|(distance, kind)| *distance <= kind.len().div_ceil(3))
        .min();
    if let Some((_, kind)) = near {
        context.hint(&format!("did you mean {}?", quoted(kind)));
    }
    Ok(())
}

/// What kubectl's client-side validation asks of a document: that it says what it is.
///
/// # Errors
/// What it does not say.
pub(crate) fn check_identity(value: &Value) -> Result<(), String> {
    let mut wrong = Vec::new();
    match value.as_object() {
        None => wrong.push("invalid object to validate".to_owned()),
        Some(map) => {
            for field in ["apiVersion", "kind"] {
                match map.get(field) {
                    None | Some(Value::Null) => wrong.push(format!("{field} not set")),
                    Some(Value::String(_)) => {}
                    Some(_) => wrong.push(format!("{field} isn't string type")),
                }
            }
        }
    }
    match wrong.as_slice() {
        [] => Ok(()),
        [only] => Err(only.clone()),
        several => Err(format!("[{}]", several.join(", "))),
    }
}

/// The objects in a text.
///
/// # Errors
/// The first thing that is wrong with it.
pub(crate) fn objects_of(name: &str, text: &[u8]) -> Result<Vec<Object>, Error> {
    let source = FileSource { name: name.to_owned(), path: None };
    let mut objects = Vec::new();
    for document in manifest::decode(name, text) {
        let document = document
            .map_err(|error| Error::message(format!("error parsing {name}: {}", error.kubectl_message())))?;
        for object in source.objects(document.value) {
            objects.push(object?);
        }
    }
    Ok(objects)
}

/// What the system said, in Go's lower-case words and without the number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}
