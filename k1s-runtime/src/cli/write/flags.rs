//! `--dry-run` and `--validate`, with the forms that kubectl has retired but still takes.

use crate::cli::context::Context;
use crate::cli::error::{Error, quoted};
use crate::cli::flags::parse_bool;
use crate::client::{DryRun, FieldValidation};

/// `--dry-run`.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct DryRunFlag {
    /// Must be "none", "server", or "client". The client only says what it would send; the server does everything but
    /// keep it.
    #[arg(
        long = "dry-run",
        value_name = "STRATEGY",
        num_args = 0..=1,
        require_equals = true,
        default_value = "none",
        default_missing_value = UNSET
    )]
    pub dry_run: String,
}

/// What `--dry-run` without a value stands for.
const UNSET: &str = "unchanged";

/// Who stops before the write takes effect.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Strategy {
    /// Nobody.
    #[default]
    None,
    /// The program sends nothing.
    Client,
    /// The API keeps nothing.
    Server,
}

impl Strategy {
    /// What is said after the operation.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Strategy::None => "",
            Strategy::Client => " (dry run)",
            Strategy::Server => " (server dry run)",
        }
    }

    /// What the request says.
    pub(crate) fn option(self) -> DryRun {
        if self == Strategy::Server { DryRun::All } else { DryRun::None }
    }
}

impl DryRunFlag {
    /// Reads the flag.
    ///
    /// # Errors
    /// When the value is none of those that kubectl takes.
    pub(crate) fn strategy(&self, context: &mut Context<'_>) -> Result<Strategy, Error> {
        match self.dry_run.as_str() {
            UNSET => {
                deprecated("--dry-run is deprecated and can be replaced with --dry-run=client.", context)?;
                Ok(Strategy::Client)
            }
            "client" => Ok(Strategy::Client),
            "server" => Ok(Strategy::Server),
            "none" => Ok(Strategy::None),
            other => {
                let Ok(on) = parse_bool(other) else {
                    return Err(Error::message(format!(
                        "Invalid dry-run value ({other}). Must be \"none\", \"server\", or \"client\"."
                    )));
                };
                let (strategy, instead) =
                    if on { (Strategy::Client, "client") } else { (Strategy::None, "none") };
                let text = format!(
                    "--dry-run={other} is deprecated (boolean value) and can be replaced with --dry-run={instead}."
                );
                deprecated(&text, context)?;
                Ok(strategy)
            }
        }
    }
}

/// `--validate`.
#[derive(clap::Args, Clone, Debug)]
pub(crate) struct ValidateFlag {
    /// Must be one of: strict (or true), warn, ignore (or false). What unknown and duplicate fields lead to: an error, a
    /// warning, or nothing.
    #[arg(
        long,
        value_name = "MODE",
        num_args = 0..=1,
        require_equals = true,
        default_value = "strict",
        default_missing_value = "strict"
    )]
    pub validate: String,
}

impl Default for ValidateFlag {
    fn default() -> Self {
        Self { validate: "strict".to_owned() }
    }
}

impl ValidateFlag {
    /// Reads the flag.
    ///
    /// # Errors
    /// When the value is none of those that kubectl takes.
    pub(crate) fn validation(&self) -> Result<FieldValidation, Error> {
        match self.validate.as_str() {
            "strict" => Ok(FieldValidation::Strict),
            "warn" => Ok(FieldValidation::Warn),
            "ignore" => Ok(FieldValidation::Ignore),
            other => match parse_bool(other) {
                Ok(true) => Ok(FieldValidation::Strict),
                Ok(false) => Ok(FieldValidation::Ignore),
                Err(_) => Err(Error::message(format!(
                    "invalid - validate option {}; must be one of: strict (or true), warn, ignore (or false)",
                    quoted(other)
                ))),
            },
        }
    }
}

/// A warning in the form of kubectl's log.
pub(crate) fn deprecated(text: &str, context: &mut Context<'_>) -> Result<(), Error> {
    log("W", &format!("helpers.go:702] {text}"), context)
}

/// Says in the form of kubectl's log why a command cannot run, and answers with the end of the program.
///
/// # Errors
/// Those of standard error.
pub(crate) fn failed_command(why: &str, context: &mut Context<'_>) -> Result<Error, Error> {
    log("E", &format!("run.go:72] \"command failed\" err={}", quoted(why)), context)?;
    Ok(Error::Exit(1))
}

fn log(level: &str, line: &str, context: &mut Context<'_>) -> Result<(), Error> {
    let now = jiff::Timestamp::now().strftime("%m%d %H:%M:%S%.6f");
    writeln!(context.err()?, "{level}{now} {:>7} {line}", std::process::id())?;
    Ok(())
}
