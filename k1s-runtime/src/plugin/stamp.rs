//! [`Stamp`]: what the file system says of a file without opening it, which changes when the file does.

use std::fs::Metadata;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// How long a file must have been left alone before its time of change tells it from a later change: clocks of file systems tick some
/// hundred times a second.
const GRAIN: Duration = Duration::from_millis(50);

/// The same for file systems that count in seconds, or, as FAT does, in two.
const COARSE_GRAIN: Duration = Duration::from_secs(2);

/// Size, times and identity of a file.
///
/// The time of the last change of the inode cannot be set by programs, so that a file whose content and time of modification were both
/// replaced is told from the one before. Where there is no such time it is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(u64, i64, i64, i64, i64, u64, u64)", into = "(u64, i64, i64, i64, i64, u64, u64)")]
pub(super) struct Stamp {
    pub(super) size: u64,
    /// Seconds and nanoseconds since 1970.
    modified: (i64, i64),
    changed: (i64, i64),
    device: u64,
    inode: u64,
}

impl From<(u64, i64, i64, i64, i64, u64, u64)> for Stamp {
    fn from(
        (size, modified, nanos, changed, change_nanos, device, inode): (u64, i64, i64, i64, i64, u64, u64),
    ) -> Self {
        Self { size, modified: (modified, nanos), changed: (changed, change_nanos), device, inode }
    }
}

impl From<Stamp> for (u64, i64, i64, i64, i64, u64, u64) {
    fn from(stamp: Stamp) -> Self {
        let Stamp { size, modified, changed, device, inode } = stamp;
        (size, modified.0, modified.1, changed.0, changed.1, device, inode)
    }
}

impl Stamp {
    #[cfg(unix)]
    pub(super) fn of(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt;
        Self {
            size: metadata.size(),
            modified: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
            device: metadata.dev(),
            inode: metadata.ino(),
        }
    }

    #[cfg(not(unix))]
    pub(super) fn of(metadata: &Metadata) -> Self {
        let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        let since = since.unwrap_or_default();
        let seconds = i64::try_from(since.as_secs()).unwrap_or(i64::MAX);
        let modified = (seconds, i64::from(since.subsec_nanos()));
        Self { size: metadata.len(), modified, changed: (0, 0), device: 0, inode: 0 }
    }

    /// What tells one file from all others at one moment, where the system says it.
    pub(super) fn identity(&self) -> Option<(u64, u64)> {
        (self.inode != 0).then_some((self.device, self.inode))
    }

    /// The stamp of a file whose text is read at `now`. One that may change without getting another stamp is like that of no file: what was
    /// read is believed by nobody later.
    pub(super) fn as_read_at(self, now: SystemTime) -> Self {
        if self.is_settled(now) { self } else { Self { modified: (0, 0), changed: (0, 0), inode: 0, ..self } }
    }

    /// Whether a change after `now` is sure to give another stamp.
    pub(super) fn is_settled(&self, now: SystemTime) -> bool {
        if self.modified == (0, 0) {
            return false;
        }
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let modified = Duration::new(
            u64::try_from(self.modified.0).unwrap_or_default(),
            u32::try_from(self.modified.1).unwrap_or_default(),
        );
        let grain = if self.modified.1 == 0 { COARSE_GRAIN } else { GRAIN };
        now.abs_diff(modified) > grain
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, nanos: i64) -> Stamp {
        Stamp::from((1, seconds, nanos, 0, 0, 1, 1))
    }

    #[test]
    fn a_file_settles_when_the_clock_has_moved_on() {
        let now = UNIX_EPOCH + Duration::new(1_000, 500_000_000);
        assert!(!at(1_000, 499_000_000).is_settled(now));
        assert!(at(1_000, 400_000_000).is_settled(now));
        // A clock that counts in seconds.
        assert!(!at(999, 0).is_settled(now));
        assert!(at(998, 0).is_settled(now));
        // A time in the future is another one after a change, too.
        assert!(at(2_000, 1).is_settled(now));
        assert!(at(-5, -1).is_settled(now));
    }

    #[test]
    fn a_stamp_survives_the_cache() {
        let stamp = Stamp::from((7, 1, 2, 3, 4, 5, 6));
        let text = serde_json::to_string(&stamp).unwrap();
        assert_eq!(text, "[7,1,2,3,4,5,6]");
        assert_eq!(serde_json::from_str::<Stamp>(&text).unwrap(), stamp);
    }
}
