//! Analysis of Hebrew words: proclitics and plurals.

fn letter_count(word: &str) -> usize {
    word.chars().count()
}

/// Removes the proclitics ה, ו, ב, כ, ל, מ and ש from a folded word. Returns `None` if the word has
/// none.
///
/// A letter is only removed if enough letters are left. The minimum is higher for letters that more
/// words begin with.
pub(crate) fn strip_proclitics(word: &str) -> Option<&str> {
    /// Words whose first letter is not a proclitic, although the remaining letters are also a word.
    const EXCEPTIONS: [&str; 5] = ["ברכה", "בקשה", "לבנה", "בגדימ", "כתבה"];
    if EXCEPTIONS.contains(&word) {
        return None;
    }
    let mut rest = word;
    for count in 0.. {
        let Some(letter) = rest.chars().next() else {
            break;
        };
        let min_letters = match letter {
            'ו' if count == 0 => 3,
            'ה' => 3,
            'ב' | 'כ' | 'ל' if count == 0 => 3,
            'ב' | 'כ' | 'ל' => 4,
            'מ' => 5,
            'ש' if count == 0 => 6,
            _ => break,
        };
        let after = rest.get(letter.len_utf8()..).unwrap_or_default();
        if letter_count(after) < min_letters
            || (count > 0 && letter_count(after) < 4 && letter != 'ה')
        {
            break;
        }
        rest = after;
        // The article is always the last proclitic.
        if letter == 'ה' {
            break;
        }
    }
    (rest.len() < word.len()).then_some(rest)
}

/// Returns the singular of a masculine plural in ים, and other words unchanged.
///
/// A feminine plural in ות is its own stem, because its singular may or may not end in ה;
/// [`lookup_stems`] returns both.
pub(crate) fn stem(word: &str) -> String {
    // Proper nouns that only look like plurals: Jerusalem, Egypt, Ephraim.
    let is_plural = |rest: &&str| !matches!(*rest, "ירושל" | "מצר" | "אפר");
    match strip_suffix(word, "ימ").filter(is_plural) {
        Some(rest) => rest.to_owned(),
        None => word.to_owned(),
    }
}

/// Adds the stems under which a query word is looked up: the stem of the word, and the stems of its
/// feminine plural or of the singulars of such a plural.
pub(crate) fn lookup_stems(word: &str, stems: &mut Vec<String>) {
    if let Some(rest) = strip_suffix(word, "ות") {
        stems.push(format!("{rest}ה"));
        if letter_count(rest) >= 4 {
            stems.push(rest.to_owned());
        }
    } else if let Some(rest) = strip_suffix(word, "ה") {
        stems.push(format!("{rest}ות"));
    } else if letter_count(word) >= 4 {
        stems.push(format!("{word}ות"));
    }
    stems.push(stem(word));
}

/// Removes a suffix if at least three letters are left.
fn strip_suffix<'a>(word: &'a str, suffix: &str) -> Option<&'a str> {
    word.strip_suffix(suffix)
        .filter(|rest| letter_count(rest) >= 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold;

    #[test]
    fn proclitics_are_stripped() {
        for (word, rest) in [
            ("הספר", "ספר"),
            ("בספר", "ספר"),
            ("והספרים", "ספרים"),
            ("בירושלים", "ירושלים"),
            ("מירושלים", "ירושלים"),
            ("שבירושלים", "ירושלים"),
        ] {
            assert_eq!(
                strip_proclitics(&fold(word)),
                Some(fold(rest).as_str()),
                "{word}"
            );
        }
        for word in ["מנורה", "מגילה", "ברכה", "שבועות", "לוח", "הר", "כתב"]
        {
            assert_eq!(strip_proclitics(&fold(word)), None, "{word}");
        }
    }

    #[test]
    fn masculine_plural_is_stemmed_to_its_singular() {
        assert_eq!(stem(&fold("מלכים")), fold("מלך"));
        assert_eq!(stem(&fold("מים")), fold("מים"));
    }
}
