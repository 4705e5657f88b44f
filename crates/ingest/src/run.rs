//! `ingest`: reads the rows of a source in order on one thread, and the files of its items on all threads.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use khizana_media::PixelGate;
use khizana_model::{Collection, Id, Problem, Progress, RowPosition, printable, sort_problems};
use khizana_source::{self as source, FileRef, Source, SourceItem};
use khizana_store::catalogue::{Catalogue, CatalogueError, Entry, Held, HeldFile, to_line};
use khizana_store::config;
use khizana_store::ocfl::{COLLECTION, Content, ObjectId, RECORDS, Stamp, Writer};

use super::item::{Failure, HeldItem, IngestJob, IngestOutcome, ingest_item, pretty};
use super::{IngestError, Summary};

/// Maximum number of items in flight: enough to keep every core busy, few enough that memory does not
/// grow with the source.
const MAX_IN_FLIGHT: usize = 16;
/// Maximum number of changes in one transaction of the catalogue, and maximum time that one stays open.
const BATCH: u32 = 2000;
const BATCH_TIME: Duration = Duration::from_secs(1);

/// Ingests the source at `path` (a folder, or its table) into the archive in the folder `archive`.
///
/// An item with errors is rejected and reported in [`Summary::problems`]; the other items are ingested. If
/// the archive already holds a rejected item, it keeps that version.
///
/// # Errors
/// An [`IngestError`] if the run fails as a whole: no archive, no source, a full disk. Items that were
/// ingested before the failure stay in the archive, and the next run continues from there.
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
    // More threads than cores: storing a file waits for the disk about half of the time.
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
        nameless: false,
        dirty: false,
        batch: 0,
        batch_began: Instant::now(),
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
                // A panic is sent before it is resumed, since the run would wait for ever otherwise.
                // Rayon passes it on at the end of the scope.
                let result = catch_unwind(AssertUnwindSafe(|| ingest_item(writer, gate, job)));
                let (result, panic) = match result {
                    Ok(result) => (result, None),
                    Err(panic) => (Err(Failure::Panic), Some(panic)),
                };
                // The run may have failed already; then there is no receiver.
                let _ = send.send(result);
                if let Some(panic) = panic {
                    resume_unwind(panic);
                }
            });
        };
        run.all(rows, spawn)
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
    /// Numbers in the catalogue of the items that the source has, accepted or rejected.
    seen: BTreeSet<i64>,
    /// A row without a readable identifier was rejected.
    nameless: bool,
    /// The object of the collection in the store is older than the catalogue.
    dirty: bool,
    batch: u32,
    batch_began: Instant,
    summary: Summary,
}

