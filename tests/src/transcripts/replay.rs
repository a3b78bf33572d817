//! Runs the steps of a transcript, each as a process.

use std::ffi::OsString;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use jiff::Timestamp;
use regex::{Captures, Regex};
use tempfile::TempDir;

use super::normalise::collapse;
use super::{Error, Normaliser, Scenario, Step};

/// A step that takes longer is killed, and differs.
const STEP_LIMIT: Duration = Duration::from_secs(60);

/// Replays transcripts with one program.
#[derive(Clone, Debug)]
pub struct Replayer {
    program: PathBuf,
    first_args: Vec<OsString>,
}

/// What came of one scenario.
#[derive(Clone, Debug)]
pub struct Transcript {
    /// Name of the scenario.
    pub name: String,
    /// What the program said when it refused a CustomResourceDefinition of the scenario; empty if it took them.
    pub refusal: String,
    /// One result a step.
    pub steps: Vec<StepResult>,
}

/// What came of one step. Texts are normalised.
#[derive(Clone, Debug)]
pub struct StepResult {
    /// The command line.
    pub args: Vec<String>,
    /// Standard output: recorded, ours.
    pub stdout: (String, String),
    /// Standard error: recorded, ours.
    pub stderr: (String, String),
    /// Exit code: recorded, ours. -1 if the process was killed.
    pub exit: (i32, i32),
}

impl StepResult {
    /// Whether everything agrees.
    pub fn agrees(&self) -> bool {
        self.stdout_agrees() && self.stderr_agrees() && self.exit_agrees()
    }

    /// Whether standard output agrees.
    pub fn stdout_agrees(&self) -> bool {
        self.stdout.0 == self.stdout.1
    }

    /// Whether standard error agrees.
    pub fn stderr_agrees(&self) -> bool {
        self.stderr.0 == self.stderr.1
    }

    /// Whether the exit code agrees.
    pub fn exit_agrees(&self) -> bool {
        self.exit.0 == self.exit.1
    }
}

struct Output {
    stdout: String,
    stderr: String,
    exit: i32,
}

impl Replayer {
    /// A replayer of a program that is called with `first_args` before a step's own.
    pub fn new(program: impl Into<PathBuf>, first_args: Vec<OsString>) -> Self {
        Self { program: program.into(), first_args }
    }

    /// Replays scenarios, several at a time; the answers are in their order.
    ///
    /// # Errors
    /// A scenario could not be set up.
    pub fn run_all(&self, scenarios: &[Scenario]) -> Result<Vec<Transcript>, Error> {
        let workers = thread::available_parallelism().map_or(1, usize::from).min(scenarios.len().max(1));
        let mut results: Vec<(usize, Result<Transcript, Error>)> = thread::scope(|scope| {
            let handles: Vec<_> = (0..workers)
                .map(|worker| {
                    scope.spawn(move || {
                        let mine = scenarios.iter().enumerate().skip(worker).step_by(workers);
                        mine.map(|(index, scenario)| (index, self.run(scenario))).collect::<Vec<_>>()
                    })
                })
                .collect();
            let join = |handle: thread::ScopedJoinHandle<'_, _>| {
                handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            };
            handles.into_iter().flat_map(join).collect()
        });
        results.sort_by_key(|(index, _)| *index);
        results.into_iter().map(|(_, result)| result).collect()
    }

    /// Replays one scenario.
    ///
    /// # Errors
    /// It could not be set up: no temporary directory, no such program.
    pub fn run(&self, scenario: &Scenario) -> Result<Transcript, Error> {
        let place = Place::new(scenario)?;
        let refusal = self.define(scenario, &place)?;
        let mut steps = Vec::with_capacity(scenario.steps.len());
        for step in &scenario.steps {
            steps.push(self.step(step, &place)?);
        }
        Ok(Transcript { name: scenario.name.clone(), refusal, steps })
    }

    fn define(&self, scenario: &Scenario, place: &Place) -> Result<String, Error> {
        let mut refusal = String::new();
        for crd in &scenario.crds {
            let args = ["create", "-f", "-"].map(str::to_owned);
            let output = self.call(&args, Some(&crd.to_string()), &Step::empty(), place)?;
            if output.exit != 0 {
                refusal.push_str(&output.stderr);
            }
        }
        Ok(refusal)
    }

    fn step(&self, step: &Step, place: &Place) -> Result<StepResult, Error> {
        let stdin = step.stdin.as_ref().map(|text| self.resolve(text, place)).transpose()?;
        let args = step.args.iter().map(|arg| self.resolve(arg, place)).collect::<Result<Vec<_>, _>>()?;
        let output = self.call(&args, stdin.as_deref(), step, place)?;
        let normaliser = Normaliser::new(Timestamp::now())?;
        let stdout = |text: &str| Ok::<_, Error>(select(step, &normaliser.apply(text))?);
        Ok(StepResult {
            args: step.args.clone(),
            stdout: (stdout(&step.stdout)?, stdout(&output.stdout)?),
            stderr: (normaliser.apply(&step.stderr), normaliser.apply(&output.stderr)),
            exit: (step.exit, output.exit),
        })
    }

    /// Replaces `$uid(TYPE/NAME)` and `$rv(TYPE/NAME)` by what the object has.
    fn resolve(&self, text: &str, place: &Place) -> Result<String, Error> {
        let reference = Regex::new(r"\$(uid|rv)\(([^)]+)\)")?;
        let mut failure = None;
        let resolved = reference.replace_all(text, |found: &Captures<'_>| {
            let field = if &found[1] == "uid" { "uid" } else { "resourceVersion" };
            let args =
                ["get", &found[2], "-o", &format!("jsonpath={{.metadata.{field}}}")].map(str::to_owned);
            match self.call(&args, None, &Step::empty(), place) {
                Ok(output) => output.stdout,
                Err(error) => {
                    failure = Some(error);
                    String::new()
                }
            }
        });
        let resolved = resolved.into_owned();
        failure.map_or(Ok(resolved), Err)
    }

    fn call(
        &self,
        args: &[String],
        stdin: Option<&str>,
        step: &Step,
        place: &Place,
    ) -> Result<Output, Error> {
        let mut command = Command::new(&self.program);
        command.args(&self.first_args).args(args).current_dir(place.work.path()).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", place.home.path()).env("TMPDIR", place.home.path());
        command.env("KUBECTL_STORE", place.home.path().join("store")).envs(&step.env);
        command.stdin(if stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(|source| Error::io(&self.program, source))?;
        collect(&mut child, stdin).map_err(|source| Error::io(&self.program, source))
    }
}

