//! The error type of this crate.

use std::path::{Path, PathBuf};

use khizana_messages::{Message, message};

use crate::NotRendered;

/// An error about a media file.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.text())]
#[non_exhaustive]
pub enum MediaError {
    /// The file could not be opened or read.
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Error returned by the operating system.
        source: std::io::Error,
    },
    /// The image data ends too early.
    Truncated {
        /// Path of the file.
        path: PathBuf,
        /// Description of the missing data.
        reason: Message,
    },
    /// The image is damaged, or its content does not match its extension.
    Undecodable {
        /// Path of the file.
        path: PathBuf,
        /// Error message from the codec, or another description of the defect.
        reason: Message,
    },
    /// The image exceeds the limits for pixels or memory.
    TooLarge {
        /// Path of the file.
        path: PathBuf,
        /// Declared width in pixels.
        width: u32,
        /// Declared height in pixels.
        height: u32,
        /// Description of the limit that was exceeded.
        reason: Message,
    },
    /// A progressive JPEG, or one with several scans, exceeds the limits for images that are decoded
    /// in one piece.
    ProgressiveTooLarge {
        /// Path of the file.
        path: PathBuf,
        /// Declared width in pixels.
        width: u32,
        /// Declared height in pixels.
        height: u32,
        /// Description of the limit that was exceeded.
        reason: Message,
    },
    /// A temporary file, which contains rows of a large image, could not be written or read.
    TemporaryFile {
        /// The folder of the temporary file.
        folder: PathBuf,
        /// Error returned by the operating system.
        source: std::io::Error,
    },
    /// The declared dimensions are implausible for a file of this length.
    Suspicious {
        /// Path of the file.
        path: PathBuf,
        /// Declared width in pixels.
        width: u32,
        /// Declared height in pixels.
        height: u32,
        /// Length of the file in bytes.
        bytes: u64,
    },
    /// The codec panicked.
    CodecPanic {
        /// Path of the file.
        path: PathBuf,
        /// Message of the panic.
        reason: String,
    },
    /// The format, or the variant of the format, is not supported.
    Unsupported {
        /// Path of the file.
        path: PathBuf,
        /// Description of the unsupported feature.
        reason: Message,
    },
    /// The image is stored but not rendered.
    NotRendered {
        /// Path of the file.
        path: PathBuf,
        /// Reason why the image is not rendered.
        reason: NotRendered,
    },
    /// Rendering exceeded the time limit.
    TooSlow {
        /// Path of the file.
        path: PathBuf,
        /// The time limit in seconds.
        seconds: u64,
    },
    /// A rendition or a tile could not be created.
    Rendition {
        /// Width of the rendition or tile in pixels.
        width: u32,
        /// Reason why it could not be created.
        reason: Message,
    },
}

