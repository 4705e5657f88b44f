//! From a route to what is shown there: all that reads the archive.
//!
//! After linking, the build cuts this file and what only it needs (the search engine, the reader of the
//! archive) out of the viewer, into a module that pages of items do without. The ways in are [`load`],
//! [`text`] and [`complete`]; `super::rest` sees to it that the module is there first.

use std::pin::Pin;
use std::rc::Rc;

use khizana_format::{
    Archive, Canvas, CollectionSummary, Cue, FetchError, Origin, PageLines, ReadError, Record,
    Track, together,
};
use khizana_json as json;
use khizana_model::{Hash, LangMap, LangTag};
use khizana_search::{Marked, Marks, Query, Sort};
use wasm_bindgen::JsValue;

use super::Viewer;
use super::fetch::WebFetch;
use khizana_pages::Route;
use khizana_pages::{
    ALL_VALUES, Browse, CanvasText, Cause, FIRST_VALUES, Facet, FacetValue, Hits, ItemPage,
    PageText, RESULTS_SIZE, View, collection_numbers, collection_pages,
};
use khizana_pages::{BrowseQuery, Order};
use khizana_pages::{Card, Excerpt, Piece, Text};

/// How long a list of results stands before it is completed.
const PAUSE_MS: i32 = 150;
/// How long it stands then before the next page is fetched.
const IDLE_MS: i32 = 1_000;
/// How long an excerpt is, in letters.
const EXCERPT: usize = 90;
/// The longest text, in bytes, that is fetched for an excerpt.
const LONGEST: u64 = 200_000;

/// An answer that is awaited. Behind a box, so that who waits does not contain what is waited for.
pub(super) type Later<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// What is shown at a route.
#[inline(never)]
pub(super) fn load<'a>(
    viewer: &'a Viewer,
    lang: &'a str,
    route: &'a Route,
) -> Later<'a, Result<View, Cause>> {
    Box::pin(viewer.loaded(lang, route))
}

/// What is read beside a canvas: what is said in it, where a track is given, and by which one; else the
/// HTML that was made of it, or its text.
#[inline(never)]
pub(super) fn text<'a>(
    viewer: &'a Viewer,
    view: &'a ItemPage,
    canvas: &'a Canvas,
    said: Option<&'a Track>,
) -> Later<'a, Result<(CanvasText, Option<u32>), Cause>> {
    Box::pin(async move {
        if let (None, Some(hash)) = (said, &canvas.html) {
            return Ok((viewer.html(hash).await?, None));
        }
        let marks = viewer.marks(&view.query).await?;
        match said {
            Some(track) => viewer.said(view, canvas, track, &marks).await,
            None => {
                let text = viewer.page_text(canvas, &marks).await?;
                Ok((CanvasText::Here(text), None))
            }
        }
    })
}

/// What a list of results lacks at first: on which page of an item the words stand, and the words in
/// their context. Then, when there is nothing else to do, the next page of results.
#[inline(never)]
pub(super) fn complete(viewer: &Viewer) -> Later<'_, Option<()>> {
    Box::pin(viewer.completed())
}

/// A search, as the engine understands it.
fn asked(lang: &str, query: &BrowseQuery) -> Query {
    Query {
        text: query.text.clone(),
        filters: query.filters.clone(),
        years: query.years(),
        sort: match query.sort {
            None => Sort::Relevance,
            Some(Order::Title) => Sort::Title,
            Some(Order::Date) => Sort::Date,
            Some(Order::DateDescending) => Sort::DateDescending,
        },
        language: lang.to_owned(),
        complete: !query.text.ends_with(char::is_alphanumeric),
        skip: query.page.saturating_mul(RESULTS_SIZE) as usize,
        take: RESULTS_SIZE as usize,
        values: match query.whole {
            Some(_) => ALL_VALUES,
            None => FIRST_VALUES,
        } as usize,
    }
}

fn piece(marked: Marked) -> Piece {
    Piece {
        text: marked.text,
        found: marked.found,
    }
}

fn cause(error: ReadError) -> Cause {
    match error {
        ReadError::Fetch(FetchError::NotFound(_)) => Cause::Status(404),
        ReadError::Fetch(FetchError::Status { status, .. }) => Cause::Status(status),
        ReadError::Fetch(FetchError::Unreachable { .. }) => Cause::Offline,
        ReadError::Object(error) => Cause::Damaged(error.to_string()),
        error => Cause::Unreadable(error.to_string()),
    }
}

