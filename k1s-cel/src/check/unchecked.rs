//! Expressions that are evaluated without a check: names are looked up, types are left to the evaluation.

use crate::functions::{self, Style};
use crate::syntax::ast::{Ast, Expr, ExprId, ExprKind};
use crate::ty::Type;
use crate::{Env, stack};

use super::{Candidates, Checked, Reference, names};

impl Env {
    /// Makes an expression ready to be evaluated without checking its types: what is wrong with it fails when it is evaluated, if it
    /// is. Kubernetes checks all expressions; CEL itself does not demand it.
    #[must_use]
    pub fn unchecked(&self, ast: Ast) -> Checked {
        let references = stack::with_room(ast.depth(), || {
            let mut resolver = Resolver { env: self, ast: &ast, locals: Vec::new(), references: Vec::new() };
            resolver.references.resize(ast.len(), None);
            resolver.visit(ast.root());
            resolver.references.into_iter().map(Option::unwrap_or_default).collect()
        });
        Checked { types: vec![Type::Dyn; ast.len()], references, ast }
    }
}

struct Resolver<'a> {
    env: &'a Env,
    ast: &'a Ast,
    locals: Vec<&'a str>,
    references: Vec<Option<Reference>>,
}

impl<'a> Resolver<'a> {
    fn visit(&mut self, id: ExprId) {
        if self.references[id.index()].is_some() {
            return;
        }
        let ast: &'a Ast = self.ast;
        let reference = self.reference(id, ast.node(id));
        self.references[id.index()] = Some(reference);
    }

    fn visit_all(&mut self, ids: impl IntoIterator<Item = ExprId>) {
        for id in ids {
            self.visit(id);
        }
    }

    fn reference(&mut self, id: ExprId, expr: &'a Expr) -> Reference {
        match &expr.kind {
            ExprKind::Literal(_) => Reference::None,
            ExprKind::Ident(name) => self.name(name).unwrap_or_else(|| Reference::Missing((&**name).into())),
            ExprKind::Select { operand, test_only, .. } => {
                let named = (!test_only).then(|| names::qualified(self.ast, id)).flatten();
                match named.and_then(|name| self.name(&name)) {
                    Some(reference) => reference,
                    None => {
                        self.visit(*operand);
                        Reference::None
                    }
                }
            }
            ExprKind::Call { function, target, args } => self.call(function, *target, args),
            ExprKind::List { elements, .. } => {
                self.visit_all(elements.iter().copied());
                Reference::None
            }
            ExprKind::Map(entries) => {
                self.visit_all(entries.iter().flat_map(|entry| [entry.key, entry.value]));
                Reference::None
            }
            ExprKind::Struct { fields, .. } => {
                self.visit_all(fields.iter().map(|field| field.value));
                Reference::None
            }
            ExprKind::Comprehension(comprehension) => {
                self.visit_all([comprehension.range, comprehension.init]);
                let scope = self.locals.len();
                self.locals.push(&comprehension.accu_var);
                self.locals.push(&comprehension.iter_var);
                self.locals.extend(comprehension.iter_var2.as_deref());
                self.visit_all([comprehension.condition, comprehension.step]);
                self.locals.truncate(scope + 1);
                self.visit(comprehension.result);
                self.locals.truncate(scope);
                Reference::None
            }
        }
    }

    fn name(&self, name: &str) -> Option<Reference> {
        let locals = self.locals.iter().copied();
        names::resolve(self.env, locals, name).map(|(_, reference)| reference)
    }

    fn call(&mut self, function: &str, target: Option<ExprId>, args: &[ExprId]) -> Reference {
        self.visit_all(args.iter().copied());
        if let Some(target) = target {
            let qualified = names::qualified(self.ast, target).map(|prefix| format!("{prefix}.{function}"));
            if let Some(reference) =
                qualified.and_then(|name| overloads(&name, Style::Global, args.len(), true))
            {
                return reference;
            }
            self.visit(target);
            return overloads(function, Style::Member, args.len() + 1, false).unwrap_or_default();
        }
        overloads(function, Style::Global, args.len(), false).unwrap_or_default()
    }
}

/// The overloads that take so many arguments.
fn overloads(function: &str, style: Style, count: usize, qualified: bool) -> Option<Reference> {
    let fitting = functions::function(function)?
        .iter()
        .copied()
        .filter(|overload| overload.style == style && overload.params.len() == count);
    Some(Reference::Overloads { candidates: Candidates::Many(fitting.collect()), qualified })
}
