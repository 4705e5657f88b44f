//! Conversion of panics to errors.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

thread_local! {
    static SUPPRESS_HOOK: Cell<bool> = const { Cell::new(false) };
}

static INSTALL_HOOK: Once = Once::new();

/// Runs `work` on the current thread and catches a panic, without output on stderr.
///
/// Panics in other threads are passed to the panic hook that was installed before the first call.
///
/// # Errors
/// Returns the message of the panic if `work` panics.
pub fn catch_panic<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    INSTALL_HOOK.call_once(|| {
        let previous_hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            // `try_with` is used because the thread-local may already be destroyed while a thread
            // terminates.
            if !SUPPRESS_HOOK.try_with(Cell::get).unwrap_or(false) {
                previous_hook(info);
            }
        }));
    });
    let previous = SUPPRESS_HOOK.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(work));
    SUPPRESS_HOOK.set(previous);
    result.map_err(|payload| {
        payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "no message".to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn returns_the_panic_message_and_resets_the_flag() {
        assert_eq!(catch_panic(|| 7), Ok(7));
        assert_eq!(
            catch_panic(|| -> u8 { panic!("codec {}", 3) }),
            Err("codec 3".to_owned())
        );
        assert_eq!(
            catch_panic(|| -> u8 { panic!("plain") }),
            Err("plain".to_owned())
        );
        assert!(!SUPPRESS_HOOK.get());
    }
}
