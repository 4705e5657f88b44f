//! Inventories of objects, stored as `inventory.json` (OCFL 1.1, section 3.5).

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use khizana_model::{Hash, Message, message};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{StoreError, durable};

/// The file name of the inventory.
pub const INVENTORY: &str = "inventory.json";
/// The file name of the sidecar, which contains the digest of the inventory.
pub const SIDECAR: &str = "inventory.json.sha256";

const TYPE: &str = "https://ocfl.io/1.1/spec/#inventory";
const ALGORITHM: &str = "sha256";
/// Maximum length of an inventory, in bytes. The inventory of a million files takes about a fifth
/// of this length.
const MAX_BYTES: u64 = 1 << 30;

/// An OCFL inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Inventory {
    /// The identifier of the object.
    pub id: String,
    #[serde(rename = "type")]
    kind: String,
    digest_algorithm: String,
    /// The name of the newest version, for example `v3`.
    pub head: String,
    /// The content paths by digest. They are relative to the object, for example
    /// `v1/content/record.json`.
    pub manifest: BTreeMap<Hash, Vec<String>>,
    /// The versions by name.
    pub versions: BTreeMap<String, Version>,
}

/// A version of an object.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The time at which the version was created, in RFC 3339 format.
    pub created: String,
    /// The reason for which the version was created.
    pub message: String,
    /// The files of the version.
    pub state: State,
}

/// The files of a version: the logical paths by digest.
pub type State = BTreeMap<Hash, Vec<String>>;

impl Version {
    /// Returns the digests of all files by logical path.
    pub fn digests(&self) -> BTreeMap<&str, Hash> {
        let files = self.state.iter();
        files
            .flat_map(|(digest, paths)| paths.iter().map(|path| (path.as_str(), *digest)))
            .collect()
    }

    /// Returns the digest of the file with a logical path.
    pub fn digest_of(&self, logical: &str) -> Option<Hash> {
        self.state
            .iter()
            .find(|(_, paths)| paths.iter().any(|path| path == logical))
            .map(|(digest, _)| *digest)
    }
}

impl Inventory {
    /// Creates the inventory of an object that has no versions yet.
    pub fn new(urn: String) -> Self {
        Inventory {
            id: urn,
            kind: TYPE.to_owned(),
            digest_algorithm: ALGORITHM.to_owned(),
            head: String::new(),
            manifest: BTreeMap::new(),
            versions: BTreeMap::new(),
        }
    }

    /// Returns the number of the newest version, or 0 if there is none.
    pub fn head_number(&self) -> u64 {
        number(&self.head).unwrap_or(0)
    }

    /// Returns the newest version.
    pub fn head_version(&self) -> Option<&Version> {
        self.versions.get(&self.head)
    }

    /// Returns the versions, the newest first.
    pub fn newest_first(&self) -> Vec<&Version> {
        let mut versions: Vec<_> = self.versions.iter().collect();
        versions.sort_by_key(|(name, _)| std::cmp::Reverse(number(name)));
        versions.into_iter().map(|(_, version)| version).collect()
    }

    /// Returns the content path of a digest, relative to the object.
    pub fn content_path(&self, digest: &Hash) -> Option<&str> {
        self.manifest
            .get(digest)
            .and_then(|paths| paths.first())
            .map(String::as_str)
    }

    /// Serialises the inventory as indented JSON that ends with a line feed.
    ///
    /// # Errors
    /// Returns an error if the serialisation fails.
    pub fn to_json(&self) -> Result<Vec<u8>, StoreError> {
        let mut json = serde_json::to_vec_pretty(self)
            .map_err(|error| StoreError::io("write", Path::new(INVENTORY))(error.into()))?;
        json.push(b'\n');
        Ok(json)
    }

    /// Parses and checks an inventory.
    ///
    /// # Errors
    /// Returns a description of what is invalid.
    pub fn parse(json: &[u8]) -> Result<Self, Message> {
        let inventory: Inventory =
            serde_json::from_slice(json).map_err(|error| Message::from(error.to_string()))?;
        inventory.check()?;
        Ok(inventory)
    }

    /// Returns the digest of an inventory, as its sidecar contains it.
    pub fn digest_of_json(json: &[u8]) -> Hash {
        Hash(Sha256::digest(json).into())
    }

