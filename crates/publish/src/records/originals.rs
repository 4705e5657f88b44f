//! Originals and other files that are published under their hashes.

use std::io::Read;
use std::path::Path;

use khizana_format::{FileRef, INERT_SUFFIX};
use khizana_model::{Collection, Id, LangTag, Media, message};
use khizana_model::{Problem, printable};
use khizana_store::Store;
use khizana_store::ocfl::OriginalRef;

use crate::PublishError;
use khizana_site::Site;

/// Number of bytes of a text that are indexed. The rest of a longer text is published but not
/// indexed.
const MAX_INDEXED_BYTES: u64 = 16 << 20;

const SVG: &str = "image/svg+xml";

/// The extensions of files that browsers display or play without running scripts in them: raster images,
/// audio, video, PDF and plain text. Hosts determine the media type of a file from its extension.
const PASSIVE_EXTENSIONS: [&str; 44] = [
    "jpg", "jpeg", "jpe", "png", "gif", "webp", "avif", "heic", "heif", "tif", "tiff", "bmp",
    "jp2", "j2k", "jpx", "jxl", "mp3", "m4a", "aac", "oga", "ogg", "opus", "wav", "flac", "weba",
    "mka", "aif", "aiff", "mp4", "m4v", "webm", "mov", "ogv", "mkv", "avi", "mpg", "mpeg", "pdf",
    "txt", "csv", "tsv", "md", "vtt", "srt",
];

/// Returns the name under which an original is published: with the suffix [`INERT_SUFFIX`] if a browser
/// could run or interpret it.
fn published_name(file_name: &str) -> String {
    let name = Id::slugify(file_name).map_or_else(|| "file".to_owned(), |id| id.to_string());
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let extension = extension.to_ascii_lowercase();
    if PASSIVE_EXTENSIONS.contains(&extension.as_str()) {
        name
    } else {
        format!("{name}{INERT_SUFFIX}")
    }
}

fn file_ref(original: OriginalRef<'_>, language: Option<LangTag>) -> FileRef {
    let file_name = original.name.rsplit('/').next().unwrap_or(original.name);
    let name = published_name(file_name);
    FileRef {
        sha256: original.sha256,
        name,
        bytes: original.bytes,
        language,
    }
}

/// Returns a problem for an original that must not be published, or `None` for any other original.
///
/// The originals of SVG images are withheld, because their scripts would run in the origin of the
/// site. Originals whose metadata contains a location are withheld, unless the collection publishes
/// locations.
pub(crate) fn withheld(item: &Id, media: &Media, collection: &Collection) -> Option<Problem> {
    let (reason, hint) = if media.media_type == SVG {
        (
            message!("an SVG image may contain scripts; a rendered image is published instead"),
            "No action is needed.",
        )
    } else if media.located && !collection.location_from_files {
        (
            message!("its metadata contains the location where the image was taken"),
            "Supply a copy without the location, or, if the location may be published, set `location_from_files = true` in collection.toml.",
        )
    } else {
        return None;
    };
    let problem = Problem::warning(
        "original-withheld",
        message!(
            "The original is stored but not published: {reason}.",
            reason
        ),
        hint,
    );
    Some(
        problem
            .in_file(printable(&media.name))
            .of_item(item.as_str()),
    )
}

/// Publishes an original unchanged.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    original: OriginalRef<'_>,
    language: Option<LangTag>,
) -> Result<FileRef, PublishError> {
    let file = file_ref(original, language);
    let path = file.path();
    if !site.keep(&path, file.bytes) {
        let mut store_error = None;
        site.place(&path, file.bytes, |target: &Path| {
            let _ = std::fs::remove_file(target);
            store
                .copy_original(item, original, target)
                .map_err(|error| {
                    store_error = Some(error);
                    std::io::ErrorKind::Other.into()
                })
        })
        .map_err(|error| store_error.map_or(PublishError::Site(error), PublishError::Store))?;
    }
    Ok(file)
}

/// Publishes a file that has been derived from an original.
pub(crate) fn publish_derived(
    site: &Site,
    name: &str,
    content: &[u8],
) -> Result<FileRef, PublishError> {
    let file = FileRef {
        sha256: khizana_format::hash_of(content),
        name: name.to_owned(),
        bytes: content.len() as u64,
        language: None,
    };
    site.put_named(&file.path(), content)?;
    Ok(file)
}

/// Returns the file name for the plain text that is derived from an original.
pub(crate) fn plain_text_name(name: &str) -> String {
    let stem = name.rsplit('/').next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    Id::slugify(&format!("{stem}.txt")).map_or_else(|| "text.txt".to_owned(), |id| id.to_string())
}

/// Reads a published text, up to [`MAX_INDEXED_BYTES`] bytes.
pub(crate) fn read_text(folder: &Path, file: &FileRef) -> Result<String, PublishError> {
    let path = folder.join(file.path());
    let mut bytes = Vec::new();
    std::fs::File::open(&path)
        .and_then(|file| file.take(MAX_INDEXED_BYTES).read_to_end(&mut bytes))
        .map_err(PublishError::write(&path))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn active_files_are_published_under_an_inert_name() {
        for name in [
            "page.html",
            "page.HTM",
            "page.xhtml",
            "page.xht",
            "page.shtml",
            "page.svg",
            "page.SVGZ",
            "page.xml",
            "page.xsl",
            "page.rdf",
            "page.atom",
            "page.mht",
            "evil.js",
            "noext",
            "a.wasm",
            "fake.png.svg",
            "a.json",
            "a.eml",
            "a.docx",
            "a.unknown",
        ] {
            assert_eq!(published_name(name), format!("{name}.bin"));
        }
        for name in [
            "a.jpg",
            "a.TIFF",
            "a.mp3",
            "a.webm",
            "a.pdf",
            "a.txt",
            "page.html.txt",
            "a.vtt",
        ] {
            assert_eq!(published_name(name), name);
        }
        assert_eq!(published_name("?"), "file.bin");
    }
}
