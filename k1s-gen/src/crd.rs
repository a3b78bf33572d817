//! CustomResourceDefinitions as files: one a kind, in a fixed order, the same bytes for the same kinds.

use std::cmp::Reverse;
use std::str::FromStr;

use k1s_runtime::kube_core::Version;
use k1s_runtime::manifest;
use serde_json::{Map, Value, json};

use crate::Error;
use crate::generate::{Kind, Material, Notice, Provenance};
use crate::output::{File, Set};

/// The command's name in the files.
pub const COMMAND: &str = "crd";

/// The CustomResourceDefinitions of kinds; those that a webhook converts are told where it is.
///
/// # Errors
/// [`Error::Refused`] with what an API server would say.
pub fn render_all(material: &Material, webhook: Option<&Webhook>) -> Result<Set, Error> {
    material.needs_right_kinds()?;
    let written = |kind: &Kind| {
        let mut crd = kind.crd.clone();
        webhook.into_iter().for_each(|webhook| webhook.put(&mut crd));
        file(&crd, &kind.provenance)
    };
    let files = material.kinds.iter().map(written).collect();
    let notices = vec![Notice::of(COMMAND, &material.provenance)];
    Ok(Set { files, notices, directories: Vec::new() })
}

/// One CustomResourceDefinition as a file, `<group>_<plural>.yaml`, as Go's generators name it.
///
/// ```
/// use k1s_gen::{crd, generate::Provenance};
/// let item = k1s_runtime::api::ResourceDefinition::new("inventory.example.com", "v1", "Item", "items");
/// let item = k1s_runtime::schema::crd::to_crd_json(&[item])?;
/// let file = crd::file(&item, &Provenance::Package { name: "shop".into(), version: "0.1.0".into() });
/// assert_eq!(file.path, "inventory.example.com_items.yaml");
/// # Ok::<(), k1s_runtime::schema::Error>(())
/// ```
pub fn file(crd: &Value, provenance: &Provenance) -> File {
    let spec = &crd["spec"];
    let group = spec["group"].as_str().unwrap_or_default();
    let plural = spec["names"]["plural"].as_str().unwrap_or_default();
    File {
        path: format!("{group}_{plural}.yaml"),
        text: format!("{}{}", Notice::of(COMMAND, provenance).yaml(), manifest::to_yaml(crd)),
    }
}

/// What one who writes a CustomResourceDefinition says: without what servers and kubectl put into it, with the names that follow
/// from others, and the versions in order, most stable first.
pub fn normalised(crd: &Value) -> Value {
    let mut metadata = Map::new();
    for field in ["name", "labels", "annotations"] {
        let mut value = crd["metadata"][field].clone();
        if let Some(annotations) = value.as_object_mut() {
            annotations.retain(|key, _| !key.starts_with("kubectl.kubernetes.io/"));
        }
        if !value.is_null() && value.as_object().is_none_or(|map| !map.is_empty()) {
            metadata.insert(field.to_owned(), value);
        }
    }
    let mut spec = crd["spec"].clone();
    let kind = spec["names"]["kind"].as_str().unwrap_or_default().to_owned();
    for (field, value) in [("listKind", format!("{kind}List")), ("singular", kind.to_lowercase())] {
        // Reading what is not there must not make it.
        let given = spec
            .get("names")
            .and_then(|names| names.get(field))
            .and_then(Value::as_str)
            .is_some_and(|given| !given.is_empty());
        if let Some(names) = spec.get_mut("names").and_then(Value::as_object_mut).filter(|_| !given) {
            names.insert(field.to_owned(), value.into());
        }
    }
    let mut several = false;
    if let Some(Value::Array(versions)) = spec.get_mut("versions") {
        several = versions.len() > 1;
        versions.sort_by_key(|version| stability(version["name"].as_str().unwrap_or_default()));
    }
    if let Some(spec) = spec.as_object_mut() {
        // The only value that is left of it, and the default.
        spec.remove("preserveUnknownFields");
        match spec.get("conversion").map(|conversion| conversion == &json!({"strategy": "None"})) {
            Some(true) if !several => {
                spec.remove("conversion");
            }
            None if several => {
                spec.insert("conversion".to_owned(), json!({"strategy": "None"}));
            }
            _ => {}
        }
    }
    json!({
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": metadata,
        "spec": spec,
    })
}

/// What versions are sorted by, the most stable first.
pub fn stability(version: &str) -> impl Ord + use<> {
    Reverse(Version::parse(version).priority())
}

/// Where an API server finds the webhook that converts between the versions of kinds: `namespace/name`, `namespace/name/path` of a
/// Service, or a URL that begins with `https://`.
///
/// ```
/// let webhook: k1s_gen::crd::Webhook = "shop/shop-webhook".parse()?;
/// assert!("shop".parse::<k1s_gen::crd::Webhook>().is_err());
/// # Ok::<(), String>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Webhook {
    /// A Service of the cluster.
    Service {
        /// Its namespace.
        namespace: String,
        /// Its name.
        name: String,
        /// The path of the request, with its slash.
        path: String,
    },
    /// Any place.
    Url(String),
}

impl FromStr for Webhook {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.starts_with("https://") {
            return Ok(Self::Url(text.to_owned()));
        }
        let mut parts = text.splitn(3, '/');
        let (namespace, name) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        if namespace.is_empty() || name.is_empty() || text.contains("://") {
            return Err("expected NAMESPACE/NAME, NAMESPACE/NAME/PATH or https://...".to_owned());
        }
        let path = format!("/{}", parts.next().unwrap_or("convert"));
        Ok(Self::Service { namespace: namespace.to_owned(), name: name.to_owned(), path })
    }
}

impl Webhook {
    /// Writes it into a CustomResourceDefinition, if that one is converted by a webhook.
    pub fn put(&self, crd: &mut Value) {
        if crd["spec"]["conversion"]["strategy"] != "Webhook" {
            return;
        }
        crd["spec"]["conversion"]["webhook"]["clientConfig"] = match self {
            Self::Service { namespace, name, path } => {
                json!({"service": {"namespace": namespace, "name": name, "path": path}})
            }
            Self::Url(url) => json!({"url": url}),
        };
    }
}
