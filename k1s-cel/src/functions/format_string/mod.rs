//! `format`: clauses in a text are replaced by values.
//!
//! kube-apiserver keeps cel-go's older formatter, which prints numbers as the locale en-US has them (`1,234.500000`, `1.2×10⁰³`),
//! and what is inside of lists and maps as literals.

mod clause;
mod number;
mod text;

use crate::value::{EvalError, List, Value};

use super::strings::Built;
pub(crate) use clause::{Clause, FORMATTING, Verb, no_value};

/// The format with the values in place of its clauses.
pub(super) fn format(format: &str, values: &List<'_>) -> Result<String, EvalError> {
    let mut built = Built::default();
    let mut rest = format;
    let mut index = 0;
    while let Some(at) = rest.find('%') {
        built.push(rest.get(..at).unwrap_or_default())?;
        rest = rest.get(at + 1..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix('%') {
            built.push("%")?;
            rest = after;
            continue;
        }
        if index >= values.len() {
            return Err(EvalError::other(clause::no_value(index)));
        }
        let value = values.get(index)?;
        let (clause, after) = Clause::parse(rest).map_err(EvalError::other)?;
        write(&mut built, &clause, &value).map_err(in_clause)?;
        rest = after;
        index += 1;
    }
    built.push(rest)?;
    Ok(built.into_string())
}

/// A value as `%s` prints it.
pub(super) fn plain(value: &Value<'_>) -> Result<String, EvalError> {
    let mut built = Built::default();
    text::write(&mut built, value, 0)?;
    Ok(built.into_string())
}

/// What went wrong with a clause's value.
fn in_clause(error: EvalError) -> EvalError {
    match error {
        EvalError::Other(why) => EvalError::other(format!("{}{why}", clause::FORMATTING)),
        other => other,
    }
}

fn write(built: &mut Built, clause: &Clause, value: &Value<'_>) -> Result<(), EvalError> {
    let written = match (clause.verb, value) {
        (Verb::String, value) => return text::write(built, value, 0),
        (Verb::Decimal, Value::Int(value)) => value.to_string(),
        (Verb::Decimal, Value::Uint(value)) => value.to_string(),
        (Verb::Fixed, value) => number::fixed(double(clause.verb, value)?, clause.precision),
        (Verb::Scientific, value) => number::scientific(double(clause.verb, value)?, clause.precision),
        (Verb::Binary, Value::Bool(value)) => u8::from(*value).to_string(),
        (Verb::Binary, Value::Int(value)) => signed(*value, format!("{:b}", value.unsigned_abs())),
        (Verb::Binary, Value::Uint(value)) => format!("{value:b}"),
        (Verb::Octal, Value::Int(value)) => signed(*value, format!("{:o}", value.unsigned_abs())),
        (Verb::Octal, Value::Uint(value)) => format!("{value:o}"),
        (Verb::Hex { upper: false }, Value::Int(value)) => {
            signed(*value, format!("{:x}", value.unsigned_abs()))
        }
        (Verb::Hex { upper: true }, Value::Int(value)) => {
            signed(*value, format!("{:X}", value.unsigned_abs()))
        }
        (Verb::Hex { upper: false }, Value::Uint(value)) => format!("{value:x}"),
        (Verb::Hex { upper: true }, Value::Uint(value)) => format!("{value:X}"),
        (Verb::Hex { upper }, Value::String(text)) => return hex(built, text.as_bytes(), upper),
        (Verb::Hex { upper }, Value::Bytes(bytes)) => return hex(built, bytes, upper),
        (verb, other) => return Err(EvalError::other(verb.refusal(other.type_name()))),
    };
    built.push(&written)
}

fn signed(value: i64, digits: String) -> String {
    if value < 0 { format!("-{digits}") } else { digits }
}

fn hex(built: &mut Built, bytes: &[u8], upper: bool) -> Result<(), EvalError> {
    let digits = if upper { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    for byte in bytes {
        for digit in [byte >> 4, byte & 15] {
            built.push_char(char::from(digits[usize::from(digit)]))?;
        }
    }
    Ok(())
}

/// The double that a value is; what JSON has no number for may also be given as a string.
fn double(verb: Verb, value: &Value<'_>) -> Result<f64, EvalError> {
    match value {
        Value::Double(value) => Ok(*value),
        Value::String(text) if &**text == "NaN" => Ok(f64::NAN),
        Value::String(text) if &**text == "Infinity" => Ok(f64::INFINITY),
        Value::String(text) if &**text == "-Infinity" => Ok(f64::NEG_INFINITY),
        other => Err(EvalError::other(verb.refusal(other.type_name()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(format: &str, values: &[Value<'_>]) -> Result<String, String> {
        let list = List::Values(std::sync::Arc::new(values.to_vec()));
        super::format(format, &list).map_err(|error| error.to_string())
    }

    fn ok(text: &str) -> Result<String, String> {
        Ok(text.into())
    }

    fn err(text: &str) -> Result<String, String> {
        Err(text.into())
    }

    #[test]
    fn clauses_are_replaced() {
        let values = [Value::Int(1), Value::str("abc"), Value::Double(1.0), Value::Duration(60_000_000_000)];
        assert_eq!(print("%d %s %f %s%%", &values), ok("1 abc 1.000000 60s%"));
        assert_eq!(print("%%%s%%", &[Value::str("text")]), ok("%text%"));
        assert_eq!(print("%b %b %o", &[Value::Int(-5), Value::Bool(true), Value::Uint(9)]), ok("-101 1 11"));
        assert_eq!(print("%x %X", &[Value::Int(-30), Value::str("Zz")]), ok("-1e 5A7A"));
    }

    #[test]
    fn numbers_are_printed_as_in_the_united_states() {
        assert_eq!(print("%f", &[Value::Double(1_234_567.891)]), ok("1,234,567.891000"));
        assert_eq!(print("%.0f %.1f", &[Value::Double(2.5), Value::Double(-0.25)]), ok("2 -0.2"));
        assert_eq!(print("%e", &[Value::Double(3.5)]), ok("3.500000×10⁰⁰"));
        assert_eq!(print("%.2e", &[Value::Double(-1052.032)]), ok("-1.052032×10⁰³"));
        assert_eq!(print("%f %f", &[Value::str("NaN"), Value::str("-Infinity")]), ok("NaN -∞"));
    }

    #[test]
    fn failures_are_worded_as_in_cel_go() {
        assert_eq!(print("%d %d", &[Value::Int(0)]), err("index 1 out of range"));
        assert_eq!(print("%", &[Value::Int(0)]), err("unexpected end of string"));
        assert_eq!(
            print("%E", &[Value::Int(0)]),
            err("could not parse formatting clause: unrecognized formatting clause \"E\"")
        );
        assert_eq!(
            print("%.f", &[Value::Int(0)]),
            err(
                "could not parse formatting clause: error while parsing precision: error while converting precision \
                 to integer: strconv.Atoi: parsing \"\": invalid syntax"
            )
        );
        assert_eq!(
            print("%d", &[Value::Null]),
            err("error during formatting: decimal clause can only be used on integers, was given null_type")
        );
        assert_eq!(
            print("%f", &[Value::Int(2)]),
            err("error during formatting: fixed-point clause can only be used on doubles, was given int")
        );
    }

    #[test]
    fn what_is_built_is_bounded() {
        let long = Value::string("x".repeat(1 << 20));
        assert_eq!(print(&"%s".repeat(65), &vec![long; 65]), Err(EvalError::TooLarge.to_string()));
    }
}
