//! Identifiers that are safe in URLs and file names, in any script.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize};

use crate::{Argument, Message, ToArgument, message, printable};

/// The identifier of an item or a collection.
///
/// It consists of 1 to 120 bytes of UTF-8 in NFC. The allowed characters are letters, marks and
/// digits of any script, and `-`, `_`, `.`, `~`, `+`, `=`, `,`, `@`, `!`. It neither starts nor
/// ends with a dot, and is not a device name of Windows, so it is valid as a URL path segment and
/// as a file name on every file system.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Id(String);

/// An error from parsing an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub enum IdError {
    /// The text is empty.
    Empty,
    /// The text is longer than [`Id::MAX_BYTES`], so that its percent-encoded form would exceed the
    /// limits of file names.
    TooLong(usize),
    /// The text contains a character that is not allowed.
    Character {
        /// The text, escaped and shortened by [`printable`].
        id: String,
        /// The first character that is not allowed.
        character: char,
    },
    /// The text is a reserved file name.
    Reserved(String),
    /// The text is not in Unicode Normalization Form C.
    NotNfc(String),
}

impl IdError {
    /// Returns the description of the error, without a full stop.
    pub fn message(&self) -> Message {
        match self {
            IdError::Empty => message!("the identifier is empty"),
            IdError::TooLong(bytes) => message!(
                "the identifier is {bytes} bytes long; the maximum is 120",
                bytes
            ),
            IdError::Character { id, character: ' ' } => message!(
                "the identifier `{id}` contains a space, which is not allowed",
                id
            ),
            IdError::Character { id, character } => message!(
                "the identifier `{id}` contains `{character}`, which is not allowed",
                id,
                character = printable(character.encode_utf8(&mut [0; 4]))
            ),
            IdError::Reserved(id) => {
                message!("the identifier `{id}` is a reserved file name", id)
            }
            IdError::NotNfc(id) => message!(
                "the identifier `{id}` is not in Unicode Normalization Form C (NFC)",
                id
            ),
        }
    }
}

impl ToArgument for Id {
    fn to_argument(&self) -> Argument {
        Argument::Value(self.to_string())
    }
}

impl Id {
    /// The maximum length of an identifier, in bytes.
    pub const MAX_BYTES: usize = 120;

    /// Returns an empty identifier, which serves as a placeholder during deserialization.
    pub(crate) fn default_value() -> Id {
        Id(String::new())
    }

    /// Returns the identifier as a string slice.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Derives an identifier from any text, such as a file name or a title, by replacing each run
    /// of disallowed characters with `-`. Returns `None` if no valid identifier remains.
    pub fn slugify(text: &str) -> Option<Id> {
        slug(text).0.parse().ok()
    }

    /// Derives an identifier as [`Id::slugify`] does, unless the text is too long.
    ///
    /// Different texts can have the same slug. [`Id::slugify_with`] tells them apart.
    pub fn slugify_whole(text: &str) -> Option<Id> {
        let (slug, is_whole) = slug(text);
        is_whole.then(|| slug.parse().ok()).flatten()
    }

    /// Derives an identifier from a text and a suffix, which is appended after `-`. The slug of the
    /// text is truncated if necessary, and omitted if it is not valid.
    pub fn slugify_with(text: &str, suffix: &str) -> Option<Id> {
        let (mut slug, _) = slug(text);
        while slug.len() + 1 + suffix.len() > Self::MAX_BYTES {
            slug.pop();
        }
        let slug = match slug.trim_end_matches(['-', '.']) {
            "" => "item",
            slug => slug,
        };
        format!("{slug}-{suffix}")
            .parse()
            .or_else(|_| format!("item-{suffix}").parse())
            .ok()
    }
}

/// Replaces each run of disallowed characters with `-`. Also returns `false` if the text is too long
/// for an identifier and was truncated.
fn slug(text: &str) -> (String, bool) {
    let mut slug = String::new();
    let mut is_whole = true;
    for c in text.chars() {
        let c = if is_allowed(c) { c } else { '-' };
        if slug.len() + c.len_utf8() > Id::MAX_BYTES {
            is_whole = false;
            break;
        }
        if c != '-' || !slug.ends_with('-') {
            slug.push(c);
        }
    }
    (slug.trim_matches(['-', '.']).to_owned(), is_whole)
}

/// Returns the name of a character in a message.
fn is_allowed(c: char) -> bool {
    c.is_alphanumeric() || "-_.~+=,@!".contains(c) || is_mark(c)
}

