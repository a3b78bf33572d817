//! Rules are checked or refused, and a rule that is refused is refused with the same words again.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| {
    let Some((case, rule)) = k1s_cel_fuzz::choose(input) else { return };
    match case.env.check(rule) {
        Ok(checked) => assert!(!checked.result_type().to_string().is_empty()),
        Err(issues) => {
            let again = case.env.check(rule).err().map(|issues| issues.to_string());
            assert_eq!(Some(issues.to_string()), again);
        }
    }
});
