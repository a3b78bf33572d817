//! From the costs of rules to a verdict on a CustomResourceDefinition: how often each rule can run in one object, what all rules
//! cost together, and the refusals in kube-apiserver's words.
//!
//! A definition's schema is walked from the root with a [`Cardinality`] for each node. Each rule's cost goes through
//! [`Cardinality::cost`] and [`refusal`], and to a [`TotalCost`]; at the end [`TotalCost::refusals`] says what is too much together.
//! A `messageExpression` runs once at most, whatever the cardinality: its cost goes to both unmultiplied.
//!
//! ```
//! use k1s_cel::estimate::{Cardinality, Subject, TotalCost, refusal};
//! use k1s_cel::schema::Schema;
//!
//! let items = Schema::from_json(&serde_json::json!({"type": "string", "maxLength": 10}), false)?;
//! let cardinality = Cardinality::ROOT.list(Some(1_000));
//! let cost = cardinality.cost(11_000, &items);
//! assert_eq!(cost, 11_000_000);
//! assert_eq!(
//!     refusal(Subject::Rule, cost).as_deref(),
//!     Some(
//!         "estimated rule cost exceeds budget by factor of 1.100000x (try simplifying the rule, or adding maxItems, \
//!          maxProperties, and maxLength where arrays, maps, and strings are declared)"
//!     ),
//! );
//! let mut total = TotalCost::new();
//! total.add("spec.list.items.x-kubernetes-validations[0].rule", cost);
//! assert_eq!(total.refusals(), None);
//! # Ok::<(), k1s_cel::schema::SchemaError>(())
//! ```

use crate::limits::{ESTIMATED_COST_PER_DEFINITION, ESTIMATED_COST_PER_RULE, MAX_REQUEST_BYTES};
use crate::schema::Schema;

/// How many of the most expensive rules are named when all together are too much.
const NAMED_RULES: usize = 4;

/// How often a node of a schema can occur in an object; none if a list or map around it has no bound.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Cardinality(Option<u64>);

/// What a cost is the cost of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Subject {
    /// A rule, as often as it can run in an object.
    Rule,
    /// A `messageExpression`.
    MessageExpression,
    /// All rules and message expressions of a version's schema.
    Definition,
}

/// The cost of all rules and message expressions of a version's schema. `P` is how the caller says where a rule stands.
#[derive(Clone, Debug)]
pub struct TotalCost<P> {
    total: u64,
    /// The most expensive ones that are at least a hundredth of what is allowed, most expensive first.
    most_expensive: Vec<(P, u64)>,
}

/// Why the rules of a schema are too much together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusals<'a, P> {
    /// The rules that cost most, each refused with [`CONTRIBUTED`](Refusals::CONTRIBUTED), before the schema is.
    pub contributors: Vec<&'a P>,
    /// What is said of the schema (`openAPIV3Schema`).
    pub schema: String,
}

impl Cardinality {
    /// The root of a schema.
    pub const ROOT: Self = Self(Some(1));

    /// The declared properties of an object of this cardinality.
    #[must_use]
    pub fn property(self) -> Self {
        self
    }

    /// The items of a list of this cardinality, by the list's `maxItems`.
    #[must_use]
    pub fn list(self, max_items: Option<i64>) -> Self {
        self.bounded(max_items)
    }

    /// The values of a map (`additionalProperties`) of this cardinality, by the map's `maxProperties`.
    #[must_use]
    pub fn map(self, max_properties: Option<i64>) -> Self {
        self.bounded(max_properties)
    }

    /// How often a rule at a node of this cardinality and this schema can run for one object. Without bound it runs as often as the
    /// smallest values of the schema, each with a comma, fit into the largest request.
    #[must_use]
    pub fn times(self, schema: &Schema) -> u64 {
        self.0.unwrap_or_else(|| MAX_REQUEST_BYTES / schema.min_serialized().saturating_add(1))
    }

    /// What a rule at a node of this cardinality and this schema costs in one object, from the most that a run of it costs.
    #[must_use]
    pub fn cost(self, each: u64, schema: &Schema) -> u64 {
        each.saturating_mul(self.times(schema))
    }

    /// Negative bounds count as 0.
    fn bounded(self, bound: Option<i64>) -> Self {
        let bound = bound.map(|bound| u64::try_from(bound).unwrap_or(0));
        Self(self.0.zip(bound).map(|(around, within)| around.saturating_mul(within)))
    }
}

