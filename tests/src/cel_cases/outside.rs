//! Conformance tests of what Kubernetes' CEL does not have, and why: the only place that leaves tests out. `docs/cel.md` lists it.

use std::fmt;

/// Some conformance tests, and why they are left out.
#[derive(Clone, Copy, Debug)]
pub struct Outside {
    /// The tests.
    pub which: Which,
    /// Why Kubernetes' CEL does not do what they expect.
    pub why: &'static str,
}

/// Which tests.
#[derive(Clone, Copy, Debug)]
pub enum Which {
    /// Those of a file, of a section (`file/section`), or one of them (`file/section/name`).
    Under(&'static str),
    /// Those whose expression holds this.
    With(&'static str),
    /// Those whose names are resolved in a container.
    Container,
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Which::Under(path) => write!(f, "`{path}`"),
            Which::With(text) => write!(f, "with `{text}`"),
            Which::Container => f.write_str("with a container"),
        }
    }
}

/// What is known of a test before it runs.
pub(super) struct Test<'a> {
    pub(super) file: &'a str,
    pub(super) section: &'a str,
    pub(super) name: &'a str,
    pub(super) expression: &'a str,
    pub(super) has_container: bool,
}

const FORMAT: &str = "an earlier `format`, which takes fewer types and prints in other ways";
const BEYOND: &str = "an earlier `indexOf`: a search from beyond the end finds nothing";
const PRESENCE: &str = "selecting optionally from what has no fields yields nothing; Kubernetes does not set cel-go to fail then";
const MAPPED: &str = "`ip` refuses IPv4 addresses that are written as IPv6 ones";

