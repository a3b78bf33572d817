//! What a write does to ownership.
//!
//! A write without apply takes the fields that it changes and leaves the others to their owners. An apply owns what it names:
//! fields of others that it would change are conflicts unless forced, and what it named before and does not name now goes,
//! unless somebody else has it too.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::api::Object;
use crate::client::convert;
use crate::client::core::{Kind, Version};
use crate::scheme;

use super::check::{Duplicates, check};
use super::compare::{Comparison, compare};
use super::conflict;
use super::element::same;
use super::entries::{Manager, Managers, Operation, Owned};
use super::error::Error;
use super::fields::fields;
use super::merge::merge;
use super::reconcile::reconcile;
use super::remove::remove;
use super::set::FieldSet;

type Result<T> = std::result::Result<T, Error>;

/// An object in one version of its kind.
#[derive(Clone)]
struct Typed<'a> {
    object: Cow<'a, Object>,
    version: &'a Version,
}

/// Ownership of objects of a kind, in a request of one of its versions.
pub(super) struct Updater<'a> {
    kind: &'a Kind,
    version: &'a Version,
    /// Fields that the request cannot change: nobody comes to own them by it.
    ignored: FieldSet,
}

/// What an apply makes.
pub(super) struct Applied {
    /// The object; `None` if it is what it was.
    pub(super) object: Option<Object>,
    pub(super) managers: Managers,
}

impl<'a> Updater<'a> {
    pub(super) fn new(kind: &'a Kind, ignored: FieldSet) -> Self {
        Self { kind, version: kind.version(), ignored }
    }

    /// A write without apply. Returns the fields that the writer takes.
    pub(super) fn update(&self, live: &Object, new: &Object, managers: &mut Managers) -> Result<FieldSet> {
        self.reconcile(live, managers)?;
        let compared = self.take(live, new, managers, None, true)?;
        Ok(compared.modified.joined(compared.added))
    }

    /// An apply.
    pub(super) fn apply(
        &self,
        live: &Object,
        config: &Object,
        managers: &Managers,
        manager: &Manager,
        force: bool,
    ) -> Result<Applied> {
        let types = self.version.types()?;
        let failed = |what: &str, of: &Object, why: &str| {
            Error::Failed(format!("failed to create typed {what} object ({}): {why}", named(of)))
        };
        check(types, config, Duplicates::Refused).map_err(|why| failed("patch", config, &why))?;
        check(types, live, Duplicates::Allowed).map_err(|why| failed("live", live, &why))?;
        let mut managers = managers.clone();
        self.reconcile(live, &mut managers)?;
        let merged = Typed { object: Cow::Owned(merge(types, live, config)), version: self.version };
        let last = managers.remove(manager);
        let time = last.as_ref().and_then(|last| last.time.clone());
        let applied = fields(types, config).minus_all_below(&self.ignored);
        let owned = Owned { fields: applied, api_version: self.version.api_version.clone(), time };
        managers.insert(manager.clone(), owned);
        let new = match &last {
            Some(last) => self.prune(merged, &managers, last)?,
            None => merged.object.into_owned(),
        };
        self.take(live, &new, &mut managers, Some(manager), force)?;
        let object = (!is_same(live, &new)).then_some(new);
        Ok(Applied { object, managers })
    }

    /// Brings ownership to what the schemas are today.
    fn reconcile(&self, live: &Object, managers: &mut Managers) -> Result<()> {
        let mut gone = Vec::new();
        for (manager, owned) in managers.iter_mut() {
            match self.at(live, &owned.api_version)? {
                None => gone.push(manager.clone()),
                Some(live) => {
                    if let Some(fields) = reconcile(live.version.types()?, &live.object, &owned.fields) {
                        owned.fields = fields;
                    }
                }
            }
        }
        // Of a version that there is no more nobody owns anything.
        managers.retain(|manager, _| !gone.contains(manager));
        Ok(())
    }

    /// Takes the fields that differ from their owners, but for `writer`. Returns how the values differ in the request's version.
    fn take(
        &self,
        old: &Object,
        new: &Object,
        managers: &mut Managers,
        writer: Option<&Manager>,
        force: bool,
    ) -> Result<Comparison> {
        let own = compare(self.version.types()?, old, new).without(&self.ignored);
        let mut others: BTreeMap<String, Comparison> = BTreeMap::new();
        let mut conflicts = Vec::new();
        let mut left: Vec<(Manager, FieldSet)> = Vec::new();
        for (manager, owned) in managers.iter().filter(|(manager, _)| Some(*manager) != writer) {
            let compared = if owned.api_version == self.version.api_version {
                &own
            } else {
                if !others.contains_key(&owned.api_version) {
                    let versions = (self.at(old, &owned.api_version)?, self.at(new, &owned.api_version)?);
                    let (Some(old), Some(new)) = versions else { continue };
                    let compared = compare(old.version.types()?, &old.object, &new.object);
                    others.insert(owned.api_version.clone(), compared);
                }
                others.get(&owned.api_version).unwrap_or(&own)
            };
            let taken = owned.fields.intersection(&compared.modified.union(&compared.added));
            if !force {
                conflicts.extend(conflict::with(manager, &taken));
            }
            let rest = owned.fields.difference(&taken).minus(&compared.removed);
            left.push((manager.clone(), rest));
        }
        if !conflicts.is_empty() {
            return Err(Error::Conflicts(conflicts));
        }
        for (manager, fields) in left {
            if let Some(owned) = managers.get_mut(&manager) {
                owned.fields = fields;
            }
        }
        managers.retain(|_, owned| !owned.fields.is_empty());
        Ok(own)
    }

