//! What to validate: files, directories and the standard input, found one after another and cut into pieces of work.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use k1s_runtime::manifest::{Limits, Options, Part, Parts, PartsError};
use regex::RegexSet;
use walkdir::WalkDir;

/// Name of the standard input.
pub const STDIN: &str = "stdin";

/// Extensions of the files that count in a directory.
pub(super) const EXTENSIONS: [&str; 3] = ["json", "yaml", "yml"];

/// Files up to this size, in bytes, are read by the thread that validates them; larger ones are cut into documents first, so that
/// several threads can work on one.
const SMALL: u64 = 128 << 10;

/// How many small files make a piece of work.
const FILES: usize = 16;

/// How much text makes a piece of work, in bytes.
const TEXT: usize = 64 << 10;

/// What cuts and reads: the manifest decoder's limits.
pub(super) fn options(positions: bool) -> Options {
    Options { positions, limits: Limits::default() }
}

/// A piece of work.
#[derive(Debug)]
pub(super) enum Job {
    /// Files to be read.
    Files(Vec<PathBuf>),
    /// Documents of a YAML stream; `first` says that nothing of the stream came before.
    Parts { source: Arc<str>, parts: Vec<Part>, first: bool },
    /// A stream of JSON values.
    Json(Arc<str>, Vec<u8>),
    /// What cannot be read, and why; `first` likewise.
    Broken { source: Arc<str>, fault: Fault, first: bool },
}

/// Why a source, or what is left of it, cannot be read.
#[derive(Debug)]
pub(super) enum Fault {
    /// The system's words.
    Io(io::Error),
    /// Of the cutter.
    Parts(PartsError),
    /// Another fault, in words.
    Other(String),
}

/// Which files are passed over.
#[derive(Clone, Debug, Default)]
pub struct Ignored(RegexSet);

impl Ignored {
    /// Files whose path one of the patterns matches, in the syntax of the crate `regex`.
    ///
    /// # Errors
    /// When a pattern is no regular expression.
    pub fn new(patterns: &[String]) -> Result<Self, regex::Error> {
        Ok(Self(RegexSet::new(patterns)?))
    }

    fn has(&self, path: &Path) -> bool {
        !self.0.is_empty() && self.0.is_match(&path.to_string_lossy())
    }
}

/// Finds what paths name, in order, and hands it on; `-` is the standard input.
pub(super) fn produce(
    paths: &[PathBuf],
    ignored: &Ignored,
    stdin: &mut (dyn Read + Send),
    give: &mut dyn FnMut(Job) -> ControlFlow<()>,
) {
    let mut producer = Producer { ignored, named: Named::of(paths), files: Vec::new(), give };
    for path in paths {
        let done = if path == Path::new("-") {
            producer.stream(&Arc::from(STDIN), BufReader::new(&mut *stdin))
        } else {
            producer.path(path)
        };
        if done.is_break() {
            return;
        }
    }
    let _ = producer.flush();
}

/// Files that were named beside others: a file is read once, however often it is named.
#[derive(Default)]
struct Named {
    /// Whether it needs to be looked at: one path names nothing twice.
    several: bool,
    seen: HashSet<PathBuf>,
}

impl Named {
    fn of(paths: &[PathBuf]) -> Self {
        Self { several: paths.len() > 1, seen: HashSet::new() }
    }

    /// Whether a file has come before. What has no path of its own has not.
    fn again(&mut self, path: &Path, metadata: &fs::Metadata) -> bool {
        self.several && metadata.is_file() && fs::canonicalize(path).is_ok_and(|path| !self.seen.insert(path))
    }
}

struct Producer<'g> {
    ignored: &'g Ignored,
    named: Named,
    /// Small files that wait to become a piece of work.
    files: Vec<PathBuf>,
    give: &'g mut dyn FnMut(Job) -> ControlFlow<()>,
}

