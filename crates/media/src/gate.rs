//! Memory for decoding, shared by all threads: a few small pictures at once, or one large one.

use std::sync::{Condvar, Mutex, PoisonError};

/// Pixels that are decoded at once. A decoded pixel takes three or four bytes.
const BUDGET: u64 = 100_000_000;

/// Lets threads decode as long as the sum of their pixels stays within the budget; a picture that
/// is larger than that is decoded alone.
#[derive(Debug, Default)]
pub struct PixelGate {
    in_use: Mutex<u64>,
    freed: Condvar,
}

impl PixelGate {
    /// Does `work`, which decodes a picture of so many pixels, when there is room for it.
    pub fn pass<T>(&self, pixels: u64, work: impl FnOnce() -> T) -> T {
        struct Inside<'a>(&'a PixelGate, u64);
        impl Drop for Inside<'_> {
            fn drop(&mut self) {
                *self.0.in_use.lock().unwrap_or_else(PoisonError::into_inner) -= self.1;
                self.0.freed.notify_all();
            }
        }
        let pixels = pixels.min(BUDGET);
        let in_use = self.in_use.lock().unwrap_or_else(PoisonError::into_inner);
        let mut in_use = self
            .freed
            .wait_while(in_use, |in_use| *in_use + pixels > BUDGET)
            .unwrap_or_else(PoisonError::into_inner);
        *in_use += pixels;
        drop(in_use);
        let _inside = Inside(self, pixels);
        work()
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[test]
    fn no_more_is_decoded_at_once_than_the_budget_and_everything_gets_through() {
        let gate = PixelGate::default();
        let (now, most, done) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(0));
        std::thread::scope(|scope| {
            for n in 0..12u64 {
                let (gate, now, most, done) = (&gate, &now, &most, &done);
                scope.spawn(move || {
                    // Every third picture is larger than the whole budget.
                    let pixels = if n % 3 == 0 { BUDGET * 4 } else { BUDGET / 2 };
                    gate.pass(pixels, || {
                        let counted = pixels.min(BUDGET);
                        let all = now.fetch_add(counted, Ordering::SeqCst) + counted;
                        most.fetch_max(all, Ordering::SeqCst);
                        std::thread::sleep(std::time::Duration::from_millis(5));
                        now.fetch_sub(counted, Ordering::SeqCst);
                    });
                    done.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(done.into_inner(), 12);
        assert!(most.into_inner() <= BUDGET);
    }
}
