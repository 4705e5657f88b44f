//! The writer of facet columns, and the selection of facets.

use std::collections::BTreeMap;

use khizana_format::{ByteReader, FacetRef, WriteError, put_varint};
use khizana_model::{Hash, LangMap};

use super::{AnalysedItem, Store, write_object};
use crate::facet_column::{
    self, ColumnContent, INLINE_VALUES, VALUES_PER_BLOCK, Value, write_values,
};
use crate::item_values::UNDATED;

/// Maximum number of values of a facet that is selected automatically.
const MAX_AUTOMATIC_VALUES: usize = 200;
/// Maximum number of values of a configured facet.
const MAX_CONFIGURED_VALUES: usize = 20_000;
/// Maximum number of facets that are selected automatically.
const MAX_AUTOMATIC_FACETS: usize = 8;
/// Maximum number of decades or centuries that a date can overlap. Dates that overlap more of them
/// are too imprecise and are not counted.
const MAX_PERIODS: i32 = 10;
/// Length at which an object that several columns share is complete, in bytes.
const SHARED_OBJECT_LEN: usize = 192 << 10;

/// The fields that are preferred as facets, in display order.
const PREFERRED_FACETS: [&str; 7] = [
    "collection",
    "type",
    "creator",
    "place",
    "subject",
    "language",
    "rights",
];

/// The periods of timelines, each with its name and its length in years. The shortest period is
/// first.
const PERIODS: [(&str, i32); 2] = [("decade", 10), ("century", 100)];

/// Collects the facet values of all items.
#[derive(Default)]
pub(super) struct FacetColumns {
    /// The configured facets.
    configured: Vec<String>,
    columns: BTreeMap<String, ColumnBuilder>,
    /// Names of the fields, in the order in which they were first seen.
    fields: Vec<String>,
}

#[derive(Default)]
struct ColumnBuilder {
    /// Indexes in `values`, by key.
    indexes: BTreeMap<String, u32>,
    /// The name of each value, and the number of items that have the value.
    values: Vec<(LangMap, u32)>,
    /// For each value of an item, the difference of the item number to that of the previous value, and the index of
    /// the value, as varints. The items are in ascending order.
    members: Vec<u8>,
    /// The item of the last member, and the indexes of its values.
    last: (u32, Vec<u32>),
    /// Number of items that have at least one value.
    items: usize,
}

impl ColumnBuilder {
    fn add(&mut self, item: u32, key: &str, label: &LangMap) {
        // A field with too many values is not a facet. Its column will be dropped.
        if self.values.len() > MAX_CONFIGURED_VALUES {
            self.members = Vec::new();
            return;
        }
        let index = match self.indexes.get(key) {
            Some(index) => *index,
            None => {
                let index = self.values.len() as u32;
                self.indexes.insert(key.to_owned(), index);
                self.values.push((label.clone(), 0));
                index
            }
        };
        let (last_item, last_values) = &mut self.last;
        let delta = item - *last_item;
        if delta > 0 || self.items == 0 {
            *last_item = item;
            last_values.clear();
            self.items += 1;
        }
        if last_values.contains(&index) {
            return;
        }
        last_values.push(index);
        put_varint(&mut self.members, delta.into());
        put_varint(&mut self.members, index.into());
        if let Some((_, count)) = self.values.get_mut(index as usize) {
            *count += 1;
        }
    }

    /// Numbers the values in descending order of their frequency. Returns the values, and the value
    /// numbers of each of the `items` items of the archive.
    fn finish(self, items: usize) -> (Vec<Value>, Vec<Vec<u32>>) {
        let mut order: Vec<(u32, String, u32)> = self
            .indexes
            .into_iter()
            .map(|(key, index)| {
                let count = self.values.get(index as usize).map(|(_, count)| *count);
                (!count.unwrap_or_default(), key, index)
            })
            .collect();
        order.sort();
        let mut number_by_index = vec![0; order.len()];
        let mut labels: Vec<LangMap> = self.values.into_iter().map(|(label, _)| label).collect();
        let mut values = Vec::with_capacity(order.len());
        for (number, (_, key, index)) in (0u32..).zip(order) {
            let index = index as usize;
            if let (Some(slot), Some(label)) =
                (number_by_index.get_mut(index), labels.get_mut(index))
            {
                *slot = number;
                values.push((key, std::mem::take(label)));
            }
        }
        let mut item_values = vec![Vec::new(); items];
        let mut members = ByteReader::new(&self.members);
        let mut item = 0;
        while let (Some(delta), Some(index)) = (members.varint_u32(), members.varint_u32()) {
            item += delta;
            if let Some(numbers) = item_values.get_mut(item as usize) {
                numbers.extend(number_by_index.get(index as usize));
            }
        }
        item_values
            .iter_mut()
            .for_each(|numbers| numbers.sort_unstable());
        (values, item_values)
    }
}

impl FacetColumns {
    /// Creates an empty set of columns. `configured` are the names of the configured facets.
    pub(super) fn new(configured: &[String]) -> FacetColumns {
        FacetColumns {
            configured: configured.to_vec(),
            ..FacetColumns::default()
        }
    }

