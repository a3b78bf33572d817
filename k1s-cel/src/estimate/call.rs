//! Calls: the costs of their arguments, and what the rules of the overloads that may be meant say, with what is known of the
//! operands. Operators that leave operands out, that join or index lists, and `dyn` are known here by name.

use crate::check::Reference;
use crate::functions::Overload;
use crate::functions::cost::{CostRange, Element, Estimate, Operands, Size, TRAVERSAL};
use crate::syntax::ast::{ExprId, ExprKind, Literal};
use crate::ty::Type;

use super::paths::{Path, Step};
use super::sizes::union;
use super::walk::Estimator;

/// The longest name of a format that `format.named` finds, as kube-apiserver assumes.
const MAX_FORMAT_NAME: u64 = 64;

/// What is known of an operand when it has been estimated.
#[derive(Clone, Copy, Debug)]
pub(super) struct Operand<'a> {
    id: ExprId,
    cost: CostRange,
    size: Option<Size>,
    path: Option<Path<'a>>,
}

/// A call's operands, the receiver first, as rules of costs see them.
struct View<'e, 'a> {
    estimator: &'e Estimator<'a>,
    operands: &'e [Operand<'a>],
}

impl<'a> Estimator<'a> {
    pub(super) fn call(
        &mut self,
        id: ExprId,
        function: &str,
        target: Option<ExprId>,
        args: &'a [ExprId],
    ) -> CostRange {
        if let ("dyn", [argument]) = (function, args) {
            let cost = self.cost(*argument).add(CostRange::ONE);
            self.copy_size(id, *argument);
            return cost;
        }
        let around = self.operands.len();
        let cost = self.call_with_operands(id, target, args, around);
        self.operands.truncate(around);
        cost
    }

    /// Estimates the operands, which go to the end of `self.operands`, and the call.
    fn call_with_operands(
        &mut self,
        id: ExprId,
        target: Option<ExprId>,
        args: &'a [ExprId],
        around: usize,
    ) -> CostRange {
        let (candidates, qualified): (&[&Overload], bool) = match self.checked.reference(id) {
            Reference::Overloads { candidates, qualified } => (candidates.as_slice(), *qualified),
            _ => (&[], false),
        };
        let receiver = target.filter(|_| !qualified);
        // The receiver comes first in the list, but is looked at last.
        self.operands.extend(receiver.map(Operand::unknown));
        for argument in args {
            let operand = self.operand(*argument);
            self.operands.push(operand);
        }
        if candidates.is_empty() {
            return CostRange::ZERO;
        }
        if let Some(receiver) = receiver {
            let operand = self.operand(receiver);
            if let Some(place) = self.operands.get_mut(around) {
                *place = operand;
            }
        }
        let mut cost: Option<CostRange> = None;
        let mut size: Option<Size> = None;
        for overload in candidates {
            let estimate = self.overload(id, overload, around, receiver.is_some());
            cost = Some(cost.map_or(estimate.cost, |cost| cost.union(estimate.cost)));
            size = match (size, estimate.size) {
                (Some(one), Some(other)) => Some(one.union(other)),
                (one, other) => one.or(other),
            };
            if matches!(overload.id, "index_list" | "index_map") {
                size = self.index(id, around);
            }
            size = size.or_else(|| self.size(id));
        }
        self.set_size(id, size);
        let cost = cost.unwrap_or(CostRange::ZERO);
        match self.operands.get(around).filter(|_| receiver.is_some()) {
            Some(receiver) => receiver.cost.add(cost),
            None => cost,
        }
    }

