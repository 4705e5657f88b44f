//! `verify`: checks the fixity of the store.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use khizana_model::{Hash, Storage};
use rayon::prelude::*;
use serde::Serialize;
use sha2::{Digest, Sha256};

use khizana_model::{Problem, Progress, Severity, printable};

use crate::catalogue::{CATALOGUE_FILE, recorded_store};
use crate::consistency::{RecordedState, check_state};
use crate::damage;
use crate::ocfl::readme::{self, README_FILE};
use crate::ocfl::{
    HashingReader, INVENTORY, Inventory, OBJECT_DECLARATION, Object, ObjectId, RECORD_FILE,
    SIDECAR, States, Store, StoreEntry, StoreError, check_file, has_inventory, is_foreign,
    item_files, list, logical_path, object_path, record_of, root_files, sidecar_digest,
};

/// The result of verifying a store. `verify --json` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct VerifyReport {
    /// Number of objects in the store.
    pub objects: u64,
    /// Number of content files that were hashed.
    pub files: u64,
    /// Total length of these files in bytes.
    pub bytes: u64,
    /// The problems that were found. Their file paths are relative to the archive.
    pub problems: Vec<Problem>,
    /// The OCFL identifiers of damaged objects.
    #[serde(skip)]
    damaged: BTreeSet<String>,
}

impl VerifyReport {
    /// Returns `true` if no error was found.
    pub fn is_intact(&self) -> bool {
        self.problems.iter().all(|p| p.severity != Severity::Error)
    }

    fn merge(mut self, mut other: Self) -> Self {
        self.objects += other.objects;
        self.files += other.files;
        self.bytes += other.bytes;
        self.problems.append(&mut other.problems);
        self.damaged.append(&mut other.damaged);
        self
    }
}

/// Verifies the store of an archive.
///
/// The SHA-256 of each content file is compared with the inventory of its object. Compressed
/// originals are also decompressed and compared with the SHA-256 in their record. Files that are
/// not in any inventory, missing objects to which a record refers, and contradictory inventories
/// are also reported.
///
/// # Errors
/// Returns a [`StoreError`] if the archive has no readable store.
pub fn verify(archive: &Path, progress: &dyn Progress) -> Result<VerifyReport, StoreError> {
    let store = Store::open(archive)?;
    let (states, states_error) = match store.states() {
        Ok(states) => (states, None),
        Err(error) => (States::default(), Some(error)),
    };
    let verifier = Verifier {
        archive,
        store: &store,
        states: &states,
        progress,
        needed: Mutex::new(BTreeSet::new()),
    };
    progress.begin("Files", None);
    let mut report = store
        .entries()?
        .par_bridge()
        .map(|entry| match entry {
            Ok(StoreEntry::Object(object)) => verifier.object(&object.path),
            Ok(StoreEntry::File(path)) => verifier.stray_file(&path),
            Err(error) => VerifyReport {
                problems: vec![verifier.problem(None, &error)],
                ..VerifyReport::default()
            },
        })
        .reduce(VerifyReport::default, VerifyReport::merge);
    verifier.root_files(&mut report);
    verifier.extensions(&mut report);
    verifier.lost_objects(&mut report);
    verifier.recorded_state(&mut report);
    if let Some(error) = states_error {
        report.problems.push(verifier.problem(None, &error));
    }
    report
        .problems
        .sort_by(|a, b| (&a.file, a.code, &a.message).cmp(&(&b.file, b.code, &b.message)));
    report.problems.dedup();
    progress.end();
    // The report is printed in any case. Without the file, `ingest` reads fewer files again.
    let _ = damage::save(archive, &report.damaged);
    Ok(report)
}

struct Verifier<'a> {
    archive: &'a Path,
    store: &'a Store,
    /// The states of the store. Empty if they cannot be read.
    states: &'a States,
    progress: &'a dyn Progress,
    /// Identifiers of the objects to which the records of collections refer.
    needed: Mutex<BTreeSet<String>>,
}

