//! Crash-safe writing of the store.
//!
//! Objects are not built in the storage root but in `store-work/`, which is on the same file
//! system. First the files of an object are written and synced, then its folders are synced, and
//! finally the folder of the object is moved to the storage root with a single rename. To add a
//! version to an existing object, a new folder of the object is built, in which the files of the
//! earlier versions are hard links to the existing files. The two folders are then exchanged
//! atomically. Therefore, every object in the storage root is complete at any time, including its
//! root inventory, its sidecar and its newest version.
//!
//! If the system cannot exchange two folders (Windows, some network file systems), the old folder
//! is moved to `store-work/`, and the new folder is then moved to the storage root. After a crash
//! between these steps, the object is missing. The path of the object is written to the file
//! `place` in advance, so that the next [`Writer::open`] can move the old folder back.
//!
//! OCFL does not allow empty folders in a storage root, so the parent folders of a new object are
//! not created in the storage root in advance. Instead, the topmost missing folder is moved there
//! together with its contents.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use khizana_model::{Hash, StateId};
use sha2::{Digest, Sha256};

use super::content_path::content_path;
use super::digest::check_file;
use super::inventory::{Inventory, Version, is_logical_path, is_safe_path};
use super::layout::{ObjectId, object_path, root_files};
use super::staging::{self, StageError, StagedFile, StagedOriginal};
use super::state::{self, STATE_FILE, StateChanges, StateRecord, States};
use super::writer_file::{WRITER_FILE, WriterFile};
use super::{OBJECT_DECLARATION, STORE_DIR, Store, StoreError, durable, readme};

/// The name of the folder in which objects are built. It is next to the storage root.
pub const WORK_DIR: &str = "store-work";
const LOCK: &str = "lock";
const OLD: &str = "old";
const PLACE: &str = "place";
/// A file that exists while the store contains changes that no state lists.
const UNRECORDED: &str = "unrecorded";

/// A writer of the store of an archive. It holds a lock, so that an archive has only one writer at
/// a time.
#[derive(Debug)]
pub struct Writer {
    pub(super) store: Store,
    work: PathBuf,
    created: String,
    next: AtomicU64,
    pub(super) states: States,
    /// The objects that changed since the newest state: OCFL identifier → SHA-256 of the inventory.
    changed: Mutex<BTreeMap<String, Hash>>,
    /// Objects in which damage was found: OCFL identifiers.
    pub(super) suspects: BTreeSet<String>,
    /// `true` if an object that no state lists is damaged, so that it must be looked at again.
    pub(super) has_unadopted: bool,
    /// `true` if the files of all objects are hashed when the same content is put again.
    checks_all: bool,
    /// Files that were restored, relative to the storage root.
    restored: Mutex<Vec<String>>,
    /// A lock that is held while a new object is moved to the storage root, because two objects may
    /// share a missing parent folder.
    placing: Mutex<()>,
    /// Dropped before the lock.
    _writer_file: Option<WriterFile>,
    _lock: File,
}

/// The content of a file of a new version.
#[derive(Debug)]
pub enum Content {
    /// A staged file.
    Staged(StagedFile),
    /// Content that is part of an earlier version of the object, identified by its digest.
    Existing(Hash),
    /// Bytes in memory, such as a record.
    Bytes(Vec<u8>),
}

/// The outcome of [`Writer::put`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PutOutcome {
    /// No version was added, because the newest version already consists of these files.
    Unchanged,
    /// A version was added.
    Version {
        /// The number of the version.
        number: u64,
        /// Total length of the staged files that were added, in bytes.
        bytes: u64,
    },
}

/// A state that is staged but not part of the store yet.
#[derive(Debug)]
pub struct PreparedState {
    /// The number and the hash of the state.
    pub id: StateId,
    record: StateRecord,
    staged: StagedFile,
}

impl Writer {
    /// Opens the store of an archive for writing. Creates it if it does not exist, and recovers
    /// from an interrupted run.
    ///
    /// All versions that this writer adds have the same creation time: the time of this call, unless
    /// [`Writer::set_created`] sets another one.
    ///
    /// # Errors
    /// Returns an error if another process is writing to the archive, or if the store cannot be
    /// created, recovered or opened.
    pub fn open(archive: &Path) -> Result<Self, StoreError> {
        let mut writer = Self::open_for_repair(archive)?;
        writer.states = States::load(&writer.store)?;
        Ok(writer)
    }

