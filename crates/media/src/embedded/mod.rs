//! What the metadata within an image say of it: EXIF, IPTC IIM and XMP.
//!
//! Where several say the same thing, XMP is believed before IPTC, and IPTC before EXIF, as the
//! Metadata Working Group recommends: XMP says in which language a text is, and what its letters are.
//!
//! Only what describes the object is read, with one exception, the place where it was taken. The
//! clock of the camera is not: it says when a manuscript was photographed, not when it was written.

mod blocks;
mod exif;
mod iptc;
mod location;
mod tiff_tags;
mod xmp;

use std::path::Path;

pub use self::location::has_location;
use crate::quiet::quietly;

/// A text in a language: a tag as the file has it, which may be none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worded {
    /// The language tag, as it was written; `None` where there was none, or `x-default`.
    pub language: Option<String>,
    /// The text.
    pub text: String,
}

/// What the metadata within an image say of it. Texts are as they were written, trimmed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Embedded {
    /// The title.
    pub title: Vec<Worded>,
    /// A description.
    pub description: Vec<Worded>,
    /// Who made it, each by a name.
    pub creator: Vec<Worded>,
    /// A statement of rights, in words.
    pub rights: Vec<Worded>,
    /// The address of a licence or rights statement.
    pub rights_address: Option<String>,
    /// When what is seen was made: a date of ISO 8601, without time.
    pub date: Option<String>,
    /// Where it was taken: latitude and longitude, decimal degrees.
    pub location: Option<(f64, f64)>,
}

impl Embedded {
    /// Takes from another what this one does not say.
    fn or(self, other: Embedded) -> Embedded {
        let first = |own: Vec<Worded>, other| if own.is_empty() { other } else { own };
        Embedded {
            title: first(self.title, other.title),
            description: first(self.description, other.description),
            creator: first(self.creator, other.creator),
            rights: first(self.rights, other.rights),
            rights_address: self.rights_address.or(other.rights_address),
            date: self.date.or(other.date),
            location: self.location.or(other.location),
        }
    }
}

/// Reads what the metadata within a JPEG, TIFF, PNG or WebP say of it.
///
/// Nothing is an error: metadata that cannot be read are as if they were not there, and a file of
/// another kind has none. Blocks of more than a megabyte are passed over.
#[must_use]
pub fn embedded(path: &Path) -> Embedded {
    let read = || {
        let blocks = blocks::of(path);
        let xmp = blocks.xmp.as_deref().map(xmp::read).unwrap_or_default();
        let iptc = blocks.iptc.as_deref().map(iptc::read).unwrap_or_default();
        let exif = blocks.exif.map(exif::read).unwrap_or_default();
        xmp.or(iptc).or(exif).or(blocks.tags)
    };
    quietly(read).unwrap_or_default()
}

/// A text worth showing: trimmed, and not empty.
fn worded(language: Option<&str>, text: &str) -> Option<Worded> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\0');
    (!text.is_empty() && text.chars().count() <= LONGEST).then(|| Worded {
        language: language.map(str::to_owned),
        text: text.to_owned(),
    })
}

/// The longest text that is taken, in characters.
const LONGEST: usize = 20_000;

/// The date of a time in ISO 8601, or of a date of EXIF (`2019:05:01 10:00:00`) or IPTC (`20190501`),
/// as far as it is one: year, month, day.
fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = |from: usize, to: usize| -> Option<u32> {
        let part = text.get(from..to)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let year = digits(0, 4).filter(|year| *year > 0)?;
    let mut said = format!("{year:04}");
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
    // Scanners and IPTC write 00 for what is not known.
    let Some(month) = month.filter(|month| (1..=12).contains(month)) else {
        return Some(said);
    };
    said.push_str(&format!("-{month:02}"));
    if let Some(day) = day.filter(|day| (1..=31).contains(day)) {
        said.push_str(&format!("-{day:02}"));
    }
    Some(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_three_standards_become_one() {
        for (written, read) in [
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
            assert_eq!(date(written).as_deref(), read, "{written}");
        }
    }

    #[test]
    fn what_one_says_not_the_next_says() {
        let title = |text: &str| vec![worded(None, text).expect("a text")];
        let first = Embedded {
            title: title("xmp"),
            ..Embedded::default()
        };
        let second = Embedded {
            title: title("iptc"),
            date: Some("1906".to_owned()),
            ..Embedded::default()
        };
        let both = first.or(second);
        assert_eq!(
            (both.title, both.date.as_deref()),
            (title("xmp"), Some("1906"))
        );
    }
}
