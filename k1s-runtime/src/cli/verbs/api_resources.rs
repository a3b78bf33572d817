//! `api-resources`: which kinds of objects there are, each in its preferred version.

use std::sync::Arc;

use crate::api::ResourceDefinition;
use crate::cli::context::Context;
use crate::cli::error::Error;
use crate::cli::flags::parse_bool;
use crate::cli::print::layout::Layout;

/// What can be done to a custom resource, in the API server's order.
const CUSTOM_VERBS: [&str; 8] =
    ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];

/// What can be done to a built-in kind.
const BUILT_IN_VERBS: [&str; 8] =
    ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

/// Arguments of `api-resources`.
#[derive(clap::Args)]
pub(crate) struct ApiResourcesArgs {
    #[arg(hide = true)]
    extra: Vec<String>,
    /// Only kinds of this group.
    #[arg(long, value_name = "GROUP")]
    api_group: Option<String>,
    /// Only kinds whose objects live in namespaces; with =false only others.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_parser = parse_bool)]
    namespaced: Option<bool>,
    /// Only kinds that all of this can be done to.
    #[arg(long, value_delimiter = ',', value_name = "VERB")]
    verbs: Vec<String>,
    /// Only kinds in all of these categories.
    #[arg(long, value_delimiter = ',', value_name = "CATEGORY")]
    categories: Vec<String>,
    /// Sort by name or kind instead of by group.
    #[arg(long, default_value = "", value_name = "name|kind")]
    sort_by: String,
    /// Leave out the line of headers.
    #[arg(long)]
    no_headers: bool,
    /// Output format: wide or name.
    #[arg(short, long, default_value = "", value_name = "FORMAT")]
    output: String,
    /// Without effect: nothing is cached.
    #[arg(long, hide = true)]
    cached: bool,
}

pub(crate) fn run(args: &ApiResourcesArgs, context: &mut Context<'_>) -> Result<(), Error> {
    if !args.extra.is_empty() {
        let text = format!("unexpected arguments: [{}]", args.extra.join(" "));
        return Err(context.usage_error("api-resources", &text));
    }
    if !["", "wide", "name"].contains(&args.output.as_str()) {
        return Err(Error::message(format!("--output {} is not available", args.output)));
    }
    if !["", "name", "kind"].contains(&args.sort_by.as_str()) {
        return Err(Error::message("--sort-by accepts only name or kind"));
    }
    let found = find(args, context)?;
    if args.output == "name" {
        for definition in &found {
            writeln!(context.out(), "{}", definition.qualified_resource())?;
        }
        return Ok(());
    }
    let wide = args.output == "wide";
    let mut layout = Layout::default();
    if !args.no_headers {
        let headers = ["NAME", "SHORTNAMES", "APIVERSION", "NAMESPACED", "KIND", "VERBS", "CATEGORIES"];
        layout.row(headers[..if wide { 7 } else { 5 }].iter().map(|&header| header.to_owned()).collect());
    }
    for definition in &found {
        layout.row(row(definition, wide));
    }
    Ok(layout.flush(context.out())?)
}

/// The kinds that were asked for, in order.
fn find(args: &ApiResourcesArgs, context: &mut Context<'_>) -> Result<Vec<Arc<ResourceDefinition>>, Error> {
    let mut found: Vec<Arc<ResourceDefinition>> = Vec::new();
    for definition in context.served_kinds()?.definitions() {
        let verbs = verbs(&definition);
        let wanted = definition.served
            && args.api_group.as_ref().is_none_or(|group| *group == definition.group)
            && args.namespaced.is_none_or(|namespaced| namespaced == definition.is_namespaced())
            && args.verbs.iter().all(|verb| verbs.contains(&verb.as_str()))
            && args.categories.iter().all(|category| definition.categories.contains(category));
        // The preferred version of a kind comes first.
        let seen = found.iter().any(|known| known.group == definition.group && known.kind == definition.kind);
        if wanted && !seen {
            found.push(definition);
        }
    }
    found.sort_by(|a, b| {
        let by = |definition: &ResourceDefinition| match args.sort_by.as_str() {
            "name" => definition.plural.clone(),
            "kind" => definition.kind.clone(),
            _ => definition.group.clone(),
        };
        by(a).cmp(&by(b)).then_with(|| a.plural.cmp(&b.plural))
    });
    Ok(found)
}

fn row(definition: &ResourceDefinition, wide: bool) -> Vec<String> {
    let mut cells = vec![
        definition.plural.clone(),
        definition.short_names.join(","),
        definition.api_version(),
        definition.is_namespaced().to_string(),
        definition.kind.clone(),
    ];
    if wide {
        cells.push(verbs(definition).join(","));
        cells.push(definition.categories.join(","));
    }
    cells
}

fn verbs(definition: &ResourceDefinition) -> Vec<&'static str> {
    match (definition.group.as_str(), definition.kind.as_str()) {
        ("", "Namespace") => BUILT_IN_VERBS.into_iter().filter(|verb| *verb != "deletecollection").collect(),
        ("" | "apiextensions.k8s.io", _) => BUILT_IN_VERBS.to_vec(),
        _ => CUSTOM_VERBS.to_vec(),
    }
}
