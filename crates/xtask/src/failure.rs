//! What can go wrong here, and what to do about it.

use std::path::{Path, PathBuf};

/// Why a command of xtask stopped.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A program could not be started.
    #[error(
        "`{program}` cannot be started: {source}. Run `cargo xtask doctor` to see what is missing."
    )]
    NotStarted {
        /// Its name.
        program: String,
        /// What the system said.
        source: std::io::Error,
    },
    /// A program ran and failed.
    #[error("`{command}` failed ({status}). Its own messages are above.")]
    Failed {
        /// With its arguments.
        command: String,
        /// `exit status: 1`.
        status: String,
    },
    /// A file.
    #[error("{}: {source}.", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file does not hold what it should.
    #[error("{}: {reason}.", path.display())]
    Malformed {
        /// Which.
        path: PathBuf,
        /// In what way.
        reason: String,
    },
    /// Something that xtask cannot install here.
    #[error("{name} is missing: {remedy}")]
    Missing {
        /// What.
        name: String,
        /// How to get it.
        remedy: String,
    },
    /// xtask was started in a way it cannot work with.
    #[error("{0}")]
    Started(String),
}

impl Failure {
    /// A stable name of the kind of failure.
    pub fn code(&self) -> &'static str {
        match self {
            Failure::NotStarted { .. } => "program-not-started",
            Failure::Failed { .. } => "program-failed",
            Failure::File { .. } => "file-unusable",
            Failure::Malformed { .. } => "file-malformed",
            Failure::Missing { .. } => "need-missing",
            Failure::Started(_) => "started-wrongly",
        }
    }

    /// For `map_err`: a file that could not be used.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Failure {
        let path = path.to_owned();
        move |source| Failure::File { path, source }
    }

    /// A file that does not hold what it should.
    pub fn malformed(path: &Path, reason: impl std::fmt::Display) -> Failure {
        Failure::Malformed {
            path: path.to_owned(),
            reason: reason.to_string(),
        }
    }
}
