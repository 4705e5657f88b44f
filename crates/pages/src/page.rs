//! The data model of a page. It is embedded in the document as JSON and parsed for hydration.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use khizana_format::{Canvas, CollectionSummary, Cue, Image, PageLine, Record, Root};
use khizana_json::{FromJson, Scanner};
use khizana_model::{LangMap, Pages, SmallMap};
use serde::Serialize;
use yew::AttrValue;

use crate::card::Card;
use crate::identity::Identity;
use crate::manifest_path;
use crate::page_layout::{PageLayout, thumbnail_range};
use crate::query::BrowseQuery;
use crate::reference::Citations;
use crate::route::Route;
use crate::text_page::{Prose, TextPage};

/// Number of cards on a page of a collection.
const CARDS_PER_PAGE: u32 = 24;
/// Number of whole records on a page of a collection, with [`Pages::Lists`].
const RECORDS_PER_PAGE: u32 = 100;

/// Number of cards on a page of results. It is divisible by the number of cards in a row on every
/// screen: 2, 4, 6, 8 or 12. The search index stores the same number of summaries with each term.
pub const RESULTS_PAGE_SIZE: u32 = 24;

/// Number of values that are displayed for a facet that is not expanded.
pub const INITIAL_FACET_VALUES: u32 = 20;
/// Maximum number of values that are displayed for an expanded facet.
pub const MAX_FACET_VALUES: u32 = 400;

/// A page of the site.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// Language of the interface: `ar`, `en` or `fr`.
    pub lang: String,
    /// Relative path from the page to the root of the site, such as `../../`. The viewer replaces
    /// it with an absolute URL.
    pub base: String,
    /// Properties of the archive.
    pub site: Site,
    /// Content of the page.
    pub view: View,
}

khizana_json::json_object!(Page {
    lang,
    base,
    site,
    view
});

impl Page {
    /// Creates a page. Its base is derived from the route of the view.
    pub fn new(site: &Site, lang: &str, view: View) -> Page {
        let route = view.route();
        let mut page = Page {
            lang: lang.to_owned(),
            base: String::new(),
            site: site.clone(),
            view,
        };
        let folder = route.folder(lang, page.layout(&route));
        page.base = "../".repeat(folder.split_terminator('/').count());
        page
    }

    /// Returns the path of the published file relative to the root of the site, such as
    /// `ar/item/x/index.html`. The identifiers in the path are not percent-encoded.
    pub fn file(&self) -> String {
        format!(
            "{}index.html",
            self.view
                .route()
                .folder(&self.lang, self.layout(&self.view.route()))
        )
    }

    /// Returns the URL of a route in a language, relative to the root of the site.
    pub fn href(&self, lang: &str, route: &Route) -> String {
        self.site.href_with(lang, route, self.layout(route))
    }

    /// Returns the [`Pages`] to which the URL of a route belongs. The viewer only knows of the displayed item
    /// if it has a page.
    fn layout(&self, route: &Route) -> Pages {
        match (&self.view, route) {
            (View::Item(view), Route::Item { id, .. })
                if view.record.has_page && view.record.item.id.as_str() == id =>
            {
                Pages::Items
            }
            _ => self.site.layout(route),
        }
    }
}

/// The properties of the archive that every page needs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    /// Title of the archive.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// URL of the site, with a trailing slash, if it is configured.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Languages of the interface. The first one is the default.
    pub languages: Vec<String>,
    /// The pages that are published as HTML files.
    pub pages: Pages,
    /// Number of items.
    pub items: u32,
    /// Folder of the viewer relative to the root of the site, with a trailing slash.
    pub viewer: String,
    /// The identity of the institution.
    #[serde(skip_serializing_if = "is_default_identity")]
    pub identity: Arc<Identity>,
    /// `true` if links to folders name `index.html`, for hosts that do not serve it for the address of its folder.
    #[serde(skip_serializing_if = "is_false")]
    pub has_index_links: bool,
    /// The identifiers of the items that have pages, with [`Pages::Lists`], in ascending order. Empty in the viewer.
    #[serde(skip)]
    pub item_pages: Arc<[String]>,
}

fn is_default_identity(identity: &Arc<Identity>) -> bool {
    **identity == Identity::default()
}

