//! Pages that are rendered when they are requested, for the preview of a source.

use std::path::{Path, PathBuf};

use khizana_format::{Archive, Canvas, CollectionSummary, Record, Root};
use khizana_model::{ArchiveConfig, Field, Item, Pages};
use khizana_pages::{
    BrowseQuery, CanvasText, Page, Route, Site as SiteInfo, View, collection_numbers,
    collection_pages, document, root_document,
};
use khizana_site::headers::Policy;

use super::browse::{self, IndexFiles, ValuePage};
use super::{collection_view, first_text, home_view, item_view};
use crate::PublishError;
use crate::written::Rendered;

/// An item of a source that has changed since the site was published.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The description of the item.
    pub item: Item,
    /// The files, or `None` if those of the published item are displayed.
    pub canvases: Option<Vec<Canvas>>,
}

/// The items of a source that have changed since the site was published.
pub trait Drafts {
    /// Returns an item that has changed.
    fn item(&self, id: &str) -> Option<Draft>;
    /// Returns the collection if none of its items is published.
    fn collection(&self) -> Option<&CollectionSummary>;
    /// Returns the identifier of the item at a position in that collection.
    fn id_at(&self, position: u32) -> Option<String>;
}

/// The [`Drafts`] of a source that has not changed.
#[derive(Debug, Clone, Copy)]
pub struct NoDrafts;

impl Drafts for NoDrafts {
    fn item(&self, _id: &str) -> Option<Draft> {
        None
    }

    fn collection(&self) -> Option<&CollectionSummary> {
        None
    }

    fn id_at(&self, _position: u32) -> Option<String> {
        None
    }
}

/// The pages of a published site, which are rendered on request. They have the paths of the files that
/// [`publish`](crate::publish()) writes.
pub struct Documents {
    folder: PathBuf,
    root: Root,
    info: SiteInfo,
    policy: Policy,
    config: ArchiveConfig,
    texts: Rendered,
    value_pages: Vec<ValuePage>,
    files: IndexFiles,
}

impl Documents {
    pub(crate) fn new(
        folder: &Path,
        root: Root,
        (info, policy): (SiteInfo, Policy),
        config: ArchiveConfig,
        texts: Rendered,
        has_value_pages: bool,
    ) -> Result<Documents, PublishError> {
        let files = IndexFiles::new(folder, &root)?;
        let value_pages = match root.pages {
            Pages::Items if has_value_pages => browse::list_value_pages(&files, &root)?,
            _ => Vec::new(),
        };
        Ok(Documents {
            folder: folder.to_owned(),
            root,
            info,
            policy,
            config,
            texts,
            value_pages,
            files,
        })
    }

    /// Returns the languages of the pages.
    pub fn languages(&self) -> &[String] {
        &self.root.languages
    }

    /// Returns the number of published items.
    pub fn items(&self) -> u32 {
        self.root.items
    }

    /// Returns the content security policy of the pages.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the path of the page of an item, relative to the root of the site and percent-encoded.
    pub fn item_path(&self, id: &str, lang: &str) -> String {
        self.info.href(lang, &Route::item(id, 0))
    }

    /// Renders the page at a path, which is percent-encoded and relative to the root of the site. `query` is the query
    /// of the URL. Returns `None` if there is no page.
    ///
    /// # Errors
    /// Returns an error if a file of the site cannot be read.
    pub fn document(
        &self,
        (path, query): (&str, &str),
        drafts: &dyn Drafts,
    ) -> Result<Option<String>, PublishError> {
        if path.is_empty() || path == "index.html" {
            return Ok(Some(root_document(&self.info, self.policy.meta())));
        }
        let Some((lang, route)) = Route::parse(path, page_query(path, query), &self.root.languages)
        else {
            return Ok(None);
        };
        let mut root = self.root.clone();
        if let Some(summary) = drafts.collection() {
            root.items += summary.items;
            root.collections.push(CollectionSummary {
                first: self.root.items,
                ..summary.clone()
            });
        }
        let Some(view) = self.view(&lang, route, &root, drafts)? else {
            return Ok(None);
        };
        let info = SiteInfo {
            items: root.items,
            ..self.info.clone()
        };
        let page = Page::new(&info, &lang, view);
        Ok(Some(document(&page, self.policy.meta())))
    }

    fn view(
        &self,
        lang: &str,
        route: Route,
        root: &Root,
        drafts: &dyn Drafts,
    ) -> Result<Option<View>, PublishError> {
        match route {
            Route::Home => Ok(Some(home_view(root, &self.config, &self.texts, lang))),
            Route::Text(name) => {
                let mut pages = self.texts.pages.iter();
                let page = pages.find(|(page_lang, page)| page_lang == lang && page.name == name);
                Ok(page.map(|(_, page)| View::Text(Box::new(page.clone()))))
            }
            Route::Browse(query) => {
                let filter = query.filters.first().cloned();
                let is_value = query != BrowseQuery::default();
                let value = filter.as_ref().filter(|_| is_value);
                browse::requested_view(&self.files, root, &self.value_pages, value, lang)
            }
            Route::Collection { id, page } => match id.as_str() {
                "" if root.pages == Pages::None => Ok(Some(View::collection_shell(root))),
                id => self.collection(lang, (id, page), root, drafts),
            },
            Route::Item { id, .. } => match id.as_str() {
                "" if root.pages == Pages::None => Ok(Some(View::item_shell(root))),
                id => self.item(lang, id, root, drafts),
            },
            Route::Value { .. } | Route::Unknown(_) => Ok(None),
        }
    }

