//! `metadata.managedFields`: read, written, and kept from growing without end.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::codec;
use super::set::FieldSet;

/// Most entries of managers that write without applying; older ones are put together.
const MAX_UPDATERS: usize = 10;
/// The name of the entry that older ones are put together in.
const ANCIENT: &str = "ancient-changes";

/// How a manager writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Operation {
    /// Server-side apply: what it does not name any more goes.
    Apply,
    /// Everything else.
    Update,
}

/// Who owns fields: one entry for each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Manager {
    pub(super) name: String,
    pub(super) operation: Operation,
    /// Empty for appliers: in whichever version they apply, they have one entry.
    pub(super) api_version: String,
    pub(super) subresource: String,
}

impl Manager {
    pub(super) fn new(name: &str, operation: Operation, api_version: &str, subresource: &str) -> Self {
        let api_version = if operation == Operation::Apply { "" } else { api_version };
        Self {
            name: name.to_owned(),
            operation,
            api_version: api_version.to_owned(),
            subresource: subresource.to_owned(),
        }
    }
}

/// What a manager owns.
#[derive(Clone, Debug)]
pub(super) struct Owned {
    pub(super) fields: FieldSet,
    /// The version that the fields are of.
    pub(super) api_version: String,
    /// RFC 3339, whole seconds. An entry that came to be without a change of the object has none.
    pub(super) time: Option<String>,
}

/// The owners of an object's fields.
pub(super) type Managers = BTreeMap<Manager, Owned>;

/// Reads `metadata.managedFields`.
///
/// # Errors
/// What is wrong with it.
pub(super) fn decode(entries: Option<&Value>) -> Result<Managers, String> {
    let mut managers = Managers::new();
    for entry in entries.and_then(Value::as_array).into_iter().flatten() {
        let text = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or_default();
        let operation = match text("operation") {
            "Apply" => Operation::Apply,
            "Update" => Operation::Update,
            _ => return Err("operation must be `Update` or `Apply`".to_owned()),
        };
        let api_version = text("apiVersion");
        if api_version.is_empty() {
            return Err("apiVersion must not be empty".to_owned());
        }
        match text("fieldsType") {
            "FieldsV1" => {}
            "" => return Err("missing fieldsType in managed fields entry".to_owned()),
            other => return Err(format!("invalid fieldsType {other:?} in managed fields entry")),
        }
        let fields = match entry.get("fieldsV1") {
            None | Some(Value::Null) => FieldSet::default(),
            Some(Value::Object(fields)) => codec::decode(fields)?,
            Some(_) => return Err("fieldsV1 must be an object".to_owned()),
        };
        let manager = Manager::new(text("manager"), operation, api_version, text("subresource"));
        let time = Some(text("time").to_owned()).filter(|time| !time.is_empty());
        managers.insert(manager, Owned { fields, api_version: api_version.to_owned(), time });
    }
    Ok(managers)
}

/// Whether entries ask for ownership to be forgotten: a single empty one.
pub(super) fn is_reset(entries: Option<&Value>) -> bool {
    let is_empty = |entry: &Value| entry.as_object().is_some_and(Map::is_empty);
    matches!(entries.and_then(Value::as_array).map(Vec::as_slice), Some([only]) if is_empty(only))
}

/// Writes `metadata.managedFields`, appliers first, then by time and name; `None` if nothing is owned.
pub(super) fn encode(managers: &Managers) -> Option<Value> {
    let mut sorted: Vec<(&Manager, &Owned)> = managers.iter().collect();
    sorted.sort_by(|(a, of_a), (b, of_b)| {
        (a.operation, &of_a.time, &a.name, &of_a.api_version, &a.subresource).cmp(&(
            b.operation,
            &of_b.time,
            &b.name,
            &of_b.api_version,
            &b.subresource,
        ))
    });
    let entries: Vec<Value> = sorted.into_iter().map(|(manager, owned)| entry(manager, owned)).collect();
    (!entries.is_empty()).then_some(Value::Array(entries))
}

fn entry(manager: &Manager, owned: &Owned) -> Value {
    let mut entry = Map::new();
    let mut put = |field: &str, value: Value| entry.insert(field.to_owned(), value);
    put("apiVersion", owned.api_version.as_str().into());
    put("fieldsType", "FieldsV1".into());
    put("fieldsV1", Value::Object(codec::encode(&owned.fields)));
    if !manager.name.is_empty() {
        put("manager", manager.name.as_str().into());
    }
    let operation = match manager.operation {
        Operation::Apply => "Apply",
        Operation::Update => "Update",
    };
    put("operation", operation.into());
    if !manager.subresource.is_empty() {
        put("subresource", manager.subresource.as_str().into());
    }
    if let Some(time) = &owned.time {
        put("time", time.as_str().into());
    }
    Value::Object(entry)
}

