//! States: the list of the objects that the store must contain, kept in the store.
//!
//! Each run that changes the store ends by adding a state. States are numbered from 1. A state lists
//! the objects that the run changed, each with the SHA-256 of its inventory, and contains the hash of
//! the previous state. So the hash of the newest state determines the content of the whole store.
//!
//! State *n* is the file [`STATE_FILE`] in version `(n − 1) mod 32 + 1` of the object
//! `urn:khizana:states:⌊(n − 1) / 32⌋ + 1`. To find the objects that the store must contain, a reader
//! goes back from the newest state to one that lists all objects (`complete`). Such a state is written
//! when the states after the last one list more objects than the store contains.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufReader, Read};

use khizana_model::{Hash, Message, StateId, message};
use serde::{Deserialize, Serialize};

use super::digest::check_file;
use super::{INVENTORY, Inventory, Object, ObjectId, Store, StoreError, object_path};

/// Maximum number of states in an object. Each version of an object contains a copy of the inventory,
/// which lists all versions, so the size of an object grows with the square of this number.
pub const STATES_PER_OBJECT: u64 = 32;

/// Number of objects after the newest one that are looked for, to find out whether objects are missing.
const MAX_GAP: u64 = 64;

/// The logical path of a state in its object.
pub const STATE_FILE: &str = "state.json.zst";

/// Maximum length of a decompressed state in bytes: more than ten million objects.
const MAX_STATE_BYTES: u64 = 2 << 30;

/// The content of a state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateRecord {
    /// The number, starting at 1.
    pub number: u64,
    /// The time of creation (RFC 3339).
    pub created: String,
    /// The command that wrote the state.
    pub command: String,
    /// SHA-256 of the file of the previous state. `None` in state 1.
    pub previous: Option<Hash>,
    /// `true` if `objects` contains all objects, and `false` if it contains those that the run changed.
    pub complete: bool,
    /// Number of objects in the store, without the objects that contain states.
    pub count: u64,
    /// OCFL identifier → SHA-256 of the inventory.
    pub objects: BTreeMap<String, Hash>,
    /// The state that the catalogue or the site was made from, if the store did not contain it and the
    /// user accepted that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_loss_of: Option<StateId>,
    /// Identifiers of objects that were missing from the store when the state was written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// The changes that a new state records.
#[derive(Debug, Clone, Default)]
pub struct StateChanges {
    /// The objects that were added or changed: OCFL identifier → SHA-256 of the inventory.
    pub objects: BTreeMap<String, Hash>,
    /// See [`StateRecord::accepted_loss_of`].
    pub accepted_loss_of: Option<StateId>,
    /// See [`StateRecord::missing`].
    pub missing: Vec<String>,
}

impl StateChanges {
    /// Returns `true` if there is nothing to record.
    pub fn is_empty(&self) -> bool {
        self.objects.is_empty() && self.accepted_loss_of.is_none() && self.missing.is_empty()
    }
}

/// The states of a store.
#[derive(Debug, Clone, Default)]
pub struct States {
    /// The hashes of all states, in order.
    hashes: Vec<Hash>,
    /// The objects that the store must contain: OCFL identifier → SHA-256 of the inventory.
    objects: BTreeMap<String, Hash>,
    /// Number of objects in the states after the last complete one.
    listed_since_complete: u64,
    /// The lost states that the states since the last complete one have accepted.
    accepted_losses: Vec<StateId>,
    /// The time of creation of the newest state (RFC 3339). Empty if there are no states.
    newest_created: String,
    /// The OCFL identifiers of the objects that each state lists, for the states since the last complete one, the
    /// newest first.
    recent: Vec<Vec<String>>,
}

impl States {
    /// Reads the states of a store.
    ///
    /// # Errors
    /// Returns an error if an object with states is incomplete, or a state that is needed is damaged.
    pub fn load(store: &Store) -> Result<States, StoreError> {
        let (mut states, objects) = Self::load_hashes(store)?;
        states.read_back(&objects)?;
        Ok(states)
    }

    /// Reads the states of a store in which some are damaged. The next state will list all objects.
    ///
    /// # Errors
    /// Returns an error if an object with states is incomplete.
    pub(crate) fn load_readable(store: &Store) -> Result<States, StoreError> {
        let (mut states, objects) = Self::load_hashes(store)?;
        // Objects that a readable state lists are missed if the store does not contain them.
        for number in (1..=states.hashes.len() as u64).rev() {
            let hash = states.hash_of(number);
            let object = objects.get(object_index(number));
            let record = object
                .zip(hash)
                .map(|(object, hash)| read_state(object, &hash));
            if let Some(Ok(record)) = record {
                for (urn, inventory) in record.objects {
                    states.objects.entry(urn).or_insert(inventory);
                }
            }
        }
        Ok(States {
            listed_since_complete: u64::MAX / 2,
            ..states
        })
    }