    fn operand(&mut self, id: ExprId) -> Operand<'a> {
        let cost = self.cost(id);
        let path = self.path(id);
        Operand { id, cost, size: self.size(id), path }
    }

    /// The cost of a call of one overload, its arguments included but not its receiver.
    fn overload(&mut self, id: ExprId, overload: &Overload, around: usize, has_receiver: bool) -> Estimate {
        let operands = self.operands.get(around..).unwrap_or_default();
        match (overload.id, operands) {
            ("logical_and" | "logical_or", [left, right]) => {
                let both = left.cost.add(right.cost);
                return CostRange { min: left.cost.min, max: both.max }.into();
            }
            ("conditional", [condition, yes, no]) => {
                let entry = union(self.entry(yes.id), self.entry(no.id));
                let estimate = Estimate {
                    cost: condition.cost.add(yes.cost.union(no.cost)),
                    size: Some(yes.size.unwrap_or(Size::UNKNOWN).union(no.size.unwrap_or(Size::UNKNOWN))),
                };
                self.set_entry(id, entry);
                return estimate;
            }
            _ => {}
        }
        let view = View { estimator: self, operands };
        let estimate = match view.opaque_equality(overload) {
            Some(cost) => cost.into(),
            None => (overload.cost.estimate)(&view),
        };
        let arguments = operands.get(usize::from(has_receiver)..).unwrap_or_default();
        let cost = arguments.iter().fold(estimate.cost, |sum, argument| sum.add(argument.cost));
        if let ("add_string" | "add_bytes" | "add_list", [left, right]) = (overload.id, operands) {
            let entry = union(self.entry(left.id), self.entry(right.id));
            self.set_entry(id, entry);
        }
        Estimate { cost, size: estimate.size }
    }

    /// An element comes from the list's elements, and is as large as they are if the expression made the list.
    fn index(&mut self, id: ExprId, around: usize) -> Option<Size> {
        let container = self.operands.get(around)?.id;
        let path = self.path(container);
        let path = self.paths.append(path, self.root, Step::Element);
        self.known_mut(id).path = Some(path);
        self.entry(container).map(|entry| entry.value)
    }
}

impl Operand<'_> {
    fn unknown(id: ExprId) -> Self {
        Self { id, cost: CostRange::ZERO, size: None, path: None }
    }
}

impl View<'_, '_> {
    fn type_of(&self, index: usize) -> Option<&Type> {
        self.operands.get(index).map(|operand| self.estimator.checked.type_of(operand.id))
    }

    /// `==` of two values of one of Kubernetes' own types is cheap; `!=` is not known to be.
    fn opaque_equality(&self, overload: &Overload) -> Option<CostRange> {
        if overload.id != "equals" {
            return None;
        }
        let Type::Opaque(name, _) = self.type_of(0)? else { return None };
        if self.type_of(0) != self.type_of(1) {
            return None;
        }
        let up_to = |max: u64| CostRange { min: 1, max }.times(TRAVERSAL);
        match *name {
            "net.IP" | "net.CIDR" | "kubernetes.Quantity" | "kubernetes.Semver" => Some(CostRange::ONE),
            "kubernetes.NamedFormat" => Some(up_to(MAX_FORMAT_NAME)),
            // Only the right side is looked at.
            "kubernetes.URL" => Some(up_to(self.operands.get(1)?.size.map_or(1, |size| size.max))),
            _ => None,
        }
    }
}

impl Operands for View<'_, '_> {
    fn count(&self) -> usize {
        self.operands.len()
    }

    fn size(&self, index: usize) -> Size {
        self.operands.get(index).and_then(|operand| operand.size).unwrap_or(Size::UNKNOWN)
    }

    fn element(&self, index: usize) -> Option<Element> {
        let ty = first_parameter(self.type_of(index)?)?;
        let path = self.operands.get(index)?.path;
        let max = path.and_then(|path| self.estimator.paths.max_elements_within(path));
        Some(Element {
            is_text: matches!(ty, Type::String | Type::Bytes),
            size: max.map_or(Size::UNKNOWN, |max| Size { min: 0, max }),
        })
    }

    fn literal(&self, index: usize) -> Option<&Literal> {
        let operand = self.operands.get(index)?;
        match &self.estimator.checked.ast.node(operand.id).kind {
            ExprKind::Literal(literal) => Some(literal),
            _ => None,
        }
    }
}

/// The first parameter of a type; what lists are lists of.
fn first_parameter(ty: &Type) -> Option<&Type> {
    match ty {
        Type::List(element) => Some(element),
        Type::Map(entry) => Some(&entry.0),
        Type::Type(of) => of.as_deref(),
        Type::Opaque(_, parameters) => parameters.first(),
        _ => None,
    }
}
