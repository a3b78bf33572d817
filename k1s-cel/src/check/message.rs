//! Message literals: `Name{field: value}`.

use crate::functions::message::{Message, Part};
use crate::syntax::ast::StructField;
use crate::ty::Type;

use super::checker::Checker;

impl Checker<'_> {
    /// The type of a message literal at a place.
    pub(super) fn message(&mut self, at: u32, name: &str, fields: &[StructField]) -> Type {
        let message = Message::named(name);
        let ty = match (message, self.resolve(name)) {
            (Some(message), _) => message.ty(),
            (None, None) => {
                fields.iter().for_each(|field| {
                    self.check(field.value);
                });
                return self.undeclared(at, name);
            }
            (None, Some((Type::Type(Some(named)), _))) => {
                self.complain(at, format!("'{named}' is not a message type"), None);
                Type::Error
            }
            (None, Some((other, _))) => {
                self.complain(at, format!("'{other}' is not a type"), None);
                Type::Error
            }
        };
        for field in fields {
            let mut found = self.check(field.value);
            if field.optional {
                found = self.optional_element(field.value, &found);
            }
            if message.is_none() {
                continue;
            }
            let name = &field.field;
            if Part::named(name).is_none() {
                self.complain(field.at, format!("undefined field '{name}'"), None);
            } else if !self.known.assign(&Type::Int, &found) {
                let found = self.known.apply(&found, false);
                let message =
                    format!("expected type of field '{name}' is 'int' but provided type is '{found}'");
                self.complain(field.at, message, None);
            }
        }
        ty
    }
}

#[cfg(test)]
mod tests {
    use crate::ty::Type;
    use crate::{Env, Program, Value};

    fn check(text: &str) -> Result<Type, String> {
        let checked = Env::new().with("n", Type::Int).check(text);
        checked.map(|checked| checked.result_type().clone()).map_err(|issues| issues.to_string())
    }

    #[test]
    fn messages_are_made_of_their_fields() {
        assert_eq!(
            check("google.protobuf.Timestamp{seconds: n, ?nanos: optional.of(1)}"),
            Ok(Type::Timestamp)
        );
        assert_eq!(check(".google.protobuf.Duration{}"), Ok(Type::Duration));
        let wrong = [
            ("int{}", "'int' is not a message type"),
            ("n{}", "'int' is not a type"),
            ("Nope{a: m}", "undeclared reference to 'Nope'"),
            ("google.protobuf.Duration{x: 1}", "undefined field 'x'"),
            (
                "google.protobuf.Duration{nanos: 1.0}",
                "expected type of field 'nanos' is 'int' but provided type is 'double'",
            ),
        ];
        for (text, why) in wrong {
            let issues = check(text).unwrap_err();
            assert!(issues.contains(why), "{issues}");
        }
    }

    #[test]
    fn messages_are_values() {
        let text = "google.protobuf.Timestamp{seconds: n} - google.protobuf.Duration{nanos: 1, ?seconds: optional.none()} \
                    < timestamp('1970-01-01T00:00:01Z')";
        let env = Env::new().with("n", Type::Int);
        let checked = env.check(text).unwrap();
        let estimate = checked.estimate(&env);
        let program = Program::new(&checked).unwrap();
        let evaluation = program.run(&[Some(Ok(Value::Int(1)))]);
        assert!(matches!(evaluation.result, Ok(Value::Bool(true))), "{:?}", evaluation.result);
        assert!(evaluation.cost > 80 && evaluation.cost <= estimate.max, "{} {estimate:?}", evaluation.cost);
    }
}
