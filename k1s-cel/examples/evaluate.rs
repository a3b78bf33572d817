//! Evaluates an expression on a JSON value, and says what it costs.
//!
//! `echo '{"min": 1, "max": 3}' | cargo run -q -p k1s-cel --example evaluate -- 'self.min <= self.max'`
//!
//! With a second argument, the path of a file with a structural schema in JSON, the expression is checked against it; without, `self` is
//! of any type.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a program for the command line")]

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;

use k1s_cel::schema::Schema;
use k1s_cel::ty::Type;
use k1s_cel::{Env, Program, Value};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let expression = arguments.next().ok_or("usage: evaluate EXPRESSION [SCHEMA.json] < OBJECT.json")?;
    let schema = match arguments.next() {
        Some(path) => {
            Some(Schema::from_json(&serde_json::from_str(&std::fs::read_to_string(path)?)?, false)?)
        }
        None => None,
    };
    let object = serde_json::from_reader(std::io::stdin())?;

    let env = match &schema {
        Some(schema) => {
            let ty =
                Type::of_schema(schema, "object").ok_or("expressions do not see values of this schema")?;
            Env::new().with_schema("self", ty, Arc::clone(schema))
        }
        None => Env::new().with("self", Type::Dyn),
    };
    let checked = env.check(&expression).map_err(|issues| issues.with_hints())?;
    let program = Program::new(&checked)?;
    let value = match &schema {
        Some(schema) => Value::typed(&object, schema),
        None => Ok(Value::from_json(&object)),
    };
    let evaluation = program.run(&[Some(value)]);
    println!("{:?}", evaluation.result?);
    println!(
        "type {}, cost {}, estimated at most {}",
        checked.result_type(),
        evaluation.cost,
        checked.estimate(&env).max
    );
    Ok(())
}
