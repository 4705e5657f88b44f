//! The related items of each item, which share its rare values.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use khizana_model::{Collection, Item, LangMap};

/// Maximum number of related items.
const MAX_RELATED: usize = 6;

/// Maximum number of the rarest values of an item from which its related items are looked up.
const MAX_VALUES: usize = 8;

/// Maximum number of items with a value that are considered, before and after the item each. The time per
/// item thus does not depend on the number of items that have the value.
const REACH: usize = 8;

/// The fields whose values relate items. A collection adds its facets.
const FIELDS: [&str; 6] = [
    "creator",
    "contributor",
    "subject",
    "place",
    "coverage",
    "period",
];

/// The fields whose values do not relate items, even if they are facets.
const UNRELATED_FIELDS: [&str; 11] = [
    "type",
    "format",
    "language",
    "rights",
    "rights_text",
    "collection",
    "source",
    "date",
    "decade",
    "century",
    "pages",
];

/// Names of unknown people, who do not relate items.
const UNKNOWN: [&str; 8] = [
    "unknown",
    "anonymous",
    "inconnu",
    "anonyme",
    "مجهول",
    "مجهول المؤلف",
    "غير معروف",
    "غير محدد",
];

/// A relation of an item to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Relation<'a> {
    /// The number of the other item.
    pub(super) number: u32,
    /// The field in which both items have the rarest shared value, and the facet key of the value.
    pub(super) field: &'a str,
    pub(super) value: &'a str,
}

/// The values of all items that relate them.
pub(super) struct Relations {
    fields: Vec<String>,
    /// The index of the field and the facet key of each value.
    values: Vec<(usize, String)>,
    /// The weight of each value. 0 means that the value relates no items.
    weights: Vec<u32>,
    /// The numbers of the items that have each value, ascending.
    items: Vec<Vec<u32>>,
    /// The values of each item, by item number, ascending.
    values_of_items: Vec<Box<[u32]>>,
}

/// Collects the values of all items.
pub(super) struct RelationsBuilder {
    fields: Vec<String>,
    /// The index of each value, by field.
    indexes: Vec<BTreeMap<String, u32>>,
    values: u32,
    values_of_items: Vec<Box<[u32]>>,
}

impl RelationsBuilder {
    /// Creates a builder for items with the numbers below `items`.
    pub(super) fn new(items: u32) -> RelationsBuilder {
        RelationsBuilder {
            fields: Vec::new(),
            indexes: Vec::new(),
            values: 0,
            values_of_items: vec![Box::default(); items as usize],
        }
    }

    /// Adds the values of the item with a number.
    pub(super) fn add(&mut self, number: u32, item: &Item, collection: &Collection) {
        let mut values = Vec::new();
        for field in &item.fields {
            if !relates(&field.name, collection) {
                continue;
            }
            let index = self.field(&field.name);
            let Some(indexes) = self.indexes.get_mut(index) else {
                continue;
            };
            for value in field.values.entities() {
                if is_unknown(&value) {
                    continue;
                }
                values.push(match indexes.get(value.facet_key()) {
                    Some(index) => *index,
                    None => {
                        indexes.insert(value.facet_key().to_owned(), self.values);
                        self.values += 1;
                        self.values - 1
                    }
                });
            }
        }
        values.sort_unstable();
        values.dedup();
        if let Some(slot) = self.values_of_items.get_mut(number as usize) {
            *slot = values.into();
        }
    }

    fn field(&mut self, name: &str) -> usize {
        let known = self.fields.iter().position(|field| field == name);
        known.unwrap_or_else(|| {
            self.fields.push(name.to_owned());
            self.indexes.push(BTreeMap::new());
            self.fields.len() - 1
        })
    }

