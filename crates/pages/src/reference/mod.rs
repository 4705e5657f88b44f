//! References: the bibliographic description of an item, from which citations and the metadata for other
//! programs are made.
//!
//! Citations, BibTeX, RIS, CSL-JSON, JSON-LD and the tags in the head of a page all come from a
//! [`Reference`], so that they agree with each other and with the page.

mod citation;
mod citations;
mod date;
mod export;
mod kind;
mod kind_words;
mod name;
#[cfg(feature = "ssr")]
mod object_writer;
mod punctuation;
#[cfg(feature = "ssr")]
pub mod schema;
#[cfg(feature = "ssr")]
pub mod tags;
#[cfg(all(test, feature = "ssr"))]
#[allow(clippy::unwrap_used)]
mod tests;

pub use citation::{Access, Run, Style, cite};
pub use citations::{Citations, ExportFile};
pub use export::{Format, export};
pub use kind::Kind;
pub use name::Name;

use khizana_model::{Item, ItemDate, LangMap, LangTag};

use crate::card::LangText;
use crate::dates;
use crate::i18n::Lang;
use crate::page::{ItemPage, Site};
use crate::route::Route;

/// The bibliographic description of an item for readers of one language.
#[derive(Debug, Clone)]
pub struct Reference {
    /// Identifier of the item.
    pub id: String,
    /// Kind of the item.
    pub kind: Kind,
    /// Title, or the identifier if the item has no title.
    pub title: LangText,
    /// Creators in the order of the record.
    pub creators: Vec<Name>,
    /// Contributors in the order of the record.
    #[cfg(feature = "ssr")]
    pub contributors: Vec<Name>,
    /// Recipients of a letter.
    #[cfg(feature = "ssr")]
    pub recipients: Vec<Name>,
    /// Date of creation or publication. A date that is only known in the Hijri calendar is written with the name of the
    /// calendar.
    pub date: Option<ItemDate>,
    /// The date in the Hijri calendar, for display.
    pub hijri: Option<String>,
    /// Title of the work of which the item is a part, for an article or a chapter.
    pub container: Option<LangText>,
    /// Volume of the journal. Empty if unknown.
    pub volume: String,
    /// Number of the issue. Empty if unknown.
    pub issue: String,
    /// Pages of the item in the work of which it is a part. Empty if unknown.
    pub pages: String,
    /// Publisher.
    pub publisher: Option<LangText>,
    /// Place of publication.
    pub place: Option<LangText>,
    /// Material and technique.
    pub medium: Option<LangText>,
    /// Description.
    pub description: Option<LangText>,
    /// Subjects.
    pub subjects: Vec<LangText>,
    /// Collection to which the item belongs.
    pub collection: LangText,
    /// Title of the archive.
    pub archive: LangText,
    /// URL of the page of the item. `None` if the URL of the archive is unknown.
    pub url: Option<String>,
    /// Languages of the item.
    pub languages: Vec<LangTag>,
    /// URI of the rights statement or licence, or the statement of the institution.
    pub rights: Option<String>,
}

impl Reference {
    /// Returns the reference of an item for readers of `lang`.
    pub fn of(site: &Site, lang: &str, view: &ItemPage) -> Reference {
        let record = &view.record;
        let item = &record.item;
        let best = |name: &str| item.field(name).and_then(|values| first(values, lang));
        let plain = |name: &str| best(name).map(|text| text.text).unwrap_or_default();
        let kind = Kind::of(record);
        let parent = record.parent.as_ref().filter(|_| kind.has_container());
        let container =
            parent.map(|parent| LangText::best(&parent.title, lang, parent.id.as_str()));
        let (tag, title) = item.best_title(lang);
        let part_pages = record.part.as_ref().map(|part| part.pages.clone());
        let route = Route::item(item.id.as_str(), 0);
        let date = item.date.as_ref();
        let rights_text = || best("rights_text").map(|text| text.text);
        Reference {
            id: item.id.as_str().to_owned(),
            kind,
            title: LangText {
                lang: tag,
                text: title.to_owned(),
            },
            creators: names(item, "creator", lang),
            #[cfg(feature = "ssr")]
            contributors: names(item, "contributor", lang),
            #[cfg(feature = "ssr")]
            recipients: names(item, "recipient", lang),
            hijri: date
                .and_then(|date| date.hijri.as_ref())
                .map(|hijri| dates::hijri(hijri, Lang::of(lang))),
            date: date.map(|date| ItemDate {
                written: dates::written(date, Lang::of(lang)),
                ..date.clone()
            }),
            container: container.or_else(|| best("container")),
            volume: plain("volume"),
            issue: plain("issue"),
            pages: part_pages
                .filter(|pages| !pages.is_empty())
                .unwrap_or_else(|| plain("pages")),
            publisher: best("publisher"),
            place: best("publication_place"),
            medium: best("medium"),
            description: item
                .field("description")
                .and_then(|values| paragraphs(values, lang)),
            subjects: all(item, "subject", lang),
            collection: LangText::best(&view.collection.title, lang, &view.collection.id),
            archive: LangText::best(&site.title, lang, "Khizana"),
            url: site
                .url
                .as_ref()
                .map(|root| format!("{root}{}", site.href(lang, &route))),
            languages: item.languages.clone(),
            rights: item.rights.clone().or_else(rights_text),
        }
    }
}

/// Returns the best value of a field for readers of `lang`.
fn first(values: &LangMap, lang: &str) -> Option<LangText> {
    let (lang, text) = values.best(lang)?;
    Some(LangText {
        lang: lang.clone(),
        text: text.to_owned(),
    })
}

/// Returns all values in the language that is best for readers of `lang`.
fn paragraphs(values: &LangMap, lang: &str) -> Option<LangText> {
    let (lang, values) = values.best_values(lang)?;
    Some(LangText {
        lang: lang.clone(),
        text: values.join("\n"),
    })
}

/// Returns the names in a field.
fn names(item: &Item, field: &str, lang: &str) -> Vec<Name> {
    let texts = all(item, field, lang).into_iter();
    texts.map(|text| Name { text }).collect()
}

/// Returns the best name of each value of a field for readers of `lang`.
fn all(item: &Item, field: &str, lang: &str) -> Vec<LangText> {
    let entities = item.field(field).map(LangMap::entities).unwrap_or_default();
    entities
        .iter()
        .filter_map(|entity| first(entity, lang))
        .collect()
}
