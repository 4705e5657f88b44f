//! Originals and texts that are published as they are.

use std::io::Read;
use std::path::Path;

use khizana_format::FileRef;
use khizana_model::{Collection, Id, LangTag, Media};
use khizana_model::{Problem, printable};
use khizana_store::Store;
use khizana_store::ocfl::OriginalRef;

use crate::PublishError;
use khizana_site::Site;

/// Text beyond this is published, but no longer indexed.
const MOST_INDEXED: u64 = 16 << 20;

fn origin(original: OriginalRef<'_>, language: Option<LangTag>) -> FileRef {
    let last = original.name.rsplit('/').next().unwrap_or(original.name);
    let name = Id::slugify(last).map_or_else(|| "file".to_owned(), |id| id.to_string());
    FileRef {
        sha256: original.sha256,
        name,
        bytes: original.bytes,
        language,
    }
}

/// Reports an original that is not published: its metadata has a position and the collection does not
/// publish positions, or it is an SVG, whose scripts would run with the origin of the site.
pub(crate) fn withheld(item: &Id, media: &Media, collection: &Collection) -> Option<Problem> {
    let (why, hint) = if media.media_type == SVG {
        (
            "an SVG may contain scripts; the picture made of it is published",
            "No action is needed.",
        )
    } else if media.located && !collection.location_from_files {
        (
            "its metadata has the position where it was taken",
            "Provide a copy without the position, or, if it may be public, write `location_from_files = true` into collection.toml.",
        )
    } else {
        return None;
    };
    let problem = Problem::warning(
        "original-withheld",
        format!("The original is stored and not published: {why}."),
        hint,
    );
    Some(
        problem
            .in_file(printable(&media.name))
            .of_item(item.as_str()),
    )
}

/// The media type of SVG.
const SVG: &str = "image/svg+xml";

/// Publishes an original under its hash.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    original: OriginalRef<'_>,
    language: Option<LangTag>,
) -> Result<FileRef, PublishError> {
    let origin = origin(original, language);
    let path = origin.path();
    if !site.keep(&path, origin.bytes) {
        let mut lost = None;
        site.place(&path, origin.bytes, |target: &Path| {
            let _ = std::fs::remove_file(target);
            store
                .copy_original(item, original, target)
                .map_err(|error| {
                    lost = Some(error);
                    std::io::ErrorKind::Other.into()
                })
        })
        .map_err(|error| lost.map_or(PublishError::Site(error), PublishError::Store))?;
    }
    Ok(origin)
}

/// Publishes something that was made of an original, under its hash.
pub(crate) fn made(site: &Site, name: &str, content: &[u8]) -> Result<FileRef, PublishError> {
    let origin = FileRef {
        sha256: khizana_format::hash_of(content),
        name: name.to_owned(),
        bytes: content.len() as u64,
        language: None,
    };
    site.put_named(&origin.path(), content)?;
    Ok(origin)
}

/// What the plain text of a file is called.
pub(crate) fn text_name(name: &str) -> String {
    let stem = name.rsplit('/').next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    Id::slugify(&format!("{stem}.txt")).map_or_else(|| "text.txt".to_owned(), |id| id.to_string())
}

/// A text that was published, for the index.
pub(crate) fn text(site: &Site, origin: &FileRef) -> Result<String, PublishError> {
    let path = site.path(&origin.path());
    let mut bytes = Vec::new();
    std::fs::File::open(&path)
        .and_then(|file| file.take(MOST_INDEXED).read_to_end(&mut bytes))
        .map_err(PublishError::write(&path))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
