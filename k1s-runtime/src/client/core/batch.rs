//! Writes on their way to the store: evaluated in order, committed together, retried alone.
//!
//! A request that reads what an earlier one of the same batch has yet to store is evaluated after those before it are
//! committed; a bulk of independent writes is one commit.

use std::collections::HashSet;
use std::sync::atomic::Ordering;

use crate::api::status;
use crate::client::create::{self, Look};
use crate::client::kinds::{Builtin, namespace};
use crate::client::{DryRun, Error, Result, WriteRequest, WriteVerb, Written};
use crate::client::{collection, delete, garbage, options, place, update};
use crate::storage::{self, KeyBuf, Mutation, Outcome, Stored};

use super::terminate::Left;
use super::{Inner, Plan};

/// How often a write that lost a race is tried again before it is answered with a conflict.
const MAX_RETRIES: usize = 64;

/// How many writes one commit takes at most, so that memory does not grow with the number of requests.
const MAX_BATCH: usize = 20_000;

/// Writes that have been evaluated but not committed.
#[derive(Default)]
struct Pending {
    plans: Vec<(usize, Plan)>,
    keys: HashSet<KeyBuf>,
    /// Whether some of them store objects that have owners.
    owned: bool,
}

type Answers = Vec<Option<Result<Written>>>;

/// Performs writes in order.
pub(super) async fn write(core: &Inner, requests: &[WriteRequest]) -> Vec<Result<Written>> {
    let unanswered = || Err(Error::Api(status::internal("a write was left without an answer")));
    let answers = perform(core, requests, false).await;
    answers.into_iter().map(|answer| answer.unwrap_or_else(unanswered)).collect()
}

/// Deletes objects in order until one cannot be deleted; one that is gone already is passed over. Says whether anything changed.
///
/// # Errors
/// Those of the first that cannot; the ones before it are deleted.
pub(crate) async fn delete_each(core: &Inner, requests: &[WriteRequest]) -> Result<bool> {
    let mut changed = false;
    // What follows an error has no answer.
    for answer in Box::pin(perform(core, requests, true)).await.into_iter().flatten() {
        match answer {
            Ok(written) => changed |= written.changed,
            Err(error) if error.is_not_found() => {}
            Err(error) => return Err(error),
        }
    }
    Ok(changed)
}

/// Performs writes in order; if it is to stop at the first error, those after it are left without an answer.
async fn perform(core: &Inner, requests: &[WriteRequest], stop: bool) -> Answers {
    let mut left = Left::default();
    let mut answers = commit_each(core, requests, stop, &mut left).await;
    if core.controllers {
        left.follow(core, &mut answers).await;
    }
    answers
}

/// Deletes objects, as [`delete_each`] does but past errors, and leaves the namespaces that they leave as they are. Returns the first
/// error.
pub(super) async fn delete_all(core: &Inner, requests: &[WriteRequest]) -> Result<()> {
    let answers = Box::pin(commit_each(core, requests, false, &mut Left::default())).await;
    let failed = |error: &Error| !error.is_not_found();
    answers.into_iter().flatten().filter_map(Result::err).find(failed).map_or(Ok(()), Err)
}

async fn commit_each(core: &Inner, requests: &[WriteRequest], stop: bool, left: &mut Left) -> Answers {
    let mut answers: Answers = requests.iter().map(|_| None).collect();
    let mut pending = Pending::default();
    for (index, request) in requests.iter().enumerate() {
        if let WriteVerb::DeleteCollection(collected) = &request.verb {
            flush(core, requests, &mut pending, &mut answers).await;
            answers[index] = Some(collection::delete(core, request, collected).await);
            continue;
        }
        if pending.touched_by(core, request) {
            flush(core, requests, &mut pending, &mut answers).await;
        }
        let mut planned = evaluate(core, request, Look::AtCommit).await;
        if pending.owned && planned.as_ref().is_ok_and(|plan| plan.deletes() || is_deletion(request)) {
            // Dependents may be among what is yet to be stored.
            flush(core, requests, &mut pending, &mut answers).await;
            planned = evaluate(core, request, Look::AtCommit).await;
        }
        if let Ok(plan) = &planned {
            left.note(index, request, plan);
        }
        match planned {
            Err(error) => {
                let ends = stop && !error.is_not_found();
                answers[index] = Some(Err(error));
                if ends {
                    break;
                }
            }
            Ok(plan) if request.options.dry_run == DryRun::All || !plan.changes() => {
                let changed = plan.changes();
                answers[index] = Some(plan.finish(None, changed));
            }
            Ok(plan) => {
                let alone = plan.effect.is_some();
                pending.push(index, plan, requests.len() > 1);
                if alone || pending.plans.len() >= MAX_BATCH {
                    flush(core, requests, &mut pending, &mut answers).await;
                }
            }
        }
    }
    flush(core, requests, &mut pending, &mut answers).await;
    answers
}

impl Pending {
    fn push(&mut self, index: usize, plan: Plan, remember_keys: bool) {
        if remember_keys {
            for mutation in &plan.mutations {
                if let Mutation::Put { indexes, .. } = mutation {
                    self.owned |= indexes.iter().any(|entry| entry.index == garbage::INDEX);
                }
                if let Mutation::Put { key, .. } | Mutation::Delete { key, .. } = mutation {
                    self.keys.insert(key.clone());
                }
            }
        }
        self.plans.push((index, plan));
    }

