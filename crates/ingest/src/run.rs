//! `ingest`: reads the rows of a source on one thread, and the files of the items on a thread pool.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use khizana_media::PixelGate;
use khizana_model::{Collection, Id, Problem, Progress, RowPosition, printable, sort_problems};
use khizana_source::{self as source, FileRef, Source, SourceItem};
use khizana_store::catalogue::{
    Catalogue, CatalogueError, CatalogueFile, CatalogueItem, NewItem, to_json_line,
};
use khizana_store::config;
use khizana_store::ocfl::{COLLECTION_FILE, Content, FileStamp, ObjectId, RECORDS_FILE, Writer};

use super::item::{ExistingItem, Failure, IngestJob, IngestOutcome, ingest_item, to_pretty_json};
use super::{IngestError, Summary};

/// Maximum number of items that are processed at the same time. This is enough to keep every core
/// busy, and few enough to keep memory use independent of the size of the source.
const MAX_IN_FLIGHT: usize = 16;
/// Maximum number of changes in a transaction on the catalogue.
const MAX_BATCH_LEN: u32 = 2000;
/// Maximum duration of a transaction on the catalogue.
const MAX_BATCH_TIME: Duration = Duration::from_secs(1);

/// Ingests the source at `path`, which is a folder or a table, into the archive in the folder
/// `archive`.
///
/// An item with errors is rejected and reported in [`Summary::problems`]; the other items are
/// ingested. If a rejected item is already in the archive, its previous version is kept.
///
/// # Errors
/// Returns an [`IngestError`] if the run fails as a whole, for example if there is no archive or no
/// source, or if the disk is full. Items that were ingested before the failure remain in the
/// archive, and the next run continues from there.
pub fn ingest(
    archive: &Path,
    path: &Path,
    progress: &dyn Progress,
) -> Result<Summary, IngestError> {
    config::load(archive)?;
    let source = source::open(path)?;
    let rows = source.rows()?;
    let writer = Writer::open(archive)?;
    let catalogue = Catalogue::open(archive, writer.store())?;
    // There are more threads than cores, because a thread that stores a file waits for the disk
    // about half of the time.
    let threads = std::thread::available_parallelism().map_or(2, |cores| cores.get() + 2);
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .map_err(|error| IngestError::Threads(error.to_string()))?;
    let gate = PixelGate::default();
    let (send, receive) = mpsc::channel();
    let mut run = Run {
        source: &source,
        writer: &writer,
        catalogue: &catalogue,
        progress,
        receive,
        in_flight: 0,
        seen: BTreeSet::new(),
        has_unidentified_rows: false,
        is_dirty: false,
        batch_len: 0,
        batch_start: Instant::now(),
        summary: Summary {
            collection: source.collection.id.to_string(),
            items: 0,
            added: 0,
            changed: 0,
            unchanged: 0,
            removed: 0,
            problems: Vec::new(),
            bytes_in: 0,
            bytes_stored: 0,
        },
    };
    progress.begin("Items", Some(rows.total()));
    let outcome = pool.in_place_scope(|scope| {
        let spawn = |job: IngestJob| {
            let send: Sender<_> = send.clone();
            let (writer, gate) = (&writer, &gate);
            scope.spawn(move |_| {
                // A panic is reported before it is resumed, because the run would otherwise wait
                // forever. Rayon propagates it at the end of the scope.
                let result = catch_unwind(AssertUnwindSafe(|| ingest_item(writer, gate, job)));
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

struct Run<'a> {
    source: &'a Source,
    writer: &'a Writer,
    catalogue: &'a Catalogue,
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

impl Run<'_> {
    /// Ingests all rows, in transactions on the catalogue.
    fn ingest_all(
        &mut self,
        rows: source::Rows,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        self.catalogue.begin()?;
        let outcome = self.ingest_rows(rows, spawn);
        // Items whose objects have been written are committed even if the run has failed in the
        // meantime.
        let committed = self.catalogue.commit();
        outcome?;
        Ok(committed?)
    }

    fn ingest_rows(
        &mut self,
        mut rows: source::Rows,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        match self.catalogue.collection(&self.source.collection.id)? {
            Some((collection, is_stored)) => {
                self.is_dirty = !is_stored || collection != self.source.collection;
            }
            None => self.is_dirty = true,
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
        item: SourceItem,
        position: RowPosition,
        index: u64,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        let id = item.item.id.clone();
        let existing = match self.catalogue.item(id.as_str())? {
            None => None,
            Some(entry) if entry.collection != self.source.collection.id.as_str() => {
                let problem = id_taken(&id, &position, &entry.collection);
                self.summary.problems.push(problem);
                self.progress.advance(1);
                return Ok(());
            }
            Some(entry) => {
                self.seen.insert(entry.number);
                let files = self.catalogue.files(entry.number)?;
                if entry.row_hash == Some(item.hash) && are_unchanged(&item.files, &files) {
                    self.set_position(&entry, index)?;
                    self.summary.unchanged += 1;
                    self.progress.advance(1);
                    return Ok(());
                }
                let record = self.catalogue.record(entry.number)?;
                Some(ExistingItem { files, record })
            }
        };
        let had_files = existing
            .as_ref()
            .is_some_and(|existing| !existing.files.is_empty());
        if item.files.is_empty() && !had_files {
            // The record of an item without files is stored in the object of its collection.
            let is_unchanged = existing
                .as_ref()
                .is_some_and(|existing| existing.record == item.item);
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
        while self.in_flight >= MAX_IN_FLIGHT {
            self.wait()?;
        }
        self.in_flight += 1;
        spawn(IngestJob {
            item,
            position,
            index,
            existing,
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
        self.catalogue.put_item(&NewItem {
            id: &outcome.record.id,
            collection: &self.source.collection.id,
            position: outcome.index,
            row_hash: Some(outcome.row_hash),
            record: &to_json_line(&outcome.record),
            files: &outcome.files,
        })?;
        if !outcome.existed
            && let Some(entry) = self.catalogue.item(outcome.record.id.as_str())?
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
                if let Some(entry) = self.catalogue.item(id.as_str())?
                    && entry.collection == self.source.collection.id.as_str()
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
            self.catalogue.set_position(entry.number, index)?;
            self.batch_len += 1;
        }
        Ok(())
    }

    /// Removes items that are no longer in the source from the collection. Their objects remain in
    /// the store.
    fn remove_unseen(&mut self) -> Result<(), IngestError> {
        let collection = &self.source.collection.id;
        let mut unseen = self.catalogue.item_numbers(collection)?;
        unseen.retain(|number| !self.seen.contains(number));
        if unseen.is_empty() {
            return Ok(());
        }
        if self.has_unidentified_rows {
            // A rejected row may describe one of these items.
            let problem = Problem::warning(
                "removal-postponed",
                format!(
                    "Items that are not in the source are kept ({} in total), because rows without a readable identifier were rejected.",
                    unseen.len()
                ),
                "Correct the rejected rows, then run the command again.",
            );
            let table = self.source.table_name.clone();
            self.summary.problems.push(problem.in_file(table));
            return Ok(());
        }
        self.mark_dirty()?;
        for number in unseen {
            self.catalogue.remove_item(number)?;
            self.summary.removed += 1;
        }
        Ok(())
    }

    /// Marks the object of the collection as outdated before the first change, so that the next run
    /// writes it if this run is interrupted.
    fn mark_dirty(&mut self) -> Result<(), IngestError> {
        if !self.is_dirty {
            self.is_dirty = true;
            self.catalogue
                .put_collection(&self.source.collection, false)?;
        }
        Ok(())
    }

    /// Starts a new transaction of the catalogue if the current one is large or old.
    fn next_batch(&mut self) -> Result<(), IngestError> {
        if self.batch_len >= MAX_BATCH_LEN
            || (self.batch_len > 0 && self.batch_start.elapsed() >= MAX_BATCH_TIME)
        {
            self.catalogue.commit()?;
            self.catalogue.begin()?;
            self.batch_len = 0;
            self.batch_start = Instant::now();
        }
        Ok(())
    }

    /// Writes the object of the collection if anything has changed, and returns the summary.
    fn finish(mut self) -> Result<Summary, IngestError> {
        if self.is_dirty {
            self.progress.begin("Writing the collection", None);
            let outcome = self.write_collection(&self.source.collection);
            self.progress.end();
            outcome?;
        }
        self.summary.items = self.catalogue.item_count()?;
        sort_problems(&mut self.summary.problems);
        Ok(self.summary)
    }

    fn write_collection(&self, collection: &Collection) -> Result<(), IngestError> {
        let mut failed: Option<CatalogueError> = None;
        let staged = self.writer.stage_packed(|out| {
            let write = |record: &str| -> Result<(), WriteError> {
                out.write_all(record.as_bytes())?;
                Ok(out.write_all(b"\n")?)
            };
            match self.catalogue.for_each_record(&collection.id, write) {
                Ok(()) => Ok(()),
                Err(WriteError::Io(error)) => Err(error),
                Err(WriteError::Catalogue(error)) => {
                    failed = Some(error);
                    Ok(())
                }
            }
        })?;
        if let Some(error) = failed {
            return Err(error.into());
        }
        let files = vec![
            (
                COLLECTION_FILE.to_owned(),
                Content::Bytes(to_pretty_json(collection)),
            ),
            (RECORDS_FILE.to_owned(), Content::Staged(staged)),
        ];
        let id = ObjectId::Collection(collection.id.clone());
        self.writer.put(&id, files, "Taken in from its source")?;
        Ok(self.catalogue.put_collection(collection, true)?)
    }
}

/// An error that occurs while writing the records of a collection.
enum WriteError {
    Io(std::io::Error),
    Catalogue(CatalogueError),
}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> Self {
        WriteError::Io(error)
    }
}

impl From<CatalogueError> for WriteError {
    fn from(error: CatalogueError) -> Self {
        WriteError::Catalogue(error)
    }
}

/// Creates the error for an identifier that belongs to an item in another collection.
fn id_taken(id: &Id, position: &RowPosition, collection: &str) -> Problem {
    let problem = Problem::error(
        "id-taken",
        format!(
            "The identifier is already used by an item of the collection `{}`.",
            printable(collection)
        ),
        "Give the item an identifier that no other item of the archive has.",
    );
    problem.in_row(position).of_item(id.as_str())
}

/// Returns `true` if the names, sizes and modification times of the files of an item match those in
/// the catalogue.
fn are_unchanged(files: &[FileRef], entries: &[CatalogueFile]) -> bool {
    let mut entries = entries.iter();
    let mut is_next = |name: &str, path: &Path| {
        entries.next().is_some_and(|file| {
            file.name == name && FileStamp::of(path).is_ok_and(|stamp| file.matches(stamp))
        })
    };
    files.iter().all(|file| {
        let texts = file.text.iter();
        let mut texts = texts.chain(file.tracks.iter().map(|track| &track.file));
        is_next(&file.name, &file.path)
            && texts.all(|text| is_next(&text.name, &text.path))
            && file
                .poster
                .as_ref()
                .is_none_or(|poster| is_next(&poster.name, &poster.path))
    }) && entries.next().is_none()
}
