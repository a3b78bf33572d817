//! The tables of `k8s.io/api/rbac/v1`.

use super::Empty::{Always, Keep, Omit};
use super::Shape::{List, Map, Text};
use super::tables::{TYPE_META, field};
use super::{Shape, Struct};

const TEXT: &Shape = &Text;

pub(super) static ROLE: Struct = Struct {
    name: "Role",
    type_name: "v1.Role",
    fields: &[
        TYPE_META[0],
        TYPE_META[1],
        TYPE_META[2],
        field("rules", List(&Shape::Struct(&POLICY_RULE)), Always),
    ],
};

pub(super) static CLUSTER_ROLE: Struct = Struct {
    name: "ClusterRole",
    type_name: "v1.ClusterRole",
    fields: &[
        TYPE_META[0],
        TYPE_META[1],
        TYPE_META[2],
        field("rules", List(&Shape::Struct(&POLICY_RULE)), Always),
        field("aggregationRule", Shape::Struct(&AGGREGATION_RULE), Keep),
    ],
};

pub(super) static ROLE_BINDING: Struct =
    Struct { name: "RoleBinding", type_name: "v1.RoleBinding", fields: &BINDING };

pub(super) static CLUSTER_ROLE_BINDING: Struct =
    Struct { name: "ClusterRoleBinding", type_name: "v1.ClusterRoleBinding", fields: &BINDING };

static BINDING: [super::Field; 5] = [
    TYPE_META[0],
    TYPE_META[1],
    TYPE_META[2],
    field("subjects", List(&Shape::Struct(&SUBJECT)), Omit),
    field("roleRef", Shape::Struct(&ROLE_REF), Always),
];

static POLICY_RULE: Struct = Struct {
    name: "PolicyRule",
    type_name: "v1.PolicyRule",
    fields: &[
        field("verbs", List(TEXT), Always),
        field("apiGroups", List(TEXT), Omit),
        field("resources", List(TEXT), Omit),
        field("resourceNames", List(TEXT), Omit),
        field("nonResourceURLs", List(TEXT), Omit),
    ],
};

static AGGREGATION_RULE: Struct = Struct {
    name: "AggregationRule",
    type_name: "v1.AggregationRule",
    fields: &[field("clusterRoleSelectors", List(&Shape::Struct(&LABEL_SELECTOR)), Omit)],
};

/// `metav1.LabelSelector`.
static LABEL_SELECTOR: Struct = Struct {
    name: "LabelSelector",
    type_name: "v1.LabelSelector",
    fields: &[
        field("matchLabels", Map(TEXT), Omit),
        field("matchExpressions", List(&Shape::Struct(&REQUIREMENT)), Omit),
    ],
};

static REQUIREMENT: Struct = Struct {
    name: "LabelSelectorRequirement",
    type_name: "v1.LabelSelectorRequirement",
    fields: &[field("key", Text, Always), field("operator", Text, Always), field("values", List(TEXT), Omit)],
};

static SUBJECT: Struct = Struct {
    name: "Subject",
    type_name: "v1.Subject",
    fields: &[
        field("kind", Text, Always),
        field("apiGroup", Text, Omit),
        field("name", Text, Always),
        field("namespace", Text, Omit),
    ],
};

static ROLE_REF: Struct = Struct {
    name: "RoleRef",
    type_name: "v1.RoleRef",
    fields: &[field("apiGroup", Text, Always), field("kind", Text, Always), field("name", Text, Always)],
};