/// What was looked for in the lines of a text, each with its language.
fn hits(marks: &Option<Marks>, lines: &[(&str, &str)]) -> Hits {
    let mut hits = Hits {
        places: Vec::new(),
        searched: marks.is_some(),
    };
    if let Some(marks) = marks {
        for (number, (line, lang)) in lines.iter().enumerate() {
            for range in marks.ranges(line, lang) {
                hits.places.push((number, range));
            }
        }
    }
    hits
}

/// All that is said in a recording, from its cues.
fn all_said(json: &str) -> Option<String> {
    let cues: Vec<Cue> = json::from_slice(json.as_bytes()).ok()?;
    let mut text = String::new();
    for (_, said) in &cues {
        text.push_str(said);
        text.push('\n');
    }
    Some(text)
}

impl Viewer {
    async fn completed(&self) -> Option<()> {
        let found = self.found.borrow().as_ref()?.1.clone();
        let page = self.shown();
        let View::Browse(view) = &page.view else {
            return None;
        };
        // Somebody who types has the next answer before they could read this.
        self.sleep(PAUSE_MS).await;
        let archive = self.archive().await.ok()?;
        let mut cards = view.cards.clone();
        if let Ok(pages) = found.pages(&archive).await {
            for (card, page) in cards.iter_mut().zip(pages) {
                card.found.page = page;
            }
        }
        let awaited = |card: &Card| card.found.excerpt == Excerpt::Awaited;
        let own = found.hits.iter().zip(&cards);
        let numbers: Vec<u32> = own
            .filter(|(_, card)| awaited(card))
            .map(|(hit, _)| hit.number)
            .collect();
        let records = archive.records(&numbers).await.ok()?;
        let waiting = cards.iter_mut().filter(|card| awaited(card));
        let filled = waiting.zip(&records).map(async |(card, record)| {
            if let Some(excerpt) = self.excerpt(&found.marks, record, card.found.page).await {
                card.found.excerpt = excerpt;
            }
        });
        together(filled.collect()).await;
        if cards != view.cards {
            self.replace_view(View::Browse(Box::new(Browse {
                cards,
                ..(**view).clone()
            })));
        }
        let next = view.query.page.saturating_add(1);
        if next < view.total.div_ceil(RESULTS_SIZE) && !self.saves_data() {
            self.sleep(IDLE_MS).await;
            let query = BrowseQuery {
                page: next,
                ..view.query.clone()
            };
            // What it fetches is kept, and there when the page is turned.
            let _ = khizana_search::search(&archive, &asked(&page.lang, &query)).await;
        }
        None
    }

    /// The words of a query in a record, or in the text of one of its canvases.
    async fn excerpt(&self, marks: &Marks, record: &Record, page: Option<u32>) -> Option<Excerpt> {
        let here = |lang: &LangTag, text: &str| {
            let pieces = marks.excerpt(text, lang.as_str(), EXCERPT)?;
            let found = pieces.iter().filter(|piece| piece.found).count();
            let pieces = pieces.into_iter().map(piece).collect();
            Some((found, Excerpt::Here(lang.clone(), pieces)))
        };
        let canvas = page.and_then(|page| record.canvases.get(page as usize));
        let mut texts: Vec<(&Origin, Option<&LangTag>, bool)> = Vec::new();
        if let Some(canvas) = canvas {
            for track in canvas.recording.iter().flat_map(|own| &own.tracks) {
                if let Some(cues) = &track.cues {
                    texts.push((cues, track.file.language.as_ref(), true));
                }
            }
            let own = canvas.original.as_ref();
            let own = own.filter(|_| canvas.recording.is_none());
            if let Some(text) = canvas.text.as_ref().or(own) {
                texts.push((text, text.language.as_ref(), false));
            }
        }
        for (origin, lang, is_said) in texts {
            if origin.bytes < LONGEST {
                let mut text = self.text(origin).await.ok()?;
                if is_said {
                    text = all_said(&text)?;
                }
                let lang = lang.cloned().unwrap_or_else(LangTag::und);
                if let Some(found) = here(&lang, &text) {
                    return Some(found.1);
                }
            }
        }
        let item = &record.item;
        let values = item
            .title
            .iter()
            .chain(item.fields.iter().flat_map(|field| field.values.iter()));
        // The value in which most is found; of equals the first.
        let mut best: Option<(usize, Excerpt)> = None;
        for (lang, text) in values {
            if let Some(own) = here(lang, text)
                && best.as_ref().is_none_or(|best| own.0 > best.0)
            {
                best = Some(own);
            }
        }
        Some(best?.1)
    }

