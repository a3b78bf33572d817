//! What an API server would refuse, before it is asked: CustomResourceDefinitions of a crate's kinds or of files, checked as an API
//! server admits them, rules included, and what the rules are estimated to cost.

use std::io::{self, Write};
use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::client::Reviewer;
use k1s_runtime::schema::crd::{self, Complaint};
use k1s_runtime::scheme::Scheme;

use crate::conversions::{self, Loss};
use crate::costs;
use crate::source::Definition;

/// What is wrong with one definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `file:line:column: `, or nothing for a kind that is no file.
    pub place: String,
    /// The kind with its group, as `Item.shop.example.com`.
    pub kind: String,
    /// What is wrong, and where in the definition.
    pub complaint: Complaint,
}

/// What came of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// How many definitions were checked.
    pub checked: usize,
    /// How many of them an API server would refuse.
    pub refused: usize,
    /// How many complaints there are.
    pub complaints: usize,
}

/// What an API server would refuse a definition for.
///
/// ```
/// use k1s_gen::{check, source::Definition};
/// let crd = serde_json::json!({"spec": {"group": "shop.example.com", "names": {"kind": "Item"}}});
/// let findings = check::findings(&Definition { crd, origin: None });
/// assert!(findings.iter().any(|finding| {
///     finding.to_string() == "Item.shop.example.com: spec.names.plural: Required value"
/// }));
/// ```
pub fn findings(definition: &Definition) -> Vec<Finding> {
    let finding = |complaint: Complaint| Finding {
        place: definition.place(&complaint.path),
        kind: definition.kind(),
        complaint,
    };
    let complaints = match undecodable(definition) {
        Some(complaint) => vec![complaint],
        None => crd::complaints(&definition.crd),
    };
    complaints.into_iter().map(finding).collect()
}

/// Why an API server could not even decode a definition that says it is one.
fn undecodable(definition: &Definition) -> Option<Complaint> {
    let object = Object::try_from(definition.crd.clone()).ok()?;
    let review = Reviewer::new(Arc::new(Scheme::new())).create(&object).ok()??;
    let fault = review.undecodable.into_iter().next()?;
    Some(Complaint { path: fault.field, text: fault.detail })
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.complaint.to_string();
        write!(f, "{}{}: {}", self.place, self.kind, text.replace('\n', "\n  "))
    }
}

/// Writes what is wrong with definitions, a finding after the other, then warnings and, if asked for, the table of costs.
///
/// # Errors
/// The stream's.
pub fn report(definitions: &[Definition], with_costs: bool, out: &mut dyn Write) -> io::Result<Summary> {
    let mut summary = Summary { checked: definitions.len(), ..Summary::default() };
    for definition in definitions {
        let findings = findings(definition);
        summary.refused += usize::from(!findings.is_empty());
        summary.complaints += findings.len();
        for finding in &findings {
            writeln!(out, "{finding}")?;
        }
        for warning in crd::warnings(&definition.crd) {
            let (place, kind) = (definition.place("spec"), definition.kind());
            writeln!(out, "{place}{kind}: warning: {warning}")?;
        }
        for Loss { place, text } in conversions::losses(definition) {
            writeln!(out, "{place}{}: warning: {text}", definition.kind())?;
        }
    }
    if with_costs {
        costs::table(definitions, out)?;
    }
    out.flush()?;
    Ok(summary)
}
