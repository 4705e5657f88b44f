//! What can go wrong while the archive is drawn.

use std::path::PathBuf;

/// An error of the drawing program: what failed, on which file, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// A font file is not where it was looked for.
    #[error(
        "font-missing: {path} is not there; run `npm ci` at the root of the project, \
         or name the folder of the fonts with --fonts"
    )]
    FontMissing {
        /// The file looked for.
        path: PathBuf,
    },
    /// A font file is there and is not a WOFF 1.0 font this program understands.
    #[error("font-damaged: {path}: {what}; run `npm ci` again to replace it")]
    FontDamaged {
        /// The damaged file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// A file could not be written.
    #[error("file-unwritable: {path}: {source}; check that the folder exists and has room")]
    Unwritable {
        /// The file that was being written.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// An encoder refused a picture.
    #[error(
        "picture-unencodable: {path}: {what}; this is a fault of the program, please report it"
    )]
    Unencodable {
        /// The file that was being written.
        path: PathBuf,
        /// What the encoder said.
        what: String,
    },
    /// A text needs a character that no font holds.
    #[error(
        "glyph-missing: no font holds {character:?} of “{text}”; use another character in the text"
    )]
    GlyphMissing {
        /// The character.
        character: char,
        /// The whole text.
        text: String,
    },
    /// The memory for a picture could not be had.
    #[error("picture-too-large: {width} × {height} pixels; free some memory and run again")]
    TooLarge {
        /// Width asked for, in pixels.
        width: u32,
        /// Height asked for, in pixels.
        height: u32,
    },
}

impl DemoError {
    /// A stable name of the error, for programs.
    #[cfg(test)]
    pub fn code(&self) -> String {
        self.to_string()
            .split(':')
            .next()
            .unwrap_or_default()
            .to_owned()
    }
}
