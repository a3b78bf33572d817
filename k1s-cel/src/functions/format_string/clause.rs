//! Clauses: what stands after a percent sign.

/// What comes before the failure of a value.
pub(crate) const FORMATTING: &str = "error during formatting: ";

/// How a value is to be printed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Verb {
    String,
    Decimal,
    Fixed,
    Scientific,
    Binary,
    Octal,
    Hex { upper: bool },
}

/// A clause.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Clause {
    pub(crate) verb: Verb,
    pub(crate) precision: Option<u64>,
}

impl Clause {
    /// The clause after a percent sign, and what follows.
    pub(crate) fn parse(text: &str) -> Result<(Self, &str), String> {
        if text.is_empty() {
            return Err("unexpected end of string".into());
        }
        let unparsed = |why: String| format!("could not parse formatting clause: {why}");
        let (precision, rest) =
            precision(text).map_err(|why| unparsed(format!("error while parsing precision: {why}")))?;
        let Some(byte) = rest.bytes().next() else {
            return Err(unparsed("unexpected end of string".into()));
        };
        let verb = match byte {
            b's' => Verb::String,
            b'd' => Verb::Decimal,
            b'f' => Verb::Fixed,
            b'e' => Verb::Scientific,
            b'b' => Verb::Binary,
            b'o' => Verb::Octal,
            b'x' => Verb::Hex { upper: false },
            b'X' => Verb::Hex { upper: true },
            // A byte of a longer code point is shown as the code point of that number.
            other => {
                return Err(unparsed(format!("unrecognized formatting clause \"{}\"", char::from(other))));
            }
        };
        Ok((Self { verb, precision }, rest.get(1..).unwrap_or_default()))
    }
}

/// A precision, if there is one, and what follows.
fn precision(text: &str) -> Result<(Option<u64>, &str), String> {
    let Some(text) = text.strip_prefix('.') else { return Ok((None, text)) };
    let end = text
        .find(|character: char| !character.is_ascii_digit())
        .ok_or("could not find end of precision specifier")?;
    let (digits, rest) = text.split_at(end);
    match digits.parse::<i64>() {
        Ok(precision) => Ok((Some(precision.unsigned_abs()), rest)),
        Err(_) => {
            let why = if digits.is_empty() { "invalid syntax" } else { "value out of range" };
            Err(format!(
                "error while converting precision to integer: strconv.Atoi: parsing \"{digits}\": {why}"
            ))
        }
    }
}

impl Verb {
    /// What is said of a value of another type.
    pub(crate) fn refusal(self, type_name: &str) -> String {
        let accepted = match self {
            Verb::String => {
                "string clause can only be used on strings, bools, bytes, ints, doubles, maps, lists, types, durations, \
                 and timestamps"
            }
            Verb::Decimal => "decimal clause can only be used on integers",
            Verb::Fixed => "fixed-point clause can only be used on doubles",
            Verb::Scientific => "scientific clause can only be used on doubles",
            Verb::Binary => "only integers and bools can be formatted as binary",
            Verb::Octal => "octal clause can only be used on integers",
            Verb::Hex { .. } => "only integers, byte buffers, and strings can be formatted as hex",
        };
        format!("{accepted}, was given {type_name}")
    }
}

/// What is said of a clause that no value is left for.
pub(crate) fn no_value(index: usize) -> String {
    format!("index {index} out of range")
}