khizana_json::json_object!(Site {
    title: optional,
    url: optional,
    languages,
    pages,
    items,
    viewer,
    identity: optional,
    has_index_links: optional;
    item_pages
});

impl Site {
    /// Returns the properties of the archive, taken from its root. `url` is the URL from its
    /// configuration.
    pub fn of(root: &Root, url: Option<String>) -> Site {
        Site {
            title: root.title.clone(),
            url,
            languages: root.languages.clone(),
            pages: root.pages,
            items: root.items,
            viewer: root.viewer.clone(),
            identity: Arc::default(),
            has_index_links: false,
            item_pages: Arc::default(),
        }
    }

    /// Returns the URL of a route in a language, relative to the root of the site.
    pub fn href(&self, lang: &str, route: &Route) -> String {
        self.href_with(lang, route, self.layout(route))
    }

    fn href_with(&self, lang: &str, route: &Route, layout: Pages) -> String {
        let mut href = route.href(lang, layout);
        if self.has_index_links {
            let end = href.find('?').unwrap_or(href.len());
            href.insert_str(end, "index.html");
        }
        href
    }

    /// Returns the URL of a folder, which ends with a slash.
    #[cfg(feature = "ssr")]
    pub fn folder_url(&self, folder: &str) -> String {
        let file = if self.has_index_links {
            "index.html"
        } else {
            ""
        };
        format!("{folder}{file}")
    }

    /// Returns [`Pages::Items`] if the page of a route is published as a file, or else [`Pages::None`].
    fn layout(&self, route: &Route) -> Pages {
        match (self.pages, route) {
            (Pages::Lists, Route::Item { id, .. })
                if self.item_pages.binary_search(id).is_err() =>
            {
                Pages::None
            }
            (Pages::Lists, _) => Pages::Items,
            (pages, _) => pages,
        }
    }

    /// Returns `true` if an item has a page.
    pub fn has_page(&self, record: &Record) -> bool {
        match self.pages {
            Pages::Items => true,
            Pages::Lists => record.has_page,
            Pages::None => false,
        }
    }

    /// Returns `true` if only a published document contains all of the page of a route.
    pub fn is_document(&self, route: &Route) -> bool {
        let is_list = self.pages == Pages::Lists && matches!(route, Route::Collection { .. });
        is_list || self.identity.is_document(route)
    }

    /// Returns the URL of the IIIF manifest of an item.
    ///
    /// Returns `None` if the item has no manifest. A manifest requires that item pages are
    /// published, that the URL of the site is known, because IIIF identifies resources by absolute
    /// URLs, and that a canvas has dimensions or a duration.
    pub fn manifest_url(&self, record: &Record) -> Option<String> {
        let has_manifest = self.has_page(record) && record.has_iiif_canvas();
        let mut url = self.url.clone().filter(|_| has_manifest)?;
        url.push_str(&manifest_path(record.item.id.as_str()));
        Some(url)
    }
}

/// The content of a page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The home page.
    Home(Home),
    /// A page of a collection.
    Collection(Box<CollectionPage>),
    /// Search results.
    Browse(Box<Browse>),
    /// The page of an item.
    Item(Box<ItemPage>),
    /// A page that the institution has written. It is only published, and never sent by the worker.
    Text(Box<TextPage>),
    /// The page does not exist. This view is sent by the worker and never published.
    NotFound(Route),
    /// The page could not be loaded. This view is created by the viewer and neither sent nor
    /// published.
    #[serde(skip)]
    Failed(Failure),
    /// The page is being loaded. This view is published as a shell page, whose content the viewer
    /// adds.
    Loading(Loading),
}

impl FromJson for View {
    fn default_value() -> Self {
        View::Loading(Loading::default_value())
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        const KINDS: [&str; 7] = [
            "home",
            "collection",
            "browse",
            "item",
            "text",
            "not-found",
            "loading",
        ];
        json.tagged(&KINDS, |kind, json| {
            *self = match kind {
                0 => View::Home(FromJson::default_value()),
                1 => View::Collection(FromJson::default_value()),
                2 => View::Browse(FromJson::default_value()),
                3 => View::Item(FromJson::default_value()),
                4 => View::Text(FromJson::default_value()),
                5 => View::NotFound(FromJson::default_value()),
                _ => View::Loading(FromJson::default_value()),
            };
            match self {
                View::Home(view) => view.read(json),
                View::Collection(view) => view.read(json),
                View::Browse(view) => view.read(json),
                View::Item(view) => view.read(json),
                View::Text(view) => view.read(json),
                View::NotFound(route) => route.read(json),
                View::Loading(view) => view.read(json),
                View::Failed(_) => json.unexpected(),
            }
        })
    }
}

