//! Resolution of the file paths in a table.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::natural;
use khizana_model::printable;

/// The target of a path in a table.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reference {
    /// A file, or the images in a folder in natural order.
    Local(Vec<LocalFile>),
    /// HTTP or HTTPS URLs.
    Remote(Vec<String>),
}

/// A regular, non-empty file in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LocalFile {
    /// The path of the file in the source; see [`FileRef::name`](super::FileRef::name).
    pub name: String,
    /// The path on disk.
    pub path: PathBuf,
}

/// The reason why a path cannot be resolved.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FileError {
    pub code: &'static str,
    pub message: String,
    pub hint: String,
}

/// Extensions of the files in a folder that are pages of an item.
const IMAGE_EXTENSIONS: [&str; 9] = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "gif", "bmp", "jp2",
];

/// Resolves a path relative to `root`.
///
/// The path is resolved component by component. It must not contain `..` or lead through a symbolic
/// link, so that it cannot leave the source. If `slash_is_root` is `true`, a leading `/` denotes
/// `root`, as in tables of CollectionBuilder.
pub(super) fn resolve(
    root: &Path,
    text: &str,
    slash_is_root: bool,
    folders: &mut Folders,
) -> Result<Reference, FileError> {
    if is_remote(text) {
        return Ok(Reference::Remote(remote_urls(text)));
    }
    // Programs on Windows write paths with backslashes.
    let slashes = text.replace('\\', "/");
    let path = match slashes.strip_prefix('/') {
        Some(rest) if slash_is_root => rest,
        _ => slashes.as_str(),
    };
    check_is_relative(path)?;
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let (mut current, mut metadata) = (root.to_owned(), None);
    for part in &parts {
        let (next, entry) = find_entry(&current, part, text, folders)?;
        if entry.file_type().is_symlink() {
            return Err(FileError {
                code: "file-is-link",
                message: format!(
                    "`{}` is a symbolic link or is reached through one.",
                    printable(text)
                ),
                hint: "Replace the link with the file itself; symbolic links are not followed."
                    .to_owned(),
            });
        }
        current = next;
        metadata = Some(entry);
    }
    let name = parts.join("/").nfc().collect::<String>();
    match metadata {
        Some(metadata) if metadata.is_dir() => {
            images_in(root, &current, &name, text, folders).map(Reference::Local)
        }
        Some(metadata) => {
            check_is_regular(&metadata, text)?;
            let path = current;
            Ok(Reference::Local(vec![LocalFile { name, path }]))
        }
        None => Err(outside(text, "it does not name a file")),
    }
}

/// Returns `true` if a value is an HTTP or HTTPS URL, possibly with spaces in its path.
pub(super) fn is_remote(text: &str) -> bool {
    let lower = text.get(..8).unwrap_or(text).to_ascii_lowercase();
    let host = lower
        .strip_prefix("https://")
        .or_else(|| lower.strip_prefix("http://"));
    host.is_some() && !text.contains(['\n', '\t'])
}

/// Splits a value that begins with a URL into URLs, and encodes the spaces within them.
pub(super) fn remote_urls(text: &str) -> Vec<String> {
    let mut urls: Vec<String> = Vec::new();
    for word in text
        .split([' ', '\n', '\t'])
        .filter(|word| !word.is_empty())
    {
        match urls.last_mut() {
            Some(url) if !is_remote(word) => {
                url.push_str("%20");
                url.push_str(word);
            }
            _ => urls.push(word.to_owned()),
        }
    }
    for url in &mut urls {
        let length = url.trim_end_matches([',', ';']).len();
        url.truncate(length);
    }
    urls
}

