//! What expressions may name: variables with their types. The functions are always those of Kubernetes.

use std::sync::Arc;

use crate::schema::Schema;
use crate::ty::Type;

/// The variables that an expression may use.
#[derive(Clone, Debug, Default)]
pub struct Env {
    variables: Vec<Variable>,
}

/// A variable.
#[derive(Clone, Debug)]
pub struct Variable {
    /// Its name; may be qualified (`a.b`).
    pub name: Box<str>,
    /// The type of its value.
    pub ty: Type,
    /// The schema of its value, from which cost estimates learn sizes.
    pub schema: Option<Arc<Schema>>,
}

impl Env {
    /// No variables.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a variable; its value has the next index.
    #[must_use]
    pub fn with(mut self, name: &str, ty: Type) -> Self {
        self.variables.push(Variable { name: name.into(), ty, schema: None });
        self
    }

    /// Adds a variable whose value has a schema.
    #[must_use]
    pub fn with_schema(mut self, name: &str, ty: Type, schema: Arc<Schema>) -> Self {
        self.variables.push(Variable { name: name.into(), ty, schema: Some(schema) });
        self
    }

    /// Whether a variable has a schema that is only partly known ([`Schema::from_partial_json`]): then what is `dyn` may be of
    /// any type, and is not complained about.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        self.variables
            .iter()
            .any(|variable| variable.schema.as_ref().is_some_and(|schema| schema.is_partial()))
    }

    /// The variables, in the order of their indexes.
    #[must_use]
    pub fn variables(&self) -> &[Variable] {
        &self.variables
    }
}