/// The home page.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Home {
    /// Description of the archive, a single paragraph.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// The collections.
    pub collections: Vec<CollectionLink>,
    /// The text of the institution. Only in published documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prose: Option<Prose>,
    /// The items that the institution has chosen. Only in published documents.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub featured: Vec<Card>,
}

khizana_json::json_object!(Home {
    description: optional,
    collections,
    prose: optional,
    featured: optional
});

/// A collection that a page links to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionLink {
    /// Identifier of the collection.
    pub id: String,
    /// Title of the collection.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// Description of the collection, a single paragraph. Empty in brief links.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// Number of items.
    pub items: u32,
    /// Cover image. Absent in brief links.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover: Option<Image>,
}

khizana_json::json_object!(CollectionLink {
    id,
    title: optional,
    description: optional,
    items,
    cover: optional
});

impl CollectionLink {
    /// Returns a link with only the title and the number of items.
    pub fn brief(summary: &CollectionSummary) -> CollectionLink {
        CollectionLink {
            id: summary.id.as_str().to_owned(),
            title: summary.title.clone(),
            description: LangMap::new(),
            items: summary.items,
            cover: None,
        }
    }

    /// Returns a link that also has the description and the cover image.
    pub fn full(summary: &CollectionSummary) -> CollectionLink {
        CollectionLink {
            description: summary.description.clone(),
            cover: summary.cover.clone(),
            ..CollectionLink::brief(summary)
        }
    }
}

/// A page of a collection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionPage {
    /// The collection.
    pub collection: CollectionLink,
    /// Number of the page, starting at 1.
    pub page: u32,
    /// Cards of the items on the page.
    pub cards: Vec<Card>,
    /// The introduction to the collection, and its sections. Only in published documents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prose: Option<Prose>,
    /// The whole records of the items as HTML, with [`Pages::Lists`]. Only in published documents, which the viewer
    /// does not hydrate.
    #[serde(skip)]
    pub records: AttrValue,
}

khizana_json::json_object!(CollectionPage {
    collection,
    page,
    cards,
    prose: optional;
    records
});

impl CollectionPage {
    /// Returns `true` if the page displays no items and no text.
    pub(crate) fn is_empty(&self) -> bool {
        self.cards.is_empty() && self.prose.is_none() && self.records.is_empty()
    }
}

/// Search results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Browse {
    /// The query in the URL.
    pub query: BrowseQuery,
    /// Number of items on all pages of the results.
    pub total: u32,
    /// Cards of the items on this page of the results.
    pub cards: Vec<Card>,
    /// Facets for filtering the results.
    pub facets: Vec<Facet>,
    /// `true` if the index has years, so that the results can be filtered by year.
    pub has_years: bool,
    /// A query with corrected spelling, if a word of the query does not occur in any item.
    pub suggestion: Option<String>,
    /// `true` if the results are published as the page of a facet value; see [`Route::Value`].
    #[serde(skip_serializing_if = "is_false")]
    pub has_page: bool,
    /// `true` while the results of a newer query are being loaded.
    #[serde(skip)]
    pub is_busy: bool,
}

khizana_json::json_object!(Browse { query, total, cards, facets, has_years, suggestion: optional, has_page: optional; is_busy });

fn is_false(value: &bool) -> bool {
    !value
}

impl Browse {
    /// Returns the route of the results.
    fn route(&self) -> Route {
        match self.query.filters.first() {
            Some((field, key)) if self.has_page => Route::Value {
                field: field.clone(),
                key: key.clone(),
            },
            _ => Route::Browse(self.query.clone()),
        }
    }
}

/// A facet and its values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facet {
    /// The name of the field.
    pub field: String,
    /// Label of the field, if a collection defines one.
    pub label: LangMap,
    /// Number of distinct values in the results.
    pub distinct: u32,
    /// The most frequent values, in descending order of frequency. For timelines, all values in
    /// chronological order.
    pub values: Vec<FacetValue>,
}

