//! The suffix of `--append-hash`: a name that changes with the content.

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::data::Holder;
use crate::manifest::to_json_compact;

/// The name with the hash of kind, name, type and data appended, as kubectl makes it.
pub(crate) fn append_hash(
    holder: Holder,
    name: &str,
    secret_type: &str,
    data: &Map<String, Value>,
    binary: &Map<String, Value>,
) -> String {
    let mut hashed = json!({"kind": holder.kind(), "name": name, "data": data});
    if holder == Holder::Secret {
        hashed["type"] = secret_type.into();
    }
    if !binary.is_empty() {
        hashed["binaryData"] = binary.clone().into();
    }
    let digest = Sha256::digest(to_json_compact(&hashed).as_bytes());
    let hex: String = digest.iter().take(5).map(|byte| format!("{byte:02x}")).collect();
    // Vowels and look-alikes are avoided, lest the suffix spell something.
    let suffix: String = hex
        .chars()
        .map(|c| match c {
            '0' => 'g',
            '1' => 'h',
            '3' => 'k',
            'a' => 'm',
            'e' => 't',
            other => other,
        })
        .collect();
    format!("{name}-{suffix}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_suffix_is_kubectls() {
        let data = Map::from_iter([("a".to_owned(), Value::from("1"))]);
        assert_eq!(append_hash(Holder::ConfigMap, "cfg-hash", "", &data, &Map::new()), "cfg-hash-88dtdghc95");
    }
}
