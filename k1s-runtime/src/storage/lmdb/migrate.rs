//! Stores of older formats are brought up to the present one when they are opened for writing: step by step, all steps in
//! one commit, so that a store is always wholly of one format.
//!
//! | format | brought |
//! | --- | --- |
//! | 1 | the first |
//! | 2 | `tenants`: what each tenant holds |

use std::collections::HashMap;
use std::path::Path;

use heed::{RoTxn, RwTxn};

use super::env::Shared;
use super::fault::Fault;
use super::layout::{self, Databases, FORMAT, FORMAT_KEY, Held, Row, damaged};
use super::map::not_a_store;
use super::names::{self, Kind};
use crate::storage::{Error, Result};

/// A step from the format before to the one that it is listed with.
type Step = fn(&Databases, &mut RwTxn<'_>) -> Result<(), Fault>;

const STEPS: [(u32, Step); 1] = [(2, count_tenants)];

/// Whether a store of this format can be opened.
pub(super) fn accept(path: &Path, format: Option<u32>, read_only: bool) -> Result<u32> {
    let path = || path.to_owned();
    match format {
        Some(found) if found > FORMAT => Err(Error::FromTheFuture { path: path(), found, known: FORMAT }),
        Some(FORMAT) => Ok(FORMAT),
        Some(found @ 1..FORMAT) if read_only => Err(Error::Outdated { path: path(), found, known: FORMAT }),
        Some(found @ 1..FORMAT) => Ok(found),
        _ => Err(not_a_store(&path(), "it has no stamp of a format")),
    }
}

/// How many databases a format has.
pub(super) fn databases_of(format: u32) -> usize {
    if format == 1 { 5 } else { layout::COUNT as usize }
}

/// Takes the steps that lead from a format to the present one.
pub(super) fn run(shared: &Shared, format: u32) -> Result<()> {
    if format == FORMAT {
        return Ok(());
    }
    let databases = &shared.databases;
    // Copies of what is there may need more room than what is there had.
    shared.write(shared.options.max_map_size.saturating_mul(2), |txn| {
        // Another process may have come first.
        let found = accept(&shared.path, layout::format(databases.meta, txn)?, false)?;
        for (format, step) in STEPS.iter().filter(|(format, _)| *format > found) {
            step(databases, txn)?;
            databases.meta.put(txn, FORMAT_KEY, &format.to_be_bytes())?;
        }
        Ok(((), found != FORMAT))
    })
}

/// Format 2: counts what each tenant holds.
fn count_tenants(databases: &Databases, txn: &mut RwTxn<'_>) -> Result<(), Fault> {
    let names = names::all(databases, txn, Kind::Tenant)?;
    let counted = count(databases, txn)?;
    databases.tenants.clear(txn)?;
    for (tenant, held) in counted {
        let name = names.get(&tenant).ok_or_else(|| damaged("a tenant has no name"))?;
        databases.tenants.put(txn, &tenant.to_be_bytes(), &held.write(name))?;
    }
    Ok(())
}

/// What each tenant holds, counted object by object.
pub(super) fn count(databases: &Databases, txn: &RoTxn<'_>) -> Result<HashMap<u32, Held>, Fault> {
    let mut counted: HashMap<u32, Held> = HashMap::new();
    for entry in databases.objects.iter(txn)? {
        let (key, raw) = entry?;
        let tenant = key.first_chunk().ok_or_else(|| damaged("the key of an object is cut short"))?;
        let held = counted.entry(u32::from_be_bytes(*tenant)).or_default();
        held.objects += 1;
        held.bytes += Row::parse(raw)?.text.len() as u64;
    }
    Ok(counted)
}
