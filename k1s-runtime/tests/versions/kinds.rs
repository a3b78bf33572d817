//! A kind in three versions: `v1` is stored, `v1beta1` converts to it, `v1alpha1` to `v1beta1`.

use std::sync::Arc;

use k1s_runtime::Object;
use k1s_runtime::Resource;
use k1s_runtime::client::{Api, CoreClient};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::{LmdbOptions, LmdbStorage, MemoryStorage, Storage};
use serde_json::{Value, json};

pub(crate) mod v1 {
    use k1s_runtime::{Resource, Schema};
    use serde::{Deserialize, Serialize};

    use super::v1beta1;

    /// An item held in stock.
    #[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[resource(
        group = "inventory.example.com",
        version = "v1",
        kind = "Item",
        status = "ItemStatus",
        print_column(name = "Quantity", type = "integer", json_path = ".spec.quantity"),
        selectable_field = ".spec.size",
        index = ".spec.size"
    )]
    pub(crate) struct ItemSpec {
        #[schema(minimum = 0)]
        pub(crate) quantity: i32,
        pub(crate) size: String,
        #[schema(default = "shelf")]
        #[serde(default)]
        pub(crate) place: String,
    }

    #[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) struct ItemStatus {
        pub(crate) counted: i32,
    }

    impl TryFrom<v1beta1::ItemSpec> for ItemSpec {
        type Error = String;

        fn try_from(old: v1beta1::ItemSpec) -> Result<Self, String> {
            let (number, size) = old
                .stock
                .split_once('x')
                .ok_or_else(|| format!("the stock {:?} is not NxSIZE", old.stock))?;
            let quantity = number.parse().map_err(|_| format!("{number:?} is no number"))?;
            Ok(Self { quantity, size: size.to_owned(), place: old.place })
        }
    }

    impl From<v1beta1::ItemStatus> for ItemStatus {
        fn from(old: v1beta1::ItemStatus) -> Self {
            Self { counted: old.seen }
        }
    }
}

pub(crate) mod v1beta1 {
    use k1s_runtime::{Resource, Schema};
    use serde::{Deserialize, Serialize};

    use super::v1;

    #[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[resource(
        group = "inventory.example.com",
        version = "v1beta1",
        kind = "Item",
        status = "ItemStatus",
        hub = v1::Item,
        print_column(name = "Stock", type = "string", json_path = ".spec.stock"),
        selectable_field = ".spec.stock"
    )]
    pub(crate) struct ItemSpec {
        /// `3xlarge`.
        pub(crate) stock: String,
        #[serde(default)]
        pub(crate) place: String,
    }

    #[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
    pub(crate) struct ItemStatus {
        pub(crate) seen: i32,
    }

    impl From<v1::ItemSpec> for ItemSpec {
        fn from(new: v1::ItemSpec) -> Self {
            Self { stock: format!("{}x{}", new.quantity, new.size), place: new.place }
        }
    }

    impl From<v1::ItemStatus> for ItemStatus {
        fn from(new: v1::ItemStatus) -> Self {
            Self { seen: new.counted }
        }
    }
}

pub(crate) mod v1alpha1 {
    use k1s_runtime::Resource;
    use serde::{Deserialize, Serialize};

    use super::v1beta1;

    /// Where the annotation keeps what this version has no field for.
    pub(crate) const PLACE: &str = "inventory.example.com/place";

    #[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
    #[resource(
        group = "inventory.example.com",
        version = "v1alpha1",
        kind = "Item",
        hub(type = v1beta1::Item, root),
        deprecated
    )]
    pub(crate) struct ItemSpec {
        #[schema(minimum = 1)]
        pub(crate) count: i64,
        pub(crate) size: Option<String>,
    }

    impl From<v1beta1::Item> for Item {
        fn from(new: v1beta1::Item) -> Self {
            let mut metadata = new.metadata;
            if !new.spec.place.is_empty() {
                metadata.annotations.get_or_insert_default().insert(PLACE.to_owned(), new.spec.place);
            }
            let (count, size) = new.spec.stock.split_once('x').unwrap_or_default();
            let size = Some(size.to_owned()).filter(|size| !size.is_empty());
            Self { metadata, spec: ItemSpec { count: count.parse().unwrap_or_default(), size } }
        }
    }

    impl From<Item> for v1beta1::Item {
        fn from(old: Item) -> Self {
            let mut metadata = old.metadata;
            let place = metadata.annotations.as_mut().and_then(|annotations| annotations.remove(PLACE));
            metadata.annotations = metadata.annotations.filter(|annotations| !annotations.is_empty());
            let stock = format!("{}x{}", old.spec.count, old.spec.size.unwrap_or_default());
            let spec = v1beta1::ItemSpec { stock, place: place.unwrap_or_default() };
            Self { metadata, spec, status: None }
        }
    }
}

pub(crate) fn scheme() -> Arc<Scheme> {
    let scheme = Scheme::new();
    scheme.register::<v1alpha1::Item>().unwrap();
    scheme.register::<v1::Item>().unwrap();
    scheme.register::<v1beta1::Item>().unwrap();
    scheme.check().unwrap();
    Arc::new(scheme)
}

/// Runs a test on a fresh store of each kind.
pub(crate) fn on_every_backend(test: impl AsyncFn(CoreClient)) {
    let directory = tempfile::tempdir().unwrap();
    let stores: [Arc<dyn Storage>; 2] = [
        Arc::new(MemoryStorage::new()),
        Arc::new(LmdbStorage::open(directory.path(), LmdbOptions::default()).unwrap()),
    ];
    for storage in stores {
        pollster::block_on(test(CoreClient::new(storage, scheme())));
    }
}

pub(crate) fn api<K: Resource>(client: &CoreClient) -> Api<Object> {
    Api::dynamic(client.clone(), &K::definition(), Some("default"))
}

pub(crate) fn item<K: Resource>(name: &str, spec: Value) -> Object {
    Object::try_from(json!({
        "apiVersion": K::api_version(&()), "kind": "Item", "metadata": {"name": name}, "spec": spec,
    }))
    .unwrap()
}

/// What the store has of an item, as it is.
pub(crate) async fn stored(client: &CoreClient, name: &str) -> Value {
    let key = k1s_runtime::storage::Key {
        tenant: client.tenant(),
        resource: "items.inventory.example.com",
        namespace: "default",
        name,
    };
    let found = client.storage().get(key).await.unwrap().unwrap();
    serde_json::from_slice(&found.bytes).unwrap()
}
