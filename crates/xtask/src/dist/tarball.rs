//! Tar archives that only depend on their files and date.

use std::collections::BTreeMap;
use std::io::{self, Write};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

use super::package_file::PackageFile;

/// Writes a tar archive with the folders of the files, and the files sorted by path. All of them belong to root and have
/// the date `seconds`.
///
/// # Errors
///
/// Returns an error if a path is too long for a tar archive.
pub fn tar(files: &[PackageFile], seconds: u64) -> io::Result<Vec<u8>> {
    let (listed_folders, mut files): (Vec<&PackageFile>, Vec<&PackageFile>) =
        files.iter().partition(|file| file.path.ends_with('/'));
    let mut folders = BTreeMap::new();
    for file in &files {
        let slashes = file.path.match_indices('/').map(|(index, _)| index + 1);
        folders.extend(slashes.filter_map(|end| Some((file.path.get(..end)?, 0o755))));
    }
    folders.extend(
        listed_folders
            .iter()
            .map(|folder| (folder.path.as_str(), folder.mode)),
    );
    files.sort_by(|a, b| a.path.cmp(&b.path));

    let mut archive = Builder::new(Vec::new());
    for (folder, mode) in folders {
        let mut header = header(EntryType::Directory, mode, seconds);
        archive.append_data(&mut header, folder, io::empty())?;
    }
    for file in files {
        let mut header = header(EntryType::Regular, file.mode, seconds);
        header.set_size(file.content.len() as u64);
        archive.append_data(&mut header, &file.path, file.content.as_slice())?;
    }
    archive.into_inner()
}

fn header(kind: EntryType, mode: u32, seconds: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_entry_type(kind);
    header.set_mode(mode);
    header.set_mtime(seconds);
    header.set_uid(0);
    header.set_gid(0);
    header.set_size(0);
    header
}

/// Compresses bytes with gzip, without a name or a date.
///
/// # Errors
///
/// Returns no error in practice, since it writes to memory.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new()
        .mtime(0)
        .write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_depends_only_on_its_files_and_the_date() {
        let program = PackageFile::program("usr/bin/khizana", "program");
        let manual = PackageFile::new("usr/share/man/man1/khizana.1", "manual");
        let temporary = PackageFile::shared_folder("tmp/");
        let first = [temporary.clone(), program.clone(), manual.clone()];
        let first = tar(&first, 7).unwrap();
        let second = tar(&[manual, program, temporary], 7).unwrap();
        assert_eq!(first, second);
        let mut archive = tar::Archive::new(first.as_slice());
        let entries: Vec<_> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                assert_eq!(header.uid().unwrap(), 0);
                assert_eq!(header.mtime().unwrap(), 7);
                let path = entry.path().unwrap().display().to_string();
                (path, header.mode().unwrap())
            })
            .collect();
        let expected = [
            ("tmp/", 0o1777),
            ("usr/", 0o755),
            ("usr/bin/", 0o755),
            ("usr/share/", 0o755),
            ("usr/share/man/", 0o755),
            ("usr/share/man/man1/", 0o755),
            ("usr/bin/khizana", 0o755),
            ("usr/share/man/man1/khizana.1", 0o644),
        ];
        assert_eq!(
            entries,
            expected.map(|(path, mode)| (path.to_owned(), mode))
        );
    }

    #[test]
    fn compressed_bytes_contain_no_date() {
        assert_eq!(gzip(b"text").unwrap().get(4..8), Some([0; 4].as_slice()));
    }
}
