//! What a writing verb says about an object: `item/bolt created`, or the object itself with `-o`.

use serde_json::{Value, json};

use super::context::Context;
use super::error::Error;
use super::print::{Format, ObjectPrinter, PrintFlags, Purpose, name_of};
use super::write::Strategy;
use crate::Object;

/// Prints outcomes in the format that was asked for.
pub(crate) struct Outcomes {
    printer: ObjectPrinter,
    suffix: &'static str,
}

impl Outcomes {
    /// Reads `-o` and its like. Of a dry run it is said that it was one.
    ///
    /// # Errors
    /// When there is no such format.
    pub(crate) fn new(flags: &PrintFlags, strategy: Strategy, context: &Context<'_>) -> Result<Self, Error> {
        let format = flags.format(Purpose::Answer, context)?;
        Ok(Self { printer: ObjectPrinter::new(format, flags), suffix: strategy.suffix() })
    }

    /// Whether objects are printed whole.
    pub(crate) fn shows_objects(&self) -> bool {
        !matches!(self.printer.format(), Format::Human | Format::Name)
    }

    /// Prints the object, or what was done to it.
    ///
    /// # Errors
    /// Those of standard output and of templates.
    pub(crate) fn print(
        &mut self,
        object: &Object,
        operation: &str,
        context: &mut Context<'_>,
    ) -> Result<(), Error> {
        match self.printer.format() {
            Format::Human => writeln!(context.out(), "{} {operation}{}", name_of(object), self.suffix)?,
            Format::Name => writeln!(context.out(), "{}", name_of(object))?,
            _ => self.printer.print(Value::Object(object.0.clone()), context)?,
        }
        Ok(())
    }

    /// Prints one object as itself, and several as a list.
    ///
    /// # Errors
    /// As [`Outcomes::print`].
    pub(crate) fn print_all(&mut self, objects: Vec<Object>, context: &mut Context<'_>) -> Result<(), Error> {
        let mut values: Vec<Value> = objects.into_iter().map(Object::into_value).collect();
        let value = match values.len() {
            0 => return Ok(()),
            1 => values.remove(0),
            _ => json!({"apiVersion": "v1", "items": values, "kind": "List", "metadata": {}}),
        };
        self.printer.print(value, context)
    }
}
