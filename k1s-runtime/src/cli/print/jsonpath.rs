//! `-o jsonpath=`: a template's result for an object.

use serde_json::Value;

use crate::api::jsonpath;
use crate::cli::error::{Error, quoted};
use crate::manifest;

/// A parsed template, and how its result is shown.
#[derive(Debug)]
pub(crate) struct Template {
    text: String,
    parsed: jsonpath::Template,
    as_json: bool,
    lenient: bool,
}

impl Template {
    /// Parses a template. `as_json` shows results as JSON lists; `lenient` lets missing fields select nothing.
    ///
    /// # Errors
    /// What kubectl says of a malformed one.
    pub(crate) fn parse(text: &str, as_json: bool, lenient: bool) -> Result<Self, Error> {
        let parsed = jsonpath::Template::parse(text)
            .map_err(|error| Error::message(format!("error parsing jsonpath {text}, {error}\n")))?;
        Ok(Self { text: text.to_owned(), parsed, as_json, lenient })
    }

    /// The template's result.
    ///
    /// # Errors
    /// When it does not fit the object.
    pub(crate) fn execute(&self, object: &Value) -> Result<String, Error> {
        let result = if self.as_json {
            self.parsed.render_json(object, self.lenient)
        } else {
            self.parsed.render(object, self.lenient)
        };
        result.map_err(|error| {
            Error::message(format!(
                "error executing jsonpath {}: Error executing template: {error}. Printing more information for debugging \
                 the template:\n\ttemplate was:\n\t\t{}\n\tobject given to jsonpath engine was:\n\t\t{}\n\n\n",
                quoted(&self.text),
                self.text,
                manifest::to_json_compact(object)
            ))
        })
    }
}
