//! Files that were cut, overwritten or mixed up are refused, or are sound all the same; they never crash a program.

use std::path::Path;

use k1s_runtime::storage::Expect;

use super::kit::{Chance, Worker, commit, delete, key, open, put};
use super::{Failure, Job, Place, Result, ensure};

/// What can happen to a file.
#[derive(Clone, Copy, Debug)]
enum Kind {
    /// It ends anywhere.
    Cut,
    /// It ends with a page.
    CutAtPage,
    /// A bit is another.
    Bit,
    /// Some bytes are others.
    Bytes,
    /// A page is empty.
    Zeros,
    /// A page is full of anything.
    Noise,
    /// Two pages have changed places.
    Swap,
    /// A page is as it was earlier.
    Old,
    /// Everything after the first pages is something else.
    Garbage,
}

const KINDS: [Kind; 9] = [
    Kind::Cut,
    Kind::CutAtPage,
    Kind::Bit,
    Kind::Bytes,
    Kind::Zeros,
    Kind::Noise,
    Kind::Swap,
    Kind::Old,
    Kind::Garbage,
];

/// Damages a store's file in so many ways, each of which another process opens.
///
/// # Errors
/// When a process crashes, or uses a file that it should have refused.
pub fn damaged_files(place: &Place, count: u64) -> Result {
    let (old, whole) = files(&place.directory.join("whole"))?;
    let page = whole.get(40..44).and_then(|raw| raw.try_into().ok()).map_or(4096, u32::from_ne_bytes);
    let mut chance = Chance::new(place.seed);
    let (mut refused, mut sound) = (0, 0);
    for (number, kind) in (0..count).zip(KINDS.into_iter().cycle()) {
        let damaged = damage(kind, &whole, &old, page as usize, &mut chance);
        // Without verifying, only what is cut short or no store at all need be noticed.
        let unverified =
            matches!(kind, Kind::Cut | Kind::CutAtPage | Kind::Garbage).then_some(Job::InspectOnly);
        for job in [Some(Job::Inspect), unverified].into_iter().flatten() {
            let directory = place.directory.join("damaged");
            std::fs::create_dir_all(&directory)?;
            std::fs::write(directory.join("data.mdb"), &damaged)?;
            let what = format!("damage {number} ({kind:?}, {job:?}, seed {})", place.seed);
            let said = Worker::start(place, job, &directory, 0)?.finish(&what)?;
            match said.last().map(String::as_str) {
                Some("sound") => sound += 1,
                Some(line) if line.starts_with("refused") => refused += 1,
                _ => return Err(Failure::Broken(format!("{what}: {said:?}"))),
            }
            std::fs::remove_dir_all(&directory)?;
        }
    }
    ensure(count < 20 || refused > sound, || format!("only {refused} files were refused, {sound} were not"))?;
    Ok(format!("{count} damaged files: {refused} refused, {sound} sound where it matters, no crash"))
}

/// A store's file, and the same earlier.
fn files(directory: &Path) -> Result<(Vec<u8>, Vec<u8>)> {
    let store = open(directory)?;
    let file = directory.join("data.mdb");
    let mut old = Vec::new();
    for number in 0..200_u64 {
        let name = format!("n{}", number * 7 % 90);
        let padding = usize::try_from(number * number % 7_000).unwrap_or(0);
        commit(
            &store,
            vec![put(
                key(["left", "right"][usize::from(number % 2 == 0)], &name),
                Expect::Any,
                number,
                padding,
            )],
        )?;
        if number % 5 == 0 {
            commit(&store, vec![delete(key("left", &format!("n{}", number % 90)))])?;
        }
        if number == 150 {
            old = std::fs::read(&file)?;
        }
    }
    drop(store);
    Ok((old, std::fs::read(&file)?))
}

fn damage(kind: Kind, whole: &[u8], old: &[u8], page: usize, chance: &mut Chance) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let mut below = |limit: usize| usize::try_from(chance.below(limit as u64)).unwrap_or(0);
    let pages = whole.len() / page;
    let start = below(pages) * page;
    let other = below(pages) * page;
    match kind {
        Kind::Cut => bytes.truncate(below(whole.len())),
        Kind::CutAtPage => bytes.truncate(below(pages) * page),
        Kind::Bit => bytes[below(whole.len())] ^= 1 << below(8),
        Kind::Bytes => {
            // Where pages begin is what most depends on.
            let at = start + below(64);
            (at..at + 1 + below(8)).for_each(|at| bytes[at] = u8::try_from(below(256)).unwrap_or(0));
        }
        Kind::Zeros => bytes[start..start + page].fill(0),
        Kind::Noise => bytes[start..start + page].fill_with(|| u8::try_from(below(256)).unwrap_or(0)),
        Kind::Swap => {
            bytes.copy_within(start..start + page, other);
            bytes[start..start + page].copy_from_slice(&whole[other..other + page]);
        }
        Kind::Old => {
            let start = start.min(old.len() - page);
            bytes[start..start + page].copy_from_slice(&old[start..start + page]);
        }
        Kind::Garbage => bytes[2 * page..].fill(u8::try_from(below(256)).unwrap_or(0)),
    }
    bytes
}
