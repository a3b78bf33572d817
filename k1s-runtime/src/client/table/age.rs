//! Ages: how long ago something was, in one or two units.

use jiff::Timestamp;

/// The longest duration that Go can hold, in seconds; ages beyond it show as this one.
const LONGEST: i64 = i64::MAX / 1_000_000_000;

/// Seconds as `k8s.io/apimachinery/pkg/util/duration.HumanDuration` shows them: about three digits.
///
/// ```
/// use k1s_runtime::client::table::human_duration;
/// assert_eq!((&*human_duration(119), &*human_duration(125), &*human_duration(90_000)), ("119s", "2m5s", "25h"));
/// ```
pub fn human_duration(seconds: i64) -> String {
    let (minutes, hours) = (seconds / 60, seconds / 3600);
    match seconds {
        ..-1 => "<invalid>".to_owned(),
        -1 => "0s".to_owned(),
        0..120 => format!("{seconds}s"),
        _ if minutes < 10 => two(minutes, "m", seconds % 60, "s"),
        _ if minutes < 180 => format!("{minutes}m"),
        _ if hours < 8 => two(hours, "h", minutes % 60, "m"),
        _ if hours < 48 => format!("{hours}h"),
        _ if hours < 192 => two(hours / 24, "d", hours % 24, "h"),
        _ if hours < 24 * 365 * 2 => format!("{}d", hours / 24),
        _ if hours < 24 * 365 * 8 => two(hours / 24 / 365, "y", hours / 24 % 365, "d"),
        _ => format!("{}y", hours / 24 / 365),
    }
}

/// The age at `now` of a moment in RFC 3339 notation: `<unknown>` if it is empty, `<invalid>` if it is none or lies ahead.
pub fn age_of(moment: &str, now: Timestamp) -> String {
    if moment.is_empty() || moment == "null" {
        return "<unknown>".to_owned();
    }
    let Ok(then) = moment.parse::<Timestamp>() else { return "<invalid>".to_owned() };
    let age = now.duration_since(then);
    // Fractions of a second before now still are now.
    human_duration(age.as_secs().min(LONGEST))
}

fn two(whole: i64, unit: &str, rest: i64, rest_unit: &str) -> String {
    if rest == 0 { format!("{whole}{unit}") } else { format!("{whole}{unit}{rest}{rest_unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_have_about_three_digits() {
        let day = 86_400;
        for (seconds, expected) in [
            (-2, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (120, "2m"),
            (600, "10m"),
            (10_799, "179m"),
            (10_800, "3h"),
            (10_860, "3h1m"),
            (28_800, "8h"),
            (2 * day, "2d"),
            (2 * day + 3_600, "2d1h"),
            (8 * day, "8d"),
            (730 * day, "2y"),
            (731 * day, "2y1d"),
            (8 * 365 * day, "8y"),
        ] {
            assert_eq!(human_duration(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn moments_are_rfc_3339() {
        let now: Timestamp = "2026-01-01T00:00:10.5Z".parse().unwrap();
        for (moment, expected) in [
            ("2026-01-01T00:00:00Z", "10s"),
            ("2026-01-01T02:00:00+02:00", "10s"),
            ("2026-01-01T00:00:11Z", "0s"),
            ("2026-01-01T01:00:00Z", "<invalid>"),
            ("0001-01-02T00:00:00Z", "292y"),
            ("", "<unknown>"),
            ("nope", "<invalid>"),
            ("2026-01-01", "<invalid>"),
        ] {
            assert_eq!(age_of(moment, now), expected, "{moment}");
        }
    }
}
