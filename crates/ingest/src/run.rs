//! The second pass over a source: reads the rows on one thread, and the files of the items on a thread
//! pool.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use khizana_media::PixelGate;
use khizana_model::{Id, Problem, Progress, RowPosition, message, printable};
use khizana_source::{self as source, FileRef, SourceItem};
use khizana_store::catalogue::{CatalogueCollection, CatalogueFile, CatalogueItem, NewItem};
use khizana_store::ocfl::{FileStamp, ObjectId, Writer};

use super::compare::{ItemStatus, stored_warnings};
use super::item::{ExistingItem, Failure, IngestJob, IngestOutcome, ingest_item};
use super::known::KnownFiles;
use super::remote::is_only_stored;
use super::target::Target;
use super::{IngestError, Summary};

/// Maximum number of items that are processed at the same time. This is enough to keep every core
/// busy, and few enough to keep memory use independent of the size of the source.
const MAX_IN_FLIGHT: usize = 16;
/// Maximum number of changes in a transaction on the catalogue.
const MAX_BATCH_LEN: u32 = 2000;
/// Maximum duration of a transaction on the catalogue.
const MAX_BATCH_TIME: Duration = Duration::from_secs(1);

/// Ingests all items of a source that have changed, and removes those that are no longer in it. Does not inspect
/// the files that are `known`. `is_dirty` is `true` if the object of the collection must be written in any case.
///
/// # Errors
/// Returns an error if the source cannot be read, or if the store or the catalogue cannot be read or
/// written.
pub fn write(
    target: &mut Target<'_>,
    is_dirty: bool,
    known: &KnownFiles,
    progress: &dyn Progress,
) -> Result<Summary, IngestError> {
    let writer = &target.archive.writer;
    let rows = target.source.rows()?;
    // There are more threads than cores, because a thread that stores a file waits for the disk
    // about half of the time.
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get() + 2);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| IngestError::Threads(error.to_string()))?;
    let gate = PixelGate::default();
    let (send, receive) = mpsc::channel();
    let summary = Summary::new(&target.source.collection.id);
    let mut run = Run {
        target,
        writer,
        progress,
        receive,
        in_flight: 0,
        seen: BTreeSet::new(),
        has_unidentified_rows: false,
        is_dirty,
        batch_len: 0,
        batch_start: Instant::now(),
        summary,
    };
    progress.begin("Items", Some(rows.total()));
    let outcome = pool.in_place_scope(|scope| {
        let spawn = |job: IngestJob| {
            let send: Sender<_> = send.clone();
            let gate = &gate;
            scope.spawn(move |_| {
                // A panic is reported before it is resumed, because the run would otherwise wait
                // forever. Rayon propagates it at the end of the scope.
                let result =
                    catch_unwind(AssertUnwindSafe(|| ingest_item(writer, gate, known, job)));
                let (result, panic) = match result {
                    Ok(result) => (result, None),
                    Err(panic) => (Err(Failure::Panic), Some(panic)),
                };
                // If the run has already failed, there is no receiver.
                let _ = send.send(result);
                if let Some(panic) = panic {
                    resume_unwind(panic);
                }
            });
        };
        run.ingest_all(rows, spawn)
    });
    progress.end();
    outcome?;
    run.finish()
}

struct Run<'a, 'b> {
    target: &'a mut Target<'b>,
    writer: &'a Writer,
    progress: &'a dyn Progress,
    receive: Receiver<Result<IngestOutcome, Failure>>,
    in_flight: usize,
    /// Catalogue numbers of the items that are in the source, whether accepted or rejected.
    seen: BTreeSet<i64>,
    /// `true` if a row whose identifier cannot be read was rejected.
    has_unidentified_rows: bool,
    /// `true` if the object of the collection in the store is older than its data in the catalogue.
    is_dirty: bool,
    /// Number of changes in the current transaction on the catalogue.
    batch_len: u32,
    /// Start time of the current transaction.
    batch_start: Instant,
    summary: Summary,
}

