//! Pages that the institution has written, and its texts on other pages.

use khizana_model::LangTag;
use serde::Serialize;

use crate::card::LangText;

/// A text that the institution has written, as HTML.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Prose {
    /// Language of the text.
    pub lang: LangTag,
    /// The sanitised HTML.
    pub html: String,
}

khizana_json::json_object!(Prose { lang, html });

/// A page that the institution has written.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TextPage {
    /// The name of the page in its URL.
    pub name: String,
    /// The title.
    pub title: LangText,
    /// The text. Its language may be another one than that of the interface.
    pub prose: Prose,
}

khizana_json::json_object!(TextPage { name, title, prose });

impl TextPage {
    /// Returns `true` if the page is not available in the language of the interface.
    pub fn is_fallback(&self, lang: &str) -> bool {
        self.prose.lang.primary() != lang
    }
}
