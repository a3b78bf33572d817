//! Which objects a command is about: the words, files and selectors of its command line, resolved by kubectl's rules.
//!
//! A verb fills in a [`Selection`], resolves it (every error up to there stops the command) and visits what it found
//! (errors from there on are collected, and the visit goes on).

use std::sync::Arc;

use super::context::Context;
use super::error::Error;
use super::files::{self, FileFlags, FileSource};
use super::words::{self, Words};
use crate::Object;
use crate::api::{LabelSelector, RawObject, ResourceDefinition};
use crate::client::Subresource;

/// What a command line says about the objects it means.
#[derive(Default)]
pub(crate) struct Selection<'a> {
    /// Positional words.
    pub words: &'a [String],
    /// `-f` and its like.
    pub files: FileFlags,
    /// `-l`.
    pub labels: Option<&'a str>,
    /// `--field-selector`.
    pub fields: Option<&'a str>,
    /// `--all`: a type alone means all of its objects, whatever their labels.
    pub all: bool,
    /// `-A`.
    pub all_namespaces: bool,
    /// A type alone means all of its objects, also without `--all`.
    pub types_alone: bool,
    /// Only one type may be named.
    pub single_type: bool,
    /// What to read of a named object instead of the object.
    pub subresource: Option<Subresource>,
    /// Named objects are not read: their names are enough.
    pub names_only: bool,
    /// Objects in files are read from the store before they are visited.
    pub latest: bool,
    /// Objects in files must say what they are; see [`files::Checks`].
    pub checks: files::Checks,
    /// How many objects to ask for at once; 0 asks for all.
    pub chunk_size: usize,
}

/// What is done with each of several things; an error ends it.
pub(crate) type Each<'f, 'c, T> = dyn FnMut(&mut Context<'c>, T) -> Result<(), Error> + 'f;

/// A resolved [`Selection`].
pub(crate) struct Selected {
    /// Where the objects come from, in the order of the command line.
    pub sources: Vec<Source>,
    /// The command line means one object, which is printed as such and not as a list of one.
    pub single_item_implied: bool,
    /// Whether objects are named by files.
    pub from_files: bool,
    pub(super) subresource: Option<Subresource>,
    pub(super) names_only: bool,
    pub(super) latest: bool,
    pub(super) checks: files::Checks,
    pub(super) chunk_size: usize,
    /// Of the objects in files, only those with such labels count.
    pub(super) labels: LabelSelector,
}

/// Something that yields objects.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// One object by name.
    Named(Named),
    /// Objects by selectors.
    Listed(Listed),
    /// Objects in a file.
    File(FileSource),
}

/// One object by name.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    /// Its kind.
    pub definition: Arc<ResourceDefinition>,
    /// Its namespace, if its kind has one.
    pub namespace: Option<String>,
    /// Its name.
    pub name: String,
}

/// Objects by selectors.
#[derive(Clone, Debug)]
pub(crate) struct Listed {
    /// Their kind.
    pub definition: Arc<ResourceDefinition>,
    /// One namespace, or all (and none, for cluster-scoped kinds).
    pub namespace: Option<String>,
    /// Label selector; empty selects everything.
    pub labels: String,
    /// Field selector; empty selects everything.
    pub fields: String,
}

/// A visited object.
#[derive(Clone, Debug)]
pub(crate) struct Info {
    /// Its kind.
    pub definition: Arc<ResourceDefinition>,
    /// Its namespace, if its kind has one.
    pub namespace: Option<String>,
    /// Its name; empty if a file leaves it to be generated.
    pub name: String,
    /// Its content, as stored or as in the file; empty if only names were asked for.
    pub object: Object,
    /// The file it came from, or empty.
    pub source: String,
}

