//! Calls: finding the overloads that fit.

use crate::functions::{self, Overload, Style, Ty};
use crate::syntax::ast::{ExprId, ExprKind, Literal, operators};
use crate::ty::Type;

use super::checker::Checker;
use super::{Candidates, Reference, hint};

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        id: ExprId,
        function: &str,
        target: Option<ExprId>,
        args: &[ExprId],
    ) -> Type {
        if function == operators::OPT_SELECT && target.is_none() {
            return self.optional_select(id, args);
        }
        for arg in args {
            self.check(*arg);
        }
        let Some(target) = target else {
            return self.resolve_call(id, function, None, args, false);
        };
        let qualified = self.qualified_name(target).map(|prefix| format!("{prefix}.{function}"));
        if let Some(name) = qualified
            && functions::function(&name).is_some()
        {
            return self.resolve_call(id, &name, None, args, true);
        }
        self.check(target);
        self.resolve_call(id, function, Some(target), args, false)
    }

    /// `a.?b`: typed like the selection, but optional.
    fn optional_select(&mut self, id: ExprId, args: &[ExprId]) -> Type {
        let [operand, field] = args else { return Type::Error };
        let ExprKind::Literal(Literal::String(name)) = &self.ast.node(*field).kind else {
            return Type::Error;
        };
        self.check(*field);
        let ty = self.field(id, *operand, name, true);
        if let Some([overload]) = functions::function(operators::OPT_SELECT) {
            self.refer(id, Reference::Overloads { candidates: Candidates::One(overload), qualified: false });
        }
        self.known.apply(&ty, false)
    }

    fn resolve_call(
        &mut self,
        id: ExprId,
        function: &str,
        target: Option<ExprId>,
        args: &[ExprId],
        qualified: bool,
    ) -> Type {
        let at = self.ast.node(id).at;
        let Some(overloads) = functions::function(function) else { return self.undeclared(at, function) };
        if matches!(function, operators::AND | operators::OR) {
            return self.logical(id, overloads, args);
        }
        let types: Vec<Type> = target.iter().chain(args).map(|arg| self.check(*arg)).collect();
        let style = if target.is_some() { Style::Member } else { Style::Global };
        let Some((result, candidates)) = self.fitting(overloads, style, &types) else {
            let types: Vec<Type> = types.iter().map(|ty| self.known.apply(ty, true)).collect();
            let message = no_overload(function, style, &types);
            self.complain(at, message, hint::overload(function, overloads, style, &types));
            return Type::Error;
        };
        self.refer(id, Reference::Overloads { candidates, qualified });
        result
    }

    /// `&&` and `||` say which side is no bool.
    fn logical(&mut self, id: ExprId, overloads: &[&'static Overload], args: &[ExprId]) -> Type {
        let mut fits = true;
        for arg in args {
            let ty = self.check(*arg);
            if !self.known.assign(&ty, &Type::Bool) {
                fits = false;
                let at = self.ast.node(*arg).at;
                self.mismatch(at, &Type::Bool, &ty);
            }
        }
        if let [overload] = overloads {
            self.refer(id, Reference::Overloads { candidates: Candidates::One(overload), qualified: false });
        }
        if fits { Type::Bool } else { Type::Error }
    }

    /// The overloads that take arguments of these types, and the type of what they yield.
    fn fitting(
        &mut self,
        overloads: &[&'static Overload],
        style: Style,
        types: &[Type],
    ) -> Option<(Type, Candidates)> {
        let mut found: Option<(Type, Candidates)> = None;
        for overload in overloads {
            if overload.style != style || overload.params.len() != types.len() {
                continue;
            }
            let Some(result) = self.fit(overload, types) else { continue };
            found = Some(match found {
                None => (result, Candidates::One(overload)),
                Some((before, candidates)) => {
                    let ty = if before == Type::Dyn || before == result { before } else { Type::Dyn };
                    let mut all = match candidates {
                        Candidates::One(first) => vec![first],
                        Candidates::Many(all) => all,
                    };
                    all.push(overload);
                    (ty, Candidates::Many(all))
                }
            });
        }
        found
    }

    /// The type that an overload yields for arguments of these types, if it takes them.
    fn fit(&mut self, overload: &Overload, types: &[Type]) -> Option<Type> {
        let generic = overload.params.iter().any(|param| param.is_generic()) || overload.result.is_generic();
        if !generic && overload.params.iter().zip(types).any(|(param, ty)| cannot_fit(*param, ty)) {
            return None;
        }
        let first = if generic { self.known.fresh_many(Ty::PARAMETERS) } else { 0 };
        let params: Vec<Type> = overload.params.iter().map(|param| param.instantiate(first)).collect();
        if !self.known.assign_all(types.iter().zip(&params)) {
            return None;
        }
        Some(self.known.apply(&overload.result.instantiate(first), false))
    }
}

/// Whether it takes no look at type variables to see that a scalar is asked for and another type given: most overloads of an operator
/// are passed over so.
fn cannot_fit(param: Ty, ty: &Type) -> bool {
    let given = match ty {
        Type::Bool => Ty::Bool,
        Type::Int => Ty::Int,
        Type::Uint => Ty::Uint,
        Type::Double => Ty::Double,
        Type::String => Ty::String,
        Type::Bytes => Ty::Bytes,
        _ => return false,
    };
    match param {
        Ty::Dyn | Ty::A | Ty::B => false,
        param => std::mem::discriminant(&param) != std::mem::discriminant(&given),
    }
}

fn no_overload(function: &str, style: Style, types: &[Type]) -> String {
    use std::fmt::Write as _;
    let mut signature = String::new();
    let mut args = types;
    if style == Style::Member
        && let Some((target, rest)) = types.split_first()
    {
        let _ = write!(signature, "{target}.");
        args = rest;
    }
    signature.push('(');
    for (index, ty) in args.iter().enumerate() {
        let _ = write!(signature, "{}{ty}", if index == 0 { "" } else { ", " });
    }
    signature.push(')');
    format!("found no matching overload for '{function}' applied to '{signature}'")
}
