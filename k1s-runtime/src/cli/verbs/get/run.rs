//! From the arguments to one of the three ways to show objects: tables, objects as they are, or a watch.

use super::{GetArgs, generic, tables, watch};
use crate::api::jsonpath::JsonPath;
use crate::cli::context::Context;
use crate::cli::error::Error;

/// Runs `get`.
pub(crate) fn run(args: &GetArgs, context: &mut Context<'_>) -> Result<(), Error> {
    args.check(context)?;
    let selected = args.selection().resolve(context)?;
    if args.watches() {
        return watch::watch(args, &selected, context);
    }
    let sort = args.sort_by.as_deref().map(SortField::parse).transpose()?;
    if args.is_for_people() {
        tables::print(args, &selected, sort.as_ref(), context)
    } else {
        generic::print(args, &selected, sort.as_ref(), context)
    }
}

/// A field to sort by.
pub(super) struct SortField {
    /// As it is named in messages.
    pub text: String,
    path: JsonPath,
}

impl SortField {
    fn parse(text: &str) -> Result<Self, Error> {
        let path = JsonPath::relaxed(text).map_err(|error| Error::message(error.to_string()))?;
        let inner = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
        let inner = inner.strip_prefix('.').unwrap_or(inner);
        Ok(Self { text: format!("{{.{inner}}}"), path })
    }

    /// What an object is sorted by; `None` if it does not have the field.
    pub(super) fn key(&self, object: &serde_json::Value) -> Result<Option<serde_json::Value>, Error> {
        let found = self.path.first(object).map_err(|error| Error::message(error.to_string()))?;
        Ok(found.map(std::borrow::Cow::into_owned))
    }
}

/// What is left of errors when objects that are not there are none.
pub(super) fn without_not_found(result: Result<(), Error>) -> Result<(), Error> {
    match result {
        Err(Error::Aggregate(errors)) => {
            let left = errors.into_iter().filter_map(|error| without_not_found(Err(error)).err());
            Error::collect(left.collect())
        }
        Err(error) if error.is_not_found() => Ok(()),
        other => other,
    }
}
