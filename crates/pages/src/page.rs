//! The state of a page: plain data, written into the document as JSON and read back on hydration.

use std::ops::Range;
use std::rc::Rc;

use khizana_format::{Canvas, CollectionSummary, Cue, Image, PageLine, Record, Root};
use khizana_json::{FromJson, Scanner};
use khizana_model::{Few, LangMap, Pages};
use serde::Serialize;
use yew::AttrValue;

use crate::book::{Reading, in_small};
use crate::card::Card;
use crate::manifest_path;
use crate::query::BrowseQuery;
use crate::route::Route;

/// How many cards a page of a collection has.
pub const PAGE_SIZE: u32 = 24;

/// How many cards a page of results has: as many as the index brings with a word.
pub const RESULTS_SIZE: u32 = 12;

/// How many values of a facet are shown before more are asked for, and then at most.
pub const FIRST_VALUES: u32 = 10;
/// See [`FIRST_VALUES`].
pub const ALL_VALUES: u32 = 200;

/// Everything one page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Page {
    /// The language of the interface: `ar`, `en` or `fr`.
    pub lang: String,
    /// The path from the page to the root of the site: `../../`, or `./`.
    pub base: String,
    /// What every page says about the archive.
    pub site: Site,
    /// What is shown.
    pub view: View,
}

khizana_json::json_object!(Page {
    lang,
    base,
    site,
    view
});

impl Page {
    /// A page, with its base worked out from where the view lies in the site.
    pub fn new(site: &Site, lang: &str, view: View) -> Page {
        let route = view.route();
        let base = "../".repeat(route.folder(lang, site.pages).split_terminator('/').count());
        Page {
            lang: lang.to_owned(),
            base,
            site: site.clone(),
            view,
        }
    }

    /// The file a published page is written to, below the root of the site: `ar/item/x/index.html`.
    /// Identifiers stand in it as they are; URLs percent-encode them.
    pub fn file(&self) -> String {
        format!(
            "{}index.html",
            self.view.route().folder(&self.lang, self.site.pages)
        )
    }
}

/// What every page says about the archive.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Site {
    /// The name of the archive.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// The address at which it is published, with a closing slash, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// The languages of the interface; the first is the default.
    pub languages: Vec<String>,
    /// Whether items and collections have pages of their own.
    pub pages: Pages,
    /// How many items the archive has.
    pub items: u32,
    /// The folder of the viewer's files, relative to the root, with a closing slash.
    pub viewer: String,
}

khizana_json::json_object!(Site {
    title: optional,
    url: optional,
    languages,
    pages,
    items,
    viewer
});

impl Site {
    /// What the root says, with the address from the archive's configuration.
    pub fn of(root: &Root, url: Option<String>) -> Site {
        Site {
            title: root.title.clone(),
            url,
            languages: root.languages.clone(),
            pages: root.pages,
            items: root.items,
            viewer: root.viewer.clone(),
        }
    }

    /// The whole address of an item's IIIF manifest, where it has one: manifests name things by
    /// address, and what is in them has a size or a duration.
    pub fn manifest(&self, record: &Record) -> Option<String> {
        let has_one = self.pages == Pages::Items && record.has_iiif_canvas();
        let mut address = self.url.clone().filter(|_| has_one)?;
        address.push_str(&manifest_path(record.item.id.as_str()));
        Some(address)
    }
}

/// What a page shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// The archive and its collections.
    Home(Home),
    /// One page of a collection's cards.
    Collection(Box<CollectionPage>),
    /// Search and its results. Never published: the worker sends it.
    Browse(Box<Browse>),
    /// An item.
    Item(Box<ItemPage>),
    /// There is nothing at this address. Never published.
    NotFound(Route),
    /// The page could not be loaded. Built by the viewer, never sent or published.
    #[serde(skip)]
    Failed(Failure),
    /// A request is under way, or, in a published shell, will be once the viewer runs.
    Loading(Loading),
}