/// Checks that a path is relative and does not contain `..`.
fn check_is_relative(path: &str) -> Result<(), FileError> {
    // `a:b.txt` is a name, and `c:/b.txt` a path on a drive.
    let is_drive = |start: &str| start.starts_with(|c: char| c.is_ascii_alphabetic());
    let has_drive = path
        .split_once(":/")
        .is_some_and(|(start, _)| start.len() == 1 && is_drive(start));
    let why = if path.starts_with('/') || has_drive {
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

fn outside(text: &str, why: &str) -> FileError {
    FileError {
        code: "file-outside",
        message: format!(
            "`{}` is not a path within the source: {why}.",
            printable(text)
        ),
        hint:
            "Put the file into the source and specify its relative path, for example pages/1.tif."
                .to_owned(),
    }
}

/// The names of the files in the folders of a source. A folder is listed once, when a file in it is
/// missing.
#[derive(Debug, Default)]
pub(super) struct Folders(BTreeMap<PathBuf, FolderNames>);

/// The names in a folder, by forms of the name.
#[derive(Debug, Default)]
struct FolderNames {
    /// By the name in NFC.
    composed: BTreeMap<String, String>,
    /// By the name in lower case.
    lower_case: BTreeMap<String, String>,
    /// By the name in lower case without its extension.
    stems: BTreeMap<String, String>,
}

impl Folders {
    fn names(&mut self, folder: &Path) -> &FolderNames {
        self.0.entry(folder.to_owned()).or_insert_with(|| {
            let mut names = FolderNames::default();
            for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
                let Ok(name) = entry.file_name().into_string() else {
                    continue;
                };
                let composed: String = name.nfc().collect();
                names
                    .lower_case
                    .insert(composed.to_lowercase(), name.clone());
                names.stems.entry(stem(&composed)).or_insert(name.clone());
                names.composed.insert(composed, name);
            }
            names
        })
    }
}

/// Returns a name in lower case without its extension.
fn stem(name: &str) -> String {
    let stem = Path::new(name).file_stem().unwrap_or_default();
    stem.to_string_lossy().to_ascii_lowercase()
}

/// Finds an entry of a folder. The name on disk may be in another Unicode normalisation form,
/// because macOS decomposes names.
fn find_entry(
    folder: &Path,
    part: &str,
    text: &str,
    folders: &mut Folders,
) -> Result<(PathBuf, Metadata), FileError> {
    let path = folder.join(part);
    let error = match fs::symlink_metadata(&path) {
        Ok(metadata) => return Ok((path, metadata)),
        Err(error) => error,
    };
    if error.kind() == io::ErrorKind::PermissionDenied {
        return Err(unreadable(text, &error));
    }
    let names = folders.names(folder);
    let wanted: String = part.nfc().collect();
    if let Some(name) = names.composed.get(&wanted) {
        let path = folder.join(name);
        if let Ok(metadata) = fs::symlink_metadata(&path) {
            return Ok((path, metadata));
        }
    }
    let similar = names
        .lower_case
        .get(&wanted.to_lowercase())
        .or_else(|| names.stems.get(&stem(&wanted)));
    Err(FileError {
        code: "file-missing",
        message: format!("The file `{}` does not exist.", printable(text)),
        hint: match similar {
            Some(similar) => format!(
                "The source contains `{}`. Check the spelling, including upper and lower case.",
                printable(similar)
            ),
            None => "Add the file to the source, or correct its name in the table.".to_owned(),
        },
    })
}

/// Checks that a file is a regular file and is not empty.
fn check_is_regular(metadata: &Metadata, text: &str) -> Result<(), FileError> {
    if !metadata.is_file() {
        return Err(FileError {
            code: "file-special",
            message: format!("`{}` is not a regular file.", printable(text)),
            hint: "Replace it with a regular file.".to_owned(),
        });
    }
    if metadata.len() == 0 {
        return Err(FileError {
            code: "file-empty",
            message: format!("The file `{}` is empty.", printable(text)),
            hint: "Copy the file again from its source.".to_owned(),
        });
    }
    Ok(())
}

fn unreadable(text: &str, error: &io::Error) -> FileError {
    FileError {
        code: "file-unreadable",
        message: format!("`{}` cannot be read: {error}.", printable(text)),
        hint: "Check that you have permission to read it.".to_owned(),
    }
}

/// Returns the images in a folder, in natural order.
fn images_in(
    root: &Path,
    folder: &Path,
    name: &str,
    text: &str,
    folders: &mut Folders,
) -> Result<Vec<LocalFile>, FileError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| unreadable(text, &error))? {
        let entry = entry.map_err(|error| unreadable(text, &error))?;
        let Ok(image) = entry.file_name().into_string() else {
            continue;
        };
        let is_image = Path::new(&image)
            .extension()
            .and_then(|extension| extension.to_str())
            .map(str::to_ascii_lowercase)
            .is_some_and(|extension| IMAGE_EXTENSIONS.contains(&extension.as_str()));
        if is_image && !image.starts_with('.') {
            names.push(image);
        }
    }
    if names.is_empty() {
        return Err(FileError {
            code: "file-missing",
            message: format!("The folder `{}` contains no images.", printable(text)),
            hint: "Put the images of the pages into the folder, or list the files in the table."
                .to_owned(),
        });
    }
    names.sort_by(|a, b| natural::compare(a, b));
    let mut images = Vec::new();
    for image in names {
        match resolve(root, &format!("{name}/{image}"), false, folders)? {
            // The name of a folder may end like the name of an image.
            Reference::Local(mut files) if files.len() == 1 => images.append(&mut files),
            _ => {}
        }
    }
    Ok(images)
}
