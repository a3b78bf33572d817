//! From one version of a kind to another: along the hubs, with the metadata guarded as kube-apiserver guards it from webhooks.

use std::sync::Arc;

use serde_json::Value;

use crate::api::{Conversion, ConversionError, Hub, Object, ResourceDefinition};

use super::{Error, Scheme};

/// Why an object cannot be had in another version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// The kind has no such version.
    #[error(
        "{kind} has no version {version}, only {known}; a version that objects are stored in must stay registered, with `served = \
         false` if need be, until they are stored anew"
    )]
    UnknownVersion {
        /// `Item "default/lamp" of inventory.example.com`.
        kind: String,
        /// The version asked for, or the object's.
        version: String,
        /// The versions that there are.
        known: String,
    },
    /// Other versions have conversions, and these two are not connected by them.
    #[error("{kind} cannot be converted from {from} to {to}: {why}")]
    NoWay {
        /// `Item "default/lamp" of inventory.example.com`.
        kind: String,
        /// The object's version.
        from: String,
        /// The version asked for.
        to: String,
        /// What is missing.
        why: &'static str,
    },
    /// A conversion failed.
    #[error("{kind} cannot be converted from {from} to {to}: {error}")]
    Failed {
        /// `Item "default/lamp" of inventory.example.com`.
        kind: String,
        /// The version of the step that failed.
        from: String,
        /// Where that step led.
        to: String,
        /// What went wrong.
        #[source]
        error: ConversionError,
    },
    /// A conversion changed what makes an object the one that it is.
    #[error("the conversion of {kind} from {from} to {to} must not change metadata.{field}")]
    MetadataChanged {
        /// `Item "default/lamp" of inventory.example.com`.
        kind: String,
        /// The object's version.
        from: String,
        /// The version asked for.
        to: String,
        /// `name`, `namespace` or `uid`.
        field: &'static str,
    },
}

impl Scheme {
    /// An object in another version of its kind. Nothing is pruned, defaulted or validated, and where a Rust type has an `Option`
    /// that is `None` there may be a null.
    ///
    /// # Errors
    /// When the kind does not have one of the versions, or the conversion fails.
    pub fn convert(&self, object: &Object, version: &str) -> Result<Object, ConvertError> {
        let gvk = object.gvk();
        convert(&self.versions(&gvk.group, &gvk.kind), object, version)
    }
}

/// Whether any version has conversions: if none does, they all have the same fields under other `apiVersion`s.
pub(crate) fn has_conversions(versions: &[Arc<ResourceDefinition>]) -> bool {
    versions.iter().any(|version| !matches!(version.conversion, Conversion::None))
}

/// An object of one of these versions in another of them.
///
/// # Errors
/// As [`Scheme::convert`].
pub(crate) fn convert(
    versions: &[Arc<ResourceDefinition>],
    object: &Object,
    to: &str,
) -> Result<Object, ConvertError> {
    let gvk = object.gvk();
    let known = |version: &str| versions.iter().find(|known| known.version == version);
    let unknown = |version: &str| ConvertError::UnknownVersion {
        kind: described(object),
        version: version.to_owned(),
        known: versions.iter().map(|known| known.version.as_str()).collect::<Vec<_>>().join(", "),
    };
    let target = known(to).ok_or_else(|| unknown(to))?;
    known(&gvk.version).ok_or_else(|| unknown(&gvk.version))?;
    if gvk.version == to {
        return Ok(object.clone());
    }
    let mut out = object.clone();
    if has_conversions(versions) {
        for step in way(versions, object, &gvk.version, to)? {
            out = step.take(object, &out)?;
        }
        restore_metadata(object, &mut out, &gvk.version, to)?;
    }
    out.0.insert("apiVersion".to_owned(), target.api_version().into());
    out.0.insert("kind".to_owned(), target.kind.as_str().into());
    Ok(out)
}

/// One conversion of a way.
struct Step<'a> {
    hub: &'a Hub,
    spoke: &'a ResourceDefinition,
    up: bool,
}

impl Step<'_> {
    fn take(&self, original: &Object, object: &Object) -> Result<Object, ConvertError> {
        let (spoke, hub) = (self.spoke.version.clone(), self.hub.version.clone());
        let (from, to) = if self.up { (spoke, hub) } else { (hub, spoke) };
        let mut input = object.clone();
        input.0.insert("apiVersion".to_owned(), format!("{}/{from}", self.spoke.group).into());
        let out = if self.up { self.hub.to_hub(&input) } else { self.hub.from_hub(&input) };
        out.map_err(|error| ConvertError::Failed { kind: described(original), from, to, error })
    }
}

