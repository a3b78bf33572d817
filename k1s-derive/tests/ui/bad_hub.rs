//! A version is converted to its hub and back: a missing way is named.
use k1s_runtime::Resource;
use serde::{Deserialize, Serialize};

mod v1 {
    use super::*;

    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "example.com", version = "v1", kind = "Item")]
    pub struct ItemSpec {}
}

mod one_way {
    use super::*;

    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "example.com", version = "v1alpha1", kind = "Item", hub = v1::Item)]
    pub struct ItemSpec {}

    impl From<ItemSpec> for v1::ItemSpec {
        fn from(_: ItemSpec) -> Self {
            Self {}
        }
    }
}

mod roots {
    use super::*;

    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "example.com", version = "v1alpha2", kind = "Item", hub(type = v1::Item, root))]
    pub struct ItemSpec {}

    impl From<v1::Item> for Item {
        fn from(new: v1::Item) -> Self {
            Self { metadata: new.metadata, spec: ItemSpec {} }
        }
    }
}

fn main() {}
