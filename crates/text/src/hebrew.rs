//! Hebrew words: the letters attached before them, and their plurals.

fn letters(word: &str) -> usize {
    word.chars().count()
}

/// A word without ה, ו, ב, כ, ל, מ, ש before it, as far as enough of it is left. ב, כ, ל begin many
/// words of their own, מ and ש still more.
pub(crate) fn bare(word: &str) -> Option<&str> {
    /// Words in which the first letter is their own, although a word is left without it.
    const WHOLE: [&str; 5] = ["ברכה", "בקשה", "לבנה", "בגדימ", "כתבה"];
    if WHOLE.contains(&word) {
        return None;
    }
    let mut rest = word;
    for place in 0.. {
        let Some(particle) = rest.chars().next() else {
            break;
        };
        let least = match particle {
            'ו' if place == 0 => 3,
            'ה' => 3,
            'ב' | 'כ' | 'ל' if place == 0 => 3,
            'ב' | 'כ' | 'ל' => 4,
            'מ' => 5,
            'ש' if place == 0 => 6,
            _ => break,
        };
        let behind = rest.get(particle.len_utf8()..).unwrap_or_default();
        if letters(behind) < least || (place > 0 && letters(behind) < 4 && particle != 'ה') {
            break;
        }
        rest = behind;
        // Nothing stands between the article and its word.
        if particle == 'ה' {
            break;
        }
    }
    (rest.len() < word.len()).then_some(rest)
}

/// The singular of a masculine plural. A plural in ות keeps its form, as its singular may end in ה
/// or not; [`kin`] gives the forms to look up.
pub(crate) fn stem(word: &str) -> String {
    // Names that are plurals in form only.
    let name = |rest: &&str| !matches!(*rest, "ירושל" | "מצר" | "אפר");
    match word
        .strip_suffix("ימ")
        .filter(|rest| letters(rest) >= 3)
        .filter(name)
    {
        Some(rest) => rest.to_owned(),
        None => word.to_owned(),
    }
}

/// The forms whose groups a query looks up.
pub(crate) fn kin(word: &str, found: &mut Vec<String>) {
    if let Some(rest) = word.strip_suffix("ות").filter(|rest| letters(rest) >= 3) {
        found.push(format!("{rest}ה"));
        if letters(rest) >= 4 {
            found.push(rest.to_owned());
        }
    } else if let Some(rest) = word.strip_suffix('ה').filter(|rest| letters(rest) >= 3) {
        found.push(format!("{rest}ות"));
    } else if letters(word) >= 4 {
        found.push(format!("{word}ות"));
    }
    found.push(stem(word));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn attached_letters_are_taken_off() {
        for (word, rest) in [
            ("הספר", "ספר"),
            ("בספר", "ספר"),
            ("והספרים", "ספרים"),
            ("בירושלים", "ירושלים"),
            ("מירושלים", "ירושלים"),
            ("שבירושלים", "ירושלים"),
        ] {
            assert_eq!(bare(&fold(word)), Some(fold(rest).as_str()), "{word}");
        }
        for word in ["מנורה", "מגילה", "ברכה", "שבועות", "לוח", "הר", "כתב"]
        {
            assert_eq!(bare(&fold(word)), None, "{word}");
        }
    }

    #[test]
    fn a_masculine_plural_is_one_with_its_singular() {
        assert_eq!(stem(&fold("מלכים")), fold("מלך"));
        assert_eq!(stem(&fold("מים")), fold("מים"));
    }
}
