//! What every view needs: the page, its language, and its addresses.

use khizana_model::{LangMap, LangTag};
use yew::{AttrValue, Html};

use super::el::{IntoHtml, el};
use crate::app::AppProps;
use crate::card::Text;
use crate::page::Page;
use crate::route::Route;
use crate::words::Lang;

/// The page that is being shown.
pub struct Context<'a> {
    pub page: &'a Page,
    pub lang: Lang,
    /// Whether the viewer runs.
    pub live: bool,
}

impl<'a> Context<'a> {
    pub fn of(shown: &'a AppProps) -> Context<'a> {
        Context {
            page: &shown.page,
            lang: Lang::of(&shown.page.lang),
            live: shown.live,
        }
    }

    /// The address of a page in the language of this one.
    pub fn href(&self, route: &Route) -> AttrValue {
        self.href_in(&self.page.lang, route)
    }

    pub fn href_in(&self, lang: &str, route: &Route) -> AttrValue {
        format!(
            "{}{}",
            self.page.base,
            route.href(lang, self.page.site.pages)
        )
        .into()
    }

    /// The address of an item at one of its canvases.
    pub fn item(&self, id: &str, canvas: u32) -> AttrValue {
        self.href(&Route::item(id, canvas))
    }

    /// What stands between the names of a list.
    pub fn comma(&self) -> &'static str {
        if self.lang == Lang::Ar { "، " } else { ", " }
    }

    /// The address of a file of the site.
    pub fn file(&self, path: &str) -> AttrValue {
        format!("{}{path}", self.page.base).into()
    }

    /// What the interface itself says.
    pub fn own(&self, text: String) -> Text {
        Text {
            lang: self.page.lang.parse().unwrap_or_else(|_| LangTag::und()),
            text,
        }
    }

    /// The value that serves the reader best.
    pub fn best(&self, map: &LangMap, fallback: &str) -> Text {
        Text::best(map, &self.page.lang, fallback)
    }
}

/// A value inside a line of another language.
pub fn bdi(text: &Text) -> Html {
    el("bdi")
        .tongue(&text.lang, &text.text)
        .with(&text.text)
        .into_html()
}

/// A value that is a paragraph of its own.
pub fn paragraph(class: &'static str, text: &Text) -> Html {
    el("p")
        .class(class)
        .tongue(&text.lang, &text.text)
        .with(&text.text)
        .into_html()
}

/// The class of a dominant colour, `rrggbb`: four levels a channel, so that the policy of the site
/// need not allow styles in attributes.
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

/// The class of a proportion, in steps of a twentieth: `r28` is a square, lower is taller.
pub fn ratio_class(width: u32, height: u32) -> String {
    let ratio = f64::from(width.max(1)) / f64::from(height.max(1));
    let mut step = 0;
    let mut bound = 0.2613; // 1.05 ^ -27.5: halfway, in proportion, between the first two steps.
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
    fn tones_and_proportions_fall_into_the_classes_the_stylesheet_has() {
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
        let css = include_str!("../../../../web/style/viewer.css");
        for class in ["t000", "t333", "t210", "r0", "r28", "r56"] {
            assert!(css.contains(&format!(".{class}{{")), "{class}");
        }
    }
}
