//! `\p{Greek}`: Unicode's general categories and scripts, by the names that Go knows.

use super::escape::consumed;
use super::fault::{Code, Fault};

/// A Unicode class at the beginning of `text` (which is `\p` or `\P`), written anew, and what follows.
pub(super) fn property(text: &str) -> Result<(String, &str), Fault> {
    let mut negated = text.starts_with("\\P");
    let after = text.get(2..).unwrap_or_default();
    let (name, rest) = match after.strip_prefix('{') {
        Some(inside) => inside.split_once('}').ok_or_else(|| Code::CharRange.of(text))?,
        None => after.split_at(after.chars().next().map_or(0, char::len_utf8)),
    };
    let fault = || Code::CharRange.of(consumed(text, rest));
    let name = match name.strip_prefix('^') {
        Some(name) => {
            negated = !negated;
            name
        }
        None => name,
    };
    let canonical = canonical(name);
    let class = match canonical.as_str() {
        "Any" => "any".to_owned(),
        "Ascii" => "ascii".to_owned(),
        "Assigned" => {
            negated = !negated;
            "gc=Cn".to_owned()
        }
        // No text has surrogates, and the regex crate no class of them.
        "Cs" | "Surrogate" => {
            negated = !negated;
            "any".to_owned()
        }
        _ => match category(&canonical) {
            Some(category) => format!("gc={category}"),
            None if SCRIPTS.binary_search(&canonical.as_str()).is_ok() => format!("sc={canonical}"),
            None => return Err(fault()),
        },
    };
    Ok((format!("\\{}{{{class}}}", if negated { 'P' } else { 'p' }), rest))
}

/// A name without spaces, hyphens and underscores, its first letter upper case, the others lower.
fn canonical(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for character in name.chars().filter(|character| !matches!(character, ' ' | '-' | '_')) {
        out.push(if out.is_empty() {
            character.to_ascii_uppercase()
        } else {
            character.to_ascii_lowercase()
        });
    }
    out
}

/// The short name of a category.
fn category(canonical: &str) -> Option<&'static str> {
    let found = CATEGORIES.iter().find(|(short, long)| {
        let is_alias = |name: &&str| *name == canonical;
        is_alias(short) || long.iter().any(is_alias)
    });
    found.map(|(short, _)| *short)
}

const CATEGORIES: &[(&str, &[&str])] = &[
    ("C", &["Other"]),
    ("Cc", &["Control", "Cntrl"]),
    ("Cf", &["Format"]),
    ("Cn", &["Unassigned"]),
    ("Co", &["Privateuse"]),
    ("L", &["Letter"]),
    ("LC", &["Lc", "Casedletter"]),
    ("Ll", &["Lowercaseletter"]),
    ("Lm", &["Modifierletter"]),
    ("Lo", &["Otherletter"]),
    ("Lt", &["Titlecaseletter"]),
    ("Lu", &["Uppercaseletter"]),
    ("M", &["Mark", "Combiningmark"]),
    ("Mc", &["Spacingmark"]),
    ("Me", &["Enclosingmark"]),
    ("Mn", &["Nonspacingmark"]),
    ("N", &["Number"]),
    ("Nd", &["Decimalnumber", "Digit"]),
    ("Nl", &["Letternumber"]),
    ("No", &["Othernumber"]),
    ("P", &["Punctuation", "Punct"]),
    ("Pc", &["Connectorpunctuation"]),
    ("Pd", &["Dashpunctuation"]),
    ("Pe", &["Closepunctuation"]),
    ("Pf", &["Finalpunctuation"]),
    ("Pi", &["Initialpunctuation"]),
    ("Po", &["Otherpunctuation"]),
    ("Ps", &["Openpunctuation"]),
    ("S", &["Symbol"]),
    ("Sc", &["Currencysymbol"]),
    ("Sk", &["Modifiersymbol"]),
    ("Sm", &["Mathsymbol"]),
    ("So", &["Othersymbol"]),
    ("Z", &["Separator"]),
    ("Zl", &["Lineseparator"]),
    ("Zp", &["Paragraphseparator"]),
    ("Zs", &["Spaceseparator"]),
];

/// Sorted. Scripts whose names are of several words are missing, as in Go since 1.25.
#[rustfmt::skip]
const SCRIPTS: &[&str] = &[
    "Adlam", "Ahom", "Arabic", "Armenian", "Avestan", "Balinese", "Bamum", "Batak", "Bengali", "Bhaiksuki", "Bopomofo", "Brahmi",
    "Braille", "Buginese", "Buhid", "Carian", "Chakma", "Cham", "Cherokee", "Chorasmian", "Common", "Coptic", "Cuneiform", "Cypriot",
    "Cyrillic", "Deseret", "Devanagari", "Dogra", "Duployan", "Elbasan", "Elymaic", "Ethiopic", "Georgian", "Glagolitic", "Gothic",
    "Grantha", "Greek", "Gujarati", "Gurmukhi", "Han", "Hangul", "Hanunoo", "Hatran", "Hebrew", "Hiragana", "Inherited", "Javanese",
    "Kaithi", "Kannada", "Katakana", "Kawi", "Kharoshthi", "Khmer", "Khojki", "Khudawadi", "Lao", "Latin", "Lepcha", "Limbu", "Lisu",
    "Lycian", "Lydian", "Mahajani", "Makasar", "Malayalam", "Mandaic", "Manichaean", "Marchen", "Medefaidrin", "Miao", "Modi",
    "Mongolian", "Mro", "Multani", "Myanmar", "Nabataean", "Nandinagari", "Newa", "Nko", "Nushu", "Ogham", "Oriya", "Osage",
    "Osmanya", "Palmyrene", "Phoenician", "Rejang", "Runic", "Samaritan", "Saurashtra", "Sharada", "Shavian", "Siddham", "Sinhala",
    "Sogdian", "Soyombo", "Sundanese", "Syriac", "Tagalog", "Tagbanwa", "Takri", "Tamil", "Tangsa", "Tangut", "Telugu", "Thaana",
    "Thai", "Tibetan", "Tifinagh", "Tirhuta", "Toto", "Ugaritic", "Vai", "Vithkuqi", "Wancho", "Yezidi", "Yi",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_one_that_the_regex_crate_knows() {
        let names = CATEGORIES.iter().map(|(short, _)| *short).chain(SCRIPTS.iter().copied());
        for name in names.chain(["Any", "ASCII", "Assigned", "Cs"]) {
            let class = property(&format!(r"\p{{{name}}}")).map(|(class, _)| class);
            let compiled = class.as_deref().map(regex::Regex::new);
            assert!(matches!(compiled, Ok(Ok(_))), "{name}: {compiled:?}");
        }
        assert!(SCRIPTS.is_sorted());
    }
}
