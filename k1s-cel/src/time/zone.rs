//! Time zones by name or offset, as expressions name them. The names' meaning is compiled in: it must not depend on the machine.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZoneDatabase;

use crate::gofmt;

use super::moment::{Moment, NANOS_PER_SECOND};

static ZONES: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// How many seconds east of UTC clocks in a zone are at a moment.
pub(crate) fn offset_at(zone: &str, moment: Moment) -> Result<i64, String> {
    match zone.split_once(':') {
        Some((hours, minutes)) => fixed(zone, hours, minutes),
        None => named(zone, moment),
    }
}

/// An offset in hours and minutes, as many as one likes: `+05:30`, `-8:00`, `02:00`.
fn fixed(zone: &str, hours: &str, minutes: &str) -> Result<i64, String> {
    let number = |text: &str| text.parse::<i64>().map_err(|why| gofmt::atoi_error(text, &why));
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    let minutes = if zone.starts_with('-') { minutes.wrapping_neg() } else { minutes };
    let minutes = hours.wrapping_mul(60).wrapping_add(minutes);
    // Go turns the minutes into nanoseconds, which wrap around, and back into seconds.
    Ok(minutes.wrapping_mul(60 * NANOS_PER_SECOND) / NANOS_PER_SECOND)
}

fn named(zone: &str, moment: Moment) -> Result<i64, String> {
    // kube-apiserver's own zone is UTC unless somebody made an effort.
    if matches!(zone, "" | "UTC" | "Local") {
        return Ok(0);
    }
    if zone.starts_with(['/', '\\']) || zone.contains("..") {
        return Err("time: invalid location name".into());
    }
    // Names are looked up whatever their case here, and as they are there.
    let found = ZONES.get(zone).ok().filter(|found| found.iana_name() == Some(zone) && !found.is_unknown());
    let found = found.ok_or_else(|| format!("unknown time zone {zone}"))?;
    let seconds = moment.unix_seconds().clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
    let at = Timestamp::from_second(seconds).map_err(|_| format!("unknown time zone {zone}"))?;
    Ok(i64::from(found.to_offset(at).seconds()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones() {
        let at = |zone: &str| offset_at(zone, Moment::from_unix(1_709_202_030).unwrap());
        for (zone, expected) in [
            ("America/New_York", -18_000),
            ("US/Central", -21_600),
            ("Asia/Kathmandu", 20_700),
            ("Etc/UTC", 0),
            ("Zulu", 0),
            ("GMT", 0),
            ("UTC", 0),
            ("", 0),
            ("+05:30", 19_800),
            ("-02:30", -9_000),
            ("-00:30", -1_800),
            ("02:00", 7_200),
        ] {
            assert_eq!(at(zone), Ok(expected), "{zone}");
        }
    }

    #[test]
    fn no_zones() {
        let at = |zone: &str| offset_at(zone, Moment::EPOCH);
        assert_eq!(at("Nowhere/Land"), Err("unknown time zone Nowhere/Land".into()));
        assert_eq!(at("america/new_york"), Err("unknown time zone america/new_york".into()));
        assert_eq!(at("../x"), Err("time: invalid location name".into()));
        assert_eq!(at("a:1"), Err(r#"strconv.Atoi: parsing "a": invalid syntax"#.into()));
        assert_eq!(
            at("1:99999999999999999999"),
            Err(r#"strconv.Atoi: parsing "99999999999999999999": value out of range"#.into())
        );
        assert!(at("9223372036854775807:1").is_ok());
    }

    #[test]
    fn the_last_day_has_offsets() {
        let last = Moment::from_unix(253_402_300_799).unwrap();
        assert_eq!(last.civil(offset_at("Asia/Tokyo", last).unwrap()).year, 10_000);
    }
}
