//! Programs: checked expressions made ready to be evaluated, again and again, from any thread.

use crate::value::EvalResult;

/// The value of a variable: none if it has none, a failure if its data contradicts its schema.
pub type Binding<'a> = Option<EvalResult<'a>>;

/// What an evaluation yields, and what it cost.
#[derive(Clone, Debug)]
pub struct Evaluation<'a> {
    /// The value, or why there is none.
    pub result: EvalResult<'a>,
    /// The cost, up to the point where evaluation stopped.
    pub cost: u64,
}
