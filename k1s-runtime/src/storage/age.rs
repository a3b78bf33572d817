//! How old the changes in the log are, to within a grain: marks in time instead of a time in every entry.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A mark is set at most so often in the time that changes are kept.
const GRAINS: u64 = 64;

/// Moments, in seconds since 1970, with the revision that the store had come to. Both only rise.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Marks(VecDeque<(u64, u64)>);

/// The present moment; 0 on a machine that believes to live before 1970.
pub(super) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

impl Marks {
    /// Notes that the store has come to a revision, unless a mark was set only just now. Answers whether it was noted.
    pub(super) fn note(&mut self, now: u64, revision: u64, age: Duration) -> bool {
        // The clock may have been set back. What was written since then counts as written now.
        while self.0.back().is_some_and(|(time, _)| *time > now) {
            self.0.pop_back();
        }
        let grain = age.as_secs() / GRAINS;
        if self.0.back().is_some_and(|(time, _)| grain > now - time) {
            return false;
        }
        self.0.push_back((now, revision));
        true
    }

    /// The last revision that is known to be older than that.
    pub(super) fn expired(&self, now: u64, age: Duration) -> Option<u64> {
        let old = |time: u64| now.checked_sub(time).is_some_and(|since| since >= age.as_secs());
        self.0.iter().take_while(|(time, _)| old(*time)).last().map(|(_, revision)| *revision)
    }

    /// Drops the marks of what is no longer in a log whose first entry follows this revision.
    pub(super) fn forget(&mut self, oldest: u64) -> bool {
        let before = self.0.len();
        self.0.retain(|(_, revision)| *revision > oldest);
        self.0.len() != before
    }

    /// As bytes.
    #[cfg(feature = "lmdb")]
    pub(super) fn encode(&self) -> Vec<u8> {
        self.0
            .iter()
            .flat_map(|(time, revision)| [time.to_be_bytes(), revision.to_be_bytes()])
            .flatten()
            .collect()
    }

    /// From bytes; what is cut short is left out.
    #[cfg(feature = "lmdb")]
    pub(super) fn decode(raw: &[u8]) -> Self {
        let number = |half: &[u8]| half.first_chunk().map_or(0, |bytes| u64::from_be_bytes(*bytes));
        Self(raw.chunks_exact(16).map(|mark| (number(&mark[..8]), number(&mark[8..]))).collect())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::Marks;

    const AGE: Duration = Duration::from_secs(640);

    #[test]
    fn what_is_older_than_the_age_is_known_to_within_a_grain() {
        let mut marks = Marks::default();
        assert!(marks.note(1000, 1, AGE));
        assert!(!marks.note(1009, 2, AGE), "within the grain");
        assert!(marks.note(1010, 3, AGE));
        assert_eq!(marks.expired(1639, AGE), None);
        assert_eq!(marks.expired(1640, AGE), Some(1));
        assert_eq!(marks.expired(9999, AGE), Some(3));
        assert!(marks.forget(1));
        assert!(!marks.forget(1));
        assert_eq!(marks.expired(1649, AGE), None);
        assert_eq!(marks.expired(1650, AGE), Some(3));
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nothing_older() {
        let mut marks = Marks::default();
        marks.note(5000, 1, AGE);
        assert!(marks.note(1000, 2, AGE));
        assert_eq!(marks.expired(1639, AGE), None);
        assert_eq!(marks.expired(1640, AGE), Some(2));
    }

    #[test]
    fn without_an_age_every_commit_makes_the_one_before_old() {
        let mut marks = Marks::default();
        assert!(marks.note(1000, 1, Duration::ZERO));
        assert_eq!(marks.expired(1000, Duration::ZERO), Some(1));
        assert!(marks.note(1000, 2, Duration::ZERO));
        assert_eq!(marks.expired(1000, Duration::ZERO), Some(2));
    }

    #[cfg(feature = "lmdb")]
    #[test]
    fn marks_are_read_as_they_were_written() {
        let mut marks = Marks::default();
        marks.note(1000, 1, AGE);
        marks.note(2000, 7, AGE);
        assert_eq!(Marks::decode(&marks.encode()), marks);
        assert_eq!(Marks::decode(&marks.encode()[..31]).expired(9999, AGE), Some(1));
    }
}
