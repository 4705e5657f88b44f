//! Ingest of single items.

use std::collections::{BTreeMap, BTreeSet};

use khizana_media::PixelGate;
use khizana_model::{
    Hash, Item, LangMap, Media, Problem, RowPosition, Storage, TextFile, Track, sort_problems,
};
use khizana_source::{SourceItem, TextRef};
use khizana_store::catalogue::{CatalogueFile, ContentFile};
use khizana_store::ocfl::{
    Content, FileStamp, ORIGINALS_FILE, Object, ObjectId, OriginalRef, PutOutcome, RECORD_FILE,
    StageError, StoreError, Writer, item_files, logical_path, sha256sum_list,
};
use rayon::prelude::*;

use super::compare::NOT_RENDERED;
use super::file_problem::FileContext;
use super::has_errors;
use super::inspect::{FileUses, Inspection, MediaFacts, file_uses, inspect, reuse};
use super::known::KnownFiles;
use super::remote::restore;
use super::validate::validate;

/// An item to ingest.
#[derive(Debug)]
pub struct IngestJob {
    /// The item and its files.
    pub item: SourceItem,
    /// The position of the row that describes the item.
    pub position: RowPosition,
    /// The position of the item in the collection, counted from 0.
    pub index: u64,
    /// The item in the archive, if it has been ingested before.
    pub existing: Option<ExistingItem>,
    /// `true` if all files are read, also those that seem to be unchanged.
    pub reread: bool,
}

/// An item that is already in the archive.
#[derive(Debug)]
pub struct ExistingItem {
    /// The warnings about its files when they were last read.
    pub warnings: Vec<Problem>,
    /// The files of the item, as listed in the catalogue.
    pub files: Vec<CatalogueFile>,
}

/// The outcome of ingesting an item.
#[derive(Debug)]
pub struct IngestOutcome {
    /// The record of the item.
    pub record: Item,
    /// The position of the item in the collection, counted from 0.
    pub index: u64,
    /// The hash of the row that describes the item.
    pub row_hash: Hash,
    /// The files of the item, for the catalogue.
    pub files: Vec<CatalogueFile>,
    /// `true` if the item was already in the archive.
    pub existed: bool,
    /// `true` if the record and the files of the item have not changed.
    pub is_unchanged: bool,
    /// Warnings about the item.
    pub warnings: Vec<Problem>,
    /// Number of bytes of originals that were read.
    pub bytes_in: u64,
    /// Number of bytes of files that were added to the store.
    pub bytes_stored: u64,
}

/// The reason why an item was not ingested.
#[derive(Debug)]
pub enum Failure {
    /// The item has errors.
    Rejected(Vec<Problem>),
    /// The store cannot be read or written to.
    Store(StoreError),
    /// The thread that ingested the item panicked.
    Panic,
}

/// A file of the item that has been staged or is already in the store.
struct StoredFile {
    sha256: Hash,
    storage: Storage,
    stamp: FileStamp,
    content: Content,
    /// `true` if the file was read from the source in this run.
    was_read: bool,
}

