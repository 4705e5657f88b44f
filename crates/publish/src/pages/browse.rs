//! The browse page, and pages of facet values, for readers without the viewer.

use std::collections::BTreeSet;
use std::path::Path;

use khizana_format::{Archive, Fetch, FetchError, Root};
use khizana_model::{Item, Pages};
use khizana_pages::{
    Browse, BrowseQuery, Site as SiteInfo, View, results_view, search_query, value_segment,
};
use khizana_search::Results;
use khizana_site::headers::Policy;
use khizana_site::{Folder, Site};
use rayon::prelude::*;

use super::put;
use crate::PublishError;

/// Maximum number of values of a facet that have pages. These are the most frequent values.
const MAX_VALUES: usize = 50;
/// Maximum length of the name of a folder in bytes. Values with longer names have no pages.
const MAX_NAME_LEN: usize = 150;
/// Number of values that the page of a value displays for each of the other facets.
const VALUES_OF_OTHER_FACETS: usize = 10;

/// A value that has a page: its field and its key.
pub(super) type ValuePage = (String, String);

/// Writes the browse page and, if the pages of items are published, the pages of facet values, in
/// every language of the user interface. The index must already be in the site. Returns the values that
/// have pages, in ascending order.
pub(crate) fn write(
    site: &Site,
    root: &Root,
    info: &SiteInfo,
    policy: &Policy,
) -> Result<Vec<ValuePage>, PublishError> {
    let files = IndexFiles::new(&site.path(""), root)?;
    let all_items = BrowseQuery::default();
    let archive = files.open()?;
    let results = search(&archive, root, &all_items)?;
    let pages = match root.pages {
        Pages::Items | Pages::Lists => value_pages(&results),
        Pages::None => Vec::new(),
    };
    for lang in &root.languages {
        let mut view = results_view(&archive, lang, all_items.clone(), &results);
        mark_values(&mut view, &pages);
        put(site, info, policy, lang, View::Browse(Box::new(view)))?;
    }
    // Each thread has a reader, whose cache cannot be shared.
    let open = || files.open();
    pages.par_iter().try_for_each_init(open, |archive, page| {
        let reopened;
        let archive = match archive {
            Ok(archive) => archive,
            Err(_) => {
                reopened = files.open()?;
                &reopened
            }
        };
        let (field, key) = page;
        let query = BrowseQuery::with_value(field, key);
        let results = search(archive, root, &query)?;
        for lang in &root.languages {
            let view = value_view(archive, page, &results, &pages, lang);
            put(site, info, policy, lang, view)?;
        }
        Ok::<_, PublishError>(())
    })?;
    Ok(pages)
}

/// Returns the page of a value. `results` are those of its query, and `pages` the values that have pages.
fn value_view(
    archive: &Archive<&IndexFiles>,
    (field, key): &ValuePage,
    results: &Results,
    pages: &[ValuePage],
    lang: &str,
) -> View {
    let query = BrowseQuery::with_value(field, key);
    let mut view = results_view(archive, lang, query, results);
    view.has_page = true;
    let others = view.facets.iter_mut().filter(|facet| facet.field != *field);
    for facet in others.filter(|facet| !facet.field.contains(':')) {
        facet.values.truncate(VALUES_OF_OTHER_FACETS);
    }
    mark_values(&mut view, pages);
    View::Browse(Box::new(view))
}

/// Returns the values that have pages, in ascending order, without writing the pages.
pub(super) fn list_value_pages(
    files: &IndexFiles,
    root: &Root,
) -> Result<Vec<ValuePage>, PublishError> {
    let results = search(&files.open()?, root, &BrowseQuery::default())?;
    Ok(value_pages(&results))
}

