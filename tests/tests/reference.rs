//! The book's reference of commands is what the programs' own tables say.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

use k1s_runtime::cli::App;
use k1s_tests::reference::commands;

const HEAD: &str = "<!-- Generated from the programs' own tables by scripts/update-reference; do not edit. -->

# Reference: commands

`k1s-gen` is the generator and validator. What [`App`](cli.md) makes of kinds is called `shop` here: your program has its own name. An
argument that ends with `...` may be given several times.

";

#[test]
fn the_reference_of_commands_is_up_to_date() {
    let shop =
        App::new("shop").about("A program that is made of kinds with `k1s_runtime::cli::App`").command();
    let generator = k1s_gen::cli::command();
    let page = format!("{HEAD}{}\n{}", commands(&generator), commands(&shop));
    for (program, needed) in [(&generator, ["crd", "check", "docs"]), (&shop, ["get", "apply", "wait"])] {
        for name in needed {
            assert!(page.contains(&format!("### `{} {name}`", program.get_name())), "{name} is not there");
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/reference-commands.md");
    if std::env::var_os("K1S_BLESS").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(page == found, "docs/reference-commands.md is stale: run scripts/update-reference");
}
