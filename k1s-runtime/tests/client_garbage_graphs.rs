//! Deletions in random graphs of owners, circles included: what had only owners that are gone goes with them, all else stays and
//! forgets them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::api::ResourceDefinition;
use k1s_runtime::client::{Api, CoreClient, DeleteOptions, Patch, Propagation};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::MemoryStorage;
use pollster::block_on;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Owners of each object, with whether the owner waits for it.
type Graph = Vec<BTreeMap<usize, bool>>;

fn graphs() -> impl Strategy<Value = Graph> {
    (2_usize..9).prop_flat_map(|size| {
        let owners = prop::collection::btree_map(0..size, any::<bool>(), 0..3);
        prop::collection::vec(owners, size)
    })
}

fn items() -> Api<Object> {
    let definition = ResourceDefinition::new("shop.example.com", "v1", "Item", "items");
    let scheme = Scheme::new();
    scheme.register_definition(definition.clone()).unwrap();
    let client = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(scheme));
    Api::dynamic(client, &definition, Some("default"))
}

async fn build(items: &Api<Object>, graph: &Graph) {
    let mut uids = Vec::new();
    for index in 0..graph.len() {
        let made =
            items.create(&Object::new("shop.example.com/v1", "Item", &format!("i{index}"))).await.unwrap();
        uids.push(made.uid().unwrap().to_owned());
    }
    for (index, owners) in graph.iter().enumerate() {
        let references: Vec<Value> = owners
            .iter()
            .map(|(owner, blocks)| {
                json!({"apiVersion": "shop.example.com/v1", "kind": "Item", "name": format!("i{owner}"),
                    "uid": uids[*owner], "blockOwnerDeletion": blocks})
            })
            .collect();
        let patch = Patch::Merge(json!({"metadata": {"ownerReferences": references}}));
        items.patch(&format!("i{index}"), patch).await.unwrap();
    }
}

/// What goes with an object: the least set in which everything that has owners, and only such in the set, is in it, and of which
/// at least one owner goes.
fn doomed(graph: &Graph, root: usize) -> BTreeSet<usize> {
    let mut gone = BTreeSet::from([root]);
    loop {
        let next = (0..graph.len()).find(|index| {
            !gone.contains(index)
                && !graph[*index].is_empty()
                && graph[*index].keys().all(|owner| gone.contains(owner))
        });
        match next {
            Some(index) => gone.insert(index),
            None => return gone,
        };
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_has_only_owners_that_are_gone_goes(graph in graphs(), root in 0_usize..9, foreground in any::<bool>()) {
        let root = root % graph.len();
        let gone = doomed(&graph, root);
        let items = items();
        block_on(async {
            build(&items, &graph).await;
            let before = items.list("").await.unwrap().items;
            let policy = if foreground { Propagation::Foreground } else { Propagation::Background };
            let options = DeleteOptions { propagation: Some(policy), ..DeleteOptions::default() };
            items.delete(&format!("i{root}"), options).await.unwrap();
            let after = items.list("").await.unwrap().items;
            let names: BTreeSet<String> = after.iter().map(|item| item.name().to_owned()).collect();
            let kept: BTreeSet<String> =
                (0..graph.len()).filter(|index| !gone.contains(index)).map(|index| format!("i{index}")).collect();
            assert_eq!(names, kept);
            for item in &after {
                let index: usize = item.name()[1..].parse().unwrap();
                let was = before.iter().find(|was| was.name() == item.name()).unwrap();
                if graph[index].keys().all(|owner| !gone.contains(owner)) {
                    assert_eq!(item, was, "nothing of it has changed");
                    continue;
                }
                let owners: BTreeSet<String> = item.0["metadata"]["ownerReferences"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|reference| reference["name"].as_str().unwrap().to_owned())
                    .collect();
                let expected: BTreeSet<String> = graph[index]
                    .keys()
                    .filter(|owner| !gone.contains(owner))
                    .map(|owner| format!("i{owner}"))
                    .collect();
                assert_eq!(owners, expected);
                assert_eq!(item.uid(), was.uid());
                assert!(item.deletion_timestamp().is_none());
            }
        });
    }
}
