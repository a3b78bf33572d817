//! Texts that a schema is likely to accept.

use k1s_runtime::schema::Structural;

use super::pattern;

/// Most characters that are made up to satisfy `minLength`.
const MAX_LENGTH: usize = 256;

/// What stands for a text of which nothing is known.
const WORD: &str = "example";

/// A text for each format that is more than a word.
const FORMATS: [(&str, &str); 25] = [
    ("bsonobjectid", "507f1f77bcf86cd799439011"),
    ("uri", "https://example.com/"),
    ("email", "user@example.com"),
    ("hostname", "host.example.com"),
    ("ipv4", "192.0.2.1"),
    ("ipv6", "2001:db8::1"),
    ("cidr", "192.0.2.0/24"),
    ("mac", "00:00:5e:00:53:01"),
    ("uuid", "123e4567-e89b-42d3-a456-426614174000"),
    ("uuid3", "123e4567-e89b-32d3-a456-426614174000"),
    ("uuid4", "123e4567-e89b-42d3-a456-426614174000"),
    ("uuid5", "123e4567-e89b-52d3-a456-426614174000"),
    ("isbn", "978-0-306-40615-7"),
    ("isbn10", "0-306-40615-2"),
    ("isbn13", "978-0-306-40615-7"),
    ("creditcard", "4111111111111111"),
    ("ssn", "078-05-1120"),
    ("hexcolor", "#336699"),
    ("rgbcolor", "rgb(51, 102, 153)"),
    ("byte", "ZXhhbXBsZQ=="),
    ("date", "2026-01-02"),
    ("duration", "1h30m"),
    ("date-time", "2026-01-02T03:04:05Z"),
    ("k8s-short-name", WORD),
    ("k8s-long-name", "example.com"),
];

/// A text for the field of that name.
pub(super) fn text(name: &str, schema: &Structural) -> String {
    let bound = |bound: Option<i64>| bound.and_then(|bound| usize::try_from(bound).ok());
    let least = bound(schema.constraints.min_length).unwrap_or(0);
    let most = bound(schema.constraints.max_length).unwrap_or(usize::MAX);
    if let Some(found) = schema.format.as_deref().and_then(of_format) {
        return found.to_owned();
    }
    let fits = |text: &String| (least..=most).contains(&text.chars().count());
    if let Some(pattern) = &schema.constraints.pattern
        && let Some(found) = pattern::matching(pattern, [WORD, name], fits)
    {
        return found;
    }
    let wanted = WORD.len().max(least).min(most).min(MAX_LENGTH);
    let endless = WORD.chars().chain(['-']).cycle();
    endless.take(wanted).collect()
}

fn of_format(name: &str) -> Option<&'static str> {
    let dense = |text: &str| text.replace('-', "");
    FORMATS.iter().find(|(format, _)| dense(format) == dense(name)).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use k1s_runtime::schema::formats;

    use super::*;

    #[test]
    fn every_format_accepts_its_text() {
        for (name, text) in FORMATS {
            assert!(formats::find(name).unwrap().accepts(text), "{name}: {text}");
        }
        for format in formats::all().iter().filter(|format| format.checks_strings()) {
            assert!(format.accepts(of_format(format.name()).unwrap_or(WORD)), "{format:?}");
        }
    }

    #[test]
    fn lengths_are_kept() {
        let of = |keywords| text("name", &Structural::from_openapi(&keywords).unwrap());
        assert_eq!(of(serde_json::json!({"maxLength": 3})), "exa");
        assert_eq!(of(serde_json::json!({"minLength": 12})), "example-exam");
        assert_eq!(of(serde_json::json!({"minLength": 1_000_000})).len(), MAX_LENGTH);
        assert_eq!(of(serde_json::json!({"pattern": "^[a-z]+$", "minLength": 9})), "abcdefghijklmnop");
    }
}
