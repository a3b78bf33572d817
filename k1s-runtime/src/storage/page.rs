//! Where a list starts and ends, and how its page is filled, once for all backends.
//!
//! Backends keep the objects of one tenant and resource ordered by *place*: the namespace, a NUL byte, the name. As no
//! namespace has a NUL byte, that is the order of the contract: namespace, then name, each by bytes.

use std::ops::Bound;

use super::validate::MAX_PLACE_BYTES;
use super::{Error, Key, ListQuery, Page, Result, Stored};

/// Longest place that is ever stored.
pub(super) const MAX_PLACE: usize = MAX_PLACE_BYTES + 1;

/// Appends the place of a key.
pub(super) fn push_place(buffer: &mut Vec<u8>, namespace: &str, name: &str) {
    buffer.extend_from_slice(namespace.as_bytes());
    buffer.push(0);
    buffer.extend_from_slice(name.as_bytes());
}

/// Calls with the place of a key, without allocating; `None` if no object can be there.
pub(super) fn with_place<R>(key: Key<'_>, call: impl FnOnce(&[u8]) -> R) -> Option<R> {
    let (namespace, name) = (key.namespace.as_bytes(), key.name.as_bytes());
    let length = namespace.len() + 1 + name.len();
    if length > MAX_PLACE || namespace.contains(&0) || name.contains(&0) {
        return None;
    }
    let mut buffer = [0; MAX_PLACE];
    buffer[..namespace.len()].copy_from_slice(namespace);
    buffer[namespace.len() + 1..length].copy_from_slice(name);
    Some(call(&buffer[..length]))
}

/// Namespace and name of a place.
pub(super) fn split_place(place: &[u8]) -> Result<(String, String)> {
    let damaged = || Error::Corrupt("a key is not namespace and name".to_owned());
    let text = std::str::from_utf8(place).map_err(|_| damaged())?;
    let (namespace, name) = text.split_once('\0').ok_or_else(damaged)?;
    Ok((namespace.to_owned(), name.to_owned()))
}

/// The places that a query looks at.
#[derive(Clone)]
pub(super) struct Range {
    pub(super) start: Bound<Vec<u8>>,
    pub(super) end: Bound<Vec<u8>>,
}

impl Range {
    /// The range of a query, or `None` if nothing can be in it.
    pub(super) fn of(query: &ListQuery<'_>) -> Option<Self> {
        let (mut start, mut end) = (Bound::Unbounded, Bound::Unbounded);
        if let Some(namespace) = query.namespace {
            if namespace.len() > MAX_PLACE_BYTES || namespace.contains('\0') {
                return None;
            }
            let mut bound = namespace.as_bytes().to_vec();
            bound.push(0);
            start = Bound::Included(bound.clone());
            bound.pop();
            bound.push(1);
            end = Bound::Excluded(bound);
        }
        if let Some((namespace, name)) = query.after {
            let mut after = Vec::with_capacity(namespace.len() + 1 + name.len());
            push_place(&mut after, namespace, name);
            // No stored place is longer, so none lies between the cut one and the whole one.
            after.truncate(MAX_PLACE);
            if matches!(&end, Bound::Excluded(end) if *end <= after) {
                return None;
            }
            if !matches!(&start, Bound::Included(start) if *start > after) {
                start = Bound::Excluded(after);
            }
        }
        Some(Self { start, end })
    }
}

impl Range {
    /// Whether a place is in it.
    pub(super) fn contains(&self, place: &[u8]) -> bool {
        let starts = match &self.start {
            Bound::Included(start) => place >= start.as_slice(),
            Bound::Excluded(start) => place > start.as_slice(),
            Bound::Unbounded => true,
        };
        starts
            && match &self.end {
                Bound::Included(end) => place <= end.as_slice(),
                Bound::Excluded(end) => place < end.as_slice(),
                Bound::Unbounded => true,
            }
    }
}

/// An object that a list comes by; nothing of it is read before it is asked for.
pub(super) trait Candidate {
    /// Its place.
    fn place(&self) -> &[u8];
    /// Its text.
    fn text(&self) -> Result<&[u8]>;
    /// It, copied.
    fn stored(&self) -> Result<Stored>;
}

/// Fills a page from the objects of the query's range, in order.
pub(super) fn fill<C: Candidate>(
    query: &ListQuery<'_>,
    revision: u64,
    mut candidates: impl Iterator<Item = Result<C>>,
) -> Result<Page> {
    let mut page = Page { revision, ..Page::default() };
    let counts = query.filter.is_none() && query.index.is_none();
    let mut last: Option<C> = None;
    while let Some(candidate) = candidates.next() {
        let candidate = candidate?;
        if query.limit != 0 && page.items.len() == query.limit {
            page.remaining = counts.then(|| 1 + candidates.count() as u64);
            page.next = last.map(|last| split_place(last.place())).transpose()?;
            return Ok(page);
        }
        if let Some(filter) = query.filter
            && !filter(candidate.text()?)
        {
            continue;
        }
        page.items.push(candidate.stored()?);
        last = Some(candidate);
    }
    page.remaining = counts.then_some(0);
    Ok(page)
}
