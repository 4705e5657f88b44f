//! Error and warning types for recordings.

use std::path::{Path, PathBuf};

use khizana_messages::{Message, message};

/// An error that prevents a file from being accepted as a recording.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", self.path().display(), self.message())]
#[non_exhaustive]
pub enum RecordingError {
    /// The file could not be opened or read.
    Unreadable {
        /// Path of the file.
        path: PathBuf,
        /// Error returned by the operating system.
        source: std::io::Error,
    },
    /// The headers of the container are damaged or missing, so that no program can open the file.
    Undecodable {
        /// Path of the file.
        path: PathBuf,
        /// Error message from the demuxer.
        reason: String,
    },
}

impl RecordingError {
    /// Returns the stable code of the error.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file-unreadable",
            Self::Undecodable { .. } => "recording-undecodable",
        }
    }

    fn path(&self) -> &Path {
        match self {
            Self::Unreadable { path, .. } | Self::Undecodable { path, .. } => path,
        }
    }

    /// Returns the error as a sentence, without the path of the file.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Unreadable { source, .. } => {
                message!("The file cannot be read: {error}.", error = source)
            }
            Self::Undecodable { reason, .. } => {
                message!("The recording cannot be opened: {reason}.", reason)
            }
        }
    }

    /// Returns a hint on how to resolve the error.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => {
                "Check that the file exists and that you have permission to read it."
            }
            Self::Undecodable { .. } => {
                "Try to play the file in another program. If it does not play there either, copy it again from its source."
            }
        }
    }

    pub(crate) fn undecodable(path: &Path, reason: impl ToString) -> Self {
        Self::Undecodable {
            path: path.into(),
            reason: reason.to_string(),
        }
    }
}

/// A defect in a recording that does not prevent the file from being stored.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RecordingWarning {
    /// The recording is shorter than its header declares.
    Truncated {
        /// Total duration of the samples in the file, in milliseconds.
        actual_ms: u64,
        /// Duration declared by the header, in milliseconds.
        declared_ms: u64,
    },
    /// Some packets cannot be decoded. Players skip them or output silence.
    Damaged {
        /// Number of packets that cannot be decoded.
        packets: u64,
    },
    /// The container is not supported.
    Unsupported {
        /// Explanation of why it is not supported, without a full stop.
        reason: Message,
    },
    /// The decoder panicked.
    CodecPanic {
        /// Message of the panic.
        reason: String,
    },
    /// The recording exceeds [`crate::Limits::max_frames`], so no waveform is computed.
    TooLong {
        /// The limit, in samples per channel.
        frames: u64,
    },
}

impl RecordingWarning {
    /// Returns the stable code of the warning.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Truncated { .. } => "recording-truncated",
            Self::Damaged { .. } => "recording-damaged",
            Self::Unsupported { .. } => "recording-unsupported",
            Self::CodecPanic { .. } => "recording-codec-panic",
            Self::TooLong { .. } => "recording-too-long",
        }
    }

    /// Returns the warning in full sentences, without the path of the file.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::Truncated {
                actual_ms,
                declared_ms,
            } => message!(
                "The recording is truncated: its header declares {declared}, but the file contains {actual}. The file is stored unchanged.",
                declared = seconds(*declared_ms),
                actual = seconds(*actual_ms)
            ),
            Self::Damaged { packets } => message!(
                "The recording is damaged: {packets} of its packets cannot be decoded. The file is stored unchanged.",
                packets
            ),
            Self::Unsupported { reason } => message!(
                "The duration of the recording is unknown: {reason}. The file is stored and offered for download.",
                reason
            ),
            Self::CodecPanic { reason } => {
                message!(
                    "The decoder failed on the recording: {reason}. The file is stored.",
                    reason
                )
            }
            Self::TooLong { frames } => message!(
                "The recording has more than {frames} samples per channel, so it has no waveform. The file is stored.",
                frames
            ),
        }
    }

    /// Returns a hint on how to resolve the defect.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Truncated { .. } | Self::Damaged { .. } => {
                "If an intact copy exists, replace the file with it. Otherwise, no action is required."
            }
            Self::Unsupported { .. } | Self::CodecPanic { .. } => {
                "Supply a copy as MP3, FLAC, WAV, MP4 or WebM, which all browsers can play, in addition to the file or in its place."
            }
            Self::TooLong { .. } => {
                "If the recording needs a waveform, split it into shorter files. Otherwise, no action is required."
            }
        }
    }
}

fn seconds(milliseconds: u64) -> String {
    format!("{}.{:03} s", milliseconds / 1000, milliseconds % 1000)
}
