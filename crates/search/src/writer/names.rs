//! The parts of personal names.
//!
//! A search for a surname should find the works of those who bear it before those of people for whom
//! it is a given name, and a work by an artist before one that was copied from them.

use std::ops::Range;

use khizana_text::fold;

/// The part of a name that a word is, the least important first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum NamePart {
    /// A title or rank, such as "Sir".
    Honour,
    /// A word of a name to which a work is only related, as in "after William Blake".
    Related,
    /// The family name of such a person.
    RelatedFamily,
    /// A given name or another part of the name.
    Given,
    /// The family name.
    Family,
    /// The whole name, which is a single word.
    Whole,
}

impl NamePart {
    pub(crate) const ALL: [NamePart; 6] = [
        NamePart::Honour,
        NamePart::Related,
        NamePart::RelatedFamily,
        NamePart::Given,
        NamePart::Family,
        NamePart::Whole,
    ];

    /// Returns the factor by which the weight of the field is multiplied. A family name weighs as
    /// much as a title of one word.
    pub(crate) fn factor(self) -> f32 {
        match self {
            NamePart::Honour => 0.05,
            NamePart::Related => 0.1,
            NamePart::RelatedFamily => 0.2,
            NamePart::Given => 0.7,
            NamePart::Family => 2.0,
            NamePart::Whole => 3.0,
        }
    }
}

/// A person in a value of the creator field. Ranges are in bytes of the value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Person {
    /// The words of the name, without honours and qualifiers.
    names: Vec<Range<usize>>,
    /// The words of the family name.
    family: Vec<Range<usize>>,
    /// `true` if the person did not make the work, or if that is uncertain.
    pub(crate) is_related: bool,
}

impl Person {
    /// Returns `true` if a word, given as a range of bytes, is part of the name.
    pub(crate) fn contains(&self, word: &Range<usize>) -> bool {
        is_in(&self.names, word)
    }

    fn part(&self, word: &Range<usize>) -> Option<NamePart> {
        if !self.contains(word) {
            return None;
        }
        Some(match (is_in(&self.family, word), self.is_related) {
            (true, true) => NamePart::RelatedFamily,
            (false, true) => NamePart::Related,
            (true, false) if self.names.len() == 1 => NamePart::Whole,
            (true, false) => NamePart::Family,
            (false, false) => NamePart::Given,
        })
    }
}

fn is_in(ranges: &[Range<usize>], word: &Range<usize>) -> bool {
    let mut ranges = ranges.iter();
    ranges.any(|range| range.start <= word.start && word.start < range.end)
}

/// Returns the part of a name that a word is, given as a range of bytes.
pub(crate) fn part(persons: &[Person], word: &Range<usize>) -> NamePart {
    let parts = persons.iter().filter_map(|person| person.part(word));
    parts.max().unwrap_or(NamePart::Honour)
}

/// Words before or after a name that are not part of it, folded.
const HONOURS: &[&str] = &[
    "sir",
    "dame",
    "lord",
    "lady",
    "baron",
    "baroness",
    "earl",
    "count",
    "countess",
    "viscount",
    "rev",
    "revd",
    "dr",
    "prof",
    "professor",
    "mr",
    "mrs",
    "miss",
    "ms",
    "capt",
    "captain",
    "col",
    "bt",
    "bart",
    "kt",
    "om",
    "ch",
    "ra",
    "ara",
    "pra",
    "rsa",
    "kc",
    "kcb",
    "gcb",
    "obe",
    "mbe",
    "cbe",
    "kbe",
    "dbe",
    "frs",
    "fsa",
    "jr",
    "sr",
    "junior",
    "senior",
    "elder",
    "younger",
    "the",
    "ii",
    "iii",
    "m",
    "mme",
    "mlle",
    "herr",
    "frau",
    "الشيخ",
    "السيد",
    "الدكتور",
    "دكتور",
    "الاستاذ",
    "باشا",
    "بك",
    "بيك",
    "افندي",
    "الحاج",
    "الامام",
];

/// Words that mark a person to whom a work is only related, or a doubtful attribution, folded.
const QUALIFIERS: &[&str] = &[
    "after",
    "attributed",
    "circle",
    "follower",
    "followers",
    "formerly",
    "doubtfully",
    "imitator",
    "manner",
    "school",
    "studio",
    "workshop",
    "style",
    "copy",
    "prints",
    "possibly",
    "probably",
    "apres",
    "attribue",
    "attribuee",
    "entourage",
    "ecole",
    "atelier",
    "suiveur",
    "nach",
    "zugeschrieben",
    "werkstatt",
    "umkreis",
    "بعد",
    "منسوب",
    "منسوبه",
    "مدرسه",
    "ورشه",
];

