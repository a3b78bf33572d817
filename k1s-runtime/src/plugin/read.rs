//! Reading the text of a manifest: all of it, or what it says but for schemas, which are most of it.

use std::fs::File;
use std::io::Read;
use std::sync::Arc;
use std::time::SystemTime;

use serde_json::Value;

use crate::api::definition::SchemaSource;
use crate::schema::type_manifest::{MAX_BYTES, TypeManifest, TypeManifestError};

use super::error::{Error, Result};
use super::known::{Content, Manifest, Plugin};
use super::stamp::Stamp;

/// How much is told of what is wrong with one manifest.
const MAX_TOLD: usize = 20;

/// How long each of it may be, in characters.
const MAX_LINE: usize = 500;

/// Reads which kinds a manifest has.
///
/// # Errors
/// When the file cannot be read; a manifest that is wrong is none.
pub(super) fn names(path: &str) -> Result<Manifest> {
    let (stamp, text) = file(path)?;
    // What is wrong in an outline may be the outlining's fault, and has other places.
    let outlined = outline(&text).and_then(|outline| TypeManifest::parse_unchecked(path, &outline).ok());
    let read = outlined.map_or_else(|| TypeManifest::parse_unchecked(path, &text), Ok);
    Ok(made(path, stamp, read, false))
}

/// Reads a manifest, and looks at what can be wrong with its kinds.
///
/// # Errors
/// When the file cannot be read; a manifest that is wrong is none.
pub(super) fn checked(path: &str) -> Result<Manifest> {
    let (stamp, text) = file(path)?;
    Ok(made(path, stamp, TypeManifest::parse(path, &text), true))
}

fn made(path: &str, stamp: Stamp, read: Result<TypeManifest, TypeManifestError>, checked: bool) -> Manifest {
    let content = match read {
        Ok(manifest) => Content::Whole(Plugin::of(manifest, checked)),
        Err(error) => Content::Broken(told(path, &error)),
    };
    Manifest { path: path.to_owned(), stamp, content }
}

/// The schema of one version of a kind, from the text.
///
/// # Errors
/// When the manifest cannot be read any more, or does not have it.
pub(super) fn schema(path: &str, api_version: &str, kind: &str) -> Result<Arc<Value>, String> {
    let (_, text) = file(path).map_err(|error| error.to_string())?;
    let manifest = TypeManifest::parse(path, &text).map_err(|error| error.to_string())?;
    let found = manifest.types.into_iter().find(|it| it.kind == kind && it.api_version() == api_version);
    match found.map(|definition| definition.schema) {
        Some(SchemaSource::OpenApi(schema)) => Ok(schema),
        _ => Err(format!("{path} no longer has a schema of {kind} in {api_version}")),
    }
}

/// The stamp of a file and its text. The stamp is taken first, so that what is written meanwhile is noticed the next time.
fn file(path: &str) -> Result<(Stamp, Vec<u8>)> {
    let failed = |error| Error::file(path, &error);
    // Opening what is no file may wait for somebody to write.
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(failed(std::io::Error::other("it is no file")));
    }
    let now = SystemTime::now();
    let mut file = File::open(path).map_err(failed)?;
    let stamp = Stamp::of(&file.metadata().map_err(failed)?).as_read_at(now);
    let mut text = Vec::with_capacity(usize::try_from(stamp.size.min(MAX_BYTES)).unwrap_or_default() + 1);
    // One byte more than may be, so that the decoder says what is too much.
    (&mut file).take(MAX_BYTES + 1).read_to_end(&mut text).map_err(failed)?;
    Ok((stamp, text))
}

/// What is wrong with the manifest at a path, in so many lines as anybody reads.
fn told(path: &str, error: &TypeManifestError) -> String {
    let mut text = error.to_string();
    if !text.starts_with(path) {
        text = format!("{path}: {text}");
    }
    let count = text.lines().count();
    let mut lines: Vec<String> = text.lines().take(MAX_TOLD).map(shortened).collect();
    if count > MAX_TOLD {
        lines.push(format!("and {} more", count - MAX_TOLD));
    }
    lines.join("\n")
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(MAX_LINE) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// The text with `{}` in the place of its schemas; `None` if there is none in the form that is looked for.
///
/// A line that says `openAPIV3Schema:` and no more is a key in a block of YAML, whose value is all that follows indented deeper. In a
/// text or a comment it may be something else: names come out right then, too, unless the text is made to deceive, and a kind that is
/// used is read from the whole text.
fn outline(text: &[u8]) -> Option<Vec<u8>> {
    const KEY: &[u8] = b"openAPIV3Schema:";
    let mut out = Vec::with_capacity(text.len() / 2);
    let mut found = false;
    let mut skipped_below = None;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let content = line.trim_ascii();
        if let Some(key) = skipped_below {
            if indent > key || content.is_empty() || content.starts_with(b"#") {
                continue;
            }
            skipped_below = None;
        }
        if content == KEY {
            found = true;
            skipped_below = Some(indent);
            out.extend(std::iter::repeat_n(b' ', indent));
            out.extend_from_slice(KEY);
            out.extend_from_slice(b" {}\n");
        } else {
            out.extend_from_slice(line);
        }
    }
    found.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_has_all_but_schemas() {
        let text = "a:\n  openAPIV3Schema:\n    type: object\n\n# aside\n    x: |\n      y\n  b: 1\n- openAPIV3Schema: {}\n";
        let outline = outline(text.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap());
        assert_eq!(outline.as_deref(), Some("a:\n  openAPIV3Schema: {}\n  b: 1\n- openAPIV3Schema: {}\n"));
        assert_eq!(super::outline(b"a: {openAPIV3Schema: {}}\n"), None);
        // Windows' line ends, and no line end at the end.
        let outline = super::outline(b"  openAPIV3Schema:\r\n    type: object\r\n  b: 1").unwrap();
        assert_eq!(outline, b"  openAPIV3Schema: {}\n  b: 1");
    }

    #[test]
    fn what_is_told_has_an_end() {
        let types: String = (0..50).map(|_| "  - {x: 1}\n").collect();
        let text = format!(
            "apiVersion: k1s.io/v1alpha1\nkind: PluginTypeManifest\nmetadata: {{name: a}}\nspec:\n  types:\n{types}"
        );
        let error = TypeManifest::parse("types.yaml", text.as_bytes()).unwrap_err();
        let told = told("types.yaml", &error);
        assert_eq!(told.lines().count(), MAX_TOLD + 1);
        assert!(told.ends_with("and 80 more"), "{told}");
        assert_eq!(shortened(&"é".repeat(MAX_LINE + 1)).chars().count(), MAX_LINE + 1);
    }
}
