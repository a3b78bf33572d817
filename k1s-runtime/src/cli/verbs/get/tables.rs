//! `get` for people: a table for each kind.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use super::GetArgs;
use super::run::{SortField, without_not_found};
use crate::api::ResourceDefinition;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::print::sort::sort_by_key;
use crate::cli::print::table::{Row, TableOptions, TablePrinter};
use crate::cli::resources::{Selected, Source};
use crate::client::table::Table;

/// Rows of one kind that follow one another.
struct Group {
    definition: Arc<ResourceDefinition>,
    table: Table,
    rows: Vec<(Option<Value>, Row)>,
}

/// Prints what was selected as tables.
pub(super) fn print(
    args: &GetArgs,
    selected: &Selected,
    sort: Option<&SortField>,
    context: &mut Context<'_>,
) -> Result<(), Error> {
    let options = args.table_options();
    let (mut groups, result) = collect(selected, &options, sort, context)?;
    let result = if args.ignore_not_found { without_not_found(result) } else { result };
    if let Some(sort) = sort {
        groups.iter_mut().try_for_each(|group| sort_by_key(&mut group.rows, &sort.text))?;
    }
    let printed = print_groups(args, selected, &groups, options, context)?;
    if !printed && !args.ignore_not_found && result.is_ok() {
        let mut kinds = listed(selected).chain(groups.iter().map(|group| &group.definition));
        if !args.all_namespaces && kinds.all(|definition| definition.is_namespaced()) {
            let namespace = context.namespace().to_owned();
            writeln!(context.err()?, "No resources found in {namespace} namespace.")?;
        } else {
            writeln!(context.err()?, "No resources found")?;
        }
    }
    match result {
        // What is wrong with a file comes as a list in a list, which takes the `error: ` away.
        Err(error @ Error::Message(_)) if selected.from_files => {
            Err(Error::Aggregate(vec![Error::Aggregate(vec![error])]))
        }
        result => result,
    }
}

/// Reads the objects, keeping of each no more than its row; and what went wrong.
fn collect(
    selected: &Selected,
    options: &TableOptions,
    sort: Option<&SortField>,
    context: &mut Context<'_>,
) -> Result<(Vec<Group>, Result<(), Error>), Error> {
    let now = Timestamp::now();
    let mut groups: Vec<Group> = Vec::new();
    let result = selected.visit(context, &mut |_, info| {
        if groups.last().is_none_or(|group| group.definition.gvk() != info.definition.gvk()) {
            let table = Table::new(&info.definition);
            groups.push(Group { definition: info.definition.clone(), table, rows: Vec::new() });
        }
        let object = info.object.into_value();
        let key = sort.map(|sort| sort.key(&object)).transpose()?.flatten();
        if let Some(group) = groups.last_mut() {
            group.rows.push((key, options.row(&group.table, &object, now)));
        }
        Ok(())
    });
    match result {
        Err(error @ (Error::Output(_) | Error::Exit(_))) => Err(error),
        result => Ok((groups, result)),
    }
}

/// Prints the groups, an empty line between two; answers whether there was anything to print.
fn print_groups(
    args: &GetArgs,
    selected: &Selected,
    groups: &[Group],
    mut options: TableOptions,
    context: &mut Context<'_>,
) -> Result<bool, Error> {
    let mut kinds = listed(selected).chain(groups.iter().map(|group| &group.definition)).map(|d| d.gvk());
    let first = kinds.next();
    options.kind |= kinds.any(|kind| Some(&kind) != first.as_ref());
    let mut printed = false;
    for group in groups {
        // Once there is a namespace column, the tables after it have one, too.
        options.namespace |= args.all_namespaces && group.definition.is_namespaced();
        if printed && !args.no_headers {
            context.out().write_all(b"\n")?;
        }
        let mut printer = TablePrinter::new(&group.table, &group.definition, options.clone());
        group.rows.iter().for_each(|(_, row)| printer.row(row, None));
        printer.flush(context)?;
        printed = true;
    }
    Ok(printed)
}

/// The kinds that were asked for as such; they count even where there are no objects.
fn listed(selected: &Selected) -> impl Iterator<Item = &Arc<ResourceDefinition>> {
    selected.sources.iter().filter_map(|source| match source {
        Source::Listed(listed) => Some(&listed.definition),
        Source::Named(_) | Source::File(_) => None,
    })
}
