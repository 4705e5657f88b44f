//! What is not shown of an image that is shown.

/// What is not shown of an image that is shown otherwise. It is kept all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// Of several pages or frames only the first is shown.
    FirstOf {
        /// How many there are.
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
            Self::FirstOf { .. } => "image-first-page",
            Self::Reduced { .. } => "image-reduced",
        }
    }

    /// What is not shown, as a sentence.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::FirstOf { pages } => {
                format!("The file has {pages} pages or frames; the first is shown, all are kept.")
            }
            Self::Reduced { width, height } => format!(
                "The image is kept as it is, and shown with {width} × {height} pixels: more would take too much memory."
            ),
        }
    }

    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::FirstOf { .. } => {
                "Where all are to be seen, hand in each page as a file of its own."
            }
            Self::Reduced { .. } => {
                "Where every pixel is to be seen, hand in a TIFF or JPEG instead of it or beside it."
            }
        }
    }
}
