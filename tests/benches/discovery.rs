//! Gates of discovery: what a start costs that finds a hundred plugins, for the first time and again, and one that finds none.
//!
//! The floor of a cold start is reading the manifests and having `saphyr-parser` say the events of their YAML: what any program pays that
//! reads all of it, which this one does not, as it leaves schemas for later. Of a warm start it is listing the directory, looking at each file and reading the cache; of one
//! without plugins, the call that fails.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::panic, reason = "a bench reports, and may panic")]

#[expect(unsafe_code, reason = "what the benches share opens bare LMDB; this one does not")]
mod kit;

use std::fs::{self, File, FileTimes};
use std::hint::black_box;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use k1s_runtime::api::GroupVersionKind;
use k1s_runtime::plugin::{Discovery, MANIFEST};
use k1s_runtime::scheme::Scheme;
use kit::{Gate, alternate, heading, report};
use saphyr_parser::Parser;

const PLUGINS: usize = 100;
const ROUNDS: usize = 101;
const COLD: Duration = Duration::from_millis(5);
const WARM: Duration = Duration::from_millis(1);

struct Place {
    _directory: tempfile::TempDir,
    plugins: PathBuf,
    cache: PathBuf,
}

fn main() {
    let place = Place::new();
    let bytes = fs::metadata(place.manifest(0)).unwrap().len();
    heading(&format!("discovery of {PLUGINS} manifests of {bytes} bytes"));

    let (floor, ours) = alternate(
        ROUNDS,
        |_| place.parse_all(),
        |_| {
            let _ = fs::remove_file(place.cache.join("plugin-kinds"));
            assert_eq!(place.discovery().scan(), PLUGINS);
        },
    );
    report("cold; floor: read and YAML events", Some(floor), ours, Gate::Time(COLD));
    let (floor, ours) =
        alternate(ROUNDS, |_| place.look(), |_| assert_eq!(place.discovery().scan(), PLUGINS));
    report("warm; floor: list, stat, read the cache", Some(floor), ours, Gate::Time(WARM));

    place.names();
    let (floor, ours) = alternate(ROUNDS, |_| place.look(), |_| place.named(7));
    report("warm, and one kind named", Some(floor), ours, Gate::Time(WARM));
    let (floor, ours) = alternate(ROUNDS, |_| place.look(), |_| place.all());
    report("warm, and all kinds listed", Some(floor), ours, Gate::None);
    let (floor, ours) = alternate(ROUNDS, |_| place.look(), |round| place.named_unchecked(round));
    report("warm, one kind named for the first time", Some(floor), ours, Gate::None);

    let missing = place.plugins.join("missing");
    let nothing = Discovery::new([missing.clone()]).cached_in(place.cache.clone());
    assert_eq!(nothing.scan(), 0);
    let (floor, ours) = alternate(
        ROUNDS,
        |_| assert!(fs::read_dir(&missing).is_err()),
        |_| assert_eq!(Discovery::new([missing.clone()]).cached_in(place.cache.clone()).scan(), 0),
    );
    report("no plugin directory; floor: the failed call", Some(floor), ours, Gate::None);
}

impl Place {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let place = Self {
            plugins: directory.path().join("plugins"),
            cache: directory.path().join("cache"),
            _directory: directory,
        };
        for number in 0..PLUGINS {
            let path = place.manifest(number);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, text(number)).unwrap();
            settle(&path);
        }
        place
    }

    fn manifest(&self, number: usize) -> PathBuf {
        self.plugins.join(format!("plugin-{number:03}")).join(MANIFEST)
    }

    fn discovery(&self) -> Discovery {
        Discovery::new([self.plugins.clone()]).cached_in(self.cache.clone())
    }

    fn scheme(&self) -> Scheme {
        Scheme::new().with_source(Arc::new(self.discovery()))
    }

    /// Floor of a cold start.
    fn parse_all(&self) {
        for number in 0..PLUGINS {
            let text = fs::read_to_string(self.manifest(number)).unwrap();
            for event in Parser::new_from_str(&text) {
                black_box(event.unwrap());
            }
        }
    }

    /// Floor of a warm start.
    fn look(&self) {
        for entry in fs::read_dir(&self.plugins).unwrap() {
            black_box(fs::metadata(entry.unwrap().path().join(MANIFEST)).unwrap());
        }
        black_box(fs::read(self.cache.join("plugin-kinds")).unwrap());
    }

    /// Has every manifest looked at closely, so that the cache knows that.
    fn names(&self) {
        assert!(self.scheme().definitions().len() > PLUGINS);
    }

    fn named(&self, number: usize) {
        assert!(self.scheme().by_gvk(&gvk(number)).is_some());
    }

    fn all(&self) {
        assert!(self.scheme().definitions().len() > PLUGINS);
    }

    /// Names a kind whose manifest has changed, and so must be looked at again.
    fn named_unchecked(&self, round: usize) {
        let number = round % PLUGINS;
        settle(&self.manifest(number));
        self.named(number);
    }
}

/// Sets a time long gone, which every call changes a little.
fn settle(path: &Path) {
    let file = File::options().write(true).open(path).unwrap();
    let before = SystemTime::now() - Duration::from_secs(3_600);
    file.set_times(FileTimes::new().set_modified(before)).unwrap();
}

fn gvk(number: usize) -> GroupVersionKind {
    GroupVersionKind::gvk(&format!("g{number:03}.example.com"), "v1alpha1", "Item")
}

fn text(number: usize) -> String {
    format!(
        r#"apiVersion: k1s.io/v1alpha1
kind: PluginTypeManifest
metadata:
  name: plugin-{number:03}
spec:
  types:
  - group: g{number:03}.example.com
    version: v1alpha1
    kind: Item
    plural: items
    shortNames: [itm, it{number}]
    categories: [all, inventory]
    namespaced: true
    subresources: {{status: {{}}}}
    printColumns:
    - name: Category
      type: string
      jsonPath: .spec.category
    - name: Quantity
      type: integer
      description: How many there are.
      jsonPath: .spec.quantity
    - name: Age
      type: date
      jsonPath: .metadata.creationTimestamp
    schema:
      openAPIV3Schema:
        type: object
        description: Something that is kept in stock.
        required: [spec]
        properties:
          spec:
            type: object
            required: [name, quantity]
            x-kubernetes-validations:
            - rule: self.reserved <= self.quantity
              message: more is reserved than there is
            properties:
              name: {{type: string, minLength: 1, maxLength: 80, description: What it is called.}}
              category: {{type: string, enum: [hardware, garden, toys], default: hardware}}
              quantity: {{type: integer, minimum: 0, description: How many there are.}}
              reserved: {{type: integer, minimum: 0, default: 0}}
              price:
                type: integer
                minimum: 0
                description: In cents.
              tags:
                type: array
                maxItems: 20
                items: {{type: string, maxLength: 40}}
                x-kubernetes-list-type: set
              supplier:
                type: object
                properties:
                  name: {{type: string}}
                  email: {{type: string, format: email}}
                  leadTimeDays: {{type: integer, minimum: 0, maximum: 365}}
          status:
            type: object
            properties:
              available: {{type: integer}}
              phase: {{type: string, enum: [Empty, Low, InStock]}}
"#
    )
}
