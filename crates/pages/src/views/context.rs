//! The context of the views: the page, its language, and functions that return URLs.

use khizana_model::{LangMap, LangTag};
use yew::{AttrValue, Html};

use super::el::{IntoHtml, el};
use crate::app::{AppProps, Device};
use crate::card::LangText;
use crate::i18n::Lang;
use crate::page::Page;
use crate::route::Route;

/// The context in which a page is rendered.
pub struct Context<'a> {
    pub page: &'a Page,
    pub lang: Lang,
    /// See [`AppProps::is_hydrated`].
    pub is_hydrated: bool,
    /// See [`AppProps::device`].
    pub device: &'a Device,
}

impl<'a> Context<'a> {
    pub fn of(props: &'a AppProps) -> Context<'a> {
        Context {
            page: &props.page,
            lang: Lang::of(&props.page.lang),
            is_hydrated: props.is_hydrated,
            device: &props.device,
        }
    }

    /// Returns the URL of a route in the language of the page.
    pub fn href(&self, route: &Route) -> AttrValue {
        self.href_in(&self.page.lang, route)
    }

    /// Returns the URL of a route in a language.
    pub fn href_in(&self, lang: &str, route: &Route) -> AttrValue {
        format!("{}{}", self.page.base, self.page.href(lang, route)).into()
    }

    /// Returns the URL of the address of a route ([`Route::address`]) in the language of the page. Returns URLs of
    /// other sites unchanged.
    pub fn target(&self, target: &str) -> AttrValue {
        if target.contains("://") {
            return target.to_owned().into();
        }
        self.href(&Route::from_address(target))
    }

    /// Returns the URL of a canvas of an item.
    pub fn item(&self, id: &str, canvas: u32) -> AttrValue {
        self.href(&Route::item(id, canvas))
    }

    /// Returns the separator between the names in a list.
    pub fn list_separator(&self) -> &'static str {
        self.lang.list_separator()
    }

    /// Returns the URL of a file of the site.
    pub fn file(&self, path: &str) -> AttrValue {
        format!("{}{path}", self.page.base).into()
    }

    /// Returns a text of the interface as a text in the language of the page.
    pub fn interface_text(&self, text: String) -> LangText {
        LangText {
            lang: self.page.lang.parse().unwrap_or_else(|_| LangTag::und()),
            text,
        }
    }

    /// Returns the value of a language map that is most suitable for the reader. See
    /// [`LangText::best`].
    pub fn best(&self, map: &LangMap, fallback: &str) -> LangText {
        LangText::best(map, &self.page.lang, fallback)
    }
}

/// Renders a text within a line that may be in another language.
pub fn bdi(text: &LangText) -> Html {
    el("bdi")
        .lang_attrs(&text.lang, &text.text)
        .with(&text.text)
        .into_html()
}

/// Renders a text as a paragraph.
pub fn paragraph(class: &'static str, text: &LangText) -> Html {
    el("p")
        .class(class)
        .lang_attrs(&text.lang, &text.text)
        .with(&text.text)
        .into_html()
}

/// Returns the CSS class of a dominant colour, which has the form `rrggbb`. The colour is quantised
/// to four levels per channel. A class is used because the content security policy does not allow
/// style attributes.
pub fn tone_class(tone: &str) -> String {
    let level = |at: usize| {
        let channel = tone
            .get(at..at + 2)
            .and_then(|hex| u8::from_str_radix(hex, 16).ok())
            .unwrap_or(0xcc);
        (u32::from(channel) + 42) / 85
    };
    format!("t{}{}{}", level(0), level(2), level(4))
}

/// Returns the CSS class of an aspect ratio on a scale with steps of 5 %. The class `r28` stands
/// for a square; classes with lower numbers stand for taller shapes.
pub fn ratio_class(width: u32, height: u32) -> String {
    let ratio = f64::from(width.max(1)) / f64::from(height.max(1));
    let mut step = 0;
    let mut bound = 0.2613; // 1.05 ^ -27.5, the geometric mean of the first two steps.
    while step < 56 && ratio > bound {
        bound *= 1.05;
        step += 1;
    }
    format!("r{step}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tone_and_ratio_classes_are_in_the_style_sheet() {
        assert_eq!(tone_class("000000"), "t000");
        assert_eq!(tone_class("ffffff"), "t333");
        assert_eq!(tone_class("aa5500"), "t210");
        assert_eq!(tone_class("nonsense"), "t222");
        assert_eq!(tone_class("é"), "t222");
        assert_eq!(ratio_class(100, 100), "r28");
        assert_eq!(ratio_class(105, 100), "r29");
        assert_eq!(ratio_class(1, 1000), "r0");
        assert_eq!(ratio_class(1000, 1), "r56");
        assert_eq!(ratio_class(0, 0), "r28");
        let css = include_str!("../../../../web/style/placeholders.css");
        for class in ["t000", "t333", "t210", "r0", "r28", "r56"] {
            assert!(css.contains(&format!(".{class}{{")), "{class}");
        }
    }
}
