//! Rendering of PDF pages and extraction of their text.
//!
//! Files are untrusted input. Each file is parsed and rendered on a separate thread, within limits
//! on the number of bytes, the number of pixels and the time. If the renderer panics, only the
//! current page fails. A thread that exceeds the time limit is abandoned.
//!
//! This crate does not support WebAssembly.

mod bidi;
mod content;
mod declared_size;
mod error;
mod limits;
mod lines;
mod render;
mod timeout;

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

use timeout::with_timeout;

pub use error::PdfError;

/// The media type of PDF.
pub const MEDIA_TYPE: &str = "application/pdf";

/// Maximum size of a file in bytes. The whole file is kept in memory while its pages are rendered.
const MAX_BYTES: u64 = 1 << 30;

/// Number of pages that may exceed the time limit before the remaining pages are skipped.
const MAX_TIMEOUTS: u32 = 3;

/// An open PDF.
#[derive(Clone)]
pub struct Document {
    path: PathBuf,
    pdf: Arc<Pdf>,
    page_count: u32,
    /// Number of pages that exceeded the time limit.
    timeouts: Arc<AtomicU32>,
}

/// A rendered page.
pub struct Page {
    /// The page on a white background, after rotation, at 200 dots per inch. A scanned page has the
    /// resolution of its image.
    pub picture: Picture,
    /// The lines of the text of the page, with their positions. Empty if the page has no text, or
    /// has text only as part of an image.
    pub text: PageText,
    /// `true` if a font or an image could not be rendered.
    pub is_incomplete: bool,
}

/// The metadata of a document. White space at the ends of values is removed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Metadata {
    /// The title, unless it is the name of a file or a default title set by the program that wrote
    /// the document.
    pub title: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// The subject, as free text.
    pub subject: Option<String>,
}

impl Document {
    /// Opens a PDF. The extension of the file name is not checked.
    ///
    /// # Errors
    /// Returns a [`PdfError`] if the file cannot be read, is damaged or too large, has no pages, is
    /// encrypted with an unsupported method or requires a password, or if opening it exceeds a
    /// limit.
    pub fn open(path: &Path) -> Result<Document, PdfError> {
        let mut bytes = Vec::new();
        File::open(path)
            .and_then(|file| file.take(MAX_BYTES + 1).read_to_end(&mut bytes))
            .map_err(PdfError::Unreadable)?;
        if bytes.len() as u64 > MAX_BYTES {
            return Err(PdfError::TooLarge);
        }
        let (pdf, page_count) = with_timeout(move || {
            limits::check_file(&bytes)?;
            let pdf = Pdf::new(bytes).map_err(|error| match error {
                LoadPdfError::Decryption(DecryptionError::PasswordProtected) => {
                    PdfError::PasswordRequired
                }
                LoadPdfError::Decryption(_) => PdfError::UnsupportedEncryption,
                LoadPdfError::Invalid => PdfError::Damaged,
            })?;
            // `Pdf::pages` reads the page tree on the first call.
            let page_count = u32::try_from(pdf.pages().len()).unwrap_or(u32::MAX);
            if page_count == 0 {
                return Err(PdfError::Damaged);
            }
            Ok((Arc::new(pdf), page_count))
        })?;
        Ok(Document {
            path: path.to_owned(),
            pdf,
            page_count,
            timeouts: Arc::default(),
        })
    }

    /// Returns the number of pages.
    #[must_use]
    pub fn page_count(&self) -> u32 {
        self.page_count
    }

    /// Returns the number of pages that are displayed, which is at most [`MAX_PAGES`].
    #[must_use]
    pub fn displayed_page_count(&self) -> u32 {
        self.page_count.min(MAX_PAGES)
    }

    /// Renders a page and extracts its text. Page numbers start at 0.
    ///
    /// # Errors
    /// Returns a [`PdfError`] if the page does not exist, cannot be rendered, or exceeds a limit.
    /// Other pages may still be rendered successfully, unless too many pages have exceeded the time
    /// limit.
    pub fn page(&self, number: u32) -> Result<Page, PdfError> {
        if self.timeouts.load(Ordering::Relaxed) >= MAX_TIMEOUTS {
            return Err(PdfError::Timeout);
        }
        let pdf = self.pdf.clone();
        let page = with_timeout(move || render::render_page(&pdf, number as usize));
        if matches!(page, Err(PdfError::Timeout)) {
            self.timeouts.fetch_add(1, Ordering::Relaxed);
        }
        page
    }

    /// Returns the metadata of the document.
    #[must_use]
    pub fn metadata(&self) -> Metadata {
        let metadata = self.pdf.metadata();
        let text = |bytes: &Option<Box<[u8]>>| decode_text_string(bytes.as_deref()?);
        Metadata {
            title: text(&metadata.title).filter(|title| !is_placeholder_title(title)),
            author: text(&metadata.author),
            subject: text(&metadata.subject),
        }
    }
}

impl std::fmt::Debug for Document {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Document")
            .field("path", &self.path)
            .field("page_count", &self.page_count)
            .finish_non_exhaustive()
    }
}

/// Returns `true` if a title is one that programs write by default, when the user has not set a
/// title.
fn is_placeholder_title(title: &str) -> bool {
    let lower = title.to_lowercase();
    let extensions = [
        ".doc", ".docx", ".indd", ".pdf", ".qxd", ".rtf", ".tex", ".tif", ".odt", ".ppt",
    ];
    lower == "untitled"
        || lower.starts_with("microsoft word - ")
        || extensions
            .iter()
            .any(|extension| lower.ends_with(extension))
}

/// Maximum length of a text in the metadata, in characters.
const MAX_METADATA_CHARS: usize = 20_000;

/// Decodes a text string: UTF-16 or UTF-8 with a byte order mark, otherwise PDFDocEncoding.
fn decode_text_string(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => bytes.iter().copied().map(pdf_doc_char).collect(),
    };
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty() && text.chars().count() <= MAX_METADATA_CHARS).then(|| text.to_owned())
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units = bytes.chunks_exact(2).map(|pair| match pair {
        [a, b] => unit([*a, *b]),
        _ => 0,
    });
    let text: String = char::decode_utf16(units)
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect();
    // A language code is enclosed between two escape characters.
    let mut out = String::new();
    let mut is_language_code = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => is_language_code = !is_language_code,
            c if !is_language_code => out.push(c),
            _ => {}
        }
    }
    out
}

/// Decodes a byte of PDFDocEncoding (ISO 32000-1, annex D.2).
fn pdf_doc_char(byte: u8) -> char {
    const SPECIAL: [char; 33] = [
        '•', '†', '‡', '…', '—', '–', 'ƒ', '⁄', '‹', '›', '−', '‰', '„', '“', '”', '‘', '’', '‚',
        '™', 'ﬁ', 'ﬂ', 'Ł', 'Œ', 'Š', 'Ÿ', 'Ž', 'ı', 'ł', 'œ', 'š', 'ž', '\u{fffd}', '€',
    ];
    match byte {
        0x80..=0xa0 => SPECIAL
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        byte => char::from(byte),
    }
}
