//! The client answers as recordings of kube-apiserver do, as far as the committed baseline says, on every backend. After an
//! improvement the baseline is written anew, see `src/bin/replay.rs`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking and may tell good news"
)]

use std::path::Path;

use k1s_tests::replay::{Backend, Score, read_baseline, replay, validate};

fn agreement_does_not_fall(backend: Backend) {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let baseline = read_baseline(&corpus.join("replay-baseline.json")).unwrap();
    let parts = ["apply", "cel", "schema", "semantics", "watch"].map(|part| corpus.join(part));
    let report = replay(&parts, backend, None).unwrap();
    assert_eq!(report.scenarios, baseline.len(), "scenarios were added or removed without a new baseline");
    let mut worse = String::new();
    for (name, score) in &report.by_scenario {
        let before = baseline.get(name).copied().unwrap_or(Score { steps: usize::MAX, ..Score::default() });
        if score.is_worse_than(&before) {
            worse.push_str(&format!("{name}: {before} before, now {score}\n"));
            for difference in report.differences.iter().filter(|difference| difference.scenario == *name) {
                worse.push_str(&format!("{difference}\n"));
            }
        } else if *score != before {
            println!("{name}: {score} now; the baseline can be tightened");
        }
    }
    assert!(worse.is_empty(), "agreement has fallen:\n{worse}");
}

#[test]
fn agreement_in_memory_does_not_fall() {
    agreement_does_not_fall(Backend::Memory);
}

#[test]
fn agreement_in_lmdb_does_not_fall() {
    agreement_does_not_fall(Backend::Lmdb);
}

#[test]
fn manifests_are_validated_as_the_server_admits_them() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let corpus = ["schema", "cel"].map(|part| corpus.join(part));
    let agreement = validate(&corpus, None).unwrap();
    let shown: Vec<String> = agreement.differences.iter().map(ToString::to_string).collect();
    assert_eq!(shown, Vec::<String>::new());
    assert_eq!((agreement.verdict, agreement.causes), (agreement.steps, agreement.steps));
    assert!(agreement.steps > 1_500);
}