impl Verifier<'_> {
    fn object(&self, path: &Path) -> VerifyReport {
        let mut report = self.check_object(path);
        if !report.is_intact()
            && let Ok(Some(inventory)) = Inventory::read(path)
        {
            report.damaged.insert(inventory.id);
        }
        report
    }

    fn check_object(&self, path: &Path) -> VerifyReport {
        let mut report = VerifyReport {
            objects: 1,
            ..VerifyReport::default()
        };
        let inventory = match Inventory::read(path) {
            Ok(Some(inventory)) => inventory,
            Ok(None) => return report,
            Err(error) => {
                let error = match is_foreign(path) {
                    true => foreign(path),
                    false => error,
                };
                report.problems.push(self.problem(None, &error));
                return report;
            }
        };
        let id = ObjectId::from_urn(&inventory.id);
        if id.is_none() && is_foreign(path) {
            report.problems.push(self.problem(None, &foreign(path)));
            return report;
        }
        let item = id
            .as_ref()
            .and_then(ObjectId::id)
            .map(|id| id.as_str().to_owned());
        let item = item.as_deref();
        self.compare_with_state(path, &inventory, item, &mut report);
        if self
            .store
            .root()
            .join(crate::ocfl::object_path(&inventory.id))
            != *path
        {
            let why = format!("the inventory belongs to {}", inventory.id.escape_debug());
            report.problems.push(self.inventory(path, item, why));
        }
        self.versions(path, &inventory, item, &mut report);
        let originals = self.originals(path, &inventory, item, &mut report);
        self.unknown(path, &inventory, item, &mut report);
        if let Some(ObjectId::Collection(_)) = id {
            self.needs(path, &inventory, item, &mut report);
        }
        let content: Vec<(&Hash, &String)> = inventory
            .manifest
            .iter()
            .flat_map(|(digest, paths)| paths.iter().map(move |path| (digest, path)))
            .collect();
        let hashed = content
            .par_iter()
            .map(|(digest, file)| {
                let mut report = VerifyReport {
                    files: 1,
                    ..VerifyReport::default()
                };
                let file = path.join(file);
                match hash(&file, **digest, originals.get(*digest)) {
                    Ok(bytes) => report.bytes = bytes,
                    Err(error) => report.problems.push(self.problem(item, &error)),
                }
                self.progress.advance(1);
                report
            })
            .reduce(VerifyReport::default, VerifyReport::merge);
        report.merge(hashed)
    }

    /// Checks the inventory of each version. The inventory of the newest version must be equal to
    /// that of the object.
    fn versions(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        report: &mut VerifyReport,
    ) {
        let digest = sidecar_digest(path);
        for name in inventory.versions.keys() {
            let folder = path.join(name);
            // The newest version has a copy of the inventory, which need not be parsed again.
            let is_copy = |digest: Hash| {
                sidecar_digest(&folder) == Some(digest)
                    && check_file(&folder.join(INVENTORY), digest).is_ok()
            };
            if *name == inventory.head && digest.is_some_and(is_copy) {
                continue;
            }
            match Inventory::read(&folder) {
                Ok(Some(copy)) => {
                    let agrees = copy.head == *name
                        && copy.id == inventory.id
                        && copy
                            .versions
                            .iter()
                            .all(|(version, state)| inventory.versions.get(version) == Some(state))
                        && (inventory.head != *name || copy == *inventory);
                    if !agrees {
                        let why =
                            "the inventory contradicts the inventory of the object".to_owned();
                        report.problems.push(self.inventory(&folder, item, why));
                    }
                }
                Ok(None) => {
                    let error = StoreError::Lost {
                        path: folder.join(INVENTORY),
                    };
                    report.problems.push(self.problem(item, &error));
                }
                Err(error) => report.problems.push(self.problem(item, &error)),
            }
        }
    }

    /// Returns the SHA-256 and the length of each compressed original, by the SHA-256 of its stored
    /// file.
    fn originals(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        report: &mut VerifyReport,
    ) -> BTreeMap<Hash, (Hash, u64)> {
        let mut originals = BTreeMap::new();
        for version in inventory.newest_first() {
            if version.digest_of(RECORD_FILE).is_none() {
                continue;
            }
            // A damaged record is reported when it is hashed.
            let Ok(Some(record)) = record_of(path, inventory, version) else {
                continue;
            };
            let digests = version.digests();
            for file in item_files(&record) {
                let logical = logical_path(file.name, file.storage);
                let stored = digests.get(logical.as_str()).copied();
                let fits = match file.storage {
                    Storage::Raw => stored == Some(file.sha256),
                    Storage::Zstd => stored.is_some(),
                };
                if !fits {
                    let error = StoreError::Lost {
                        path: path.join(logical),
                    };
                    report.problems.push(self.problem(item, &error));
                } else if let (Storage::Zstd, Some(stored)) = (file.storage, stored) {
                    originals.insert(stored, (file.sha256, file.bytes));
                }
            }
        }
        originals
    }

    /// Compares an object with the newest state of the store.
    fn compare_with_state(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        report: &mut VerifyReport,
    ) {
        if self.states.newest().is_none()
            || matches!(ObjectId::from_urn(&inventory.id), Some(ObjectId::States(_)))
        {
            return;
        }
        let expected = self.states.objects().get(&inventory.id);
        let is_listed = expected.is_some_and(|digest| sidecar_digest(path) == Some(*digest));
        if is_listed {
            return;
        }
        match expected {
            Some(digest) if !has_inventory(path, inventory, digest) => {
                let error = StoreError::OlderObject {
                    path: path.to_owned(),
                };
                report.problems.push(self.problem(item, &error));
            }
            _ => {
                let problem = Problem::warning(
                    "object-unrecorded",
                    "The object is newer than the newest state of the store, as after an interrupted run.",
                    "Run `khizana ingest` again, which checks and records the object.",
                );
                report.problems.push(Problem {
                    item: item.map(printable),
                    ..problem.in_file(self.name(path))
                });
            }
        }
    }

    /// Checks the files that declare the version and the layout of the store.
    fn root_files(&self, report: &mut VerifyReport) {
        for (name, content) in root_files() {
            let path = self.store.root().join(name);
            let error = match std::fs::read(&path) {
                Ok(found) if found == content.as_bytes() => continue,
                Ok(_) => StoreError::RootFile { path },
                Err(error) if error.kind() == io::ErrorKind::NotFound => StoreError::Lost { path },
                Err(error) => StoreError::io("read", &path)(error),
            };
            report.problems.push(self.problem(None, &error));
        }
        // Stores of earlier versions have no such file.
        if self.states.newest().is_some() && !readme::is_current(self.store.root()) {
            let problem = Problem::warning(
                "readme-changed",
                "The file that explains the store is missing, was changed, or belongs to another version of khizana.",
                "Run `khizana repair`, which writes the file.",
            );
            let name = self.name(&self.store.root().join(README_FILE));
            report.problems.push(problem.in_file(name));
        }
    }

    /// Reports if the catalogue was made from a state that the store does not contain.
    fn recorded_state(&self, report: &mut VerifyReport) {
        let Some(state) = recorded_store(self.archive).state else {
            return;
        };
        let recorded = RecordedState {
            recorded_by: "the catalogue".to_owned(),
            state,
        };
        if let Err(error) = check_state(self.states, recorded, None, Vec::new) {
            let problem = Problem::error(error.code(), sentence(&error.to_string()), error.hint());
            report.problems.push(problem.in_file(CATALOGUE_FILE));
        }
    }

    /// Reports files in the folder of an object that are not in its inventory.
    fn unknown(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        report: &mut VerifyReport,
    ) {
        let mut known: BTreeSet<PathBuf> = ["0=ocfl_object_1.1", INVENTORY, SIDECAR]
            .map(|name| path.join(name))
            .into();
        for version in inventory.versions.keys() {
            known.extend([INVENTORY, SIDECAR].map(|name| path.join(version).join(name)));
        }
        known.extend(
            inventory
                .manifest
                .values()
                .flatten()
                .map(|file| path.join(file)),
        );
        let (name, content) = OBJECT_DECLARATION;
        let declaration = path.join(name);
        match std::fs::read(&declaration) {
            Ok(found) if found == content.as_bytes() => {}
            Ok(_) => {
                let error = StoreError::RootFile { path: declaration };
                report.problems.push(self.problem(item, &error));
            }
            Err(_) => {
                let error = StoreError::Lost { path: declaration };
                report.problems.push(self.problem(item, &error));
            }
        }
        self.walk(path, item, report, &|file| known.contains(file));
    }

    fn walk(
        &self,
        folder: &Path,
        item: Option<&str>,
        report: &mut VerifyReport,
        is_known: &dyn Fn(&Path) -> bool,
    ) {
        let entries = match list(folder) {
            Ok(entries) => entries,
            Err(error) => return report.problems.push(self.problem(item, &error)),
        };
        for entry in entries {
            if entry.is_dir {
                self.walk(&entry.path, item, report, is_known);
            } else if !is_known(&entry.path) {
                report.problems.push(self.unexpected(&entry.path, item));
            }
        }
    }

    /// Reports a file next to or above the objects, unless it declares the store.
    fn stray_file(&self, path: &Path) -> VerifyReport {
        let mut report = VerifyReport::default();
        let name = path.strip_prefix(self.store.root()).unwrap_or(path);
        if name == Path::new(README_FILE) {
            return report;
        }
        if !root_files()
            .iter()
            .any(|(known, _)| name == Path::new(known))
        {
            report.problems.push(self.unexpected(path, None));
        }
        report
    }

    /// Reports unexpected files in the folder `extensions`.
    fn extensions(&self, report: &mut VerifyReport) {
        let known = root_files().map(|(name, _)| self.store.root().join(name));
        let folder = self.store.root().join("extensions");
        self.walk(&folder, None, report, &|file| {
            known.iter().any(|path| path == file)
        });
    }

    /// Collects the identifiers of the objects to which the records of a collection refer.
    fn needs(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        report: &mut VerifyReport,
    ) {
        let object = Object {
            path: path.to_owned(),
            inventory: inventory.clone(),
        };
        let records = match object.records() {
            Ok(records) => records,
            Err(error) => return report.problems.push(self.problem(item, &error)),
        };
        for record in records {
            match record {
                Ok(record) if !record.media.is_empty() => {
                    lock(&self.needed).insert(ObjectId::Item(record.id).urn());
                }
                Ok(_) => {}
                Err(error) => {
                    report.problems.push(self.problem(item, &error));
                    break;
                }
            }
        }
    }

    /// Reports objects that do not exist although a state or a record refers to them.
    fn lost_objects(&self, report: &mut VerifyReport) {
        let needed = lock(&self.needed);
        let is_unlisted = |urn: &&String| !self.states.objects().contains_key(*urn);
        let unlisted = needed.iter().filter(is_unlisted);
        for urn in self.states.objects().keys().chain(unlisted) {
            let path = self.store.root().join(object_path(urn));
            if path.exists() {
                // A missing inventory has been reported.
                continue;
            }
            let id = ObjectId::from_urn(urn);
            let id = id.as_ref().and_then(ObjectId::id).map(|id| id.as_str());
            report
                .problems
                .push(self.problem(id, &StoreError::Lost { path }));
        }
    }

    fn inventory(&self, folder: &Path, item: Option<&str>, why: String) -> Problem {
        let path = folder.join(INVENTORY);
        self.problem(item, &StoreError::Inventory { path, why })
    }

    fn unexpected(&self, path: &Path, item: Option<&str>) -> Problem {
        Problem {
            item: item.map(printable),
            ..Problem::error(
                "file-unknown",
                "The file is not in any inventory.",
                "Move the file out of the store; nothing refers to it.",
            )
            .in_file(self.name(path))
        }
    }

    fn problem(&self, item: Option<&str>, error: &StoreError) -> Problem {
        let message = error.to_string();
        let message = match error.path() {
            Some(path) => message
                .strip_prefix(&format!("{}: ", path.display()))
                .unwrap_or(&message),
            None => &message,
        };
        let hint = match error {
            StoreError::Foreign { .. } | StoreError::State { .. } => error.hint(),
            _ => "Restore the file from a backup of the store with `khizana repair --from COPY`.",
        };
        Problem {
            file: error.path().map(|path| self.name(path)),
            item: item.map(printable),
            ..Problem::error(error.code(), sentence(message), hint)
        }
    }

    fn name(&self, path: &Path) -> String {
        let path = path.strip_prefix(self.archive).unwrap_or(path);
        path.to_string_lossy()
            .chars()
            .flat_map(|c| match c.is_control() {
                true => c.escape_unicode().collect::<Vec<_>>(),
                false => vec![c],
            })
            .collect()
    }
}

