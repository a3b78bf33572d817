//! JSON whose fields come in a declared order, as Go writes what it holds in structs.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// A value, and for each field that holds objects (the empty name is the whole value) the order of their fields. Fields
/// that are not in the order follow by name.
#[derive(Clone, Copy)]
pub(super) struct Ordered<'a> {
    value: &'a Value,
    field: &'a str,
    orders: &'a [(&'a str, &'a [&'a str])],
}

impl<'a> Ordered<'a> {
    /// The whole value.
    pub(super) fn new(value: &'a Value, orders: &'a [(&'a str, &'a [&'a str])]) -> Self {
        Self { value, field: "", orders }
    }
}

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.value {
            Value::Object(map) => {
                let order = self.orders.iter().find(|(field, _)| *field == self.field);
                let order = order.map_or(&[][..], |(_, order)| order);
                let rank = |name: &str| order.iter().position(|known| *known == name).unwrap_or(order.len());
                let mut fields: Vec<_> = map.iter().collect();
                fields.sort_by_key(|(name, _)| rank(name));
                let mut out = serializer.serialize_map(Some(fields.len()))?;
                for (name, value) in fields {
                    out.serialize_entry(name, &Self { value, field: name, ..*self })?;
                }
                out.end()
            }
            Value::Array(items) => {
                let mut out = serializer.serialize_seq(Some(items.len()))?;
                for value in items {
                    out.serialize_element(&Self { value, ..*self })?;
                }
                out.end()
            }
            scalar => scalar.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn declared_fields_come_first() {
        let value = json!({"a": [{"y": 1, "x": 2, "b": 3}], "k": null});
        let ordered = Ordered::new(&value, &[("", &["k"]), ("a", &["y", "x"])]);
        assert_eq!(serde_json::to_string(&ordered).unwrap(), r#"{"k":null,"a":[{"y":1,"x":2,"b":3}]}"#);
    }
}
