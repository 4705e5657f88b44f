//! Numbers written with Arabic letters and with Arabic-Indic digits.

/// The two orders in which the letters were given their values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Abjad {
    /// The order of the East: abjad, hawwaz, ḥuṭṭī, kalaman, saʿfaṣ, qarashat …
    Eastern,
    /// The order of the Maghreb and al-Andalus, which differs from 60 on.
    Western,
}

const EASTERN: [&str; 28] = [
    "ا", "ب", "ج", "د", "ه", "و", "ز", "ح", "ط", "ي", "ك", "ل", "م", "ن", "س", "ع", "ف", "ص", "ق",
    "ر", "ش", "ت", "ث", "خ", "ذ", "ض", "ظ", "غ",
];
const WESTERN: [&str; 28] = [
    "ا", "ب", "ج", "د", "ه", "و", "ز", "ح", "ط", "ي", "ك", "ل", "م", "ن", "ص", "ع", "ف", "ض", "ق",
    "ر", "س", "ت", "ث", "خ", "ذ", "ظ", "غ", "ش",
];

impl Abjad {
    /// Writes `number` with letters, the greatest first. Zero has its own sign
    /// on instruments; here it is an empty string, and a thousand or more is
    /// written with as many letters of a thousand as it takes.
    pub fn write(self, number: u32) -> String {
        let letters = match self {
            Self::Eastern => &EASTERN,
            Self::Western => &WESTERN,
        };
        let mut out = String::new();
        let mut rest = number;
        for (index, letter) in letters.iter().enumerate().rev() {
            let value = (index as u32 % 9 + 1) * 10u32.pow(index as u32 / 9);
            while rest >= value {
                out.push_str(letter);
                rest -= value;
            }
        }
        // A lone or final ha would be read as five only in its medial form.
        out.replace('ه', "ه\u{200d}")
    }
}

/// Writes a number in the Arabic-Indic digits ٠ to ٩.
pub fn arabic_digits(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32('٠' as u32 + (c as u32 - '0' as u32)).unwrap_or(c),
            '.' => '٫',
            other => other,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_written_greatest_first() {
        assert_eq!(Abjad::Eastern.write(33), "لج");
        assert_eq!(Abjad::Eastern.write(20), "ك");
        assert_eq!(Abjad::Eastern.write(11), "يا");
        assert_eq!(Abjad::Eastern.write(354), "شند");
        assert_eq!(Abjad::Eastern.write(999), "ظصط");
        assert_eq!(Abjad::Eastern.write(1000), "غ");
        assert_eq!(Abjad::Eastern.write(0), "");
    }

    #[test]
    fn east_and_west_part_at_sixty() {
        for n in 1..60 {
            assert_eq!(Abjad::Eastern.write(n), Abjad::Western.write(n));
        }
        assert_eq!(Abjad::Eastern.write(60), "س");
        assert_eq!(Abjad::Western.write(60), "ص");
        assert_eq!(Abjad::Eastern.write(90), "ص");
        assert_eq!(Abjad::Western.write(90), "ض");
        assert_eq!(Abjad::Western.write(300), "س");
        assert_eq!(Abjad::Western.write(1000), "ش");
    }

    #[test]
    fn five_has_the_form_of_the_instruments() {
        assert_eq!(Abjad::Eastern.write(5), "ه\u{200d}");
        assert_eq!(Abjad::Eastern.write(15), "يه\u{200d}");
    }

    #[test]
    fn digits_are_those_of_the_east() {
        assert_eq!(arabic_digits("33.5"), "٣٣٫٥");
        assert_eq!(arabic_digits("قرن 10"), "قرن ١٠");
    }
}
