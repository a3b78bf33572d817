//! `--from-literal`, `--from-file` and `--from-env-file`, read as kubectl reads them.

use std::fs;
use std::io;
use std::path::Path;

use super::data::{Data, Holder};
use crate::cli::environment::Environment;
use crate::cli::error::{Error, quoted};
use crate::cli::files::reason;

/// Where data comes from.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct Sources {
    /// A file, or a directory whose files each become a key; KEY=FILE names the key. May be given several times.
    #[arg(long = "from-file", value_name = "[KEY=]FILE")]
    pub files: Vec<String>,
    /// A key and its value. May be given several times.
    #[arg(long = "from-literal", value_name = "KEY=VALUE")]
    pub literals: Vec<String>,
    /// A file of KEY=VALUE lines. May be given several times.
    #[arg(long = "from-env-file", value_name = "FILE")]
    pub env_files: Vec<String>,
}

impl Sources {
    /// Reads all of them into `data`.
    ///
    /// # Errors
    /// In kubectl's words: a source that is malformed or cannot be read, or a key that [`Data::add`] refuses.
    pub(crate) fn read_into(&self, data: &mut Data, environment: &Environment) -> Result<(), Error> {
        let others = !self.files.is_empty() || !self.literals.is_empty();
        if others && !self.env_files.is_empty() {
            return Err(Error::message("from-env-file cannot be combined with from-file or from-literal"));
        }
        // Which of two faults is reported depends on this order.
        if data.holder() == Holder::Secret {
            self.read_literals(data)?;
            self.read_files(data, environment)?;
        } else {
            self.read_files(data, environment)?;
            self.read_literals(data)?;
        }
        self.env_files.iter().try_for_each(|file| read_env_file(file, data, environment))
    }

    fn read_literals(&self, data: &mut Data) -> Result<(), Error> {
        for source in &self.literals {
            match source.split_once('=') {
                Some((key, value)) if !key.is_empty() => {
                    data.add(key, value.trim_matches(['"', '\'']).as_bytes().to_vec())?;
                }
                _ => {
                    return Err(Error::message(format!(
                        "invalid literal source {source}, expected key=value"
                    )));
                }
            }
        }
        Ok(())
    }

    fn read_files(&self, data: &mut Data, environment: &Environment) -> Result<(), Error> {
        for source in &self.files {
            let (key, file) = key_and_file(source)?;
            let path = environment.resolve(file);
            let unreadable =
                |error: &io::Error| Error::message(format!("error reading {file}: {}", reason(error)));
            if !fs::metadata(&path).map_err(|error| unreadable(&error))?.is_dir() {
                data.add(key, fs::read(&path).map_err(|error| open_failed(file, &error))?)?;
            } else if source.contains('=') {
                return Err(Error::message("cannot give a key name for a directory path"));
            } else {
                read_directory(file, &path, data)?;
            }
        }
        Ok(())
    }
}

fn read_directory(shown: &str, path: &Path, data: &mut Data) -> Result<(), Error> {
    let failed = |error: &io::Error| {
        Error::message(format!("error listing files in {shown}: open {shown}: {}", reason(error)))
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| failed(&error))? {
        let entry = entry.map_err(|error| failed(&error))?;
        if entry.file_type().is_ok_and(|kind| kind.is_file()) {
            names.push(entry.file_name());
        }
    }
    names.sort();
    for name in names {
        let key = name.to_string_lossy();
        let bytes = fs::read(path.join(&name))
            .map_err(|error| open_failed(&format!("{}/{key}", shown.trim_end_matches('/')), &error))?;
        data.add(&key, bytes)?;
    }
    Ok(())
}

/// The key and the path of `[KEY=]FILE`.
fn key_and_file(source: &str) -> Result<(&str, &str), Error> {
    match source.split_once('=') {
        None => Ok((Path::new(source).file_name().and_then(|name| name.to_str()).unwrap_or(source), source)),
        Some((_, file)) if file.contains('=') => {
            Err(Error::message("key names or file paths cannot contain '='"))
        }
        Some(("", file)) => Err(Error::message(format!("key name for file path {file} missing"))),
        Some((key, "")) => Err(Error::message(format!("file path for key name {key} missing"))),
        Some((key, file)) => Ok((key, file)),
    }
}

