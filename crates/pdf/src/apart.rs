//! Work on a thread of its own, for as long as anybody waits for it.

use std::sync::mpsc;
use std::time::Duration;

use khizana_media::catch_panic;

use crate::PdfError;

/// How long one page, or the opening of a file, may take. A page can be made to take days, and a thread
/// cannot be ended: one that is late is left behind, and what it makes is thrown away.
pub const PATIENCE: Duration = Duration::from_secs(9);

/// Threads are given as much, as objects are read and drawn from within themselves.
const STACK: usize = 64 << 20;

/// Does `work`, whose panic is an error.
pub fn run<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PdfError> + Send + 'static,
) -> Result<T, PdfError> {
    wait(work, PATIENCE)
}

fn wait<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PdfError> + Send + 'static,
    patience: Duration,
) -> Result<T, PdfError> {
    let (done, waiting) = mpsc::channel();
    std::thread::Builder::new()
        .stack_size(STACK)
        .spawn(move || {
            let result = catch_panic(work).unwrap_or_else(|reason| Err(PdfError::Panic(reason)));
            let _ = done.send(result);
        })
        .map_err(PdfError::Unreadable)?;
    waiting
        .recv_timeout(patience)
        .unwrap_or(Err(PdfError::TooSlow))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_and_what_is_late_is_left_behind() {
        assert!(matches!(run(|| Ok(3)), Ok(3)));
        let broken = run::<()>(|| panic!("of its own"));
        assert!(matches!(broken, Err(PdfError::Panic(reason)) if reason == "of its own"));
        let late = wait(
            || {
                std::thread::sleep(Duration::from_millis(500));
                Ok(())
            },
            Duration::from_millis(5),
        );
        assert!(matches!(late, Err(PdfError::TooSlow)));
    }
}
