//! Recognition of media types by the content of a file or, failing that, by its extension.

use std::path::Path;

use crate::{NotRendered, RenderingNote};

/// The kind of a media file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A still image.
    Image,
    /// A document that consists of pages, such as a PDF.
    Document,
    /// An audio file.
    Audio,
    /// A video file.
    Video,
    /// Plain or marked-up text, or tabular or structured data.
    Text,
    /// A 3D model.
    Model,
    /// Any other file.
    Other,
}

/// Facts about a media file, determined without decoding it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaInfo {
    /// The IANA media type, such as `image/tiff`.
    pub media_type: String,
    /// The kind of the file.
    pub kind: Kind,
    /// Width in pixels, after the EXIF orientation has been applied. For an SVG, this is the width
    /// of the rendered image.
    ///
    /// `None` if the file is not an image or is not rendered. HEIC and AVIF are measured even if
    /// libheif is not installed.
    pub width: Option<u32>,
    /// Height in pixels, after the EXIF orientation has been applied.
    pub height: Option<u32>,
    /// Number of pages that are rendered, if there are several. `width` and `height` are those of
    /// the first page.
    pub pages: Option<u32>,
    /// The reason why the image is not rendered, if it is not.
    pub not_rendered: Option<NotRendered>,
    /// Limitations in how the image is rendered.
    pub notes: Vec<RenderingNote>,
    /// `true` if the metadata may contain the place where the file was recorded, as determined by
    /// [`crate::has_location`].
    pub has_location: bool,
}

/// An image format that can be decoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Tiff,
    WebP,
    Gif,
    Bmp,
    Jxl,
    Jp2,
    Svg,
    /// HEIC and AVIF.
    Heif,
}

impl Format {
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
            Self::Gif => "image/gif",
            Self::Bmp => "image/bmp",
            Self::Jxl => "image/jxl",
            Self::Jp2 => "image/jp2",
            Self::Svg => "image/svg+xml",
            Self::Heif => "image/heic",
        }
    }

    fn from_media_type(media_type: &str) -> Option<Self> {
        match media_type {
            // This is a codestream without the JP2 container.
            "image/j2c" => return Some(Self::Jp2),
            "image/avif" => return Some(Self::Heif),
            _ => {}
        }
        [
            Self::Jpeg,
            Self::Png,
            Self::Tiff,
            Self::WebP,
            Self::Gif,
            Self::Bmp,
            Self::Jxl,
            Self::Jp2,
            Self::Svg,
            Self::Heif,
        ]
        .into_iter()
        .find(|f| f.media_type() == media_type)
    }
}

/// The result of [`recognise`].
pub(crate) struct Recognised {
    pub media_type: &'static str,
    pub kind: Kind,
    /// `None` if the format is not decoded.
    pub format: Option<Format>,
    /// `true` if the content was recognised, and `false` if at most the extension was recognised.
    pub by_content: bool,
}

/// Recognises the media type of a file. `head` is the beginning of its content, of which 4 KiB are
/// enough.
pub(crate) fn recognise(path: &Path, head: &[u8]) -> Recognised {
    let extension = path
        .extension()
        .and_then(|e| e.to_str())
        .map(str::to_ascii_lowercase)
        .unwrap_or_default();
    let content = by_magic(head, &extension);
    let by_content = content.is_some();
    let (media_type, kind) = content
        .or_else(|| by_extension(&extension))
        .unwrap_or_else(|| {
            if is_text(head) {
                ("text/plain", Kind::Text)
            } else {
                OCTET_STREAM
            }
        });
    Recognised {
        media_type,
        kind,
        format: Format::from_media_type(media_type),
        by_content,
    }
}

type Type = (&'static str, Kind);
const OCTET_STREAM: Type = ("application/octet-stream", Kind::Other);

fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character may be split at the end of `head`.
        Err(e) => e.error_len().is_none(),
    };
    valid && !head.is_empty() && !head.contains(&0)
}

fn contains_bytes(head: &[u8], needle: &[u8]) -> bool {
    head.windows(needle.len()).any(|window| window == needle)
}

