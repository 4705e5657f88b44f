//! A file that names the computer that is writing to an archive on a network disk.
//!
//! Locks do not exclude the processes of other computers on all network disks. Creating a file that must not
//! exist does.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::StoreError;

/// The name of the file in the work folder.
pub const WRITER_FILE: &str = "writer";

/// The file, which is removed when this value is dropped.
#[derive(Debug)]
pub struct WriterFile {
    path: PathBuf,
}

impl WriterFile {
    /// Creates the file in the work folder `work`. The lock must be held already: it excludes other processes
    /// of this computer, so a file of this computer was left by a process that was killed.
    ///
    /// # Errors
    /// Returns [`StoreError::InUseElsewhere`] if another computer has created the file.
    pub fn create(work: &Path, computer: &str) -> Result<Self, StoreError> {
        let path = work.join(WRITER_FILE);
        let write = |mut file: File| {
            file.write_all(computer.as_bytes())
                .and_then(|()| file.sync_all())
                .map_err(StoreError::io("write", &path))
        };
        match File::create_new(&path) {
            Ok(file) => write(file)?,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let other = fs::read_to_string(&path).unwrap_or_default();
                if other != computer {
                    return Err(StoreError::InUseElsewhere {
                        path,
                        computer: khizana_model::printable(&other),
                    });
                }
            }
            Err(error) => return Err(StoreError::io("write", &path)(error)),
        }
        Ok(WriterFile { path })
    }
}

impl Drop for WriterFile {
    fn drop(&mut self) {
        // A file that remains is reported to the next computer that wants to write.
        let _ = fs::remove_file(&self.path);
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn excludes_other_computers_until_it_is_dropped() {
        let work = tempfile::tempdir().unwrap();
        let first = WriterFile::create(work.path(), "one").unwrap();
        let error = WriterFile::create(work.path(), "two").unwrap_err();
        assert_eq!(error.code(), "archive-in-use");
        assert!(error.to_string().contains("`one`"), "{error}");
        assert!(error.hint().contains("delete the file"), "{}", error.hint());
        drop(first);
        let second = WriterFile::create(work.path(), "two").unwrap();
        // A process of the same computer was killed.
        std::mem::forget(second);
        WriterFile::create(work.path(), "two").unwrap();
    }
}
