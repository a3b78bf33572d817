//! What the API server would say of an object, without a store: for validators and editors.
//!
//! The steps are those of a create or an update, one by one and from the same functions; what depends on the objects that are there
//! (whether the name is taken, whether the namespace exists, versions) is left out, and where a request ends at the first fault, a review
//! goes on as far as it can.

use std::sync::Arc;

use kube_core::GroupVersionKind;
use serde_json::{Map, Value};

use crate::api::Object;
use crate::api::field::FieldError;
use crate::schema::Additional;
use crate::scheme::Scheme;

use super::body::Fault;
use super::core::{Kind, KindCache};
use super::kinds::Builtin;
use super::shape::OBJECT_META;
use super::{Result, body, create, limits, metadata, options, update, validate};

/// The namespace of objects that name none.
const DEFAULT_NAMESPACE: &str = "default";

/// How many fields of one object are told that cannot be decoded.
const MAX_UNDECODABLE: usize = 100;

/// Stands for what the server would make of `metadata.generateName`.
const GENERATED: &str = "xxxxx";

/// What the API server would say of one object.
#[derive(Clone, Debug, Default)]
pub struct Review {
    /// The object as it would be stored: pruned, with defaults, without what the server makes up (uid, times, generation, owners of
    /// fields). As far as decoding came, if [`Review::undecodable`] says something.
    pub object: Object,
    /// Paths of fields that the kind does not have. The server refuses them if validation is strict, and drops them otherwise.
    pub unknown: Vec<String>,
    /// Why it cannot be decoded as an object of its kind. The server stops at the first of these; the rest is looked at as if those fields
    /// were not there. If one is about the object as a whole, nothing else is looked at.
    pub undecodable: Vec<FieldError>,
    /// What is wrong with it.
    pub errors: Vec<FieldError>,
    /// What the server would warn of, unknown fields and the version aside.
    pub warnings: Vec<String>,
    /// The warning that the version is on its way out, if it is.
    pub deprecated: Option<String>,
}

impl Review {
    /// Whether it is no object of its kind at all.
    fn is_hopeless(&self) -> bool {
        self.undecodable.iter().any(|fault| fault.field.is_empty())
    }

    /// Whether the server would take the object, if it does not mind unknown fields.
    pub fn is_accepted(&self) -> bool {
        self.undecodable.is_empty() && self.errors.is_empty()
    }
}

/// Reviews objects of the kinds of a scheme. Safe to share between threads; schemas and rules are compiled when a kind is first
/// reviewed.
///
/// ```
/// use std::sync::Arc;
/// use k1s_runtime::Object;
/// use k1s_runtime::client::Reviewer;
/// use k1s_runtime::scheme::Scheme;
/// use serde_json::json;
///
/// let reviewer = Reviewer::new(Arc::new(Scheme::new()));
/// let object = json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "Settings"}, "date": {}});
/// let review = reviewer.create(&Object::try_from(object).unwrap())?.expect("a kind that is known");
/// assert_eq!(review.unknown, ["date"]);
/// assert_eq!(review.errors[0].field, "metadata.name");
/// # Ok::<(), k1s_runtime::client::Error>(())
/// ```
pub struct Reviewer {
    scheme: Arc<Scheme>,
    kinds: KindCache,
}

impl Reviewer {
    /// A reviewer of the kinds of a scheme.
    pub fn new(scheme: Arc<Scheme>) -> Self {
        Self { scheme, kinds: KindCache::default() }
    }

    /// The kinds.
    pub fn scheme(&self) -> &Arc<Scheme> {
        &self.scheme
    }

    /// Whether objects of a kind can be reviewed: it is there, and served.
    pub fn knows(&self, gvk: &GroupVersionKind) -> bool {
        self.scheme.by_gvk(gvk).is_some_and(|definition| definition.served)
    }

