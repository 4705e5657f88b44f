//! Page counts and rendering notes, determined from the structure of a file without decoding it.

use std::path::Path;

use super::tiff_pages;
use super::{jp2, open};
use crate::recognise::Format;
use crate::{Limits, MAX_PAGES, MediaError, RenderingNote};

/// Returns the number of pages, if there are several, and the limitations in how they are rendered.
pub(super) fn pages_and_notes(
    path: &Path,
    format: Format,
    limits: &Limits,
) -> Result<(Option<u32>, Vec<RenderingNote>), MediaError> {
    match format {
        Format::Tiff => tiff(path),
        Format::Jp2 => {
            let size = jp2::downscaled_size(path, limits)?;
            let note = |(width, height)| RenderingNote::Downscaled { width, height };
            Ok((None, size.map(note).into_iter().collect()))
        }
        _ => Ok((None, Vec::new())),
    }
}

fn tiff(path: &Path) -> Result<(Option<u32>, Vec<RenderingNote>), MediaError> {
    let directories = tiff_pages::read_pages(&mut open(path)?, MAX_PAGES + 1);
    let directories = directories.map_err(|e| MediaError::unreadable(path, e))?;
    let count = u32::try_from(directories.pages.len()).unwrap_or(u32::MAX);
    let pages = count.min(MAX_PAGES);
    let mut notes = Vec::new();
    if count > MAX_PAGES {
        notes.push(RenderingNote::PagesOmitted { shown: pages });
    }
    if directories.is_broken {
        notes.push(RenderingNote::PageChainBroken { pages });
    }
    Ok(((pages > 1).then_some(pages), notes))
}