    /// Opens the store of an archive like [`Writer::open`], but without its states, which may be damaged.
    pub(crate) fn open_for_repair(archive: &Path) -> Result<Self, StoreError> {
        let work = archive.join(WORK_DIR);
        durable::make_dir(&work)?;
        let path = work.join(LOCK);
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .map_err(StoreError::io("write", &path))?;
        // The operating system releases the lock when the process ends for any reason.
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse { path }),
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", &path)(error)),
        }
        let writer_file = match crate::disk::is_on_network(archive) {
            true => Some(WriterFile::create(&work, &crate::disk::computer_name())?),
            false => None,
        };
        let root = archive.join(STORE_DIR);
        recover(&work, &root)?;
        if !root.exists() {
            make_root(&work, &root)?;
            durable::sync_dir(archive)?;
        }
        Ok(Writer {
            states: States::default(),
            store: Store::open(archive)?,
            work,
            created: creation_time()?,
            next: AtomicU64::new(0),
            changed: Mutex::default(),
            suspects: crate::damage::load(archive),
            checks_all: false,
            has_unadopted: false,
            restored: Mutex::default(),
            placing: Mutex::new(()),
            _writer_file: writer_file,
            _lock: lock,
        })
    }

    /// Returns a reader of the store.
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Returns the states of the store.
    pub fn states(&self) -> &States {
        &self.states
    }

    /// Returns the objects in which the last `verify` found damage: OCFL identifiers.
    pub fn suspects(&self) -> &BTreeSet<String> {
        &self.suspects
    }

    /// Returns `true` if the store may contain changes that no state lists: an earlier run was
    /// interrupted, or the store was written before there were states.
    pub fn has_unrecorded_changes(&self) -> bool {
        self.states.newest().is_none() || self.work.join(UNRECORDED).exists()
    }

    /// Sets the creation time of the versions that this writer adds, in the format of [`now`].
    pub fn set_created(&mut self, created: String) {
        self.created = created;
    }

    /// Hashes the existing files of all objects when the same content is put again, and not only those
    /// of the objects in which damage was found.
    pub fn check_all(&mut self) {
        self.checks_all = true;
    }

    /// Returns the files that [`Writer::put`] has restored, relative to the storage root.
    pub fn restored(&self) -> Vec<String> {
        let restored = self.restored.lock();
        restored.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns the files that have been restored since the last call.
    pub(crate) fn take_restored(&self) -> Vec<String> {
        let mut restored = self.restored.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut restored)
    }

    /// Replaces a missing or damaged file of an earlier version.
    pub(crate) fn restore(&self, path: &Path, content: &Content) -> Result<(), StoreError> {
        match content {
            Content::Staged(file) => self.restore_copy(path, &file.path),
            Content::Bytes(bytes) => {
                let staged = self.free_name();
                durable::write_file(&staged, bytes)?;
                self.place_restored(&staged, path)
            }
            Content::Existing(_) => Ok(()),
        }
    }

    /// Replaces a missing or damaged file by a copy of another file.
    pub(crate) fn restore_copy(&self, path: &Path, from: &Path) -> Result<(), StoreError> {
        let staged = self.free_name();
        fs::copy(from, &staged)
            .and_then(|_| durable::sync_file(&staged))
            .map_err(StoreError::io("write", &staged))?;
        self.place_restored(&staged, path)
    }

    fn place_restored(&self, staged: &Path, path: &Path) -> Result<(), StoreError> {
        if let Some(parent) = path.parent() {
            durable::make_dir(parent)?;
            durable::rename(staged, path)?;
            durable::sync_dir(parent)?;
        }
        let name = path.strip_prefix(&self.store.root).unwrap_or(path);
        let mut restored = self.restored.lock().unwrap_or_else(PoisonError::into_inner);
        restored.push(name.to_string_lossy().into_owned());
        Ok(())
    }

    /// Marks an object as changed, so that the next state lists it.
    pub fn record_change(&self, urn: String, inventory: Hash) {
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.insert(urn, inventory);
    }

    /// Stages the state that records all changes of this writer. Returns `None` if there are none.
    ///
    /// The caller can save [`PreparedState::id`] before it writes the state with
    /// [`Writer::put_state`].
    ///
    /// # Errors
    /// Returns an error if the state cannot be written.
    pub fn prepare_state(
        &self,
        command: &str,
        accepted_loss_of: Option<StateId>,
        missing: Vec<String>,
    ) -> Result<Option<PreparedState>, StoreError> {
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        let changes = StateChanges {
            objects: changed.clone(),
            accepted_loss_of,
            missing,
        };
        if changes.is_empty() {
            return Ok(None);
        }
        let record = self.states.next(&self.created, command, changes);
        let staged = self.stage_packed(|out| {
            serde_json::to_writer_pretty(&mut *out, &record)?;
            out.write_all(b"\n")
        })?;
        let id = StateId {
            number: record.number,
            sha256: staged.digest,
        };
        Ok(Some(PreparedState { id, record, staged }))
    }

    /// Adds a prepared state to the store.
    ///
    /// # Errors
    /// Returns an error if the store cannot be written.
    pub fn put_state(&mut self, state: PreparedState) -> Result<StateId, StoreError> {
        if !readme::is_current(&self.store.root) {
            readme::write(&self.store.root, &self.free_name())?;
        }
        let object = state::object_of(state.id.number);
        let message = format!("State {}", state.id.number);
        let files = vec![(STATE_FILE.to_owned(), Content::Staged(state.staged))];
        self.put(&object, files, &message)?;
        let mut changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        changed.clear();
        drop(changed);
        self.states.push(state.id, state.record);
        let mark = self.work.join(UNRECORDED);
        if !self.has_unadopted && mark.exists() {
            fs::remove_file(&mark).map_err(StoreError::io("remove", &mark))?;
        }
        Ok(state.id)
    }

    /// Stages a file of a source. Compresses the file if this makes it at least 10 % smaller,
    /// unless `raw_only` is `true`.
    ///
    /// # Errors
    /// Returns an error if the source file cannot be read or changes while it is being read, or if
    /// the staged file cannot be written.
    pub fn stage_original(
        &self,
        source: &Path,
        raw_only: bool,
    ) -> Result<StagedOriginal, StageError> {
        let (raw, packed) = (self.free_name(), self.free_name());
        let result = staging::stage_original(source, &raw, &packed, raw_only);
        if result.is_err() {
            let _ = fs::remove_file(&raw);
            let _ = fs::remove_file(&packed);
        }
        result
    }

    /// Compresses the output of `fill` with zstd and stages it.
    ///
    /// # Errors
    /// Returns an error if `fill` fails or the staged file cannot be written.
    pub fn stage_packed(
        &self,
        fill: impl FnOnce(&mut dyn Write) -> std::io::Result<()>,
    ) -> Result<StagedFile, StoreError> {
        let path = self.free_name();
        let result = staging::stage_packed(&path, fill);
        if result.is_err() {
            let _ = fs::remove_file(&path);
        }
        result
    }

    /// Adds a version that consists of exactly `files`, each given as its logical path and its
    /// content, to an object. Does nothing if the newest version already consists of these files.
    /// Content that is part of an earlier version is not stored again, but restored if its file is
    /// missing or has the wrong length.
    ///
    /// # Errors
    /// Returns an error if a logical path is invalid, if the object does not contain content that
    /// is given as [`Content::Existing`], or if the store cannot be read or written.
    pub fn put(
        &self,
        object: &ObjectId,
        files: Vec<(String, Content)>,
        message: &str,
    ) -> Result<PutOutcome, StoreError> {
        let urn = object.urn();
        let place = self.store.root.join(object_path(&urn));
        let is_suspect = self.checks_all || self.suspects.contains(&urn);
        let held = Inventory::read(&place)?;
        let is_new = held.is_none();
        let mut inventory = held.unwrap_or_else(|| Inventory::new(urn));
        let number = inventory.head_number() + 1;
        let name = format!("v{number}");

        let mut version = Version {
            created: self.created.clone(),
            message: message.to_owned(),
            state: BTreeMap::new(),
        };
        // The content paths that this version adds, in lower case.
        let mut taken = BTreeSet::new();
        // The content that this version adds, with its path in the object.
        let mut added: Vec<(String, Content)> = Vec::new();
        for (logical, content) in files {
            if !is_logical_path(&logical) {
                return Err(StoreError::Path { name: logical });
            }
            let digest = match &content {
                Content::Staged(staged) => staged.digest,
                Content::Existing(digest) => *digest,
                Content::Bytes(bytes) => Hash(Sha256::digest(bytes).into()),
            };
            match inventory.manifest.entry(digest) {
                Entry::Vacant(free) => {
                    if let Content::Existing(_) = content {
                        return Err(StoreError::Lost {
                            path: place.join(logical),
                        });
                    }
                    let path = content_path(&name, &logical, |path| taken.contains(path));
                    taken.insert(path.to_ascii_lowercase());
                    free.insert(vec![path.clone()]);
                    added.push((path, content));
                }
                // A path of this version is content that occurs twice in `files`.
                Entry::Occupied(paths) => {
                    let this_version = format!("{name}/");
                    let earlier = paths.get().iter();
                    for path in earlier.filter(|path| !path.starts_with(&this_version)) {
                        let path = place.join(path);
                        if !is_intact(&path, digest, &content, is_suspect) {
                            self.restore(&path, &content)?;
                        }
                    }
                }
            }
            version.state.entry(digest).or_default().push(logical);
        }
        for paths in version.state.values_mut() {
            paths.sort();
        }
        if inventory
            .head_version()
            .is_some_and(|head| head.state == version.state)
        {
            // The object may have been restored, or changed by an interrupted run.
            let digest = state::sidecar_digest(&place);
            if let Some(digest) = digest
                && !matches!(object, ObjectId::States(_))
                && self.states.objects().get(&inventory.id) != Some(&digest)
            {
                self.record_change(inventory.id, digest);
            }
            return Ok(PutOutcome::Unchanged);
        }
        inventory.head = name.clone();
        inventory.versions.insert(name.clone(), version);

        let is_state = matches!(object, ObjectId::States(_));
        if !is_state {
            self.mark_unrecorded()?;
        }
        let build = self.free_name();
        let result = self.build(&build, &place, is_new, &name, &inventory, added);
        // The folder now contains the previous state of the object or, after an error, incomplete
        // files.
        let _ = durable::remove_tree(&build);
        let (bytes, digest) = result?;
        if !is_state {
            self.record_change(inventory.id, digest);
        }
        Ok(PutOutcome::Version { number, bytes })
    }

    /// Creates the file that marks the store as changed since the newest state.
    fn mark_unrecorded(&self) -> Result<(), StoreError> {
        let path = self.work.join(UNRECORDED);
        let changed = self.changed.lock().unwrap_or_else(PoisonError::into_inner);
        if changed.is_empty() && !path.exists() {
            durable::write_file(&path, b"")?;
            durable::sync_dir(&self.work)?;
        }
        Ok(())
    }

    fn build(
        &self,
        build: &Path,
        place: &Path,
        is_new: bool,
        version: &str,
        inventory: &Inventory,
        added: Vec<(String, Content)>,
    ) -> Result<(u64, Hash), StoreError> {
        let object = build.join("object");
        durable::make_dir(&object)?;
        if !is_new {
            for entry in durable::list(place)? {
                if entry.is_dir {
                    durable::link_tree(&entry.path, &object.join(&entry.name))?;
                }
            }
        }
        let (declaration, content) = OBJECT_DECLARATION;
        durable::write_file(&object.join(declaration), content.as_bytes())?;
        let folder = object.join(version);
        durable::make_dir(&folder)?;
        let mut bytes = 0;
        for (path, content) in added {
            let path = object.join(path);
            if let Some(parent) = path.parent() {
                durable::make_dir(parent)?;
            }
            match content {
                Content::Staged(staged) => {
                    bytes += staged.bytes;
                    durable::rename(&staged.path, &path)?;
                }
                Content::Bytes(content) => durable::write_file(&path, &content)?,
                Content::Existing(_) => {}
            }
        }
        inventory.write(&folder)?;
        let digest = inventory.write(&object)?;
        durable::sync_tree(&object)?;
        if is_new {
            self.place_new(build, &object, place)?;
        } else {
            self.replace(build, &object, place)?;
        }
        Ok((bytes, digest))
    }

    /// Moves a new object to the storage root, together with the missing folders above it.
    pub(crate) fn place_new(
        &self,
        build: &Path,
        object: &Path,
        place: &Path,
    ) -> Result<(), StoreError> {
        let _one_at_a_time = self.placing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut top = place;
        while let Some(parent) = top.parent().filter(|parent| !parent.exists()) {
            top = parent;
        }
        let Some(anchor) = top.parent() else {
            return Err(StoreError::Lost {
                path: place.to_owned(),
            });
        };
        let branch = build.join("branch");
        let within = place.strip_prefix(top).unwrap_or(Path::new(""));
        if within.as_os_str().is_empty() {
            durable::rename(object, top)?;
        } else {
            let target = branch.join(within);
            if let Some(parent) = target.parent() {
                durable::make_dir(parent)?;
            }
            durable::rename(object, &target)?;
            for folder in target.ancestors().skip(1) {
                durable::sync_dir(folder)?;
                if folder == branch {
                    break;
                }
            }
            durable::rename(&branch, top)?;
        }
        durable::sync_dir(anchor)
    }

    /// Replaces the old folder of an object with the new one.
    fn replace(&self, build: &Path, object: &Path, place: &Path) -> Result<(), StoreError> {
        if !durable::exchange(object, place)? {
            let within = place.strip_prefix(&self.store.root).unwrap_or(place);
            let within = within.to_string_lossy();
            durable::write_file(&build.join(PLACE), within.as_bytes())?;
            durable::sync_dir(build)?;
            durable::rename(place, &build.join(OLD))?;
            durable::rename(object, place)?;
            durable::sync_dir(build)?;
        }
        place.parent().map_or(Ok(()), durable::sync_dir)
    }

    pub(crate) fn free_name(&self) -> PathBuf {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.work.join(format!("{number}"))
    }
}