    fn load_hashes(store: &Store) -> Result<(States, Vec<Object>), StoreError> {
        let mut states = States::default();
        let mut objects = Vec::new();
        let newest = newest_object(store);
        // A missing object among others is a loss, and not the end of the states.
        let mut later = newest + 2..newest + 2 + MAX_GAP;
        if later.any(|number| object_exists(store, number)) {
            return Err(lost(store, &ObjectId::States(newest + 1)));
        }
        for number in 1..=newest {
            let id = ObjectId::States(number);
            let object = store.object(&id)?.ok_or_else(|| lost(store, &id))?;
            let versions = object.inventory.newest_first();
            let count = versions.len() as u64;
            if count > STATES_PER_OBJECT || (count < STATES_PER_OBJECT && number < newest) {
                return Err(broken(
                    &object,
                    message!("the object has {count} states", count),
                ));
            }
            for version in versions.iter().rev() {
                let hash = version.digest_of(STATE_FILE).ok_or_else(|| {
                    broken(
                        &object,
                        message!("a version has no {name}", name = STATE_FILE),
                    )
                })?;
                states.hashes.push(hash);
            }
            objects.push(object);
        }
        Ok((states, objects))
    }

    /// Reads states from the newest back to one that lists all objects.
    fn read_back(&mut self, objects: &[Object]) -> Result<(), StoreError> {
        let mut expected = self.hashes.last().copied();
        for number in (1..=self.hashes.len() as u64).rev() {
            let Some(object) = objects.get(object_index(number)) else {
                break;
            };
            let hash = self.hash_of(number).unwrap_or(Hash([0; 32]));
            if expected != Some(hash) {
                let why = message!(
                    "state {number} is not the one that state {next} names",
                    number,
                    next = number + 1
                );
                return Err(broken(object, why));
            }
            let newest = self.hashes.len() as u64;
            let record = read_state(object, &hash).map_err(|error| StoreError::State {
                number,
                newest,
                error: Box::new(error),
            })?;
            if record.number != number {
                return Err(broken(
                    object,
                    message!("state {number} has another number", number),
                ));
            }
            expected = record.previous;
            if self.newest_created.is_empty() {
                self.newest_created = record.created;
            }
            self.accepted_losses.extend(record.accepted_loss_of);
            if !record.complete {
                self.listed_since_complete += record.objects.len() as u64;
            }
            self.recent.push(record.objects.keys().cloned().collect());
            for (urn, inventory) in record.objects {
                // Later states have been read before.
                self.objects.entry(urn).or_insert(inventory);
            }
            if record.complete {
                break;
            }
        }
        Ok(())
    }

    /// Returns the newest state, or `None` if the store has no states.
    pub fn newest(&self) -> Option<StateId> {
        let number = self.hashes.len() as u64;
        self.hash_of(number)
            .map(|sha256| StateId { number, sha256 })
    }

    /// Returns the time of creation of the newest state (RFC 3339), or an empty string if there is none.
    pub fn newest_created(&self) -> &str {
        &self.newest_created
    }

    /// Returns the items with files that were added last, each with the time at which it was stored (RFC 3339):
    /// those of the latest state first, at most `max`. Items that were changed later are not among them.
    ///
    /// # Errors
    /// Returns an error if an object cannot be read.
    pub fn recently_added(
        &self,
        store: &Store,
        max: usize,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let mut added = Vec::new();
        let items = self.recent.iter().flatten();
        for id in items.filter_map(|urn| urn.strip_prefix(super::layout::ITEM)) {
            if added.len() == max {
                break;
            }
            let Ok(id) = id.parse::<khizana_model::Id>() else {
                continue;
            };
            let Some(object) = store.object(&ObjectId::Item(id.clone()))? else {
                continue;
            };
            let version = object.inventory.head_version();
            if let (1, Some(version)) = (object.inventory.head_number(), version) {
                added.push((id.to_string(), version.created.clone()));
            }
        }
        Ok(added)
    }

    /// Returns `true` if a state is the newest one or one of its ancestors.
    pub fn contains(&self, id: &StateId) -> bool {
        self.hash_of(id.number) == Some(id.sha256)
    }

    /// Returns `true` if the loss of a state was accepted when the last states were written.
    pub fn accepts_loss_of(&self, id: &StateId) -> bool {
        self.accepted_losses.contains(id)
    }

