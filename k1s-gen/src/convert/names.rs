//! Rust names of JSON names: fields in snake case, types and variants in camel case, all of them distinct.

use std::collections::BTreeSet;

use proc_macro2::{Ident, Span};

/// Words that are no plain identifiers.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait",
    "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Words that are no identifiers in any spelling.
const RESERVED: &[&str] = &["self", "super", "crate"];

/// The words of a name: `podIPs` is of `pod` and `ips`. What is neither an ASCII letter nor a digit only separates.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let mut words: Vec<String> = Vec::new();
    let mut open = false;
    for (index, letter) in letters.iter().enumerate() {
        if !letter.is_ascii_alphanumeric() {
            open = false;
            continue;
        }
        if !open || begins(&letters, index) {
            words.push(String::new());
            open = true;
        }
        if let Some(word) = words.last_mut() {
            word.push(letter.to_ascii_lowercase());
        }
    }
    words
}

/// Whether a word begins within letters: at a capital after a small letter, and at the last capital of several.
fn begins(letters: &[char], index: usize) -> bool {
    let at = |index: usize| letters.get(index).copied().unwrap_or(' ');
    let Some(before) = index.checked_sub(1).map(at) else { return true };
    if !at(index).is_ascii_uppercase() {
        return false;
    }
    let plural = at(index + 1) == 's' && !at(index + 2).is_ascii_lowercase();
    !before.is_ascii_uppercase() || (at(index + 1).is_ascii_lowercase() && !plural)
}

/// A field's name, as `pod_ips`; without what a keyword needs.
pub(super) fn snake(name: &str) -> String {
    let joined = words(name).join("_");
    match joined.chars().next() {
        None => "field".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("n{joined}"),
        _ if RESERVED.contains(&joined.as_str()) => format!("{joined}_field"),
        _ => joined,
    }
}

/// A type's name, as `PodIps`.
pub(super) fn pascal(name: &str) -> String {
    let joined: String = words(name).iter().map(|word| capital(word)).collect();
    match joined.chars().next() {
        None => "Value".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("N{joined}"),
        _ => joined,
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

/// How serde's `camelCase` writes a field's name.
pub(super) fn camel(field: &str) -> String {
    let parts: String = field.split('_').map(capital).collect();
    let mut letters = parts.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// The name of one of many: `Policy` of `Policies`.
pub(super) fn singular(name: &str) -> String {
    let ends = |ending: &str| name.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = ends("ies") {
        return format!("{stem}y");
    }
    if let Some(stem) = ["sses", "xes", "ches", "shes"]
        .iter()
        .find_map(|ending| ends(ending).map(|_| &name[..name.len() - 2]))
    {
        return stem.to_owned();
    }
    match ends("s") {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => name.to_owned(),
    }
}

/// An identifier of a name, raw if it is a keyword.
pub(super) fn ident(name: &str) -> Ident {
    if KEYWORDS.contains(&name) {
        Ident::new_raw(name, Span::call_site())
    } else {
        Ident::new(name, Span::call_site())
    }
}

/// Names that are in use.
#[derive(Clone, Debug, Default)]
pub(super) struct Taken(BTreeSet<String>);

impl Taken {
    /// These names.
    pub(super) fn of(names: impl IntoIterator<Item = String>) -> Self {
        Self(names.into_iter().collect())
    }

    /// Takes the first of the candidates that is free, or the last with a number; `between` stands before the number.
    pub(super) fn take(&mut self, candidates: &[String], between: &str) -> String {
        let last = candidates.last().cloned().unwrap_or_default();
        let numbered = (2u32..).map(|number| format!("{last}{between}{number}"));
        let found = candidates.iter().cloned().chain(numbered).find(|name| !self.0.contains(name));
        let name = found.unwrap_or(last);
        self.0.insert(name.clone());
        name
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_in_snake_case() {
        let pairs = [
            ("unitPrice", "unit_price"),
            ("podIPs", "pod_ips"),
            ("HTTPGet", "http_get"),
            ("clusterIP", "cluster_ip"),
            ("x509Cert", "x509_cert"),
            ("weight-kg", "weight_kg"),
            ("$ref", "ref"),
            ("app.kubernetes.io/name", "app_kubernetes_io_name"),
            ("grün", "gr_n"),
            ("日本", "field"),
            ("", "field"),
            ("2fast", "n2fast"),
            ("self", "self_field"),
            ("Self", "self_field"),
            ("type", "type"),
        ];
        for (json, rust) in pairs {
            assert_eq!(snake(json), rust, "{json}");
        }
        assert_eq!(ident("type").to_string(), "r#type");
    }

    #[test]
    fn serde_writes_most_of_them_back() {
        assert!(["unitPrice", "x509Cert", "name"].iter().all(|name| camel(&snake(name)) == *name));
        assert_eq!(camel(&snake("podIPs")), "podIps");
    }

    #[test]
    fn types_are_in_camel_case_and_singular() {
        let of = |name: &str| singular(&pascal(name));
        let pairs = [
            ("conditions", "Condition"),
            ("policies", "Policy"),
            ("addresses", "Address"),
            ("status", "Status"),
            ("ingress", "Ingress"),
            ("boxes", "Box"),
            ("podIPs", "PodIp"),
            ("3d", "N3d"),
            ("!", "Value"),
        ];
        for (json, rust) in pairs {
            assert_eq!(of(json), rust, "{json}");
        }
    }

    #[test]
    fn names_are_taken_once() {
        let mut taken = Taken::of(["Template".to_owned()]);
        let names = ["Template".to_owned(), "JobTemplate".to_owned()];
        assert_eq!(taken.take(&names, ""), "JobTemplate");
        assert_eq!(taken.take(&names, ""), "JobTemplate2");
        assert_eq!(taken.take(&["a".to_owned()], "_"), "a");
        assert_eq!(taken.take(&["a".to_owned()], "_"), "a_2");
    }
}
