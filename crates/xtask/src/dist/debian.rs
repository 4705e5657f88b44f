//! Debian packages.

use std::io;

use super::commit::Date;
use super::package_file::PackageFile;
use super::tarball::{gzip, tar};

/// Short and long description of the package.
const DESCRIPTION: &str = "preservation and publication of cultural heritage collections
 Khizana turns a folder of scans and a metadata table into an archive of plain
 files for decades, and into a static site that anyone can browse and search,
 in Arabic, English and French.";

/// Writes a Debian package for a processor.
///
/// # Errors
///
/// Returns an error if a path is too long for a tar archive.
pub fn package(
    processor: &str,
    version: &str,
    files: &[PackageFile],
    date: &Date,
) -> io::Result<Vec<u8>> {
    let control = control(processor, version, files);
    let control = [PackageFile::new("control", control)];
    let members = [
        ("debian-binary", b"2.0\n".to_vec()),
        ("control.tar.gz", gzip(&tar(&control, date.seconds)?)?),
        ("data.tar.gz", gzip(&tar(files, date.seconds)?)?),
    ];
    Ok(ar(&members, date.seconds))
}

fn control(processor: &str, version: &str, files: &[PackageFile]) -> String {
    let size: usize = files
        .iter()
        .map(|file| file.content.len().div_ceil(1024))
        .sum();
    // The program is static, so that it depends on no other package.
    format!(
        "Package: khizana\nVersion: {version}\nArchitecture: {processor}\n\
         Maintainer: The Khizana contributors\nInstalled-Size: {size}\n\
         Suggests: libheif-examples\nSection: graphics\nPriority: optional\n\
         Description: {DESCRIPTION}\n"
    )
}

/// Writes an `ar` archive. Its members belong to root.
fn ar(members: &[(&str, Vec<u8>)], seconds: u64) -> Vec<u8> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, content) in members {
        let (owner, mode, size) = (0, "100644", content.len());
        let header = format!("{name:<16}{seconds:<12}{owner:<6}{owner:<6}{mode:<8}{size:<10}`\n");
        archive.extend_from_slice(header.as_bytes());
        archive.extend_from_slice(content);
        if content.len() % 2 == 1 {
            archive.push(b'\n');
        }
    }
    archive
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn members_begin_at_even_offsets_after_headers_of_sixty_bytes() {
        let archive = ar(
            &[("debian-binary", b"2.0".to_vec()), ("b", b"x".to_vec())],
            7,
        );
        let text = String::from_utf8(archive).unwrap();
        let first = "debian-binary   7           0     0     100644  3         `\n2.0\n";
        let second = "b               7           0     0     100644  1         `\nx\n";
        assert_eq!(text, format!("!<arch>\n{first}{second}"));
        assert_eq!((first.len(), second.len()), (64, 62));
    }

    #[test]
    fn a_package_states_its_processor_and_the_size_of_its_files() {
        let files = [
            PackageFile::program("usr/bin/khizana", vec![0; 1025]),
            PackageFile::new("usr/share/doc/khizana/copyright", "text"),
        ];
        let control = control("arm64", "1.2.3", &files);
        assert!(control.contains("\nVersion: 1.2.3\nArchitecture: arm64\n"));
        assert!(control.contains("\nInstalled-Size: 3\n"));
    }
}
