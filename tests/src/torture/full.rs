//! What is full says so, keeps what it has, and can be emptied: the map, the file that a process may write, the disk.

use k1s_runtime::storage::{Error, Expect, LmdbOptions, LmdbStorage};

use super::kit::{Worker, commit, delete, key, numbers, put};
use super::{Failure, Job, Place, Result, ensure};

/// Fills the map up to its limit.
///
/// # Errors
/// When it is not told so, or something acknowledged is not there.
pub fn full_map(place: &Place) -> Result {
    let directory = place.directory.join("full-map");
    let options = LmdbOptions { map_size: 0, max_map_size: 2 << 20, ..LmdbOptions::default() };
    let store = LmdbStorage::open(&directory, options)?;
    let name = |number: u64| format!("n{number:06}");
    let mut written = 0;
    for round in 0..3 {
        let error = loop {
            match commit(&store, vec![put(key("full", &name(written)), Expect::Absent, written, 20_000)]) {
                Ok(_) => written += 1,
                Err(error) => break error,
            }
        };
        ensure(matches!(error, Failure::Storage(Error::Full { .. })), || format!("round {round}: {error}"))?;
        let kept = numbers(&store)?;
        ensure(kept.last() == written.checked_sub(1).as_ref(), || {
            format!("round {round}: the last is lost")
        })?;
        for number in kept {
            commit(&store, vec![delete(key("full", &name(number)))])?;
        }
        store.check()?;
    }
    Ok(format!("the map was full three times, with {written} objects in all, and emptied"))
}

/// Fills the file up to what the process may write.
///
/// # Errors
/// As [`full_map`].
pub fn full_file(place: &Place) -> Result {
    // The signal would end the process before the error reaches it. Blocks of ulimit are of 512 bytes or of 1024.
    fill(
        place,
        "full-file",
        "trap '' XFSZ; ulimit -f 6000",
        Some("has reached the limit that this process has"),
    )
}

/// Fills a disk. Needs the right to mount one in memory.
///
/// # Errors
/// As [`full_map`].
pub fn full_disk(place: &Place) -> Result {
    let directory = place.directory.join("full-disk");
    std::fs::create_dir_all(&directory)?;
    let allowed = std::process::Command::new("unshare").args(["-m", "true"]).output();
    if !allowed.is_ok_and(|tried| tried.status.success()) {
        return Ok("left out: this user may not mount a disk of its own".to_owned());
    }
    // The mount is seen by this process alone and goes with it.
    let script = format!(
        "[ -n \"$K1S_MOUNTED\" ] || K1S_MOUNTED=1 exec unshare -m sh -c 'mount -t tmpfs -o size=6m tmpfs \"$0\" && exec \"$@\"' \
         \"{}\" \"$0\" \"$@\"",
        directory.display()
    );
    fill(place, "full-disk", &script, Some("no space is left"))
}

fn fill(place: &Place, name: &str, script: &str, text: Option<&str>) -> Result {
    let directory = place.directory.join(name);
    let worker = Worker::start_in(place, script, Job::Fill, &directory, 3_000)?;
    let said = worker.finish(name)?.join(" ");
    ensure(text.is_none_or(|text| said.contains(text)), || format!("{name}: {said}"))?;
    Ok(format!("{name}: after {said}, and it was used on"))
}
