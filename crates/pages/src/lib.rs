//! Pages of a site: what a page is, and how it is rendered.
//!
//! A [`Page`] is plain data. Its views are functions from that data to HTML without event handlers,
//! so that a page rendered natively and a page rendered in the browser are the same. With the feature
//! `ssr`, [`document`] renders whole documents for publishing; the viewer hydrates them with [`App`].

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
pub mod words;

pub use app::{App, AppProps};
pub use book::{Reading, find};
pub use card::{Card, CardImage, Excerpt, Found, Piece, Text};
#[cfg(feature = "ssr")]
pub use document::{document, escape, not_found_document, root_document};
pub use page::{
    ALL_VALUES, Browse, CanvasText, Cause, CollectionLink, CollectionPage, FIRST_VALUES, Facet,
    FacetValue, Failure, Hits, Home, ItemPage, Loading, PAGE_SIZE, Page, PageText, RESULTS_SIZE,
    Site, View, collection_numbers, collection_pages,
};
pub use query::{BrowseQuery, Order, year};
pub use route::{Route, encode};
pub use views::player::{read_moment, shown_track};
pub use views::states::cause_text;

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