    /// Whether the reader wants to be spared downloads.
    fn saves_data(&self) -> bool {
        let get = |from: &JsValue, name: &str| js_sys::Reflect::get(from, &JsValue::from_str(name));
        get(&self.window.navigator(), "connection")
            .and_then(|connection| get(&connection, "saveData"))
            .is_ok_and(|value| value.is_truthy())
    }

    /// The archive; opened when it is first needed.
    async fn archive(&self) -> Result<Rc<Archive<WebFetch>>, Cause> {
        if let Some(archive) = self.archive.borrow().as_ref() {
            return Ok(archive.clone());
        }
        let fetch = WebFetch {
            window: self.window.clone(),
            root: self.root.clone(),
            flights: self.flights.clone(),
        };
        let archive = Rc::new(Archive::open(fetch).await.map_err(cause)?);
        self.archive.replace(Some(archive.clone()));
        Ok(archive)
    }

    async fn loaded(&self, lang: &str, route: &Route) -> Result<View, Cause> {
        let archive = self.archive().await?;
        let root = archive.root();
        match route {
            Route::Home => Ok(View::home(root)),
            Route::Collection { id, page } => {
                let summary = root
                    .collections
                    .iter()
                    .find(|summary| summary.id.as_str() == id);
                let Some(summary) =
                    summary.filter(|summary| *page <= collection_pages(summary.items))
                else {
                    return Ok(View::NotFound(route.clone()));
                };
                let numbers: Vec<u32> = collection_numbers(summary, *page).collect();
                let records = archive.records(&numbers).await.map_err(cause)?;
                Ok(View::collection(summary, *page, &records, lang))
            }
            Route::Item { id, canvas, query } => {
                let record = match archive.number_of(id).await.map_err(cause)? {
                    Some(number) => archive.record(number).await.map_err(cause)?,
                    None => None,
                };
                Ok(match record {
                    Some(record) => {
                        let last = u32::try_from(record.canvases.len())
                            .unwrap_or(u32::MAX)
                            .saturating_sub(1);
                        let mut view = View::item(root, record, (*canvas).min(last));
                        if let View::Item(view) = &mut view {
                            view.query.clone_from(query);
                        }
                        view
                    }
                    None => View::NotFound(route.clone()),
                })
            }
            Route::Browse(query) => self.browse(&archive, lang, query).await,
            Route::Unknown(_) => Ok(View::NotFound(route.clone())),
        }
    }

    async fn browse(
        &self,
        archive: &Archive<WebFetch>,
        lang: &str,
        query: &BrowseQuery,
    ) -> Result<View, Cause> {
        let mut asked = asked(lang, query);
        let mut found = khizana_search::search(archive, &asked)
            .await
            .map_err(cause)?;
        let mut query = query.clone();
        let last = found.total.saturating_sub(1) / RESULTS_SIZE;
        if query.page > last {
            // An address from when there were more.
            query.page = last;
            asked.skip = last.saturating_mul(RESULTS_SIZE) as usize;
            found = khizana_search::search(archive, &asked)
                .await
                .map_err(cause)?;
        }
        let root = archive.root();
        let none = LangMap::new();
        let marked = |text: &Text| -> Vec<Piece> {
            let pieces = found.marks.pieces(&text.text, text.lang.as_str());
            if pieces.iter().any(|piece| piece.found) {
                pieces.into_iter().map(piece).collect()
            } else {
                Vec::new()
            }
        };
        let cards = found.hits.iter().map(|hit| {
            let summary = root.collections.get(hit.brief.collection as usize);
            // The name of the collection helps only where there are several.
            let title = (root.collections.len() > 1)
                .then(|| summary.map_or(&none, |summary| &summary.title));
            let mut card = Card::brief(&hit.brief, title, lang);
            card.found.title = marked(&card.title);
            card.found.creator = card.creator.as_ref().map(marked).unwrap_or_default();
            let seen = !card.found.title.is_empty() || !card.found.creator.is_empty();
            if !seen && !found.marks.is_empty() {
                card.found.excerpt = Excerpt::Awaited;
            }
            card
        });
        let cards = cards.collect();
        let facets = std::mem::take(&mut found.facets).into_iter().map(|facet| {
            let whole = query.whole.as_ref() == Some(&facet.field) || facet.field.contains(':');
            let label = |summary: &CollectionSummary| {
                let own = summary.labels.find(|field| *field == facet.field);
                own.cloned()
            };
            let label = root.collections.iter().find_map(label);
            let values = facet.values.into_iter().enumerate();
            // Of the facets that are not shown whole more was named, too.
            let values = values
                .filter(|(place, value)| whole || *place < FIRST_VALUES as usize || value.selected)
                .map(|(_, value)| FacetValue {
                    key: value.key,
                    label: value.label,
                    count: value.count,
                    selected: value.selected,
                });
            Facet {
                values: values.collect(),
                label: label.unwrap_or_default(),
                field: facet.field,
                distinct: facet.distinct,
            }
        });
        let facets = facets.collect();
        let text = query.text.clone();
        let view = Browse {
            query,
            total: found.total,
            cards,
            facets,
            dated: root.search.years.top.is_some(),
            suggestion: found.suggestion.clone(),
            busy: false,
        };
        self.found.replace(Some((text, Rc::new(found))));
        Ok(View::Browse(Box::new(view)))
    }