/// Returns `true` if a file has the length of `content` and, if `is_suspect`, its digest. Also returns
/// `true` for content that is only in the store.
fn is_intact(path: &Path, digest: Hash, content: &Content, is_suspect: bool) -> bool {
    let expected = match content {
        Content::Staged(file) => file.bytes,
        Content::Bytes(bytes) => bytes.len() as u64,
        Content::Existing(_) => return true,
    };
    let has_length = fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() == expected);
    has_length && (!is_suspect || check_file(path, digest).is_ok())
}

/// Moves objects that a crash left in the work folder back to the storage root, and removes all
/// other files from the work folder except the lock.
fn recover(work: &Path, root: &Path) -> Result<(), StoreError> {
    for entry in durable::list(work)? {
        if [LOCK, UNRECORDED, WRITER_FILE].contains(&entry.name.as_str()) {
            continue;
        }
        let old = entry.path.join(OLD);
        if let Ok(within) = fs::read_to_string(entry.path.join(PLACE))
            && is_safe_path(&within)
            && old.exists()
        {
            let place = root.join(&within);
            if !place.exists() {
                durable::rename(&old, &place)?;
                place.parent().map_or(Ok(()), durable::sync_dir)?;
            }
        }
        if entry.is_dir {
            durable::remove_tree(&entry.path)?;
        } else {
            fs::remove_file(&entry.path).map_err(StoreError::io("remove", &entry.path))?;
        }
    }
    Ok(())
}

