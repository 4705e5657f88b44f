//! The configuration that the previewed site has.

use std::path::{Path, PathBuf};

use khizana_store::config::{CONFIG_FILE, ConfigurationFiles, read_files};

/// The folders in which the configuration is looked for.
#[derive(Debug, Clone)]
pub(crate) struct ConfigFolders(Vec<PathBuf>);

impl ConfigFolders {
    /// Returns the folder of the archive if there is one. Otherwise returns the folder of the source and the folder
    /// around it.
    pub(crate) fn new(source: &Path, archive: Option<&Path>) -> ConfigFolders {
        if let Some(archive) = archive {
            return ConfigFolders(vec![archive.to_owned()]);
        }
        let source = source.canonicalize().unwrap_or_else(|_| source.to_owned());
        let folder = match source.is_dir() {
            true => Some(source.as_path()),
            false => source.parent(),
        };
        let around = folder.and_then(Path::parent);
        ConfigFolders(
            folder
                .into_iter()
                .chain(around)
                .map(Path::to_owned)
                .collect(),
        )
    }

    /// Returns the folders that are watched.
    pub(crate) fn all(&self) -> &[PathBuf] {
        &self.0
    }

    /// Returns the first folder with a configuration.
    pub(crate) fn current(&self) -> Option<&Path> {
        let mut folders = self.0.iter();
        folders
            .find(|folder| folder.join(CONFIG_FILE).is_file())
            .map(PathBuf::as_path)
    }

    /// Reads the files of the configuration. Without one, the default settings are used.
    pub(crate) fn read(&self) -> std::io::Result<ConfigurationFiles> {
        match self.current() {
            Some(folder) => read_files(folder),
            None => Ok(vec![(CONFIG_FILE.to_owned(), Vec::new())]),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_configuration_is_used_unless_an_archive_is_given() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        std::fs::create_dir(&source).unwrap();
        let table = source.join("metadata.csv");
        std::fs::write(&table, "id\n").unwrap();
        let read = |folders: &ConfigFolders| folders.read().unwrap()[0].1.clone();
        for path in [&source, &table] {
            assert!(read(&ConfigFolders::new(path, None)).is_empty());
        }
        std::fs::write(folder.path().join(CONFIG_FILE), "# around").unwrap();
        for path in [&source, &table] {
            assert_eq!(read(&ConfigFolders::new(path, None)), b"# around");
        }
        std::fs::write(source.join(CONFIG_FILE), "# in it").unwrap();
        for path in [&source, &table] {
            assert_eq!(read(&ConfigFolders::new(path, None)), b"# in it");
        }
        let archive = ConfigFolders::new(&source, Some(folder.path()));
        assert_eq!(read(&archive), b"# around");
    }
}
