//! Checks the pages of a data file with ordinary reads, before or beside LMDB, which trusts them: a page that is none of its
//! own makes it crash, or answer nonsense.
//!
//! A snapshot of LMDB is a tree of trees. Its meta page names two roots: that of the free pages and that of the databases, each of
//! which has a root of its own. Every page up to the last is in one tree, is part of one long value, or is listed as free, and
//! that exactly once. What is checked is all that LMDB relies on when it reads and writes: where pages are and of which type,
//! that nodes lie inside of their page and side by side, that keys ascend, also from page to page, and that counts are true.
//!
//! The caller holds a read transaction, which keeps the pages of its snapshot from being used anew while they are read here.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use super::header::{Meta, Tree, metas};
use super::layout::NAMES;
use super::node::{Node, Page};
use crate::storage::{Error, Result};

const NO_PAGE: u64 = u64::MAX;
/// Deepest tree that LMDB can walk.
const MAX_DEPTH: u16 = 32;

/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// The root of every tree.
    Tops,
    /// Everything.
    Whole,
}

/// How many pages there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Pages {
    /// In all, with the two meta pages.
    pub(super) all: u64,
    /// Of these, free ones.
    pub(super) free: u64,
    /// Bytes of a page.
    pub(super) size: u64,
}

/// Checks the pages of a snapshot, which is that of a transaction that is being held. `None` if the snapshot is no longer
/// described in the file; a newer one is.
pub(super) fn check(file: &Path, transaction: u64, extent: Extent) -> Result<Option<Pages>> {
    let unreadable = |error| damaged(&format!("its file cannot be read: {error}"));
    let mut file = File::open(file).map_err(unreadable)?;
    let Some(meta) = snapshot(&mut file, transaction)? else { return Ok(None) };
    let whole = file.metadata().map_err(unreadable)?.len() / meta.page_size;
    let words = usize::try_from(meta.last_page / 64 + 1).map_err(|_| damaged("it has too many pages"))?;
    let used = if extent == Extent::Whole { vec![0; words] } else { Vec::new() };
    let mut walk = Walk { file, whole, meta, extent, used, free: 0 };
    walk.tree(meta.free, Kind::Free)?;
    walk.tree(meta.main, Kind::Main)?;
    if extent == Extent::Whole {
        walk.all_are_accounted_for()?;
    }
    Ok(Some(Pages { all: meta.last_page + 1, free: walk.free, size: meta.page_size }))
}

/// The meta page of a transaction. It may be written to while it is read, so it counts when it reads the same twice.
fn snapshot(file: &mut File, transaction: u64) -> Result<Option<Meta>> {
    let mut find = || Ok::<_, Error>(metas(file)?.into_iter().find(|meta| meta.transaction == transaction));
    let found = find()?;
    Ok(if found == find()? { found } else { None })
}

/// What a tree holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Lists of free pages under the numbers of transactions.
    Free,
    /// The databases.
    Main,
    /// Keys and values.
    Data,
}

struct Walk {
    file: File,
    /// Pages that are in the file as a whole.
    whole: u64,
    meta: Meta,
    extent: Extent,
    /// A bit for each page that was come by.
    used: Vec<u64>,
    free: u64,
}

/// What was counted in a tree, to be compared with what it says.
#[derive(Debug, Default)]
struct Counts {
    branches: u64,
    leaves: u64,
    long: u64,
    entries: u64,
}

/// The keys that a page may hold: from the first to before the second.
type Bounds<'a> = (Option<&'a [u8]>, Option<&'a [u8]>);

impl Walk {
    fn tree(&mut self, tree: Tree, kind: Kind) -> Result<()> {
        if tree.root == NO_PAGE {
            let empty = (tree.depth, tree.entries, tree.branches, tree.leaves, tree.long) == (0, 0, 0, 0, 0);
            return if empty { Ok(()) } else { Err(damaged("an empty tree counts pages")) };
        }
        if !(1..=MAX_DEPTH).contains(&tree.depth) {
            return Err(damaged("a tree is deeper than any"));
        }
        if tree.flags != kind.flags() && kind != Kind::Main {
            return Err(damaged("a database is of another type"));
        }
        let mut counts = Counts::default();
        self.page(tree.root, tree.depth, kind, (None, None), &mut counts)?;
        let Counts { branches, leaves, long, entries } = counts;
        let counted = (branches, leaves, long, entries);
        if self.extent == Extent::Whole && counted != (tree.branches, tree.leaves, tree.long, tree.entries) {
            return Err(damaged("a tree has not the pages and entries that it counts"));
        }
        Ok(())
    }