/// Creates an empty storage root.
fn make_root(work: &Path, root: &Path) -> Result<(), StoreError> {
    let build = work.join("root");
    for (name, content) in root_files() {
        let path = build.join(name);
        if let Some(parent) = path.parent() {
            durable::make_dir(parent)?;
        }
        durable::write_file(&path, content.as_bytes())?;
    }
    durable::write_file(&build.join(readme::README_FILE), readme::README.as_bytes())?;
    durable::sync_tree(&build)?;
    durable::rename(&build, root)
}

/// The environment variable with the time, in seconds since the Unix epoch, that is used instead of the current
/// time, so that the same files make the same store: <https://reproducible-builds.org/specs/source-date-epoch/>.
const TIME_VARIABLE: &str = "SOURCE_DATE_EPOCH";

/// Returns the time for new versions: that of the variable `SOURCE_DATE_EPOCH`, or the current time if it is not
/// set. The format is that of [`now`].
///
/// # Errors
/// Returns [`StoreError::Time`] if the variable is not a number of seconds.
pub fn creation_time() -> Result<String, StoreError> {
    let Some(value) = std::env::var_os(TIME_VARIABLE) else {
        return Ok(now());
    };
    let value = value.to_string_lossy();
    time_of(&value).ok_or_else(|| StoreError::Time {
        value: khizana_model::printable(&value),
    })
}

