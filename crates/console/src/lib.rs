//! The console window of a program in Windows.
//!
//! Windows opens a window for a program that is started with a double click, and closes it when the program ends. A
//! program that is started in a terminal shares the window with the shell.

/// Returns `true` if this process is the only one of its console, so that the window closes when it ends. Always
/// `false` on other systems than Windows.
#[cfg(windows)]
#[must_use]
pub fn is_alone() -> bool {
    let mut processes = [0; 2];
    // SAFETY: the pointer and the length are those of the array, to which the function writes. It returns the
    // number of processes even if the array is too small, and 0 if there is no console.
    #[allow(unsafe_code)]
    let count = unsafe {
        windows_sys::Win32::System::Console::GetConsoleProcessList(
            processes.as_mut_ptr(),
            processes.len() as u32,
        )
    };
    count == 1
}

/// Returns `true` if this process is the only one of its console, so that the window closes when it ends. Always
/// `false` on other systems than Windows.
#[cfg(not(windows))]
#[must_use]
pub fn is_alone() -> bool {
    false
}
