//! `--prune`: deletes what was applied before and is not among what is applied now.

use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use kube_core::GroupVersionKind;

use crate::api::ResourceDefinition;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::merge::LAST_APPLIED;
use crate::cli::outcome::Outcomes;
use crate::cli::resources::{Info, Listed, listed_info};
use crate::cli::write::{self, Strategy};
use crate::client::{DeleteOptions, Propagation};

/// What kubectl looks at when no kind is named, as far as programs have it.
const DEFAULT_KINDS: [(&str, &str, &str); 3] =
    [("", "v1", "ConfigMap"), ("", "v1", "Secret"), ("", "v1", "Namespace")];

/// What has been applied, and where to look for what has not.
pub(super) struct Pruning {
    kinds: Vec<Arc<ResourceDefinition>>,
    selector: String,
    namespaces: BTreeSet<String>,
    applied: HashSet<String>,
}

impl Pruning {
    /// Reads `--prune-allowlist`.
    ///
    /// # Errors
    /// When an entry is malformed, or names a kind that is not served.
    pub(super) fn new(allowed: &[String], selector: &str, context: &mut Context<'_>) -> Result<Self, Error> {
        let mut kinds = Vec::new();
        for text in allowed {
            let parts: Vec<&str> = text.split('/').collect();
            let &[group, version, kind] = parts.as_slice() else {
                return Err(Error::message(format!(
                    "invalid GroupVersionKind format: {text}, please follow <group/version/kind>"
                )));
            };
            let group = if group == "core" { "" } else { group };
            let gvk = GroupVersionKind { group: group.into(), version: version.into(), kind: kind.into() };
            let Some(definition) = context.served_kind(&gvk)? else {
                let group_version =
                    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") };
                return Err(Error::message(format!(
                    "no matches for kind \"{kind}\" in version \"{group_version}\""
                )));
            };
            kinds.push(definition);
        }
        if allowed.is_empty() {
            for (group, version, kind) in DEFAULT_KINDS {
                let gvk =
                    GroupVersionKind { group: group.into(), version: version.into(), kind: kind.into() };
                // A namespace given on the command line is where everything happens.
                let outside = kind == "Namespace" && context.namespace_is_explicit();
                kinds.extend(context.app().scheme().by_gvk(&gvk).filter(|_| !outside));
            }
        }
        Ok(Self {
            kinds,
            selector: selector.to_owned(),
            namespaces: BTreeSet::new(),
            applied: HashSet::new(),
        })
    }

    /// Remembers an object that was applied.
    pub(super) fn mark(&mut self, info: &Info) {
        self.namespaces.extend(info.namespace.clone());
        self.applied.extend(info.object.uid().map(str::to_owned));
    }

    /// Deletes what is left over.
    ///
    /// # Errors
    /// The first one.
    pub(super) fn run(
        self,
        strategy: Strategy,
        outcomes: &mut Outcomes,
        context: &mut Context<'_>,
    ) -> Result<(), Error> {
        let (namespaced, others): (Vec<_>, Vec<_>) = self.kinds.iter().partition(|kind| kind.is_namespaced());
        for namespace in &self.namespaces {
            for definition in &namespaced {
                self.prune(definition, Some(namespace.clone()), strategy, outcomes, context)?;
            }
        }
        others.iter().try_for_each(|definition| self.prune(definition, None, strategy, outcomes, context))
    }

    fn prune(
        &self,
        definition: &Arc<ResourceDefinition>,
        namespace: Option<String>,
        strategy: Strategy,
        outcomes: &mut Outcomes,
        context: &mut Context<'_>,
    ) -> Result<(), Error> {
        let listed = Listed {
            definition: definition.clone(),
            namespace,
            labels: self.selector.clone(),
            fields: String::new(),
        };
        let mut candidates = Vec::new();
        listed.pages(0, context, &mut |_, page| {
            for raw in page {
                candidates.push(listed_info(definition, &raw)?);
            }
            Ok(())
        })?;
        for info in candidates {
            let object = &info.object;
            let applied_now = object.uid().is_some_and(|uid| self.applied.contains(uid));
            if object.annotation(LAST_APPLIED).is_none() || applied_now {
                continue;
            }
            if strategy != Strategy::Client {
                let options =
                    DeleteOptions { propagation: Some(Propagation::Background), ..DeleteOptions::default() };
                write::send(write::delete(&info, options, strategy), context)?;
            }
            outcomes.print(object, "pruned", context)?;
        }
        Ok(())
    }
}