    /// Takes out of the merged object what the applier named last time and neither it nor another applier names now.
    fn prune(&self, merged: Typed<'a>, managers: &Managers, last: &Owned) -> Result<Object> {
        let Some(merged) = self.convert(&merged, &last.api_version)? else {
            return Ok(merged.object.into_owned());
        };
        if last.fields.is_empty() {
            return self.back(&merged);
        }
        let types = merged.version.types()?;
        let named = |set: &FieldSet| set.with_named_fields(types, Some(types.root));
        let last_fields = named(&last.fields);
        let pruned = without(&merged, &last_fields)?;
        let pruned = self.add_back_owned(&merged, pruned, &last.api_version, managers)?;
        let Some(pruned) = self.convert(&pruned, &last.api_version)? else { return self.back(&merged) };
        // Only what the applier itself had may go: what nobody owns, or who does not apply, stays.
        let kept = named(&fields(types, &pruned.object));
        let all = named(&fields(types, &merged.object));
        let gone = all.difference(&kept).intersection(&last_fields);
        self.back(&without(&merged, &gone)?)
    }

    /// Puts back what appliers own, version by version, the pruned one first.
    fn add_back_owned(
        &self,
        merged: &Typed<'a>,
        mut pruned: Typed<'a>,
        first: &str,
        managers: &Managers,
    ) -> Result<Typed<'a>> {
        let mut owned: BTreeMap<&str, FieldSet> = BTreeMap::new();
        for (_, entry) in managers.iter().filter(|(manager, _)| manager.operation == Operation::Apply) {
            let at = owned.entry(&entry.api_version).or_default();
            *at = at.union(&entry.fields);
        }
        let first_owned = owned.remove_entry(first);
        let mut merged = merged.clone();
        for (version, owned) in first_owned.into_iter().chain(owned) {
            let versions = (self.convert(&merged, version)?, self.convert(&pruned, version)?);
            let (Some(all), Some(left)) = versions else { continue };
            let types = all.version.types()?;
            let named = |set: &FieldSet| set.with_named_fields(types, Some(types.root));
            let kept = named(&fields(types, &left.object)).union(&named(&owned));
            let gone = named(&fields(types, &all.object)).difference(&kept);
            pruned = without(&all, &gone)?;
            merged = all;
        }
        Ok(pruned)
    }

    /// An object of the request's version in another; `None` if there is no such version.
    fn at<'o>(&self, object: &'o Object, api_version: &str) -> Result<Option<Typed<'o>>>
    where
        'a: 'o,
    {
        self.convert(&Typed { object: Cow::Borrowed(object), version: self.version }, api_version)
    }

    fn back(&self, typed: &Typed<'_>) -> Result<Object> {
        let back = self.convert(typed, &self.version.api_version)?;
        Ok(back.map_or_else(|| typed.object.clone().into_owned(), |typed| typed.object.into_owned()))
    }

    fn convert<'o>(&self, typed: &Typed<'o>, api_version: &str) -> Result<Option<Typed<'o>>>
    where
        'a: 'o,
    {
        if typed.version.api_version == api_version {
            return Ok(Some(typed.clone()));
        }
        let Some(version) = self.kind.family.version(api_version) else { return Ok(None) };
        let mut object = convert::convert(self.kind, &typed.object, &version.definition)?;
        if scheme::has_conversions(&self.kind.family.definitions) {
            // Rust's conversions write nulls for what is not there.
            version.schema()?.drop_nulls(&mut object.0);
        }
        // Fields that the other version does not have are not dropped on the way, as they are from the store.
        check(version.types()?, &object, Duplicates::Allowed)
            .map_err(|why| Error::Failed(format!("failed to convert object: {why}")))?;
        Ok(Some(Typed { object: Cow::Owned(object), version }))
    }
}

/// An object without some fields.
fn without<'o>(typed: &Typed<'o>, fields: &FieldSet) -> Result<Typed<'o>> {
    let object = Cow::Owned(remove(typed.version.types()?, &typed.object, fields));
    Ok(Typed { object, version: typed.version })
}

fn is_same(a: &Object, b: &Object) -> bool {
    a.0.len() == b.0.len() && a.0.iter().zip(&b.0).all(|((k, a), (l, b))| k == l && same(a, b))
}

/// An object as messages name it: namespace, name, version and kind.
pub(super) fn named(object: &Object) -> String {
    format!("{}/{}; {}", object.namespace().unwrap_or_default(), object.name(), gvk(object))
}

/// Version and kind of an object as Go prints them: `group/version, Kind=Kind`.
pub(super) fn gvk(object: &Object) -> String {
    let api_version = object.api_version();
    let slash = if api_version.contains('/') { "" } else { "/" };
    format!("{slash}{api_version}, Kind={}", object.kind())
}
