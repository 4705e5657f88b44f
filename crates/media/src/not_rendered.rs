//! Images that are stored but not rendered.

use khizana_messages::{Message, message};

/// The reason why an image is not rendered.
///
/// This is not an error in the file: the file is stored, and other programs can open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRendered {
    /// A HEIC or AVIF file, for which the command-line tool of libheif is not installed.
    ///
    /// No decoder is bundled: HEVC is patent-encumbered, and there is no memory-safe AV1 decoder.
    NoHeif,
    /// A HEIC or AVIF file without a primary item, or without dimensions in the `meta` box.
    HeifForm,
    /// The libheif tool could not decode the file.
    HeifFailed,
    /// The libheif tool exceeded its time limit.
    HeifSlow,
    /// A file in a camera raw format, which needs to be developed first.
    CameraRaw,
    /// An SVG that contains text, which is rendered differently depending on the installed fonts.
    SvgText,
    /// An SVG that refers to an external file or contains HTML.
    SvgReference,
    /// An image format that is not supported, such as JPEG XR, PSD or ICO.
    Format,
}

impl NotRendered {
    /// The stable problem code.
    pub const CODE: &'static str = "image-not-rendered";

    /// Returns the reason as a clause that can follow "the image is not rendered: ".
    #[must_use]
    pub fn reason(self) -> Message {
        match self {
            Self::NoHeif => {
                message!(
                    "HEIC and AVIF images require libheif (heif-dec or heif-convert), which is not installed"
                )
            }
            Self::HeifForm => message!("the HEIC or AVIF file has no readable primary image"),
            Self::HeifFailed => message!("libheif cannot decode the image"),
            Self::HeifSlow => message!("libheif took too long to decode the image"),
            Self::CameraRaw => message!("a camera raw file must be developed first"),
            Self::SvgText => {
                message!("the SVG contains text, whose appearance depends on the installed fonts")
            }
            Self::SvgReference => message!("the SVG refers to an external file or contains HTML"),
            Self::Format => message!("the format is not supported"),
        }
    }

    /// Returns the recommended action.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoHeif => {
                "Install libheif on the machine that publishes the archive (package libheif-examples on Debian and Ubuntu, package libheif in Homebrew), or supply a JPEG or TIFF copy in addition to this file."
            }
            Self::HeifFailed => {
                "Check that the decoder plugins of libheif are installed (on Debian: libde265 for HEIC, and dav1d or aom for AVIF) and that the file opens in another program, or supply a JPEG or TIFF copy in addition to this file."
            }
            Self::HeifForm | Self::HeifSlow => {
                "Supply a JPEG or TIFF copy in addition to this file."
            }
            Self::CameraRaw => {
                "Develop the raw file into a TIFF or JPEG file, and supply that file in addition to this one."
            }
            Self::SvgText => {
                "Convert the text to paths (in Inkscape: Path > Object to Path), or export the drawing as PNG."
            }
            Self::SvgReference => {
                "Embed the external file or remove the HTML, or export the drawing as PNG."
            }
            Self::Format => {
                "Supply a JPEG, PNG or plain TIFF copy in addition to this file or in its place."
            }
        }
    }

    /// Returns the reason that follows from a media type, if any.
    ///
    /// HEIC and AVIF are rendered if `has_heif` is `true`. Any other image is rendered if
    /// `is_measured` is `true`, that is, if its width and height are known.
    #[must_use]
    pub(crate) fn for_media_type(
        media_type: &str,
        is_measured: bool,
        has_heif: bool,
    ) -> Option<Self> {
        match media_type {
            "image/heic" | "image/heif" | "image/avif" => (!has_heif).then_some(Self::NoHeif),
            _ if is_measured => None,
            "image/svg+xml" => Some(Self::SvgReference),
            raw if raw.starts_with("image/x-") => Some(Self::CameraRaw),
            _ => Some(Self::Format),
        }
    }
}
