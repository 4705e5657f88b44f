//! A map for a small number of entries.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use khizana_json::{FromJson, Scanner};

/// A map for a small number of entries, such as the languages of a value or the fields of a
/// collection. The entries are stored in a vector, in ascending order of their keys.
///
/// A [`BTreeMap`] would not be faster for so few entries, and each instantiation of it would add
/// several kilobytes to the viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmallMap<K, V>(Vec<(K, V)>);

impl<K: Ord, V> SmallMap<K, V> {
    /// Returns an empty map.
    pub fn new() -> Self {
        SmallMap(Vec::new())
    }

    /// Returns `true` if the map has no entries.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the entries, in ascending order of their keys.
    pub fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// Returns the value of the first key for which `predicate` returns `true`, if there is one.
    pub fn find(&self, predicate: impl Fn(&K) -> bool) -> Option<&V> {
        self.0
            .iter()
            .find(|(key, _)| predicate(key))
            .map(|(_, value)| value)
    }

    /// Inserts an entry. Replaces the value if the key is present.
    pub fn insert(&mut self, key: K, value: V) {
        match self.search(&key) {
            Ok(index) => {
                if let Some((_, old)) = self.0.get_mut(index) {
                    *old = value;
                }
            }
            Err(index) => self.0.insert(index, (key, value)),
        }
    }

    /// Returns the value of a key. Inserts `default` if the key is absent.
    pub fn entry(&mut self, key: K, default: V) -> &mut V {
        let index = match self.search(&key) {
            Ok(index) => index,
            Err(index) => {
                self.0.insert(index, (key, default));
                index
            }
        };
        // The entry at `index` was found or inserted above.
        &mut self.0[index].1
    }

    fn search(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.cmp(key))
    }
}

impl<K: Ord, V> Default for SmallMap<K, V> {
    fn default() -> Self {
        SmallMap::new()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for SmallMap<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let mut map = SmallMap::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Serialize, V: Serialize> Serialize for SmallMap<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for SmallMap<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(SmallMap(
            BTreeMap::deserialize(deserializer)?.into_iter().collect(),
        ))
    }
}

impl<K: FromJson + Ord, V: FromJson> FromJson for SmallMap<K, V> {
    fn default_value() -> Self {
        SmallMap::new()
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        self.0.clear();
        json.open(b'{')?;
        while json.next_element(b'}')? {
            let (mut key, mut value) = (K::default_value(), V::default_value());
            key.read(json)?;
            json.colon()?;
            value.read(json)?;
            self.insert(key, value);
        }
        json.close(b'}')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_sorted_and_keys_are_unique() {
        let mut map: SmallMap<&str, u32> = [("fr", 1), ("ar", 2), ("fr", 3)].into_iter().collect();
        *map.entry("en", 7) += 1;
        *map.entry("ar", 0) += 1;
        assert!(map.iter().eq(&[("ar", 3), ("en", 8), ("fr", 3)]));
        assert_eq!(map.find(|key| *key == "en"), Some(&8));
        assert_eq!(map.find(|key| *key == "de"), None);
    }
}