/// Ingests an item: inspects the files that have changed, unless they are known, validates the item, stages
/// the changed files, and adds a version to the store if anything differs.
///
/// # Errors
/// Returns [`Failure::Rejected`] with all problems of the item if at least one of them is an error,
/// and [`Failure::Store`] if the store cannot be read or written to.
pub fn ingest_item(
    writer: &Writer,
    gate: &PixelGate,
    known: &KnownFiles,
    job: IngestJob,
) -> Result<IngestOutcome, Failure> {
    let object_id = ObjectId::Item(job.item.item.id.clone());
    let object = match job.existing {
        Some(_) => writer
            .store()
            .object(&object_id)
            .map_err(|error| job.damaged(&error))?,
        None => None,
    };
    // A damaged record is written again.
    let stored_record = object.as_ref().and_then(|object| object.record().ok());
    let _copies = restore(
        writer.store(),
        &job.item,
        job.existing.as_ref(),
        stored_record.as_ref(),
    )
    .map_err(|error| match error.is_damage() {
        true => job.damaged(&error),
        false => Failure::Store(error),
    })?;
    let stored = object.as_ref().zip(stored_record.as_ref());
    let stored = stored.map(|(object, record)| StoredItem::new(object, record, &job));
    let uses = file_uses(&job.item.files);
    let files: BTreeMap<&str, FileState> = uses
        .par_iter()
        .map(|(name, uses)| {
            let context = job.context(name);
            let state = match job.unchanged(stored.as_ref(), name, uses) {
                Some((media, file)) => FileState {
                    inspection: reuse(context, media),
                    inspected: None,
                    unchanged: Some(file),
                },
                None => {
                    let stamp = FileStamp::of(uses.path).ok();
                    let facts = known.get(name);
                    let sha256 = facts.as_ref().map(|facts| facts.sha256);
                    let inspection = match facts {
                        Some(facts) => facts.into_inspection(context),
                        None => inspect(context, uses, gate),
                    };
                    FileState {
                        inspection,
                        inspected: stamp.map(|stamp| (stamp, sha256)),
                        unchanged: None,
                    }
                }
            };
            (*name, state)
        })
        .collect();
    let mut inspections = BTreeMap::new();
    let mut changed = Vec::new();
    let mut stored_files = BTreeMap::new();
    for (name, state) in files {
        inspections.insert(name, state.inspection);
        match state.unchanged {
            Some(file) => drop(stored_files.insert(name, file.into_stored())),
            None => changed.push((name, state.inspected)),
        }
    }
    let mut problems = validate(&job.item, &job.position, &uses, &inspections);
    job.keep_warnings(&stored_files, &mut problems);
    if has_errors(&problems) {
        return Err(Failure::Rejected(problems));
    }
    let staged: Vec<Result<(&str, StoredFile), Failure>> = changed
        .into_par_iter()
        .map(|(name, inspected)| {
            let context = job.context(name);
            let uses = uses.get(name);
            let file = stage(writer, context, uses, inspected, &inspections)?;
            Ok((name, file))
        })
        .collect();
    for result in staged {
        match result {
            Ok((name, file)) => drop(stored_files.insert(name, file)),
            Err(Failure::Rejected(mut errors)) => problems.append(&mut errors),
            Err(fatal) => return Err(fatal),
        }
    }
    if has_errors(&problems) {
        sort_problems(&mut problems);
        return Err(Failure::Rejected(problems));
    }
    put(
        writer,
        &object_id,
        (object.as_ref(), stored_record.as_ref()),
        &job,
        stored_files,
        &inspections,
        problems,
    )
}

/// The state of a file during the ingest of its item.
struct FileState {
    inspection: Inspection,
    /// The state in which the file was inspected.
    inspected: Option<InspectedState>,
    unchanged: Option<UnchangedFile>,
}

/// Size and modification time of a file before it was inspected, and its hash if it was inspected before the
/// ingest.
type InspectedState = (FileStamp, Option<Hash>);

/// A file that has not changed since it was stored.
struct UnchangedFile {
    sha256: Hash,
    storage: Storage,
    stamp: FileStamp,
    digest: Hash,
}

impl UnchangedFile {
    fn into_stored(self) -> StoredFile {
        StoredFile {
            sha256: self.sha256,
            storage: self.storage,
            stamp: self.stamp,
            content: Content::Existing(self.digest),
            was_read: false,
        }
    }
}

impl IngestJob {
    /// Adds the earlier warnings about files that have not been read again.
    fn keep_warnings(&self, unchanged: &BTreeMap<&str, StoredFile>, problems: &mut Vec<Problem>) {
        let earlier = self.existing.iter().flat_map(|existing| &existing.warnings);
        for warning in earlier {
            let is_kept = |file: &String| unchanged.contains_key(file.as_str());
            let is_new = |warning: &Problem| {
                let is_same = |problem: &Problem| {
                    problem.code == warning.code
                        && problem.file == warning.file
                        && problem.line == warning.line
                };
                !problems.iter().any(is_same)
            };
            let is_outdated = warning.code == NOT_RENDERED;
            if !is_outdated && warning.file.as_ref().is_some_and(is_kept) && is_new(warning) {
                problems.push(warning.clone().moved_to(&self.position));
            }
        }
    }

