//! The file `SHA256SUMS`.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::package_file::PackageFile;

/// Returns the text of `SHA256SUMS` for files, in the form that `sha256sum --check` reads.
pub fn sums(files: &[PackageFile]) -> String {
    let mut files: Vec<&PackageFile> = files.iter().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let line =
        |file: &&PackageFile| format!("{}  {}\n", hex(&Sha256::digest(&file.content)), file.path);
    files.iter().map(line).collect()
}

/// Returns bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_have_the_form_of_sha256sum_and_are_sorted() {
        let files = [PackageFile::new("b", "b"), PackageFile::new("a", "a")];
        assert_eq!(
            sums(&files),
            "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb  a\n\
             3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d  b\n"
        );
    }
}
