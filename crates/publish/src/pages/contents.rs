//! The list of the pages of a collection.

use khizana_format::CollectionSummary;
use khizana_pages::{Page, collection_numbers, collection_pages, contents_html, listed_pages};

use crate::records::plan::Plan;

/// Renders the list of pages that a page of a collection displays. Returns an empty string if it displays none.
pub(super) fn html(plan: &Plan, document: &Page, summary: &CollectionSummary, page: u32) -> String {
    let pages = document.site.pages;
    let entries = listed_pages(page, collection_pages(pages, summary.items));
    let title = |page: u32, is_last: bool| {
        let numbers = collection_numbers(pages, summary, page);
        let number = match is_last {
            true => numbers.end.saturating_sub(1),
            false => numbers.start,
        };
        plan.title(number, &document.lang)
    };
    let site = (&document.site, document.lang.as_str());
    contents_html(site, &document.base, summary, &entries, title)
}
