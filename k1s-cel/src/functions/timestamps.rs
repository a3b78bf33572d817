//! What calendars and clocks show at a moment, in UTC or in a time zone, and the parts of lengths of time.

use crate::time::{self, Civil};
use crate::value::{EvalError, EvalResult, Value};

use super::cost::Cost;
use super::table::Style::Member;
use super::table::{Function, Overload, Ty};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "getFullYear",
        doc: "The year.",
        overloads: &[
            plain("timestamp_to_year", |args| show(args, |civil| civil.year)),
            zoned("timestamp_to_year_with_tz", |args| show(args, |civil| civil.year)),
        ],
    },
    Function {
        name: "getMonth",
        doc: "The month, from 0.",
        overloads: &[
            plain("timestamp_to_month", |args| show(args, |civil| civil.month - 1)),
            zoned("timestamp_to_month_with_tz", |args| show(args, |civil| civil.month - 1)),
        ],
    },
    Function {
        name: "getDayOfYear",
        doc: "The day of the year, from 0.",
        overloads: &[
            plain("timestamp_to_day_of_year", |args| show(args, |civil| civil.day_of_year)),
            zoned("timestamp_to_day_of_year_with_tz", |args| show(args, |civil| civil.day_of_year)),
        ],
    },
    Function {
        name: "getDayOfMonth",
        doc: "The day of the month, from 0.",
        overloads: &[
            plain("timestamp_to_day_of_month", |args| show(args, |civil| civil.day - 1)),
            zoned("timestamp_to_day_of_month_with_tz", |args| show(args, |civil| civil.day - 1)),
        ],
    },
    Function {
        name: "getDate",
        doc: "The day of the month, from 1.",
        overloads: &[
            plain("timestamp_to_day_of_month_1_based", |args| show(args, |civil| civil.day)),
            zoned("timestamp_to_day_of_month_1_based_with_tz", |args| show(args, |civil| civil.day)),
        ],
    },
    Function {
        name: "getDayOfWeek",
        doc: "The day of the week, from Sunday, which is 0.",
        overloads: &[
            plain("timestamp_to_day_of_week", |args| show(args, |civil| civil.day_of_week)),
            zoned("timestamp_to_day_of_week_with_tz", |args| show(args, |civil| civil.day_of_week)),
        ],
    },
    Function {
        name: "getHours",
        doc: "The hour of a moment; all hours of a length of time.",
        overloads: &[
            plain("timestamp_to_hours", |args| show(args, |civil| civil.hour)),
            zoned("timestamp_to_hours_with_tz", |args| show(args, |civil| civil.hour)),
            part("duration_to_hours", |args| count(args, 3_600 * SECOND)),
        ],
    },
    Function {
        name: "getMinutes",
        doc: "The minute of a moment; all minutes of a length of time.",
        overloads: &[
            plain("timestamp_to_minutes", |args| show(args, |civil| civil.minute)),
            zoned("timestamp_to_minutes_with_tz", |args| show(args, |civil| civil.minute)),
            part("duration_to_minutes", |args| count(args, 60 * SECOND)),
        ],
    },
    Function {
        name: "getSeconds",
        doc: "The second of a moment; all seconds of a length of time.",
        overloads: &[
            plain("timestamp_to_seconds", |args| show(args, |civil| civil.second)),
            zoned("timestamp_to_seconds_tz", |args| show(args, |civil| civil.second)),
            part("duration_to_seconds", |args| count(args, SECOND)),
        ],
    },
    Function {
        name: "getMilliseconds",
        doc: "The millisecond of a moment; all milliseconds of a length of time.",
        overloads: &[
            plain("timestamp_to_milliseconds", |args| show(args, |civil| civil.nanos / MILLISECOND)),
            zoned("timestamp_to_milliseconds_with_tz", |args| show(args, |civil| civil.nanos / MILLISECOND)),
            part("duration_to_milliseconds", milliseconds),
        ],
    },
];

const MILLISECOND: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MILLISECOND;

type Call = for<'a> fn(&[Value<'a>]) -> EvalResult<'a>;

const fn plain(id: &'static str, call: Call) -> Overload {
    getter(id, &[Ty::Timestamp], call)
}

