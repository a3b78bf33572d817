//! What the words of a command line mean: `TYPE`, `TYPE NAME…`, `TYPE/NAME…`, comma lists and categories, with kubectl's
//! rules and its errors.

use std::sync::Arc;

use super::context::Context;
use super::error::{Error, quoted};
use crate::api::ResourceDefinition;
use crate::scheme::Wanted;

/// The positional words of a command, sorted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Words {
    /// Types, from `TYPE[,TYPE…]`.
    pub types: Vec<String>,
    /// Names, from `TYPE NAME…`.
    pub names: Vec<String>,
    /// Type and name, from `TYPE/NAME…` and from `TYPE,TYPE NAME…`.
    pub pairs: Vec<(String, String)>,
    /// The only type given was a category that has no members.
    pub empty_category: bool,
}

/// Sorts the positional words of a command.
///
/// # Errors
/// When the two notations are mixed, or a pair is not one type and one name.
pub(crate) fn sort(words: &[String], context: &mut Context<'_>) -> Result<Words, Error> {
    let words = pair_up(words);
    let with_slash = words.iter().filter(|word| word.contains('/')).count();
    let mut sorted = Words::default();
    if with_slash > 0 {
        if with_slash < words.len() {
            let name = context.name();
            return Err(Error::message(format!(
                "there is no need to specify a resource type as a separate argument when passing arguments in \
                 resource/name form (e.g. '{name} get resource/<resource_name>' instead of '{name} get resource \
                 resource/<resource_name>'"
            )));
        }
        for word in &words {
            sorted.pairs.push(split_pair(word)?);
        }
    } else if let Some((types, names)) = words.split_first() {
        names.clone_into(&mut sorted.names);
        for word in distinct(types) {
            match members(&word, context)? {
                Some(members) => {
                    sorted.types.extend(members.iter().map(|member| member.qualified_resource()));
                }
                None => sorted.types.push(word),
            }
        }
        sorted.empty_category = sorted.types.is_empty();
    }
    Ok(sorted)
}

/// The kind that a word names.
///
/// # Errors
/// When none is so called.
pub(crate) fn kind(word: &str, context: &mut Context<'_>) -> Result<Arc<ResourceDefinition>, Error> {
    // The program's own kinds are known without asking the store.
    if let Some(known) = context.app().scheme().find_resource(word) {
        return Ok(known);
    }
    if let Some(known) = context.kinds_named(word)?.find_resource(word) {
        return Ok(known);
    }
    let name = word.split('.').next().unwrap_or(word);
    if context.hints() {
        if let Some(near) = context.served_kinds()?.suggest(name).filter(|near| near != name) {
            context.hint(&format!("did you mean {}?", quoted(&near)));
        }
        context.hint_at_plugins(&Wanted::Word(word));
    }
    Err(Error::message(format!("the server doesn't have a resource type {}", quoted(name))))
}

/// The kinds that words name, each once, in the words' order.
///
/// # Errors
/// As [`kind`], for the first word that names none.
pub(crate) fn kinds(
    words: &[String],
    context: &mut Context<'_>,
) -> Result<Vec<Arc<ResourceDefinition>>, Error> {
    let mut found: Vec<Arc<ResourceDefinition>> = Vec::new();
    for word in words {
        let definition = kind(word, context)?;
        if !found.iter().any(|known| known.gvk() == definition.gvk()) {
            found.push(definition);
        }
    }
    Ok(found)
}

/// The members of a category; `None` if the word is none. `all` always is one.
fn members(word: &str, context: &mut Context<'_>) -> Result<Option<Vec<Arc<ResourceDefinition>>>, Error> {
    if context.app().scheme().find_resource(word).is_some() {
        return Ok(None);
    }
    let members = context.kinds_named(word)?.category(word);
    Ok((!members.is_empty() || word == "all").then_some(members))
}

/// `a,b c d` as `a/c a/d b/c b/d`.
fn pair_up(words: &[String]) -> Vec<String> {
    let Some((first, names)) = words.split_first() else { return Vec::new() };
    let types = distinct(first);
    if names.is_empty() || types.len() < 2 {
        return words.to_vec();
    }
    types.iter().flat_map(|word| names.iter().map(move |name| format!("{word}/{name}"))).collect()
}

fn distinct(list: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in list.split(',') {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}

fn split_pair(word: &str) -> Result<(String, String), Error> {
    let parts: Vec<&str> = word.split('/').collect();
    let &[kind, name] = parts.as_slice() else {
        return Err(Error::message("arguments in resource/name form may not have more than one slash"));
    };
    if kind.is_empty() || name.is_empty() || distinct(kind).len() != 1 {
        return Err(Error::message("arguments in resource/name form must have a single resource and name"));
    }
    Ok((kind.to_owned(), name.to_owned()))
}