    /// Rejects the item because its object in the store cannot be read.
    fn damaged(&self, error: &StoreError) -> Failure {
        let problem = Problem::error(error.code(), error.message(), error.hint());
        let problem = problem.in_row(&self.position);
        Failure::Rejected(vec![problem.of_item(self.item.item.id.as_str())])
    }

    fn context<'a>(&'a self, file: &'a str) -> FileContext<'a> {
        FileContext {
            file,
            position: &self.position,
            item: self.item.item.id.as_str(),
        }
    }

    /// Returns a file whose size and modification time match the catalogue, together with its
    /// record if it is a media file. Returns `None` if the file has changed or is used in a new
    /// way, so that it must be inspected again.
    fn unchanged<'a>(
        &self,
        stored: Option<&StoredItem<'a>>,
        name: &str,
        uses: &FileUses<'_>,
    ) -> Option<(Option<&'a Media>, UnchangedFile)> {
        let stored = stored?;
        let entry = stored.entries.get(name)?;
        let stamp = FileStamp::of(uses.path).ok()?;
        if self.reread || !entry.matches(stamp) {
            return None;
        }
        // The catalogue is only trusted for the modification time.
        let file = stored.files.get(name)?;
        let digest = *stored
            .digests
            .get(logical_path(name, file.storage).as_str())?;
        let has_content = stored.object.has_content(&digest, file.storage, file.bytes);
        if file.bytes != stamp.bytes || !has_content {
            return None;
        }
        let known_media = if uses.is_media {
            Some(*stored.media.get(name)?)
        } else {
            None
        };
        if (uses.is_text && !stored.texts.contains(name))
            || (uses.is_track && !stored.tracks.contains(name))
            || (uses.is_poster && !stored.posters.contains(name))
        {
            return None;
        }
        let file = UnchangedFile {
            sha256: file.sha256,
            storage: file.storage,
            stamp,
            digest,
        };
        Some((known_media, file))
    }
}

/// The newest version of an item in the store, with its files by name.
struct StoredItem<'a> {
    object: &'a Object,
    /// The files in the catalogue.
    entries: BTreeMap<&'a str, &'a CatalogueFile>,
    /// The files in the record.
    files: BTreeMap<&'a str, OriginalRef<'a>>,
    /// The digests of the stored files by logical path.
    digests: BTreeMap<&'a str, Hash>,
    media: BTreeMap<&'a str, &'a Media>,
    texts: BTreeSet<&'a str>,
    tracks: BTreeSet<&'a str>,
    posters: BTreeSet<&'a str>,
}

impl<'a> StoredItem<'a> {
    fn new(object: &'a Object, record: &'a Item, job: &'a IngestJob) -> Self {
        let posters = || {
            record
                .media
                .iter()
                .filter_map(|media| media.poster.as_deref())
        };
        let texts = record.media.iter().filter_map(|media| media.text.as_ref());
        let tracks = record.media.iter().flat_map(|media| &media.tracks);
        let entries = job.existing.iter().flat_map(|existing| &existing.files);
        let head = object.inventory.head_version();
        // Of several files with the same name, the first one counts.
        let media = posters().chain(record.media.iter().rev());
        StoredItem {
            object,
            entries: entries.map(|file| (file.name.as_str(), file)).collect(),
            files: item_files(record).map(|file| (file.name, file)).collect(),
            digests: head.map(|head| head.digests()).unwrap_or_default(),
            media: media.map(|media| (media.name.as_str(), media)).collect(),
            texts: texts.map(|text| text.name.as_str()).collect(),
            tracks: tracks.map(|track| track.file.name.as_str()).collect(),
            posters: posters().map(|poster| poster.name.as_str()).collect(),
        }
    }
}

