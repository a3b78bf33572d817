//! From checked tree to program: names become slots, selections become chains, constants are folded.

use std::sync::Arc;

use crate::check::{Candidates, Checked, Reference};
use crate::functions::message::{Message, Part};
use crate::functions::{self, Overload};
use crate::syntax::ast::{Comprehension, ExprId, ExprKind, Literal, Macro, MapEntry, StructField, operators};
use crate::ty::{OPTIONAL, Type};
use crate::value::{Blob, Key, List, Map, Text, Value, ValueMap};

use super::ProgramError;
use super::op::{
    Bind, Call, Chain, Dispatch, Element, Entry, Loop, Op, OrElse, Property, Root, Step, StepKey,
};

/// The program of an expression, and how many variables of loops it needs at once.
pub(super) fn plan(checked: &Checked) -> Result<(Op, usize), ProgramError> {
    let mut planner = Planner { checked, scope: Vec::new(), deepest: 0 };
    let root = planner.plan(checked.ast.root())?;
    Ok((root, planner.deepest))
}

struct Planner<'c> {
    checked: &'c Checked,
    /// The variables of the loops around the node: a variable's place is its slot.
    scope: Vec<&'c str>,
    deepest: usize,
}

impl<'c> Planner<'c> {
    fn plan(&mut self, id: ExprId) -> Result<Op, ProgramError> {
        let checked: &'c Checked = self.checked;
        match checked.reference(id) {
            Reference::Variable(index) => return Ok(self.variable(id, *index)),
            Reference::TypeName(name) => return Ok(Op::Constant(Value::Type(Text::Borrowed(name)))),
            Reference::Missing(name) => return Ok(Op::Undefined(name.clone())),
            Reference::None | Reference::Local | Reference::Overloads { .. } => {}
        }
        match &checked.ast.node(id).kind {
            ExprKind::Literal(literal) => Ok(Op::Constant(constant(literal))),
            ExprKind::Ident(name) => Ok(match self.scope.iter().rposition(|local| *local == &**name) {
                Some(slot) => chain(Root::Local(slot)),
                None => Op::Undefined((&**name).into()),
            }),
            ExprKind::Select { operand, field, test_only } => self.select(*operand, field, *test_only, false),
            ExprKind::Call { function, target, args } => self.call(id, function, *target, args),
            ExprKind::List { elements, optional } => self.list(elements, optional),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Struct { name, fields } => self.message(name, fields),
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension),
        }
    }

    fn variable(&self, id: ExprId, index: usize) -> Op {
        let name = match &self.checked.ast.node(id).kind {
            ExprKind::Ident(name) | ExprKind::Select { field: name, .. } => &**name,
            _ => "",
        };
        chain(Root::Variable(index, name.into()))
    }

    fn message(&mut self, name: &str, fields: &[StructField]) -> Result<Op, ProgramError> {
        let undefined = || Op::Undefined(name.into());
        let Some(message) = Message::named(name) else { return Ok(undefined()) };
        let mut parts = Vec::with_capacity(fields.len());
        for field in fields {
            let Some(part) = Part::named(&field.field) else { return Ok(undefined()) };
            parts.push((part, Element { value: self.plan(field.value)?, optional: field.optional }));
        }
        Ok(Op::Message(message, parts.into()))
    }

    fn plan_all(&mut self, ids: &[ExprId]) -> Result<Vec<Op>, ProgramError> {
        ids.iter().map(|id| self.plan(*id)).collect()
    }

    fn select(
        &mut self,
        operand: ExprId,
        field: &str,
        test: bool,
        optional: bool,
    ) -> Result<Op, ProgramError> {
        let ty = match self.checked.type_of(operand) {
            Type::Opaque(OPTIONAL, parameters) => parameters.first().unwrap_or(&Type::Dyn),
            other => other,
        };
        let declared = match ty {
            Type::Object(object) => object.schema().field(field).map(|found| (object.schema(), found)),
            _ => None,
        };
        let key = match declared {
            Some((object, (name, schema))) => StepKey::Property(Property {
                name: name.into(),
                written: field.into(),
                object: Arc::clone(object),
                schema: Arc::clone(schema),
            }),
            None => StepKey::Name(field.into()),
        };
        let operand = self.plan(operand)?;
        Ok(step(operand, Step { key, optional }, test))
    }

    fn index(&mut self, args: &[ExprId], optional: bool) -> Result<Op, ProgramError> {
        let [operand, key] = args else { return Err(unplanned()) };
        let operand = self.plan(*operand)?;
        let key = match self.plan(*key)? {
            Op::Constant(key) => StepKey::Constant(key),
            key => StepKey::Computed(key),
        };
        Ok(step(operand, Step { key, optional }, false))
    }

    fn call(
        &mut self,
        id: ExprId,
        function: &str,
        target: Option<ExprId>,
        args: &[ExprId],
    ) -> Result<Op, ProgramError> {
        match (function, target, args) {
            (operators::AND, None, [left, right]) => {
                return Ok(Op::And(Box::new((self.plan(*left)?, self.plan(*right)?))));
            }
            (operators::OR, None, [left, right]) => {
                return Ok(Op::Or(Box::new((self.plan(*left)?, self.plan(*right)?))));
            }
            (operators::CONDITIONAL, None, [condition, then, otherwise]) => {
                let parts = [self.plan(*condition)?, self.plan(*then)?, self.plan(*otherwise)?];
                return Ok(chain(Root::Conditional(Box::new(parts))));
            }
            (operators::INDEX, None, args) => return self.index(args, false),
            (operators::OPT_INDEX, None, args) => return self.index(args, true),
            (operators::OPT_SELECT, None, [operand, field]) => {
                if let ExprKind::Literal(Literal::String(field)) = &self.checked.ast.node(*field).kind {
                    return self.select(*operand, field, false, true);
                }
            }
            _ => {}
        }
        let Reference::Overloads { candidates, qualified } = self.checked.reference(id) else {
            return Ok(Op::Undefined(function.into()));
        };
        let mut ops = Vec::with_capacity(args.len() + 1);
        if let Some(target) = target.filter(|_| !qualified) {
            ops.push(self.plan(target)?);
        }
        ops.extend(self.plan_all(args)?);
        resolve(function, candidates, ops)
    }

    fn list(&mut self, elements: &[ExprId], optional: &[u32]) -> Result<Op, ProgramError> {
        let ops = self.plan_all(elements)?;
        if optional.is_empty() && ops.iter().all(is_constant) {
            return Ok(Op::Constant(Value::list(ops.into_iter().filter_map(into_constant).collect())));
        }
        let elements = ops.into_iter().enumerate().map(|(index, value)| Element {
            value,
            optional: optional.iter().any(|optional| *optional as usize == index),
        });
        Ok(Op::List(elements.collect()))
    }

    fn map(&mut self, entries: &[MapEntry]) -> Result<Op, ProgramError> {
        let mut planned = Vec::with_capacity(entries.len());
        for entry in entries {
            let key = self.plan(entry.key)?;
            let value = self.plan(entry.value)?;
            planned.push(Entry { key, value, optional: entry.optional });
        }
        Ok(constant_map(&planned).map_or_else(|| Op::Map(planned.into()), Op::Constant))
    }

    fn comprehension(&mut self, comprehension: &'c Comprehension) -> Result<Op, ProgramError> {
        if comprehension.origin == Macro::Bind {
            let value = self.plan(comprehension.init)?;
            let body = self.within([Some(&*comprehension.accu_var), None], |planner| {
                planner.plan(comprehension.result)
            })?;
            return Ok(Op::Bind(Box::new(Bind { value, body })));
        }
        let range = self.plan(comprehension.range)?;
        let names = [Some(&*comprehension.iter_var), comprehension.iter_var2.as_deref()];
        let (predicate, transform) = self.within(names, |planner| {
            let mut part = |part: Option<ExprId>| part.map(|id| planner.plan(id)).transpose();
            Ok((part(comprehension.parts.predicate)?, part(comprehension.parts.transform)?))
        })?;
        Ok(Op::Loop(Box::new(Loop {
            kind: comprehension.origin,
            two: comprehension.iter_var2.is_some(),
            range,
            predicate,
            transform,
        })))
    }

    /// Plans with more variables in scope.
    fn within<T>(
        &mut self,
        names: [Option<&'c str>; 2],
        plan: impl FnOnce(&mut Self) -> Result<T, ProgramError>,
    ) -> Result<T, ProgramError> {
        let before = self.scope.len();
        self.scope.extend(names.into_iter().flatten());
        self.deepest = self.deepest.max(self.scope.len());
        let planned = plan(self);
        self.scope.truncate(before);
        planned
    }
}

