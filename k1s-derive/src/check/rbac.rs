//! Rules of roles: an authoriser compares words, so a word that nothing is called silently allows nothing.

use darling::error::Accumulator;
use proc_macro2::Span;

use super::resource::{LABEL_MAX, is_label, is_subdomain, is_version};
use super::{did_you_mean, refuse};
use crate::model::plural_of;
use crate::parse::{RbacArgs, Text};

/// API groups of Kubernetes without a dot; every other group has one.
const GROUPS: [&str; 6] = ["core", "apps", "autoscaling", "batch", "extensions", "policy"];

/// What is usually done with a resource. There are other verbs.
const VERBS: [&str; 8] = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"];

/// Checks a rule.
pub(super) fn check(args: &RbacArgs, errors: &mut Accumulator) {
    let lists = [
        ("groups", &args.groups),
        ("resources", &args.resources),
        ("verbs", &args.verbs),
        ("resource_names", &args.resource_names),
        ("urls", &args.urls),
    ];
    for (key, words) in lists.into_iter().filter_map(|(key, words)| Some((key, words.as_ref()?))) {
        if words.words.is_empty() {
            refuse(errors, words.span, format!("`{key}` is empty: name at least one, or leave it out"));
        }
        for word in &words.words {
            check_word(key, word, errors);
        }
    }
    completeness(args, errors);
    if let Some(namespace) = args.namespace.as_ref().filter(|namespace| !is_namespace(namespace)) {
        let message = format!(
            "`{}` is no namespace: it must be lower case letters, digits and `-`",
            namespace.as_str()
        );
        refuse(errors, namespace.span(), message);
    }
    if let Some(name) = args.role_name.as_ref().filter(|name| !is_object_name(name)) {
        refuse(errors, name.span(), format!("`{}` is no name of a role", name.as_str()));
    }
}

/// Whether everything is there that must be, and nothing that excludes another.
fn completeness(args: &RbacArgs, errors: &mut Accumulator) {
    let whole = Span::call_site();
    if args.verbs.is_none() {
        refuse(
            errors,
            whole,
            "`verbs` is missing: say what is done, as `verbs(\"get\", \"list\", \"watch\")`",
        );
    }
    let Some(urls) = &args.urls else {
        if args.resources.is_none() {
            let message =
                "`resources` is missing: say what it is done to, as `resources = \"deployments\"`, or `urls`";
            refuse(errors, whole, message);
        } else if args.groups.is_none() {
            let message = "`groups` is missing: say which API group the resources are of; Kubernetes' own is `groups = \"core\"`";
            refuse(errors, whole, message);
        }
        return;
    };
    let about_resources =
        [("groups", &args.groups), ("resources", &args.resources), ("resource_names", &args.resource_names)];
    for (key, words) in about_resources {
        if words.is_some() {
            let message = format!("a rule about `urls` has no `{key}`: write two rules");
            refuse(errors, urls.span, message);
        }
    }
    if let Some(namespace) = &args.namespace {
        let message =
            "a rule about `urls` belongs to no namespace: only a ClusterRole can have it".to_owned();
        refuse(errors, namespace.span(), message);
    }
}

fn check_word(key: &str, word: &Text, errors: &mut Accumulator) {
    if word.contains([';', ',']) {
        let parts: Vec<String> = word.split([';', ',']).map(|part| format!("\"{}\"", part.trim())).collect();
        refuse(errors, word.span(), format!("several words are a list: write `{key}({})`", parts.join(", ")));
        return;
    }
    if word.is_empty() && key != "groups" {
        refuse(errors, word.span(), format!("one of `{key}` is empty"));
        return;
    }
    let wrong = match key {
        "groups" => wrong_group(word),
        "resources" => wrong_resource(word),
        "verbs" => wrong_verb(word),
        "urls" => wrong_url(word),
        _ => (!is_object_name(word)).then(|| format!("`{}` is no name of an object", word.as_str())),
    };
    if let Some(message) = wrong {
        refuse(errors, word.span(), message);
    }
}

fn wrong_group(group: &str) -> Option<String> {
    if matches!(group, "" | "*") || GROUPS.contains(&group) || is_subdomain(group) && group.contains('.') {
        return None;
    }
    if let Some((group, version)) = group.split_once('/') {
        return Some(format!(
            "a rule holds for all versions of a group: write `{group}`, not `{group}/{version}`"
        ));
    }
    if is_version(group) {
        return Some(format!("`{group}` is a version; the group of Kubernetes' own resources is `core`"));
    }
    let hint = did_you_mean(group, GROUPS);
    Some(format!(
        "`{group}` is no API group: it is one of Kubernetes', as `apps`, or a DNS name with a dot{hint}"
    ))
}

fn wrong_resource(resource: &str) -> Option<String> {
    let (name, rest) =
        resource.split_once('/').map_or((resource, None), |(name, subresource)| (name, Some(subresource)));
    let part = |part: &str| part == "*" || is_label(part);
    if part(name) && rest.is_none_or(|rest| rest.split('/').all(part)) {
        return None;
    }
    let lower = name.to_lowercase();
    // A kind, most likely.
    let hint = if name != lower && is_label(&lower) {
        let plural = if lower.ends_with('s') { lower } else { plural_of(&lower) };
        let rest = rest.map(|rest| format!("/{}", rest.to_lowercase())).unwrap_or_default();
        format!(". Did you mean `{plural}{rest}`?")
    } else {
        String::new()
    };
    Some(format!(
        "`{resource}` is no resource: it must be a plural in lower case, as `deployments` or `deployments/status`{hint}"
    ))
}

fn wrong_verb(verb: &str) -> Option<String> {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-:.".contains(&byte);
    if verb == "*" || verb.starts_with(|first: char| first.is_ascii_lowercase()) && verb.bytes().all(inner) {
        return None;
    }
    let hint = did_you_mean(verb, VERBS);
    Some(format!("`{verb}` is no verb: it must be in lower case, as `get`{hint}"))
}

fn wrong_url(url: &str) -> Option<String> {
    let path = url.strip_suffix('*').unwrap_or(url);
    if url == "*" || path.starts_with('/') && !path.contains('*') {
        return None;
    }
    let message = "a path starts with `/`, as `/metrics`, and may end in `*`, which stands for the rest";
    Some(format!("`{url}` is no path: {message}"))
}

fn is_namespace(name: &str) -> bool {
    name.len() <= LABEL_MAX && is_subdomain(name) && !name.contains('.')
}

/// Whether it may be a segment of a path, which is all that every name is.
fn is_object_name(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(['/', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_real_rules_are_taken() {
        for group in ["", "core", "*", "apps", "rbac.authorization.k8s.io"] {
            assert_eq!(wrong_group(group), None);
        }
        for resource in ["pods", "pods/log", "*", "*/scale", "pods/*", "services/proxy"] {
            assert_eq!(wrong_resource(resource), None);
        }
        for verb in ["get", "*", "impersonate", "approve", "impersonate-on:user-info:list"] {
            assert_eq!(wrong_verb(verb), None);
        }
        for url in ["/metrics", "/api/*", "*"] {
            assert_eq!(wrong_url(url), None);
        }
    }

    #[test]
    fn kinds_are_led_to_their_resources() {
        let hint = |resource| wrong_resource(resource).unwrap_or_default();
        assert!(hint("NetworkPolicy").ends_with("Did you mean `networkpolicies`?"));
        assert!(hint("Deployments/Status").ends_with("Did you mean `deployments/status`?"));
        assert!(!hint("no resource").contains("Did you mean"));
    }
}
