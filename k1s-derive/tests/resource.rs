//! Every root attribute and what it becomes.
#![allow(missing_docs, reason = "test types")]

use k1s_runtime::api::{Registration, Scale, Scope};
use k1s_runtime::kube_core::object::{HasSpec, HasStatus, ObjectList};
use k1s_runtime::schema::crd::validate_crd;
use k1s_runtime::{Resource, Schema, kube_core};
use serde::{Deserialize, Serialize};

mod renamed {
    pub(crate) use k1s_runtime as runtime;
}

/// A shelf.
#[derive(Resource, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[resource(
    group = "store.example.com",
    version = "v1beta1",
    kind = "Shelf",
    plural = "shelves",
    singular = "board",
    short_name = "sh",
    short_name = "shf",
    category = "all",
    scope = "Cluster",
    status = ShelfStatus,
    scale(
        spec_replicas_path = ".spec.boards",
        status_replicas_path = ".status.boards",
        label_selector_path = ".status.selector"
    ),
    print_column(
        name = "Boards", type = "integer", json_path = ".spec.boards",
        description = "How many", format = "int32", priority = 1
    ),
    storage = false,
    served = false,
    deprecated = "use v1",
    annotation(key = "example.com/team", value = "stock"),
    label(key = "tier", value = ""),
    selectable_field = ".spec.aisle",
    index = ".spec.aisle",
    isolation,
    derive(PartialEq, Default)
)]
#[resource(crate = renamed::runtime)]
pub struct ShelfSpec {
    pub boards: i32,
    pub aisle: String,
}

#[derive(Schema, Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[schema(crate = renamed::runtime)]
pub struct ShelfStatus {
    pub boards: i32,
}

/// A version that no registry sees.
#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "store.example.com", version = "v1alpha1", kind = "Hidden", skip, deprecated)]
pub struct HiddenSpec {}

#[test]
fn a_definition_holds_every_attribute() {
    let shelf = Shelf::definition();
    assert_eq!((shelf.plural.as_str(), shelf.singular.as_str()), ("shelves", "board"));
    assert_eq!(
        (shelf.short_names.as_slice(), shelf.categories.as_slice()),
        (&["sh".into(), "shf".into()][..], &["all".into()][..])
    );
    assert_eq!(shelf.scope, Scope::Cluster);
    assert!(shelf.status && !shelf.served && !shelf.storage);
    assert_eq!(shelf.deprecated.as_deref(), Some("use v1"));
    let scale = Scale {
        spec_replicas_path: ".spec.boards".into(),
        status_replicas_path: ".status.boards".into(),
        label_selector_path: Some(".status.selector".into()),
    };
    assert_eq!(shelf.scale, Some(scale));
    let columns = shelf.columns.unwrap();
    assert_eq!(
        (columns[0].description.as_str(), columns[0].format.as_str(), columns[0].priority),
        ("How many", "int32", 1)
    );
    assert_eq!(shelf.annotations["example.com/team"], "stock");
    assert_eq!(shelf.annotations["k1s.dev/tenant-isolation"], "true");
    assert_eq!(shelf.labels["tier"], "");
    assert_eq!(
        (shelf.selectable_fields, shelf.indexes),
        (vec![".spec.aisle".into()], vec![".spec.aisle".into()])
    );
}

#[test]
fn an_api_server_takes_every_attribute() {
    let crd = serde_json::to_value(Shelf::crd().unwrap()).unwrap();
    assert_eq!(validate_crd(&crd), []);
    assert_eq!(crd["spec"]["versions"][0]["deprecationWarning"], "use v1");
}

#[test]
fn a_skipped_version_is_not_registered() {
    assert_eq!(Hidden::definition().deprecated.as_deref(), Some(""));
    let kinds: Vec<String> = Registration::all().map(|kind| (kind.definition)().kind).collect();
    assert_eq!(kinds, ["Shelf"]);
}

#[test]
fn the_root_type_is_a_kube_resource() {
    assert_eq!(<Shelf as kube_core::Resource>::api_version(&()), "store.example.com/v1beta1");
    assert_eq!(
        <Shelf as kube_core::Resource>::url_path(&(), None),
        "/apis/store.example.com/v1beta1/shelves"
    );
    let mut shelf = Shelf::new("north", ShelfSpec { boards: 3, aisle: "a".into() });
    *shelf.status_mut() = Some(ShelfStatus { boards: 2 });
    assert_eq!((shelf.spec().boards, shelf.status().map(|status| status.boards)), (3, Some(2)));
    assert_eq!(kube_core::Resource::meta(&shelf).name.as_deref(), Some("north"));

    let text = serde_json::to_string(&shelf).unwrap();
    assert!(text.starts_with(
        r#"{"apiVersion":"store.example.com/v1beta1","kind":"Shelf","metadata":{"name":"north"}"#
    ));
    assert_eq!(serde_json::from_str::<Shelf>(&text).unwrap(), shelf);
}

#[test]
fn types_may_be_left_out_but_not_be_wrong() {
    let shelf: Shelf = serde_json::from_str(r#"{"spec":{"boards":1,"aisle":"b"}}"#).unwrap();
    assert_eq!(shelf.spec.boards, 1);
    let other = r#"{"apiVersion":"store.example.com/v1","kind":"Shelf","spec":{"boards":1,"aisle":"b"}}"#;
    let error = serde_json::from_str::<Shelf>(other).unwrap_err().to_string();
    assert!(
        error.starts_with("expected Shelf of store.example.com/v1beta1, found Shelf of store.example.com/v1"),
        "{error}"
    );
}

#[test]
fn a_list_holds_the_kind() {
    let list: ShelfList = serde_json::from_str(
        r#"{"apiVersion":"store.example.com/v1beta1","kind":"ShelfList","metadata":{},"items":[{"spec":{"boards":1,"aisle":"b"}}]}"#,
    )
    .unwrap();
    let list: ObjectList<Shelf> = list;
    assert_eq!(list.items.len(), 1);
}
