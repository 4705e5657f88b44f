//! Folders without a table: each image, and each subfolder with images, is an item.

use std::collections::BTreeMap;
use std::path::Path;

use khizana_model::Id;
use sha2::{Digest, Sha256};

use super::SourceError;
use super::natural;
use super::reader::{ReadError, TableRow, Value, unreadable};

/// Extensions of the files that become items.
const EXTENSIONS: [&str; 33] = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "gif", "bmp", "jp2", "jxl", "heic", "heif",
    "avif", "svg", "dng", "cr2", "nef", "arw", "psd", "pdf", "djvu", "mp3", "flac", "wav", "ogg",
    "opus", "m4a", "aif", "aiff", "mp4", "mov", "webm", "mkv",
];

/// An item of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FolderItem {
    id: String,
    /// The name of the file without its extension, or of the subfolder.
    name: String,
    /// The paths of the files, relative to the folder.
    files: Vec<String>,
}

impl FolderItem {
    /// Converts the item to a row of a table. `number` is counted from 1.
    fn row(&self, number: u64) -> TableRow {
        let files = self.files.iter().cloned().map(Value::One).collect();
        TableRow {
            number,
            line: number,
            names: Some(vec!["id".to_owned(), "file".to_owned()]),
            values: vec![Value::One(self.id.clone()), Value::Many(files)],
            file: None,
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns the title of the item, unless its files contain one.
    pub(crate) fn title(&self) -> &str {
        &self.name
    }
}

/// Lists the items of a folder, in natural order. The list is empty if the folder contains no media.
pub(crate) fn items(folder: &Path, shown_path: &str) -> Result<Vec<FolderItem>, SourceError> {
    let (files, folders) = entries(folder).map_err(|error| unreadable(shown_path, error))?;
    let mut items: Vec<FolderItem> = Vec::new();
    for file in files {
        let stem = Path::new(&file).file_stem().unwrap_or_default();
        items.push(FolderItem {
            id: String::new(),
            name: stem.to_string_lossy().into_owned(),
            files: vec![file],
        });
    }
    for name in folders {
        let (files, _) = entries(&folder.join(&name)).map_err(|error| unreadable(&name, error))?;
        let files: Vec<String> = files.iter().map(|file| format!("{name}/{file}")).collect();
        if !files.is_empty() {
            let id = String::new();
            items.push(FolderItem { id, name, files });
        }
    }
    items.sort_by(|a, b| natural::compare(&a.name, &b.name).then_with(|| a.files.cmp(&b.files)));
    assign_identifiers(&mut items);
    Ok(items)
}

/// Derives the identifiers from the names. Where several names have the same identifier, the first
/// eight digits of the SHA-256 of the path are appended, so that the order does not matter.
fn assign_identifiers(items: &mut [FolderItem]) {
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for item in items.iter_mut() {
        let id = Id::slugify(&item.name);
        item.id = id.map_or_else(|| "item".to_owned(), |id| id.to_string());
        *counts.entry(item.id.to_lowercase()).or_default() += 1;
    }
    for item in items {
        let is_unnamed = Id::slugify(&item.name).is_none();
        if is_unnamed
            || counts
                .get(&item.id.to_lowercase())
                .is_some_and(|count| *count > 1)
        {
            let path = item
                .files
                .first()
                .map_or(item.name.as_str(), String::as_str);
            let hash = Sha256::digest(path.as_bytes());
            let digits: String = hash
                .iter()
                .take(4)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            item.id = format!("{}-{digits}", item.id);
        }
    }
}

/// Returns the names of the media and of the subfolders in a folder, in natural order. Hidden files
/// and symbolic links are left out.
fn entries(folder: &Path) -> std::io::Result<(Vec<String>, Vec<String>)> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let kind = entry.file_type()?;
        let extension = Path::new(&name)
            .extension()
            .and_then(|extension| extension.to_str());
        let extension = extension.map(str::to_ascii_lowercase).unwrap_or_default();
        if kind.is_dir() {
            folders.push(name);
        } else if kind.is_file() && EXTENSIONS.contains(&extension.as_str()) {
            files.push(name);
        }
    }
    files.sort_by(|a, b| natural::compare(a, b));
    folders.sort_by(|a, b| natural::compare(a, b));
    Ok((files, folders))
}

/// Returns the names of the media in a folder.
pub(super) fn media_in(folder: &Path) -> std::io::Result<Vec<String>> {
    entries(folder).map(|(files, _)| files)
}

/// An iterator over the rows of a folder.
#[derive(Debug)]
pub(super) struct FolderRows {
    items: Vec<FolderItem>,
    next: usize,
}

impl FolderRows {
    pub(super) fn new(items: Vec<FolderItem>) -> FolderRows {
        FolderRows { items, next: 0 }
    }

    pub(super) fn next(&mut self) -> Option<Result<TableRow, ReadError>> {
        let item = self.items.get(self.next)?;
        self.next += 1;
        Some(Ok(item.row(self.next as u64)))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lists_images_and_folders_of_pages_in_natural_order() {
        let folder = tempfile::tempdir().unwrap();
        for path in [
            "2.tif",
            "10.tif",
            "Plate 1.jpg",
            "plate-1.tif",
            "…….png",
            "Thumbs.db",
            "._2.tif",
            "notes.txt",
            "book/p10.jpg",
            "book/p2.jpg",
            "book/Thumbs.db",
            "empty/readme.txt",
            "book/deeper/1.jpg",
        ] {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "x").unwrap();
        }
        let items = items(folder.path(), "x").unwrap();
        let found = |name: &str| items.iter().find(|item| item.name == name).unwrap();
        let ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
        assert_eq!(ids.len(), 6, "{ids:?}");
        assert_eq!(found("book").files, ["book/p2.jpg", "book/p10.jpg"]);
        assert_eq!(found("10").id, "10");
        let position = |name: &str| items.iter().position(|item| item.name == name).unwrap();
        assert!(position("2") < position("10"));
        // Both names have the identifier `plate-1`, except for case.
        let (first, second) = (&found("Plate 1").id, &found("plate-1").id);
        assert_ne!(first.to_lowercase(), second.to_lowercase());
        assert!(
            second.starts_with("plate-1-") && second.len() == 16,
            "{second}"
        );
        assert!(
            found("…….png".trim_end_matches(".png"))
                .id
                .starts_with("item-")
        );
    }
}
