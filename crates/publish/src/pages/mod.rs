//! HTML pages of the site.

mod browse;
mod contents;
mod on_request;
mod page_cache;
mod record_reader;

pub(crate) use browse::IndexFiles;
pub use on_request::{Documents, Draft, Drafts, NoDrafts};
pub(crate) use page_cache::PageCache;
pub(crate) use record_reader::RecordReader;

use std::path::Path;
use std::rc::Rc;

use khizana_format::{CollectionSummary, PageLines, Record, Root};
use khizana_model::Progress;
use khizana_model::{ArchiveConfig, Pages};
use khizana_pages::{
    CanvasText, CollectionLink, Page, PageText, Route, Site as SiteInfo, TextMatches, View,
    collection_document, collection_numbers, collection_pages, document, record_list_document,
};
use rayon::prelude::*;

use self::record_reader::parse;
use crate::PublishError;
use crate::records::originals;
use crate::records::plan::Plan;
use crate::texts;
use crate::texts::recordings;
use crate::written::Rendered;
use khizana_site::Site;
use khizana_site::headers::Policy;

/// Maximum size of a text that is embedded into the page of its item, in bytes. It is embedded
/// twice: as HTML, and as data for the viewer. The text of a book page takes about 3,000 bytes.
const MAX_EMBEDDED_TEXT: u64 = 16 << 10;

/// Maximum size of a rendered file that is embedded into the page of its item, in bytes.
const MAX_EMBEDDED_HTML: usize = 128 << 10;

/// Writes the pages in every language of the user interface.
pub(crate) fn write(
    site: &Site,
    root: &Root,
    info: &SiteInfo,
    policy: &Policy,
    (plan, records): (&Plan, &RecordReader<'_>),
    (config, texts, cache): (&ArchiveConfig, &Rendered, &mut PageCache),
    progress: &dyn Progress,
) -> Result<(), PublishError> {
    for lang in &root.languages {
        put(
            site,
            info,
            policy,
            lang,
            home_view(root, config, texts, lang),
        )?;
        if root.pages == Pages::None {
            put(site, info, policy, lang, View::collection_shell(root))?;
        }
        if root.pages != Pages::Items {
            put(site, info, policy, lang, View::item_shell(root))?;
        }
    }
    for (lang, page) in &texts.pages {
        put(site, info, policy, lang, View::Text(Box::new(page.clone())))?;
    }
    let value_pages = browse::write(site, root, info, policy)?;
    if root.pages == Pages::None {
        return Ok(());
    }
    let introductions = format!("{:?} {:?}", texts.introductions, texts.divided);
    for summary in &root.collections {
        let pages: Vec<u32> = (1..=collection_pages(root.pages, summary.items)).collect();
        let writer = CollectionWriter {
            site,
            info,
            policy,
            plan,
            summary,
            texts,
            introductions: &introductions,
            cache,
        };
        pages.par_iter().try_for_each(|page| {
            let numbers = collection_numbers(root.pages, summary, *page);
            let json = records.read_json(numbers)?;
            writer.write(*page, &json)?;
            if root.pages == Pages::Lists {
                progress.advance(json.len() as u64);
            }
            Ok::<_, PublishError>(())
        })?;
    }
    if root.pages == Pages::Lists && info.item_pages.is_empty() {
        return Ok(());
    }
    cache.add_common(&value_pages);
    let cache = &*cache;
    records.for_each_with_json(|record, json| {
        if !info.has_page(&record) {
            return Ok(());
        }
        if root.pages == Pages::Items {
            progress.advance(1);
        }
        let name = format!("item {}", record.item.id);
        if cache.keeps(
            site,
            (&name, &[json]),
            &files(info, &Route::item(record.item.id.as_str(), 0)),
        ) {
            return Ok(());
        }
        let folder = site.path("");
        let text = first_text(&folder, &record)?;
        let value_pages = browse::value_pages_of(&record.item, &value_pages);
        for lang in &root.languages {
            let view = item_view(&folder, root, &record, (&text, &value_pages), lang)?;
            put(site, info, policy, lang, view)?;
        }
        Ok(())
    })
}

/// Returns the home page, with the text and the choices of the institution.
fn home_view(root: &Root, config: &ArchiveConfig, texts: &Rendered, lang: &str) -> View {
    let mut view = View::home(root);
    if let View::Home(home) = &mut view {
        home.prose = texts.home.get(lang).cloned();
        home.featured = texts.featured.get(lang).cloned().unwrap_or_default();
        let first = &config.home.collections;
        let position = |link: &CollectionLink| {
            let position = first.iter().position(|id| id.value == link.id);
            position.unwrap_or(first.len())
        };
        home.collections.sort_by_key(position);
    }
    view
}

/// Returns the page of an item with its first text and the values that have pages. `folder` is that of the site.
fn item_view(
    folder: &Path,
    root: &Root,
    record: &Record,
    (text, value_pages): (&CanvasText, &[browse::ValuePage]),
    lang: &str,
) -> Result<View, PublishError> {
    let mut view = View::item(root, record.clone(), 0);
    if let View::Item(item) = &mut view {
        item.text.clone_from(text);
        item.value_pages = value_pages.to_vec();
    }
    with_transcript(folder, lang, view)
}

/// Returns a page of a collection, with its introduction and its sections on the first page.
fn collection_view(
    (summary, page): (&CollectionSummary, u32),
    records: &[Record],
    texts: &Rendered,
    lang: &str,
) -> View {
    let mut view = View::collection(summary, page, records, lang);
    if let View::Collection(view) = &mut view {
        let key = (summary.id.as_str().to_owned(), lang.to_owned());
        let introduction = texts.introductions.get(&key).filter(|_| page == 1);
        view.prose = introduction.cloned();
        if page == 1 && texts.divided.contains(summary.id.as_str()) {
            view.cards.clear();
        }
    }
    view
}

/// Returns the text of the first canvas of an item, to be embedded into the page of the item. The
/// page links to the texts of the other canvases, and to a text that is too long.
fn first_text(folder: &Path, record: &Record) -> Result<CanvasText, PublishError> {
    let canvas = record.canvases.first();
    if let Some(hash) = canvas.and_then(|canvas| canvas.html.as_ref()) {
        let html = texts::read_object(folder, hash)?;
        return Ok(match String::from_utf8(html) {
            Ok(html) if html.len() <= MAX_EMBEDDED_HTML => CanvasText::Html(html.into()),
            _ => CanvasText::NotLoaded,
        });
    }
    let Some(text) = canvas.and_then(|canvas| canvas.text.as_ref()) else {
        return Ok(CanvasText::NotLoaded);
    };
    if text.bytes > MAX_EMBEDDED_TEXT {
        return Ok(CanvasText::NotLoaded);
    }
    let text = originals::read_text(folder, text)?;
    Ok(CanvasText::Lines(PageText {
        lines: Rc::new(PageLines::from_plain_text(&text).lines),
        ..PageText::default()
    }))
}

/// Adds the transcript of the first canvas to an item view, for readers without JavaScript.
fn with_transcript(folder: &Path, lang: &str, mut view: View) -> Result<View, PublishError> {
    if let View::Item(item) = &mut view
        && let Some(recording) = item
            .record
            .canvases
            .first()
            .and_then(|canvas| canvas.recording.as_ref())
        && let Some(track) = recording
            .transcript_for(lang)
            .and_then(|index| recording.tracks.get(index))
        && let Some(file) = &track.cues
    {
        let cues = recordings::read_cues(folder, file)?;
        item.text = CanvasText::Cues(Rc::new(cues), TextMatches::default());
    }
    Ok(view)
}

/// Writes the pages of a collection.
struct CollectionWriter<'a> {
    site: &'a Site,
    info: &'a SiteInfo,
    policy: &'a Policy,
    plan: &'a Plan,
    summary: &'a CollectionSummary,
    texts: &'a Rendered,
    /// The introductions and sections of all collections, from which pages are rendered.
    introductions: &'a str,
    cache: &'a PageCache,
}

