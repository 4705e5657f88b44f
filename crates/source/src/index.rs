//! The identifiers and parents of a table.

use std::collections::{BTreeMap, BTreeSet};

use khizana_model::{Id, is_invisible, printable};
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::item::IdentityConflict;

/// An index of the identifiers and parents of a table.
///
/// An identifier as written is the *original*. If it is a valid [`Id`], it is the identifier of the
/// item. Otherwise the identifier is its slug. The SHA-256 of the original is appended to the slug
/// if the slug is truncated or not unique, so that the identifiers do not depend on the order of the
/// rows.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Number of rows in the table.
    pub total: u64,
    /// The first row with each original, by the [`key`] of the original.
    rows: BTreeMap<String, FirstRow>,
    /// The keys of the originals, by the identifier of the item in lower case. Contains only the
    /// identifiers that differ from the original.
    proposals: BTreeMap<String, String>,
    /// The parent as written, by the key of the item.
    parents: BTreeMap<String, String>,
    /// The keys of items that are their own ancestors.
    cycles: BTreeSet<String>,
}

/// The first row with an identifier.
#[derive(Debug)]
struct FirstRow {
    original: String,
    /// The identifier of the item. `None` if it conflicts with that of another item.
    id: Option<Id>,
    /// Index of the row, counted from 0.
    index: u64,
    /// Number of the row; see [`khizana_model::RowPosition::row`].
    number: u64,
}

/// The identity of an item in its table.
#[derive(Debug)]
pub(super) struct Identity {
    pub id: Option<Id>,
    pub parent: Option<Id>,
    pub conflicts: Vec<IdentityConflict>,
}

impl Index {
    /// Adds a row with its identifier and parent as written.
    pub(super) fn add(&mut self, number: u64, original: Option<String>, parent: Option<String>) {
        let index = self.total;
        self.total += 1;
        let Some(original) = original else {
            return;
        };
        let key = key(&original);
        if self.rows.contains_key(&key) {
            return;
        }
        if let Some(parent) = parent {
            self.parents.insert(key.clone(), parent);
        }
        let row = FirstRow {
            id: original.parse().ok(),
            original,
            index,
            number,
        };
        self.rows.insert(key, row);
    }

    /// Assigns identifiers to the originals that are not valid identifiers, and resolves the
    /// parents. Must be called after the last row has been added.
    pub(super) fn complete(&mut self) {
        let mut uses: BTreeMap<String, u32> = BTreeMap::new();
        let slug = |row: &FirstRow| Id::slugify_whole(&visible(&row.original));
        for row in self.rows.values() {
            if let Some(id) = row.id.clone().or_else(|| slug(row)) {
                *uses.entry(id.as_str().to_lowercase()).or_default() += 1;
            }
        }
        for (key, row) in self.rows.iter_mut().filter(|(_, row)| row.id.is_none()) {
            let unique = slug(row).filter(|id| uses.get(&id.as_str().to_lowercase()) == Some(&1));
            let id = unique.or_else(|| {
                let hash = Sha256::digest(row.original.as_bytes());
                let suffix: String = hash.iter().take(4).map(|b| format!("{b:02x}")).collect();
                let id = Id::slugify_with(&visible(&row.original), &suffix)?;
                // Another row may contain an identifier that looks like this one.
                (!uses.contains_key(&id.as_str().to_lowercase())).then_some(id)
            });
            if let Some(id) = &id {
                let lower = id.as_str().to_lowercase();
                self.proposals.insert(lower, key.clone());
            }
            row.id = id;
        }
        let parents: BTreeMap<&str, &str> = self
            .parents
            .iter()
            .filter_map(|(key, parent)| Some((key.as_str(), self.find(parent)?.0)))
            .collect();
        self.cycles = cycles(&parents);
    }

    /// Returns `true` if an item has this identifier.
    pub(super) fn contains(&self, id: &Id) -> bool {
        let row = self.find(id.as_str());
        row.is_some_and(|(_, row)| row.id.as_ref() == Some(id))
    }

    /// Finds the row that an original or an identifier denotes.
    fn find(&self, text: &str) -> Option<(&str, &FirstRow)> {
        let written = self
            .rows
            .get_key_value(&key(text))
            .filter(|(_, row)| visible(&row.original) == visible(text));
        let proposed = || {
            let key = self.proposals.get(&text.to_lowercase())?;
            let row = self.rows.get_key_value(key);
            row.filter(|(_, row)| row.id.as_ref().is_some_and(|id| id.as_str() == text))
        };
        let (key, row) = written.or_else(proposed)?;
        Some((key.as_str(), row))
    }

    /// Returns the identity of the item in a row.
    pub(super) fn identify(&self, index: u64, original: &str, parent: Option<&str>) -> Identity {
        let mut conflicts = Vec::new();
        let key = key(original);
        let first = self.rows.get(&key);
        if let Some(first) = first.filter(|first| first.index != index) {
            let (id, row) = (printable(&first.original), first.number);
            conflicts.push(if first.original == original {
                IdentityConflict::Duplicate { row }
            } else if visible(&first.original) == visible(original) {
                IdentityConflict::Invisible { id, row }
            } else {
                IdentityConflict::Case { id, row }
            });
        }
        let parent = parent.and_then(|parent| {
            let Some((_, row)) = self.find(parent) else {
                let similar = self.rows.get(&self::key(parent));
                conflicts.push(IdentityConflict::UnknownParent {
                    similar: similar.map(|first| printable(&first.original)),
                });
                return None;
            };
            if self.cycles.contains(&key) {
                conflicts.push(IdentityConflict::Cycle);
            }
            row.id.clone()
        });
        Identity {
            id: first.and_then(|first| first.id.clone()),
            parent,
            conflicts,
        }
    }
}

