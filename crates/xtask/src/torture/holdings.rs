//! The originals that a store contains, read without Khizana.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::specimen::{Originals, sha256};
use super::{tree, validator};
use crate::failure::Failure;

/// Compares the originals of all items of a store with the expected ones. Returns a description of the first
/// difference: an item or an original that is missing or unexpected, or an original that an object contains
/// twice.
pub fn difference(store: &Path, expected: &Originals) -> Result<Option<String>, Failure> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for object in validator::objects_of(store)? {
        let inventory = object.join("inventory.json");
        let json = std::fs::read(&inventory).map_err(Failure::file(&inventory))?;
        let json: Value =
            serde_json::from_slice(&json).map_err(|error| Failure::malformed(&inventory, error))?;
        let id = json["id"].as_str().unwrap_or_default().to_owned();
        if !id.starts_with("urn:khizana:item:") {
            continue;
        }
        if found.contains_key(&id) {
            return Ok(Some(format!("{id} is in the store twice")));
        }
        let mut originals = Vec::new();
        for path in tree::paths(&object)? {
            if path.components().nth(2).map(|part| part.as_os_str()) == Some("files".as_ref()) {
                originals.push(sha256(&original(&object.join(&path))?));
            }
        }
        originals.sort();
        found.insert(id, originals);
    }
    for (id, originals) in expected {
        let originals: Vec<String> = originals.iter().cloned().collect();
        match found.remove(id) {
            None => return Ok(Some(format!("{id} is missing"))),
            Some(found) if found != originals => {
                let text = format!("{id} has the originals {found:?} instead of {originals:?}");
                return Ok(Some(text));
            }
            Some(_) => {}
        }
    }
    let unexpected = found.keys().next();
    Ok(unexpected.map(|id| format!("{id} is unexpected")))
}

/// Reads a stored file, and decompresses it if it is compressed.
fn original(path: &Path) -> Result<Vec<u8>, Failure> {
    let content = std::fs::read(path).map_err(Failure::file(path))?;
    match path.extension().is_some_and(|extension| extension == "zst") {
        true => zstd::decode_all(content.as_slice()).map_err(Failure::file(path)),
        false => Ok(content),
    }
}
