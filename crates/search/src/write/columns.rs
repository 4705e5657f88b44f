//! The facets: which there are, and their columns.

use std::collections::BTreeMap;

use khizana_format::{FacetRef, WriteError};
use khizana_model::{Hash, LangMap};

use super::{Analysed, Store, object};
use crate::column::{self, BLOCK, FIRST, Parts, Value};
use crate::order::UNDATED;

/// A facet chosen because its values are few, not because a curator asked for it, has at most so many.
const FEW: usize = 200;
/// A facet that a curator asked for has at most so many values.
const MANY: usize = 20_000;
/// So many facets are chosen where no curator asked for any.
const CHOSEN: usize = 8;
/// A date that reaches over more decades says nothing about any of them.
const DECADES: i32 = 10;
/// Columns share an object until it has so many bytes.
const SHARED: usize = 192 << 10;

/// The facets that are looked at first.
const USUAL: [&str; 7] = [
    "collection",
    "type",
    "creator",
    "place",
    "subject",
    "language",
    "rights",
];

/// Values of all fields, of all items.
#[derive(Default)]
pub(super) struct Columns {
    /// The fields the collections ask for.
    wanted: Vec<String>,
    columns: BTreeMap<String, Builder>,
    /// Fields in the order in which they were first seen.
    fields: Vec<String>,
}

#[derive(Default)]
struct Builder {
    keys: BTreeMap<String, u32>,
    /// Of each value its name, and how many items have it.
    values: Vec<(LangMap, u32)>,
    /// Items and their values, in order of the items.
    members: Vec<(u32, u32)>,
    /// How many items have a value.
    items: usize,
}

impl Builder {
    fn add(&mut self, item: u32, key: &str, label: &LangMap) {
        // A field with so many values is no facet; its column is dropped at the end.
        if self.values.len() > MANY {
            self.members = Vec::new();
            return;
        }
        let index = match self.keys.get(key) {
            Some(index) => *index,
            None => {
                let index = self.values.len() as u32;
                self.keys.insert(key.to_owned(), index);
                self.values.push((label.clone(), 0));
                index
            }
        };
        let own = self.members.iter().rev();
        let mut own = own.take_while(|(other, _)| *other == item).peekable();
        if own.peek().is_none() {
            self.items += 1;
        }
        if own.any(|(_, other)| *other == index) {
            return;
        }
        self.members.push((item, index));
        if let Some((_, count)) = self.values.get_mut(index as usize) {
            *count += 1;
        }
    }

    /// The values, the most frequent first, and those of each of `items` items by these numbers.
    fn sorted(self, items: usize) -> (Vec<Value>, Vec<Vec<u32>>) {
        let mut order: Vec<(u32, String, u32)> = self
            .keys
            .into_iter()
            .map(|(key, index)| {
                let count = self.values.get(index as usize).map(|(_, count)| *count);
                (!count.unwrap_or_default(), key, index)
            })
            .collect();
        order.sort();
        let mut now = vec![0; order.len()];
        let mut labels: Vec<LangMap> = self.values.into_iter().map(|(label, _)| label).collect();
        let mut values = Vec::with_capacity(order.len());
        for (place, (_, key, index)) in (0u32..).zip(order) {
            let index = index as usize;
            if let (Some(now), Some(label)) = (now.get_mut(index), labels.get_mut(index)) {
                *now = place;
                values.push((key, std::mem::take(label)));
            }
        }
        let mut members = vec![Vec::new(); items];
        for (item, index) in self.members {
            if let Some(member) = members.get_mut(item as usize) {
                member.extend(now.get(index as usize));
            }
        }
        members.iter_mut().for_each(|own| own.sort_unstable());
        (values, members)
    }
}

impl Columns {
    pub(super) fn new(wanted: &[String]) -> Columns {
        Columns {
            wanted: wanted.to_vec(),
            ..Columns::default()
        }
    }

