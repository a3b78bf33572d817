//! The cache of what is known of plugins: what it is believed, what it is not, and who may write it when.
#![cfg(feature = "plugin")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod plugins;

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::Path;
use std::thread;

use k1s_runtime::api::GroupVersionKind;
use k1s_runtime::plugin::Discovery;
use k1s_runtime::schema::CompiledSchema;
use plugins::{Place, gvk, manifest, set_age, shop, told};
use serde_json::json;

#[test]
fn a_change_of_the_same_size_is_seen() {
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    assert!(place.open().0.by_gvk(&gvk("Order")).is_some());
    place.file("plugins/shop/types.yaml", &shop("Pizza", "pizzas"));
    set_age(&place.path("plugins/shop/types.yaml"), 1_800);
    let (scheme, _) = place.open();
    assert!(scheme.by_gvk(&gvk("Order")).is_none() && scheme.by_gvk(&gvk("Pizza")).is_some());
    // Changed so lately that the clock may not have ticked: not taken from a cache that may be of the moment before.
    for kind in ["Order", "Pizza", "Salad", "Order"] {
        fs::write(place.path("plugins/shop/types.yaml"), shop(kind, &format!("{}s", kind.to_lowercase())))
            .unwrap();
        assert!(place.open().0.by_gvk(&gvk(kind)).is_some(), "{kind}");
    }
}

#[test]
fn a_warm_start_opens_no_manifest() {
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    assert!(place.open().0.by_gvk(&gvk("Order")).is_some());
    // A cache that says what is not so, and is believed: the file system says that nothing has happened.
    let kept = fs::read_to_string(place.cache()).unwrap();
    let (header, rest) = kept.split_once('\n').unwrap();
    let length = usize::from_str_radix(header.split(' ').nth(3).unwrap(), 16).unwrap();
    let (index, parts) = rest.split_at(length);
    let mut index: serde_json::Value = serde_json::from_str(index).unwrap();
    index[0]["broken"] = json!("made up");
    let index = index.to_string();
    let mut hasher = DefaultHasher::new();
    hasher.write(index.as_bytes());
    let magic: Vec<&str> = header.split(' ').take(3).collect();
    let lie = format!("{} {:016x} {:016x}\n{index}{parts}", magic.join(" "), index.len(), hasher.finish());
    write_own(&place.cache(), lie.as_bytes());
    let (scheme, plugins) = place.open();
    assert!(scheme.by_gvk(&gvk("Order")).is_none());
    assert_eq!(told(&plugins), ["a plugin manifest is skipped: made up"]);
    // The file is touched, and read.
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    assert!(place.open().0.by_gvk(&gvk("Order")).is_some());
}

#[test]
fn a_damaged_part_of_the_cache_is_read_from_the_manifest() {
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    assert!(place.open().0.by_gvk(&gvk("Order")).is_some());
    let kept = fs::read_to_string(place.cache()).unwrap();
    let damaged = kept.replace("\"size\"", "\"siez\"");
    assert_ne!(damaged, kept);
    write_own(&place.cache(), damaged.as_bytes());
    let (scheme, _) = place.open();
    let order = scheme.by_gvk(&gvk("Order")).unwrap();
    let schema = CompiledSchema::structural_of(&order).unwrap().to_openapi();
    assert!(schema["properties"]["spec"]["properties"]["size"].is_object(), "{schema}");
    // Neither there nor here: an error says where it should be.
    let (scheme, _) = place.open();
    let order = scheme.by_gvk(&gvk("Order")).unwrap();
    fs::remove_dir_all(place.path("plugins")).unwrap();
    let error = CompiledSchema::structural_of(&order).unwrap_err().to_string();
    assert!(
        error.starts_with("cannot read the schema: ") && error.contains("plugins/shop/types.yaml"),
        "{error}"
    );
}

/// Writes a file as the cache is written: for its owner alone.
fn write_own(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).unwrap();
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
}

