//! serde's `rename_all` rules for fields (`snake_case` in Rust) and variants (`PascalCase` in Rust).

/// One of serde's rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rule {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Rule {
    /// The rule of a name, as serde spells it.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Rule::Lower,
            "UPPERCASE" => Rule::Upper,
            "PascalCase" => Rule::Pascal,
            "camelCase" => Rule::Camel,
            "snake_case" => Rule::Snake,
            "SCREAMING_SNAKE_CASE" => Rule::ScreamingSnake,
            "kebab-case" => Rule::Kebab,
            "SCREAMING-KEBAB-CASE" => Rule::ScreamingKebab,
            _ => return None,
        })
    }

    /// Renames a field. Like serde, it takes the name to be in snake case.
    pub(crate) fn field(self, name: &str) -> String {
        match self {
            Rule::Lower | Rule::Snake => name.to_owned(),
            Rule::Upper | Rule::ScreamingSnake => name.to_ascii_uppercase(),
            Rule::Pascal => name.split('_').map(capitalised).collect(),
            Rule::Camel => uncapitalised(&Rule::Pascal.field(name)),
            Rule::Kebab => name.replace('_', "-"),
            Rule::ScreamingKebab => name.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// Renames a variant. Like serde, it takes the name to be in Pascal case.
    pub(crate) fn variant(self, name: &str) -> String {
        match self {
            Rule::Pascal => name.to_owned(),
            Rule::Lower => name.to_ascii_lowercase(),
            Rule::Upper => name.to_ascii_uppercase(),
            Rule::Camel => uncapitalised(name),
            Rule::Snake => snake(name),
            Rule::ScreamingSnake | Rule::Kebab | Rule::ScreamingKebab => self.field(&snake(name)),
        }
    }
}

fn snake(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.char_indices() {
        if index > 0 && letter.is_uppercase() {
            text.push('_');
        }
        text.push(letter.to_ascii_lowercase());
    }
    text
}

fn capitalised(word: &str) -> String {
    with_first(word, char::to_ascii_uppercase)
}

fn uncapitalised(word: &str) -> String {
    with_first(word, char::to_ascii_lowercase)
}

fn with_first(word: &str, change: fn(&char) -> char) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| change(&first)).into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_renamed_as_serde_renames_them() {
        let renamed = |rule: &str| Rule::parse(rule).map(|rule| rule.field("unit_price_2"));
        assert_eq!(renamed("camelCase").as_deref(), Some("unitPrice2"));
        assert_eq!(renamed("PascalCase").as_deref(), Some("UnitPrice2"));
        assert_eq!(renamed("kebab-case").as_deref(), Some("unit-price-2"));
        assert_eq!(renamed("SCREAMING_SNAKE_CASE").as_deref(), Some("UNIT_PRICE_2"));
        assert_eq!(renamed("Camel"), None);
    }

    #[test]
    fn variants_are_renamed_as_serde_renames_them() {
        let renamed = |rule: &str| Rule::parse(rule).map(|rule| rule.variant("OutOfStock"));
        assert_eq!(renamed("camelCase").as_deref(), Some("outOfStock"));
        assert_eq!(renamed("lowercase").as_deref(), Some("outofstock"));
        assert_eq!(renamed("SCREAMING-KEBAB-CASE").as_deref(), Some("OUT-OF-STOCK"));
        assert_eq!(renamed("snake_case").as_deref(), Some("out_of_stock"));
    }
}
