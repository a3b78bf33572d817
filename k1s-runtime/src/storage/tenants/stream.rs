//! Exports: a line of JSON that says what follows, a line for each object, and a line that says how many there were, without
//! which the export was cut short.

use std::io::{BufRead, Read, Write};
use std::ops::ControlFlow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::super::{
    Error, Expect, IndexEntry, KeyBuf, Mutation, Outcome, Result, Stamped, Storage, Transaction,
};
use super::{BATCH_BYTES, BATCH_OBJECTS, Member};

/// Longest line that [`import`] reads, in bytes.
pub const MAX_LINE_BYTES: u64 = 64 << 20;
/// The format that is written, and the newest that is read.
const FORMAT: u32 = 1;

/// What was exported or imported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transferred {
    /// Objects written.
    pub objects: u64,
    /// Objects that were there already and were left as they are.
    pub kept: u64,
    /// The store's revision: of the snapshot that was exported, or after the import.
    pub revision: u64,
}

/// What [`import`] does with an object that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// It is an error.
    Refuse,
    /// It stays, and the imported one is skipped. So an import that was interrupted is taken up again.
    Keep,
    /// It is replaced.
    Replace,
}

#[derive(Serialize, Deserialize)]
struct Head {
    #[serde(rename = "k1sExport")]
    format: u32,
    tenant: String,
    revision: u64,
}

#[derive(Serialize, Deserialize)]
struct Line<'a> {
    resource: String,
    namespace: String,
    name: String,
    revision: u64,
    indexes: Vec<(String, String)>,
    #[serde(borrow)]
    object: &'a RawValue,
}

#[derive(Serialize, Deserialize)]
struct Tail {
    objects: u64,
}

/// Writes all objects of a tenant, with their index entries, as they are at one moment. The store is being read while it is
/// written, so a slow reader of the export keeps it from reusing space.
///
/// # Errors
/// [`Error::Transfer`] when it cannot be written, [`Error::Corrupt`] when an object is no JSON, and those of the store.
pub async fn export(store: &dyn Storage, tenant: &str, out: &mut (dyn Write + Send)) -> Result<Transferred> {
    // The head comes before the first object, when the revision of the snapshot is not known yet; that of before is no newer.
    let revision = store.revision().await?;
    write_line(out, &Head { format: FORMAT, tenant: tenant.to_owned(), revision }, 1)?;
    let mut objects = 0;
    let mut failed = None;
    let mut write = |member: Member<'_>| match write_member(out, &member, objects + 2) {
        Ok(()) => {
            objects += 1;
            ControlFlow::Continue(())
        }
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    let revision = store.visit(tenant, &mut write).await?;
    if let Some(error) = failed {
        return Err(error);
    }
    write_line(out, &Tail { objects }, objects + 2)?;
    out.flush().map_err(|error| at_line(objects + 2, &error))?;
    Ok(Transferred { objects, kept: 0, revision })
}

fn write_member(out: &mut (dyn Write + Send), member: &Member<'_>, line: u64) -> Result<()> {
    let no_json = || Error::Corrupt(format!("the text of {:?} is no JSON", member.key));
    let mut text = std::str::from_utf8(member.text).map_err(|_| no_json())?.to_owned();
    if text.contains(['\n', '\r']) {
        // In JSON they only stand between words.
        text = text.replace(['\n', '\r'], " ");
    }
    let object: &RawValue = serde_json::from_str(&text).map_err(|_| no_json())?;
    let entry = |entry: &IndexEntry| (entry.index.clone(), entry.value.clone());
    let written = Line {
        resource: member.key.resource.to_owned(),
        namespace: member.key.namespace.to_owned(),
        name: member.key.name.to_owned(),
        revision: member.revision,
        indexes: member.indexes.iter().map(entry).collect(),
        object,
    };
    write_line(out, &written, line)
}

fn write_line(out: &mut (dyn Write + Send), value: &impl Serialize, line: u64) -> Result<()> {
    let mut text = serde_json::to_vec(value).map_err(|error| at_line(line, &error))?;
    text.push(b'\n');
    out.write_all(&text).map_err(|error| at_line(line, &error))
}

