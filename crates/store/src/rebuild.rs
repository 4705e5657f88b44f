//! `rebuild`: makes a whole archive from its store.

use std::path::Path;

use khizana_model::Problem;
use serde::Serialize;

use crate::config::CONFIG_FILE;
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

/// Writes the configuration in the store to `khizana.toml`, if that file does not exist. Returns `true` if it
/// was written.
fn restore_configuration(
    archive: &Path,
    store: &crate::Store,
    problems: &mut Vec<Problem>,
) -> Result<bool, StoreError> {
    let path = archive.join(CONFIG_FILE);
    let stored = match store.configuration() {
        Ok(stored) => stored,
        Err(error) if error.is_damage() => {
            problems.push(Problem::error(
                error.code(),
                format!("{error}."),
                error.hint(),
            ));
            None
        }
        Err(error) => return Err(error),
    };
    if path.exists() {
        let current = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
        if stored.is_some_and(|stored| stored != current) {
            let problem = Problem::warning(
                "configuration-differs",
                "The file differs from the configuration in the store, and was kept.",
                "To use the configuration in the store, move the file away and run `khizana rebuild` again.",
            );
            problems.push(problem.in_file(CONFIG_FILE));
        }
        return Ok(false);
    }
    if stored.is_none() {
        let problem = Problem::warning(
            "configuration-missing",
            "The store contains no configuration, so the file was written without settings.",
            "Add the title and the settings of the archive; `khizana init` writes an example.",
        );
        problems.push(problem.in_file(CONFIG_FILE));
    }
    durable::write_file(&path, &stored.unwrap_or_default())?;
    durable::sync_dir(archive)?;
    Ok(true)
}