    /// Reviews a new object. `None` if its kind is not known.
    ///
    /// # Errors
    /// When the kind's schema is not one.
    pub fn create(&self, object: &Object) -> Result<Option<Review>> {
        let Some(kind) = self.kind(object)? else { return Ok(None) };
        let mut review = self.decode(&kind, object)?;
        if review.is_hopeless() {
            return Ok(Some(review));
        }
        if create::version_is_set(&mut review.object) {
            let detail = "should not be set on objects to be created";
            review.errors.push(FieldError::forbidden("metadata.resourceVersion", detail));
        }
        create::settle(&kind, &mut review.object, &mut review.warnings);
        let generated = name(&mut review.object);
        let found = validate::new_object(&kind, &review.object)?;
        review.errors.extend(found.errors);
        review.warnings.extend(found.warnings);
        self.finish(&kind, &mut review, None, generated);
        Ok(Some(review))
    }

    /// Reviews an object that takes the place of another one of the same name. `None` if its kind is not known.
    ///
    /// # Errors
    /// As [`Reviewer::create`].
    pub fn update(&self, object: &Object, old: &Object) -> Result<Option<Review>> {
        let Some(kind) = self.kind(object)? else { return Ok(None) };
        let before = self.decode(&kind, old)?;
        if !before.undecodable.is_empty() {
            // What was no object of the kind cannot be compared with.
            return self.create(object);
        }
        let mut old = before.object;
        create::settle(&kind, &mut old, &mut Vec::new());
        let mut review = self.decode(&kind, object)?;
        if review.is_hopeless() {
            return Ok(Some(review));
        }
        // Whether the change is based on what is there cannot be known: say that it is.
        for object in [&mut old, &mut review.object] {
            for field in ["uid", "creationTimestamp", "generation"] {
                object.metadata_mut().remove(field);
            }
            object.set_metadata("resourceVersion", "1");
        }
        update::settle(&kind, None, &mut review.object, &old, &mut review.warnings);
        let generated = name(&mut review.object);
        let found = validate::changed_object(&kind, &review.object, &old, None)?;
        review.errors.extend(found.errors);
        review.warnings.extend(found.warnings);
        review.object.metadata_mut().remove("resourceVersion");
        self.finish(&kind, &mut review, Some(&old), generated);
        Ok(Some(review))
    }

    /// The names that the fields of the object at a path may have, for hints; empty if any may stand there, or none is known. Path
    /// segments are names of fields and numbers of items.
    pub fn fields_at(&self, gvk: &GroupVersionKind, path: &[&str]) -> Vec<String> {
        if let ["metadata"] = path {
            return OBJECT_META.fields.iter().map(|field| field.name.to_owned()).collect();
        }
        let Some(definition) = self.scheme.by_gvk(gvk) else { return Vec::new() };
        let Ok(Some(kind)) = self.kinds.prepare(&self.scheme, &definition) else { return Vec::new() };
        let Ok(schema) = kind.schema() else { return Vec::new() };
        let mut at = schema.structural();
        for segment in path {
            let below = match (&at.items, &at.additional) {
                (Some(items), _) if segment.parse::<usize>().is_ok() => Some(&**items),
                (_, Some(Additional::Schema(values))) => at.properties.get(*segment).or(Some(&**values)),
                _ => at.properties.get(*segment),
            };
            let Some(below) = below else { return Vec::new() };
            at = below;
        }
        let mut names: Vec<String> = at.properties.keys().cloned().collect();
        if path.is_empty() {
            names.extend(["apiVersion", "kind", "metadata"].map(str::to_owned));
        }
        names
    }

    fn kind(&self, object: &Object) -> Result<Option<Arc<Kind>>> {
        let Some(definition) = self.scheme.by_gvk(&object.gvk()).filter(|found| found.served) else {
            return Ok(None);
        };
        self.kinds.prepare(&self.scheme, &definition)
    }

