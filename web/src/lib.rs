//! The viewer: a Yew app, rendered natively into pages and hydrated in the browser.
//!
//! A page is plain data ([`Page`]); views are functions from that data to HTML, without events
//! and without anything of the browser. With the feature `ssr`, [`document`] makes whole documents
//! of pages; with the feature `browser`, the same views are hydrated, and events are heard at the
//! document. `web/README.md` says how the parts fit.

mod app;
mod book;
mod card;
mod dates;
#[cfg(feature = "ssr")]
mod document;
mod page;
mod query;
mod route;
mod views;
// Some words are only said in the browser.
#[cfg_attr(not(feature = "browser"), allow(dead_code))]
mod words;
// Only the browser shows it.
#[cfg(any(feature = "browser", test))]
mod zoom;

#[cfg(feature = "browser")]
pub mod browser;

#[cfg(feature = "browser")]
pub use zoom::first::ranges as first_tiles;

pub use card::{Card, CardImage, Excerpt, Found, Piece, Text};
#[cfg(feature = "ssr")]
pub use document::{document, escape, not_found_document, root_document};
pub use page::{
    ALL_VALUES, Browse, CanvasText, Cause, CollectionLink, CollectionPage, FIRST_VALUES, Facet,
    FacetValue, Failure, Hits, Home, ItemPage, Loading, PAGE_SIZE, Page, PageText, RESULTS_SIZE,
    Site, View, collection_numbers, collection_pages,
};
pub use query::{BrowseQuery, Order};
pub use route::{Route, encode};

/// What the interface calls a field in one of its languages.
#[cfg(feature = "ssr")]
pub fn field_name(language: &str, field: &str) -> Option<&'static str> {
    let lang = words::Lang::of(language);
    match field {
        "date" => Some(words::date(lang)),
        "identifier" => Some(words::identifier(lang)),
        "languages" => Some(words::languages(lang)),
        "record" => Some(words::details(lang)),
        "rights" => Some(words::rights(lang)),
        _ => words::field(lang, field),
    }
}

/// What the interface calls a language, in one of its own.
#[cfg(feature = "ssr")]
pub fn language_name(language: &str, tag: &str) -> Option<&'static str> {
    words::language(words::Lang::of(language), tag)
}

/// The address of an item's IIIF manifest below the archive's.
pub fn manifest_path(id: &str) -> String {
    let mut path = encode(id);
    path.insert_str(0, "manifests/item/");
    path.push_str(".json");
    path
}
