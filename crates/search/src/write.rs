//! The writer of the index.

use std::collections::BTreeMap;

use khizana_format::{FacetRef, OrderRef, SearchRoot, TreeWriter, WriteError, hash_of, pack};
use khizana_model::{Hash, Item, LangMap, LangTag};
use khizana_text::{fold, index_words};

use crate::{column, order, postings};

/// How much a word weighs by where it stands.
const IN_TITLE: u8 = 12;
const IN_FIELD: u8 = 4;
const IN_TEXT: u8 = 1;

/// A facet chosen because its values are few, not because a curator asked for it, has at most so many.
const FEW: usize = 200;
/// A facet that a curator asked for has at most so many values.
const MANY: usize = 5_000;

type Store<'a> = &'a mut dyn FnMut(Hash, Vec<u8>) -> Result<(), WriteError>;

/// Gathers the index over all items, in the order of their numbers, and writes it.
#[derive(Default)]
pub struct IndexWriter {
    terms: BTreeMap<String, Vec<(u32, u8)>>,
    columns: BTreeMap<String, ColumnBuilder>,
    /// Fields in the order in which they were first seen.
    fields: Vec<String>,
    titles: Vec<LangMap>,
    dates: Vec<Option<khizana_model::Day>>,
}

#[derive(Default)]
struct ColumnBuilder {
    keys: BTreeMap<String, u32>,
    values: column::Values,
    members: Vec<(u32, Vec<u32>)>,
}

impl ColumnBuilder {
    fn add(&mut self, item: u32, key: &str, label: LangMap) {
        // A value so common a field has thousands of is no facet; its column is dropped at the end.
        if self.values.len() > MANY {
            return;
        }
        let index = match self.keys.get(key) {
            Some(index) => *index,
            None => {
                let index = self.values.len() as u32;
                self.keys.insert(key.to_owned(), index);
                self.values.push((key.to_owned(), label));
                index
            }
        };
        match self.members.last_mut() {
            Some((last, own)) if *last == item => {
                if !own.contains(&index) {
                    own.push(index);
                }
            }
            _ => self.members.push((item, vec![index])),
        }
    }

    /// The values in order of their keys, and those of each of `items` items.
    fn sorted(&self, items: usize) -> (column::Values, Vec<Vec<u32>>) {
        let mut values = Vec::with_capacity(self.values.len());
        let mut now = vec![0; self.values.len()];
        for (place, index) in (0u32..).zip(self.keys.values()) {
            let index = *index as usize;
            values.extend(self.values.get(index).cloned());
            if let Some(now) = now.get_mut(index) {
                *now = place;
            }
        }
        let mut members = vec![Vec::new(); items];
        for (item, own) in &self.members {
            if let Some(member) = members.get_mut(*item as usize) {
                *member = own
                    .iter()
                    .filter_map(|index| now.get(*index as usize).copied())
                    .collect();
            }
        }
        (values, members)
    }
}

impl IndexWriter {
    /// Adds the next item: its record, and the texts of its pages.
    pub fn add(&mut self, item: &Item, collection: (&str, &LangMap), texts: &[String]) {
        let number = self.titles.len() as u32;
        let mut weights: BTreeMap<String, u8> = BTreeMap::new();
        let mut add = |text: &str, weight: u8| {
            for word in index_words(text) {
                let own = weights.entry(word).or_default();
                // Said again it counts a little more, up to twice as much.
                *own = if *own == 0 {
                    weight
                } else {
                    own.saturating_add(1)
                        .min(weight.saturating_mul(2).max(*own))
                };
            }
        };
        for (_, title) in item.title.iter() {
            add(title, IN_TITLE);
        }
        add(item.id.as_str(), IN_FIELD);
        for (_, value) in item.fields.iter().flat_map(|field| field.values.iter()) {
            add(value, IN_FIELD);
        }
        if let Some(date) = &item.date {
            add(&date.written, IN_FIELD);
            add(date.hijri.as_deref().unwrap_or_default(), IN_FIELD);
        }
        for text in texts {
            add(text, IN_TEXT);
        }
        for (word, weight) in weights {
            self.terms.entry(word).or_default().push((number, weight));
        }

        let mut values: Vec<(&str, String, LangMap)> = Vec::new();
        let (collection, collection_title) = collection;
        values.push((
            "collection",
            collection.to_owned(),
            collection_title.clone(),
        ));
        for field in &item.fields {
            for label in field.values.things() {
                values.push((&field.name, label.key().to_owned(), label));
            }
        }
        for language in &item.languages {
            values.push((
                "language",
                language.to_string(),
                LangMap::of(LangTag::und(), language.as_str()),
            ));
        }
        if let Some(rights) = &item.rights {
            values.push((
                "rights",
                rights.clone(),
                LangMap::of(LangTag::und(), rights.as_str()),
            ));
        }
        for (field, key, label) in values {
            if !self.columns.contains_key(field) {
                self.fields.push(field.to_owned());
            }
            self.columns
                .entry(field.to_owned())
                .or_default()
                .add(number, &key, label);
        }
        self.titles.push(item.title.clone());
        self.dates.push(
            item.date
                .as_ref()
                .and_then(|date| date.edtf.as_ref())
                .and_then(|edtf| edtf.from.or(edtf.to)),
        );
    }

