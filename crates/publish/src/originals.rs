//! Originals and texts that are published as they are.

use std::io::Read;
use std::path::Path;

use khizana_format::Origin;
use khizana_ingest::store::{OriginalRef, Store};
use khizana_model::{Id, LangTag};

use crate::PublishError;
use crate::site::Site;

/// Text beyond this is published, but no longer indexed.
const MOST_INDEXED: u64 = 16 << 20;

fn origin(original: OriginalRef<'_>, language: Option<LangTag>) -> Origin {
    let last = original.name.rsplit('/').next().unwrap_or(original.name);
    let name = Id::near(last).map_or_else(|| "file".to_owned(), |id| id.to_string());
    Origin {
        sha256: original.sha256,
        name,
        bytes: original.bytes,
        language,
    }
}

/// Publishes an original under its hash.
pub(crate) fn publish(
    store: &Store,
    site: &Site,
    item: &Id,
    original: OriginalRef<'_>,
    language: Option<LangTag>,
) -> Result<Origin, PublishError> {
    let origin = origin(original, language);
    let path = origin.path();
    if !site.keep(&path, origin.bytes) {
        let mut lost = None;
        site.place(&path, origin.bytes, |target: &Path| {
            let _ = std::fs::remove_file(target);
            store
                .original_to_path(item, original, target)
                .map_err(|error| {
                    lost = Some(error);
                    std::io::ErrorKind::Other.into()
                })
        })
        .map_err(|error| lost.map_or(error, PublishError::Store))?;
    }
    Ok(origin)
}

/// A text that was published, for the index.
pub(crate) fn text(site: &Site, origin: &Origin) -> Result<String, PublishError> {
    let path = site.path(&origin.path());
    let mut bytes = Vec::new();
    std::fs::File::open(&path)
        .and_then(|file| file.take(MOST_INDEXED).read_to_end(&mut bytes))
        .map_err(PublishError::write(&path))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