impl Producer<'_> {
    fn flush(&mut self) -> ControlFlow<()> {
        if self.files.is_empty() {
            return ControlFlow::Continue(());
        }
        (self.give)(Job::Files(std::mem::take(&mut self.files)))
    }

    /// Hands a piece on after what was found before it.
    fn give(&mut self, job: Job) -> ControlFlow<()> {
        self.flush()?;
        (self.give)(job)
    }

    fn broken(&mut self, path: &Path, fault: Fault) -> ControlFlow<()> {
        self.give(Job::Broken { source: name(path), fault, first: true })
    }

    /// What was named: whatever is no directory is read, ignored or not by its extension.
    fn path(&mut self, path: &Path) -> ControlFlow<()> {
        match fs::metadata(path) {
            Err(error) => self.broken(path, Fault::Io(error)),
            Ok(metadata) if metadata.is_dir() => self.directory(path),
            Ok(_) if self.ignored.has(path) => ControlFlow::Continue(()),
            Ok(metadata) => self.file(path.to_owned(), &metadata),
        }
    }

    fn directory(&mut self, path: &Path) -> ControlFlow<()> {
        for entry in WalkDir::new(path).sort_by_file_name() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    let path = error.path().unwrap_or(path).to_owned();
                    let words = error.to_string();
                    let fault = error.into_io_error().map_or(Fault::Other(words), Fault::Io);
                    self.broken(&path, fault)?;
                    continue;
                }
            };
            let path = entry.path();
            let extension = path.extension().and_then(|extension| extension.to_str());
            if !extension.is_some_and(|extension| EXTENSIONS.contains(&extension)) || self.ignored.has(path) {
                continue;
            }
            // Links to files are followed, and those to directories are not: they may lead in a circle.
            match fs::metadata(path) {
                Err(error) => self.broken(path, Fault::Io(error))?,
                Ok(metadata) if metadata.is_file() => self.file(path.to_owned(), &metadata)?,
                Ok(_) => {}
            }
        }
        ControlFlow::Continue(())
    }

    fn file(&mut self, path: PathBuf, metadata: &fs::Metadata) -> ControlFlow<()> {
        if self.named.again(&path, metadata) {
            return ControlFlow::Continue(());
        }
        if metadata.is_file() && metadata.len() <= SMALL {
            self.files.push(path);
            return if self.files.len() < FILES { ControlFlow::Continue(()) } else { self.flush() };
        }
        match File::open(&path) {
            Ok(file) => self.stream(&name(&path), BufReader::with_capacity(TEXT, file)),
            Err(error) => self.broken(&path, Fault::Io(error)),
        }
    }

    fn stream(&mut self, source: &Arc<str>, mut reader: impl BufRead) -> ControlFlow<()> {
        let read = match is_json(&mut reader) {
            Ok(false) => return self.cut(source, reader),
            Ok(true) => read_all(reader),
            Err(error) => Err(error),
        };
        self.give(match read {
            Ok(text) => Job::Json(source.clone(), text),
            Err(error) => Job::Broken { source: source.clone(), fault: Fault::Io(error), first: true },
        })
    }

    /// Hands a YAML stream on in pieces.
    fn cut(&mut self, source: &Arc<str>, reader: impl BufRead) -> ControlFlow<()> {
        let (mut parts, mut bytes, mut first) = (Vec::new(), 0, true);
        for part in Parts::new(source, reader, options(false)) {
            let fault = match part {
                Ok(part) => {
                    bytes += part.text.len();
                    parts.push(part);
                    None
                }
                Err(error) => Some(Fault::Parts(error)),
            };
            if bytes >= TEXT || fault.is_some() {
                bytes = 0;
                let parts = std::mem::take(&mut parts);
                self.give(Job::Parts { source: source.clone(), parts, first })?;
                first = false;
            }
            if let Some(fault) = fault {
                return self.give(Job::Broken { source: source.clone(), fault, first });
            }
        }
        self.give(Job::Parts { source: source.clone(), parts, first })
    }
}

/// What reports call a file.
pub(super) fn name(path: &Path) -> Arc<str> {
    Arc::from(path.to_string_lossy())
}

/// Whether the first character that is not white space is `{`. White space is skipped, which JSON does not mind; where YAML may mind,
/// nothing has been skipped.
fn is_json(reader: &mut impl BufRead) -> io::Result<bool> {
    let buffer = reader.fill_buf()?;
    Ok(starts_as_json(buffer))
}

/// The same of a text.
pub(super) fn starts_as_json(text: &[u8]) -> bool {
    text.trim_ascii_start().first() == Some(&b'{')
}

/// The whole of a source, up to one byte more than the decoder takes, which then says so.
pub(super) fn read_all(reader: impl Read) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    reader.take(options(false).limits.source_bytes as u64 + 1).read_to_end(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(paths: &[PathBuf], ignored: &[&str], stdin: &[u8]) -> Vec<String> {
        let patterns: Vec<String> = ignored.iter().map(|pattern| (*pattern).to_owned()).collect();
        let ignored = Ignored::new(&patterns).unwrap();
        let mut jobs = Vec::new();
        let mut stdin = stdin;
        produce(paths, &ignored, &mut stdin, &mut |job| {
            match job {
                Job::Files(files) => {
                    jobs.extend(files.iter().map(|file| {
                        format!("file {}", file.file_name().unwrap_or_default().to_string_lossy())
                    }));
                }
                Job::Parts { source, parts, .. } => {
                    jobs.extend(parts.iter().map(|part| format!("part {source}:{}", part.line)));
                }
                Job::Json(source, _) => jobs.push(format!("json {source}")),
                Job::Broken { source, .. } => {
                    jobs.push(format!("broken {}", source.rsplit('/').next().unwrap_or_default()));
                }
            }
            ControlFlow::Continue(())
        });
        jobs
    }

    #[test]
    fn directories_are_walked_in_order_of_names() {
        let root = tempfile::tempdir().unwrap();
        let path = |name: &str| root.path().join(name);
        fs::create_dir(path("b")).unwrap();
        for file in ["b/z.yaml", "c.yml", "a.json", "notes.txt", "skipped.yaml"] {
            fs::write(path(file), "{}").unwrap();
        }
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(path("b"), path("b/loop")).unwrap();
            std::os::unix::fs::symlink(path("nowhere"), path("d.yaml")).unwrap();
            std::os::unix::fs::symlink(path("e.yaml"), path("e.yaml")).unwrap();
        }
        let paths = [root.path().to_owned(), path("notes.txt"), path("missing")];
        let mut expected = vec!["file a.json", "file z.yaml", "file c.yml"];
        if cfg!(unix) {
            expected.extend(["broken d.yaml", "broken e.yaml"]);
        }
        expected.extend(["file notes.txt", "broken missing"]);
        assert_eq!(found(&paths, &["skipped", "^nothing$"], b""), expected);
    }

    #[test]
    fn streams_are_cut() {
        let stdin = [PathBuf::from("-")];
        assert_eq!(found(&stdin, &[], b"a: 1\n---\nb: 2\n"), ["part stdin:1", "part stdin:3"]);
        assert_eq!(found(&stdin, &[], b"  {\"a\": 1}"), ["json stdin"]);
        let root = tempfile::tempdir().unwrap();
        let path = root.path().join("large.yaml");
        fs::write(&path, format!("a: {}\n---\n", "x".repeat(1000)).repeat(200)).unwrap();
        assert_eq!(found(&[path], &[], b"").len(), 200);
    }
}