fn by_magic(head: &[u8], extension: &str) -> Option<Type> {
    use Kind::{Audio, Document, Image, Model, Other, Video};
    let at = |offset: usize, bytes: &[u8]| {
        head.get(offset..)
            .is_some_and(|rest| rest.starts_with(bytes))
    };
    let fixed: [(&[u8], Type); 27] = [
        (b"\xff\xd8\xff", ("image/jpeg", Image)),
        (b"\x89PNG\r\n\x1a\n", ("image/png", Image)),
        (b"II*\0", ("image/tiff", Image)),
        (b"MM\0*", ("image/tiff", Image)),
        (b"II+\0", ("image/tiff", Image)),
        (b"MM\0+", ("image/tiff", Image)),
        // The header of JPEG XR is that of TIFF with another number.
        (b"II\xbc\x01", ("image/jxr", Image)),
        (b"GIF87a", ("image/gif", Image)),
        (b"GIF89a", ("image/gif", Image)),
        (b"\0\0\0\x0cjP  \r\n\x87\n", ("image/jp2", Image)),
        (b"\xff\x4f\xff\x51", ("image/j2c", Image)),
        (b"\0\0\0\x0cJXL \r\n\x87\n", ("image/jxl", Image)),
        (b"\xff\x0a", ("image/jxl", Image)),
        (b"8BPS", ("image/vnd.adobe.photoshop", Image)),
        (b"\0\0\x01\0", ("image/vnd.microsoft.icon", Image)),
        (b"%PDF-", ("application/pdf", Document)),
        (b"AT&TFORM", ("image/vnd.djvu", Document)),
        (b"ID3", ("audio/mpeg", Audio)),
        (b"fLaC", ("audio/flac", Audio)),
        (b"glTF", ("model/gltf-binary", Model)),
        (b"\x1f\x8b", ("application/gzip", Other)),
        (b"\x28\xb5\x2f\xfd", ("application/zstd", Other)),
        (b"\0\0\x01\xba", ("video/mpeg", Video)),
        (b"\0\0\x01\xb3", ("video/mpeg", Video)),
        (b"MThd", ("audio/midi", Audio)),
        (b"%!PS", ("application/postscript", Document)),
        (b"{\\rtf", ("text/rtf", Document)),
    ];
    if let Some(raw) = camera_raw(head, extension) {
        return Some((raw, Image));
    }
    if let Some((_, media_type)) = fixed.iter().find(|(magic, _)| at(0, magic)) {
        return Some(*media_type);
    }
    if at(0, b"RIFF") {
        if at(8, b"WEBP") {
            return Some(("image/webp", Image));
        }
        if at(8, b"WAVE") {
            // The type registered with IANA is audio/vnd.wave, but players expect this name.
            return Some(("audio/wav", Audio));
        }
        if at(8, b"AVI ") {
            return Some(("video/vnd.avi", Video));
        }
    }
    if at(0, b"FORM") && at(8, b"AIF") {
        return Some(("audio/aiff", Audio));
    }
    // The four bytes after the length are reserved and zero. "BM" alone does not suffice, because a
    // text may begin with it.
    if at(0, b"BM") && (at(6, b"\0\0\0\0") || extension == "bmp") {
        return Some(("image/bmp", Image));
    }
    if at(0, b"OggS") {
        let is_video = contains_bytes(head, b"\x80theora");
        return Some(if is_video {
            ("video/ogg", Video)
        } else {
            ("audio/ogg", Audio)
        });
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        let is_webm = contains_bytes(head, b"webm");
        return Some(if is_webm {
            ("video/webm", Video)
        } else {
            ("video/matroska", Video)
        });
    }
    if at(4, b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        return Some(match brand {
            b"avif" | b"avis" => ("image/avif", Image),
            // These are generic HEIF brands. The compatible brands specify the codec.
            b"mif1" | b"msf1" if compatible_brands(head).any(|brand| brand == b"avif") => {
                ("image/avif", Image)
            }
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
                ("image/heic", Image)
            }
            b"crx " => ("image/x-canon-cr3", Image),
            b"M4A " | b"M4B " => ("audio/mp4", Audio),
            b"qt  " => ("video/quicktime", Video),
            _ => ("video/mp4", Video),
        });
    }
    if at(0, b"PK\x03\x04") {
        let is_epub = contains_bytes(head, b"mimetypeapplication/epub+zip");
        return Some(if is_epub {
            ("application/epub+zip", Document)
        } else {
            by_extension(extension)
                .filter(|t| t.1 == Document)
                .unwrap_or(("application/zip", Other))
        });
    }
    // This is a frame of MPEG audio, layer III, without an ID3 tag.
    if let [0xff, second, ..] = head
        && second & 0xe6 == 0xe2
    {
        return Some(("audio/mpeg", Audio));
    }
    if is_text(head) && root_is_svg(head) {
        return Some(("image/svg+xml", Image));
    }
    None
}

/// Returns the compatible brands in the `ftyp` box of an ISO media file.
fn compatible_brands(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let length = head.first_chunk().map_or(0, |n| u32::from_be_bytes(*n));
    let end = head.len().min(length as usize);
    head.get(16..end).unwrap_or_default().chunks_exact(4)
}

