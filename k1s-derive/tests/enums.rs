//! Enums with data, in each of serde's four shapes: the CustomResourceDefinition, and objects held against it.
#![allow(missing_docs, reason = "test types")]
#![allow(clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[allow(unreachable_pub, dead_code, reason = "each test crate uses some of it")]
mod common;

use common::{accepts, forbids, golden, refuses, takes};
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// Where a build's sources come from.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Source {
    /// A repository.
    Git {
        /// Where it is.
        #[schema(min_length = 1)]
        url: String,
        #[schema(default = 1, minimum = 1)]
        #[serde(default = "one")]
        clone_depth: i32,
    },
    /// A directory.
    #[serde(alias = "directory")]
    Local(#[schema(pattern = "^/")] String),
    Image(Image),
    /// Nothing yet.
    Empty {},
    Note(Option<String>),
    #[serde(skip)]
    #[allow(dead_code)]
    Internal(std::time::Duration),
}

fn one() -> i32 {
    1
}

/// An image.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Image {
    pub name: String,
    pub tag: Option<String>,
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "External", derive(PartialEq))]
pub struct ExternalSpec {
    pub source: Source,
    pub fallbacks: Option<Vec<Source>>,
}

#[test]
fn externally_tagged() {
    let schema = golden::<External>("external");
    let image = Image { name: "a".into(), tag: None };
    let sources = [
        Source::Git { url: "u".into(), clone_depth: 3 },
        Source::Local("/a".into()),
        Source::Image(image),
        Source::Empty {},
        Source::Note(None),
        Source::Note(Some("n".into())),
    ];
    for source in &sources {
        accepts(&schema, &External::new("a", ExternalSpec { source: source.clone(), fallbacks: None }));
    }
    let all = ExternalSpec { source: Source::Empty {}, fallbacks: Some(sources.to_vec()) };
    accepts(&schema, &External::new("a", all));

    let spec: External = takes(&schema, json!({"source": {"git": {"url": "u"}}}));
    assert_eq!(spec.spec.source, Source::Git { url: "u".into(), clone_depth: 1 });
    let spec: External = takes(&schema, json!({"source": {"directory": "/a"}}));
    assert_eq!(spec.spec.source, Source::Local("/a".into()));

    refuses::<External>(&schema, json!({"source": {}}), "one and only one");
    refuses::<External>(&schema, json!({"source": {"git": {"url": "u"}, "local": "/a"}}), "one and only one");
    refuses::<External>(&schema, json!({"source": {"git": {}}}), "spec.source.git.url: Required value");
    refuses::<External>(&schema, json!({"source": {"local": 3}}), "must be of type string");
    refuses::<External>(&schema, json!({"source": "empty"}), "must be of type object");
    refuses::<External>(&schema, json!({"source": {"svn": {}}}), "unknown field spec.source.svn");
    forbids(&schema, json!({"source": {"local": "a"}}), "should match '^/'");
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Figure {
    Circle {
        #[schema(minimum = 1)]
        radius: i32,
    },
    #[serde(rename = "rect", rename_all = "camelCase")]
    Rectangle {
        /// From left to right.
        side_a: i32,
        #[schema(maximum = 9)]
        radius: i32,
    },
    Text(Label),
    Point,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[schema(validation(rule = "self.text != self.font", message = "a font is no text"))]
pub struct Label {
    #[schema(min_length = 1)]
    pub text: String,
    pub font: String,
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Internal", derive(PartialEq))]
pub struct InternalSpec {
    pub figure: Figure,
}

#[test]
fn internally_tagged() {
    let schema = golden::<Internal>("internal");
    let label = Label { text: "a".into(), font: "b".into() };
    for figure in [
        Figure::Circle { radius: 20 },
        Figure::Rectangle { side_a: 1, radius: -1 },
        Figure::Text(label),
        Figure::Point,
    ] {
        accepts(&schema, &Internal::new("a", InternalSpec { figure }));
    }
    let refuse = |figure, words| refuses::<Internal>(&schema, json!({"figure": figure}), words);
    refuse(json!({"kind": "circle"}), "spec.figure.radius: Required value");
    refuse(json!({"kind": "rect", "radius": 1}), "one and only one");
    refuse(json!({"kind": "cube"}), "Unsupported value: \"cube\"");
    refuse(json!({"radius": 1}), "spec.figure.kind: Required value");
    refuse(json!({"kind": "circle", "radius": "1"}), "must be of type integer");
    forbids(&schema, json!({"figure": {"kind": "circle", "radius": 0}}), "greater than or equal to 1");
    // The branches of both look at it.
    forbids(&schema, json!({"figure": {"kind": "rect", "sideA": 1, "radius": 20}}), "one and only one");
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "value")]
pub enum Step {
    Run {
        command: Vec<String>,
        shell: Option<bool>,
    },
    Wait {
        seconds: u32,
    },
    Image(Image),
    Stop,
    #[serde(alias = "Pause")]
    Skip,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "unit", content = "amount")]
pub enum Amount {
    Pieces(#[schema(minimum = 1)] i64),
    Dozens(#[schema(maximum = 12)] i32),
    Kilograms(f64),
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Adjacent", derive(PartialEq))]
pub struct AdjacentSpec {
    pub step: Step,
    pub amount: Amount,
}

#[test]
fn adjacently_tagged() {
    let schema = golden::<Adjacent>("adjacent");
    let with = |step, amount| Adjacent::new("a", AdjacentSpec { step, amount });
    for amount in [Amount::Pieces(3), Amount::Dozens(-1), Amount::Kilograms(0.5)] {
        accepts(&schema, &with(Step::Stop, amount));
    }
    for step in [
        Step::Run { command: vec!["ls".into()], shell: None },
        Step::Wait { seconds: 3 },
        Step::Image(Image { name: "a".into(), tag: Some("b".into()) }),
        Step::Skip,
    ] {
        accepts(&schema, &with(step, Amount::Pieces(1)));
    }
    let amount = json!({"unit": "Pieces", "amount": 1});
    let refuse = |step, words| refuses::<Adjacent>(&schema, json!({"step": step, "amount": amount}), words);
    refuse(json!({"type": "Run", "value": {}}), "spec.step.value.command: Required value");
    refuse(json!({"type": "Wait", "value": {"command": []}}), "one and only one");
    refuse(json!({"type": "Wait"}), "one and only one");
    refuse(json!({"value": {"seconds": 1}}), "spec.step.type: Required value");
    let refuse = |amount, words| {
        refuses::<Adjacent>(&schema, json!({"step": {"type": "Pause"}, "amount": amount}), words);
    };
    refuse(json!({"unit": "Pieces", "amount": 1.5}), "should be a multiple of 1");
    refuse(json!({"unit": "Tons", "amount": 1}), "Unsupported value");
    let too_many = json!({"unit": "Dozens", "amount": 13});
    forbids(&schema, json!({"step": {"type": "Stop"}, "amount": too_many}), "one and only one");
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Port {
    Number(#[schema(minimum = 1)] u16),
    Name(#[schema(min_length = 1)] String),
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Word {
    Auto,
    #[serde(rename = "a.b")]
    Dotted,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Replicas {
    Word(Word),
    Count(i32),
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Target {
    Service { service: String, port: Option<Port> },
    Selector { labels: std::collections::BTreeMap<String, String> },
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Maybe {
    Text(String),
    Nothing,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Level {
    Low,
    High,
    #[serde(untagged)]
    Custom(#[schema(pattern = "^x-")] String),
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Untagged", derive(PartialEq))]
pub struct UntaggedSpec {
    pub port: Port,
    pub replicas: Replicas,
    pub target: Target,
    pub maybe: Maybe,
    pub level: Level,
}

fn untagged() -> UntaggedSpec {
    UntaggedSpec {
        port: Port::Number(80),
        replicas: Replicas::Count(1),
        target: Target::Service { service: "a".into(), port: None },
        maybe: Maybe::Nothing,
        level: Level::High,
    }
}

#[test]
fn without_tags() {
    let schema = golden::<Untagged>("untagged");
    let accept = |change: &dyn Fn(&mut UntaggedSpec)| {
        let mut spec = untagged();
        change(&mut spec);
        accepts(&schema, &Untagged::new("a", spec));
    };
    accept(&|_| {});
    accept(&|spec| spec.port = Port::Name("http".into()));
    accept(&|spec| spec.replicas = Replicas::Word(Word::Dotted));
    accept(&|spec| spec.target = Target::Selector { labels: [("a".into(), "b".into())].into() });
    accept(&|spec| spec.target = Target::Service { service: "a".into(), port: Some(Port::Number(1)) });
    accept(&|spec| spec.maybe = Maybe::Text("a".into()));
    accept(&|spec| spec.level = Level::Custom("x-a".into()));

    let refuse = |field: &str, value, words| {
        let mut spec = serde_json::to_value(untagged()).unwrap();
        spec[field] = value;
        refuses::<Untagged>(&schema, spec, words);
    };
    refuse("port", json!(true), "must be of type integer,string");
    refuse("port", json!(70_000), "less than or equal to 65535");
    refuse("replicas", json!("manual"), "should match");
    refuse("replicas", json!("axb"), "should match");
    refuse("target", json!({"port": 3}), "spec.target");
    refuse("target", json!({"labels": {"a": 1}}), "must be of type string");
    refuse("maybe", json!(3), "must be of type string");
    let mut spec = serde_json::to_value(untagged()).unwrap();
    spec["level"] = json!("Medium");
    forbids(&schema, spec, "spec.level");
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type")]
pub enum Event {
    Push {
        branch: String,
    },
    #[serde(other)]
    Unknown,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Open {
    Known,
    #[serde(other)]
    Else,
}

#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "mode")]
pub enum Mode {
    On,
    Off,
}

/// Written with its own name beside the fields.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename = "note")]
pub struct Note {
    pub text: String,
}

#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shapes.example.com", version = "v1", kind = "Tag", derive(PartialEq))]
pub struct TagSpec {
    pub event: Event,
    pub open: Open,
    pub mode: Mode,
    pub note: Note,
}

#[test]
fn tags_alone() {
    let schema = golden::<Tag>("tag");
    let spec = |event| TagSpec { event, open: Open::Else, mode: Mode::Off, note: Note { text: "t".into() } };
    accepts(&schema, &Tag::new("a", spec(Event::Unknown)));
    accepts(&schema, &Tag::new("a", spec(Event::Push { branch: "main".into() })));
    let with =
        |event, mode| json!({"event": event, "open": "?", "mode": {"mode": mode}, "note": {"text": "t"}});
    let tag: Tag = takes(&schema, with(json!({"type": "Merge"}), "On"));
    assert_eq!((tag.spec.event, tag.spec.open), (Event::Unknown, Open::Else));
    refuses::<Tag>(&schema, with(json!({"type": "Push"}), "On"), "spec.event.branch: Required value");
    refuses::<Tag>(&schema, with(json!({"type": "Merge"}), "Auto"), "Unsupported value: \"Auto\"");
}
