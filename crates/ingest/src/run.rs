//! `ingest`: the rows of a source in order on one thread, the files of its items on all of them.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::{Duration, Instant};

use khizana_model::{Collection, Id};

use super::item::{Done, Failure, Job, pretty, take_in};
use super::{IngestError, Summary, sort};
use khizana_media::PixelGate;
use khizana_model::Progress;
use khizana_model::{Problem, Severity, shown};
use khizana_source::{self as source, Described, FileRef, Source};
use khizana_store::catalogue::{Catalogue, CatalogueError, Entry, Held, HeldFile, to_line};
use khizana_store::config;
use khizana_store::ocfl::{COLLECTION, Content, ObjectId, RECORDS, Stamp, Writer};

/// Items that may be at work or waiting for it: enough to keep every core busy, few enough that
/// memory does not grow with the source.
const AHEAD: usize = 16;
/// Changes of the catalogue in one transaction, and how long one may stay open.
const BATCH: u32 = 2000;
const BATCH_TIME: Duration = Duration::from_secs(1);

/// Takes the source at `path` (a folder, or its table) into the archive in the folder `archive`.
///
/// A bad item is reported in [`Summary::rejected`] and leaves the others alone; one that the archive
/// held before stays as it was.
///
/// # Errors
/// An [`IngestError`] where the run could not be done: no archive, no source, a full disk. What was
/// taken in until then stays; the next run goes on from there.
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
    // Storing waits for the disk as often as for the processor.
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
            rejected: Vec::new(),
            bytes_in: 0,
            bytes_stored: 0,
        },
    };
    progress.begin("Items", Some(rows.total()));
    let outcome = pool.in_place_scope(|scope| {
        let spawn = |job: Job| {
            let send: Sender<_> = send.clone();
            let (writer, gate) = (&writer, &gate);
            scope.spawn(move |_| {
                // Were nothing sent, the run would wait for ever; so a panic is sent first and then
                // goes on its way, which rayon leads to the end of the scope.
                let result = catch_unwind(AssertUnwindSafe(|| take_in(writer, gate, job)));
                let (result, panic) = match result {
                    Ok(result) => (result, None),
                    Err(panic) => (Err(Failure::Panic), Some(panic)),
                };
                // The run may have failed and be gone; then nobody wants to know.
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
    receive: Receiver<Result<Done, Failure>>,
    in_flight: usize,
    /// The catalogue's numbers of the items that the source has, rejected or not.
    seen: BTreeSet<i64>,
    /// A row was rejected and it is not known which item it is.
    nameless: bool,
    /// The collection's object in the store is behind the catalogue.
    dirty: bool,
    batch: u32,
    batch_began: Instant,
    summary: Summary,
}

impl Run<'_> {
    fn all(&mut self, rows: source::Rows, spawn: impl Fn(Job)) -> Result<(), IngestError> {
        self.catalogue.begin()?;
        let outcome = self.rows(rows, spawn);
        // What was done is in the store; the catalogue should know it, whatever went wrong since.
        let committed = self.catalogue.commit();
        outcome?;
        Ok(committed?)
    }

    fn rows(&mut self, mut rows: source::Rows, spawn: impl Fn(Job)) -> Result<(), IngestError> {
        match self.catalogue.collection(&self.source.collection.id)? {
            Some((held, stored)) => self.dirty = !stored || held != self.source.collection,
            None => self.dirty = true,
        }
        for (position, row) in (0u64..).zip(rows.by_ref()) {
            match row.described {
                Ok(described) => self.described(described, row.line, position, &spawn)?,
                Err(problems) => {
                    self.rejected(problems, position)?;
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
        self.summary.rejected.append(&mut rows.finish());
        self.remove_unseen()
    }

    fn described(
        &mut self,
        described: Described,
        line: u64,
        position: u64,
        spawn: impl Fn(Job),
    ) -> Result<(), IngestError> {
        let id = described.item.id.clone();
        let held = self.catalogue.held(id.as_str())?;
        if let Some(held) = &held {
            if held.collection != self.source.collection.id.as_str() {
                let problem = self.id_taken(&id, line, &held.collection);
                self.summary.rejected.push(problem);
                self.progress.advance(1);
                return Ok(());
            }
            self.seen.insert(held.n);
        }
        let held = match held {
            None => None,
            Some(held) => {
                let files = self.catalogue.files(held.n)?;
                if held.row_hash == Some(described.hash) && are_same(&described.files, &files) {
                    self.keep_position(&held, position)?;
                    self.summary.unchanged += 1;
                    self.progress.advance(1);
                    return Ok(());
                }
                let record = self.catalogue.record(held.n)?;
                Some((held, files, record))
            }
        };
        let had_files = held.as_ref().is_some_and(|(_, files, _)| !files.is_empty());
        if described.files.is_empty() && !had_files {
            // No object of its own: its record is in its collection's.
            let is_same = held
                .as_ref()
                .is_some_and(|(_, _, record)| *record == described.item);
            return self.settle(Ok(Done {
                item: described.item,
                position,
                row_hash: described.hash,
                files: Vec::new(),
                was_held: held.is_some(),
                is_same,
                warnings: Vec::new(),
                bytes_in: 0,
                bytes_stored: 0,
            }));
        }
        while self.in_flight >= AHEAD {
            self.wait()?;
        }
        self.in_flight += 1;
        spawn(Job {
            described,
            line,
            position,
            held,
        });
        Ok(())
    }

    /// Waits for the next item that is at work.
    fn wait(&mut self) -> Result<(), IngestError> {
        let result = self
            .receive
            .recv()
            .map_err(|error| IngestError::Threads(error.to_string()))?;
        self.in_flight -= 1;
        self.settle(result)
    }

    fn settle(&mut self, result: Result<Done, Failure>) -> Result<(), IngestError> {
        self.progress.advance(1);
        let mut done = match result {
            Ok(done) => done,
            Err(Failure::Rejected(mut problems)) => {
                self.summary.rejected.append(&mut problems);
                return Ok(());
            }
            Err(Failure::Store(error)) => return Err(error.into()),
            Err(Failure::Panic) => return Err(IngestError::Threads("one has died".to_owned())),
        };
        self.summary.rejected.append(&mut done.warnings);
        self.summary.bytes_in += done.bytes_in;
        self.summary.bytes_stored += done.bytes_stored;
        match (done.was_held, done.is_same) {
            (true, true) => self.summary.unchanged += 1,
            (true, false) => self.summary.changed += 1,
            (false, _) => self.summary.added += 1,
        }
        if !done.is_same {
            self.mark_dirty()?;
        }
        self.catalogue.put(&Entry {
            id: &done.item.id,
            collection: &self.source.collection.id,
            position: done.position,
            row_hash: Some(done.row_hash),
            record: &to_line(&done.item),
            files: &done.files,
        })?;
        if !done.was_held
            && let Some(held) = self.catalogue.held(done.item.id.as_str())?
        {
            self.seen.insert(held.n);
        }
        self.batch += 1;
        Ok(())
    }

    fn rejected(&mut self, problems: Vec<Problem>, position: u64) -> Result<(), IngestError> {
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
                    self.keep_position(&held, position)?;
                }
            }
        }
        self.summary.rejected.extend(problems);
        Ok(())
    }

    fn keep_position(&mut self, held: &Held, position: u64) -> Result<(), IngestError> {
        if held.position != position {
            self.mark_dirty()?;
            self.catalogue.set_position(held.n, position)?;
            self.batch += 1;
        }
        Ok(())
    }

    /// Items that the source no longer has leave the collection; their objects stay in the store.
    fn remove_unseen(&mut self) -> Result<(), IngestError> {
        let collection = &self.source.collection.id;
        let mut gone = self.catalogue.numbers(collection)?;
        gone.retain(|n| !self.seen.contains(n));
        if gone.is_empty() {
            return Ok(());
        }
        if self.nameless {
            // One of them may be the item of a row that could not be read.
            self.summary.rejected.push(Problem {
                code: "removal-postponed",
                severity: Severity::Warning,
                file: self.source.table_name.clone(),
                line: None,
                item: None,
                message: format!(
                    "{} items of the archive are not in the source; they are kept, because rows without a readable identifier were rejected.",
                    gone.len()
                ),
                remedy: "Mend the rejected rows and run the command again.".to_owned(),
            });
            return Ok(());
        }
        self.mark_dirty()?;
        for n in gone {
            self.catalogue.remove(n)?;
            self.summary.removed += 1;
        }
        Ok(())
    }

    /// Before the first change: should the run die, the next one knows that the collection's object
    /// is to be written.
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

    fn id_taken(&self, id: &Id, line: u64, collection: &str) -> Problem {
        Problem {
            code: "id-taken",
            severity: Severity::Error,
            file: self.source.table_name.clone(),
            line: Some(line),
            item: Some(shown(id.as_str())),
            message: format!(
                "The identifier is that of an item of the collection `{}`.",
                shown(collection)
            ),
            remedy: "Give the item an identifier that no other item of the archive has.".to_owned(),
        }
    }

    /// Writes the collection's object, if anything changed, and sums up.
    fn finish(mut self) -> Result<Summary, IngestError> {
        if self.dirty {
            self.progress.begin("Writing the collection", None);
            let outcome = self.write_collection(&self.source.collection);
            self.progress.end();
            outcome?;
        }
        self.summary.items = self.catalogue.count()?;
        sort(&mut self.summary.rejected);
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

/// Why the records could not be written.
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

/// Whether an item's files are those that are held, by name, size and time.
fn are_same(files: &[FileRef], held: &[HeldFile]) -> bool {
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