fn unplanned() -> ProgramError {
    ProgramError("unexpected number of arguments".into())
}

fn chain(root: Root) -> Op {
    Op::Chain(Box::new(Chain { root, steps: Vec::new(), test: false }))
}

/// A selection, added to the chain that the operand is, or the first of a new one.
fn step(operand: Op, step: Step, test: bool) -> Op {
    let mut chain = match operand {
        Op::Chain(chain) if !chain.test => chain,
        other => Box::new(Chain { root: Root::Value(other), steps: Vec::new(), test: false }),
    };
    chain.steps.push(step);
    chain.test = test;
    Op::Chain(chain)
}

/// The functions that convert a value to another type: of a constant they are constants.
const CONVERSIONS: [&str; 10] =
    ["bool", "bytes", "double", "duration", "dyn", "int", "string", "timestamp", "type", "uint"];

/// The functions of which kube-apiserver tells the cost by their name; of the others cel-go knows the cost by the overload, and charges a
/// unit where that is known too late.
const COSTS_BY_NAME: [&str; 31] = [
    "isSorted",
    "sum",
    "max",
    "min",
    "indexOf",
    "lastIndexOf",
    "url",
    "lowerAscii",
    "upperAscii",
    "substring",
    "trim",
    "replace",
    "split",
    "join",
    "find",
    "findAll",
    "cidr",
    "isIP",
    "isCIDR",
    "ip",
    "ip.isCanonical",
    "masked",
    "prefixLength",
    "family",
    "containsIP",
    "containsCIDR",
    "quantity",
    "isQuantity",
    "compareTo",
    "add",
    "sub",
];

