//! A run over many files: found, judged by several threads, and handed on in order.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::{self, Cache, Known};
use super::error::Error;
use super::finding::{Report, Summary, Verdict};
use super::input::{self, Fault, Ignored, Job};
use super::judge::{Judge, Judged};
use super::pool;

/// What a run is over, and how.
#[derive(Debug, Default)]
pub struct Run {
    /// Files, directories, and `-` for the standard input.
    pub paths: Vec<PathBuf>,
    /// Files that are passed over.
    pub ignored: Ignored,
    /// How many threads judge; as many as there are processors if it is 0.
    pub threads: usize,
    /// Directory of the results of earlier runs; none are kept if it is `None`.
    pub cache: Option<PathBuf>,
}

/// What came of one file.
struct Answer {
    files: usize,
    judged: Vec<Judged>,
}

impl Run {
    /// Judges everything. `take` gets each document in the order of files and of documents in them, and may end the run. Answers how
    /// many files there were, in a summary that counts no documents yet.
    ///
    /// # Errors
    /// When the cache cannot be used.
    pub fn over(
        &self,
        judge: &Judge<'_>,
        stdin: &mut (dyn Read + Send),
        mut take: impl FnMut(Judged) -> ControlFlow<()>,
    ) -> Result<Summary, Error> {
        let cache = self.cache(judge)?;
        let mut summary = Summary::default();
        // Documents of one source may come in several pieces.
        let mut last: (Option<Arc<str>>, usize) = (None, 0);
        pool::run(
            self.threads(),
            |give| input::produce(&self.paths, &self.ignored, stdin, give),
            |job| work(judge, cache.as_ref(), job),
            |answer: Answer| {
                summary.files += answer.files;
                for mut judged in answer.judged {
                    let source = &judged.report.source;
                    if last.0.as_ref() != Some(source) {
                        last = (Some(source.clone()), 0);
                    }
                    judged.report.index = last.1;
                    last.1 += 1;
                    take(judged)?;
                }
                ControlFlow::Continue(())
            },
        );
        if let Some(cache) = cache {
            cache.save()?;
        }
        Ok(summary)
    }

    /// Results depend on the schemas and on how strictly they are applied. Whatever depends on more is not remembered.
    fn cache(&self, judge: &Judge<'_>) -> Result<Option<Cache>, Error> {
        let Some(directory) = &self.cache else { return Ok(None) };
        if judge.old.is_some() || judge.keep_stored || !judge.schemas.locations().is_empty() {
            return Ok(None);
        }
        let fingerprint =
            format!("{} {:?} {:?}", judge.schemas.fingerprint(), judge.strictness, judge.filter);
        Cache::open(directory, &fingerprint).map(Some)
    }

    fn threads(&self) -> usize {
        match self.threads {
            0 => std::thread::available_parallelism().map_or(1, usize::from),
            threads => threads,
        }
    }
}

fn work(judge: &Judge<'_>, cache: Option<&Cache>, job: Job) -> Answer {
    match job {
        Job::Files(paths) => {
            let mut judged = Vec::new();
            for path in &paths {
                file(judge, cache, path, &mut judged);
            }
            Answer { files: paths.len(), judged }
        }
        Job::Parts { source, parts, first } => {
            let mut judged = Vec::new();
            for part in &parts {
                judge.part(&source, part, &mut judged);
            }
            Answer { files: usize::from(first), judged }
        }
        Job::Json(source, text) => {
            let mut judged = Vec::new();
            judge.json(&source, &text, &mut judged);
            Answer { files: 1, judged }
        }
        Job::Broken { source, fault, first } => {
            Answer { files: usize::from(first), judged: vec![judge.broken(&source, &fault)] }
        }
    }
}

fn file(judge: &Judge<'_>, cache: Option<&Cache>, path: &Path, judged: &mut Vec<Judged>) {
    let source = input::name(path);
    let text = match File::open(path).and_then(input::read_all) {
        Ok(text) => text,
        Err(error) => return judged.push(judge.broken(&source, &Fault::Io(error))),
    };
    let Some(cache) = cache else { return judged.extend(judge.source(&source, &text)) };
    let key = cache::key(&text);
    if let Some(known) = cache.find(&key) {
        return judged.extend(known.into_iter().map(|known| remembered(&source, known)));
    }
    let found = judge.source(&source, &text);
    if let Some(known) = found.iter().map(known).collect() {
        cache.put(key, known);
    }
    judged.extend(found);
}

/// What is worth remembering of a document: that nothing is wrong with it.
fn known(judged: &Judged) -> Option<Known> {
    let Report { line, object, verdict, findings, .. } = &judged.report;
    let clean = *verdict == Verdict::Valid && findings.is_empty();
    let object = object.clone().filter(|_| clean)?;
    Some(Known { line: *line, object, namespaced: judged.namespaced })
}

fn remembered(source: &Arc<str>, known: Known) -> Judged {
    let report = Report {
        source: source.clone(),
        index: 0,
        line: known.line,
        object: Some(known.object),
        verdict: Verdict::Valid,
        findings: Vec::new(),
        lines: Vec::new(),
        suppressed: 0,
    };
    Judged { report, stored: None, namespaced: known.namespaced }
}
