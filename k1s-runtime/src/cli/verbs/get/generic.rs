//! `get` for scripts: objects as they are, one alone or several as a list.

use serde_json::Value;

use super::GetArgs;
use super::run::{SortField, without_not_found};
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::print::sort::sort_by_key;
use crate::cli::print::{ListPrinter, ObjectPrinter, Purpose};
use crate::cli::resources::Selected;

/// Prints what was selected in the format that was asked for.
pub(super) fn print(
    args: &GetArgs,
    selected: &Selected,
    sort: Option<&SortField>,
    context: &mut Context<'_>,
) -> Result<(), Error> {
    let format = args.print.format(Purpose::Get, context)?;
    let printer = ObjectPrinter::new(format, &args.print).no_headers(args.no_headers);
    let filter = |result: Result<(), Error>| {
        let result = result.map_err(Error::flattened);
        if args.ignore_not_found { without_not_found(result) } else { result }
    };
    if selected.single_item_implied || sort.is_some() {
        let mut objects = Vec::new();
        let result = filter(selected.visit(context, &mut |_, info| {
            let object = info.object.into_value();
            let key = sort.map(|sort| sort.key(&object)).transpose()?.flatten();
            objects.push((key, object));
            Ok(())
        }));
        if selected.single_item_implied && result.is_err() {
            return result;
        }
        if let Some(sort) = sort.filter(|_| objects.len() > 1) {
            sort_by_key(&mut objects, &sort.text)?;
        }
        let single = selected.single_item_implied && objects.len() == 1;
        print_all(args, printer, objects.into_iter().map(|(_, object)| object), single, context)?;
        return result;
    }
    let mut list = ListPrinter::new(printer, &args.print);
    let mut empty = true;
    let result = filter(selected.visit(context, &mut |context, info| {
        empty = false;
        list.item(info.object.into_value(), context)
    }));
    if let Err(Error::Output(_) | Error::Exit(_)) = result {
        return result;
    }
    if !(empty && args.ignore_not_found) {
        list.end(context)?;
    }
    result
}

fn print_all(
    args: &GetArgs,
    mut printer: ObjectPrinter,
    mut objects: impl ExactSizeIterator<Item = Value>,
    single: bool,
    context: &mut Context<'_>,
) -> Result<(), Error> {
    if objects.len() == 0 && args.ignore_not_found {
        return Ok(());
    }
    if let Some(object) = single.then(|| objects.next()).flatten() {
        return printer.print(object, context);
    }
    let mut list = ListPrinter::new(printer, &args.print);
    objects.try_for_each(|object| list.item(object, context))?;
    list.end(context)
}