/// Stages a file of the source.
fn stage(
    writer: &Writer,
    context: FileContext<'_>,
    uses: Option<&FileUses<'_>>,
    inspected: Option<InspectedState>,
    files: &BTreeMap<&str, Inspection>,
) -> Result<StoredFile, Failure> {
    let rejected = |problem| Failure::Rejected(vec![problem]);
    let changed = || {
        rejected(context.error(
            "file-changed",
            "The file changed while it was being read.",
            "Wait until no program is writing to the file, then run the command again.",
        ))
    };
    let Some(uses) = uses else {
        return Err(changed());
    };
    // `a.txt` would be stored as `a.txt.zst`. If the item has a file or folder with that name,
    // `a.txt` is stored uncompressed.
    let packed = format!("{}.zst", context.file);
    let folder = format!("{packed}/");
    let next = files.range(folder.as_str()..).next();
    let raw_only = files.contains_key(packed.as_str())
        || next.is_some_and(|(other, _)| other.starts_with(&folder));
    let original = writer
        .stage_original(uses.path, raw_only)
        .map_err(|error| match error {
            StageError::Source(error) => rejected(context.unreadable(&error)),
            StageError::Changed => changed(),
            StageError::Store(error) => Failure::Store(error),
        })?;
    // The staged file must be the same as the one that was inspected.
    match inspected {
        Some((stamp, None)) if stamp == original.stamp => {}
        Some((stamp, Some(sha256))) if stamp == original.stamp => {
            if sha256 != original.sha256 {
                return Err(rejected(context.error(
                    "file-changed",
                    "The file changed after it was inspected, although its size and its modification time did not.",
                    "Make a new plan with `khizana plan`, or ingest the source with `khizana ingest`.",
                )));
            }
        }
        _ => return Err(changed()),
    }
    Ok(StoredFile {
        sha256: original.sha256,
        storage: original.storage,
        stamp: original.stamp,
        content: Content::Staged(original.staged),
        was_read: true,
    })
}

/// Builds the record, and adds a version to the store if anything differs.
fn put(
    writer: &Writer,
    object_id: &ObjectId,
    (earlier, stored_record): (Option<&Object>, Option<&Item>),
    job: &IngestJob,
    stored: BTreeMap<&str, StoredFile>,
    inspections: &BTreeMap<&str, Inspection>,
    warnings: Vec<Problem>,
) -> Result<IngestOutcome, Failure> {
    let files = Files {
        stored: &stored,
        inspections,
    };
    let mut record = files.record(&job.item);
    crate::embedded::complete(&mut record, &job.item);
    let read = stored.values().filter(|file| file.was_read);
    let bytes_in = read.map(|file| file.stamp.bytes).sum();
    let is_unchanged =
        stored_record == Some(&record) && (earlier.is_some() || record.media.is_empty());
    let stamps: BTreeMap<String, i64> = stored
        .iter()
        .map(|(name, file)| ((*name).to_owned(), file.stamp.mtime_ns))
        .collect();
    let mut bytes_stored = 0;
    // Content that was read again restores a missing or damaged file in the store.
    let was_read = stored.values().any(|file| file.was_read);
    if !is_unchanged || was_read {
        let mut contents = vec![(
            RECORD_FILE.to_owned(),
            Content::Bytes(to_pretty_json(&record)),
        )];
        // Objects of earlier versions of Khizana get the list when something else changes.
        let has_list = |object: &Object| {
            let head = object.inventory.head_version();
            head.is_some_and(|head| head.digest_of(ORIGINALS_FILE).is_some())
        };
        if !is_unchanged || earlier.is_none_or(has_list) {
            let originals = stored.iter().map(|(name, file)| (*name, file.sha256));
            let list = Content::Bytes(sha256sum_list(originals));
            contents.push((ORIGINALS_FILE.to_owned(), list));
        }
        for (name, file) in stored {
            contents.push((logical_path(name, file.storage), file.content));
        }
        let message = match job.existing {
            Some(_) => "Changed in the source",
            None => "Ingested",
        };
        let put =
            writer
                .put(object_id, contents, message)
                .map_err(|error| match error.is_damage() {
                    true => job.damaged(&error),
                    false => Failure::Store(error),
                })?;
        if let PutOutcome::Version { bytes, .. } = put {
            bytes_stored = bytes;
        }
    }
    let object = writer.store().object(object_id).map_err(Failure::Store)?;
    let head = object
        .as_ref()
        .and_then(|object| object.inventory.head_version());
    let digests = head.map(|head| head.digests()).unwrap_or_default();
    let catalogue_files = item_files(&record)
        .map(|file| CatalogueFile {
            name: file.name.to_owned(),
            bytes: file.bytes,
            mtime_ns: stamps.get(file.name).copied(),
            sha256: file.sha256,
            storage: file.storage,
            content: object
                .as_ref()
                .and_then(|object| content_file(object, &digests, &file)),
        })
        .collect();
    Ok(IngestOutcome {
        record,
        index: job.index,
        row_hash: job.item.hash,
        files: catalogue_files,
        existed: job.existing.is_some(),
        is_unchanged,
        warnings,
        bytes_in,
        bytes_stored,
    })
}

