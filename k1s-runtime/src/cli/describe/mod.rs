//! Rendering of `describe`: an object, and what belongs to it, for a person to read.
//!
//! Kinds that kubectl has words of its own for are in `core`; any other kind is shown field by field (`generic`).

mod core;
pub(crate) mod events;
mod generic;
mod label;
mod layout;
mod ordered;

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::api::Object;

/// What is shown of other objects along with the one described.
#[derive(Default)]
pub(crate) struct Related {
    /// Events about the object, if they are to be shown.
    pub events: Option<Vec<Object>>,
    /// Secrets in the object's namespace; of use to service accounts only.
    pub secrets: Vec<Object>,
}

/// The description of an object, ages reckoned from `now`.
pub(crate) fn describe(object: &Object, related: &Related, now: Timestamp) -> String {
    let gvk = object.gvk();
    let mut page = layout::Page::default();
    match (gvk.group.as_str(), gvk.kind.as_str()) {
        ("", "ConfigMap") => core::config_map(&mut page, object),
        ("", "Secret") => core::secret(&mut page, object),
        ("", "ServiceAccount") => core::service_account(&mut page, object, &related.secrets),
        ("", "Namespace") => core::namespace(&mut page, object),
        _ => generic::object(&mut page, object),
    }
    // kubectl shows no events of these.
    let silent = gvk.group.is_empty() && BTreeSet::from(["Secret", "Namespace"]).contains(gvk.kind.as_str());
    if let Some(events) = related.events.as_ref().filter(|_| !silent) {
        events::section(&mut page, events, now);
    }
    page.finish()
}
