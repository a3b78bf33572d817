//! A `git cat-file --batch` that answers one question after another.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::Error;

/// What there is of a name.
pub(super) enum Blob {
    /// This.
    Content(Vec<u8>),
    /// No file.
    Missing,
    /// More than may be read. Nothing can be asked afterwards.
    TooLarge(u64),
}

/// The running process. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Batch {
    child: Child,
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Batch {
    pub(super) fn start(mut git: Command) -> Result<Self, Error> {
        let directory = git.get_current_dir().map(std::path::Path::to_path_buf).unwrap_or_default();
        git.args(["cat-file", "--batch", "--follow-symlinks"]);
        git.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = git.spawn().map_err(|source| Error::Start { directory, source })?;
        let answers = child.stdout.take().ok_or_else(|| io::Error::other("no output"))?;
        let questions = child.stdin.take();
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    /// Asks for an object, by its id or as `commit:path`. The name has no newline.
    pub(super) fn read(&mut self, name: &[u8], max: u64) -> Result<Blob, Error> {
        let questions = self.questions.as_mut().ok_or_else(|| io::Error::other("no input"))?;
        questions.write_all(name)?;
        questions.write_all(b"\n")?;
        questions.flush()?;
        let mut line = Vec::new();
        self.answers.read_until(b'\n', &mut line)?;
        if line.pop() != Some(b'\n') {
            return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
        }
        // ID SP TYPE SP SIZE, or NAME SP missing; for symbolic links that lead nowhere, WHY SP SIZE and where they lead.
        let line = String::from_utf8_lossy(&line).into_owned();
        if line.ends_with(" missing") || line.ends_with(" ambiguous") {
            return Ok(Blob::Missing);
        }
        let words: Vec<&str> = line.split(' ').collect();
        let (is_file, size) = match words[..] {
            [_, kind, size] => (kind == "blob", size),
            [_, size] => (false, size),
            _ => return Err(unexpected(&line)),
        };
        let size: u64 = size.parse().map_err(|_| unexpected(&line))?;
        if size > max {
            return Ok(Blob::TooLarge(size));
        }
        let mut content = Vec::new();
        let read = self.answers.by_ref().take(size).read_to_end(&mut content)?;
        let mut newline = [0];
        self.answers.read_exact(&mut newline)?;
        if read as u64 != size || newline != *b"\n" {
            return Err(unexpected(&line));
        }
        Ok(if is_file { Blob::Content(content) } else { Blob::Missing })
    }
}

fn unexpected(line: &str) -> Error {
    io::Error::other(format!("unexpected answer `{line}`")).into()
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Without questions it ends by itself, unless it is still writing an answer that nobody reads.
        self.questions = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
