//! Rules are parsed or refused, whatever they are; complaints can be printed, and trees are as shallow as the limits say.
#![no_main]

use k1s_cel::limits::Limits;
use k1s_cel::syntax::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|rule: &str| {
    match parse(rule, &Limits::default()) {
        Ok(ast) => assert!(!ast.is_empty() && ast.len() <= Limits::default().nodes),
        Err(issues) => assert!(!issues.is_empty() && !issues.to_string().is_empty()),
    }
});
