//! The text of a page and where its lines stand: what programs for recognising and transcribing text
//! write, read into one model.
//!
//! Read are PAGE XML (2013 to 2019), ALTO (2 to 4), hOCR (well-formed, but for tags that HTML never
//! closes), TEI with a facsimile or an embedded transcription, and plain text. A file is of one page.
//! It comes from outside: no DTD and no entity of its own is read, and depth, size and the number of
//! lines have limits.

mod alto;
mod build;
mod error;
mod hocr;
mod language;
mod model;
mod page_xml;
mod place;
mod plain;
mod scan;
mod tei;
mod tree;

pub use error::PageTextError;
pub use model::{Area, Format, Line, Misplaced, PageText, Word};
pub use scan::{Grey, find};
pub use tree::MOST_BYTES;

/// So many bytes of a file tell [`is_xml`] what it is.
pub const HEAD: u64 = 512;

/// Whether a text is one of the formats in XML, or claims to be XML, by its first bytes ([`HEAD`]
/// suffice). Everything else is plain text.
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
        .is_some_and(|word| word.eq_ignore_ascii_case(b"!doctype"))
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

/// Reads the text of a page.
///
/// # Errors
/// [`PageTextError`], where it is XML that is damaged, too much, or none of the formats.
pub fn read(bytes: &[u8]) -> Result<PageText, PageTextError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
        PageTextError::Malformed {
            line: tree::lines_to(before),
            reason: "it is not in UTF-8".to_owned(),
        }
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !is_xml(bytes) {
        return Ok(plain::read(text));
    }
    let root = tree::read(text)?;
    match root.name.as_str() {
        "PcGts" => page_xml::read(&root),
        "alto" => alto::read(&root),
        "html" => hocr::read(&root),
        "TEI" => tei::read(&root),
        _ => Err(PageTextError::Unknown {
            line: root.line,
            root: root.name,
        }),
    }
}
