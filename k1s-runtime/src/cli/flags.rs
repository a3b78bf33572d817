//! The flags that every command takes, and how clap is made to read flags as kubectl's parser (pflag) reads them.

use clap::{Arg, ArgAction, Command};

/// Flags of every command.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct GlobalFlags {
    /// Namespace of the request.
    #[arg(short, long, global = true, value_name = "NAME", help_heading = "Global flags")]
    pub namespace: Option<String>,
    /// Tenant whose objects are meant; tenants cannot see each other.
    #[arg(long, global = true, value_name = "NAME", help_heading = "Global flags")]
    pub tenant: Option<String>,
    /// Directory of the store.
    #[arg(long, global = true, value_name = "DIR", help_heading = "Global flags")]
    pub store: Option<String>,
    /// Do without the kinds of plugins.
    #[arg(long, global = true, help_heading = "Global flags")]
    pub skip_plugins: bool,
    /// How long to wait for one answer: a number of seconds, or a duration as 1s, 2m, 3h. Zero waits for ever.
    #[arg(long, global = true, value_name = "DURATION", default_value = "0", help_heading = "Global flags")]
    pub request_timeout: String,
    /// How much to log.
    #[arg(short, long = "v", global = true, value_name = "LEVEL", default_value = "0", hide = true)]
    pub verbosity: i32,
    /// User to act as.
    #[arg(long = "as", global = true, value_name = "USER", hide = true)]
    pub as_user: Option<String>,
    /// Group to act as a member of.
    #[arg(long, global = true, value_name = "GROUP", hide = true)]
    pub as_group: Vec<String>,
    /// UID to act as.
    #[arg(long, global = true, value_name = "UID", hide = true)]
    pub as_uid: Option<String>,
}

/// Makes a command and those below it read their flags by pflag's rules: a boolean flag may be given as `--flag=false`, a
/// value may begin with a hyphen, and of a flag that is given twice the last one counts.
pub(crate) fn as_pflag(command: Command) -> Command {
    command.args_override_self(true).mut_args(pflag_arg).mut_subcommands(as_pflag)
}

fn pflag_arg(arg: Arg) -> Arg {
    if arg.is_positional() {
        return arg;
    }
    match arg.get_action() {
        ArgAction::SetTrue => arg
            .action(ArgAction::Set)
            .num_args(0..=1)
            .require_equals(true)
            .value_name("true|false")
            .default_value("false")
            .default_missing_value("true")
            .hide_default_value(true)
            .hide_possible_values(true)
            .value_parser(parse_bool),
        // An optional value cannot stand in an argument of its own, so that what follows is never taken for it.
        ArgAction::Set | ArgAction::Append if !arg.is_require_equals_set() => arg.allow_hyphen_values(true),
        _ => arg,
    }
}

/// A boolean as Go's `strconv.ParseBool` reads it.
///
/// # Errors
/// Go's words, when it is none.
pub(crate) fn parse_bool(text: &str) -> Result<bool, String> {
    match text {
        "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(true),
        "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(false),
        _ => Err(format!("strconv.ParseBool: parsing {}: invalid syntax", super::error::quoted(text))),
    }
}
