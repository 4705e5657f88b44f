//! Searches: results, excerpts, and the next page ahead of time.

use std::rc::Rc;

use khizana_format::{Archive, CollectionSummary, Cue, FileRef, Record, join_all};
use khizana_json::from_slice;
use khizana_model::{LangMap, LangTag};
use khizana_pages::{
    ALL_VALUES, Browse, BrowseQuery, Card, Cause, Excerpt, FIRST_VALUES, Facet, FacetValue, Order,
    Piece, RESULTS_SIZE, Text, View,
};
use khizana_search::{FacetCounts, Fragment, Highlighter, Query, Results, Sort};
use wasm_bindgen::JsValue;

use super::fetch::WebFetch;
use super::{Worker, cause};
use crate::message::Answer;

/// Time before results are completed, in milliseconds: a visitor who types has the next results sooner
/// than they could read an excerpt.
const COMPLETE_AFTER: i32 = 150;
/// Time after that before the next page of results is fetched.
const PREFETCH_AFTER: i32 = 1_000;
/// Length of an excerpt in characters.
const EXCERPT_LENGTH: usize = 90;
/// The longest text that is fetched for an excerpt, in bytes.
const MAX_EXCERPT_TEXT: u64 = 200_000;

impl Worker {
    /// The view of a search. The results are kept for [`Worker::complete`] and for the marks of items.
    pub async fn browse(
        &self,
        archive: &Archive<WebFetch>,
        lang: &str,
        query: &BrowseQuery,
    ) -> Result<View, Cause> {
        let mut search = to_search(lang, query);
        let mut results = khizana_search::search(archive, &search)
            .await
            .map_err(cause)?;
        let mut query = query.clone();
        let last = results.total.saturating_sub(1) / RESULTS_SIZE;
        if query.page > last {
            // An old address, from when there were more results.
            query.page = last;
            search.offset = last.saturating_mul(RESULTS_SIZE) as usize;
            results = khizana_search::search(archive, &search)
                .await
                .map_err(cause)?;
        }
        let root = archive.root();
        let facets = std::mem::take(&mut results.facets).into_iter();
        let view = Browse {
            total: results.total,
            cards: cards(&results, &root.collections, lang),
            facets: facets
                .map(|counts| facet(counts, &query, &root.collections))
                .collect(),
            dated: root.search.years.top.is_some(),
            suggestion: results.suggestion.clone(),
            busy: false,
            query,
        };
        let text = view.query.text.clone();
        self.results.replace(Some((text, Rc::new(results))));
        Ok(View::Browse(Box::new(view)))
    }

    /// Completes results: answers with the page of each item on which the words stand and with
    /// excerpts, then fetches the next page of results, so that it is in the cache.
    pub async fn complete(&self, number: u32, lang: &str, view: &Browse) -> Option<()> {
        let results = self.results.borrow().as_ref()?.1.clone();
        self.sleep(COMPLETE_AFTER).await;
        let archive = self.archive().await.ok()?;
        let mut cards = view.cards.clone();
        if let Ok(pages) = results.best_pages(&archive).await {
            for (card, page) in cards.iter_mut().zip(pages) {
                card.found.page = page;
            }
        }
        let is_awaited = |card: &Card| card.found.excerpt == Excerpt::Awaited;
        let hits = results.hits.iter().zip(&cards);
        let numbers: Vec<u32> = hits
            .filter(|(_, card)| is_awaited(card))
            .map(|(hit, _)| hit.number)
            .collect();
        let records = archive.records(&numbers).await.ok()?;
        let awaited = cards.iter_mut().filter(|card| is_awaited(card));
        let excerpts = awaited.zip(&records).map(async |(card, record)| {
            let page = card.found.page;
            if let Some(excerpt) = self.excerpt(&results.highlighter, record, page).await {
                card.found.excerpt = excerpt;
            }
        });
        join_all(excerpts.collect()).await;
        if cards != view.cards {
            self.post(number, &Answer::Cards(cards));
        }
        let next = view.query.page.saturating_add(1);
        if next < view.total.div_ceil(RESULTS_SIZE) && !self.saves_data() {
            self.sleep(PREFETCH_AFTER).await;
            let query = BrowseQuery {
                page: next,
                ..view.query.clone()
            };
            let _ = khizana_search::search(&archive, &to_search(lang, &query)).await;
        }
        None
    }

