//! Performing the steps of a scenario.

use std::collections::HashMap;
use std::sync::Arc;

use k1s_runtime::api::{Status, status};
use k1s_runtime::client::{
    Client, CoreClient, DeleteCollection, DryRun, Error, GetRequest, List, ListRequest, Target, WriteBody,
    WriteOptions, WriteRequest, WriteVerb, Written,
};
use k1s_runtime::scheme::Scheme;
use k1s_runtime::storage::Storage;
use serde_json::{Value, json};

use super::compare::{Answer, Difference, Score, compare};
use super::request::{Inexpressible, Memory, subresource};
use super::scenario::{Scenario, Step};
use super::table::table;
use super::watches::OpenWatch;

pub(super) struct Driver {
    pub(super) client: CoreClient,
    pub(super) memory: Memory,
    pub(super) watches: HashMap<String, OpenWatch>,
}

/// Replays one scenario.
pub(super) async fn run(scenario: &Scenario, storage: Arc<dyn Storage>) -> (Score, Vec<Difference>) {
    // The recorded server had no controllers beside it.
    let client = CoreClient::new(storage, Arc::new(Scheme::new())).without_controllers();
    let mut driver = Driver::new(client);
    let (mut score, mut differences) = (Score::default(), Vec::new());
    for got in driver.define(&scenario.crds).await {
        differences.push(Difference {
            scenario: scenario.name.clone(),
            step: 0,
            level: "definition",
            expected: "a definition that is accepted".into(),
            got,
        });
    }
    for (index, step) in scenario.steps.iter().enumerate() {
        let answer = match driver.perform(step).await {
            Ok(answer) => answer,
            Err(Inexpressible(what)) => Answer { inexpressible: Some(what), ..Answer::default() },
        };
        let (of_step, found) = compare(&step.expect, &answer, &driver.memory, step.managed_fields);
        score += of_step;
        differences.extend(found.into_iter().map(|(level, expected, got)| Difference {
            scenario: scenario.name.clone(),
            step: index,
            level,
            expected,
            got,
        }));
    }
    (score, differences)
}

impl Step {
    /// The creation of a CustomResourceDefinition.
    fn creating(crd: &Value) -> Self {
        let step =
            json!({"op": "createCRD", "kind": "CustomResourceDefinition", "object": crd, "expect": {}});
        serde_json::from_value(step).unwrap_or_else(|_| unreachable!("the fields are those of a step"))
    }
}

impl Driver {
    /// A driver that has done nothing yet.
    pub(super) fn new(client: CoreClient) -> Self {
        Self { client, memory: Memory::new(), watches: HashMap::new() }
    }

    /// Creates the definitions that are there before the first step. Answers with what is said of those that are refused.
    pub(super) async fn define(&mut self, crds: &[Value]) -> Vec<String> {
        let mut refused = Vec::new();
        for crd in crds {
            self.memory.learn_kind(crd);
            let answer = self.perform(&Step::creating(crd)).await.unwrap_or_default();
            if answer.code != 201 {
                refused.push(answer.failure.map_or_else(String::new, |status| status.message));
            }
        }
        // What was there before the first step has not been seen yet.
        self.memory.versions.clear();
        refused
    }

