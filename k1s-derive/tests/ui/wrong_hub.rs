//! A hub is another version of the same kind, and one of the two is stored.
use k1s_runtime::Resource;
use serde::{Deserialize, Serialize};

macro_rules! impl_both {
    ($spec:ident) => {
        impl From<$spec> for v1::ItemSpec {
            fn from(_: $spec) -> Self {
                Self {}
            }
        }
        impl From<v1::ItemSpec> for $spec {
            fn from(_: v1::ItemSpec) -> Self {
                Self {}
            }
        }
    };
}

mod v1 {
    use super::*;

    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "example.com", version = "v1", kind = "Item")]
    pub struct ItemSpec {}
}

#[derive(Resource, Clone, Debug, Serialize, Deserialize)]
#[resource(group = "other.example.com", version = "v1alpha1", kind = "Item", hub = v1::Item)]
pub struct OtherGroupSpec {}

mod same_version {
    use super::*;

    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "example.com", version = "v1", kind = "Item", hub = "v1::Item")]
    pub struct SameVersionSpec {}

    impl_both!(SameVersionSpec);
}

mod stored_twice {
    use super::*;

    #[derive(Resource, Clone, Debug, Serialize, Deserialize)]
    #[resource(group = "example.com", version = "v1alpha1", kind = "Item", hub = v1::Item, storage)]
    pub struct StoredTwiceSpec {}

    impl_both!(StoredTwiceSpec);
}

impl_both!(OtherGroupSpec);

fn main() {}