    /// Adds the values of an item. `collection` is the identifier and the title of its collection.
    pub(super) fn add(&mut self, number: u32, item: &AnalysedItem, collection: (&str, &LangMap)) {
        let (key, title) = collection;
        self.add_value(number, "collection", key, title);
        for (field, key, label) in &item.facet_values {
            if self.configured.is_empty() || self.configured.contains(field) {
                self.add_value(number, field, key, label);
            }
        }
        let years = (item.years != UNDATED).then_some(item.years);
        let hijri_years = item.hijri_year.map(|year| (year, year));
        for (calendar, years) in [("date", years), ("hijri", hijri_years)] {
            if let Some(years) = years {
                self.add_periods(number, calendar, years);
            }
        }
    }

    /// Adds the decades and centuries that overlap a range of years.
    fn add_periods(&mut self, item: u32, calendar: &str, (first, last): (i32, i32)) {
        for (name, length) in PERIODS {
            let (first, last) = (first.div_euclid(length), last.div_euclid(length));
            if last - first < MAX_PERIODS {
                for period in first..=last {
                    let key = (period * length).to_string();
                    let field = format!("{calendar}:{name}");
                    self.add_value(item, &field, &key, &LangMap::new());
                }
            }
        }
    }

    fn add_value(&mut self, item: u32, field: &str, key: &str, label: &LangMap) {
        if !self.columns.contains_key(field) {
            self.fields.push(field.to_owned());
            self.columns
                .insert(field.to_owned(), ColumnBuilder::default());
        }
        if let Some(column) = self.columns.get_mut(field) {
            column.add(item, key, label);
        }
    }

    /// Returns `true` if a field has at least two and at most `max_values` values.
    fn is_suitable(&self, field: &str, max_values: usize) -> bool {
        self.columns
            .get(field)
            .is_some_and(|column| (2..=max_values).contains(&column.values.len()))
    }

    /// Returns `true` if a field occurs in at least twice as many items as it has distinct values.
    /// A field whose values are nearly all different does not help to narrow results.
    fn has_repeated_values(&self, field: &str) -> bool {
        self.columns
            .get(field)
            .is_some_and(|column| column.values.len() * 2 <= column.items)
    }

    /// Returns the maximum number of values of a field that is selected automatically. Makers are looked for by name
    /// however many there are, if most of them have made several items.
    fn max_automatic_values(&self, field: &str) -> usize {
        if field == "creator" && self.has_repeated_values(field) {
            MAX_CONFIGURED_VALUES
        } else {
            MAX_AUTOMATIC_VALUES
        }
    }

    /// Selects the facets: the configured ones, or suitable fields if none are configured. Also
    /// selects the timelines: by decade if all decades fit into the inline values of a column,
    /// otherwise by century.
    fn select_facets(&self) -> Vec<String> {
        let mut selected: Vec<String> = Vec::new();
        let mut select = |field: &str| {
            if !selected.iter().any(|other| other == field) {
                selected.push(field.to_owned());
            }
        };
        if self.configured.is_empty() {
            let is_preferred = |field: &&str| PREFERRED_FACETS.contains(field);
            let other_fields = self
                .fields
                .iter()
                .map(String::as_str)
                .filter(|field| !is_preferred(field) && !field.contains(':'));
            PREFERRED_FACETS
                .into_iter()
                .chain(other_fields)
                .filter(|field| self.is_suitable(field, self.max_automatic_values(field)))
                .filter(|field| is_preferred(field) || self.has_repeated_values(field))
                .take(MAX_AUTOMATIC_FACETS)
                .for_each(&mut select);
        } else {
            std::iter::once("collection")
                .chain(self.configured.iter().map(String::as_str))
                .filter(|field| self.is_suitable(field, MAX_CONFIGURED_VALUES))
                .for_each(&mut select);
        }
        for calendar in ["date", "hijri"] {
            let timeline = PERIODS
                .iter()
                .map(|(name, _)| format!("{calendar}:{name}"))
                .find(|field| self.is_suitable(field, INLINE_VALUES));
            if let Some(field) = timeline {
                select(&field);
            }
        }
        selected
    }

    /// Writes the columns of the selected facets.
    pub(super) fn write(
        mut self,
        items: usize,
        store: Store<'_>,
    ) -> Result<Vec<FacetRef>, WriteError> {
        let encode_error = |error: serde_json::Error| WriteError::Encode(error.into());
        let mut facets: Vec<FacetRef> = Vec::new();
        // The columns in the object that is not yet complete, and the names of their fields.
        let mut object = Vec::new();
        let mut object_fields: Vec<String> = Vec::new();
        let selected = self.select_facets();
        for (index, field) in selected.iter().enumerate() {
            let Some(builder) = self.columns.remove(field) else {
                continue;
            };
            let (values, item_values) = builder.finish(items);
            let (inline_values, other_values) = values.split_at(values.len().min(INLINE_VALUES));
            let mut blocks: Vec<Hash> = Vec::new();
            for values in other_values.chunks(VALUES_PER_BLOCK) {
                let mut block = Vec::new();
                write_values(values, &mut block).map_err(encode_error)?;
                blocks.push(write_object(store, &block)?);
            }
            let content = ColumnContent {
                field,
                values: values.len() as u32,
                inline_values,
                blocks: &blocks,
                items: &item_values,
            };
            facet_column::write(&content, &mut object).map_err(encode_error)?;
            object_fields.push(field.clone());
            if object.len() >= SHARED_OBJECT_LEN || index + 1 == selected.len() {
                let hash = write_object(store, &object)?;
                object.clear();
                let written = object_fields.drain(..).map(|field| FacetRef {
                    field,
                    object: hash,
                });
                facets.extend(written);
            }
        }
        Ok(facets)
    }
}
