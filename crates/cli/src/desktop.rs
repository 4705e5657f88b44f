//! A start from the desktop of Windows: with a double click on the program, or by dropping a folder on it.
//!
//! Such a start opens a preview. Its window stays open after an error, so that the error can be read.

use std::ffi::OsString;
use std::io::{BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

use khizana_model::message;

use crate::language;

/// A start from the desktop.
#[derive(Debug, PartialEq, Eq)]
pub enum Start {
    /// Without arguments.
    Alone,
    /// With a folder or a file.
    With(PathBuf),
}

impl Start {
    /// Recognises a start from the desktop. `None` if the program was started in a terminal, by a script or by the
    /// task scheduler.
    pub fn find() -> Option<Start> {
        if !khizana_console::is_alone() || !std::io::stdin().is_terminal() {
            return None;
        }
        Self::from_arguments(std::env::args_os().skip(1))
    }

    fn from_arguments(mut arguments: impl Iterator<Item = OsString>) -> Option<Start> {
        match (arguments.next(), arguments.next()) {
            (None, _) => Some(Start::Alone),
            // Windows passes the absolute path of what is dropped, unlike the name of a command.
            (Some(path), None) if Path::new(&path).is_absolute() => Some(Start::With(path.into())),
            _ => None,
        }
    }

    /// Returns the arguments with which the program runs instead. Asks for the folder if there is none. `None` if the
    /// answer is empty.
    pub fn arguments(self) -> Option<[OsString; 3]> {
        let source = match self {
            Start::With(path) => path,
            Start::Alone => ask(&mut std::io::stdin().lock(), &mut std::io::stderr().lock())?,
        };
        Some(["khizana".into(), "preview".into(), source.into()])
    }
}

/// Asks for the folder of a preview.
fn ask(input: &mut impl BufRead, output: &mut impl Write) -> Option<PathBuf> {
    let lines = [
        message!("Khizana shows a folder with scans as a site. Nothing is written to the folder."),
        message!("The other commands are used in a terminal; `khizana --help` lists them."),
        message!("Drag the folder into this window, then press Enter:"),
    ];
    let [purpose, others, request] = lines.map(|line| line.in_language(language::current()));
    let _ = write!(output, "{purpose}\n{others}\n\n{request} ");
    let _ = output.flush();
    let mut line = String::new();
    input.read_line(&mut line).ok()?;
    // A path with spaces is dropped in quotation marks.
    let path = line.trim().trim_matches('"');
    (!path.is_empty()).then(|| PathBuf::from(path))
}

/// Waits for the Enter key before the window closes.
pub fn wait() {
    let request = message!("Press Enter to close this window.").in_language(language::current());
    eprint!("\n{request} ");
    let _ = std::io::stdin().lock().read_line(&mut String::new());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start(arguments: &[&str]) -> Option<Start> {
        Start::from_arguments(arguments.iter().map(OsString::from))
    }

    #[test]
    fn only_no_argument_or_an_absolute_path_is_a_start_from_the_desktop() {
        let path = if cfg!(windows) { r"C:\scans" } else { "/scans" };
        assert_eq!(start(&[]), Some(Start::Alone));
        assert_eq!(start(&[path]), Some(Start::With(path.into())));
        assert_eq!(start(&["doctor"]), None);
        assert_eq!(start(&["--help"]), None);
        assert_eq!(start(&["preview", path]), None);
    }

    #[test]
    fn a_dropped_path_has_no_quotation_marks_or_line_end() {
        let answer = |line: &str| ask(&mut line.as_bytes(), &mut Vec::new());
        assert_eq!(answer("\"C:\\my scans\"\r\n"), Some("C:\\my scans".into()));
        assert_eq!(answer("C:\\scans\r\n"), Some("C:\\scans".into()));
        assert_eq!(answer("\r\n"), None);
        assert_eq!(answer(""), None);
    }
}