impl Selection<'_> {
    /// Finds out what is meant, without reading any object.
    ///
    /// # Errors
    /// When the words, files and selectors do not go together, or name what is not there.
    pub(crate) fn resolve(self, context: &mut Context<'_>) -> Result<Selected, Error> {
        let mut errors = Vec::new();
        let (files, single_file) = files::expand(&self.files, context, &mut errors);
        let words = words::sort(self.words, context).unwrap_or_else(|error| {
            errors.push(error);
            Words::default()
        });
        Error::collect(errors)?;
        let from_files = !files.is_empty();
        let (sources, single) = if files.is_empty() {
            self.by_words(&words, context)?
        } else {
            if !words.types.is_empty() {
                return Err(Error::message(
                    "when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well",
                ));
            }
            if !words.pairs.is_empty() {
                return Err(Error::message(
                    "resource/name arguments cannot be provided when a path is specified",
                ));
            }
            (files.into_iter().map(Source::File).collect(), single_file)
        };
        // Selectors of lists go to the client as they are.
        let labels = if from_files { self.labels.unwrap_or_default() } else { "" };
        let labels = LabelSelector::parse(labels).map_err(|error| Error::message(error.to_string()))?;
        Ok(Selected {
            from_files,
            sources,
            single_item_implied: single,
            subresource: self.subresource,
            names_only: self.names_only,
            latest: self.latest,
            checks: self.checks,
            chunk_size: self.chunk_size,
            labels,
        })
    }

    fn by_words(&self, words: &Words, context: &mut Context<'_>) -> Result<(Vec<Source>, bool), Error> {
        let only_types = words.names.is_empty() && (!words.types.is_empty() || words.empty_category);
        let everything = self.all || (self.types_alone && only_types && self.labels.is_none());
        if everything || self.labels.is_some() || self.fields.is_some() {
            return Ok((self.by_selector(words, context)?, false));
        }
        if !words.pairs.is_empty() {
            let mut sources = Vec::new();
            // Every type must be known before the first object is looked for.
            for (word, name) in &words.pairs {
                let definition = words::kind(word, context)?;
                sources.push(self.named(definition, name, context)?);
            }
            return Ok((sources, words.pairs.len() == 1));
        }
        if !words.names.is_empty() {
            if words.types.len() > 1 {
                return Err(Error::message("you must specify only one resource"));
            }
            let kinds = words::kinds(&words.types, context)?;
            let Some(definition) = kinds.first() else {
                return Err(Error::message("you must provide a resource and a resource name together"));
            };
            let named = words.names.iter().map(|name| self.named(definition.clone(), name, context));
            return Ok((named.collect::<Result<_, _>>()?, words.names.len() == 1));
        }
        if !words.types.is_empty() {
            words::kinds(&words.types, context)?;
            return Err(Error::message("resource(s) were provided, but no name was specified"));
        }
        Err(Error::message(NO_RESOURCES))
    }

    fn by_selector(&self, words: &Words, context: &mut Context<'_>) -> Result<Vec<Source>, Error> {
        if !words.names.is_empty() {
            return Err(Error::message("name cannot be provided when a selector is specified"));
        }
        if !words.pairs.is_empty() {
            return Err(Error::message(
                "selectors and the all flag cannot be used when passing resource/name arguments",
            ));
        }
        if words.types.is_empty() && !words.empty_category {
            return Err(Error::message("at least one resource must be specified to use a selector"));
        }
        if self.subresource.is_some() {
            return Err(Error::message("subresource cannot be used when bulk resources are specified"));
        }
        if self.single_type && words.types.len() > 1 {
            return Err(Error::message("you may only specify a single resource type"));
        }
        let kinds = words::kinds(&words.types, context)?;
        let labels = if self.all { "" } else { self.labels.unwrap_or_default() };
        let listed = kinds.into_iter().map(|definition| {
            let namespaced = definition.is_namespaced() && !self.all_namespaces;
            Source::Listed(Listed {
                namespace: namespaced.then(|| context.namespace().to_owned()),
                definition,
                labels: labels.to_owned(),
                fields: self.fields.unwrap_or_default().to_owned(),
            })
        });
        Ok(listed.collect())
    }

    fn named(
        &self,
        definition: Arc<ResourceDefinition>,
        name: &str,
        context: &Context<'_>,
    ) -> Result<Source, Error> {
        if definition.is_namespaced() && self.all_namespaces {
            return Err(Error::message("a resource cannot be retrieved by name across all namespaces"));
        }
        let namespace = definition.is_namespaced().then(|| context.namespace().to_owned());
        Ok(Source::Named(Named { definition, namespace, name: name.to_owned() }))
    }
}

/// Decodes an object that the client answered with.
///
/// # Errors
/// When the store holds something else.
pub(crate) fn decode(raw: &RawObject) -> Result<Object, Error> {
    raw.to_object().map_err(|error| Error::message(format!("cannot decode an object of the store: {error}")))
}

/// A listed object as a visited one.
///
/// # Errors
/// When the store holds something else.
pub(crate) fn listed_info(definition: &Arc<ResourceDefinition>, raw: &RawObject) -> Result<Info, Error> {
    let object = decode(raw)?;
    Ok(Info {
        definition: definition.clone(),
        namespace: object.namespace().map(str::to_owned),
        name: object.name().to_owned(),
        object,
        source: String::new(),
    })
}

const NO_RESOURCES: &str = "You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'";
