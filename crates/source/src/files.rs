//! Files that a table names: inside the source, ordinary, not empty.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::natural;
use khizana_model::printable;

/// What a table's path leads to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// A file, or the images of a folder in natural order.
    Local(Vec<Found>),
    /// An address of the web.
    Remote(String),
}

/// A file that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub name: String,
    pub path: PathBuf,
}

/// Why a path leads to no file that could be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileError {
    pub code: &'static str,
    pub message: String,
    pub hint: String,
}

const IMAGES: [&str; 9] = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "gif", "bmp", "jp2",
];

/// Follows a path from `root`, step by step, so that it never leaves it: no `..`, no link.
/// `slash_is_root`: CollectionBuilder begins its paths with the site's root.
pub(super) fn resolve(
    root: &Path,
    written: &str,
    slash_is_root: bool,
) -> Result<Reference, FileError> {
    if is_remote(written) {
        return Ok(Reference::Remote(written.to_owned()));
    }
    let path = match written.strip_prefix('/') {
        Some(rest) if slash_is_root => rest,
        _ => written,
    };
    stays_inside(path)?;
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let (mut at, mut metadata) = (root.to_owned(), None);
    for part in &parts {
        let (next, found) = step(&at, part, written)?;
        if found.file_type().is_symlink() {
            return Err(FileError {
                code: "file-is-link",
                message: format!(
                    "`{}` is a symbolic link or is reached through one.",
                    printable(written)
                ),
                hint: "Replace the link with the file itself; symbolic links are not followed."
                    .to_owned(),
            });
        }
        at = next;
        metadata = Some(found);
    }
    let name = parts.join("/").nfc().collect::<String>();
    match metadata {
        Some(found) if found.is_dir() => pages(root, &at, &name, written).map(Reference::Local),
        Some(found) => {
            ordinary(&found, written).map(|()| Reference::Local(vec![Found { name, path: at }]))
        }
        None => Err(outside(written, "it does not name a file")),
    }
}

/// Whether a value is an address of the web rather than a path.
pub(super) fn is_remote(written: &str) -> bool {
    let lower = written.get(..8).unwrap_or(written).to_ascii_lowercase();
    (lower.starts_with("http://") || lower.starts_with("https://"))
        && !written.contains(char::is_whitespace)
}

fn stays_inside(path: &str) -> Result<(), FileError> {
    let mut letters = path.chars();
    let drive =
        letters.next().is_some_and(|c| c.is_ascii_alphabetic()) && letters.next() == Some(':');
    let why = if path.contains('\\') {
        "the separator is `/`, not `\\`"
    } else if path.starts_with('/') || drive {
        "the path is absolute"
    } else if path.contains("://") {
        "only http and https URLs are kept as links"
    } else if path.split('/').any(|part| part == "..") {
        "the path contains `..`"
    } else {
        return Ok(());
    };
    Err(outside(path, why))
}

fn outside(written: &str, why: &str) -> FileError {
    FileError {
        code: "file-outside",
        message: format!(
            "`{}` is not a path within the source: {why}.",
            printable(written)
        ),
        hint: "Put the file into the source and write its relative path, for example pages/1.tif."
            .to_owned(),
    }
}

/// One step down. A name may lie on disk in another normal form (macOS decomposes).
fn step(at: &Path, part: &str, written: &str) -> Result<(PathBuf, Metadata), FileError> {
    let path = at.join(part);
    let error = match fs::symlink_metadata(&path) {
        Ok(metadata) => return Ok((path, metadata)),
        Err(error) => error,
    };
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Err(unreadable(written, &error));
    }
    let wanted: String = part.nfc().collect();
    let mut near = None;
    for entry in fs::read_dir(at).into_iter().flatten().flatten() {
        let Ok(there) = entry.file_name().into_string() else {
            continue;
        };
        let composed: String = there.nfc().collect();
        if composed == wanted
            && let Ok(metadata) = fs::symlink_metadata(entry.path())
        {
            return Ok((entry.path(), metadata));
        }
        let same_stem = || {
            Path::new(&composed)
                .file_stem()
                .map(|stem| stem.to_ascii_lowercase())
                == Path::new(&wanted)
                    .file_stem()
                    .map(|stem| stem.to_ascii_lowercase())
        };
        if composed.to_lowercase() == wanted.to_lowercase() || (near.is_none() && same_stem()) {
            near = Some(there);
        }
    }
    Err(FileError {
        code: "file-missing",
        message: format!("The file `{}` does not exist.", printable(written)),
        hint: match near {
            Some(near) => format!(
                "The source contains `{}`. Check the spelling, including upper and lower case.",
                printable(&near)
            ),
            None => "Add the file to the source, or correct its name in the table.".to_owned(),
        },
    })
}

fn ordinary(metadata: &Metadata, written: &str) -> Result<(), FileError> {
    if !metadata.is_file() {
        return Err(FileError {
            code: "file-special",
            message: format!("`{}` is not a regular file.", printable(written)),
            hint: "Replace it with a regular file.".to_owned(),
        });
    }
    if metadata.len() == 0 {
        return Err(FileError {
            code: "file-empty",
            message: format!("The file `{}` is empty.", printable(written)),
            hint: "Copy the file from its origin again.".to_owned(),
        });
    }
    Ok(())
}

fn unreadable(written: &str, error: &io::Error) -> FileError {
    FileError {
        code: "file-unreadable",
        message: format!("`{}` cannot be read: {error}.", printable(written)),
        hint: "Check that you have permission to read it.".to_owned(),
    }
}

/// The images of a folder, as pages in natural order.
fn pages(root: &Path, folder: &Path, name: &str, written: &str) -> Result<Vec<Found>, FileError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(written, &error))? {
        let entry = entry.map_err(|error| unreadable(written, &error))?;
        let Ok(page) = entry.file_name().into_string() else {
            continue;
        };
        let image = Path::new(&page)
            .extension()
            .and_then(|extension| extension.to_str())
            .is_some_and(|extension| IMAGES.contains(&extension.to_ascii_lowercase().as_str()));
        if image && !page.starts_with('.') {
            names.push(page);
        }
    }
    if names.is_empty() {
        return Err(FileError {
            code: "file-missing",
            message: format!("The folder `{}` contains no images.", printable(written)),
            hint: "Put the images of the pages into the folder, or list the files in the table."
                .to_owned(),
        });
    }
    names.sort_by(|a, b| natural::compare(a, b));
    let mut found = Vec::new();
    for page in names {
        match resolve(root, &format!("{name}/{page}"), false)? {
            // A folder that is called like an image is not a page.
            Reference::Local(mut files) if files.len() == 1 => found.append(&mut files),
            _ => {}
        }
    }
    Ok(found)
}