/// Reads an export into a tenant, in batches of [`BATCH_OBJECTS`]. Its objects get revisions of this store.
///
/// What it has read before an error stays; with [`Existing::Keep`] the import is taken up again.
///
/// # Errors
/// [`Error::Transfer`] with the line, when it cannot be read, is no export, is cut short, or names an object that is there
/// already and may not be; and those of the store.
pub async fn import(
    store: &dyn Storage,
    tenant: &str,
    input: &mut (dyn BufRead + Send),
    existing: Existing,
) -> Result<Transferred> {
    let mut importing =
        Importing { store, existing, batch: Vec::new(), bytes: 0, done: Transferred::default() };
    let mut line = 1;
    let mut text = Vec::new();
    read_line(input, &mut text, line)?;
    let head: Head = serde_json::from_slice(&text).map_err(|error| at_line(line, &error))?;
    if head.format > FORMAT {
        let text =
            format!("it is an export of format {}, newer than the {FORMAT} this program knows", head.format);
        return Err(at_line(line, &text));
    }
    loop {
        line += 1;
        read_line(input, &mut text, line)?;
        if let Ok(Tail { objects }) = serde_json::from_slice(&text) {
            if objects != line - 2 {
                return Err(at_line(line, &format!("it counts {objects} objects, but has {}", line - 2)));
            }
            break;
        }
        let object: Line<'_> = serde_json::from_slice(&text).map_err(|error| at_line(line, &error))?;
        importing.add(tenant, object, line).await?;
    }
    importing.write(line).await?;
    Ok(Transferred { revision: store.revision().await?, ..importing.done })
}

struct Importing<'a> {
    store: &'a dyn Storage,
    existing: Existing,
    batch: Vec<Transaction>,
    bytes: usize,
    done: Transferred,
}

impl Importing<'_> {
    async fn add(&mut self, tenant: &str, line: Line<'_>, number: u64) -> Result<()> {
        let text = line.object.get().as_bytes();
        let entry = |(index, value)| IndexEntry { index, value };
        let put = Mutation::Put {
            key: KeyBuf {
                tenant: tenant.to_owned(),
                resource: line.resource,
                namespace: line.namespace,
                name: line.name,
            },
            expect: if self.existing == Existing::Replace { Expect::Any } else { Expect::Absent },
            value: Stamped::again(text, line.revision),
            indexes: line.indexes.into_iter().map(entry).collect(),
        };
        self.bytes += text.len();
        self.batch.push(Transaction { mutations: vec![put] });
        if self.batch.len() < BATCH_OBJECTS && self.bytes < BATCH_BYTES {
            return Ok(());
        }
        self.write(number).await
    }

    /// Writes the batch, whose last object is on this line.
    async fn write(&mut self, last: u64) -> Result<()> {
        if self.batch.is_empty() {
            return Ok(());
        }
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        let names: Vec<_> = batch.iter().flat_map(|it| &it.mutations).map(|it| it.key().to_buf()).collect();
        for (outcome, key) in self.store.commit(batch).await?.into_iter().zip(names) {
            match outcome {
                Outcome::Committed { .. } => self.done.objects += 1,
                Outcome::Conflict { .. } if self.existing == Existing::Keep => self.done.kept += 1,
                Outcome::Conflict { .. } => {
                    let text = format!("{} {}/{} is there already", key.resource, key.namespace, key.name);
                    return Err(at_line(last, &format!("up to here: {text}")));
                }
            }
        }
        Ok(())
    }
}

/// Reads a line, which must end.
fn read_line(input: &mut (dyn BufRead + Send), text: &mut Vec<u8>, line: u64) -> Result<()> {
    text.clear();
    let read = input.take(MAX_LINE_BYTES).read_until(b'\n', text).map_err(|error| at_line(line, &error))?;
    if text.last() == Some(&b'\n') {
        return Ok(());
    }
    if read as u64 == MAX_LINE_BYTES {
        return Err(at_line(line, &format!("it is longer than {MAX_LINE_BYTES} bytes")));
    }
    Err(at_line(line, &"the export ends before it says that it does; it was cut short"))
}

fn at_line(line: u64, what: &dyn std::fmt::Display) -> Error {
    Error::Transfer { line, reason: what.to_string() }
}
