//! What can be wrong with a PDF, or with a page of it.

use std::io;

use crate::apart::PATIENCE;

/// Why a PDF, or a page of it, is not shown. The file is kept and offered all the same.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// The file cannot be read from the disk.
    #[error("the file cannot be read: {0}")]
    Unreadable(io::Error),
    /// It opens with a password only.
    #[error("the PDF is locked with a password")]
    Password,
    /// It is locked in a way that is not known here.
    #[error("the PDF is locked in a way that cannot be undone here")]
    Cipher,
    /// It is no PDF that can be made out, or none with a page.
    #[error("the PDF is damaged: no page can be found in it")]
    Damaged,
    /// It has too many bytes.
    #[error("the PDF is larger than a gigabyte")]
    TooLarge,
    /// There is no page of this number.
    #[error("there is no such page")]
    NoPage,
    /// An image on the page has more pixels than the limits allow.
    #[error("an image on the page is too large ({width} × {height} pixels)")]
    ImageTooLarge {
        /// Width in pixels, as declared.
        width: u32,
        /// Height in pixels, as declared.
        height: u32,
    },
    /// What is packed in it would take more memory than the limits allow.
    #[error("what is packed in it would take too much memory")]
    Swollen,
    /// The program that reads and draws broke down.
    #[error("the program that draws it broke down: {0}")]
    Panic(String),
    /// It did not come to an end.
    #[error("it took more than {} seconds", PATIENCE.as_secs())]
    TooSlow,
}

impl PdfError {
    /// A stable name of the error, where no page at all is shown.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            PdfError::Unreadable(_) => "file-unreadable",
            PdfError::Password | PdfError::Cipher => "pdf-locked",
            PdfError::TooLarge | PdfError::Swollen => "pdf-too-large",
            PdfError::Damaged
            | PdfError::NoPage
            | PdfError::ImageTooLarge { .. }
            | PdfError::Panic(_)
            | PdfError::TooSlow => "pdf-damaged",
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            PdfError::Unreadable(_) => {
                "Check that the file exists and that you may read it, then try again."
            }
            PdfError::Password | PdfError::Cipher => {
                "Where its pages are to be seen, hand in a copy that opens without a password."
            }
            PdfError::TooLarge => "Where its pages are to be seen, part it into several.",
            PdfError::ImageTooLarge { .. } => {
                "Where the page is to be seen, hand in its image as a TIFF or JPEG."
            }
            PdfError::Damaged
            | PdfError::NoPage
            | PdfError::Swollen
            | PdfError::Panic(_)
            | PdfError::TooSlow => {
                "Open it in another program. If it opens there, save it again, as PDF/A where that can be chosen, and hand that in; otherwise copy it again from where it came."
            }
        }
    }
}
