//! The rules that single core kinds have of their own. Everything else about a kind is in its definition.

mod config_map;
pub(crate) mod crd;
mod event;
mod lease;
pub(crate) mod namespace;
mod rbac;
mod secret;
mod service_account;

use std::borrow::Cow;

use crate::api::field::FieldError;
use crate::api::{Object, names};
use crate::schema;

use super::metadata::NameRule;

/// A kind whose rules are code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Builtin {
    /// v1 ConfigMap.
    ConfigMap,
    /// v1 Secret.
    Secret,
    /// v1 Namespace.
    Namespace,
    /// v1 ServiceAccount.
    ServiceAccount,
    /// v1 Event.
    Event,
    /// apiextensions.k8s.io/v1 CustomResourceDefinition.
    CustomResourceDefinition,
    /// coordination.k8s.io/v1 Lease.
    Lease,
    /// rbac.authorization.k8s.io/v1 Role.
    Role,
    /// rbac.authorization.k8s.io/v1 ClusterRole.
    ClusterRole,
    /// rbac.authorization.k8s.io/v1 RoleBinding.
    RoleBinding,
    /// rbac.authorization.k8s.io/v1 ClusterRoleBinding.
    ClusterRoleBinding,
}

impl Builtin {
    /// The rules of a kind, if it has its own.
    pub(crate) fn of(group: &str, kind: &str) -> Option<Self> {
        Some(match (group, kind) {
            ("", "ConfigMap") => Self::ConfigMap,
            ("", "Secret") => Self::Secret,
            ("", "Namespace") => Self::Namespace,
            ("", "ServiceAccount") => Self::ServiceAccount,
            ("", "Event") => Self::Event,
            ("apiextensions.k8s.io", "CustomResourceDefinition") => Self::CustomResourceDefinition,
            ("coordination.k8s.io", "Lease") => Self::Lease,
            ("rbac.authorization.k8s.io", "Role") => Self::Role,
            ("rbac.authorization.k8s.io", "ClusterRole") => Self::ClusterRole,
            ("rbac.authorization.k8s.io", "RoleBinding") => Self::RoleBinding,
            ("rbac.authorization.k8s.io", "ClusterRoleBinding") => Self::ClusterRoleBinding,
            _ => return None,
        })
    }

    /// How names are checked; custom resources' are DNS subdomains.
    pub(crate) fn name_rule(builtin: Option<Self>) -> NameRule {
        match builtin {
            Some(Self::Namespace) => label_name,
            Some(Self::Event) => path_segment,
            Some(builtin) if builtin.is_rbac() => rbac::name,
            _ => subdomain_name,
        }
    }

    /// Whether it is of the group of roles and bindings.
    pub(crate) fn is_rbac(self) -> bool {
        matches!(self, Self::Role | Self::ClusterRole | Self::RoleBinding | Self::ClusterRoleBinding)
    }

    /// Whether `metadata.generation` counts changes.
    pub(crate) fn has_generation(self) -> bool {
        self == Self::CustomResourceDefinition
    }

    /// Whether PUT may come without a resourceVersion.
    pub(crate) fn allows_unconditional_update(self) -> bool {
        !matches!(self, Self::CustomResourceDefinition | Self::Lease)
    }

    /// Whether PUT creates what is not there.
    pub(crate) fn creates_on_update(self) -> bool {
        matches!(self, Self::Event | Self::Lease) || self.is_rbac()
    }

    /// Whether DELETE answers with the object rather than with a status.
    pub(crate) fn delete_returns_object(self) -> bool {
        matches!(self, Self::ServiceAccount | Self::Namespace)
    }

    /// Fills in the defaults of an object as it is decoded, before anybody owns its fields.
    pub(crate) fn default(self, object: &mut Object) {
        match self {
            Self::Secret => secret::prepare(object),
            Self::Namespace => namespace::label_name(object),
            Self::RoleBinding | Self::ClusterRoleBinding => rbac::prepare_binding(object),
            _ => {}
        }
    }

