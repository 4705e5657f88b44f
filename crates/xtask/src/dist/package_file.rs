//! A file or a folder in a package.

/// A file or a folder in a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageFile {
    /// The path in the package, with slashes and without one at the beginning. That of a folder ends with a slash.
    pub path: String,
    /// The permissions in Unix.
    pub mode: u32,
    /// The content.
    pub content: Vec<u8>,
}

impl PackageFile {
    /// Creates a file that is not a program.
    pub fn new(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        PackageFile {
            path: path.into(),
            mode: 0o644,
            content: content.into(),
        }
    }

    /// Creates a program.
    pub fn program(path: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        PackageFile {
            mode: 0o755,
            ..Self::new(path, content)
        }
    }

    /// Creates a folder in which everybody may create files. Other folders need not be listed.
    pub fn shared_folder(path: &str) -> Self {
        PackageFile {
            mode: 0o1777,
            ..Self::new(path, "")
        }
    }
}
