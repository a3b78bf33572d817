//! The walk over the tree that adds up costs. Each node is visited once, even where several parents share it: all of them stand
//! in the same scope, so that its cost is the same for each.

use crate::check::{Checked, Reference};
use crate::env::Env;
use crate::functions::cost::{CostRange, Size};
use crate::functions::message;
use crate::schema::Schema;
use crate::syntax::ast::{Comprehension, ExprId, ExprKind, Literal, Macro, MapEntry};
use crate::ty::Type;

use super::call::Operand;
use super::paths::{Path, Paths, Step};
use super::sizes::{Entry, Local, Walk};

/// What making a list, a map and a message costs, beyond its parts.
const LIST: CostRange = CostRange::fixed(10);
const MAP: CostRange = CostRange::fixed(30);
const MESSAGE: CostRange = CostRange::fixed(message::COST);

/// No size yet: a union with it is the other.
const NO_SIZE: Size = Size { min: u64::MAX, max: 0 };

/// A walk, and what it has found so far.
#[derive(Debug)]
pub(super) struct Estimator<'a> {
    pub(super) checked: &'a Checked,
    env: &'a Env,
    /// The schema that values are measured by where no variable's own is known.
    pub(super) root: Option<&'a Schema>,
    known: Vec<Known<'a>>,
    pub(super) paths: Paths<'a>,
    /// The variables of the loops and bindings around the node, innermost last.
    pub(super) locals: Vec<Local<'a>>,
    /// The operands of the calls around the node, innermost last.
    pub(super) operands: Vec<Operand<'a>>,
}

/// What is known of a node.
#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Known<'a> {
    cost: Option<CostRange>,
    pub(super) size: Option<Size>,
    pub(super) entry: Option<Entry>,
    pub(super) path: Option<Path<'a>>,
}

impl<'a> Estimator<'a> {
    pub(super) fn new(checked: &'a Checked, env: &'a Env) -> Self {
        Self {
            checked,
            env,
            root: env.variables().iter().find_map(|variable| variable.schema.as_deref()),
            known: vec![Known::default(); checked.ast.len()],
            paths: Paths::default(),
            locals: Vec::new(),
            operands: Vec::new(),
        }
    }

    /// The cost of a node, its parts included.
    pub(super) fn cost(&mut self, id: ExprId) -> CostRange {
        if let Some(cost) = self.known(id).cost {
            return cost;
        }
        let checked: &'a Checked = self.checked;
        let cost = match &checked.ast.node(id).kind {
            ExprKind::Literal(_) => CostRange::ZERO,
            ExprKind::Ident(_) => self.ident(id),
            ExprKind::Select { operand, field, test_only } => self.select(id, *operand, field, *test_only),
            ExprKind::Call { function, target, args } => self.call(id, function, *target, args),
            ExprKind::List { elements, .. } => self.list(id, elements),
            ExprKind::Map(entries) => self.map(id, entries),
            ExprKind::Struct { fields, .. } => {
                fields.iter().fold(MESSAGE, |sum, field| sum.add(self.cost(field.value)))
            }
            ExprKind::Comprehension(comprehension) => self.comprehension(id, comprehension),
        };
        self.known_mut(id).cost = Some(cost);
        cost
    }

    fn ident(&mut self, id: ExprId) -> CostRange {
        let path = match self.local(id) {
            Some(local) => local.path,
            None => Some(self.variable(id)),
        };
        self.known_mut(id).path = path;
        CostRange::ONE
    }

