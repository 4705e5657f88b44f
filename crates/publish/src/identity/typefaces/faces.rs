//! The choice of a font file for each character of a page.

use std::collections::BTreeSet;

/// A published font file with some of the characters of a typeface.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// The path, relative to the root of the site.
    pub(super) path: String,
    /// The characters.
    pub(super) characters: BTreeSet<char>,
}

/// A typeface whose font file can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Face {
    /// The language of the interface for which it is, or `None` for all.
    pub(super) language: Option<String>,
    /// The files. If there are two, the first one has the Arabic characters.
    pub(super) parts: Vec<Part>,
}

/// A file that displays some characters of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) path: String,
    /// The size in per cent of that of the text.
    pub(super) size: u32,
    pub(super) characters: BTreeSet<char>,
}

/// Returns `true` if a character belongs to the Arabic script or controls its shaping.
pub(super) fn is_arabic(c: char) -> bool {
    matches!(u32::from(c),
        0x0600..=0x06ff | 0x0750..=0x077f | 0x0860..=0x08ff | 0x200c..=0x200f
        | 0xfb50..=0xfdff | 0xfe70..=0xfeff | 0x10ec0..=0x10eff | 0x1ee00..=0x1eeff)
}

/// Returns `true` if pages in the language are in the Arabic script.
pub(super) fn has_arabic_script(language: &str) -> bool {
    language == "ar"
}

/// Returns `true` for letters, marks and digits of other scripts than the Arabic one.
fn is_foreign_letter(c: char) -> bool {
    !is_arabic(c) && c.is_alphanumeric()
}

impl Face {
    fn contains(&self, c: char) -> bool {
        self.parts.iter().any(|part| part.characters.contains(&c))
    }

    /// Returns `true` if the typeface has the letters of the script.
    fn has_script(&self, is_arabic: bool) -> bool {
        let letters = if is_arabic { ['ا', 'ب'] } else { ['a', 'e'] };
        letters.into_iter().all(|letter| self.contains(letter))
    }

    /// Returns `true` if the typeface sets the text of pages in the script, and not only words of the other script.
    fn sets(&self, is_arabic: bool) -> bool {
        let language = self.language.as_deref();
        let is_meant = language.is_none_or(|language| has_arabic_script(language) == is_arabic);
        is_meant && self.has_script(is_arabic)
    }
}

/// Returns the files that display the characters of pages in a language. Each character is in one of them at most; the
/// typefaces of the look display the others.
///
/// The typeface of the language comes first, then those of other languages in the same script, and then those of other
/// languages for their letters, in the size that matches the text. Only a typeface of the script of the page has the
/// space, which sets the base line.
pub(super) fn rules(faces: &[Face], language: &str) -> Vec<Rule> {
    let is_arabic_page = has_arabic_script(language);
    let mut faces: Vec<&Face> = faces.iter().collect();
    faces.sort_by_key(|face| {
        let is_exact = face.language.as_deref().is_none_or(|face| face == language);
        (!face.sets(is_arabic_page), !is_exact)
    });
    let mut taken = BTreeSet::new();
    let mut rules: Vec<Rule> = Vec::new();
    for face in faces {
        let sets = face.sets(is_arabic_page);
        let is_displayed = |c: char| match is_arabic_page {
            _ if sets => true,
            true => is_foreign_letter(c),
            false => is_arabic(c),
        };
        let size = match is_arabic_page {
            _ if sets => 100,
            true => 87,
            false => 115,
        };
        // Characters that both parts have come from the file that the page needs in any case.
        let mut parts: Vec<&Part> = face.parts.iter().collect();
        if !is_arabic_page {
            parts.reverse();
        }
        for part in parts {
            let characters = part.characters.iter().copied();
            let characters: BTreeSet<char> = characters
                .filter(|c| is_displayed(*c) && !taken.contains(c))
                .collect();
            if !characters.is_empty() {
                taken.extend(characters.iter().copied());
                rules.push(Rule {
                    path: part.path.clone(),
                    size,
                    characters,
                });
            }
        }
    }
    rules
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const ARABIC: &str = "ابه٤، .";
    const LATIN: &str = "aeé4 .";

    fn face(language: Option<&str>, parts: &[(&str, &str)]) -> Face {
        Face {
            language: language.map(str::to_owned),
            parts: parts
                .iter()
                .map(|(path, characters)| Part {
                    path: (*path).to_owned(),
                    characters: characters.chars().collect(),
                })
                .collect(),
        }
    }

    fn described(faces: &[Face], language: &str) -> Vec<(String, u32, String)> {
        let rules = rules(faces, language).into_iter();
        rules
            .map(|rule| (rule.path, rule.size, rule.characters.into_iter().collect()))
            .collect()
    }

    fn rule(path: &str, size: u32, characters: &str) -> (String, u32, String) {
        let characters: BTreeSet<char> = characters.chars().collect();
        (path.to_owned(), size, characters.into_iter().collect())
    }

    #[test]
    fn a_typeface_with_both_scripts_sets_all_pages() {
        let faces = [face(None, &[("arabic", ARABIC), ("latin", LATIN)])];
        assert_eq!(
            described(&faces, "ar"),
            [rule("arabic", 100, ARABIC), rule("latin", 100, "aeé4")]
        );
        assert_eq!(
            described(&faces, "en"),
            [rule("latin", 100, LATIN), rule("arabic", 100, "ابه٤،")]
        );
    }

    #[test]
    fn a_typeface_of_another_script_displays_only_its_letters() {
        let faces = [face(None, &[("latin", LATIN)])];
        assert_eq!(described(&faces, "fr"), [rule("latin", 100, LATIN)]);
        assert_eq!(described(&faces, "ar"), [rule("latin", 87, "aeé4")]);
        // The Latin letters of a typeface for Arabic are not used on pages in English.
        let faces = [face(Some("ar"), &[("arabic", ARABIC), ("latin", LATIN)])];
        assert_eq!(described(&faces, "en"), [rule("arabic", 115, "ابه٤،")]);
    }

    #[test]
    fn each_language_has_its_typeface_and_borrows_the_others() {
        let faces = [
            face(Some("ar"), &[("naskh", ARABIC)]),
            face(Some("en"), &[("serif", LATIN)]),
            face(Some("fr"), &[("garamond", LATIN)]),
        ];
        assert_eq!(
            described(&faces, "ar"),
            [rule("naskh", 100, ARABIC), rule("serif", 87, "aeé4")]
        );
        assert_eq!(
            described(&faces, "fr"),
            [rule("garamond", 100, LATIN), rule("naskh", 115, "ابه٤،")]
        );
        assert_eq!(described(&faces[..2], "fr")[0], rule("serif", 100, LATIN));
    }
}
