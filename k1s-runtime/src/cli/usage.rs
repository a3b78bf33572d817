//! Arguments that do not parse: clap's findings in pflag's and cobra's words.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use super::error::{Error, quoted};

/// What comes of arguments that are not a command to run.
pub(crate) enum Unparsed {
    /// Help was asked for: this is it.
    Help(String),
    /// They are wrong.
    Wrong(Error),
}

/// Explains why `arguments` (without the program's name) are not a command line of `program`.
pub(crate) fn explain(error: &clap::Error, program: &Command, arguments: &[OsString]) -> Unparsed {
    let words: Vec<String> = arguments.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let (path, command) = innermost(program, &words);
    let wrong = |text: String| Unparsed::Wrong(Error::Parse(text));
    let flag = |text: String| wrong(format!("{text}\nSee '{path} --help' for usage."));
    match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayVersion
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => Unparsed::Help(error.render().to_string()),
        ErrorKind::InvalidSubcommand => {
            let word = context(error, ContextKind::InvalidSubcommand);
            let similar = suggestions(command, &word);
            wrong(format!("unknown command {} for {}{similar}", quoted(&word), quoted(&path)))
        }
        ErrorKind::UnknownArgument => {
            let word = context(error, ContextKind::InvalidArg);
            if let Some(name) = word.strip_prefix("--") {
                flag(format!("unknown flag: --{}", name.split('=').next().unwrap_or(name)))
            } else if let Some(letter) = word.strip_prefix('-').and_then(|rest| rest.chars().next()) {
                let token = words.iter().find(|token| is_cluster_with(token, letter));
                let token = token.map_or(word.as_str(), |token| &token[..]);
                flag(format!("unknown shorthand flag: '{letter}' in {}", tail_from(token, letter)))
            } else {
                let similar = suggestions(command, &word);
                wrong(format!("unknown command {} for {}{similar}", quoted(&word), quoted(&path)))
            }
        }
        ErrorKind::InvalidValue | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues
            if context(error, ContextKind::InvalidValue).is_empty() =>
        {
            flag(missing_value(&words, &context(error, ContextKind::InvalidArg)))
        }
        ErrorKind::ValueValidation | ErrorKind::InvalidValue => {
            let value = context(error, ContextKind::InvalidValue);
            let name = context(error, ContextKind::InvalidArg);
            let reason = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            let shown = shown_flag(command, &name);
            flag(format!("invalid argument {} for {} flag: {reason}", quoted(&value), quoted(&shown)))
        }
        _ => {
            let text = error.render().to_string();
            let first = text.lines().next().unwrap_or_default();
            flag(first.strip_prefix("error: ").unwrap_or(first).to_owned())
        }
    }
}

/// The command that the words lead to, and how it is called.
fn innermost<'a>(program: &'a Command, words: &[String]) -> (String, &'a Command) {
    let mut path = program.get_name().to_owned();
    let mut command = program;
    for word in words.iter().filter(|word| !word.starts_with('-')) {
        if let Some(next) = command.find_subcommand(word) {
            path = format!("{path} {}", next.get_name());
            command = next;
        }
    }
    (path, command)
}

fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(" "),
        _ => String::new(),
    }
}

/// Whether a word is `-abc` and has the letter before any value.
fn is_cluster_with(word: &str, letter: char) -> bool {
    word.len() > 1 && word.starts_with('-') && !word.starts_with("--") && word.contains(letter)
}

/// `-xyz` from the unknown letter on, as pflag shows it.
fn tail_from(word: &str, letter: char) -> String {
    let at = word.find(letter).unwrap_or(1);
    format!("-{}", &word[at..])
}

fn missing_value(words: &[String], argument: &str) -> String {
    match words.last() {
        Some(last) if last.starts_with("--") => format!("flag needs an argument: {last}"),
        Some(last) if last.starts_with('-') && last.len() > 1 => {
            let letter = last.chars().last().unwrap_or('-');
            format!("flag needs an argument: '{letter}' in {last}")
        }
        _ => format!("flag needs an argument: {}", argument.split(' ').next().unwrap_or(argument)),
    }
}

/// `-o, --output` for clap's `--output <OUTPUT>`.
fn shown_flag(command: &Command, argument: &str) -> String {
    let long = argument.trim_start_matches('-').split([' ', '=', '[']).next().unwrap_or_default();
    let short = command.get_arguments().find(|arg| arg.get_long() == Some(long)).and_then(Arg::get_short);
    short.map_or_else(|| format!("--{long}"), |letter| format!("-{letter}, --{long}"))
}

