//! An item cut into words: what can be done for many items at once.

use std::collections::BTreeMap;

use khizana_model::{Day, Item, LangMap, LangTag};
use khizana_text::{Token, collation_key, tokens};

use super::Common;
use crate::order::UNDATED;
use crate::pairs::PAIR;
use crate::positions::{Occurrence, TEXT};
use crate::score::Length;

/// Words between two values of a field: a phrase does not reach from one into the other.
const GAP: u32 = 16;

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
        let first = next.1;
        let kind = match field {
            "title" => 0,
            TEXT => 2,
            _ => 1,
        };
        let primary = language.split('-').next().unwrap_or_default();
        // The words of each position, where some are common.
        let mut places: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        for Token {
            position,
            word,
            bare,
            ..
        } in tokens(text, language)
        {
            let occurrence = Occurrence {
                field: number as u32,
                page,
                position: first.saturating_add(position),
            };
            next.1 = occurrence.position.saturating_add(GAP);
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
                    field: number as u32,
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
