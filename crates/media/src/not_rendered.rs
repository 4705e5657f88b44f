//! Images that are stored but not rendered.

/// The reason why an image is not rendered.
///
/// This is not an error in the file: the file is stored, and other programs can open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRendered {
    /// HEIC or AVIF, and the command-line tool of libheif is not installed.
    ///
    /// No decoder is bundled: HEVC is patent-encumbered, and there is no memory-safe AV1 decoder.
    NoHeif,
    /// HEIC or AVIF without a primary item, or whose dimensions are not found in the `meta` box.
    HeifForm,
    /// The libheif tool could not decode the file.
    HeifFailed,
    /// The libheif tool exceeded its time limit.
    HeifSlow,
    /// A camera raw format, which needs to be developed first.
    CameraRaw,
    /// SVG with text, which is rendered differently depending on the installed fonts.
    SvgText,
    /// SVG that refers to an external file or contains HTML.
    SvgReference,
    /// An image format that is not supported: PSD, ICO, DjVu.
    Format,
}

impl NotRendered {
    /// The stable problem code.
    pub const CODE: &'static str = "image-not-rendered";

    /// Returns the reason as a clause, to be preceded by "the image is not rendered: ".
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::NoHeif => {
                "HEIC and AVIF need libheif (heif-dec or heif-convert), which is not installed"
            }
            Self::HeifForm => "the HEIC or AVIF file has no readable primary image",
            Self::HeifFailed => "libheif cannot decode it",
            Self::HeifSlow => "libheif took too long to decode it",
            Self::CameraRaw => "camera raw data need to be developed first",
            Self::SvgText => "the SVG contains text, which depends on the installed fonts",
            Self::SvgReference => "the SVG refers to an external file or contains HTML",
            Self::Format => "the format is not supported",
        }
    }

    /// Returns the recommended action.
    #[must_use]
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoHeif => {
                "Install libheif on the machine that publishes (package libheif-examples in Debian and Ubuntu, libheif in Homebrew), or provide a JPEG or TIFF copy as well."
            }
            Self::HeifFailed => {
                "Check that the decoder plugins of libheif are installed (in Debian libde265 for HEIC, dav1d or aom for AVIF) and that the file opens in another program, or provide a JPEG or TIFF copy as well."
            }
            Self::HeifForm | Self::HeifSlow => "Provide a JPEG or TIFF copy as well.",
            Self::CameraRaw => {
                "Develop the raw file to TIFF or JPEG, and provide the result as well."
            }
            Self::SvgText => {
                "Convert the text to paths (in Inkscape: Path, Object to Path), or export the drawing as PNG."
            }
            Self::SvgReference => "Embed the external file, or export the drawing as PNG.",
            Self::Format => "Provide a JPEG, PNG or plain TIFF copy instead or in addition.",
        }
    }

    /// Returns the reason that follows from a media type, if any.
    ///
    /// HEIC and AVIF are rendered if `has_heif` is set. Any other image is rendered if it
    /// `is_measured`, that is, if its width and height are known.
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
