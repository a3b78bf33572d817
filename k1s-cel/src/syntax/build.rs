//! The tree as it grows: nodes, how deep they are, and the complaints that are about meaning rather than grammar.

use super::ast::{Ast, Comprehension, Expr, ExprId, ExprKind, Literal, Name, operators};
use crate::issue::Issue;
use crate::limits::Limits;

/// How deep a node is.
#[derive(Clone, Copy, Default)]
struct Height {
    /// Nodes on the longest way down.
    nodes: u32,
    /// Those of them that cel-go counts against its limit on nesting while it makes the tree: binary operators except `&&` and `||`,
    /// conditionals, selections, indexes and member calls, as written.
    counted: u32,
}

/// A tree under construction.
pub(super) struct Builder {
    nodes: Vec<Expr>,
    heights: Vec<Height>,
    issues: Vec<Issue>,
    nesting: u32,
    too_deep: bool,
    max_nodes: usize,
}

/// A state to return to.
pub(super) struct Mark {
    issues: usize,
    too_deep: bool,
}

impl Builder {
    pub(super) fn new(limits: &Limits, capacity: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(capacity),
            heights: Vec::with_capacity(capacity),
            issues: Vec::new(),
            nesting: limits.nesting,
            too_deep: false,
            max_nodes: limits.nodes,
        }
    }

    /// Whether there are more nodes than the limits allow.
    pub(super) fn is_full(&self) -> bool {
        self.nodes.len() > self.max_nodes
    }

    /// Whether an operand is nested deeper than cel-go would follow.
    pub(super) fn is_too_deep(&self) -> bool {
        self.too_deep
    }

    pub(super) fn into_issues(self) -> Vec<Issue> {
        self.issues
    }

    pub(super) fn has_issues(&self) -> bool {
        !self.issues.is_empty()
    }

    /// The tree, whose root is `root`.
    pub(super) fn into_ast(self, root: ExprId) -> Ast {
        let depth = self.height(root).nodes;
        Ast { nodes: self.nodes, root, depth }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { issues: self.issues.len(), too_deep: self.too_deep }
    }

    /// Forgets the complaints since `mark`.
    pub(super) fn forgive(&mut self, mark: &Mark) {
        self.issues.truncate(mark.issues);
        self.too_deep = mark.too_deep;
    }

    /// Complains at `at`, and gives a node for what is missing.
    pub(super) fn fail(&mut self, at: u32, message: impl Into<String>, hint: Option<String>) -> ExprId {
        self.issues.push(Issue { at: Some(at), message: message.into(), hint });
        self.missing(at)
    }

    /// A node for what could not be read. There is a complaint, so nobody sees the tree it is in.
    pub(super) fn missing(&mut self, at: u32) -> ExprId {
        self.push(ExprKind::Literal(Literal::Null), at)
    }

    pub(super) fn kind(&self, id: ExprId) -> &ExprKind {
        &self.nodes[id.index()].kind
    }

    pub(super) fn at(&self, id: ExprId) -> u32 {
        self.nodes[id.index()].at
    }

    /// The name of a node that is a name.
    pub(super) fn ident_name(&self, id: ExprId) -> Option<&Name> {
        match self.kind(id) {
            ExprKind::Ident(name) => Some(name),
            _ => None,
        }
    }

    pub(super) fn push(&mut self, kind: ExprKind, at: u32) -> ExprId {
        let mut height = Height::default();
        for_each_child(&kind, |child| {
            let below = self.height(child);
            height.nodes = height.nodes.max(below.nodes);
            height.counted = height.counted.max(below.counted);
        });
        height.nodes = height.nodes.saturating_add(1);
        let id = ExprId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Expr { kind, at });
        self.heights.push(height);
        id
    }

    pub(super) fn ident(&mut self, name: Name, at: u32) -> ExprId {
        self.push(ExprKind::Ident(name), at)
    }

    pub(super) fn literal(&mut self, literal: Literal, at: u32) -> ExprId {
        self.push(ExprKind::Literal(literal), at)
    }

    pub(super) fn call(&mut self, function: impl Into<Name>, args: Vec<ExprId>, at: u32) -> ExprId {
        self.push(ExprKind::Call { function: function.into(), target: None, args }, at)
    }

    pub(super) fn method(
        &mut self,
        function: impl Into<Name>,
        target: ExprId,
        args: Vec<ExprId>,
        at: u32,
    ) -> ExprId {
        self.push(ExprKind::Call { function: function.into(), target: Some(target), args }, at)
    }

    pub(super) fn list(&mut self, elements: Vec<ExprId>, at: u32) -> ExprId {
        self.push(ExprKind::List { elements, optional: Vec::new() }, at)
    }

    pub(super) fn comprehension(&mut self, comprehension: Comprehension, at: u32) -> ExprId {
        self.push(ExprKind::Comprehension(Box::new(comprehension)), at)
    }

    /// `terms` joined by `&&` or `||`, as a balanced tree: long chains stay shallow.
    pub(super) fn balanced(&mut self, operator: &'static str, terms: &[ExprId], signs: &[u32]) -> ExprId {
        let middle = signs.len() / 2;
        let (Some(sign), Some(first)) = (signs.get(middle), terms.first()) else {
            return terms.first().copied().unwrap_or(ExprId(0));
        };
        let first = *first;
        let left =
            if middle == 0 { first } else { self.balanced(operator, &terms[..=middle], &signs[..middle]) };
        let right = self.balanced(operator, &terms[middle + 1..], &signs[middle + 1..]);
        self.call(operator, vec![left, right], *sign)
    }

    /// Counts a node against the limit on nesting.
    pub(super) fn count(&mut self, id: ExprId) -> ExprId {
        let counted = self.height(id).counted;
        self.set_counted(id, counted.saturating_add(1))
    }

    /// What `parts` are counted as: the most that any of them is.
    pub(super) fn counted(&self, parts: impl IntoIterator<Item = ExprId>) -> u32 {
        parts.into_iter().map(|id| self.height(id).counted).max().unwrap_or(0)
    }

    /// Counts a node as `counted`: what a macro makes is counted as it was written.
    pub(super) fn set_counted(&mut self, id: ExprId, counted: u32) -> ExprId {
        self.heights[id.index()].counted = counted;
        self.too_deep |= counted > self.nesting;
        id
    }

    fn height(&self, id: ExprId) -> Height {
        self.heights[id.index()]
    }
}

/// The function that a comprehension's condition asks: whether to go on.
pub(super) fn not_strictly_false(build: &mut Builder, operand: ExprId, at: u32) -> ExprId {
    build.call(operators::NOT_STRICTLY_FALSE, vec![operand], at)
}

fn for_each_child(kind: &ExprKind, mut visit: impl FnMut(ExprId)) {
    match kind {
        ExprKind::Literal(_) | ExprKind::Ident(_) => {}
        ExprKind::Select { operand, .. } => visit(*operand),
        ExprKind::Call { target, args, .. } => target.iter().chain(args).copied().for_each(visit),
        ExprKind::List { elements, .. } => elements.iter().copied().for_each(visit),
        ExprKind::Map(entries) => entries.iter().flat_map(|entry| [entry.key, entry.value]).for_each(visit),
        ExprKind::Struct { fields, .. } => fields.iter().map(|field| field.value).for_each(visit),
        ExprKind::Comprehension(parts) => {
            [parts.range, parts.init, parts.condition, parts.step, parts.result].into_iter().for_each(visit);
        }
    }
}
