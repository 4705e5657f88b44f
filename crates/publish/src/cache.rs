//! What was learnt when derivatives were made, so that the next publication need not decode again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use khizana_format::Image;
use khizana_model::json;

use crate::PublishError;

/// `ARCHIVE/cache/derivatives.jsonl`: an image a line. It can be deleted at any time.
pub(crate) struct DerivativeCache {
    path: PathBuf,
    known: BTreeMap<String, Image>,
}

impl DerivativeCache {
    /// Reads the cache; lines that cannot be read are as if they were not there.
    pub(crate) fn open(archive: &Path) -> Self {
        let path = archive.join("cache").join("derivatives.jsonl");
        let known = fs::read_to_string(&path)
            .unwrap_or_default()
            .lines()
            .filter_map(|line| json::from_slice::<Image>(line.as_bytes()).ok())
            .map(|image| (image.key.clone(), image))
            .collect();
        DerivativeCache { path, known }
    }

    /// What is known of an image.
    pub(crate) fn get(&self, key: &str) -> Option<&Image> {
        self.known.get(key)
    }

    /// Keeps exactly these images for the next time.
    pub(crate) fn keep(self, images: &[Image]) -> Result<(), PublishError> {
        let known: BTreeMap<&str, &Image> = images
            .iter()
            .map(|image| (image.key.as_str(), image))
            .collect();
        let unchanged = known.len() == self.known.len()
            && known
                .iter()
                .all(|(key, image)| self.known.get(*key) == Some(*image));
        if unchanged {
            return Ok(());
        }
        let mut lines = String::new();
        for image in known.values() {
            let line = serde_json::to_string(image).map_err(PublishError::record(&image.key))?;
            lines.push_str(&line);
            lines.push('\n');
        }
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder).map_err(PublishError::write(folder))?;
        }
        let temporary = self.path.with_extension("tmp");
        fs::write(&temporary, lines).map_err(PublishError::write(&temporary))?;
        fs::rename(&temporary, &self.path).map_err(PublishError::write(&self.path))
    }
}
