//! One page of a tree of LMDB (`MDB_page`, `MDB_node`), read without trusting it. Native byte order, words of 64 bits.

/// Bytes before the offsets of the nodes.
const HEADER: usize = 16;
/// Bytes of a node before its key.
const NODE: usize = 8;
const BRANCH: u16 = 0x01;
const LEAF: u16 = 0x02;
const LONG: u16 = 0x04;
/// The value is on pages of its own.
const BIG: u16 = 0x01;
/// The value is a tree.
const TREE: u16 = 0x02;
/// LMDB's limit.
const MAX_KEY: usize = 511;

type Result<T> = std::result::Result<T, &'static str>;

/// A branch or a leaf.
#[derive(Clone, Copy, Debug)]
pub(super) struct Page<'a> {
    raw: &'a [u8],
    leaf: bool,
    /// Where the nodes begin.
    upper: usize,
    count: usize,
}

/// An entry of a leaf, or a twig of a branch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node<'a> {
    low: u16,
    high: u16,
    flags: u16,
    /// Its key.
    pub(super) key: &'a [u8],
    /// Its value; of a long one, the number of its first page; of a branch, nothing.
    pub(super) data: &'a [u8],
}

impl<'a> Page<'a> {
    /// The page with this number, if it is what it should be.
    pub(super) fn parse(raw: &'a [u8], number: u64, leaf: bool) -> Result<Self> {
        let flags = if leaf { LEAF } else { BRANCH };
        if u64_at(raw, 0) != Some(number) || u16_at(raw, 10) != Some(flags) {
            return Err("it is another page than it should be");
        }
        let (Some(lower), Some(upper)) = (u16_at(raw, 12), u16_at(raw, 14)) else {
            return Err("it is cut short");
        };
        let (lower, upper) = (usize::from(lower), usize::from(upper));
        if lower < HEADER + 2 || !lower.is_multiple_of(2) || lower > upper || upper > raw.len() {
            return Err("its bounds are impossible");
        }
        Ok(Self { raw, leaf, upper, count: (lower - HEADER) / 2 })
    }

    /// Checks the first of the pages of a long value.
    pub(super) fn parse_long(raw: &[u8], number: u64, pages: u64) -> Result<()> {
        let count = raw.get(12..16).and_then(|raw| raw.try_into().ok()).map(u32::from_ne_bytes);
        if u64_at(raw, 0) != Some(number) || u16_at(raw, 10) != Some(LONG) {
            return Err("it is another page than it should be");
        }
        if count.map(u64::from) != Some(pages) { Err("it has another length than its value") } else { Ok(()) }
    }

    /// Its nodes in the order of their keys. They lie side by side up to the end of the page.
    pub(super) fn nodes(&self) -> Result<Vec<Node<'a>>> {
        let mut nodes = Vec::with_capacity(self.count);
        let mut places = Vec::with_capacity(self.count);
        for index in 0..self.count {
            let offset = u16_at(self.raw, HEADER + 2 * index).ok_or("it is cut short")?;
            let (node, size) = self.node(usize::from(offset))?;
            nodes.push(node);
            places.push((usize::from(offset), size));
        }
        places.sort_unstable();
        let mut next = self.upper;
        for (offset, size) in places {
            if offset != next {
                return Err("its nodes do not lie side by side");
            }
            next += size;
        }
        if next != self.raw.len() { Err("its nodes do not end where it does") } else { Ok(nodes) }
    }

    fn node(&self, at: usize) -> Result<(Node<'a>, usize)> {
        const OUTSIDE: &str = "a node reaches out of it";
        let word = |offset: usize| u16_at(self.raw, at + offset).ok_or(OUTSIDE);
        let (first, second, flags, key) = (word(0)?, word(2)?, word(4)?, usize::from(word(6)?));
        if key > MAX_KEY {
            return Err("a key has an impossible length");
        }
        let (low, high) = if cfg!(target_endian = "little") { (first, second) } else { (second, first) };
        let mut node = Node { low, high, flags, key: &[], data: &[] };
        let length = match (self.leaf, flags & BIG != 0) {
            (false, _) => 0,
            (true, true) => 8,
            (true, false) => usize::try_from(node.length()).map_err(|_| OUTSIDE)?,
        };
        if self.leaf && (flags & !(BIG | TREE) != 0 || flags == BIG | TREE) {
            return Err("a value is of another type");
        }
        node.key = self.raw.get(at + NODE..at + NODE + key).ok_or(OUTSIDE)?;
        let data = at + NODE + key;
        node.data = data.checked_add(length).and_then(|end| self.raw.get(data..end)).ok_or(OUTSIDE)?;
        Ok((node, (NODE + key + length).next_multiple_of(2)))
    }
}

impl Node<'_> {
    /// The page that a node of a branch leads to.
    pub(super) fn child(&self) -> u64 {
        self.length() | u64::from(self.flags) << 32
    }

    /// Whether the value is a tree.
    pub(super) fn is_tree(&self) -> bool {
        self.flags & TREE != 0
    }

    /// First page and bytes of a value that has pages of its own.
    pub(super) fn long_value(&self) -> Result<Option<(u64, u64)>> {
        if self.flags & BIG == 0 {
            return Ok(None);
        }
        Ok(Some((u64_at(self.data, 0).ok_or("a node reaches out of it")?, self.length())))
    }

    fn length(&self) -> u64 {
        u64::from(self.low) | u64::from(self.high) << 16
    }
}

fn u16_at(raw: &[u8], at: usize) -> Option<u16> {
    raw.get(at..at + 2)?.try_into().ok().map(u16::from_ne_bytes)
}

fn u64_at(raw: &[u8], at: usize) -> Option<u64> {
    raw.get(at..at + 8)?.try_into().ok().map(u64::from_ne_bytes)
}

#[cfg(test)]
mod tests {
    use super::Page;

    /// A leaf of 64 bytes with two nodes.
    fn leaf() -> Vec<u8> {
        let mut raw = vec![0; 64];
        let mut put = |at: usize, words: &[u16]| {
            for (index, word) in words.iter().enumerate() {
                raw[at + 2 * index..at + 2 * index + 2].copy_from_slice(&word.to_ne_bytes());
            }
        };
        put(0, &[7, 0, 0, 0, 0, 0x02, 20, 40, 52, 40]);
        put(40, &[2, 0, 0, 1]);
        put(52, &[2, 0, 0, 2]);
        raw[48..51].copy_from_slice(b"bxy");
        raw[60..64].copy_from_slice(b"aaxy");
        raw
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn nodes_are_read_in_order() {
        let raw = leaf();
        let nodes = Page::parse(&raw, 7, true).unwrap().nodes().unwrap();
        let read: Vec<_> = nodes.iter().map(|node| (node.key, node.data)).collect();
        assert_eq!(read, [(&b"aa"[..], &b"xy"[..]), (b"b", b"xy")]);
    }

    #[test]
    #[cfg(target_endian = "little")]
    fn no_byte_changed_leads_out_of_the_page() {
        assert!(Page::parse(&leaf(), 8, true).is_err() && Page::parse(&leaf(), 7, false).is_err());
        for at in 0..leaf().len() {
            for byte in [0, 1, 2, 3, 41, 63, 64, 127, 255] {
                let mut raw = leaf();
                raw[at] = byte;
                let nodes = Page::parse(&raw, 7, true).and_then(|page| page.nodes().map(|nodes| nodes.len()));
                assert!(matches!(nodes, Ok(2) | Err(_)), "{at}");
            }
        }
    }
}