impl CollectionWriter<'_> {
    /// Writes a page in each language, unless it is up to date. `json` contains the JSON of each record on it.
    fn write(&self, page: u32, json: &[Vec<u8>]) -> Result<(), PublishError> {
        let (info, summary) = (self.info, self.summary);
        let route = Route::Collection {
            id: summary.id.as_str().to_owned(),
            page,
        };
        let languages = info.languages.iter();
        let contents: Vec<String> = languages
            .map(|lang| contents::html(self.plan, (info, lang), summary, page))
            .collect();
        let name = format!("collection {} {page}", summary.id);
        let mut inputs: Vec<&[u8]> = json.iter().map(Vec::as_slice).collect();
        inputs.extend(contents.iter().map(String::as_bytes));
        inputs.push(self.introductions.as_bytes());
        if self
            .cache
            .keeps(self.site, (&name, &inputs), &files(info, &route))
        {
            return Ok(());
        }
        let records = json.iter().map(|json| parse(json));
        let records: Vec<Record> = records.collect::<Result<_, _>>()?;
        for (lang, contents) in info.languages.iter().zip(&contents) {
            self.write_in((lang, contents), page, &records)?;
        }
        Ok(())
    }

    fn write_in(
        &self,
        (lang, contents): (&str, &str),
        page: u32,
        records: &[Record],
    ) -> Result<(), PublishError> {
        let (info, summary, policy) = (self.info, self.summary, self.policy.meta());
        let is_list = info.pages == Pages::Lists;
        let cards = if is_list { &[] } else { records };
        let view = collection_view((summary, page), cards, self.texts, lang);
        let document = Page::new(info, lang, view.clone());
        let html = match view {
            View::Collection(view) if is_list => {
                record_list_document((info, lang), *view, (summary, records), contents, policy)
            }
            _ => collection_document(&document, contents, policy),
        };
        Ok(self.site.put(&document.file(), html.as_bytes())?)
    }
}

/// Returns the files of the page of a route in all languages.
fn files(info: &SiteInfo, route: &Route) -> Vec<String> {
    let languages = info.languages.iter();
    languages
        .map(|lang| format!("{}index.html", route.folder(lang, Pages::Items)))
        .collect()
}

fn put(
    site: &Site,
    info: &SiteInfo,
    policy: &Policy,
    lang: &str,
    view: View,
) -> Result<(), PublishError> {
    let page = Page::new(info, lang, view);
    Ok(site.put(&page.file(), document(&page, policy.meta()).as_bytes())?)
}
