//! Programs: checked expressions made ready to be evaluated, again and again, from any thread.
//!
//! Making a program folds constants and compiles literal regular expressions; evaluating one reads the data in place. Both count costs
//! as cel-go does, which charges what its interpreter happens to observe: see [`chain`] and [`loops`] for the rules that result.

mod chain;
mod eval;
mod frame;
mod loops;
mod op;
mod plan;

use crate::check::Checked;
use crate::value::EvalResult;
use crate::{limits, stack};

use frame::Frame;
use op::Op;

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

/// Why a checked expression makes no program: a constant part of it fails. In cel-go's words.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct ProgramError(pub(crate) String);

/// An expression ready to be evaluated.
///
/// ```
/// use k1s_cel::{Env, Program, ty::Type, value::Value};
///
/// let env = Env::new().with("x", Type::Int);
/// let program = Program::new(&env.check("x > 1 && x < 10")?)?;
/// let evaluation = program.evaluate(&[Some(Ok(Value::Int(5)))], 1_000);
/// assert!(matches!(evaluation.result, Ok(Value::Bool(true))));
/// assert_eq!(evaluation.cost, 4);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Program {
    root: Op,
    /// How many variables of loops can be in use at once.
    locals: usize,
    depth: u32,
}

impl Program {
    /// Makes a program.
    ///
    /// # Errors
    ///
    /// When a constant part of the expression fails, such as an invalid regular expression.
    pub fn new(checked: &Checked) -> Result<Self, ProgramError> {
        let depth = checked.ast.depth();
        stack::with_room(depth, || {
            let (root, locals) = plan::plan(checked)?;
            Ok(Self { root, locals, depth })
        })
    }

    /// Evaluates with the values of the environment's variables, in the order of their indexes, up to a cost of `budget`.
    pub fn evaluate<'a>(&'a self, bindings: &[Binding<'a>], budget: u64) -> Evaluation<'a> {
        stack::with_room(self.depth, || {
            let mut frame = Frame::new(bindings, self.locals, budget);
            let result = self.root.eval(&mut frame);
            Evaluation { result, cost: frame.cost() }
        })
    }

    /// [`Self::evaluate`] with kube-apiserver's budget for one evaluation.
    pub fn run<'a>(&'a self, bindings: &[Binding<'a>]) -> Evaluation<'a> {
        self.evaluate(bindings, limits::PER_CALL_COST)
    }
}