    /// Returns the objects that the store must contain: OCFL identifier → SHA-256 of the inventory.
    pub fn objects(&self) -> &BTreeMap<String, Hash> {
        &self.objects
    }

    /// Returns the identifiers of the objects that the store must contain and does not. Only looks for
    /// their inventories.
    pub fn missing_objects(&self, store: &Store) -> Vec<String> {
        let is_missing = |urn: &&String| {
            let path = store.root.join(object_path(urn)).join(INVENTORY);
            !path.is_file()
        };
        self.objects.keys().filter(is_missing).cloned().collect()
    }

    /// Builds the next state.
    pub(crate) fn next(&self, created: &str, command: &str, changes: StateChanges) -> StateRecord {
        let mut all = self.objects.clone();
        all.extend(changes.objects.clone());
        let count = all.len() as u64;
        let listed = self.listed_since_complete + changes.objects.len() as u64;
        let complete = self.hashes.is_empty() || listed > count;
        StateRecord {
            number: self.hashes.len() as u64 + 1,
            created: created.to_owned(),
            command: command.to_owned(),
            previous: self.hashes.last().copied(),
            complete,
            count,
            objects: if complete { all } else { changes.objects },
            accepted_loss_of: changes.accepted_loss_of,
            missing: changes.missing,
        }
    }

    /// Adds a state that was written to the store.
    pub(crate) fn push(&mut self, id: StateId, record: StateRecord) {
        self.hashes.push(id.sha256);
        self.newest_created = record.created;
        self.accepted_losses.extend(record.accepted_loss_of);
        if record.complete {
            self.listed_since_complete = 0;
        } else {
            self.listed_since_complete += record.objects.len() as u64;
        }
        self.objects.extend(record.objects);
    }

    fn hash_of(&self, number: u64) -> Option<Hash> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        self.hashes.get(index).copied()
    }
}

impl Store {
    /// Reads the states of the store.
    ///
    /// # Errors
    /// Returns an error if a state that is needed is missing or damaged.
    pub fn states(&self) -> Result<States, StoreError> {
        States::load(self)
    }
}

/// Returns the object that contains a state.
pub(crate) fn object_of(number: u64) -> ObjectId {
    ObjectId::States(object_index(number) as u64 + 1)
}

fn object_index(number: u64) -> usize {
    (number.saturating_sub(1) / STATES_PER_OBJECT) as usize
}

fn object_exists(store: &Store, number: u64) -> bool {
    let path = object_path(&ObjectId::States(number).urn());
    store.root.join(path).exists()
}

/// Returns the number of the newest object with states, or 0 if there is none. Objects are numbered
/// consecutively, so this is a binary search.
fn newest_object(store: &Store) -> u64 {
    let exists = |number: u64| object_exists(store, number);
    let mut limit = 1;
    while exists(limit) {
        limit *= 2;
    }
    let (mut found, mut missing) = (limit / 2, limit);
    while found + 1 < missing {
        let middle = found + (missing - found) / 2;
        if exists(middle) {
            found = middle;
        } else {
            missing = middle;
        }
    }
    found
}

fn read_state(object: &Object, hash: &Hash) -> Result<StateRecord, StoreError> {
    let lost = || StoreError::Lost {
        path: object.path.join(STATE_FILE),
    };
    let path = object.content(hash).ok_or_else(lost)?;
    check_file(&path, *hash)?;
    let packed = File::open(&path).map_err(StoreError::io("read", &path))?;
    let decoder = zstd::Decoder::new(packed).map_err(StoreError::io("decompress", &path))?;
    let reader = BufReader::new(decoder.take(MAX_STATE_BYTES));
    serde_json::from_reader(reader).map_err(|error| StoreError::Record {
        path,
        line: error.line() as u64,
        why: error.to_string().into(),
    })
}

fn lost(store: &Store, id: &ObjectId) -> StoreError {
    StoreError::Lost {
        path: store.root.join(object_path(&id.urn())).join(INVENTORY),
    }
}

fn broken(object: &Object, why: Message) -> StoreError {
    StoreError::Inventory {
        path: object.path.join(INVENTORY),
        why,
    }
}

/// Returns the SHA-256 of the inventory of an object, as its sidecar states it. `None` if there is no
/// readable sidecar.
pub(crate) fn sidecar_digest(object: &std::path::Path) -> Option<Hash> {
    let sidecar = std::fs::read_to_string(object.join(super::SIDECAR)).ok()?;
    super::inventory::parse_sidecar(&sidecar)
}