/// The conversions that lead from one version to another: up along the hubs to where the two ways meet, and down again.
fn way<'a>(
    versions: &'a [Arc<ResourceDefinition>],
    object: &Object,
    from: &str,
    to: &str,
) -> Result<Vec<Step<'a>>, ConvertError> {
    let (up, down) = (chain(versions, from), chain(versions, to));
    let ends = |chain: &[Step<'a>], start: &str, index: usize| match index.checked_sub(1) {
        None => start.to_owned(),
        Some(last) => chain.get(last).map(|step| step.hub.version.clone()).unwrap_or_default(),
    };
    let meeting = (0..=up.len()).find_map(|taken| {
        let here = ends(&up, from, taken);
        (0..=down.len()).find(|&other| ends(&down, to, other) == here).map(|other| (taken, other))
    });
    let Some((taken, other)) = meeting else {
        let webhook = versions.iter().any(|version| matches!(version.conversion, Conversion::Webhook));
        let why = if webhook {
            "the CustomResourceDefinition leaves it to a webhook, which is not called here; register the conversions in the program"
        } else {
            "neither leads to the other by way of its `hub`"
        };
        let (from, to) = (from.to_owned(), to.to_owned());
        return Err(ConvertError::NoWay { kind: described(object), from, to, why });
    };
    let down = down.into_iter().take(other).map(|step| Step { up: false, ..step });
    let mut steps: Vec<Step<'a>> = up.into_iter().take(taken).collect();
    steps.extend(down.rev());
    Ok(steps)
}

/// The steps from a version to its hub, to the hub's hub and so on; a circle is walked once.
fn chain<'a>(versions: &'a [Arc<ResourceDefinition>], from: &str) -> Vec<Step<'a>> {
    let mut steps: Vec<Step<'a>> = Vec::new();
    let mut at = from;
    while steps.len() < versions.len() {
        let Some(spoke) = versions.iter().find(|version| version.version == at) else { break };
        let Some(hub) = spoke.conversion.hub() else { break };
        steps.push(Step { hub, spoke, up: true });
        at = &hub.version;
    }
    steps
}

/// Whether these can be all versions of one kind. A single version is the stored one, whatever it says.
///
/// # Errors
/// Not exactly one stored version; hubs that are not there, that lead in a circle or leave a version out.
pub(crate) fn check_versions(versions: &[Arc<ResourceDefinition>]) -> Result<(), Error> {
    let [first, _, ..] = versions else { return Ok(()) };
    let kind = || format!("{}.{}", first.kind, first.group);
    let mut stored = versions.iter().filter(|version| version.storage);
    let Some(storage) = stored.next() else {
        let described: Vec<String> = versions.iter().map(|version| version.described_version()).collect();
        return Err(Error::NoStorageVersion { kind: kind(), versions: described.join(", ") });
    };
    if let Some(other) = stored.next() {
        let (first, second) = (storage.described_version(), other.described_version());
        return Err(Error::TwoStorageVersions { kind: kind(), first, second });
    }
    for version in versions {
        let Some(hub) = version.conversion.hub().map(|hub| &hub.version) else { continue };
        if !versions.iter().any(|known| known.version == *hub) {
            return Err(Error::UnknownHub {
                kind: kind(),
                version: version.described_version(),
                hub: hub.clone(),
            });
        }
        if chain(versions, &version.version).len() >= versions.len() {
            return Err(Error::HubsInCircle { kind: kind(), version: version.described_version() });
        }
    }
    let is_connected = |version: &ResourceDefinition| {
        way(versions, &Object::default(), &version.version, &storage.version).is_ok()
    };
    let left_out = versions.iter().find(|version| !is_connected(version));
    match left_out.filter(|_| versions.iter().any(|version| version.conversion.hub().is_some())) {
        None => Ok(()),
        Some(version) => Err(Error::NotConnected {
            kind: kind(),
            version: version.described_version(),
            storage: storage.version.clone(),
        }),
    }
}

/// Puts the metadata back, except for the labels and annotations that the conversion left.
fn restore_metadata(before: &Object, after: &mut Object, from: &str, to: &str) -> Result<(), ConvertError> {
    let text = |object: &Object, field: &str| {
        let value = object.metadata().and_then(|metadata| metadata.get(field)).and_then(Value::as_str);
        value.unwrap_or_default().to_owned()
    };
    for field in ["name", "namespace", "uid"] {
        if text(before, field) != text(after, field) {
            let (from, to) = (from.to_owned(), to.to_owned());
            return Err(ConvertError::MetadataChanged { kind: described(before), from, to, field });
        }
    }
    let mut metadata = before.metadata().cloned().unwrap_or_default();
    for field in ["labels", "annotations"] {
        match after.metadata().and_then(|metadata| metadata.get(field)) {
            Some(value) => metadata.insert(field.to_owned(), value.clone()),
            None => metadata.remove(field),
        };
    }
    if before.metadata().is_some() || !metadata.is_empty() {
        after.0.insert("metadata".to_owned(), Value::Object(metadata));
    }
    Ok(())
}

/// `Item "default/lamp" of inventory.example.com`.
fn described(object: &Object) -> String {
    let gvk = object.gvk();
    let name = match object.namespace() {
        Some(namespace) => format!("{namespace}/{}", object.name()),
        None => object.name().to_owned(),
    };
    format!("{} {name:?} of {}", gvk.kind, gvk.group)
}
