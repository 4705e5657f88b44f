//! A map of a few entries.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use khizana_json::{FromJson, Scanner};

/// A map of a few entries, in order of their keys: the languages of a value, the fields of a
/// collection. A tree would be no faster at this size, and each tree is several kilobytes of viewer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Few<K, V>(Vec<(K, V)>);

impl<K: Ord, V> Few<K, V> {
    /// An empty map.
    pub fn new() -> Self {
        Few(Vec::new())
    }

    /// Whether there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The entries, in order of their keys.
    pub fn iter(&self) -> std::slice::Iter<'_, (K, V)> {
        self.0.iter()
    }

    /// The value of the first key that `is` accepts.
    pub fn find(&self, is: impl Fn(&K) -> bool) -> Option<&V> {
        self.0
            .iter()
            .find(|(key, _)| is(key))
            .map(|(_, value)| value)
    }

    /// Sets the value of a key.
    pub fn insert(&mut self, key: K, value: V) {
        match self.place(&key) {
            Ok(at) => {
                if let Some((_, own)) = self.0.get_mut(at) {
                    *own = value;
                }
            }
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    /// The value of a key, put there where there was none.
    pub fn entry(&mut self, key: K, blank: V) -> &mut V {
        let at = match self.place(&key) {
            Ok(at) => at,
            Err(at) => {
                self.0.insert(at, (key, blank));
                at
            }
        };
        // `at` is where the key was found or put.
        &mut self.0[at].1
    }

    fn place(&self, key: &K) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.cmp(key))
    }
}

impl<K: Ord, V> Default for Few<K, V> {
    fn default() -> Self {
        Few::new()
    }
}

impl<K: Ord, V> FromIterator<(K, V)> for Few<K, V> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(entries: T) -> Self {
        let mut map = Few::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

impl<K: Serialize, V: Serialize> Serialize for Few<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

impl<'de, K: Deserialize<'de> + Ord, V: Deserialize<'de>> Deserialize<'de> for Few<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Few(BTreeMap::deserialize(deserializer)?
            .into_iter()
            .collect()))
    }
}

impl<K: FromJson + Ord, V: FromJson> FromJson for Few<K, V> {
    fn default_value() -> Self {
        Few::new()
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
    fn entries_are_in_order_and_keys_are_there_once() {
        let mut map: Few<&str, u32> = [("fr", 1), ("ar", 2), ("fr", 3)].into_iter().collect();
        *map.entry("en", 7) += 1;
        *map.entry("ar", 0) += 1;
        assert!(map.iter().eq(&[("ar", 3), ("en", 8), ("fr", 3)]));
        assert_eq!(map.find(|key| *key == "en"), Some(&8));
        assert_eq!(map.find(|key| *key == "de"), None);
    }
}
