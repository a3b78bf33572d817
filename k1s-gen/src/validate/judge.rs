//! From a document to what is to be said of it.
//!
//! Documents are decoded without places first, which is cheaper; only of those that have something wrong the places are looked up, by
//! decoding them again.

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::client::Review;
use k1s_runtime::manifest::{self, Document, Part, Positions, decode_with};
use serde_json::Value;

use super::collect::Item;
use super::fault::{self, Fault};
use super::filter::Filter;
use super::finding::{ObjectRef, Report, Verdict};
use super::ignore::Comments;
use super::input;
use super::json_schema;
use super::locate::Locator;
use super::old::Old;
use super::schemas::Schemas;

/// How to judge.
#[derive(Clone, Debug)]
pub struct Strictness {
    /// Whether unknown fields and keys that occur twice are errors; warnings otherwise. Default: true.
    pub unknown_fields: bool,
    /// Whether objects whose kind has no schema are passed over. Default: false.
    pub ignore_missing_schemas: bool,
}

impl Default for Strictness {
    fn default() -> Self {
        Self { unknown_fields: true, ignore_missing_schemas: false }
    }
}

/// A document of a source that was judged.
#[derive(Debug)]
pub struct JudgedDocument {
    /// Name of the source.
    pub source: Arc<str>,
    /// Its comments that are meant for us.
    pub comments: Comments,
    /// The object that it holds; those in it if it is a list; none if only comments are in it.
    pub objects: Vec<Judged>,
}

/// An object that was judged.
#[derive(Debug)]
pub struct Judged {
    /// What is to be said of it.
    pub item: Item,
    /// The object as an API server would store it, if it would and that was asked for.
    pub stored: Option<Object>,
}

/// Judges documents. Safe to share between threads.
pub struct Judge<'s> {
    /// What by.
    pub schemas: &'s Schemas,
    /// How.
    pub strictness: Strictness,
    /// Which kinds are not looked at, and which may not be there.
    pub filter: Filter,
    /// What was there before.
    pub old: Option<&'s Old>,
    /// Whether the objects as they would be stored are wanted.
    pub keep_stored: bool,
}

/// A text that documents are read from, and how to read one again with places.
struct Text<'t> {
    source: &'t Arc<str>,
    bytes: &'t [u8],
    /// Line of the first byte.
    line: usize,
}

