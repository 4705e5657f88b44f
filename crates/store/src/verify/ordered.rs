//! Work on several threads whose results are used in order.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// Maximum number of results that wait for an earlier one.
const MAX_WAITING: u64 = 1 << 16;

struct Queue<I, R, S> {
    items: I,
    /// Number of items that were taken.
    taken: u64,
    /// Number of results that were passed to `sink`.
    used: u64,
    /// Results that wait for an earlier one, by the number of their item.
    waiting: BTreeMap<u64, R>,
    sink: S,
}

/// Runs `work` on each item with several threads, and passes the results to `sink` in the order of the items.
///
/// The threads do not belong to the pool of rayon, because a thread of the pool that waits for a part of its
/// item would begin with other items, and the results of these would have to wait for it.
pub(super) fn in_order<T, R: Send>(
    threads: usize,
    items: impl Iterator<Item = T> + Send,
    work: impl Fn(T) -> R + Sync,
    sink: impl FnMut(R) + Send,
) {
    let queue = Mutex::new(Queue {
        items,
        taken: 0,
        used: 0,
        waiting: BTreeMap::new(),
        sink,
    });
    let advanced = Condvar::new();
    let run = || {
        while let Some((number, item)) = take(&queue, &advanced) {
            let result = work(item);
            let mut guard = lock(&queue);
            let queue = &mut *guard;
            queue.waiting.insert(number, result);
            while let Some(result) = queue.waiting.remove(&queue.used) {
                queue.used += 1;
                (queue.sink)(result);
            }
            advanced.notify_all();
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // If the system has no more threads, the others do the work.
            let _ = std::thread::Builder::new().spawn_scoped(scope, run);
        }
        run();
    });
}

/// Takes the next item, unless too many results wait for an earlier one. The thread that works on that one
/// does not wait here.
fn take<T, I: Iterator<Item = T>, R, S>(
    queue: &Mutex<Queue<I, R, S>>,
    advanced: &Condvar,
) -> Option<(u64, T)> {
    let mut queue = lock(queue);
    while queue.taken - queue.used >= MAX_WAITING {
        queue = advanced.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
    let item = queue.items.next()?;
    let number = queue.taken;
    queue.taken += 1;
    Some((number, item))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn results_are_used_in_order() {
        // The first item ends after the last one.
        let (last_ended, wait_for_last) = mpsc::channel();
        let wait_for_last = Mutex::new(wait_for_last);
        let mut used = Vec::new();
        in_order(
            3,
            0..100,
            |number| {
                if number == 0 {
                    wait_for_last.lock().unwrap().recv().unwrap();
                } else if number == 99 {
                    last_ended.send(()).unwrap();
                }
                number
            },
            |number| used.push(number),
        );
        assert_eq!(used, (0..100).collect::<Vec<_>>());
    }
}
