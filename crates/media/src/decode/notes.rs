//! What is not shown of an image, and how many pages it has: read from its structure, not from its pixels.

use std::path::Path;

use super::tiff_pages;
use super::{jp2, open};
use crate::kind::Format;
use crate::{Limits, MOST_PAGES, MediaError, Note};

/// How many pages there are, where there are several, and what is not shown.
pub(super) fn of(
    path: &Path,
    format: Format,
    limits: &Limits,
) -> Result<(Option<u32>, Vec<Note>), MediaError> {
    match format {
        Format::Tiff => tiff(path),
        Format::Jp2 => {
            let reduced = jp2::reduced(path, limits)?;
            let note = |(width, height)| Note::Reduced { width, height };
            Ok((None, reduced.map(note).into_iter().collect()))
        }
        _ => Ok((None, Vec::new())),
    }
}

fn tiff(path: &Path) -> Result<(Option<u32>, Vec<Note>), MediaError> {
    let found = tiff_pages::pages(&mut open(path)?, MOST_PAGES + 1);
    let found = found.map_err(|e| MediaError::unreadable(path, e))?;
    let count = u32::try_from(found.pages.len()).unwrap_or(u32::MAX);
    let pages = count.min(MOST_PAGES);
    let mut notes = Vec::new();
    if count > MOST_PAGES {
        notes.push(Note::FirstPages { shown: pages });
    }
    if found.is_broken {
        notes.push(Note::BrokenOff { pages });
    }
    Ok(((pages > 1).then_some(pages), notes))
}
