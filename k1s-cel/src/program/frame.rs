//! The state of one evaluation: values of variables, and the account of costs.

use crate::value::{EvalError, EvalResult};

use super::Binding;

pub(super) struct Frame<'a, 'f> {
    bindings: &'f [Binding<'a>],
    locals: Vec<EvalResult<'a>>,
    cost: u64,
    budget: u64,
}

impl<'a, 'f> Frame<'a, 'f> {
    pub(super) fn new(bindings: &'f [Binding<'a>], locals: usize, budget: u64) -> Self {
        Self { bindings, locals: Vec::with_capacity(locals), cost: 0, budget }
    }

    pub(super) fn cost(&self) -> u64 {
        self.cost
    }

    /// Adds to the cost; fails once the budget is exceeded.
    #[inline]
    pub(super) fn charge(&mut self, cost: u64) -> Result<(), EvalError> {
        self.cost = self.cost.saturating_add(cost);
        if self.cost > self.budget { Err(EvalError::CostLimit) } else { Ok(()) }
    }

    /// Takes back a unit that was charged.
    pub(super) fn refund(&mut self) {
        self.cost = self.cost.saturating_sub(1);
    }

    pub(super) fn variable(&self, index: usize, name: &str) -> EvalResult<'a> {
        match self.bindings.get(index) {
            Some(Some(value)) => value.clone(),
            _ => Err(EvalError::NoSuchAttribute(name.into())),
        }
    }

    pub(super) fn local(&self, slot: usize) -> EvalResult<'a> {
        match self.locals.get(slot) {
            Some(value) => value.clone(),
            None => Err(EvalError::NoSuchOverload),
        }
    }

    pub(super) fn variable_ref(&self, index: usize) -> Option<&EvalResult<'a>> {
        self.bindings.get(index)?.as_ref()
    }

    pub(super) fn local_ref(&self, slot: usize) -> Option<&EvalResult<'a>> {
        self.locals.get(slot)
    }

    /// The variable whose scope began last.
    pub(super) fn last_local(&self) -> EvalResult<'a> {
        self.local(self.locals.len().wrapping_sub(1))
    }

    /// The variable whose scope began before the last one's.
    pub(super) fn local_before_last(&self) -> EvalResult<'a> {
        self.local(self.locals.len().wrapping_sub(2))
    }

    /// Begins the scope of a variable: its slot is the number of those in use.
    pub(super) fn push(&mut self, value: EvalResult<'a>) {
        self.locals.push(value);
    }

    /// Ends the scope of the last `count` variables.
    pub(super) fn pop(&mut self, count: usize) {
        self.locals.truncate(self.locals.len().saturating_sub(count));
    }
}