    /// Whether evaluating a request would read a key that is about to be written.
    fn touched_by(&self, core: &Inner, request: &WriteRequest) -> bool {
        if self.keys.is_empty() {
            return false;
        }
        let gvk = &request.target.gvk;
        if Builtin::of(&gvk.group, &gvk.kind) == Some(Builtin::CustomResourceDefinition) {
            return true;
        }
        let Some(definition) = core.scheme.by_gvk(gvk) else { return true };
        let namespace = request.target.namespace.as_deref().filter(|_| definition.is_namespaced());
        let name = match &request.verb {
            WriteVerb::Create(object) => object.name(),
            _ => &request.name,
        };
        let key = |resource: String, namespace: &str, name: &str| KeyBuf {
            tenant: core.tenant.clone(),
            resource,
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        };
        let own = key(definition.qualified_resource(), namespace.unwrap_or_default(), name);
        if self.keys.contains(&own) {
            return true;
        }
        namespace.is_some_and(|namespace| {
            !namespace::is_immortal(namespace)
                && self.keys.contains(&key("namespaces".to_owned(), "", namespace))
        })
    }
}

fn is_deletion(request: &WriteRequest) -> bool {
    matches!(request.verb, WriteVerb::Delete(_))
}

async fn evaluate(core: &Inner, request: &WriteRequest, look: Look) -> Result<Plan> {
    let kind = core.kind(&request.target.gvk).await?;
    place::check(&kind, request)?;
    let deprecation = options::deprecation(&core.scheme, &kind);
    let plan = match &request.verb {
        WriteVerb::Create(object) => create::create(core, kind, request, object, look).await,
        WriteVerb::Update(object) => update::replace(core, kind, request, object).await,
        WriteVerb::Patch(patch) => update::patch(core, kind, request, patch).await,
        WriteVerb::Delete(options) => delete::delete(core, kind, request, options).await,
        WriteVerb::DeleteCollection(_) => Err(Error::Api(status::verb_not_allowed())),
    };
    let plan = match plan {
        Ok(mut plan) if core.controllers && request.options.dry_run == DryRun::None => {
            garbage::follow(core, request, &mut plan).await.map(|()| plan)
        }
        plan => plan,
    };
    let Some(warning) = deprecation else { return plan };
    match plan {
        Ok(mut plan) => {
            plan.warnings.insert(0, warning);
            Ok(plan)
        }
        Err(error) => Err(error.after(vec![warning])),
    }
}

/// Commits what is pending and answers it.
async fn flush(core: &Inner, requests: &[WriteRequest], pending: &mut Pending, answers: &mut Answers) {
    pending.keys.clear();
    pending.owned = false;
    let mut plans = std::mem::take(&mut pending.plans);
    if plans.is_empty() {
        return;
    }
    let outcomes = match commit(core, plans.iter_mut().map(|(_, plan)| plan)).await {
        Ok(outcomes) => outcomes,
        Err(error) => return fail(core, requests, &plans, error, answers).await,
    };
    for ((index, plan), outcome) in plans.into_iter().zip(outcomes) {
        answers[index] = Some(match outcome {
            Outcome::Committed { stored } => settle(core, plan, stored),
            Outcome::Conflict { .. } => retry(core, &requests[index]).await,
        });
    }
}

/// Answers writes whose common commit failed. If it may be one of them that the store does not take, each is tried alone, so
/// that the others do not suffer for it; else all of them fail for the same reason.
async fn fail(
    core: &Inner,
    requests: &[WriteRequest],
    plans: &[(usize, Plan)],
    error: Error,
    answers: &mut Answers,
) {
    let one_is_to_blame =
        matches!(&error, Error::Storage(storage::Error::BadKey { .. } | storage::Error::Full { .. }));
    if one_is_to_blame && plans.len() > 1 {
        for (index, _) in plans {
            answers[*index] = Some(retry(core, &requests[*index]).await);
        }
        return;
    }
    let text = error.to_string();
    let mut first = Some(error);
    for (index, _) in plans {
        let same = || storage::Error::Backend(text.clone()).into();
        answers[*index] = Some(Err(first.take().unwrap_or_else(same)));
    }
}

/// Commits plans, preceded by the namespaces that are always there if the store lacks them.
async fn commit(core: &Inner, plans: impl Iterator<Item = &mut Plan>) -> Result<Vec<Outcome>> {
    let first = core.missing_namespaces().await?;
    let lead = usize::from(first.is_some());
    let batch = first.into_iter().chain(plans.map(Plan::take_transaction)).collect();
    let mut outcomes = core.storage.commit(batch).await?;
    if lead > 0 {
        outcomes.drain(..lead);
    }
    core.namespaces_stored.store(true, Ordering::Release);
    Ok(outcomes)
}

/// The answer to a committed plan.
fn settle(core: &Inner, mut plan: Plan, stored: Vec<Option<Stored>>) -> Result<Written> {
    if let Some(effect) = plan.effect.take()
        && let Err(error) = core.apply_effect(effect)
    {
        // The definition is stored all the same, as on a server that does not accept its names.
        plan.warnings.push(format!("the kind is not served: {error}"));
    }
    plan.finish(stored.into_iter().next().flatten(), true)
}

/// Tries a write again that somebody else's write came before.
async fn retry(core: &Inner, request: &WriteRequest) -> Result<Written> {
    for _ in 0..MAX_RETRIES {
        let mut plan = evaluate(core, request, Look::First).await?;
        if !plan.changes() {
            return plan.finish(None, false);
        }
        let outcome = commit(core, std::iter::once(&mut plan)).await?.into_iter().next();
        if let Some(Outcome::Committed { stored }) = outcome {
            return settle(core, plan, stored);
        }
    }
    let kind = core.kind(&request.target.gvk).await?;
    Err(Error::Api(status::conflict(kind.subject(), &request.name, status::MODIFIED)))
}
