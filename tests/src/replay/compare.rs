//! Comparing an answer with the recorded one, level by level.

use std::fmt;
use std::ops::AddAssign;

use k1s_runtime::api::Status;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::normalise;
use super::request::Memory;

/// How many steps agree at each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Score {
    /// Steps replayed.
    pub steps: usize,
    /// Code and reason agree.
    pub verdict: usize,
    /// The causes agree, as a multiset.
    pub causes: usize,
    /// The message agrees.
    pub message: usize,
    /// Objects, lists, events, warnings and versions agree.
    pub object: usize,
}

impl Score {
    /// Whether fewer steps agree at any level, of no more steps.
    pub fn is_worse_than(&self, other: &Self) -> bool {
        self.steps < other.steps
            || self.verdict < other.verdict
            || self.causes < other.causes
            || self.message < other.message
            || self.object < other.object
    }
}

impl AddAssign for Score {
    fn add_assign(&mut self, other: Self) {
        self.steps += other.steps;
        self.verdict += other.verdict;
        self.causes += other.causes;
        self.message += other.message;
        self.object += other.object;
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Score { steps, verdict, causes, message, object } = self;
        write!(f, "steps={steps} verdict={verdict} causes={causes} message={message} object={object}")
    }
}

/// One thing in which an answer differs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The scenario.
    pub scenario: String,
    /// The step's index, from 0.
    pub step: usize,
    /// The level: `verdict`, `causes`, `message` or `object`.
    pub level: &'static str,
    /// What the server answered.
    pub expected: String,
    /// What the client answered.
    pub got: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Difference { scenario, step, level, expected, got } = self;
        write!(f, "{scenario} step {step}: {level}\n  expected {expected}\n  got      {got}")
    }
}

/// What the client answered.
#[derive(Debug, Default)]
pub(super) struct Answer {
    pub(super) code: u16,
    pub(super) failure: Option<Box<Status>>,
    pub(super) warnings: Vec<String>,
    pub(super) object: Option<Value>,
    pub(super) list: Option<(Vec<Value>, Value)>,
    pub(super) events: Option<Vec<Value>>,
    pub(super) success: bool,
    /// How the object's version relates to the last one seen: `new`, `same`, `bumped`.
    pub(super) version: Option<&'static str>,
    /// Columns and rows.
    pub(super) table: Option<(Vec<Value>, Vec<Value>)>,
    /// Whether a watch has ended.
    pub(super) ended: Option<bool>,
    /// Whether no version that a watch told was lower than one before; nothing if it told nothing.
    pub(super) ordered: Option<bool>,
    /// What the client cannot be asked.
    pub(super) inexpressible: Option<String>,
}

/// A level, what was expected and what was answered.
pub(super) type Found = (&'static str, String, String);

/// Compares an answer with the recorded one.
pub(super) fn compare(
    expect: &Map<String, Value>,
    answer: &Answer,
    memory: &Memory,
    managed_fields: bool,
) -> (Score, Vec<Found>) {
    let mut score = Score { steps: 1, ..Score::default() };
    let mut differences = Vec::new();
    let code = expect.get("code").and_then(Value::as_u64);
    let found_reason = answer.failure.as_ref().map_or("", |status| status.reason.as_str());
    let reason = expect.get("reason").and_then(Value::as_str);
    let verdict = answer.inexpressible.is_none()
        && code.is_none_or(|code| code == u64::from(answer.code))
        && reason.is_none_or(|reason| reason == found_reason);
    if !verdict {
        let got = answer.inexpressible.clone().map_or_else(
            || {
                let message = answer.failure.as_ref().map_or("", |status| status.message.as_str());
                format!("{} {found_reason} {message}", answer.code)
            },
            |what| format!("cannot be asked: {what}"),
        );
        let message = expect.get("message").and_then(Value::as_str).unwrap_or_default();
        let wanted = format!("{} {} {message}", code.unwrap_or(0), reason.unwrap_or_default());
        differences.push(("verdict", wanted, got));
        return (score, differences);
    }
    score.verdict = 1;
    let mut level = |name: &'static str, agreed: Result<(), (String, String)>| match agreed {
        Ok(()) => 1,
        Err((expected, got)) => {
            differences.push((name, expected, got));
            0
        }
    };
    score.causes = level("causes", compare_causes(expect, answer, memory));
    score.message = level("message", compare_message(expect, answer, memory));
    score.object = level("object", compare_rest(expect, answer, memory, managed_fields));
    (score, differences)
}

fn compare_causes(
    expect: &Map<String, Value>,
    answer: &Answer,
    memory: &Memory,
) -> Result<(), (String, String)> {
    let shown = |cause: &Value| {
        let text = |field: &str| cause.get(field).and_then(Value::as_str).unwrap_or_default();
        format!("{} {}: {}", text("reason"), text("field"), text("message"))
    };
    let mut expected: Vec<String> =
        expect.get("causes").and_then(Value::as_array).into_iter().flatten().map(shown).collect();
    let details = answer.failure.as_ref().and_then(|status| status.details.as_ref());
    let mut got: Vec<String> = details
        .into_iter()
        .flat_map(|details| &details.causes)
        .map(|cause| {
            let cause = json!({"reason": cause.reason, "field": cause.field, "message": cause.message});
            normalise::text(&shown(&cause), memory)
        })
        .collect();
    expected.sort();
    got.sort();
    let agree = expected.len() == got.len()
        && expected.iter().zip(&got).all(|(expected, got)| normalise::agrees(expected, got));
    if agree { Ok(()) } else { Err((format!("{expected:?}"), format!("{got:?}"))) }
}

