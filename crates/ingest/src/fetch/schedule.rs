//! The order of requests: parallel, but polite to each host.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::error::FetchError;
use super::settings::FetchSettings;

/// Number of files of a host in a row that cannot be fetched, after which the others are skipped.
const MAX_FAILURES: u32 = 5;

/// A file to be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// The index of the file in the list with which the schedule was created.
    pub index: usize,
    /// The number of this attempt, starting at 1.
    attempt: u32,
}

/// The files that are still to be fetched, by host.
pub struct Schedule<'a> {
    settings: &'a FetchSettings,
    state: Mutex<State>,
    /// Signals that a file was finished.
    finished: Condvar,
}

#[derive(Default)]
struct State {
    hosts: BTreeMap<String, HostQueue>,
    /// Number of files that are waiting or being fetched.
    left: usize,
}

struct HostQueue {
    waiting: VecDeque<Job>,
    /// Number of files that are being fetched.
    active: usize,
    /// The time before which no request starts.
    not_before: Instant,
    /// Number of files in a row that could not be fetched.
    failures: u32,
}

/// The result of an attempt.
pub enum Attempt<T> {
    /// The file was fetched, or cannot be fetched.
    Final(Result<T, FetchError>),
    /// The file will be requested again.
    Repeated,
}

impl<'a> Schedule<'a> {
    /// Creates a schedule for the files with these hosts, in order.
    pub fn new<'h>(settings: &'a FetchSettings, hosts: impl Iterator<Item = &'h str>) -> Self {
        let now = Instant::now();
        let mut state = State::default();
        for (index, host) in hosts.enumerate() {
            let queue = state
                .hosts
                .entry(host.to_owned())
                .or_insert_with(|| HostQueue {
                    waiting: VecDeque::new(),
                    active: 0,
                    not_before: now,
                    failures: 0,
                });
            queue.waiting.push_back(Job { index, attempt: 1 });
            state.left += 1;
        }
        Schedule {
            settings,
            state: Mutex::new(state),
            finished: Condvar::new(),
        }
    }

    /// Waits until a file may be requested, and returns it. Returns `None` if all files are finished.
    pub fn next(&self) -> Option<Job> {
        let mut state = self.lock();
        loop {
            if state.left == 0 {
                return None;
            }
            let now = Instant::now();
            let mut wait = None;
            let max_active = self.settings.connections_per_host;
            let hosts = state.hosts.values_mut();
            for queue in hosts.filter(|queue| queue.active < max_active) {
                if queue.waiting.is_empty() {
                    continue;
                }
                let left = queue.not_before.saturating_duration_since(now);
                if left.is_zero()
                    && let Some(job) = queue.waiting.pop_front()
                {
                    queue.active += 1;
                    queue.not_before = now + self.settings.pause;
                    return Some(job);
                }
                wait = Some(wait.map_or(left, |wait: Duration| wait.min(left)));
            }
            state = match wait {
                Some(wait) => {
                    let waited = self.finished.wait_timeout(state, wait);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
                None => {
                    let waited = self.finished.wait(state);
                    waited.unwrap_or_else(PoisonError::into_inner)
                }
            };
        }
    }

    /// Records the result of an attempt. Repeats it later if it failed for a temporary reason. Returns the
    /// files that are skipped, if too many of the host could not be fetched.
    pub fn finish<T>(
        &self,
        job: Job,
        host: &str,
        result: Result<T, FetchError>,
    ) -> (Attempt<T>, Vec<Job>) {
        let mut state = self.lock();
        let State { hosts, left } = &mut *state;
        let mut skipped = Vec::new();
        let mut attempt = Attempt::Repeated;
        if let Some(queue) = hosts.get_mut(host) {
            queue.active -= 1;
            let pause = result
                .as_ref()
                .err()
                .and_then(|error| self.pause(job, error));
            if let Some(pause) = pause {
                // The host has a problem, so its other files wait, too.
                queue.not_before = queue.not_before.max(Instant::now() + pause);
                queue.waiting.push_front(Job {
                    attempt: job.attempt + 1,
                    ..job
                });
            } else {
                *left = left.saturating_sub(1);
                queue.failures = match &result {
                    Err(error) if error.is_temporary() => queue.failures + 1,
                    _ => 0,
                };
                if queue.failures >= MAX_FAILURES {
                    skipped.extend(queue.waiting.drain(..));
                    *left = left.saturating_sub(skipped.len());
                }
                attempt = Attempt::Final(result);
            }
        }
        drop(state);
        self.finished.notify_all();
        (attempt, skipped)
    }

    /// Ends the schedule: no other file is requested.
    pub fn stop(&self) {
        let mut state = self.lock();
        state.left = 0;
        for queue in state.hosts.values_mut() {
            queue.waiting.clear();
        }
        drop(state);
        self.finished.notify_all();
    }

    /// Returns the pause before the next attempt, or `None` if the result is final.
    fn pause(&self, job: Job, error: &FetchError) -> Option<Duration> {
        if !error.is_temporary() || job.attempt >= self.settings.attempts {
            return None;
        }
        let asked = match error {
            FetchError::Unreachable { retry_after, .. } => *retry_after,
            _ => None,
        };
        match asked {
            Some(asked) => (asked <= self.settings.max_retry_after).then_some(asked),
            None => Some(self.settings.retry_pause * 4u32.saturating_pow(job.attempt - 1)),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn settings() -> FetchSettings {
        FetchSettings {
            pause: Duration::ZERO,
            retry_pause: Duration::ZERO,
            ..FetchSettings::default()
        }
    }

    #[test]
    fn a_host_has_at_most_two_connections() {
        let settings = settings();
        let schedule = Schedule::new(&settings, ["a", "a", "a", "b"].into_iter());
        let indexes: Vec<usize> = (0..3).map(|_| schedule.next().unwrap().index).collect();
        assert_eq!(indexes, [0, 1, 3]);
        let job = Job {
            index: 0,
            attempt: 1,
        };
        let _ = schedule.finish(job, "a", Ok(()));
        assert_eq!(schedule.next().unwrap().index, 2);
    }

    #[test]
    fn requests_to_a_host_have_a_pause() {
        let settings = FetchSettings {
            pause: Duration::from_millis(30),
            ..settings()
        };
        let start = Instant::now();
        let schedule = Schedule::new(&settings, ["a", "a"].into_iter());
        schedule.next().unwrap();
        schedule.next().unwrap();
        assert!(start.elapsed() >= Duration::from_millis(30));
    }

    #[test]
    fn attempts_are_repeated_and_hosts_with_failures_are_skipped() {
        let settings = FetchSettings {
            attempts: 2,
            ..settings()
        };
        let schedule = Schedule::new(&settings, ["a"; 7].into_iter());
        let mut attempts = Vec::new();
        let mut skipped = Vec::new();
        while let Some(job) = schedule.next() {
            attempts.push((job.index, job.attempt));
            let result: Result<(), _> = Err(FetchError::unreachable("down"));
            skipped.extend(schedule.finish(job, "a", result).1);
        }
        assert_eq!(attempts.len(), 10);
        assert_eq!(attempts[..3], [(0, 1), (0, 2), (1, 1)]);
        let skipped: Vec<usize> = skipped.iter().map(|job| job.index).collect();
        assert_eq!(skipped, [5, 6]);
    }

    #[test]
    fn a_server_that_asks_for_a_long_pause_is_not_asked_again() {
        let settings = settings();
        let schedule = Schedule::new(&settings, ["a"].into_iter());
        let job = schedule.next().unwrap();
        let busy = |seconds| FetchError::Unreachable {
            reason: String::new(),
            retry_after: Some(Duration::from_secs(seconds)),
        };
        assert_eq!(
            schedule.pause(job, &busy(120)),
            Some(Duration::from_secs(120))
        );
        assert_eq!(schedule.pause(job, &busy(121)), None);
        assert_eq!(schedule.pause(job, &FetchError::Status(404)), None);
    }
}
