//! Which objects a command is about: the words, files and selectors of its command line, resolved by kubectl's rules.
//!
//! A verb fills in a [`Selection`], resolves it (every error up to there stops the command) and visits what it found
//! (errors from there on are collected, and the visit goes on).

use std::sync::Arc;

use super::context::{Context, wait};
use super::error::{Error, quoted};
use super::files::{self, FileFlags, FileSource};
use super::words::{self, Words};
use crate::Object;
use crate::api::{LabelSelector, RawObject, ResourceDefinition};
use crate::client::{GetRequest, ListRequest, Subresource, Target};

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

/// A resolved [`Selection`].
pub(crate) struct Selected {
    /// Where the objects come from, in the order of the command line.
    pub sources: Vec<Source>,
    /// The command line means one object, which is printed as such and not as a list of one.
    pub single_item_implied: bool,
    /// Whether objects are named by files.
    pub from_files: bool,
    subresource: Option<Subresource>,
    names_only: bool,
    latest: bool,
    checks: files::Checks,
    chunk_size: usize,
    /// Of the objects in files, only those with such labels count.
    labels: LabelSelector,
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
        let only_types = words.names.is_empty() && !(words.types.is_empty() && !words.empty_category);
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

impl Selected {
    /// Calls `visit` for every object, one after another.
    ///
    /// # Errors
    /// What went wrong while reading and in `visit`, all of it; an error does not keep the other objects from being
    /// visited, unless it is one of the streams'.
    pub(crate) fn visit<'c>(
        &self,
        context: &mut Context<'c>,
        visit: &mut dyn FnMut(&mut Context<'c>, Info) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut failed = Vec::new();
        let unreadable = self.each(context, &mut |context, info| {
            info.and_then(|info| visit(context, info)).or_else(|error| error.keep_going(&mut failed))
        });
        unreadable.or_else(|error| error.keep_going(&mut failed))?;
        Error::collect(failed)
    }

    /// Calls `each` for every object, or with why one could not be read. The first error of `each` ends it.
    ///
    /// # Errors
    /// That of `each`, or what went wrong with whole sources.
    pub(crate) fn each<'c>(
        &self,
        context: &mut Context<'c>,
        each: &mut dyn FnMut(&mut Context<'c>, Result<Info, Error>) -> Result<(), Error>,
    ) -> Result<(), Error> {
        let mut unreadable = Vec::new();
        for source in &self.sources {
            let read = match source {
                Source::Named(named) => {
                    let info = self.read_named(named, context);
                    each(context, info)
                }
                Source::Listed(listed) => {
                    let pages = listed.pages(self.chunk_size, context, &mut |context, page| {
                        page.into_iter().try_for_each(|raw| {
                            let info = listed_info(&listed.definition, &raw);
                            each(context, info)
                        })
                    });
                    pages.map(|_| ())
                }
                Source::File(file) => file.read(self.checks, context, &mut |context, read| {
                    if read.as_ref().is_ok_and(|info| !self.labels.matches(&info.object.labels())) {
                        return Ok(());
                    }
                    let info = read.and_then(|info| self.settle(info, context));
                    each(context, info)
                }),
            };
            read.or_else(|error| error.keep_going(&mut unreadable))?;
        }
        Error::collect(unreadable)
    }

    /// Whether one word or file may stand for many objects.
    pub(crate) fn is_bulk(&self) -> bool {
        !self.sources.iter().all(|source| matches!(source, Source::Named(_)))
    }

    /// All objects, and what went wrong.
    pub(crate) fn infos(&self, context: &mut Context<'_>) -> (Vec<Info>, Result<(), Error>) {
        let mut infos = Vec::new();
        let result = self.visit(context, &mut |_, info| {
            infos.push(info);
            Ok(())
        });
        (infos, result)
    }

    fn read_named(&self, named: &Named, context: &mut Context<'_>) -> Result<Info, Error> {
        let mut info = Info {
            definition: named.definition.clone(),
            namespace: named.namespace.clone(),
            name: named.name.clone(),
            object: Object::default(),
            source: String::new(),
        };
        if !self.names_only {
            info.object = decode(&named.read(self.subresource.clone(), context)?)?;
        }
        Ok(info)
    }

