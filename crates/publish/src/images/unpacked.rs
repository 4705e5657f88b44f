//! Originals as files that a decoder can seek in.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use khizana_media::{ImageFile, MediaError};
use khizana_model::{Hash, Storage};
use khizana_pdf::{Document, PdfError};
use khizana_store::Store;

use crate::PublishError;
use crate::records::plan::Picture;

/// An original as a file: the stored one, or a copy where that is packed.
pub(crate) struct Unpacked {
    path: PathBuf,
    /// Where the copy is, which goes with it.
    _folder: Option<tempfile::TempDir>,
    document: OnceLock<Result<Document, PdfError>>,
    image: OnceLock<ImageFile>,
}

impl Unpacked {
    fn new(path: PathBuf, folder: Option<tempfile::TempDir>) -> Unpacked {
        Unpacked {
            path,
            _folder: folder,
            document: OnceLock::new(),
            image: OnceLock::new(),
        }
    }

    /// The original as an image, which is opened once for all its pages.
    pub(crate) fn image(&self) -> Result<&ImageFile, MediaError> {
        if let Some(image) = self.image.get() {
            return Ok(image);
        }
        let image = ImageFile::open(&self.path)?;
        Ok(self.image.get_or_init(|| image))
    }

    /// It as a PDF, which is opened once for all its pages.
    pub(crate) fn document(&self) -> Result<&Document, &PdfError> {
        let document = || Document::open(&self.path);
        self.document.get_or_init(document).as_ref()
    }
}

/// The originals that are being decoded. The pages of one are made from one copy, by however many
/// threads; it goes when the last of them is done.
pub(crate) struct Originals<'a> {
    store: &'a Store,
    known: BTreeMap<Hash, Mutex<State>>,
}

/// Of an original.
#[derive(Default)]
struct State {
    /// How many of its pages are not done yet.
    left: u32,
    file: Option<Arc<Unpacked>>,
}

impl<'a> Originals<'a> {
    /// Those of which these are the pages.
    pub(crate) fn of(store: &'a Store, pages: impl Iterator<Item = Hash>) -> Self {
        let mut known: BTreeMap<Hash, Mutex<State>> = BTreeMap::new();
        for hash in pages {
            let state = known.entry(hash).or_default();
            state.get_mut().unwrap_or_else(PoisonError::into_inner).left += 1;
        }
        Originals { store, known }
    }

    /// The original of a picture; another thread that wants the same one waits until it is there.
    pub(crate) fn open(&self, picture: &Picture) -> Result<Arc<Unpacked>, PublishError> {
        let Some(state) = self.known.get(&picture.media.sha256) else {
            return self.unpack(picture).map(Arc::new);
        };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &state.file {
            return Ok(file.clone());
        }
        let file = Arc::new(self.unpack(picture)?);
        state.file = Some(file.clone());
        Ok(file)
    }

    /// Comes once for each page, when all is made of it.
    pub(crate) fn done(&self, hash: &Hash) {
        if let Some(state) = self.known.get(hash) {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.left = state.left.saturating_sub(1);
            if state.left == 0 {
                state.file = None;
            }
        }
    }

    fn unpack(&self, picture: &Picture) -> Result<Unpacked, PublishError> {
        let media = &*picture.media;
        match media.storage {
            Storage::Raw => {
                let path = self.store.stored_path(&picture.item, media.into())?;
                Ok(Unpacked::new(path, None))
            }
            Storage::Zstd => {
                let folder =
                    tempfile::tempdir().map_err(PublishError::write(&std::env::temp_dir()))?;
                let path = folder.path().join("original");
                self.store.copy_original(&picture.item, media, &path)?;
                Ok(Unpacked::new(path, Some(folder)))
            }
        }
    }
}
