//! Objects that are newer than the newest state of the store, as an interrupted run leaves them.

use std::path::Path;

use khizana_model::Hash;

use super::digest::check_file;
use super::layout::is_foreign;
use super::state::{has_inventory, sidecar_digest};
use super::{Inventory, ObjectId, States, StoreError, Writer};

impl Writer {
    /// Uses the states although some of them are damaged. The next state will list the intact objects, and those
    /// that the readable states list.
    ///
    /// # Errors
    /// Returns an error if the inventory of an object with states is damaged, or the storage root cannot be
    /// listed.
    pub(crate) fn accept_damaged_states(&mut self) -> Result<Vec<StoreError>, StoreError> {
        self.states = States::load_readable(&self.store)?;
        self.adopt_unrecorded()
    }

    /// Checks all objects that differ from the newest state, and records those that are newer and
    /// intact as changes of this writer. Returns the errors of the others, which become suspects: damaged
    /// objects, and objects that are older than the state.
    ///
    /// # Errors
    /// Returns an error if the storage root cannot be listed.
    pub fn adopt_unrecorded(&mut self) -> Result<Vec<StoreError>, StoreError> {
        let mut errors = Vec::new();
        for object in self.store().clone().objects()? {
            let path = object?.path;
            match self.unrecorded(&path) {
                Ok(Some((urn, digest))) => self.record_change(urn, digest),
                Ok(None) => {}
                Err(error) => {
                    if let Ok(Some(inventory)) = Inventory::read(&path) {
                        self.suspects.insert(inventory.id);
                    }
                    errors.push(error);
                }
            }
        }
        self.has_unadopted = !errors.is_empty();
        Ok(errors)
    }

    /// Returns the identifier and the inventory digest of an object that is newer than the newest
    /// state. Returns `None` if the state lists the object as it is.
    fn unrecorded(&self, path: &Path) -> Result<Option<(String, Hash)>, StoreError> {
        let inventory = match Inventory::read(path) {
            Ok(Some(inventory)) => inventory,
            Ok(None) => return Ok(None),
            Err(_) if is_foreign(path) => {
                return Err(StoreError::Foreign {
                    path: path.to_owned(),
                });
            }
            Err(error) => return Err(error),
        };
        match ObjectId::from_urn(&inventory.id) {
            Some(ObjectId::States(_)) => return Ok(None),
            Some(_) => {}
            None => {
                return Err(StoreError::Foreign {
                    path: path.to_owned(),
                });
            }
        }
        let digest = sidecar_digest(path).unwrap_or(Hash([0; 32]));
        if let Some(expected) = self.states().objects().get(&inventory.id) {
            if *expected == digest {
                return Ok(None);
            }
            if !has_inventory(path, &inventory, expected) {
                return Err(StoreError::OlderObject {
                    path: path.to_owned(),
                });
            }
        }
        check_content(path, &inventory)?;
        Ok(Some((inventory.id, digest)))
    }
}

/// Checks the digest of each content file of an object.
fn check_content(object: &Path, inventory: &Inventory) -> Result<(), StoreError> {
    for (expected, paths) in &inventory.manifest {
        for path in paths {
            check_file(&object.join(path), *expected)?;
        }
    }
    Ok(())
}
