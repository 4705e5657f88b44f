//! What a file is, by its first bytes and then by its name.

use std::path::Path;

use crate::{NotRendered, Note};

/// What sort of thing a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A still image.
    Image,
    /// A document of pages, such as a PDF.
    Document,
    /// A sound recording.
    Sound,
    /// A film.
    Film,
    /// Plain or marked-up text, or tabular or structured data.
    Text,
    /// A model in three dimensions.
    Model,
    /// Anything else.
    Other,
}

/// What is known of a media file without decoding it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The IANA media type, such as `image/tiff`.
    pub media_type: String,
    /// What sort of thing it is.
    pub kind: Kind,
    /// Width in pixels, upright; of a drawing (SVG) as it is drawn. `None` for what is no image,
    /// and for images of which no picture is made; of HEIC and AVIF it is known in any case.
    pub width: Option<u32>,
    /// Height in pixels, upright.
    pub height: Option<u32>,
    /// How many pages are shown of it, where it has several; width and height are those of the first.
    pub pages: Option<u32>,
    /// Why no picture is made of an image.
    pub not_rendered: Option<NotRendered>,
    /// What is not shown of an image.
    pub notes: Vec<Note>,
    /// Whether it tells where it was taken: see [`crate::has_location`].
    pub located: bool,
}

/// A format of images that is decoded here.
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
            // A codestream without the boxes around it.
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

/// What a file was recognised as.
pub(crate) struct Recognised {
    pub media_type: &'static str,
    pub kind: Kind,
    /// Set where the format is decoded here.
    pub format: Option<Format>,
    /// Whether the bytes said so, and not the name alone.
    pub by_content: bool,
}

/// Says what a file is. `head` is the beginning of its content; 4 KiB are plenty.
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
                OCTETS
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
const OCTETS: Type = ("application/octet-stream", Kind::Other);

fn is_text(head: &[u8]) -> bool {
    let valid = match std::str::from_utf8(head) {
        Ok(_) => true,
        // A character cut in two by the end of the head.
        Err(e) => e.error_len().is_none(),
    };
    valid && !head.is_empty() && !head.contains(&0)
}

fn holds(head: &[u8], part: &[u8]) -> bool {
    head.windows(part.len()).any(|w| w == part)
}

