//! Names of people and organisations in citations.

use crate::card::LangText;

/// The name of a creator.
///
/// A name in Latin script with exactly one comma is taken for family name and given name. Any other name is
/// not divided: neither Arabic names nor those of institutions have a family name in a fixed place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The name as it is in the record.
    pub text: LangText,
}

impl Name {
    /// Returns the family name and the given name, if the name is divided.
    pub fn parts(&self) -> Option<(&str, &str)> {
        let text = &self.text.text;
        let (family, given) = text.split_once(',')?;
        let (family, given) = (family.trim(), given.trim());
        let is_latin = text.chars().find(|c| c.is_alphabetic())? < '\u{250}';
        // `Turner, Joseph, 1775–1851` and `Smith, Jones and Co., Photographers` are no such names.
        let is_name = |part: &str| {
            !part.is_empty()
                && !part.contains([',', ';', '('])
                && !part.contains(|c: char| c.is_ascii_digit())
        };
        (is_latin && is_name(family) && is_name(given)).then_some((family, given))
    }

    /// Returns the name with the family name first.
    pub fn inverted(&self) -> String {
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

    /// Returns the name with the initials of the given name, such as `Turner, J. M. W.`.
    pub fn with_initials(&self) -> String {
        let Some((family, given)) = self.parts() else {
            return self.text.text.clone();
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
