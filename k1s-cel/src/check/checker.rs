//! The walk over the tree that gives every node a type.

use crate::Env;
use crate::issue::Issue;
use crate::syntax::ast::{Ast, Comprehension, Expr, ExprId, ExprKind, Literal, MapEntry};
use crate::ty::{OPTIONAL, Substitution, Type};

use super::{Reference, hint};

/// The types and references of all nodes, or what is wrong.
pub(super) fn check(env: &Env, ast: &Ast) -> Result<(Vec<Type>, Vec<Reference>), Vec<Issue>> {
    let mut checker = Checker {
        env,
        ast,
        types: vec![None; ast.len()],
        references: vec![Reference::None; ast.len()],
        known: Substitution::default(),
        locals: Vec::new(),
        issues: Vec::new(),
    };
    checker.check(ast.root());
    if !checker.issues.is_empty() {
        return Err(checker.issues);
    }
    let Checker { types, references, known, .. } = checker;
    let types = types.into_iter().map(|ty| ty.map_or(Type::Error, |ty| known.apply(&ty, true))).collect();
    Ok((types, references))
}

pub(super) struct Checker<'a> {
    pub(super) env: &'a Env,
    pub(super) ast: &'a Ast,
    types: Vec<Option<Type>>,
    references: Vec<Reference>,
    pub(super) known: Substitution,
    /// The variables of the loops around the node, the innermost last.
    pub(super) locals: Vec<(&'a str, Type)>,
    issues: Vec<Issue>,
}

impl<'a> Checker<'a> {
    /// Checks a node and what is below it, once.
    pub(super) fn check(&mut self, id: ExprId) -> Type {
        if let Some(ty) = &self.types[id.index()] {
            return ty.clone();
        }
        let ast: &'a Ast = self.ast;
        let expr = ast.node(id);
        let ty = match &expr.kind {
            ExprKind::Literal(literal) => literal_type(literal),
            ExprKind::Ident(name) => self.ident(id, expr, name),
            ExprKind::Select { operand, field, test_only } => self.select(id, *operand, field, *test_only),
            ExprKind::Call { function, target, args } => self.call(id, function, *target, args),
            ExprKind::List { elements, optional } => self.list(elements, optional),
            ExprKind::Map(entries) => self.map(entries),
            ExprKind::Struct { name, fields } => self.message(expr.at, name, fields),
            ExprKind::Comprehension(comprehension) => self.comprehension(comprehension),
        };
        self.types[id.index()] = Some(ty.clone());
        ty
    }

    pub(super) fn refer(&mut self, id: ExprId, reference: Reference) {
        self.references[id.index()] = reference;
    }

    pub(super) fn complain(&mut self, at: u32, message: String, hint: Option<String>) {
        self.issues.push(Issue { at: Some(at), message, hint });
    }

    /// Complains about a name that nothing has.
    pub(super) fn undeclared(&mut self, at: u32, name: &str) -> Type {
        let hint = hint::name(self, name);
        self.complain(at, format!("undeclared reference to '{name}' (in container '')"), hint);
        Type::Error
    }

    fn ident(&mut self, id: ExprId, expr: &Expr, name: &str) -> Type {
        match self.resolve(name) {
            Some((ty, reference)) => {
                self.refer(id, reference);
                ty
            }
            None => self.undeclared(expr.at, name),
        }
    }

    fn select(&mut self, id: ExprId, operand: ExprId, field: &str, test_only: bool) -> Type {
        if !test_only
            && let Some(name) = self.qualified_name(id)
            && let Some((ty, reference)) = self.resolve(&name)
        {
            self.refer(id, reference);
            return ty;
        }
        let ty = self.field(id, operand, field, false);
        if test_only { Type::Bool } else { self.known.apply(&ty, false) }
    }

    /// The type of `operand.field`, or of `operand.?field` if `optional`.
    pub(super) fn field(&mut self, id: ExprId, operand: ExprId, field: &str, optional: bool) -> Type {
        let operand = self.check(operand);
        let operand = self.known.apply(&operand, false);
        let (target, was_optional) = unwrap_optional(&operand);
        let at = self.ast.node(id).at;
        let ty = match target {
            Type::Map(entry) => entry.1.clone(),
            Type::Object(object) => match object.field(field) {
                Some((ty, _)) => ty,
                None if object.schema().is_open() => Type::Dyn,
                None => {
                    let hint = hint::field(object, field);
                    self.complain(at, format!("undefined field '{field}'"), hint);
                    Type::Error
                }
            },
            Type::Var(_) => {
                self.known.assign(&Type::Dyn, target);
                Type::Dyn
            }
            Type::Dyn | Type::Error => Type::Dyn,
            other => {
                let hint = hint::selection(other);
                self.complain(at, format!("type '{other}' does not support field selection"), hint);
                Type::Dyn
            }
        };
        if optional || was_optional { Type::optional(ty) } else { ty }
    }

