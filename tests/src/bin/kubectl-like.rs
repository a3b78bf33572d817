//! A program with the whole command line and no kinds of its own: what a transcript of kubectl is replayed with.

fn main() -> std::process::ExitCode {
    k1s_tests::kubectl_like(std::env::args_os().skip(1))
}