impl Subject {
    fn name(self) -> &'static str {
        match self {
            Subject::Rule => "estimated rule cost",
            Subject::MessageExpression => "estimated messageExpression cost",
            Subject::Definition => {
                "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema"
            }
        }
    }

    /// The most that it may cost.
    #[must_use]
    pub fn limit(self) -> u64 {
        match self {
            Subject::Rule | Subject::MessageExpression => ESTIMATED_COST_PER_RULE,
            Subject::Definition => ESTIMATED_COST_PER_DEFINITION,
        }
    }
}

/// Why a cost is too much, if it is: the detail of a `Forbidden` error at the rule, message expression or schema.
#[must_use]
pub fn refusal(subject: Subject, cost: u64) -> Option<String> {
    let limit = subject.limit();
    if cost <= limit {
        return None;
    }
    #[expect(clippy::cast_precision_loss, reason = "the factor is shown with few digits")]
    let factor = cost as f64 / limit as f64;
    let factor = if factor > 100.0 {
        "more than 100x".to_owned()
    } else if factor < 1.5 {
        format!("{factor:.6}x")
    } else {
        format!("{factor:.1}x")
    };
    Some(format!(
        "{} exceeds budget by factor of {factor} (try simplifying the rule, or adding maxItems, maxProperties, and maxLength \
         where arrays, maps, and strings are declared)",
        subject.name()
    ))
}

impl<P> TotalCost<P> {
    /// No rules yet.
    #[must_use]
    pub fn new() -> Self {
        Self { total: 0, most_expensive: Vec::new() }
    }

    /// The sum so far.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total
    }

    /// Counts the rule or message expression at `place` in.
    pub fn add(&mut self, place: P, cost: u64) {
        self.total = self.total.saturating_add(cost);
        if cost < ESTIMATED_COST_PER_DEFINITION / 100 {
            return;
        }
        let rank = self.most_expensive.partition_point(|(_, other)| *other >= cost);
        self.most_expensive.insert(rank, (place, cost));
        self.most_expensive.truncate(NAMED_RULES);
    }

    /// What to refuse if the rules cost too much together.
    #[must_use]
    pub fn refusals(&self) -> Option<Refusals<'_, P>> {
        let schema = refusal(Subject::Definition, self.total)?;
        Some(Refusals { contributors: self.most_expensive.iter().map(|(place, _)| place).collect(), schema })
    }
}

impl<P> Default for TotalCost<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P> Refusals<'_, P> {
    /// What is said of each rule that costs much of a total that is too much.
    pub const CONTRIBUTED: &'static str =
        "contributed to estimated rule cost total exceeding cost limit for entire OpenAPIv3 schema";
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn cardinalities_multiply_until_one_is_open() {
        let integer = Schema::from_json(&json!({"type": "integer"}), false).unwrap();
        let inner = Cardinality::ROOT.property().list(Some(10)).map(Some(20));
        assert_eq!(inner.cost(3, &integer), 600);
        assert_eq!(inner.list(None).list(Some(1)).cost(1, &integer), 3 * 1024 * 1024 / 2);
        assert_eq!(inner.list(Some(-1)).cost(3, &integer), 0);
        assert_eq!(inner.list(Some(i64::MAX)).list(Some(2)).cost(0, &integer), 0);
        assert_eq!(inner.list(Some(i64::MAX)).list(Some(2)).cost(1, &integer), u64::MAX);
    }

    #[test]
    fn factors_are_told_roughly_if_large_and_exactly_if_close_to_the_limit() {
        let factor = |cost| {
            let text = refusal(Subject::Rule, cost)?;
            let rest = text.strip_prefix("estimated rule cost exceeds budget by factor of ")?;
            Some(rest.split(" (").next()?.to_owned())
        };
        assert_eq!(factor(10_000_000), None);
        assert_eq!(factor(10_000_001).as_deref(), Some("1.000000x"));
        assert_eq!(factor(13_440_830).as_deref(), Some("1.344083x"));
        assert_eq!(factor(15_000_000).as_deref(), Some("1.5x"));
        assert_eq!(factor(1_000_000_000).as_deref(), Some("100.0x"));
        assert_eq!(factor(1_000_000_001).as_deref(), Some("more than 100x"));
    }

    #[test]
    fn the_most_expensive_four_are_named() {
        let mut total = TotalCost::new();
        for (place, cost) in
            [(0, 999_999), (1, 2_000_000), (2, 90_000_000), (3, 2_000_000), (4, 5_000_000), (5, 2_000_000)]
        {
            total.add(place, cost);
        }
        assert_eq!(total.total(), 101_999_999);
        let refusals = total.refusals().unwrap();
        assert_eq!(refusals.contributors, [&2, &4, &1, &3]);
        assert!(refusals.schema.contains("by factor of 1.020000x"), "{}", refusals.schema);
    }
}
