//! Finding out what type parameters stand for: assignability of types that hold variables.

use std::sync::Arc;

use super::Type;

/// What the variables of one expression are known to stand for.
#[derive(Clone, Default, Debug)]
pub(crate) struct Substitution {
    bound: Vec<Option<Type>>,
    /// Which variables were bound, in order, so that a failed attempt can be taken back.
    trail: Vec<(u32, Option<Type>)>,
}

impl Substitution {
    /// A variable that stands for nothing yet.
    pub(crate) fn fresh(&mut self) -> Type {
        Type::Var(self.fresh_many(1))
    }

    /// `count` new variables; the number of the first.
    pub(crate) fn fresh_many(&mut self, count: u32) -> u32 {
        let first = u32::try_from(self.bound.len()).unwrap_or(u32::MAX);
        self.bound.resize(self.bound.len() + count as usize, None);
        first
    }

    fn find(&self, number: u32) -> Option<&Type> {
        self.bound.get(number as usize)?.as_ref()
    }

    fn bind(&mut self, number: u32, ty: Type) {
        let index = number as usize;
        if index >= self.bound.len() {
            self.bound.resize(index + 1, None);
        }
        let before = self.bound[index].replace(ty);
        self.trail.push((number, before));
    }

    /// Whether a value of type `from` may stand where `to` is asked for; learns what variables stand for if so, and nothing if not.
    pub(crate) fn assign(&mut self, from: &Type, to: &Type) -> bool {
        self.attempt(|subject| subject.assignable(from, to))
    }

    /// [`Self::assign`] for each pair, all or nothing.
    pub(crate) fn assign_all<'t>(&mut self, pairs: impl IntoIterator<Item = (&'t Type, &'t Type)>) -> bool {
        self.attempt(|subject| pairs.into_iter().all(|(from, to)| subject.assignable(from, to)))
    }

    fn attempt(&mut self, assign: impl FnOnce(&mut Self) -> bool) -> bool {
        let start = self.trail.len();
        let fits = assign(self);
        if !fits {
            for (number, before) in self.trail.drain(start..).rev() {
                self.bound[number as usize] = before;
            }
        }
        fits
    }

    fn assignable(&mut self, from: &Type, to: &Type) -> bool {
        if let Type::Var(number) = to {
            match self.substitute_var(from, *number) {
                Fit::Yes => return true,
                Fit::No { known: true } => return false,
                Fit::No { known: false } => {}
            }
        }
        if let Type::Var(number) = from {
            return matches!(self.substitute_var(to, *number), Fit::Yes);
        }
        if from.is_dyn_or_error() || to.is_dyn_or_error() {
            return true;
        }
        match (from, to) {
            (Type::Null, to) => {
                matches!(
                    to,
                    Type::Null | Type::Object(_) | Type::Opaque(..) | Type::Timestamp | Type::Duration
                )
            }
            (Type::List(from), Type::List(to)) => self.assignable(from, to),
            (Type::Map(from), Type::Map(to)) => {
                self.assignable(&from.0, &to.0) && self.assignable(&from.1, &to.1)
            }
            (Type::Opaque(from, from_parameters), Type::Opaque(to, to_parameters)) => {
                from == to
                    && from_parameters.len() == to_parameters.len()
                    && from_parameters
                        .iter()
                        .zip(to_parameters.iter())
                        .all(|(from, to)| self.assignable(from, to))
            }
            (Type::Type(_), Type::Type(_)) => true,
            (from, to) => from == to,
        }
    }

    /// Whether variable `number` may stand for `ty`, given what it is known to stand for.
    fn substitute_var(&mut self, ty: &Type, number: u32) -> Fit {
        if let Some(known) = self.find(number).cloned() {
            if *ty == known {
                return Fit::Yes;
            }
            if self.assignable(ty, &known) {
                // The comparison may have bound variables within `ty` to this one.
                let general = less_specific(ty, &known) && !self.occurs(number, ty);
                self.bind(number, if general { ty.clone() } else { known });
                return Fit::Yes;
            }
            return Fit::No { known: true };
        }
        if *ty == Type::Var(number) {
            return Fit::Yes;
        }
        if self.occurs(number, ty) {
            return Fit::No { known: false };
        }
        self.bind(number, ty.clone());
        Fit::Yes
    }

    fn occurs(&self, number: u32, within: &Type) -> bool {
        match within {
            Type::Var(other) if *other == number => true,
            Type::Var(other) => self.find(*other).is_some_and(|known| self.occurs(number, known)),
            Type::List(element) => self.occurs(number, element),
            Type::Map(entry) => self.occurs(number, &entry.0) || self.occurs(number, &entry.1),
            Type::Opaque(_, parameters) => parameters.iter().any(|parameter| self.occurs(number, parameter)),
            _ => false,
        }
    }

    /// The type with known variables replaced; unknown ones stay, or become `dyn` if `finally`.
    pub(crate) fn apply(&self, ty: &Type, finally: bool) -> Type {
        match ty {
            Type::Var(number) => match self.find(*number) {
                Some(known) => self.apply(known, finally),
                None if finally => Type::Dyn,
                None => ty.clone(),
            },
            Type::List(element) if has_var(element) => Type::List(Arc::new(self.apply(element, finally))),
            Type::Map(entry) if has_var(&entry.0) || has_var(&entry.1) => {
                Type::map(self.apply(&entry.0, finally), self.apply(&entry.1, finally))
            }
            Type::Opaque(name, parameters) if parameters.iter().any(has_var) => Type::Opaque(
                name,
                parameters.iter().map(|parameter| self.apply(parameter, finally)).collect(),
            ),
            Type::Type(Some(of)) if has_var(of) => Type::type_of(self.apply(of, finally)),
            other => other.clone(),
        }
    }
}

