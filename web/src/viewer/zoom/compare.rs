//! The image that is compared with the first.

use std::rc::Rc;

use khizana_format::Canvas;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlSelectElement};

use super::Zoom;
use super::layer::Layer;
use crate::zoom::address::{canvas as canvas_name, read_canvas};
use crate::zoom::pair::{Pairing, Places};
use khizana_pages::Route;
use khizana_pages::words::{self, Lang};
use khizana_pages::{ItemPage, View as Shown};

/// So many of the images that were opened before are remembered, to be compared with.
const REMEMBERED: usize = 12;

/// How an item and one of its canvases are called.
fn label(lang: Lang, code: &str, view: &ItemPage, at: u32, canvas: &Canvas) -> String {
    let mut label = view.record.item.best_title(code).1.to_owned();
    let count = view.record.canvases.len() as u64;
    if count > 1 {
        let page = words::page_of(lang, u64::from(at) + 1, count);
        let own = canvas.label.best(code).map(|(_, own)| own.to_owned());
        label.push_str(": ");
        label.push_str(&own.unwrap_or(page));
    }
    label
}

impl Zoom {
    /// Where the images are on the screen.
    pub(super) fn placed(&self, screen: (f64, f64)) -> Places {
        let beside = self.second.borrow().is_some() && self.pairing.get() == Pairing::Beside;
        if beside {
            let lang = Lang::of(&self.viewer.shown().lang);
            Places::halves(screen, lang.dir() == "rtl")
        } else {
            Places::one(screen)
        }
    }

    /// Remembers the image that is open, so that others can be compared with it.
    pub(super) fn remember(&self) {
        let page = self.viewer.shown();
        let Shown::Item(view) = &page.view else {
            return;
        };
        let Some(canvas) = view.shown() else { return };
        let lang = Lang::of(&page.lang);
        let name = canvas_name(view.record.item.id.as_str(), view.canvas);
        self.keep(name, label(lang, &page.lang, view, view.canvas, canvas));
    }

    fn keep(&self, name: String, label: String) {
        let mut seen = self.viewer.zoomed.borrow_mut();
        seen.retain(|(own, _)| *own != name);
        seen.insert(0, (name, label));
        seen.truncate(REMEMBERED);
    }

    /// Fills the list of what can be compared: the other images of the item, and those of other items
    /// that were opened before.
    pub(super) fn offer(&self) {
        let page = self.viewer.shown();
        let (Some(select), Shown::Item(view)) = (self.select(), &page.view) else {
            return;
        };
        let lang = Lang::of(&page.lang);
        let id = view.record.item.id.as_str();
        let mut offered = Vec::new();
        for (at, canvas) in (0u32..).zip(&view.record.canvases) {
            if canvas.image.is_some() && at != view.canvas {
                let label = label(lang, &page.lang, view, at, canvas);
                offered.push((canvas_name(id, at), label));
            }
        }
        let seen = self.viewer.zoomed.borrow();
        let of_others = |name: &str| read_canvas(name).is_some_and(|(own, _)| own != id);
        offered.extend(seen.iter().filter(|(name, _)| of_others(name)).cloned());
        drop(seen);
        select.set_length(1);
        for (name, label) in offered {
            if let Ok(option) = self.viewer.document.create_element("option") {
                let _ = option.set_attribute("value", &name);
                option.set_text_content(Some(&label));
                let _ = select.append_child(&option);
            }
        }
        select.set_value(&self.with.borrow());
    }

    fn select(&self) -> Option<HtmlSelectElement> {
        let found = self.dialog.query_selector("[name=with]");
        found.ok()??.dyn_into().ok()
    }

    /// The tools of the comparison say how it is.
    pub(super) fn pair(&self, pairing: Pairing) {
        self.pairing.set(pairing);
        if let (Pairing::Over(part), Some(over), Some(own)) =
            (pairing, self.tool("over"), self.tool("part"))
        {
            over.set_checked(true);
            own.set_value(&part.to_string());
        }
    }

    /// Does what the tools of the comparison say.
    pub(super) fn paired(self: &Rc<Self>, changed: &Element) {
        let over = self.tool("over").is_some_and(|input| input.checked());
        let part = self
            .tool("part")
            .map_or(50.0, |input| input.value_as_number());
        self.pairing.set(if over {
            Pairing::Over(part as u8)
        } else {
            Pairing::Beside
        });
        if let Some(select) = changed.dyn_ref::<HtmlSelectElement>() {
            self.compare(select.value());
        } else {
            self.again();
        }
    }

    /// What is on the screen is another: it is measured, fetched and drawn anew.
    fn again(self: &Rc<Self>) {
        self.measure();
        self.arrived();
        self.want();
        self.redraw();
    }

    /// What is seen is the first image, which the dialog is called after, and this one.
    fn called(&self, second: &str) {
        let mut name = self.dialog.get_attribute("aria-label").unwrap_or_default();
        if !second.is_empty() {
            name.push_str(" · ");
            name.push_str(second);
        }
        let _ = self.canvas.set_attribute("aria-label", &name);
    }

    /// Compares with the image of a canvas; with none where it is called nothing.
    pub(super) fn compare(self: &Rc<Self>, name: String) {
        if let Some(second) = self.second.take() {
            second.tiles.end();
        }
        self.with.replace(name.clone());
        self.called("");
        if name.is_empty() {
            self.again();
            return;
        }
        self.redraw();
        let own = self.clone();
        spawn_local(async move {
            let found = own.fetched(&name).await;
            // The reader may have chosen another one since.
            if own.closed.get() || *own.with.borrow() != name {
                return;
            }
            let Some((layer, label)) = found else {
                if let Some(select) = own.select() {
                    select.set_value("");
                }
                own.with.take();
                own.again();
                own.say(words::image_missing(Lang::of(&own.viewer.shown().lang)));
                return;
            };
            own.called(&label);
            own.keep(name, label);
            // The list may have been filled before this could be in it.
            let filled = own.select().filter(|select| select.length() > 1);
            if filled.is_some_and(|select| select.value() != *own.with.borrow()) {
                own.offer();
            }
            own.open_tiles(&layer);
            *own.second.borrow_mut() = Some(layer);
            own.again();
        });
    }

    /// The image of a canvas, of this item or of another.
    async fn fetched(&self, name: &str) -> Option<(Rc<Layer>, String)> {
        let (id, at) = read_canvas(name)?;
        let page = self.viewer.shown();
        let lang = Lang::of(&page.lang);
        let loaded;
        let view = match &page.view {
            Shown::Item(view) if view.record.item.id.as_str() == id => view,
            _ => {
                let route = Route::item(&id, at);
                loaded = self.viewer.item(&page.lang, route).await?;
                match &loaded {
                    Shown::Item(view) => view,
                    _ => return None,
                }
            }
        };
        let canvas = view.record.canvases.get(at as usize)?;
        let route = Route::item(&id, at);
        let layer = Layer::new(&self.viewer.archive, route, canvas.image.as_ref()?);
        Some((layer, label(lang, &page.lang, view, at, canvas)))
    }
}
