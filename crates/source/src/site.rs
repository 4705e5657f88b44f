//! Folders of the static sites that CollectionBuilder and Wax generate.
//!
//! Both are sites of Jekyll: the tables are in `_data`, and `_config.yml` names them.

use std::path::{Path, PathBuf};

use khizana_model::{Collection, LangMap, LangTag};

use super::column::Dialect;
use super::reader::{Format, Reader, Value};
use super::{language, text, yaml};

/// Maximum size of a configuration file in bytes.
const MAX_CONFIG: u64 = 1 << 20;

/// A table of a site.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SiteTable {
    pub table: PathBuf,
    /// The folder of the images of Wax, relative to the folder of the site.
    pub images: Option<String>,
}

/// Returns the folder of the site to which a table in `_data` belongs.
pub(super) fn folder_of(table: &Path) -> Option<&Path> {
    let data = table.parent()?;
    let folder = data.parent()?;
    let is_data = data.file_name().is_some_and(|name| name == "_data");
    (is_data && config(folder).is_some()).then_some(match folder.as_os_str().is_empty() {
        true => Path::new("."),
        false => folder,
    })
}

/// Returns the tables of a site, in the order of preference. Returns `None` if the folder is not that
/// of a site.
pub(super) fn tables(folder: &Path) -> Option<Vec<SiteTable>> {
    let config = config(folder)?;
    let mut tables: Vec<SiteTable> = Vec::new();
    let mut add = |name: &str, images: Option<String>| {
        let path = folder.join("_data").join(name);
        let table = match Format::of(&path) {
            Some(_) => path,
            None => folder.join("_data").join(format!("{name}.csv")),
        };
        if table.is_file() && !tables.iter().any(|other| other.table == table) {
            tables.push(SiteTable { table, images });
        }
    };
    // CollectionBuilder names one table.
    if let Some(name) = member(&config, &["metadata"]).and_then(Value::single) {
        add(name.trim(), None);
    }
    // Wax names a table and a folder of images for each collection.
    if let Some(Value::Map(collections)) = member(&config, &["collections"]) {
        for (_, collection) in collections {
            let text = |path| member(collection, path).and_then(Value::single);
            if let Some(name) = text(&["metadata", "source"]) {
                let images = text(&["images", "source"]);
                let images = images.map(|path| format!("_data/{}", path.trim_matches('/')));
                add(name.trim(), images);
            }
        }
    }
    if tables.is_empty() {
        tables = tables_of_items(&folder.join("_data"));
    }
    (!tables.is_empty()).then_some(tables)
}

/// Gives a collection without a title the title and the description of its site.
pub(super) fn describe(folder: &Path, collection: &mut Collection, language: &LangTag) {
    let Some(config) = config(folder).filter(|_| collection.title.is_empty()) else {
        return;
    };
    let value = |name| member(&config, &[name]).and_then(Value::single);
    let site_language = value("lang").and_then(language::parse_language);
    let language = site_language.unwrap_or_else(|| language.clone());
    let text = |name| {
        let text = text::clean(value(name)?).ok()?.text;
        (!text.is_empty()).then(|| LangMap::of(language.clone(), text))
    };
    collection.title = text("title").unwrap_or_default();
    if collection.description.is_empty() {
        collection.description = text("description").unwrap_or_default();
    }
}

/// Returns the tables in a folder that have the identifier column of CollectionBuilder or Wax.
fn tables_of_items(data: &Path) -> Vec<SiteTable> {
    let entries = std::fs::read_dir(data).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    let has_items = |path: &PathBuf| {
        let header = Reader::open(path, "").ok();
        let dialect = header.and_then(|reader| Dialect::detect(reader.header()?));
        matches!(dialect, Some(Dialect::CollectionBuilder | Dialect::Wax))
    };
    paths
        .into_iter()
        .filter(|path| path.is_file() && Format::of(path).is_some() && has_items(path))
        .map(|table| SiteTable {
            table,
            images: None,
        })
        .collect()
}

/// Reads the configuration of a site.
fn config(folder: &Path) -> Option<Value> {
    let path = folder.join("_config.yml");
    let size = std::fs::metadata(&path).ok()?.len();
    let text = std::fs::read_to_string(path)
        .ok()
        .filter(|_| size <= MAX_CONFIG)?;
    yaml::parse_document(&text)
}

/// Returns the member of nested mappings.
fn member<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Value> {
    let Some((name, rest)) = path.split_first() else {
        return Some(value);
    };
    let Value::Map(members) = value else {
        return None;
    };
    let (_, value) = members.iter().find(|(key, _)| key == name)?;
    member(value, rest)
}
