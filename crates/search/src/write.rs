//! The writer of the index.

mod analysed;
mod columns;
mod common;
mod terms;

use std::collections::BTreeMap;

use khizana_format::{OrderRef, SearchRoot, WriteError, encode_object, hash_of};
use khizana_model::{Hash, LangMap};

pub use analysed::Analysed;
pub use common::Common;

use crate::{order, spelling};
use columns::Columns;
use terms::Terms;

/// Where the objects of an index go.
pub(crate) type Store<'a> = &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>;

/// What an index is written by, beside the items.
pub struct Settings<'a> {
    /// The languages of the interface: titles are sorted for each.
    pub languages: &'a [String],
    /// Weights of fields, where they are not the usual ones.
    pub weights: &'a BTreeMap<String, f32>,
    /// What a list shows of an item: its [`khizana_format::RecordSummary`] as JSON.
    pub brief: &'a (dyn Fn(u32) -> Vec<u8> + Sync),
}

/// Gathers the index over all items, in the order of their numbers, and writes it.
pub struct IndexWriter {
    terms: Terms,
    columns: Columns,
    /// The sort key of each title, by language of the interface.
    titles: Vec<Keys>,
    dates: Vec<Option<khizana_model::Day>>,
    years: Vec<(i32, i32)>,
    common: Common,
}

/// Sort keys of all items, one after the other; an item without one has an empty one.
#[derive(Default)]
struct Keys {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Keys {
    fn of(&self, item: usize) -> Option<&[u8]> {
        let start = match item.checked_sub(1) {
            Some(before) => *self.ends.get(before)?,
            None => 0,
        };
        let key = self.bytes.get(start..*self.ends.get(item)?)?;
        (!key.is_empty()).then_some(key)
    }
}

impl IndexWriter {
    /// An index of which these fields are facets; where none are named, those that suit. The items were
    /// cut into words with the same `common` words.
    pub fn new(facets: &[String], common: Common) -> IndexWriter {
        IndexWriter {
            terms: Terms::default(),
            columns: Columns::new(facets),
            titles: Vec::new(),
            dates: Vec::new(),
            years: Vec::new(),
            common,
        }
    }

    /// Adds the next item.
    pub fn add(&mut self, item: Analysed, collection: (&str, &LangMap)) {
        let number = self.years.len() as u32;
        self.columns.add(number, &item, collection);
        self.titles.resize_with(item.titles.len(), Keys::default);
        for (keys, own) in self.titles.iter_mut().zip(&item.titles) {
            keys.bytes.extend(own.iter().flatten());
            keys.ends.push(keys.bytes.len());
        }
        self.dates.push(item.date);
        self.years.push(item.years);
        self.terms.add(number, item.fields, item.words, item.length);
    }

    /// Writes the index.
    ///
    /// # Errors
    /// As `store`.
    pub fn finish(
        self,
        settings: &Settings<'_>,
        store: Store<'_>,
    ) -> Result<SearchRoot, WriteError> {
        let items = self.years.len();
        let facets = self.columns.write(items, store)?;
        let mut orders = Vec::new();
        for (place, language) in settings.languages.iter().enumerate() {
            let own = self.titles.get(place);
            let keys: Vec<_> = (0..items)
                .map(|item| own.and_then(|own| own.of(item)))
                .collect();
            orders.push(write_order(store, "title", Some(language), &keys)?);
        }
        if self.dates.iter().any(Option::is_some) {
            let keys: Vec<_> = self.dates.iter().map(Option::as_ref).collect();
            orders.push(write_order(store, "date", None, &keys)?);
        }
        // The words take the most memory: what is written is let go before.
        drop((self.titles, self.dates));
        let years = order::write_years(store, &self.years)?;
        let written = self.terms.write(settings, store)?;
        let words: Vec<(&str, u32)> = written
            .words
            .iter()
            .map(|(word, found)| (word.as_str(), *found))
            .collect();
        Ok(SearchRoot {
            spelling: spelling::write(store, &words)?,
            terms: written.terms,
            positions: written.positions,
            pairs: written.pairs,
            fields: written.fields,
            common: self.common.into_words(),
            languages: written.languages,
            scripts: written.scripts,
            facets,
            years,
            orders,
        })
    }
}

/// Writes an object and says its name.
pub(crate) fn object(store: Store<'_>, content: &[u8]) -> Result<Hash, WriteError> {
    let packed = encode_object(content)?;
    let hash = hash_of(&packed);
    store(hash, packed)?;
    Ok(hash)
}

fn write_order<K: Ord>(
    store: Store<'_>,
    key: &str,
    language: Option<&String>,
    keys: &[Option<K>],
) -> Result<OrderRef, WriteError> {
    let mut sorted: Vec<u32> = (0..keys.len() as u32).collect();
    // Items without the key come last; equals keep the order of their numbers.
    sorted.sort_by(|a, b| {
        let key = |item: &u32| keys.get(*item as usize).and_then(Option::as_ref);
        match (key(a), key(b)) {
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    });
    let mut ranks = vec![0; keys.len()];
    for (rank, item) in (0u32..).zip(&sorted) {
        if let Some(own) = ranks.get_mut(*item as usize) {
            *own = rank;
        }
    }
    Ok(OrderRef {
        key: key.to_owned(),
        language: language.cloned(),
        keyed: keys.iter().flatten().count() as u32,
        ranks: order::write(store, &ranks)?,
        items: order::write(store, &sorted)?,
    })
}