    /// Returns the inventory as it was when a version was the newest one.
    pub fn up_to(&self, version: &str) -> Self {
        let head = number(version).unwrap_or(0);
        let is_included = |name: &str| number(name).is_some_and(|number| number <= head);
        let is_content_included = |path: &String| {
            let version = path.split('/').next();
            version.is_some_and(is_included)
        };
        let manifest = self.manifest.iter().filter_map(|(digest, paths)| {
            let paths: Vec<String> = paths
                .iter()
                .filter(|path| is_content_included(path))
                .cloned()
                .collect();
            (!paths.is_empty()).then_some((*digest, paths))
        });
        let versions = self.versions.iter();
        Inventory {
            head: version.to_owned(),
            manifest: manifest.collect(),
            versions: versions
                .filter(|(name, _)| is_included(name))
                .map(|(name, version)| (name.clone(), version.clone()))
                .collect(),
            ..self.clone()
        }
    }

    /// Writes the inventory and its sidecar into a folder that has neither.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Hash, StoreError> {
        let path = folder.join(INVENTORY);
        let json = self.to_json()?;
        let digest = Self::digest_of_json(&json);
        durable::write_file(&path, &json)?;
        durable::write_file(&folder.join(SIDECAR), sidecar(&digest).as_bytes())?;
        Ok(digest)
    }

    /// Reads the inventory in a folder and validates it. Returns `None` if the folder does not
    /// exist.
    ///
    /// # Errors
    /// Returns an error if a file is missing or cannot be read, if the digest in the sidecar does
    /// not match, or if the inventory is invalid.
    pub fn read(folder: &Path) -> Result<Option<Self>, StoreError> {
        let path = folder.join(INVENTORY);
        let wrong = |why: Message| StoreError::Inventory {
            path: path.clone(),
            why,
        };
        match fs::metadata(&path) {
            Ok(facts) if facts.len() > MAX_BYTES => {
                return Err(wrong(message!("the inventory is too large")));
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return match folder.exists() {
                    true => Err(StoreError::Lost { path }),
                    false => Ok(None),
                };
            }
            Err(error) => return Err(StoreError::io("read", &path)(error)),
        }
        let json = fs::read(&path).map_err(StoreError::io("read", &path))?;
        let sidecar = folder.join(SIDECAR);
        let expected = fs::read_to_string(&sidecar).map_err(|_| StoreError::Lost {
            path: sidecar.clone(),
        })?;
        let found = Hash(Sha256::digest(&json).into());
        let expected = parse_sidecar(&expected).ok_or_else(|| {
            wrong(message!(
                "{sidecar} is not a SHA-256 digest and the name `{inventory}`",
                sidecar = SIDECAR,
                inventory = INVENTORY
            ))
        })?;
        if expected != found {
            return Err(StoreError::Fixity {
                path,
                expected,
                found,
            });
        }
        Self::parse(&json).map(Some).map_err(wrong)
    }

    /// Checks the invariants of an inventory: its type and digest algorithm, consecutive versions,
    /// content paths within the object, and versions that refer only to digests in the manifest.
    fn check(&self) -> Result<(), Message> {
        if self.kind != TYPE || self.digest_algorithm != ALGORITHM {
            return Err(message!(
                "not an OCFL 1.1 inventory with {algorithm} digests",
                algorithm = ALGORITHM
            ));
        }
        let head = self.head_number();
        let numbers: Vec<Option<u64>> = self.versions.keys().map(|name| number(name)).collect();
        let whole = head == self.versions.len() as u64
            && (1..=head).all(|version| numbers.contains(&Some(version)));
        if head == 0 || !whole {
            return Err(message!(
                "the versions are not consecutive from v1 to the head"
            ));
        }
        for path in self.manifest.values().flatten() {
            let version = path.split_once("/content/").and_then(|(v, _)| number(v));
            if !is_safe_path(path) || version.is_none_or(|v| v > head) {
                return Err(message!(
                    "the path `{path}` is outside the object",
                    path = path.escape_debug().to_string()
                ));
            }
        }
        for version in self.versions.values() {
            if let Some(digest) = version
                .state
                .keys()
                .find(|d| !self.manifest.contains_key(d))
            {
                return Err(message!(
                    "{digest} is in a version but not in the manifest",
                    digest
                ));
            }
        }
        Ok(())
    }
}

/// Parses the number in the name of a version, such as `v12`.
fn number(name: &str) -> Option<u64> {
    let digits = name.strip_prefix('v')?;
    if digits.starts_with('0') || digits.starts_with('+') {
        return None;
    }
    digits.parse().ok()
}

