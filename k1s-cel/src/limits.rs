//! The limits on expressions, values and costs, each with its default and where it comes from.

/// Bounds on what is parsed. The defaults are cel-go's, which kube-apiserver runs with.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct Limits {
    /// The longest expression, in code points. Default: 100,000.
    pub code_points: usize,
    /// How deep expressions may nest: parentheses, brackets, arguments, selections, and operators of one chain except `&&` and
    /// `||`. Default: 250.
    pub nesting: u32,
    /// The most nodes that an expression may have after macros are expanded. Default: 400,000; cel-go has no such limit, but its
    /// limit on code points keeps below this one but for hostile nesting of macros.
    pub nodes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { code_points: 100_000, nesting: 250, nodes: 400_000 }
    }
}

/// The runtime cost that one evaluation of one rule may have in kube-apiserver: about a tenth of a second.
pub const PER_CALL_COST: u64 = 1_000_000;

/// The runtime cost that the rules of one object may have together in kube-apiserver: about a second.
pub const PER_OBJECT_COST: u64 = 10_000_000;

/// The worst-case cost that a rule may be estimated at when a CustomResourceDefinition is created.
pub const ESTIMATED_COST_PER_RULE: u64 = 10_000_000;

/// The worst-case cost that the rules of a CustomResourceDefinition may be estimated at together.
pub const ESTIMATED_COST_PER_DEFINITION: u64 = 100_000_000;

/// The largest request that kube-apiserver takes, in bytes: it bounds what a field without `maxLength`, `maxItems` or
/// `maxProperties` may hold.
pub const MAX_REQUEST_BYTES: u64 = 3 * 1024 * 1024;

/// The longest text that a `messageExpression` may yield, in bytes.
pub const MAX_MESSAGE_BYTES: usize = 5 * 1024;

/// The longest string or bytes that an expression may build, in bytes. kube-apiserver has no such limit and runs out of memory.
pub const MAX_BUILT_BYTES: usize = 64 * 1024 * 1024;