fn read_env_file(file: &str, data: &mut Data, environment: &Environment) -> Result<(), Error> {
    let path = environment.resolve(file);
    let kind = fs::metadata(&path)
        .map_err(|error| Error::message(format!("error reading {file}: {}", reason(&error))))?;
    if kind.is_dir() {
        let what = if data.holder() == Holder::Secret { "secret" } else { "config" };
        return Err(Error::message(format!("env {what} file cannot be a directory")));
    }
    let bytes = fs::read(&path).map_err(|error| open_failed(file, &error))?;
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let Ok(line) = std::str::from_utf8(line) else {
            let bytes: Vec<String> = line.iter().map(u8::to_string).collect();
            return Err(Error::message(format!(
                "env file {file} contains invalid utf8 bytes at line {}: [{}]",
                index + 1,
                bytes.join(" ")
            )));
        };
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        // A name alone takes its value from the environment.
        let (key, value) =
            line.split_once('=').unwrap_or_else(|| (line, environment.variable(line).unwrap_or_default()));
        check_variable_name(key)?;
        data.add(key, value.as_bytes().to_vec())?;
    }
    Ok(())
}

/// The rule of `validation.IsEnvVarName`.
fn check_variable_name(key: &str) -> Result<(), Error> {
    let legal = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut faults = Vec::new();
    if key.is_empty() || key.starts_with(|c: char| c.is_ascii_digit()) || !key.chars().all(legal) {
        faults.push(VARIABLE_RULE);
    }
    match key {
        "." => faults.push("must not be '.'"),
        ".." => faults.push("must not be '..'"),
        _ if key.starts_with("..") => faults.push("must not start with '..'"),
        _ => {}
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(Error::message(format!("{} is not a valid key name: {}", quoted(key), faults.join(";"))))
}

const VARIABLE_RULE: &str = "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', \
     and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation \
     is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

fn open_failed(file: &str, error: &io::Error) -> Error {
    Error::message(format!("open {file}: {}", reason(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(sources: &Sources, files: &[(&str, &[u8])]) -> Result<Vec<(String, String)>, String> {
        let directory = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = directory.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let mut data = Data::new(Holder::ConfigMap, "x");
        let environment = Environment::new(directory.path()).with("HOME_TOWN", "Ulm");
        sources.read_into(&mut data, &environment).map_err(|error| error.to_string())?;
        let (texts, binary) = data.fields();
        let shown =
            texts.into_iter().chain(binary).map(|(k, v)| (k, v.as_str().unwrap_or_default().to_owned()));
        Ok(shown.collect())
    }

    fn pairs(texts: &[(&str, &str)]) -> Vec<(String, String)> {
        texts.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
    }

    fn literals(texts: &[&str]) -> Sources {
        Sources { literals: texts.iter().map(|t| (*t).to_owned()).collect(), ..Sources::default() }
    }

    #[test]
    fn literals_lose_their_quotes() {
        assert_eq!(read(&literals(&["a=1", "b=\"x=y\""]), &[]), Ok(pairs(&[("a", "1"), ("b", "x=y")])));
        for wrong in ["a", "=1"] {
            let error = read(&literals(&[wrong]), &[]).unwrap_err();
            assert_eq!(error, format!("invalid literal source {wrong}, expected key=value"));
        }
    }

    #[test]
    fn files_and_directories_become_keys() {
        let files = |texts: &[&str]| Sources {
            files: texts.iter().map(|t| (*t).to_owned()).collect(),
            ..Sources::default()
        };
        let there: &[(&str, &[u8])] = &[("d/one", b"1\n"), ("d/sub/no", b""), ("bin", &[0xff]), ("t", b"x")];
        let expected = pairs(&[("k", "x"), ("one", "1\n"), ("bin", "/w==")]);
        assert_eq!(read(&files(&["d", "k=t", "bin"]), there), Ok(expected));
        for (wrong, message) in [
            ("missing", "error reading missing: no such file or directory"),
            ("k=d", "cannot give a key name for a directory path"),
            ("=t", "key name for file path t missing"),
            ("k=", "file path for key name k missing"),
            ("k=a=b", "key names or file paths cannot contain '='"),
        ] {
            assert_eq!(read(&files(&[wrong]), there), Err(message.to_owned()));
        }
    }

    #[test]
    fn env_files_are_lines() {
        let sources = Sources { env_files: vec!["e".into()], ..Sources::default() };
        let text = b"\xEF\xBB\xBF# comment\nA=1\r\n  B=two words\n\nC=\nHOME_TOWN\nNOT_SET\n";
        let expected =
            pairs(&[("A", "1"), ("B", "two words"), ("C", ""), ("HOME_TOWN", "Ulm"), ("NOT_SET", "")]);
        assert_eq!(read(&sources, &[("e", text)]), Ok(expected));
        assert!(
            read(&sources, &[("e", b"1A=x")])
                .unwrap_err()
                .starts_with("\"1A\" is not a valid key name: a valid")
        );
        assert_eq!(read(&sources, &[("e/x", b"")]), Err("env config file cannot be a directory".to_owned()));
    }
}
