//! The pages of a published site: their data model, routes, interface text and views.
//!
//! A [`Page`] is plain data. The views are functions from a page to HTML without event handlers, so
//! that a page is rendered to the same HTML natively and in the browser. With the feature `ssr`,
//! [`document()`] renders complete HTML documents for publishing. The viewer hydrates them with
//! [`App`].

mod app;
mod card;
mod dates;
#[cfg(feature = "ssr")]
mod document;
#[cfg(feature = "ssr")]
mod head;
pub mod i18n;
pub mod identity;
#[cfg(feature = "ssr")]
mod metadata;
mod page;
mod page_layout;
#[cfg(feature = "ssr")]
mod qr_code;
mod query;
#[cfg(feature = "ssr")]
mod record_list;
pub mod reference;
mod results;
mod route;
#[cfg(feature = "ssr")]
mod standalone;
mod text_page;
mod timeline;
mod views;

pub use app::{App, AppProps, Device};
pub use card::{Card, CardImage, CardMatches, Excerpt, Fragment, LangText};
#[cfg(feature = "ssr")]
pub use dates::hijri as format_hijri;
#[cfg(feature = "ssr")]
pub use document::{collection_document, document, escape, list_html, root_document};
pub use page::{
    Browse, CanvasText, Cause, CollectionLink, CollectionPage, Facet, FacetValue, Failure, Home,
    INITIAL_FACET_VALUES, ItemPage, Loading, MAX_FACET_VALUES, Page, PageText, RESULTS_PAGE_SIZE,
    Site, TextMatches, View, collection_numbers, collection_pages,
};
pub use page_layout::{PageLayout, find_page};
pub use query::{BrowseQuery, ResultLayout, SortOrder, parse_year};
#[cfg(feature = "ssr")]
pub use record_list::{ListedPages, bdi_html, contents_html, listed_pages, record_list_document};
pub use results::{results_view, search_query, search_view};
pub use route::{Route, encode, value_segment};
#[cfg(feature = "ssr")]
pub use standalone::{
    NOT_FOUND_SCRIPT, embed_document, not_found_document, offline_document, standalone_style,
};
pub use text_page::{Prose, TextPage};
pub use views::player::{displayed_track, parse_time_fragment};
pub use views::states::cause_message;
pub use views::{cite_access, detail_citation};

/// Returns the name of a field of a record in a language of the interface.
#[cfg(feature = "ssr")]
pub fn field_name(language: &str, field: &str) -> Option<&'static str> {
    let lang = i18n::Lang::of(language);
    match field {
        "date" => Some(i18n::date(lang)),
        "identifier" => Some(i18n::identifier(lang)),
        "languages" => Some(i18n::languages(lang)),
        "record" => Some(i18n::details(lang)),
        "rights" => Some(i18n::rights(lang)),
        _ => i18n::field(lang, field),
    }
}

/// Returns the name of the language `tag` in a language of the interface.
#[cfg(feature = "ssr")]
pub fn language_name(language: &str, tag: &str) -> Option<&'static str> {
    i18n::language(i18n::Lang::of(language), tag)
}

/// Returns the path of the IIIF manifest of an item, relative to the root of the site.
pub fn manifest_path(id: &str) -> String {
    let mut path = encode(id);
    path.insert_str(0, "manifests/item/");
    path.push_str(".json");
    path
}
