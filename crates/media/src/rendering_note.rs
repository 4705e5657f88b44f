//! Limitations in how an image is rendered.

use khizana_messages::{Message, message};

/// A limitation in how an image is rendered. The stored file is not affected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenderingNote {
    /// The file has more than [`crate::MAX_PAGES`] pages, of which only the first ones are
    /// rendered.
    PagesOmitted {
        /// Number of pages that are rendered.
        shown: u32,
    },
    /// The chain of TIFF directories is broken: the directory after the last page is unreadable.
    PageChainBroken {
        /// Number of readable pages.
        pages: u32,
    },
    /// The image is decoded at a reduced resolution, because the full resolution needs too much
    /// memory.
    Downscaled {
        /// Width of the decoded image in pixels.
        width: u32,
        /// Height of the decoded image in pixels.
        height: u32,
    },
}

impl RenderingNote {
    /// Returns the stable problem code, in kebab-case.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PagesOmitted { .. } => "pages-too-many",
            Self::PageChainBroken { .. } => "pages-broken-off",
            Self::Downscaled { .. } => "image-reduced",
        }
    }

    /// Returns the message as a sentence.
    #[must_use]
    pub fn sentence(&self) -> Message {
        match self {
            Self::PagesOmitted { shown } => message!(
                "The file has more than {shown} pages; only the first {shown} are shown. The file is stored unchanged.",
                shown
            ),
            Self::PageChainBroken { pages } => message!(
                "The link from page {pages} to the next page is damaged. Later pages are stored but not shown.",
                pages
            ),
            Self::Downscaled { width, height } => message!(
                "The image is shown at {width} × {height} pixels, because the full resolution would need too much memory. The file is stored unchanged.",
                width,
                height
            ),
        }
    }

    /// Returns the recommended action.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::PagesOmitted { .. } => "To show all pages, split the file.",
            Self::PageChainBroken { .. } => {
                "Count the pages in another program. If some are missing, copy the file again from its source."
            }
            Self::Downscaled { .. } => {
                "To show the full resolution, supply a TIFF or JPEG file in addition to this one or in its place."
            }
        }
    }
}
