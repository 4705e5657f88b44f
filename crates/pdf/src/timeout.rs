//! Execution of work on a separate thread with a time limit.

use std::sync::mpsc;
use std::time::Duration;

use khizana_media::catch_panic;

use crate::PdfError;

/// Time limit for opening a file and for rendering a page. A crafted page can take days to render.
/// A thread cannot be stopped, so a thread that exceeds the limit keeps running, and its result is
/// discarded.
pub const TIMEOUT: Duration = Duration::from_secs(9);

/// Stack size of the threads in bytes. Objects are parsed and rendered recursively.
const STACK_SIZE: usize = 64 << 20;

/// Runs `work` on a separate thread. Returns an error if it panics or exceeds [`TIMEOUT`].
pub fn with_timeout<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PdfError> + Send + 'static,
) -> Result<T, PdfError> {
    run(work, TIMEOUT)
}

fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PdfError> + Send + 'static,
    timeout: Duration,
) -> Result<T, PdfError> {
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(move || {
            let result = catch_panic(work).unwrap_or_else(|reason| Err(PdfError::Panic(reason)));
            let _ = sender.send(result);
        })
        .map_err(PdfError::Unreadable)?;
    receiver
        .recv_timeout(timeout)
        .unwrap_or(Err(PdfError::Timeout))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_and_timeouts_are_errors() {
        assert!(matches!(with_timeout(|| Ok(3)), Ok(3)));
        let panicked = with_timeout::<()>(|| panic!("index out of bounds"));
        assert!(
            matches!(panicked, Err(PdfError::Panic(reason)) if reason == "index out of bounds")
        );
        let late = run(
            || {
                std::thread::sleep(Duration::from_millis(500));
                Ok(())
            },
            Duration::from_millis(5),
        );
        assert!(matches!(late, Err(PdfError::Timeout)));
    }
}