    /// What is said in a recording: in the language that serves the reader best or, where what was looked
    /// for is not in it and the reader chose none, in the first that has it.
    async fn said(
        &self,
        view: &ItemPage,
        canvas: &Canvas,
        best: &Track,
        marks: &Option<Marks>,
    ) -> Result<(CanvasText, Option<u32>), Cause> {
        let tracks = canvas.recording.as_ref().map_or(&[][..], |own| &own.tracks);
        let mut at = usize::MAX;
        loop {
            // At first the best, then each, and at the end the best again.
            let track = tracks.get(at).unwrap_or(best);
            let last = at == tracks.len() || marks.is_none() || view.track.is_some();
            if let Some(origin) = &track.cues {
                let cues: Vec<Cue> = json::from_slice(self.text(origin).await?.as_bytes())
                    .map_err(|error| Cause::Unreadable(error.to_string()))?;
                let tag = track.language().map_or("", LangTag::as_str);
                let lines: Vec<(&str, &str)> =
                    cues.iter().map(|(_, text)| (&**text, tag)).collect();
                let hits = hits(marks, &lines);
                if last || !hits.places.is_empty() {
                    let own = (at < tracks.len()).then_some(at as u32).or(view.track);
                    return Ok((CanvasText::Said(Rc::new(cues), hits), own));
                }
            } else if last {
                return Ok((CanvasText::Unasked, None));
            }
            at = at.wrapping_add(1);
        }
    }

    /// What is read of a file on its page.
    async fn html(&self, hash: &Hash) -> Result<CanvasText, Cause> {
        let html = self.archive().await?.object(hash).await.map_err(cause)?;
        let html = String::from_utf8_lossy(&html).into_owned();
        Ok(CanvasText::Html(html.into()))
    }

    /// The text of a canvas with its lines, and in it what was looked for.
    async fn page_text(&self, canvas: &Canvas, marks: &Option<Marks>) -> Result<PageText, Cause> {
        let lines = match (&canvas.lines, &canvas.text) {
            (Some(hash), _) => {
                let json = self.archive().await?.object(hash).await.map_err(cause)?;
                json::from_slice(&json).map_err(|error| Cause::Unreadable(error.to_string()))?
            }
            (None, Some(origin)) => PageLines::plain(&self.text(origin).await?),
            (None, None) => PageLines::default(),
        };
        let tag = canvas.text.as_ref().and_then(|text| text.language.as_ref());
        let tagged = lines.lines.iter().map(|line| {
            let tag = line.language.as_ref().or(tag).map_or("", LangTag::as_str);
            (&*line.text, tag)
        });
        let hits = hits(marks, &tagged.collect::<Vec<_>>());
        Ok(PageText {
            lines: Rc::new(lines.lines),
            hits,
        })
    }

    /// What marks the words of a query: those of the results from which the reader comes, or looked up.
    /// None where nothing is looked for.
    async fn marks(&self, query: &str) -> Result<Option<Marks>, Cause> {
        if query.is_empty() {
            return Ok(None);
        }
        if let Some((text, found)) = &*self.found.borrow()
            && text == query
        {
            return Ok(Some(found.marks.clone()));
        }
        let complete = !query.ends_with(char::is_alphanumeric);
        let archive = self.archive().await?;
        khizana_search::marks(&archive, query, complete)
            .await
            .map(Some)
            .map_err(cause)
    }

    /// The text of a canvas, checked against its hash.
    async fn text(&self, origin: &Origin) -> Result<String, Cause> {
        let archive = self.archive().await?;
        let bytes = archive.original(origin).await.map_err(cause)?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned())
    }
}