    /// The facets: those asked for, or all whose values are more than one and few.
    fn chosen(&self, wanted: &[String]) -> Vec<String> {
        let usual = [
            "collection",
            "type",
            "creator",
            "place",
            "subject",
            "language",
            "rights",
        ];
        let fits = |field: &str, most: usize| {
            self.columns
                .get(field)
                .is_some_and(|column| (2..=most).contains(&column.values.len()))
        };
        if !wanted.is_empty() {
            let all = std::iter::once("collection").chain(wanted.iter().map(String::as_str));
            let mut chosen: Vec<String> = Vec::new();
            for field in all {
                if fits(field, MANY) && !chosen.iter().any(|own| own == field) {
                    chosen.push(field.to_owned());
                }
            }
            return chosen;
        }
        let own = self
            .fields
            .iter()
            .map(String::as_str)
            .filter(|field| !usual.contains(field));
        usual
            .into_iter()
            .chain(own)
            .filter(|field| fits(field, FEW))
            // A field whose values are nearly all different says nothing about the whole.
            .filter(|field| {
                self.columns
                    .get(*field)
                    .is_some_and(|c| c.values.len() * 2 <= c.members.len() || usual.contains(field))
            })
            .take(8)
            .map(str::to_owned)
            .collect()
    }

    /// Writes the index. `languages` are those of the interface; `facets` the fields the collections
    /// ask for.
    ///
    /// # Errors
    /// As `store`.
    pub fn finish(
        self,
        languages: &[String],
        facets: &[String],
        store: Store<'_>,
    ) -> Result<SearchRoot, WriteError> {
        let chosen = self.chosen(facets);
        let mut writer = TreeWriter::new(store, None)?;
        for (term, postings) in &self.terms {
            writer.push(term.as_bytes(), postings::write(postings))?;
        }
        let terms = writer.finish()?;

        let mut object = |content: &[u8]| -> Result<Hash, WriteError> {
            let packed = pack(content, None)?;
            let hash = hash_of(&packed);
            store(hash, packed)?;
            Ok(hash)
        };
        let mut facets = Vec::new();
        for field in chosen {
            let Some(column) = self.columns.get(&field) else {
                continue;
            };
            let (values, members) = column.sorted(self.titles.len());
            let bytes = column::write(&values, &members).map_err(|e| WriteError::Pack(e.into()))?;
            facets.push(FacetRef {
                object: object(&bytes)?,
                field,
            });
        }
        let mut orders = Vec::new();
        for language in languages {
            let titles: Vec<_> = self
                .titles
                .iter()
                .map(|t| t.best(language).map(|(_, title)| fold(title)))
                .collect();
            let object = object(&order::write(&ranks(&titles)))?;
            orders.push(OrderRef {
                key: "title".into(),
                language: Some(language.clone()),
                object,
            });
        }
        if self.dates.iter().any(Option::is_some) {
            orders.push(OrderRef {
                key: "date".into(),
                language: None,
                object: object(&order::write(&ranks(&self.dates)))?,
            });
        }
        Ok(SearchRoot {
            terms,
            facets,
            orders,
        })
    }
}

/// The rank of each key among all; equal keys keep the order of their items.
fn ranks<K: Ord>(keys: &[Option<K>]) -> Vec<u32> {
    let mut sorted: Vec<(usize, &K)> = keys
        .iter()
        .enumerate()
        .filter_map(|(i, key)| Some((i, key.as_ref()?)))
        .collect();
    sorted.sort_by(|a, b| a.1.cmp(b.1));
    let mut ranks = vec![order::WITHOUT; keys.len()];
    for (rank, (item, _)) in (0u32..).zip(sorted) {
        if let Some(own) = ranks.get_mut(item) {
            *own = rank;
        }
    }
    ranks
}
