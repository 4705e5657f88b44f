//! Searches: results, excerpts, and prefetching of the next page.

use std::rc::Rc;

use khizana_format::{Archive, Cue, FileRef, Record, join_all};
use khizana_json::from_slice;
use khizana_model::LangTag;
use khizana_pages::{
    Browse, BrowseQuery, Card, Cause, Excerpt, Fragment, RESULTS_PAGE_SIZE, View, search_query,
    search_view,
};
use khizana_search::Highlighter;
use wasm_bindgen::JsValue;

use super::fetch::WebFetch;
use super::{Worker, cause};
use crate::message::Answer;

/// Delay before excerpts are loaded, in milliseconds. While a visitor types, the next results
/// replace the current ones before an excerpt could be read.
const EXCERPT_DELAY_MS: i32 = 150;
/// Additional delay before the next page of results is fetched, in milliseconds.
const PREFETCH_DELAY_MS: i32 = 1_000;
/// Length of an excerpt in characters.
const EXCERPT_LENGTH: usize = 90;
/// Maximum size of a text that is fetched for an excerpt, in bytes.
const MAX_EXCERPT_TEXT: u64 = 200_000;

impl Worker {
    /// Returns the view of a search. Keeps the results for [`Worker::complete`] and for
    /// highlighting.
    pub async fn browse(
        &self,
        archive: &Archive<WebFetch>,
        lang: &str,
        query: &BrowseQuery,
    ) -> Result<View, Cause> {
        let (view, results) = search_view(archive, lang, query).await.map_err(cause)?;
        let text = view.query.text.clone();
        self.results.replace(Some((text, Rc::new(results))));
        Ok(View::Browse(Box::new(view)))
    }

    /// Completes the results of a search: answers with the best page of each item and with
    /// excerpts, then fetches the next page of results into the cache.
    pub async fn complete(&self, number: u32, lang: &str, view: &Browse) -> Option<()> {
        let results = self.results.borrow().as_ref()?.1.clone();
        self.sleep(EXCERPT_DELAY_MS).await;
        let archive = self.archive().await.ok()?;
        let mut cards = view.cards.clone();
        if let Ok(pages) = results.best_pages(&archive).await {
            for (card, page) in cards.iter_mut().zip(pages) {
                card.matches.page = page;
            }
        }
        let is_pending = |card: &Card| card.matches.excerpt == Excerpt::Pending;
        let hits = results.hits.iter().zip(&cards);
        let numbers: Vec<u32> = hits
            .filter(|(_, card)| is_pending(card))
            .map(|(hit, _)| hit.number)
            .collect();
        let records = archive.records(&numbers).await.ok()?;
        let pending = cards.iter_mut().filter(|card| is_pending(card));
        let excerpts = pending.zip(&records).map(async |(card, record)| {
            let page = card.matches.page;
            if let Some(excerpt) = self.excerpt(&results.highlighter, record, page).await {
                card.matches.excerpt = excerpt;
            }
        });
        join_all(excerpts.collect()).await;
        if cards != view.cards {
            self.post(number, &Answer::Cards(cards));
        }
        let next = view.query.page.saturating_add(1);
        if next < view.total.div_ceil(RESULTS_PAGE_SIZE) && !self.saves_data() {
            self.sleep(PREFETCH_DELAY_MS).await;
            let query = BrowseQuery {
                page: next,
                ..view.query.clone()
            };
            let _ = khizana_search::search(&archive, &search_query(lang, &query)).await;
        }
        None
    }

    /// Returns an excerpt with matches: from the text of canvas `page` if it contains any,
    /// otherwise from the value in the record that has the most matches.
    async fn excerpt(
        &self,
        highlighter: &Highlighter,
        record: &Record,
        page: Option<u32>,
    ) -> Option<Excerpt> {
        let excerpt_of = |lang: &LangTag, text: &str| {
            let fragments = highlighter.excerpt(text, lang.as_str(), EXCERPT_LENGTH)?;
            let matches = fragments.iter().filter(|fragment| fragment.is_match);
            let count = matches.count();
            let fragments = fragments.into_iter().map(Fragment::from).collect();
            Some((count, Excerpt::Ready(lang.clone(), fragments)))
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

    /// Returns `true` if the visitor has enabled data saving (`saveData` of the Network Information
    /// API).
    fn saves_data(&self) -> bool {
        let get = |from: &JsValue, name: &str| js_sys::Reflect::get(from, &JsValue::from_str(name));
        get(&self.scope.navigator(), "connection")
            .and_then(|connection| get(&connection, "saveData"))
            .is_ok_and(|value| value.is_truthy())
    }
}

/// Returns the indexed texts of a canvas, each with its language and a flag that is `true` if the
/// text is the JSON of cues.
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

/// Returns the text of cues, one per line.
fn text_of_cues(json: &str) -> Option<String> {
    let cues: Vec<Cue> = from_slice(json.as_bytes()).ok()?;
    let mut text = String::new();
    for (_, cue) in &cues {
        text.push_str(cue);
        text.push('\n');
    }
    Some(text)
}
