//! What becomes of dependents when their owner is deleted, and of what is in a namespace.

#![allow(
    clippy::unwrap_used,
    clippy::needless_pass_by_value,
    reason = "a test fails by panicking, and json! makes values"
)]

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::{ResourceDefinition, Scope};
use k1s_runtime::client::{
    Api, Client, CoreClient, DeleteOptions, DryRun, Patch, Propagation, Target, WriteOptions, WriteRequest,
    WriteVerb,
};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use serde_json::{Value, json};

fn item() -> ResourceDefinition {
    ResourceDefinition::new("shop.example.com", "v1", "Item", "items")
}

fn shelf() -> ResourceDefinition {
    let mut definition = ResourceDefinition::new("shop.example.com", "v1", "Shelf", "shelves");
    definition.scope = Scope::Cluster;
    definition
}

struct World {
    client: CoreClient,
}

impl World {
    fn new() -> Self {
        let scheme = Scheme::new();
        scheme.register_definition(item()).unwrap();
        scheme.register_definition(shelf()).unwrap();
        Self { client: CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme)) }
    }

    fn items(&self) -> Api<Object> {
        self.items_in("default")
    }

    fn items_in(&self, namespace: &str) -> Api<Object> {
        Api::dynamic(self.client.clone(), &item(), Some(namespace))
    }

    fn shelves(&self) -> Api<Object> {
        Api::dynamic(self.client.clone(), &shelf(), None)
    }

    /// An item with these owners; those whose name ends in `!` wait for it.
    fn make(&self, name: &str, owners: &[&str], finalizers: &[&str]) -> Object {
        let references: Vec<Value> = owners
            .iter()
            .map(|owner| {
                let name = owner.trim_end_matches('!');
                let found = block_on(self.items().get(name)).unwrap();
                json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "name": name, "uid": found.uid(),
                    "blockOwnerDeletion": owner.ends_with('!')})
            })
            .collect();
        let mut object = Object::new("shop.example.com/v1", "Item", name);
        if !references.is_empty() {
            object.set_metadata("ownerReferences", references);
        }
        if !finalizers.is_empty() {
            object.set_metadata("finalizers", json!(finalizers));
        }
        block_on(self.items().create(&object)).unwrap()
    }

    fn own(&self, name: &str, owners: &[&str]) {
        let references: Vec<Value> = owners
            .iter()
            .map(|owner| {
                let found = block_on(self.items().get(owner)).unwrap();
                json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "name": owner, "uid": found.uid(),
                    "blockOwnerDeletion": true})
            })
            .collect();
        let patch = Patch::Merge(json!({"metadata": {"ownerReferences": references}}));
        block_on(self.items().patch(name, patch)).unwrap();
    }

    fn delete(&self, name: &str, policy: Propagation) -> Option<Object> {
        let options = DeleteOptions { propagation: Some(policy), ..DeleteOptions::default() };
        block_on(self.items().delete(name, options)).unwrap()
    }

    fn release(&self, name: &str) {
        let patch = Patch::Merge(json!({"metadata": {"finalizers": null}}));
        block_on(self.items().patch(name, patch)).unwrap();
    }

    /// The names that are left; those that are being deleted end in `-`.
    fn left(&self) -> Vec<String> {
        let shown = |item: &Object| {
            format!("{}{}", item.name(), if item.deletion_timestamp().is_some() { "-" } else { "" })
        };
        block_on(self.items().list("")).unwrap().items.iter().map(shown).collect()
    }
}

#[test]
fn dependents_of_every_kind_go_with_their_owner() {
    let world = World::new();
    let owner = world.make("owner", &[], &[]);
    world.make("child", &["owner"], &[]);
    world.make("grandchild", &["child"], &[]);
    world.make("stranger", &[], &[]);
    let mut map = Object::new("v1", "ConfigMap", "map");
    map.set_metadata(
        "ownerReferences",
        json!([{"apiVersion": "shop.example.com/v1", "kind": "Item", "name": "owner", "uid": owner.uid()}]),
    );
    let definition = world.client.scheme().versions("", "ConfigMap").remove(0);
    let maps = Api::<Object>::dynamic(world.client.clone(), &definition, Some("default"));
    block_on(maps.create(&map)).unwrap();
    assert!(world.delete("owner", Propagation::Background).is_none());
    assert_eq!(world.left(), ["stranger"]);
    assert!(block_on(maps.get_opt("map")).unwrap().is_none());
}

#[test]
fn an_owner_that_is_left_keeps_a_dependent() {
    let world = World::new();
    world.make("a", &[], &[]);
    world.make("b", &[], &[]);
    world.make("child", &["a", "b"], &[]);
    world.delete("a", Propagation::Background);
    assert_eq!(world.left(), ["b", "child"]);
    let child = block_on(world.items().get("child")).unwrap();
    let owners = child.0["metadata"]["ownerReferences"].as_array().unwrap();
    assert_eq!(owners.len(), 1);
    assert_eq!(owners[0]["name"], "b");
    world.delete("b", Propagation::Background);
    assert!(world.left().is_empty());
}

