//! Annotations of GitHub Actions, which it shows beside the lines of a pull request.

use std::io::{self, Write};

use super::super::change::{Change, Comparison};
use super::super::rules::Class;
use super::{Options, by_version, visible};

pub(super) fn write(comparison: &Comparison, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for kind in &comparison.kinds {
        for change in by_version(kind, options).into_iter().flat_map(|(_, changes)| changes) {
            one(&kind.name, change, options, out)?;
        }
    }
    writeln!(out, "{}", comparison.summary())
}

fn one(name: &str, change: &Change, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let level = match change.class() {
        class if options.fail_on.is_some_and(|least| class >= least) => "error",
        Class::Breaking => "warning",
        Class::Compatible | Class::Safe => "notice",
    };
    write!(out, "::{level} ")?;
    // Only files of the working tree have lines to be shown at.
    if let Some(place) = &change.new {
        let file = place.file.display().to_string().replace('\\', "/");
        let (line, column) = (place.position.line, place.position.column);
        write!(out, "file={},line={line},col={column},", property(&file))?;
    }
    let version = change.version.as_deref().map(|version| format!(" {version}")).unwrap_or_default();
    write!(out, "title={}::", property(&format!("{}: {}", change.class(), change.rule.id)))?;
    let mut message = format!("{name}{version}: {}", change.headline());
    message.push_str(&format!("\n{}", change.rule.reason));
    let mut message: Vec<String> = message.lines().map(visible).collect();
    message.extend(change.detail.as_deref().map(visible));
    writeln!(out, "{}", data(&message.join("\n")))
}

/// The message of a command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(&visible(text)).replace(':', "%3A").replace(',', "%2C")
}
