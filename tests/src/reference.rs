//! The reference of a command line as Markdown, made of the tables that clap parses with.

use std::fmt::Write;

use clap::{Arg, ArgAction, Command};

/// The commands of a program, each with its usage, its flags and its examples. Headings are `##` for the program, `###` and deeper for
/// its commands.
pub fn commands(program: &Command) -> String {
    let mut program = program.clone();
    program.build();
    let name = program.get_name().to_owned();
    let mut page = format!("## `{name}`\n\n");
    paragraph(&mut page, program.get_about());
    let names: Vec<String> = subcommands(&program)
        .map(|command| {
            format!("[{0}](#{1})", command.get_name(), anchor(&format!("{name} {}", command.get_name())))
        })
        .collect();
    line(&mut page, &format!("Commands: {}.\n", names.join(", ")));
    let global = program.get_arguments().filter(|arg| arg.is_global_set() && shown(arg));
    let global: Vec<&Arg> = global.filter(|arg| arg.get_id() != "help").collect();
    if !global.is_empty() {
        line(&mut page, "Flags of every command:\n");
        table(&mut page, &global);
    }
    subcommands(&program).for_each(|command| section(&mut page, &name, command, 3));
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn subcommands(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| command.get_name() != "help" && !command.is_hide_set())
}

fn section(page: &mut String, above: &str, command: &Command, level: usize) {
    let name = format!("{above} {}", command.get_name());
    line(page, &format!("{} `{name}`\n", "#".repeat(level)));
    paragraph(page, command.get_long_about().or(command.get_about()));
    let aliases: Vec<String> = command.get_visible_aliases().map(|alias| format!("`{alias}`")).collect();
    if !aliases.is_empty() {
        line(page, &format!("Also {}.\n", aliases.join(", ")));
    }
    let usage = command.clone().render_usage().to_string();
    fenced(page, usage.trim_start_matches("Usage:").trim());
    let own =
        command.get_arguments().filter(|arg| !arg.is_global_set() && shown(arg) && arg.get_id() != "help");
    let (places, flags): (Vec<&Arg>, Vec<&Arg>) = own.partition(|arg| arg.is_positional());
    let all: Vec<&Arg> = places.into_iter().chain(flags).collect();
    if !all.is_empty() {
        table(page, &all);
    }
    if let Some(more) = command.get_after_long_help().or(command.get_after_help()) {
        fenced(page, more.to_string().trim());
    }
    subcommands(command).for_each(|below| section(page, &name, below, (level + 1).min(6)));
}

fn shown(arg: &Arg) -> bool {
    !arg.is_hide_set()
}

fn table(page: &mut String, args: &[&Arg]) {
    page.push_str("| argument | meaning |\n| --- | --- |\n");
    for arg in args {
        line(page, &format!("| {} | {} |", spelling(arg), meaning(arg)));
    }
    page.push('\n');
}

/// `-p`, `--package PACKAGE`.
fn spelling(arg: &Arg) -> String {
    let names: Vec<&str> =
        arg.get_value_names().into_iter().flatten().map(clap::builder::Str::as_str).collect();
    // The spelling of a switch that may be given a value all the same.
    let is_switch = names == ["true|false"] || !takes_value(arg);
    let value = if is_switch { String::new() } else { names.join(" ") };
    if arg.is_positional() {
        let many = arg.get_num_args().is_some_and(|range| range.max_values() > 1);
        return code(&format!("{value}{}", if many { "..." } else { "" }));
    }
    let long = arg.get_long().map(|long| {
        let sign = if arg.is_require_equals_set() { "=" } else { " " };
        format!("--{long}{}{value}", if value.is_empty() { "" } else { sign })
    });
    let short = arg.get_short().map(|short| match (&long, value.is_empty()) {
        (None, false) => format!("-{short} {value}"),
        _ => format!("-{short}"),
    });
    short.into_iter().chain(long).map(|name| code(&name)).collect::<Vec<_>>().join(", ")
}

fn takes_value(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Set | ArgAction::Append)
}

fn meaning(arg: &Arg) -> String {
    let text = arg.get_long_help().or(arg.get_help()).map(ToString::to_string).unwrap_or_default();
    let mut said = escape(text.split_whitespace().collect::<Vec<_>>().join(" ").trim_end_matches('.'));
    let is_switch = !takes_value(arg) || spelling(arg) == spelling_of_switch(arg);
    let values: Vec<String> = arg
        .get_possible_values()
        .iter()
        .filter(|value| !value.is_hide_set())
        .map(|value| code(value.get_name()))
        .collect();
    if !is_switch && !arg.is_hide_possible_values_set() && !values.is_empty() {
        let _ = write!(said, "; one of {}", values.join(", "));
    }
    let defaults: Vec<String> =
        arg.get_default_values().iter().map(|value| code(&value.to_string_lossy())).collect();
    let defaults: Vec<String> = defaults.into_iter().filter(|value| value != "``").collect();
    if !is_switch && !arg.is_hide_default_value_set() && !defaults.is_empty() {
        let _ = write!(said, "; {} by default", defaults.join(", "));
    }
    if let Some(variable) = arg.get_env() {
        let _ = write!(said, "; or the environment variable {}", code(&variable.to_string_lossy()));
    }
    if matches!(arg.get_action(), ArgAction::Append) && !arg.is_positional() {
        said.push_str("; repeatable");
    }
    said.trim_start_matches("; ").to_owned()
}

fn spelling_of_switch(arg: &Arg) -> String {
    let names = arg.get_short().map(|short| format!("-{short}")).into_iter();
    let names = names.chain(arg.get_long().map(|long| format!("--{long}")));
    names.map(|name| code(&name)).collect::<Vec<_>>().join(", ")
}

fn paragraph(page: &mut String, text: Option<&clap::builder::StyledStr>) {
    let text = text.map(ToString::to_string).unwrap_or_default();
    for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.trim().is_empty()) {
        let words = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        line(page, &format!("{}.\n", escape(words.trim_end_matches('.'))));
    }
}

fn fenced(page: &mut String, text: &str) {
    line(page, &format!("```text\n{text}\n```\n"));
}

fn line(page: &mut String, text: &str) {
    page.push_str(text);
    page.push('\n');
}

fn code(text: &str) -> String {
    format!("`{}`", text.replace('|', "\\|"))
}

fn escape(text: &str) -> String {
    // What stands between backticks is code already.
    let parts = text.split('`').enumerate().map(|(number, part)| match number % 2 {
        0 => part.replace('<', "&lt;").replace('*', "\\*").replace('_', "\\_").replace('|', "\\|"),
        _ => part.replace('|', "\\|"),
    });
    parts.collect::<Vec<_>>().join("`")
}

/// What a heading in code is called in links to it.
fn anchor(heading: &str) -> String {
    heading.to_lowercase().replace(' ', "-")
}
