//! The functions of authorisation. Rules of CustomResourceDefinitions have no `authorizer` to call them on, but kube-apiserver knows
//! their names when it checks a rule, and so its complaints are about types instead of names.

use crate::value::EvalError;

use super::cost::Cost;
use super::shorthand::member;
use super::table::{Function, Overload, Ty};

const AUTHORIZER: Ty = Ty::Opaque("kubernetes.authorization.Authorizer");
const PATH: Ty = Ty::Opaque("kubernetes.authorization.PathCheck");
const GROUP: Ty = Ty::Opaque("kubernetes.authorization.GroupCheck");
const RESOURCE: Ty = Ty::Opaque("kubernetes.authorization.ResourceCheck");
const DECISION: Ty = Ty::Opaque("kubernetes.authorization.Decision");

pub(super) const FUNCTIONS: &[Function] = &[
    named("path", &[of("authorizer_path", &[AUTHORIZER, Ty::String], PATH)]),
    named("group", &[of("authorizer_group", &[AUTHORIZER, Ty::String], GROUP)]),
    named(
        "serviceAccount",
        &[of("authorizer_serviceaccount", &[AUTHORIZER, Ty::String, Ty::String], AUTHORIZER)],
    ),
    named("resource", &[of("groupcheck_resource", &[GROUP, Ty::String], RESOURCE)]),
    named("subresource", &[of("resourcecheck_subresource", &[RESOURCE, Ty::String], RESOURCE)]),
    named("namespace", &[of("resourcecheck_namespace", &[RESOURCE, Ty::String], RESOURCE)]),
    named("name", &[of("resourcecheck_name", &[RESOURCE, Ty::String], RESOURCE)]),
    named("fieldSelector", &[of("authorizer_fieldselector", &[RESOURCE, Ty::String], RESOURCE)]),
    named("labelSelector", &[of("authorizer_labelselector", &[RESOURCE, Ty::String], RESOURCE)]),
    named(
        "check",
        &[
            of("pathcheck_check", &[PATH, Ty::String], DECISION),
            of("resourcecheck_check", &[RESOURCE, Ty::String], DECISION),
        ],
    ),
    named("errored", &[of("decision_errored", &[DECISION], Ty::Bool)]),
    named("error", &[of("decision_error", &[DECISION], Ty::String)]),
    named("allowed", &[of("decision_allowed", &[DECISION], Ty::Bool)]),
    named("reason", &[of("decision_reason", &[DECISION], Ty::String)]),
];

const fn named(name: &'static str, overloads: &'static [Overload]) -> Function {
    Function { name, doc: "", overloads }
}

/// An overload that nothing can be given to.
const fn of(id: &'static str, params: &'static [Ty], result: Ty) -> Overload {
    member(id, params, result, |_| Err(EvalError::NoSuchOverload), Cost::ONE)
}