fn by_magic(head: &[u8], extension: &str) -> Option<Type> {
    use Kind::{Document, Film, Image, Model, Other, Sound};
    let at = |offset: usize, bytes: &[u8]| {
        head.get(offset..)
            .is_some_and(|rest| rest.starts_with(bytes))
    };
    let fixed: [(&[u8], Type); 26] = [
        (b"\xff\xd8\xff", ("image/jpeg", Image)),
        (b"\x89PNG\r\n\x1a\n", ("image/png", Image)),
        (b"II*\0", ("image/tiff", Image)),
        (b"MM\0*", ("image/tiff", Image)),
        (b"II+\0", ("image/tiff", Image)),
        (b"MM\0+", ("image/tiff", Image)),
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
        (b"ID3", ("audio/mpeg", Sound)),
        (b"fLaC", ("audio/flac", Sound)),
        (b"glTF", ("model/gltf-binary", Model)),
        (b"\x1f\x8b", ("application/gzip", Other)),
        (b"\x28\xb5\x2f\xfd", ("application/zstd", Other)),
        (b"\0\0\x01\xba", ("video/mpeg", Film)),
        (b"\0\0\x01\xb3", ("video/mpeg", Film)),
        (b"MThd", ("audio/midi", Sound)),
        (b"%!PS", ("application/postscript", Document)),
        (b"{\\rtf", ("text/rtf", Document)),
    ];
    if let Some(raw) = camera_raw(head, extension) {
        return Some((raw, Image));
    }
    if let Some((_, found)) = fixed.iter().find(|(magic, _)| at(0, magic)) {
        return Some(*found);
    }
    if at(0, b"RIFF") {
        if at(8, b"WEBP") {
            return Some(("image/webp", Image));
        }
        if at(8, b"WAVE") {
            // Registered as audio/vnd.wave; this is the name every player knows.
            return Some(("audio/wav", Sound));
        }
        if at(8, b"AVI ") {
            return Some(("video/vnd.avi", Film));
        }
    }
    if at(0, b"FORM") && at(8, b"AIF") {
        return Some(("audio/aiff", Sound));
    }
    // The four bytes after the length are reserved and zero: "BM" alone also begins words.
    if at(0, b"BM") && (at(6, b"\0\0\0\0") || extension == "bmp") {
        return Some(("image/bmp", Image));
    }
    if at(0, b"OggS") {
        let film = holds(head, b"\x80theora");
        return Some(if film {
            ("video/ogg", Film)
        } else {
            ("audio/ogg", Sound)
        });
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        let webm = holds(head, b"webm");
        return Some(if webm {
            ("video/webm", Film)
        } else {
            ("video/matroska", Film)
        });
    }
    if at(4, b"ftyp") {
        let brand = head.get(8..12).unwrap_or_default();
        return Some(match brand {
            b"avif" | b"avis" => ("image/avif", Image),
            // Any still image; which, the brands after it say.
            b"mif1" | b"msf1" if brands(head).any(|brand| brand == b"avif") => {
                ("image/avif", Image)
            }
            b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
                ("image/heic", Image)
            }
            b"crx " => ("image/x-canon-cr3", Image),
            b"M4A " | b"M4B " => ("audio/mp4", Sound),
            b"qt  " => ("video/quicktime", Film),
            _ => ("video/mp4", Film),
        });
    }
    if at(0, b"PK\x03\x04") {
        let epub = holds(head, b"mimetypeapplication/epub+zip");
        return Some(if epub {
            ("application/epub+zip", Document)
        } else {
            by_extension(extension)
                .filter(|t| t.1 == Document)
                .unwrap_or(("application/zip", Other))
        });
    }
    // A frame of MPEG audio, layer III, without a tag before it.
    if let [0xff, second, ..] = head
        && second & 0xe6 == 0xe2
    {
        return Some(("audio/mpeg", Sound));
    }
    if is_text(head) && begins_with_svg(head) {
        return Some(("image/svg+xml", Image));
    }
    None
}

/// The brands of an ISO media file that come after its first.
fn brands(head: &[u8]) -> impl Iterator<Item = &[u8]> {
    let length = head.first_chunk().map_or(0, |n| u32::from_be_bytes(*n));
    let end = head.len().min(length as usize);
    head.get(16..end).unwrap_or_default().chunks_exact(4)
}

