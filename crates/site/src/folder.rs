//! Reading of a published archive from a local folder.

use std::path::{Path, PathBuf};

use khizana_format::{Fetch, FetchError};

/// A reader of the files of a site in a folder.
pub struct Folder(PathBuf);

impl Folder {
    /// Creates a reader for the site in the folder `root`.
    pub fn new(root: &Path) -> Self {
        Folder(root.to_owned())
    }
}

impl Fetch for Folder {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        std::fs::read(self.0.join(path)).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => FetchError::NotFound(path.to_owned()),
            _ => FetchError::Unreachable {
                path: path.to_owned(),
                reason: error.to_string(),
            },
        })
    }
}