#[test]
fn a_cache_that_is_damaged_or_foreign_is_made_anew() {
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    assert!(place.open().0.by_gvk(&gvk("Order")).is_some());
    let good = fs::read(place.cache()).unwrap();
    let mut damaged = Vec::new();
    for at in [0, 20, 30, 45, 60, good.len() / 2, good.len() - 3] {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        damaged.push(bytes);
    }
    for length in [0, 10, 60, good.len() / 2, good.len() - 1] {
        damaged.push(good[..length].to_vec());
    }
    damaged.push(b"ffffffffffffffff".repeat(20));
    damaged.push([&good[..23], b" ffffffffffffffff ffffffffffffffff\n"].concat());
    damaged.push([&good[..], b"and more"].concat());
    for bytes in damaged {
        write_own(&place.cache(), &bytes);
        let (scheme, plugins) = place.open();
        let order = scheme.by_gvk(&gvk("Order")).unwrap();
        assert!(CompiledSchema::structural_of(&order).is_ok());
        assert!(told(&plugins).is_empty());
    }
    fs::remove_file(place.cache()).unwrap();
    fs::create_dir(place.cache()).unwrap();
    assert!(place.open().0.by_gvk(&gvk("Order")).is_some());
}

#[test]
fn the_cache_is_its_owners_and_is_not_believed_if_others_can_write_it() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    assert_eq!(place.discovery().scan(), 1);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&place.cache()), mode(&place.path("cache"))), (0o600, 0o700));
    let planted = fs::read_to_string(place.cache()).unwrap();
    fs::set_permissions(place.cache(), fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(place.discovery().scan(), 1);
    assert_eq!(mode(&place.cache()), 0o600, "made anew");
    assert_eq!(fs::read_to_string(place.cache()).unwrap(), planted);
    assert_eq!(fs::read_dir(place.path("cache")).unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn without_a_place_for_the_cache_all_works() {
    let place = Place::new();
    place.file("plugins/shop/types.yaml", &shop("Order", "orders"));
    place.file("cache", "a file where the directory should be");
    for _ in 0..2 {
        let (scheme, plugins) = place.open();
        assert!(scheme.by_gvk(&gvk("Order")).is_some() && told(&plugins).is_empty());
    }
}

#[test]
fn two_sets_of_directories_share_a_cache() {
    let place = Place::new();
    place.file("one/a/types.yaml", &shop("Order", "orders"));
    place.file("two/b/types.yaml", &manifest("b", &[("b.example.com", "Bee", "bees")]));
    for _ in 0..2 {
        for directory in ["one", "two"] {
            assert_eq!(Discovery::new([place.path(directory)]).cached_in(place.path("cache")).scan(), 1);
        }
    }
    let text = fs::read_to_string(place.cache()).unwrap();
    assert!(text.contains("one/a/types.yaml") && text.contains("two/b/types.yaml"), "{text}");
}

#[test]
fn starts_that_race_for_the_cache_all_come_out_right() {
    let place = Place::new();
    for number in 0..20 {
        let group = format!("g{number}.example.com");
        place.file(&format!("plugins/p{number}/types.yaml"), &manifest("p", &[(&group, "Order", "orders")]));
    }
    for _ in 0..10 {
        let _ = fs::remove_file(place.cache());
        thread::scope(|scope| {
            for start in 0..4 {
                let place = &place;
                scope.spawn(move || {
                    let (scheme, plugins) = place.open();
                    for number in (0..20).skip(start) {
                        let gvk = GroupVersionKind::gvk(&format!("g{number}.example.com"), "v1", "Order");
                        let order = scheme.by_gvk(&gvk).unwrap();
                        assert!(CompiledSchema::structural_of(&order).is_ok());
                    }
                    assert!(told(&plugins).is_empty());
                });
            }
        });
        assert_eq!(place.discovery().scan(), 20);
    }
    assert_eq!(fs::read_dir(place.path("cache")).unwrap().count(), 1);
}