impl Run<'_, '_> {
    /// Ingests all rows, in transactions on the catalogue.
    fn ingest_all(
        &mut self,
        rows: source::Rows,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        self.target.archive.catalogue.begin()?;
        let outcome = self.ingest_rows(rows, spawn);
        // Items whose objects have been written are committed even if the run has failed in the
        // meantime.
        let committed = self.target.archive.catalogue.commit();
        outcome?;
        Ok(committed?)
    }

    fn ingest_rows(
        &mut self,
        mut rows: source::Rows,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        if self.is_dirty {
            self.put_collection(false)?;
        }
        for (index, row) in (0u64..).zip(rows.by_ref()) {
            match row.item {
                Ok(item) => self.ingest_row(item, row.position, index, &spawn)?,
                Err(problems) => {
                    self.reject(problems, index)?;
                    self.progress.advance(1);
                }
            }
            while let Ok(result) = self.receive.try_recv() {
                self.in_flight -= 1;
                self.settle(result)?;
            }
            self.next_batch()?;
        }
        while self.in_flight > 0 {
            self.wait()?;
            self.next_batch()?;
        }
        self.summary.problems.append(&mut rows.finish());
        self.remove_unseen()
    }

    /// Ingests an item on the thread pool, unless its row and its files are unchanged.
    fn ingest_row(
        &mut self,
        mut item: SourceItem,
        position: RowPosition,
        index: u64,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        let id = item.item.id.clone();
        let entry = self.target.archive.catalogue.item(id.as_str())?;
        self.target.add_fetched(&mut item, entry.as_ref())?;
        let existing = match entry {
            None => None,
            Some(entry) if entry.collection != self.target.source.collection.id.as_str() => {
                let problem = id_taken(&id, &position, &entry.collection);
                self.summary.problems.push(problem);
                self.progress.advance(1);
                return Ok(());
            }
            Some(entry) => {
                self.seen.insert(entry.number);
                if self.target.status(&item, &entry)? == ItemStatus::Unchanged {
                    self.set_position(&entry, index)?;
                    let warnings = stored_warnings(&entry.warnings).into_iter();
                    let warnings = warnings.map(|warning| warning.moved_to(&position));
                    self.summary.problems.extend(warnings);
                    self.summary.unchanged += 1;
                    self.progress.advance(1);
                    return Ok(());
                }
                Some(ExistingItem {
                    warnings: stored_warnings(&entry.warnings),
                    files: self.target.archive.catalogue.files(entry.number)?,
                })
            }
        };
        let had_files = existing
            .as_ref()
            .is_some_and(|existing| !existing.files.is_empty());
        if item.files.is_empty() && !had_files {
            // The record of an item without files is stored in the object of its collection.
            let collection = &self.target.source.collection.id;
            let stored = match existing {
                Some(_) => self
                    .target
                    .records
                    .stored(self.writer, collection, id.as_str())?,
                None => None,
            };
            let is_unchanged = stored.is_some_and(|record| record == item.item);
            return self.settle(Ok(IngestOutcome {
                record: item.item,
                index,
                row_hash: item.hash,
                files: Vec::new(),
                existed: existing.is_some(),
                is_unchanged,
                warnings: Vec::new(),
                bytes_in: 0,
                bytes_stored: 0,
            }));
        }
        let object = ObjectId::Item(id);
        while self.in_flight >= MAX_IN_FLIGHT {
            self.wait()?;
        }
        self.in_flight += 1;
        spawn(IngestJob {
            item,
            position,
            index,
            existing,
            reread: self.target.must_read(&object),
        });
        Ok(())
    }

    /// Waits for the outcome of an item that is being processed.
    fn wait(&mut self) -> Result<(), IngestError> {
        let result = self
            .receive
            .recv()
            .map_err(|error| IngestError::Threads(error.to_string()))?;
        self.in_flight -= 1;
        self.settle(result)
    }

