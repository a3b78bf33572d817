//! From a step to a request of the client: kinds, names, bodies with their variables filled in, query parameters.

use std::collections::HashMap;

use k1s_runtime::Object;
use k1s_runtime::api::GroupVersionKind;
use k1s_runtime::client::{
    DeleteOptions, DryRun, Error, Patch, Subresource, Target, WriteOptions, WriteVerb,
};
use serde_json::Value;

use super::scenario::Step;

/// Why a step cannot be asked of the client: its interface does not have it.
#[derive(Debug)]
pub(super) struct Inexpressible(pub(super) String);

/// What earlier answers gave: the values of `$rv(NAME)` and its like.
#[derive(Debug, Default)]
pub(super) struct Memory {
    /// Group and versions of each kind, the default version first.
    kinds: HashMap<String, (String, Vec<String>)>,
    /// First and latest resourceVersion by object name.
    pub(super) versions: HashMap<String, (String, String)>,
    /// Uid by object name.
    pub(super) uids: HashMap<String, String>,
    /// Names by uid, of every object ever seen.
    pub(super) names: HashMap<String, String>,
    /// The latest list's `continue` and resourceVersion.
    pub(super) list: (String, String),
}

const CORE: [(&str, &str, &str); 12] = [
    ("ConfigMap", "", "v1"),
    ("Secret", "", "v1"),
    ("Namespace", "", "v1"),
    ("ServiceAccount", "", "v1"),
    ("Event", "", "v1"),
    ("CustomResourceDefinition", "apiextensions.k8s.io", "v1"),
    ("Lease", "coordination.k8s.io", "v1"),
    ("Role", "rbac.authorization.k8s.io", "v1"),
    ("RoleBinding", "rbac.authorization.k8s.io", "v1"),
    ("ClusterRole", "rbac.authorization.k8s.io", "v1"),
    ("ClusterRoleBinding", "rbac.authorization.k8s.io", "v1"),
    ("Pod", "", "v1"),
];

impl Memory {
    pub(super) fn new() -> Self {
        let mut memory = Self::default();
        for (kind, group, version) in CORE {
            memory.kinds.insert(kind.to_owned(), (group.to_owned(), vec![version.to_owned()]));
        }
        memory
    }

    /// Learns the kind of a CustomResourceDefinition.
    pub(super) fn learn_kind(&mut self, crd: &Value) {
        let text = |path: &str| crd.pointer(path).and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut versions: Vec<String> = crd
            .pointer("/spec/versions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|version| version.get("name")?.as_str().map(str::to_owned))
            .collect();
        versions.sort_by_key(|version| version != "v1");
        self.kinds.insert(text("/spec/names/kind"), (text("/spec/group"), versions));
    }

    /// The kind, namespace and version of a step's endpoint.
    pub(super) fn target(&self, step: &Step) -> Result<Target, Inexpressible> {
        let own = step.object.as_ref().and_then(|object| object.get("kind")).and_then(Value::as_str);
        let kind = step.kind.as_deref().or(own).unwrap_or_default();
        let (group, versions) =
            self.kinds.get(kind).ok_or_else(|| Inexpressible(format!("no endpoint of kind {kind:?}")))?;
        let version = step.version.clone().or_else(|| versions.first().cloned()).unwrap_or_default();
        let namespace = match step.namespace.as_deref() {
            Some("*") => None,
            Some(namespace) => Some(namespace.to_owned()),
            None => Some("default".to_owned()),
        };
        Ok(Target {
            gvk: GroupVersionKind { group: group.clone(), version, kind: kind.to_owned() },
            namespace,
        })
    }

    /// Text with its variables filled in.
    pub(super) fn fill(&self, text: &str) -> String {
        let mut filled = text.replace("$continue", &self.list.0).replace("$listrv", &self.list.1);
        for (opening, value) in [("$rv(", 0), ("$oldrv(", 1), ("$uid(", 2)] {
            while let Some(start) = filled.find(opening) {
                let Some(len) = filled[start..].find(')') else { break };
                let name = &filled[start + opening.len()..start + len];
                let found = match value {
                    0 => self.versions.get(name).map(|(_, latest)| latest.clone()),
                    1 => self.versions.get(name).map(|(first, _)| first.clone()),
                    _ => self.uids.get(name).cloned(),
                };
                filled.replace_range(start..=start + len, &found.unwrap_or_default());
            }
        }
        filled
    }

    /// JSON with the variables in its strings filled in.
    pub(super) fn fill_value(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.fill(text).into(),
            Value::Array(items) => items.iter().map(|item| self.fill_value(item)).collect(),
            Value::Object(map) => {
                map.iter().map(|(key, value)| (key.clone(), self.fill_value(value))).collect()
            }
            other => other.clone(),
        }
    }

    /// A query parameter as text.
    pub(super) fn query(&self, step: &Step, name: &str) -> Option<String> {
        match step.query.get(name)? {
            Value::String(text) => Some(self.fill(text)),
            other => Some(other.to_string()),
        }
    }

    /// The body as an object.
    pub(super) fn object(&self, step: &Step) -> Result<Object, Inexpressible> {
        let body = step.object.as_ref().or(step.body.as_ref());
        let body = body.ok_or_else(|| Inexpressible("a body is missing".into()))?;
        Object::try_from(self.fill_value(body)).map_err(|_| Inexpressible("the body is no object".into()))
    }

    /// The name in the path: the step's, or the object's own.
    pub(super) fn name(&self, step: &Step) -> String {
        let own = step.object.as_ref().and_then(|object| object.pointer("/metadata/name"));
        step.name.clone().or_else(|| own.and_then(Value::as_str).map(str::to_owned)).unwrap_or_default()
    }

    /// Query parameters as the request has them.
    pub(super) fn parameters(&self, step: &Step) -> Vec<(String, String)> {
        let names = step.query.keys();
        names.filter_map(|name| Some((name.clone(), self.query(step, name)?))).collect()
    }

    /// Options of a write.
    pub(super) fn options(&self, step: &Step, verb: &WriteVerb) -> Result<WriteOptions, Error> {
        let parameters = self.parameters(step);
        let query: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        WriteOptions::from_query(verb, &query)
    }

    /// The patch document.
    pub(super) fn patch(&self, step: &Step) -> Result<Patch, Inexpressible> {
        let body = step.body.as_ref().or(step.object.as_ref());
        let body = self.fill_value(body.ok_or_else(|| Inexpressible("a body is missing".into()))?);
        match step.patch_type.as_deref() {
            Some("json") => Ok(Patch::Json(body)),
            Some("merge") => Ok(Patch::Merge(body)),
            Some("strategic") => Ok(Patch::Strategic(body)),
            Some("apply") => {
                // Anything but these is true to the server.
                let force = self.query(step, "force").is_some_and(|force| force != "false" && force != "0");
                Ok(Patch::Apply { document: body, force })
            }
            other => Err(Inexpressible(format!("patch of type {other:?}"))),
        }
    }

    /// DeleteOptions, from the body or the query.
    pub(super) fn delete_options(&self, step: &Step) -> Result<(DeleteOptions, DryRun), Error> {
        let body = step.body.as_ref().or(step.object.as_ref()).map(|body| self.fill_value(body));
        let parameters = self.parameters(step);
        let query: Vec<_> = parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        DeleteOptions::from_request(&query, body.as_ref())
    }
}

/// The subresource of a step.
pub(super) fn subresource(step: &Step) -> Option<Subresource> {
    step.subresource.as_deref().map(|name| match name {
        "status" => Subresource::Status,
        "scale" => Subresource::Scale,
        other => Subresource::Other(other.to_owned()),
    })
}
