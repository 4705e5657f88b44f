//! Images that are recognised and kept, and of which no picture is made here.

/// Why no picture is made of an image.
///
/// This is no fault of the file. It goes into the store like any other, and whoever has the program
/// for it can open it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotRendered {
    /// HEIC or AVIF, and libheif, whose program shows them, is not on this machine. No decoder of them
    /// could be carried along: HEVC is covered by patents, and there is none of AV1 that is safe.
    NoHeif,
    /// HEIC or AVIF without one picture that is shown first, or with its size where nobody looks for it.
    HeifForm,
    /// The program made no picture of it.
    HeifFailed,
    /// The program took too long.
    HeifSlow,
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
            Self::NoHeif => {
                "a program of libheif (heif-dec or heif-convert) shows HEIC and AVIF, and is not on this machine"
            }
            Self::HeifForm => "this form of HEIC or AVIF has no picture that is shown first",
            Self::HeifFailed => "the program of libheif on this machine makes none of it",
            Self::HeifSlow => "the program of libheif on this machine took too long with it",
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
    pub fn hint(self) -> &'static str {
        match self {
            Self::NoHeif => {
                "Where it is to be seen, install libheif (in Debian and Ubuntu the package libheif-examples, in Homebrew libheif) on the machine that publishes, or hand in a copy as JPEG or TIFF beside it."
            }
            Self::HeifFailed => {
                "Where it is to be seen, make sure that libheif has its decoders (in Debian libde265 for HEIC, dav1d or aom for AVIF) and that the file opens elsewhere, or hand in a copy as JPEG or TIFF beside it."
            }
            Self::HeifForm | Self::HeifSlow => {
                "Where it is to be seen, hand in a copy as JPEG or TIFF beside it."
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

    /// Why an image of a media type has no picture, as far as the type says it: of HEIC and AVIF it
    /// depends on the machine, of what is `measured`, so that its width and height are known, nothing
    /// speaks against one.
    #[must_use]
    pub(crate) fn of(media_type: &str, measured: bool, has_heif: bool) -> Option<Self> {
        match media_type {
            "image/heic" | "image/heif" | "image/avif" => (!has_heif).then_some(Self::NoHeif),
            _ if measured => None,
            "image/svg+xml" => Some(Self::SvgReference),
            raw if raw.starts_with("image/x-") => Some(Self::CameraRaw),
            _ => Some(Self::Format),
        }
    }
}
