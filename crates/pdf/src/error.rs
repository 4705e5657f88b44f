//! The error type for documents and pages.

use std::io;

use khizana_messages::{Message, message};

use crate::timeout::TIMEOUT;

/// An error that prevents a PDF, or one of its pages, from being displayed. The file is stored
/// regardless.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.message())]
pub enum PdfError {
    /// The file cannot be read.
    Unreadable(io::Error),
    /// A password is required to open the document.
    PasswordRequired,
    /// The document uses an unsupported encryption method.
    UnsupportedEncryption,
    /// The file is not a valid PDF, or it has no pages.
    Damaged,
    /// The file exceeds the size limit.
    TooLarge,
    /// The page number is out of range, or the width or height of the page is zero.
    NoSuchPage,
    /// An image on the page has more pixels than the limits allow.
    ImageTooLarge {
        /// Declared width in pixels.
        width: u32,
        /// Declared height in pixels.
        height: u32,
    },
    /// The decompressed content would need more memory than the limits allow.
    MemoryLimit,
    /// The renderer panicked.
    Panic(String),
    /// Opening the document or rendering the page took longer than the time limit.
    Timeout,
}

impl PdfError {
    /// Returns the description of the error, without a full stop.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            PdfError::Unreadable(error) => message!("the file cannot be read: {error}", error),
            PdfError::PasswordRequired => message!("the PDF is protected with a password"),
            PdfError::UnsupportedEncryption => {
                message!("the PDF uses an unsupported encryption method")
            }
            PdfError::Damaged => message!("the file is not a valid PDF, or it has no pages"),
            PdfError::TooLarge => message!("the PDF is larger than 1 GiB"),
            PdfError::NoSuchPage => message!("the page does not exist, or its area is empty"),
            PdfError::ImageTooLarge { width, height } => message!(
                "an image on the page is too large ({width} × {height} pixels)",
                width,
                height
            ),
            PdfError::MemoryLimit => {
                message!("the decompressed content would need too much memory")
            }
            PdfError::Panic(reason) => message!("the renderer failed ({reason})", reason),
            PdfError::Timeout => message!(
                "processing took more than {seconds} seconds",
                seconds = TIMEOUT.as_secs()
            ),
        }
    }

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
