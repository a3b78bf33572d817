//! The program is killed at random moments during a bulk apply. What it had printed as created is an acknowledgement and must be there
//! afterwards, and the store must be readable and writable as if nothing had happened.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs::File;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::support::{inventory, run, stdout};

const ROUNDS: usize = 50;
const OBJECTS: usize = 1_500;

/// A file of objects whose names carry the round.
fn write_manifests(path: &Path, round: usize) {
    let mut text = String::new();
    for index in 0..OBJECTS {
        let _ = write!(
            text,
            "---\napiVersion: inventory.example.com/v1alpha1\nkind: Item\nmetadata:\n  name: r{round}-{index}\nspec:\n  name: Item {index}\n  category: crash\n"
        );
    }
    std::fs::write(path, text).unwrap();
}

fn names(store: &Path) -> HashSet<String> {
    stdout(store, &["get", "items", "-o", "name"]).lines().map(str::to_owned).collect()
}

/// Small and good enough: moments only have to be spread, not secret.
struct Moments(u64);

impl Moments {
    fn next_below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit.max(1)
    }
}

#[test]
fn nothing_acknowledged_is_lost_when_the_program_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, manifest) = (folder.path().join("store"), folder.path().join("items.yaml"));
    write_manifests(&manifest, ROUNDS);
    let apply = ["apply", "-f", manifest.to_str().unwrap()];

    // How long an undisturbed run takes decides where the moments lie.
    let started = Instant::now();
    assert_eq!(stdout(&store, &apply).lines().count(), OBJECTS);
    let whole = started.elapsed();

    let mut moments = Moments(u64::from(std::process::id()));
    let mut acknowledged = names(&store);
    let mut interrupted = 0;
    for round in 0..ROUNDS {
        write_manifests(&manifest, round);
        // A file and not a pipe: a full pipe would stop the program where it stands.
        let acknowledgements = folder.path().join("stdout");
        let stdout = Stdio::from(File::create(&acknowledgements).unwrap());
        let mut child = inventory(&store).args(apply).stdout(stdout).stderr(Stdio::null()).spawn().unwrap();
        let delay = moments.next_below(u64::try_from(whole.as_micros()).unwrap());
        std::thread::sleep(Duration::from_micros(delay));
        child.kill().unwrap();
        let finished = child.wait().unwrap().success();
        interrupted += usize::from(!finished);
        let printed = std::fs::read_to_string(&acknowledgements).unwrap();

        // A line that was cut off is no acknowledgement.
        let whole_lines = printed.rfind('\n').map_or("", |end| &printed[..end]);
        let printed = whole_lines.lines().filter_map(|line| line.strip_suffix(" created")).map(str::to_owned);
        acknowledged.extend(printed);
        let there = names(&store);
        let lost: Vec<_> = acknowledged.difference(&there).collect();
        assert!(
            lost.is_empty(),
            "round {round}, after {delay} µs: lost {} objects, as {:?}",
            lost.len(),
            lost[0]
        );
        acknowledged = there;
    }
    assert!(interrupted > ROUNDS / 4, "only {interrupted} of {ROUNDS} runs were interrupted");

    // And the store goes on working.
    assert_eq!(run(&store, &apply).status.code(), Some(0));
    assert!(acknowledged.len() >= OBJECTS);
}
