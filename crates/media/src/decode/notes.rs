//! What is not shown of an image: read from its structure, not from its pixels.

use std::path::Path;

use tiff::decoder::Decoder;

use super::{jp2, open};
use crate::kind::Format;
use crate::{Limits, MediaError, Note};

/// Pages beyond this are not counted.
const MOST: u32 = 10_000;

pub(super) fn of(path: &Path, format: Format, limits: &Limits) -> Result<Vec<Note>, MediaError> {
    let pages = match format {
        Format::Tiff => tiff_pages(path)?,
        Format::Jp2 => {
            let reduced = jp2::reduced(path, limits)?;
            let note = |(width, height)| Note::Reduced { width, height };
            return Ok(reduced.map(note).into_iter().collect());
        }
        _ => 1,
    };
    Ok(if pages > 1 {
        vec![Note::FirstOf { pages }]
    } else {
        Vec::new()
    })
}

/// The directories of a TIFF that are pages. Thumbnails and masks are not.
fn tiff_pages(path: &Path) -> Result<u32, MediaError> {
    let failed = |e| MediaError::undecodable(path, e);
    let mut decoder = Decoder::new(open(path)?).map_err(failed)?;
    let mut pages = 1;
    while pages < MOST && decoder.more_images() {
        if decoder.next_image().is_err() {
            break;
        }
        let kind = decoder
            .find_tag_unsigned::<u32>(tiff::tags::Tag::NewSubfileType)
            .ok()
            .flatten()
            .unwrap_or(0);
        // 1: a smaller version of another image; 4: a mask.
        if kind & 5 == 0 {
            pages += 1;
        }
    }
    Ok(pages)
}
