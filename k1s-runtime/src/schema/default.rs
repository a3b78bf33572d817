//! Defaulting, and what becomes of null.
//!
//! A null that the schema does not allow counts as absent: it is replaced by the default or dropped. As an item of a list it
//! stays where it is (validation refuses it) unless the items have a default.

use serde_json::{Map, Value};

use crate::api::has_null;

use super::node::Node;

impl Node {
    /// Fills in defaults, top down: a default is given only below what is there.
    pub(super) fn default_fields(&self, map: &mut Map<String, Value>) {
        if !self.has_defaults {
            return;
        }
        for (name, child) in &self.properties {
            let Some(default) = &child.default else { continue };
            match map.get_mut(name) {
                None => {
                    map.insert(name.clone(), default.clone());
                }
                Some(value) if child.refuses(value) => *value = default.clone(),
                Some(_) => {}
            }
        }
        for (name, child) in self.properties.iter().filter(|(_, child)| child.has_defaults) {
            if let Some(value) = map.get_mut(name) {
                child.default_value(value);
            }
        }
        let Some(child) = self.additional_schema().filter(|child| child.has_defaults) else { return };
        for (_, value) in map.iter_mut().filter(|(key, _)| !self.properties.contains_key(*key)) {
            child.replace_null(value);
            child.default_value(value);
        }
    }

    fn default_value(&self, value: &mut Value) {
        match value {
            _ if !self.has_defaults => {}
            Value::Object(map) => self.default_fields(map),
            Value::Array(items) => {
                let Some(child) = &self.items else { return };
                for item in items {
                    child.replace_null(item);
                    child.default_value(item);
                }
            }
            _ => {}
        }
    }

    fn replace_null(&self, value: &mut Value) {
        if let (true, Some(default)) = (self.refuses(value), &self.default) {
            *value = default.clone();
        }
    }

    /// Drops nulls that are not allowed and that no default replaced.
    pub(super) fn drop_null_fields(&self, map: &mut Map<String, Value>) {
        if has_null(map) {
            self.drop_found_nulls(map);
        }
    }

    fn drop_found_nulls(&self, map: &mut Map<String, Value>) {
        map.retain(|key, value| {
            let Some(child) = self.child(key) else { return true };
            if child.refuses(value) {
                return false;
            }
            child.drop_nulls(value);
            true
        });
    }

    fn drop_nulls(&self, value: &mut Value) {
        match value {
            Value::Object(map) => self.drop_found_nulls(map),
            Value::Array(items) => {
                let Some(child) = &self.items else { return };
                items.iter_mut().for_each(|item| child.drop_nulls(item));
            }
            _ => {}
        }
    }

    fn refuses(&self, value: &Value) -> bool {
        value.is_null() && !self.nullable
    }
}