impl Judge<'_> {
    /// Judges the documents of a whole source.
    pub fn source(&self, source: &Arc<str>, text: &[u8]) -> Vec<JudgedDocument> {
        if input::starts_as_json(text) {
            return self.json(source, text);
        }
        let parts = manifest::Parts::new(source, text, input::options(false));
        parts
            .map(|part| match part {
                Ok(part) => self.part(source, &part),
                Err(error) => self.broken(source, &input::Fault::Parts(error)),
            })
            .collect()
    }

    /// Judges an object that was decoded elsewhere, or the objects of the list that it is. Findings have no places.
    pub fn object(&self, source: &Arc<str>, value: Value) -> Vec<Judged> {
        let text = Text { source, bytes: b"", line: 1 };
        let document =
            Document { value, positions: Positions::default(), index: 0, line: 1, duplicates: Vec::new() };
        self.document(&text, document, &|| None)
    }

    /// Judges one document of a YAML stream.
    pub(super) fn part(&self, source: &Arc<str>, part: &Part) -> JudgedDocument {
        let text = Text { source, bytes: &part.text, line: part.line };
        let comments = Comments::of(&part.text, part.line);
        let objects = match part.decode(source, input::options(false)) {
            Ok(None) => Vec::new(),
            Err(error) => vec![undecodable(&text, &error)],
            Ok(Some(document)) => {
                let again = || part.decode(source, input::options(true)).ok().flatten();
                self.document(&text, document, &again)
            }
        };
        JudgedDocument { source: source.clone(), comments, objects }
    }

    /// Judges a stream of JSON values.
    pub(super) fn json(&self, source: &Arc<str>, bytes: &[u8]) -> Vec<JudgedDocument> {
        let text = Text { source, bytes, line: 1 };
        let judged = decode_with(source, bytes, input::options(true)).map(|document| match document {
            Err(error) => vec![undecodable(&text, &error)],
            Ok(document) => {
                let copy = document.clone();
                self.document(&text, document, &|| Some(copy.clone()))
            }
        });
        let document =
            |objects| JudgedDocument { source: source.clone(), comments: Comments::default(), objects };
        judged.map(document).collect()
    }

    /// What cannot be read at all.
    pub(super) fn broken(&self, source: &Arc<str>, fault: &input::Fault) -> JudgedDocument {
        let (fault, line) = match fault {
            input::Fault::Io(error) => (Fault::file(reason(error)), 0),
            input::Fault::Other(words) => (Fault::file(words.clone()), 0),
            input::Fault::Parts(manifest::PartsError::Read(error)) => (Fault::file(reason(error)), 0),
            input::Fault::Parts(manifest::PartsError::Limit(error)) => {
                (fault::of_decoder(error), error.location().position.line)
            }
        };
        let mut report = report(source, line.max(1) as usize, None, Verdict::Error);
        report.findings.push(Locator::at_line(line).finding(fault));
        let (source, comments) = (source.clone(), Comments::default());
        JudgedDocument { source, comments, objects: vec![Judged::new(report)] }
    }

    fn document(
        &self,
        text: &Text<'_>,
        document: Document,
        again: &dyn Fn() -> Option<Document>,
    ) -> Vec<Judged> {
        let Document { value, line, duplicates, .. } = document;
        let mut faults = fault::of_duplicates(&duplicates, self.strictness.unknown_fields);
        // Decoded again at most once, however many objects a list has.
        let mut decoded: Option<Document> = None;
        let mut judged = Vec::new();
        for (prefix, item) in objects(value) {
            let (own, others) =
                std::mem::take(&mut faults).into_iter().partition(|fault| fault.field.starts_with(&prefix));
            faults = others;
            let Opinion { object, verdict, faults: found, stored, namespaced, generated } =
                self.opinion(item, &prefix, own);
            if decoded.is_none() && (!found.is_empty() || !prefix.is_empty()) {
                decoded = again();
            }
            let place =
                decoded.as_ref().and_then(|document| document.positions.field(prefix.trim_end_matches('.')));
            let line = place.map_or(line, |place| place.start().line as usize);
            let mut report = report(text.source, line, object, verdict);
            if !found.is_empty() {
                let locator = Locator::of(decoded.as_ref(), &prefix, line);
                locator.report(found, text.bytes, text.line, &mut report);
            }
            judged.push(Judged { item: Item { report, namespaced, generated }, stored });
        }
        judged
    }

    /// Judges one object, which stands at `prefix` in its document.
    fn opinion(&self, value: Value, prefix: &str, mut faults: Vec<Fault>) -> Opinion {
        let value = match Object::try_from(value) {
            Ok(object) => object,
            Err(other) => {
                faults.push(Fault::not_an_object(&other));
                return Opinion::refused(faults, prefix);
            }
        };
        let reference = reference(&value);
        let missing = fault::of_type(&value);
        if !missing.is_empty() {
            faults.extend(missing);
            return Opinion { object: Some(reference), ..Opinion::refused(faults, prefix) };
        }
        if self.filter.rejects(&value) {
            faults.push(Fault::rejected(&value));
            return Opinion { object: Some(reference), ..Opinion::refused(faults, prefix) };
        }
        if self.filter.skips(&value) {
            return Opinion { object: Some(reference), ..Opinion::skipped() };
        }
        let generated = value.name().is_empty() && value.generate_name().is_some();
        let gvk = value.gvk();
        let opinion = if self.schemas.reviewer().knows(&gvk) {
            self.review(value, &reference, faults)
        } else {
            self.by_json_schema(value, faults)
        };
        Opinion { object: Some(reference), generated, ..opinion.below(prefix) }
    }

    fn review(&self, object: Object, reference: &ObjectRef, mut faults: Vec<Fault>) -> Opinion {
        let reviewer = self.schemas.reviewer();
        let gvk = object.gvk();
        let definition = reviewer.scheme().by_gvk(&gvk);
        let namespaced = definition.as_ref().map(|definition| definition.is_namespaced());
        let old = self.old.and_then(|old| old.find(reference, namespaced));
        let reviewed = match old {
            Some(old) => reviewer.update(&object, old),
            None => reviewer.create(&object),
        };
        let review = match reviewed {
            Ok(Some(review)) => review,
            Ok(None) => return self.by_json_schema(object, faults),
            Err(error) => {
                faults.push(Fault::schema(error.to_string()));
                return Opinion { verdict: Verdict::Error, faults, ..Opinion::default() };
            }
        };
        let Review { object: stored, unknown, undecodable, errors, warnings, deprecated } = review;
        let hints = |path: &[&str]| reviewer.fields_at(&gvk, path);
        faults.extend(
            unknown.iter().map(|field| fault::unknown(field, self.strictness.unknown_fields, &hints)),
        );
        faults.extend(undecodable.iter().map(|error| fault::of_undecodable(error, &object)));
        faults.extend(errors.iter().map(|error| fault::of_error(error, &object)));
        faults.extend(warnings.iter().map(|warning| fault::of_warning(warning)));
        faults.extend(deprecated.iter().map(|warning| fault::of_deprecation(warning)));
        let verdict = fault::verdict(&faults);
        let stored = Some(stored).filter(|_| self.keep_stored && verdict == Verdict::Valid);
        Opinion { verdict, faults, stored, namespaced, ..Opinion::default() }
    }

    fn by_json_schema(&self, object: Object, mut faults: Vec<Fault>) -> Opinion {
        let gvk = object.gvk();
        let locations = self.schemas.locations();
        match locations.find(&gvk) {
            Ok(Some(schema)) => {
                let value = object.into_value();
                faults.extend(json_schema::faults(&schema, &value));
                let verdict = fault::verdict(&faults);
                Opinion { verdict, faults, ..Opinion::default() }
            }
            Ok(None) if self.strictness.ignore_missing_schemas => Opinion::skipped(),
            Ok(None) => {
                faults.push(Fault::missing_schema(&gvk, self.schemas));
                Opinion { verdict: Verdict::Error, faults, ..Opinion::default() }
            }
            Err(error) => {
                faults.push(Fault::schema(error));
                Opinion { verdict: Verdict::Error, faults, ..Opinion::default() }
            }
        }
    }
}

