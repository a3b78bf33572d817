//! The table of what rules are estimated to cost.

use std::io::{self, Write};

use k1s_runtime::schema::crd::{self, RuleCost};
use tabwriter::TabWriter;

use crate::source::Definition;

/// The longest text of a rule in the table, in characters.
const MAX_RULE: usize = 60;

/// Writes a line for each rule and message expression, the most expensive first, and one for each schema as a whole.
///
/// # Errors
/// The stream's.
pub fn table(definitions: &[Definition], out: &mut dyn Write) -> io::Result<()> {
    let mut table = TabWriter::new(out);
    writeln!(table, "KIND\tCOST\tLIMIT\tEACH\tTIMES\tPATH\tRULE")?;
    for definition in definitions {
        let kind = definition.kind();
        let costs = crd::rule_costs(&definition.crd);
        for schema in costs.chunk_by(|left, right| schema_of(left) == schema_of(right)) {
            let mut sorted: Vec<&RuleCost> = schema.iter().collect();
            sorted.sort_by_key(|cost| std::cmp::Reverse(cost.total()));
            for cost in sorted {
                let (total, limit) = (cost.total(), cost.subject.limit());
                let RuleCost { each, times, path, expression, .. } = cost;
                writeln!(
                    table,
                    "{kind}\t{total}\t{limit}\t{each}\t{times}\t{path}\t{}",
                    shortened(expression)
                )?;
            }
            let total = schema.iter().fold(0u64, |sum, cost| sum.saturating_add(cost.total()));
            let path = schema.first().map(schema_of).unwrap_or_default();
            let limit = crd::COST_LIMIT;
            writeln!(table, "{kind}\t{total}\t{limit}\t-\t-\t{path}\t(all)")?;
        }
    }
    table.flush()
}

/// The path of the schema that a rule is part of.
fn schema_of(cost: &RuleCost) -> &str {
    const SCHEMA: &str = "openAPIV3Schema";
    cost.path.find(SCHEMA).and_then(|at| cost.path.get(..at + SCHEMA.len())).unwrap_or_default()
}

/// A rule as one line that is not too long.
fn shortened(rule: &str) -> String {
    let line = rule.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= MAX_RULE {
        return line;
    }
    line.chars().take(MAX_RULE - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn rules_are_listed_by_cost_and_summed_up() {
        let schema = json!({"type": "object", "properties": {
            "a": {"type": "string", "maxLength": 10, "x-kubernetes-validations": [
                {"rule": "self == 'a'", "messageExpression": "'not ' + self"},
            ]},
            "l": {"type": "array", "maxItems": 50, "items": {"type": "integer", "x-kubernetes-validations": [
                {"rule": "self  >\n 0", "message": "m"},
            ]}},
        }});
        let crd = json!({"spec": {
            "group": "example.com", "names": {"kind": "Item"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": schema}}],
        }});
        let mut out = Vec::new();
        table(&[Definition { crd, origin: None }], &mut out).unwrap();
        let lines: Vec<Vec<String>> = String::from_utf8(out)
            .unwrap()
            .lines()
            .map(|line| {
                line.split("  ").filter(|cell| !cell.is_empty()).map(|cell| cell.trim().to_owned()).collect()
            })
            .collect();
        let column = |number: usize| lines.iter().map(|line| line[number].as_str()).collect::<Vec<_>>();
        assert_eq!(column(6), ["RULE", "self > 0", "'not ' + self", "self == 'a'", "(all)"]);
        assert_eq!(column(4), ["TIMES", "50", "1", "1", "-"]);
        let totals: Vec<u64> = column(1)[1..].iter().map(|cost| cost.parse().unwrap()).collect();
        assert_eq!(totals[0], 100);
        assert_eq!(totals[3], totals[..3].iter().sum::<u64>());
        assert!(column(5)[1].ends_with("properties[l].items.x-kubernetes-validations[0].rule"));
    }

    #[test]
    fn long_rules_are_cut() {
        assert_eq!(shortened("a &&\n  b"), "a && b");
        let cut = shortened(&"x".repeat(100));
        assert!(cut.chars().count() == MAX_RULE && cut.ends_with('…'));
    }
}
