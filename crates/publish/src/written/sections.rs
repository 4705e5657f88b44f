//! The sections of a collection, with their table of contents, on the page of the collection.

use khizana_format::CollectionSummary;
use khizana_model::Pages;
use khizana_pages::i18n::{self, Lang};
use khizana_pages::{Card, LangText, Route, Site as SiteInfo, bdi_html, collection_pages, escape};

use super::Texts;
use super::blocks::list;
use crate::PublishError;
use crate::records::sections::Section;

/// Returns `true` if the sections contain all items of a collection that has one page, so that a list of all items would
/// repeat them.
pub(super) fn are_complete(
    pages: Pages,
    summary: &CollectionSummary,
    sections: &[Section],
) -> bool {
    let count: usize = sections.iter().map(|section| section.numbers.len()).sum();
    let has_one_page = collection_pages(pages, summary.items) <= 1;
    pages != Pages::Lists && has_one_page && count >= summary.items as usize
}

/// Renders the sections for readers of a language of the interface.
pub(super) fn html(
    texts: &Texts<'_>,
    info: &SiteInfo,
    lang: &str,
    (summary, sections): (&CollectionSummary, &[Section]),
) -> Result<String, PublishError> {
    let route = Route::Collection {
        id: summary.id.as_str().to_owned(),
        page: 1,
    };
    let depth = route.folder(lang, info.pages).split_terminator('/').count();
    let base = "../".repeat(depth);
    let interface = Lang::of(lang);
    let mut contents = String::new();
    let mut content = String::new();
    for (number, section) in (1..).zip(sections) {
        let heading = bdi_html(&LangText::best(&section.heading, lang, ""));
        contents.push_str(&format!(
            "<li><a href=\"#section-{number}\">{heading}</a></li>"
        ));
        content.push_str(&format!(
            "<section id=\"section-{number}\" aria-labelledby=\"heading-{number}\"><h2 id=\"heading-{number}\">{heading}</h2>"
        ));
        if !section.text.is_empty() {
            let text = bdi_html(&LangText::best(&section.text, lang, ""));
            content.push_str(&format!("<p>{text}</p>"));
        }
        let records = pollster::block_on(texts.archive.records(&section.numbers))?;
        let cards: Vec<Card> = records
            .iter()
            .map(|record| Card::from_record(record, None, lang))
            .collect();
        // Each list would load its first images at once.
        let list = list(info, lang, &base, &cards).replace("loading=\"eager\"", "loading=\"lazy\"");
        content.push_str(&list);
        content.push_str("</section>");
    }
    if !are_complete(info.pages, summary, sections) {
        let heading = escape(i18n::all_items(interface));
        contents.push_str(&format!("<li><a href=\"#all-items\">{heading}</a></li>"));
        content.push_str(&format!("<h2 id=\"all-items\">{heading}</h2>"));
    }
    Ok(format!(
        "<div class=\"block\" lang=\"{lang}\" dir=\"{dir}\"><nav class=\"section-list\" aria-label=\"{label}\"><ol>{contents}</ol></nav>{content}</div>",
        dir = interface.dir(),
        label = escape(i18n::sections(interface)),
    ))
}