/// Returns the path and the length of a file in the object of its item.
fn content_file(
    object: &Object,
    digests: &BTreeMap<&str, Hash>,
    file: &OriginalRef<'_>,
) -> Option<ContentFile> {
    let digest = *digests.get(logical_path(file.name, file.storage).as_str())?;
    let path = object.inventory.content_path(&digest)?;
    let metadata = std::fs::metadata(object.path.join(path)).ok()?;
    Some(ContentFile {
        path: path.to_owned(),
        bytes: metadata.len(),
    })
}

/// The files of an item, from which its record is built.
struct Files<'a> {
    stored: &'a BTreeMap<&'a str, StoredFile>,
    inspections: &'a BTreeMap<&'a str, Inspection>,
}

impl Files<'_> {
    /// Builds the record from the description in the source and the facts about the files.
    fn record(&self, source: &SourceItem) -> Item {
        let mut item = source.item.clone();
        let media = source.files.iter().filter_map(|file| {
            let tracks = file.tracks.iter().filter_map(|track| {
                Some(Track {
                    kind: track.kind,
                    file: self.text(&track.file)?,
                })
            });
            let poster = file.poster.as_ref();
            Some(Media {
                source: file.url.clone(),
                label: file.label.clone(),
                text: file.text.as_ref().and_then(|text| self.text(text)),
                tracks: tracks.collect(),
                poster: poster
                    .and_then(|poster| self.media(&poster.name))
                    .map(Box::new),
                ..self.media(&file.name)?
            })
        });
        item.media = media.collect();
        item
    }

    /// Builds the entry for a text or a track in the record.
    fn text(&self, file: &TextRef) -> Option<TextFile> {
        let stored = self.stored.get(file.name.as_str())?;
        Some(TextFile {
            name: file.name.clone(),
            sha256: stored.sha256,
            bytes: stored.stamp.bytes,
            language: file.language.clone(),
            storage: stored.storage,
        })
    }

    /// Builds the entry for a media file in the record, without label, text, tracks and poster.
    fn media(&self, name: &str) -> Option<Media> {
        let stored = self.stored.get(name)?;
        let media = match self.inspections.get(name)?.media.as_ref()? {
            MediaFacts::Measured(facts) => {
                let stored_as = (stored.stamp.bytes, stored.storage);
                facts.media(name, stored.sha256, stored_as)
            }
            MediaFacts::Known(known) => Media {
                sha256: stored.sha256,
                bytes: stored.stamp.bytes,
                storage: stored.storage,
                label: LangMap::new(),
                text: None,
                tracks: Vec::new(),
                poster: None,
                ..(**known).clone()
            },
        };
        Some(media)
    }
}

/// Serialises a value as indented JSON that ends with a line feed.
pub fn to_pretty_json<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Records consist of text, numbers and lists, which can always be serialised.
    let mut json = serde_json::to_vec_pretty(value).unwrap_or_default();
    json.push(b'\n');
    json
}
