//! What an expression costs in the worst case, before it has run: from its tree, its types and the sizes that schemas declare.
//! kube-apiserver refuses a CustomResourceDefinition by these figures, so they are the same to the unit.
//!
//! `walk` adds up nodes, `call` calls, `sizes` knows how large values are, `paths` which part of the schema they come from, and
//! `definition` turns the costs of rules into verdicts on a whole definition.

mod call;
mod definition;
mod paths;
mod sizes;
mod walk;

use crate::check::Checked;
use crate::env::Env;
use crate::stack;

pub use crate::functions::cost::CostRange;
pub use definition::{Cardinality, Refusals, Subject, TotalCost, refusal};

impl Checked {
    /// The bounds of what an evaluation costs. `env` is the one that the expression was checked in; sizes come from the schemas of
    /// its variables. A variable without a schema counts as having the first one that a variable has, as in kube-apiserver, where
    /// `oldSelf` is measured by `self`.
    #[must_use]
    pub fn estimate(&self, env: &Env) -> CostRange {
        stack::with_room(self.ast.depth(), || walk::Estimator::new(self, env).cost(self.ast.root()))
    }
}