impl Judged {
    fn new(report: Report) -> Self {
        Self { item: Item { report, namespaced: None, generated: false }, stored: None }
    }
}

/// What is thought of one object.
#[derive(Default)]
struct Opinion {
    object: Option<ObjectRef>,
    verdict: Verdict,
    faults: Vec<Fault>,
    stored: Option<Object>,
    namespaced: Option<bool>,
    generated: bool,
}

impl Opinion {
    fn skipped() -> Self {
        Self { verdict: Verdict::Skipped, ..Self::default() }
    }

    fn refused(faults: Vec<Fault>, prefix: &str) -> Self {
        Self { verdict: Verdict::Invalid, faults, ..Self::default() }.below(prefix)
    }

    /// The same of an object that stands in a list. Faults of the decoder have their whole paths already.
    fn below(mut self, prefix: &str) -> Self {
        if !prefix.is_empty() {
            self.faults.iter_mut().for_each(|fault| fault.put_below(prefix));
        }
        self
    }
}

/// The objects of a document with the paths at which they stand: itself, or the items of a list, as kubectl reads it.
pub(super) fn objects(value: Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), value)];
    while let Some((prefix, value)) = open.pop() {
        match value {
            Value::Object(mut map)
                if map.get("items").is_some_and(Value::is_array) && map.contains_key("kind") =>
            {
                let Some(Value::Array(items)) = map.remove("items") else { continue };
                let list = Value::Object(map);
                let items = items.into_iter().enumerate().rev();
                open.extend(
                    items
                        .map(|(index, item)| (format!("{prefix}items[{index}]."), with_type_of(item, &list))),
                );
            }
            // A list without items is empty.
            Value::Object(map)
                if map.get("kind").is_some_and(|kind| kind == "List") && !map.contains_key("items") => {}
            value => found.push((prefix, value)),
        }
    }
    found
}

/// Gives an item of a typed list the list's type, if it has none of its own.
fn with_type_of(mut item: Value, list: &Value) -> Value {
    let kind =
        list["kind"].as_str().and_then(|kind| kind.strip_suffix("List")).filter(|kind| !kind.is_empty());
    if let (Some(kind), Value::Object(map)) = (kind, &mut item)
        && !map.contains_key("kind")
    {
        map.insert("kind".into(), kind.into());
        map.entry("apiVersion").or_insert_with(|| list["apiVersion"].clone());
    }
    item
}

/// What an object says it is.
pub(super) fn reference(object: &Object) -> ObjectRef {
    let name = Some(object.name()).filter(|name| !name.is_empty()).or(object.generate_name());
    ObjectRef {
        api_version: object.api_version().to_owned(),
        kind: object.kind().to_owned(),
        namespace: object.namespace().unwrap_or_default().to_owned(),
        name: name.unwrap_or_default().to_owned(),
    }
}

/// A report with nothing found yet.
pub(super) fn report(source: &Arc<str>, line: usize, object: Option<ObjectRef>, verdict: Verdict) -> Report {
    Report {
        source: source.clone(),
        index: 0,
        line,
        object,
        verdict,
        findings: Vec::new(),
        lines: Vec::new(),
        suppressed: 0,
    }
}

fn undecodable(text: &Text<'_>, error: &manifest::Error) -> Judged {
    let position = error.location().position;
    let mut report = report(text.source, text.line, None, Verdict::Error);
    Locator::at(position).report(vec![fault::of_decoder(error)], text.bytes, text.line, &mut report);
    Judged::new(report)
}

/// What the system said, without the number; the standard input has no other name.
fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    text.split(" (os error").next().unwrap_or(&text).to_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lists_stand_for_their_items() {
        let list = json!({"kind": "List", "apiVersion": "v1", "items": [{"kind": "A"},
            {"kind": "BList", "apiVersion": "b/v1", "items": [{"x": 1}]}]});
        let found: Vec<_> = objects(list).into_iter().map(|(at, value)| format!("{at} {value}")).collect();
        assert_eq!(
            found,
            [r#"items[0]. {"kind":"A"}"#, r#"items[1].items[0]. {"apiVersion":"b/v1","kind":"B","x":1}"#]
        );
    }
}
