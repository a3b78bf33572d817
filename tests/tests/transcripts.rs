//! The command line answers as recordings of kubectl do, as far as the committed baseline says. After an improvement the
//! baseline is written anew, see `src/bin/transcripts.rs`.

use std::path::Path;

use k1s_tests::transcripts::{Baseline, Replayer, load, show};

#[test]
fn agreement_with_kubectl_does_not_fall() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    let baseline = Baseline::load(&corpus.join("kubectl-baseline.json")).unwrap();
    let scenarios = load(&[corpus.join("kubectl")]).unwrap();
    let replayer = Replayer::new(env!("CARGO_BIN_EXE_kubectl-like"), Vec::new());
    let mut differences = String::new();
    for transcript in replayer.run_all(&scenarios).unwrap() {
        for index in baseline.regressions(&transcript) {
            differences.push_str(&show(&transcript.name, index, &transcript.steps[index]));
        }
        let better = baseline.improvements(&transcript);
        if !better.is_empty() {
            println!("{}: steps {better:?} agree now; the baseline can be tightened", transcript.name);
        }
    }
    assert!(differences.is_empty(), "steps that agreed before, or are new, differ:\n{differences}");
}
