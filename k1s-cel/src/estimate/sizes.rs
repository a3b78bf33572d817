//! How large values are, as far as is known: constants exactly, the parts of variables from their schemas, results of calls from
//! their rules, scalars as 1.

use crate::functions::cost::Size;
use crate::syntax::ast::{ExprId, ExprKind, Literal};
use crate::ty::{OPTIONAL, Type};

use super::paths::{Path, Step};
use super::walk::Estimator;

/// What is known of the keys and values of a list or map that the expression itself makes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry {
    pub(super) is_list: bool,
    /// Of a list: its indexes.
    pub(super) key: Size,
    pub(super) value: Size,
}

/// A variable of a loop or binding.
#[derive(Debug)]
pub(super) struct Local<'a> {
    pub(super) name: &'a str,
    pub(super) path: Option<Path<'a>>,
    pub(super) size: Option<Size>,
    pub(super) entry: Option<Entry>,
}

/// What a loop's variable walks over.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Walk {
    /// Elements of lists, keys of maps.
    Single,
    /// Indexes or keys.
    Key,
    /// Elements or values.
    Value,
}

impl Entry {
    pub(super) fn union(self, other: Self) -> Self {
        Self { is_list: self.is_list, key: self.key.union(other.key), value: self.value.union(other.value) }
    }
}

/// Entries of both: nothing is known if nothing is known of one.
pub(super) fn union(left: Option<Entry>, right: Option<Entry>) -> Option<Entry> {
    Some(left?.union(right?))
}

impl<'a> Estimator<'a> {
    /// The size of a node's value. What has been found once holds from then on.
    pub(super) fn size(&mut self, id: ExprId) -> Option<Size> {
        if let Some(size) = self.known(id).size {
            return Some(size);
        }
        let from_path = |this: &Self| this.path(id).and_then(|path| this.paths.max_elements(path));
        let found = self.literal_size(id).or_else(|| from_path(self).map(|max| Size { min: 0, max }));
        if found.is_some() {
            self.set_size(id, found);
            return found;
        }
        if is_scalar(self.checked.type_of(id)) {
            return Some(Size::fixed(1));
        }
        self.local(id)?.size
    }

    pub(super) fn size_or_unknown(&mut self, id: ExprId) -> Size {
        self.size(id).unwrap_or(Size::UNKNOWN)
    }

    fn literal_size(&self, id: ExprId) -> Option<Size> {
        let size = match &self.checked.ast.node(id).kind {
            ExprKind::Literal(Literal::String(text)) => text.chars().count(),
            ExprKind::Literal(Literal::Bytes(bytes)) => bytes.len(),
            ExprKind::Literal(_) => 1,
            ExprKind::List { elements, .. } => elements.len(),
            ExprKind::Map(entries) => entries.len(),
            _ => return None,
        };
        Some(Size::fixed(size as u64))
    }

    /// What is known of the entries of a node's value.
    pub(super) fn entry(&self, id: ExprId) -> Option<Entry> {
        self.known(id).entry.or_else(|| self.local(id)?.entry)
    }

    /// Where a node's value comes from.
    pub(super) fn path(&self, id: ExprId) -> Option<Path<'a>> {
        match self.local(id) {
            Some(local) => local.path,
            None => self.known(id).path,
        }
    }

    /// The variable of a loop or binding that a node names, while it is in force.
    pub(super) fn local(&self, id: ExprId) -> Option<&Local<'a>> {
        let ExprKind::Ident(name) = &self.checked.ast.node(id).kind else { return None };
        if !self.is_local(id) {
            return None;
        }
        self.locals.iter().rev().find(|local| local.name == name)
    }

    /// Brings a loop's variable into force.
    pub(super) fn push_loop_variable(&mut self, name: &'a str, range: ExprId, walk: Walk) {
        let entry = self.entry(range);
        let is_list = match entry {
            Some(entry) => entry.is_list,
            None => matches!(self.checked.type_of(range), Type::List(_)),
        };
        let is_value = walk == Walk::Value || (walk == Walk::Single && is_list);
        let step = match (is_value, is_list) {
            (true, _) => Step::Element,
            (false, true) => Step::Indexes,
            (false, false) => Step::Keys,
        };
        let size = entry.map(|entry| if is_value { entry.value } else { entry.key });
        let path = self.path(range);
        let path = Some(self.paths.append(path, self.root, step));
        self.locals.push(Local { name, path, size, entry: None });
    }

    /// Brings a variable into force that has the value of a node.
    pub(super) fn push_binding(&mut self, name: &'a str, value: ExprId) {
        let (path, entry) = (self.path(value), self.entry(value));
        let size = self.size(value);
        self.locals.push(Local { name, path, size, entry });
    }

    pub(super) fn set_size(&mut self, id: ExprId, size: Option<Size>) {
        if size.is_some() {
            self.known_mut(id).size = size;
        }
    }

    pub(super) fn set_entry(&mut self, id: ExprId, entry: Option<Entry>) {
        if entry.is_some() {
            self.known_mut(id).entry = entry;
        }
    }

    /// Takes over what is known of another node's value.
    pub(super) fn copy_size(&mut self, to: ExprId, from: ExprId) {
        let (size, entry) = (self.size(from), self.entry(from));
        self.set_size(to, size);
        self.set_entry(to, entry);
    }
}

/// Whether all values of a type are of one size.
pub(super) fn is_scalar(ty: &Type) -> bool {
    match ty {
        Type::Bool | Type::Int | Type::Uint | Type::Double | Type::Timestamp | Type::Duration => true,
        Type::Opaque(OPTIONAL, parameters) => parameters.first().is_some_and(is_scalar),
        _ => false,
    }
}
