//! An item cut into words: what can be done for many items at once.

use std::collections::BTreeMap;

use khizana_model::{Day, Item, LangMap, LangTag};
use khizana_text::{Token, collation_key, tokenize};

use super::Common;
use crate::order::UNDATED;
use crate::pairs::PAIR;
use crate::positions::{Occurrence, TEXT};
use crate::score::Length;

/// Words between two values of a field: a phrase does not reach from one into the other.
const GAP: u32 = 16;

/// A text is cut into words by so many bytes: they take a hundred times as much while they are looked at.
const PIECE: usize = 256 << 10;

/// Words of a text beyond these are not indexed, of all and of different ones; long dictionaries have
/// fewer.
const MOST_WORDS: u32 = 3_000_000;
const MOST_DIFFERENT: usize = 400_000;

/// A word of an item: where it stands, with the fields of the item numbered, and in which languages.
#[derive(Default)]
pub(super) struct Own {
    pub(super) occurrences: Vec<Occurrence>,
    pub(super) languages: Vec<String>,
}

/// An item, ready to be added to an index.
pub struct Analysed {
    pub(super) fields: Vec<String>,
    pub(super) words: BTreeMap<String, Own>,
    pub(super) length: Length,
    /// Facet field, key and label of each value.
    pub(super) values: Vec<(String, String, LangMap)>,
    pub(super) titles: Vec<Option<Vec<u8>>>,
    pub(super) date: Option<Day>,
    pub(super) years: (i32, i32),
    pub(super) hijri: Option<i32>,
}

impl Analysed {
    /// Cuts an item and the texts of its canvases, each with its place, into words. `languages` are
    /// those of the interface.
    pub fn of(
        item: &Item,
        texts: &[(u32, String, LangTag)],
        languages: &[String],
        common: &Common,
    ) -> Analysed {
        let mut words = Words {
            common,
            fields: Vec::new(),
            next: Vec::new(),
            words: BTreeMap::new(),
            length: Length::default(),
        };
        for (tag, title) in item.title.iter() {
            words.value("title", 0, title, tag.as_str());
        }
        for field in &item.fields {
            for (tag, value) in field.values.iter() {
                words.value(&field.name, 0, value, tag.as_str());
            }
        }
        if let Some(date) = &item.date {
            words.value("date", 0, &date.written, "und");
            words.value("date", 0, date.hijri.as_deref().unwrap_or_default(), "und");
        }
        for (page, text, tag) in texts {
            words.value(TEXT, *page, text, tag.as_str());
        }
        let edtf = item.date.as_ref().and_then(|date| date.edtf.as_ref());
        let (from, to) = edtf.map(|edtf| edtf.years()).unwrap_or_default();
        Analysed {
            values: values(item),
            titles: languages
                .iter()
                .map(|language| {
                    let (_, title) = item.title.best(language)?;
                    Some(collation_key(title, language))
                })
                .collect(),
            date: edtf.and_then(|edtf| edtf.from.or(edtf.to)),
            // An open end reaches to where the other is.
            years: match (from.or(to), to.or(from)) {
                (Some(from), Some(to)) => (from, to),
                _ => UNDATED,
            },
            hijri: item
                .date
                .as_ref()
                .and_then(|date| date.hijri.as_deref())
                .and_then(|hijri| hijri.split(['-', '/']).next()?.parse().ok()),
            fields: words.fields,
            words: words.words,
            length: words.length,
        }
    }
}

struct Words<'a> {
    common: &'a Common,
    fields: Vec<String>,
    /// Where the next word of each field stands, on which page.
    next: Vec<(u32, u32)>,
    words: BTreeMap<String, Own>,
    length: Length,
}

impl Words<'_> {
    fn value(&mut self, field: &str, page: u32, text: &str, language: &str) {
        let number = match self.fields.iter().position(|own| own == field) {
            Some(number) => number,
            None => {
                self.fields.push(field.to_owned());
                self.next.push((page, 0));
                self.fields.len() - 1
            }
        };
        let Some(next) = self.next.get_mut(number) else {
            return;
        };
        if next.0 != page {
            *next = (page, 0);
        }
        let mut first = next.1;
        let most = first.saturating_add(MOST_WORDS);
        let most_different = self.words.len() + MOST_DIFFERENT;
        let kind = match field {
            "title" => 0,
            TEXT => 2,
            _ => 1,
        };
        let primary = language.split('-').next().unwrap_or_default();
        // The words of each position, where some are common.
        let mut places: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for piece in pieces(text) {
            if first >= most || self.words.len() >= most_different {
                break;
            }
            let mut end = first;
            for Token {
                position,
                word,
                stripped: bare,
                ..
            } in tokenize(piece, language)
            {
                let occurrence = Occurrence {
                    field: number as u32,
                    page,
                    position: first.saturating_add(position),
                };
                end = end.max(occurrence.position.saturating_add(1));
                if let Some(length) = self.length.get_mut(kind) {
                    *length = length.saturating_add(1);
                }
                for word in [Some(word), bare].into_iter().flatten() {
                    if !self.common.is_empty() {
                        let words = places.entry(occurrence.position).or_default();
                        words.push(word.clone());
                    }
                    let own = self.words.entry(word).or_default();
                    if own.occurrences.last() != Some(&occurrence) {
                        own.occurrences.push(occurrence);
                    }
                    if !own.languages.iter().any(|other| other == primary) {
                        own.languages.push(primary.to_owned());
                    }
                }
            }
            first = end;
            self.pairs(number as u32, page, &places);
            // The last is the first of the next pair.
            let last = places.pop_last();
            places.clear();
            places.extend(last);
        }
        if let Some(next) = self.next.get_mut(number).filter(|next| next.1 < first) {
            next.1 = first.saturating_add(GAP - 1);
        }
    }

    /// Adds what is common together with its neighbours.
    fn pairs(&mut self, field: u32, page: u32, places: &BTreeMap<u32, Vec<String>>) {
        for ((position, words), (next, behind)) in places.iter().zip(places.iter().skip(1)) {
            if position + 1 != *next {
                continue;
            }
            for (word, after) in words
                .iter()
                .flat_map(|word| behind.iter().map(move |b| (word, b)))
            {
                if !self.common.has(word) && !self.common.has(after) {
                    continue;
                }
                let occurrence = Occurrence {
                    field,
                    page,
                    position: *position,
                };
                let own = self
                    .words
                    .entry(format!("{word}{PAIR}{after}"))
                    .or_default();
                if own.occurrences.last() != Some(&occurrence) {
                    own.occurrences.push(occurrence);
                }
            }
        }
    }
}

