//! Limits of requests to other hosts.

use std::time::Duration;

/// Limits of the requests with which files are fetched. The defaults are those of `khizana ingest --fetch`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FetchSettings {
    /// Maximum number of connections at the same time.
    pub connections: usize,
    /// Maximum number of connections to one host at the same time.
    pub connections_per_host: usize,
    /// Minimum time between the starts of two files of one host.
    pub pause: Duration,
    /// Number of attempts to fetch a file.
    pub attempts: u32,
    /// Pause after the first failed attempt. It is four times as long after each further one.
    pub retry_pause: Duration,
    /// Maximum time that a server may ask to wait (`Retry-After`) before another attempt.
    pub max_retry_after: Duration,
    /// Time in which a server must accept a connection, send the headers of a response, or send a part of
    /// its body.
    pub timeout: Duration,
    /// Maximum duration of an attempt.
    pub max_time: Duration,
    /// Maximum length of a file in bytes.
    pub max_bytes: u64,
}

impl Default for FetchSettings {
    fn default() -> Self {
        FetchSettings {
            connections: 8,
            connections_per_host: 2,
            pause: Duration::from_millis(250),
            attempts: 3,
            retry_pause: Duration::from_secs(2),
            max_retry_after: Duration::from_secs(120),
            timeout: Duration::from_secs(30),
            max_time: Duration::from_secs(3600),
            max_bytes: 4 << 30,
        }
    }
}
