//! What the reconcilers of a program may do, registered where they stand.

use serde::Serialize;

/// A rule of a role: what a reconciler needs to be allowed. `#[rbac(...)]` registers one at link time, and `k1s-gen rbac` makes roles of
/// them.
///
/// The fields are those of Kubernetes' `PolicyRule`, and where the rule goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RbacRule {
    /// API groups; the core group is the empty string.
    pub groups: &'static [&'static str],
    /// Resources and subresources, as `deployments` and `deployments/status`.
    pub resources: &'static [&'static str],
    /// Verbs, as `get`.
    pub verbs: &'static [&'static str],
    /// Names of the objects that the rule is about; of all, if there are none.
    pub resource_names: &'static [&'static str],
    /// Paths that are no resources, as `/metrics`; such a rule has no groups and no resources.
    pub urls: &'static [&'static str],
    /// The namespace of the Role that the rule belongs to; without one it belongs to a ClusterRole.
    pub namespace: Option<&'static str>,
    /// The name of the role, if it is not the one that all others belong to.
    pub role_name: Option<&'static str>,
}

/// The rules of the crates linked into this program; the attribute adds to it.
#[doc(hidden)]
#[linkme::distributed_slice]
pub static RBAC_RULES: [RbacRule];

impl RbacRule {
    /// Every rule of the crates linked into this program, in no particular order.
    pub fn all() -> impl Iterator<Item = &'static RbacRule> {
        RBAC_RULES.iter()
    }
}
