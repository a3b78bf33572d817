//! Options of writes, given once for all.

use async_trait::async_trait;

use super::layer::Layer;
use crate::client::{
    Client, DryRun, FieldValidation, Result, WriteOptions, WriteRequest, WriteVerb, Written,
};

/// Makes every write a dry run: it is admitted, validated and answered as ever, and nothing is stored. Reads and watches are real.
///
/// Each write stands for itself: what an earlier one would have stored, a later one does not find.
#[derive(Clone, Copy, Debug, Default)]
pub struct AlwaysDryRun;

#[async_trait]
impl Layer for AlwaysDryRun {
    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        let set = |options: &mut WriteOptions| options.dry_run = DryRun::All;
        next.write(with_options(requests, set)).await
    }
}

/// Names the field manager of writes that name none: who is noted in `managedFields`. A name in the request wins.
///
/// ```
/// # use std::sync::Arc;
/// # use k1s_runtime::client::{Api, CoreClient};
/// # use k1s_runtime::client::wrap::{ClientExt, FieldOwner};
/// # use k1s_runtime::k8s_openapi::api::core::v1::ConfigMap;
/// # use k1s_runtime::scheme::Scheme;
/// # use k1s_runtime::storage::MemoryStorage;
/// # pollster::block_on(async {
/// # let core = CoreClient::new(Arc::new(MemoryStorage::new()), Arc::new(Scheme::new()));
/// let maps: Api<ConfigMap> = Api::default_namespaced(core.layered(FieldOwner::new("shop-controller")));
/// let mut map = ConfigMap::default();
/// map.metadata.name = Some("settings".into());
/// map.immutable = Some(true);
/// let made = maps.create(&map).await?;
/// assert_eq!(made.metadata.managed_fields.unwrap()[0].manager.as_deref(), Some("shop-controller"));
/// # Ok::<(), k1s_runtime::client::Error>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct FieldOwner {
    name: String,
}

impl FieldOwner {
    /// A layer for this manager, a name of at most 128 bytes; requests with a longer one are answered with a 422.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    /// The manager's name.
    pub fn name(&self) -> &str {
        &self.name
    }
}

#[async_trait]
impl Layer for FieldOwner {
    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        let named = requests.into_iter().map(|mut request| {
            // A deletion has no manager.
            if !matches!(request.verb, WriteVerb::Delete(_) | WriteVerb::DeleteCollection(_)) {
                request.options.field_manager.get_or_insert_with(|| self.name.clone());
            }
            request
        });
        next.write(named.collect()).await
    }
}

/// Says what to do about unknown and duplicate fields in writes that leave it at the default, which is to warn: usually
/// [`FieldValidation::Strict`], which refuses them. A request that says `Ignore` or `Strict` itself keeps it.
#[derive(Clone, Copy, Debug)]
pub struct FieldValidated {
    validation: FieldValidation,
}

impl FieldValidated {
    /// A layer for this validation.
    pub fn new(validation: FieldValidation) -> Self {
        Self { validation }
    }
}

#[async_trait]
impl Layer for FieldValidated {
    async fn write(&self, next: &dyn Client, requests: Vec<WriteRequest>) -> Vec<Result<Written>> {
        let set = |options: &mut WriteOptions| {
            if options.field_validation == FieldValidation::default() {
                options.field_validation = self.validation;
            }
        };
        next.write(with_options(requests, set)).await
    }
}

fn with_options(mut requests: Vec<WriteRequest>, set: impl Fn(&mut WriteOptions)) -> Vec<WriteRequest> {
    requests.iter_mut().for_each(|request| set(&mut request.options));
    requests
}
