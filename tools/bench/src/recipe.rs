//! As many records as a size asks for, made from those of the file. The same file and the same size
//! give the same records.
//!
//! - **Fewer than the file has**: they are taken from it at even distances.
//! - **More**: the file as it is, then copy 1 of each of its records, copy 2, and so on.
//!
//! Plain copies would leave the vocabulary as it is and make every list of items equally longer. So
//! copy `k` of a record has
//!
//! - the identifier with `x` and `k` after it: a new word for each record, as accession numbers are;
//! - the first half of its own title and the second half of the title of a partner, another record of
//!   the same type: the one `k` × 7,919 places further among them. Common words keep their share of
//!   the records, and meet in new pairs;
//! - in every second record, in place of each word that one title alone has, a new word: its first
//!   half and the second half of another such word. Names and places are what a growing collection
//!   adds to its vocabulary, and it adds fewer the larger it is;
//! - the first half of its own subjects and the second half of the partner's.
//!
//! Artist, date, medium, type and decade stay as they are.

use std::collections::BTreeMap;

use super::data::Record;

/// A prime: copies meet another partner each time.
const STRIDE: usize = 7_919;

/// Makes records from those of the file.
pub struct Recipe<'a> {
    base: &'a [Record],
    /// The records of each type, and the place of each record among its own.
    same_type: BTreeMap<&'a str, Vec<usize>>,
    place: Vec<usize>,
    /// Words that one title alone has, in the order of the titles; and where each stands there.
    once: Vec<String>,
    once_at: BTreeMap<String, usize>,
}

impl<'a> Recipe<'a> {
    /// Looks through the records of the file.
    pub fn new(base: &'a [Record]) -> Self {
        let mut same_type: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut place = Vec::with_capacity(base.len());
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for (at, record) in base.iter().enumerate() {
            let same = same_type.entry(&record.kind).or_default();
            place.push(same.len());
            same.push(at);
            for word in record.title.split_whitespace() {
                *counts.entry(key(word)).or_default() += 1;
            }
        }
        let once: Vec<String> = base
            .iter()
            .flat_map(|record| record.title.split_whitespace())
            .filter(|word| counts.get(&key(word)) == Some(&1) && key(word).chars().count() > 3)
            .map(|word| core(word).to_owned())
            .collect();
        let once_at = once.iter().enumerate();
        let once_at = once_at.map(|(at, word)| (key(word), at)).collect();
        Recipe {
            base,
            same_type,
            place,
            once,
            once_at,
        }
    }

    /// The records of a size, in order.
    pub fn records(&self, size: usize) -> impl Iterator<Item = Record> {
        let length = self.base.len();
        (0..size).filter_map(move |number| {
            let at = if size < length {
                number * length / size
            } else {
                number % length
            };
            self.copy(at, number / length)
        })
    }

    fn copy(&self, at: usize, copy: usize) -> Option<Record> {
        let own = self.base.get(at)?;
        if copy == 0 {
            return Some(own.clone());
        }
        let partner = self.partner(at, copy).unwrap_or(own);
        let own_words: Vec<&str> = own.title.split_whitespace().collect();
        let other_words: Vec<&str> = partner.title.split_whitespace().collect();
        let first = own_words.iter().take(own_words.len().div_ceil(2));
        let second = other_words.iter().skip(other_words.len() / 2);
        let fresh = (at + copy).is_multiple_of(2);
        let title: Vec<String> = first
            .chain(second)
            .map(|word| match self.blend(word, copy).filter(|_| fresh) {
                Some(blended) => blended,
                None => (*word).to_owned(),
            })
            .collect();
        let first = own.subjects.iter().take(own.subjects.len().div_ceil(2));
        let second = partner.subjects.iter().skip(partner.subjects.len() / 2);
        let mut subjects: Vec<String> = Vec::new();
        for subject in first.chain(second) {
            if !subjects.contains(subject) {
                subjects.push(subject.clone());
            }
        }
        Some(Record {
            id: format!("{}x{copy}", own.id),
            title: title.join(" "),
            subjects,
            ..own.clone()
        })
    }

    fn partner(&self, at: usize, copy: usize) -> Option<&'a Record> {
        let same = self.same_type.get(self.base.get(at)?.kind.as_str())?;
        let place = (self.place.get(at)? + copy * STRIDE) % same.len();
        self.base.get(*same.get(place)?)
    }

    /// A new word in place of one that a single title has; nothing in place of others.
    fn blend(&self, word: &str, copy: usize) -> Option<String> {
        let at = self.once_at.get(&key(word))?;
        let other = self.once.get((at + copy * STRIDE) % self.once.len())?;
        let half = |text: &str| text.chars().count().div_ceil(2);
        let own = core(word);
        let begin = own.chars().take(half(own));
        Some(begin.chain(other.chars().skip(half(other))).collect())
    }
}

/// A word without the punctuation around it.
fn core(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

fn key(word: &str) -> String {
    core(word).to_lowercase()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn base() -> Vec<Record> {
        let title = |at: usize| match at % 3 {
            0 => format!("View of the castle, Placename{at}"),
            1 => "Study of a river with castle".to_owned(),
            _ => "Untitled".to_owned(),
        };
        (0..60)
            .map(|at| Record {
                id: format!("t{at}"),
                title: title(at),
                artist: "Somebody".into(),
                date: "1819".into(),
                medium: "Graphite on paper".into(),
                kind: if at % 2 == 0 { "drawing" } else { "painting" }.into(),
                decade: "1810s".into(),
                subjects: vec![format!("s{}", at % 4), format!("s{}", at % 5)],
            })
            .collect()
    }

    #[test]
    fn the_same_size_gives_the_same_records() {
        let base = base();
        let make = || Recipe::new(&base).records(200).collect::<Vec<_>>();
        assert_eq!(make(), make());
    }

    #[test]
    fn each_size_has_its_number_of_records_and_no_identifier_twice() {
        let base = base();
        let recipe = Recipe::new(&base);
        for size in [7, 60, 61, 200] {
            let ids: BTreeSet<String> = recipe.records(size).map(|record| record.id).collect();
            assert_eq!(ids.len(), size);
        }
        assert_eq!(recipe.records(60).collect::<Vec<_>>(), base);
        assert_eq!(Recipe::new(&[]).records(0).count(), 0);
    }

    #[test]
    fn fewer_records_come_from_the_whole_file() {
        let base = base();
        let ids: Vec<_> = Recipe::new(&base).records(3).map(|one| one.id).collect();
        assert_eq!(ids, ["t0", "t20", "t40"]);
    }

    #[test]
    fn words_become_more_frequent_and_new_ones_come() {
        let base = base();
        let recipe = Recipe::new(&base);
        let words = |size| {
            let mut counts: BTreeMap<String, usize> = BTreeMap::new();
            for record in recipe.records(size) {
                for word in record.title.split_whitespace() {
                    *counts.entry(key(word)).or_default() += 1;
                }
            }
            counts
        };
        let (small, large) = (words(60), words(240));
        let castles = |counts: &BTreeMap<String, usize>| counts.get("castle").copied().unwrap();
        assert!((3..=5).contains(&(castles(&large) / castles(&small))));
        assert!(large.len() > small.len());
        assert!(large.len() < 4 * small.len());
    }
}
