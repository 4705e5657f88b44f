//! Limit on the number of bytes that are read per second.

use std::num::NonZeroU64;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A limit on the number of bytes per second that several threads read together.
#[derive(Debug)]
pub struct RateLimit {
    bytes_per_second: NonZeroU64,
    start: Instant,
    /// The time since `start` at which everything that was read before is paid for.
    free_at: Mutex<Duration>,
}

impl RateLimit {
    /// Creates a limit.
    pub fn new(bytes_per_second: NonZeroU64) -> Self {
        RateLimit {
            bytes_per_second,
            start: Instant::now(),
            free_at: Mutex::new(Duration::ZERO),
        }
    }

    /// Returns the number of bytes per second.
    pub fn bytes_per_second(&self) -> NonZeroU64 {
        self.bytes_per_second
    }

    /// Waits until `bytes` that were read are within the limit.
    pub fn wait(&self, bytes: u64) {
        let pause = self.pause(self.start.elapsed(), bytes);
        if !pause.is_zero() {
            std::thread::sleep(pause);
        }
    }

    /// Returns how long a thread that has read `bytes` at the time `now` must wait. Time in which nothing
    /// was read cannot be used later.
    fn pause(&self, now: Duration, bytes: u64) -> Duration {
        let nanoseconds =
            u128::from(bytes) * 1_000_000_000 / u128::from(self.bytes_per_second.get());
        let cost = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
        let mut free_at = self.free_at.lock().unwrap_or_else(PoisonError::into_inner);
        *free_at = (*free_at).max(now).saturating_add(cost);
        free_at.saturating_sub(now)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn threads_share_the_limit() {
        let limit = RateLimit::new(NonZeroU64::new(1_000_000).unwrap());
        assert_eq!(limit.pause(seconds(0), 2_000_000), seconds(2));
        // Another thread waits until both reads are paid for.
        assert_eq!(limit.pause(seconds(1), 3_000_000), seconds(4));
        assert_eq!(limit.pause(seconds(5), 500_000), Duration::from_millis(500));
    }

    #[test]
    fn idle_time_is_not_saved() {
        let limit = RateLimit::new(NonZeroU64::new(1_000_000).unwrap());
        assert_eq!(limit.pause(seconds(100), 1_000_000), seconds(1));
        assert_eq!(limit.pause(seconds(200), 1_000_000), seconds(1));
    }

    #[test]
    fn extreme_values_do_not_overflow() {
        let limit = RateLimit::new(NonZeroU64::MIN);
        assert!(limit.pause(seconds(1), u64::MAX) > seconds(1 << 33));
        assert!(limit.pause(seconds(1), u64::MAX) > seconds(1 << 33));
    }
}