/// Whether the first element of an XML text is `svg`, in whatever namespace: a page of HTML may
/// have a drawing within it.
fn begins_with_svg(head: &[u8]) -> bool {
    let mut rest = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    loop {
        rest = rest.trim_ascii_start();
        let end: &[u8] = if rest.starts_with(b"<!--") {
            b"-->"
        } else if rest.starts_with(b"<?") {
            b"?>"
        } else if rest.starts_with(b"<!DOCTYPE") {
            // A list of entities stands in brackets.
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
        let Some(at) = rest.windows(end.len()).position(|part| part == end) else {
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

/// The raw data of a camera. Most are TIFFs with a small picture at their beginning, which is not to
/// be taken for the photograph; the maker's name for them decides.
fn camera_raw(head: &[u8], extension: &str) -> Option<&'static str> {
    let begins = |magic: &[u8]| head.starts_with(magic);
    if begins(b"FUJIFILMCCD-RAW") {
        return Some("image/x-fuji-raf");
    }
    if begins(b"IIU\0") {
        return Some("image/x-panasonic-rw2");
    }
    if begins(b"IIRO") || begins(b"IIRS") || begins(b"MMOR") {
        return Some("image/x-olympus-orf");
    }
    if begins(b"FOVb") {
        return Some("image/x-sigma-x3f");
    }
    if begins(b"\0MRM") {
        return Some("image/x-minolta-mrw");
    }
    if !(begins(b"II*\0") || begins(b"MM\0*")) {
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

/// Whether the first directory of a TIFF has a tag, as far as it lies in the head.
fn has_tag(head: &[u8], tag: u16) -> bool {
    let little = head.starts_with(b"II");
    let short = |at: usize| {
        let bytes = *head.get(at..)?.first_chunk::<2>()?;
        Some(if little {
            u16::from_le_bytes(bytes)
        } else {
            u16::from_be_bytes(bytes)
        })
    };
    let offset = head
        .get(4..)
        .and_then(|rest| rest.first_chunk::<4>())
        .map(|bytes| {
            if little {
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
        .any(|own| own == tag)
}

fn by_extension(extension: &str) -> Option<Type> {
    use Kind::{Document, Film, Image, Model, Sound, Text};
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
        "mp3" => ("audio/mpeg", Sound),
        "wav" => ("audio/wav", Sound),
        "ogg" | "oga" | "opus" => ("audio/ogg", Sound),
        "flac" => ("audio/flac", Sound),
        "m4a" => ("audio/mp4", Sound),
        "mp4" | "m4v" => ("video/mp4", Film),
        "webm" => ("video/webm", Film),
        "mov" => ("video/quicktime", Film),
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

    fn named(name: &str, head: &[u8]) -> (&'static str, Kind) {
        let found = recognise(Path::new(name), head);
        (found.media_type, found.kind)
    }

    #[test]
    fn content_comes_before_the_name() {
        assert_eq!(
            named("a.jpg", b"%PDF-1.7"),
            ("application/pdf", Kind::Document)
        );
        assert_eq!(
            named("a.txt", b"\x89PNG\r\n\x1a\n"),
            ("image/png", Kind::Image)
        );
        assert_eq!(
            named("a", b"RIFF\x10\0\0\0WAVEfmt "),
            ("audio/wav", Kind::Sound)
        );
        assert_eq!(
            named("a", b"RIFF\x10\0\0\0WEBPVP8 "),
            ("image/webp", Kind::Image)
        );
        assert_eq!(
            named("a", b"\0\0\0\x18ftypM4A "),
            ("audio/mp4", Kind::Sound)
        );
        assert_eq!(named("a", b"\0\0\0\x18ftypisom"), ("video/mp4", Kind::Film));
        assert_eq!(
            named("a", b"\x1a\x45\xdf\xa3..webm"),
            ("video/webm", Kind::Film)
        );
        assert_eq!(
            named("a", b"glTF\x02\0\0\0"),
            ("model/gltf-binary", Kind::Model)
        );
        assert_eq!(named("a", b"\xff\xfb\x90\x64"), ("audio/mpeg", Kind::Sound));
        assert_eq!(named("a", b"OggS\0\x02"), ("audio/ogg", Kind::Sound));
        assert_eq!(named("a", b"fLaC\0"), ("audio/flac", Kind::Sound));
    }

    #[test]
    fn the_name_decides_where_the_content_does_not() {
        assert_eq!(
            named("a.md", "# خزانة".as_bytes()),
            ("text/markdown", Kind::Text)
        );
        assert_eq!(named("a.CSV", b"id,title"), ("text/csv", Kind::Text));
        assert_eq!(named("a.gltf", b"{}"), ("model/gltf+json", Kind::Model));
        assert_eq!(
            named("notes", "BM نص".as_bytes()),
            ("text/plain", Kind::Text)
        );
        assert_eq!(named("a", b"\x01\x02\0"), OCTETS);
        assert_eq!(named("a", b""), OCTETS);
    }

    #[test]
    fn a_character_cut_by_the_end_of_the_head_is_still_text() {
        let whole = "نص".as_bytes();
        assert_eq!(named("a", &whole[..3]), ("text/plain", Kind::Text));
        assert_eq!(named("a", b"a\xffb"), OCTETS);
    }
}
