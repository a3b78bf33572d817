//! What the outside world gives to an object: the time, a uid, a random name suffix.

use jiff::Timestamp;
use uuid::Uuid;

/// Now, as `metadata.creationTimestamp` is written.
pub(crate) fn now() -> String {
    // Without a fraction to print, it prints none.
    let now = Timestamp::now();
    Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
}

/// A new uid.
pub(crate) fn uid() -> String {
    Uuid::new_v4().to_string()
}

/// Longest prefix that `generateName` contributes.
const PREFIX_LIMIT: usize = 58;

/// A name made of a prefix and five random characters, without vowels and look-alikes.
pub(crate) fn generated_name(prefix: &str) -> String {
    const ALPHABET: &[u8; 27] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut end = prefix.len().min(PREFIX_LIMIT);
    while !prefix.is_char_boundary(end) {
        end -= 1;
    }
    let random = Uuid::new_v4();
    let suffix = random.as_bytes().iter().take(5).map(|&byte| char::from(ALPHABET[usize::from(byte) % 27]));
    prefix[..end].chars().chain(suffix).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn generated_names_fit_a_label() {
        let name = generated_name(&"a".repeat(200));
        assert_eq!(name.len(), 63);
        assert!(generated_name("web-").starts_with("web-"));
    }

    #[test]
    fn times_are_whole_seconds_in_utc() {
        let now = now();
        assert_eq!((now.len(), &now[10..11], &now[19..]), (20, "T", "Z"));
    }
}
