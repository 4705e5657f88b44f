//! The configuration of the archive, a copy of which is kept in the store: `khizana.toml`, and the pages, logos and other
//! files that belong to it.

use std::collections::BTreeMap;

use khizana_model::Hash;
use sha2::{Digest, Sha256};

use super::{Content, ObjectId, Store, StoreError, Writer};
use crate::config::ConfigurationFiles;

impl Store {
    /// Returns the files of the configuration in the store, after checking their digests. Returns `None` if
    /// the store contains none.
    ///
    /// # Errors
    /// Returns an error if the object is damaged or cannot be read.
    pub fn configuration(&self) -> Result<Option<ConfigurationFiles>, StoreError> {
        let Some(object) = self.object(&ObjectId::Configuration)? else {
            return Ok(None);
        };
        let Some(head) = object.inventory.head_version() else {
            return Ok(None);
        };
        let mut files = Vec::new();
        for name in head.state.values().flatten() {
            object.check(name)?;
            let path = object.file(name)?;
            let content = std::fs::read(&path).map_err(StoreError::io("read", &path))?;
            files.push((name.clone(), content));
        }
        files.sort_unstable();
        Ok(Some(files))
    }

    /// Returns `true` if the newest configuration in the store consists of `files`. Only compares digests.
    pub fn has_configuration(&self, files: &ConfigurationFiles) -> bool {
        let object = self.object(&ObjectId::Configuration).ok().flatten();
        let head = object
            .as_ref()
            .and_then(|object| object.inventory.head_version());
        let Some(head) = head else {
            return false;
        };
        let names = head.state.iter();
        let stored: BTreeMap<&str, Hash> = names
            .flat_map(|(digest, names)| names.iter().map(|name| (name.as_str(), *digest)))
            .collect();
        let digest = |bytes: &[u8]| Hash(Sha256::digest(bytes).into());
        stored.len() == files.len()
            && files
                .iter()
                .all(|(name, bytes)| stored.get(name.as_str()) == Some(&digest(bytes)))
    }
}

impl Writer {
    /// Adds a configuration to the store, unless it is the newest one already.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read or written.
    pub fn put_configuration(&self, files: ConfigurationFiles) -> Result<(), StoreError> {
        let files = files.into_iter();
        let files = files.map(|(name, bytes)| (name, Content::Bytes(bytes)));
        self.put(&ObjectId::Configuration, files.collect(), "Configuration")?;
        Ok(())
    }
}