    fn list(&mut self, elements: &[ExprId], optional: &[u32]) -> Type {
        let mut element: Option<Type> = None;
        for (index, id) in elements.iter().enumerate() {
            let mut ty = self.check(*id);
            if optional.iter().any(|optional| *optional as usize == index) {
                ty = self.optional_element(*id, &ty);
            }
            element = Some(self.join(element, ty));
        }
        Type::list(element.unwrap_or_else(|| self.known.fresh()))
    }

    fn map(&mut self, entries: &[MapEntry]) -> Type {
        let mut joined: Option<(Type, Type)> = None;
        for entry in entries {
            let key = self.check(entry.key);
            let mut value = self.check(entry.value);
            if entry.optional {
                value = self.optional_element(entry.value, &value);
            }
            joined = Some(match joined {
                None => (key, value),
                Some((keys, values)) => (self.join(Some(keys), key), self.join(Some(values), value)),
            });
        }
        match joined {
            Some((key, value)) => Type::map(key, value),
            None => Type::map(self.known.fresh(), self.known.fresh()),
        }
    }

    /// What an optional element (`?x`) adds to a literal: the value inside.
    pub(super) fn optional_element(&mut self, id: ExprId, ty: &Type) -> Type {
        let (inner, is_optional) = unwrap_optional(ty);
        if !is_optional && !ty.is_dyn_or_error() {
            let at = self.ast.node(id).at;
            self.mismatch(at, &Type::optional(ty.clone()), ty);
        }
        inner.clone()
    }

    /// The type of both; literals of mixed types are complained about later, and have elements of any type until then.
    fn join(&mut self, previous: Option<Type>, current: Type) -> Type {
        match previous {
            None => current,
            Some(previous) if self.known.assign(&previous, &current) => previous.most_general(current),
            Some(_) => Type::Dyn,
        }
    }

    fn comprehension(&mut self, comprehension: &'a Comprehension) -> Type {
        let range = self.check(comprehension.range);
        let accu = self.check(comprehension.init);
        let range = self.known.apply(&range, false);
        let (first, second) = self.iteration(comprehension, &range);
        let scope = self.locals.len();
        self.locals.push((&comprehension.accu_var, accu.clone()));
        self.locals.push((&comprehension.iter_var, first));
        if let Some(name) = &comprehension.iter_var2 {
            self.locals.push((name, second));
        }
        self.check(comprehension.condition);
        self.assert_type(comprehension.condition, &Type::Bool);
        self.check(comprehension.step);
        self.assert_type(comprehension.step, &accu);
        // The result sees the accumulator only.
        self.locals.truncate(scope + 1);
        let result = self.check(comprehension.result);
        self.locals.truncate(scope);
        self.known.apply(&result, false)
    }

    /// The types of the loop's variables: of the only one or the first, and of the second.
    fn iteration(&mut self, comprehension: &Comprehension, range: &Type) -> (Type, Type) {
        let two = comprehension.iter_var2.is_some();
        match range {
            Type::List(element) if two => (Type::Int, Type::clone(element)),
            Type::List(element) => (Type::clone(element), Type::Error),
            Type::Map(entry) => (entry.0.clone(), entry.1.clone()),
            Type::Dyn | Type::Error | Type::Var(_) => {
                self.known.assign(&Type::Dyn, range);
                (Type::Dyn, Type::Dyn)
            }
            other => {
                let at = self.ast.node(comprehension.range).at;
                let message = format!(
                    "expression of type '{other}' cannot be range of a comprehension (must be list, map, or dynamic)"
                );
                self.complain(at, message, None);
                (Type::Error, Type::Error)
            }
        }
    }

    fn assert_type(&mut self, id: ExprId, expected: &Type) {
        let found = self.check(id);
        if !self.known.assign(expected, &found) {
            let at = self.ast.node(id).at;
            self.mismatch(at, expected, &found);
        }
    }

    pub(super) fn mismatch(&mut self, at: u32, expected: &Type, found: &Type) {
        self.complain(at, format!("expected type '{expected}' but found '{found}'"), None);
    }
}

fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::String(_) => Type::String,
        Literal::Bytes(_) => Type::Bytes,
    }
}

/// The type inside an optional, and whether it was one.
fn unwrap_optional(ty: &Type) -> (&Type, bool) {
    match ty {
        Type::Opaque(OPTIONAL, parameters) => match &**parameters {
            [value] => (value, true),
            _ => (ty, false),
        },
        other => (other, false),
    }
}