#[test]
fn orphans_stay_and_forget_their_owner() {
    let world = World::new();
    world.make("owner", &[], &[]);
    world.make("child", &["owner"], &[]);
    let told = world.delete("owner", Propagation::Orphan).unwrap();
    assert_eq!(told.finalizers(), ["orphan"]);
    assert_eq!(world.left(), ["child"]);
    let child = block_on(world.items().get("child")).unwrap();
    assert!(!child.metadata().unwrap().contains_key("ownerReferences"));
    // Others' finalizers keep the owner, not its hold on the dependents.
    world.make("held", &[], &["example.com/f"]);
    world.make("other", &["held"], &[]);
    world.delete("held", Propagation::Orphan);
    assert_eq!(block_on(world.items().get("held")).unwrap().finalizers(), ["example.com/f"]);
    world.release("held");
    assert_eq!(world.left(), ["child", "other"]);
}

#[test]
fn a_finalizer_keeps_a_dependent_and_what_it_owns() {
    let world = World::new();
    world.make("owner", &[], &[]);
    world.make("child", &["owner"], &["example.com/f"]);
    world.make("grandchild", &["child"], &[]);
    world.delete("owner", Propagation::Background);
    assert_eq!(world.left(), ["child-", "grandchild"]);
    world.release("child");
    assert!(world.left().is_empty());
}

#[test]
fn in_the_foreground_the_owner_waits_for_those_that_block_it() {
    let world = World::new();
    world.make("owner", &[], &[]);
    world.make("child", &["owner!"], &[]);
    world.make("grandchild", &["child!"], &["example.com/f"]);
    let told = world.delete("owner", Propagation::Foreground).unwrap();
    assert_eq!(told.finalizers(), ["foregroundDeletion"]);
    assert_eq!(world.left(), ["child-", "grandchild-", "owner-"]);
    world.release("grandchild");
    assert!(world.left().is_empty());

    world.make("owner", &[], &[]);
    world.make("child", &["owner"], &["example.com/f"]);
    world.delete("owner", Propagation::Foreground);
    assert_eq!(world.left(), ["child-"], "it does not block");
    world.release("child");

    world.make("owner", &[], &[]);
    world.delete("owner", Propagation::Foreground);
    assert!(world.left().is_empty(), "nothing to wait for");
}

#[test]
fn circles_go_whichever_way_they_are_deleted() {
    for policy in [Propagation::Background, Propagation::Foreground] {
        let world = World::new();
        for name in ["a", "b", "c"] {
            world.make(name, &[], &[]);
        }
        world.own("b", &["a"]);
        world.own("c", &["b"]);
        world.own("a", &["c"]);
        world.delete("a", policy);
        assert!(world.left().is_empty(), "{policy:?}: {:?}", world.left());
        world.make("self", &[], &[]);
        world.own("self", &["self"]);
        world.delete("self", policy);
        assert!(world.left().is_empty(), "{policy:?}: {:?}", world.left());
    }
}

#[test]
fn owners_that_never_were_and_owners_that_cannot_be_told_keep_their_dependents() {
    let world = World::new();
    let mut object = Object::new("shop.example.com/v1", "Item", "a");
    object.set_metadata(
        "ownerReferences",
        json!([{"apiVersion": "shop.example.com/v1", "kind": "Item", "name": "x", "uid": "nobody"}]),
    );
    block_on(world.items().create(&object)).unwrap();
    assert_eq!(world.left(), ["a"]);
    // An owner of another namespace is not one.
    let team = Object::new("v1", "Namespace", "team");
    let definition = world.client.scheme().versions("", "Namespace").remove(0);
    block_on(Api::<Object>::dynamic(world.client.clone(), &definition, None).create(&team)).unwrap();
    let owner = world.make("owner", &[], &[]);
    let mut far = Object::new("shop.example.com/v1", "Item", "far");
    far.set_metadata(
        "ownerReferences",
        json!([{"apiVersion": "shop.example.com/v1", "kind": "Item", "name": "owner", "uid": owner.uid()}]),
    );
    block_on(world.items_in("team").create(&far)).unwrap();
    let mut shelf = Object::new("shop.example.com/v1", "Shelf", "shelf");
    shelf.set_metadata("ownerReferences", far.metadata().unwrap()["ownerReferences"].clone());
    let shelf = block_on(world.shelves().create(&shelf)).unwrap();
    world.delete("owner", Propagation::Background);
    assert_eq!(block_on(world.items_in("team").list("")).unwrap().items.len(), 1);
    assert_eq!(block_on(world.shelves().list("")).unwrap().items.len(), 1);
    // An owner without a namespace owns in all of them; one owner of an unknown kind is enough to stay.
    for (namespace, name, more) in
        [("default", "on", json!(null)), ("team", "on", json!(null)), ("team", "off", json!("Moon"))]
    {
        let mut references = vec![
            json!({"apiVersion": "shop.example.com/v1", "kind": "Shelf", "name": "shelf", "uid": shelf.uid()}),
        ];
        if let Some(kind) = more.as_str() {
            references
                .push(json!({"apiVersion": "sky.example.com/v1", "kind": kind, "name": "m", "uid": "m"}));
        }
        let mut object = Object::new("shop.example.com/v1", "Item", name);
        object.set_metadata("ownerReferences", references);
        block_on(world.items_in(namespace).create(&object)).unwrap();
    }
    block_on(world.shelves().delete("shelf", DeleteOptions::default())).unwrap();
    assert_eq!(world.left(), ["a"]);
    let team = block_on(world.items_in("team").list("")).unwrap().items;
    assert_eq!(team.iter().map(Object::name).collect::<Vec<_>>(), ["far", "off"]);
}