    /// Adds the outcome of an item to the catalogue and the summary.
    fn settle(&mut self, result: Result<IngestOutcome, Failure>) -> Result<(), IngestError> {
        self.progress.advance(1);
        let mut outcome = match result {
            Ok(outcome) => outcome,
            Err(Failure::Rejected(mut problems)) => {
                self.summary.problems.append(&mut problems);
                return Ok(());
            }
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Panic) => {
                return Err(IngestError::Threads("a thread panicked".to_owned()));
            }
        };
        let warnings = match outcome.warnings.as_slice() {
            [] => String::new(),
            warnings => serde_json::to_string(warnings).unwrap_or_default(),
        };
        self.summary.problems.append(&mut outcome.warnings);
        self.summary.bytes_in += outcome.bytes_in;
        self.summary.bytes_stored += outcome.bytes_stored;
        match (outcome.existed, outcome.is_unchanged) {
            (true, true) => self.summary.unchanged += 1,
            (true, false) => self.summary.changed += 1,
            (false, _) => self.summary.added += 1,
        }
        if !outcome.is_unchanged {
            self.mark_dirty()?;
        }
        self.target.records.push(self.writer, &outcome.record)?;
        self.target.archive.catalogue.put_item(&NewItem {
            record: &outcome.record,
            collection: &self.target.source.collection.id,
            position: outcome.index,
            row_hash: Some(outcome.row_hash),
            warnings: &warnings,
            files: &outcome.files,
        })?;
        if !outcome.existed
            && let Some(entry) = self
                .target
                .archive
                .catalogue
                .item(outcome.record.id.as_str())?
        {
            self.seen.insert(entry.number);
        }
        self.batch_len += 1;
        Ok(())
    }

    /// Reports a rejected row. If its item is already in the archive, that version is kept.
    fn reject(&mut self, problems: Vec<Problem>, index: u64) -> Result<(), IngestError> {
        let id = problems
            .iter()
            .find_map(|problem| problem.item.as_ref()?.parse::<Id>().ok());
        match id {
            None => self.has_unidentified_rows = true,
            Some(id) => {
                if let Some(entry) = self.target.archive.catalogue.item(id.as_str())?
                    && entry.collection == self.target.source.collection.id.as_str()
                    && self.seen.insert(entry.number)
                {
                    self.set_position(&entry, index)?;
                }
            }
        }
        self.summary.problems.extend(problems);
        Ok(())
    }

    /// Updates the position of an item in the collection.
    fn set_position(&mut self, entry: &CatalogueItem, index: u64) -> Result<(), IngestError> {
        if entry.position != index {
            self.mark_dirty()?;
            self.target
                .archive
                .catalogue
                .set_position(entry.number, index)?;
            self.batch_len += 1;
        }
        Ok(())
    }

    /// Removes items that are no longer in the source from the collection. Their objects remain in
    /// the store.
    fn remove_unseen(&mut self) -> Result<(), IngestError> {
        let collection = &self.target.source.collection.id;
        let mut unseen = self.target.archive.catalogue.item_ids(collection)?;
        unseen.retain(|(number, _)| !self.seen.contains(number));
        if unseen.is_empty() {
            return Ok(());
        }
        if self.has_unidentified_rows {
            // A rejected row may describe one of these items.
            let problem = Problem::warning(
                "removal-postponed",
                message!(
                    "Items that are not in the source are kept ({count} in total), because rows without a readable identifier were rejected.",
                    count = unseen.len()
                ),
                "Correct the rejected rows, then run the command again.",
            );
            let table = self.target.source.table_name.clone();
            self.summary.problems.push(problem.in_file(table));
            return Ok(());
        }
        self.mark_dirty()?;
        for (number, _) in unseen {
            self.target.archive.catalogue.remove_item(number)?;
            self.summary.removed += 1;
        }
        Ok(())
    }

    /// Marks the object of the collection as outdated before the first change, so that the next run
    /// writes it if this run is interrupted.
    fn mark_dirty(&mut self) -> Result<(), IngestError> {
        if !self.is_dirty {
            self.is_dirty = true;
            self.put_collection(false)?;
        }
        Ok(())
    }

    /// Starts a new transaction of the catalogue if the current one is large or old.
    fn next_batch(&mut self) -> Result<(), IngestError> {
        if self.batch_len >= MAX_BATCH_LEN
            || (self.batch_len > 0 && self.batch_start.elapsed() >= MAX_BATCH_TIME)
        {
            self.target.archive.catalogue.commit()?;
            self.target.archive.catalogue.begin()?;
            self.batch_len = 0;
            self.batch_start = Instant::now();
        }
        Ok(())
    }

    /// Writes the object of the collection if anything has changed, and returns the summary.
    fn finish(mut self) -> Result<Summary, IngestError> {
        let is_damaged = self.target.records.are_damaged();
        if self.is_dirty || is_damaged {
            self.progress.begin("Writing the collection", None);
            let collection = &self.target.source.collection;
            let catalogue = &self.target.archive.catalogue;
            let written = self
                .target
                .records
                .write(self.writer, catalogue, collection);
            self.progress.end();
            self.summary.problems.append(&mut written?);
            self.put_collection(true)?;
        }
        Ok(self.summary)
    }

    /// Records in the catalogue whether the object of the collection is up to date.
    fn put_collection(&self, is_stored: bool) -> Result<(), IngestError> {
        let id = &self.target.source.collection.id;
        let known = self.target.archive.catalogue.collection(id)?;
        Ok(self
            .target
            .archive
            .catalogue
            .put_collection(&CatalogueCollection {
                description: self.target.source.collection.clone(),
                is_stored,
                source: known.and_then(|known| known.source),
            })?)
    }
}

