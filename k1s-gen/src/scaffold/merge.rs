//! Three-way merges: what was generated last, what the file is now, what is generated now.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use diffy::MergeOptions;

/// What is appended to the name of a file that could not be merged: the merge with its conflicts marked lies there.
pub(super) const NEW: &str = ".k1s-gen-new";

/// Files by their paths from the workspace's root, with `/`.
pub(super) type Files = BTreeMap<String, String>;

/// What becomes of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is new.
    Create(String),
    /// It changes, with what the user changed in it kept.
    Update {
        /// What it is now.
        from: String,
        /// What it becomes.
        to: String,
    },
    /// It is not generated any more, and nobody has changed it.
    Remove(String),
    /// The user deleted it: it stays away.
    StaysDeleted,
    /// It is not generated any more, but the user has changed it: it stays.
    Orphaned,
}

/// A file and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its path from the workspace's root, with `/`.
    pub path: String,
    /// What becomes of it.
    pub action: Action,
}

/// A file that the user and the generator changed in the same place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Its path from the workspace's root, with `/`.
    pub path: String,
    /// The lines of the user's file where the first conflict starts, from 1.
    pub line: usize,
    /// The merge, with each conflict between `<<<<<<<` and `>>>>>>>`.
    pub merged: String,
}

/// All that a command would do to a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What becomes of files, in the order of their paths; files that stay as they are are not among them.
    pub changes: Vec<Change>,
    /// Files that cannot be merged.
    pub conflicts: Vec<Conflict>,
}

/// Plans the way from what was generated last (`base`) and what there is (`ours`) to what is generated now (`theirs`). Files of
/// `ours` that were never generated are left alone; one that is where a file is to be generated is a conflict.
pub fn merge(base: &Files, ours: &Files, theirs: &Files) -> Plan {
    let paths: BTreeSet<&String> = base.keys().chain(theirs.keys()).collect();
    let mut plan = Plan::default();
    for path in paths {
        let outcome = match (base.get(path), ours.get(path), theirs.get(path)) {
            (None, None, Some(theirs)) => Ok(Some(Action::Create(theirs.clone()))),
            (Some(_), None, Some(_)) => Ok(Some(Action::StaysDeleted)),
            (Some(base), Some(ours), None) if base == ours => Ok(Some(Action::Remove(ours.clone()))),
            (Some(_), Some(_), None) => Ok(Some(Action::Orphaned)),
            (base, Some(ours), Some(theirs)) => merge_text(base.map_or("", String::as_str), ours, theirs),
            (_, None, None) | (None, Some(_), None) => Ok(None),
        };
        match outcome {
            Ok(Some(action)) => plan.changes.push(Change { path: path.clone(), action }),
            Ok(None) => {}
            Err((line, merged)) => plan.conflicts.push(Conflict { path: path.clone(), line, merged }),
        }
    }
    plan
}

/// Merges a file; the error is the line of the first conflict, and the text with marks.
fn merge_text(base: &str, ours: &str, theirs: &str) -> Result<Option<Action>, (usize, String)> {
    let windows = ours.contains("\r\n");
    let plain = if windows { ours.replace("\r\n", "\n") } else { ours.to_owned() };
    if base == theirs || plain == theirs {
        return Ok(None);
    }
    let update = |to: String| {
        let to = if windows { to.replace('\n', "\r\n") } else { to };
        (to != ours).then(|| Action::Update { from: ours.to_owned(), to })
    };
    if plain == base {
        return Ok(update(theirs.to_owned()));
    }
    match MergeOptions::new().merge(base, &plain, theirs) {
        Ok(merged) => Ok(update(merged)),
        Err(merged) => {
            let line = first_conflict(&plain, &merged);
            Err((
                line,
                merged.replace("<<<<<<< ours", "<<<<<<< yours").replace(">>>>>>> theirs", ">>>>>>> k1s-gen"),
            ))
        }
    }
}

