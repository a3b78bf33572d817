//! The committed table of functions is that of the declarations.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::path::Path;

/// `K1S_UPDATE=1 cargo test -p k1s-cel --test functions` writes the file anew.
#[test]
fn the_table_of_functions_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("FUNCTIONS.md");
    let made = k1s_cel::functions::reference();
    if std::env::var_os("K1S_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == made,
        "FUNCTIONS.md is not that of the declarations: run the test with K1S_UPDATE=1"
    );
    for listed in [
        "`int + int`",
        "`A == A`",
        "`bool ? A : A`",
        "`list(A).distinct()`",
        "`sets.contains(list(A), list(A))`",
    ] {
        assert!(made.contains(listed), "{listed}");
    }
    assert!(!made.contains("@in") && !made.contains("mapInsert"));
}
