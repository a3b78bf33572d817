//! The answer of a conversion webhook: how the conversions of a program serve its kinds on a real cluster.

use std::collections::HashMap;

use kube_core::GroupVersionKind;
use kube_core::conversion::{ConversionRequest, ConversionResponse, ConversionReview};
use serde_json::Value;

use crate::api::{Object, Status};
use crate::scheme::Scheme;

use super::super::CompiledSchema;

/// Answers a conversion webhook's request: any HTTPS server that hands it the body of a POST and sends back what it answers
/// serves the conversions of the kinds in a scheme to kube-apiserver.
///
/// A conversion that fails makes an answer that says so, as the protocol wants it.
///
/// ```
/// use k1s_runtime::kube_core::conversion::ConversionReview;
/// use k1s_runtime::schema::crd;
/// use k1s_runtime::scheme::Scheme;
///
/// let body = r#"{"apiVersion": "apiextensions.k8s.io/v1", "kind": "ConversionReview",
///     "request": {"uid": "1", "desiredAPIVersion": "shop.example.com/v1", "objects": []}}"#;
/// let review: ConversionReview = serde_json::from_str(body)?;
/// let answer = crd::review(&Scheme::new(), review);
/// assert!(answer.response.is_some_and(|response| response.uid == "1"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub fn review(scheme: &Scheme, review: ConversionReview) -> ConversionReview {
    let request = match ConversionRequest::from_review(review) {
        Ok(request) => request,
        Err(error) => return ConversionResponse::invalid(failure(&error.to_string())).into_review(),
    };
    let version = request.desired_api_version.rsplit('/').next().unwrap_or_default();
    let mut schemas = HashMap::new();
    let converted: Result<Vec<Value>, String> =
        request.objects.iter().map(|object| convert(scheme, object, version, &mut schemas)).collect();
    let response = ConversionResponse::for_request(request);
    match converted {
        Ok(objects) => response.success(objects),
        Err(message) => response.failure(failure(&message)),
    }
    .into_review()
}

fn failure(message: &str) -> Status {
    Status::failure(message, "ConversionFailed")
}

fn convert(
    scheme: &Scheme,
    object: &Value,
    version: &str,
    schemas: &mut HashMap<GroupVersionKind, CompiledSchema>,
) -> Result<Value, String> {
    let object =
        Object::try_from(object.clone()).map_err(|_| "an object of the request is not one".to_owned())?;
    let mut converted = scheme.convert(&object, version).map_err(|error| error.to_string())?;
    let gvk = converted.gvk();
    if !schemas.contains_key(&gvk)
        && let Some(definition) = scheme.by_gvk(&gvk)
    {
        let schema = CompiledSchema::compile(&definition).map_err(|error| error.to_string())?;
        schemas.insert(gvk.clone(), schema);
    }
    if let Some(schema) = schemas.get(&gvk) {
        schema.drop_nulls(&mut converted.0);
    }
    Ok(converted.into_value())
}
