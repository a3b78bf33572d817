//! Reading the objects that a command is about, one after another: by name, by pages of a list, from files.

use super::context::{Context, wait};
use super::error::{Error, quoted};
use super::resources::{Each, Info, Listed, Named, Selected, Source, decode, listed_info};
use crate::Object;
use crate::api::{RawObject, ResourceDefinition};
use crate::client::{GetRequest, ListRequest, Subresource, Target};

impl Selected {
    /// Calls `visit` for every object, one after another.
    ///
    /// # Errors
    /// What went wrong while reading and in `visit`, all of it; an error does not keep the other objects from being
    /// visited, unless it is one of the streams'.
    pub(crate) fn visit<'c>(
        &self,
        context: &mut Context<'c>,
        visit: &mut Each<'_, 'c, Info>,
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
        each: &mut Each<'_, 'c, Result<Info, Error>>,
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

/// Says that a version is on its way out, if it is.
fn warn_of(definition: &ResourceDefinition, context: &mut Context<'_>) -> Result<(), Error> {
    if definition.deprecated.is_none() {
        return Ok(());
    }
    let warning = wait(context.client()?.deprecation(&definition.gvk()))?;
    warning.map_or(Ok(()), |text| context.warn(&text))
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
        warn_of(&self.definition, context)?;
        let client = context.client()?;
        let target = Target { gvk: self.definition.gvk(), namespace: self.namespace.clone() };
        let request = GetRequest { target, name: self.name.clone(), subresource, resource_version: None };
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
            let request =
                GetRequest { target, name: namespace.to_owned(), subresource: None, resource_version: None };
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
        page: &mut Each<'_, 'c, Vec<RawObject>>,
    ) -> Result<String, Error> {
        warn_of(&self.definition, context)?;
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
        let target = Target { gvk: self.definition.gvk(), namespace: self.namespace.clone() };
        ListRequest {
            label_selector: self.labels.clone(),
            field_selector: self.fields.clone(),
            limit,
            ..ListRequest::all(target)
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
