//! `url()` and what can be asked of a URL.

use crate::functions::cost::Cost;
use crate::functions::shorthand::{SIZED_TRAVERSAL, global, member, opaque, readable};
use crate::functions::table::{Function, Ty};
use crate::value::{EvalError, Opaque, OpaqueValue, Value};

use super::parse::{Url, check_request_uri};
use super::query::parameters;

/// The type's name.
pub(in crate::functions) const NAME: &str = "kubernetes.URL";

impl OpaqueValue for Url {
    fn type_name(&self) -> &'static str {
        NAME
    }

    fn equals(&self, other: &Opaque) -> bool {
        other.get::<Self>().is_some_and(|other| other.text == self.text)
    }
}

const URL: Ty = Ty::Opaque(NAME);

pub(in crate::functions) const FUNCTIONS: &[Function] = &[
    Function {
        name: "url",
        doc: "Reads a URL that is absolute, or a path that begins with a slash.",
        overloads: &[global(
            "string_to_url",
            &[Ty::String],
            URL,
            |args| {
                Url::parse(readable(args, 0)?).map(Value::opaque).map_err(|fault| {
                    EvalError::other(format!("URL parse error during conversion from string: {fault}"))
                })
            },
            SIZED_TRAVERSAL,
        )],
    },
    Function {
        name: "isURL",
        doc: "Whether a text is a URL that is absolute, or a path that begins with a slash.",
        overloads: &[global(
            "is_url_string",
            &[Ty::String],
            Ty::Bool,
            |args| Ok(Value::Bool(check_request_uri(readable(args, 0)?).is_ok())),
            Cost::ONE,
        )],
    },
    Function {
        name: "getScheme",
        doc: "The scheme in lower case; empty if there is none.",
        overloads: &[member(
            "url_get_scheme",
            &[URL],
            Ty::String,
            |args| Ok(Value::string(opaque::<Url>(args, 0)?.scheme.as_str())),
            Cost::ONE,
        )],
    },
    Function {
        name: "getHost",
        doc: "Host and port; IPv6 addresses in brackets.",
        overloads: &[member(
            "url_get_host",
            &[URL],
            Ty::String,
            |args| Ok(Value::string(opaque::<Url>(args, 0)?.host.as_str())),
            Cost::ONE,
        )],
    },
    Function {
        name: "getHostname",
        doc: "The host without port; IPv6 addresses without brackets.",
        overloads: &[member(
            "url_get_hostname",
            &[URL],
            Ty::String,
            |args| Ok(Value::string(opaque::<Url>(args, 0)?.hostname())),
            Cost::ONE,
        )],
    },
    Function {
        name: "getPort",
        doc: "The port as text; empty if there is none.",
        overloads: &[member(
            "url_get_port",
            &[URL],
            Ty::String,
            |args| Ok(Value::string(opaque::<Url>(args, 0)?.port())),
            Cost::ONE,
        )],
    },
    Function {
        name: "getEscapedPath",
        doc: "The path, with `%20` for a space and the like.",
        overloads: &[member(
            "url_get_escaped_path",
            &[URL],
            Ty::String,
            |args| Ok(Value::string(opaque::<Url>(args, 0)?.escaped_path.as_str())),
            Cost::ONE,
        )],
    },
    Function {
        name: "getQuery",
        doc: "The values of each parameter, unescaped.",
        overloads: &[member(
            "url_get_query",
            &[URL],
            Ty::Map(&Ty::String, &Ty::List(&Ty::String)),
            |args| parameters(&opaque::<Url>(args, 0)?.query),
            Cost::ONE,
        )],
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::functions::cost::CostRange;
    use crate::functions::shorthand::testing::{call, costs, fault};

    #[test]
    fn urls() {
        let url = |text| call("url", &[Value::str(text)]).unwrap();
        assert!(url("HTTP://a/").equals(&url("http://a/")).unwrap());
        assert!(!url("http://a/").equals(&url("http://A/")).unwrap());
        assert!(matches!(call("isURL", &[Value::str("../a")]), Ok(Value::Bool(false))));
        let expected =
            r#"URL parse error during conversion from string: parse "not a url": invalid URI for request"#;
        assert_eq!(fault("url", &[Value::str("not a url")]), expected);
        assert_eq!(fault("getHost", &[Value::str("a")]), "no such overload");
    }

    #[test]
    fn reading_costs_a_traversal_and_asking_nothing() {
        let text = [Value::str("https:://kubernetes.io/")];
        assert_eq!(costs("url", &text), (3, CostRange::fixed(3)));
        assert_eq!(costs("isURL", &text), (1, CostRange::ONE));
        assert_eq!(costs("getHost", &[call("url", &text).unwrap()]), (1, CostRange::ONE));
    }
}