impl Run<'_> {
    fn all(&mut self, rows: source::Rows, spawn: impl Fn(IngestJob)) -> Result<(), IngestError> {
        self.catalogue.begin()?;
        let outcome = self.rows(rows, spawn);
        // The objects that were written are in the store; record them even if the run failed since.
        let committed = self.catalogue.commit();
        outcome?;
        Ok(committed?)
    }

    fn rows(
        &mut self,
        mut rows: source::Rows,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        match self.catalogue.collection(&self.source.collection.id)? {
            Some((held, stored)) => self.dirty = !stored || held != self.source.collection,
            None => self.dirty = true,
        }
        for (place, row) in (0u64..).zip(rows.by_ref()) {
            match row.item {
                Ok(item) => self.item(item, row.position, place, &spawn)?,
                Err(problems) => {
                    self.rejected(problems, place)?;
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

    fn item(
        &mut self,
        item: SourceItem,
        position: RowPosition,
        place: u64,
        spawn: impl Fn(IngestJob),
    ) -> Result<(), IngestError> {
        let id = item.item.id.clone();
        let held = match self.catalogue.held(id.as_str())? {
            None => None,
            Some(entry) if entry.collection != self.source.collection.id.as_str() => {
                let problem = id_taken(&id, &position, &entry.collection);
                self.summary.problems.push(problem);
                self.progress.advance(1);
                return Ok(());
            }
            Some(entry) => {
                self.seen.insert(entry.n);
                let files = self.catalogue.files(entry.n)?;
                if entry.row_hash == Some(item.hash) && are_unchanged(&item.files, &files) {
                    self.keep_place(&entry, place)?;
                    self.summary.unchanged += 1;
                    self.progress.advance(1);
                    return Ok(());
                }
                let record = self.catalogue.record(entry.n)?;
                Some(HeldItem { files, record })
            }
        };
        let had_files = held.as_ref().is_some_and(|held| !held.files.is_empty());
        if item.files.is_empty() && !had_files {
            // The record of an item without files is stored in the object of its collection.
            let is_unchanged = held.as_ref().is_some_and(|held| held.record == item.item);
            return self.settle(Ok(IngestOutcome {
                record: item.item,
                place,
                row_hash: item.hash,
                files: Vec::new(),
                was_held: held.is_some(),
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
            place,
            held,
        });
        Ok(())
    }

    /// Waits until an item in flight is done.
    fn wait(&mut self) -> Result<(), IngestError> {
        let result = self
            .receive
            .recv()
            .map_err(|error| IngestError::Threads(error.to_string()))?;
        self.in_flight -= 1;
        self.settle(result)
    }

    fn settle(&mut self, result: Result<IngestOutcome, Failure>) -> Result<(), IngestError> {
        self.progress.advance(1);
        let mut done = match result {
            Ok(done) => done,
            Err(Failure::Rejected(mut problems)) => {
                self.summary.problems.append(&mut problems);
                return Ok(());
            }
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Panic) => {
                return Err(IngestError::Threads("a thread panicked".to_owned()));
            }
        };
        self.summary.problems.append(&mut done.warnings);
        self.summary.bytes_in += done.bytes_in;
        self.summary.bytes_stored += done.bytes_stored;
        match (done.was_held, done.is_unchanged) {
            (true, true) => self.summary.unchanged += 1,
            (true, false) => self.summary.changed += 1,
            (false, _) => self.summary.added += 1,
        }
        if !done.is_unchanged {
            self.mark_dirty()?;
        }
        self.catalogue.put(&Entry {
            id: &done.record.id,
            collection: &self.source.collection.id,
            position: done.place,
            row_hash: Some(done.row_hash),
            record: &to_line(&done.record),
            files: &done.files,
        })?;
        if !done.was_held
            && let Some(held) = self.catalogue.held(done.record.id.as_str())?
        {
            self.seen.insert(held.n);
        }
        self.batch += 1;
        Ok(())
    }

    fn rejected(&mut self, problems: Vec<Problem>, place: u64) -> Result<(), IngestError> {
        let id = problems
            .iter()
            .find_map(|problem| problem.item.as_ref()?.parse::<Id>().ok());
        match id {
            None => self.nameless = true,
            Some(id) => {
                if let Some(held) = self.catalogue.held(id.as_str())?
                    && held.collection == self.source.collection.id.as_str()
                    && self.seen.insert(held.n)
                {
                    self.keep_place(&held, place)?;
                }
            }
        }
        self.summary.problems.extend(problems);
        Ok(())
    }

    fn keep_place(&mut self, held: &Held, place: u64) -> Result<(), IngestError> {
        if held.position != place {
            self.mark_dirty()?;
            self.catalogue.set_position(held.n, place)?;
            self.batch += 1;
        }
        Ok(())
    }

    /// Removes items that the source no longer has from the collection; their objects stay in the store.
    fn remove_unseen(&mut self) -> Result<(), IngestError> {
        let collection = &self.source.collection.id;
        let mut gone = self.catalogue.numbers(collection)?;
        gone.retain(|n| !self.seen.contains(n));
        if gone.is_empty() {
            return Ok(());
        }
        if self.nameless {
            // One of them may be the item of a row that could not be read.
            let problem = Problem::warning(
                "removal-postponed",
                format!(
                    "{} items of the archive are not in the source. They are kept, because rows without a readable identifier were rejected.",
                    gone.len()
                ),
                "Correct the rejected rows and run the command again.",
            );
            let table = self.source.table_name.clone();
            self.summary.problems.push(problem.in_file(table));
            return Ok(());
        }
        self.mark_dirty()?;
        for n in gone {
            self.catalogue.remove(n)?;
            self.summary.removed += 1;
        }
        Ok(())
    }

    /// Called before the first change: if the run is interrupted, the next one knows that it must write
    /// the object of the collection.
    fn mark_dirty(&mut self) -> Result<(), IngestError> {
        if !self.dirty {
            self.dirty = true;
            self.catalogue
                .put_collection(&self.source.collection, false)?;
        }
        Ok(())
    }

    fn next_batch(&mut self) -> Result<(), IngestError> {
        if self.batch >= BATCH || (self.batch > 0 && self.batch_began.elapsed() >= BATCH_TIME) {
            self.catalogue.commit()?;
            self.catalogue.begin()?;
            self.batch = 0;
            self.batch_began = Instant::now();
        }
        Ok(())
    }

    /// Writes the object of the collection if anything changed, and returns the summary.
    fn finish(mut self) -> Result<Summary, IngestError> {
        if self.dirty {
            self.progress.begin("Writing the collection", None);
            let outcome = self.write_collection(&self.source.collection);
            self.progress.end();
            outcome?;
        }
        self.summary.items = self.catalogue.count()?;
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
            match self.catalogue.each_record(&collection.id, write) {
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
            (COLLECTION.to_owned(), Content::Bytes(pretty(collection))),
            (RECORDS.to_owned(), Content::Staged(staged)),
        ];
        let id = ObjectId::Collection(collection.id.clone());
        self.writer.put(&id, files, "Taken in from its source")?;
        Ok(self.catalogue.put_collection(collection, true)?)
    }
}

/// The reason why the records cannot be written.
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

/// The identifier of a row belongs to an item of another collection.
fn id_taken(id: &Id, position: &RowPosition, collection: &str) -> Problem {
    let problem = Problem::error(
        "id-taken",
        format!(
            "The identifier belongs to an item of the collection `{}`.",
            printable(collection)
        ),
        "Give the item an identifier that no other item of the archive has.",
    );
    problem.in_row(position).of_item(id.as_str())
}

/// Returns whether the files of an item have the names, sizes and times of the files that are held.
fn are_unchanged(files: &[FileRef], held: &[HeldFile]) -> bool {
    let mut held = held.iter();
    let mut is_next = |name: &str, path: &Path| {
        held.next().is_some_and(|file| {
            file.name == name && Stamp::of(path).is_ok_and(|stamp| file.is(stamp))
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
    }) && held.next().is_none()
}