/// The table. The first entry that fits counts.
pub const OUTSIDE: &[Outside] = &[
    Outside { which: Which::Under("block_ext"), why: "no `cel.block`: it is what optimizers write" },
    Outside { which: Which::Under("proto2"), why: "no protobuf messages" },
    Outside { which: Which::Under("bindings_ext"), why: "no `cel.bind`" },
    Outside { which: Which::Under("encoders_ext"), why: "no `base64.encode` and `base64.decode`" },
    Outside { which: Which::Under("math_ext"), why: "no functions of `math`" },
    Outside { which: Which::With("NullValue"), why: "no protobuf messages" },
    Outside { which: Which::Under("fields/quoted_map_fields"), why: "no names in backquotes" },
    Outside { which: Which::Under("string_ext/reverse"), why: "no `reverse` of strings, only of lists" },
    Outside {
        which: Which::Under("timestamps/duration_converters/get_milliseconds"),
        why: "cel-go, which Kubernetes runs, yields all milliseconds of a duration, not those beyond the second",
    },
    Outside {
        which: Which::Under("parse/bytes_literals/triple_single_quoted_unescaped_punctuation"),
        why: "the recorded value has a backslash that the expression has not",
    },
    Outside {
        which: Which::Under("parse/bytes_literals/triple_double_quoted_unescaped_punctuation"),
        why: "the recorded value has a backslash that the expression has not",
    },
    Outside { which: Which::Under("string_ext/format/scientific notation formatting clause"), why: FORMAT },
    Outside {
        which: Which::Under("string_ext/format/default precision for fixed-point clause with int"),
        why: FORMAT,
    },
    Outside {
        which: Which::Under("string_ext/format/default precision for fixed-point clause with uint"),
        why: FORMAT,
    },
    Outside {
        which: Which::Under("string_ext/format/default precision for scientific notation"),
        why: FORMAT,
    },
    Outside {
        which: Which::Under("string_ext/format/default precision for scientific notation with int"),
        why: FORMAT,
    },
    Outside {
        which: Which::Under("string_ext/format/default precision for scientific notation with uint"),
        why: FORMAT,
    },
    Outside { which: Which::Under("string_ext/format/NaN support for scientific notation"), why: FORMAT },
    Outside {
        which: Which::Under("string_ext/format/positive infinity support for scientific notation"),
        why: FORMAT,
    },
    Outside {
        which: Which::Under("string_ext/format/negative infinity support for scientific notation"),
        why: FORMAT,
    },
    Outside { which: Which::Under("string_ext/format/NaN support for decimal"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/positive infinity support for decimal"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/negative infinity support for decimal"), why: FORMAT },
    Outside {
        which: Which::Under("string_ext/format/positive infinity support for fixed-point"),
        why: FORMAT,
    },
    Outside {
        which: Which::Under("string_ext/format/negative infinity support for fixed-point"),
        why: FORMAT,
    },
    Outside { which: Which::Under("string_ext/format/list support for string"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/map support for string"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/map support (all key types)"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/dyntype support for scientific notation"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/dyntype NaN/infinity support"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/dyntype support for lists"), why: FORMAT },
    Outside { which: Which::Under("string_ext/format/dyntype support for maps"), why: FORMAT },
    Outside {
        which: Which::Under("string_ext/format/scientific notation formatting clause in a string variable"),
        why: FORMAT,
    },
    Outside { which: Which::Under("network_ext/ipv4/ipv4_equals_ipv6"), why: MAPPED },
    Outside { which: Which::Under("network_ext/ipv4/ipv4_not_equals_ipv6"), why: MAPPED },
    Outside { which: Which::Under("string_ext/value_errors/indexof_out_of_range"), why: BEYOND },
    Outside { which: Which::Under("string_ext/value_errors/lastindexof_out_of_range"), why: BEYOND },
    Outside { which: Which::Under("optionals/optionals/map_null_entry_no_such_key"), why: PRESENCE },
    Outside { which: Which::Under("optionals/optionals/map_present_key_invalid_field"), why: PRESENCE },
    Outside { which: Which::Container, why: "no containers: names are always whole" },
];

/// [`OUTSIDE`] as a table in Markdown, with how many tests each entry covers if that is given.
#[must_use]
pub fn table(counts: Option<&[usize]>) -> String {
    let row = |cells: [&str; 3]| match counts {
        Some(_) => format!("| {} | {} | {} |\n", cells[0], cells[1], cells[2]),
        None => format!("| {} | {} |\n", cells[0], cells[2]),
    };
    let mut out = row(["tests", "how many", "why they are left out"]) + &row(["---"; 3]);
    for (index, entry) in OUTSIDE.iter().enumerate() {
        let count = counts.and_then(|counts| counts.get(index)).copied().unwrap_or_default();
        out.push_str(&row([&entry.which.to_string(), &count.to_string(), entry.why]));
    }
    out
}

/// The entry that a test falls under.
pub(super) fn entry(test: &Test<'_>) -> Option<usize> {
    OUTSIDE.iter().position(|entry| match entry.which {
        Which::Under(path) => {
            let mut parts = path.splitn(3, '/');
            [test.file, test.section, test.name]
                .into_iter()
                .all(|part| parts.next().is_none_or(|wanted| wanted == part))
        }
        Which::With(text) => test.expression.contains(text),
        Which::Container => test.has_container,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_book_lists_what_is_left_out() {
        let page = include_str!("../../../docs/cel.md");
        assert!(page.contains(&table(None)), "docs/cel.md should hold this table:\n\n{}", table(None));
    }

    #[test]
    fn the_first_entry_that_fits_counts() {
        let test = Test {
            file: "math_ext",
            section: "abs",
            name: "n",
            expression: "math.abs(1)",
            has_container: true,
        };
        assert!(matches!(OUTSIDE[entry(&test).unwrap()].which, Which::Under("math_ext")));
        let test = Test { file: "string_ext", section: "reverse", ..test };
        assert!(matches!(OUTSIDE[entry(&test).unwrap()].which, Which::Under("string_ext/reverse")));
        let test = Test { section: "reversed", ..test };
        assert!(matches!(OUTSIDE[entry(&test).unwrap()].which, Which::Container));
        assert_eq!(entry(&Test { has_container: false, ..test }), None);
    }
}
