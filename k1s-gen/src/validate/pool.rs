//! Work spread over threads whose results come back in the order of the jobs, with a bounded number of them on the way, so that memory
//! does not grow with the number of jobs.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::mpsc::{self, Receiver};
use std::sync::{Condvar, Mutex, PoisonError};
use std::thread;

/// How many jobs a thread may be ahead of the one whose result is awaited.
const AHEAD: usize = 16;

/// How far the results have been taken, and whether no more are wanted.
#[derive(Default)]
struct Progress {
    taken: usize,
    stopped: bool,
}

/// Runs jobs on `threads` threads.
///
/// `produce` is called on a thread of its own and hands each job to the function that it is given, until that answers that no more are
/// wanted. `work` makes a result of a job. `take` gets the results in the jobs' order, on the calling thread, and may end it all.
pub(super) fn run<J: Send, R: Send>(
    threads: usize,
    produce: impl FnOnce(&mut dyn FnMut(J) -> ControlFlow<()>) + Send,
    work: impl Fn(J) -> R + Sync,
    mut take: impl FnMut(R) -> ControlFlow<()>,
) {
    let threads = threads.max(1);
    let window = threads * AHEAD;
    let progress = (Mutex::new(Progress::default()), Condvar::new());
    let (give, jobs) = mpsc::sync_channel::<(usize, J)>(window);
    let jobs = Mutex::new(jobs);
    let (answer, results) = mpsc::channel::<(usize, R)>();
    thread::scope(|scope| {
        let progress = &progress;
        scope.spawn(move || {
            let mut number = 0;
            produce(&mut |job| {
                // Nothing is broken by a thread that panicked with the lock: the numbers are written in one step.
                let mut state = progress.0.lock().unwrap_or_else(PoisonError::into_inner);
                while !state.stopped && number - state.taken >= window {
                    state = progress.1.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                if state.stopped || give.send((number, job)).is_err() {
                    return ControlFlow::Break(());
                }
                number += 1;
                ControlFlow::Continue(())
            });
        });
        for _ in 0..threads {
            let (answer, jobs, work) = (answer.clone(), &jobs, &work);
            scope.spawn(move || {
                while let Some((number, job)) = next(jobs) {
                    if answer.send((number, work(job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(answer);
        let mut waiting = BTreeMap::new();
        let mut awaited = 0;
        for (number, result) in results {
            waiting.insert(number, result);
            while let Some(result) = waiting.remove(&awaited) {
                awaited += 1;
                let stopped = take(result).is_break();
                let mut state = progress.0.lock().unwrap_or_else(PoisonError::into_inner);
                *state = Progress { taken: awaited, stopped };
                progress.1.notify_one();
                if stopped {
                    return;
                }
            }
        }
    });
}

/// The next job; waits for it.
fn next<J>(jobs: &Mutex<Receiver<(usize, J)>>) -> Option<(usize, J)> {
    jobs.lock().unwrap_or_else(PoisonError::into_inner).recv().ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn results_come_in_order_and_few_are_on_the_way() {
        let (made, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let mut results = Vec::new();
        run(
            3,
            |give| {
                for number in 0..1000_usize {
                    made.store(number, Ordering::SeqCst);
                    assert!(number - taken.load(Ordering::SeqCst) <= 3 * AHEAD + 1);
                    assert!(give(number).is_continue());
                }
            },
            |number| {
                // The first of each ten is slow.
                let rounds = if number % 10 == 0 { 20_000 } else { 1 };
                (0..rounds).fold(number, |sum, _| std::hint::black_box(sum))
            },
            |number| {
                taken.store(number, Ordering::SeqCst);
                results.push(number);
                ControlFlow::Continue(())
            },
        );
        assert_eq!(results, (0..1000).collect::<Vec<_>>());
        assert_eq!(made.load(Ordering::SeqCst), 999);
    }

    #[test]
    fn whoever_takes_may_end_it() {
        let mut results = Vec::new();
        let mut refused = false;
        run(
            2,
            |give| refused = (0_usize..).any(|number| give(number).is_break()),
            |number| number,
            |number| {
                results.push(number);
                if number == 5 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            },
        );
        assert_eq!(results, [0, 1, 2, 3, 4, 5]);
        assert!(refused);
    }
}
