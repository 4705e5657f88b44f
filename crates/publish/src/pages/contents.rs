//! The list of the pages of a collection.

use khizana_format::CollectionSummary;
use khizana_model::Pages;
use khizana_pages::{
    Route, Site, collection_numbers, collection_pages, contents_html, listed_pages,
};

use crate::records::plan::Plan;

/// Renders the list of pages that a page of a collection displays. Returns an empty string if it displays none.
pub(super) fn html(
    plan: &Plan,
    (info, lang): (&Site, &str),
    summary: &CollectionSummary,
    page: u32,
) -> String {
    let pages = info.pages;
    let entries = listed_pages(page, collection_pages(pages, summary.items));
    let title = |page: u32, is_last: bool| {
        let numbers = collection_numbers(pages, summary, page);
        let number = match is_last {
            true => numbers.end.saturating_sub(1),
            false => numbers.start,
        };
        plan.title(number, lang)
    };
    let route = Route::Collection {
        id: summary.id.as_str().to_owned(),
        page,
    };
    let folder = route.folder(lang, Pages::Items);
    let base = "../".repeat(folder.split_terminator('/').count());
    contents_html((info, lang), &base, summary, &entries, title)
}
