//! Pages of collections that contain the whole records of their items, for sites in which most items have no page.

mod contents;
mod record;

use khizana_format::{CollectionSummary, Record};

pub use contents::{ListedPages, contents_html, listed_pages};

pub use record::bdi_html;

use crate::app::AppProps;
use crate::document::list_document;
use crate::page::{CollectionPage, Page, Site, View};
use record::RecordWriter;

/// Renders the HTML document of a page of a collection that contains the whole records of its items. `contents` is the
/// list of the pages of the collection as HTML, or empty. `policy` is the content security policy.
///
/// The document works without scripts, and the viewer does not hydrate it.
pub fn record_list_document(
    (site, lang): (&Site, &str),
    view: CollectionPage,
    (summary, records): (&CollectionSummary, &[Record]),
    contents: &str,
    policy: &str,
) -> String {
    let mut page = Page::new(site, lang, View::Collection(Box::new(view)));
    let props = AppProps::of(page.clone());
    let mut html = contents.to_owned();
    let mut writer = RecordWriter::new(&props, summary);
    html.push_str("<div class=\"list\">");
    for record in records {
        writer.push(&mut html, record);
    }
    html.push_str("</div>\n");
    if let View::Collection(view) = &mut page.view {
        view.records = html.into();
    }
    list_document(&page, records, policy)
}
