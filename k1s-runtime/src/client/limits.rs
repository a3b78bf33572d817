//! How large and how deep an object may get. Every object that is to be stored passes here, whatever it was made by: a body, a
//! patch or a Scale.

use serde_json::Value;

use crate::api::{Object, status};

use super::{Error, Result};

/// Longest text of a stored object, in bytes: as much as kube-apiserver reads of a request.
pub(crate) const MAX_OBJECT_BYTES: usize = 3 << 20;

/// Levels of nesting of an object, itself included: what the decoder of stored text still takes, with a little to spare.
pub(crate) const MAX_DEPTH: usize = 120;

/// Refuses an object that could not be read again once it is stored.
///
/// # Errors
/// 400 when it is nested deeper than [`MAX_DEPTH`].
pub(crate) fn check_depth(object: &Object) -> Result<()> {
    if object.0.values().all(|value| fits(value, MAX_DEPTH - 1)) {
        return Ok(());
    }
    let message = format!("the object is nested too deeply: limit is {MAX_DEPTH} levels");
    Err(Error::Api(status::bad_request(message)))
}

/// Refuses text that is too long to be stored.
///
/// # Errors
/// 413 when it has more than [`MAX_OBJECT_BYTES`].
pub(crate) fn check_size(bytes: usize) -> Result<()> {
    if bytes > MAX_OBJECT_BYTES {
        return Err(Error::Api(status::too_large(&format!("limit is {MAX_OBJECT_BYTES}"))));
    }
    Ok(())
}

/// Whether a value has at most so many levels. Looks no deeper than that.
pub(crate) fn fits(value: &Value, levels: usize) -> bool {
    match value {
        Value::Array(items) => levels > 0 && items.iter().all(|item| fits(item, levels - 1)),
        Value::Object(map) => levels > 0 && map.values().all(|item| fits(item, levels - 1)),
        _ => true,
    }
}

/// About the bytes that a value takes as text; never less than its nodes.
pub(crate) fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| weight(item) + 1).sum::<usize>() + 2,
        Value::Object(map) => map.iter().map(|(key, item)| key.len() + weight(item) + 4).sum::<usize>() + 2,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn nested(levels: usize) -> Object {
        let inner = (2..levels).fold(json!([]), |inner, _| json!([inner]));
        Object::try_from(json!({"spec": inner})).unwrap()
    }

    #[test]
    fn what_is_accepted_can_be_read_again() {
        let deepest = nested(MAX_DEPTH);
        assert!(check_depth(&deepest).is_ok());
        let text = serde_json::to_string(&deepest).unwrap();
        assert_eq!(serde_json::from_str::<Object>(&text).unwrap(), deepest);
        assert!(check_depth(&nested(MAX_DEPTH + 1)).is_err());
    }

    #[test]
    fn sizes_are_refused_as_the_server_refuses_them() {
        assert!(check_size(MAX_OBJECT_BYTES).is_ok());
        let error = check_size(MAX_OBJECT_BYTES + 1).unwrap_err();
        assert_eq!(error.to_string(), "Request entity too large: limit is 3145728");
        assert_eq!(error.status().unwrap().code, 413);
    }
}
