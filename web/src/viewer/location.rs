//! Where the reader is: the address, and the place in the page.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, HtmlInputElement};

use super::Viewer;
use khizana_pages::Reading;
use khizana_pages::Route;

/// What an address of this site asks for.
pub struct Place {
    pub lang: String,
    pub route: Route,
}

/// The search box, where the page has one.
pub fn search_box(document: &Document) -> Option<HtmlInputElement> {
    document.get_element_by_id("q")?.dyn_into().ok()
}

/// Brings a page of the strip into sight, without moving the page around it.
pub fn reveal(element: &Element) {
    let Some(strip) = element.closest("ol").ok().flatten() else {
        return;
    };
    let (own, around) = (
        element.get_bounding_client_rect(),
        strip.get_bounding_client_rect(),
    );
    let off = (own.left() + own.right() - around.left() - around.right()) / 2.0;
    if own.left() < around.left() || own.right() > around.right() {
        strip.set_scroll_left(strip.scroll_left() + off as i32);
    }
}

/// Brings a line of what is said into sight, without moving the page around it.
pub fn reveal_below(line: &Element) {
    let Some(text) = line.closest(".stage-text").ok().flatten() else {
        return;
    };
    let (own, around) = (
        line.get_bounding_client_rect(),
        text.get_bounding_client_rect(),
    );
    // A third of the way down: what comes next is seen too.
    let off = own.top() - around.top() - around.height() / 3.0;
    if own.top() < around.top() + 64.0 || own.bottom() > around.bottom() {
        text.set_scroll_top(text.scroll_top() + off as i32);
    }
}

impl Viewer {
    /// What the address in the address bar asks for.
    pub fn place(&self) -> Option<Place> {
        self.place_of(&self.window.location().href().ok()?)
    }

    /// What an address asks for, where it is one of ours.
    pub fn place_of(&self, href: &str) -> Option<Place> {
        let rest = href.strip_prefix(&self.root)?;
        let rest = rest.split('#').next().unwrap_or(rest);
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (lang, route) = Route::parse(path, query, &self.shown().site.languages)?;
        Some(Place { lang, route })
    }

    /// Whether the address bar shows this page.
    pub fn is_at(&self, lang: &str, route: &Route) -> bool {
        self.place()
            .is_some_and(|place| place.lang == lang && place.route == *route)
    }

    /// Where the browser keeps what is told it while the tab is open; there may be none.
    fn session(&self) -> Option<JsValue> {
        js_sys::Reflect::get(&self.window, &JsValue::from_str("sessionStorage")).ok()
    }

    /// How the pages of books were laid out before this page was loaded.
    pub fn kept_reading(&self) -> Option<Reading> {
        let kept = js_sys::Reflect::get(&self.session()?, &JsValue::from_str("reading"));
        Reading::of(&kept.ok()?.as_string()?)
    }

    /// Keeps how the pages of books are laid out, by its name.
    pub fn keep_reading(&self, name: &str) {
        if let Some(session) = self.session() {
            let (key, name) = (JsValue::from_str("reading"), JsValue::from_str(name));
            let _ = js_sys::Reflect::set(&session, &key, &name);
        }
    }

    /// Remembers in the history how far down the page the reader is.
    pub fn keep_scroll(&self) {
        if let (Ok(history), Ok(y)) = (self.window.history(), self.window.scroll_y()) {
            let _ = history.replace_state(&JsValue::from_f64(y), "");
        }
    }

    /// How far down this page the reader was.
    pub fn kept_scroll(&self) -> Option<f64> {
        self.window.history().ok()?.state().ok()?.as_f64()
    }
}
