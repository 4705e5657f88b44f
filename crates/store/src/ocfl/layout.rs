//! Paths of objects in the storage root: OCFL community extension 0003, "Hashed Truncated
//! N-tuple Trees with Object ID Encapsulating Directory", with its defaults (SHA-256, three tuples
//! of three digits).

use std::path::{Path, PathBuf};

use khizana_model::{Hash, Id};
use sha2::{Digest, Sha256};

use super::ROOT_DECLARATION;

/// The registered name of the extension.
pub const EXTENSION: &str = "0003-hash-and-id-n-tuple-storage-layout";

const TUPLES: usize = 3;
const TUPLE_SIZE: usize = 3;
/// Maximum length of an encoded identifier that is not truncated, in bytes.
const MAX_NAME_LENGTH: usize = 100;

pub(super) const ITEM: &str = "urn:khizana:item:";
const COLLECTION: &str = "urn:khizana:collection:";
const STATES: &str = "urn:khizana:states:";
const CONFIGURATION: &str = "urn:khizana:configuration";
/// The beginnings of the folder names of all objects of Khizana, of collections, and of objects with
/// states: their encoded identifiers. By these, they are recognised without reading their inventories.
const KHIZANA_FOLDER: &str = "urn%3akhizana%3a";
pub(super) const COLLECTION_FOLDER: &str = "urn%3akhizana%3acollection%3a";
pub(crate) const STATES_FOLDER: &str = "urn%3akhizana%3astates%3a";

/// The identifier of an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ObjectId {
    /// The object of an item with files. It contains the record and the originals.
    Item(Id),
    /// The object of a collection. It contains the description and the records of all items.
    Collection(Id),
    /// An object with states of the store; see [`super::state`]. The first is number 1.
    States(u64),
    /// The object that contains the configuration of the archive.
    Configuration,
}

impl ObjectId {
    /// Returns the OCFL identifier: `urn:khizana:item:<id>`, `urn:khizana:collection:<id>`,
    /// `urn:khizana:states:<number>` or `urn:khizana:configuration`.
    pub fn urn(&self) -> String {
        match self {
            ObjectId::Item(id) => format!("{ITEM}{id}"),
            ObjectId::Collection(id) => format!("{COLLECTION}{id}"),
            ObjectId::States(number) => format!("{STATES}{number}"),
            ObjectId::Configuration => CONFIGURATION.to_owned(),
        }
    }

    /// Parses an OCFL identifier. Returns `None` if it does not have the form that Khizana uses.
    pub fn from_urn(urn: &str) -> Option<Self> {
        if urn == CONFIGURATION {
            return Some(ObjectId::Configuration);
        }
        if let Some(id) = urn.strip_prefix(ITEM) {
            return id.parse().ok().map(ObjectId::Item);
        }
        if let Some(number) = urn.strip_prefix(STATES) {
            let number = number.parse().ok().filter(|number| *number > 0)?;
            return Some(ObjectId::States(number)).filter(|id| id.urn() == urn);
        }
        let id = urn.strip_prefix(COLLECTION)?;
        id.parse().ok().map(ObjectId::Collection)
    }

    /// Returns the identifier of the item or the collection. Other objects have none.
    pub fn id(&self) -> Option<&Id> {
        match self {
            ObjectId::Item(id) | ObjectId::Collection(id) => Some(id),
            ObjectId::States(_) | ObjectId::Configuration => None,
        }
    }
}

/// Returns `true` if the name of the folder of an object is not that of an object of Khizana.
pub(crate) fn is_foreign(object: &Path) -> bool {
    let name = object.file_name().unwrap_or_default().to_string_lossy();
    !name.starts_with(KHIZANA_FOLDER)
}

/// Returns the files of an empty storage root: paths and contents.
pub fn root_files() -> [(String, String); 3] {
    [
        (ROOT_DECLARATION.to_owned(), "ocfl_1.1\n".to_owned()),
        (
            "ocfl_layout.json".to_owned(),
            format!(
                "{{\n  \"extension\": \"{EXTENSION}\",\n  \"description\": \"Three levels of three digits of the SHA-256 of the object's identifier, then the identifier, percent-encoded.\"\n}}\n"
            ),
        ),
        (
            format!("extensions/{EXTENSION}/config.json"),
            format!(
                "{{\n  \"extensionName\": \"{EXTENSION}\",\n  \"digestAlgorithm\": \"sha256\",\n  \"tupleSize\": {TUPLE_SIZE},\n  \"numberOfTuples\": {TUPLES}\n}}\n"
            ),
        ),
    ]
}

/// Returns the folder of an object, relative to the storage root.
pub fn object_path(urn: &str) -> PathBuf {
    let digest = Hash(Sha256::digest(urn).into()).to_string();
    let mut path = PathBuf::new();
    for tuple in 0..TUPLES {
        let start = tuple * TUPLE_SIZE;
        path.push(digest.get(start..start + TUPLE_SIZE).unwrap_or_default());
    }
    let encoded = encode(urn);
    path.push(match encoded.get(..MAX_NAME_LENGTH) {
        Some(head) if encoded.len() > MAX_NAME_LENGTH => format!("{head}-{digest}"),
        _ => encoded,
    });
    path
}

/// Percent-encodes an identifier as the extension requires: all bytes except ASCII letters, digits,
/// `-` and `_`, with lower-case hexadecimal digits.
fn encode(urn: &str) -> String {
    let mut encoded = String::with_capacity(urn.len());
    for byte in urn.bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_' {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02x}"));
        }
    }
    encoded
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Compares paths with the examples in the specification of the extension.
    #[test]
    fn paths_conform_to_the_extension() {
        assert_eq!(
            object_path("object-01"),
            PathBuf::from("3c0/ff4/240/object-01")
        );
        assert_eq!(
            object_path("..hor/rib:le-$id"),
            PathBuf::from("487/326/d8c/%2e%2ehor%2frib%3ale-%24id")
        );
    }

    #[test]
    fn folder_names_begin_with_the_encoded_identifier() {
        assert_eq!(encode(COLLECTION), COLLECTION_FOLDER);
        assert_eq!(encode(STATES), STATES_FOLDER);
    }

    #[test]
    fn truncates_long_identifiers_and_appends_their_digest() {
        let name = |urn: &str| {
            let path = object_path(urn);
            path.file_name().unwrap().to_str().unwrap().to_owned()
        };
        assert_eq!(name(&"a".repeat(100)).len(), 100);
        let long = name(&"a".repeat(101));
        assert_eq!(long.len(), 100 + 1 + 64);
        assert!(long.starts_with(&"a".repeat(100)));
        assert_ne!(name(&"a".repeat(102)), long);
    }

    #[test]
    fn urns_round_trip() {
        for urn in [
            "urn:khizana:item:المقتبس",
            "urn:khizana:collection:a.b",
            "urn:khizana:states:12",
            "urn:khizana:configuration",
        ] {
            assert_eq!(ObjectId::from_urn(urn).unwrap().urn(), urn);
        }
        for wrong in [
            "urn:khizana:item:",
            "urn:khizana:item:a/b",
            "urn:khizana:states:0",
            "urn:khizana:states:01",
            "urn:other:x",
            "",
        ] {
            assert_eq!(ObjectId::from_urn(wrong), None, "{wrong}");
        }
    }
}
