//! `#[serde(flatten)]`: of structs, of optional structs, of maps and of enums.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::{BTreeMap, HashMap};

use common::{accepts, forbids, golden, refusal, refuses, takes};
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

/// What every workload has.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[schema(validation(rule = "self.minReplicas <= self.maxReplicas", message = "the bounds are crossed"))]
pub struct Bounds {
    /// At least so many.
    #[schema(minimum = 0)]
    pub min_replicas: i32,
    pub max_replicas: i32,
    #[serde(flatten)]
    pub pace: Pace,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pace {
    #[serde(default)]
    #[schema(default = "1s")]
    pub pace: String,
}

/// Given as a whole or not at all.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(validation(rule = "self.user != self.password"))]
pub struct Login {
    pub user: String,
    #[schema(min_length = 3)]
    pub password: String,
    pub realm: Option<String>,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "backend", rename_all = "lowercase", rename_all_fields = "camelCase")]
pub enum Backend {
    Disk { disk_path: String },
    Memory,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exposure {
    Port(u16),
    Socket { path: String },
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "flat.example.com",
    version = "v1",
    kind = "Service",
    print_column(name = "Least", type = "integer", json_path = ".spec.minReplicas"),
    selectable_field = ".spec.backend",
    derive(PartialEq)
)]
pub struct ServiceSpec {
    #[schema(immutable)]
    pub image: String,
    #[serde(flatten)]
    pub bounds: Bounds,
    #[serde(flatten)]
    pub login: Option<Login>,
    #[serde(flatten)]
    pub backend: Backend,
    #[serde(flatten)]
    pub exposure: Exposure,
    #[serde(flatten)]
    pub probe: Option<Probe>,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "probe")]
pub enum Probe {
    Http { url: String },
    Tcp { address: String },
}

#[test]
fn structs_and_enums() {
    let schema = golden::<Service>("flattened");
    let bounds = Bounds { min_replicas: 1, max_replicas: 2, pace: Pace { pace: "2s".into() } };
    let login = Login { user: "a".into(), password: "secret".into(), realm: None };
    let mut spec = ServiceSpec {
        image: "i".into(),
        bounds,
        login: None,
        backend: Backend::Memory,
        exposure: Exposure::Port(80),
        probe: None,
    };
    accepts(&schema, &Service::new("a", spec.clone()));
    spec.login = Some(login);
    spec.backend = Backend::Disk { disk_path: "/a".into() };
    spec.exposure = Exposure::Socket { path: "/s".into() };
    spec.probe = Some(Probe::Tcp { address: "a".into() });
    accepts(&schema, &Service::new("a", spec));

    let whole = json!({"image": "i", "minReplicas": 1, "maxReplicas": 2, "backend": "memory", "port": 1});
    let service: Service = takes(&schema, whole.clone());
    assert_eq!((service.spec.bounds.pace.pace.as_str(), service.spec.login), ("1s", None));
    let without = |name: &str| {
        let mut spec = whole.clone();
        spec.as_object_mut().unwrap().remove(name);
        spec
    };
    let with = |name: &str, value: Value| {
        let mut spec = whole.clone();
        spec[name] = value;
        spec
    };
    refuses::<Service>(&schema, without("minReplicas"), "spec.minReplicas: Required value");
    refuses::<Service>(&schema, without("backend"), "spec.backend: Required value");
    refuses::<Service>(&schema, without("port"), "spec");
    refuses::<Service>(&schema, with("backend", json!("disk")), "spec.diskPath: Required value");
    refuses::<Service>(&schema, with("backend", json!("tape")), "Unsupported value: \"tape\"");
    refuses::<Service>(&schema, with("port", json!("http")), "must be of type integer");
    forbids(&schema, with("minReplicas", json!(-1)), "greater than or equal to 0");
    // serde would read half a login as none, and lose it.
    forbids(&schema, with("user", json!("a")), "spec.password: Required value");
    forbids(&schema, with("probe", json!("Http")), "must validate");
    forbids(&schema, with("realm", json!("a")), "must validate at least one schema");
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "flat.example.com", version = "v1", kind = "Labelled", derive(PartialEq))]
pub struct LabelledSpec {
    pub rest: Rest,
    pub only: Only,
    pub free: Free,
    pub chosen: Chosen,
}

