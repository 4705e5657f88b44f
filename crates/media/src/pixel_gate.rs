//! A semaphore that limits the number of pixels that are decoded concurrently.

use std::sync::{Condvar, Mutex, PoisonError};

/// Maximum number of pixels that are decoded at the same time. A decoded pixel takes up to four
/// bytes.
const CAPACITY: u64 = 100_000_000;

/// A semaphore that limits the total number of pixels that all threads decode at the same time.
///
/// An image that exceeds the capacity of 100 megapixels is decoded alone.
#[derive(Debug, Default)]
pub struct PixelGate {
    in_use: Mutex<u64>,
    released: Condvar,
}

impl PixelGate {
    /// Runs `work`, which decodes an image of `pixels` pixels, as soon as there is capacity for it.
    pub fn run<T>(&self, pixels: u64, work: impl FnOnce() -> T) -> T {
        struct Permit<'a>(&'a PixelGate, u64);
        impl Drop for Permit<'_> {
            fn drop(&mut self) {
                *self.0.in_use.lock().unwrap_or_else(PoisonError::into_inner) -= self.1;
                self.0.released.notify_all();
            }
        }
        let pixels = pixels.min(CAPACITY);
        let in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let mut in_use = self
            .released
            .wait_while(in_use, |in_use| *in_use + pixels > CAPACITY)
            .unwrap_or_else(PoisonError::into_inner);
        *in_use += pixels;
        drop(in_use);
        let _permit = Permit(self, pixels);
        work()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn never_exceeds_the_capacity_and_runs_all_jobs() {
        let gate = PixelGate::default();
        let (current, peak, completed) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for n in 0..12u64 {
                let (gate, current, peak, completed) = (&gate, &current, &peak, &completed);
                scope.spawn(move || {
                    // Every third image exceeds the capacity.
                    let pixels = if n % 3 == 0 {
                        CAPACITY * 4
                    } else {
                        CAPACITY / 2
                    };
                    gate.run(pixels, || {
                        let permits = pixels.min(CAPACITY);
                        let total = current.fetch_add(permits, Ordering::SeqCst) + permits;
                        peak.fetch_max(total, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(5));
                        current.fetch_sub(permits, Ordering::SeqCst);
                    });
                    completed.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(completed.into_inner(), 12);
        assert!(peak.into_inner() <= CAPACITY);
    }
}
