//! The temporary folder of a preview: an archive, its site, and the copy of a catalogue.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use khizana_model::Progress;
use khizana_publish::{Documents, Options, Viewer, publish_on_request};
use khizana_store::config::{CONFIG_FILE, ConfigurationFiles};
use tempfile::TempDir;

use crate::PreviewError;

/// The file of the viewer that would keep pages of a preview for later.
const SERVICE_WORKER: &str = "service-worker.js";

/// The temporary folder. It is removed when the value is dropped.
#[derive(Debug)]
pub(crate) struct Workspace {
    path: PathBuf,
    /// Removes the folder if the preview cannot be started.
    _folder: TempDir,
}

impl Workspace {
    /// Creates a temporary folder.
    pub(crate) fn new() -> Result<Workspace, PreviewError> {
        let parent = std::env::temp_dir();
        let folder = tempfile::Builder::new()
            .prefix("khizana-preview-")
            .tempdir_in(&parent)
            .map_err(PreviewError::temporary(&parent))?;
        let workspace = Workspace {
            path: folder.path().to_owned(),
            _folder: folder,
        };
        for folder in [
            workspace.archive(),
            workspace.catalogue(),
            workspace.images(),
        ] {
            fs::create_dir(&folder).map_err(PreviewError::temporary(&folder))?;
        }
        Ok(workspace)
    }

    /// Returns the folder of the temporary archive.
    pub(crate) fn archive(&self) -> PathBuf {
        self.path.join("archive")
    }

    /// Returns the folder of the temporary site.
    pub(crate) fn site(&self) -> PathBuf {
        self.path.join("site")
    }

    /// Returns the folder for the copy of the catalogue of another archive.
    pub(crate) fn catalogue(&self) -> PathBuf {
        self.path.join("catalogue")
    }

    /// Returns the folder for images that are scaled before they are published.
    pub(crate) fn images(&self) -> PathBuf {
        self.path.join("images")
    }

    /// Removes all items from the temporary archive.
    pub(crate) fn clear(&self) -> Result<(), PreviewError> {
        let archive = self.archive();
        fs::remove_dir_all(&archive).map_err(PreviewError::temporary(&archive))?;
        fs::create_dir(&archive).map_err(PreviewError::temporary(&archive))?;
        let site = self.site();
        fs::remove_dir_all(&site).map_err(PreviewError::temporary(&site))
    }

    /// Writes the files of a configuration to the temporary archive, and removes those that it no longer has.
    pub(crate) fn write_configuration(
        &self,
        files: &ConfigurationFiles,
        previous: &ConfigurationFiles,
    ) -> Result<(), PreviewError> {
        let archive = self.archive();
        for (name, _) in previous {
            if !files.iter().any(|(kept, _)| kept == name) {
                let path = archive.join(name);
                fs::remove_file(&path).map_err(PreviewError::temporary(&path))?;
            }
        }
        for (name, content) in files {
            put(&archive.join(name), content)?;
        }
        Ok(())
    }

    /// Creates the store of the temporary archive. Its configuration must have been written.
    pub(crate) fn create_store(&self) -> Result<(), PreviewError> {
        khizana_store::open::open(&self.archive(), None)?;
        Ok(())
    }

    /// Writes the default configuration if that of the user cannot be read.
    pub(crate) fn write_default_configuration(&self) -> Result<(), PreviewError> {
        put(&self.archive().join(CONFIG_FILE), b"")
    }

    /// Publishes the temporary archive.
    pub(crate) fn publish(
        &self,
        viewer: &Viewer<'_>,
        progress: &dyn Progress,
    ) -> Result<(khizana_publish::Summary, Documents), PreviewError> {
        let viewer: Vec<(&str, &[u8])> = viewer
            .iter()
            .filter(|(name, _)| *name != SERVICE_WORKER)
            .copied()
            .collect();
        let options = Options {
            out: Some(self.site()),
            ..Options::default()
        };
        Ok(publish_on_request(
            &self.archive(),
            &options,
            &viewer,
            progress,
        )?)
    }
}

/// Number of attempts to remove the folder.
const ATTEMPTS: u32 = 50;
/// The interval between two attempts, and the time in which a thread that is publishing fails.
const INTERVAL: Duration = Duration::from_millis(20);

impl Workspace {
    /// Removes the folder. A thread that is publishing may create files meanwhile, so there are several attempts, and
    /// a file takes the place of the folder until the thread has failed.
    pub(crate) fn remove(&self) {
        for _ in 0..ATTEMPTS {
            let _ = fs::remove_dir_all(&self.path);
            if fs::File::create_new(&self.path).is_ok() {
                std::thread::sleep(INTERVAL);
                let _ = fs::remove_file(&self.path);
                return;
            }
            std::thread::sleep(INTERVAL);
        }
    }
}

fn put(path: &Path, content: &[u8]) -> Result<(), PreviewError> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(PreviewError::temporary(folder))?;
    }
    fs::write(path, content).map_err(PreviewError::temporary(path))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_is_removed_and_follows_the_configuration() {
        let workspace = Workspace::new().unwrap();
        let archive = workspace.archive();
        let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
        let first = vec![file(CONFIG_FILE, ""), file("pages/about.ar.md", "# من نحن")];
        workspace.write_configuration(&first, &Vec::new()).unwrap();
        assert!(archive.join("pages/about.ar.md").is_file());
        let second = vec![file(CONFIG_FILE, "# changed")];
        workspace.write_configuration(&second, &first).unwrap();
        assert!(!archive.join("pages/about.ar.md").exists());
        assert_eq!(fs::read(archive.join(CONFIG_FILE)).unwrap(), b"# changed");
        workspace.remove();
        assert!(!workspace.path.exists());
    }
}
