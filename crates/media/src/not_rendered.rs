//! Images that are recognised and kept, and of which no picture is made here.

/// Why no picture is made of an image.
///
/// This is no fault of the file. It goes into the store like any other, and whoever has the program
/// for it can open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRendered {
    /// HEIC and HEIF: HEVC is covered by patents, and there is no decoder that could be carried along.
    Heic,
    /// AVIF.
    Avif,
    /// What a camera's sensor saw, to be developed in a program for it.
    CameraRaw,
    /// SVG that wants a typeface: it would look otherwise on each machine.
    SvgText,
    /// SVG that wants another file, or HTML within it.
    SvgReference,
    /// Another format of images: PSD, ICO, DjVu.
    Format,
}

impl NotRendered {
    /// The stable code under which it is reported.
    pub const CODE: &'static str = "image-not-rendered";

    /// The reason, as the rest of a sentence: "No picture is made of it: …".
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            Self::Heic => "HEIC is decoded by programs with a licence for HEVC only",
            Self::Avif => "AVIF is not decoded on this machine",
            Self::CameraRaw => "a camera's raw data have to be developed first",
            Self::SvgText => {
                "this SVG has text in it, which looks otherwise wherever another typeface is at hand"
            }
            Self::SvgReference => {
                "this SVG is not whole without another file, or without a browser"
            }
            Self::Format => "this format is not decoded on this machine",
        }
    }

    /// What to do where it is to be seen.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::Heic => {
                "Where it is to be seen, export it as JPEG or TIFF in the program of the phone or camera, and hand that in beside it."
            }
            Self::Avif => {
                "Where it is to be seen, save a copy as JPEG XL, PNG or JPEG and hand that in beside it."
            }
            Self::CameraRaw => {
                "Where it is to be seen, develop it to TIFF or JPEG and hand that in beside it."
            }
            Self::SvgText => {
                "Where it is to be seen, turn its text into paths (in Inkscape: Path, Object to Path), or export it as PNG."
            }
            Self::SvgReference => {
                "Where it is to be seen, embed what it refers to, or export it as PNG."
            }
            Self::Format => {
                "Where it is to be seen, hand in a copy as JPEG, PNG or plain TIFF instead of it or beside it."
            }
        }
    }

    /// Why an image of a media type has no picture, as far as the type says it.
    #[must_use]
    pub fn of(media_type: &str) -> Self {
        match media_type {
            "image/heic" | "image/heif" => Self::Heic,
            "image/avif" => Self::Avif,
            "image/svg+xml" => Self::SvgReference,
            raw if raw.starts_with("image/x-") => Self::CameraRaw,
            _ => Self::Format,
        }
    }
}
