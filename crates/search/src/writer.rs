//! The writer of the index.

mod analysed_item;
mod common_words;
mod facet_columns;
mod field_languages;
pub(crate) mod level;
pub(crate) mod names;
pub(crate) mod ranked_value;
mod term_lists;
mod terms;

use std::collections::BTreeMap;

use khizana_format::{OrderRef, SearchRoot, WriteError, encode_object, hash_of};
use khizana_model::{Hash, LangMap, PackedList};

pub use analysed_item::{AnalysedItem, title_key};
pub use common_words::CommonWords;
pub use field_languages::FieldLanguages;

use crate::{item_values, spelling};
use facet_columns::FacetColumns;
use terms::Terms;

/// A function that stores an object of the index under its hash.
pub(crate) type Store<'a> = &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>;

/// Settings of an index.
pub struct IndexSettings<'a> {
    /// Languages of the user interface. Titles are sorted for each of them.
    pub languages: &'a [String],
    /// Weights of fields that override the defaults, by field name.
    pub weights: &'a BTreeMap<String, f32>,
    /// Returns the [`khizana_format::RecordSummary`] of an item as JSON.
    pub summary: &'a (dyn Fn(u32) -> Result<Vec<u8>, WriteError> + Sync),
    /// Returns the collation key of the title of an item in the language with an index, as returned by [`title_key`].
    pub title_key: &'a dyn Fn(u32, usize) -> Result<Vec<u8>, WriteError>,
}

/// Writes the index of an archive. Items are added in the order of their numbers.
pub struct IndexWriter {
    terms: Terms,
    columns: FacetColumns,
    dates: Vec<Option<khizana_model::Day>>,
    years: Vec<(i32, i32)>,
    common: CommonWords,
}

impl IndexWriter {
    /// Creates a writer.
    ///
    /// `facets` are the names of the fields that become facets; if there are none, suitable fields
    /// are selected automatically. `common` must be the common words with which the items were
    /// analysed.
    pub fn new(facets: &[String], common: CommonWords) -> IndexWriter {
        IndexWriter {
            terms: Terms::default(),
            columns: FacetColumns::new(facets),
            dates: Vec::new(),
            years: Vec::new(),
            common,
        }
    }

    /// Adds the next item. `collection` is the identifier and the title of its collection.
    pub fn add(&mut self, item: AnalysedItem, collection: (&str, &LangMap)) {
        let number = self.years.len() as u32;
        self.columns.add(number, &item, collection);
        self.dates.push(item.date);
        self.years.push(item.years);
        self.terms.add(number, item);
    }

    /// Writes the index, and returns the references to its parts for the root.
    ///
    /// # Errors
    /// Returns an error if an object cannot be encoded or stored.
    pub fn finish(
        self,
        settings: &IndexSettings<'_>,
        store: Store<'_>,
    ) -> Result<SearchRoot, WriteError> {
        let items = self.years.len();
        let facets = self.columns.write(items, store)?;
        let mut orders = Vec::new();
        for (index, language) in settings.languages.iter().enumerate() {
            let mut titles = PackedList::default();
            for item in 0..items as u32 {
                titles.push(&(settings.title_key)(item, index)?);
            }
            let key = |item| titles.get(item).filter(|key| !key.is_empty());
            let keys: Vec<_> = (0..items).map(key).collect();
            orders.push(write_order(store, "title", Some(language), &keys)?);
        }
        if self.dates.iter().any(Option::is_some) {
            let keys: Vec<_> = self.dates.iter().map(Option::as_ref).collect();
            orders.push(write_order(store, "date", None, &keys)?);
        }
        // Writing the terms takes the most memory, so data that has been written is dropped first.
        drop(self.dates);
        let years = item_values::write_years(store, &self.years)?;
        let terms = self.terms.write(settings, store)?;
        let spelling_words: Vec<(&str, u32)> = terms
            .spelling_words
            .iter()
            .map(|(word, doc_freq)| (word.as_str(), *doc_freq))
            .collect();
        Ok(SearchRoot {
            spelling: spelling::write(store, &spelling_words)?,
            terms: terms.terms,
            positions: terms.positions,
            pairs: terms.bigrams,
            fields: terms.fields,
            common: self.common.into_words(),
            languages: terms.languages,
            scripts: terms.scripts,
            facets,
            years,
            orders,
        })
    }
}

/// Stores an object and returns its hash.
pub(crate) fn write_object(store: Store<'_>, content: &[u8]) -> Result<Hash, WriteError> {
    let object = encode_object(content)?;
    let hash = hash_of(&object);
    store(hash, object)?;
    Ok(hash)
}

/// Writes the order of the items by key. Items without a key come last; ties are broken by item
/// number.
fn write_order<K: Ord>(
    store: Store<'_>,
    key: &str,
    language: Option<&String>,
    keys: &[Option<K>],
) -> Result<OrderRef, WriteError> {
    let mut items: Vec<u32> = (0..keys.len() as u32).collect();
    items.sort_by(|a, b| {
        let key = |item: &u32| keys.get(*item as usize).and_then(Option::as_ref);
        match (key(a), key(b)) {
            (Some(a), Some(b)) => a.cmp(b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    });
    let mut ranks = vec![0; keys.len()];
    for (rank, item) in (0u32..).zip(&items) {
        if let Some(item_rank) = ranks.get_mut(*item as usize) {
            *item_rank = rank;
        }
    }
    Ok(OrderRef {
        key: key.to_owned(),
        language: language.cloned(),
        keyed: keys.iter().flatten().count() as u32,
        ranks: item_values::write_numbers(store, &ranks)?,
        items: item_values::write_numbers(store, &items)?,
    })
}
