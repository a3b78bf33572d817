//! Reading patterns as Go reads them, and writing them anew for the `regex` crate.
//!
//! One pass: what can be repeated is written as soon as it is read, and the reader keeps where it began. Groups capture nothing, since
//! nobody asks what they have captured; flags are resolved, but for case folding, which is switched before the next thing that is
//! written.

use super::class::{NOTHING, class, perl, push_code_point};
use super::escape::{consumed, escape};
use super::fault::{Code, Fault};
use super::property::property;
use super::repeat::{Counts, MAX_REPEAT};

/// How deep Go lets expressions nest; groups that only group, too, which Go does not count.
const MAX_HEIGHT: u32 = 1000;

/// A pattern written anew.
#[derive(Debug)]
pub(super) struct Translated {
    pub(super) pattern: String,
    /// How deep it nests, without groups that only group.
    pub(super) height: u32,
    /// How deep groups nest.
    pub(super) depth: usize,
}

/// Writes a pattern anew.
pub(super) fn translate(pattern: &str) -> Result<Translated, Fault> {
    let mut reader = Reader {
        whole: pattern,
        rest: pattern,
        out: String::with_capacity(pattern.len() * 2),
        name_end: pattern.rfind(":]").map_or(usize::MAX, |at| pattern.len() - at),
        flags: Flags::default(),
        folding: false,
        outer: Vec::new(),
        group: Group::default(),
        depth: 0,
        last_repeat: None,
    };
    while let Some(next) = reader.rest.chars().next() {
        let repeat = reader.read(next)?;
        reader.last_repeat = repeat;
    }
    if !reader.outer.is_empty() {
        return Err(Code::MissingParen.of(pattern));
    }
    let height = reader.group.close().height;
    reader.check_height(height)?;
    Ok(Translated { pattern: reader.out, height, depth: reader.depth })
}

struct Reader<'p> {
    whole: &'p str,
    rest: &'p str,
    out: String,
    /// How long what is left is at least while it has a `:]`.
    name_end: usize,
    flags: Flags,
    /// Whether what has been written folds case.
    folding: bool,
    /// The groups around the current one.
    outer: Vec<Group>,
    group: Group,
    /// How deep groups nested at most so far.
    depth: usize,
    /// What was left of the pattern at a repetition that has just been read.
    last_repeat: Option<&'p str>,
}

#[derive(Clone, Copy, Default)]
struct Flags {
    fold: bool,
    multi_line: bool,
    dot_all: bool,
    ungreedy: bool,
}

/// What is known of a group that is being read; of the whole pattern, at last.
#[derive(Default)]
struct Group {
    /// Where it began to be written.
    start: usize,
    flags: Flags,
    folding: bool,
    /// Whether it counts as a level of its own.
    captures: bool,
    branches: u32,
    /// How many items the branch has before the last one, and what is known of them.
    items: u32,
    branch: Extent,
    earlier: Extent,
    /// The last item: what a repetition repeats.
    last: Option<Item>,
}

#[derive(Clone, Copy)]
struct Item {
    start: usize,
    repeated: bool,
    extent: Extent,
}

/// How deep something nests, and how often its innermost part is repeated at most.
#[derive(Clone, Copy, Default)]
struct Extent {
    height: u32,
    repeats: u32,
}

impl Extent {
    const ITEM: Self = Self { height: 1, repeats: 1 };

    fn max(self, other: Self) -> Self {
        Self { height: self.height.max(other.height), repeats: self.repeats.max(other.repeats) }
    }

    fn deeper(self, levels: bool) -> Self {
        Self { height: self.height + u32::from(levels), ..self }
    }
}

impl Group {
    /// Ends a branch.
    fn end_branch(&mut self) {
        let several = self.items > 0;
        if let Some(last) = self.last.take() {
            self.branch = self.branch.max(last.extent);
        }
        self.earlier = self.earlier.max(self.branch.max(Extent::ITEM).deeper(several));
        self.branch = Extent::default();
        self.items = 0;
        self.branches += 1;
    }

