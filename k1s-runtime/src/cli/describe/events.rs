//! Events: in what order they come, how long ago they happened, and the section of a description.

use jiff::Timestamp;
use serde_json::Value;

use super::layout::Page;
use super::ordered::Ordered;
use crate::api::Object;
use crate::client::table::human_duration;
use crate::manifest;

/// Sorts events by when they were last seen; those of one time keep their order.
pub(crate) fn sort(events: &mut [Object]) {
    events.sort_by_key(|event| {
        if event.0.get("series").is_some_and(Value::is_object) {
            return time(event, &["series", "lastObservedTime"]);
        }
        time(event, &["lastTimestamp"]).or_else(|| time(event, &["eventTime"]))
    });
}

/// How long ago an event happened: `5m`, or `5m (x4 over 2h)` if it did so several times.
pub(crate) fn interval(event: &Object, now: Timestamp) -> String {
    let since = |at: Option<Timestamp>| {
        at.map_or_else(|| "<unknown>".to_owned(), |at| human_duration(now.duration_since(at).as_secs()))
    };
    let first = time(event, &["eventTime"]).or_else(|| time(event, &["firstTimestamp"]));
    let count = |at: &[&str]| field(event, at).and_then(Value::as_i64);
    if event.0.get("series").is_some_and(Value::is_object) {
        let last = time(event, &["series", "lastObservedTime"]);
        let count = count(&["series", "count"]).unwrap_or(0);
        return format!("{} (x{count} over {})", since(last), since(first));
    }
    match count(&["count"]) {
        Some(count) if count > 1 => {
            format!("{} (x{count} over {})", since(time(event, &["lastTimestamp"])), since(first))
        }
        _ => since(first),
    }
}

/// A text of an event; empty if it is absent.
pub(crate) fn text<'a>(event: &'a Object, path: &[&str]) -> &'a str {
    field(event, path).and_then(Value::as_str).unwrap_or_default()
}

/// A list of events as JSON, its fields in the order in which Kubernetes declares them.
pub(crate) fn event_list_json(list: &Value) -> String {
    manifest::to_json_pretty(&Ordered::new(list, &FIELD_ORDER))
}

/// For each field that holds objects, the order of their fields.
const FIELD_ORDER: [(&str, &[&str]); 5] = [
    ("", &["kind", "apiVersion", "metadata", "items"]),
    (
        "items",
        &[
            "kind",
            "apiVersion",
            "metadata",
            "involvedObject",
            "reason",
            "message",
            "source",
            "firstTimestamp",
            "lastTimestamp",
            "count",
            "type",
            "eventTime",
            "series",
            "action",
            "related",
            "reportingComponent",
            "reportingInstance",
        ],
    ),
    (
        "metadata",
        &[
            "name",
            "generateName",
            "namespace",
            "selfLink",
            "uid",
            "resourceVersion",
            "generation",
            "creationTimestamp",
            "deletionTimestamp",
            "deletionGracePeriodSeconds",
            "labels",
            "annotations",
            "ownerReferences",
            "finalizers",
        ],
    ),
    ("involvedObject", &REFERENCE_ORDER),
    ("related", &REFERENCE_ORDER),
];

const REFERENCE_ORDER: [&str; 7] =
    ["kind", "namespace", "name", "uid", "apiVersion", "resourceVersion", "fieldPath"];

/// The last section of a description.
pub(super) fn section(page: &mut Page, events: &[Object], now: Timestamp) {
    if events.is_empty() {
        return page.write(0, "Events:\t<none>\n");
    }
    page.break_columns();
    page.write(0, "Events:\n");
    page.write(1, "Type\tReason\tAge\tFrom\tMessage\n");
    page.write(1, "----\t------\t----\t----\t-------\n");
    let mut events = events.to_vec();
    sort(&mut events);
    for event in &events {
        let from = match text(event, &["source", "component"]) {
            "" => text(event, &["reportingComponent"]),
            component => component,
        };
        let [kind, reason] = ["type", "reason"].map(|field| text(event, &[field]));
        let message = text(event, &["message"]).trim();
        page.write(1, &format!("{kind}\t{reason}\t{}\t{from}\t{message}\n", interval(event, now)));
    }
}

fn field<'a>(event: &'a Object, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(event.0.get(*first)?, |value, name| value.get(*name))
}

fn time(event: &Object, path: &[&str]) -> Option<Timestamp> {
    field(event, path)?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(value: Value) -> Object {
        Object::try_from(value).unwrap()
    }

    #[test]
    fn repeated_events_say_how_often_and_since_when() {
        let now: Timestamp = "2024-01-01T01:00:00Z".parse().unwrap();
        let once = event(json!({"count": 1, "firstTimestamp": "2024-01-01T00:00:00Z", "eventTime": null}));
        assert_eq!(interval(&once, now), "60m");
        let often = json!({"count": 4, "firstTimestamp": "2024-01-01T00:00:00Z", "lastTimestamp": "2024-01-01T00:59:00Z"});
        assert_eq!(interval(&event(often), now), "60s (x4 over 60m)");
        let series = json!({"eventTime": "2024-01-01T00:00:00Z", "series": {"count": 2, "lastObservedTime": "2024-01-01T00:59:59Z"}});
        assert_eq!(interval(&event(series), now), "1s (x2 over 60m)");
        assert_eq!(interval(&event(json!({})), now), "<unknown>");
    }

    #[test]
    fn the_section_is_a_table_of_its_own() {
        let mut page = Page::default();
        page.write(0, "A very long heading:\tx\n");
        let now: Timestamp = "2024-01-01T01:00:00Z".parse().unwrap();
        let mut events = [
            event(
                json!({"type": "Warning", "reason": "Broken", "lastTimestamp": "2024-01-01T00:00:02Z", "message": " m ", "reportingComponent": "r"}),
            ),
            event(json!({"type": "Normal", "reason": "Made", "lastTimestamp": "2024-01-01T00:00:01Z"})),
        ];
        sort(&mut events);
        section(&mut page, &events, now);
        let expected = "\
A very long heading:  x
Events:
  Type     Reason  Age        From  Message
  ----     ------  ----       ----  -------
  Normal   Made    <unknown>        
  Warning  Broken  <unknown>  r     m
";
        assert_eq!(page.finish(), expected);
    }
}
