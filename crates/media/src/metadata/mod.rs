//! Reading of the descriptive metadata that is embedded in images: EXIF, IPTC IIM and XMP.
//!
//! If a property occurs in several blocks, XMP takes precedence over IPTC, and IPTC over EXIF. The
//! Metadata Working Group recommends this order, because XMP defines the language and the encoding
//! of texts.
//!
//! Only the properties that describe the object, and the place where the image was taken, are read.
//! The time set by the camera is ignored, because it is the time of digitisation rather than the
//! time at which the object was created.

mod blocks;
mod exif;
mod iptc;
mod location;
mod tiff_tags;
mod xmp;

use std::path::Path;

pub use self::location::has_location;
use crate::catch_panic::catch_panic;

/// A text with an optional language tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LangString {
    /// The language tag as stored, or `None` if it is missing or is `x-default`.
    pub language: Option<String>,
    /// The text.
    pub text: String,
}

/// Descriptive metadata that is embedded in an image. White space around texts is removed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EmbeddedMetadata {
    /// The title of the object, possibly in several languages.
    pub title: Vec<LangString>,
    /// A description of the object, possibly in several languages.
    pub description: Vec<LangString>,
    /// The names of the creators.
    pub creator: Vec<LangString>,
    /// The rights statement as a text, possibly in several languages.
    pub rights: Vec<LangString>,
    /// The URL of a licence or rights statement.
    pub rights_url: Option<String>,
    /// Date on which the depicted object was created, as an ISO 8601 date without a time. The day,
    /// or the month and the day, may be absent.
    pub date: Option<String>,
    /// Place where the image was taken: latitude and longitude in decimal degrees.
    pub location: Option<(f64, f64)>,
}

impl EmbeddedMetadata {
    /// Replaces each missing property with the property of `other`.
    fn or(self, other: EmbeddedMetadata) -> EmbeddedMetadata {
        let first = |values: Vec<LangString>, other| if values.is_empty() { other } else { values };
        EmbeddedMetadata {
            title: first(self.title, other.title),
            description: first(self.description, other.description),
            creator: first(self.creator, other.creator),
            rights: first(self.rights, other.rights),
            rights_url: self.rights_url.or(other.rights_url),
            date: self.date.or(other.date),
            location: self.location.or(other.location),
        }
    }
}

/// Reads the metadata that is embedded in a JPEG, TIFF, PNG or WebP file.
///
/// Invalid metadata is ignored, and blocks larger than 1 MiB are skipped. For files in other
/// formats, the result is empty.
#[must_use]
pub fn read_embedded(path: &Path) -> EmbeddedMetadata {
    let read = || {
        let blocks = blocks::read_blocks(path);
        let xmp = blocks.xmp.as_deref().map(xmp::read).unwrap_or_default();
        let iptc = blocks.iptc.as_deref().map(iptc::read).unwrap_or_default();
        let exif = blocks.exif.map(exif::read).unwrap_or_default();
        xmp.or(iptc).or(exif).or(blocks.tags)
    };
    catch_panic(read).unwrap_or_default()
}

/// Creates a [`LangString`] without surrounding white space. Returns `None` if the text is empty or
/// too long.
fn lang_string(language: Option<&str>, text: &str) -> Option<LangString> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty() && text.chars().count() <= MAX_TEXT_CHARS).then(|| LangString {
        language: language.map(str::to_owned),
        text: text.to_owned(),
    })
}

/// Maximum length of a text in characters.
const MAX_TEXT_CHARS: usize = 20_000;

/// Parses a date or time in the notation of ISO 8601, EXIF (`2019:05:01 10:00:00`) or IPTC
/// (`20190501`).
///
/// Returns the year, followed by the month and the day if they are valid. Returns `None` if the
/// year is invalid.
fn parse_date(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let year = digits(0, 4).filter(|year| *year > 0)?;
    let mut date = format!("{year:04}");
    let (month, day) = match text.as_bytes().get(4) {
        None => (None, None),
        Some(b'-' | b':') => {
            let day = match text.as_bytes().get(7) {
                Some(b'-' | b':') => digits(8, 10),
                _ => None,
            };
            (digits(5, 7), day)
        }
        Some(b) if b.is_ascii_digit() && text.len() == 8 => (digits(4, 6), digits(6, 8)),
        Some(_) => return None,
    };
    // In IPTC and in the output of scanners, 00 stands for an unknown part.
    let Some(month) = month.filter(|month| (1..=12).contains(month)) else {
        return Some(date);
    };
    date.push_str(&format!("-{month:02}"));
    if let Some(day) = day.filter(|day| (1..=31).contains(day)) {
        date.push_str(&format!("-{day:02}"));
    }
    Some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_dates_of_iso_8601_exif_and_iptc() {
        for (text, expected) in [
            ("2019", Some("2019")),
            ("1906-02", Some("1906-02")),
            ("1906-02-25T10:00:00+02:00", Some("1906-02-25")),
            ("2019:05:01 10:00:00", Some("2019-05-01")),
            ("19060225", Some("1906-02-25")),
            ("19060000", Some("1906")),
            ("1906-13-01", Some("1906")),
            ("0000:00:00 00:00:00", None),
            ("    :  :     :  :  ", None),
            ("circa 1906", None),
            ("١٩٠٦", None),
            ("", None),
        ] {
            assert_eq!(parse_date(text).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn prefers_the_first_source_per_property() {
        let title = |text: &str| vec![lang_string(None, text).expect("a text")];
        let first = EmbeddedMetadata {
            title: title("xmp"),
            ..EmbeddedMetadata::default()
        };
        let second = EmbeddedMetadata {
            title: title("iptc"),
            date: Some("1906".to_owned()),
            ..EmbeddedMetadata::default()
        };
        let merged = first.or(second);
        assert_eq!(
            (merged.title, merged.date.as_deref()),
            (title("xmp"), Some("1906"))
        );
    }
}
