//! Rules of roles that would allow nothing, or cannot be.
use k1s_runtime::rbac;

#[rbac(groups = "apps", resource = "deployments", verbs = "get")]
struct UnknownKey;

#[rbac(groups("apps/v1", "v1", "aps"), resources("Deployment", "pods/"), verbs("Get", "", "get;list"))]
struct WrongWords;

#[rbac(groups = "apps", resources = "deployments")]
struct NoVerbs;

#[rbac(verbs = "get")]
struct NoResources;

#[rbac(resources = "pods", verbs = "get")]
struct NoGroups;

#[rbac(groups = "core", resources(), verbs = ["get", 1])]
struct WrongLists;

#[rbac(groups = "core", resources(), verbs = "get")]
struct EmptyList;

#[rbac(groups = "core", resources = "pods", urls("/metrics", "healthz", "/a*b"), verbs = "get", namespace = "shop")]
struct UrlsOfResources;

#[rbac(
    groups = "core",
    resources = "pods",
    verbs = "get",
    resource_names("a/b", ""),
    namespace = "My.Shop",
    role_name = ".."
)]
fn wrong_names() {}

trait Reconciler {
    #[rbac(groups = "core", resources = "pods", verbs = "get")]
    fn without_a_body();
}

#[rbac(groups = "core", resources = "pods", verbs = "get")]
const CONSTANT: u32 = 1;

fn main() {}
