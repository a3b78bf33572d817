//! Group commit: batches that arrive while another is being written wait, and the first of them writes them all in one
//! LMDB transaction, with one sync of the disk. There is no thread for it: the tasks that commit take turns to lead.
//!
//! A batch whose task is dropped before its turn is withdrawn; one that was already taken is written.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use event_listener::Event;

use crate::storage::{Error, Outcome, Result, Transaction};

/// What a batch is answered with.
pub(super) type Answer = Result<Vec<Outcome>>;

/// The batches that wait.
#[derive(Debug, Default)]
pub(super) struct Queue {
    state: Mutex<State>,
    led: Event,
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Arc<Job>>,
    leading: bool,
}

#[derive(Debug)]
struct Job {
    batch: Vec<Transaction>,
    answer: Mutex<Option<Answer>>,
}

impl Queue {
    /// Has a batch written by `write`, which gets all batches of a turn and answers each.
    pub(super) async fn commit(
        &self,
        batch: Vec<Transaction>,
        write: impl Fn(&[&[Transaction]]) -> Vec<Answer> + Send + Sync,
    ) -> Answer {
        let ticket = Ticket::new(self, batch);
        // Other tasks of the same thread get to queue up too.
        yield_once().await;
        loop {
            let led = self.led.listen();
            if let Some(answer) = lock(&ticket.job.answer).take() {
                return answer;
            }
            match Turn::take(self) {
                Some(turn) => turn.lead(&write),
                None => led.await,
            }
        }
    }
}

/// A batch in the queue; leaves it when dropped.
struct Ticket<'a> {
    queue: &'a Queue,
    job: Arc<Job>,
}

impl<'a> Ticket<'a> {
    fn new(queue: &'a Queue, batch: Vec<Transaction>) -> Self {
        let job = Arc::new(Job { batch, answer: Mutex::new(None) });
        lock(&queue.state).waiting.push(job.clone());
        Self { queue, job }
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        let mut state = lock(&self.queue.state);
        state.waiting.retain(|job| !Arc::ptr_eq(job, &self.job));
    }
}

/// The right to write what waits. When it ends, however it ends, every batch of it has an answer and others may lead.
struct Turn<'a> {
    queue: &'a Queue,
    jobs: Vec<Arc<Job>>,
}

impl<'a> Turn<'a> {
    fn take(queue: &'a Queue) -> Option<Self> {
        let mut state = lock(&queue.state);
        if state.leading {
            return None;
        }
        state.leading = true;
        Some(Self { queue, jobs: std::mem::take(&mut state.waiting) })
    }

    fn lead(self, write: &impl Fn(&[&[Transaction]]) -> Vec<Answer>) {
        if self.jobs.is_empty() {
            return;
        }
        let batches: Vec<&[Transaction]> = self.jobs.iter().map(|job| job.batch.as_slice()).collect();
        for (job, answer) in self.jobs.iter().zip(write(&batches)) {
            *lock(&job.answer) = Some(answer);
        }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        for job in &self.jobs {
            let lost =
                || Err(Error::Backend("the write was given up half-way; nothing of it was kept".to_owned()));
            lock(&job.answer).get_or_insert_with(lost);
        }
        lock(&self.queue.state).leading = false;
        self.queue.led.notify(usize::MAX);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn yield_once() {
    let mut yielded = false;
    poll_fn(|context| {
        if yielded {
            return Poll::Ready(());
        }
        yielded = true;
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
