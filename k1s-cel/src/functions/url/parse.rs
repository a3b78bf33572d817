//! URLs as text: what Go's `url.ParseRequestURI` and `url.Parse` accept, and their words for what they do not.
//!
//! kube-apiserver asks both: the first to refuse relative references, the second to split off the fragment. Go 1.26's rules hold:
//! brackets hold IPv6 addresses only, and hosts of `http` and `https` have one colon at most.

use crate::functions::net::parse_address;
use crate::gofmt::quote;

use super::escape::Part;

/// A URL, in the parts that can be asked for.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Url {
    pub(super) scheme: String,
    /// With the port.
    pub(super) host: String,
    pub(super) escaped_path: String,
    pub(super) query: String,
    /// The whole, put together again: equal URLs have equal texts.
    pub(super) text: String,
}

/// `url.ParseRequestURI`, for its error only.
pub(in crate::functions) fn check_request_uri(text: &str) -> Result<(), String> {
    parse(text, true).map(drop).map_err(|fault| complaint(text, &fault))
}

impl Url {
    /// The URL, if it is absolute or an absolute path.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        check_request_uri(text)?;
        let (before, fragment) = text.split_once('#').unwrap_or((text, ""));
        let mut parts = parse(before, false).map_err(|fault| complaint(before, &fault))?;
        parts.fragment = Part::Fragment
            .unescape(fragment.as_bytes())
            .map(|_| fragment.to_owned())
            .map_err(|fault| complaint(text, &fault))?;
        Ok(Self {
            text: parts.text(),
            escaped_path: parts.escaped_path(),
            host: String::from_utf8_lossy(&parts.host).into_owned(),
            scheme: parts.scheme,
            query: parts.query,
        })
    }

    /// The host without its port and brackets.
    pub(super) fn hostname(&self) -> &str {
        let (host, _) = self.host_and_port();
        let inside = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        inside.unwrap_or(host)
    }

    /// The port.
    pub(super) fn port(&self) -> &str {
        self.host_and_port().1
    }

    fn host_and_port(&self) -> (&str, &str) {
        match self.host.rsplit_once(':') {
            Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, port),
            _ => (&self.host, ""),
        }
    }
}

fn complaint(text: &str, fault: &str) -> String {
    format!("parse {}: {fault}", quote(text))
}

/// What a URL consists of, without its escapes.
#[derive(Default)]
struct Parts {
    scheme: String,
    /// What follows the scheme of a URL like `mailto:a@b`.
    opaque: String,
    /// Name and password, as they are escaped again.
    user: Option<String>,
    host: Vec<u8>,
    /// There is a scheme and a path, but no `//`.
    without_host: bool,
    path: Vec<u8>,
    raw_path: String,
    /// There is a question mark with nothing behind it.
    empty_query: bool,
    query: String,
    fragment: String,
}

