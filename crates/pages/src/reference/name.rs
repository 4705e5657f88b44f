//! Names of people and organisations in citations.

use crate::card::LangText;

/// Words in the names of institutions, in lower case.
const INSTITUTIONS: &str = " association bibliothèque co. company institut institute library ministry museum press project \
    projet society société université university جامعة جمعية دار شركة متحف مطبعة مكتبة وزارة ";

/// The name of a creator.
///
/// A name with exactly one comma is taken for family name and given name, unless it has a word that denotes an
/// institution. Any other name is not divided: neither Arabic names nor those of institutions have a family name in a
/// fixed place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name as it is in the record.
    pub text: LangText,
}

impl Name {
    /// Returns the family name and the given name, if the name is divided.
    pub fn parts(&self) -> Option<(&str, &str)> {
        let (family, given) = self.text.text.split_once(COMMAS)?;
        let (family, given) = (family.trim(), given.trim());
        // `Turner, Joseph, 1775–1851` and `Smith, Jones and Co., Photographers` are no such names.
        let is_name = |part: &str| {
            part.contains(char::is_alphabetic)
                && !part.contains(COMMAS)
                && !part.contains([';', '؛', '('])
                && !part.contains(char::is_numeric)
        };
        let is_divided = is_name(family) && is_name(given) && !self.is_institution();
        is_divided.then_some((family, given))
    }

    /// Returns `true` if a word of the name denotes an institution.
    pub fn is_institution(&self) -> bool {
        let lower = self.text.text.to_lowercase();
        let words = lower.split([' ', ',', '،']);
        let mut words = words.filter(|word| !word.is_empty());
        words.any(|word| INSTITUTIONS.contains(&format!(" {word} ")))
    }

    /// Returns the name with the family name first.
    pub fn inverted(&self) -> String {
        let comma = if self.text.text.contains('،') {
            "،"
        } else {
            ","
        };
        match self.parts() {
            Some((family, given)) => format!("{family}{comma} {given}"),
            None => self.text.text.clone(),
        }
    }

    /// Returns the name with the family name first, divided by the comma of ASCII, which programs look for.
    pub fn for_programs(&self) -> String {
        match self.parts() {
            Some((family, given)) => format!("{family}, {given}"),
            None => self.text.text.clone(),
        }
    }

    /// Returns the name with the given name first.
    pub fn direct(&self) -> String {
        match self.parts() {
            Some((family, given)) => format!("{given} {family}"),
            None => self.text.text.clone(),
        }
    }

    /// Returns the name with the initials of the given name, such as `Turner, J. M. W.`. Given names in other scripts
    /// than the Latin one have no initials.
    pub fn with_initials(&self) -> String {
        let latin =
            |(_, given): &(&str, &str)| given.chars().any(|c| c.is_alphabetic() && c < '\u{250}');
        let Some((family, given)) = self.parts().filter(latin) else {
            return self.inverted();
        };
        let initials = given.split_whitespace().map(|part| {
            let letters = part
                .split('-')
                .filter_map(|part| part.chars().find(|c| c.is_alphabetic()));
            let letters: Vec<String> = letters.map(|letter| format!("{letter}.")).collect();
            letters.join("-")
        });
        let initials: Vec<String> = initials.collect();
        format!("{family}, {}", initials.join(" "))
    }
}

/// The commas that divide family name and given name.
const COMMAS: [char; 2] = [',', '،'];
