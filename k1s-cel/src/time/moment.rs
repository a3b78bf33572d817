//! A moment, as Go's `time.Time` is one: counted in UTC, printed in the offset that it was written with.
//!
//! The whole range of CEL, up to the last nanosecond of the year 9999 in any offset, does not fit the civil types of crates, so the
//! calendar is counted here: proleptic Gregorian, days from the first of March of the year 0, in eras of 400 years.

use std::cmp::Ordering;
use std::fmt;

pub(super) const NANOS_PER_SECOND: i64 = 1_000_000_000;
const SECONDS_PER_DAY: i64 = 86_400;
/// The first second of the year 1.
const MIN_SECONDS: i64 = -62_135_596_800;
/// The last second of the year 9999.
const MAX_SECONDS: i64 = 253_402_300_799;

/// A moment. Two are equal if they are the same, in whatever offset they are printed.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Since 1970 in UTC.
    seconds: i64,
    nanos: u32,
    /// In which offset it is printed, in seconds east of UTC: whole minutes, less than two days.
    offset: i32,
}

/// A moment is not within CEL's range.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TimestampOverflow;

/// A moment as calendars and clocks show it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: i64,
    /// From 1.
    pub(crate) day: i64,
    /// From 0.
    pub(crate) day_of_year: i64,
    /// From Sunday, which is 0.
    pub(crate) day_of_week: i64,
    pub(crate) hour: i64,
    pub(crate) minute: i64,
    pub(crate) second: i64,
    pub(crate) nanos: i64,
}

impl Moment {
    /// The first second of 1970.
    pub const EPOCH: Self = Self { seconds: 0, nanos: 0, offset: 0 };

    /// The first nanosecond of the year 1: CEL's first moment, and Go's zero.
    pub const MIN: Self = Self { seconds: MIN_SECONDS, ..Self::EPOCH };

    /// A moment by its seconds since 1970 in UTC, if it is between the years 1 and 9999.
    #[must_use]
    pub fn from_unix(seconds: i64) -> Option<Self> {
        let moment = Self { seconds, ..Self::EPOCH };
        moment.is_in_range().then_some(moment)
    }

    /// The seconds since 1970 in UTC, rounded down.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.seconds
    }

    pub(super) fn new(days: i64, second_of_day: i64, nanos: u32, offset: i32) -> Self {
        Self { seconds: days * SECONDS_PER_DAY + second_of_day - i64::from(offset), nanos, offset }
    }

    /// Data may be of the year 0, which CEL does not know.
    pub(super) fn is_in_range(self) -> bool {
        (MIN_SECONDS..=MAX_SECONDS).contains(&self.seconds)
    }

    /// `self + duration`, in the offset of `self`.
    pub(crate) fn checked_add(self, duration: i64) -> Result<Self, TimestampOverflow> {
        let nanos = i64::from(self.nanos) + duration.rem_euclid(NANOS_PER_SECOND);
        let seconds = self.seconds + duration.div_euclid(NANOS_PER_SECOND) + nanos / NANOS_PER_SECOND;
        let nanos = u32::try_from(nanos % NANOS_PER_SECOND).map_err(|_| TimestampOverflow)?;
        let sum = Self { seconds, nanos, offset: self.offset };
        if sum.is_in_range() { Ok(sum) } else { Err(TimestampOverflow) }
    }

    /// `self - other` in nanoseconds, if they fit.
    pub(crate) fn since(self, other: Self) -> Option<i64> {
        let nanos = i64::from(self.nanos) - i64::from(other.nanos);
        (self.seconds - other.seconds).checked_mul(NANOS_PER_SECOND)?.checked_add(nanos)
    }

    /// What calendars and clocks show `offset` seconds east of UTC.
    pub(crate) fn civil(self, offset: i64) -> Civil {
        let seconds = self.seconds.saturating_add(offset);
        let (days, clock) = (seconds.div_euclid(SECONDS_PER_DAY), seconds.rem_euclid(SECONDS_PER_DAY));
        let (year, month, day) = civil_from_days(days);
        Civil {
            year,
            month,
            day,
            day_of_year: days - days_from_civil(year, 1, 1),
            // The first of January 1970 was a Thursday.
            day_of_week: (days + 4).rem_euclid(7),
            hour: clock / 3_600,
            minute: clock / 60 % 60,
            second: clock % 60,
            nanos: i64::from(self.nanos),
        }
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Moment {}

impl PartialOrd for Moment {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Moment {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.seconds, self.nanos).cmp(&(other.seconds, other.nanos))
    }
}

/// Go's `RFC3339Nano`: a fraction only as long as needed, `Z` for UTC.
impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Civil { year, month, day, hour, minute, second, .. } = self.civil(i64::from(self.offset));
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}")?;
        if self.nanos > 0 {
            let digits = format!("{:09}", self.nanos);
            write!(f, ".{}", digits.trim_end_matches('0'))?;
        }
        if self.offset == 0 {
            return f.write_str("Z");
        }
        let sign = if self.offset < 0 { '-' } else { '+' };
        let minutes = self.offset.unsigned_abs() / 60;
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// The days from the first of January 1970 to a date.
pub(super) fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    // Years begin with March, so that the leap day is their last.
    let year = if month > 2 { year } else { year - 1 };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Year, month and day; the inverse of [`days_from_civil`].
fn civil_from_days(days: i64) -> (i64, i64, i64) {
    let days = days.saturating_add(719_468);
    let (era, day_of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + i64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_counted_both_ways() {
        for days in (-720_000..3_000_000).step_by(13) {
            let (year, month, day) = civil_from_days(days);
            assert_eq!(days_from_civil(year, month, day), days);
            let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(days));
            if let Ok(date) = date {
                assert_eq!(
                    (i64::from(date.year()), i64::from(date.month()), i64::from(date.day())),
                    (year, month, day)
                );
            }
        }
    }

    #[test]
    fn sums_stay_in_range() {
        let last =
            Moment::from_unix(MAX_SECONDS).and_then(|last| last.checked_add(999_999_999).ok()).unwrap();
        assert_eq!(last.to_string(), "9999-12-31T23:59:59.999999999Z");
        assert_eq!(last.checked_add(1), Err(TimestampOverflow));
        let first = Moment::MIN;
        assert_eq!(first.checked_add(-1), Err(TimestampOverflow));
        assert_eq!(first.checked_add(i64::MIN), Err(TimestampOverflow));
        assert_eq!(
            first.checked_add(1_999_999_999).unwrap().checked_add(-999_999_999),
            first.checked_add(1_000_000_000)
        );
        assert_eq!(last.since(first), None);
        assert_eq!(last.since(last.checked_add(-1).unwrap()), Some(1));
        assert_eq!(Moment::from_unix(MAX_SECONDS + 1), None);
    }

    #[test]
    fn offsets_matter_for_texts_only() {
        let east = Moment::new(0, 7_200, 0, 7_200);
        assert_eq!(east, Moment::EPOCH);
        assert_eq!(east.to_string(), "1970-01-01T02:00:00+02:00");
        assert_eq!(Moment::new(0, 0, 120_000_000, -5_400).to_string(), "1970-01-01T00:00:00.12-01:30");
        assert_eq!(east.civil(0).hour, 0);
    }
}