    /// A page of a tree, `level` levels above the ground, and what is below it.
    fn page(
        &mut self,
        number: u64,
        level: u16,
        kind: Kind,
        bounds: Bounds<'_>,
        counts: &mut Counts,
    ) -> Result<()> {
        self.take(number, 1)?;
        self.is_in_the_file(number, 1)?;
        let raw = self.read(number, 1)?;
        let page = Page::parse(&raw, number, level == 1).map_err(|reason| at(number, reason))?;
        let nodes = page.nodes().map_err(|reason| at(number, reason))?;
        ascending(&nodes, level == 1, kind, bounds).map_err(|reason| at(number, reason))?;
        if level == 1 {
            counts.leaves += 1;
            counts.entries += nodes.len() as u64;
            return nodes.iter().try_for_each(|node| self.leaf(number, node, kind, counts));
        }
        counts.branches += 1;
        if nodes.len() < 2 && kind != Kind::Free {
            return Err(at(number, "it is a branch with one twig"));
        }
        if self.extent == Extent::Tops {
            return nodes.iter().try_for_each(|node| self.exists(node.child()));
        }
        for (index, node) in nodes.iter().enumerate() {
            // The first key of a branch does not count: it stands for all that is less than the second.
            let low = if index == 0 { bounds.0 } else { Some(node.key) };
            let high = nodes.get(index + 1).map_or(bounds.1, |next| Some(next.key));
            self.page(node.child(), level - 1, kind, (low, high), counts)?;
        }
        Ok(())
    }

    fn leaf(&mut self, number: u64, node: &Node<'_>, kind: Kind, counts: &mut Counts) -> Result<()> {
        let long;
        let value = match node.long_value().map_err(|reason| at(number, reason))? {
            None => node.data,
            Some((first, bytes)) => {
                let pages = (15 + bytes) / self.meta.page_size + 1;
                counts.long += pages;
                self.take(first, pages)?;
                self.is_in_the_file(first, pages)?;
                let raw = self.read(first, if kind == Kind::Free { pages } else { 1 })?;
                Page::parse_long(&raw, first, pages).map_err(|reason| at(first, reason))?;
                let end = raw.len().min(16 + usize::try_from(bytes).unwrap_or(usize::MAX));
                long = raw.get(16..end).unwrap_or_default().to_vec();
                &long
            }
        };
        match kind {
            Kind::Free => self.free_list(node.key, value).map_err(|reason| at(number, &reason)),
            Kind::Main if node.is_tree() => {
                // Those of other programs are not ours to judge before it is known whose file it is.
                if self.extent == Extent::Tops && !NAMES.iter().any(|name| name.as_bytes() == node.key) {
                    return Ok(());
                }
                let tree = Tree::parse(value).filter(|_| value.len() == Tree::BYTES);
                self.tree(tree.ok_or_else(|| at(number, "it names a database by halves"))?, Kind::Data)
            }
            Kind::Main => Ok(()),
            Kind::Data if node.is_tree() => Err(at(number, "it has a tree where a value should be")),
            Kind::Data => Ok(()),
        }
    }