/// Puts the oldest entries of managers that do not apply together when there are more than ten.
pub(super) fn cap(managers: &mut Managers) {
    let mut updaters: Vec<Manager> =
        managers.keys().filter(|manager| manager.operation == Operation::Update).cloned().collect();
    let mut count = updaters.len();
    if count <= MAX_UPDATERS {
        return;
    }
    updaters.sort_by_cached_key(|manager| {
        (managers.get(manager).and_then(|owned| owned.time.clone()), manager.clone())
    });
    let mut first_of_version: BTreeMap<String, Manager> = BTreeMap::new();
    for manager in updaters {
        if count <= MAX_UPDATERS {
            return;
        }
        let Some(owned) = managers.get(&manager).cloned() else { continue };
        let Some(first) = first_of_version.get(&owned.api_version) else {
            first_of_version.insert(owned.api_version, manager);
            continue;
        };
        let bucket = Manager::new(ANCIENT, Operation::Update, &owned.api_version, "");
        if !managers.contains_key(&bucket)
            && let Some(first) = managers.remove(first)
        {
            managers.insert(bucket.clone(), first);
        }
        if manager == bucket {
            continue;
        }
        managers.remove(&manager);
        count -= 1;
        if let Some(kept) = managers.get_mut(&bucket) {
            kept.fields = kept.fields.union(&owned.fields);
            kept.time = owned.time;
        }
    }
}

/// Whether two values of `metadata.managedFields` differ in more than times.
pub(crate) fn changed(old: Option<&Value>, new: Option<&Value>) -> bool {
    let list = |entries: Option<&Value>| entries.and_then(Value::as_array).cloned().unwrap_or_default();
    let bare = |entries: Option<&Value>| {
        let mut entries = list(entries);
        for entry in &mut entries {
            if let Value::Object(entry) = entry {
                entry.remove("time");
            }
        }
        entries
    };
    old != new && bare(old) != bare(new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry_of(manager: &str, operation: &str, time: &str) -> Value {
        json!({"manager": manager, "operation": operation, "apiVersion": "v1", "time": time,
            "fieldsType": "FieldsV1", "fieldsV1": {format!("f:{manager}"): {}}})
    }

    #[test]
    fn entries_are_sorted_by_operation_time_and_name() {
        let entries = json!([
            entry_of("u", "Update", "2026-01-01T00:00:01Z"),
            entry_of("b", "Apply", "2026-01-01T00:00:09Z"),
            entry_of("a", "Apply", "2026-01-01T00:00:09Z"),
            entry_of("z", "Apply", "2026-01-01T00:00:03Z"),
        ]);
        let written = encode(&decode(Some(&entries)).unwrap()).unwrap();
        let names: Vec<_> =
            written.as_array().unwrap().iter().map(|entry| entry["manager"].clone()).collect();
        assert_eq!(names, ["z", "a", "b", "u"]);
    }

    #[test]
    fn entries_that_are_none_are_refused() {
        let refused = |entry: Value| decode(Some(&json!([entry]))).unwrap_err();
        assert!(refused(json!({"operation": "Bad"})).starts_with("operation must be"));
        assert!(refused(json!({"operation": "Apply"})).starts_with("apiVersion"));
        assert!(refused(json!({"operation": "Apply", "apiVersion": "v1"})).starts_with("missing fieldsType"));
        assert!(is_reset(Some(&json!([{}]))) && !is_reset(Some(&json!([]))) && !is_reset(None));
    }

    #[test]
    fn the_oldest_updaters_are_put_together() {
        let names: Vec<String> = (0..13).map(|index| format!("m{index:02}")).collect();
        let entries: Vec<Value> = names
            .iter()
            .enumerate()
            .map(|(index, name)| entry_of(name, "Update", &format!("2026-01-01T00:00:{index:02}Z")))
            .collect();
        let mut managers = decode(Some(&entries.into())).unwrap();
        cap(&mut managers);
        assert_eq!(managers.len(), 10);
        let bucket = managers.iter().find(|(manager, _)| manager.name == ANCIENT).unwrap().1;
        assert_eq!(bucket.fields.paths(), [".m00", ".m01", ".m02", ".m03"]);
        assert_eq!(bucket.time.as_deref(), Some("2026-01-01T00:00:03Z"));
    }

    #[test]
    fn times_alone_are_no_change() {
        let (a, b) = (json!([entry_of("a", "Apply", "1")]), json!([entry_of("a", "Apply", "2")]));
        assert!(!changed(Some(&a), Some(&b)));
        assert!(changed(Some(&a), Some(&json!([entry_of("b", "Apply", "1")]))) && changed(Some(&a), None));
    }
}
