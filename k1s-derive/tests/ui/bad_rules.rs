//! Rules that say nothing, or say it in a way that API servers refuse.
use k1s_runtime::{Resource, Schema};

#[derive(Schema)]
#[schema(
    validation(rule = " "),
    validation(rule = "true", message = ""),
    validation(rule = "true", message = "two\nlines"),
    validation(rule = "self.email\n == ''"),
    validation(rule = "true", reason = "FieldInvalid"),
    validation(rule = "true", message_expression = ""),
    validation(rule = "true", field_path = ".emial"),
    at_most_one_of(email, phon),
    at_least_one_of()
)]
struct Supplier {
    email: Option<String>,
    phone: Option<String>,
}

#[derive(Resource)]
#[resource(group = "example.com", version = "v1", kind = "Item", validation(rule = ""))]
struct ItemSpec {
    name: String,
}

#[derive(Schema)]
struct Ruleless {
    #[schema(validation(message = "m"))]
    name: String,
}

fn main() {}
