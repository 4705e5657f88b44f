//! `repair`: restores missing and damaged files of the store from any place that has them.

mod candidates;
mod object;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use khizana_model::{Problem, Progress};
use serde::Serialize;

use crate::catalogue::Catalogue;
use crate::consistency::ConsistencyError;
use crate::ocfl::readme::{README, README_FILE};
use crate::ocfl::{
    STATES_FOLDER, States, Store, StoreError, WORK_DIR, Writer, durable, object_path, root_files,
};
use crate::open::OpenError;
use crate::verify::verify;
use candidates::Candidates;
use object::ObjectRepair;

/// The result of a repair. `repair --json` prints it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RepairReport {
    /// The files that were restored, relative to the store.
    pub restored: Vec<String>,
    /// The problems that remain.
    pub problems: Vec<Problem>,
}

/// Restores missing and damaged files of the store.
///
/// Inventories are restored from their copies in the versions of the same object. Content is restored from
/// files with the same SHA-256: in the same object, and in `from`, which is another archive or its store, the
/// folder of a source, or a published site. Every file is hashed before it replaces another one.
///
/// If a state remains damaged, nobody knows what the store must contain. `accept_state`, the number of the
/// newest state, then records all intact objects in a new state.
///
/// # Errors
/// Returns an error if the store cannot be opened, read or written, `from` cannot be read, or `accept_state`
/// is another number.
pub fn repair(
    archive: &Path,
    from: Option<&Path>,
    accept_state: Option<u64>,
    progress: &dyn Progress,
) -> Result<RepairReport, OpenError> {
    let lost = crate::consistency::lost_store(archive);
    if let Some(path) = lost.or_else(|| {
        let path = archive.join(crate::config::CONFIG_FILE);
        (!path.is_file()).then_some(path)
    }) {
        return Err(StoreError::Missing { path }.into());
    }
    if let Err(error @ StoreError::Newer { .. }) = Store::open(archive) {
        return Err(error.into());
    }
    let mut restored = Vec::new();
    restore_root_files(archive, &mut restored)?;
    let mut writer = Writer::open_for_repair(archive)?;
    let candidates = Candidates::new(from)?;
    // The states come first, because they list what the store must contain.
    let is_state = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.starts_with(STATES_FOLDER)
    };
    let mut objects = BTreeSet::new();
    if candidates.has_states_of(archive) {
        objects = candidates.objects()?;
        objects.retain(&is_state);
    }
    for object in writer.store().objects()? {
        let object = object?.path;
        let object = object
            .strip_prefix(writer.store().root())
            .unwrap_or(&object);
        objects.insert(object.to_owned());
    }
    let (states, mut others): (BTreeSet<_>, BTreeSet<_>) = objects.into_iter().partition(is_state);
    repair_objects(
        &writer,
        &candidates,
        &States::default(),
        &states,
        progress,
        &mut restored,
    )?;
    let states = writer.store().states().unwrap_or_default();
    others.extend(states.objects().keys().map(|urn| object_path(urn)));
    repair_objects(
        &writer,
        &candidates,
        &states,
        &others,
        progress,
        &mut restored,
    )?;
    if let Some(accepted) = accept_state
        && writer.store().states().is_err()
    {
        record_intact_objects(archive, &mut writer, accepted)?;
    }
    drop(writer);
    let report = verify(archive, progress)?;
    Ok(RepairReport {
        restored,
        problems: report.problems,
    })
}

/// Adds a state that lists the intact objects of the store, although an earlier one is damaged. Objects that
/// readable states list stay listed, and items that only the catalogue lists are recorded as missing.
fn record_intact_objects(
    archive: &Path,
    writer: &mut Writer,
    accepted: u64,
) -> Result<(), OpenError> {
    // The damaged objects are reported by the verification.
    let _ = writer.accept_damaged_states()?;
    let newest = writer.states().newest().map_or(0, |state| state.number);
    if accepted != newest {
        return Err(ConsistencyError::WrongState { accepted, newest }.into());
    }
    let catalogue = Catalogue::open(archive).ok();
    let missing = catalogue.and_then(|(catalogue, _)| catalogue.missing_items(writer.store()).ok());
    let missing = missing.unwrap_or_default();
    if let Some(state) = writer.prepare_state("accept-state", None, missing)? {
        writer.put_state(state)?;
    }
    Ok(())
}

/// Repairs objects. `paths` are relative to the storage root.
fn repair_objects(
    writer: &Writer,
    candidates: &Candidates,
    states: &States,
    paths: &BTreeSet<PathBuf>,
    progress: &dyn Progress,
    restored: &mut Vec<String>,
) -> Result<(), StoreError> {
    progress.begin("Objects", Some(paths.len() as u64));
    for path in paths {
        let place = writer.store().root().join(path);
        if place.exists() {
            let mut object = ObjectRepair {
                writer,
                candidates,
                states,
                path: place,
                relative: path,
            };
            object.repair()?;
            restored.append(&mut writer.take_restored());
        } else {
            // A lost object is built elsewhere, so that an interruption does not leave a part of it.
            let build = writer.free_name();
            let mut object = ObjectRepair {
                writer,
                candidates,
                states,
                path: build.join("object"),
                relative: path,
            };
            object.repair()?;
            let built = object.path;
            if built.exists() {
                durable::sync_tree(&built)?;
                for name in writer.take_restored() {
                    let name = Path::new(&name).strip_prefix(&built);
                    let name = name.map(|name| path.join(name));
                    restored.extend(name.map(|name| name.to_string_lossy().into_owned()));
                }
                writer.place_new(&build, &built, &place)?;
            }
            if build.exists() {
                durable::remove_tree(&build)?;
            }
        }
        progress.advance(1);
    }
    progress.end();
    Ok(())
}

/// Writes the files that declare the version and the layout of the store, if they are missing or changed.
fn restore_root_files(archive: &Path, restored: &mut Vec<String>) -> Result<(), StoreError> {
    let root = archive.join(crate::ocfl::STORE_DIR);
    let readme = (README_FILE.to_owned(), README.to_owned());
    for (name, content) in root_files().into_iter().chain([readme]) {
        let path = root.join(&name);
        let is_intact = std::fs::read(&path).is_ok_and(|found| found == content.as_bytes());
        if !is_intact {
            let work = archive.join(WORK_DIR);
            durable::make_dir(&work)?;
            let staged = work.join("declaration");
            let _ = std::fs::remove_file(&staged);
            durable::write_file(&staged, content.as_bytes())?;
            if let Some(parent) = path.parent() {
                durable::make_dir(parent)?;
                durable::rename(&staged, &path)?;
                durable::sync_dir(parent)?;
            }
            restored.push(name);
        }
    }
    Ok(())
}