/// `url.parse`; the text of a request has no fragment.
fn parse(text: &str, of_request: bool) -> Result<Parts, String> {
    if text.bytes().any(|byte| byte < b' ' || byte == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    if text.is_empty() && of_request {
        return Err("empty url".into());
    }
    let mut parts = Parts::default();
    if text == "*" {
        parts.set_path("*")?;
        return Ok(parts);
    }
    let (scheme, rest) = split_scheme(text)?;
    parts.scheme = scheme.to_ascii_lowercase();
    let (mut rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    parts.empty_query = query.is_empty() && text.ends_with('?');
    query.clone_into(&mut parts.query);
    if !rest.starts_with('/') {
        if !parts.scheme.is_empty() {
            rest.clone_into(&mut parts.opaque);
            return Ok(parts);
        }
        if of_request {
            return Err("invalid URI for request".into());
        }
        if rest.split('/').next().is_some_and(|segment| segment.contains(':')) {
            return Err("first path segment in URL cannot contain colon".into());
        }
    }
    let has_authority = !parts.scheme.is_empty() || !of_request && !rest.starts_with("///");
    match rest.strip_prefix("//").filter(|_| has_authority) {
        Some(after) => {
            let (authority, path) = after.split_at(after.find('/').unwrap_or(after.len()));
            parts.set_authority(authority)?;
            rest = path;
        }
        None => parts.without_host = !parts.scheme.is_empty(),
    }
    parts.set_path(rest)?;
    Ok(parts)
}

/// Scheme and rest; the scheme is empty if there is none.
fn split_scheme(text: &str) -> Result<(&str, &str), String> {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    match end.map(|end| text.split_at(end)) {
        Some(("", rest)) if rest.starts_with(':') => Err("missing protocol scheme".into()),
        Some((scheme, rest)) if scheme.starts_with(|c: char| c.is_ascii_alphabetic()) => {
            Ok(rest.strip_prefix(':').map_or(("", text), |rest| (scheme, rest)))
        }
        _ => Ok(("", text)),
    }
}

impl Parts {
    fn set_path(&mut self, path: &str) -> Result<(), String> {
        self.path = Part::Path.unescape(path.as_bytes())?;
        path.clone_into(&mut self.raw_path);
        Ok(())
    }

    fn set_authority(&mut self, authority: &str) -> Result<(), String> {
        let (user, host) = match authority.rsplit_once('@') {
            Some((user, host)) => (Some(user), host),
            None => (None, authority),
        };
        self.host = parse_host(&self.scheme, host)?;
        let Some(user) = user else { return Ok(()) };
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
        if !user.bytes().all(allowed) {
            return Err("net/url: invalid userinfo".into());
        }
        let again = |part: &str| Ok::<_, String>(Part::User.escape(&Part::User.unescape(part.as_bytes())?));
        self.user = Some(match user.split_once(':') {
            Some((name, password)) => format!("{}:{}", again(name)?, again(password)?),
            None => again(user)?,
        });
        Ok(())
    }

    /// `EscapedPath`: the path as it was written if it could have been escaped so.
    fn escaped_path(&self) -> String {
        match self.raw_path.as_str() {
            "*" => "*".into(),
            raw if Part::Path.allows(raw.as_bytes()) => raw.into(),
            _ => Part::Path.escape(&self.path),
        }
    }

    /// `EscapedFragment`
    fn escaped_fragment(&self) -> String {
        let raw = self.fragment.as_bytes();
        match Part::Fragment.unescape(raw) {
            Ok(meant) if !Part::Fragment.allows(raw) => Part::Fragment.escape(&meant),
            _ => self.fragment.clone(),
        }
    }

    /// `String`
    fn text(&self) -> String {
        let mut text = String::new();
        if !self.scheme.is_empty() {
            text = format!("{}:", self.scheme);
        }
        if self.opaque.is_empty() {
            self.push_hierarchy(&mut text);
        } else {
            text.push_str(&self.opaque);
        }
        if self.empty_query || !self.query.is_empty() {
            text.push('?');
            text.push_str(&self.query);
        }
        if !self.fragment.is_empty() {
            text.push('#');
            text.push_str(&self.escaped_fragment());
        }
        text
    }

    fn push_hierarchy(&self, text: &mut String) {
        let names_host = !self.host.is_empty() || self.user.is_some();
        let may_name_host = names_host || !self.scheme.is_empty() && !self.without_host;
        if may_name_host && (names_host || !self.path.is_empty()) {
            text.push_str("//");
        }
        if let Some(user) = &self.user {
            text.push_str(user);
            text.push('@');
        }
        text.push_str(&Part::Host.escape(&self.host));
        let path = self.escaped_path();
        if !path.is_empty() && !path.starts_with('/') && !self.host.is_empty() {
            text.push('/');
        }
        text.push_str(&path);
    }
}

/// `url.parseHost`: host and port, without escapes.
fn parse_host(scheme: &str, host: &str) -> Result<Vec<u8>, String> {
    let bad_port = |port: &str| format!("invalid port {} after host", quote(port));
    match host.rfind('[') {
        Some(0) => {}
        Some(_) => return Err("invalid IP-literal".into()),
        None => {
            let strict = matches!(scheme, "http" | "https");
            let colon = if strict { host.find(':') } else { host.rfind(':') };
            let port = colon.map_or("", |colon| host.split_at(colon).1);
            if !is_port(port) {
                return Err(bad_port(port));
            }
            return Part::Host.unescape(host.as_bytes());
        }
    }
    let (inside, port) = host.rsplit_once(']').ok_or("missing ']' in host")?;
    let inside = inside.strip_prefix('[').unwrap_or(inside);
    if !is_port(port) {
        return Err(bad_port(port));
    }
    let (address, zone) = inside.split_at(inside.find("%25").unwrap_or(inside.len()));
    let mut name = Part::Host.unescape(address.as_bytes())?;
    name.extend(Part::Zone.unescape(zone.as_bytes())?);
    let parsed =
        parse_address(&String::from_utf8_lossy(&name)).map_err(|fault| format!("invalid host: {fault}"))?;
    if parsed.ip.is_ipv4() {
        return Err("invalid IP-literal".into());
    }
    Ok([b"[", name.as_slice(), b"]", port.as_bytes()].concat())
}

/// Nothing, or a colon and digits, if any.
fn is_port(text: &str) -> bool {
    text.is_empty()
        || text.strip_prefix(':').is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> [String; 5] {
        let url = Url::parse(text).unwrap();
        [
            url.scheme.clone(),
            url.host.clone(),
            url.hostname().to_owned(),
            url.port().to_owned(),
            url.escaped_path,
        ]
    }

    #[test]
    fn parts_are_those_that_a_server_recorded() {
        assert_eq!(parts("https://example.com:80/"), ["https", "example.com:80", "example.com", "80", "/"]);
        let long = "http://user:pw@[::1]:8080/a%20b/c d?a=1&a=2&b=#frag";
        assert_eq!(parts(long), ["http", "[::1]:8080", "::1", "8080", "/a%20b/c%20d"]);
        assert_eq!(parts("/abs/path"), ["", "", "", "", "/abs/path"]);
        assert_eq!(parts("mailto:x@y"), ["mailto", "", "", "", ""]);
        assert_eq!(parts("https://é.com/ü"), ["https", "é.com", "é.com", "", "/%C3%BC"]);
        assert_eq!(parts("https://Example.COM"), ["https", "Example.COM", "Example.COM", "", ""]);
        assert_eq!(parts("//host/p"), ["", "host", "host", "", "/p"]);
        assert_eq!(parts("ftp://h:/x"), ["ftp", "h:", "h", "", "/x"]);
        assert_eq!(parts("*"), ["", "", "", "", "*"]);
        assert_eq!(parts("HTTP://h/a%2fb!"), ["http", "h", "h", "", "/a%2fb!"]);
        assert_eq!(parts("http://[fe80::1%25e%20n]/"), ["http", "[fe80::1%e n]", "fe80::1%e n", "", "/"]);
    }

    #[test]
    fn refusals_are_in_gos_words() {
        let fault = |text: &str| Url::parse(text).unwrap_err();
        assert_eq!(fault("not a url"), r#"parse "not a url": invalid URI for request"#);
        assert_eq!(fault(""), r#"parse "": empty url"#);
        assert_eq!(fault("../a"), r#"parse "../a": invalid URI for request"#);
        assert_eq!(fault(":a"), r#"parse ":a": missing protocol scheme"#);
        assert_eq!(fault("/a\u{7f}"), r#"parse "/a\x7f": net/url: invalid control character in URL"#);
        assert_eq!(fault("http://a b/"), r#"parse "http://a b/": invalid character " " in host name"#);
        assert_eq!(fault("https://a:b:c/"), r#"parse "https://a:b:c/": invalid port ":b:c" after host"#);
        assert_eq!(fault("http://a:1:2/"), r#"parse "http://a:1:2/": invalid port ":1:2" after host"#);
        assert_eq!(fault("http://a/%zz"), r#"parse "http://a/%zz": invalid URL escape "%zz""#);
        assert_eq!(fault("http://ü@a/"), r#"parse "http://ü@a/": net/url: invalid userinfo"#);
        assert_eq!(fault("http://[::1/"), r#"parse "http://[::1/": missing ']' in host"#);
        assert_eq!(fault("http://[1.2.3.4]/"), r#"parse "http://[1.2.3.4]/": invalid IP-literal"#);
        assert_eq!(fault("http://a?x#%zz"), r#"parse "http://a?x#%zz": invalid URL escape "%zz""#);
        assert_eq!(fault("//h:x/p"), r#"parse "//h:x/p": invalid port ":x" after host"#);
        assert!(Url::parse("mongodb://a:1,b:2/").is_ok() && Url::parse("http://a?b=%zz").is_ok());
    }

    #[test]
    fn texts_tell_what_is_equal() {
        let text = |text: &str| Url::parse(text).unwrap().text;
        for same in [
            "http://u:p@h:1/a?b#c",
            "file:/x",
            "file:///x",
            "mailto:x@y",
            "http://h",
            "http://h?",
            "urn:a?b",
            "/p#a!",
            "//h/p",
            "///p",
        ] {
            assert_eq!(text(same), same);
        }
        assert_eq!(text("HTTP://h/a b#c d"), "http://h/a%20b#c%20d");
        assert_eq!(text("https://é/"), "https://%C3%A9/");
    }
}