    pub(super) async fn perform(&mut self, step: &Step) -> Result<Answer, Inexpressible> {
        if step.op == "watchRead" {
            return self.read_watch(step);
        }
        let target = self.memory.target(step)?;
        let name = self.memory.name(step);
        let write = |verb, options: WriteOptions| WriteRequest {
            target: target.clone(),
            name: name.clone(),
            subresource: subresource(step),
            verb,
            options,
        };
        match step.op.as_str() {
            "create" | "createCRD" => {
                let object = self.memory.object(step)?;
                if step.op == "createCRD" {
                    self.memory.learn_kind(&object.clone().into_value());
                }
                let verb = WriteVerb::Create(object);
                let options = match self.memory.options(step, &verb) {
                    Ok(options) => options,
                    Err(error) => return Ok(failed(error)),
                };
                let mut request = write(verb, options);
                request.name.clear();
                Ok(self.write(request).await)
            }
            "update" => {
                let verb = WriteVerb::Update(self.memory.object(step)?);
                Ok(match self.memory.options(step, &verb) {
                    Ok(options) => self.write(write(verb, options)).await,
                    Err(error) => failed(error),
                })
            }
            "patch" => {
                let verb = WriteVerb::Patch(self.memory.patch(step)?);
                Ok(match self.memory.options(step, &verb) {
                    Ok(options) => self.write(write(verb, options)).await,
                    Err(error) => failed(error),
                })
            }
            "delete" => Ok(match self.memory.delete_options(step) {
                Ok((options, dry_run)) => {
                    let write_options = WriteOptions { dry_run, ..WriteOptions::default() };
                    self.write(write(WriteVerb::Delete(options), write_options)).await
                }
                Err(error) => failed(error),
            }),
            "get" => {
                let subresource = subresource(step);
                let request = GetRequest {
                    target,
                    name,
                    subresource,
                    resource_version: self.memory.query(step, "resourceVersion"),
                };
                let warnings = self.reading_warnings(&request.target).await;
                let answer = match self.client.get(&request).await {
                    Ok(raw) => self.object_answer(200, raw.decode::<Value>().unwrap_or_default(), warnings),
                    Err(error) => failed(error),
                };
                Ok(answer)
            }
            "list" => {
                let request = match self.list_request(step)? {
                    Ok(request) => request,
                    Err(error) => return Ok(failed(error)),
                };
                let warnings = self.reading_warnings(&request.target).await;
                Ok(match self.client.list(&request).await {
                    Ok(list) => {
                        let answer = self.list_answer(&list, !request.target.gvk.group.is_empty());
                        Answer { warnings, ..answer }
                    }
                    Err(error) => failed(error),
                })
            }
            "table" => self.table(step).await,
            "deleteCollection" => self.delete_collection(step).await,
            "watch" => self.open_watch(step).await,
            other => Err(Inexpressible(format!("{other} of {}", target.gvk.kind))),
        }
    }

    /// What the server says of the version that is read.
    pub(super) async fn reading_warnings(&self, target: &Target) -> Vec<String> {
        self.client.deprecation(&target.gvk).await.ok().flatten().into_iter().collect()
    }

    async fn write(&mut self, request: WriteRequest) -> Answer {
        let dry = request.options.dry_run == DryRun::All;
        let custom = !request.target.gvk.group.is_empty();
        match self.client.write(vec![request]).await.pop() {
            Some(Ok(Written { code, body, warnings, .. })) => match body {
                WriteBody::Object(raw) => {
                    let object = raw.decode::<Value>().unwrap_or_default();
                    if dry {
                        return self.dry_answer(code, object, warnings);
                    }
                    self.object_answer(code, object, warnings)
                }
                WriteBody::Status(_) => Answer { code, success: true, warnings, ..Answer::default() },
                WriteBody::List(list) => Answer { code, warnings, ..self.list_answer(&list, custom) },
            },
            Some(Err(error)) => failed(error),
            None => Answer::default(),
        }
    }

    /// The answer to a dry run: its version is compared but not remembered.
    fn dry_answer(&mut self, code: u16, object: Value, warnings: Vec<String>) -> Answer {
        let known = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let version = object.pointer("/metadata/resourceVersion").and_then(Value::as_str);
        let relation = version.map(|version| match self.memory.versions.get(&known) {
            None => "new",
            Some((_, latest)) if latest == version => "same",
            Some(_) => "bumped",
        });
        if relation == Some("new") {
            return self.object_answer(code, object, warnings);
        }
        Answer { code, version: relation, object: Some(object), warnings, ..Answer::default() }
    }

    fn object_answer(&mut self, code: u16, object: Value, warnings: Vec<String>) -> Answer {
        let version = self.remember(&object);
        Answer { code, version, object: Some(object), warnings, ..Answer::default() }
    }

