//! The names that a workspace is made of: what Cargo, Rust and Kubernetes take, and how one is made of another.

use super::Error;

/// Words that are no Rust identifier.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop",
    "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static",
    "struct", "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual",
    "where", "while", "yield",
];

/// Crates that the workspace uses or that every crate has: no package of it can have their names.
const CRATES: &[&str] = &["alloc", "core", "k1s_runtime", "proc_macro", "serde", "std", "tempfile", "test"];

/// Types that the generated code names.
const TYPES: &[&str] = &[
    "App",
    "BTreeMap",
    "Default",
    "Deserialize",
    "Err",
    "From",
    "None",
    "Ok",
    "Option",
    "Resource",
    "Result",
    "Schema",
    "Self",
    "Serialize",
    "Some",
    "String",
    "Vec",
];

/// Whether it is a word of the language.
pub(super) fn is_keyword(word: &str) -> bool {
    KEYWORDS.contains(&word)
}

/// A name that Cargo takes for a package: lower-case letters, digits, `-` and `_`, a letter first; no word of Rust, no crate that
/// is used.
///
/// # Errors
/// When it is none, with a name that would do.
pub fn check_package(name: &str) -> Result<(), Error> {
    let refuse = |why: &str, hint: String| {
        Err(Error::Name { what: "the name", value: name.to_owned(), why: why.to_owned(), hint })
    };
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_lowercase()) || !name.chars().all(fits) || name.len() > 64 {
        let hint = "use at most 64 lower-case letters, digits, `-` and `_`, a letter first";
        let better = slug(name);
        let hint = if better.is_empty() { hint.to_owned() } else { format!("{hint}, as `{better}`") };
        return refuse("is not the name of a package", hint);
    }
    let identifier = name.replace('-', "_");
    if is_keyword(&identifier) {
        return refuse("is a word of Rust", format!("add to it, as `{name}-cli`"));
    }
    if CRATES.contains(&identifier.as_str()) {
        return refuse(
            "is the name of a crate that the workspace uses",
            format!("add to it, as `{name}-cli`"),
        );
    }
    Ok(())
}

fn slug(name: &str) -> String {
    let spaced = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), " ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    words.join("-").trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').chars().take(64).collect()
}

/// A DNS name of several labels, as `shop.example.com`.
///
/// # Errors
/// When it is none.
pub fn check_group(group: &str) -> Result<(), Error> {
    let label = |label: &str| {
        let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let why = if group.len() > 200 || !group.split('.').all(label) {
        "is not a DNS name"
    } else if !group.contains('.') {
        "has no dot: names without one are Kubernetes' own"
    } else if group == "k8s.io" || group.ends_with(".k8s.io") || group.ends_with(".kubernetes.io") {
        "belongs to Kubernetes"
    } else {
        return Ok(());
    };
    Err(Error::Name {
        what: "the group",
        value: group.to_owned(),
        why: why.to_owned(),
        hint: "use a domain that you own, in lower case, as `shop.example.com`".to_owned(),
    })
}

/// A CamelCase name of ASCII letters and digits that no type of the generated code has.
///
/// # Errors
/// When it is none.
pub fn check_kind(kind: &str) -> Result<(), Error> {
    let refuse = |why: &str, hint: String| {
        Err(Error::Name { what: "the kind", value: kind.to_owned(), why: why.to_owned(), hint })
    };
    let camel = kind.starts_with(|c: char| c.is_ascii_uppercase())
        && kind.chars().all(|c| c.is_ascii_alphanumeric())
        && kind.len() <= 60;
    if !camel {
        let better = pascal(kind);
        let as_that = if better.is_empty() { String::new() } else { format!(", as `{better}`") };
        return refuse("is not CamelCase", format!("use letters and digits, a capital first{as_that}"));
    }
    if TYPES.contains(&kind) {
        return refuse("is a type of Rust or k1s", format!("say more of it, as `Shop{kind}`"));
    }
    Ok(())
}

/// A version as Kubernetes orders them: `v1`, `v2beta1`, `v1alpha3`.
///
/// # Errors
/// When it is none.
pub fn check_version(version: &str) -> Result<(), Error> {
    let number = |text: &str| text.len() < 5 && !text.starts_with('0') && text.parse::<u32>().is_ok();
    let fits = version.strip_prefix('v').is_some_and(|rest| {
        let stage = ["alpha", "beta"].into_iter().find_map(|stage| rest.split_once(stage));
        match stage {
            Some((major, minor)) => number(major) && number(minor),
            None => number(rest),
        }
    });
    if fits {
        return Ok(());
    }
    Err(Error::Name {
        what: "the version",
        value: version.to_owned(),
        why: "is not a version of Kubernetes".to_owned(),
        hint: "use `v1`, `v1beta1` or `v1alpha1`, with other numbers if need be".to_owned(),
    })
}

/// `leadTimeDays` and `LeadTimeDays` as `lead_time_days`; an acronym is one word: `podIP` is `pod_ip`.
pub(super) fn snake(name: &str) -> String {
    let mut out = String::new();
    let letters: Vec<char> = name.chars().collect();
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(at + 1).is_some_and(char::is_ascii_lowercase);
        let starts = letter.is_ascii_uppercase()
            && before.is_some_and(|before| {
                before.is_ascii_lowercase()
                    || before.is_ascii_digit()
                    || (before.is_ascii_uppercase() && after)
            });
        if starts {
            out.push('_');
        }
        out.push(if letter == '-' { '_' } else { letter.to_ascii_lowercase() });
    }
    out
}

