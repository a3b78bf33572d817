//! Everything that can be generated, in one directory.

use super::{Material, rbac, reference, schema, types};
use crate::output::{File, Set};
use crate::{Error, crd, docs};

/// How everything is generated.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The type manifest's name; see [`types::render`].
    pub name: Option<String>,
    /// The roles' name; the package's by default.
    pub role_name: Option<String>,
    /// Where an API server finds the webhook that converts.
    pub conversion_webhook: Option<crd::Webhook>,
}

/// All files: `crds/`, `docs/`, `schemas/` and `types.yaml` if there are kinds, `rbac/` if there are rules. What is left over in the
/// directories is of the set too.
///
/// # Errors
/// Those of each part.
pub fn render(material: &Material, options: &Options) -> Result<Set, Error> {
    let mut all = Set::default();
    let mut add = |directory: &str, set: Set| {
        let file = |file: File| File { path: format!("{directory}{}", file.path), text: file.text };
        all.files.extend(set.files.into_iter().map(file));
        all.notices.extend(set.notices);
        all.directories.extend(directory.strip_suffix('/').map(str::to_owned));
    };
    add("crds/", crd::render_all(material, options.conversion_webhook.as_ref())?);
    add("docs/", reference::render(material, &docs::Options::default())?);
    let own_name = material.provenance.package_name();
    let role_name = options.role_name.as_deref().or(own_name).unwrap_or_default();
    add("rbac/", rbac::render(&material.rules, role_name, &material.provenance)?);
    add("schemas/", schema::render(material)?);
    add("", types::render(material, options.name.as_deref())?);
    Ok(all)
}