#[test]
fn one_batch_sees_the_owners_that_it_makes() {
    let world = World::new();
    let owner = world.make("owner", &[], &[]);
    let target = Target { gvk: item().gvk(), namespace: Some("default".into()) };
    let mut child = Object::new("shop.example.com/v1", "Item", "child");
    child.set_metadata(
        "ownerReferences",
        json!([{"apiVersion": "shop.example.com/v1", "kind": "Item", "name": "owner", "uid": owner.uid()}]),
    );
    let request = |name: &str, verb: WriteVerb| WriteRequest {
        target: target.clone(),
        name: name.to_owned(),
        subresource: None,
        verb,
        options: WriteOptions::default(),
    };
    let answers = block_on(world.client.write(vec![
        request("", WriteVerb::Create(child)),
        request("owner", WriteVerb::Delete(DeleteOptions::default())),
        request("child", WriteVerb::Delete(DeleteOptions::default())),
    ]));
    assert!(answers[0].is_ok() && answers[1].is_ok());
    assert!(answers[2].as_ref().unwrap_err().is_not_found(), "it went with its owner");
    assert!(world.left().is_empty());
}

#[test]
fn a_dry_run_and_a_client_without_controllers_leave_dependents_alone() {
    let world = World::new();
    world.make("owner", &[], &[]);
    world.make("child", &["owner"], &[]);
    let dry = world.items().with_options(WriteOptions { dry_run: DryRun::All, ..WriteOptions::default() });
    block_on(dry.delete("owner", DeleteOptions::default())).unwrap();
    assert_eq!(world.left(), ["child", "owner"]);
    let alone = Api::<Object>::dynamic(world.client.without_controllers(), &item(), Some("default"));
    block_on(alone.delete("owner", DeleteOptions::default())).unwrap();
    assert_eq!(world.left(), ["child"]);
}

#[test]
fn a_deleted_namespace_is_emptied_and_goes() {
    let world = World::new();
    let definition = world.client.scheme().versions("", "Namespace").remove(0);
    let namespaces = Api::<Object>::dynamic(world.client.clone(), &definition, None);
    block_on(namespaces.create(&Object::new("v1", "Namespace", "team"))).unwrap();
    for number in 0..2_500 {
        let item = Object::new("shop.example.com/v1", "Item", &format!("i{number}"));
        block_on(world.items_in("team").create(&item)).unwrap();
    }
    let mut held = Object::new("shop.example.com/v1", "Item", "held");
    held.set_metadata("finalizers", json!(["example.com/f"]));
    block_on(world.items_in("team").create(&held)).unwrap();
    let told = block_on(namespaces.delete("team", DeleteOptions::default())).unwrap().unwrap();
    assert_eq!(told.0["status"]["phase"], "Terminating");
    assert_eq!(block_on(world.items_in("team").list("")).unwrap().items.len(), 1);
    assert!(block_on(namespaces.get_opt("team")).unwrap().is_some(), "a finalizer keeps it");
    let patch = Patch::Merge(json!({"metadata": {"finalizers": null}}));
    block_on(world.items_in("team").patch("held", patch)).unwrap();
    assert!(block_on(namespaces.get_opt("team")).unwrap().is_none());
}

#[test]
fn a_namespace_that_was_left_half_deleted_goes_with_the_next_deletion() {
    let world = World::new();
    let definition = world.client.scheme().versions("", "Namespace").remove(0);
    let namespaces = Api::<Object>::dynamic(world.client.clone(), &definition, None);
    block_on(namespaces.create(&Object::new("v1", "Namespace", "team"))).unwrap();
    let item = Object::new("shop.example.com/v1", "Item", "a");
    block_on(world.items_in("team").create(&item)).unwrap();
    // What is left behind by a process that died after the first commit.
    let dead = Api::<Object>::dynamic(world.client.without_controllers(), &definition, None);
    block_on(dead.delete("team", DeleteOptions::default())).unwrap();
    assert_eq!(block_on(world.items_in("team").list("")).unwrap().items.len(), 1);
    block_on(namespaces.delete("team", DeleteOptions::default())).unwrap();
    assert!(block_on(namespaces.get_opt("team")).unwrap().is_none());
    assert!(block_on(world.items_in("team").list("")).unwrap().items.is_empty());
}
