//! Versions that fit together, and those that do not.

use k1s_runtime::Resource;
use k1s_runtime::api::{Conversion, ResourceDefinition};
use k1s_runtime::cli::{App, Environment, Streams};
use k1s_runtime::schema::crd::{definitions, to_crd_json};
use k1s_runtime::scheme::Scheme;

use super::kinds::{v1, v1alpha1, v1beta1};

fn checked(versions: &[ResourceDefinition]) -> String {
    let scheme = Scheme::new();
    for version in versions {
        if let Err(error) = scheme.register_definition(version.clone()) {
            return error.to_string();
        }
    }
    scheme.check().err().map(|error| error.to_string()).unwrap_or_default()
}

#[test]
fn two_stored_versions_are_an_error_that_names_both_types() {
    let mut beta = v1beta1::Item::definition();
    beta.storage = true;
    assert_eq!(
        checked(&[v1::Item::definition(), beta.clone()]),
        "kind Item.inventory.example.com is stored in both v1 (versions::kinds::v1::Item) and v1beta1 \
         (versions::kinds::v1beta1::Item); say `storage = false` on all versions but one"
    );
    assert!(to_crd_json(&[v1::Item::definition(), beta]).is_err());
}

#[test]
fn no_stored_version_is_an_error() {
    assert_eq!(
        checked(&[v1beta1::Item::definition(), v1alpha1::Item::definition()]),
        "no version of kind Item.inventory.example.com is stored: v1beta1 (versions::kinds::v1beta1::Item), v1alpha1 \
         (versions::kinds::v1alpha1::Item) all say `storage = false`; exactly one must not"
    );
}

#[test]
fn hubs_must_lead_to_the_stored_version() {
    assert_eq!(
        checked(&[v1::Item::definition(), v1alpha1::Item::definition()]),
        "version v1alpha1 (versions::kinds::v1alpha1::Item) of kind Item.inventory.example.com has the hub v1beta1, which is \
         not registered"
    );
    let mut lone = v1alpha1::Item::definition();
    lone.conversion = Conversion::None;
    let message = checked(&[v1::Item::definition(), v1beta1::Item::definition(), lone]);
    assert!(message.contains("has no conversion to the stored version v1, as others have"), "{message}");
    let mut circle = v1::Item::definition();
    circle.conversion = v1alpha1::Item::definition().conversion;
    let message = checked(&[circle, v1beta1::Item::definition()]);
    assert!(message.contains("lead in a circle"), "{message}");
}

#[test]
fn a_program_says_so_before_it_does_anything() {
    let app = App::new("shop").resource::<v1beta1::Item>().resource::<v1alpha1::Item>();
    let (mut streams, written) = Streams::captured("");
    let code = app.execute(["get", "items"].map(Into::into), &mut streams, &Environment::default());
    assert_eq!(code, 1);
    assert!(written.stderr().contains("no version of kind Item.inventory.example.com is stored"));
}

#[test]
fn versions_merge_into_one_definition_in_order_of_priority() {
    let versions = [v1alpha1::Item::definition(), v1::Item::definition(), v1beta1::Item::definition()];
    let crd = to_crd_json(&versions).unwrap();
    let listed: Vec<_> = crd["spec"]["versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|version| (version["name"].as_str().unwrap(), version["storage"] == true))
        .collect();
    assert_eq!(listed, [("v1", true), ("v1beta1", false), ("v1alpha1", false)]);
    assert_eq!(crd["spec"]["conversion"]["strategy"], "Webhook");
    assert!(
        definitions(&crd).unwrap().iter().all(|read| matches!(read.conversion, Conversion::Webhook)),
        "the webhook is not forgotten"
    );
}
