//! Looking again and again, less and less often, until a time is over.

use std::time::{Duration, Instant};

/// Looks are this far apart at first, and at most.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

/// As good as for ever.
pub(crate) const A_WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

/// How long somebody is prepared to wait.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    start: Instant,
    timeout: Duration,
}

/// The pauses between looks at one thing.
#[derive(Debug)]
pub(crate) struct Pauses {
    patience: Patience,
    next: Duration,
}

impl Patience {
    /// Patience from now on.
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { start: Instant::now(), timeout }
    }

    /// Whether it was for one look only.
    pub(crate) fn is_for_one_look(&self) -> bool {
        self.timeout.is_zero()
    }

    /// Whether the time is over.
    pub(crate) fn is_over(&self) -> bool {
        self.left().is_zero()
    }

    /// Pauses that end when the time is over.
    pub(crate) fn pauses(&self) -> Pauses {
        Pauses { patience: *self, next: FIRST_PAUSE }
    }

    fn left(&self) -> Duration {
        self.timeout.saturating_sub(self.start.elapsed())
    }
}

impl Pauses {
    /// Blocks for a while, each time longer than before.
    pub(crate) fn pause(&mut self) {
        std::thread::sleep(self.next.min(self.patience.left()));
        self.next = (self.next * 2).min(LONGEST_PAUSE);
    }
}