/// Returns the time that is a number of seconds after the Unix epoch.
fn time_of(seconds: &str) -> Option<String> {
    let seconds = seconds.parse::<u32>().ok()?;
    let time = jiff::Timestamp::from_second(seconds.into()).ok()?;
    Some(time.to_string())
}

/// Returns the current time in the format that OCFL requires: RFC 3339, with a precision of one
/// second.
pub fn now() -> String {
    let now = jiff::Timestamp::now();
    jiff::Timestamp::from_second(now.as_second())
        .unwrap_or(now)
        .to_string()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::ocfl::inventory::INVENTORY;

    fn object(id: &str) -> ObjectId {
        ObjectId::Item(id.parse().unwrap())
    }

    fn record(text: &str) -> (String, Content) {
        ("record.json".to_owned(), Content::Bytes(text.into()))
    }

    /// Returns the paths of all files and all empty folders below a folder. The paths of empty
    /// folders end with a slash.
    fn tree(folder: &Path) -> Vec<String> {
        fn walk(folder: &Path, base: &Path, out: &mut Vec<String>) {
            let entries = durable::list(folder).unwrap();
            if entries.is_empty() {
                out.push(format!("{}/", folder.strip_prefix(base).unwrap().display()));
            }
            for entry in entries {
                if entry.is_dir {
                    walk(&entry.path, base, out);
                } else {
                    out.push(entry.path.strip_prefix(base).unwrap().display().to_string());
                }
            }
        }
        let mut out = Vec::new();
        walk(folder, folder, &mut out);
        out
    }

    #[test]
    fn puts_complete_objects_and_removes_the_work_files() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        let source = archive.path().join("a.txt");
        fs::write(&source, "x".repeat(1000)).unwrap();
        let taken = writer.stage_original(&source, false).unwrap();
        let staged = taken.staged.bytes;
        let put = writer
            .put(
                &object("a"),
                vec![
                    record("{}"),
                    ("files/a.txt.zst".to_owned(), Content::Staged(taken.staged)),
                ],
                "first",
            )
            .unwrap();
        assert_eq!(
            put,
            PutOutcome::Version {
                number: 1,
                bytes: staged
            }
        );
        let path = object_path("urn:khizana:item:a");
        let found = tree(&archive.path().join(STORE_DIR).join(path));
        assert_eq!(
            found,
            [
                "0=ocfl_object_1.1",
                "inventory.json",
                "inventory.json.sha256",
                "v1/content/files/a.txt.zst",
                "v1/content/record.json",
                "v1/inventory.json",
                "v1/inventory.json.sha256",
            ]
        );
        assert_eq!(tree(&archive.path().join(WORK_DIR)), ["lock", "unrecorded"]);
        assert!(
            !tree(&archive.path().join(STORE_DIR))
                .iter()
                .any(|p| p.ends_with('/'))
        );
    }

    #[test]
    fn adds_only_new_content_in_a_version() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        let a = object("a");
        let put = |files| writer.put(&a, files, "test").unwrap();
        put(vec![
            record("1"),
            ("files/x".into(), Content::Bytes(b"x".into())),
        ]);
        let inventory = writer.store().object(&a).unwrap().unwrap().inventory;
        let x = inventory
            .head_version()
            .unwrap()
            .digest_of("files/x")
            .unwrap();
        let second = || vec![record("2"), ("files/x".into(), Content::Existing(x))];
        assert!(matches!(
            put(second()),
            PutOutcome::Version { number: 2, .. }
        ));
        assert_eq!(put(second()), PutOutcome::Unchanged);
        // Content of the first version is used again, and is not stored twice.
        put(vec![
            record("1"),
            ("files/y".into(), Content::Bytes(b"x".into())),
        ]);

        let found = writer.store().object(&a).unwrap().unwrap();
        assert_eq!(found.inventory.head, "v3");
        let content: Vec<_> = tree(&found.path)
            .into_iter()
            .filter(|path| path.contains("/content/"))
            .collect();
        assert_eq!(
            content,
            [
                "v1/content/files/x",
                "v1/content/record.json",
                "v2/content/record.json"
            ]
        );
    }

    #[test]
    fn puts_objects_with_shared_folders_from_several_threads() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..4 {
                let writer = &writer;
                scope.spawn(move || {
                    for n in 0..50 {
                        let id = object(&format!("{thread}-{n}"));
                        writer.put(&id, vec![record("{}")], "test").unwrap();
                    }
                });
            }
        });
        let mut found = 0;
        for entry in writer.store().objects().unwrap() {
            entry.unwrap().inventory().unwrap();
            found += 1;
        }
        assert_eq!(found, 200);
    }

    #[test]
    fn reads_the_time_of_the_environment() {
        assert_eq!(time_of("0").unwrap(), "1970-01-01T00:00:00Z");
        assert_eq!(time_of("1764590000").unwrap(), "2025-12-01T11:53:20Z");
        for invalid in ["", "-1", "now", "99999999999"] {
            assert_eq!(time_of(invalid), None, "{invalid}");
        }
        let error = StoreError::Time {
            value: "now".into(),
        };
        assert_eq!(error.code(), "time-invalid");
        assert!(error.to_string().contains("SOURCE_DATE_EPOCH"), "{error}");
    }

    #[test]
    fn rejects_a_second_writer() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        let error = Writer::open(archive.path()).unwrap_err();
        assert_eq!(error.code(), "archive-in-use");
        drop(writer);
        Writer::open(archive.path()).unwrap();
    }

    #[test]
    fn restores_an_object_from_the_work_folder() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        writer.put(&object("a"), vec![record("1")], "test").unwrap();
        drop(writer);
        // The state after a crash between the two renames, if folders cannot be exchanged.
        let within = object_path("urn:khizana:item:a");
        let place = archive.path().join(STORE_DIR).join(&within);
        let build = archive.path().join(WORK_DIR).join("7");
        fs::create_dir_all(build.join("object/v2")).unwrap();
        fs::write(build.join(PLACE), within.to_str().unwrap()).unwrap();
        fs::rename(&place, build.join(OLD)).unwrap();

        let writer = Writer::open(archive.path()).unwrap();
        let found = writer.store().object(&object("a")).unwrap().unwrap();
        assert_eq!(found.inventory.head, "v1");
        assert_eq!(tree(&archive.path().join(WORK_DIR)), ["lock", "unrecorded"]);
    }

    #[test]
    fn removes_the_work_files_of_an_interrupted_run() {
        let archive = tempfile::tempdir().unwrap();
        drop(Writer::open(archive.path()).unwrap());
        let work = archive.path().join(WORK_DIR);
        fs::create_dir_all(work.join("3/object/v1/content")).unwrap();
        fs::write(work.join("4"), "half").unwrap();
        drop(Writer::open(archive.path()).unwrap());
        assert_eq!(tree(&work), ["lock"]);
    }

    #[test]
    fn rejects_an_unknown_store() {
        let archive = tempfile::tempdir().unwrap();
        fs::create_dir_all(archive.path().join(STORE_DIR)).unwrap();
        let error = Writer::open(archive.path()).unwrap_err();
        assert_eq!(error.code(), "store-unknown");
        assert!(error.to_string().contains("0=ocfl_1.1"), "{error}");
    }

    #[test]
    fn rejects_paths_outside_the_object() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        for name in ["files/../../x", "/x", "files//x", ""] {
            let files = vec![(name.to_owned(), Content::Bytes(b"x".into()))];
            let error = writer.put(&object("a"), files, "test").unwrap_err();
            assert_eq!(error.code(), "store-path", "{name}");
        }
        let files = vec![("x".to_owned(), Content::Existing(Hash([1; 32])))];
        let error = writer.put(&object("a"), files, "test").unwrap_err();
        assert_eq!(error.code(), "file-lost");
    }

    #[test]
    fn rejects_new_versions_of_a_damaged_object() {
        let archive = tempfile::tempdir().unwrap();
        let writer = Writer::open(archive.path()).unwrap();
        writer.put(&object("a"), vec![record("1")], "test").unwrap();
        let place = archive
            .path()
            .join(STORE_DIR)
            .join(object_path(&object("a").urn()));
        fs::write(place.join(INVENTORY), "{}").unwrap();
        let error = writer
            .put(&object("a"), vec![record("2")], "test")
            .unwrap_err();
        assert_eq!(error.code(), "fixity-mismatch");
    }
}
