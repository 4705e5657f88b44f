//! Zip archives that only depend on their files and date.

use std::io::{Cursor, Write};

use zip::result::ZipResult;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::commit::Date;
use super::package_file::PackageFile;

/// Writes a zip archive with the files, sorted by path.
///
/// # Errors
///
/// Returns an error if two files have the same path.
pub fn zip(files: &[PackageFile], date: &Date) -> ZipResult<Vec<u8>> {
    let mut files: Vec<&PackageFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(date.to_zip().unwrap_or_default());
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        archive.start_file(&file.path, options.unix_permissions(file.mode))?;
        archive.write_all(&file.content)?;
    }
    Ok(archive.finish()?.into_inner())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_depends_only_on_its_files_and_the_date() {
        let date = Date {
            seconds: 1_796_095_528,
            text: "2026-12-01T03:05:28Z".into(),
        };
        let program = PackageFile::program("khizana.exe", "program");
        let license = PackageFile::new("LICENSE", "license");
        let first = zip(&[program.clone(), license.clone()], &date).unwrap();
        assert_eq!(first, zip(&[license, program], &date).unwrap());
        let archive = zip::ZipArchive::new(Cursor::new(first)).unwrap();
        let names: Vec<_> = archive.file_names().map(Result::unwrap).collect();
        assert_eq!(names, ["LICENSE", "khizana.exe"]);
    }
}