    /// The way to what a name of the environment means. Names of types lead to the whole schema as well.
    fn variable(&mut self, id: ExprId) -> Path<'a> {
        let own = match self.checked.reference(id) {
            Reference::Variable(index) => self.env.variables().get(*index),
            _ => None,
        };
        let schema = own.and_then(|variable| variable.schema.as_deref()).or(self.root);
        self.paths.variable(schema)
    }

    fn select(&mut self, id: ExprId, operand: ExprId, field: &'a str, test_only: bool) -> CostRange {
        if matches!(self.checked.reference(id), Reference::Variable(_) | Reference::TypeName(_)) {
            let path = self.variable(id);
            self.known_mut(id).path = Some(path);
            return CostRange::ONE;
        }
        let cost = self.cost(operand);
        if test_only {
            return cost;
        }
        let from = self.path(operand);
        let path = self.paths.append(from, self.root, Step::Field(field));
        self.known_mut(id).path = Some(path);
        match self.checked.type_of(operand) {
            Type::Map(_) | Type::Object(_) | Type::Var(_) => cost.add(CostRange::ONE),
            _ => cost,
        }
    }

    fn list(&mut self, id: ExprId, elements: &[ExprId]) -> CostRange {
        let mut sum = LIST;
        let mut value = if elements.is_empty() { Size::fixed(0) } else { NO_SIZE };
        for element in elements {
            sum = sum.add(self.cost(*element));
            value = value.union(self.size_or_unknown(*element));
        }
        self.set_entry(id, Some(Entry { is_list: true, key: Size::fixed(1), value }));
        sum
    }

    fn map(&mut self, id: ExprId, entries: &[MapEntry]) -> CostRange {
        let mut sum = MAP;
        let none = if entries.is_empty() { Size::fixed(0) } else { NO_SIZE };
        let (mut key, mut value) = (none, none);
        for entry in entries {
            sum = sum.add(self.cost(entry.key)).add(self.cost(entry.value));
            key = key.union(self.size_or_unknown(entry.key));
            value = value.union(self.size_or_unknown(entry.value));
        }
        self.set_entry(id, Some(Entry { is_list: false, key, value }));
        sum
    }

    fn comprehension(&mut self, id: ExprId, comprehension: &'a Comprehension) -> CostRange {
        if self.is_binding(comprehension) {
            return self.binding(id, comprehension);
        }
        let outside = self.cost(comprehension.range).add(self.cost(comprehension.init));
        let around = self.locals.len();
        self.push_binding(&comprehension.accu_var, comprehension.init);
        match &comprehension.iter_var2 {
            Some(second) => {
                self.push_loop_variable(&comprehension.iter_var, comprehension.range, Walk::Key);
                self.push_loop_variable(second, comprehension.range, Walk::Value);
            }
            None => self.push_loop_variable(&comprehension.iter_var, comprehension.range, Walk::Single),
        }
        let turn = self.cost(comprehension.condition).add(self.cost(comprehension.step));
        self.locals.truncate(around + 1);
        let result = self.cost(comprehension.result);
        self.locals.truncate(around);
        let turns = self.size_or_unknown(comprehension.range);
        self.set_loop_size(id, comprehension, turns);
        outside.add(result).add(turns.cost_of(turn))
    }

    /// What a loop yields is as large as what it begins with, or, if that is a list or map, has at most an entry a turn.
    fn set_loop_size(&mut self, id: ExprId, comprehension: &Comprehension, turns: Size) {
        match &self.checked.ast.node(comprehension.init).kind {
            ExprKind::Literal(_) => {
                let size = self.size(comprehension.init);
                self.set_size(id, size);
            }
            ExprKind::List { .. } | ExprKind::Map(_) => {
                self.set_size(id, Some(turns));
                let entry = self.entry(comprehension.step);
                self.set_entry(id, entry);
            }
            _ => {}
        }
    }

    /// A loop without turns is how macros bind a variable.
    fn is_binding(&self, comprehension: &Comprehension) -> bool {
        let kind = |id: ExprId| &self.checked.ast.node(id).kind;
        comprehension.origin == Macro::Bind
            && matches!(kind(comprehension.range), ExprKind::List { elements, .. } if elements.is_empty())
            && matches!(kind(comprehension.condition), ExprKind::Literal(Literal::Bool(false)))
    }

    fn binding(&mut self, id: ExprId, comprehension: &'a Comprehension) -> CostRange {
        let outside = self.cost(comprehension.range).add(self.cost(comprehension.init));
        self.push_binding(&comprehension.accu_var, comprehension.init);
        let result = self.cost(comprehension.result);
        self.locals.pop();
        self.copy_size(id, comprehension.result);
        outside.add(result)
    }

    pub(super) fn known(&self, id: ExprId) -> &Known<'a> {
        &self.known[id.index()]
    }

    pub(super) fn known_mut(&mut self, id: ExprId) -> &mut Known<'a> {
        &mut self.known[id.index()]
    }

    /// Whether an identifier is none of the environment's.
    pub(super) fn is_local(&self, id: ExprId) -> bool {
        matches!(self.checked.reference(id), Reference::Local)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value as Json, json};

    use super::*;

    fn cost(schema: &Json, expression: &str) -> CostRange {
        let schema = Schema::from_json(schema, false).unwrap();
        let ty = Type::of_schema(&schema, "self").unwrap();
        let env = Env::new().with_schema("self", ty, Arc::clone(&schema));
        env.check(expression).unwrap().estimate(&env)
    }

    #[test]
    fn fields_cost_a_unit_a_step_and_scalars_nothing_to_compare() {
        let number = json!({"type": "integer"});
        let schema = json!({"type": "object", "properties": {"min": number, "max": number}});
        assert_eq!(cost(&schema, "self.min == self.max"), CostRange::fixed(4));
        assert_eq!(cost(&schema, "has(self.min)"), CostRange::fixed(1));
    }

    #[test]
    fn sides_that_may_be_left_out_cost_nothing_at_least() {
        let schema = json!({"type": "boolean"});
        assert_eq!(cost(&schema, "self && self && self"), CostRange { min: 1, max: 3 });
        assert_eq!(cost(&schema, "self ? true : self"), CostRange { min: 1, max: 2 });
    }

    #[test]
    fn loops_turn_as_often_as_the_list_is_long() {
        let schema = json!({"type": "array", "maxItems": 5, "items": {"type": "string", "maxLength": 16}});
        assert_eq!(cost(&schema, "self.all(x, x == 'gpu')"), CostRange { min: 2, max: 2 + 5 * (2 + 3) });
        assert_eq!(cost(&schema, "[true].all(x, x)"), CostRange { min: 11 + 3, max: 11 + 4 });
    }

    #[test]
    fn keys_have_no_size_except_where_the_values_take_their_place() {
        let map = json!({"type": "object", "maxProperties": 5,
            "additionalProperties": {"type": "string", "maxLength": 20}});
        let text = "a".repeat(100);
        let shallow = cost(&map, &format!("self.all(k, v, k == '{text}')"));
        assert_eq!(shallow.max, 2 + 5 * (2 + 2));
        let deep = json!({"type": "object", "properties": {
            "spec": {"type": "object", "properties": {"m": map}}}});
        let deep = cost(&deep, &format!("self.spec.m.all(k, v, k == '{text}')"));
        assert_eq!(deep.max, 4 + 5 * (2 + 2 + 8));
    }
}