/// The line of `ours` at the first mark: the lines above it, less those that came from the generator alone.
fn first_conflict(ours: &str, merged: &str) -> usize {
    let above: String =
        merged.split_inclusive('\n').take_while(|line| !line.starts_with("<<<<<<<")).collect();
    let shared = similar::TextDiff::from_lines(ours, &above);
    let kept = shared.iter_all_changes().filter(|change| change.tag() == similar::ChangeTag::Equal);
    kept.filter_map(|change| change.old_index()).max().map_or(1, |line| line + 2)
}

/// All conflicts, for a person.
pub(super) fn report(conflicts: &[Conflict]) -> String {
    let mut out =
        String::from("nothing was changed: these files were changed by you and by k1s-gen in the same place");
    for Conflict { path, line, .. } in conflicts {
        let _ = write!(out, "\n  {path}:{line}: the merge, with conflicts marked, is in {path}{NEW}");
    }
    out.push_str(
        "\nhint: take what you want from there into your file, and run the command again with --keep-mine",
    );
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(text: &str) -> Files {
        Files::from([("a".to_owned(), text.to_owned())])
    }

    fn action(base: &str, ours: &str, theirs: &str) -> Option<Action> {
        let plan = merge(&files(base), &files(ours), &files(theirs));
        assert!(plan.conflicts.is_empty(), "{plan:?}");
        plan.changes.into_iter().next().map(|change| change.action)
    }

    fn to(text: &str) -> impl Fn(Option<Action>) -> bool {
        move |action| matches!(action, Some(Action::Update { to, .. }) if to == text)
    }

    #[test]
    fn edits_of_both_sides_meet() {
        assert!(to("0 mine\n1\n2\n3\n4 new\n")(action(
            "1\n2\n3\n4\n",
            "0 mine\n1\n2\n3\n4\n",
            "1\n2\n3\n4 new\n"
        )));
        assert_eq!(action("1\n", "mine\n", "1\n"), None);
        assert_eq!(action("1\n", "2\n", "2\n"), None);
        assert!(to("2\n")(action("1\n", "1\n", "2\n")));
    }

    #[test]
    fn line_endings_are_the_users() {
        let merged = action("1\n2\n3\n4\n", "mine\r\n1\r\n2\r\n3\r\n4\r\n", "1\n2\n3\n4\nnew\n");
        assert!(to("mine\r\n1\r\n2\r\n3\r\n4\r\nnew\r\n")(merged));
        assert_eq!(action("1\n", "1\r\n", "1\n"), None);
    }

    #[test]
    fn conflicts_have_a_place() {
        let plan =
            merge(&files("1\n2\n3\n4\n"), &files("0\n1\n2\n3 mine\n4\n"), &files("new\n1\n2\n3 theirs\n4\n"));
        assert!(plan.changes.is_empty());
        let [conflict] = plan.conflicts.as_slice() else { panic!("{plan:?}") };
        assert!(conflict.merged.contains("<<<<<<< yours") && conflict.merged.contains(">>>>>>> k1s-gen"));
        let plan = merge(&files("1\n2\n3\n4\n"), &files("1\n2\n3 mine\n4\n"), &files("1\n2\n3 theirs\n4\n"));
        assert_eq!(plan.conflicts[0].line, 3, "{plan:?}");
    }

    #[test]
    fn files_come_and_go() {
        let (none, one, two) = (Files::new(), files("1\n"), files("2\n"));
        let first = |plan: Plan| plan.changes.into_iter().next().map(|change| change.action);
        assert_eq!(first(merge(&none, &none, &one)), Some(Action::Create("1\n".to_owned())));
        assert_eq!(first(merge(&one, &none, &two)), Some(Action::StaysDeleted));
        assert_eq!(first(merge(&one, &one, &none)), Some(Action::Remove("1\n".to_owned())));
        assert_eq!(first(merge(&one, &two, &none)), Some(Action::Orphaned));
        assert_eq!(merge(&none, &two, &none), Plan::default());
        assert_eq!(merge(&none, &two, &one).conflicts.len(), 1);
    }
}
