//! Conversion between the versions of a kind, hub and spoke: a version names another as its hub and says how to get there and
//! back. The hub may have a hub of its own, so that an old version need not change when a new one comes.

use std::any::type_name;
use std::fmt::{self, Display};
use std::sync::Arc;

use kube_core::object::{HasSpec, HasStatus};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::{Object, Resource};

/// Why an object is not converted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConversionError {
    /// The object is not what the Rust type of its version takes.
    #[error("it does not fit the Rust type {type_name}: {reason}")]
    Unreadable {
        /// The Rust type.
        type_name: &'static str,
        /// What the deserializer says.
        reason: String,
    },
    /// The author's conversion says no.
    #[error("{0}")]
    Refused(String),
    /// What the conversion made is not JSON.
    #[error("the outcome, a {type_name}, cannot be written as JSON: {reason}")]
    Unwritable {
        /// The Rust type.
        type_name: &'static str,
        /// What the serializer says.
        reason: String,
    },
}

/// A type that can be made of another: what has `From` or `TryFrom` of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be made of `{T}`",
    label = "a version is converted to its hub and back, and one of the two ways is missing",
    note = "write `impl From<{T}> for {Self}`, or `impl TryFrom<{T}> for {Self}` with an error that implements `Display`"
)]
pub trait ConvertFrom<T>: Sized {
    /// Makes it.
    ///
    /// # Errors
    /// [`ConversionError::Refused`] with the words of `TryFrom`'s error.
    fn convert_from(value: T) -> Result<Self, ConversionError>;
}

#[diagnostic::do_not_recommend]
impl<T, U> ConvertFrom<T> for U
where
    U: TryFrom<T>,
    U::Error: Display,
{
    fn convert_from(value: T) -> Result<Self, ConversionError> {
        U::try_from(value).map_err(|error| ConversionError::Refused(error.to_string()))
    }
}

type Convert = dyn Fn(&Object) -> Result<Object, ConversionError> + Send + Sync;

/// How objects of one version become objects of another version, its hub, and back.
///
/// `#[resource(hub = v1::Item)]` makes one; for a definition made by hand it is made by [`Hub::of_specs`] and its like.
#[derive(Clone)]
pub struct Hub {
    /// The other version, as `v1`.
    pub version: String,
    to: Arc<Convert>,
    from: Arc<Convert>,
}

impl Hub {
    /// A hub reached by these functions. They get whole objects and need not care for `apiVersion`; of `metadata` they may change
    /// labels and annotations only.
    pub fn new(
        version: &str,
        to: impl Fn(&Object) -> Result<Object, ConversionError> + Send + Sync + 'static,
        from: impl Fn(&Object) -> Result<Object, ConversionError> + Send + Sync + 'static,
    ) -> Self {
        Self { version: version.to_owned(), to: Arc::new(to), from: Arc::new(from) }
    }

    /// Conversions between the spec types; metadata stays as it is. A status is not kept: for versions without one.
    pub fn of_specs<Spoke, To>() -> Self
    where
        Spoke: Resource + HasSpec,
        To: Resource + HasSpec,
        Spoke::Spec: Serialize + DeserializeOwned + ConvertFrom<To::Spec>,
        To::Spec: Serialize + DeserializeOwned + ConvertFrom<Spoke::Spec>,
    {
        Self::new(&To::version(&()), with_spec::<Spoke::Spec, To::Spec>, with_spec::<To::Spec, Spoke::Spec>)
    }

    /// Conversions between the spec types and between the status types; metadata stays as it is.
    pub fn of_specs_and_statuses<Spoke, To>() -> Self
    where
        Spoke: Resource + HasSpec + HasStatus,
        To: Resource + HasSpec + HasStatus,
        Spoke::Spec: Serialize + DeserializeOwned + ConvertFrom<To::Spec>,
        To::Spec: Serialize + DeserializeOwned + ConvertFrom<Spoke::Spec>,
        Spoke::Status: Serialize + DeserializeOwned + ConvertFrom<To::Status>,
        To::Status: Serialize + DeserializeOwned + ConvertFrom<Spoke::Status>,
    {
        Self::new(
            &To::version(&()),
            |object| with_status::<Spoke::Status, To::Status>(object, with_spec::<Spoke::Spec, To::Spec>),
            |object| with_status::<To::Status, Spoke::Status>(object, with_spec::<To::Spec, Spoke::Spec>),
        )
    }

    /// Conversions between the root types, which see the metadata and may keep in an annotation what the other version has no
    /// field for.
    pub fn of_roots<Spoke, To>() -> Self
    where
        Spoke: Resource + ConvertFrom<To>,
        To: Resource + ConvertFrom<Spoke>,
    {
        Self::new(&To::version(&()), whole::<Spoke, To>, whole::<To, Spoke>)
    }

    /// Converts an object to the hub.
    ///
    /// # Errors
    /// When the object does not fit its type, or the conversion refuses it.
    pub fn to_hub(&self, object: &Object) -> Result<Object, ConversionError> {
        (self.to)(object)
    }

