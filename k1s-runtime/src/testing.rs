//! Checks for the tests of programs that use k1s.

use std::fmt::Write as _;

use serde_json::{Map, Value};

use crate::api::{Object, Registration, Resource};
use crate::schema::{self, CompiledSchema, Part};
use crate::scheme::{self, ConvertError, Scheme};

/// Most differences that a message shows.
const SHOWN: usize = 20;

/// Why an object does not come back from another version as it was.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RoundTripError {
    /// The sample cannot be written as JSON.
    #[error("the sample cannot be written as a JSON object")]
    Sample,
    /// The versions cannot be registered together.
    #[error(transparent)]
    Kinds(#[from] scheme::Error),
    /// A version has a schema that cannot be expressed.
    #[error(transparent)]
    Schema(#[from] schema::Error),
    /// A conversion failed.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// The sample, or what a conversion made of it, is no object that a client would take.
    #[error("{what} is not valid in version {version}:{problems}")]
    Invalid {
        /// `the sample` or `the converted object`.
        what: &'static str,
        /// The version.
        version: String,
        /// The problems, a line each.
        problems: String,
    },
    /// Something was lost or changed on the way.
    #[error("from {from} to {to} and back the object is not what it was:{differences}")]
    Differs {
        /// The sample's version.
        from: String,
        /// The other version.
        to: String,
        /// The fields that differ, a line each.
        differences: String,
    },
}

/// Checks that nothing is lost when an object is converted to another version of its kind and back, as happens when it is
/// written in one version and stored in the other.
///
/// The way may lead by other versions, if they are derived in the crates linked into the test. What is compared are objects with
/// their defaults filled in; the sample and what becomes of it must be valid. Give it samples, or what a property test makes up.
///
/// # Errors
/// The first thing that is wrong, with the fields concerned.
///
/// ```
/// # #[cfg(feature = "derive")]
/// # mod shop {
/// #     pub mod v1 {
/// #         use k1s_runtime::Resource;
/// #         use serde::{Deserialize, Serialize};
/// #         #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
/// #         #[resource(group = "shop.example.com", version = "v1", kind = "Item")]
/// #         pub struct ItemSpec { pub quantity: i32 }
/// #         impl From<super::v1alpha1::ItemSpec> for ItemSpec {
/// #             fn from(old: super::v1alpha1::ItemSpec) -> Self { Self { quantity: old.count } }
/// #         }
/// #     }
/// #     pub mod v1alpha1 {
/// #         use k1s_runtime::Resource;
/// #         use serde::{Deserialize, Serialize};
/// #         use super::v1;
/// #         #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
/// #         #[resource(group = "shop.example.com", version = "v1alpha1", kind = "Item", hub = v1::Item)]
/// #         pub struct ItemSpec { pub count: i32 }
/// #         impl From<v1::ItemSpec> for ItemSpec {
/// #             fn from(new: v1::ItemSpec) -> Self { Self { count: new.quantity } }
/// #         }
/// #     }
/// # }
/// # #[cfg(feature = "derive")]
/// # fn main() -> Result<(), k1s_runtime::testing::RoundTripError> {
/// use k1s_runtime::testing::round_trip;
/// use shop::{v1, v1alpha1};
///
/// let old = v1alpha1::Item::new("lamp", v1alpha1::ItemSpec { count: 3 });
/// round_trip::<v1alpha1::Item, v1::Item>(&old)?;
/// let new = v1::Item::new("lamp", v1::ItemSpec { quantity: 3 });
/// round_trip::<v1::Item, v1alpha1::Item>(&new)?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "derive"))]
/// # fn main() {}
/// ```
pub fn round_trip<K: Resource, Other: Resource>(sample: &K) -> Result<(), RoundTripError> {
    let scheme = scheme_of::<K, Other>()?;
    let (from, to) = (K::version(&()).into_owned(), Other::version(&()).into_owned());
    let own = CompiledSchema::compile(&K::definition())?;
    let other = CompiledSchema::compile(&Other::definition())?;
    let sample = serde_json::to_value(sample).ok().and_then(|value| Object::try_from(value).ok());
    let mut sample = sample.ok_or(RoundTripError::Sample)?;
    complete(&own, &mut sample, "the sample", &from)?;
    let mut there = scheme.convert(&sample, &to)?;
    complete(&other, &mut there, "the converted object", &to)?;
    let mut back = scheme.convert(&there, &from)?;
    own.prune(&mut back.0);
    own.default(&mut back.0);
    let mut found = Vec::new();
    compare("", &sample.into_value(), &back.into_value(), &mut found);
    if found.is_empty() {
        return Ok(());
    }
    Err(RoundTripError::Differs { from, to, differences: lines(&found) })
}

/// The versions of a kind that are linked into this program, these two among them.
fn scheme_of<K: Resource, Other: Resource>() -> Result<Scheme, scheme::Error> {
    let scheme = Scheme::empty();
    let own = K::definition();
    for linked in Registration::all().map(|linked| (linked.definition)()) {
        if (&linked.group, &linked.kind) == (&own.group, &own.kind) {
            scheme.register_definition(linked)?;
        }
    }
    scheme.register_definition(own)?;
    scheme.register::<Other>()?;
    scheme.check()?;
    Ok(scheme)
}

/// Fills in defaults, and refuses what a client would refuse or drop.
fn complete(
    schema: &CompiledSchema,
    object: &mut Object,
    what: &'static str,
    version: &str,
) -> Result<(), RoundTripError> {
    let unknown = schema.prune(&mut object.0);
    schema.default(&mut object.0);
    let mut problems: Vec<String> =
        unknown.iter().map(|path| format!("{path}: the schema does not know it")).collect();
    let mut errors = schema.validate(&object.0, None, Part::Whole);
    errors.extend(schema.check_rules(&object.0, None, &errors).errors);
    problems.extend(errors.iter().map(ToString::to_string));
    if problems.is_empty() {
        return Ok(());
    }
    Err(RoundTripError::Invalid { what, version: version.to_owned(), problems: lines(&problems) })
}

fn lines(texts: &[String]) -> String {
    let mut out: String = texts.iter().take(SHOWN).map(|text| format!("\n  {text}")).collect();
    if let Some(more) = texts.len().checked_sub(SHOWN).filter(|more| *more > 0) {
        // Writing to a string does not fail.
        let _ = write!(out, "\n  and {more} more");
    }
    out
}

fn compare(path: &str, before: &Value, after: &Value, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => compare_members(path, before, after, found),
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                compare(&format!("{path}[{index}]"), before, after, found);
            }
        }
        (before, after) if before == after => {}
        (before, after) => found.push(format!("{path}: {before} became {after}")),
    }
}

fn compare_members(
    path: &str,
    before: &Map<String, Value>,
    after: &Map<String, Value>,
    found: &mut Vec<String>,
) {
    let join = |key: &String| if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
    for (key, value) in before {
        match after.get(key) {
            Some(other) => compare(&join(key), value, other, found),
            None => found.push(format!("{}: {value} was lost", join(key))),
        }
    }
    for (key, value) in after.iter().filter(|(key, _)| !before.contains_key(*key)) {
        found.push(format!("{}: {value} was added", join(key)));
    }
}
