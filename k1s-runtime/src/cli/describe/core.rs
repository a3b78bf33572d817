//! Core kinds that kubectl has its own pages for.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::generic::head;
use super::layout::Page;
use crate::api::Object;

const TOKEN_TYPE: &str = "kubernetes.io/service-account-token";

/// A ConfigMap with its texts; of binary values the size.
pub(super) fn config_map(page: &mut Page, object: &Object) {
    head(page, object, true);
    page.write(0, "\nData\n====\n");
    for (key, value) in map(object, "data") {
        page.write(0, &format!("{key}:\n----\n{}\n\n", value.as_str().unwrap_or_default()));
    }
    page.write(0, "\nBinaryData\n====\n");
    for (key, value) in map(object, "binaryData") {
        page.write(0, &format!("{key}: {} bytes\n", decode(value).len()));
    }
    page.write(0, "\n");
}

/// A Secret with the sizes of its values; only the token of a service account is shown.
pub(super) fn secret(page: &mut Page, object: &Object) {
    head(page, object, true);
    let secret_type = text(object.0.get("type"));
    page.write(0, &format!("\nType:\t{secret_type}\n\nData\n====\n"));
    for (key, value) in map(object, "data") {
        let bytes = decode(value);
        if key == "token" && secret_type == TOKEN_TYPE {
            page.write(0, &format!("{key}:\t{}\n", String::from_utf8_lossy(&bytes)));
        } else {
            page.write(0, &format!("{key}:\t{} bytes\n", bytes.len()));
        }
    }
}

/// A ServiceAccount with its secrets, and whether they are among `secrets`.
pub(super) fn service_account(page: &mut Page, object: &Object, secrets: &[Object]) {
    head(page, object, true);
    let existing: BTreeSet<&str> = secrets.iter().map(Object::name).collect();
    let named = |field: &str| -> Vec<String> {
        let list = object.0.get(field).and_then(Value::as_array);
        let names = list.into_iter().flatten().map(|item| text(item.get("name")));
        names
            .map(|name| if existing.contains(name) { name.to_owned() } else { format!("{name} (not found)") })
            .collect()
    };
    let is_token = |secret: &&Object| {
        text(secret.0.get("type")) == TOKEN_TYPE
            && secret.annotation("kubernetes.io/service-account.name") == Some(object.name())
            && secret.annotation("kubernetes.io/service-account.uid") == object.uid()
    };
    let tokens = secrets.iter().filter(is_token).map(|secret| secret.name().to_owned()).collect();
    for (title, names) in [
        ("Image pull secrets:", named("imagePullSecrets")),
        ("Mountable secrets: ", named("secrets")),
        ("Tokens:            ", tokens),
    ] {
        if names.is_empty() {
            page.write(0, &format!("{title}\t<none>\n"));
        }
        for (index, name) in names.iter().enumerate() {
            let title = if index == 0 { title } else { "                   " };
            page.write(0, &format!("{title}\t{name}\n"));
        }
    }
}

/// A Namespace. Nothing limits what it may hold.
pub(super) fn namespace(page: &mut Page, object: &Object) {
    head(page, object, false);
    let status = object.0.get("status").and_then(|status| status.get("phase"));
    page.write(0, &format!("Status:\t{}\n", text(status)));
    page.write(0, "\nNo resource quota.\n\nNo LimitRange resource.\n");
}

fn map<'a>(object: &'a Object, field: &str) -> impl Iterator<Item = (&'a String, &'a Value)> {
    object.0.get(field).and_then(Value::as_object).into_iter().flat_map(Map::iter)
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default()
}

fn decode(value: &Value) -> Vec<u8> {
    // What is stored was checked to be base64; anything else counts as empty.
    STANDARD.decode(value.as_str().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tokens_and_missing_secrets_of_a_service_account_are_told() {
        let account =
            json!({"metadata": {"name": "acc", "uid": "u"}, "secrets": [{"name": "a"}, {"name": "b"}]});
        let token = json!({"type": TOKEN_TYPE, "metadata": {"name": "a", "annotations": {
            "kubernetes.io/service-account.name": "acc", "kubernetes.io/service-account.uid": "u"}}});
        let mut page = Page::default();
        let secrets = [Object::try_from(token).unwrap()];
        service_account(&mut page, &Object::try_from(account).unwrap(), &secrets);
        let text = page.finish();
        let expected = "\
Image pull secrets:  <none>
Mountable secrets:   a
                     b (not found)
Tokens:              a
";
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn a_secret_keeps_its_values() {
        let mut page = Page::default();
        let value = json!({"metadata": {"name": "s"}, "type": "Opaque", "data": {"pw": "c2VjcmV0"}});
        secret(&mut page, &Object::try_from(value).unwrap());
        assert!(page.finish().ends_with("\nType:  Opaque\n\nData\n====\npw:  6 bytes\n"));
    }
}
