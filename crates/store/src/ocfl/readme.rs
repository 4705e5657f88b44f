//! The text file in the storage root that explains how to read the store without Khizana.

use std::path::Path;

use super::StoreError;
use super::durable;

/// The file name. OCFL allows other files in a storage root.
pub const README_FILE: &str = "README.txt";

/// The text, which ends with a shell script that copies all originals out of the store.
pub const README: &str = include_str!("README.txt");

/// Returns `true` if the storage root `root` contains the text of this version of Khizana.
pub(crate) fn is_current(root: &Path) -> bool {
    std::fs::read(root.join(README_FILE)).is_ok_and(|found| found == README.as_bytes())
}

/// Writes the text to the storage root `root`, by way of the free path `staged` on the same file system.
pub(crate) fn write(root: &Path, staged: &Path) -> Result<(), StoreError> {
    durable::write_file(staged, README.as_bytes())?;
    durable::rename(staged, &root.join(README_FILE))?;
    durable::sync_dir(root)
}
