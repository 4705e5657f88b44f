//! Resolution of the file paths in a table.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;

use super::column::names::distance;
use super::natural;
use khizana_model::{Message, is_invisible, message, printable};

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
    pub message: Message,
    pub hint: Message,
    /// The path of a file with a similar name.
    pub corrected: Option<String>,
}

impl FileError {
    fn new(code: &'static str, message: Message, hint: &'static str) -> FileError {
        FileError {
            code,
            message,
            hint: hint.into(),
            corrected: None,
        }
    }
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
    check_is_relative(path).map_err(|error| match path_within(root, path) {
        Some(within) => FileError {
            hint: message!(
                "The source contains `{path}`. Write this path.",
                path = printable(&within)
            ),
            corrected: Some(within),
            ..error
        },
        None => error,
    })?;
    let parts: Vec<&str> = path
        .split('/')
        .filter(|part| !matches!(*part, "" | "."))
        .collect();
    let (mut current, mut metadata) = (root.to_owned(), None);
    for part in &parts {
        let (next, entry) = find_entry(&current, part, text, folders)?;
        if entry.file_type().is_symlink() {
            return Err(FileError::new(
                "file-is-link",
                message!(
                    "`{value}` is a symbolic link or is reached through one.",
                    value = printable(text)
                ),
                "Replace the link with the file itself; symbolic links are not followed.",
            ));
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
        None => Err(outside(text, message!("it does not name a file"))),
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
        message!("the path is absolute")
    } else if path.contains("://") {
        message!("only http and https URLs are kept as links")
    } else if path.split('/').any(|part| part == "..") {
        message!("the path contains `..`")
    } else {
        return Ok(());
    };
    Err(outside(path, why))
}

fn outside(text: &str, why: Message) -> FileError {
    FileError::new(
        "file-outside",
        message!(
            "`{value}` is not a path within the source: {why}.",
            value = printable(text),
            why
        ),
        "Put the file into the source and specify its relative path, for example pages/1.tif.",
    )
}

/// The names of the files in the folders of a source. A folder is listed once, when a file in it is
/// missing.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
    names: BTreeMap<PathBuf, FolderNames>,
    /// The paths of all files in the source, by the [`plain`] form of the name. They are listed when
    /// a file is missing for the first time.
    all: Option<BTreeMap<String, String>>,
}

/// The names in a folder, by forms of the name.
#[derive(Debug, Default)]
struct FolderNames {
    /// By the name in NFC.
    composed: BTreeMap<String, String>,
    /// By the [`plain`] form of the name.
    plain: BTreeMap<String, String>,
}

/// Maximum number of files that are listed to find a misplaced file.
const MAX_LISTED: usize = 200_000;
/// Maximum number of names that are compared letter by letter.
const MAX_COMPARED: usize = 2000;

impl Folders {
    pub(super) fn new(root: &Path) -> Folders {
        Folders {
            root: root.to_owned(),
            names: BTreeMap::new(),
            all: None,
        }
    }

    fn names(&mut self, folder: &Path) -> &FolderNames {
        self.names.entry(folder.to_owned()).or_insert_with(|| {
            let mut names = FolderNames::default();
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            let mut sorted: Vec<String> = entries
                .filter_map(|entry| entry.file_name().into_string().ok())
                .collect();
            // The order of a folder differs between computers.
            sorted.sort();
            for name in sorted {
                let composed: String = name.nfc().collect();
                names.plain.entry(plain(&composed)).or_insert(name.clone());
                names.composed.insert(composed, name);
            }
            names
        })
    }

    /// Returns the path of a file with a similar name in any folder of the source.
    fn elsewhere(&mut self, name: &str) -> Option<String> {
        let all = self.all.get_or_insert_with(|| {
            let mut all = BTreeMap::new();
            list(&self.root, Path::new(""), &mut all);
            all
        });
        all.get(&plain(name)).cloned()
    }
}

impl FolderNames {
    /// Returns the name that differs least from a missing one: in case, punctuation, leading zeros or
    /// the extension, or else in one or two letters.
    fn similar(&self, wanted: &str) -> Option<&str> {
        let lower = wanted.to_lowercase();
        let mut names = self.composed.iter();
        if let Some((_, name)) = names.find(|(name, _)| name.to_lowercase() == lower) {
            return Some(name);
        }
        if let Some(name) = self.plain.get(&plain(wanted)) {
            return Some(name);
        }
        let digits = |name: &str| -> String {
            name.chars()
                .filter(|c| natural::digit(*c).is_some())
                .collect()
        };
        let stem_of = |name: &str| -> Vec<char> { plain(name).chars().collect() };
        let (stem, number) = (stem_of(wanted), digits(wanted));
        let max = match stem.len() {
            0..=3 => return None,
            4..=7 => 1,
            _ => 2,
        };
        let names = self.composed.values().take(MAX_COMPARED);
        // Another number is another file.
        let candidates = names.filter(|name| digits(name) == number);
        let distances = candidates.filter_map(|name| {
            let other = stem_of(name);
            let is_close = other.len().abs_diff(stem.len()) <= max;
            let distance = is_close.then(|| distance(&stem, &other))?;
            (distance <= max).then_some((distance, name))
        });
        distances.min().map(|(_, name)| name.as_str())
    }
}