/// Returns `true` if a character is a combining mark that [`char::is_alphanumeric`] excludes: a
/// non-alphabetic character of the categories Mn or Mc, such as a tashkeel mark, a Hebrew point or
/// a virama. The marks are recognised by their code point ranges.
fn is_mark(c: char) -> bool {
    matches!(c as u32,
        0x0300..=0x036F | 0x0483..=0x0487 | 0x0591..=0x05BD | 0x05BF | 0x05C1..=0x05C2 | 0x05C4..=0x05C5
        | 0x0610..=0x061A | 0x064B..=0x065F | 0x0670 | 0x06D6..=0x06DC | 0x06DF..=0x06E4 | 0x06E7..=0x06E8
        | 0x06EA..=0x06ED | 0x0711 | 0x0730..=0x074A | 0x0900..=0x0D7F | 0x0E00..=0x0EFF | 0x2D7F)
        && !c.is_whitespace()
        && !matches!(c as u32, 0x0964..=0x0965 | 0x0E3F | 0x0E4F | 0x0E5A..=0x0E5B)
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Id {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, IdError> {
        if text.is_empty() {
            return Err(IdError::Empty);
        }
        if text.len() > Self::MAX_BYTES {
            return Err(IdError::TooLong(text.len()));
        }
        if let Some(character) = text.chars().find(|c| !is_allowed(*c)) {
            return Err(IdError::Character {
                id: printable(text),
                character,
            });
        }
        let stem = text.split('.').next().unwrap_or(text).to_ascii_lowercase();
        let is_device = matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
            || (stem.len() == 4
                && (stem.starts_with("com") || stem.starts_with("lpt"))
                && stem.ends_with(|c: char| c.is_ascii_digit()));
        if text.starts_with('.') || text.ends_with('.') || is_device {
            return Err(IdError::Reserved(printable(text)));
        }
        #[cfg(feature = "checks")]
        if !unicode_normalization::is_nfc(text) {
            return Err(IdError::NotNfc(printable(text)));
        }
        Ok(Id(text.to_owned()))
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn accepts_letters_of_any_script() {
        for id in [
            "muqtabas-1-1",
            "المقتبس",
            "كِتاب",
            "ܫܠܳܡܳܐ",
            "שָׁלוֹם",
            "ⵜⴰⵎⴰⵣⵉⵖⵜ",
            "北京",
            "a.b",
            "x~1",
            "ก็",
            "0",
        ] {
            assert_eq!(id.parse::<Id>().unwrap().as_str(), id);
        }
    }

    #[test]
    fn errors_contain_the_identifier_and_the_character() {
        let message = |id: &str| id.parse::<Id>().unwrap_err().to_string();
        assert_eq!(
            message("a/b"),
            "the identifier `a/b` contains `/`, which is not allowed"
        );
        assert_eq!(
            message("a b"),
            "the identifier `a b` contains a space, which is not allowed"
        );
        assert_eq!(
            message("a\u{202E}b"),
            "the identifier `a\\u{202e}b` contains `\\u{202e}`, which is not allowed"
        );
    }

    #[test]
    fn rejects_characters_and_names_unsafe_in_urls_or_file_systems() {
        assert_eq!("".parse::<Id>(), Err(IdError::Empty));
        assert_eq!("x".repeat(121).parse::<Id>(), Err(IdError::TooLong(121)));
        for wrong in [
            "a/b",
            "a\\b",
            "a b",
            "a:b",
            "a?b",
            "a%2fb",
            "<b>",
            "a\0",
            "a\u{202e}b",
            "a\u{200f}",
            "a\n",
            "a*",
            "a|b",
            "a#b",
            "a\"b",
            "a\u{feff}",
        ] {
            assert!(
                matches!(wrong.parse::<Id>(), Err(IdError::Character { .. })),
                "{wrong:?}"
            );
        }
        for wrong in [".", "..", ".hidden", "end.", "CON", "nul.txt", "lpt1"] {
            assert!(
                matches!(wrong.parse::<Id>(), Err(IdError::Reserved(_))),
                "{wrong}"
            );
        }
    }

    #[cfg(feature = "checks")]
    #[test]
    fn rejects_decomposed_identifiers() {
        assert!(matches!("e\u{301}".parse::<Id>(), Err(IdError::NotNfc(_))));
    }

    #[test]
    fn slugify_derives_an_identifier_from_a_file_name() {
        assert_eq!(
            Id::slugify("My scans (2)/ب").unwrap().as_str(),
            "My-scans-2-ب"
        );
        assert_eq!(Id::slugify("..."), None);
        assert!(Id::slugify(&"ع".repeat(100)).unwrap().as_str().len() <= Id::MAX_BYTES);
    }

    #[test]
    fn errors_escape_bidirectional_control_characters() {
        let error = "a\u{202e}b".parse::<Id>().unwrap_err().to_string();
        assert!(
            error.contains("\\u{202e}") && !error.contains('\u{202e}'),
            "{error}"
        );
    }
}
