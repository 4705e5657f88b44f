//! Writing directions.

use serde::{Deserialize, Serialize};
use unicode_bidi::get_base_direction_full;

/// The writing direction of a text, or the reading direction of the pages of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Left to right.
    Ltr,
    /// Right to left.
    Rtl,
}

khizana_json::json_enum!(Direction { ltr: Ltr, rtl: Rtl });

impl Direction {
    /// Returns the value of the HTML attribute `dir`.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Ltr => "ltr",
            Direction::Rtl => "rtl",
        }
    }
}

/// Returns `true` if a script, given by its ISO 15924 code, is written right to left.
pub fn script_is_rtl(script: &str) -> bool {
    const RTL: [&str; 22] = [
        "Adlm", "Arab", "Aran", "Armi", "Avst", "Hebr", "Mand", "Mani", "Mend", "Nbat", "Nkoo",
        "Palm", "Phli", "Phnx", "Prti", "Rohg", "Samr", "Sarb", "Syrc", "Syre", "Syrj", "Thaa",
    ];
    RTL.iter().any(|rtl| rtl.eq_ignore_ascii_case(script))
}

/// Returns the direction of the first strong character of a text, according to rules P2 and P3 of
/// the Unicode Bidirectional Algorithm (UAX #9). Returns `None` if the text has no strong
/// character.
pub fn first_strong(text: &str) -> Option<Direction> {
    match get_base_direction_full(text) {
        unicode_bidi::Direction::Ltr => Some(Direction::Ltr),
        unicode_bidi::Direction::Rtl => Some(Direction::Rtl),
        unicode_bidi::Direction::Mixed => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_strong_character_determines_the_direction() {
        assert_eq!(first_strong("١٣٢٤ كتاب Kitab"), Some(Direction::Rtl));
        assert_eq!(first_strong("«Kitab» كتاب"), Some(Direction::Ltr));
        assert_eq!(first_strong("ⵜⴰⵎⴰⵣⵉⵖⵜ"), Some(Direction::Ltr));
        assert_eq!(first_strong("ܫܠܡܐ"), Some(Direction::Rtl));
        assert_eq!(first_strong("12, 34"), None);
        assert_eq!(first_strong("12\n\u{5d0}"), Some(Direction::Rtl));
    }
}