/// Words between a qualifier and the name, folded.
const PREPOSITIONS: &[&str] = &[
    "of", "to", "by", "de", "a", "d", "von", "الي", "عن", "after",
];

/// Words that begin an addition to a name, such as a place: "Joseph Wright of Derby".
const PLACE_MARKERS: &[&str] = &["of"];

/// Words that can only precede a family name of which they are a part.
const PARTICLES: &[&str] = &[
    "de", "da", "di", "du", "del", "della", "des", "van", "von", "der", "den", "ten", "la", "le",
    "al", "el", "ibn", "bin", "abu", "ابن", "بن", "ابو", "ال",
];

/// Maximum length of the part of a value in which persons are found, in bytes. Each word of the
/// value is compared with each person.
const MAX_LEN: usize = 8 << 10;

/// Finds the persons in a value of the creator field.
///
/// A comma separates a family name from the given names if one of them is a single word, as in
/// "Moore, Henry"; otherwise it separates persons.
pub(crate) fn persons(value: &str) -> Vec<Person> {
    let value = value.get(..value.floor_char_boundary(MAX_LEN));
    let value = value.unwrap_or_default();
    let mut persons = Vec::new();
    // The parts between semicolons and parentheses are always separate persons.
    for group in split(value, &[';', '؛', '(', ')', '[', ']', '|', '/', '&']) {
        let mut segments: Vec<(Vec<Range<usize>>, bool)> = Vec::new();
        for segment in split(
            value.get(group.clone()).unwrap_or_default(),
            &[',', '،', '、'],
        ) {
            let range = group.start + segment.start..group.start + segment.end;
            let (words, is_related) = name_words(value, range);
            if !words.is_empty() {
                segments.push((words, is_related));
            }
        }
        match segments.as_slice() {
            [(family, is_related), (given, false)]
                if significant_words(value, family) == 1 || given.len() == 1 =>
            {
                persons.push(Person {
                    names: [family.as_slice(), given].concat(),
                    family: family.clone(),
                    is_related: *is_related,
                });
            }
            _ => persons.extend(segments.into_iter().map(|(names, is_related)| Person {
                family: family_at_end(value, &names),
                names,
                is_related,
            })),
        }
    }
    persons
}

/// Splits a text at the given characters. Returns ranges of bytes.
fn split(text: &str, separators: &[char]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    for (end, separator) in text.match_indices(separators) {
        ranges.push(start..end);
        start = end + separator.len();
    }
    ranges.push(start..text.len());
    ranges
}

/// Returns the words of a name without honours, years and additions, and `true` if it has a
/// qualifier.
fn name_words(value: &str, range: Range<usize>) -> (Vec<Range<usize>>, bool) {
    let text = value.get(range.clone()).unwrap_or_default();
    let mut words: Vec<(Range<usize>, String)> = Vec::new();
    for word in text.split_whitespace() {
        let start = range.start + (word.as_ptr() as usize - text.as_ptr() as usize);
        let folded = fold(word);
        let folded = folded.trim_matches(|c: char| !c.is_alphanumeric());
        if !folded.is_empty() {
            words.push((start..start + word.len(), folded.to_owned()));
        }
    }
    let is_one_of = |words: &[&str], word: &String| words.contains(&word.as_str());
    let qualifier = words
        .iter()
        .rposition(|(_, word)| is_one_of(QUALIFIERS, word));
    let name_start = qualifier.and_then(|qualifier| {
        let rest = words.iter().skip(qualifier + 1);
        let prepositions = rest.take_while(|(_, word)| is_one_of(PREPOSITIONS, word));
        let start = qualifier + 1 + prepositions.count();
        // "British School" is a name.
        (start < words.len()).then_some(start)
    });
    words.drain(..name_start.unwrap_or_default());
    words.retain(|(_, word)| {
        !is_one_of(HONOURS, word) && !word.chars().all(|c| c.is_numeric() || c == '-' || c == '–')
    });
    (
        words.into_iter().map(|(range, _)| range).collect(),
        name_start.is_some(),
    )
}

fn folded<'a>(value: &'a str, word: &Range<usize>) -> String {
    let word: &'a str = value.get(word.clone()).unwrap_or_default();
    fold(word)
}