/// Returns `true` if the root element of an XML text is `svg`, with any namespace prefix. An HTML
/// page may contain an `svg` element, but not as its root.
fn root_is_svg(head: &[u8]) -> bool {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!DOCTYPE") {
            // An internal DTD subset is enclosed in square brackets.
            let subset = rest.iter().position(|b| *b == b'[');
            let close = rest.iter().position(|b| *b == b'>');
            if subset < close && subset.is_some() {
                b"]"
            } else {
                b">"
            }
        } else {
            break;
        };
        let Some(at) = rest.windows(end.len()).position(|window| window == end) else {
            return false;
        };
        rest = rest.get(at + end.len()..).unwrap_or_default();
        rest = rest.trim_ascii_start();
        if end == b"]" {
            rest = rest.strip_prefix(b">").unwrap_or(rest);
        }
    }
    let Some(name) = rest.strip_prefix(b"<") else {
        return false;
    };
    let end = name
        .iter()
        .position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
    let name = name.get(..end.unwrap_or(name.len())).unwrap_or_default();
    name == b"svg" || name.ends_with(b":svg")
}

/// Recognises camera raw formats.
///
/// Most raw files are TIFF files whose first directory is a thumbnail, which must not be mistaken
/// for the photograph. Formats without a distinctive signature or tag are recognised by their
/// extension.
fn camera_raw(head: &[u8], extension: &str) -> Option<&'static str> {
    let starts_with = |magic: &[u8]| head.starts_with(magic);
    if starts_with(b"FUJIFILMCCD-RAW") {
        return Some("image/x-fuji-raf");
    }
    if starts_with(b"IIU\0") {
        return Some("image/x-panasonic-rw2");
    }
    if starts_with(b"IIRO") || starts_with(b"IIRS") || starts_with(b"MMOR") {
        return Some("image/x-olympus-orf");
    }
    if starts_with(b"FOVb") {
        return Some("image/x-sigma-x3f");
    }
    if starts_with(b"\0MRM") {
        return Some("image/x-minolta-mrw");
    }
    if !(starts_with(b"II*\0") || starts_with(b"MM\0*")) {
        return None;
    }
    if head.get(8..10) == Some(b"CR") {
        return Some("image/x-canon-cr2");
    }
    if has_tag(head, DNG_VERSION) {
        return Some("image/x-adobe-dng");
    }
    Some(match extension {
        "nef" | "nrw" => "image/x-nikon-nef",
        "arw" | "sr2" | "srf" => "image/x-sony-arw",
        "pef" => "image/x-pentax-pef",
        "dng" => "image/x-adobe-dng",
        "3fr" | "fff" => "image/x-hasselblad-3fr",
        "iiq" => "image/x-phaseone-iiq",
        "erf" => "image/x-epson-erf",
        "mef" => "image/x-mamiya-mef",
        "mos" => "image/x-leaf-mos",
        "kdc" | "dcr" => "image/x-kodak-dcr",
        "srw" => "image/x-samsung-srw",
        _ => return None,
    })
}

const DNG_VERSION: u16 = 0xc612;