const fn zoned(id: &'static str, call: Call) -> Overload {
    getter(id, &[Ty::Timestamp, Ty::String], call)
}

const fn part(id: &'static str, call: Call) -> Overload {
    getter(id, &[Ty::Duration], call)
}

const fn getter(id: &'static str, params: &'static [Ty], call: Call) -> Overload {
    Overload { id, style: Member, params, result: Ty::Int, call, cost: Cost::ONE, pattern: None }
}

/// A field of what is shown at a moment. The offset that the moment was written with does not matter.
fn show<'a>(args: &[Value<'a>], field: fn(&Civil) -> i64) -> EvalResult<'a> {
    let civil = match args {
        [Value::Timestamp(moment)] => moment.civil(0),
        [Value::Timestamp(moment), Value::String(zone)] => {
            moment.civil(time::offset_at(zone, *moment).map_err(EvalError::other)?)
        }
        _ => return Err(EvalError::NoSuchOverload),
    };
    Ok(Value::Int(field(&civil)))
}

/// How many whole units a length of time has. Go counts in doubles, so that what is almost one unit more may be one more.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
fn count<'a>(args: &[Value<'a>], unit: i64) -> EvalResult<'a> {
    let [Value::Duration(duration)] = args else { return Err(EvalError::NoSuchOverload) };
    let units = (duration / unit) as f64 + (duration % unit) as f64 / unit as f64;
    Ok(Value::Int(units as i64))
}

/// Milliseconds are counted exactly.
fn milliseconds<'a>(args: &[Value<'a>]) -> EvalResult<'a> {
    let [Value::Duration(duration)] = args else { return Err(EvalError::NoSuchOverload) };
    Ok(Value::Int(duration / MILLISECOND))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn called(function: &str, args: &[Value<'_>]) -> Result<i64, String> {
        let function = FUNCTIONS.iter().find(|known| known.name == function).unwrap();
        let fits = |overload: &&Overload| {
            overload.params.len() == args.len()
                && overload.params.iter().zip(args).all(|(ty, value)| ty.admits(value))
        };
        let overload = function.overloads.iter().find(fits).unwrap();
        match (overload.call)(args) {
            Ok(Value::Int(value)) => Ok(value),
            Ok(other) => Err(format!("{other:?}")),
            Err(why) => Err(why.to_string()),
        }
    }

    #[test]
    fn moments() {
        let moment = Value::Timestamp(time::parse_date_time("2024-03-01T00:20:30.456+02:00").unwrap());
        for (function, utc, zoned) in [
            ("getFullYear", 2024, 2024),
            ("getMonth", 1, 2),
            ("getDayOfMonth", 28, 0),
            ("getDate", 29, 1),
            ("getDayOfWeek", 4, 5),
            ("getDayOfYear", 59, 60),
            ("getHours", 22, 3),
            ("getMinutes", 20, 50),
            ("getSeconds", 30, 30),
            ("getMilliseconds", 456, 456),
        ] {
            assert_eq!(called(function, std::slice::from_ref(&moment)), Ok(utc), "{function}");
            for zone in ["+05:30", "Asia/Kolkata"] {
                assert_eq!(
                    called(function, &[moment.clone(), Value::str(zone)]),
                    Ok(zoned),
                    "{function} {zone}"
                );
            }
        }
        let nowhere = called("getHours", &[moment, Value::str("Nowhere/Land")]);
        assert_eq!(nowhere, Err("unknown time zone Nowhere/Land".into()));
    }

    #[test]
    fn lengths_of_time() {
        let duration = [Value::Duration(3_723_004_999_999)];
        let parts =
            ["getHours", "getMinutes", "getSeconds", "getMilliseconds"].map(|name| called(name, &duration));
        assert_eq!(parts, [Ok(1), Ok(62), Ok(3_723), Ok(3_723_004)]);
        let almost = [Value::Duration(2_000_001 * 3_600 * SECOND - 1)];
        assert_eq!(called("getHours", &almost), Ok(2_000_001));
        assert_eq!(called("getHours", &[Value::Duration(-1)]), Ok(0));
    }
}
