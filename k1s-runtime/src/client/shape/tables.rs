//! The tables: `k8s.io/api/core/v1` and `k8s.io/apimachinery/pkg/apis/meta/v1`, as far as k1s has their kinds.

use super::Empty::{Always, Keep, Omit};
use super::Shape::{Any, Bool, Bytes, Int32, Int64, List, Map, MicroTime, Text, Time};
use super::crd::CRD;
use super::{Empty, Field, ListPatch, Shape, Struct, rbac};

/// The shape of a kind that is a Go struct; `None` for every other kind.
pub(crate) fn root(group: &str, kind: &str) -> Option<&'static Struct> {
    match (group, kind) {
        ("", "ConfigMap") => Some(&CONFIG_MAP),
        ("", "Secret") => Some(&SECRET),
        ("", "Namespace") => Some(&NAMESPACE),
        ("", "ServiceAccount") => Some(&SERVICE_ACCOUNT),
        ("", "Event") => Some(&EVENT),
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Some(&CRD),
        ("coordination.k8s.io", "Lease") => Some(&LEASE),
        ("rbac.authorization.k8s.io", "Role") => Some(&rbac::ROLE),
        ("rbac.authorization.k8s.io", "ClusterRole") => Some(&rbac::CLUSTER_ROLE),
        ("rbac.authorization.k8s.io", "RoleBinding") => Some(&rbac::ROLE_BINDING),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding") => Some(&rbac::CLUSTER_ROLE_BINDING),
        _ => None,
    }
}

pub(super) const fn field(name: &'static str, shape: Shape, empty: Empty) -> Field {
    Field { name, shape, empty, list: ListPatch::Replace }
}

/// A list whose items strategic merge patches add to.
const fn merged(name: &'static str, items: &'static Shape) -> Field {
    Field { name, shape: List(items), empty: Omit, list: ListPatch::Merge }
}

/// A list whose items strategic merge patches match by a field.
const fn merged_by(key: &'static str, name: &'static str, items: &'static Shape) -> Field {
    Field { name, shape: List(items), empty: Omit, list: ListPatch::MergeBy(key) }
}

const TEXT: &Shape = &Text;
const BYTES: &Shape = &Bytes;

/// `metav1.ObjectMeta`.
pub(crate) static OBJECT_META: Struct = Struct {
    name: "ObjectMeta",
    type_name: "v1.ObjectMeta",
    fields: &[
        field("name", Text, Omit),
        field("generateName", Text, Omit),
        field("namespace", Text, Omit),
        field("selfLink", Text, Omit),
        field("uid", Text, Omit),
        field("resourceVersion", Text, Omit),
        field("generation", Int64, Omit),
        field("creationTimestamp", Time, Omit),
        field("deletionTimestamp", Time, Keep),
        field("deletionGracePeriodSeconds", Int64, Keep),
        field("labels", Map(TEXT), Omit),
        field("annotations", Map(TEXT), Omit),
        merged_by("uid", "ownerReferences", &Shape::Struct(&OWNER_REFERENCE)),
        merged("finalizers", TEXT),
        field("managedFields", List(&Shape::Struct(&MANAGED_FIELDS)), Omit),
    ],
};

static OWNER_REFERENCE: Struct = Struct {
    name: "OwnerReference",
    type_name: "v1.OwnerReference",
    fields: &[
        field("apiVersion", Text, Always),
        field("kind", Text, Always),
        field("name", Text, Always),
        field("uid", Text, Always),
        field("controller", Bool, Keep),
        field("blockOwnerDeletion", Bool, Keep),
    ],
};

static MANAGED_FIELDS: Struct = Struct {
    name: "ManagedFieldsEntry",
    type_name: "v1.ManagedFieldsEntry",
    fields: &[
        field("manager", Text, Omit),
        field("operation", Text, Omit),
        field("apiVersion", Text, Omit),
        field("time", Time, Keep),
        field("fieldsType", Text, Omit),
        field("fieldsV1", Any, Keep),
        field("subresource", Text, Omit),
    ],
};

pub(super) const TYPE_META: [Field; 3] = [
    field("kind", Text, Omit),
    field("apiVersion", Text, Omit),
    field("metadata", Shape::Struct(&OBJECT_META), Always),
];

/// A root struct: type and object metadata, then its own fields.
macro_rules! root_struct {
    ($name:literal, $type_name:literal, [$($own:expr),* $(,)?]) => {
        Struct { name: $name, type_name: $type_name, fields: &[TYPE_META[0], TYPE_META[1], TYPE_META[2], $($own),*] }
    };
}

static CONFIG_MAP: Struct = root_struct!(
    "ConfigMap",
    "v1.ConfigMap",
    [field("immutable", Bool, Keep), field("data", Map(TEXT), Omit), field("binaryData", Map(BYTES), Omit),]
);

static SECRET: Struct = root_struct!(
    "Secret",
    "v1.Secret",
    [
        field("immutable", Bool, Keep),
        field("data", Map(BYTES), Omit),
        field("stringData", Map(TEXT), Omit),
        field("type", Text, Omit),
    ]
);

static NAMESPACE: Struct = root_struct!(
    "Namespace",
    "v1.Namespace",
    [
        field("spec", Shape::Struct(&NAMESPACE_SPEC), Always),
        field("status", Shape::Struct(&NAMESPACE_STATUS), Always),
    ]
);

