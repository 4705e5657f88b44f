//! `rebuild`: makes a whole archive from its store.

use std::path::Path;

use khizana_model::Problem;
use serde::Serialize;

use crate::config::{self, CONFIG_FILE};
use crate::ocfl::{StoreError, durable};
use crate::open::{OpenError, open};

/// The result of rebuilding an archive. `rebuild --json` prints it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RebuildReport {
    /// Number of collections in the archive.
    pub collections: u64,
    /// Number of items in the archive.
    pub items: u64,
    /// The number of the newest state of the store, if it has states.
    pub state: Option<u64>,
    /// `true` if `khizana.toml` was written.
    pub configuration_restored: bool,
    /// Damaged and missing objects, and a configuration that differs from the one in the store.
    pub problems: Vec<Problem>,
}

/// Makes an archive from the store in its folder: writes `khizana.toml` if it does not exist, and replaces the
/// catalogue. An existing `khizana.toml` is kept.
///
/// # Errors
/// Returns an error if there is no store, if the existing catalogue records a state that the store does not
/// contain and `accept_state` is not the number of its newest state, or if a file cannot be read or written.
pub fn rebuild(archive: &Path, accept_state: Option<u64>) -> Result<RebuildReport, OpenError> {
    if let Some(path) = crate::consistency::lost_store(archive) {
        return Err(StoreError::Missing { path }.into());
    }
    let mut opened = open(archive, accept_state)?;
    let mut problems = std::mem::take(&mut opened.problems);
    let store = opened.writer.store();
    for error in opened.catalogue.rebuild(store)? {
        let problem = crate::open::damaged_object(archive, &error);
        if !problems.contains(&problem) {
            problems.push(problem);
        }
    }
    opened
        .catalogue
        .set_state(opened.writer.states().newest())?;
    let missing = opened.missing_objects.iter();
    problems.extend(missing.map(crate::open::missing_object));
    let configuration_restored = restore_configuration(archive, store, &mut problems)?;
    Ok(RebuildReport {
        collections: opened.catalogue.collections()?.len() as u64,
        items: opened.catalogue.item_count()?,
        state: opened.record_state("rebuild")?,
        configuration_restored,
        problems,
    })
}

/// Writes the files of the configuration in the store that do not exist in the archive. Returns `true` if
/// `khizana.toml` was written.
fn restore_configuration(
    archive: &Path,
    store: &crate::Store,
    problems: &mut Vec<Problem>,
) -> Result<bool, StoreError> {
    let stored = match store.configuration() {
        Ok(stored) => stored.unwrap_or_default(),
        Err(error) if error.is_damage() => {
            problems.push(Problem::error(
                error.code(),
                error.message().sentence(),
                error.hint(),
            ));
            Vec::new()
        }
        Err(error) => return Err(error),
    };
    let is_restored = !archive.join(CONFIG_FILE).exists();
    let is_stored = stored.iter().any(|(name, _)| name == CONFIG_FILE);
    // `khizana.toml` is written last because it marks the folder as an archive.
    let (last, first): (Vec<_>, Vec<_>) = stored
        .into_iter()
        .filter(|(name, _)| config::is_safe(name))
        .partition(|(name, _)| name == CONFIG_FILE);
    for (name, content) in first.into_iter().chain(last) {
        let path = archive.join(&name);
        if !path.exists() {
            let folder = path.parent().unwrap_or(archive);
            std::fs::create_dir_all(folder).map_err(StoreError::io("create", folder))?;
            durable::write_file(&path, &content)?;
            continue;
        }
        let current = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
        if current != content {
            let problem = Problem::warning(
                "configuration-differs",
                "The file differs from the one in the store, and was kept.",
                "To use the file in the store, move this one away and run `khizana rebuild` again.",
            );
            problems.push(problem.in_file(name));
        }
    }
    if is_restored && !is_stored {
        let problem = Problem::warning(
            "configuration-missing",
            "The store contains no configuration, so the file was written without settings.",
            "Add the title and the settings of the archive; `khizana init` writes an example.",
        );
        problems.push(problem.in_file(CONFIG_FILE));
        durable::write_file(&archive.join(CONFIG_FILE), &[])?;
    }
    durable::sync_dir(archive)?;
    Ok(is_restored)
}
