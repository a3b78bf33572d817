//! Fields of types from elsewhere: whatever implements `schemars::JsonSchema`.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc, Weekday};
use common::{accepts, forbids, golden, refuses};
use k1s_runtime::k8s_openapi::ByteString;
use k1s_runtime::k8s_openapi::api::core::v1::{
    Container, EnvVar, LocalObjectReference, PodSpec, PodTemplateSpec, ResourceRequirements,
};
use k1s_runtime::k8s_openapi::apimachinery::pkg::api::resource::Quantity;
use k1s_runtime::k8s_openapi::apimachinery::pkg::apis::meta::v1::{Condition, LabelSelector, Time};
use k1s_runtime::k8s_openapi::apimachinery::pkg::util::intstr::IntOrString;
use k1s_runtime::schema::CompiledSchema;
use k1s_runtime::schema::crd::{to_crd_json, validate_crd};
use k1s_runtime::{Resource, Schema};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "foreign.example.com", version = "v1", kind = "Moment", derive(PartialEq))]
#[serde(rename_all = "camelCase")]
pub struct MomentSpec {
    pub at: DateTime<Utc>,
    pub day: Option<NaiveDate>,
    pub clock: NaiveTime,
    pub weekday: Weekday,
    pub stamp: jiff::Timestamp,
    /// As ISO 8601 has it; Kubernetes does not take all of them for durations.
    pub lasts: jiff::SignedDuration,
    pub waits: Duration,
    /// As Kubernetes has it.
    #[schema(format = "duration")]
    pub every: String,
    pub id: Uuid,
    pub host: IpAddr,
    pub gateway: Ipv4Addr,
    pub pairs: Vec<(u8, i64)>,
}

fn moment() -> MomentSpec {
    MomentSpec {
        at: DateTime::UNIX_EPOCH,
        day: NaiveDate::from_ymd_opt(2026, 2, 28),
        clock: NaiveTime::MIN,
        weekday: Weekday::Mon,
        stamp: jiff::Timestamp::UNIX_EPOCH,
        lasts: jiff::SignedDuration::from_secs(90),
        waits: Duration::from_millis(1500),
        every: "1h30m".into(),
        id: Uuid::nil(),
        host: IpAddr::V4(Ipv4Addr::LOCALHOST),
        gateway: Ipv4Addr::LOCALHOST,
        pairs: vec![(1, -2)],
    }
}

#[test]
fn times_and_identifiers() {
    let schema = golden::<Moment>("moment");
    accepts(&schema, &Moment::new("a", moment()));
    let refuse = |field: &str, value: Value, words: &str| {
        let mut spec = serde_json::to_value(moment()).unwrap();
        spec[field] = value;
        refuses::<Moment>(&schema, spec, words);
    };
    refuse("at", json!("yesterday"), "must be of type date-time");
    refuse("day", json!("2026-02-30"), "must be of type date");
    refuse("weekday", json!("Someday"), "Unsupported value");
    refuse("id", json!("1"), "must be of type uuid");
    refuse("gateway", json!("::1"), "must be of type ipv4");
    refuse("waits", json!({"secs": 1}), "spec.waits.nanos: Required value");
    refuse("pairs", json!([[1, "a"]]), "must be of type integer");
    let mut spec = serde_json::to_value(moment()).unwrap();
    spec["every"] = json!("P1Y");
    forbids(&schema, spec, "must be of type duration");
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "foreign.example.com", version = "v1", kind = "Gadget", derive(PartialEq))]
#[serde(rename_all = "camelCase")]
pub struct GadgetSpec {
    pub since: Option<Time>,
    pub memory: Quantity,
    pub max_unavailable: Option<IntOrString>,
    pub selector: LabelSelector,
    pub env: Vec<EnvVar>,
    pub quotas: BTreeMap<String, Quantity>,
    pub secret: LocalObjectReference,
    /// A type that has no schema of its own.
    #[schema(type = "string", format = "byte")]
    pub data: ByteString,
    #[schema(list_type = "map", list_map_key = "type")]
    pub conditions: Vec<Condition>,
    #[serde(flatten)]
    pub resources: ResourceRequirements,
}

