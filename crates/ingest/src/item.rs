//! One item into the store: its files, then its record, then a version of its object.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_model::{Hash, Item, LangMap, Media, MediaKind, Storage, TextFile, Track};
use rayon::prelude::*;

use super::companions::{TrackFacts, late, look_at_poster, look_at_track, misplaced};
use super::facts::{Facts, Place, measure, undecoded};
use super::{contents, page_text};
use khizana_media::PixelGate;
use khizana_model::{Problem, Severity};
use khizana_source::{Described, FileRef, TextRef};
use khizana_store::catalogue::{Held, HeldFile};
use khizana_store::ocfl::{
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
    /// What was found of it as a track, where it was looked at as one.
    track: Option<TrackFacts>,
    content: Content,
    was_read: bool,
}

/// Facts of a file measured now, or those of the record.
enum FileFacts {
    Measured(Box<Facts>),
    Known(Box<Media>),
    /// A text or a track: its record needs none.
    Unneeded,
}

impl FileFacts {
    fn kind(&self) -> MediaKind {
        match self {
            FileFacts::Measured(facts) => facts.kind,
            FileFacts::Known(media) => media.kind,
            FileFacts::Unneeded => MediaKind::Text,
        }
    }

    /// How long a recording lasts, in milliseconds.
    fn duration_ms(&self) -> Option<u64> {
        match self {
            FileFacts::Measured(facts) => facts.duration_ms,
            FileFacts::Known(media) => media.duration_ms,
            FileFacts::Unneeded => None,
        }
    }

    /// How many canvases the file becomes.
    fn canvases(&self) -> u32 {
        match self {
            FileFacts::Measured(facts) => facts.pages.unwrap_or(1),
            FileFacts::Known(media) => media.canvases(),
            FileFacts::Unneeded => 1,
        }
    }

    /// Width and height in pixels.
    fn size(&self) -> Option<(u32, u32)> {
        match self {
            FileFacts::Measured(facts) => facts.width.zip(facts.height),
            FileFacts::Known(media) => media.width.zip(media.height),
            FileFacts::Unneeded => None,
        }
    }
}

/// A file to be looked at: one, however often the item names it.
struct Ask<'a> {
    path: &'a Path,
    /// A file of its own, or a poster.
    is_media: bool,
    is_poster: bool,
    is_text: bool,
    is_track: bool,
}

impl<'a> Ask<'a> {
    fn of(path: &'a Path) -> Self {
        Ask {
            path,
            is_media: false,
            is_poster: false,
            is_text: false,
            is_track: false,
        }
    }
}

/// What is to be looked at, by its name.
fn asks(files: &[FileRef]) -> BTreeMap<&str, Ask<'_>> {
    let mut asks = BTreeMap::new();
    for file in files {
        let own = asks.entry(file.name.as_str());
        own.or_insert_with(|| Ask::of(&file.path)).is_media = true;
        if let Some(text) = &file.text {
            let own = asks.entry(&text.name);
            own.or_insert_with(|| Ask::of(&text.path)).is_text = true;
        }
        for track in &file.tracks {
            let own = asks.entry(&track.file.name);
            own.or_insert_with(|| Ask::of(&track.file.path)).is_track = true;
        }
        if let Some(poster) = &file.poster {
            let own = asks.entry(&poster.name);
            let own = own.or_insert_with(|| Ask::of(&poster.path));
            own.is_media = true;
            own.is_poster = true;
        }
    }
    asks
}

