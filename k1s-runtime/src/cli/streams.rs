//! The three standard streams as values, so that a command can run in a test as it runs in a shell.

use std::io::{self, BufWriter, IsTerminal, Read, Write};
use std::sync::{Arc, Mutex, PoisonError};

/// What a command reads from and writes to.
pub struct Streams {
    /// Standard input.
    pub stdin: Box<dyn Read>,
    /// Standard output; may be buffered, so that it is flushed before anything goes to `stderr`.
    pub stdout: Box<dyn Write>,
    /// Standard error.
    pub stderr: Box<dyn Write>,
    /// Whether a person types the input.
    pub stdin_terminal: bool,
    /// Whether a person reads the output.
    pub stdout_terminal: bool,
}

impl Streams {
    /// The process's own streams, with a buffer before standard output.
    pub fn standard() -> Self {
        Self {
            stdin_terminal: io::stdin().is_terminal(),
            stdout_terminal: io::stdout().is_terminal(),
            stdin: Box::new(io::stdin()),
            stdout: Box::new(BufWriter::with_capacity(1 << 16, io::stdout())),
            stderr: Box::new(io::stderr()),
        }
    }

    /// Streams for a test: reads `stdin`, and keeps what is written.
    ///
    /// ```
    /// use k1s_runtime::cli::Streams;
    /// let (mut streams, written) = Streams::captured("");
    /// streams.stdout.write_all(b"item/bolt\n")?;
    /// assert_eq!(written.stdout(), "item/bolt\n");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn captured(stdin: impl Into<Vec<u8>>) -> (Self, Captured) {
        let captured = Captured::default();
        let streams = Self {
            stdin: Box::new(io::Cursor::new(stdin.into())),
            stdout: Box::new(captured.stdout.clone()),
            stderr: Box::new(captured.stderr.clone()),
            stdin_terminal: false,
            stdout_terminal: false,
        };
        (streams, captured)
    }
}

/// What was written to [`Streams::captured`].
#[derive(Clone, Default)]
pub struct Captured {
    stdout: Shared,
    stderr: Shared,
}

impl Captured {
    /// Standard output so far; bytes that are not UTF-8 are replaced.
    pub fn stdout(&self) -> String {
        self.stdout.text()
    }

    /// Standard error so far.
    pub fn stderr(&self) -> String {
        self.stderr.text()
    }
}

#[derive(Clone, Default)]
struct Shared(Arc<Mutex<Vec<u8>>>);

impl Shared {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