/// Returns the form of an original in which all originals that look alike are equal: in lower case,
/// because some file systems do not distinguish case, and without invisible characters.
fn key(original: &str) -> String {
    visible(original).to_lowercase()
}

/// Removes invisible characters from an original, and replaces white space with a single space.
fn visible(original: &str) -> String {
    if original.bytes().all(|byte| byte.is_ascii_graphic()) {
        return original.to_owned();
    }
    let shown: String = original.chars().filter(|c| !is_invisible(*c)).collect();
    shown
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .nfc()
        .collect()
}

/// Returns the items that are their own ancestors. Each item is visited once.
fn cycles(parents: &BTreeMap<&str, &str>) -> BTreeSet<String> {
    let mut cycles = BTreeSet::new();
    let mut visited: BTreeSet<&str> = BTreeSet::new();
    for start in parents.keys() {
        let mut path: Vec<&str> = Vec::new();
        let mut positions: BTreeMap<&str, usize> = BTreeMap::new();
        let mut current = *start;
        while visited.insert(current) {
            positions.insert(current, path.len());
            path.push(current);
            match parents.get(current) {
                Some(parent) => current = parent,
                None => break,
            }
        }
        // The path has returned to itself, unless it has reached an item of an earlier path.
        if let Some(position) = positions.get(current)
            && parents.contains_key(current)
        {
            let members = path.iter().skip(*position);
            cycles.extend(members.map(|id| (*id).to_owned()));
        }
    }
    cycles
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn ids(originals: &[&str]) -> Vec<String> {
        let mut index = Index::default();
        for (number, original) in (2..).zip(originals) {
            index.add(number, Some((*original).to_owned()), None);
        }
        index.complete();
        let ids = (0..).zip(originals).map(|(row, original)| {
            let id = index.identify(row, original, None).id;
            id.map_or_else(String::new, |id| id.to_string())
        });
        ids.collect()
    }

    #[test]
    fn derives_identifiers_that_do_not_depend_on_the_order_of_rows() {
        assert_eq!(
            ids(&["MS-7", "https://example.org/a/b", "ark:/12148/x"]),
            ["MS-7", "https-example.org-a-b", "ark-12148-x"]
        );
        // The suffixes begin the SHA-256 of the originals.
        assert_eq!(
            ids(&["MS 1/2", "MS 1-2", "MS 1:2"]),
            ["MS-1-2-83236c17", "MS-1-2-25ab8361", "MS-1-2-6a0c274d"]
        );
        let mut forwards = ids(&["MS 1/2", "MS 1-2", "MS 1:2", "ms 1;2"]);
        let mut backwards = ids(&["ms 1;2", "MS 1:2", "MS 1-2", "MS 1/2"]);
        forwards.sort();
        backwards.sort();
        assert_eq!(forwards, backwards);
        assert!(forwards.iter().all(|id| id.len() == "MS-1-2-".len() + 8));
        // An identifier that is valid keeps its form.
        let mixed = ids(&["MS 1/2", "ms-1-2"]);
        assert_eq!(mixed[1], "ms-1-2");
        assert!(mixed[0].starts_with("MS-1-2-"));
    }

    #[test]
    fn derives_identifiers_from_originals_without_a_valid_slug() {
        let long = format!("https://example.org/{}", "a".repeat(200));
        let derived = ids(&[&long, "con", "؟", "COM1.x", ".."]);
        assert_eq!(derived[0].len(), Id::MAX_BYTES);
        assert!(derived[1].starts_with("con-"), "{derived:?}");
        assert!(derived[2].starts_with("item-"), "{derived:?}");
        assert!(derived[3].starts_with("item-"), "{derived:?}");
        assert!(derived.iter().all(|id| id.parse::<Id>().is_ok()));
    }

    #[test]
    fn finds_the_members_of_cycles_and_no_other_items() {
        let members = |pairs: &[(&'static str, &'static str)]| {
            let parents: BTreeMap<&str, &str> = pairs.iter().copied().collect();
            cycles(&parents).into_iter().collect::<Vec<_>>()
        };
        assert_eq!(members(&[("a", "b"), ("b", "c")]), [""; 0]);
        assert_eq!(members(&[("a", "a")]), ["a"]);
        // `d` and `e` lead to a cycle, and are not in it.
        let pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "d")];
        assert_eq!(members(&pairs), ["a", "b", "c"]);
        assert_eq!(members(&[("a", "z"), ("b", "c"), ("c", "b")]), ["b", "c"]);
    }

    #[test]
    fn finds_a_long_cycle() {
        let names: Vec<String> = (0..20_000).map(|n| format!("i{n}")).collect();
        let parents: BTreeMap<&str, &str> = names
            .iter()
            .map(String::as_str)
            .zip(names.iter().cycle().skip(1).map(String::as_str))
            .collect();
        assert_eq!(cycles(&parents).len(), 20_000);
    }
}