    /// Returns the relations of all items.
    pub(super) fn finish(self) -> Relations {
        let mut values = vec![(0, String::new()); self.values as usize];
        for (field, indexes) in self.indexes.into_iter().enumerate() {
            for (key, index) in indexes {
                if let Some(slot) = values.get_mut(index as usize) {
                    *slot = (field, key);
                }
            }
        }
        let mut items = vec![Vec::new(); values.len()];
        for (number, values) in (0..).zip(&self.values_of_items) {
            for value in values {
                if let Some(items) = items.get_mut(*value as usize) {
                    items.push(number);
                }
            }
        }
        let total = self.values_of_items.len();
        Relations {
            fields: self.fields,
            values,
            weights: items
                .iter()
                .map(|items| weight(items.len(), total))
                .collect(),
            items,
            values_of_items: self.values_of_items,
        }
    }
}

impl Relations {
    /// Returns the relations of an item: the items with the highest total weight of the values that they
    /// share with it, except for those that `is_excluded` excludes. Items with the same weight are in the
    /// order of their distance in the collection, so that different items lead to different items.
    pub(super) fn of(&self, number: u32, is_excluded: impl Fn(u32) -> bool) -> Vec<Relation<'_>> {
        let values = self.values_of(number);
        let mut rarest: Vec<u32> = values.to_vec();
        rarest.retain(|value| self.weight(*value) > 0);
        rarest.sort_by_key(|value| Reverse(self.weight(*value)));
        rarest.truncate(MAX_VALUES);
        let mut candidates = Vec::new();
        for value in rarest {
            let Some(items) = self.items.get(value as usize) else {
                continue;
            };
            let at = items.partition_point(|item| *item < number);
            let (before, after) = items.split_at(at);
            candidates.extend(before.iter().rev().take(REACH));
            candidates.extend(after.iter().filter(|item| **item != number).take(REACH));
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates.retain(|candidate| !is_excluded(*candidate));
        let mut scored: Vec<(u32, u32)> = candidates
            .into_iter()
            .map(|candidate| (self.shared_weight(values, candidate), candidate))
            .collect();
        scored.sort_by_key(|(weight, candidate)| {
            (Reverse(*weight), candidate.abs_diff(number), *candidate)
        });
        scored.truncate(MAX_RELATED);
        let relations = scored.into_iter().filter_map(|(_, candidate)| {
            let shared = self.shared(values, candidate);
            let rarest = shared.min_by_key(|value| Reverse(self.weight(*value)))?;
            let (field, key) = self.values.get(rarest as usize)?;
            Some(Relation {
                number: candidate,
                field: self.fields.get(*field)?,
                value: key,
            })
        });
        relations.collect()
    }

    fn values_of(&self, number: u32) -> &[u32] {
        self.values_of_items
            .get(number as usize)
            .map_or(&[], |values| values)
    }

    fn weight(&self, value: u32) -> u32 {
        self.weights
            .get(value as usize)
            .copied()
            .unwrap_or_default()
    }

    /// Returns the values of an item that are among `values`.
    fn shared<'a>(&'a self, values: &'a [u32], number: u32) -> impl Iterator<Item = u32> + 'a {
        let others = self.values_of(number).iter().copied();
        others.filter(|value| values.binary_search(value).is_ok())
    }

    fn shared_weight(&self, values: &[u32], number: u32) -> u32 {
        let shared = self.shared(values, number);
        shared.map(|value| self.weight(value)).sum()
    }
}

/// Returns `true` if items of a collection are related by values of a field.
fn relates(field: &str, collection: &Collection) -> bool {
    let is_facet = || collection.facets.iter().any(|facet| facet == field);
    !UNRELATED_FIELDS.contains(&field) && (FIELDS.contains(&field) || is_facet())
}

fn is_unknown(value: &LangMap) -> bool {
    let names = || value.iter().map(|(_, name)| name.to_lowercase());
    value.facet_key().is_empty() || names().any(|name| UNKNOWN.contains(&name.trim()))
}

