//! `x-kubernetes-validations` as a whole: from a structural schema to a validator, from an object to what is wrong with it.
//!
//! [`Validator`] mirrors the schema's tree where rules lie and holds them compiled; it is made once and used from any thread.
//! [`Validator::validate`] and [`Validator::validate_object`] walk an object beside it; [`Validator::problems`] says what the rules themselves lack, for whoever
//! admits CustomResourceDefinitions. Texts, costs and the order of tests are those of kube-apiserver 1.36.

mod compile;
mod complaints;
mod correlate;
mod error;
mod evaluate;
mod field_path;
mod path;
mod problems;
mod rule;
mod tree;
mod validate;
mod view;

pub use compile::CompiledRule;
pub use error::{BadValue, ErrorKind, Options, Outcome, RuleError};
pub use problems::{Problem, ProblemKind, ProblemValue, RuleCost, Stage, form_problems};
pub use rule::Rule;
pub use tree::Validator;