/// Returns the browse page, or the page of a value if the query is one. Returns `None` if the value has no page.
pub(super) fn requested_view(
    files: &IndexFiles,
    root: &Root,
    pages: &[ValuePage],
    value: Option<&ValuePage>,
    lang: &str,
) -> Result<Option<View>, PublishError> {
    let archive = files.open()?;
    let Some((field, key)) = value else {
        let results = search(&archive, root, &BrowseQuery::default())?;
        let mut view = results_view(&archive, lang, BrowseQuery::default(), &results);
        mark_values(&mut view, pages);
        return Ok(Some(View::Browse(Box::new(view))));
    };
    if !has_page(pages, field, key) {
        return Ok(None);
    }
    let query = BrowseQuery::with_value(field, key);
    let results = search(&archive, root, &query)?;
    let page = (field.clone(), key.clone());
    Ok(Some(value_view(&archive, &page, &results, pages, lang)))
}

fn search(
    archive: &Archive<&IndexFiles>,
    root: &Root,
    query: &BrowseQuery,
) -> Result<Results, PublishError> {
    // The order by relevance does not depend on the language.
    let lang = root.languages.first().map_or("", String::as_str);
    let query = search_query(lang, query);
    Ok(pollster::block_on(khizana_search::search(archive, &query))?)
}

/// Returns the most frequent values of each facet, except those of Gregorian periods, which are not
/// displayed as links.
fn value_pages(all_items: &Results) -> Vec<ValuePage> {
    // Some file systems do not distinguish capital and small letters.
    let mut names = BTreeSet::new();
    let mut pages = Vec::new();
    for facet in &all_items.facets {
        if facet.field.starts_with("date:") {
            continue;
        }
        let values = facet.values.iter().filter(|value| value.count > 0);
        for value in values.take(MAX_VALUES) {
            let [field, name] = [&facet.field, &value.key].map(|text| value_segment(text));
            let is_short = !name.is_empty() && field.len().max(name.len()) <= MAX_NAME_LEN;
            if is_short && names.insert((field.to_lowercase(), name.to_lowercase())) {
                pages.push((facet.field.clone(), value.key.clone()));
            }
        }
    }
    pages.sort_unstable();
    pages
}

/// Marks the values of a view that have pages.
fn mark_values(view: &mut Browse, pages: &[ValuePage]) {
    for facet in &mut view.facets {
        for value in &mut facet.values {
            value.has_page = has_page(pages, &facet.field, &value.key);
        }
    }
}

/// Returns `true` if a value is among `pages`, which are in ascending order.
fn has_page(pages: &[ValuePage], field: &str, key: &str) -> bool {
    let order = |page: &ValuePage| (&*page.0, &*page.1).cmp(&(field, key));
    pages.binary_search_by(order).is_ok()
}

/// Returns the values of an item that have pages.
pub(super) fn value_pages_of(item: &Item, pages: &[ValuePage]) -> Vec<ValuePage> {
    let fields = item.fields.iter();
    let values = fields.flat_map(|field| {
        let entities = field.values.entities().into_iter();
        entities.map(|entity| (field.name.clone(), entity.facet_key().to_owned()))
    });
    let languages = item.languages.iter();
    let languages = languages.map(|tag| ("language".to_owned(), tag.as_str().to_owned()));
    let values = values.chain(languages);
    values
        .filter(|(field, key)| has_page(pages, field, key))
        .collect()
}

/// The files of a site whose root has not been written yet.
pub(crate) struct IndexFiles {
    folder: Folder,
    /// The content of `archive.json`.
    root: Vec<u8>,
}

impl Fetch for &IndexFiles {
    async fn get(&self, path: &str) -> Result<Vec<u8>, FetchError> {
        match path {
            "archive.json" => Ok(self.root.clone()),
            _ => self.folder.get(path).await,
        }
    }
}

impl IndexFiles {
    /// `folder` is that of the site.
    pub(crate) fn new(folder: &Path, root: &Root) -> Result<IndexFiles, PublishError> {
        Ok(IndexFiles {
            folder: Folder::new(folder),
            root: serde_json::to_vec(root).map_err(PublishError::serialize("archive.json"))?,
        })
    }

    pub(crate) fn open(&self) -> Result<Archive<&IndexFiles>, PublishError> {
        Ok(pollster::block_on(Archive::open(self))?)
    }
}
