//! The HTML pages.

use std::rc::Rc;

use khizana_format::{CollectionSummary, PageLines, Record, Root};
use khizana_model::Pages;
use khizana_model::Progress;
use khizana_pages::{
    CanvasText, Page, PageText, Site as SiteInfo, TextMatches, View, collection_numbers,
    collection_pages, document,
};
use rayon::prelude::*;

use crate::PublishError;
use crate::records::originals;
use crate::texts;
use crate::texts::recordings;
use khizana_site::Site;

/// The longest text, in bytes, that stands in the HTML of its item; it stands there twice, once for the
/// viewer. A page of a book has three thousand.
const MOST_SHOWN: u64 = 16 << 10;

/// Writes every page, in every language of the interface.
pub(crate) fn write(
    site: &Site,
    root: &Root,
    info: &SiteInfo,
    json: &[Vec<u8>],
    progress: &dyn Progress,
) -> Result<(), PublishError> {
    for lang in &root.languages {
        put(site, info, lang, View::home(root))?;
        put(site, info, lang, View::browse_shell(root))?;
        if root.pages == Pages::None {
            put(site, info, lang, View::collection_shell(root))?;
            put(site, info, lang, View::item_shell(root))?;
        }
    }
    if root.pages == Pages::None {
        return Ok(());
    }
    for summary in &root.collections {
        let pages: Vec<u32> = (1..=collection_pages(summary.items)).collect();
        pages
            .par_iter()
            .try_for_each(|page| collection_page(site, root, info, json, summary, *page))?;
    }
    json.par_iter().try_for_each(|json| {
        let record = read(json)?;
        let text = first_text(site, &record)?;
        for lang in &root.languages {
            let mut view = View::item(root, record.clone(), 0);
            if let View::Item(item) = &mut view {
                item.text.clone_from(&text);
            }
            put(site, info, lang, with_said(site, lang, view)?)?;
        }
        progress.advance(1);
        Ok(())
    })
}

/// The longest HTML of a file, in bytes, that stands in that of its item.
const MOST_HTML: usize = 128 << 10;

/// The text of the first page of an item, which its HTML shows as it is. Where it is long, and on other
/// pages, the HTML leads to it.
fn first_text(site: &Site, record: &Record) -> Result<CanvasText, PublishError> {
    let canvas = record.canvases.first();
    if let Some(hash) = canvas.and_then(|canvas| canvas.html.as_ref()) {
        let html = texts::content(site, hash)?;
        return Ok(match String::from_utf8(html) {
            Ok(html) if html.len() <= MOST_HTML => CanvasText::Html(html.into()),
            _ => CanvasText::NotLoaded,
        });
    }
    let Some(text) = canvas.and_then(|canvas| canvas.text.as_ref()) else {
        return Ok(CanvasText::NotLoaded);
    };
    if text.bytes > MOST_SHOWN {
        return Ok(CanvasText::NotLoaded);
    }
    let text = originals::text(site, text)?;
    Ok(CanvasText::Lines(PageText {
        lines: Rc::new(PageLines::from_plain_text(&text).lines),
        ..PageText::default()
    }))
}

/// An item with what is said in its first recording, for readers without JavaScript.
fn with_said(site: &Site, lang: &str, mut view: View) -> Result<View, PublishError> {
    if let View::Item(own) = &mut view
        && let Some(recording) = own
            .record
            .canvases
            .first()
            .and_then(|own| own.recording.as_ref())
        && let Some(track) = recording
            .transcript_for(lang)
            .and_then(|at| recording.tracks.get(at))
        && let Some(origin) = &track.cues
    {
        let cues = recordings::cues(site, origin)?;
        own.text = CanvasText::Cues(Rc::new(cues), TextMatches::default());
    }
    Ok(view)
}

fn collection_page(
    site: &Site,
    root: &Root,
    info: &SiteInfo,
    json: &[Vec<u8>],
    summary: &CollectionSummary,
    page: u32,
) -> Result<(), PublishError> {
    let records = collection_numbers(summary, page)
        .filter_map(|number| json.get(number as usize))
        .map(|json| read(json))
        .collect::<Result<Vec<Record>, _>>()?;
    for lang in &root.languages {
        put(
            site,
            info,
            lang,
            View::collection(summary, page, &records, lang),
        )?;
    }
    Ok(())
}

fn read(json: &[u8]) -> Result<Record, PublishError> {
    khizana_json::from_slice(json).map_err(PublishError::Reread)
}

fn put(site: &Site, info: &SiteInfo, lang: &str, view: View) -> Result<(), PublishError> {
    let page = Page::new(info, lang, view);
    Ok(site.put(&page.file(), document(&page).as_bytes())?)
}
