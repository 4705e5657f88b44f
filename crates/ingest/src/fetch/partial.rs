//! Downloads in the folder `fetch` of an archive: parts of files, complete files, and their descriptions.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use khizana_model::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::FetchError;

/// The description of a download, in the JSON file next to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    /// The URL of the file.
    pub url: String,
    /// The entity tag or the modification time of the file, with which the rest of it can be requested.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validator: Option<String>,
    /// Length of the complete file in bytes, if the server announced it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// SHA-256 of the file, once it is complete.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Hash>,
}

/// A download: `KEY.part` or, once it is complete, `KEY.file`, and `KEY.json`.
#[derive(Debug)]
pub struct Download {
    part: PathBuf,
    file: PathBuf,
    json: PathBuf,
    pub description: Description,
}

impl Download {
    /// Opens the download of a URL in a folder. A download of another URL is removed.
    pub fn open(folder: &Path, url: &str) -> Download {
        let key = key(url);
        let path = |extension: &str| folder.join(format!("{key}.{extension}"));
        let mut download = Download {
            part: path("part"),
            file: path("file"),
            json: path("json"),
            description: Description::default(),
        };
        let json = fs::read(&download.json).unwrap_or_default();
        match serde_json::from_slice::<Description>(&json) {
            Ok(description) if description.url == url => download.description = description,
            // A part without a description cannot be continued.
            _ => download.remove(),
        }
        download.description.url = url.to_owned();
        download
    }

    /// Returns the path of the complete file.
    pub fn path(&self) -> &Path {
        &self.file
    }

    /// Returns the path of the part.
    pub fn part(&self) -> &Path {
        &self.part
    }

    /// Returns `true` if the file is complete and has the length and the SHA-256 in its description. A
    /// file that has changed is removed.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read.
    pub fn is_complete(&mut self) -> Result<bool, FetchError> {
        let Some(sha256) = self.description.sha256 else {
            return Ok(false);
        };
        match hash(&self.file) {
            Ok(found) if found == sha256 => return Ok(true),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(FetchError::local(&self.file)(error)),
        }
        self.remove();
        Ok(false)
    }

    /// Returns the number of bytes that have been received, and the validator of the file. Returns `None`
    /// if the download cannot be continued.
    pub fn received(&self) -> Option<(u64, &str)> {
        let validator = self.description.validator.as_deref()?;
        let bytes = fs::metadata(&self.part).map_or(0, |file| file.len());
        (bytes > 0).then_some((bytes, validator))
    }

    /// Writes the description, and opens the part for writing: at its end if the download is continued,
    /// otherwise empty.
    ///
    /// # Errors
    /// Returns an error if a file cannot be written.
    pub fn begin(&self, is_continued: bool) -> Result<File, FetchError> {
        self.write_description()?;
        let mut options = OpenOptions::new();
        match is_continued {
            true => options.append(true),
            false => options.write(true).create(true).truncate(true),
        };
        options
            .open(&self.part)
            .map_err(FetchError::local(&self.part))
    }

    /// Marks the part as the complete file.
    ///
    /// # Errors
    /// Returns an error if a file cannot be read or written.
    pub fn complete(&mut self) -> Result<(), FetchError> {
        let found = hash(&self.part).map_err(FetchError::local(&self.part))?;
        fs::rename(&self.part, &self.file).map_err(FetchError::local(&self.file))?;
        self.description.sha256 = Some(found);
        self.write_description()
    }

    /// Removes the files of the download.
    pub fn remove(&mut self) {
        for path in [&self.part, &self.file, &self.json] {
            // A file that remains is overwritten.
            let _ = fs::remove_file(path);
        }
        let url = std::mem::take(&mut self.description.url);
        self.description = Description {
            url,
            ..Description::default()
        };
    }

    fn write_description(&self) -> Result<(), FetchError> {
        // A description consists of strings and numbers, which can always be serialised.
        let json = serde_json::to_vec(&self.description).unwrap_or_default();
        fs::write(&self.json, json).map_err(FetchError::local(&self.json))
    }
}

/// Returns the key of a URL, which is part of the names of its files: the first 16 hexadecimal digits of
/// its SHA-256.
pub fn key(url: &str) -> String {
    let mut key = Hash(Sha256::digest(url.as_bytes()).into()).to_string();
    key.truncate(16);
    key
}

fn hash(path: &Path) -> io::Result<Hash> {
    let mut hasher = Sha256::new();
    let mut file = File::open(path)?;
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => hasher.update(buffer.get(..count).unwrap_or_default()),
        }
    }
    Ok(Hash(hasher.finalize().into()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_part_is_continued_only_for_its_url_and_with_a_validator() {
        let folder = tempfile::tempdir().unwrap();
        let mut download = Download::open(folder.path(), "https://e.org/1");
        download.begin(false).unwrap().write_all(b"one").unwrap();
        assert_eq!(download.received(), None);
        download.description.validator = Some("\"x\"".to_owned());
        download.begin(true).unwrap().write_all(b"two").unwrap();
        let download = Download::open(folder.path(), "https://e.org/1");
        assert_eq!(download.received(), Some((6, "\"x\"")));
        let json = folder
            .path()
            .join(format!("{}.json", key("https://e.org/1")));
        fs::write(json, "{\"url\":\"https://e.org/2\",\"validator\":\"x\"}").unwrap();
        let download = Download::open(folder.path(), "https://e.org/1");
        assert_eq!(download.received(), None);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_complete_file_that_has_changed_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let mut download = Download::open(folder.path(), "https://e.org/1");
        download.begin(false).unwrap().write_all(b"one").unwrap();
        download.complete().unwrap();
        let mut download = Download::open(folder.path(), "https://e.org/1");
        assert!(download.is_complete().unwrap());
        fs::write(download.path(), b"two").unwrap();
        assert!(!download.is_complete().unwrap());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