    /// Makes an object ready to be created.
    pub(crate) fn prepare_create(self, object: &mut Object) {
        match self {
            Self::Secret => secret::prepare(object),
            Self::Namespace => namespace::prepare_create(object),
            Self::CustomResourceDefinition => crd::prepare_create(object),
            Self::ServiceAccount => service_account::prepare(object),
            Self::Lease => lease::prepare(object),
            Self::Role | Self::ClusterRole => rbac::prepare_role(object),
            Self::RoleBinding | Self::ClusterRoleBinding => rbac::prepare_binding(object),
            Self::ConfigMap | Self::Event => {}
        }
    }

    /// Makes an object ready to replace another.
    pub(crate) fn prepare_update(self, object: &mut Object, old: &Object) {
        match self {
            Self::Secret => secret::prepare(object),
            Self::Namespace => namespace::prepare_update(object, old),
            Self::CustomResourceDefinition => crd::prepare_update(object, old),
            Self::ServiceAccount => service_account::prepare(object),
            Self::Lease => lease::prepare(object),
            Self::Role | Self::ClusterRole => rbac::prepare_role(object),
            Self::RoleBinding | Self::ClusterRoleBinding => rbac::prepare_binding(object),
            Self::ConfigMap | Self::Event => {}
        }
    }

    /// What is wrong with an object besides its metadata.
    pub(crate) fn validate(self, object: &Object, errors: &mut Vec<FieldError>) {
        match self {
            Self::ConfigMap => config_map::validate(object, errors),
            Self::Secret => secret::validate(object, errors),
            Self::Event => event::validate(object, errors),
            Self::Namespace => namespace::validate(object, errors),
            Self::Lease => lease::validate(object, errors),
            Self::Role => rbac::validate_role(object, errors),
            Self::ClusterRole => rbac::validate_cluster_role(object, errors),
            Self::RoleBinding => rbac::validate_binding(object, true, errors),
            Self::ClusterRoleBinding => rbac::validate_binding(object, false, errors),
            Self::ServiceAccount | Self::CustomResourceDefinition => {}
        }
    }

    /// What is wrong with replacing one object by another.
    pub(crate) fn validate_update(self, object: &Object, old: &Object, errors: &mut Vec<FieldError>) {
        match self {
            Self::ConfigMap => config_map::validate_immutable(object, old, &["data", "binaryData"], errors),
            Self::Secret => {
                secret::validate_update(object, old, errors);
                config_map::validate_immutable(object, old, &["data"], errors);
            }
            Self::RoleBinding | Self::ClusterRoleBinding => rbac::validate_role_ref(object, old, errors),
            _ => {}
        }
    }

    /// Warnings about an object that is accepted.
    pub(crate) fn warnings(self, object: &Object, old: Option<&Object>) -> Vec<String> {
        match self {
            Self::ServiceAccount => service_account::warnings(object, old),
            Self::CustomResourceDefinition => match old {
                None => schema::crd::warnings(object),
                Some(old) => schema::crd::warnings_of_update(object, old),
            },
            _ => Vec::new(),
        }
    }
}

fn unprefixed(name: &str, prefix: bool) -> Cow<'_, str> {
    if prefix { names::mask_trailing_dash(name).into() } else { name.into() }
}

fn subdomain_name(name: &str, prefix: bool) -> Vec<String> {
    names::dns1123_subdomain(&unprefixed(name, prefix))
}

fn label_name(name: &str, prefix: bool) -> Vec<String> {
    names::dns1123_label(&unprefixed(name, prefix))
}

/// Names that are not restricted beyond being a segment of a URL path.
pub(crate) fn path_segment(name: &str, prefix: bool) -> Vec<String> {
    if prefix { names::path_segment_prefix(name) } else { names::path_segment_name(name) }
}