fn compare_message(
    expect: &Map<String, Value>,
    answer: &Answer,
    memory: &Memory,
) -> Result<(), (String, String)> {
    let Some(expected) = expect.get("message").and_then(Value::as_str) else { return Ok(()) };
    let message = answer.failure.as_ref().map_or_else(String::new, |status| {
        if expect.contains_key("unordered") { sorted_message(status) } else { status.message.clone() }
    });
    let got = normalise::text(&message, memory);
    if normalise::agrees(expected, &got) { Ok(()) } else { Err((expected.to_owned(), got)) }
}

/// The message with its causes in the recordings' order, where the server's own is random.
fn sorted_message(status: &Status) -> String {
    let causes = status.details.as_ref().map(|details| details.causes.clone()).unwrap_or_default();
    let Some((start, _)) = status.message.split_once(" is invalid: ") else { return status.message.clone() };
    let mut sorted = causes;
    sorted.sort_by(|a, b| (&a.field, &a.message, &a.reason).cmp(&(&b.field, &b.message, &b.reason)));
    let mut texts: Vec<String> =
        sorted.into_iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
    texts.dedup();
    match texts.as_slice() {
        [only] => format!("{start} is invalid: {only}"),
        many => format!("{start} is invalid: [{}]", many.join(", ")),
    }
}

/// An event whose message, if it agrees with the recorded one, is that one: there, `<rv>` stands for any version.
fn with_versions_of(expected: Option<&Value>, mut event: Value) -> Value {
    const MESSAGE: &str = "/object/message";
    let recorded = expected.and_then(|event| event.pointer(MESSAGE)?.as_str());
    if let (Some(recorded), Some(got)) = (recorded, event.pointer_mut(MESSAGE))
        && got.as_str().is_some_and(|got| normalise::agrees(recorded, got))
    {
        *got = recorded.into();
    }
    event
}

/// Everything else that the recording has.
fn compare_rest(
    expect: &Map<String, Value>,
    answer: &Answer,
    memory: &Memory,
    managed_fields: bool,
) -> Result<(), (String, String)> {
    let normal = |value: &Value| normalise::object(value, memory, managed_fields);
    let mut got = Map::new();
    if let Some(object) = &answer.object {
        got.insert("object".into(), normal(object));
    }
    if let Some((items, metadata)) = &answer.list {
        let expected = expect.get("list").and_then(Value::as_array);
        let like = |(index, item): (usize, &Value)| {
            let mut item = normal(item);
            // The items of a core list do not name their kind.
            if let (Some(Value::Object(expected)), Value::Object(item)) =
                (expected.and_then(|list| list.get(index)), &mut item)
            {
                for field in ["apiVersion", "kind"] {
                    if !expected.contains_key(field) {
                        item.remove(field);
                    }
                }
            }
            item
        };
        got.insert("list".into(), items.iter().enumerate().map(like).collect());
        got.insert("listMetadata".into(), metadata.clone());
    }
    if let Some((columns, rows)) = &answer.table {
        got.insert("columns".into(), columns.clone().into());
        got.insert("rows".into(), rows.clone().into());
    }
    if let Some(events) = &answer.events {
        let normal_event = |event: &Value| {
            let mut event = event.clone();
            if let Some(object) = event.get("object").map(normal) {
                event["object"] = object;
            }
            event
        };
        let expected = expect.get("events").and_then(Value::as_array);
        let like = |(index, event): (usize, &Value)| {
            let expected = expected.and_then(|events| events.get(index));
            with_versions_of(expected, normal_event(event))
        };
        got.insert("events".into(), events.iter().enumerate().map(like).collect());
    }
    if answer.ended == Some(true) {
        got.insert("ended".into(), true.into());
    }
    // Events that come by name may have come in the order of their versions, too.
    if let Some(ordered) = answer.ordered
        && expect.get("ordered") != Some(&Value::Bool(false))
    {
        got.insert("ordered".into(), ordered.into());
    }
    if answer.success {
        got.insert("status".into(), "Success".into());
    }
    if let Some(version) = answer.version {
        got.insert("resourceVersion".into(), version.into());
    }
    got.insert("warnings".into(), json!(answer.warnings));
    let mut wanted = Map::new();
    const COMPARED: [&str; 10] = [
        "object",
        "list",
        "listMetadata",
        "events",
        "status",
        "resourceVersion",
        "columns",
        "rows",
        "ended",
        "ordered",
    ];
    for key in COMPARED {
        if let Some(value) = expect.get(key)
            && !(key == "ordered" && *value == false)
        {
            wanted.insert(key.into(), value.clone());
        }
    }
    wanted.insert("warnings".into(), expect.get("warnings").cloned().unwrap_or_else(|| json!([])));
    got.retain(|key, _| wanted.contains_key(key) || key == "ended");
    for map in [&mut got, &mut wanted] {
        map.values_mut().for_each(normalise::sort_managers);
        if let Some(Value::Array(warnings)) = map.get_mut("warnings") {
            warnings.sort_by_key(ToString::to_string);
        }
    }
    if got == wanted {
        return Ok(());
    }
    wanted.retain(|key, value| got.get(key) != Some(value) || got.remove(key).is_none());
    Err((Value::Object(wanted).to_string(), Value::Object(got).to_string()))
}
