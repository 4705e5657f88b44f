//! Images of the source that are displayed before they are published.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use khizana_format::{Canvas, Derivative, DerivativeFile, Image, hash_of};
use khizana_media::{
    DerivativeRequest, ImageFile, Limits, MediaError, RenditionFormat, derive_picture,
};
use khizana_model::{Hash, MediaKind};
use khizana_source::FileRef;

/// Side of a tile in pixels. Images are reduced before they are derived, so that they have no tiles.
const TILE_SIZE: u32 = 512;

/// The images of items that are not published yet. They are scaled when they are requested.
#[derive(Debug)]
pub(crate) struct DraftImages {
    /// The folder of the scaled images.
    folder: PathBuf,
    /// The path of each original, by the key of the image.
    originals: Mutex<BTreeMap<String, Arc<Path>>>,
    /// Held while an image is decoded, so that few are in memory.
    decoder: Mutex<()>,
}

impl DraftImages {
    pub(crate) fn new(folder: PathBuf) -> DraftImages {
        DraftImages {
            folder,
            originals: Mutex::default(),
            decoder: Mutex::default(),
        }
    }

    /// Returns the canvases of the images among the files of an item, in the requested widths.
    pub(crate) fn canvases(&self, files: &[FileRef], widths: &[u32]) -> Vec<Canvas> {
        let images = files.iter().filter_map(|file| {
            Some(Canvas {
                kind: MediaKind::Image,
                media_type: "image/jpeg".to_owned(),
                label: file.label.clone(),
                image: Some(self.image(&file.path, widths)?),
                original: None,
                text: None,
                lines: None,
                html: None,
                rows: None,
                recording: None,
            })
        });
        images.collect()
    }

    /// Returns the image in a file, or `None` if it cannot be displayed.
    pub(crate) fn image(&self, path: &Path, widths: &[u32]) -> Option<Image> {
        let metadata = fs::metadata(path).ok()?;
        let (width, height) = ImageFile::open(path)
            .and_then(|file| file.size(0, &Limits::default()))
            .ok()?;
        let stamp = format!(
            "{} {} {:?}",
            path.display(),
            metadata.len(),
            metadata.modified().ok()
        );
        let mut key = hash_of(stamp.as_bytes()).to_string();
        key.truncate(32);
        let mut originals = self
            .originals
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        originals.insert(key.clone(), path.into());
        let mut smaller: Vec<u32> = widths.iter().copied().filter(|w| *w < width).collect();
        if smaller.is_empty() {
            smaller.push(width);
        }
        let sizes = smaller.into_iter().map(|scaled| Derivative {
            width: scaled,
            height: scaled_height((width, height), scaled),
            file: DerivativeFile::Jpeg,
            sha256: Hash([0; 32]),
            bytes: 0,
        });
        Some(Image {
            key,
            width,
            height,
            tone: "808080".to_owned(),
            sizes: sizes.collect(),
            strip: None,
            jpeg: None,
            pack: None,
        })
    }

    /// Returns the content and the media type of a scaled image. `path` is relative to the root of the site. Returns
    /// `None` if the image is not one of the source.
    pub(crate) fn scaled(&self, path: &str) -> Option<Result<(Vec<u8>, &'static str), MediaError>> {
        let (key, size) = path.strip_prefix("iiif/")?.split_once("/full/")?;
        let (width, _) = size.split_once([',', '/'])?;
        let width: u32 = width.parse().ok()?;
        let original = {
            let originals = self
                .originals
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            originals.get(key)?.clone()
        };
        let name = self.folder.join(format!("{key}-{width}"));
        if let Ok(bytes) = fs::read(&name) {
            let media_type = match bytes.starts_with(b"\x89PNG") {
                true => "image/png",
                false => "image/jpeg",
            };
            return Some(Ok((bytes, media_type)));
        }
        let scaled = self.derive(&original, width);
        if let Ok((bytes, _)) = &scaled {
            // Without the copy, the image is scaled again.
            let _ = fs::write(&name, bytes);
        }
        Some(scaled)
    }

    fn derive(&self, path: &Path, width: u32) -> Result<(Vec<u8>, &'static str), MediaError> {
        let picture = {
            let _decoding = self.decoder.lock().unwrap_or_else(PoisonError::into_inner);
            // Scaling from at least twice the width makes smooth images.
            let width = width.saturating_mul(2);
            ImageFile::open(path)?.decode_smaller(0, &Limits::default(), width)?
        };
        let request = DerivativeRequest {
            widths: &[width],
            tile_size: TILE_SIZE,
            strip: None,
            jpeg: false,
        };
        let derived = derive_picture(&picture, &request, |_, _| Ok::<_, MediaError>(()))?;
        let rendition = derived.renditions.into_iter().next_back();
        Ok(match rendition {
            Some(rendition) => {
                let media_type = match rendition.format {
                    RenditionFormat::Jpeg => "image/jpeg",
                    RenditionFormat::Png => "image/png",
                };
                (rendition.bytes, media_type)
            }
            None => (Vec::new(), "image/jpeg"),
        })
    }
}

fn scaled_height((width, height): (u32, u32), scaled: u32) -> u32 {
    let exact = u64::from(height) * u64::from(scaled) / u64::from(width.max(1));
    u32::try_from(exact).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_images_of_the_source_are_scaled() {
        let folder = tempfile::tempdir().unwrap();
        let images = DraftImages::new(folder.path().to_owned());
        assert!(
            images
                .image(&folder.path().join("missing.jpg"), &[320])
                .is_none()
        );
        for path in [
            "iiif/unknown/full/320,200/0/default.jpg",
            "iiif/../full/x",
            "ar/",
        ] {
            assert!(images.scaled(path).is_none(), "{path}");
        }
    }
}
