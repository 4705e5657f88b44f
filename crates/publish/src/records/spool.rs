//! Data of all items in a temporary file.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use khizana_format::WriteError;

use crate::PublishError;

/// Size from which data that has been added is written to the file, in bytes.
const BUFFER_SIZE: usize = 1 << 20;

/// Keeps a byte string for each item in a temporary file, so that memory does not grow with the number of records.
pub(super) struct Spool {
    /// The folder of the temporary file. The file has no name, so it disappears even if the process is killed.
    folder: PathBuf,
    file: Mutex<File>,
    /// The length of the file.
    written: u64,
    /// The data that follows that in the file.
    buffer: Vec<u8>,
    /// The position of the data of each item in the file, by item number.
    starts: Vec<u64>,
    /// The length of the data of each item, by item number.
    lengths: Vec<u32>,
}

impl Spool {
    /// Creates a spool for items with the numbers below `items`, whose data is empty. The temporary file is in
    /// `folder`, which is created.
    pub(super) fn new(folder: &Path, items: u32) -> Result<Spool, PublishError> {
        let create = || {
            std::fs::create_dir_all(folder)?;
            tempfile::tempfile_in(folder)
        };
        Ok(Spool {
            file: Mutex::new(create().map_err(PublishError::write(folder))?),
            folder: folder.to_owned(),
            written: 0,
            buffer: Vec::new(),
            starts: vec![0; items as usize],
            lengths: vec![0; items as usize],
        })
    }

    /// Sets the data of an item. Previous data of the item is no longer returned, but remains in the file.
    pub(super) fn set(&mut self, number: u32, data: &[u8]) -> Result<(), PublishError> {
        let start = self.written + self.buffer.len() as u64;
        self.buffer.extend_from_slice(data);
        let index = number as usize;
        if let (Some(slot), Some(length)) =
            (self.starts.get_mut(index), self.lengths.get_mut(index))
        {
            (*slot, *length) = (start, data.len() as u32);
        }
        if self.buffer.len() >= BUFFER_SIZE {
            let file = self.file.get_mut();
            let file = file.unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(self.written))
                .and_then(|_| file.write_all(&self.buffer))
                .map_err(PublishError::write(&self.folder))?;
            self.written += self.buffer.len() as u64;
            self.buffer.clear();
        }
        Ok(())
    }

    /// Returns the number of items.
    pub(super) fn len(&self) -> usize {
        self.starts.len()
    }

    /// Returns the data of an item. It is empty if it has not been set.
    pub(super) fn get(&self, number: u32) -> Result<Vec<u8>, PublishError> {
        self.read(number).map_err(PublishError::write(&self.folder))
    }

    /// Returns the data of an item like [`get`](Spool::get), for the writer of the index.
    pub(super) fn get_indexed(&self, number: u32) -> Result<Vec<u8>, WriteError> {
        self.read(number).map_err(|source| WriteError::Io {
            path: self.folder.display().to_string(),
            source,
        })
    }

    fn read(&self, number: u32) -> std::io::Result<Vec<u8>> {
        let start = self.starts.get(number as usize).copied();
        let length = self.lengths.get(number as usize).copied();
        let (Some(start), Some(length)) = (start, length) else {
            return Ok(Vec::new());
        };
        if let Some(start) = start.checked_sub(self.written) {
            let start = start as usize;
            let buffered = self.buffer.get(start..start + length as usize);
            return Ok(buffered.unwrap_or_default().to_vec());
        }
        let mut data = vec![0; length as usize];
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut data)?;
        Ok(data)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn returns_the_last_data_of_each_item() {
        let folder = tempfile::tempdir().unwrap();
        let mut spool = Spool::new(folder.path(), 300).unwrap();
        let data = |number: u32, version: u8| vec![version; 10_000 + number as usize];
        for number in (0..299).rev() {
            spool.set(number, &data(number, 1)).unwrap();
        }
        for number in [7, 250] {
            spool.set(number, &data(number, 2)).unwrap();
        }
        for number in 0..299 {
            let version = if [7, 250].contains(&number) { 2 } else { 1 };
            assert_eq!(spool.get(number).unwrap(), data(number, version));
        }
        assert!(spool.get(299).unwrap().is_empty() && spool.get(300).unwrap().is_empty());
        assert_eq!(spool.len(), 300);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