impl MediaError {
    /// Returns the stable problem code, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file-unreadable",
            Self::Truncated { .. } => "image-truncated",
            Self::Undecodable { .. } => "image-undecodable",
            Self::TooLarge { .. } => "image-too-large",
            Self::ProgressiveTooLarge { .. } => "image-progressive-too-large",
            Self::TemporaryFile { .. } => "image-temporary-file",
            Self::Suspicious { .. } => "image-suspicious",
            Self::CodecPanic { .. } => "image-codec-panic",
            Self::Unsupported { .. } => "image-unsupported",
            Self::NotRendered { .. } => NotRendered::CODE,
            Self::TooSlow { .. } => "image-too-slow",
            Self::Rendition { .. } => "rendition-failed",
        }
    }

    /// Returns the path of the file, if the error concerns a file.
    fn path(&self) -> Option<&Path> {
        match self {
            Self::Unreadable { path, .. }
            | Self::Truncated { path, .. }
            | Self::Undecodable { path, .. }
            | Self::TooLarge { path, .. }
            | Self::ProgressiveTooLarge { path, .. }
            | Self::Suspicious { path, .. }
            | Self::CodecPanic { path, .. }
            | Self::NotRendered { path, .. }
            | Self::TooSlow { path, .. }
            | Self::Unsupported { path, .. } => Some(path),
            Self::Rendition { .. } | Self::TemporaryFile { .. } => None,
        }
    }

    /// Returns the error as a sentence, without the path of the file.
    #[must_use]
    pub fn sentence(&self) -> Message {
        // Some codecs end their messages with a full stop.
        let plain = |reason: &Message| match reason.trim_end_matches('.') {
            plain if plain.len() < reason.len() => Message::from(plain.to_owned()),
            _ => reason.clone(),
        };
        match self {
            Self::Unreadable { source, .. } => {
                message!("The file cannot be read: {error}.", error = source)
            }
            Self::Truncated { reason, .. } => {
                message!("The image is truncated: {reason}.", reason = plain(reason))
            }
            Self::Undecodable { reason, .. } => message!(
                "The image cannot be decoded: {reason}.",
                reason = plain(reason)
            ),
            Self::TooLarge {
                width,
                height,
                reason,
                ..
            } => message!(
                "The image is too large ({width} × {height} pixels): {reason}.",
                width,
                height,
                reason = plain(reason)
            ),
            Self::ProgressiveTooLarge {
                width,
                height,
                reason,
                ..
            } => message!(
                "The JPEG is progressive or has several scans, and is too large for that ({width} × {height} pixels): {reason}.",
                width,
                height,
                reason = plain(reason)
            ),
            Self::TemporaryFile { folder, source } => message!(
                "A temporary file in {folder} cannot be used: {error}.",
                folder = folder.display(),
                error = source
            ),
            Self::Suspicious {
                width,
                height,
                bytes,
                ..
            } => message!(
                "The image declares {width} × {height} pixels, which is implausible for a file of {bytes} bytes.",
                width,
                height,
                bytes
            ),
            Self::CodecPanic { reason, .. } => {
                message!(
                    "The decoder failed: {reason}.",
                    reason = reason.trim_end_matches('.')
                )
            }
            Self::Unsupported { reason, .. } => message!(
                "Unsupported image format: {reason}.",
                reason = plain(reason)
            ),
            Self::NotRendered { reason, .. } => message!(
                "The image is not rendered: {reason}.",
                reason = reason.reason()
            ),
            Self::TooSlow { seconds, .. } => message!(
                "Rendering the image took more than {seconds} seconds.",
                seconds
            ),
            Self::Rendition { width, reason } => message!(
                "Cannot create a derivative {width} pixels wide: {reason}.",
                width,
                reason = plain(reason)
            ),
        }
    }

    /// Returns the path of the file, and the error without a full stop.
    fn text(&self) -> String {
        let sentence = self.sentence();
        let text = sentence.strip_suffix('.').unwrap_or(&sentence);
        let mut rest = text.chars();
        let first = rest.next().into_iter().flat_map(char::to_lowercase);
        let path = self.path().map(|path| format!("{}: ", path.display()));
        let text = first.chain(rest.clone());
        path.unwrap_or_default().chars().chain(text).collect()
    }

    /// Returns the recommended action.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "Check that the file exists and that you have permission to read it."
            }
            Self::Truncated { .. } => {
                "Copy the file again from its source; this copy is incomplete."
            }
            Self::Undecodable { .. } => {
                "Open the file in an image viewer; if it does not open there either, replace it with an intact copy."
            }
            Self::TooLarge { .. } => {
                "Split the image, supply a smaller version of it, or save it as an upright TIFF in tiles, which may have up to 4 gigapixels."
            }
            Self::ProgressiveTooLarge { .. } => {
                "Convert it without loss to a JPEG with a single scan: `jpegtran -copy all -outfile NEW.jpg OLD.jpg`."
            }
            Self::TemporaryFile { .. } => {
                "Free disk space there, or set the environment variable TMPDIR to a folder with more space."
            }
            Self::Suspicious { .. } => {
                "Check the content of the file; if it is correct, save it again as PNG or TIFF."
            }
            Self::CodecPanic { .. } | Self::Unsupported { .. } => {
                "Save the image as JPEG, PNG or plain TIFF."
            }
            Self::NotRendered { reason, .. } => reason.hint(),
            Self::TooSlow { .. } => {
                "Simplify the drawing, in particular its filters and patterns, or export it as PNG."
            }
            Self::Rendition { .. } => "Set smaller `widths` in khizana.toml.",
        }
    }

    pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> Self {
        Self::Unreadable {
            path: path.into(),
            source,
        }
    }

    pub(crate) fn temporary_file(source: std::io::Error) -> Self {
        Self::TemporaryFile {
            folder: std::env::temp_dir(),
            source,
        }
    }

    pub(crate) fn truncated(path: &Path, reason: impl Into<Message>) -> Self {
        Self::Truncated {
            path: path.into(),
            reason: reason.into(),
        }
    }

    pub(crate) fn undecodable(path: &Path, reason: impl Into<Message>) -> Self {
        Self::Undecodable {
            path: path.into(),
            reason: reason.into(),
        }
    }

    pub(crate) fn unsupported(path: &Path, reason: impl Into<Message>) -> Self {
        Self::Unsupported {
            path: path.into(),
            reason: reason.into(),
        }
    }

    /// Returns the error for a file that could not be decoded: [`MediaError::Truncated`] if an
    /// unexpected end of file is among the causes of `error`, and otherwise
    /// [`MediaError::Undecodable`].
    pub(crate) fn while_decoding(path: &Path, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(e) = cause {
            if e.downcast_ref::<std::io::Error>()
                .is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof)
            {
                // The usual message, which has a translation.
                let usual = message!("unexpected end of file");
                return match error.to_string() {
                    text if usual == *text => Self::truncated(path, usual),
                    text => Self::truncated(path, text),
                };
            }
            cause = e.source();
        }
        Self::undecodable(path, error.to_string())
    }
}