    /// Free pages, in descending order, after their number.
    fn free_list(&mut self, key: &[u8], value: &[u8]) -> Result<(), String> {
        let (words, []) = value.as_chunks::<8>() else { return Err("a list of free pages is cut".into()) };
        let mut words = words.iter().map(|word| u64::from_ne_bytes(*word));
        let count = words.next().ok_or("a list of free pages is empty")?;
        if count > words.len() as u64 {
            return Err("a list of free pages is cut short".to_owned());
        }
        let transaction = key.try_into().map_or(u64::MAX, u64::from_ne_bytes);
        if transaction > self.meta.transaction {
            return Err("pages are to become free that are not yet used".to_owned());
        }
        let mut last = NO_PAGE;
        for page in words.take(usize::try_from(count).unwrap_or(usize::MAX)) {
            if page >= last {
                return Err("free pages are not in order".to_owned());
            }
            last = page;
            self.free += 1;
            self.take(page, 1).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn exists(&self, number: u64) -> Result<()> {
        if (2..=self.meta.last_page).contains(&number) {
            return Ok(());
        }
        Err(at(number, "there is no such page"))
    }

    fn is_in_the_file(&self, first: u64, count: u64) -> Result<()> {
        if first + count <= self.whole {
            return Ok(());
        }
        Err(at(first, "the file ends before it does"))
    }

    /// Notes that pages are used, which nobody else may.
    fn take(&mut self, first: u64, count: u64) -> Result<()> {
        let end = first.checked_add(count - 1).ok_or_else(|| at(first, "there is no such page"))?;
        self.exists(first)?;
        self.exists(end)?;
        if self.extent == Extent::Tops {
            return Ok(());
        }
        for number in first..=end {
            let word = usize::try_from(number / 64).ok().and_then(|word| self.used.get_mut(word));
            let word = word.ok_or_else(|| at(number, "there is no such page"))?;
            let bit = 1 << (number % 64);
            if *word & bit != 0 {
                return Err(at(number, "it is used twice"));
            }
            *word |= bit;
        }
        Ok(())
    }

    fn all_are_accounted_for(&self) -> Result<()> {
        let taken = |number: u64| {
            let word = usize::try_from(number / 64).ok().and_then(|word| self.used.get(word));
            word.is_some_and(|word| word & (1 << (number % 64)) != 0)
        };
        match (2..=self.meta.last_page).find(|number| !taken(*number)) {
            Some(number) => Err(at(number, "it is neither used nor free")),
            None => Ok(()),
        }
    }

    fn read(&mut self, number: u64, pages: u64) -> Result<Vec<u8>> {
        let size = self.meta.page_size;
        let length = usize::try_from(pages * size).map_err(|_| at(number, "its value is too long"))?;
        let mut raw = vec![0; length];
        let result =
            self.file.seek(SeekFrom::Start(number * size)).and_then(|_| self.file.read_exact(&mut raw));
        result.map_err(|error| at(number, &format!("it cannot be read: {error}")))?;
        Ok(raw)
    }
}

impl Kind {
    /// The flags of a tree of this kind: `MDB_INTEGERKEY` or none.
    fn flags(self) -> u16 {
        if self == Self::Free { 0x08 } else { 0 }
    }
}

/// Keys ascend and stay inside of the bounds that the page above has given.
fn ascending(nodes: &[Node<'_>], leaf: bool, kind: Kind, bounds: Bounds<'_>) -> Result<(), &'static str> {
    let counted = if leaf { nodes } else { nodes.get(1..).unwrap_or_default() };
    let sized = |node: &Node<'_>| if kind == Kind::Free { node.key.len() == 8 } else { !node.key.is_empty() };
    if !counted.iter().all(sized) {
        return Err("a key has an impossible length");
    }
    let less = |a: &[u8], b: &[u8]| match kind {
        Kind::Free => number(a) < number(b),
        _ => a < b,
    };
    if counted.windows(2).any(|pair| !less(pair[0].key, pair[1].key)) {
        return Err("its keys are not in order");
    }
    let below = counted.first().zip(bounds.0).is_some_and(|(node, low)| less(node.key, low));
    let above = counted.last().zip(bounds.1).is_some_and(|(node, high)| !less(node.key, high));
    if below || above { Err("it has keys that belong elsewhere") } else { Ok(()) }
}

fn number(key: &[u8]) -> u64 {
    key.try_into().map_or(u64::MAX, u64::from_ne_bytes)
}

fn at(page: u64, reason: &str) -> Error {
    damaged(&format!("page {page}: {reason}"))
}

fn damaged(what: &str) -> Error {
    Error::Corrupt(what.to_owned())
}