/// Returns `true` if a path is relative, has no component that is empty, `.` or `..`, and contains
/// neither a backslash nor a NUL character.
pub fn is_safe_path(path: &str) -> bool {
    let is_drive = cfg!(windows) && path.contains(':');
    !path.contains('\\') && !is_drive && is_logical_path(path)
}

/// Returns `true` if a path is a logical path of OCFL: it is relative, has no component that is empty, `.`
/// or `..`, and contains no NUL character.
pub fn is_logical_path(path: &str) -> bool {
    !path.contains('\0') && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// Returns the content of the sidecar of an inventory.
fn sidecar(digest: &Hash) -> String {
    format!("{digest} {INVENTORY}\n")
}

/// Returns the digest in a sidecar. Returns `None` for any other text than [`sidecar`] returns, because a
/// sidecar that was cut after its digest is damaged too.
pub(crate) fn parse_sidecar(text: &str) -> Option<Hash> {
    let digest = text.split(' ').next()?.parse().ok()?;
    (text == sidecar(&digest)).then_some(digest)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn inventory() -> Inventory {
        let mut inventory = Inventory::new("urn:khizana:item:a".to_owned());
        let digest = Hash([7; 32]);
        inventory
            .manifest
            .insert(digest, vec!["v1/content/record.json".to_owned()]);
        for version in 1..=11 {
            inventory.head = format!("v{version}");
            inventory.versions.insert(
                inventory.head.clone(),
                Version {
                    created: "2026-01-01T00:00:00Z".to_owned(),
                    message: format!("{version}"),
                    state: BTreeMap::from([(digest, vec!["record.json".to_owned()])]),
                },
            );
        }
        inventory
    }

    #[test]
    fn inventories_round_trip() {
        let folder = tempfile::tempdir().unwrap();
        let inventory = inventory();
        inventory.write(folder.path()).unwrap();
        let read = Inventory::read(folder.path()).unwrap().unwrap();
        assert_eq!(read, inventory);
        assert_eq!(read.head_number(), 11);
        let order: Vec<_> = read.newest_first().iter().map(|v| &v.message).collect();
        assert_eq!(order[0], "11");
        assert_eq!(order[10], "1");
        assert_eq!(Inventory::read(&folder.path().join("none")).unwrap(), None);
    }

    #[test]
    fn rejects_a_changed_inventory() {
        let folder = tempfile::tempdir().unwrap();
        inventory().write(folder.path()).unwrap();
        let path = folder.path().join(INVENTORY);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace("2026", "2025")).unwrap();
        let error = Inventory::read(folder.path()).unwrap_err();
        assert_eq!(error.code(), "fixity-mismatch");
        fs::remove_file(folder.path().join(SIDECAR)).unwrap();
        assert_eq!(
            Inventory::read(folder.path()).unwrap_err().code(),
            "file-lost"
        );
    }

    #[test]
    fn rejects_a_sidecar_that_was_cut_after_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        inventory().write(folder.path()).unwrap();
        let path = folder.path().join(SIDECAR);
        let text = fs::read_to_string(&path).unwrap();
        for length in [64, 65, 70, text.len() - 1] {
            fs::write(&path, &text[..length]).unwrap();
            let error = Inventory::read(folder.path()).unwrap_err();
            assert_eq!(error.code(), "inventory-invalid", "{length}");
        }
    }

    #[test]
    fn rejects_paths_outside_the_object_and_missing_versions() {
        let broken: [fn(&mut Inventory); 5] = [
            |i| {
                let paths = vec!["v1/content/../../../x".to_owned()];
                i.manifest.insert(Hash([7; 32]), paths);
            },
            |i| {
                i.manifest.insert(Hash([8; 32]), vec!["/etc/x".to_owned()]);
            },
            |i| {
                i.versions.remove("v3");
            },
            |i| i.head = "v12".to_owned(),
            |i| i.manifest.clear(),
        ];
        for damage in broken {
            let folder = tempfile::tempdir().unwrap();
            let mut inventory = inventory();
            damage(&mut inventory);
            inventory.write(folder.path()).unwrap();
            let error = Inventory::read(folder.path()).unwrap_err();
            assert_eq!(error.code(), "inventory-invalid", "{error}");
        }
    }
}
