//! The kinds of files, and the damage that is done to them.

use std::path::Path;

use crate::torture::random::Random;
use crate::torture::tree::Tree;

/// Damage to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Damage {
    BitChanged,
    Cut,
    Exchanged,
    Deleted,
}

impl Damage {
    const ALL: [Damage; 4] = [
        Damage::BitChanged,
        Damage::Cut,
        Damage::Exchanged,
        Damage::Deleted,
    ];

    /// Returns a random kind of damage.
    pub fn random(random: &mut Random) -> Self {
        let all = Damage::ALL;
        random.pick(&all).copied().unwrap_or(Damage::Deleted)
    }

    pub fn name(self) -> &'static str {
        match self {
            Damage::BitChanged => "bit changed",
            Damage::Cut => "cut",
            Damage::Exchanged => "exchanged",
            Damage::Deleted => "deleted",
        }
    }

    /// Damages a file. `other` is a file of the same kind, with which it is exchanged. Returns the new contents of
    /// the changed files, or `None` for a deleted one. Returns an empty list if the file cannot be damaged in this
    /// way.
    pub fn apply(
        self,
        tree: &Tree,
        file: &Path,
        other: Option<&Path>,
        random: &mut Random,
    ) -> Vec<(std::path::PathBuf, Option<Vec<u8>>)> {
        let Some(content) = tree.get(file) else {
            return Vec::new();
        };
        let changed = |content: Vec<u8>| vec![(file.to_owned(), Some(content))];
        match self {
            Damage::Deleted => vec![(file.to_owned(), None)],
            Damage::Cut if content.is_empty() => Vec::new(),
            Damage::Cut => {
                let length = random.below(content.len());
                changed(content.get(..length).unwrap_or_default().to_vec())
            }
            Damage::BitChanged => {
                let mut content = content.clone();
                let index = random.below(content.len());
                let bit = 1u8 << random.below(8);
                match content.get_mut(index) {
                    Some(byte) => *byte ^= bit,
                    None => return Vec::new(),
                }
                changed(content)
            }
            Damage::Exchanged => match other.and_then(|path| Some((path, tree.get(path)?))) {
                Some((path, other)) if other != content => vec![
                    (file.to_owned(), Some(other.clone())),
                    (path.to_owned(), Some(content.clone())),
                ],
                _ => Vec::new(),
            },
        }
    }
}

/// Returns the kind of a file of a store.
pub fn kind_in_store(path: &Path) -> &'static str {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let path = path.to_string_lossy();
    let is_in_version = path.contains("/v1/") || path.contains("/v2/") || path.contains("/v3/");
    match name.as_ref() {
        "0=ocfl_1.1" | "ocfl_layout.json" => "declaration of the store",
        "0=ocfl_object_1.1" => "declaration of an object",
        "config.json" if path.starts_with("extensions/") => "configuration of the layout",
        "inventory.json" if is_in_version => "inventory of a version",
        "inventory.json" => "inventory of an object",
        "inventory.json.sha256" if is_in_version => "sidecar of a version",
        "inventory.json.sha256" => "sidecar of an object",
        "record.json" => "record",
        "collection.json" => "collection",
        "records.jsonl.zst" => "records of a collection",
        "state.json.zst" => "state",
        _ if name.ends_with(".zst") => "compressed original",
        _ => "original",
    }
}

/// Returns the kind of a file of a site.
pub fn kind_in_site(path: &Path) -> &'static str {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let path = path.to_string_lossy();
    let is_image = name.ends_with(".jpg") || name.ends_with(".png") || name.ends_with(".webp");
    match name.as_ref() {
        "archive.json" => "archive.json",
        "_headers" => "_headers",
        _ if path.starts_with("o/") => "object",
        _ if path.starts_with("f/") => "published original",
        _ if path.starts_with("viewer/") => "viewer",
        _ if path.starts_with("manifests/") => "IIIF manifest",
        _ if name.ends_with(".html") => "page",
        _ if name.ends_with(".pack") => "tile pack",
        _ if is_image => "image",
        _ => "other file",
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn every_damage_changes_the_file() {
        let paths = [PathBuf::from("a"), PathBuf::from("b")];
        let [a, b] = &paths;
        let tree = Tree::from([(a.clone(), b"one".to_vec()), (b.clone(), b"two".to_vec())]);
        for damage in Damage::ALL {
            let changes = damage.apply(&tree, a, Some(b), &mut Random::new(1, 1));
            assert!(!changes.is_empty(), "{damage:?}");
            for (path, content) in changes {
                assert_ne!(tree.get(&path), content.as_ref(), "{damage:?}");
            }
        }
        let same = Damage::Exchanged.apply(&tree, a, Some(a), &mut Random::new(1, 1));
        assert_eq!(same, []);
    }
}