    /// Gives an object from a file its namespace, and its stored state if that was asked for.
    fn settle(&self, mut info: Info, context: &mut Context<'_>) -> Result<Info, Error> {
        if info.definition.is_namespaced() {
            let given = context.namespace().to_owned();
            match info.namespace.as_deref().filter(|namespace| !namespace.is_empty()) {
                None => {
                    info.object.set_namespace(&given);
                    info.namespace = Some(given);
                }
                Some(own) if own != given && context.namespace_is_explicit() => {
                    return Err(Error::message(format!(
                        "the namespace from the provided object {} does not match the namespace {}. You must pass \
                         '--namespace={own}' to perform this operation.",
                        quoted(own),
                        quoted(&given)
                    )));
                }
                Some(_) => {}
            }
        } else if info.namespace.take().is_some() {
            info.object.metadata_mut().remove("namespace");
        }
        if self.latest {
            let named = Named {
                definition: info.definition.clone(),
                namespace: info.namespace.clone(),
                name: info.name.clone(),
            };
            info.object = decode(&named.read(self.subresource.clone(), context)?)?;
        }
        Ok(info)
    }
}

impl Named {
    /// Reads the object.
    ///
    /// # Errors
    /// NotFound among others; of the namespace, if that is what is missing.
    pub(crate) fn read(
        &self,
        subresource: Option<Subresource>,
        context: &mut Context<'_>,
    ) -> Result<RawObject, Error> {
        let client = context.client()?;
        let target = Target { gvk: self.definition.gvk(), namespace: self.namespace.clone() };
        let request = GetRequest { target, name: self.name.clone(), subresource };
        let error = match wait(client.get(&request)) {
            Ok(raw) => return Ok(raw),
            Err(error) => error,
        };
        if let Some(namespace) = self.namespace.as_deref().filter(|name| *name != "default")
            && error.is_not_found()
        {
            let gvk = kube_core::GroupVersionKind {
                group: String::new(),
                version: "v1".into(),
                kind: "Namespace".into(),
            };
            let target = Target { gvk, namespace: None };
            let request = GetRequest { target, name: namespace.to_owned(), subresource: None };
            if let Err(missing) = wait(client.get(&request))
                && missing.is_not_found()
            {
                return Err(missing.into());
            }
        }
        Err(error.into())
    }
}

impl Listed {
    /// Calls `page` with the objects, a chunk at a time, in order.
    ///
    /// # Errors
    /// The store's, and the first one of `page`.
    pub(crate) fn pages<'c>(
        &self,
        chunk_size: usize,
        context: &mut Context<'c>,
        page: &mut dyn FnMut(&mut Context<'c>, Vec<RawObject>) -> Result<(), Error>,
    ) -> Result<String, Error> {
        let client = context.client()?;
        let mut request = self.request(chunk_size);
        loop {
            let list = wait(client.list(&request)).map_err(|error| self.cannot_list(error.into()))?;
            page(context, list.items)?;
            request.continue_token = list.continue_token.filter(|token| !token.is_empty());
            if request.continue_token.is_none() {
                return Ok(list.resource_version);
            }
        }
    }

    fn request(&self, limit: usize) -> ListRequest {
        ListRequest {
            target: Target { gvk: self.definition.gvk(), namespace: self.namespace.clone() },
            label_selector: self.labels.clone(),
            field_selector: self.fields.clone(),
            limit,
            continue_token: None,
        }
    }

    /// kubectl says what it was looking for.
    fn cannot_list(&self, error: Error) -> Error {
        let Error::Status(mut status) = error else { return error };
        if status.reason == "BadRequest" || status.reason == "NotFound" {
            let definition = &self.definition;
            let group_version = format!("{}/{}", definition.group, definition.version);
            let what = quoted(&format!("{group_version}, Resource={}", definition.plural));
            let prefix = if self.labels.is_empty() && self.fields.is_empty() {
                format!("Unable to list {what}: ")
            } else {
                let (labels, fields) = (quoted(&self.labels), quoted(&self.fields));
                format!("Unable to find {what} that match label selector {labels}, field selector {fields}: ")
            };
            status.message.insert_str(0, &prefix);
        }
        Error::Status(status)
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