/// Takes an item's files in, those that changed, and puts a version into the store if anything did.
pub fn take_in(writer: &Writer, gate: &PixelGate, job: Job) -> Result<Done, Failure> {
    let id = job.described.item.id.clone();
    let object_id = ObjectId::Item(id.clone());
    let object = match job.held {
        Some(_) => writer.store().object(&object_id).map_err(Failure::Store)?,
        None => None,
    };

    let asks = asks(&job.described.files);
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
    let place = |name| Place {
        name,
        line: job.line,
        item: id.as_str(),
    };
    let mut warnings = Vec::new();
    for problem in noticed(&job.described.files, &asks, &taken, place) {
        match problem.severity {
            Severity::Error => problems.push(problem),
            Severity::Warning => warnings.push(problem),
        }
    }
    if problems.is_empty() {
        let canvases = job.described.files.iter().filter_map(|file| {
            let found = taken.get(file.name.as_str())?;
            Some(found.facts.canvases())
        });
        problems.extend(contents::beyond(&job.described, job.line, canvases.sum()));
    }
    if !problems.is_empty() {
        return Err(Failure::Rejected(problems));
    }

    let mut item = record(&job.described, &taken);
    crate::embedded::complete(&mut item, &job.described);
    let held_files = files_of(&item)
        .map(|file| HeldFile {
            name: file.name.to_owned(),
            bytes: file.bytes,
            mtime_ns: taken.get(file.name).map(|taken| taken.stamp.mtime_ns),
            sha256: file.sha256,
            storage: file.storage,
        })
        .collect();
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

/// What is to be said of the files that were taken: of each by itself, then of what belongs together.
fn noticed<'a>(
    files: &'a [FileRef],
    asks: &BTreeMap<&'a str, Ask<'_>>,
    taken: &BTreeMap<&str, Taken>,
    place: impl Fn(&'a str) -> Place<'a>,
) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, ask) in asks {
        let Some(found) = taken.get(name) else {
            continue;
        };
        if let Some(track) = &found.track {
            problems.extend(track.problems.iter().cloned());
        }
        match &found.facts {
            FileFacts::Measured(facts) => {
                problems.extend(facts.warnings.iter().cloned());
                problems.extend(
                    ask.is_poster
                        .then(|| look_at_poster(facts, place(name)))
                        .flatten(),
                );
            }
            // That it cannot be shown is said of a file that did not change, too.
            FileFacts::Known(media) => problems
                .extend(undecoded(media).map(|why| place(name).not_shown(&media.media_type, why))),
            FileFacts::Unneeded => {}
        }
    }
    for file in files {
        let Some(found) = taken.get(file.name.as_str()) else {
            continue;
        };
        problems.extend(misplaced(file, found.facts.kind(), place(&file.name)));
        let duration = found.facts.duration_ms();
        for track in &file.tracks {
            let name = track.file.name.as_str();
            let facts = taken.get(name).and_then(|found| found.track.as_ref());
            problems.extend(facts.and_then(|facts| late(facts, duration, place(name))));
        }
        let page = file.text.as_ref().and_then(|text| {
            let page = taken.get(text.name.as_str())?.page.as_ref()?;
            Some((page, place(&text.name)))
        });
        if let Some((page, place)) = page {
            problems.append(&mut page_text::warnings(page, found.facts.size(), place));
        }
    }
    page_text::fold(&mut problems);
    problems
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
    let posters = || {
        item.media
            .iter()
            .filter_map(|media| media.poster.as_deref())
    };
    let facts = if ask.is_media {
        let mut all = item.media.iter().chain(posters());
        FileFacts::Known(Box::new(all.find(|media| media.name == name)?.clone()))
    } else {
        FileFacts::Unneeded
    };
    // A file that was no text, track or poster until now has not been looked at as one.
    let was_text = || {
        let mut texts = item.media.iter().filter_map(|media| media.text.as_ref());
        texts.any(|text| text.name == name)
    };
    let was_track = || {
        let mut tracks = item.media.iter().flat_map(|media| &media.tracks);
        tracks.any(|track| track.file.name == name)
    };
    let was_poster = || posters().any(|poster| poster.name == name);
    if (ask.is_text && !was_text())
        || (ask.is_track && !was_track())
        || (ask.is_poster && !was_poster())
    {
        return None;
    }
    Some(Taken {
        sha256: file.sha256,
        storage: file.storage,
        stamp,
        facts,
        page: None,
        track: None,
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
        utf8: ask.is_text || ask.is_track,
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
        let facts = measure(ask.path, gate, place).map_err(|problem| reject(*problem))?;
        FileFacts::Measured(Box::new(facts))
    } else {
        FileFacts::Unneeded
    };
    let page = if ask.is_text {
        page_text::look(ask.path, place).map_err(|problem| reject(*problem))?
    } else {
        None
    };
    let track = ask.is_track.then(|| look_at_track(ask.path, place));
    let track = track.transpose().map_err(|problem| reject(*problem))?;
    let staged: Staged = taken.staged;
    Ok(Taken {
        sha256: taken.sha256,
        storage: taken.storage,
        stamp: taken.stamp,
        facts,
        page,
        track,
        content: Content::Staged(staged),
        was_read: true,
    })
}

/// The record: the description with what was found of the files.
fn record(described: &Described, taken: &BTreeMap<&str, Taken>) -> Item {
    let mut item = described.item.clone();
    let media = described.files.iter().filter_map(|file| {
        let tracks = file.tracks.iter().filter_map(|track| {
            Some(Track {
                kind: track.kind,
                file: text(&track.file, taken)?,
            })
        });
        Some(Media {
            label: file.label.clone(),
            text: file.text.as_ref().and_then(|own| text(own, taken)),
            tracks: tracks.collect(),
            poster: file
                .poster
                .as_ref()
                .and_then(|poster| media(&poster.name, taken))
                .map(Box::new),
            ..media(&file.name, taken)?
        })
    });
    item.media = media.collect();
    item
}

/// A text or a track, as the record names it.
fn text(file: &TextRef, taken: &BTreeMap<&str, Taken>) -> Option<TextFile> {
    let found = taken.get(file.name.as_str())?;
    Some(TextFile {
        name: file.name.clone(),
        sha256: found.sha256,
        bytes: found.stamp.bytes,
        language: file.language.clone(),
        storage: found.storage,
    })
}

/// A file by itself, as the record names it.
fn media(name: &str, taken: &BTreeMap<&str, Taken>) -> Option<Media> {
    let found = taken.get(name)?;
    let media = match &found.facts {
        FileFacts::Measured(facts) => Media {
            name: name.to_owned(),
            sha256: found.sha256,
            bytes: found.stamp.bytes,
            media_type: facts.media_type.clone(),
            kind: facts.kind,
            width: facts.width,
            height: facts.height,
            pages: facts.pages,
            duration_ms: facts.duration_ms,
            waveform: facts.waveform.clone(),
            located: facts.located,
            storage: found.storage,
            label: LangMap::new(),
            text: None,
            tracks: Vec::new(),
            poster: None,
        },
        FileFacts::Known(known) => Media {
            sha256: found.sha256,
            bytes: found.stamp.bytes,
            storage: found.storage,
            label: LangMap::new(),
            text: None,
            tracks: Vec::new(),
            poster: None,
            ..(**known).clone()
        },
        FileFacts::Unneeded => return None,
    };
    Some(media)
}

/// JSON as people read it, ending in a line feed.
pub fn pretty<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Text, numbers and lists: there is nothing in it that JSON cannot say.
    let mut json = serde_json::to_vec_pretty(value).unwrap_or_default();
    json.push(b'\n');
    json
}