/// Fields and a map: what is not a field is kept and not looked at.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rest {
    pub name: String,
    #[serde(flatten)]
    pub rest: BTreeMap<String, i32>,
}

/// Nothing but a map.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Only {
    #[serde(flatten)]
    pub values: HashMap<String, i32>,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Free {
    pub name: String,
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A map that may hold the field of another variant, with a type that fits.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Chosen {
    Map(BTreeMap<String, String>),
    Named {
        #[schema(min_length = 1)]
        name: String,
    },
}

#[test]
fn maps() {
    let schema = golden::<Labelled>("flattened-maps");
    let mut spec = LabelledSpec {
        rest: Rest { name: "a".into(), rest: [("b".into(), 1)].into() },
        only: Only { values: [("c".into(), 2)].into() },
        free: Free { name: "a".into(), rest: Map::from_iter([("d".into(), json!([1, "e"]))]) },
        chosen: Chosen::Map([("f".into(), "g".into()), ("name".into(), String::new())].into()),
    };
    accepts(&schema, &Labelled::new("a", spec.clone()));
    spec.chosen = Chosen::Named { name: "a".into() };
    let written = serde_json::to_value(&spec).unwrap();
    accepts(&schema, &Labelled::new("a", spec));
    let with = |field: &str, value: Value| {
        let mut spec = written.clone();
        spec[field] = value;
        spec
    };
    refuses::<Labelled>(&schema, with("only", json!({"c": "d"})), "must be of type integer");
    forbids(&schema, with("chosen", json!({"type": "Named", "name": ""})), "one and only one");
    refuses::<Labelled>(&schema, with("chosen", json!({"type": "Map", "name": 1})), "must be of type string");
    refuses::<Labelled>(&schema, with("rest", json!({"b": 1})), "spec.rest.name: Required value");
    refuses::<Labelled>(&schema, with("chosen", json!({"type": "Named"})), "one and only one");
}

/// Old names are read as well.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "flat.example.com", version = "v1", kind = "Renamed", derive(PartialEq))]
#[serde(rename_all = "camelCase")]
pub struct RenamedSpec {
    /// Its name.
    #[serde(alias = "title", alias = "label")]
    pub display_name: String,
    #[serde(alias = "amount")]
    #[schema(minimum = 0)]
    pub quantity: Option<i32>,
    pub size: Size,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Size {
    #[serde(alias = "tiny", alias = "little")]
    Small,
    Large,
}

#[test]
fn aliases() {
    let schema = golden::<Renamed>("aliases");
    let spec = RenamedSpec { display_name: "a".into(), quantity: Some(1), size: Size::Small };
    accepts(&schema, &Renamed::new("a", spec.clone()));
    assert_eq!(takes::<Renamed>(&schema, json!({"title": "a", "amount": 1, "size": "tiny"})).spec, spec);
    refuses::<Renamed>(&schema, json!({"size": "Large"}), "one and only one");
    refuses::<Renamed>(&schema, json!({"title": "a", "label": "b", "size": "Large"}), "one and only one");
    let both = json!({"title": "a", "quantity": 1, "amount": 1, "size": "Large"});
    refuses::<Renamed>(&schema, both, "must not validate the schema (not)");
    forbids(&schema, json!({"title": "a", "amount": -1, "size": "Large"}), "greater than or equal to 0");
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Named {
    pub name: i32,
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "flat.example.com", version = "v1", kind = "Twice")]
pub struct TwiceSpec {
    pub name: String,
    #[serde(flatten)]
    pub named: Named,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
pub struct Words(Vec<String>);

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "flat.example.com", version = "v1", kind = "List")]
pub struct ListSpec {
    #[serde(flatten)]
    pub words: Words,
}

#[derive(Schema, Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Uneven {
    Map(BTreeMap<String, String>),
    Sized { size: i32 },
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "flat.example.com", version = "v1", kind = "Odd")]
pub struct OddSpec {
    pub uneven: Uneven,
}

#[test]
fn what_cannot_be_flattened_is_an_error() {
    let odd = refusal::<Odd>();
    assert!(
        odd.starts_with("spec.uneven.size: the variants of an enum make this a string or an integer"),
        "{odd}"
    );
    assert_eq!(
        refusal::<Twice>(),
        "spec.name: a flattened struct or a tag has this field again, with another schema"
    );
    assert_eq!(refusal::<List>(), "spec: only what is an object itself can be flattened into an object");
}
