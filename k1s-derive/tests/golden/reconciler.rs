struct Reconciler;
const _: () = {
    #[::k1s_runtime::__private::linkme::distributed_slice(
        ::k1s_runtime::api::RBAC_RULES
    )]
    #[linkme(crate = ::k1s_runtime::__private::linkme)]
    static RULE: ::k1s_runtime::api::RbacRule = ::k1s_runtime::api::RbacRule {
        groups: &[""],
        resources: &["pods", "pods/log"],
        verbs: &["get", "list"],
        resource_names: &[],
        urls: &[],
        namespace: ::core::option::Option::None,
        role_name: ::core::option::Option::None,
    };
};
