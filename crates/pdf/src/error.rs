//! The error type for documents and pages.

use std::io;

use crate::timeout::TIMEOUT;

/// An error that prevents a PDF, or one of its pages, from being displayed. The file is stored
/// regardless.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The file cannot be read.
    #[error("the file cannot be read: {0}")]
    Unreadable(io::Error),
    /// A password is required to open the document.
    #[error("the PDF is protected with a password")]
    PasswordRequired,
    /// The document uses an unsupported encryption method.
    #[error("the PDF uses an unsupported encryption method")]
    UnsupportedEncryption,
    /// The file is not a valid PDF, or it has no pages.
    #[error("the file is not a valid PDF, or it has no pages")]
    Damaged,
    /// The file exceeds the size limit.
    #[error("the PDF is larger than 1 GiB")]
    TooLarge,
    /// The page number is out of range, or the width or height of the page is zero.
    #[error("the page does not exist, or its area is empty")]
    NoSuchPage,
    /// An image on the page has more pixels than the limits allow.
    #[error("an image on the page is too large ({width} × {height} pixels)")]
    ImageTooLarge {
        /// Declared width in pixels.
        width: u32,
        /// Declared height in pixels.
        height: u32,
    },
    /// The decompressed content would need more memory than the limits allow.
    #[error("the decompressed content would need too much memory")]
    MemoryLimit,
    /// The renderer panicked.
    #[error("the renderer failed ({0})")]
    Panic(String),
    /// Opening the document or rendering the page took longer than the time limit.
    #[error("processing took more than {} seconds", TIMEOUT.as_secs())]
    Timeout,
}

impl PdfError {
    /// Returns the stable code of the error for a document that cannot be displayed.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            PdfError::Unreadable(_) => "file-unreadable",
            PdfError::PasswordRequired | PdfError::UnsupportedEncryption => "pdf-locked",
            PdfError::TooLarge | PdfError::MemoryLimit => "pdf-too-large",
            PdfError::Damaged
            | PdfError::NoSuchPage
            | PdfError::ImageTooLarge { .. }
            | PdfError::Panic(_)
            | PdfError::Timeout => "pdf-damaged",
        }
    }

    /// Returns a hint on how to resolve the error.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            PdfError::Unreadable(_) => {
                "Check that the file exists and that you have permission to read it."
            }
            PdfError::PasswordRequired | PdfError::UnsupportedEncryption => {
                "To display the pages, supply an unencrypted copy of the PDF."
            }
            PdfError::TooLarge => "To display the pages, split the PDF into several files.",
            PdfError::ImageTooLarge { .. } => {
                "To display the page, supply its image as a TIFF or JPEG file."
            }
            PdfError::Damaged
            | PdfError::NoSuchPage
            | PdfError::MemoryLimit
            | PdfError::Panic(_)
            | PdfError::Timeout => {
                "Open the PDF in another program. If it opens there, save it again, preferably as PDF/A. Otherwise, copy it again from its source."
            }
        }
    }
}
