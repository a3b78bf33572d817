//! When a watch has something to do although nothing has happened: to end, or to send a bookmark.
//!
//! A watch that asks for neither never looks at the clock, and starts no timer.

use std::time::{Duration, Instant};

/// How often a bookmark is sent.
const EVERY: Duration = Duration::from_secs(60);
/// How long before the end the last one is.
const BEFORE_THE_END: Duration = Duration::from_secs(2);

/// What it is time for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Bookmark,
    End,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Timing {
    end: Option<Instant>,
    bookmark: Option<Instant>,
}

impl Timing {
    /// Of a watch that begins now.
    pub(super) fn new(now: Instant, timeout_seconds: Option<i64>, bookmarks: bool) -> Self {
        let timeout = timeout_seconds.filter(|seconds| *seconds != 0);
        let timeout = timeout.map(|seconds| Duration::from_secs(u64::try_from(seconds).unwrap_or(0)));
        // An end beyond the clock's range is none.
        let mut timing = Self { end: timeout.and_then(|timeout| now.checked_add(timeout)), bookmark: None };
        if bookmarks {
            timing.schedule(now);
        }
        timing
    }

    /// When something is due next.
    pub(super) fn next(&self) -> Option<Instant> {
        self.end.into_iter().chain(self.bookmark).min()
    }

    /// What is due now. A bookmark is answered once.
    pub(super) fn due(&mut self) -> Option<Due> {
        self.next()?;
        self.due_at(Instant::now())
    }

    fn due_at(&mut self, now: Instant) -> Option<Due> {
        if self.end.is_some_and(|end| end <= now) {
            return Some(Due::End);
        }
        self.bookmark.filter(|bookmark| *bookmark <= now)?;
        self.schedule(now);
        Some(Due::Bookmark)
    }

    /// Sets the next bookmark: in a minute, but before the end while that is to come.
    fn schedule(&mut self, now: Instant) {
        let regular = now.checked_add(EVERY);
        let last = self.end.and_then(|end| end.checked_sub(BEFORE_THE_END)).filter(|last| *last > now);
        let next = match (regular, last) {
            (Some(regular), Some(last)) => Some(regular.min(last)),
            (regular, last) => regular.or(last),
        };
        self.bookmark = next.filter(|next| self.end.is_none_or(|end| *next < end));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn without_a_wish_there_is_no_time() {
        let timing = Timing::new(Instant::now(), None, false);
        assert_eq!(timing.next(), None);
        assert_eq!(Timing::new(Instant::now(), Some(0), false).next(), None);
        assert_eq!(Timing::new(Instant::now(), Some(i64::MAX), false).due(), None);
    }

    #[test]
    fn a_bookmark_comes_every_minute_and_before_the_end() {
        let start = Instant::now();
        let mut timing = Timing::new(start, Some(100), true);
        assert_eq!(timing.due_at(start + 59 * SECOND), None);
        assert_eq!(timing.due_at(start + 60 * SECOND), Some(Due::Bookmark));
        assert_eq!(timing.next(), Some(start + 98 * SECOND));
        assert_eq!(timing.due_at(start + 98 * SECOND), Some(Due::Bookmark));
        assert_eq!(timing.next(), Some(start + 100 * SECOND));
        assert_eq!(timing.due_at(start + 100 * SECOND), Some(Due::End));
    }

    #[test]
    fn a_short_watch_has_no_bookmark_and_one_of_the_past_ends_at_once() {
        let start = Instant::now();
        let mut timing = Timing::new(start, Some(1), true);
        assert_eq!(timing.next(), Some(start + SECOND));
        assert_eq!(timing.due_at(start + SECOND), Some(Due::End));
        assert_eq!(Timing::new(start, Some(-5), true).due_at(start), Some(Due::End));
    }
}
