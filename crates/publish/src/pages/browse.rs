//! The browse page, and pages of facet values, for readers without the viewer.

use std::collections::BTreeSet;

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
    let files = IndexFiles::new(site, root)?;
    let all_items = BrowseQuery::default();
    let archive = files.open()?;
    let results = search(&archive, root, &all_items)?;
    let pages = match root.pages {
        Pages::Items => value_pages(&results),
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
            let mut view = results_view(archive, lang, query.clone(), &results);
            view.has_page = true;
            let others = view.facets.iter_mut().filter(|facet| facet.field != *field);
            for facet in others.filter(|facet| !facet.field.contains(':')) {
                facet.values.truncate(VALUES_OF_OTHER_FACETS);
            }
            mark_values(&mut view, &pages);
            put(site, info, policy, lang, View::Browse(Box::new(view)))?;
        }
        Ok::<_, PublishError>(())
    })?;
    Ok(pages)
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
    pub(crate) fn new(site: &Site, root: &Root) -> Result<IndexFiles, PublishError> {
        Ok(IndexFiles {
            folder: Folder::new(&site.path("")),
            root: serde_json::to_vec(root).map_err(PublishError::serialize("archive.json"))?,
        })
    }

    pub(crate) fn open(&self) -> Result<Archive<&IndexFiles>, PublishError> {
        Ok(pollster::block_on(Archive::open(self))?)
    }
}