    fn collection(
        &self,
        lang: &str,
        (id, page): (&str, u32),
        root: &Root,
        drafts: &dyn Drafts,
    ) -> Result<Option<View>, PublishError> {
        let mut collections = root.collections.iter();
        let Some(summary) = collections.find(|summary| summary.id.as_str() == id) else {
            return Ok(None);
        };
        if page > collection_pages(root.pages, summary.items) {
            return Ok(None);
        }
        let archive = self.files.open()?;
        let mut records = Vec::new();
        for number in collection_numbers(root.pages, summary, page) {
            let published = match number < self.root.items {
                true => pollster::block_on(archive.record(number))?,
                false => None,
            };
            let id = match &published {
                Some(record) => Some(record.item.id.to_string()),
                None => drafts.id_at(number - summary.first),
            };
            let draft = id.and_then(|id| drafts.item(&id));
            records.extend(self.combine(published, draft, summary));
        }
        Ok(Some(collection_view(
            (summary, page),
            &records,
            &self.texts,
            lang,
        )))
    }

    fn item(
        &self,
        lang: &str,
        id: &str,
        root: &Root,
        drafts: &dyn Drafts,
    ) -> Result<Option<View>, PublishError> {
        let published = published_record(&self.files.open()?, id)?;
        let draft = drafts.item(id);
        let mut collections = root.collections.iter().rev();
        let record = match (collections.next(), published) {
            (_, Some(record)) if draft.is_none() => Some(record),
            (Some(last), published) => self.combine(published, draft, last),
            (None, _) => None,
        };
        let Some(record) = record else {
            return Ok(None);
        };
        // The texts of a file that is not published yet cannot be read.
        let text = first_text(&self.folder, &record).unwrap_or(CanvasText::NotLoaded);
        let value_pages = browse::value_pages_of(&record.item, &self.value_pages);
        item_view(&self.folder, root, &record, (&text, &value_pages), lang).map(Some)
    }

    /// Returns the record of an item that may have changed. A new item belongs to the collection `summary`.
    fn combine(
        &self,
        published: Option<Record>,
        draft: Option<Draft>,
        summary: &CollectionSummary,
    ) -> Option<Record> {
        let Some(Draft { mut item, canvases }) = draft else {
            return published;
        };
        let order = &self.config.field_order;
        let position = |field: &Field| {
            let position = order.iter().position(|name| *name == field.name);
            position.unwrap_or(order.len())
        };
        item.fields.sort_by_key(position);
        item.remote.clear();
        Some(match published {
            Some(record) => {
                add_values_of_files(&mut item, &record.item);
                let canvases = canvases.unwrap_or(record.canvases);
                Record {
                    item,
                    canvases,
                    ..record
                }
            }
            None => Record {
                item,
                collection: summary.id.clone(),
                parent: None,
                children: Vec::new(),
                canvases: canvases.unwrap_or_default(),
                remote: Vec::new(),
                part: None,
                previous: None,
                next: None,
                related: Vec::new(),
                map: None,
                spot: None,
                has_page: false,
            },
        })
    }
}

/// Returns the query with which a path is parsed. The viewer itself interprets the query of the browse page.
fn page_query<'a>(path: &str, query: &'a str) -> &'a str {
    match path.contains("/browse/") {
        true => "",
        false => query,
    }
}

/// Adds the values that the ingest took from the metadata of the files, and that the source does not contain.
fn add_values_of_files(item: &mut Item, published: &Item) {
    for name in &published.from_file {
        match name.as_str() {
            "title" if item.title.is_empty() => item.title.clone_from(&published.title),
            "date" if item.date.is_none() => item.date.clone_from(&published.date),
            "rights" if item.rights.is_none() => item.rights.clone_from(&published.rights),
            "location" if item.location.is_none() => item.location = published.location,
            field => {
                let mut fields = published.fields.iter();
                let value = fields.find(|value| value.name == field);
                let is_new = item.field(field).is_none();
                item.fields.extend(value.filter(|_| is_new).cloned());
            }
        }
    }
}

fn published_record(
    archive: &Archive<&IndexFiles>,
    id: &str,
) -> Result<Option<Record>, PublishError> {
    let record = async {
        match archive.item_number(id).await? {
            Some(number) => archive.record(number).await,
            None => Ok(None),
        }
    };
    Ok(pollster::block_on(record)?)
}
