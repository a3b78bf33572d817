//! Every backend of this crate against the one suite.

mod memory {
    use std::sync::Arc;

    use k1s_runtime::storage::{LogLimits, MemoryStorage, Storage};

    fn open(limits: LogLimits) -> Arc<dyn Storage> {
        Arc::new(MemoryStorage::with_log(limits))
    }

    k1s_runtime::storage_conformance!(open);
}

#[cfg(feature = "lmdb")]
mod lmdb {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::Arc;

    use async_trait::async_trait;
    use k1s_runtime::storage::{
        Key, ListQuery, LmdbOptions, LmdbStorage, LogLimits, Outcome, Page, Result, Storage, Stored,
        Transaction, Watch, WatchQuery, tenants,
    };

    /// A store that takes its directory with it, after a last look at whether it is whole.
    struct Temporary {
        store: LmdbStorage,
        _directory: tempfile::TempDir,
    }

    impl Drop for Temporary {
        fn drop(&mut self) {
            if !std::thread::panicking() {
                self.store.check().unwrap();
            }
        }
    }

    fn open(limits: LogLimits) -> Arc<dyn Storage> {
        let directory = tempfile::tempdir().unwrap();
        let options = LmdbOptions { log: limits, ..LmdbOptions::default() };
        let store = LmdbStorage::open(directory.path(), options).unwrap();
        Arc::new(Temporary { store, _directory: directory })
    }

    #[async_trait]
    impl Storage for Temporary {
        async fn get(&self, key: Key<'_>) -> Result<Option<Stored>> {
            self.store.get(key).await
        }

        async fn list(&self, query: ListQuery<'_>) -> Result<Page> {
            self.store.list(query).await
        }

        async fn commit(&self, batch: Vec<Transaction>) -> Result<Vec<Outcome>> {
            self.store.commit(batch).await
        }

        async fn watch(&self, query: WatchQuery) -> Result<Box<dyn Watch>> {
            self.store.watch(query).await
        }

        async fn compact(&self, revision: u64) -> Result<u64> {
            self.store.compact(revision).await
        }

        async fn revision(&self) -> Result<u64> {
            self.store.revision().await
        }

        async fn tenants(&self) -> Result<Vec<tenants::Tenant>> {
            self.store.tenants().await
        }

        async fn visit(&self, tenant: &str, visitor: &mut tenants::Visitor<'_>) -> Result<u64> {
            self.store.visit(tenant, visitor).await
        }
    }

    k1s_runtime::storage_conformance!(open);
}