impl Step {
    fn empty() -> Self {
        Self {
            args: Vec::new(),
            stdin: None,
            env: Default::default(),
            note: String::new(),
            keep: None,
            sort: false,
            stdout: String::new(),
            stderr: String::new(),
            exit: 0,
        }
    }
}

/// The directories of a scenario: where it works, and the home that holds the store.
struct Place {
    work: TempDir,
    home: TempDir,
}

impl Place {
    fn new(scenario: &Scenario) -> Result<Self, Error> {
        let make = || TempDir::new().map_err(|source| Error::io(std::env::temp_dir(), source));
        let place = Self { work: make()?, home: make()? };
        for (name, text) in &scenario.files {
            write_file(&place.work.path().join(name), text)?;
        }
        Ok(place)
    }
}

fn write_file(path: &Path, text: &str) -> Result<(), Error> {
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(|source| Error::io(directory, source))?;
    }
    fs::write(path, text).map_err(|source| Error::io(path, source))
}

/// Feeds a child, reads both of its outputs to their ends and waits for it, no longer than [`STEP_LIMIT`].
fn collect(child: &mut Child, stdin: Option<&str>) -> std::io::Result<Output> {
    let (input, out, err) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    thread::scope(|scope| {
        let stdout = scope.spawn(move || read(out));
        let stderr = scope.spawn(move || read(err));
        if let (Some(mut input), Some(text)) = (input, stdin) {
            // A program that fails early does not read its input.
            scope.spawn(move || input.write_all(text.as_bytes()).ok());
        }
        let deadline = Instant::now() + STEP_LIMIT;
        let status = loop {
            if let Some(status) = child.try_wait()? {
                break status;
            }
            if Instant::now() > deadline {
                child.kill()?;
                break child.wait()?;
            }
            thread::sleep(Duration::from_millis(1));
        };
        Ok(Output {
            stdout: stdout.join().unwrap_or_default(),
            stderr: stderr.join().unwrap_or_default(),
            exit: status.code().unwrap_or(-1),
        })
    })
}

fn read(pipe: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut pipe) = pipe {
        // What came before a broken pipe still counts.
        let _ = pipe.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What of standard output is compared.
fn select(step: &Step, text: &str) -> Result<String, regex::Error> {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if let Some(keep) = &step.keep {
        let keep = Regex::new(keep)?;
        lines = lines.iter().filter(|line| keep.is_match(line)).map(|line| collapse(line)).collect();
    } else if !step.sort {
        return Ok(text.to_owned());
    }
    if step.sort {
        lines.sort();
    }
    Ok(lines.iter().map(|line| format!("{line}\n")).collect())
}
