//! The direction in which a value is written.

use serde::{Deserialize, Serialize};

/// Right to left or left to right; of a text, or of the pages of a book.
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
    /// The value of HTML's `dir` attribute.
    pub fn as_str(self) -> &'static str {
        match self {
            Direction::Ltr => "ltr",
            Direction::Rtl => "rtl",
        }
    }
}

/// Whether a script, by its ISO 15924 code, is written right to left.
pub fn script_is_rtl(script: &str) -> bool {
    const RTL: [&str; 22] = [
        "Adlm", "Arab", "Aran", "Armi", "Avst", "Hebr", "Mand", "Mani", "Mend", "Nbat", "Nkoo",
        "Palm", "Phli", "Phnx", "Prti", "Rohg", "Samr", "Sarb", "Syrc", "Syre", "Syrj", "Thaa",
    ];
    RTL.iter().any(|rtl| rtl.eq_ignore_ascii_case(script))
}

/// The direction of the first letter that has one (the rule P2 of Unicode's UAX 9, over the blocks
/// that are written right to left), for values whose language is unknown.
pub fn first_strong(text: &str) -> Option<Direction> {
    text.chars().find_map(|c| match c as u32 {
        0x0590..=0x08FF
        | 0xFB1D..=0xFDFF
        | 0xFE70..=0xFEFF
        | 0x10800..=0x10FFF
        | 0x1E800..=0x1EFFF => c.is_alphabetic().then_some(Direction::Rtl),
        _ => c.is_alphabetic().then_some(Direction::Ltr),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_letter_decides() {
        assert_eq!(first_strong("١٣٢٤ كتاب Kitab"), Some(Direction::Rtl));
        assert_eq!(first_strong("«Kitab» كتاب"), Some(Direction::Ltr));
        assert_eq!(first_strong("ⵜⴰⵎⴰⵣⵉⵖⵜ"), Some(Direction::Ltr));
        assert_eq!(first_strong("ܫܠܡܐ"), Some(Direction::Rtl));
        assert_eq!(first_strong("12, 34"), None);
    }
}
