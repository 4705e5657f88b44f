//! Files outside the store that may have the content of damaged files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use khizana_model::Hash;

use crate::catalogue::recorded_store;
use crate::ocfl::{Content, HashingReader, Store, StoreError, Writer, check_file, list};

/// A place that may have the content of damaged files.
pub(super) struct Candidates(Place);

enum Place {
    Nowhere,
    Store(Store),
    /// The folder of a published site.
    Site(PathBuf),
    Source(Source),
}

/// The files of a source, which are hashed when a file with their length is looked for.
struct Source {
    files: Mutex<Vec<SourceFile>>,
}

struct SourceFile {
    path: PathBuf,
    bytes: u64,
    sha256: Option<Hash>,
}

impl Candidates {
    /// Finds out what kind of place a folder is.
    ///
    /// # Errors
    /// Returns an error if the folder cannot be read.
    pub(super) fn new(from: Option<&Path>) -> Result<Self, StoreError> {
        let Some(from) = from else {
            return Ok(Candidates(Place::Nowhere));
        };
        if let Ok(store) = Store::open_root(from).or_else(|_| Store::open(from)) {
            return Ok(Candidates(Place::Store(store)));
        }
        if from.join("archive.json").is_file() {
            return Ok(Candidates(Place::Site(from.to_owned())));
        }
        let mut files = Vec::new();
        let mut ahead = vec![from.to_owned()];
        while let Some(folder) = ahead.pop() {
            for entry in list(&folder)? {
                if entry.is_dir {
                    ahead.push(entry.path);
                } else if let Ok(metadata) = std::fs::metadata(&entry.path)
                    && metadata.is_file()
                {
                    files.push(SourceFile {
                        path: entry.path,
                        bytes: metadata.len(),
                        sha256: None,
                    });
                }
            }
        }
        let files = Mutex::new(files);
        Ok(Candidates(Place::Source(Source { files })))
    }

    /// Returns the objects of the place if it is a store, relative to its root.
    ///
    /// # Errors
    /// Returns an error if the store cannot be listed.
    pub(super) fn objects(&self) -> Result<BTreeSet<PathBuf>, StoreError> {
        let mut objects = BTreeSet::new();
        if let Place::Store(store) = &self.0 {
            for object in store.objects()? {
                let object = object?.path;
                let object = object.strip_prefix(store.root()).unwrap_or(&object);
                objects.insert(object.to_owned());
            }
        }
        Ok(objects)
    }

    /// Returns `true` if the place is a store whose states contain the state that the catalogue of an
    /// archive was made from, so that the store is a copy of that of the archive.
    pub(super) fn has_states_of(&self, archive: &Path) -> bool {
        let Place::Store(store) = &self.0 else {
            return false;
        };
        let recorded = recorded_store(archive).state;
        let states = store.states();
        recorded.is_some_and(|state| states.is_ok_and(|states| states.contains(&state)))
    }

    /// Returns the path of a file in the store, if the place is a store and has the file. `relative` is
    /// relative to the storage root.
    pub(super) fn stored_file(&self, relative: &Path) -> Option<PathBuf> {
        match &self.0 {
            Place::Store(store) => Some(store.root().join(relative)).filter(|path| path.is_file()),
            _ => None,
        }
    }

    /// Returns a file of a source or a site with a digest.
    pub(super) fn original(&self, sha256: Hash, bytes: u64) -> Option<PathBuf> {
        match &self.0 {
            Place::Site(site) => {
                let folder = site.join("f").join(sha256.to_string());
                let files = list(&folder).ok()?.into_iter();
                let mut files = files.filter(|entry| check_file(&entry.path, sha256).is_ok());
                files.next().map(|entry| entry.path)
            }
            Place::Source(source) => {
                let mut files = source
                    .files
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner);
                for file in files.iter_mut().filter(|file| file.bytes == bytes) {
                    if file.sha256.is_none() {
                        file.sha256 = digest_of(&file.path);
                    }
                    if file.sha256 == Some(sha256) {
                        return Some(file.path.clone());
                    }
                }
                None
            }
            Place::Nowhere | Place::Store(_) => None,
        }
    }

    /// Stages an original so that it has the digest that the store expects. Returns `None` if it is
    /// compressed to other bytes than before, for example by another version of zstd.
    ///
    /// # Errors
    /// Returns an error if the staged file cannot be written.
    pub(super) fn stage(
        writer: &Writer,
        original: &Path,
        expected: Hash,
    ) -> Result<Option<Content>, StoreError> {
        for raw_only in [false, true] {
            let staged = match writer.stage_original(original, raw_only) {
                Ok(staged) => staged.staged,
                Err(crate::ocfl::StageError::Store(error)) => return Err(error),
                Err(_) => return Ok(None),
            };
            if staged.digest == expected {
                return Ok(Some(Content::Staged(staged)));
            }
        }
        Ok(None)
    }
}

fn digest_of(path: &Path) -> Option<Hash> {
    let reader = HashingReader::open(path).ok()?;
    reader.finish().ok().map(|(digest, _)| digest)
}
