//! Field names as headings: `restockAt` becomes `Restock At`.

/// Words written in capitals.
const ACRONYMS: [&str; 5] = ["API", "URL", "UID", "OSB", "GUID"];

/// The heading for a field. A name with anything but letters and hyphens stays as it is.
pub(super) fn heading(field: &str) -> String {
    if field.chars().any(|c| !c.is_alphabetic() && c != '-') {
        return field.to_owned();
    }
    let words = split(field).into_iter().map(|word| {
        let upper = word.to_uppercase();
        if ACRONYMS.contains(&upper.as_str()) {
            return upper;
        }
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    });
    words.collect::<Vec<_>>().join(" ")
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Lower,
    Upper,
    Other,
}

/// Splits where the class of letters changes; the last of several capitals belongs to the small letters after it.
fn split(field: &str) -> Vec<String> {
    let mut runs: Vec<(Class, String)> = Vec::new();
    for c in field.chars() {
        let class = match c {
            c if c.is_lowercase() => Class::Lower,
            c if c.is_uppercase() => Class::Upper,
            _ => Class::Other,
        };
        match runs.last_mut().filter(|(last, _)| *last == class) {
            Some((_, run)) => run.push(c),
            None => runs.push((class, c.to_string())),
        }
    }
    for index in 1..runs.len() {
        if runs[index - 1].0 == Class::Upper
            && runs[index].0 == Class::Lower
            && let Some(capital) = runs[index - 1].1.pop()
        {
            runs[index].1.insert(0, capital);
        }
    }
    runs.into_iter().map(|(_, run)| run).filter(|run| !run.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_headings() {
        for (field, expected) in [
            ("restockAt", "Restock At"),
            ("apiVersion", "API Version"),
            ("uid", "UID"),
            ("clusterIP", "Cluster IP"),
            ("externalURLs", "External UR Ls"),
            ("HTTPServer", "HTTP Server"),
            ("foo-bar", "Foo - Bar"),
            ("f:spec", "f:spec"),
            ("v1", "v1"),
            ("X", "X"),
            ("", ""),
        ] {
            assert_eq!(heading(field), expected, "{field}");
        }
    }
}
