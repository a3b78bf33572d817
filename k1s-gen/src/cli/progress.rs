//! How far a long command has come, on a terminal only.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A line on the standard error that counts documents; nothing if that is no terminal, or if every document is told anyway.
pub(super) struct Progress(ProgressBar);

impl Progress {
    /// Begins. `verbose` says that there is enough to see.
    pub(super) fn new(verbose: bool) -> Self {
        if verbose || !io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} {human_pos} documents ({per_sec}) {elapsed}")
        {
            bar.set_style(style);
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self(bar)
    }

    /// Counts documents.
    pub(super) fn count(&self, documents: usize) {
        self.0.inc(documents as u64);
    }

    /// Takes the line away.
    pub(super) fn finish(&self) {
        self.0.finish_and_clear();
    }

    /// A writer that does not write into the line.
    pub(super) fn around<'w>(&self, out: &'w mut dyn Write) -> impl Write + use<'w> {
        Beside { bar: self.0.clone(), out }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

struct Beside<'w> {
    bar: ProgressBar,
    out: &'w mut dyn Write,
}

impl Write for Beside<'_> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let out = &mut self.out;
        self.bar.suspend(|| out.write(text))
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
