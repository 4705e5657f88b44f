//! Parallel processing of images.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Applies a function to every item on as many threads as there are processors, and returns the
/// results in the order of the items. After an error, no further item is started.
///
/// The items are not processed in the thread pool of rayon. Processing an image waits for the
/// memory that it needs, and encodes its tiles with rayon. While a rayon thread waits for tiles, it
/// runs other tasks. If such a task processed another image, it could wait for memory that the same
/// thread holds.
pub(crate) fn try_parallel_map<T: Send, R: Send, E: Send>(
    items: Vec<T>,
    function: impl Fn(T) -> Result<R, E> + Sync,
) -> Result<Vec<R>, E> {
    let threads = rayon::current_num_threads().min(items.len());
    let queue = Mutex::new(Some(items.into_iter().enumerate()));
    let results = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let next = lock(&queue).as_mut().and_then(Iterator::next);
                    let Some((index, item)) = next else { break };
                    let result = function(item);
                    if result.is_err() {
                        *lock(&queue) = None;
                    }
                    lock(&results).push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_results_in_order_and_stops_after_an_error() {
        let doubled = try_parallel_map((0..100).collect(), |n| Ok::<_, ()>(n * 2));
        assert_eq!(doubled, Ok((0..100).map(|n| n * 2).collect()));
        assert_eq!(try_parallel_map(Vec::<u8>::new(), Ok::<_, ()>), Ok(vec![]));
        let calls = Mutex::new(0);
        let result = try_parallel_map((0..100_000).collect(), |n| {
            *lock(&calls) += 1;
            if n == 3 { Err(n) } else { Ok(n) }
        });
        assert_eq!(result, Err(3));
        assert!(*lock(&calls) < 100_000);
    }
}
