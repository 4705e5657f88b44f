//! Published images: derivatives, tiles and thumbnails.

use khizana_model::Hash;
use serde::Serialize;

use crate::tile_pack::TilePack;

/// A published image.
///
/// Its files are laid out as specified by the IIIF Image API 3.0, level 0: derivatives are at
/// `iiif/<key>/full/<w>,<h>/0/default.jpg`, and the image information is at `iiif/<key>/info.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Image {
    /// The first 32 hexadecimal digits of a SHA-256 over the digest of the original and the recipe
    /// of the derivatives.
    pub key: String,
    /// Width of the original in pixels, after orientation is applied.
    pub width: u32,
    /// Height of the original in pixels, after orientation is applied.
    pub height: u32,
    /// Dominant colour in sRGB, as `rrggbb`.
    pub tone: String,
    /// Derivatives in ascending order of width. The first one is the thumbnail.
    pub sizes: Vec<Derivative>,
    /// The tile pack, `iiif/<key>/tiles.pack`. Present if the image is larger than its largest
    /// derivative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<TilePack>,
}

khizana_json::json_object!(Image {
    key,
    width,
    height,
    tone,
    sizes,
    pack: optional
});

/// A JPEG copy of an image, which is usually smaller than the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivative {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// Length of the file in bytes.
    pub bytes: u32,
}

khizana_json::json_object!(Derivative {
    width,
    height,
    sha256,
    bytes
});

impl Image {
    /// Returns the path of a derivative relative to the root of the site.
    pub fn path(&self, derivative: &Derivative) -> String {
        derivative_path(&self.key, derivative.width, derivative.height)
    }

    /// Returns the path of the tile pack relative to the root of the site.
    pub fn pack_path(&self) -> String {
        format!("iiif/{}/tiles.pack", self.key)
    }

    /// Returns the path of a part of the tile pack relative to the root of the site. Parts are
    /// numbered from 0. They replace the pack on hosts that do not support range requests.
    pub fn pack_part_path(&self, part: u32) -> String {
        format!("iiif/{}/tiles/{part}", self.key)
    }

    /// Returns the smallest derivative that is at least `width` pixels wide, or the largest one if
    /// all are narrower. Returns `None` if there are no derivatives.
    pub fn derivative_for_width(&self, width: u32) -> Option<&Derivative> {
        self.sizes
            .iter()
            .find(|derivative| derivative.width >= width)
            .or(self.sizes.last())
    }
}

/// The image of an item in a list: a thumbnail, and a larger derivative for high-density screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thumbnail {
    /// Key of the image, as in [`Image::key`].
    pub key: String,
    /// Dominant colour of the image, as in [`Image::tone`].
    pub tone: String,
    /// Width and height, in pixels, of each of the two smallest derivatives. The list is shorter if
    /// the image has fewer derivatives.
    pub sizes: Vec<(u32, u32)>,
}

khizana_json::json_object!(Thumbnail { key, tone, sizes });

impl Thumbnail {
    /// Returns the thumbnail of an image.
    pub fn of(image: &Image) -> Thumbnail {
        let sizes = image
            .sizes
            .iter()
            .map(|derivative| (derivative.width, derivative.height));
        Thumbnail {
            key: image.key.clone(),
            tone: image.tone.clone(),
            sizes: sizes.take(2).collect(),
        }
    }

    /// Returns the path of a derivative relative to the root of the site. `size` is one of
    /// [`Thumbnail::sizes`].
    pub fn path(&self, size: (u32, u32)) -> String {
        let (width, height) = size;
        derivative_path(&self.key, width, height)
    }
}

fn derivative_path(key: &str, width: u32, height: u32) -> String {
    format!("iiif/{key}/full/{width},{height}/0/default.jpg")
}
