//! The related items of each item, which share its rare values.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use khizana_model::{Collection, Item};

/// Maximum number of related items.
const MAX_RELATED: usize = 6;

/// Maximum number of items with a value that are considered, before and after the item each. The time per
/// item thus does not depend on the number of items that have the value.
const REACH: usize = 6;

/// Number of candidates after which no further values are looked up.
const CANDIDATES: usize = 16;

/// Number of candidates of which all shared values are compared.
const COMPARED: usize = 10;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Relation {
    /// The number of the other item.
    pub(super) number: u32,
    /// The rarest value that both items have.
    pub(super) value: u32,
}

/// The values of all items that relate them.
pub(super) struct Relations {
    /// The weight of each value. 0 means that the value relates no items.
    weights: Vec<u32>,
    /// The numbers of the items that have each value, ascending.
    items: Vec<Vec<u32>>,
    /// The values of each item, by item number, ascending.
    values_of_items: Vec<Box<[u32]>>,
}

/// The name of a field, and the facet key of one of its values.
pub(super) type Value = (String, String);

/// Collects the values of all items.
pub(super) struct RelationsBuilder {
    /// The name of each field, and the numbers of its values.
    fields: Vec<(String, BTreeMap<String, u32>)>,
    /// For each value, whether it names someone or something.
    is_known: Vec<bool>,
    values_of_items: Vec<Box<[u32]>>,
}

impl RelationsBuilder {
    /// Creates a builder for items with the numbers below `items`.
    pub(super) fn new(items: u32) -> RelationsBuilder {
        RelationsBuilder {
            fields: Vec::new(),
            is_known: Vec::new(),
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
            let fields = self.fields.iter();
            let index = fields.take_while(|(name, _)| *name != field.name).count();
            if index == self.fields.len() {
                self.fields.push((field.name.clone(), BTreeMap::new()));
            }
            let Some((_, numbers)) = self.fields.get_mut(index) else {
                continue;
            };
            let is_known = &mut self.is_known;
            let mut add = |key: &str, names: &mut dyn Iterator<Item = &str>| {
                values.push(match numbers.get(key) {
                    Some(value) => *value,
                    None => {
                        let value = is_known.len() as u32;
                        numbers.insert(key.to_owned(), value);
                        is_known.push(!key.is_empty() && !is_unknown(names));
                        value
                    }
                });
            };
            let mut tags = field.values.iter().map(|(tag, _)| tag);
            let first = tags.next();
            // Most values have one name, which is then the key.
            if tags.all(|tag| Some(tag) == first) {
                for (_, key) in field.values.iter() {
                    add(key, &mut std::iter::once(key));
                }
            } else {
                for entity in field.values.entities() {
                    add(entity.facet_key(), &mut entity.iter().map(|(_, name)| name));
                }
            }
        }
        values.sort_unstable();
        values.dedup();
        if let Some(slot) = self.values_of_items.get_mut(number as usize) {
            *slot = values.into();
        }
    }

    /// Returns the relations of all items, and the values by number.
    pub(super) fn finish(self) -> (Relations, Vec<Value>) {
        let mut counts = vec![0; self.is_known.len()];
        for value in self.values_of_items.iter().flatten() {
            if let Some(count) = counts.get_mut(*value as usize) {
                *count += 1;
            }
        }
        let mut items: Vec<Vec<u32>> = counts.into_iter().map(Vec::with_capacity).collect();
        for (number, values) in (0..).zip(&self.values_of_items) {
            for value in values {
                if let Some(items) = items.get_mut(*value as usize) {
                    items.push(number);
                }
            }
        }
        let total = self.values_of_items.len();
        let weights = items.iter().zip(&self.is_known).map(|(items, is_known)| {
            if *is_known {
                weight(items.len(), total)
            } else {
                0
            }
        });
        let relations = Relations {
            weights: weights.collect(),
            items,
            values_of_items: self.values_of_items,
        };
        let mut values = vec![Value::default(); self.is_known.len()];
        for (field, numbers) in self.fields {
            for (key, value) in numbers {
                if let Some(slot) = values.get_mut(value as usize) {
                    *slot = (field.clone(), key);
                }
            }
        }
        (relations, values)
    }
}

