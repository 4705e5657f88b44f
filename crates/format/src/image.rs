//! Published images: derivatives, tiles and thumbnails.

use khizana_json::{FromJson, Scanner};
use khizana_model::Hash;
use serde::{Serialize, Serializer};

use crate::tile_pack::TilePack;

/// A published image.
///
/// Its JPEGs are laid out as specified by the IIIF Image API 3.0, level 0: the largest one is at
/// `iiif/<key>/full/max/0/default.jpg`, the others are at `iiif/<key>/full/<w>,<h>/0/default.jpg`.
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
    /// A derivative that is smaller than the thumbnail, for the list of the pages of an item.
    /// Present if the image occurs in an item with several canvases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub strip: Option<Derivative>,
    /// The JPEG for IIIF clients. Present if they can use the image, and its largest derivative is
    /// not a JPEG.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jpeg: Option<Derivative>,
    /// The tile pack, `iiif/<key>/tiles.pack`. Present if the image is considerably larger than its
    /// largest derivative.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pack: Option<TilePack>,
}

khizana_json::json_object!(Image {
    key,
    width,
    height,
    tone,
    sizes,
    strip: optional,
    jpeg: optional,
    pack: optional
});

/// A copy of an image, which is usually smaller than the original.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derivative {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The format and the name of the file.
    #[serde(skip_serializing_if = "DerivativeFile::is_jpeg")]
    pub file: DerivativeFile,
    /// SHA-256 of the file.
    pub sha256: Hash,
    /// Length of the file in bytes.
    pub bytes: u32,
}

khizana_json::json_object!(Derivative {
    width,
    height,
    file: optional,
    sha256,
    bytes
});

/// The format and the name of the file of a derivative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum DerivativeFile {
    /// A JPEG in sRGB or grey, named by its size: `full/<w>,<h>/0/default.jpg`.
    #[default]
    Jpeg,
    /// The largest JPEG of the image, named `full/max/0/default.jpg`.
    Max,
    /// A grey PNG, named by its size: `full/<w>,<h>/0/default.png`.
    Png,
}

khizana_json::json_enum!(DerivativeFile {
    jpeg: Jpeg,
    max: Max,
    png: Png
});

impl DerivativeFile {
    fn is_jpeg(&self) -> bool {
        *self == DerivativeFile::Jpeg
    }

    /// Returns the IANA media type of the file.
    pub fn media_type(self) -> &'static str {
        match self {
            DerivativeFile::Png => "image/png",
            _ => "image/jpeg",
        }
    }
}

impl Image {
    /// Returns the path of a derivative relative to the root of the site.
    pub fn path(&self, derivative: &Derivative) -> String {
        let Derivative {
            width,
            height,
            file,
            ..
        } = derivative;
        derivative_path(&self.key, *width, *height, *file)
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

    /// Returns the derivative that represents a page in the list of the pages of an item.
    pub fn strip(&self) -> Option<&Derivative> {
        self.strip.as_ref().or(self.sizes.first())
    }

    /// Returns the largest JPEG, which IIIF clients request, or `None` if the image has only
    /// derivatives in other formats.
    pub fn largest_jpeg(&self) -> Option<&Derivative> {
        let largest = self.sizes.last();
        let is_max = |size: &&Derivative| size.file == DerivativeFile::Max;
        self.jpeg.as_ref().or(largest.filter(is_max))
    }
}

/// The image of an item in a list: a thumbnail, and a larger derivative for high-density screens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Thumbnail {
    /// Key of the image, as in [`Image::key`].
    pub key: String,
    /// Dominant colour of the image, as in [`Image::tone`].
    pub tone: String,
    /// The two smallest derivatives. The list is shorter if the image has fewer derivatives.
    pub sizes: Vec<ThumbnailSize>,
}

khizana_json::json_object!(Thumbnail { key, tone, sizes });

/// A derivative in a [`Thumbnail`].
///
/// In JSON, it is an array of the width, the height and, unless it is [`DerivativeFile::Jpeg`], the
/// file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThumbnailSize {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The format and the name of the file.
    pub file: DerivativeFile,
}

impl Serialize for ThumbnailSize {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (width, height) = (self.width, self.height);
        match self.file {
            DerivativeFile::Jpeg => (width, height).serialize(serializer),
            file => (width, height, file).serialize(serializer),
        }
    }
}

impl FromJson for ThumbnailSize {
    fn default_value() -> Self {
        ThumbnailSize {
            width: 0,
            height: 0,
            file: DerivativeFile::Jpeg,
        }
    }

    fn read(&mut self, scanner: &mut Scanner<'_>) -> Option<()> {
        scanner.open(b'[')?;
        for side in [&mut self.width, &mut self.height] {
            if !scanner.next_element(b']')? {
                return scanner.unexpected();
            }
            side.read(scanner)?;
        }
        if scanner.next_element(b']')? {
            self.file.read(scanner)?;
        }
        scanner.close(b']')
    }
}

impl Thumbnail {
    /// Returns the thumbnail of an image.
    pub fn of(image: &Image) -> Thumbnail {
        let sizes = image.sizes.iter().map(|derivative| ThumbnailSize {
            width: derivative.width,
            height: derivative.height,
            file: derivative.file,
        });
        Thumbnail {
            key: image.key.clone(),
            tone: image.tone.clone(),
            sizes: sizes.take(2).collect(),
        }
    }

    /// Returns the path of a derivative relative to the root of the site. `size` is one of
    /// [`Thumbnail::sizes`].
    pub fn path(&self, size: &ThumbnailSize) -> String {
        derivative_path(&self.key, size.width, size.height, size.file)
    }
}

fn derivative_path(key: &str, width: u32, height: u32, file: DerivativeFile) -> String {
    match file {
        DerivativeFile::Jpeg => format!("iiif/{key}/full/{width},{height}/0/default.jpg"),
        DerivativeFile::Max => format!("iiif/{key}/full/max/0/default.jpg"),
        DerivativeFile::Png => format!("iiif/{key}/full/{width},{height}/0/default.png"),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_sizes_of_thumbnails_with_and_without_a_file() {
        let json =
            r#"{"key":"k","tone":"ffffff","sizes":[[320,480],[800,1200,"png"],[9,9,"max"]]}"#;
        let thumbnail: Thumbnail = khizana_json::from_slice(json.as_bytes()).unwrap();
        let paths: Vec<String> = thumbnail
            .sizes
            .iter()
            .map(|size| thumbnail.path(size))
            .collect();
        assert_eq!(
            paths,
            [
                "iiif/k/full/320,480/0/default.jpg",
                "iiif/k/full/800,1200/0/default.png",
                "iiif/k/full/max/0/default.jpg"
            ]
        );
        assert_eq!(serde_json::to_string(&thumbnail).unwrap(), json);
        for invalid in ["[320]", r#"[320,480,"webp"]"#, r#"[320,480,"png",1]"#] {
            assert!(khizana_json::from_slice::<ThumbnailSize>(invalid.as_bytes()).is_err());
        }
    }
}