khizana_json::json_object!(Facet {
    field,
    label,
    distinct,
    values
});

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FacetValue {
    /// The value as it is written in the query string.
    pub key: String,
    /// The value as it is displayed. Empty if the key is displayed.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub label: LangMap,
    /// Number of results if this value were the only filter on its field.
    pub count: u32,
    /// `true` if the results are filtered by the value.
    #[serde(skip_serializing_if = "is_false")]
    pub is_selected: bool,
    /// `true` if the items with this value are published as a page; see [`Route::Value`].
    #[serde(skip_serializing_if = "is_false")]
    pub has_page: bool,
}

khizana_json::json_object!(FacetValue {
    key,
    label: optional,
    count,
    is_selected: optional,
    has_page: optional
});

/// The page of an item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemPage {
    /// The record of the item.
    pub record: Rc<Record>,
    /// The collection of the item.
    pub collection: CollectionLink,
    /// Labels that the collection defines for fields of this item.
    #[serde(skip_serializing_if = "SmallMap::is_empty")]
    pub labels: SmallMap<String, LangMap>,
    /// Names of the fields that are facets. The values of these fields link to filtered results.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<String>,
    /// The fields and values of the item that have a published page. The viewer does not need them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub value_pages: Vec<(String, String)>,
    /// Index of the current canvas.
    pub canvas: u32,
    /// The query whose matches are highlighted in the text.
    #[serde(skip)]
    pub query: String,
    /// Text of the current canvas. Published pages contain it if it is short.
    #[serde(skip_serializing_if = "CanvasText::is_not_lines")]
    pub text: CanvasText,
    /// Index of the track that the reader selected as the transcript.
    #[serde(skip)]
    pub track: Option<u32>,
    /// The citations that the worker composes if the visitor asks for them.
    #[serde(skip)]
    pub citations: Option<Rc<Citations>>,
    /// Layout of the pages.
    #[serde(skip)]
    pub layout: PageLayout,
    /// `true` if the thumbnails of all pages are displayed, even if the book is long.
    #[serde(skip)]
    pub has_all_thumbnails: bool,
}

impl ItemPage {
    /// Returns the current canvas. Returns `None` if the item has no canvases.
    pub fn current_canvas(&self) -> Option<&Canvas> {
        let canvases = &self.record.canvases;
        let at = usize::try_from(self.canvas).unwrap_or(usize::MAX);
        canvases.get(at).or(canvases.first())
    }

