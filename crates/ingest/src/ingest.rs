//! The ingest of a source: comparison with the archive, limits, writing, and the new state.

use std::path::Path;

use khizana_model::{Problem, Progress, message, sort_problems};
use khizana_source as source;
use khizana_store::config;
use khizana_store::open::{missing_object, open};

use crate::compare::Changes;
use crate::fetch::{Fetched, fetch};
use crate::known::KnownFiles;
use crate::records::CollectionRecords;
use crate::run::write;
use crate::target::Target;
use crate::{IngestError, Options, Summary, removal};

/// Ingests the source at `path`, which is a folder or a table, into the archive in the folder
/// `archive`. Calls `report` with the changes before anything is written.
///
/// An item with errors is rejected and reported in [`Summary::problems`]; the other items are
/// ingested. If a rejected item is already in the archive, its previous version is kept.
///
/// # Errors
/// Returns an [`IngestError`] if the run fails as a whole, for example if there is no archive or no
/// source, if the disk is full, or if too much would be removed. Items that were ingested before the
/// failure remain in the archive, and the next run continues from there.
pub fn ingest(
    archive: &Path,
    path: &Path,
    options: &Options,
    report: &dyn Fn(&Changes),
    progress: &dyn Progress,
) -> Result<Summary, IngestError> {
    let nothing = Prepared::default();
    ingest_prepared(archive, path, options, &nothing, report, progress)
}

/// The results of preparing an ingest.
#[derive(Debug, Default)]
pub struct Prepared {
    /// The files that have been inspected.
    pub files: KnownFiles,
    /// The time of creation of new versions, in the format of [`now`](khizana_store::ocfl::now). The default is
    /// the time of the ingest.
    pub created: Option<String>,
}

/// Ingests a source like [`ingest`], but does not inspect files that have been inspected before.
///
/// # Errors
/// Returns an error like [`ingest`].
pub fn ingest_prepared(
    archive: &Path,
    path: &Path,
    options: &Options,
    prepared: &Prepared,
    report: &dyn Fn(&Changes),
    progress: &dyn Progress,
) -> Result<Summary, IngestError> {
    config::load(archive)?;
    let dir = archive;
    let source = source::open(path)?;
    // A dry run writes nothing, so it cannot record that a loss is accepted.
    let accept_state = options.accept_state.filter(|_| !options.dry_run);
    let mut archive = open(archive, accept_state)?;
    if let Some(created) = &prepared.created {
        archive.writer.set_created(created.clone());
    }
    if options.reread {
        archive.writer.check_all();
    }
    let mut target = Target {
        source: &source,
        archive: &archive,
        dir,
        fetched: Fetched::default(),
        records: CollectionRecords::default(),
        reread: options.reread,
        is_dry_run: options.dry_run,
    };
    target.remove_copies();
    let is_dirty = target.prepare()?;
    let comparison = target.compare(is_dirty)?;
    if comparison.size.items > 0 || options.dry_run {
        report(&comparison.changes);
    }
    if options.dry_run {
        let mut summary = target.summary(&comparison.changes, comparison.problems)?;
        if let Err(refused) = removal::check(&comparison.changes, comparison.size, options.removal)
        {
            let message = message!(
                "The ingest would be refused: {refused}.",
                refused = refused.message()
            );
            let warning = Problem::warning("removal-refused", message, refused.hint());
            summary.problems.push(warning);
        }
        summary.changes = Some(comparison.changes);
        summary.problems.extend(archive.problems);
        sort_problems(&mut summary.problems);
        return Ok(summary);
    }
    target.check_identity(&comparison)?;
    target.check_records(&comparison, options.removal)?;
    removal::check(&comparison.changes, comparison.size, options.removal)?;
    if let Some(settings) = &options.fetch {
        target.fetched = fetch(&target, settings, progress)?;
    }
    let fetched = target.fetched.files.len() as u64;
    let mut summary = if comparison.is_unchanged && fetched == 0 {
        target.summary(&comparison.changes, comparison.problems)?
    } else {
        write(&mut target, is_dirty, &prepared.files, progress)?
    };
    summary.fetched = fetched;
    summary.problems.append(&mut target.fetched.problems);
    if fetched > 0 {
        target.remove_downloads()?;
    }
    // The folder remains if it contains interrupted transfers.
    let _ = std::fs::remove_dir(target.fetch_folder());
    target.remember_source()?;
    summary
        .problems
        .extend(removal::warning(&comparison.changes));
    drop(target);
    let store = archive.writer.store();
    let missing = archive.missing_objects.iter();
    let missing = missing.filter(|id| !store.contains(id));
    summary.problems.extend(missing.map(missing_object));
    summary.problems.append(&mut archive.problems);
    sort_problems(&mut summary.problems);
    archive.store_configuration(dir)?;
    summary.restored = archive.writer.restored();
    summary.state = archive.record_state("ingest")?;
    summary.items = archive.catalogue.item_count()?;
    Ok(summary)
}
