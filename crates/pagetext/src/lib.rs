//! Parsers for the text of a page and the positions of its lines in the formats of transcription
//! and OCR programs.
//!
//! Supported formats are PAGE XML (2013 to 2019), ALTO (2 to 4), hOCR (well-formed, except for the
//! void elements of HTML), TEI with a facsimile or an embedded transcription, and plain text. Each
//! file must contain a single page.
//!
//! Files are untrusted input. Internal DTDs and custom entities are rejected, and the size of the
//! file, the nesting depth and the number of lines are limited.
//!
//! For a text without positions, [`align_lines`] computes them from an image of the page.

mod alto;
mod build;
mod error;
mod hocr;
mod language;
mod line_alignment;
mod model;
mod page_xml;
mod plain;
mod position;
mod tei;
mod tree;

pub use error::PageTextError;
pub use line_alignment::{GreyImage, align_lines};
pub use model::{Area, Format, InvalidPositions, Line, PageText, Word, is_proportional};
pub use tree::MAX_BYTES;

/// Number of bytes from the start of a file that [`is_xml`] needs.
pub const SNIFF_LEN: u64 = 512;

/// Returns `true` if a file is XML or hOCR, and `false` if it is plain text. `head` is the start of
/// the file: at least [`SNIFF_LEN`] bytes, or the whole file if it is shorter.
pub fn is_xml(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let Some(tag) = head.trim_ascii_start().strip_prefix(b"<") else {
        return false;
    };
    if tag.starts_with(b"?xml") || tag.starts_with(b"!--") {
        return true;
    }
    if tag
        .get(..8)
        .is_some_and(|keyword| keyword.eq_ignore_ascii_case(b"!doctype"))
    {
        return true;
    }
    let name = tag
        .split(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
        .next()
        .unwrap_or_default();
    let local = name.rsplit(|byte| *byte == b':').next().unwrap_or_default();
    matches!(local, b"PcGts" | b"alto" | b"TEI" | b"html")
}

/// Parses a file that contains the text of a page.
///
/// # Errors
/// Returns a [`PageTextError`] if the file is not UTF-8, or is XML that is malformed, exceeds a
/// limit, contains several pages, or has an unknown format.
pub fn parse(bytes: &[u8]) -> Result<PageText, PageTextError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        PageTextError::Malformed {
            line: tree::line_number_after(before),
            reason: "it is not UTF-8".to_owned(),
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !is_xml(bytes) {
        return Ok(plain::parse(text));
    }
    let root = tree::parse(text)?;
    match root.name.as_str() {
        "PcGts" => page_xml::parse(&root),
        "alto" => alto::parse(&root),
        "html" => hocr::parse(&root),
        "TEI" => tei::parse(&root),
        _ => Err(PageTextError::UnknownFormat {
            line: root.line,
            root: root.name,
        }),
    }
}
