//! Literals that fail whenever they are evaluated.
use k1s_runtime::Schema;

#[derive(Schema)]
#[schema(
    validation(rule = "self.name.matches('[a-')"),
    validation(rule = "duration(self.name) > duration('1 hour')"),
    validation(rule = "timestamp('yesterday') < timestamp(self.name)"),
    validation(rule = "self.other.matches('(')"),
    validation(rule = "self.name in ['a', 1]"),
    validation(rule = "'%d'.format([self.name]) == ''"),
    validation(rule = "self.other > int('one')")
)]
struct Item {
    name: String,
    other: Other,
}

#[derive(Schema)]
struct Other {}

fn main() {}
