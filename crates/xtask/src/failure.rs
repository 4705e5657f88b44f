//! Error types for xtask.

use std::path::{Path, PathBuf};

/// An error that stops a command of xtask.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A program could not be started.
    #[error("cannot start `{program}`: {source}. Run `cargo xtask doctor` to list missing tools.")]
    NotStarted {
        /// The name or path of the program.
        program: String,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A program exited with an error.
    #[error("`{command}` failed ({status}). See its messages above.")]
    Failed {
        /// The command line.
        command: String,
        /// The exit status, for example `exit status: 1`.
        status: String,
    },
    /// A file could not be read or written.
    #[error("cannot read or write {}: {source}.", path.display())]
    File {
        /// The path of the file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// A file has unexpected content.
    #[error("{}: {reason}.", path.display())]
    Malformed {
        /// The path of the file.
        path: PathBuf,
        /// A description of the unexpected content.
        reason: String,
    },
    /// A tool is missing, and xtask cannot install it on this machine.
    #[error("{name} is missing. {hint}")]
    Missing {
        /// The name of the tool.
        name: String,
        /// A sentence that explains how to install the tool.
        hint: String,
    },
    /// xtask was started with arguments or in an environment that it cannot use.
    #[error("{0}")]
    Usage(String),
}

impl Failure {
    /// Returns the stable code of the error.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::NotStarted { .. } => "program-not-started",
            Failure::Failed { .. } => "program-failed",
            Failure::File { .. } => "file-unusable",
            Failure::Malformed { .. } => "file-malformed",
            Failure::Missing { .. } => "need-missing",
            Failure::Usage(_) => "started-wrongly",
        }
    }

    /// Returns a function for `map_err` that adds the path of a file to an I/O error.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    }

    /// Creates the error for a file with unexpected content.
    pub fn malformed(path: &Path, reason: impl std::fmt::Display) -> Failure {
        Failure::Malformed {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}