    /// Decodes an object and puts it into a namespace.
    fn decode(&self, kind: &Kind, object: &Object) -> Result<Review> {
        let mut review = Review { object: object.clone(), ..Review::default() };
        if let Err(error) = limits::check_depth(&review.object) {
            review.undecodable.push(undecodable(String::new(), error.to_string()));
            return Ok(review);
        }
        let mut given = None;
        for _ in 0..MAX_UNDECODABLE {
            match body::shape_up(kind, &mut review.object, true) {
                Ok(unknown) => {
                    review.unknown = unknown;
                    break;
                }
                Err(Fault::Undecodable(misfit)) => {
                    review.undecodable.push(undecodable(misfit.path.clone(), misfit.message));
                    // Decoded as far as it was; the next try begins with what was given, without this.
                    let rest: &mut Object = given.get_or_insert_with(|| object.clone());
                    if !take_away(&mut rest.0, &misfit.path) {
                        break;
                    }
                    review.object.clone_from(rest);
                }
                Err(Fault::Unrecognized(message) | Fault::OtherVersion(message)) => {
                    review.undecodable.push(undecodable(String::new(), message));
                    break;
                }
                Err(Fault::Answer(error)) => return Err(error),
            }
        }
        if review.is_hopeless() {
            return Ok(review);
        }
        let namespace = review.object.namespace().unwrap_or(DEFAULT_NAMESPACE).to_owned();
        body::settle_namespace(kind, &mut review.object, Some(&namespace))?;
        if let Some(builtin) = kind.builtin {
            builtin.default(&mut review.object);
        }
        Ok(review)
    }

    /// Warnings that come with any write, and what was only there for the validators.
    fn finish(&self, kind: &Kind, review: &mut Review, old: Option<&Object>, generated: bool) {
        review.warnings.extend(metadata::warnings(&review.object, kind.metadata_rules()));
        if let Some(builtin) = kind.builtin {
            review.warnings.extend(builtin.warnings(&review.object, old));
        }
        review.deprecated = options::deprecation(&self.scheme, kind);
        if kind.builtin == Some(Builtin::CustomResourceDefinition) {
            review.object.0.remove("status");
        }
        let Review { undecodable, errors, .. } = &mut *review;
        // Fields that were taken away are not missing.
        errors.retain(|error| !undecodable.iter().any(|fault| is_in(&error.field, &fault.field)));
        check_size(review);
        let metadata = review.object.metadata_mut();
        metadata.remove("generation");
        if generated {
            metadata.remove("name");
        }
    }
}

/// Whether a path leads to a field or to what is in it.
fn is_in(path: &str, field: &str) -> bool {
    path.strip_prefix(field).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

/// Takes the value at a path away; answers whether it was there. Keys may hold dots.
fn take_away(map: &mut Map<String, Value>, path: &str) -> bool {
    if map.remove(path).is_some() {
        return true;
    }
    let below = map.iter_mut().find_map(|(key, value)| {
        let rest = path.strip_prefix(key.as_str()).filter(|rest| rest.starts_with(['.', '[']))?;
        Some((value, rest))
    });
    below.is_some_and(|(value, rest)| take_from(value, rest))
}

fn take_from(value: &mut Value, path: &str) -> bool {
    match value {
        Value::Object(map) => path.strip_prefix('.').is_some_and(|path| take_away(map, path)),
        Value::Array(items) => {
            let Some((index, rest)) = path.strip_prefix('[').and_then(|path| path.split_once(']')) else {
                return false;
            };
            let Some(item) = index.parse().ok().and_then(|index: usize| items.get_mut(index)) else {
                return false;
            };
            // Null keeps the others in their places; a list takes it for an empty item.
            if rest.is_empty() { !std::mem::take(item).is_null() } else { take_from(item, rest) }
        }
        _ => false,
    }
}

/// Says that an object is larger than a store takes.
fn check_size(review: &mut Review) {
    let weight: usize = review.object.0.values().map(limits::weight).sum();
    // Most are so small that nobody need count.
    if weight < limits::MAX_OBJECT_BYTES / 2 {
        return;
    }
    let bytes = serde_json::to_vec(&review.object).map_or(0, |text| text.len());
    if let Err(error) = limits::check_size(bytes) {
        review.errors.push(FieldError::invalid("", Value::Null, error.to_string()));
    }
}

fn undecodable(path: String, message: String) -> FieldError {
    FieldError::invalid(path, Value::Null, message)
}

/// Gives a name to an object that leaves it to the server. Answers whether it did.
fn name(object: &mut Object) -> bool {
    let Some(prefix) = object.generate_name().filter(|_| object.name().is_empty()) else { return false };
    let name = format!("{prefix}{GENERATED}");
    object.set_metadata("name", name);
    true
}
