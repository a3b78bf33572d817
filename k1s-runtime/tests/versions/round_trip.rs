//! The helper that checks conversions for programs' tests.

use k1s_runtime::testing::round_trip;
use proptest::prelude::*;

use super::kinds::{v1, v1alpha1, v1beta1};

fn new(quantity: i32, size: &str, place: &str) -> v1::Item {
    v1::Item::new("lamp", v1::ItemSpec { quantity, size: size.into(), place: place.into() })
}

proptest! {
    #[test]
    fn nothing_is_lost_between_versions(quantity in 0..i32::MAX, size in "[a-z]{0,8}", place in "[a-z]{0,8}", seen: Option<i32>) {
        let mut item = new(quantity, &size, &place);
        item.status = seen.map(|counted| v1::ItemStatus { counted });
        let result = round_trip::<v1::Item, v1beta1::Item>(&item);
        prop_assert!(result.is_ok(), "{:?}", result);
    }

    #[test]
    fn a_way_of_two_steps_is_checked_too(count in 1..i64::from(i32::MAX), size in "[a-z]{1,8}") {
        let old = v1alpha1::Item::new("lamp", v1alpha1::ItemSpec { count, size: Some(size) });
        let result = round_trip::<v1alpha1::Item, v1::Item>(&old);
        prop_assert!(result.is_ok(), "{:?}", result);
    }
}

#[test]
fn what_is_lost_is_named() {
    let empty = v1alpha1::Item::new("lamp", v1alpha1::ItemSpec { count: 3, size: Some(String::new()) });
    let error = round_trip::<v1alpha1::Item, v1::Item>(&empty).unwrap_err();
    assert_eq!(
        error.to_string(),
        "from v1alpha1 to v1 and back the object is not what it was:\n  spec.size: \"\" was lost"
    );
    let mut counted = new(3, "large", "");
    counted.status = Some(v1::ItemStatus { counted: 2 });
    let error = round_trip::<v1::Item, v1alpha1::Item>(&counted).unwrap_err().to_string();
    assert!(error.ends_with("\n  status: {\"counted\":2} was lost"), "{error}");
}

#[test]
fn what_a_client_would_refuse_is_no_sample_and_no_outcome() {
    let error = round_trip::<v1::Item, v1beta1::Item>(&new(-1, "large", "")).unwrap_err().to_string();
    assert!(
        error.starts_with("the sample is not valid in version v1:\n  spec.quantity: Invalid value: -1"),
        "{error}"
    );
    let error = round_trip::<v1::Item, v1alpha1::Item>(&new(0, "large", "")).unwrap_err().to_string();
    assert!(
        error.starts_with(
            "the converted object is not valid in version v1alpha1:\n  spec.count: Invalid value: 0"
        ),
        "{error}"
    );
    let odd = v1beta1::Item::new("lamp", v1beta1::ItemSpec { stock: "many".into(), place: String::new() });
    let error = round_trip::<v1beta1::Item, v1::Item>(&odd).unwrap_err().to_string();
    assert!(error.ends_with("the stock \"many\" is not NxSIZE"), "{error}");
}
