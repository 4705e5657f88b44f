//! Work on several pictures at once.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Does `work` with each thing, with as many at once as there are processors. The results come in the
/// order of the things; after an error nothing new is begun.
///
/// The threads are their own and not rayon's. A picture waits until there is memory for it, and its
/// tiles are encoded by rayon. A thread of rayon's that waits for tiles takes up other work meanwhile;
/// were that the next picture, it would wait for memory that it holds itself.
pub(crate) fn side_by_side<T: Send, R: Send, E: Send>(
    things: Vec<T>,
    work: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let threads = rayon::current_num_threads().min(things.len());
    let queue = Mutex::new(Some(things.into_iter().enumerate()));
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = lock(&queue).as_mut().and_then(Iterator::next);
                    let Some((place, thing)) = next else { break };
                    let result = work(thing);
                    if result.is_err() {
                        *lock(&queue) = None;
                    }
                    lock(&done).push((place, result));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order_and_an_error_ends_the_work() {
        let all = side_by_side((0..100).collect(), |n| Ok::<_, ()>(n * 2));
        assert_eq!(all, Ok((0..100).map(|n| n * 2).collect()));
        assert_eq!(side_by_side(Vec::<u8>::new(), Ok::<_, ()>), Ok(vec![]));
        let begun = Mutex::new(0);
        let failed = side_by_side((0..100_000).collect(), |n| {
            *lock(&begun) += 1;
            if n == 3 { Err(n) } else { Ok(n) }
        });
        assert_eq!(failed, Err(3));
        assert!(*lock(&begun) < 100_000);
    }
}
