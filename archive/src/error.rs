//! Error types for the generator.

use std::path::PathBuf;

/// An error that stops the generator. Messages start with a stable code and end with a hint.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A font file does not exist.
    #[error(
        "font-missing: {path} does not exist. Run `npm ci` in the root of the project, \
         or pass the folder of the fonts with --fonts."
    )]
    FontMissing {
        /// Path of the file.
        path: PathBuf,
    },
    /// A font file is not a supported WOFF 1.0 file.
    #[error(
        "font-damaged: cannot read the font {path}: {reason}. Run `npm ci` again to replace it."
    )]
    FontDamaged {
        /// Path of the file.
        path: PathBuf,
        /// Description of the defect.
        reason: String,
    },
    /// A file cannot be written.
    #[error(
        "file-unwritable: cannot write {path}: {source}. Check that the folder exists, that you have \
         permission to write to it, and that the disk is not full."
    )]
    Unwritable {
        /// Path of the file.
        path: PathBuf,
        /// Error of the operating system.
        source: std::io::Error,
    },
    /// An image or a document cannot be encoded.
    #[error("picture-unencodable: cannot encode {path}: {reason}. This is a bug; report it.")]
    Unencodable {
        /// Path of the file.
        path: PathBuf,
        /// Message of the encoder.
        reason: String,
    },
    /// No font contains a character of a text.
    #[error(
        "glyph-missing: no font contains the character {character:?} in “{text}”. Replace the character."
    )]
    GlyphMissing {
        /// The character.
        character: char,
        /// The text that contains it.
        text: String,
    },
    /// The memory for an image cannot be allocated.
    #[error(
        "picture-too-large: cannot allocate memory for an image of {width} × {height} pixels. Close \
         other programs and try again."
    )]
    TooLarge {
        /// Width in pixels.
        width: u32,
        /// Height in pixels.
        height: u32,
    },
}

impl DemoError {
    /// Returns the stable code of the error.
    #[cfg(test)]
    pub fn code(&self) -> String {
        self.to_string()
            .split(':')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}
