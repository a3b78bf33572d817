//! Group commit: batches that arrive while another is being written wait, and the first of them writes them all in one
//! LMDB transaction, with one sync of the disk. There is no thread for it: the tasks that commit take turns to lead.
//!
//! Tasks that have been answered together come back together, but not at once: without a pause the first of them would lead alone,
//! the others would wait for it, and every second sync would be for one batch. So a leader waits for as many batches as were in
//! the queue at the last turn, for a part of the time that the turn took: a sync is saved or little is lost. A task that has the
//! store for itself never waits.
//!
//! A batch whose task is dropped before its turn is withdrawn; one that was already taken is written.

use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use event_listener::Event;

use crate::storage::{Error, Outcome, Result, Transaction};

/// What a batch is answered with.
pub(super) type Answer = Result<Vec<Outcome>>;

/// A leader waits for at most half the time that the last turn took, and never longer than this, however slow the disk is.
const LONGEST_WAIT: Duration = Duration::from_millis(2);

/// The batches that wait.
#[derive(Debug)]
pub(super) struct Queue {
    state: Mutex<State>,
    led: Event,
    /// Tells the leader that the batches it waits for are there.
    gathered: Condvar,
    /// How long a leader waits for them, by how long the last turn took.
    patience: fn(Duration) -> Duration,
}

impl Default for Queue {
    fn default() -> Self {
        Self {
            state: Mutex::default(),
            led: Event::new(),
            gathered: Condvar::new(),
            patience: |took| (took / 2).min(LONGEST_WAIT),
        }
    }
}

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Arc<Job>>,
    leading: bool,
    /// How many batches the leader waits for; none if it does not wait.
    wanted: usize,
    /// How many batches were there when the last turn ended, its own and those that had come meanwhile.
    company: usize,
    /// How long the last turn took to write.
    took: Duration,
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
        let mut ticket = Ticket::new(self, batch);
        // Other tasks of the same thread get to queue up too.
        yield_once().await;
        loop {
            if let Some(answer) = ticket.answer() {
                return answer;
            }
            let led = self.led.listen();
            if let Some(answer) = ticket.answer() {
                return answer;
            }
            match Turn::take(self) {
                Some(turn) => turn.lead(&write),
                None => led.await,
            }
        }
    }
}

impl Queue {
    /// Waits until as many batches are there as at the end of the last turn, or for too long. Blocks the thread, as the commit
    /// that follows does.
    fn gather<'a>(&self, mut state: MutexGuard<'a, State>) -> MutexGuard<'a, State> {
        if state.waiting.is_empty() || state.waiting.len() >= state.company {
            return state;
        }
        state.wanted = state.company;
        let patience = (self.patience)(state.took);
        let (mut state, _) = self
            .gathered
            .wait_timeout_while(state, patience, |state| state.waiting.len() < state.wanted)
            .unwrap_or_else(PoisonError::into_inner);
        state.wanted = 0;
        state
    }
}

/// A batch in the queue; leaves it when dropped.
struct Ticket<'a> {
    queue: &'a Queue,
    job: Arc<Job>,
    answered: bool,
}

impl<'a> Ticket<'a> {
    fn new(queue: &'a Queue, batch: Vec<Transaction>) -> Self {
        let job = Arc::new(Job { batch, answer: Mutex::new(None) });
        let mut state = lock(&queue.state);
        state.waiting.push(job.clone());
        if state.waiting.len() == state.wanted {
            queue.gathered.notify_one();
        }
        drop(state);
        Self { queue, job, answered: false }
    }

    fn answer(&mut self) -> Option<Answer> {
        let answer = lock(&self.job.answer).take();
        self.answered |= answer.is_some();
        answer
    }
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        if self.answered {
            return;
        }
        let mut state = lock(&self.queue.state);
        state.waiting.retain(|job| !Arc::ptr_eq(job, &self.job));
    }
}

/// The right to write what waits. When it ends, however it ends, every batch of it has an answer and others may lead.
struct Turn<'a> {
    queue: &'a Queue,
    jobs: Vec<Arc<Job>>,
    since: Instant,
}

impl<'a> Turn<'a> {
    fn take(queue: &'a Queue) -> Option<Self> {
        let mut state = lock(&queue.state);
        if state.leading {
            return None;
        }
        state.leading = true;
        let mut state = queue.gather(state);
        Some(Self { queue, jobs: std::mem::take(&mut state.waiting), since: Instant::now() })
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
        let mut state = lock(&self.queue.state);
        state.leading = false;
        state.company = self.jobs.len() + state.waiting.len();
        state.took = self.since.elapsed();
        drop(state);
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

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;
    use std::thread;

    use pollster::block_on;

    use super::*;

    fn patient(patience: fn(Duration) -> Duration) -> Queue {
        Queue { patience, ..Queue::default() }
    }

    /// Commits an empty batch; `write` is told how many share the turn.
    fn commit(queue: &Queue, write: impl Fn(usize) + Send + Sync) {
        let answer = block_on(queue.commit(Vec::new(), |batches| {
            write(batches.len());
            batches.iter().map(|_| Ok(Vec::new())).collect()
        }));
        assert_eq!(answer.unwrap(), []);
    }

    fn waiting(queue: &Queue) -> usize {
        lock(&queue.state).waiting.len()
    }

    /// A turn of one batch, at the end of which another waits. Both are written when this returns; `first` is run by
    /// the task of the one as soon as it is answered, and the other's turn has so many batches.
    fn second_turn(queue: &Queue, first: impl FnOnce() + Send) -> usize {
        let (say, sizes) = channel();
        thread::scope(|scope| {
            scope.spawn(|| {
                commit(queue, |_| {
                    while waiting(queue) == 0 {
                        thread::yield_now();
                    }
                });
                first();
            });
            while !lock(&queue.state).leading {
                thread::yield_now();
            }
            commit(queue, move |batches| say.send(batches).unwrap());
        });
        sizes.try_iter().last().unwrap_or(0)
    }

    #[test]
    fn a_leader_waits_for_those_who_were_answered_before_it() {
        let queue = patient(|_| Duration::from_secs(600));
        // Whichever of the two leads writes both.
        let own = std::sync::atomic::AtomicUsize::new(0);
        let other = second_turn(&queue, || {
            commit(&queue, |batches| own.store(batches, std::sync::atomic::Ordering::Release));
        });
        assert_eq!(other.max(own.into_inner()), 2);
    }

    #[test]
    fn a_leader_does_not_wait_for_ever() {
        assert_eq!(second_turn(&patient(|_| Duration::ZERO), || ()), 1);
        assert_eq!(second_turn(&patient(|took| took / 2), || ()), 1);
    }

    #[test]
    fn who_has_the_store_for_itself_does_not_wait() {
        let queue = patient(|_| Duration::from_secs(600));
        (0..3).for_each(|_| commit(&queue, |batches| assert_eq!(batches, 1)));
    }
}
