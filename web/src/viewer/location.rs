//! The URL, scroll positions, and the session storage.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlInputElement};

use super::Viewer;
use khizana_pages::{PageLayout, Route};

/// A language and route of the site.
pub struct Location {
    pub lang: String,
    pub route: Route,
}

/// Returns the search box of the page.
pub fn search_box(document: &Document) -> Option<HtmlInputElement> {
    document.get_element_by_id("q")?.dyn_into().ok()
}

/// Scrolls the strip of thumbnails to one of its thumbnails, without scrolling the page.
pub fn scroll_strip_to(element: &Element) {
    let Some(strip) = element.closest("ol").ok().flatten() else {
        return;
    };
    let (inner, outer) = (
        element.get_bounding_client_rect(),
        strip.get_bounding_client_rect(),
    );
    let offset = (inner.left() + inner.right() - outer.left() - outer.right()) / 2.0;
    if inner.left() < outer.left() || inner.right() > outer.right() {
        strip.set_scroll_left(strip.scroll_left() + offset as i32);
    }
}

/// Scrolls the text or transcript to an element in it, without scrolling the page.
pub fn scroll_text_to(element: &Element) {
    let Some(text) = element.closest(".stage-text").ok().flatten() else {
        return;
    };
    let (inner, outer) = (
        element.get_bounding_client_rect(),
        text.get_bounding_client_rect(),
    );
    // The element is placed at a third of the height, so that the following lines are visible, too.
    let offset = inner.top() - outer.top() - outer.height() / 3.0;
    if inner.top() < outer.top() + 64.0 || inner.bottom() > outer.bottom() {
        text.set_scroll_top(text.scroll_top() + offset as i32);
    }
}

impl Viewer {
    /// Returns the location of the current URL.
    pub fn location(&self) -> Option<Location> {
        self.location_of(&self.window.location().href().ok()?)
    }

    /// Returns the location of a URL. Returns `None` if it is not a page of the site.
    pub fn location_of(&self, href: &str) -> Option<Location> {
        let rest = href.strip_prefix(&self.root)?;
        let rest = rest.split('#').next().unwrap_or(rest);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (lang, route) = Route::parse(path, query, &self.page().site.languages)?;
        Some(Location { lang, route })
    }

    /// Returns `true` if the current URL leads to this route in this language.
    pub fn is_at(&self, lang: &str, route: &Route) -> bool {
        self.location()
            .is_some_and(|location| location.lang == lang && location.route == *route)
    }

    /// Returns the session storage. Browsers may deny access to it.
    fn session_storage(&self) -> Option<JsValue> {
        js_sys::Reflect::get(&self.window, &JsValue::from_str("sessionStorage")).ok()
    }

    /// Returns the page layout that was saved in this tab.
    pub fn saved_layout(&self) -> Option<PageLayout> {
        let storage = self.session_storage()?;
        let name = js_sys::Reflect::get(&storage, &JsValue::from_str("reading"));
        PageLayout::from_name(&name.ok()?.as_string()?)
    }

    /// Saves a page layout by its name.
    pub fn save_layout(&self, name: &str) {
        if let Some(storage) = self.session_storage() {
            let (key, name) = (JsValue::from_str("reading"), JsValue::from_str(name));
            let _ = js_sys::Reflect::set(&storage, &key, &name);
        }
    }

    /// Saves the scroll position in the current entry of the history.
    pub fn save_scroll(&self) {
        if let (Ok(history), Ok(y)) = (self.window.history(), self.window.scroll_y()) {
            let _ = history.replace_state(&JsValue::from_f64(y), "");
        }
    }

    /// Returns the scroll position that was saved in the current entry of the history.
    pub fn saved_scroll(&self) -> Option<f64> {
        self.window.history().ok()?.state().ok()?.as_f64()
    }
}