impl FromJson for View {
    fn default_value() -> Self {
        View::Loading(Loading::default_value())
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        const KINDS: [&str; 6] = [
            "home",
            "collection",
            "browse",
            "item",
            "not-found",
            "loading",
        ];
        json.tagged(&KINDS, |kind, json| {
            *self = match kind {
                0 => View::Home(FromJson::default_value()),
                1 => View::Collection(FromJson::default_value()),
                2 => View::Browse(FromJson::default_value()),
                3 => View::Item(FromJson::default_value()),
                4 => View::NotFound(FromJson::default_value()),
                _ => View::Loading(FromJson::default_value()),
            };
            match self {
                View::Home(view) => view.read(json),
                View::Collection(view) => view.read(json),
                View::Browse(view) => view.read(json),
                View::Item(view) => view.read(json),
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
    /// A paragraph about the archive.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// The collections, in the order of the root.
    pub collections: Vec<CollectionLink>,
}

khizana_json::json_object!(Home {
    description: optional,
    collections
});

/// A collection, as other pages name it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionLink {
    /// Its identifier.
    pub id: String,
    /// Its name.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub title: LangMap,
    /// A paragraph about it; on the home page only.
    #[serde(skip_serializing_if = "LangMap::is_empty")]
    pub description: LangMap,
    /// How many items it has.
    pub items: u32,
    /// The image that stands for it; on the home page only.
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
    /// Its name and its number of items.
    pub fn brief(summary: &CollectionSummary) -> CollectionLink {
        CollectionLink {
            id: summary.id.as_str().to_owned(),
            title: summary.title.clone(),
            description: LangMap::new(),
            items: summary.items,
            cover: None,
        }
    }

    /// All that is known of it.
    pub fn full(summary: &CollectionSummary) -> CollectionLink {
        CollectionLink {
            description: summary.description.clone(),
            cover: summary.cover.clone(),
            ..CollectionLink::brief(summary)
        }
    }
}

/// One page of a collection.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CollectionPage {
    /// The collection.
    pub collection: CollectionLink,
    /// The number of the page, from 1.
    pub page: u32,
    /// Its cards.
    pub cards: Vec<Card>,
}

khizana_json::json_object!(CollectionPage {
    collection,
    page,
    cards
});

/// Search and its results.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Browse {
    /// What was asked, as the URL says it.
    pub query: BrowseQuery,
    /// How many items were found.
    pub total: u32,
    /// The cards of this page of the results.
    pub cards: Vec<Card>,
    /// What the results can be narrowed by.
    pub facets: Vec<Facet>,
    /// Whether items have years by which the results can be narrowed.
    pub dated: bool,
    /// What may have been meant, where a word is in no item.
    pub suggestion: Option<String>,
    /// Whether a newer search is under way.
    #[serde(skip)]
    pub busy: bool,
}

khizana_json::json_object!(Browse { query, total, cards, facets, dated, suggestion: optional; busy });

/// One facet and its values.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Facet {
    /// The field.
    pub field: String,
    /// Its name in the language of the page, where a collection gives one.
    pub label: LangMap,
    /// How many values there are.
    pub distinct: u32,
    /// Its values, most frequent first; of a line of time all, in order.
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
    /// What the URL calls it.
    pub key: String,
    /// What readers call it.
    pub label: LangMap,
    /// How many of the results have it.
    pub count: u32,
    /// Whether the results are narrowed by it.
    pub selected: bool,
}

khizana_json::json_object!(FacetValue {
    key,
    label,
    count,
    selected
});

/// An item.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemPage {
    /// Its published record.
    pub record: Rc<Record>,
    /// The collection it belongs to.
    pub collection: CollectionLink,
    /// The labels of the collection's own fields that this item has.
    #[serde(skip_serializing_if = "Few::is_empty")]
    pub labels: Few<String, LangMap>,
    /// The fields whose values lead to a filtered search.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facets: Vec<String>,
    /// The canvas shown, from 0.
    pub canvas: u32,
    /// The words that are marked in its text.
    #[serde(skip)]
    pub query: String,
    /// The text of that canvas. A published page has it where it is short.
    #[serde(skip_serializing_if = "CanvasText::is_away")]
    pub text: CanvasText,
    /// Which of its tracks is read beside it, where the reader chose one.
    #[serde(skip)]
    pub track: Option<u32>,
    /// How its pages are laid out.
    #[serde(skip)]
    pub reading: Reading,
    /// Whether all its pages are shown in small, of however many.
    #[serde(skip)]
    pub overview: bool,
}

