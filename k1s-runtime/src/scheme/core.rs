//! The kinds that every program has: those of Kubernetes that make sense without a cluster.

use k8s_openapi::api::coordination::v1::Lease;
use k8s_openapi::api::core::v1::{ConfigMap, Event, Namespace, Secret, ServiceAccount};
use k8s_openapi::api::rbac::v1::{ClusterRole, ClusterRoleBinding, Role, RoleBinding};
use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceDefinition;
use schemars::{JsonSchema, Schema, generate::SchemaSettings};

use crate::api::definition::{RustSchema, SchemaSource};
use crate::api::{ResourceDefinition, Scope};

/// Definitions of the core kinds.
pub(super) fn core_definitions() -> [ResourceDefinition; 11] {
    let mut namespace = core("Namespace", "namespaces", &["ns"], root::<Namespace>);
    namespace.scope = Scope::Cluster;
    namespace.status = true;
    let mut event = core("Event", "events", &["ev"], root::<Event>);
    event.selectable_fields = owned(&EVENT_FIELDS);
    let mut secret = core("Secret", "secrets", &[], root::<Secret>);
    secret.selectable_fields = owned(&[".type"]);
    let mut crd = core(
        "CustomResourceDefinition",
        "customresourcedefinitions",
        &["crd", "crds"],
        root::<CustomResourceDefinition>,
    );
    crd.group = "apiextensions.k8s.io".to_owned();
    crd.categories = owned(&["api-extensions"]);
    crd.scope = Scope::Cluster;
    crd.status = true;
    let config_map = core("ConfigMap", "configmaps", &["cm"], root::<ConfigMap>);
    let service_account = core("ServiceAccount", "serviceaccounts", &["sa"], root::<ServiceAccount>);
    let mut lease = core("Lease", "leases", &[], root::<Lease>);
    lease.group = "coordination.k8s.io".to_owned();
    let role = rbac("Role", "roles", root::<Role>);
    let binding = rbac("RoleBinding", "rolebindings", root::<RoleBinding>);
    let mut cluster_role = rbac("ClusterRole", "clusterroles", root::<ClusterRole>);
    cluster_role.scope = Scope::Cluster;
    let mut cluster_binding = rbac("ClusterRoleBinding", "clusterrolebindings", root::<ClusterRoleBinding>);
    cluster_binding.scope = Scope::Cluster;
    [
        namespace,
        config_map,
        secret,
        service_account,
        event,
        crd,
        lease,
        role,
        cluster_role,
        binding,
        cluster_binding,
    ]
}

/// What `kubectl get events --field-selector` may ask for.
const EVENT_FIELDS: [&str; 11] = [
    ".involvedObject.kind",
    ".involvedObject.namespace",
    ".involvedObject.name",
    ".involvedObject.uid",
    ".involvedObject.apiVersion",
    ".involvedObject.resourceVersion",
    ".involvedObject.fieldPath",
    ".reason",
    ".reportingComponent",
    ".source",
    ".type",
];

fn core(kind: &str, plural: &str, short_names: &[&str], root: fn() -> Schema) -> ResourceDefinition {
    let mut definition = ResourceDefinition::new("", "v1", kind, plural);
    definition.short_names = owned(short_names);
    definition.schema = SchemaSource::Rust(RustSchema { root });
    definition
}

fn rbac(kind: &str, plural: &str, root: fn() -> Schema) -> ResourceDefinition {
    ResourceDefinition { group: "rbac.authorization.k8s.io".to_owned(), ..core(kind, plural, &[], root) }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn root<T: JsonSchema>() -> Schema {
    // References stay references: JSONSchemaProps holds itself.
    SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>()
}
