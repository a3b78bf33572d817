//! Commands that tell about kinds and about the program, for a kind that is a Rust type.

use std::io;

use k1s_runtime::cli::{App, Environment, Streams};
use k1s_runtime::{Resource, Schema};
use serde::{Deserialize, Serialize};

/// A thing in stock.
#[derive(Resource, Clone, Debug, PartialEq, Serialize, Deserialize)]
#[resource(group = "shop.example.com", version = "v1", kind = "Thing", short_name = "th", category = "shop")]
#[serde(rename_all = "camelCase")]
struct ThingSpec {
    /// How many there are.
    #[schema(minimum = 0)]
    in_stock: i32,
    /// Who sells it.
    supplier: Option<Supplier>,
}

/// Somebody who sells things.
#[derive(Schema, Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Supplier {
    /// The supplier's name.
    name: String,
}

/// Runs a command line against a store of its own; answers exit code, standard output and standard error.
fn run(words: &[&str]) -> io::Result<(u8, String, String)> {
    let store = tempfile::tempdir()?;
    let environment = Environment::new(store.path()).with("SHOP_STORE", &store.path().to_string_lossy());
    let (mut streams, written) = Streams::captured("");
    let app = App::new("shop").version("1.2.3").resource::<Thing>();
    let code = app.execute(words.iter().map(Into::into), &mut streams, &environment);
    Ok((code, written.stdout(), written.stderr()))
}

#[test]
fn a_derived_kind_explains_itself() {
    let (code, out, err) = run(&["explain", "things.spec"]).unwrap();
    let expected = "\
GROUP:      shop.example.com
KIND:       Thing
VERSION:    v1

FIELD: spec <Object>
";
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with(expected), "{out}");
    assert!(out.contains("  inStock\t<integer> -required-\n    How many there are.\n\n"), "{out}");
    let (_, out, _) = run(&["explain", "th.metadata.managedFields", "--recursive"]).unwrap();
    assert!(out.contains("FIELD: managedFields <[]ManagedFieldsEntry>\n"), "{out}");
    let (_, out, _) = run(&["explain", "things.shop.example.com.spec.supplier", "--recursive"]).unwrap();
    assert!(out.ends_with("FIELDS:\n  name\t<string> -required-\n\n"), "{out}");
}

#[test]
fn a_derived_kind_is_listed_with_the_core_kinds() {
    let (code, out, _) =
        run(&["api-resources", "--api-group=shop.example.com", "-o", "wide", "--no-headers"]).unwrap();
    let verbs = "delete,deletecollection,get,list,patch,create,update,watch";
    assert_eq!(out, format!("things   th    shop.example.com/v1   true   Thing   {verbs}   shop\n"));
    assert_eq!(code, 0);
    assert_eq!(
        run(&["api-versions"]).unwrap().1,
        "apiextensions.k8s.io/v1\ncoordination.k8s.io/v1\nrbac.authorization.k8s.io/v1\nshop.example.com/v1\nv1\n"
    );
}

#[test]
fn a_program_tells_its_version_without_a_store() {
    assert_eq!(run(&["version", "--client"]).unwrap().1, "Client Version: v1.2.3\n");
    let (_, out, _) = run(&["version", "-o", "json"]).unwrap();
    assert!(out.starts_with("{\n  \"clientVersion\": {\n    \"gitVersion\": \"v1.2.3\"\n  },"), "{out}");
    let (code, _, err) = run(&["version", "-o", "xml"]).unwrap();
    assert_eq!((code, err.as_str()), (1, "error: --output must be 'yaml' or 'json'\n"));
}

#[test]
fn every_shell_gets_a_script_that_knows_the_verbs() {
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let (code, out, err) = run(&["completion", shell]).unwrap();
        assert_eq!((code, err.as_str()), (0, ""), "{shell}");
        assert!(out.contains("shop") && out.contains("api-resources"), "{shell}");
    }
    let (code, out, err) = run(&["completion", "csh"]).unwrap();
    assert_eq!((code, out.as_str()), (1, ""));
    assert_eq!(
        err,
        "error: Unsupported shell type \"csh\".\nSee 'shop completion -h' for help and examples\n"
    );
}
