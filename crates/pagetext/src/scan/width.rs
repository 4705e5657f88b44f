//! How wide words are, in the widths of a usual letter. Measured on Arabic in print; of other scripts only what is
//! plainly narrower or wider than the rest.

/// The width of the space between two words.
pub(super) const SPACE: f32 = 0.55;

/// The width of a word. A letter of Arabic is wider where nothing is joined to it.
pub(super) fn width(word: &str) -> f32 {
    let mut letters = word.chars().filter(|c| !is_mark(*c)).peekable();
    let mut width = 0.0f32;
    while let Some(letter) = letters.next() {
        let is_last = letters.peek().is_none_or(|next| !is_arabic(*next));
        width += match letter {
            'ا' | 'ل' | 'إ' | 'ت' | 'ي' | 'ئ' | 'ی' if !is_last => 0.45,
            'ن' | 'ب' | 'ق' | 'م' | 'ف' | 'ة' | 'ث' | 'أ' | 'پ' if !is_last => 0.65,
            'ه' | 'ع' if !is_last => 0.8,
            'ا' | 'أ' | 'إ' | 'ء' | 'ة' | 'م' => 0.75,
            'ب' | 'پ' | 'ت' | 'ث' | 'ف' | 'س' | 'ش' | 'ص' | 'ض' | 'ك' | 'ک' | 'گ' if is_last => {
                1.8
            }
            'ل' | 'ن' | 'ي' | 'ی' | 'ق' | 'ع' | 'غ' | 'ح' | 'ج' | 'خ' if is_last => 1.3,
            'i' | 'j' | 'l' | 'f' | 't' | 'r' | 'I' => 0.6,
            'm' | 'w' | 'M' | 'W' => 1.5,
            letter if letter.is_ascii_punctuation() => 0.6,
            letter if letter.is_uppercase() => 1.3,
            _ => 1.0,
        };
    }
    width.max(0.3)
}

fn is_arabic(letter: char) -> bool {
    matches!(letter, '\u{620}'..='\u{64a}' | '\u{671}'..='\u{6d3}')
}

/// Whether it takes no width: vowel signs, and the stroke that only lengthens.
fn is_mark(letter: char) -> bool {
    matches!(letter,
        '\u{300}'..='\u{36f}' | '\u{640}' | '\u{64b}'..='\u{65f}' | '\u{670}' | '\u{6d6}'..='\u{6ed}'
        | '\u{200c}'..='\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_take_no_width_and_ends_are_wide() {
        assert_eq!(width("كِتَابٌ"), width("كتاب"));
        assert_eq!(width("كتـــاب"), width("كتاب"));
        assert!(width("باب") > width("بابا"));
        assert!(width("mill") < width("wood"));
        assert!(width("") > 0.0);
    }
}