#[test]
fn kubernetes_own_types() {
    let schema = golden::<Gadget>("gadget");
    let selector =
        LabelSelector { match_labels: Some([("a".into(), "b".into())].into()), ..LabelSelector::default() };
    let condition = json!({
        "type": "Ready", "status": "True", "reason": "Up", "message": "", "lastTransitionTime": "2026-01-01T00:00:00Z",
    });
    let spec = GadgetSpec {
        since: None,
        memory: Quantity("1Gi".into()),
        max_unavailable: Some(IntOrString::String("10%".into())),
        selector,
        env: vec![EnvVar { name: "A".into(), value: Some("b".into()), value_from: None }],
        quotas: [("cpu".into(), Quantity("2".into()))].into(),
        secret: LocalObjectReference { name: "s".into() },
        data: ByteString(b"hello".to_vec()),
        conditions: vec![serde_json::from_value(condition.clone()).unwrap()],
        resources: ResourceRequirements::default(),
    };
    accepts(&schema, &Gadget::new("a", spec.clone()));
    let with = |field: &str, value: Value| {
        let mut spec = serde_json::to_value(&spec).unwrap();
        spec[field] = value;
        spec
    };
    refuses::<Gadget>(&schema, with("maxUnavailable", json!(true)), "must be of type integer,string");
    refuses::<Gadget>(&schema, with("env", json!([{"name": 3}])), "must be of type string");
    refuses::<Gadget>(&schema, with("data", json!("?")), "must be of type byte");
    let twice = with("conditions", json!([condition.clone(), condition]));
    forbids(&schema, twice, "Duplicate value");
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "foreign.example.com", version = "v1", kind = "Job", derive(PartialEq))]
pub struct JobSpec {
    pub template: PodTemplateSpec,
}

#[test]
fn a_pod_template_is_a_field() {
    let definition = Job::definition();
    let crd = to_crd_json(std::slice::from_ref(&definition)).unwrap();
    assert_eq!(validate_crd(&crd), []);
    let schema = CompiledSchema::compile(&definition).unwrap();
    let container = Container { name: "c".into(), image: Some("i".into()), ..Container::default() };
    let pod = PodSpec { containers: vec![container], ..PodSpec::default() };
    let template = PodTemplateSpec { spec: Some(pod), ..PodTemplateSpec::default() };
    accepts(&schema, &Job::new("a", JobSpec { template }));
    let nameless = json!({"template": {"spec": {"containers": [{"image": "i"}]}}});
    forbids(&schema, nameless, "spec.template.spec.containers[0].name: Required value");
}

/// Derived with `schemars`, and used as a field.
#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Elsewhere {
    pub kind_of: Kinds,
    #[serde(flatten)]
    pub common: Common,
    #[serde(flatten)]
    pub maybe: Option<Common2>,
    pub port: Port,
    #[serde(default)]
    pub step: Step,
}

#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Common {
    pub a: i32,
}

#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Common2 {
    pub b: i32,
}

#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Kinds {
    Number { value: u8 },
    Text(Common),
}

#[derive(JsonSchema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Port {
    Number(u16),
    Name(String),
}

#[derive(JsonSchema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(tag = "t", content = "c")]
pub enum Step {
    #[default]
    Stop,
    Go {
        to: String,
    },
}

/// What the derive makes of a type that `schemars` has made something of.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Both(Elsewhere);

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "foreign.example.com", version = "v1", kind = "Mixed", derive(PartialEq))]
pub struct MixedSpec {
    pub both: Both,
}

#[test]
fn types_derived_with_schemars() {
    let schema = golden::<Mixed>("schemars");
    let both = |kind_of, maybe, step| {
        let port = Port::Name("http".into());
        Both(Elsewhere { kind_of, common: Common { a: 1 }, maybe, port, step })
    };
    let both = [
        both(Kinds::Number { value: 3 }, None, Step::Stop),
        both(Kinds::Text(Common { a: 1 }), Some(Common2 { b: 2 }), Step::Go { to: "a".into() }),
    ];
    for both in both {
        accepts(&schema, &Mixed::new("a", MixedSpec { both }));
    }
    let wrong = |kind_of: Value, port: Value| json!({"both": {"kindOf": kind_of, "a": 1, "port": port}});
    refuses::<Mixed>(
        &schema,
        wrong(json!({"type": "Number"}), json!(1)),
        "spec.both.kindOf.value: Required value",
    );
    refuses::<Mixed>(
        &schema,
        wrong(json!({"type": "Text", "a": 1}), json!(-1)),
        "greater than or equal to 0",
    );
    refuses::<Mixed>(&schema, wrong(json!({"type": "Else"}), json!(1)), "Unsupported value");
}