impl Relations {
    /// Returns the relations of an item: the items with the highest total weight of the values that they
    /// share with it, except for those that `is_excluded` excludes. Items with the same weight are in the
    /// order of their distance in the collection, so that different items lead to different items.
    pub(super) fn of(&self, number: u32, is_excluded: impl Fn(u32) -> bool) -> Vec<Relation> {
        let values = self.values_of(number);
        let mut rarest: Vec<(Reverse<u32>, u32)> = Vec::with_capacity(values.len());
        rarest.extend(
            values
                .iter()
                .map(|value| (Reverse(self.weight(*value)), *value)),
        );
        rarest.sort_unstable();
        let mut candidates: Vec<Candidate> = Vec::with_capacity(CANDIDATES + 2 * REACH);
        for (Reverse(weight), value) in rarest {
            let Some(items) = self.items.get(value as usize) else {
                continue;
            };
            if weight == 0 || candidates.len() >= CANDIDATES {
                break;
            }
            let at = items.partition_point(|item| *item < number);
            let end = items.len().min(at + 1 + REACH);
            let near = items.get(at.saturating_sub(REACH)..end).unwrap_or_default();
            for item in near {
                if *item == number || is_excluded(*item) {
                    continue;
                }
                match candidates.iter_mut().find(|other| other.item == *item) {
                    Some(known) => known.weight += weight,
                    None => candidates.push(Candidate {
                        weight,
                        item: *item,
                        rarest: value,
                    }),
                }
            }
        }
        let rank = |candidate: &Candidate| {
            let distance = candidate.item.abs_diff(number);
            (Reverse(candidate.weight), distance, candidate.item)
        };
        candidates.sort_unstable_by_key(rank);
        candidates.truncate(COMPARED);
        // A candidate can also share values by which it was not found, which are more frequent.
        for candidate in &mut candidates {
            candidate.weight = self.shared_weight(values, candidate.item);
        }
        candidates.sort_unstable_by_key(rank);
        candidates.truncate(MAX_RELATED);
        let relations = candidates.into_iter().map(|candidate| Relation {
            number: candidate.item,
            value: candidate.rarest,
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

    /// Returns the total weight of the values of an item that are among `values`.
    fn shared_weight(&self, values: &[u32], number: u32) -> u32 {
        let mut sum = 0;
        let mut others = self.values_of(number).iter();
        let mut other = others.next();
        for value in values {
            while other.is_some_and(|other| other < value) {
                other = others.next();
            }
            if other == Some(value) {
                sum += self.weight(*value);
            }
        }
        sum
    }
}

/// An item that shares at least one value with another.
struct Candidate {
    /// The total weight of the shared values that are known.
    weight: u32,
    /// The number of the item.
    item: u32,
    /// The rarest shared value.
    rarest: u32,
}

/// Returns `true` if items of a collection are related by values of a field.
fn relates(field: &str, collection: &Collection) -> bool {
    let is_facet = || collection.facets.iter().any(|facet| facet == field);
    !UNRELATED_FIELDS.contains(&field) && (FIELDS.contains(&field) || is_facet())
}

/// Returns `true` if one of the names of a value says that it is unknown.
fn is_unknown(names: &mut dyn Iterator<Item = &str>) -> bool {
    let mut names = names.map(str::to_lowercase);
    names.any(|name| UNKNOWN.contains(&name.trim()))
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

    fn relations(items: &[Item], facets: &[&str]) -> (Relations, Vec<Value>) {
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
        let (relations, values) = relations(items, facets);
        let related = relations.of(0, |_| false).into_iter();
        related
            .map(|relation| {
                let (field, value) = values[relation.value as usize].clone();
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
        let (relations, _) = relations(&items, &[]);
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
        let (relations, _) = relations(&items, &[]);
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
        let (forward, values) = relations(&items, &[]);
        let mut builder = RelationsBuilder::new(40);
        for (number, item) in (0..).zip(&items).collect::<Vec<_>>().into_iter().rev() {
            builder.add(number, item, &collection(&[]));
        }
        let (backward, other_values) = builder.finish();
        let named = |relations: Vec<Relation>, values: &[Value]| -> Vec<(u32, Value)> {
            let relations = relations.into_iter();
            relations
                .map(|relation| (relation.number, values[relation.value as usize].clone()))
                .collect()
        };
        for number in 0..40 {
            assert_eq!(
                named(forward.of(number, |_| false), &values),
                named(backward.of(number, |_| false), &other_values)
            );
        }
    }
}
