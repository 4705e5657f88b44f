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
    if text.scroll_height() <= text.client_height() {
        return;
    }
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
        self.parse_url(&self.window.location().href().ok()?)
    }

    /// Returns the location of a URL. Returns `None` if it is not a page of the site, or if the viewer cannot render
    /// the page because only the published document contains all of it.
    pub fn location_of(&self, href: &str) -> Option<Location> {
        let location = self.parse_url(href)?;
        (!self.page().site.is_document(&location.route)).then_some(location)
    }

    fn parse_url(&self, href: &str) -> Option<Location> {
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

    /// Returns the images that were recently displayed in the deep-zoom dialog, the latest first: the names
    /// of their canvases in URL fragments, and their labels. They are stored, so that images can be compared
    /// after a reload.
    pub fn recent_images(&self) -> Vec<(String, String)> {
        let stored = self.local_storage().and_then(|storage| {
            js_sys::Reflect::get(&storage, &JsValue::from_str(&self.recent_images_key()))
                .ok()?
                .as_string()
        });
        let stored = stored.unwrap_or_default();
        let entries = stored.lines().filter_map(|line| line.split_once('\t'));
        entries
            .map(|(name, label)| (name.to_owned(), label.to_owned()))
            .collect()
    }

    /// Saves the recently displayed images.
    pub fn save_recent_images(&self, images: &[(String, String)]) {
        let mut text = String::new();
        for (name, label) in images {
            text.push_str(name);
            text.push('\t');
            text.push_str(&label.replace(['\t', '\n', '\r'], " "));
            text.push('\n');
        }
        if let Some(storage) = self.local_storage() {
            let key = JsValue::from_str(&self.recent_images_key());
            let _ = js_sys::Reflect::set(&storage, &key, &JsValue::from_str(&text));
        }
    }

    /// Returns the key of the recently displayed images. Sites on the same host share their storage.
    fn recent_images_key(&self) -> String {
        let mut key = String::from("compare ");
        key.push_str(&self.root);
        key
    }

    /// Returns the local storage. Browsers may deny access to it.
    fn local_storage(&self) -> Option<JsValue> {
        js_sys::Reflect::get(&self.window, &JsValue::from_str("localStorage")).ok()
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
