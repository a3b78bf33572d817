//! Wrong use is a compile error at the attribute, with a hint.

#[test]
fn wrong_use_is_refused() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