    /// Returns the lines of the current canvas if they have been loaded.
    pub fn page_text(&self) -> Option<&PageText> {
        match &self.text {
            CanvasText::Lines(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the route of the items that have a value: the published page of the value if there is one.
    pub fn value_route(&self, field: &str, key: &str) -> Route {
        let mut pages = self.value_pages.iter();
        if pages.any(|(page_field, page_key)| page_field == field && page_key == key) {
            Route::Value {
                field: field.to_owned(),
                key: key.to_owned(),
            }
        } else {
            Route::Browse(BrowseQuery::with_value(field, key))
        }
    }

    /// Returns the route of a canvas of the item, with the same query.
    pub fn route_at(&self, canvas: u32) -> Route {
        Route::Item {
            id: self.record.item.id.as_str().to_owned(),
            canvas,
            query: self.query.clone(),
        }
    }

    /// Changes the current canvas, and resets the text and the track of the previous canvas.
    pub fn set_canvas(&mut self, canvas: u32) {
        if self.canvas != canvas {
            (self.canvas, self.text, self.track) = (canvas, CanvasText::NotLoaded, None);
            self.citations = None;
        }
    }

    /// Returns the canvases that are displayed in the current layout.
    pub fn visible_canvases(&self) -> Range<u32> {
        self.layout
            .visible_pages(&self.record.canvases, self.canvas)
    }

    /// Returns the canvases whose thumbnails are displayed.
    pub fn thumbnail_range(&self) -> Range<u32> {
        let count = u32::try_from(self.record.canvases.len()).unwrap_or(u32::MAX);
        if self.has_all_thumbnails {
            return 0..count;
        }
        thumbnail_range(count, self.canvas)
    }

    /// Returns the canvas that is displayed after the page is turned forward or back. Returns
    /// `None` if there is none.
    pub fn adjacent_canvas(&self, forward: bool) -> Option<u32> {
        let canvases = &self.record.canvases;
        let visible = match self.layout {
            PageLayout::Scroll => self.canvas..self.canvas.saturating_add(1),
            _ => self.visible_canvases(),
        };
        if forward {
            let count = u32::try_from(canvases.len()).unwrap_or(u32::MAX);
            return Some(visible.end).filter(|next| *next < count);
        }
        let previous = visible.start.checked_sub(1)?;
        Some(match self.layout {
            PageLayout::Spread => self.layout.visible_pages(canvases, previous).start,
            _ => previous,
        })
    }
}

khizana_json::json_object!(ItemPage { record, collection, labels: optional, facets: optional, value_pages: optional, canvas: optional, text: optional; query, track, citations, layout, has_all_thumbnails });

/// The text of a canvas, or the transcript of a recording, which the viewer loads.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum CanvasText {
    /// The text has not been requested yet. The view links to the file.
    #[default]
    NotLoaded,
    /// The text is being loaded.
    Loading,
    /// The lines of a page.
    Lines(PageText),
    /// The cues of a recording. A published page contains the cues as HTML, from which the viewer
    /// parses them, so that the JSON of the page need not repeat them.
    Cues(Rc<Vec<Cue>>, TextMatches),
    /// A Markdown file or a table as HTML. The viewer reads the HTML from the published page.
    Html(AttrValue),
    /// The text could not be loaded.
    Failed(Cause),
}

impl CanvasText {
    /// Returns the matches of the query. Returns `None` if the text has not been loaded, or if it
    /// is HTML, in which matches are not highlighted.
    pub fn matches(&self) -> Option<&TextMatches> {
        match self {
            CanvasText::Lines(PageText { matches, .. }) | CanvasText::Cues(_, matches) => {
                Some(matches)
            }
            _ => None,
        }
    }

    fn is_not_lines(&self) -> bool {
        !matches!(self, CanvasText::Lines(_))
    }
}

impl Serialize for CanvasText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            CanvasText::Lines(text) => text.lines.serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

impl FromJson for CanvasText {
    fn default_value() -> Self {
        CanvasText::NotLoaded
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        let mut text = PageText::default();
        text.lines.read(json)?;
        *self = CanvasText::Lines(text);
        Some(())
    }
}

/// The lines of a page, with the matches of the query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageText {
    /// The lines.
    pub lines: Rc<Vec<PageLine>>,
    /// The matches in the lines.
    pub matches: TextMatches,
}

/// The matches of a query in lines or cues.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TextMatches {
    /// The matches, each with the index of its line or cue and its byte range in the line or cue.
    pub ranges: Vec<(usize, Range<usize>)>,
    /// `true` if there is a query.
    pub has_query: bool,
}

impl PageText {
    /// Returns the areas of the matches on the image, each as x, y, width and height in pixels. If
    /// the areas of the words of a line are unknown, uses the area of the line.
    pub fn match_areas(&self) -> Vec<[u32; 4]> {
        let mut areas: Vec<[u32; 4]> = Vec::new();
        for (index, range) in &self.matches.ranges {
            let Some(line) = self.lines.get(*index) else {
                continue;
            };
            let count = areas.len();
            for [start, end, x, y, w, h] in &line.words {
                if (*start as usize) < range.end && (*end as usize) > range.start {
                    areas.push([*x, *y, *w, *h]);
                }
            }
            if areas.len() == count
                && let Some(area) = line.area
                && areas.last() != Some(&area)
            {
                areas.push(area);
            }
        }
        areas
    }
}

/// A failure to load a page.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// The requested route.
    pub route: Route,
    /// The cause of the failure.
    pub cause: Cause,
}

/// The cause of a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// The server could not be reached.
    Offline,
    /// The server responded with this HTTP status.
    Status(u16),
    /// A file does not match its hash. The string is a technical description.
    Damaged(String),
    /// The archive is malformed or has an unsupported format. The string is a technical
    /// description.
    Unreadable(String),
}

/// A page that is being loaded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Loading {
    /// The requested route.
    pub route: Route,
    /// Links to the collections, for readers without JavaScript.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<CollectionLink>,
    /// `true` if loading takes longer than usual.
    #[serde(skip)]
    pub is_slow: bool,
}

khizana_json::json_object!(Loading { route, collections: optional; is_slow });