/// Returns `true` if an inventory is one of the versions of an object or its current one, so that the
/// object contains everything that it lists.
pub(crate) fn has_inventory(path: &std::path::Path, inventory: &Inventory, digest: &Hash) -> bool {
    sidecar_digest(path) == Some(*digest)
        || inventory
            .versions
            .keys()
            .any(|version| sidecar_digest(&path.join(version)) == Some(*digest))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ocfl::{Content, Writer};

    /// Puts a version of an item, and records a state.
    fn run(writer: &mut Writer, item: &str, record: &str) -> StateId {
        let id = ObjectId::Item(item.parse().unwrap());
        let files = vec![(
            "record.json".to_owned(),
            Content::Bytes(record.as_bytes().to_vec()),
        )];
        writer.put(&id, files, "test").unwrap();
        let state = writer.prepare_state("test", None, Vec::new()).unwrap();
        writer.put_state(state.unwrap()).unwrap()
    }

    #[test]
    fn states_round_trip_over_several_objects() {
        let archive = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(archive.path()).unwrap();
        let mut ids = Vec::new();
        for number in 0..2 * STATES_PER_OBJECT + 1 {
            ids.push(run(
                &mut writer,
                &format!("i{}", number % 5),
                &number.to_string(),
            ));
        }
        let states = writer.store().states().unwrap();
        assert_eq!(states.newest(), ids.last().copied());
        assert_eq!(states.objects(), writer.states().objects());
        assert_eq!(states.objects().len(), 5);
        assert!(ids.iter().all(|id| states.contains(id)));
        let other = StateId {
            sha256: Hash([0; 32]),
            ..ids[3]
        };
        assert!(!states.contains(&other));
        assert_eq!(states.missing_objects(writer.store()), Vec::<String>::new());
        assert!(!writer.has_unrecorded_changes());
        for number in 1..=2 {
            let object = ObjectId::States(number);
            let path = writer.store().root().join(object_path(&object.urn()));
            let away = archive.path().join("away");
            std::fs::rename(&path, &away).unwrap();
            let error = writer.store().states().unwrap_err();
            assert_eq!(error.code(), "file-lost", "{number}");
            std::fs::rename(&away, &path).unwrap();
        }
        assert!(
            writer
                .prepare_state("test", None, Vec::new())
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn an_older_store_does_not_contain_later_states() {
        let archive = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(archive.path()).unwrap();
        let first = run(&mut writer, "a", "1");
        let earlier = writer.states().clone();
        let second = run(&mut writer, "a", "2");
        assert!(writer.states().contains(&first));
        assert!(!earlier.contains(&second));
    }

    #[test]
    fn a_damaged_state_is_an_error() {
        let archive = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(archive.path()).unwrap();
        run(&mut writer, "a", "1");
        let object = writer
            .store()
            .object(&ObjectId::States(1))
            .unwrap()
            .unwrap();
        std::fs::write(object.file(STATE_FILE).unwrap(), "damaged").unwrap();
        let error = writer.store().states().unwrap_err();
        assert_eq!(error.code(), "state-damaged");
    }

    #[test]
    fn objects_of_an_interrupted_run_are_adopted() {
        let archive = tempfile::tempdir().unwrap();
        let mut writer = Writer::open(archive.path()).unwrap();
        run(&mut writer, "a", "1");
        let put = |writer: &Writer, item: &str| {
            let id = ObjectId::Item(item.parse().unwrap());
            let files = vec![("record.json".to_owned(), Content::Bytes(b"2".to_vec()))];
            writer.put(&id, files, "test").unwrap();
        };
        put(&writer, "a");
        put(&writer, "b");
        drop(writer);

        let mut writer = Writer::open(archive.path()).unwrap();
        assert!(writer.has_unrecorded_changes());
        let damaged = writer.store().object(&ObjectId::Item("b".parse().unwrap()));
        let record = damaged.unwrap().unwrap().file("record.json").unwrap();
        std::fs::write(&record, "3").unwrap();
        let errors = writer.adopt_unrecorded().unwrap();
        assert_eq!(errors.len(), 1);
        assert_eq!(errors[0].code(), "fixity-mismatch");
        std::fs::write(&record, "2").unwrap();
        assert_eq!(writer.adopt_unrecorded().unwrap().len(), 0);
        let state = writer.prepare_state("test", None, Vec::new()).unwrap();
        writer.put_state(state.unwrap()).unwrap();
        assert_eq!(writer.states().objects().len(), 2);
        assert!(!writer.has_unrecorded_changes());
    }
}
