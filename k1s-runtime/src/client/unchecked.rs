//! Reads CustomResourceDefinitions until `schema::crd` does.

pub(crate) mod crd {
    use std::sync::Arc;

    use k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::{
        CustomResourceDefinition, CustomResourceDefinitionVersion,
    };
    use serde_json::{Map, Value};

    use crate::api::definition::{Scale, SchemaSource};
    use crate::api::field::FieldError;
    use crate::api::{Object, PrintColumn, ResourceDefinition, Scope};

    pub(crate) fn definitions(object: &Object) -> Result<Vec<ResourceDefinition>, serde_json::Error> {
        let value = Value::Object(object.0.clone());
        let crd: CustomResourceDefinition = serde_json::from_value(value)?;
        let spec = crd.spec;
        Ok(spec
            .versions
            .iter()
            .enumerate()
            .map(|(index, version)| {
                let mut definition =
                    ResourceDefinition::new(&spec.group, &version.name, &spec.names.kind, &spec.names.plural);
                if let Some(singular) = &spec.names.singular {
                    definition.singular.clone_from(singular);
                }
                if let Some(list_kind) = &spec.names.list_kind {
                    definition.list_kind.clone_from(list_kind);
                }
                definition.short_names = spec.names.short_names.clone().unwrap_or_default();
                definition.categories = spec.names.categories.clone().unwrap_or_default();
                definition.scope = if spec.scope == "Cluster" { Scope::Cluster } else { Scope::Namespaced };
                let schema = object.0["spec"]["versions"][index]["schema"]["openAPIV3Schema"].clone();
                fill_version(&mut definition, version, schema);
                definition
            })
            .collect())
    }

    fn fill_version(
        definition: &mut ResourceDefinition,
        version: &CustomResourceDefinitionVersion,
        schema: Value,
    ) {
        definition.served = version.served;
        definition.storage = version.storage;
        if version.deprecated == Some(true) {
            definition.deprecated = Some(version.deprecation_warning.clone().unwrap_or_default());
        }
        if let Some(subresources) = &version.subresources {
            definition.status = subresources.status.is_some();
            definition.scale = subresources.scale.as_ref().map(|scale| Scale {
                spec_replicas_path: scale.spec_replicas_path.clone(),
                status_replicas_path: scale.status_replicas_path.clone(),
                label_selector_path: scale.label_selector_path.clone(),
            });
        }
        definition.columns = version.additional_printer_columns.as_ref().map(|columns| {
            let column = |column: &k8s_openapi::apiextensions_apiserver::pkg::apis::apiextensions::v1::CustomResourceColumnDefinition| PrintColumn {
                name: column.name.clone(),
                type_: column.type_.clone(),
                format: column.format.clone().unwrap_or_default(),
                description: column.description.clone().unwrap_or_default(),
                priority: column.priority.unwrap_or(0),
                json_path: column.json_path.clone(),
            };
            columns.iter().map(column).collect()
        });
        definition.selectable_fields =
            version.selectable_fields.iter().flatten().map(|field| field.json_path.clone()).collect();
        definition.schema =
            if schema.is_null() { SchemaSource::None } else { SchemaSource::OpenApi(Arc::new(schema)) };
    }

    pub(crate) fn validate_crd(_: &Map<String, Value>, _: Option<&Map<String, Value>>) -> Vec<FieldError> {
        Vec::new()
    }
}
