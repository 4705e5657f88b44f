//! One item into the store: its files, then its record, then a version of its object.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_media::{Facts, NotRendered};
use khizana_model::{Hash, Item, Media, Storage, TextFile};
use rayon::prelude::*;

use super::facts::{Place, is_undecoded, kind, measure};
use super::gate::PixelGate;
use super::page_text;
use crate::catalogue::{Held, HeldFile};
use crate::problem::Problem;
use crate::source::Described;
use crate::store::{
    Content, Object, ObjectId, Put, RECORD, Staged, Stamp, StoreError, TakeInError, Wanted, Writer,
    files_of, logical_path,
};

/// An item whose files are to be looked at.
#[derive(Debug)]
pub struct Job {
    /// The item and its files.
    pub described: Described,
    /// The line of its row.
    pub line: u64,
    /// Its place in the collection.
    pub position: u64,
    /// What the catalogue holds of it: the entry, the files, the record.
    pub held: Option<(Held, Vec<HeldFile>, Item)>,
}

/// What became of an item.
#[derive(Debug)]
pub struct Done {
    /// Its record.
    pub item: Item,
    /// Its place in the collection.
    pub position: u64,
    /// The hash of its row.
    pub row_hash: Hash,
    /// Its files, for the catalogue.
    pub files: Vec<HeldFile>,
    /// Whether the archive held it.
    pub was_held: bool,
    /// Whether it is just as it was.
    pub is_same: bool,
    /// What the curator should know of it.
    pub warnings: Vec<Problem>,
    /// Bytes of originals that were read.
    pub bytes_in: u64,
    /// Bytes of files that were added to the store.
    pub bytes_stored: u64,
}

/// Why an item is not in the store.
#[derive(Debug)]
pub enum Failure {
    /// The item's own fault.
    Rejected(Vec<Problem>),
    /// The store's.
    Store(StoreError),
    /// Our own: the thread has died.
    Panic,
}

/// A file of the item, as it will be in the record.
struct Taken {
    sha256: Hash,
    storage: Storage,
    stamp: Stamp,
    facts: FileFacts,
    /// The text, where it is a text in XML that was read now.
    page: Option<page_text::Seen>,
    content: Content,
    was_read: bool,
}

/// Facts of a file measured now, or those of the record.
enum FileFacts {
    Measured(Facts),
    Known(Box<Media>),
    /// A text of a page: its record needs none.
    Unneeded,
}

/// A file to be looked at: one, however often the item names it.
struct Ask<'a> {
    path: &'a Path,
    is_media: bool,
    is_text: bool,
}

/// Takes an item's files in, those that changed, and puts a version into the store if anything did.
pub fn take_in(writer: &Writer, gate: &PixelGate, job: Job) -> Result<Done, Failure> {
    let id = job.described.item.id.clone();
    let object_id = ObjectId::Item(id.clone());
    let object = match job.held {
        Some(_) => writer.store().object(&object_id).map_err(Failure::Store)?,
        None => None,
    };

    let mut asks: BTreeMap<&str, Ask<'_>> = BTreeMap::new();
    for file in &job.described.files {
        let of = |path| Ask {
            path,
            is_media: false,
            is_text: false,
        };
        asks.entry(&file.name)
            .or_insert_with(|| of(&file.path))
            .is_media = true;
        if let Some(text) = &file.text {
            asks.entry(&text.name)
                .or_insert_with(|| of(&text.path))
                .is_text = true;
        }
    }
    let results: Vec<Result<(&str, Taken), Failure>> = asks
        .par_iter()
        .map(|(name, ask)| {
            let place = Place {
                name,
                line: job.line,
                item: id.as_str(),
            };
            let known = known(&job, object.as_ref(), name, ask);
            let taken = match known {
                Some(taken) => taken,
                None => take_one(writer, gate, place, ask, &asks)?,
            };
            Ok((*name, taken))
        })
        .collect();

    let mut taken = BTreeMap::new();
    let mut problems = Vec::new();
    for result in results {
        match result {
            Ok((name, file)) => {
                taken.insert(name, file);
            }
            Err(Failure::Rejected(mut more)) => problems.append(&mut more),
            Err(fatal) => return Err(fatal),
        }
    }
    if !problems.is_empty() {
        return Err(Failure::Rejected(problems));
    }

    let mut item = record(&job.described, &taken);
    crate::source::complete(&mut item, &job.described);
    let held_files = files_of(&item)
        .map(|file| HeldFile {
            name: file.name.to_owned(),
            bytes: file.bytes,
            mtime_ns: taken.get(file.name).map(|taken| taken.stamp.mtime_ns),
            sha256: file.sha256,
            storage: file.storage,
        })
        .collect();
    let warnings = warnings(&item, job.line, &taken);
    let bytes_in = taken
        .values()
        .filter(|file| file.was_read)
        .map(|file| file.stamp.bytes)
        .sum();
    let is_same = job.held.as_ref().is_some_and(|(_, _, held)| *held == item)
        && (object.is_some() || item.media.is_empty());
    let mut bytes_stored = 0;
    if !is_same {
        let mut files = vec![(RECORD.to_owned(), Content::Bytes(pretty(&item)))];
        for (name, file) in taken {
            files.push((logical_path(name, file.storage), file.content));
        }
        let message = match job.held {
            Some(_) => "Changed in the source",
            None => "Taken in",
        };
        let put = writer
            .put(&object_id, files, message)
            .map_err(Failure::Store)?;
        if let Put::Version { bytes, .. } = put {
            bytes_stored = bytes;
        }
    }
    Ok(Done {
        item,
        position: job.position,
        row_hash: job.described.hash,
        files: held_files,
        was_held: job.held.is_some(),
        is_same,
        warnings,
        bytes_in,
        bytes_stored,
    })
}