impl ItemPage {
    /// The canvas that is shown; none where the item has none.
    pub fn shown(&self) -> Option<&Canvas> {
        let canvases = &self.record.canvases;
        let at = usize::try_from(self.canvas).unwrap_or(usize::MAX);
        canvases.get(at).or(canvases.first())
    }

    /// The text of that canvas, where it is here.
    pub fn page_text(&self) -> Option<&PageText> {
        match &self.text {
            CanvasText::Here(text) => Some(text),
            _ => None,
        }
    }

    /// Where another canvas of the item is, with the same words marked.
    pub fn at(&self, canvas: u32) -> Route {
        Route::Item {
            id: self.record.item.id.as_str().to_owned(),
            canvas,
            query: self.query.clone(),
        }
    }

    /// Shows a canvas. What is known of another one does not belong to it.
    pub fn show(&mut self, canvas: u32) {
        if self.canvas != canvas {
            (self.canvas, self.text, self.track) = (canvas, CanvasText::Unasked, None);
        }
    }

    /// The canvases that are seen together.
    pub fn together(&self) -> Range<u32> {
        self.reading.together(&self.record.canvases, self.canvas)
    }

    /// The canvases that are shown in small.
    pub fn in_small(&self) -> Range<u32> {
        let count = u32::try_from(self.record.canvases.len()).unwrap_or(u32::MAX);
        if self.overview {
            return 0..count;
        }
        in_small(count, self.canvas)
    }

    /// The canvas one comes to by turning the page, forth or back.
    pub fn turned(&self, forth: bool) -> Option<u32> {
        let canvases = &self.record.canvases;
        let now = match self.reading {
            Reading::Scroll => self.canvas..self.canvas.saturating_add(1),
            _ => self.together(),
        };
        if forth {
            let count = u32::try_from(canvases.len()).unwrap_or(u32::MAX);
            return Some(now.end).filter(|next| *next < count);
        }
        let before = now.start.checked_sub(1)?;
        Some(match self.reading {
            Reading::Spread => self.reading.together(canvases, before).start,
            _ => before,
        })
    }
}

khizana_json::json_object!(ItemPage { record, collection, labels: optional, facets: optional, canvas: optional, text: optional; query, track, reading, overview });

/// The text of a canvas: fetched by the viewer, linked without it; of a recording what is said.
#[derive(Debug, Clone, Default, PartialEq)]
pub enum CanvasText {
    /// Nobody has asked for it yet.
    #[default]
    Unasked,
    /// On its way.
    Loading,
    /// Here, and checked.
    Here(PageText),
    /// Here: what is said in a recording. It stands in published pages too, and is read back from
    /// there and not from the page's state, which would have it twice.
    Said(Rc<Vec<Cue>>, Hits),
    /// Here, and checked: HTML that was made of a file. It is read back from the page as well.
    Html(AttrValue),
    /// It could not be had.
    Failed(Cause),
}

impl CanvasText {
    /// What was looked for in it, where it is a text in which words are marked, and here.
    pub fn hits(&self) -> Option<&Hits> {
        match self {
            CanvasText::Here(PageText { hits, .. }) | CanvasText::Said(_, hits) => Some(hits),
            _ => None,
        }
    }

    fn is_away(&self) -> bool {
        !matches!(self, CanvasText::Here(_))
    }
}

impl Serialize for CanvasText {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            CanvasText::Here(text) => text.lines.serialize(serializer),
            _ => serializer.serialize_none(),
        }
    }
}

impl FromJson for CanvasText {
    fn default_value() -> Self {
        CanvasText::Unasked
    }

    fn read(&mut self, json: &mut Scanner<'_>) -> Option<()> {
        let mut text = PageText::default();
        text.lines.read(json)?;
        *self = CanvasText::Here(text);
        Some(())
    }
}

/// The text of a page, and what is marked in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageText {
    /// Its lines.
    pub lines: Rc<Vec<PageLine>>,
    /// What was looked for in them.
    pub hits: Hits,
}

/// What was looked for in a text.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Hits {
    /// The words that were found: the number of the line, or of what is said, and where in it.
    pub places: Vec<(usize, Range<usize>)>,
    /// Whether words were looked for.
    pub searched: bool,
}