    /// Converts an object of the hub back.
    ///
    /// # Errors
    /// As [`Hub::to_hub`].
    pub fn from_hub(&self, object: &Object) -> Result<Object, ConversionError> {
        (self.from)(object)
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Hub").field(&self.version).finish()
    }
}

/// How a version is converted to the other versions of its kind.
#[derive(Clone, Debug, Default)]
pub enum Conversion {
    /// It needs nothing, or another version names it as its hub. When no version of a kind has conversions, objects get
    /// another `apiVersion` and lose what the other version does not know, as with a CustomResourceDefinition's strategy `None`.
    #[default]
    None,
    /// By way of its hub.
    Hub(Hub),
    /// By a webhook, which nobody here calls: only what is stored in this version can be read in it.
    Webhook,
}

impl Conversion {
    /// The hub, if there is one.
    pub fn hub(&self) -> Option<&Hub> {
        match self {
            Conversion::Hub(hub) => Some(hub),
            Conversion::None | Conversion::Webhook => None,
        }
    }
}

/// An object with its spec converted and its status left out.
fn with_spec<A, B>(object: &Object) -> Result<Object, ConversionError>
where
    A: DeserializeOwned,
    B: Serialize + ConvertFrom<A>,
{
    let mut out = Map::new();
    for field in ["apiVersion", "kind", "metadata"] {
        if let Some(value) = object.0.get(field) {
            out.insert(field.to_owned(), value.clone());
        }
    }
    // Without a spec the message of the deserializer still names the field that is missing.
    let spec = object.0.get("spec").cloned().unwrap_or_else(|| Value::Object(Map::new()));
    out.insert("spec".to_owned(), converted::<A, B>(spec)?);
    Ok(Object(out))
}

/// An object that `rest` converts, with its status converted.
fn with_status<A, B>(
    object: &Object,
    rest: impl Fn(&Object) -> Result<Object, ConversionError>,
) -> Result<Object, ConversionError>
where
    A: DeserializeOwned,
    B: Serialize + ConvertFrom<A>,
{
    let mut out = rest(object)?;
    if let Some(status) = object.0.get("status").filter(|status| !status.is_null()) {
        out.0.insert("status".to_owned(), converted::<A, B>(status.clone())?);
    }
    Ok(out)
}

fn whole<A, B>(object: &Object) -> Result<Object, ConversionError>
where
    A: DeserializeOwned,
    B: Serialize + ConvertFrom<A>,
{
    match converted::<A, B>(Value::Object(object.0.clone()))? {
        Value::Object(map) => Ok(Object(map)),
        other => Err(unwritable::<B>(&format!("it is not an object but {other}"))),
    }
}

fn converted<A, B>(mut value: Value) -> Result<Value, ConversionError>
where
    A: DeserializeOwned,
    B: Serialize + ConvertFrom<A>,
{
    let type_name = type_name::<A>();
    whole_numbers(&mut value);
    let value = serde_json::from_value::<A>(value)
        .map_err(|error| ConversionError::Unreadable { type_name, reason: error.to_string() })?;
    serde_json::to_value(B::convert_from(value)?).map_err(|error| unwritable::<B>(&error))
}

fn unwritable<T>(reason: &dyn Display) -> ConversionError {
    ConversionError::Unwritable { type_name: type_name::<T>(), reason: reason.to_string() }
}

/// Makes integers of whole doubles: the API takes `1.0` for an integer, and Rust's integers do not.
fn whole_numbers(value: &mut Value) {
    /// Beyond it not every integer is a double.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Array(items) => items.iter_mut().for_each(whole_numbers),
        Value::Object(map) => map.values_mut().for_each(whole_numbers),
        Value::Number(number) if number.is_f64() => {
            if let Some(double) =
                number.as_f64().filter(|double| double.fract() == 0.0 && double.abs() <= EXACT)
            {
                // In range by the bound above.
                *value = Value::from(double as i64);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn whole_doubles_fit_integers_and_others_stay() {
        let mut value = json!({"a": [1.0, 1.5, -3.0], "b": 1e300, "c": 7, "d": "1.0"});
        whole_numbers(&mut value);
        assert_eq!(value, json!({"a": [1, 1.5, -3], "b": 1e300, "c": 7, "d": "1.0"}));
        assert_eq!(converted::<Vec<u8>, Vec<u8>>(json!([2.0])), Ok(json!([2])));
    }

    #[test]
    fn the_two_ways_to_fail_are_told_apart() {
        let unreadable = converted::<u8, u16>(json!("x")).unwrap_err();
        assert!(unreadable.to_string().starts_with("it does not fit the Rust type u8: "), "{unreadable}");
        let refused = converted::<u16, u8>(json!(300)).unwrap_err();
        assert_eq!(refused.to_string(), "out of range integral type conversion attempted");
    }
}