    pub(super) fn add(&mut self, number: u32, item: &Analysed, collection: (&str, &LangMap)) {
        let (key, title) = collection;
        self.value(number, "collection", key, title);
        for (field, key, label) in &item.values {
            if self.wanted.is_empty() || self.wanted.contains(field) {
                self.value(number, field, key, label);
            }
        }
        let dated = (item.years != UNDATED).then_some(item.years);
        let hijri = item.hijri.map(|year| (year, year));
        for (calendar, years) in [("date", dated), ("hijri", hijri)] {
            for (name, length) in SPANS {
                if let Some((from, to)) = years {
                    let (first, last) = (from.div_euclid(length), to.div_euclid(length));
                    if last - first < DECADES {
                        for span in first..=last {
                            let key = (span * length).to_string();
                            let field = format!("{calendar}:{name}");
                            self.value(number, &field, &key, &LangMap::new());
                        }
                    }
                }
            }
        }
    }

    fn value(&mut self, item: u32, field: &str, key: &str, label: &LangMap) {
        if !self.columns.contains_key(field) {
            self.fields.push(field.to_owned());
            self.columns.insert(field.to_owned(), Builder::default());
        }
        if let Some(column) = self.columns.get_mut(field) {
            column.add(item, key, label);
        }
    }

    fn has(&self, field: &str, most: usize) -> bool {
        self.columns
            .get(field)
            .is_some_and(|column| (2..=most).contains(&column.values.len()))
    }

    /// The facets: those asked for, or all whose values are more than one and few; and the line of
    /// time, in decades where they fit into a column's first values.
    fn chosen(&self) -> Vec<String> {
        let mut chosen: Vec<String> = Vec::new();
        let mut choose = |field: &str| {
            if !chosen.iter().any(|own| own == field) {
                chosen.push(field.to_owned());
            }
        };
        if self.wanted.is_empty() {
            let own = self.fields.iter().map(String::as_str);
            let own = own.filter(|field| !USUAL.contains(field) && !field.contains(':'));
            USUAL
                .into_iter()
                .chain(own)
                .filter(|field| self.has(field, FEW))
                // A field whose values are nearly all different says nothing about the whole.
                .filter(|field| {
                    self.columns.get(*field).is_some_and(|column| {
                        column.values.len() * 2 <= column.items || USUAL.contains(field)
                    })
                })
                .take(CHOSEN)
                .for_each(&mut choose);
        } else {
            std::iter::once("collection")
                .chain(self.wanted.iter().map(String::as_str))
                .filter(|field| self.has(field, MANY))
                .for_each(&mut choose);
        }
        for calendar in ["date", "hijri"] {
            SPANS
                .iter()
                .map(|(name, _)| format!("{calendar}:{name}"))
                .find(|field| self.has(field, FIRST))
                .iter()
                .for_each(|field| choose(field));
        }
        chosen
    }

    /// Writes the columns of the facets.
    pub(super) fn write(
        mut self,
        items: usize,
        store: Store<'_>,
    ) -> Result<Vec<FacetRef>, WriteError> {
        let json = |error: serde_json::Error| WriteError::Encode(error.into());
        let mut facets: Vec<FacetRef> = Vec::new();
        let mut shared = Vec::new();
        let mut waiting: Vec<String> = Vec::new();
        let chosen = self.chosen();
        for (place, field) in chosen.iter().enumerate() {
            let Some(builder) = self.columns.remove(field) else {
                continue;
            };
            let (values, members) = builder.sorted(items);
            let (first, others) = values.split_at(values.len().min(FIRST));
            let mut blocks: Vec<Hash> = Vec::new();
            for block in others.chunks(BLOCK) {
                let mut out = Vec::new();
                column::write_values(block, &mut out).map_err(json)?;
                blocks.push(object(store, &out)?);
            }
            let parts = Parts {
                field,
                values: values.len() as u32,
                first,
                blocks: &blocks,
                items: &members,
            };
            column::write(&parts, &mut shared).map_err(json)?;
            waiting.push(field.clone());
            if shared.len() >= SHARED || place + 1 == chosen.len() {
                let object = object(store, &shared)?;
                shared.clear();
                let written = waiting.drain(..).map(|field| FacetRef { field, object });
                facets.extend(written);
            }
        }
        Ok(facets)
    }
}

/// The spans of a line of time, the finest first, in years.
const SPANS: [(&str, i32); 2] = [("decade", 10), ("century", 100)];