/// Lists the files in `root/folder`, without hidden ones and symbolic links.
fn list(root: &Path, folder: &Path, all: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(root.join(folder)).into_iter().flatten();
    let mut entries: Vec<fs::DirEntry> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else {
            continue;
        };
        let path = folder.join(&name);
        if name.starts_with('.') || all.len() >= MAX_LISTED {
            continue;
        }
        if kind.is_dir() {
            list(root, &path, all);
        } else if kind.is_file() {
            let composed: String = name.nfc().collect();
            let path = path.to_string_lossy().replace('\\', "/");
            all.entry(plain(&composed)).or_insert(path);
        }
    }
}

/// Returns the stem of a name in lower case, without punctuation and leading zeros.
fn plain(name: &str) -> String {
    let stem = Path::new(name).file_stem().unwrap_or_default();
    let mut plain = String::new();
    let mut in_number = false;
    for c in stem.to_string_lossy().to_lowercase().chars() {
        let digit = natural::digit(c).and_then(|digit| char::from_digit(digit, 10));
        if digit == Some('0') && !in_number {
            continue;
        }
        in_number = digit.is_some();
        if let Some(c) = digit.or_else(|| c.is_alphanumeric().then_some(c)) {
            plain.push(c);
        }
    }
    match plain.is_empty() {
        true => name.to_lowercase(),
        false => plain,
    }
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
    let similar = names.similar(&wanted).map(str::to_owned);
    let elsewhere = match similar {
        Some(_) => None,
        None => folders.elsewhere(&wanted),
    };
    let corrected = match (&similar, &elsewhere) {
        (Some(similar), _) => with_component(text, part, similar),
        (None, elsewhere) => elsewhere.clone(),
    };
    // Such a name cannot be written in a table.
    let is_writable = |path: &String| path.trim() == path && !path.chars().any(is_removed);
    let corrected = corrected.filter(is_writable);
    let similar = similar.or(elsewhere);
    Err(FileError {
        code: "file-missing",
        message: message!(
            "The file `{value}` does not exist.",
            value = printable(text)
        ),
        hint: match &similar {
            Some(similar) if similar.to_lowercase() != wanted.to_lowercase() => message!(
                "The source contains `{similar}`. Check the spelling.",
                similar = printable(similar)
            ),
            Some(similar) => message!(
                "The source contains `{similar}`. Check the spelling, including upper and lower case.",
                similar = printable(similar)
            ),
            None => "Add the file to the source, or correct its name in the table. If there is no file, empty the cell.".into(),
        },
        corrected,
    })
}

/// Returns `true` if a character is not visible, or is removed from the values of a table.
fn is_removed(c: char) -> bool {
    c.is_control() || is_invisible(c)
}

/// Returns the longest end of an absolute path that is the path of a file in the source, as after the
/// source was moved from the computer of another person.
fn path_within(root: &Path, path: &str) -> Option<String> {
    let parts: Vec<&str> = path.split('/').collect();
    (1..parts.len())
        .filter_map(|start| parts.get(start..))
        .filter(|parts| !parts.iter().any(|part| matches!(*part, "" | "." | "..")))
        .map(|parts| parts.join("/"))
        .find(|path| root.join(path).is_file())
}

/// Returns a path in which a component has another name. Returns `None` if the path has the component
/// several times.
fn with_component(path: &str, component: &str, name: &str) -> Option<String> {
    let components: Vec<&str> = path.split(['/', '\\']).collect();
    if components
        .iter()
        .filter(|other| **other == component)
        .count()
        != 1
    {
        return None;
    }
    let renamed: Vec<&str> = components
        .into_iter()
        .map(|other| if other == component { name } else { other })
        .collect();
    Some(renamed.join("/"))
}

/// Checks that a file is a regular file and is not empty.
fn check_is_regular(metadata: &Metadata, text: &str) -> Result<(), FileError> {
    if !metadata.is_file() {
        return Err(FileError::new(
            "file-special",
            message!("`{value}` is not a regular file.", value = printable(text)),
            "Replace it with a regular file.",
        ));
    }
    if metadata.len() == 0 {
        return Err(FileError::new(
            "file-empty",
            message!("The file `{value}` is empty.", value = printable(text)),
            "Copy the file again from its source.",
        ));
    }
    Ok(())
}

fn unreadable(text: &str, error: &io::Error) -> FileError {
    FileError::new(
        "file-unreadable",
        message!(
            "`{value}` cannot be read: {error}.",
            value = printable(text),
            error
        ),
        "Check that you have permission to read it.",
    )
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
        return Err(FileError::new(
            "file-missing",
            message!(
                "The folder `{value}` contains no images.",
                value = printable(text)
            ),
            "Put the images of the pages into the folder, or list the files in the table.",
        ));
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