fn foreign(path: &Path) -> StoreError {
    StoreError::Foreign {
        path: path.to_owned(),
    }
}

/// Returns the message of an error as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.clone()).chain(['.']).collect()
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Checks the SHA-256 of a file and returns the length of the file in bytes. If the file is a
/// compressed original, the decompressed content is hashed in the same pass.
fn hash(path: &Path, expected: Hash, original: Option<&(Hash, u64)>) -> Result<u64, StoreError> {
    if std::fs::symlink_metadata(path).is_ok_and(|file| !file.is_file()) {
        return Err(StoreError::Link {
            path: path.to_owned(),
        });
    }
    let mut reader = HashingReader::open(path)?;
    let unpacked = original.map(|(_, bytes)| unpack(&mut reader, *bytes));
    let (found, bytes) = reader.finish().map_err(StoreError::io("read", path))?;
    let fixity = |expected, found| StoreError::Fixity {
        path: path.to_owned(),
        expected,
        found,
    };
    if found != expected {
        return Err(fixity(expected, found));
    }
    if let (Some((sha256, _)), Some(unpacked)) = (original, unpacked) {
        let found = unpacked.map_err(StoreError::io("unpack", path))?;
        if found != *sha256 {
            return Err(fixity(*sha256, found));
        }
    }
    Ok(bytes)
}

/// Returns the SHA-256 of the decompressed content. Decompresses at most one byte more than the
/// expected length `bytes`.
fn unpack(reader: &mut HashingReader, bytes: u64) -> io::Result<Hash> {
    let decoder = zstd::Decoder::new(reader)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 18];
    let mut limited = decoder.take(bytes.saturating_add(1));
    loop {
        match limited.read(&mut chunk)? {
            0 => return Ok(Hash(hash.finalize().into())),
            n => hash.update(chunk.get(..n).unwrap_or_default()),
        }
    }
}