/// What the curator should know of the files: all of it where they were looked at now, otherwise what
/// the record shows.
fn warnings(item: &Item, line: u64, taken: &BTreeMap<&str, Taken>) -> Vec<Problem> {
    let mut found = Vec::new();
    for media in &item.media {
        let place = |name| Place {
            name,
            line,
            item: item.id.as_str(),
        };
        let own = place(media.name.as_str());
        match taken.get(media.name.as_str()).map(|file| &file.facts) {
            Some(FileFacts::Measured(facts)) => found.append(&mut own.warnings(facts)),
            _ if is_undecoded(media.kind, media.width) => {
                let why = NotRendered::of(&media.media_type);
                found.push(own.not_shown(&media.media_type, why));
            }
            _ => {}
        }
        if let Some(text) = &media.text
            && let Some(page) = taken
                .get(text.name.as_str())
                .and_then(|file| file.page.as_ref())
        {
            let size = media.width.zip(media.height);
            found.append(&mut page_text::warnings(
                page,
                size,
                place(text.name.as_str()),
            ));
        }
    }
    page_text::fold(&mut found);
    found
}

/// What the record says of a file that has not changed by size and time.
fn known(job: &Job, object: Option<&Object>, name: &str, ask: &Ask<'_>) -> Option<Taken> {
    let (_, files, item) = job.held.as_ref()?;
    let file = files.iter().find(|file| file.name == name)?;
    let stamp = Stamp::of(ask.path).ok()?;
    if !file.is(stamp) {
        return None;
    }
    let logical = logical_path(name, file.storage);
    let digest = object?.inventory.head_version()?.digest_of(&logical)?;
    let facts = if ask.is_media {
        let media = item.media.iter().find(|media| media.name == name)?;
        FileFacts::Known(Box::new(media.clone()))
    } else {
        FileFacts::Unneeded
    };
    // A file that was not a page's text until now has not been looked at as one.
    let was_text = || {
        item.media
            .iter()
            .any(|media| media.text.as_ref().is_some_and(|text| text.name == name))
    };
    if ask.is_text && !was_text() {
        return None;
    }
    Some(Taken {
        sha256: file.sha256,
        storage: file.storage,
        stamp,
        facts,
        page: None,
        content: Content::Held(digest),
        was_read: false,
    })
}

fn take_one(
    writer: &Writer,
    gate: &PixelGate,
    place: Place<'_>,
    ask: &Ask<'_>,
    all: &BTreeMap<&str, Ask<'_>>,
) -> Result<Taken, Failure> {
    let reject = |problem| Failure::Rejected(vec![problem]);
    let packed = format!("{}.zst", place.name);
    // `a.txt` packed would be `a.txt.zst`; where the item has that too, or a folder of that name,
    // `a.txt` stays as it is.
    let taken_already = all.keys().any(|other| {
        other
            .strip_prefix(packed.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    });
    let wanted = Wanted {
        raw_only: taken_already,
        utf8: ask.is_text,
    };
    let taken = writer
        .take_in(ask.path, wanted)
        .map_err(|error| match error {
            TakeInError::Source(error) => reject(place.unreadable(&error)),
            TakeInError::Changed => reject(place.problem(
                "file-changed",
                "The file changed while it was read.".to_owned(),
                "Wait until nothing writes to the file any more, and run the command again.",
            )),
            TakeInError::NotUtf8(byte) => reject(place.not_utf8(byte)),
            TakeInError::Store(error) => Failure::Store(error),
        })?;
    let facts = if ask.is_media {
        FileFacts::Measured(measure(ask.path, gate, place).map_err(|problem| reject(*problem))?)
    } else {
        FileFacts::Unneeded
    };
    let page = if ask.is_text {
        page_text::look(ask.path, place).map_err(|problem| reject(*problem))?
    } else {
        None
    };
    let staged: Staged = taken.staged;
    Ok(Taken {
        sha256: taken.sha256,
        storage: taken.storage,
        stamp: taken.stamp,
        facts,
        page,
        content: Content::Staged(staged),
        was_read: true,
    })
}

/// The record: the description with what was found of the files.
fn record(described: &Described, taken: &BTreeMap<&str, Taken>) -> Item {
    let mut item = described.item.clone();
    item.media = described
        .files
        .iter()
        .filter_map(|file| {
            let found = taken.get(file.name.as_str())?;
            let text = file.text.as_ref().and_then(|text| {
                let found = taken.get(text.name.as_str())?;
                Some(TextFile {
                    name: text.name.clone(),
                    sha256: found.sha256,
                    bytes: found.stamp.bytes,
                    language: text.language.clone(),
                    storage: found.storage,
                })
            });
            let (media_type, kind, width, height, located) = match &found.facts {
                FileFacts::Measured(facts) => (
                    facts.media_type.clone(),
                    kind(facts.kind),
                    facts.width,
                    facts.height,
                    facts.located,
                ),
                FileFacts::Known(media) => (
                    media.media_type.clone(),
                    media.kind,
                    media.width,
                    media.height,
                    media.located,
                ),
                FileFacts::Unneeded => return None,
            };
            Some(Media {
                name: file.name.clone(),
                sha256: found.sha256,
                bytes: found.stamp.bytes,
                media_type,
                kind,
                width,
                height,
                storage: found.storage,
                label: file.label.clone(),
                text,
                located,
            })
        })
        .collect();
    item
}

/// JSON as people read it, ending in a line feed.
pub fn pretty<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Text, numbers and lists: there is nothing in it that JSON cannot say.
    let mut json = serde_json::to_vec_pretty(value).unwrap_or_default();
    json.push(b'\n');
    json
}