/// A text in pieces of some length, none of which ends within a word.
fn pieces(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        let most = text.floor_char_boundary(PIECE);
        let end = match text.get(..most)?.rfind(char::is_whitespace) {
            _ if text.len() <= PIECE => text.len(),
            Some(space) if space > 0 => space,
            _ => most,
        };
        let (piece, rest) = text.split_at_checked(end)?;
        text = rest;
        (!piece.is_empty()).then_some(piece)
    })
}

/// What an item can be narrowed by, but for its collection and date.
fn values(item: &Item) -> Vec<(String, String, LangMap)> {
    let mut values = Vec::new();
    for field in &item.fields {
        for label in field.values.things() {
            values.push((field.name.clone(), label.key().to_owned(), label));
        }
    }
    for language in &item.languages {
        let label = LangMap::of(LangTag::und(), language.as_str());
        values.push(("language".to_owned(), language.to_string(), label));
    }
    if let Some(rights) = &item.rights {
        let label = LangMap::of(LangTag::und(), rights.as_str());
        values.push(("rights".to_owned(), rights.clone(), label));
    }
    values
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn words(text: &str, common: &Common) -> Words<'static> {
        let common: &'static Common = Box::leak(Box::new(common.clone()));
        let mut words = Words {
            common,
            fields: Vec::new(),
            next: Vec::new(),
            words: BTreeMap::new(),
            length: Length::default(),
        };
        words.value(TEXT, 0, text, "en");
        words.value(TEXT, 0, "last", "en");
        words
    }

    #[test]
    fn a_long_text_counts_its_words_through_all_pieces() {
        let count = 120_000u32;
        let text: Vec<String> = (0..count).map(|n| format!("of {n}")).collect();
        let text = text.join(" ");
        assert!(text.len() > 3 * PIECE);
        let found = words(&text, &Common::new(["of".to_owned()]));
        let places = |word: &str| -> Vec<u32> {
            let own = &found.words.get(word).unwrap().occurrences;
            own.iter().map(|occurrence| occurrence.position).collect()
        };
        assert_eq!(places("of"), (0..count).map(|n| 2 * n).collect::<Vec<_>>());
        for n in 0..count {
            assert_eq!(places(&n.to_string()), [2 * n + 1]);
            assert_eq!(places(&format!("of{PAIR}{n}")), [2 * n]);
            if n > 0 {
                assert_eq!(places(&format!("{}{PAIR}of", n - 1)), [2 * n - 1]);
            }
        }
        assert_eq!(places("last"), [2 * count - 1 + GAP]);
    }

    #[test]
    fn pieces_are_the_whole_text_and_end_between_words() {
        let long = "ك".repeat(PIECE);
        for text in ["", "a b", &"word ".repeat(PIECE), &long] {
            assert_eq!(pieces(text).collect::<String>(), text);
            let mut own = pieces(text);
            assert!(own.all(|piece| !piece.is_empty() && piece.len() <= PIECE));
        }
        let words = "word ".repeat(PIECE);
        assert!(pieces(&words).all(|piece| piece.trim().len() % 5 == 4));
    }

    #[test]
    fn a_text_of_too_many_words_is_cut() {
        let most = MOST_WORDS as usize;
        let found = words(&"a ".repeat(most + PIECE), &Common::default());
        let count = found.words.get("a").unwrap().occurrences.len();
        assert!((most..most + PIECE).contains(&count), "{count}");
        let text: Vec<String> = (0..2 * MOST_DIFFERENT).map(|n| n.to_string()).collect();
        let found = words(&text.join(" "), &Common::default()).words.len();
        assert!(
            (MOST_DIFFERENT..MOST_DIFFERENT + PIECE).contains(&found),
            "{found}"
        );
    }
}
