//! The repair of one object: its inventories, its declaration and its content.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use khizana_model::{Hash, Storage};

use super::candidates::Candidates;
use crate::ocfl::{
    Content, INVENTORY, Inventory, OBJECT_DECLARATION, RECORD_FILE, SIDECAR, States, StoreError,
    Writer, check_file, item_files, logical_path, record_of,
};

/// The repair of an object.
pub(super) struct ObjectRepair<'a> {
    pub(super) writer: &'a Writer,
    pub(super) candidates: &'a Candidates,
    pub(super) states: &'a States,
    /// The folder of the object.
    pub(super) path: PathBuf,
    /// The folder of the object, relative to the storage root.
    pub(super) relative: &'a Path,
}

impl ObjectRepair<'_> {
    /// Restores what can be restored.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written.
    pub(super) fn repair(&mut self) -> Result<(), StoreError> {
        // Without an inventory, nothing is known about the object.
        let Some(inventory) = self.find_inventory() else {
            return Ok(());
        };
        let (name, content) = OBJECT_DECLARATION;
        self.restore_if_different(name, content.as_bytes())?;
        let content = inventory.to_json()?;
        for folder in ["", &inventory.head] {
            self.restore_inventory(folder, &content)?;
        }
        for version in inventory.versions.keys() {
            if *version != inventory.head {
                let earlier = inventory.up_to(version).to_json()?;
                self.restore_inventory(version, &earlier)?;
            }
        }
        self.restore_content(&inventory)
    }

    /// Returns the newest valid inventory of the object. That of another store is only used if there is
    /// none, or if it is the one that the newest state lists and the object does not contain that one.
    fn find_inventory(&self) -> Option<Inventory> {
        let mut folders = vec![self.path.clone()];
        if let Ok(entries) = crate::ocfl::list(&self.path) {
            folders.extend(entries.into_iter().filter(|e| e.is_dir).map(|e| e.path));
        }
        let inventories = folders
            .iter()
            .filter_map(|folder| self.read_inventory(folder));
        let newest = inventories.max_by_key(Inventory::head_number);
        let other = self
            .candidates
            .stored_file(&self.relative.join(INVENTORY))
            .and_then(|file| self.read_inventory(file.parent()?));
        let Some(other) = other else {
            return newest;
        };
        let expected = self.states.objects().get(&other.id);
        let is_listed = other.to_json().is_ok_and(|json| {
            expected.is_some_and(|expected| Inventory::digest_of_json(&json) == *expected)
        });
        match newest {
            None if expected.is_none() || is_listed => Some(other),
            None => None,
            // The object was replaced by an older version, which is the beginning of the other one.
            Some(newest)
                if is_listed
                    && newest.head_number() < other.head_number()
                    && other.up_to(&newest.head) == newest =>
            {
                Some(other)
            }
            newest => newest,
        }
    }

    /// Reads an inventory whose digest is the one that the state lists, or that its sidecar confirms.
    fn read_inventory(&self, folder: &Path) -> Option<Inventory> {
        if let Ok(Some(inventory)) = Inventory::read(folder) {
            return self.belongs_here(&inventory).then_some(inventory);
        }
        let json = std::fs::read(folder.join(INVENTORY)).ok()?;
        let inventory = Inventory::parse(&json).ok()?;
        let expected = self.states.objects().get(&inventory.id)?;
        let is_listed = Inventory::digest_of_json(&json) == *expected;
        (is_listed && self.belongs_here(&inventory)).then_some(inventory)
    }

    fn belongs_here(&self, inventory: &Inventory) -> bool {
        crate::ocfl::object_path(&inventory.id) == self.relative
    }

    fn restore_inventory(&self, folder: &str, json: &[u8]) -> Result<(), StoreError> {
        let name = |file: &str| match folder {
            "" => file.to_owned(),
            folder => format!("{folder}/{file}"),
        };
        // An inventory that its sidecar confirms is left as it is: another version of Khizana may have
        // formatted it differently.
        if matches!(Inventory::read(&self.path.join(folder)), Ok(Some(found)) if Inventory::parse(json).is_ok_and(|expected| found == expected))
        {
            return Ok(());
        }
        self.restore_if_different(&name(INVENTORY), json)?;
        let digest = Inventory::digest_of_json(json);
        self.restore_if_different(&name(SIDECAR), format!("{digest} {INVENTORY}\n").as_bytes())
    }

    fn restore_if_different(&self, name: &str, content: &[u8]) -> Result<(), StoreError> {
        let path = self.path.join(name);
        let is_regular = std::fs::symlink_metadata(&path).is_ok_and(|file| file.is_file());
        if is_regular && std::fs::read(&path).is_ok_and(|found| found == content) {
            return Ok(());
        }
        self.writer
            .restore(&path, &Content::Bytes(content.to_vec()))
    }

    /// Restores the missing and damaged content files.
    fn restore_content(&self, inventory: &Inventory) -> Result<(), StoreError> {
        let mut damaged: Vec<(&Hash, &String)> = Vec::new();
        let mut intact: BTreeMap<&Hash, PathBuf> = BTreeMap::new();
        for (digest, paths) in &inventory.manifest {
            for path in paths {
                let file = self.path.join(path);
                let is_regular = std::fs::symlink_metadata(&file).is_ok_and(|file| file.is_file());
                if is_regular && check_file(&file, *digest).is_ok() {
                    intact.insert(digest, file);
                } else {
                    damaged.push((digest, path));
                }
            }
        }
        // Records first: they name the originals.
        let is_record = |path: &str| !path.contains("/content/files/");
        damaged.sort_by_key(|(_, path)| !is_record(path));
        for (digest, path) in damaged {
            let target = self.path.join(path);
            let copy = intact.get(digest).cloned().or_else(|| {
                let stored = self.candidates.stored_file(&self.relative.join(path))?;
                check_file(&stored, *digest).is_ok().then_some(stored)
            });
            if let Some(copy) = copy {
                self.writer.restore_copy(&target, &copy)?;
                continue;
            }
            let Some((sha256, bytes)) = self.original_of(inventory, digest) else {
                continue;
            };
            if let Some(original) = self.candidates.original(sha256, bytes)
                && let Some(content) = Candidates::stage(self.writer, &original, *digest)?
            {
                self.writer.restore(&target, &content)?;
            }
        }
        Ok(())
    }

    /// Returns the digest and the length of the original with a digest in the store.
    fn original_of(&self, inventory: &Inventory, digest: &Hash) -> Option<(Hash, u64)> {
        for version in inventory.newest_first() {
            version.digest_of(RECORD_FILE)?;
            let Ok(Some(record)) = record_of(&self.path, inventory, version) else {
                continue;
            };
            let mut files = item_files(&record);
            let found = files.find(|file| match file.storage {
                Storage::Raw => file.sha256 == *digest,
                Storage::Zstd => {
                    version.digest_of(&logical_path(file.name, file.storage)) == Some(*digest)
                }
            });
            if let Some(file) = found {
                return Some((file.sha256, file.bytes));
            }
        }
        None
    }
}
