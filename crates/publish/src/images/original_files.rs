//! Originals as files in which decoders can seek.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use khizana_media::{ImageFile, MediaError};
use khizana_model::Hash;
use khizana_pdf::{Document, PdfError};

use crate::PublishError;
use crate::reader::Reader;
use crate::records::plan::SourcePage;

/// An original as a file: the stored file or a decompressed copy.
pub(crate) struct OriginalFile {
    path: PathBuf,
    /// The folder of the decompressed copy. It is removed when the value is dropped.
    _folder: Option<tempfile::TempDir>,
    document: OnceLock<Result<Document, PdfError>>,
    image: OnceLock<ImageFile>,
}

impl OriginalFile {
    fn new(path: PathBuf, folder: Option<tempfile::TempDir>) -> OriginalFile {
        OriginalFile {
            path,
            _folder: folder,
            document: OnceLock::new(),
            image: OnceLock::new(),
        }
    }

    /// Returns the original as an image. The first call opens it.
    pub(crate) fn image(&self) -> Result<&ImageFile, MediaError> {
        if let Some(image) = self.image.get() {
            return Ok(image);
        }
        let image = ImageFile::open(&self.path)?;
        Ok(self.image.get_or_init(|| image))
    }

    /// Returns the original as a PDF document. The first call opens it.
    pub(crate) fn document(&self) -> Result<&Document, &PdfError> {
        let document = || Document::open(&self.path);
        self.document.get_or_init(document).as_ref()
    }
}

/// The originals that are being decoded. All threads that decode pages of an original share one
/// [`OriginalFile`], which is dropped after its last page.
pub(crate) struct OriginalFiles<'a> {
    reader: Reader<'a>,
    originals: BTreeMap<Hash, Mutex<OriginalState>>,
}

#[derive(Default)]
struct OriginalState {
    /// Number of pages that have not been decoded yet.
    remaining_pages: u32,
    file: Option<Arc<OriginalFile>>,
}

impl<'a> OriginalFiles<'a> {
    /// Creates the set of originals. `pages` returns the hash of the original of each page that
    /// will be decoded, once per page.
    pub(crate) fn new(reader: Reader<'a>, pages: impl Iterator<Item = Hash>) -> Self {
        let mut originals: BTreeMap<Hash, Mutex<OriginalState>> = BTreeMap::new();
        for hash in pages {
            let state = originals.entry(hash).or_default();
            state
                .get_mut()
                .unwrap_or_else(PoisonError::into_inner)
                .remaining_pages += 1;
        }
        OriginalFiles { reader, originals }
    }

    /// Returns the original of a page. Blocks while another thread decompresses it.
    pub(crate) fn open(&self, source: &SourcePage) -> Result<Arc<OriginalFile>, PublishError> {
        let Some(state) = self.originals.get(&source.media.sha256) else {
            return self.create_file(source).map(Arc::new);
        };
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = &state.file {
            return Ok(file.clone());
        }
        let file = Arc::new(self.create_file(source)?);
        state.file = Some(file.clone());
        Ok(file)
    }

    /// Releases the original of a page. Must be called once for each page.
    pub(crate) fn release(&self, hash: &Hash) {
        if let Some(state) = self.originals.get(hash) {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.remaining_pages = state.remaining_pages.saturating_sub(1);
            if state.remaining_pages == 0 {
                state.file = None;
            }
        }
    }

    fn create_file(&self, source: &SourcePage) -> Result<OriginalFile, PublishError> {
        let (path, folder) = self.reader.file(&source.item, &source.media)?;
        Ok(OriginalFile::new(path, folder))
    }
}
