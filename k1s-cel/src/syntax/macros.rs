//! Macros: calls that are written like functions and become loops, presence tests and bindings.
//!
//! The expansions are cel-go's to the node, since types and costs follow from them. All nodes that a macro makes stand where the
//! call's parenthesis stands.

use super::ast::{Comprehension, ExprId, ExprKind, Literal, Macro, MacroParts, MapEntry, Name, operators};
use super::build::{Builder, not_strictly_false};

/// Why a macro's arguments do not fit: where, and what to say.
struct Misuse {
    at: u32,
    message: String,
}

type Expansion = Result<ExprId, Misuse>;

/// The name that older expansions had for the accumulator; loops may not use it either.
const OLD_ACCUMULATOR: &str = "__result__";

/// The variable that holds the list while `sortBy` computes its keys.
const SORT_INPUT: &str = "@__sortBy_input__";

/// What the call becomes if it is a macro's. A macro's name with a number of arguments that the macro has not is no macro.
pub(super) fn expand(
    build: &mut Builder,
    name: &str,
    target: Option<ExprId>,
    args: &[ExprId],
    at: u32,
) -> Option<ExprId> {
    let expansion = match (target, name, args) {
        (None, "has", [field]) => has(build, *field, at),
        (Some(range), _, [..]) => expand_method(build, name, range, args, at)?,
        _ => return None,
    };
    Some(match expansion {
        Ok(id) => id,
        Err(misuse) => build.fail(misuse.at, misuse.message, None),
    })
}

fn expand_method(
    build: &mut Builder,
    name: &str,
    range: ExprId,
    args: &[ExprId],
    at: u32,
) -> Option<Expansion> {
    let mut macros = Expander { build, range, at };
    Some(match (name, args) {
        ("all", [x, test]) => macros.one(*x, SIMPLE).map(|vars| macros.all(vars, *test)),
        ("all", [i, x, test]) => macros.two(*i, *x).map(|vars| macros.all(vars, *test)),
        ("exists", [x, test]) => macros.one(*x, SIMPLE).map(|vars| macros.exists(vars, *test)),
        ("exists", [i, x, test]) => macros.two(*i, *x).map(|vars| macros.exists(vars, *test)),
        ("exists_one" | "existsOne", [x, test]) => {
            macros.one(*x, SIMPLE).map(|vars| macros.exists_one(vars, *test))
        }
        ("exists_one" | "existsOne", [i, x, test]) => {
            macros.two(*i, *x).map(|vars| macros.exists_one(vars, *test))
        }
        ("map", [x, to]) => macros.one(*x, IDENTIFIER).map(|vars| macros.list(vars, None, *to)),
        ("map", [x, test, to]) => macros.one(*x, IDENTIFIER).map(|vars| macros.list(vars, Some(*test), *to)),
        ("filter", [x, test]) => macros.one(*x, IDENTIFIER).map(|vars| macros.filter(vars, *x, *test)),
        ("transformList", [i, x, to]) => macros.two(*i, *x).map(|vars| macros.list(vars, None, *to)),
        ("transformList", [i, x, test, to]) => {
            macros.two(*i, *x).map(|vars| macros.list(vars, Some(*test), *to))
        }
        ("transformMap", [i, x, to]) => macros.two(*i, *x).map(|vars| macros.map(vars, None, *to)),
        ("transformMap", [i, x, test, to]) => {
            macros.two(*i, *x).map(|vars| macros.map(vars, Some(*test), *to))
        }
        ("transformMapEntry", [i, x, to]) => macros.two(*i, *x).map(|vars| macros.map_entry(vars, None, *to)),
        ("transformMapEntry", [i, x, test, to]) => {
            macros.two(*i, *x).map(|vars| macros.map_entry(vars, Some(*test), *to))
        }
        ("optMap" | "optFlatMap", [x, to]) => macros.opt_map(name, *x, *to),
        ("sortBy", [x, key]) => macros.sort_by(*x, *key),
        _ => return None,
    })
}

/// How the macros of old and those of two variables call what is no name, and how `map` and `filter` do.
const SIMPLE: &str = "argument must be a simple name";
const IDENTIFIER: &str = "argument is not an identifier";

fn has(build: &mut Builder, field: ExprId, at: u32) -> Expansion {
    match build.kind(field) {
        ExprKind::Select { operand, field, .. } => {
            let kind = ExprKind::Select { operand: *operand, field: field.clone(), test_only: true };
            Ok(build.push(kind, at))
        }
        _ => Err(Misuse { at: build.at(field), message: "invalid argument to has() macro".into() }),
    }
}

