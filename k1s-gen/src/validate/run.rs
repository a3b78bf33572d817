//! A run over many files: found, judged by several threads, and handed on in order.

use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::cache::{self, Cache, Known};
use super::collect::Item;
use super::error::Error;
use super::finding::{Report, Verdict};
use super::ignore::{self, Comments};
use super::input::{self, Fault, Ignored, Job};
use super::judge::{self, Judge, Judged, JudgedDocument};
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

/// What came of one piece of work.
struct Answer {
    /// The sources that it begins.
    sources: Vec<Arc<str>>,
    documents: Vec<JudgedDocument>,
}

/// What a run comes to.
#[derive(Debug)]
pub enum Event {
    /// A source is begun; it may turn out to have no document.
    Source(Arc<str>),
    /// A document of the source that was begun last.
    Document(JudgedDocument),
}

impl Run {
    /// Judges everything. `take` gets sources and their documents in order, and may end the run.
    ///
    /// # Errors
    /// When the cache cannot be used.
    pub fn over(
        &self,
        judge: &Judge<'_>,
        stdin: &mut (dyn Read + Send),
        mut take: impl FnMut(Event) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let cache = self.cache(judge)?;
        // Documents of one source may come in several pieces.
        let mut numbering = Numbering::default();
        pool::run(
            self.threads(),
            |give| input::produce(&self.paths, &self.ignored, stdin, give),
            |job| work(judge, cache.as_ref(), job),
            |answer: Answer| {
                let mut sources = answer.sources.into_iter();
                for mut document in answer.documents {
                    while !numbering.is_in(&document.source) {
                        let Some(source) = sources.next() else { break };
                        numbering.begin(&source);
                        take(Event::Source(source))?;
                    }
                    numbering.number(&mut document);
                    take(Event::Document(document))?;
                }
                for source in sources {
                    numbering.begin(&source);
                    take(Event::Source(source))?;
                }
                ControlFlow::Continue(())
            },
        );
        cache.map_or(Ok(()), Cache::save)
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

/// Numbers the objects of each source.
#[derive(Default)]
struct Numbering {
    source: Option<Arc<str>>,
    next: usize,
}

impl Numbering {
    /// Whether a document is of the source that was begun last. Two files may have one name, but not one allocation.
    fn is_in(&self, source: &Arc<str>) -> bool {
        self.source.as_ref().is_some_and(|own| Arc::ptr_eq(own, source))
    }

    fn begin(&mut self, source: &Arc<str>) {
        *self = Self { source: Some(source.clone()), next: 0 };
    }

    fn number(&mut self, document: &mut JudgedDocument) {
        for judged in &mut document.objects {
            judged.item.report.index = self.next;
            self.next += 1;
        }
    }
}

fn work(judge: &Judge<'_>, cache: Option<&Cache>, job: Job) -> Answer {
    match job {
        Job::Files(paths) => {
            let mut answer = Answer { sources: Vec::with_capacity(paths.len()), documents: Vec::new() };
            for path in &paths {
                let source = input::name(path);
                answer.documents.extend(file(judge, cache, path, &source));
                answer.sources.push(source);
            }
            answer
        }
        Job::Parts { source, parts, first } => {
            let documents = parts.iter().map(|part| judge.part(&source, part)).collect();
            Answer { sources: Vec::from_iter(first.then_some(source)), documents }
        }
        Job::Json(source, text) => {
            let documents = judge.json(&source, &text);
            Answer { sources: vec![source], documents }
        }
        Job::Broken { source, fault, first } => {
            let documents = vec![judge.broken(&source, &fault)];
            Answer { sources: Vec::from_iter(first.then_some(source)), documents }
        }
    }
}

fn file(judge: &Judge<'_>, cache: Option<&Cache>, path: &Path, source: &Arc<str>) -> Vec<JudgedDocument> {
    let text = match File::open(path).and_then(input::read_all) {
        Ok(text) => text,
        Err(error) => return vec![judge.broken(source, &Fault::Io(error))],
    };
    // What a comment says of a file is not remembered.
    let Some(cache) = cache.filter(|_| !ignore::mentions(&text)) else { return judge.source(source, &text) };
    let key = cache::key(&text);
    if let Some(known) = cache.find(&key) {
        return known.into_iter().map(|known| remembered(source, known)).collect();
    }
    let found = judge.source(source, &text);
    let objects = found.iter().flat_map(|document| &document.objects);
    if let Some(known) = objects.map(known).collect() {
        cache.put(key, known);
    }
    found
}

/// What is worth remembering of an object: that nothing is wrong with it.
fn known(judged: &Judged) -> Option<Known> {
    let Report { line, object, verdict, findings, .. } = &judged.item.report;
    let clean = *verdict == Verdict::Valid && findings.is_empty();
    let object = object.clone().filter(|_| clean)?;
    Some(Known { line: *line, object, namespaced: judged.item.namespaced, generated: judged.item.generated })
}

fn remembered(source: &Arc<str>, known: Known) -> JudgedDocument {
    let report = judge::report(source, known.line, Some(known.object), Verdict::Valid);
    let item = Item { report, namespaced: known.namespaced, generated: known.generated };
    let judged = Judged { item, stored: None };
    JudgedDocument { source: source.clone(), comments: Comments::default(), objects: vec![judged] }
}