/// Cobra's "Did you mean this?": commands within two edits, and those that the word begins.
fn suggestions(command: &Command, word: &str) -> String {
    let lower = word.to_lowercase();
    let near: Vec<_> = command
        .get_subcommands()
        .filter(|known| !known.is_hide_set())
        .map(Command::get_name)
        .filter(|name| strsim::levenshtein(&lower, name) <= 2 || name.starts_with(&lower))
        .collect();
    if near.is_empty() {
        return String::new();
    }
    let lines: String = near.iter().map(|name| format!("\t{name}\n")).collect();
    format!("\n\nDid you mean this?\n{lines}")
}

#[cfg(test)]
mod tests {
    use clap::ArgAction;

    use super::*;
    use crate::cli::flags::as_pflag;

    fn program() -> Command {
        let get = Command::new("get")
            .arg(Arg::new("output").short('o').long("output"))
            .arg(Arg::new("filename").short('f').long("filename").action(ArgAction::Append))
            .arg(Arg::new("all").short('A').long("all-namespaces").action(ArgAction::SetTrue))
            .arg(Arg::new("watch").short('w').long("watch").action(ArgAction::SetTrue))
            .arg(Arg::new("chunk").long("chunk-size").value_parser(clap::value_parser!(i64)))
            .arg(Arg::new("args").num_args(0..));
        as_pflag(Command::new("shop").bin_name("shop").subcommand(get).subcommand(Command::new("delete")))
    }

    fn parse(words: &[&str]) -> Result<clap::ArgMatches, String> {
        let mut command = program();
        let all = std::iter::once("shop").chain(words.iter().copied());
        command.try_get_matches_from_mut(all).map_err(|error| {
            let arguments: Vec<OsString> = words.iter().map(Into::into).collect();
            match explain(&error, &command, &arguments) {
                Unparsed::Help(text) => text,
                Unparsed::Wrong(error) => error.render(),
            }
        })
    }

    #[test]
    fn wrong_flags_are_told_in_pflags_words() {
        let see = "\nSee 'shop get --help' for usage.\n";
        for (words, message) in [
            (&["get", "-o"][..], "flag needs an argument: 'o' in -o"),
            (&["get", "-Ao"], "flag needs an argument: 'o' in -Ao"),
            (&["get", "--output"], "flag needs an argument: --output"),
            (&["get", "--nope=1"], "unknown flag: --nope"),
            (&["get", "-l", "x"], "unknown shorthand flag: 'l' in -l"),
            (&["get", "-Alx"], "unknown shorthand flag: 'l' in -lx"),
            (
                &["get", "--all-namespaces=maybe"],
                "invalid argument \"maybe\" for \"-A, --all-namespaces\" flag: \
                 strconv.ParseBool: parsing \"maybe\": invalid syntax",
            ),
        ] {
            assert_eq!(parse(words).unwrap_err(), format!("Error: {message}{see}"), "{words:?}");
        }
    }

    #[test]
    fn an_unknown_command_brings_similar_ones() {
        let expected = "Error: unknown command \"gett\" for \"shop\"\n\nDid you mean this?\n\tget\n";
        assert_eq!(parse(&["gett"]).unwrap_err(), expected);
        assert_eq!(
            parse(&["frobnicate"]).unwrap_err(),
            "Error: unknown command \"frobnicate\" for \"shop\"\n"
        );
    }

    #[test]
    fn flags_are_read_as_pflag_reads_them() {
        let found = parse(&["get", "items", "-oyaml", "-f", "-", "x", "-fa", "-Aw", "-o=name"]).unwrap();
        let get = found.subcommand_matches("get").unwrap();
        assert_eq!(get.get_one::<String>("output").unwrap(), "name");
        assert_eq!(get.get_many::<String>("filename").unwrap().collect::<Vec<_>>(), ["-", "a"]);
        assert_eq!(get.get_many::<String>("args").unwrap().collect::<Vec<_>>(), ["items", "x"]);
        assert!(get.get_flag("all") && get.get_flag("watch"));
        let found = parse(&["get", "-A", "--watch=true", "--all-namespaces=false", "-o", "-x"]).unwrap();
        let get = found.subcommand_matches("get").unwrap();
        assert!(!get.get_flag("all") && get.get_flag("watch"));
        assert_eq!(get.get_one::<String>("output").unwrap(), "-x");
    }
}
