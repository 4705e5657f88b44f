//! Logos, icons and pictures of pages: checks of the files, and their publication.

use khizana_format::hash_of;
use khizana_model::{Message, message};
use khizana_pages::identity::LogoImage;
use khizana_site::Site;

use super::svg;
use crate::PublishError;

/// An image file that may be published.
pub(crate) struct CheckedImage<'a> {
    bytes: &'a [u8],
    extension: &'static str,
    width: u32,
    height: u32,
}

/// A reason for which an image file is not published, with a hint.
pub(crate) struct Refusal {
    /// The stable code.
    pub(crate) code: &'static str,
    pub(crate) message: Message,
    pub(crate) hint: Message,
}

/// Checks that a file is an image that browsers display, and that it contains no script. Determines its size.
pub(crate) fn check(bytes: &[u8]) -> Result<CheckedImage<'_>, Refusal> {
    let (extension, size) = if svg::is_svg(bytes) {
        ("svg", svg::check(bytes)?)
    } else {
        let format_refusal = || Refusal {
            code: "identity-image",
            message: message!("The file is not an image that browsers display."),
            hint: message!("Save it as SVG, PNG, JPEG, WebP or GIF."),
        };
        let extension = match imagesize::image_type(bytes) {
            Ok(imagesize::ImageType::Png) => "png",
            Ok(imagesize::ImageType::Jpeg) => "jpg",
            Ok(imagesize::ImageType::Webp) => "webp",
            Ok(imagesize::ImageType::Gif) => "gif",
            _ => return Err(format_refusal()),
        };
        let size = imagesize::blob_size(bytes).map_err(|_| format_refusal())?;
        let side = |side: usize| u32::try_from(side).unwrap_or(u32::MAX).max(1);
        (extension, (side(size.width), side(size.height)))
    };
    Ok(CheckedImage {
        bytes,
        extension,
        width: size.0,
        height: size.1,
    })
}

impl CheckedImage<'_> {
    /// Writes the file to the site, under a name that is derived from its content.
    pub(crate) fn publish(&self, site: &Site) -> Result<LogoImage, PublishError> {
        let hash = hash_of(self.bytes).to_string();
        let name = hash.get(..32).unwrap_or(&hash);
        let path = format!("f/{name}.{}", self.extension);
        site.put_named(&path, self.bytes)?;
        Ok(LogoImage {
            path,
            width: self.width,
            height: self.height,
        })
    }

    /// Returns the file as a data URL if it is short, so that it need not be fetched.
    pub(crate) fn data_url(&self) -> Option<String> {
        use base64::Engine as _;
        const MAX_BYTES: usize = 4096;
        let media_type = match self.extension {
            "svg" => "image/svg+xml",
            "png" => "image/png",
            "jpg" => "image/jpeg",
            "webp" => "image/webp",
            _ => "image/gif",
        };
        let encoded = base64::engine::general_purpose::STANDARD.encode(self.bytes);
        (self.bytes.len() <= MAX_BYTES).then(|| format!("data:{media_type};base64,{encoded}"))
    }
}