    /// Ends the group.
    fn close(&mut self) -> Extent {
        self.end_branch();
        self.earlier.deeper(self.branches > 1).deeper(self.captures)
    }

    fn push(&mut self, item: Item) {
        if let Some(last) = self.last.replace(item) {
            self.items += 1;
            self.branch = self.branch.max(last.extent);
        }
    }
}

impl<'p> Reader<'p> {
    /// Reads what begins with `next`. If it is a repetition: what was left of the pattern at it.
    fn read(&mut self, next: char) -> Result<Option<&'p str>, Fault> {
        let after = self.rest.get(next.len_utf8()..).unwrap_or_default();
        match next {
            '*' | '+' | '?' => return self.repeat(after, &next.to_string(), None).map(Some),
            '{' => {
                if let Some((counts, after)) = Counts::parse(after) {
                    let counts = counts.ok_or_else(|| Code::RepeatCount.of(consumed(self.rest, after)))?;
                    return self.repeat(after, &counts.to_string(), Some(counts)).map(Some);
                }
                self.literal(u32::from(next));
            }
            '(' if after.starts_with('?') => return self.perl_group().map(|()| None),
            '(' => self.open(true)?,
            ')' => self.close()?,
            '|' => {
                self.group.end_branch();
                self.out.push('|');
            }
            '^' => self.atom(if self.flags.multi_line { "(?m:^)" } else { r"\A" }),
            '$' => self.atom(if self.flags.multi_line { "(?m:$)" } else { r"\z" }),
            '.' => self.atom(if self.flags.dot_all { "(?s:.)" } else { "." }),
            '[' => {
                let (class, after) = class(self.rest, self.name_end)?;
                self.atom(&class);
                self.rest = after;
                return Ok(None);
            }
            '\\' => return self.backslash().map(|()| None),
            plain => self.literal(u32::from(plain)),
        }
        self.rest = after;
        Ok(None)
    }

    fn backslash(&mut self) -> Result<(), Fault> {
        let text = self.rest;
        let after = text.get(2..);
        match (text.as_bytes().get(1), after) {
            (Some(b'A'), Some(after)) => self.escaped(r"\A", after),
            (Some(b'z'), Some(after)) => self.escaped(r"\z", after),
            (Some(b'b'), Some(after)) => self.escaped(r"(?-u:\b)", after),
            (Some(b'B'), Some(after)) => self.escaped(r"(?-u:\B)", after),
            (Some(b'Q'), Some(after)) => {
                let (literal, after) = after.split_once("\\E").unwrap_or((after, ""));
                for character in literal.chars() {
                    self.literal(u32::from(character));
                }
                self.rest = after;
            }
            (Some(b'p' | b'P'), _) => {
                let (class, after) = property(text)?;
                self.escaped(&class, after);
            }
            _ => {
                if let Some((class, after)) = perl(text) {
                    self.escaped(class, after);
                } else {
                    let (code, after) = escape(text)?;
                    self.literal(code);
                    self.rest = after;
                }
            }
        }
        Ok(())
    }

    fn escaped(&mut self, written: &str, after: &'p str) {
        self.atom(written);
        self.rest = after;
    }

    /// Writes something that can be repeated.
    fn atom(&mut self, written: &str) {
        self.fold();
        let start = self.out.len();
        self.out.push_str(written);
        self.group.push(Item { start, repeated: false, extent: Extent::ITEM });
    }

    fn literal(&mut self, code: u32) {
        if (0xd800..=0xdfff).contains(&code) {
            return self.atom(NOTHING);
        }
        self.fold();
        let start = self.out.len();
        push_code_point(&mut self.out, code);
        self.group.push(Item { start, repeated: false, extent: Extent::ITEM });
    }

    /// Switches case folding if what is to be written asks for it.
    fn fold(&mut self) {
        if self.flags.fold != self.folding {
            self.folding = self.flags.fold;
            self.out.push_str(if self.folding { "(?i)" } else { "(?-i)" });
        }
    }

    /// Repeats the last item. `after` is what follows the operator; what was left at it is returned.
    fn repeat(&mut self, after: &'p str, operator: &str, counts: Option<Counts>) -> Result<&'p str, Fault> {
        let before = self.rest;
        let (after, lazy) = match after.strip_prefix('?') {
            Some(after) => (after, true),
            None => (after, false),
        };
        if let Some(last) = self.last_repeat {
            return Err(Code::NestedRepeat.of(consumed(last, after)));
        }
        let Some(item) = &mut self.group.last else {
            return Err(Code::MissingArgument.of(consumed(before, after)));
        };
        if item.repeated {
            self.out.insert_str(item.start, "(?:");
            self.out.push(')');
        }
        item.repeated = true;
        item.extent.height += 1;
        let most = counts.map_or(1, Counts::most_or_least);
        let multiplied = item.extent.repeats.saturating_mul(most.max(1));
        item.extent.repeats =
            if counts.is_some_and(|counts| counts.most == Some(0)) { 1 } else { multiplied };
        let extent = item.extent;
        self.out.push_str(operator);
        if lazy != self.flags.ungreedy {
            self.out.push('?');
        }
        self.check_height(extent.height)?;
        if most >= 2 && extent.repeats > MAX_REPEAT {
            return Err(Code::RepeatCount.of(consumed(before, after)));
        }
        self.rest = after;
        Ok(before)
    }

    fn check_height(&self, height: u32) -> Result<(), Fault> {
        if height > MAX_HEIGHT { Err(Code::TooDeep.of(self.whole)) } else { Ok(()) }
    }

    fn open(&mut self, captures: bool) -> Result<(), Fault> {
        self.check_height(self.outer.len().try_into().unwrap_or(u32::MAX))?;
        self.depth = self.depth.max(self.outer.len() + 1);
        self.fold();
        let group = Group {
            start: self.out.len(),
            flags: self.flags,
            folding: self.folding,
            captures,
            ..Group::default()
        };
        self.outer.push(std::mem::replace(&mut self.group, group));
        self.out.push_str("(?:");
        Ok(())
    }

    fn close(&mut self) -> Result<(), Fault> {
        let Some(outer) = self.outer.pop() else { return Err(Code::UnexpectedParen.of(self.whole)) };
        let mut group = std::mem::replace(&mut self.group, outer);
        let extent = group.close();
        self.check_height(extent.height)?;
        self.out.push(')');
        self.flags = group.flags;
        self.folding = group.folding;
        self.group.push(Item { start: group.start, repeated: false, extent });
        Ok(())
    }

    /// `(?P<name>`, `(?<name>`, `(?i)`, `(?i-s:`.
    fn perl_group(&mut self) -> Result<(), Fault> {
        let text = self.rest;
        let inside = text.get(2..).unwrap_or_default();
        let name = match (inside.strip_prefix("P<"), inside.strip_prefix('<')) {
            (Some(name), _) if !name.is_empty() => Some(name),
            (_, Some(name)) if !name.is_empty() => Some(name),
            _ => None,
        };
        if let Some(named) = name {
            let (name, after) = named.split_once('>').ok_or_else(|| Code::NamedCapture.of(text))?;
            if name.is_empty() || !name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric()) {
                return Err(Code::NamedCapture.of(consumed(text, after)));
            }
            self.open(true)?;
            self.rest = after;
            return Ok(());
        }
        self.flag_group(inside)
    }

    fn flag_group(&mut self, inside: &'p str) -> Result<(), Fault> {
        let mut flags = self.flags;
        // After a minus, flags are taken away, and one must follow.
        let (mut on, mut complete) = (true, true);
        let mut chars = inside.chars();
        while let Some(next) = chars.next() {
            match next {
                'i' => flags.fold = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_all = on,
                'U' => flags.ungreedy = on,
                '-' if on => {
                    (on, complete) = (false, false);
                    continue;
                }
                ':' | ')' if complete => {
                    if next == ':' {
                        self.open(false)?;
                    }
                    self.flags = flags;
                    self.rest = chars.as_str();
                    return Ok(());
                }
                _ => break,
            }
            complete = true;
        }
        Err(Code::PerlOperator.of(consumed(self.rest, chars.as_str())))
    }
}
