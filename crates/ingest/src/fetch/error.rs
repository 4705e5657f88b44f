//! Reasons why a file was not fetched.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use khizana_model::{Message, message, printable};

/// The reason why a file was not fetched.
#[derive(Debug)]
pub enum FetchError {
    /// The server answered with a status that another attempt does not change, such as 404.
    Status(u16),
    /// The server cannot be reached, does not answer in time, or answered with a temporary error.
    Unreachable {
        /// A description of the error.
        reason: String,
        /// The time after which the server asks to try again.
        retry_after: Option<Duration>,
    },
    /// The redirects of the server do not lead to a file.
    Redirect(String),
    /// The server sent another number of bytes than it announced.
    Length {
        /// Number of bytes that the server announced.
        announced: u64,
        /// Number of bytes that it sent.
        received: u64,
    },
    /// The file is larger than this number of bytes.
    TooLarge(u64),
    /// The content is not that of an image, a PDF or a recording. The string is its media type.
    NotMedia(String),
    /// The content cannot be decoded. The string is a description of the error.
    Damaged(Message),
    /// The URL is not that of a IIIF image service.
    Service(String),
    /// The file was not requested, because several files of its host in a row could not be fetched.
    Skipped(String),
    /// A file in the archive cannot be read or written. The run ends.
    Local {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        error: io::Error,
    },
}

impl FetchError {
    /// Returns a function that adds the path to an error of the operating system.
    pub fn local(path: &Path) -> impl FnOnce(io::Error) -> FetchError {
        let path = path.to_owned();
        move |error| FetchError::Local { path, error }
    }

    pub fn unreachable(reason: impl ToString) -> FetchError {
        FetchError::Unreachable {
            reason: reason.to_string(),
            retry_after: None,
        }
    }

    /// Returns `true` if another attempt may succeed.
    pub fn is_temporary(&self) -> bool {
        matches!(
            self,
            FetchError::Unreachable { .. } | FetchError::Length { .. }
        )
    }

    /// Returns the stable code of the warning about the URL.
    pub fn code(&self) -> &'static str {
        match self {
            FetchError::Status(_) => "fetch-status",
            FetchError::Unreachable { .. } => "fetch-unreachable",
            FetchError::Redirect(_) => "fetch-redirect",
            FetchError::Length { .. } => "fetch-length",
            FetchError::TooLarge(_) => "fetch-too-large",
            FetchError::NotMedia(_) => "fetch-not-media",
            FetchError::Damaged(_) => "fetch-damaged",
            FetchError::Service(_) => "fetch-service",
            FetchError::Skipped(_) => "fetch-skipped",
            FetchError::Local { .. } => "fetch-io",
        }
    }

    /// Returns the message of the warning about a URL, in whole sentences.
    pub fn message(&self, url: &str) -> Message {
        let reason: Message = match self {
            FetchError::Status(status) => {
                message!(
                    "the server answered with status {status}",
                    status = u32::from(*status)
                )
            }
            FetchError::Unreachable { reason, .. } => {
                message!(
                    "the server cannot be reached: {reason}",
                    reason = detail(reason)
                )
            }
            FetchError::Redirect(reason) => {
                message!(
                    "the address leads to no file: {reason}",
                    reason = detail(reason)
                )
            }
            FetchError::Length {
                announced,
                received,
            } => message!(
                "the server announced {announced} bytes and sent {received}",
                announced,
                received
            ),
            FetchError::TooLarge(bytes) => {
                message!("the file is larger than {bytes} bytes", bytes)
            }
            FetchError::NotMedia(media_type) => message!(
                "the server sent {media_type}, which is neither an image nor a PDF nor a recording",
                media_type = printable(media_type)
            ),
            FetchError::Damaged(reason) => message!(
                "the file that the server sent is damaged: {reason}",
                reason = reason.clone()
            ),
            FetchError::Service(reason) => message!(
                "it is not a IIIF image service: {reason}",
                reason = detail(reason)
            ),
            FetchError::Skipped(host) => message!(
                "it was not requested, because several files of {host} in a row could not be fetched",
                host = printable(host)
            ),
            FetchError::Local { path, error } => message!(
                "{path}: {error}",
                path = path.display().to_string(),
                error = error.to_string()
            ),
        };
        message!(
            "`{url}` was not fetched: {reason}. The item has a link to it.",
            url = printable(url),
            reason
        )
    }

    /// Returns a hint for fixing the error, in whole sentences.
    pub fn hint(&self) -> &'static str {
        match self {
            FetchError::Status(_) => {
                "Open the URL in a browser. If the file is no longer there or needs a password, correct the URL, or add the file to the source."
            }
            FetchError::Unreachable { .. } | FetchError::Skipped(_) => {
                "Check the host and the network, then run the command with --fetch again. It continues where it stopped."
            }
            FetchError::Redirect(_) => {
                "Open the URL in a browser, and write the URL of the image itself in the table."
            }
            FetchError::Length { .. } => {
                "Run the command with --fetch again. If this remains, report it to the host, or add the file to the source."
            }
            FetchError::TooLarge(_) => "Download the file, and add it to the source.",
            FetchError::NotMedia(_) => {
                "The URL is probably that of a page. Write the URL of the image itself in the table."
            }
            FetchError::Damaged(_) => {
                "Open the URL in a browser. If the image is incomplete there too, report it to the host, or add another copy to the source."
            }
            FetchError::Service(_) => {
                "Write the URL of the service, which ends with /info.json, or that of an image in the table."
            }
            FetchError::Local { .. } => "Check the disk and the permissions.",
        }
    }
}

/// Returns a description by a library or a server without its final full stop.
fn detail(reason: &str) -> String {
    printable(reason.trim_end_matches('.'))
}
