//! What is not shown of an image that is shown.

/// What is not shown of an image that is shown otherwise. It is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Of very many pages the first are shown.
    FirstPages {
        /// How many are shown.
        shown: u32,
    },
    /// Behind a page there should be another, and it cannot be read.
    BrokenOff {
        /// How many pages there are.
        pages: u32,
    },
    /// It is shown smaller than it is, as decoding all of it takes too much memory.
    Reduced {
        /// Width of what is shown, in pixels.
        width: u32,
        /// Height of what is shown, in pixels.
        height: u32,
    },
}

impl Note {
    /// A stable name, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::FirstPages { .. } => "pages-too-many",
            Self::BrokenOff { .. } => "pages-broken-off",
            Self::Reduced { .. } => "image-reduced",
        }
    }

    /// What is not shown, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::FirstPages { shown } => {
                format!(
                    "The file has more than {shown} pages; the first {shown} are shown, all are kept."
                )
            }
            Self::BrokenOff { pages } => format!(
                "What leads from one page to the next is damaged behind page {pages}: what may follow is kept and not shown."
            ),
            Self::Reduced { width, height } => format!(
                "The image is kept as it is, and shown with {width} × {height} pixels: more would take too much memory."
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::FirstPages { .. } => "Where all are to be seen, part the file into several.",
            Self::BrokenOff { .. } => {
                "Count the pages in another program; if some are missing, copy the file again from where it came."
            }
            Self::Reduced { .. } => {
                "Where every pixel is to be seen, hand in a TIFF or JPEG instead of it or beside it."
            }
        }
    }
}
