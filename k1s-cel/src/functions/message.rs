//! Messages that expressions may write: `google.protobuf.Timestamp{seconds: 1}`. Of those that cel-go knows by heart, there are the two
//! that have types of their own.

use crate::ty::Type;
use crate::value::{EvalError, EvalResult, Moment, Value};

/// What making a message costs, beyond its fields.
pub(crate) const COST: u64 = 40;

const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// A message type.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Message {
    Timestamp,
    Duration,
}

/// A field of either message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    Seconds,
    Nanos,
}

impl Message {
    /// The message of that name, which may begin with a dot.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name.strip_prefix('.').unwrap_or(name) {
            "google.protobuf.Timestamp" => Some(Message::Timestamp),
            "google.protobuf.Duration" => Some(Message::Duration),
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Message::Timestamp => "google.protobuf.Timestamp",
            Message::Duration => "google.protobuf.Duration",
        }
    }

    pub(crate) fn ty(self) -> Type {
        match self {
            Message::Timestamp => Type::Timestamp,
            Message::Duration => Type::Duration,
        }
    }

    /// The message with these fields; those that are not given are 0.
    pub(crate) fn make<'a>(self, fields: &[(Part, Value<'_>)]) -> EvalResult<'a> {
        let (mut seconds, mut nanos) = (0, 0);
        for (part, value) in fields {
            let Value::Int(value) = value else { return Err(EvalError::NoSuchOverload) };
            match part {
                Part::Seconds => seconds = *value,
                Part::Nanos => nanos = i64::from(i32::try_from(*value).map_err(|_| self.too_many_nanos())?),
            }
        }
        match self {
            Message::Timestamp => {
                let sum = Moment::from_unix(seconds).map(|moment| moment.checked_add(nanos));
                match sum {
                    Some(Ok(moment)) => Ok(Value::Timestamp(moment)),
                    _ => Err(EvalError::Overflow("timestamp")),
                }
            }
            Message::Duration => {
                Ok(Value::Duration(seconds.saturating_mul(NANOS_PER_SECOND).saturating_add(nanos)))
            }
        }
    }

    fn too_many_nanos(self) -> EvalError {
        let name = self.name();
        EvalError::other(format!(
            "field type conversion error for {name}.nanos value type: {}",
            EvalError::Overflow("integer")
        ))
    }
}

impl Part {
    /// The field of that name. All are of type `int`.
    pub(crate) fn named(name: &str) -> Option<Self> {
        match name {
            "seconds" => Some(Part::Seconds),
            "nanos" => Some(Part::Nanos),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_add_up() {
        let parts = |seconds, nanos| [(Part::Seconds, Value::Int(seconds)), (Part::Nanos, Value::Int(nanos))];
        let duration = |seconds, nanos| match Message::Duration.make(&parts(seconds, nanos)) {
            Ok(Value::Duration(nanos)) => nanos,
            other => panic!("{other:?}"),
        };
        assert_eq!(duration(1, -1), 999_999_999);
        assert_eq!(duration(i64::MAX, 5), i64::MAX);
        let shown = |seconds, nanos| match Message::Timestamp.make(&parts(seconds, nanos)) {
            Ok(Value::Timestamp(moment)) => moment.to_string(),
            other => format!("{other:?}"),
        };
        assert_eq!(shown(1, 500_000_000), "1970-01-01T00:00:01.5Z");
        assert_eq!(shown(i64::MAX, 0), "Err(Overflow(\"timestamp\"))");
        let why = Message::Timestamp.make(&parts(0, i64::MAX)).unwrap_err();
        assert!(why.to_string().ends_with("Timestamp.nanos value type: integer overflow"));
    }
}
