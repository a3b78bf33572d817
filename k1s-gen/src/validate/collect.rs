//! Where documents go once they were judged: through the search for objects that stand there twice, the ignore comments and the baseline, in
//! this order, to the output. What was ignored is not written into a baseline, and what is known is not told.

use std::io;
use std::sync::Arc;

use k1s_runtime::manifest::Position;

use super::baseline::{Baseline, Recorder};
use super::finding::{Report, Severity, Span, Summary, Verdict};
use super::ignore::{Comments, Ignores};
use super::objects::{Objects, Placed};
use super::report::Reporter;

/// An object that was judged.
#[derive(Debug)]
pub struct Item {
    /// What is to be said of it.
    pub report: Report,
    /// Whether its kind has namespaces; `None` if that is not known.
    pub namespaced: Option<bool>,
    /// Whether it has only a `generateName`: it is a new object every time.
    pub generated: bool,
}

/// Collects what was judged, in the order of the sources and of the documents in them.
///
/// ```
/// use k1s_gen::validate::collect::{Collector, Item};
/// use k1s_gen::validate::ignore::Comments;
/// use k1s_gen::validate::objects::Objects;
/// use k1s_gen::validate::report::{Format, Options};
/// # use k1s_gen::validate::{ObjectRef, Report, Verdict};
/// # let object = ObjectRef { kind: "Item".into(), name: "hammer".into(), ..ObjectRef::default() };
/// # let report = Report { source: "a.yaml".into(), index: 0, line: 1, object: Some(object), verdict: Verdict::Valid,
/// #     findings: vec![], lines: vec![], suppressed: 0 };
/// let mut out = Vec::new();
/// let mut collector = Collector::new(Format::Text.reporter(&mut out, Options::default()));
/// collector.objects = Some(Objects::default());
/// let text = b"kind: Item\nmetadata: {name: hammer}\n";
/// let item = Item { report, namespaced: Some(true), generated: false };
/// let failed = collector.document(Comments::of(text, 1), vec![item])?;
/// assert!(!failed);
/// let summary = collector.finish()?;
/// assert_eq!((summary.valid, summary.files), (1, 1));
/// # Ok::<(), std::io::Error>(())
/// ```
pub struct Collector<'w> {
    /// The objects that were seen, if those that stand there twice are to be found. Default: none.
    pub objects: Option<Objects>,
    /// What is known. Default: nothing.
    pub baseline: Option<Baseline>,
    /// What is to be known from now on: everything that is not ignored is recorded, also what the baseline knows. Default: none.
    pub recorder: Option<&'w mut Recorder>,
    reporter: Box<dyn Reporter + 'w>,
    ignores: Ignores,
    source: Option<Arc<str>>,
    summary: Summary,
}

impl<'w> Collector<'w> {
    /// A collector that only reports.
    pub fn new(reporter: Box<dyn Reporter + 'w>) -> Self {
        Self {
            objects: None,
            baseline: None,
            recorder: None,
            reporter,
            ignores: Ignores::default(),
            source: None,
            summary: Summary::default(),
        }
    }

    /// Begins a source, which may turn out to have no document. Documents begin theirs by themselves.
    ///
    /// # Errors
    /// The output's.
    pub fn source(&mut self, source: &Arc<str>) -> io::Result<()> {
        if self.source.as_ref() != Some(source) {
            self.end_source()?;
            self.source = Some(source.clone());
            self.summary.files += 1;
            if let Some(baseline) = &mut self.baseline {
                baseline.look_at(source);
            }
        }
        Ok(())
    }

    /// Takes a document of the source that was begun last or of that which its items name: one item, several if it is a list, none if only
    /// comments are in it. Answers whether anything of it fails.
    ///
    /// # Errors
    /// The output's.
    pub fn document(&mut self, comments: Comments, mut items: Vec<Item>) -> io::Result<bool> {
        if let Some(item) = items.first() {
            let source = item.report.source.clone();
            self.source(&source)?;
        }
        if let Some(objects) = &mut self.objects {
            items.iter_mut().for_each(|item| item.find_twice(objects));
        }
        self.ignores.document(comments, items.iter_mut().map(|item| &mut item.report));
        let mut failed = false;
        for mut item in items {
            failed |= self.report(&mut item.report)?;
        }
        Ok(failed)
    }

    /// Ends the output, with what is known and does not occur any more. Answers with what there was.
    ///
    /// # Errors
    /// The output's.
    pub fn finish(mut self) -> io::Result<Summary> {
        self.end_source()?;
        if let Some(stale) = self.baseline.as_ref().and_then(Baseline::stale) {
            self.note(&stale)?;
        }
        self.reporter.finish(&self.summary)?;
        Ok(self.summary)
    }

    fn end_source(&mut self) -> io::Result<()> {
        let Some(source) = self.source.take() else { return Ok(()) };
        match self.ignores.finish(&source) {
            None => Ok(()),
            Some(mut report) if report.verdict == Verdict::Invalid => self.report(&mut report).map(drop),
            Some(report) => self.note(&report),
        }
    }

    /// Counts and writes the report of a document; answers whether it fails.
    fn report(&mut self, report: &mut Report) -> io::Result<bool> {
        if let Some(recorder) = &mut self.recorder {
            recorder.record(report);
        }
        if let Some(baseline) = &mut self.baseline {
            baseline.apply(report);
        }
        self.summary.count(report);
        self.reporter.report(report)?;
        Ok(matches!(report.verdict, Verdict::Invalid | Verdict::Error))
    }

    /// Writes warnings that are about no document.
    fn note(&mut self, report: &Report) -> io::Result<()> {
        let warnings = report.findings.iter().filter(|finding| finding.severity == Severity::Warning);
        self.summary.warnings += warnings.count();
        self.reporter.report(report)
    }
}

impl Item {
    /// Adds the finding that the object stands somewhere else already, if so.
    fn find_twice(&mut self, objects: &mut Objects) {
        let Item { report, namespaced, generated } = self;
        let Some(object) = &report.object else { return };
        if *generated || report.verdict == Verdict::Skipped {
            return;
        }
        let line = u32::try_from(report.line).unwrap_or(u32::MAX);
        let start = Position { line, column: 1 };
        let span = Span { start, end: start };
        let placed = Placed { object, namespaced: *namespaced, source: &report.source, span };
        if let Some(finding) = objects.add(&placed) {
            report.add([finding]);
        }
    }
}