/// `lead_time_days` as serde's `rename_all = "camelCase"` has it.
pub(super) fn camel(snake: &str) -> String {
    let pascal = pascal(snake);
    let mut letters = pascal.chars();
    letters.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(letters).collect()
}

/// `sold-out` as `SoldOut`.
pub(super) fn pascal(name: &str) -> String {
    let mut out = String::new();
    let mut starts = true;
    for letter in name.chars() {
        if !letter.is_ascii_alphanumeric() {
            starts = true;
        } else if starts {
            out.push(letter.to_ascii_uppercase());
            starts = false;
        } else {
            out.push(letter);
        }
    }
    out
}

/// The module of a kind. No file is called `mod.rs` or `type.rs`.
pub(super) fn module(kind: &str) -> String {
    let snake = snake(kind);
    if is_keyword(&snake) { format!("{snake}_kind") } else { snake }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_of_names() {
        for (name, is) in
            [("leadTimeDays", "lead_time_days"), ("podIP", "pod_ip"), ("HTTPRoute", "http_route")]
        {
            assert_eq!(snake(name), is);
        }
        assert_eq!(camel("lead_time_days"), "leadTimeDays");
        assert_eq!(pascal("sold-out"), "SoldOut");
        assert_eq!(module("Mod"), "mod_kind");
    }

    #[test]
    fn bad_names_come_with_good_ones() {
        for name in ["My Shop", "", "1shop", "shop!", "läden", "mod", "serde", "core"] {
            let said = check_package(name).unwrap_err().to_string();
            assert!(said.contains("hint: "), "{said}");
        }
        assert!(check_package("My Shop").unwrap_err().to_string().contains("`my-shop`"));
        for group in ["shop", "Shop.example.com", "shop..com", "-a.b", "apps.k8s.io", ""] {
            assert!(check_group(group).is_err(), "{group}");
        }
        for kind in ["order", "Order!", "Option", "", "9Lives", "Größe"] {
            assert!(check_kind(kind).is_err(), "{kind}");
        }
        for version in ["1", "v0", "v1.2", "v1gamma1", "v1beta", "v01", "v1beta99999"] {
            assert!(check_version(version).is_err(), "{version}");
        }
        assert!(check_package("shop-2").is_ok() && check_group("shop.example.com").is_ok());
        assert!(check_kind("Order").is_ok() && check_version("v2alpha10").is_ok());
    }
}