/// Returns the weight of a value that `count` of `total` items have: its inverse document frequency,
/// log₂(`total` ÷ `count`), times 256. The weight is 0 if no other item, or more than half of the items
/// have it.
///
/// The total is rounded up to a power of two, so that a further item does not change all weights. The
/// logarithm is interpolated between powers of two in integers, because [`f64::log2`] does not return the
/// same digits on every machine.
fn weight(count: usize, total: usize) -> u32 {
    if count < 2 || count > total / 2 {
        return 0;
    }
    let log2 = |number: u64| {
        let exponent = number.max(1).ilog2();
        (exponent << 8) + (((number << 8) >> exponent) as u32 & 0xff)
    };
    let total = total.next_power_of_two() as u64;
    log2(total).saturating_sub(log2(count as u64))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns an item with fields, each a name and its values.
    fn item(id: u32, fields: &[(&str, &[&str])]) -> Item {
        let fields = fields.iter().map(|(name, values)| {
            let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
            format!(
                r#"{{"name":"{name}","values":{{"und":[{}]}}}}"#,
                values.join(",")
            )
        });
        let fields: Vec<String> = fields.collect();
        let json = format!(r#"{{"id":"{id}","fields":[{}]}}"#, fields.join(","));
        khizana_json::from_slice(json.as_bytes()).unwrap()
    }

    fn collection(facets: &[&str]) -> Collection {
        let mut collection = Collection::new("c".parse().unwrap());
        collection.facets = facets.iter().map(|facet| (*facet).to_owned()).collect();
        collection
    }

    fn relations(items: &[Item], facets: &[&str]) -> Relations {
        let mut builder = RelationsBuilder::new(items.len() as u32);
        for (number, item) in (0..).zip(items) {
            builder.add(number, item, &collection(facets));
        }
        builder.finish()
    }

    fn numbers(relations: &Relations, number: u32) -> Vec<u32> {
        let related = relations.of(number, |_| false);
        related.iter().map(|relation| relation.number).collect()
    }

    /// Returns the number, field and value of each related item of item 0.
    fn related(items: &[Item], facets: &[&str]) -> Vec<(u32, String, String)> {
        let relations = relations(items, facets);
        let related = relations.of(0, |_| false).into_iter();
        related
            .map(|relation| {
                let (field, value) = (relation.field.to_owned(), relation.value.to_owned());
                (relation.number, field, value)
            })
            .collect()
    }

    fn relation(number: u32, field: &str, value: &str) -> (u32, String, String) {
        (number, field.to_owned(), value.to_owned())
    }

    #[test]
    fn rare_values_weigh_more_than_frequent_ones() {
        let mut items = vec![item(0, &[("subject", &["rare", "frequent"])])];
        items.extend((1..5).map(|id| item(id, &[("subject", &["frequent"])])));
        items.push(item(5, &[("subject", &["rare"])]));
        items.extend((6..12).map(|id| item(id, &[("subject", &["other"])])));
        let found = related(&items, &[]);
        assert_eq!(found.len(), 5);
        assert_eq!(found[0], relation(5, "subject", "rare"));
        assert_eq!(found[1], relation(1, "subject", "frequent"));
    }

    #[test]
    fn shared_values_add_up_and_the_rarest_is_named() {
        let mut items = vec![
            item(0, &[("creator", &["a"]), ("place", &["b"])]),
            item(1, &[("place", &["b"])]),
            item(2, &[("creator", &["a"]), ("place", &["b"])]),
            item(3, &[("place", &["b"])]),
        ];
        items.extend((4..12).map(|id| item(id, &[])));
        assert_eq!(
            related(&items, &[]),
            [
                relation(2, "creator", "a"),
                relation(1, "place", "b"),
                relation(3, "place", "b"),
            ]
        );
    }

    #[test]
    fn ties_are_in_the_order_of_distance() {
        let mut items: Vec<Item> = (0..20).map(|id| item(id, &[("place", &["x"])])).collect();
        items.extend((20..60).map(|id| item(id, &[])));
        let relations = relations(&items, &[]);
        assert_eq!(numbers(&relations, 10), [9, 11, 8, 12, 7, 13]);
        assert_eq!(numbers(&relations, 0), [1, 2, 3, 4, 5, 6]);
        assert_eq!(numbers(&relations, 19), [18, 17, 16, 15, 14, 13]);
        assert!(numbers(&relations, 20).is_empty());
        let related = relations.of(10, |number| number == 9 || number == 8);
        assert_eq!(related[0].number, 11);
        assert_eq!(related.len(), MAX_RELATED);
        assert!(numbers(&relations, 99).is_empty());
    }

    #[test]
    fn a_frequent_value_is_looked_up_near_the_item_only() {
        let count = 4_000;
        let mut items: Vec<Item> = (0..count)
            .map(|id| {
                let pair = format!("{}", id % (count / 2));
                item(id, &[("subject", &["frequent", &pair])])
            })
            .collect();
        items.extend((count..2 * count).map(|id| item(id, &[])));
        let relations = relations(&items, &[]);
        // The value that only two items share leads to the other half, however far away it is.
        assert_eq!(
            numbers(&relations, 1_000),
            [3_000, 999, 1_001, 998, 1_002, 997]
        );
    }

    #[test]
    fn values_that_say_nothing_relate_no_items() {
        let fields: &[(&str, &[&str])] = &[
            ("language", &["ar"]),
            ("rights_text", &["free"]),
            ("type", &["book"]),
            ("creator", &["Unknown"]),
            ("note", &["same"]),
        ];
        let mut items = vec![item(0, fields), item(1, fields)];
        items.extend((2..8).map(|id| item(id, &[])));
        assert!(related(&items, &["language", "type", "rights_text"]).is_empty());
        // More than half of the items.
        let items: Vec<Item> = (0..8).map(|id| item(id, &[("place", &["x"])])).collect();
        assert!(related(&items, &[]).is_empty());
    }

    #[test]
    fn facets_relate_items() {
        let mut items: Vec<Item> = (0..2).map(|id| item(id, &[("shelf", &["7"])])).collect();
        items.extend((2..8).map(|id| item(id, &[])));
        assert!(related(&items, &[]).is_empty());
        assert_eq!(related(&items, &["shelf"]), [relation(1, "shelf", "7")]);
    }

    #[test]
    fn the_same_value_of_different_fields_is_not_shared() {
        let mut items = vec![
            item(0, &[("place", &["Fez"])]),
            item(1, &[("subject", &["Fez"])]),
        ];
        items.extend((2..8).map(|id| item(id, &[])));
        assert!(related(&items, &[]).is_empty());
    }

    #[test]
    fn weights_are_logarithms() {
        assert_eq!(weight(2, 64), 5 * 256);
        assert_eq!(weight(32, 64), 256);
        assert_eq!((weight(1, 64), weight(0, 64), weight(33, 64)), (0, 0, 0));
        for count in 3..1_000 {
            assert!(weight(count, 2_000) <= weight(count - 1, 2_000));
        }
        // A further item does not change the weights.
        assert_eq!(weight(5, 40), weight(5, 41));
    }

    #[test]
    fn the_relations_do_not_depend_on_the_order_in_which_items_are_added() {
        let items: Vec<Item> = (0..40)
            .map(|id| {
                let (a, b) = (format!("a{}", id % 7), format!("b{}", id % 5));
                item(id, &[("subject", &[&a]), ("place", &[&b])])
            })
            .collect();
        let forward = relations(&items, &[]);
        let mut builder = RelationsBuilder::new(40);
        for (number, item) in (0..).zip(&items).collect::<Vec<_>>().into_iter().rev() {
            builder.add(number, item, &collection(&[]));
        }
        let backward = builder.finish();
        for number in 0..40 {
            assert_eq!(
                forward.of(number, |_| false),
                backward.of(number, |_| false)
            );
        }
    }
}
