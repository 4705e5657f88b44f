//! The check of a fetched file, and its name in the item.

use std::path::Path;

use khizana_media::PixelGate;
use khizana_model::{Id, MediaKind, RowPosition};
use percent_encoding::percent_decode_str;

use super::error::FetchError;
use super::partial::key;
use super::plan::Wanted;
use crate::facts::measure;
use crate::file_problem::FileContext;

/// The folder of fetched files in an item.
const FOLDER: &str = "remote";

/// Maximum length of the part of a name that is derived from a URL, in bytes.
const MAX_STEM_BYTES: usize = 80;

/// Checks that a file is an image, a PDF or a recording, and can be decoded. Returns its name in the item.
///
/// # Errors
/// Returns [`FetchError::NotMedia`] or [`FetchError::Damaged`].
pub fn check(wanted: &Wanted, path: &Path, gate: &PixelGate) -> Result<String, FetchError> {
    let nowhere = RowPosition {
        table: String::new(),
        row: 0,
        line: 0,
        sheet: None,
    };
    let (position, item) = wanted
        .rows
        .first()
        .map_or((&nowhere, ""), |(position, item)| (position, item.as_str()));
    let context = FileContext {
        file: &wanted.image.url,
        position,
        item,
    };
    let facts = measure(path, gate, context)
        .map_err(|problem| FetchError::Damaged(problem.message.clone()))?;
    let is_media = match facts.kind {
        MediaKind::Image | MediaKind::Sound | MediaKind::Film => true,
        MediaKind::Document => facts.media_type == khizana_pdf::MEDIA_TYPE,
        MediaKind::Text | MediaKind::Model | MediaKind::Other => false,
    };
    if !is_media {
        return Err(FetchError::NotMedia(facts.media_type));
    }
    Ok(name(&wanted.image.url, &facts.media_type))
}

/// Returns the name of the file at a URL: `remote/KEY-STEM.EXTENSION`. The stem is that of the URL, for
/// people; the key makes the name unique.
fn name(url: &str, media_type: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').find(|segment| !segment.is_empty());
    let last = percent_decode_str(last.unwrap_or_default()).decode_utf8_lossy();
    let stem = last.rsplit_once('.').map_or(&*last, |(stem, _)| stem);
    let mut stem = Id::slugify(stem).map_or_else(String::new, |stem| format!("-{stem}"));
    while stem.len() > MAX_STEM_BYTES {
        stem.pop();
    }
    format!("{}{stem}.{}", prefix(url), extension(media_type))
}

/// Returns the beginning of the name of the file at a URL, which does not depend on its content.
pub fn prefix(url: &str) -> String {
    format!("{FOLDER}/{}", key(url))
}

/// Returns the extension of files of a media type. Hosts determine the media type of a published file
/// from it.
fn extension(media_type: &str) -> &str {
    match media_type {
        "image/jpeg" => "jpg",
        "image/tiff" => "tif",
        "image/svg+xml" => "svg",
        "audio/mpeg" => "mp3",
        "audio/mp4" => "m4a",
        "video/quicktime" => "mov",
        "video/x-matroska" => "mkv",
        _ => {
            let (_, subtype) = media_type.split_once('/').unwrap_or_default();
            subtype.strip_prefix("x-").unwrap_or(subtype)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_readable_and_unique() {
        let key = key("https://e.org/a/%D8%B5%20(1).JPG?x=1");
        assert_eq!(
            name("https://e.org/a/%D8%B5%20(1).JPG?x=1", "image/jpeg"),
            format!("remote/{key}-ص-1.jpg")
        );
        assert!(name("https://e.org/image?id=1", "image/png").ends_with("-image.png"));
        assert!(name("https://e.org/..", "image/x-nikon-nef").ends_with(".nikon-nef"));
        let long = format!("https://e.org/{}.jpg", "%D8%B5".repeat(200));
        assert!(name(&long, "image/jpeg").len() < 120);
    }
}
