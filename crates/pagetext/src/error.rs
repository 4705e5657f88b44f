//! The error type of the parsers.

use khizana_model::{Message, message};

/// An error that prevents the text of a page from being parsed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum PageTextError {
    /// The file is not well-formed XML.
    Malformed {
        /// Line number, starting at 1.
        line: u64,
        /// Error message from the XML parser.
        reason: String,
    },
    /// The DOCTYPE has an internal subset, which is rejected because entities can expand without
    /// limit.
    Dtd {
        /// Line number, starting at 1.
        line: u64,
    },
    /// The file uses an entity that is not predefined.
    UnknownEntity {
        /// Line number, starting at 1.
        line: u64,
        /// Name of the entity.
        name: String,
    },
    /// Elements are nested too deeply.
    TooDeep {
        /// Line number, starting at 1.
        line: u64,
        /// Maximum depth.
        max: usize,
    },
    /// The file exceeds a limit.
    TooLarge {
        /// Line number, starting at 1.
        line: u64,
        /// The counted units, in the plural, such as `lines`.
        unit: Message,
        /// Maximum number of these units.
        max: usize,
    },
    /// The file is XML in an unknown format.
    UnknownFormat {
        /// Line number, starting at 1.
        line: u64,
        /// Name of the root element.
        root: String,
    },
    /// The file is HTML but not hOCR.
    NotHocr {
        /// Line number, starting at 1.
        line: u64,
    },
    /// The file contains several pages.
    MultiplePages {
        /// Line number of the second page, starting at 1.
        line: u64,
        /// Number of pages.
        count: usize,
    },
}

impl PageTextError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            PageTextError::Malformed { reason, .. } => {
                message!("the file is not well-formed XML: {reason}", reason)
            }
            PageTextError::Dtd { .. } => {
                message!("the DOCTYPE declares entities or elements, which is not supported")
            }
            PageTextError::UnknownEntity { name, .. } => {
                message!("the entity `&{name};` is unknown", name)
            }
            PageTextError::TooDeep { max, .. } => {
                message!("elements are nested more than {max} levels deep", max)
            }
            PageTextError::TooLarge { unit, max, .. } => {
                message!("the file has more than {max} {unit}", max, unit)
            }
            PageTextError::UnknownFormat { root, .. } => message!(
                "the root element `{root}` does not belong to PAGE XML, ALTO, hOCR or TEI",
                root
            ),
            PageTextError::NotHocr { .. } => {
                message!("the HTML file has no element with the class `ocr_page`")
            }
            PageTextError::MultiplePages { count, .. } => message!(
                "the file has {count} pages, but only one page per file is supported",
                count
            ),
        }
    }

    /// Returns the stable code of the error, which is documented in `docs/src/problems.md`.
    pub fn code(&self) -> &'static str {
        match self {
            PageTextError::Malformed { .. } => "text-xml-malformed",
            PageTextError::Dtd { .. } => "text-xml-dtd",
            PageTextError::UnknownEntity { .. } => "text-xml-entity",
            PageTextError::TooDeep { .. } => "text-xml-too-deep",
            PageTextError::TooLarge { .. } => "text-xml-too-large",
            PageTextError::UnknownFormat { .. } | PageTextError::NotHocr { .. } => {
                "text-xml-unknown"
            }
            PageTextError::MultiplePages { .. } => "text-xml-pages",
        }
    }

    /// Returns the line number in the file, starting at 1.
    pub fn line(&self) -> u64 {
        match self {
            PageTextError::Malformed { line, .. }
            | PageTextError::Dtd { line }
            | PageTextError::UnknownEntity { line, .. }
            | PageTextError::TooDeep { line, .. }
            | PageTextError::TooLarge { line, .. }
            | PageTextError::UnknownFormat { line, .. }
            | PageTextError::NotHocr { line }
            | PageTextError::MultiplePages { line, .. } => *line,
        }
    }

    /// Returns a hint on how to resolve the error.
    pub fn hint(&self) -> &'static str {
        match self {
            PageTextError::Malformed { .. } => {
                "Export the file again from the program that created it, or correct the line."
            }
            PageTextError::Dtd { .. } => "Remove the part in square brackets from the DOCTYPE.",
            PageTextError::UnknownEntity { .. } => "Replace the entity with the character itself.",
            PageTextError::TooDeep { .. } | PageTextError::TooLarge { .. } => {
                "Check that the file contains the text of only one page, then export the file again."
            }
            PageTextError::UnknownFormat { .. } | PageTextError::NotHocr { .. } => {
                "Export the text as PAGE XML, ALTO, hOCR, TEI or plain text."
            }
            PageTextError::MultiplePages { .. } => "Export one file per page.",
        }
    }
}
