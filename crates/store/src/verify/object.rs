//! The checks of one object.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use khizana_model::{Hash, Message, Problem, ProblemList, Storage, message, printable};
use rayon::prelude::*;

use super::hash::{check_content, wait_for_file};
use super::{Part, Verifier, problems};
use crate::ocfl::{
    INVENTORY, Inventory, OBJECT_DECLARATION, Object, ObjectId, RECORD_FILE, RECORDS_FILE, SIDECAR,
    StoreError, check_file, has_inventory, is_foreign, item_files, list, logical_path, object_path,
    record_of, sidecar_digest,
};

/// Number of files from which the files of an object are hashed by several threads.
const MIN_PARALLEL_FILES: usize = 64;

impl Verifier<'_> {
    /// Checks an object.
    pub(super) fn object(&self, path: &Path) -> Part {
        let mut part = self.check_object(path);
        if part.problems.has_errors()
            && let Ok(Some(inventory)) = Inventory::read(path)
        {
            part.damaged = Some(inventory.id);
        }
        part
    }

    fn check_object(&self, path: &Path) -> Part {
        let mut part = Part {
            objects: 1,
            ..Part::default()
        };
        let problems = &mut part.problems;
        wait_for_file(&path.join(INVENTORY), self.rate);
        let inventory = match Inventory::read(path) {
            Ok(Some(inventory)) => inventory,
            Ok(None) => return part,
            Err(error) => {
                let error = match is_foreign(path) {
                    true => foreign(path),
                    false => error,
                };
                problems.push(self.problem(None, &error));
                return part;
            }
        };
        let id = ObjectId::from_urn(&inventory.id);
        if id.is_none() && is_foreign(path) {
            problems.push(self.problem(None, &foreign(path)));
            return part;
        }
        let item = id
            .as_ref()
            .and_then(ObjectId::id)
            .map(|id| id.as_str().to_owned());
        let item = item.as_deref();
        self.compare_with_state(path, &inventory, item, problems);
        if self.store.root().join(object_path(&inventory.id)) != *path {
            let why = message!(
                "the inventory belongs to {found}",
                found = inventory.id.escape_debug().to_string()
            );
            problems.push(self.inventory(path, item, why));
        }
        self.versions(path, &inventory, item, problems);
        let originals = self.originals(path, &inventory, item, problems);
        self.unknown(path, &inventory, item, problems);
        if let Some(ObjectId::Collection(_)) = id {
            self.needs(path, &inventory, item, problems);
        }
        let content: Vec<(&Hash, &String)> = inventory
            .manifest
            .iter()
            .flat_map(|(digest, paths)| paths.iter().map(move |path| (digest, path)))
            .collect();
        let check = |(digest, file): &(&Hash, &String)| {
            let file = path.join(file);
            let result = check_content(&file, **digest, originals.get(*digest), self.rate);
            self.progress.advance(1);
            result
        };
        let mut add = |result| {
            part.files += 1;
            match result {
                Ok(bytes) => part.bytes += bytes,
                Err(error) => part.problems.push(self.problem(item, &error)),
            }
        };
        if content.len() < MIN_PARALLEL_FILES {
            content.iter().map(check).for_each(&mut add);
        } else {
            let results: Vec<Result<u64, StoreError>> = content.par_iter().map(check).collect();
            results.into_iter().for_each(&mut add);
        }
        part
    }

    /// Checks the inventory of each version. The inventory of the newest version must be equal to
    /// that of the object.
    fn versions(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        problems: &mut ProblemList,
    ) {
        let digest = sidecar_digest(path);
        for name in inventory.versions.keys() {
            let folder = path.join(name);
            wait_for_file(&folder.join(INVENTORY), self.rate);
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
                        let why = message!("the inventory contradicts the inventory of the object");
                        problems.push(self.inventory(&folder, item, why));
                    }
                }
                Ok(None) => {
                    let error = StoreError::Lost {
                        path: folder.join(INVENTORY),
                    };
                    problems.push(self.problem(item, &error));
                }
                Err(error) => problems.push(self.problem(item, &error)),
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
        problems: &mut ProblemList,
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
                    problems.push(self.problem(item, &error));
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
        problems: &mut ProblemList,
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
                problems.push(self.problem(item, &error));
            }
            _ => {
                let problem = Problem::warning(
                    "object-unrecorded",
                    "The object is newer than the newest state of the store, as after an interrupted run.",
                    "Run `khizana ingest` again, which checks and records the object.",
                );
                problems.push(Problem {
                    item: item.map(printable),
                    ..problem.in_file(problems::name(self.archive, path))
                });
            }
        }
    }

    /// Reports files in the folder of an object that are not in its inventory.
    fn unknown(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        problems: &mut ProblemList,
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
                problems.push(self.problem(item, &error));
            }
            Err(_) => {
                let error = StoreError::Lost { path: declaration };
                problems.push(self.problem(item, &error));
            }
        }
        self.walk(path, item, problems, &|file| known.contains(file));
    }

    /// Reports the files in a folder that are not known.
    pub(super) fn walk(
        &self,
        folder: &Path,
        item: Option<&str>,
        problems: &mut ProblemList,
        is_known: &dyn Fn(&Path) -> bool,
    ) {
        let entries = match list(folder) {
            Ok(entries) => entries,
            Err(error) => return problems.push(self.problem(item, &error)),
        };
        for entry in entries {
            if entry.is_dir {
                self.walk(&entry.path, item, problems, is_known);
            } else if !is_known(&entry.path) {
                problems.push(problems::unexpected(self.archive, item, &entry.path));
            }
        }
    }

    /// Reports objects that do not exist although the records of a collection refer to them. Those that
    /// the newest state lists are reported by [`Self::lost_objects`].
    fn needs(
        &self,
        path: &Path,
        inventory: &Inventory,
        item: Option<&str>,
        problems: &mut ProblemList,
    ) {
        let object = Object {
            path: path.to_owned(),
            inventory: inventory.clone(),
        };
        if let Ok(records) = object.file(RECORDS_FILE) {
            wait_for_file(&records, self.rate);
        }
        let records = match object.records() {
            Ok(records) => records,
            Err(error) => return problems.push(self.problem(item, &error)),
        };
        for record in records {
            match record {
                Ok(record) if !record.media.is_empty() => {
                    let urn = ObjectId::Item(record.id).urn();
                    if !self.states.objects().contains_key(&urn) {
                        self.lost_object(&urn, problems);
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    problems.push(self.problem(item, &error));
                    break;
                }
            }
        }
    }

    fn inventory(&self, folder: &Path, item: Option<&str>, why: Message) -> Problem {
        let path = folder.join(INVENTORY);
        self.problem(item, &StoreError::Inventory { path, why })
    }
}

fn foreign(path: &Path) -> StoreError {
    StoreError::Foreign {
        path: path.to_owned(),
    }
}