/// Returns the number of words that are not particles.
fn significant_words(value: &str, words: &[Range<usize>]) -> usize {
    let significant = words
        .iter()
        .filter(|word| !PARTICLES.contains(&folded(value, word).as_str()));
    significant.count()
}

/// Returns the family name of a name that starts with the given names: the last word, or the word
/// before "of" and a place.
fn family_at_end(value: &str, names: &[Range<usize>]) -> Vec<Range<usize>> {
    let place = names
        .iter()
        .position(|word| PLACE_MARKERS.contains(&folded(value, word).as_str()));
    let end = match place {
        Some(place) if place > 0 => place,
        _ => names.len(),
    };
    let family = names.get(..end).and_then(|names| names.last());
    family.cloned().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the words of a value with the given part.
    fn words_with(value: &str, wanted: NamePart) -> Vec<&str> {
        let persons = persons(value);
        value
            .split([' ', ',', '،', ';', '(', ')'])
            .filter(|word| {
                let start = word.as_ptr() as usize - value.as_ptr() as usize;
                !word.is_empty() && part(&persons, &(start..start + word.len())) == wanted
            })
            .collect()
    }

    #[test]
    fn family_names_are_found_in_both_orders() {
        for (value, family, given) in [
            ("Henry Moore", "Moore", "Henry"),
            ("Moore, Henry", "Moore", "Henry"),
            ("Moore, Henry, 1898-1986", "Moore", "Henry"),
            ("Henry Moore OM, CH", "Moore", "Henry"),
            (
                "Sir Edward Coley Burne-Jones, Bt",
                "Burne-Jones",
                "Edward Coley",
            ),
            ("Joseph Wright of Derby", "Wright", "Joseph of Derby"),
            ("Vincent van Gogh", "Gogh", "Vincent van"),
            ("van Gogh, Vincent", "van Gogh", "Vincent"),
            (
                "John Constable, David Lucas",
                "Constable Lucas",
                "John David",
            ),
            ("Ed Ruscha; Kiki Smith", "Ruscha Smith", "Ed Kiki"),
            ("كرد علي، محمد", "كرد علي", "محمد"),
            ("الشيخ محمد عبده", "عبده", "محمد"),
        ] {
            let joined = |part| words_with(value, part).join(" ");
            assert_eq!(joined(NamePart::Family), family, "{value}");
            assert_eq!(joined(NamePart::Given), given, "{value}");
        }
        assert_eq!(words_with("Sir Stanley Spencer", NamePart::Honour), ["Sir"]);
        assert_eq!(words_with("Hokusai", NamePart::Whole), ["Hokusai"]);
    }

    #[test]
    fn qualified_names_are_only_related() {
        for (value, family) in [
            ("after Joseph Mallord William Turner", "Turner"),
            ("attributed to Samuel Palmer", "Palmer"),
            ("formerly attributed to Joseph Wright of Derby", "Wright"),
            ("studio of Richard Wilson", "Wilson"),
            ("after Turner, Joseph", "Turner"),
            ("منسوب إلى محمد عبده", "عبده"),
        ] {
            let related = words_with(value, NamePart::RelatedFamily);
            assert_eq!(related, [family], "{value}");
            assert!(words_with(value, NamePart::Family).is_empty(), "{value}");
        }
        let value = "Joseph Turner, formerly attributed to Thomas Girtin";
        assert_eq!(words_with(value, NamePart::Family), ["Turner"]);
        assert_eq!(words_with(value, NamePart::RelatedFamily), ["Girtin"]);
        assert_eq!(words_with("British School", NamePart::Family), ["School"]);
        assert_eq!(words_with("after", NamePart::Whole), ["after"]);
    }

    #[test]
    fn values_without_names_have_no_persons() {
        for value in ["", " ", ",", "(?)", "1775–1851", "Sir", ";;،,"] {
            assert_eq!(persons(value), [], "{value}");
        }
    }

    #[test]
    fn long_values_are_cut() {
        let value = "Henry Moore; ".repeat(100_000);
        let persons = persons(&value);
        assert!((300..1_000).contains(&persons.len()), "{}", persons.len());
        assert_eq!(part(&persons, &(6..11)), NamePart::Family);
        assert_eq!(part(&persons, &(1_000_000..1_000_005)), NamePart::Honour);
    }

    #[test]
    fn better_parts_weigh_more() {
        assert!(NamePart::ALL.is_sorted());
        assert!(
            NamePart::ALL
                .map(NamePart::factor)
                .is_sorted_by(|a, b| a < b)
        );
    }
}