/// The variables of a loop.
struct Vars {
    first: Name,
    second: Option<Name>,
}

/// Expands one call.
struct Expander<'b> {
    build: &'b mut Builder,
    range: ExprId,
    at: u32,
}

impl Expander<'_> {
    fn one(&self, arg: ExprId, otherwise: &str) -> Result<Vars, Misuse> {
        let first = self.name(arg, otherwise)?;
        self.check_accumulator(&first, arg)?;
        Ok(Vars { first, second: None })
    }

    fn two(&self, first: ExprId, second: ExprId) -> Result<Vars, Misuse> {
        let names = (self.name(first, SIMPLE)?, self.name(second, SIMPLE)?);
        if names.0 == names.1 {
            return Err(self.misuse(second, format!("duplicate variable name: {}", names.1)));
        }
        self.check_accumulator(&names.0, first)?;
        self.check_accumulator(&names.1, second)?;
        Ok(Vars { first: names.0, second: Some(names.1) })
    }

    fn name(&self, arg: ExprId, otherwise: &str) -> Result<Name, Misuse> {
        self.build.ident_name(arg).cloned().ok_or_else(|| self.misuse(arg, otherwise.into()))
    }

    fn check_accumulator(&self, name: &Name, arg: ExprId) -> Result<(), Misuse> {
        if name == operators::ACCUMULATOR || name == OLD_ACCUMULATOR {
            return Err(self.misuse(arg, "iteration variable overwrites accumulator variable".into()));
        }
        Ok(())
    }

    fn misuse(&self, arg: ExprId, message: String) -> Misuse {
        Misuse { at: self.build.at(arg), message }
    }

    fn all(&mut self, vars: Vars, test: ExprId) -> ExprId {
        let init = self.bool(true);
        let accumulator = self.accumulator();
        let condition = not_strictly_false(self.build, accumulator, self.at);
        let so_far = self.accumulator();
        let step = self.call(operators::AND, vec![so_far, test]);
        let result = self.accumulator();
        self.fold(Macro::All, vars, (init, condition, step, result), predicate(test))
    }

    fn exists(&mut self, vars: Vars, test: ExprId) -> ExprId {
        let init = self.bool(false);
        let accumulator = self.accumulator();
        let not_yet = self.call(operators::NOT, vec![accumulator]);
        let condition = not_strictly_false(self.build, not_yet, self.at);
        let so_far = self.accumulator();
        let step = self.call(operators::OR, vec![so_far, test]);
        let result = self.accumulator();
        self.fold(Macro::Exists, vars, (init, condition, step, result), predicate(test))
    }

    fn exists_one(&mut self, vars: Vars, test: ExprId) -> ExprId {
        let init = self.int(0);
        let condition = self.bool(true);
        let (so_far, one) = (self.accumulator(), self.int(1));
        let more = self.call(operators::ADD, vec![so_far, one]);
        let step = self.only_if(Some(test), more);
        let (count, one) = (self.accumulator(), self.int(1));
        let result = self.call(operators::EQUALS, vec![count, one]);
        self.fold(Macro::ExistsOne, vars, (init, condition, step, result), predicate(test))
    }

    /// `map` and `transformList`.
    fn list(&mut self, vars: Vars, test: Option<ExprId>, to: ExprId) -> ExprId {
        let step = self.appended(to);
        self.collect(vars, Macro::List, step, MacroParts { predicate: test, transform: Some(to) })
    }

    fn filter(&mut self, vars: Vars, element: ExprId, test: ExprId) -> ExprId {
        let step = self.appended(element);
        self.collect(vars, Macro::Filter, step, predicate(test))
    }

    fn map(&mut self, vars: Vars, test: Option<ExprId>, to: ExprId) -> ExprId {
        let so_far = self.accumulator();
        let key = self.build.ident(vars.first.clone(), self.at);
        let step = self.call(operators::MAP_INSERT, vec![so_far, key, to]);
        self.collect(vars, Macro::TransformMap, step, MacroParts { predicate: test, transform: Some(to) })
    }

    fn map_entry(&mut self, vars: Vars, test: Option<ExprId>, to: ExprId) -> ExprId {
        let so_far = self.accumulator();
        let step = self.call(operators::MAP_INSERT, vec![so_far, to]);
        self.collect(
            vars,
            Macro::TransformMapEntry,
            step,
            MacroParts { predicate: test, transform: Some(to) },
        )
    }

    /// The accumulator with one more element.
    fn appended(&mut self, element: ExprId) -> ExprId {
        let so_far = self.accumulator();
        let element = self.build.list(vec![element], self.at);
        self.call(operators::ADD, vec![so_far, element])
    }

    /// A loop over everything that gathers a list or a map.
    fn collect(&mut self, vars: Vars, origin: Macro, step: ExprId, parts: MacroParts) -> ExprId {
        let init = match origin {
            Macro::TransformMap | Macro::TransformMapEntry => {
                self.build.push(ExprKind::Map(Vec::<MapEntry>::new()), self.at)
            }
            _ => self.build.list(Vec::new(), self.at),
        };
        let condition = self.bool(true);
        let step = self.only_if(parts.predicate, step);
        let result = self.accumulator();
        self.fold(origin, vars, (init, condition, step, result), parts)
    }

    /// `step` if `test` holds, else the accumulator as it is.
    fn only_if(&mut self, test: Option<ExprId>, step: ExprId) -> ExprId {
        let Some(test) = test else { return step };
        let unchanged = self.accumulator();
        self.call(operators::CONDITIONAL, vec![test, step, unchanged])
    }

    fn opt_map(&mut self, name: &str, var: ExprId, to: ExprId) -> Expansion {
        let otherwise = format!("{name}() variable name must be a simple identifier");
        let var = self.name(var, &otherwise)?;
        let target = self.range;
        let has_value = self.build.method("hasValue", target, Vec::new(), self.at);
        let value = self.build.method("value", target, Vec::new(), self.at);
        let mut mapped = self.bind(var, value, to);
        if name == "optMap" {
            mapped = self.call("optional.of", vec![mapped]);
        }
        let none = self.call("optional.none", Vec::new());
        Ok(self.call(operators::CONDITIONAL, vec![has_value, mapped, none]))
    }

    fn sort_by(&mut self, var: ExprId, key: ExprId) -> Expansion {
        let target = self.range;
        if matches!(
            self.build.kind(target),
            ExprKind::Literal(_) | ExprKind::Map(_) | ExprKind::Struct { .. }
        ) {
            let message =
                "sortBy can only be applied to a list, identifier, comprehension, call or select expression";
            return Err(self.misuse(target, message.into()));
        }
        let vars = self.one(var, IDENTIFIER)?;
        self.range = self.build.ident(SORT_INPUT.into(), self.at);
        let keys = self.list(vars, None, key);
        let input = self.build.ident(SORT_INPUT.into(), self.at);
        let sorted = self.build.method("@sortByAssociatedKeys", input, vec![keys], self.at);
        Ok(self.bind(SORT_INPUT.into(), target, sorted))
    }

    /// A loop over nothing: `var` is `value` in `body`.
    fn bind(&mut self, var: Name, value: ExprId, body: ExprId) -> ExprId {
        let range = self.build.list(Vec::new(), self.at);
        let condition = self.bool(false);
        let step = self.build.ident(var.clone(), self.at);
        let comprehension = Comprehension {
            origin: Macro::Bind,
            iter_var: operators::UNUSED.into(),
            iter_var2: None,
            range,
            accu_var: var,
            init: value,
            condition,
            step,
            result: body,
            parts: MacroParts::default(),
        };
        self.build.comprehension(comprehension, self.at)
    }

    fn fold(
        &mut self,
        origin: Macro,
        vars: Vars,
        loops: (ExprId, ExprId, ExprId, ExprId),
        parts: MacroParts,
    ) -> ExprId {
        let (init, condition, step, result) = loops;
        let comprehension = Comprehension {
            origin,
            iter_var: vars.first,
            iter_var2: vars.second,
            range: self.range,
            accu_var: operators::ACCUMULATOR.into(),
            init,
            condition,
            step,
            result,
            parts,
        };
        self.build.comprehension(comprehension, self.at)
    }

    fn accumulator(&mut self) -> ExprId {
        self.build.ident(operators::ACCUMULATOR.into(), self.at)
    }

    fn bool(&mut self, value: bool) -> ExprId {
        self.build.literal(Literal::Bool(value), self.at)
    }

    fn int(&mut self, value: i64) -> ExprId {
        self.build.literal(Literal::Int(value), self.at)
    }

    fn call(&mut self, function: &'static str, args: Vec<ExprId>) -> ExprId {
        self.build.call(function, args, self.at)
    }
}

fn predicate(test: ExprId) -> MacroParts {
    MacroParts { predicate: Some(test), transform: None }
}
