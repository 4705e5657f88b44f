//! PDF: its pages drawn one by one, and what is written on them.
//!
//! A file handed in is not to be trusted. So it is read and drawn on a thread of its own, within bounds
//! of bytes, pixels and time; a panic of the program that draws becomes an error about one page, and one
//! that does not come to an end is left behind.
//!
//! This crate is native only.

mod apart;
mod claims;
mod draw;
mod error;
mod lines;
mod order;
mod walk;
mod weigh;

#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf};
use khizana_media::{MAX_PAGES, Picture};
use khizana_pagetext::PageText;

pub use error::PdfError;

/// The media type of PDF.
pub const MEDIA_TYPE: &str = "application/pdf";

/// The longest file that is read, in bytes: all of it is in memory while its pages are drawn.
const MOST_BYTES: u64 = 1 << 30;

/// After so many pages that took too long, the others are not tried.
const MOST_LATE: u32 = 3;

/// A PDF that has been opened.
#[derive(Clone)]
pub struct Document {
    path: PathBuf,
    pdf: Arc<Pdf>,
    pages: u32,
    /// How many pages have taken too long.
    late: Arc<AtomicU32>,
}

/// What a page shows, and what is written on it.
pub struct Page {
    /// The page on white, upright, as large as its print would be at 200 dots an inch; a scan as large as
    /// its image.
    pub picture: Picture,
    /// What is written on it, in lines with their places; empty where nothing is, or only as a picture.
    pub text: PageText,
    /// Whether a part of it could not be drawn.
    pub is_incomplete: bool,
}

/// What a PDF says of itself. Texts are as they were written, trimmed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Info {
    /// Its title, where that is not the name of a file or of the program that wrote it.
    pub title: Option<String>,
    /// Its author.
    pub author: Option<String>,
    /// What it is about, in words.
    pub subject: Option<String>,
}

impl Document {
    /// Opens a PDF, whatever it is called.
    ///
    /// # Errors
    /// Where it cannot be read, is damaged, is too large, has no pages, or is locked with a password.
    pub fn open(path: &Path) -> Result<Document, PdfError> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MOST_BYTES + 1).read_to_end(&mut bytes))
            .map_err(PdfError::Unreadable)?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(PdfError::TooLarge);
        }
        let (pdf, pages) = apart::run(move || {
            weigh::index(&bytes)?;
            let pdf = Pdf::new(bytes).map_err(|error| match error {
                LoadPdfError::Decryption(DecryptionError::PasswordProtected) => PdfError::Password,
                LoadPdfError::Decryption(_) => PdfError::Cipher,
                LoadPdfError::Invalid => PdfError::Damaged,
            })?;
            // Reads where the pages are.
            let pages = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
            if pages == 0 {
                return Err(PdfError::Damaged);
            }
            Ok((Arc::new(pdf), pages))
        })?;
        Ok(Document {
            path: path.to_owned(),
            pdf,
            pages,
            late: Arc::default(),
        })
    }

    /// How many pages it has; no more than [`MAX_PAGES`] of them are shown.
    #[must_use]
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// How many pages of it are shown.
    #[must_use]
    pub fn shown(&self) -> u32 {
        self.pages.min(MAX_PAGES)
    }

    /// Draws a page, from 0, and reads what is written on it.
    ///
    /// # Errors
    /// About this page alone: there is none of this number, it cannot be drawn, or not in time.
    pub fn page(&self, number: u32) -> Result<Page, PdfError> {
        if self.late.load(Ordering::Relaxed) >= MOST_LATE {
            return Err(PdfError::TooSlow);
        }
        let pdf = self.pdf.clone();
        let page = apart::run(move || draw::page(&pdf, number as usize));
        if matches!(page, Err(PdfError::TooSlow)) {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
        page
    }

    /// What it says of itself.
    #[must_use]
    pub fn info(&self) -> Info {
        let found = self.pdf.metadata();
        let text = |bytes: &Option<Box<[u8]>>| written(bytes.as_deref()?);
        Info {
            title: text(&found.title).filter(|title| !is_no_title(title)),
            author: text(&found.author),
            subject: text(&found.subject),
        }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("path", &self.path)
            .field("pages", &self.pages)
            .finish_non_exhaustive()
    }
}

/// What programs write that were given no title.
fn is_no_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let endings = [
        ".doc", ".docx", ".indd", ".pdf", ".qxd", ".rtf", ".tex", ".tif", ".odt", ".ppt",
    ];
    lower == "untitled"
        || lower.starts_with("microsoft word - ")
        || endings.iter().any(|ending| lower.ends_with(ending))
}

/// The longest text of a PDF about itself that is taken, in characters.
const LONGEST: usize = 20_000;

/// A text of a PDF about itself: UTF-16 or UTF-8 where it begins so, otherwise the letters of PDF, which
/// are those of Latin 1 but for a few signs.
fn written(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().copied().map(letter).collect(),
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty() && text.chars().count() <= LONGEST).then(|| text.to_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        _ => 0,
    });
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    // Between two escapes stands a language.
    let mut out = String::new();
    let mut is_language = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => is_language = !is_language,
            c if !is_language => out.push(c),
            _ => {}
        }
    }
    out
}

/// A letter of PDF's own code (ISO 32000-1, annex D.2).
fn letter(byte: u8) -> char {
    const SIGNS: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x80..=0xa0 => SIGNS
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        byte => char::from(byte),
    }
}