fn resolve(function: &str, candidates: &Candidates, mut args: Vec<Op>) -> Result<Op, ProgramError> {
    if CONVERSIONS.contains(&function)
        && let [Op::Constant(value)] = &*args
    {
        return convert(candidates.as_slice(), value).map(Op::Constant);
    }
    match candidates {
        Candidates::One(overload) => {
            compile_pattern(overload, &mut args)?;
            match (overload.id, <[Op; 2]>::try_from(args)) {
                ("in_list", Ok([value, list])) => Ok(membership(overload, value, list)),
                ("optional_or_optional", Ok([first, second])) => Ok(or_else(first, second, false)),
                ("optional_orValue_value", Ok([first, second])) => Ok(or_else(first, second, true)),
                (_, args) => {
                    let args = args.map_or_else(|args| args, Vec::from);
                    Ok(Op::Call(Box::new(Call { overload, args })))
                }
            }
        }
        Candidates::Many(overloads) => {
            let flat_cost = !COSTS_BY_NAME.contains(&function);
            Ok(Op::Dispatch(Box::new(Dispatch { overloads: overloads.clone(), args, flat_cost })))
        }
    }
}

fn convert(overloads: &[&'static Overload], value: &Value<'static>) -> Result<Value<'static>, ProgramError> {
    let args = [value.clone()];
    let fitting = overloads.iter().find(|overload| matches!(overload.params, [param] if param.admits(value)));
    match fitting {
        Some(overload) => (overload.call)(&args).map_err(|error| ProgramError(error.to_string())),
        None => Err(ProgramError("no such overload".into())),
    }
}

fn or_else(first: Op, second: Op, unwrap: bool) -> Op {
    Op::OrElse(Box::new(OrElse { first, second, unwrap }))
}

/// Compiles a regular expression that is written out.
fn compile_pattern(overload: &Overload, args: &mut [Op]) -> Result<(), ProgramError> {
    if let Some(arg) = overload.pattern.and_then(|index| args.get_mut(index))
        && let Op::Constant(Value::String(pattern)) = arg
    {
        let compiled = functions::literal::compile_pattern(pattern).map_err(ProgramError)?;
        *arg = Op::Constant(Value::Opaque(compiled));
    }
    Ok(())
}

/// `value in list`: a look into a set, if the list is of constant scalars.
fn membership(overload: &'static Overload, value: Op, list: Op) -> Op {
    if let Op::Constant(Value::List(List::Values(elements))) = &list {
        if elements.is_empty() {
            return Op::Constant(Value::Bool(false));
        }
        let keys: Option<_> = elements.iter().map(Key::of).collect();
        if let Some(keys) = keys {
            return Op::Member(Box::new((value, keys)));
        }
    }
    Op::Call(Box::new(Call { overload, args: vec![value, list] }))
}

fn is_constant(op: &Op) -> bool {
    matches!(op, Op::Constant(_))
}

fn into_constant(op: Op) -> Option<Value<'static>> {
    match op {
        Op::Constant(value) => Some(value),
        _ => None,
    }
}

/// The map of constant entries; none if they are not constant, or make no map.
fn constant_map(entries: &[Entry]) -> Option<Value<'static>> {
    let mut map = ValueMap::default();
    for entry in entries {
        match (&entry.key, &entry.value) {
            (Op::Constant(key), Op::Constant(value)) if !entry.optional => {
                map.insert(key.clone(), value.clone()).ok()?;
            }
            _ => return None,
        }
    }
    Some(Value::Map(Map::Values(map.into())))
}

fn constant(literal: &Literal) -> Value<'static> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(value) => Value::Bool(*value),
        Literal::Int(value) => Value::Int(*value),
        Literal::Uint(value) => Value::Uint(*value),
        Literal::Double(value) => Value::Double(*value),
        Literal::String(text) => Value::String(Text::Shared(text.clone())),
        Literal::Bytes(bytes) => Value::Bytes(Blob::Shared(bytes.clone())),
    }
}