impl View {
    /// Returns the home page.
    pub fn home(root: &Root) -> View {
        View::Home(Home {
            description: root.description.clone(),
            collections: root.collections.iter().map(CollectionLink::full).collect(),
            prose: None,
            featured: Vec::new(),
        })
    }

    /// Returns a page of a collection. `page` is the number of the page, starting at 1. `records`
    /// are the records of the items whose numbers [`collection_numbers`] returns.
    pub fn collection(
        summary: &CollectionSummary,
        page: u32,
        records: &[Record],
        lang: &str,
    ) -> View {
        View::Collection(Box::new(CollectionPage {
            collection: CollectionLink::full(summary),
            page,
            cards: records
                .iter()
                .map(|record| Card::from_record(record, None, lang))
                .collect(),
            prose: None,
            records: AttrValue::default(),
        }))
    }

    /// Returns the page of an item. `canvas` is the index of the current canvas.
    pub fn item(root: &Root, record: Record, canvas: u32) -> View {
        let summary = root
            .collections
            .iter()
            .find(|summary| summary.id == record.collection);
        let collection = summary.map_or_else(
            || CollectionLink {
                id: record.collection.as_str().to_owned(),
                title: LangMap::new(),
                description: LangMap::new(),
                items: 0,
                cover: None,
            },
            CollectionLink::brief,
        );
        let has_field = |field: &str| record.item.field(field).is_some();
        let labels = summary.map_or_else(SmallMap::new, |summary| {
            let labels = summary.labels.iter().filter(|(field, _)| has_field(field));
            labels.cloned().collect()
        });
        let facets = root
            .search
            .facets
            .iter()
            .map(|facet| facet.field.clone())
            .collect();
        View::Item(Box::new(ItemPage {
            record: Rc::new(record),
            collection,
            labels,
            facets,
            value_pages: Vec::new(),
            canvas,
            query: String::new(),
            text: CanvasText::NotLoaded,
            layout: PageLayout::default(),
            has_all_thumbnails: false,
            track: None,
            citations: None,
        }))
    }

    /// Returns the page that is published for all collections if `pages` is `"none"`. The viewer
    /// adds its content.
    pub fn collection_shell(root: &Root) -> View {
        View::shell(
            root,
            Route::Collection {
                id: String::new(),
                page: 1,
            },
        )
    }

    /// Returns the page that is published for all items if `pages` is `"none"`. The viewer adds its
    /// content.
    pub fn item_shell(root: &Root) -> View {
        View::shell(root, Route::item("", 0))
    }

    fn shell(root: &Root, route: Route) -> View {
        let collections = root.collections.iter().map(CollectionLink::brief).collect();
        View::Loading(Loading {
            route,
            collections,
            is_slow: false,
        })
    }

    /// Returns the route of the view.
    pub fn route(&self) -> Route {
        match self {
            View::Home(_) => Route::Home,
            View::Collection(view) => Route::Collection {
                id: view.collection.id.clone(),
                page: view.page,
            },
            View::Browse(view) => view.route(),
            View::Item(view) => view.route_at(view.canvas),
            View::Text(view) => Route::Text(view.name.clone()),
            View::NotFound(route) => route.clone(),
            View::Failed(failure) => failure.route.clone(),
            View::Loading(loading) => loading.route.clone(),
        }
    }
}

/// Returns the number of items on a page of a collection.
fn collection_page_size(pages: Pages) -> u32 {
    match pages {
        Pages::Lists => RECORDS_PER_PAGE,
        Pages::Items | Pages::None => CARDS_PER_PAGE,
    }
}

/// Returns the number of pages of a collection with `items` items. It is at least 1.
pub fn collection_pages(pages: Pages, items: u32) -> u32 {
    items.div_ceil(collection_page_size(pages)).max(1)
}

/// Returns the numbers of the items on a page of a collection. `page` is the number of the page,
/// starting at 1.
pub fn collection_numbers(pages: Pages, summary: &CollectionSummary, page: u32) -> Range<u32> {
    let size = collection_page_size(pages);
    let end = summary.first.saturating_add(summary.items);
    let skip = page.saturating_sub(1).saturating_mul(size);
    let start = summary.first.saturating_add(skip).min(end);
    start..start.saturating_add(size).min(end)
}