/// Creates the error for an identifier that belongs to an item in another collection.
fn id_taken(id: &Id, position: &RowPosition, collection: &str) -> Problem {
    let problem = Problem::error(
        "id-taken",
        message!(
            "The identifier is already used by an item of the collection `{collection}`.",
            collection = printable(collection)
        ),
        "Give the item an identifier that no other item of the archive has.",
    );
    problem.in_row(position).of_item(id.as_str())
}

/// Returns `true` if the files of an item exist in the store, in the folder `object`, and have their length.
pub fn are_stored(files: &[CatalogueFile], object: &Path) -> bool {
    files.iter().all(|file| {
        file.content.as_ref().is_some_and(|content| {
            let metadata = std::fs::metadata(object.join(&content.path));
            metadata.is_ok_and(|file| file.is_file() && file.len() == content.bytes)
        })
    })
}

/// Returns `true` if the names, sizes and modification times of the files of an item match those in
/// the catalogue.
pub fn are_unchanged(files: &[FileRef], entries: &[CatalogueFile]) -> bool {
    let mut entries = entries.iter();
    let mut is_next = |name: &str, is_same: &dyn Fn(&CatalogueFile) -> bool| {
        let next = entries.next();
        next.is_some_and(|file| file.name == name && is_same(file))
    };
    let has_stamp = |path: &Path, file: &CatalogueFile| {
        FileStamp::of(path).is_ok_and(|stamp| file.matches(stamp))
    };
    files.iter().all(|file| {
        let texts = file.text.iter();
        let mut texts = texts.chain(file.tracks.iter().map(|track| &track.file));
        is_next(&file.name, &|entry| {
            is_only_stored(file) || has_stamp(&file.path, entry)
        }) && texts.all(|text| is_next(&text.name, &|entry| has_stamp(&text.path, entry)))
            && file
                .poster
                .as_ref()
                .is_none_or(|poster| is_next(&poster.name, &|entry| has_stamp(&poster.path, entry)))
    }) && entries.next().is_none()
}
