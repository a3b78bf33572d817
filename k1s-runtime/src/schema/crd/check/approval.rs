//! The annotation that groups of the Kubernetes project need.

use crate::api::field::{FieldError, Path};

use super::super::parts::CrdParts;
use super::text;

const ANNOTATION: &str = "api-approved.kubernetes.io";
const SEE: &str = "see https://github.com/kubernetes/enhancements/pull/1111";

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Missing,
    Bypassed,
    Approved,
    Invalid,
}

/// `old` is the definition that is replaced: what it got away with may stay.
pub(super) fn check(crd: CrdParts<'_>, old: Option<CrdParts<'_>>, errors: &mut Vec<FieldError>) {
    if !is_protected(text(&crd.spec["group"])) {
        return;
    }
    let found = annotation(crd);
    let state = State::of(found);
    if old.is_some_and(|old| State::of(annotation(old)) == state) {
        return;
    }
    let at = Path::ROOT.field("metadata");
    let at = at.field("annotations");
    let at = at.key(ANNOTATION).to_string();
    let needed = format!("protected groups must have approval annotation \"{ANNOTATION}\"");
    match state {
        State::Missing => errors.push(FieldError::required(at, format!("{needed}, {SEE}"))),
        State::Invalid => {
            let detail =
                format!("{needed} with either a URL or a reason starting with \"unapproved\", {SEE}");
            errors.push(FieldError::invalid(at, found, detail));
        }
        State::Approved | State::Bypassed => {}
    }
}

fn annotation(crd: CrdParts<'_>) -> &str {
    text(&crd.metadata["annotations"][ANNOTATION])
}

fn is_protected(group: &str) -> bool {
    ["k8s.io", "kubernetes.io"]
        .into_iter()
        .any(|domain| group.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
}

impl State {
    fn of(annotation: &str) -> Self {
        let url = super::super::super::formats::url_parts(annotation);
        match annotation {
            "" => State::Missing,
            reason if reason.starts_with("unapproved") => State::Bypassed,
            _ if url.is_some_and(|(scheme, host)| !scheme.is_empty() && !host.is_empty()) => State::Approved,
            _ => State::Invalid,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(annotation: &str, old: Option<&str>) -> Vec<String> {
        let crd = |annotation: &str| {
            json!({
                "metadata": {"annotations": {ANNOTATION: annotation}}, "spec": {"group": "x.k8s.io"},
            })
        };
        let mut errors = Vec::new();
        let (crd, old) = (crd(annotation), old.map(crd));
        check((&crd).into(), old.as_ref().map(Into::into), &mut errors);
        errors.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn protected_groups_need_a_url_or_a_reason() {
        assert!(
            faults("https://example.com/1", None).is_empty() && faults("unapproved, why", None).is_empty()
        );
        assert_eq!(
            faults("yes", None),
            [format!(
                "metadata.annotations[{ANNOTATION}]: Invalid value: \"yes\": protected groups must have approval annotation \"{ANNOTATION}\" with either a URL or a reason starting with \"unapproved\", {SEE}"
            )]
        );
        assert!(faults("", None)[0].contains("Required value"));
        assert!(faults("no", Some("yes")).is_empty());
    }
}
