//! CEL's reserved words.

/// Words that are no variables and functions. Selections may use them.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "namespace",
    "package",
    "return",
    "var",
    "void",
    "while",
];

/// Words that are no names at all: literals and an operator.
const TOKENS: [&str; 4] = ["false", "in", "null", "true"];

/// Whether a word is kept from being a variable or function.
pub(crate) fn is_reserved(word: &str) -> bool {
    RESERVED.binary_search(&word).is_ok()
}

/// Whether a word cannot be written as a name without an escape.
pub(crate) fn needs_escape(word: &str) -> bool {
    is_reserved(word) || TOKENS.contains(&word)
}