enum Fit {
    Yes,
    No {
        /// Whether the variable already stood for something else.
        known: bool,
    },
}

fn has_var(ty: &Type) -> bool {
    match ty {
        Type::Var(_) => true,
        Type::List(element) => has_var(element),
        Type::Map(entry) => has_var(&entry.0) || has_var(&entry.1),
        Type::Opaque(_, parameters) => parameters.iter().any(has_var),
        Type::Type(Some(of)) => has_var(of),
        _ => false,
    }
}

/// Whether `general` says the same as `specific` or less.
pub(super) fn less_specific(general: &Type, specific: &Type) -> bool {
    match (general, specific) {
        (Type::Dyn | Type::Var(_), _) => true,
        (_, Type::Dyn | Type::Var(_)) => false,
        (Type::List(general), Type::List(specific)) => less_specific(general, specific),
        (Type::Map(general), Type::Map(specific)) => {
            less_specific(&general.0, &specific.0) && less_specific(&general.1, &specific.1)
        }
        (Type::Opaque(general, general_parameters), Type::Opaque(specific, specific_parameters)) => {
            general == specific
                && general_parameters.len() == specific_parameters.len()
                && general_parameters.iter().zip(specific_parameters.iter()).all(|(g, s)| less_specific(g, s))
        }
        (Type::Type(_), Type::Type(_)) => true,
        (general, specific) => general == specific,
    }
}

impl Type {
    /// The more general of two types of which one is assignable to the other.
    pub(crate) fn most_general(self, other: Type) -> Type {
        if less_specific(&self, &other) { self } else { other }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_learns_what_it_stands_for() {
        let mut known = Substitution::default();
        let var = known.fresh();
        assert!(known.assign(&Type::list(Type::Int), &Type::list(var.clone())));
        assert_eq!(known.apply(&var, true), Type::Int);
        assert!(!known.assign(&Type::String, &var));
        assert_eq!(known.apply(&Type::list(var), true), Type::list(Type::Int));
    }

    #[test]
    fn a_failed_attempt_teaches_nothing() {
        let mut known = Substitution::default();
        let var = known.fresh();
        assert!(!known.assign_all([(&Type::Int, &var), (&Type::String, &Type::Int)]));
        assert_eq!(known.apply(&var, false), var);
    }

    #[test]
    fn a_variable_is_not_part_of_itself() {
        let mut known = Substitution::default();
        let var = known.fresh();
        assert!(!known.assign(&Type::list(var.clone()), &var));
    }

    #[test]
    fn variables_do_not_stand_for_each_other_in_a_circle() {
        let mut known = Substitution::default();
        let (a, b) = (known.fresh(), known.fresh());
        assert!(known.assign(&Type::Int, &a) && known.assign(&b, &a) && known.assign(&a, &b));
        assert_eq!(known.apply(&a, true), Type::Int);
        let mut known = Substitution::default();
        let (a, b) = (known.fresh(), known.fresh());
        assert!(known.assign(&a, &b) && known.assign(&Type::Int, &a) && known.assign(&b, &a));
        assert_eq!(known.apply(&b, true), Type::Int);
    }

    #[test]
    fn null_is_no_scalar() {
        let mut known = Substitution::default();
        assert!(!known.assign(&Type::Null, &Type::String));
        assert!(known.assign(&Type::Null, &Type::optional(Type::Int)));
        let var = known.fresh();
        assert!(known.assign_all([(&Type::String, &var)]) && !known.assign(&Type::Null, &var));
    }
}
