//! Why a kind has no place in a scheme.

/// Why a kind cannot be registered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Two kinds of one group want the same plural name.
    #[error("resource {resource} is already the plural of kind {taken_by}; {kind} needs another `plural`")]
    PluralTaken {
        /// `plural.group`.
        resource: String,
        /// The kind that has it.
        taken_by: String,
        /// The kind that wants it.
        kind: String,
    },
    /// Two versions of one kind both say that objects are stored in them.
    #[error(
        "kind {kind} is stored in both {first} and {second}; say `storage = false` on all versions but one"
    )]
    TwoStorageVersions {
        /// `Kind.group`.
        kind: String,
        /// The version registered first, with its Rust type if it has one.
        first: String,
        /// The other.
        second: String,
    },
    /// No version of a kind with several says that objects are stored in it.
    #[error(
        "no version of kind {kind} is stored: {versions} all say `storage = false`; exactly one must not"
    )]
    NoStorageVersion {
        /// `Kind.group`.
        kind: String,
        /// Its versions, with their Rust types if they have any.
        versions: String,
    },
    /// A version is converted by way of a version that there is not.
    #[error("version {version} of kind {kind} has the hub {hub}, which is not registered")]
    UnknownHub {
        /// `Kind.group`.
        kind: String,
        /// The version.
        version: String,
        /// Its hub.
        hub: String,
    },
    /// The hubs of versions lead in a circle.
    #[error("the hubs of kind {kind} lead in a circle from version {version}; one version has no hub")]
    HubsInCircle {
        /// `Kind.group`.
        kind: String,
        /// One of the versions.
        version: String,
    },
    /// Some versions have conversions, and one cannot be converted.
    #[error(
        "version {version} of kind {kind} has no conversion to the stored version {storage}, as others have; give it a `hub`"
    )]
    NotConnected {
        /// `Kind.group`.
        kind: String,
        /// The version.
        version: String,
        /// The stored version.
        storage: String,
    },
    /// Versions of one kind do not agree on plural name or scope.
    #[error("versions {first} and {second} of kind {kind} differ in {what}; all versions share one")]
    VersionsDiffer {
        /// `Kind.group`.
        kind: String,
        /// One version.
        first: String,
        /// Another.
        second: String,
        /// `plural` or `scope`.
        what: &'static str,
    },
    /// A [`KindSource`](super::KindSource) has a kind whose place is taken.
    #[error("kind {kind} of {origin} is not used: {holder} has its {what}")]
    OfferRefused {
        /// `Kind (plural.group)`.
        kind: String,
        /// Where it comes from.
        origin: String,
        /// What has its place, and where that comes from.
        holder: String,
        /// What they have in common: `kind` or `plural`.
        what: &'static str,
    },
}
