//! For a terminal.

use std::io::{self, Write};

use super::super::change::{Change, Comparison};
use super::{Options, by_version, visible};

pub(super) fn write(comparison: &Comparison, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for kind in &comparison.kinds {
        for (version, changes) in by_version(kind, options) {
            write!(out, "{} ({})", visible(&kind.name), visible(&kind.kind))?;
            match version {
                Some(version) => writeln!(out, ", {}", visible(version))?,
                None => writeln!(out)?,
            }
            for change in changes {
                one(change, out)?;
            }
            writeln!(out)?;
        }
    }
    match comparison.kinds.is_empty() {
        true => writeln!(out, "no changes in {}", count(comparison.compared)),
        false => writeln!(out, "{}", comparison.summary()),
    }
}

fn count(kinds: usize) -> String {
    format!("{kinds} {}", if kinds == 1 { "kind" } else { "kinds" })
}

fn one(change: &Change, out: &mut dyn Write) -> io::Result<()> {
    write!(out, "  {:<10} ", change.class())?;
    if let Some(place) = change.place() {
        write!(out, "{}: ", visible(&place.to_string()))?;
    }
    writeln!(out, "{} [{}]", visible(&change.headline()), change.rule.id)?;
    writeln!(out, "             {}", change.rule.reason)?;
    if let Some(detail) = &change.detail {
        writeln!(out, "             {}", visible(detail))?;
    }
    Ok(())
}
