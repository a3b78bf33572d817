//! Lists as of a revision in the past: what is there now, with the changes since then taken back.
//!
//! Every entry of the log knows what was there before it, so the first change of an object after a revision tells what the object
//! was at that revision. Objects that have no entry are what they were.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::iter::Peekable;
use std::ops::Bound;

use super::page::{self, Candidate, Range};
use super::{Key, ListQuery, Page, Result, Stored};

/// What the objects of a query that have changed since a revision were at it; `None` was not there.
pub(super) struct Past {
    revision: u64,
    range: Range,
    objects: BTreeMap<Vec<u8>, Option<Stored>>,
}

impl Past {
    /// As of a revision, before any change since then was taken back.
    pub(super) fn new(revision: u64, range: Range) -> Self {
        Self { revision, range, objects: BTreeMap::new() }
    }

    /// Takes back a change of the query's resource. To be called with all since the revision, oldest first; `before` is asked for what
    /// was there before where that matters.
    pub(super) fn take_back(&mut self, key: Key<'_>, before: impl FnOnce() -> Option<Stored>) {
        let mut place = Vec::with_capacity(key.namespace.len() + 1 + key.name.len());
        page::push_place(&mut place, key.namespace, key.name);
        if self.range.contains(&place) {
            self.objects.entry(place).or_insert_with(before);
        }
    }
}

/// Fills a page: of the present, or of the past if there is one.
pub(super) fn fill<C: Candidate>(
    query: &ListQuery<'_>,
    revision: u64,
    past: Option<&Past>,
    present: impl Iterator<Item = Result<C>>,
) -> Result<Page> {
    let Some(past) = past else { return page::fill(query, revision, present) };
    let bounds = (past.range.start.as_ref(), past.range.end.as_ref());
    let bounds: (Bound<&[u8]>, Bound<&[u8]>) = (bounds.0.map(Vec::as_slice), bounds.1.map(Vec::as_slice));
    let then = past
        .objects
        .range::<[u8], _>(bounds)
        .filter_map(|(place, stored)| Some((place.as_slice(), stored.as_ref()?)));
    let unchanged = present.filter(|candidate| match candidate {
        Ok(candidate) => !past.objects.contains_key(candidate.place()),
        Err(_) => true,
    });
    let merged = Merged { now: unchanged.peekable(), then: then.peekable() };
    page::fill(query, past.revision, merged)
}

/// Two sequences of objects by place, as one. No place is in both.
struct Merged<N: Iterator, T: Iterator> {
    now: Peekable<N>,
    then: Peekable<T>,
}

impl<'a, C, N, T> Iterator for Merged<N, T>
where
    C: Candidate,
    N: Iterator<Item = Result<C>>,
    T: Iterator<Item = (&'a [u8], &'a Stored)>,
{
    type Item = Result<Either<'a, C>>;

    fn next(&mut self) -> Option<Self::Item> {
        let order = match (self.now.peek(), self.then.peek()) {
            (Some(Ok(now)), Some((place, _))) => now.place().cmp(place),
            (None, _) => Ordering::Greater,
            (Some(_), _) => Ordering::Less,
        };
        match order {
            Ordering::Greater => self.then.next().map(|(place, stored)| Ok(Either::Then(place, stored))),
            _ => self.now.next().map(|now| now.map(Either::Now)),
        }
    }
}

/// An object that has not changed, or as it was.
enum Either<'a, C> {
    Now(C),
    Then(&'a [u8], &'a Stored),
}

impl<C: Candidate> Candidate for Either<'_, C> {
    fn place(&self) -> &[u8] {
        match self {
            Either::Now(now) => now.place(),
            Either::Then(place, _) => place,
        }
    }

    fn text(&self) -> Result<&[u8]> {
        match self {
            Either::Now(now) => now.text(),
            Either::Then(_, stored) => Ok(&stored.bytes),
        }
    }

    fn stored(&self) -> Result<Stored> {
        match self {
            Either::Now(now) => now.stored(),
            Either::Then(_, stored) => Ok((*stored).clone()),
        }
    }
}