impl PageText {
    /// Where on the image that stands which was looked for: the words that have places, and the whole
    /// line where its words have none.
    pub fn places(&self) -> Vec<[u32; 4]> {
        let mut places: Vec<[u32; 4]> = Vec::new();
        for (number, found) in &self.hits.places {
            let Some(line) = self.lines.get(*number) else {
                continue;
            };
            let before = places.len();
            for [start, end, x, y, w, h] in &line.words {
                if (*start as usize) < found.end && (*end as usize) > found.start {
                    places.push([*x, *y, *w, *h]);
                }
            }
            if places.len() == before
                && let Some(area) = line.area
                && places.last() != Some(&area)
            {
                places.push(area);
            }
        }
        places
    }
}

/// A failure, in the terms of a reader.
#[derive(Debug, Clone, PartialEq)]
pub struct Failure {
    /// Where the reader was going.
    pub route: Route,
    /// What happened.
    pub cause: Cause,
}

/// Why something could not be shown.
#[derive(Debug, Clone, PartialEq)]
pub enum Cause {
    /// No connection.
    Offline,
    /// The server answered with this status.
    Status(u16),
    /// What arrived is not what was published.
    Damaged(String),
    /// The archive was published by a newer or older Khizana, or cannot be read.
    Unreadable(String),
}

/// A request under way.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Loading {
    /// Where the reader is going.
    pub route: Route,
    /// The collections, for readers without JavaScript.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub collections: Vec<CollectionLink>,
    /// Whether it takes long.
    #[serde(skip)]
    pub slow: bool,
}

khizana_json::json_object!(Loading { route, collections: optional; slow });

impl View {
    /// The home page.
    pub fn home(root: &Root) -> View {
        View::Home(Home {
            description: root.description.clone(),
            collections: root.collections.iter().map(CollectionLink::full).collect(),
        })
    }

    /// Page `page` (from 1) of a collection, of the records [`collection_numbers`] names.
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
                .map(|record| Card::of(record, None, lang))
                .collect(),
        }))
    }

    /// An item at canvas `canvas` (from 0).
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
        let has = |field: &str| record.item.field(field).is_some();
        let labels = summary.map_or_else(Few::new, |summary| {
            let own = summary.labels.iter().filter(|(field, _)| has(field));
            own.cloned().collect()
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
            canvas,
            query: String::new(),
            text: CanvasText::Unasked,
            reading: Reading::default(),
            overview: false,
            track: None,
        }))
    }

    /// The browse page as it is published: the viewer fills it.
    pub fn browse_shell(root: &Root) -> View {
        View::shell(root, Route::Browse(BrowseQuery::default()))
    }

    /// The one page on which the viewer shows every collection, where `pages = "none"`.
    pub fn collection_shell(root: &Root) -> View {
        View::shell(
            root,
            Route::Collection {
                id: String::new(),
                page: 1,
            },
        )
    }

    /// The one page on which the viewer shows every item, where `pages = "none"`.
    pub fn item_shell(root: &Root) -> View {
        View::shell(root, Route::item("", 0))
    }

    fn shell(root: &Root, route: Route) -> View {
        let collections = root.collections.iter().map(CollectionLink::brief).collect();
        View::Loading(Loading {
            route,
            collections,
            slow: false,
        })
    }

    /// Where the view lies.
    pub fn route(&self) -> Route {
        match self {
            View::Home(_) => Route::Home,
            View::Collection(view) => Route::Collection {
                id: view.collection.id.clone(),
                page: view.page,
            },
            View::Browse(view) => Route::Browse(view.query.clone()),
            View::Item(view) => view.at(view.canvas),
            View::NotFound(route) => route.clone(),
            View::Failed(failure) => failure.route.clone(),
            View::Loading(loading) => loading.route.clone(),
        }
    }
}

/// How many pages a collection has; at least one.
pub fn collection_pages(items: u32) -> u32 {
    items.div_ceil(PAGE_SIZE).max(1)
}

/// The numbers of the items on page `page` (from 1) of a collection.
pub fn collection_numbers(summary: &CollectionSummary, page: u32) -> std::ops::Range<u32> {
    let end = summary.first.saturating_add(summary.items);
    let skip = page.saturating_sub(1).saturating_mul(PAGE_SIZE);
    let start = summary.first.saturating_add(skip).min(end);
    start..start.saturating_add(PAGE_SIZE).min(end)
}