/// Returns `true` if the first directory of a TIFF contains the tag. Only the part of the directory
/// that is in `head` is read.
fn has_tag(head: &[u8], tag: u16) -> bool {
    let is_little_endian = head.starts_with(b"II");
    let short = |at: usize| {
        let bytes = *head.get(at..)?.first_chunk::<2>()?;
        Some(if is_little_endian {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let offset = head
        .get(4..)
        .and_then(|rest| rest.first_chunk::<4>())
        .map(|bytes| {
            if is_little_endian {
                u32::from_le_bytes(*bytes)
            } else {
                u32::from_be_bytes(*bytes)
            }
        });
    let Some((start, count)) = offset.and_then(|at| Some((at as usize, short(at as usize)?)))
    else {
        return false;
    };
    (0..usize::from(count))
        .map_while(|entry| short(start + 2 + 12 * entry))
        .any(|number| number == tag)
}

fn by_extension(extension: &str) -> Option<Type> {
    use Kind::{Audio, Document, Image, Model, Text, Video};
    Some(match extension {
        "jpg" | "jpeg" | "jpe" => ("image/jpeg", Image),
        "png" => ("image/png", Image),
        "tif" | "tiff" => ("image/tiff", Image),
        "webp" => ("image/webp", Image),
        "gif" => ("image/gif", Image),
        "bmp" | "dib" => ("image/bmp", Image),
        "jp2" | "jpf" | "jpx" => ("image/jp2", Image),
        "j2k" | "j2c" | "jpc" => ("image/j2c", Image),
        "jxl" => ("image/jxl", Image),
        "jxr" | "wdp" | "hdp" => ("image/jxr", Image),
        "avif" => ("image/avif", Image),
        "heic" | "heif" => ("image/heic", Image),
        "svg" => ("image/svg+xml", Image),
        "pdf" => ("application/pdf", Document),
        "epub" => ("application/epub+zip", Document),
        "docx" => (
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Document,
        ),
        "odt" => ("application/vnd.oasis.opendocument.text", Document),
        "mp3" => ("audio/mpeg", Audio),
        "wav" => ("audio/wav", Audio),
        "ogg" | "oga" | "opus" => ("audio/ogg", Audio),
        "flac" => ("audio/flac", Audio),
        "m4a" => ("audio/mp4", Audio),
        "mp4" | "m4v" => ("video/mp4", Video),
        "webm" => ("video/webm", Video),
        "mov" => ("video/quicktime", Video),
        "gltf" => ("model/gltf+json", Model),
        "glb" => ("model/gltf-binary", Model),
        "obj" => ("model/obj", Model),
        "stl" => ("model/stl", Model),
        "txt" | "text" => ("text/plain", Text),
        "md" | "markdown" => ("text/markdown", Text),
        "csv" => ("text/csv", Text),
        "tsv" => ("text/tab-separated-values", Text),
        "xml" | "tei" | "mods" | "page" => ("application/xml", Text),
        "json" => ("application/json", Text),
        "html" | "htm" => ("text/html", Text),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn media_type_of(name: &str, head: &[u8]) -> (&'static str, Kind) {
        let recognised = recognise(Path::new(name), head);
        (recognised.media_type, recognised.kind)
    }

    #[test]
    fn prefers_the_content_over_the_extension() {
        assert_eq!(
            media_type_of("a.jpg", b"%PDF-1.7"),
            ("application/pdf", Kind::Document)
        );
        assert_eq!(
            media_type_of("a.txt", b"\x89PNG\r\n\x1a\n"),
            ("image/png", Kind::Image)
        );
        assert_eq!(
            media_type_of("a", b"RIFF\x10\0\0\0WAVEfmt "),
            ("audio/wav", Kind::Audio)
        );
        assert_eq!(
            media_type_of("a", b"RIFF\x10\0\0\0WEBPVP8 "),
            ("image/webp", Kind::Image)
        );
        assert_eq!(
            media_type_of("a", b"\0\0\0\x18ftypM4A "),
            ("audio/mp4", Kind::Audio)
        );
        assert_eq!(
            media_type_of("a", b"\0\0\0\x18ftypisom"),
            ("video/mp4", Kind::Video)
        );
        assert_eq!(
            media_type_of("a", b"\x1a\x45\xdf\xa3..webm"),
            ("video/webm", Kind::Video)
        );
        assert_eq!(
            media_type_of("a", b"glTF\x02\0\0\0"),
            ("model/gltf-binary", Kind::Model)
        );
        assert_eq!(
            media_type_of("a", b"\xff\xfb\x90\x64"),
            ("audio/mpeg", Kind::Audio)
        );
        assert_eq!(
            media_type_of("a", b"OggS\0\x02"),
            ("audio/ogg", Kind::Audio)
        );
        assert_eq!(media_type_of("a", b"fLaC\0"), ("audio/flac", Kind::Audio));
    }

    #[test]
    fn falls_back_to_the_extension() {
        assert_eq!(
            media_type_of("a.md", "# خزانة".as_bytes()),
            ("text/markdown", Kind::Text)
        );
        assert_eq!(
            media_type_of("a.CSV", b"id,title"),
            ("text/csv", Kind::Text)
        );
        assert_eq!(
            media_type_of("a.gltf", b"{}"),
            ("model/gltf+json", Kind::Model)
        );
        assert_eq!(
            media_type_of("notes", "BM نص".as_bytes()),
            ("text/plain", Kind::Text)
        );
        assert_eq!(media_type_of("a", b"\x01\x02\0"), OCTET_STREAM);
        assert_eq!(media_type_of("a", b""), OCTET_STREAM);
    }

    #[test]
    fn accepts_text_whose_last_character_is_split() {
        let text = "نص".as_bytes();
        assert_eq!(media_type_of("a", &text[..3]), ("text/plain", Kind::Text));
        assert_eq!(media_type_of("a", b"a\xffb"), OCTET_STREAM);
    }
}