static NAMESPACE_SPEC: Struct = Struct {
    name: "NamespaceSpec",
    type_name: "v1.NamespaceSpec",
    fields: &[field("finalizers", List(TEXT), Omit)],
};

static NAMESPACE_STATUS: Struct = Struct {
    name: "NamespaceStatus",
    type_name: "v1.NamespaceStatus",
    fields: &[
        field("phase", Text, Omit),
        merged_by("type", "conditions", &Shape::Struct(&NAMESPACE_CONDITION)),
    ],
};

static NAMESPACE_CONDITION: Struct = Struct {
    name: "NamespaceCondition",
    type_name: "v1.NamespaceCondition",
    fields: &[
        field("type", Text, Always),
        field("status", Text, Always),
        field("lastTransitionTime", Time, Omit),
        field("reason", Text, Omit),
        field("message", Text, Omit),
    ],
};

static SERVICE_ACCOUNT: Struct = root_struct!(
    "ServiceAccount",
    "v1.ServiceAccount",
    [
        merged_by("name", "secrets", &Shape::Struct(&OBJECT_REFERENCE)),
        field("imagePullSecrets", List(&Shape::Struct(&LOCAL_OBJECT_REFERENCE)), Omit),
        field("automountServiceAccountToken", Bool, Keep),
    ]
);

static OBJECT_REFERENCE: Struct = Struct {
    name: "ObjectReference",
    type_name: "v1.ObjectReference",
    fields: &[
        field("kind", Text, Omit),
        field("namespace", Text, Omit),
        field("name", Text, Omit),
        field("uid", Text, Omit),
        field("apiVersion", Text, Omit),
        field("resourceVersion", Text, Omit),
        field("fieldPath", Text, Omit),
    ],
};

static LOCAL_OBJECT_REFERENCE: Struct = Struct {
    name: "LocalObjectReference",
    type_name: "v1.LocalObjectReference",
    fields: &[field("name", Text, Omit)],
};

static EVENT: Struct = root_struct!(
    "Event",
    "v1.Event",
    [
        field("involvedObject", Shape::Struct(&OBJECT_REFERENCE), Always),
        field("reason", Text, Omit),
        field("message", Text, Omit),
        field("source", Shape::Struct(&EVENT_SOURCE), Always),
        field("firstTimestamp", Time, Always),
        field("lastTimestamp", Time, Always),
        field("count", Int32, Omit),
        field("type", Text, Omit),
        field("eventTime", MicroTime, Always),
        field("series", Shape::Struct(&EVENT_SERIES), Keep),
        field("action", Text, Omit),
        field("related", Shape::Struct(&OBJECT_REFERENCE), Keep),
        field("reportingComponent", Text, Always),
        field("reportingInstance", Text, Always),
    ]
);

static EVENT_SOURCE: Struct = Struct {
    name: "EventSource",
    type_name: "v1.EventSource",
    fields: &[field("component", Text, Omit), field("host", Text, Omit)],
};

static EVENT_SERIES: Struct = Struct {
    name: "EventSeries",
    type_name: "v1.EventSeries",
    fields: &[field("count", Int32, Omit), field("lastObservedTime", MicroTime, Always)],
};

/// `coordination.k8s.io/v1` Lease.
static LEASE: Struct = root_struct!("Lease", "v1.Lease", [field("spec", Shape::Struct(&LEASE_SPEC), Always)]);

static LEASE_SPEC: Struct = Struct {
    name: "LeaseSpec",
    type_name: "v1.LeaseSpec",
    fields: &[
        field("holderIdentity", Text, Keep),
        field("leaseDurationSeconds", Int32, Keep),
        field("acquireTime", MicroTime, Keep),
        field("renewTime", MicroTime, Keep),
        field("leaseTransitions", Int32, Keep),
        field("strategy", Text, Keep),
        field("preferredHolder", Text, Keep),
    ],
};

/// `autoscaling/v1` Scale, the body of the `scale` subresource.
pub(crate) static SCALE: Struct = root_struct!(
    "Scale",
    "v1.Scale",
    [field("spec", Shape::Struct(&SCALE_SPEC), Omit), field("status", Shape::Struct(&SCALE_STATUS), Omit),]
);

static SCALE_SPEC: Struct =
    Struct { name: "ScaleSpec", type_name: "v1.ScaleSpec", fields: &[field("replicas", Int32, Omit)] };

static SCALE_STATUS: Struct = Struct {
    name: "ScaleStatus",
    type_name: "v1.ScaleStatus",
    fields: &[field("replicas", Int32, Always), field("selector", Text, Omit)],
};

/// `metav1.DeleteOptions`, the body of a DELETE.
pub(crate) static DELETE_OPTIONS: Struct = Struct {
    name: "DeleteOptions",
    type_name: "v1.DeleteOptions",
    fields: &[
        field("kind", Text, Omit),
        field("apiVersion", Text, Omit),
        field("gracePeriodSeconds", Int64, Keep),
        field("preconditions", Shape::Struct(&PRECONDITIONS), Keep),
        field("orphanDependents", Bool, Keep),
        field("propagationPolicy", Text, Keep),
        field("dryRun", List(TEXT), Omit),
        field("ignoreStoreReadErrorWithClusterBreakingPotential", Bool, Keep),
    ],
};

static PRECONDITIONS: Struct = Struct {
    name: "Preconditions",
    type_name: "v1.Preconditions",
    fields: &[field("uid", Text, Keep), field("resourceVersion", Text, Keep)],
};
