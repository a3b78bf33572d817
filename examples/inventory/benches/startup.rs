//! What one command costs as a whole process, beside a process that opens LMDB, reads one value and prints it.
//!
//! `cargo bench -p inventory --bench startup`
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]
#![expect(
    unsafe_code,
    reason = "the floor is bare LMDB, which only opens so; the directories are this program's own"
)]

#[path = "../../../tests/benches/kit/mod.rs"]
mod kit;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use kit::{Floor, Gate, alternate, heading, report};

const PROGRAM: &str = env!("CARGO_BIN_EXE_inventory");
/// What makes this program the floor, with a directory and a key after it.
const FLOOR: &str = "--floor";
const NAME: &str = "startup";
const MANIFEST: &str = "apiVersion: inventory.example.com/v1alpha1
kind: Item
metadata: {name: startup}
spec: {name: A spanner, category: hand-tools, quantity: 3}
";

fn main() {
    let arguments: Vec<_> = std::env::args().collect();
    if let [_, flag, directory, key] = arguments.as_slice()
        && flag == FLOOR
    {
        let floor = Floor::open(Path::new(directory));
        floor.get(key, |text| println!("{}", String::from_utf8_lossy(text)));
        return;
    }
    let directory = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (bare, store) = (directory.path().join("floor"), directory.path().join("store"));
    let manifest = directory.path().join("item.yaml");
    std::fs::write(&manifest, MANIFEST).unwrap();
    run(ours(&store).arg("apply").arg("-f").arg(&manifest));
    Floor::open(&bare).put(&[(NAME.to_owned(), MANIFEST.into())]);
    heading("whole process");
    for format in ["name", "yaml", "wide"] {
        let what = format!("get item NAME -o {format}");
        let (floor, own) =
            alternate(101, |_| run(&mut itself(&bare)), |_| run(ours(&store).args(get(format))));
        report(&what, Some(floor), own, Gate::Time(Duration::from_millis(5)));
    }
    #[cfg(target_os = "linux")]
    memory::report(&mut itself(&bare), ours(&store).args(get("yaml")));
}

fn get(format: &str) -> [&str; 5] {
    ["get", "item", NAME, "-o", format]
}

fn itself(directory: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.arg(FLOOR).arg(directory).arg(NAME);
    command
}

fn ours(store: &Path) -> Command {
    let mut command = Command::new(PROGRAM);
    command.arg("--store").arg(store);
    command
}

fn run(command: &mut Command) {
    let status = command.stdout(Stdio::null()).status().unwrap();
    assert!(status.success(), "{command:?}");
}

/// Peak resident memory of a command: read while it waits for room to print its answer.
#[cfg(target_os = "linux")]
mod memory {
    use std::io::{Read, Write};
    use std::process::Command;
    use std::thread;
    use std::time::Duration;

    /// What a pipe holds on Linux.
    const PIPE_BYTES: usize = 64 * 1024;
    const LIMIT_KIB: u64 = 10 * 1024;

    pub(super) fn report(floor: &mut Command, ours: &mut Command) {
        let (floor, ours) = (peak_kib(floor), peak_kib(ours));
        let verdict = if ours <= LIMIT_KIB { "ok" } else { "MISSED" };
        println!("peak memory: floor {floor} KiB, ours {ours} KiB, <= {LIMIT_KIB} KiB  {verdict}");
    }

    fn peak_kib(command: &mut Command) -> u64 {
        let (mut reader, mut writer) = std::io::pipe().unwrap();
        writer.write_all(&vec![0; PIPE_BYTES]).unwrap();
        let mut child = command.stdout(writer).spawn().unwrap();
        // The command would hold a writing end for as long as it lives.
        command.stdout(std::process::Stdio::null());
        thread::sleep(Duration::from_millis(500));
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
        let drain = thread::spawn(move || reader.read_to_end(&mut Vec::new()).unwrap());
        assert!(child.wait().unwrap().success());
        drain.join().unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        peak.trim().trim_end_matches(" kB").parse().unwrap()
    }
}