    /// The words of a query in context: in the text of canvas `page`, otherwise in the value of the
    /// record that has most of them.
    async fn excerpt(
        &self,
        marks: &Highlighter,
        record: &Record,
        page: Option<u32>,
    ) -> Option<Excerpt> {
        let excerpt_of = |lang: &LangTag, text: &str| {
            let pieces = marks.excerpt(text, lang.as_str(), EXCERPT_LENGTH)?;
            let matches = pieces.iter().filter(|piece| piece.is_match).count();
            let pieces = pieces.into_iter().map(to_piece).collect();
            Some((matches, Excerpt::Here(lang.clone(), pieces)))
        };
        for (origin, lang, is_cues) in texts_of(record, page) {
            if origin.bytes >= MAX_EXCERPT_TEXT {
                continue;
            }
            let mut text = self.read_text(origin).await.ok()?;
            if is_cues {
                text = text_of_cues(&text)?;
            }
            let lang = lang.cloned().unwrap_or_else(LangTag::und);
            if let Some((_, excerpt)) = excerpt_of(&lang, &text) {
                return Some(excerpt);
            }
        }
        let item = &record.item;
        let fields = item.fields.iter().flat_map(|field| field.values.iter());
        let mut best: Option<(usize, Excerpt)> = None;
        for (lang, text) in item.title.iter().chain(fields) {
            if let Some(candidate) = excerpt_of(lang, text)
                && best.as_ref().is_none_or(|best| candidate.0 > best.0)
            {
                best = Some(candidate);
            }
        }
        best.map(|(_, excerpt)| excerpt)
    }

    /// Whether the visitor asks to save data (Save-Data of the Network Information API).
    fn saves_data(&self) -> bool {
        let get = |from: &JsValue, name: &str| js_sys::Reflect::get(from, &JsValue::from_str(name));
        get(&self.scope.navigator(), "connection")
            .and_then(|connection| get(&connection, "saveData"))
            .is_ok_and(|value| value.is_truthy())
    }
}

/// A query of an address as a query of the engine.
fn to_search(lang: &str, query: &BrowseQuery) -> Query {
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
        is_complete: !query.text.ends_with(char::is_alphanumeric),
        offset: query.page.saturating_mul(RESULTS_SIZE) as usize,
        limit: RESULTS_SIZE as usize,
        facet_values: match query.whole {
            Some(_) => ALL_VALUES,
            None => FIRST_VALUES,
        } as usize,
    }
}

fn cards(results: &Results, collections: &[CollectionSummary], lang: &str) -> Vec<Card> {
    let untitled = LangMap::new();
    let marked = |text: &Text| -> Vec<Piece> {
        let pieces = results
            .highlighter
            .fragments(&text.text, text.lang.as_str());
        if pieces.iter().any(|piece| piece.is_match) {
            pieces.into_iter().map(to_piece).collect()
        } else {
            Vec::new()
        }
    };
    let card = |hit: &khizana_search::Hit| {
        let summary = collections.get(hit.summary.collection as usize);
        // The title of the collection is shown if there is more than one.
        let collection =
            (collections.len() > 1).then(|| summary.map_or(&untitled, |summary| &summary.title));
        let mut card = Card::brief(&hit.summary, collection, lang);
        card.found.title = marked(&card.title);
        card.found.creator = card.creator.as_ref().map(marked).unwrap_or_default();
        let has_marks = !card.found.title.is_empty() || !card.found.creator.is_empty();
        if !has_marks && !results.highlighter.is_empty() {
            card.found.excerpt = Excerpt::Awaited;
        }
        card
    };
    results.hits.iter().map(card).collect()
}

fn facet(counts: FacetCounts, query: &BrowseQuery, collections: &[CollectionSummary]) -> Facet {
    let is_whole = query.whole.as_ref() == Some(&counts.field) || counts.field.contains(':');
    let label_of = |summary: &CollectionSummary| {
        let label = summary.labels.find(|field| *field == counts.field);
        label.cloned()
    };
    let label = collections.iter().find_map(label_of);
    // If one facet is shown whole, the engine returns that many values of all of them.
    let values = counts.values.into_iter().enumerate();
    let values = values
        .filter(|(i, value)| is_whole || *i < FIRST_VALUES as usize || value.is_selected)
        .map(|(_, value)| FacetValue {
            key: value.key,
            label: value.label,
            count: value.count,
            selected: value.is_selected,
        });
    Facet {
        values: values.collect(),
        label: label.unwrap_or_default(),
        field: counts.field,
        distinct: counts.distinct,
    }
}

fn to_piece(marked: Fragment) -> Piece {
    Piece {
        text: marked.text,
        found: marked.is_match,
    }
}

/// The texts of a canvas in which a query may have been found, each with its language and whether it
/// is the JSON of cues.
fn texts_of(record: &Record, page: Option<u32>) -> Vec<(&FileRef, Option<&LangTag>, bool)> {
    let Some(canvas) = page.and_then(|page| record.canvases.get(page as usize)) else {
        return Vec::new();
    };
    let tracks = canvas.recording.iter().flat_map(|media| &media.tracks);
    let cues =
        tracks.filter_map(|track| Some((track.cues.as_ref()?, track.file.language.as_ref(), true)));
    // The original of a recording is not a text.
    let original = canvas.original.as_ref();
    let original = original.filter(|_| canvas.recording.is_none());
    let text = canvas.text.as_ref().or(original);
    cues.chain(text.map(|text| (text, text.language.as_ref(), false)))
        .collect()
}

/// The text of cues, one per line.
fn text_of_cues(json: &str) -> Option<String> {
    let cues: Vec<Cue> = from_slice(json.as_bytes()).ok()?;
    let mut text = String::new();
    for (_, cue) in &cues {
        text.push_str(cue);
        text.push('\n');
    }
    Some(text)
}
