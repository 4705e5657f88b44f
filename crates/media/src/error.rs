//! What can be wrong with a media file.

use std::path::{Path, PathBuf};

use crate::NotRendered;

/// What is wrong with a media file, and which file it is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MediaError {
    /// The file could not be opened or read.
    #[error("{}: the file cannot be read: {source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The image ends before all of it has been read.
    #[error("{}: the image is cut short: {reason}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// What was missing.
        reason: String,
    },
    /// The image is damaged, or is not what its name says.
    #[error("{}: the image cannot be decoded: {reason}", path.display())]
    Undecodable {
        /// The file.
        path: PathBuf,
        /// What the codec said.
        reason: String,
    },
    /// The image needs more pixels or more memory than the limits allow.
    #[error("{}: the image is too large ({width} × {height} pixels): {reason}", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// Width in pixels, as declared.
        width: u32,
        /// Height in pixels, as declared.
        height: u32,
        /// The limit that was met.
        reason: String,
    },
    /// The image claims far more pixels than its bytes can plausibly hold.
    #[error(
        "{}: the image claims {width} × {height} pixels in {bytes} bytes, more than a picture can plausibly hold",
        path.display()
    )]
    Suspicious {
        /// The file.
        path: PathBuf,
        /// Width in pixels, as declared.
        width: u32,
        /// Height in pixels, as declared.
        height: u32,
        /// Length of the file in bytes.
        bytes: u64,
    },
    /// The codec failed in a way it should not have.
    #[error("{}: the decoder broke down on this image: {reason}", path.display())]
    CodecPanic {
        /// The file.
        path: PathBuf,
        /// The message of the panic.
        reason: String,
    },
    /// The format, or this form of it, is one that is not decoded here.
    #[error("{}: this kind of image is not supported: {reason}", path.display())]
    Unsupported {
        /// The file.
        path: PathBuf,
        /// What is not supported.
        reason: String,
    },
    /// The image is of a kind of which no picture is made here.
    #[error("{}: no picture is made of it: {}", path.display(), why.reason())]
    NotRendered {
        /// The file.
        path: PathBuf,
        /// Why.
        why: NotRendered,
    },
    /// Drawing the image takes longer than any picture should.
    #[error("{}: drawing the image took more than {seconds} seconds", path.display())]
    TooSlow {
        /// The file.
        path: PathBuf,
        /// How long was waited.
        seconds: u64,
    },
    /// A rendition could not be made from a picture that had been decoded.
    #[error("a rendition {width} pixels wide cannot be made: {reason}")]
    Rendition {
        /// Width of the rendition in pixels.
        width: u32,
        /// Why.
        reason: String,
    },
}

impl MediaError {
    /// A stable name of the error, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file-unreadable",
            Self::Truncated { .. } => "image-truncated",
            Self::Undecodable { .. } => "image-undecodable",
            Self::TooLarge { .. } => "image-too-large",
            Self::Suspicious { .. } => "image-suspicious",
            Self::CodecPanic { .. } => "image-codec-panic",
            Self::Unsupported { .. } => "image-unsupported",
            Self::NotRendered { .. } => NotRendered::CODE,
            Self::TooSlow { .. } => "image-too-slow",
            Self::Rendition { .. } => "rendition-failed",
        }
    }

    /// What is wrong as a sentence, for a report that names the file in its own way.
    #[must_use]
    pub fn sentence(&self) -> String {
        let path = match self {
            Self::Unreadable { path, .. }
            | Self::Truncated { path, .. }
            | Self::Undecodable { path, .. }
            | Self::TooLarge { path, .. }
            | Self::Suspicious { path, .. }
            | Self::CodecPanic { path, .. }
            | Self::NotRendered { path, .. }
            | Self::TooSlow { path, .. }
            | Self::Unsupported { path, .. } => format!("{}: ", path.display()),
            Self::Rendition { .. } => String::new(),
        };
        let whole = self.to_string();
        let text = whole.strip_prefix(&path).unwrap_or(&whole);
        // Some codecs end what they say with a full stop, some do not.
        let text = text.trim_end_matches('.');
        let mut rest = text.chars();
        let first: String = rest
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .collect();
        format!("{first}{}.", rest.as_str())
    }

    /// What the person who handed the file in can do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "Check that the file exists and that you may read it, then try again."
            }
            Self::Truncated { .. } => {
                "Copy the file again from where it came from; this copy is incomplete."
            }
            Self::Undecodable { .. } => {
                "Open the file in an image viewer; if it does not open there either, replace it with a good copy."
            }
            Self::TooLarge { .. } => {
                "Split the image into parts, or hand in a smaller version of it."
            }
            Self::Suspicious { .. } => {
                "Make sure the file is what it should be; if it is, save it again as PNG or TIFF."
            }
            Self::CodecPanic { .. } | Self::Unsupported { .. } => {
                "Save the image as JPEG, PNG or plain TIFF and hand that in."
            }
            Self::NotRendered { why, .. } => why.hint(),
            Self::TooSlow { .. } => {
                "Simplify the drawing (its filters and patterns above all), or export it as PNG and hand that in."
            }
            Self::Rendition { .. } => "Choose other widths for the renditions.",
        }
    }

    pub(crate) fn unreadable(path: &Path, source: std::io::Error) -> Self {
        Self::Unreadable {
            path: path.into(),
            source,
        }
    }

    pub(crate) fn truncated(path: &Path, reason: impl ToString) -> Self {
        Self::Truncated {
            path: path.into(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn undecodable(path: &Path, reason: impl ToString) -> Self {
        Self::Undecodable {
            path: path.into(),
            reason: reason.to_string(),
        }
    }

    pub(crate) fn unsupported(path: &Path, reason: impl ToString) -> Self {
        Self::Unsupported {
            path: path.into(),
            reason: reason.to_string(),
        }
    }

    /// An error of reading while decoding: the end of the file met too early
    /// is a truncated image, anything else the codec's opinion of the data.
    pub(crate) fn while_decoding(path: &Path, error: &(dyn std::error::Error + 'static)) -> Self {
        let mut cause = Some(error);
        while let Some(e) = cause {
            if e.downcast_ref::<std::io::Error>()
                .is_some_and(|io| io.kind() == std::io::ErrorKind::UnexpectedEof)
            {
                return Self::truncated(path, error);
            }
            cause = e.source();
        }
        Self::undecodable(path, error)
    }
}
