//! Where the keys and values of a document stand: one flat table in document order, names in one string, so that
//! recording costs no allocation per node.

use std::ops::Range;

/// A place in a text: line and column from 1, the column in characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// A position of these numbers; what does not fit 32 bits is clamped.
    pub(super) fn new(line: usize, column: usize) -> Self {
        Self {
            line: u32::try_from(line).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
        }
    }
}

/// A stretch of text: from the first character of a key or value to behind its last one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Where it begins.
    pub start: Position,
    /// Where it ends: at the first character that is not part of it. A block scalar ends where the line after its last one begins.
    pub end: Position,
}

/// Where one node stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its key, if it is a map's value.
    pub key: Option<Span>,
    /// Its value. A map or list in block style ends with its last entry.
    pub value: Span,
}

impl Place {
    /// Where the key begins if there is one, else the value: what a reader looks for.
    pub fn start(&self) -> Position {
        self.key.unwrap_or(self.value).start
    }
}

#[derive(Clone, Debug)]
struct Entry {
    name: Range<u32>,
    key: Option<Span>,
    value: Span,
    /// Index of the next entry that is not below this one.
    end: u32,
    /// For an alias, the entry of what it stands for.
    target: Option<u32>,
}

/// The positions of a document's nodes.
///
/// ```
/// use k1s_runtime::manifest::decode;
/// let text = b"kind: Item\nspec:\n  tags:\n  - a\n  - b\n";
/// let document = decode("item.yaml", text).next().unwrap()?;
/// let place = document.positions.field("spec.tags[1]").unwrap();
/// assert_eq!((place.value.start.line, place.value.start.column, place.value.end.column), (5, 5, 6));
/// assert_eq!(document.positions.pointer("/spec/tags").unwrap().start().line, 3);
/// # Ok::<(), k1s_runtime::manifest::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Positions {
    entries: Vec<Entry>,
    names: String,
    /// Where what was recorded last ends.
    furthest: Position,
}

impl Positions {
    /// Whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Where the document's root value starts.
    pub fn root(&self) -> Option<Place> {
        self.entries.first().map(Self::place)
    }

    /// Looks a JSON pointer (RFC 6901) up, as `/spec/tags/1`; the empty pointer is the root.
    pub fn pointer(&self, pointer: &str) -> Option<Place> {
        let mut at = 0;
        self.entries.first()?;
        for token in pointer.split('/').skip(1) {
            let token = token.replace("~1", "/").replace("~0", "~");
            at = match self.child_named(at, &token) {
                Some(child) => child,
                None => self.child_at(at, token.parse().ok()?)?,
            };
        }
        Some(Self::place(&self.entries[at]))
    }

    /// Looks a field path up as Kubernetes writes it: `spec.tags[1]`, `metadata.annotations[a.b/c]`. The empty path is
    /// the root.
    pub fn field(&self, path: &str) -> Option<Place> {
        let (place, rest) = self.walk(path)?;
        rest.is_empty().then_some(place)
    }

    /// Looks a field path up as far as the document has it: for a missing `spec.name`, the place of `spec`.
    pub fn nearest(&self, path: &str) -> Option<Place> {
        self.walk(path).map(|(place, _)| place)
    }

    fn walk<'p>(&self, path: &'p str) -> Option<(Place, &'p str)> {
        self.entries.first()?;
        let (mut at, mut rest) = (0, path);
        while !rest.is_empty() {
            let Some((child, left)) = self.step(at, rest) else { break };
            (at, rest) = (child, left);
        }
        Some((Self::place(&self.entries[at]), rest))
    }

    /// The child that the start of `path` names, and the rest of the path. Names may hold dots: the longest one wins.
    fn step<'p>(&self, at: usize, path: &'p str) -> Option<(usize, &'p str)> {
        if let Some(inner) = path.strip_prefix('[') {
            let digits =
                inner.find(']').and_then(|end| Some((inner[..end].parse().ok()?, &inner[end + 1..])));
            if let Some((index, rest)) = digits
                && let Some(child) = self.child_at(at, index)
            {
                return Some((child, rest));
            }
            return self.longest(at, |name| inner.strip_prefix(name)?.strip_prefix(']'));
        }
        let path = path.strip_prefix('.').unwrap_or(path);
        self.longest(at, |name| {
            path.strip_prefix(name).filter(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }

    fn longest<'p>(&self, at: usize, fits: impl Fn(&str) -> Option<&'p str>) -> Option<(usize, &'p str)> {
        let fitting = self.children(at).filter_map(|child| {
            self.entries[child].key?;
            let name = self.name(child);
            Some((child, fits(name)?, name.len()))
        });
        // The last of equal names is the one that won.
        fitting.max_by_key(|(_, _, length)| *length).map(|(child, rest, _)| (child, rest))
    }

    fn child_named(&self, at: usize, name: &str) -> Option<usize> {
        self.children(at)
            .filter(|child| self.entries[*child].key.is_some() && self.name(*child) == name)
            .last()
    }

    fn child_at(&self, at: usize, index: usize) -> Option<usize> {
        self.children(at).nth(index).filter(|child| self.entries[*child].key.is_none())
    }

    fn children(&self, at: usize) -> impl Iterator<Item = usize> {
        let at = self.entries[at].target.map_or(at, |target| target as usize);
        let end = self.entries[at].end as usize;
        let mut next = at + 1;
        std::iter::from_fn(move || {
            let this = (next < end).then_some(next)?;
            next = self.entries[this].end as usize;
            Some(this)
        })
    }

    fn name(&self, at: usize) -> &str {
        let range = &self.entries[at].name;
        self.names.get(range.start as usize..range.end as usize).unwrap_or_default()
    }

    fn place(entry: &Entry) -> Place {
        Place { key: entry.key, value: entry.value }
    }
}

/// Recording, for the builders.
impl Positions {
    /// Opens a node; returns its entry's index, to be closed when the node ends.
    pub(super) fn open(&mut self, key: Option<(&str, Span)>, value: Span) -> usize {
        let start = self.names.len() as u32;
        if let Some((name, _)) = key {
            self.names.push_str(name);
        }
        let name = start..self.names.len() as u32;
        let key = key.map(|(_, position)| position);
        self.furthest = self.furthest.max(value.end);
        let at = self.entries.len();
        self.entries.push(Entry { name, key, value, end: at as u32 + 1, target: None });
        at
    }

    /// Closes a node: everything recorded since belongs to it. It ends where it says, or with the last node in it.
    pub(super) fn close(&mut self, at: usize, end: Option<Position>) {
        let next = self.entries.len() as u32;
        self.furthest = self.furthest.max(end.unwrap_or_default());
        if let Some(entry) = self.entries.get_mut(at) {
            entry.end = next;
            entry.value.end = end.unwrap_or(self.furthest);
        }
    }

    /// Makes a node stand for another one that is already closed.
    pub(super) fn alias(&mut self, at: usize, target: usize) {
        let target = self.entries.get(target).and_then(|entry| entry.target).unwrap_or(target as u32);
        if let Some(entry) = self.entries.get_mut(at) {
            entry.target = Some(target);
        }
    }
}
