//! Rules of roles, on everything that may bear one.
#![forbid(unsafe_code)]
#![allow(dead_code, reason = "what bears a rule is there for its rule")]

use k1s_runtime::api::RbacRule;
use k1s_runtime::rbac;

#[rbac(groups = "core", resources("configmaps", "secrets"), verbs = ["get", "list"])]
#[rbac(urls = "/metrics", verbs = "get")]
#[derive(Clone, Debug)]
struct Reconciler<T> {
    inner: T,
}

#[rbac(groups = "apps", resources = "deployments/status", verbs = "update", namespace = "shop")]
impl<T> Reconciler<T> {
    /// A function that cannot have anything beside it.
    #[rbac(
        groups = "batch",
        resources = "jobs",
        verbs = "create",
        resource_names = "nightly",
        role_name = "jobs"
    )]
    fn reconcile<R>(&self, other: R) -> (&T, R) {
        (&self.inner, other)
    }
}

#[rbac(groups = "", resources = "events", verbs("create", "patch"))]
fn record() -> u32 {
    7
}

#[rbac(groups = "policy", resources = "evictions", verbs = "create")]
async fn evict<T>(pod: T) -> T {
    pod
}

#[rbac(groups = "*", resources = "*", verbs = "*")]
mod everything {}

#[test]
fn rules_register_themselves_and_items_stay_as_they_were() {
    let mut rules: Vec<RbacRule> = RbacRule::all().copied().collect();
    rules.sort_by_key(|rule| (rule.groups, rule.resources));
    let rule = RbacRule {
        groups: &[],
        resources: &[],
        verbs: &[],
        resource_names: &[],
        urls: &[],
        namespace: None,
        role_name: None,
    };
    let expected = [
        RbacRule { verbs: &["get"], urls: &["/metrics"], ..rule },
        RbacRule { groups: &[""], resources: &["configmaps", "secrets"], verbs: &["get", "list"], ..rule },
        RbacRule { groups: &[""], resources: &["events"], verbs: &["create", "patch"], ..rule },
        RbacRule { groups: &["*"], resources: &["*"], verbs: &["*"], ..rule },
        RbacRule {
            groups: &["apps"],
            resources: &["deployments/status"],
            verbs: &["update"],
            namespace: Some("shop"),
            ..rule
        },
        RbacRule {
            groups: &["batch"],
            resources: &["jobs"],
            verbs: &["create"],
            resource_names: &["nightly"],
            role_name: Some("jobs"),
            ..rule
        },
        RbacRule { groups: &["policy"], resources: &["evictions"], verbs: &["create"], ..rule },
    ];
    assert_eq!(rules, expected);
    assert_eq!(pollster::block_on(evict(1)), 1);
    assert_eq!(Reconciler { inner: record() }.reconcile("x"), (&7, "x"));
}
