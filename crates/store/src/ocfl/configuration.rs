//! The configuration of the archive, a copy of which is kept in the store.

use khizana_model::Hash;
use sha2::{Digest, Sha256};

use super::{CONFIGURATION_FILE, Content, ObjectId, Store, StoreError, Writer};

impl Store {
    /// Returns the configuration in the store, after checking its digest. Returns `None` if the store
    /// contains none.
    ///
    /// # Errors
    /// Returns an error if the object is damaged or cannot be read.
    pub fn configuration(&self) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(object) = self.object(&ObjectId::Configuration)? else {
            return Ok(None);
        };
        object.check(CONFIGURATION_FILE)?;
        let path = object.file(CONFIGURATION_FILE)?;
        std::fs::read(&path)
            .map(Some)
            .map_err(StoreError::io("read", &path))
    }

    /// Returns `true` if the newest configuration in the store is `text`. Only compares digests.
    pub fn has_configuration(&self, text: &[u8]) -> bool {
        let object = self.object(&ObjectId::Configuration).ok().flatten();
        let head = object
            .as_ref()
            .and_then(|object| object.inventory.head_version());
        head.and_then(|head| head.digest_of(CONFIGURATION_FILE))
            .is_some_and(|digest| digest == Hash(Sha256::digest(text).into()))
    }
}

impl Writer {
    /// Adds a configuration to the store, unless it is the newest one already.
    ///
    /// # Errors
    /// Returns an error if the store cannot be read or written.
    pub fn put_configuration(&self, text: &[u8]) -> Result<(), StoreError> {
        let content = Content::Bytes(text.to_vec());
        let files = vec![(CONFIGURATION_FILE.to_owned(), content)];
        self.put(&ObjectId::Configuration, files, "Configuration")?;
        Ok(())
    }
}