    /// Remembers an object's uid and version; says how the version relates to the last one.
    fn remember(&mut self, object: &Value) -> Option<&'static str> {
        let text = |path: &str| object.pointer(path).and_then(Value::as_str).map(str::to_owned);
        let name = text("/metadata/name")?;
        let uid = text("/metadata/uid").unwrap_or_default();
        let version = text("/metadata/resourceVersion")?;
        let recreated = self.memory.uids.get(&name).is_some_and(|known| *known != uid);
        if !uid.is_empty() {
            self.memory.names.insert(uid.clone(), name.clone());
            self.memory.uids.insert(name.clone(), uid);
        }
        let number = |text: &str| text.parse::<u64>().unwrap_or(0);
        match self.memory.versions.get_mut(&name) {
            Some((_, latest)) if !recreated => {
                let relation = if *latest == version {
                    "same"
                } else if number(latest) < number(&version) {
                    "bumped"
                } else {
                    "older"
                };
                *latest = version;
                Some(relation)
            }
            _ => {
                self.memory.versions.insert(name, (version.clone(), version));
                Some("new")
            }
        }
    }

    /// The list that a step's query parameters ask for, or the refusal.
    fn list_request(&self, step: &Step) -> Result<Result<ListRequest, Error>, Inexpressible> {
        let target = self.memory.target(step)?;
        Ok(ListRequest::from_query(target, &borrow(&self.memory.parameters(step))))
    }

    fn list_answer(&mut self, list: &List, custom: bool) -> Answer {
        let items: Vec<Value> =
            list.items.iter().map(|raw| raw.decode::<Value>().unwrap_or_default()).collect();
        let mut metadata = json!({});
        match &list.continue_token {
            Some(_) => metadata["continue"] = "<continue>".into(),
            None if custom => metadata["continue"] = "".into(),
            None => {}
        }
        if let Some(count) = list.remaining_item_count {
            metadata["remainingItemCount"] = count.into();
        }
        self.memory.list = (list.continue_token.clone().unwrap_or_default(), list.resource_version.clone());
        Answer { code: 200, list: Some((items, metadata)), ..Answer::default() }
    }

    /// The table of a list or, with a name, of one object.
    async fn table(&self, step: &Step) -> Result<Answer, Inexpressible> {
        let request = match self.list_request(step)? {
            Ok(request) => request,
            Err(error) => return Ok(failed(error)),
        };
        let name = self.memory.name(step);
        let read = if name.is_empty() {
            self.client.list(&request).await.map(|list| list.items)
        } else {
            let request = GetRequest {
                target: request.target.clone(),
                name,
                subresource: None,
                resource_version: None,
            };
            self.client.get(&request).await.map(|raw| vec![raw])
        };
        let definition = self.client.resolve(&request.target.gvk).await;
        Ok(match read.and_then(|objects| Ok((objects, definition?))) {
            Ok((objects, definition)) => {
                let table = Some(table(&definition, &objects, &self.memory));
                let warnings = self.reading_warnings(&request.target).await;
                Answer { code: 200, table, warnings, ..Answer::default() }
            }
            Err(error) => failed(error),
        })
    }

    async fn delete_collection(&mut self, step: &Step) -> Result<Answer, Inexpressible> {
        let (options, dry_run) = match self.memory.delete_options(step) {
            Ok(options) => options,
            Err(error) => return Ok(failed(error)),
        };
        let selected = match self.list_request(step)? {
            Ok(selected) => selected,
            Err(error) => return Ok(failed(error)),
        };
        let ListRequest { target, label_selector, field_selector, limit, continue_token, .. } = selected;
        let collection = DeleteCollection { options, label_selector, field_selector, limit, continue_token };
        let request = WriteRequest {
            target,
            name: String::new(),
            subresource: None,
            verb: WriteVerb::DeleteCollection(collection),
            options: WriteOptions { dry_run, ..WriteOptions::default() },
        };
        Ok(self.write(request).await)
    }
}

/// Query parameters as the client takes them.
pub(super) fn borrow(parameters: &[(String, String)]) -> Vec<(&str, &str)> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

pub(super) fn failed(error: Error) -> Answer {
    let (error, warnings) = error.into_parts();
    match error {
        Error::Api(mut status) => {
            let object = page_not_found(&mut status);
            Answer { code: status.code, failure: Some(status), warnings, object, ..Answer::default() }
        }
        other => Answer { inexpressible: Some(other.to_string()), ..Answer::default() },
    }
}

/// The plain text that HTTP answers with where there is no path: for a version that is not served, or without a namespace. What it
/// says is taken out of the status, which a server does not send then.
fn page_not_found(status: &mut Status) -> Option<Value> {
    let raw = |text: &str| Some(json!({"raw": format!("{text}\n")}));
    if status.code == 404 && status.message.starts_with("no matches for kind ") {
        return raw("404 page not found");
    }
    let causes = &mut status.details.as_mut()?.causes;
    let at = causes.iter().position(|cause| cause.reason == status::UNEXPECTED)?;
    raw(&causes.remove(at).message)
}
