//! Comparison of the displayed image with a second one.

use std::rc::Rc;

use khizana_format::Canvas;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlSelectElement};

use super::ZoomDialog;
use super::layer::Layer;
use crate::zoom::address::{canvas_name, parse_canvas_name};
use crate::zoom::comparison::{Comparison, Panes};
use khizana_pages::i18n::{self, Lang};
use khizana_pages::{ItemPage, Route, View};

/// Maximum number of recently opened images that are offered for comparison.
const MAX_RECENT_IMAGES: usize = 12;

/// Returns the label of a canvas: the title of the item, and the label or number of the page.
fn canvas_label(lang: Lang, code: &str, view: &ItemPage, index: u32, canvas: &Canvas) -> String {
    let mut label = view.record.item.best_title(code).1.to_owned();
    let count = view.record.canvases.len() as u64;
    if count > 1 {
        let position = i18n::page_of(lang, u64::from(index) + 1, count);
        let page_label = canvas.label.best(code).map(|(_, text)| text.to_owned());
        label.push_str(": ");
        label.push_str(&page_label.unwrap_or(position));
    }
    label
}

impl ZoomDialog {
    /// Returns the panes for a screen of the given size.
    pub(super) fn panes_for(&self, screen: (f64, f64)) -> Panes {
        let is_split =
            self.second.borrow().is_some() && self.comparison.get() == Comparison::SideBySide;
        if is_split {
            let lang = Lang::of(&self.viewer.page().lang);
            Panes::split(screen, lang.dir() == "rtl")
        } else {
            Panes::single(screen)
        }
    }

    /// Adds the displayed image to the recent images.
    pub(super) fn remember_image(&self) {
        let page = self.viewer.page();
        let View::Item(view) = &page.view else {
            return;
        };
        let Some(canvas) = view.current_canvas() else {
            return;
        };
        let lang = Lang::of(&page.lang);
        let name = canvas_name(view.record.item.id.as_str(), view.canvas);
        let label = canvas_label(lang, &page.lang, view, view.canvas, canvas);
        self.remember(name, label);
    }

    fn remember(&self, name: String, label: String) {
        let mut recent = self.viewer.recent_images();
        recent.retain(|(other, _)| *other != name);
        recent.insert(0, (name, label));
        recent.truncate(MAX_RECENT_IMAGES);
        self.viewer.save_recent_images(&recent);
    }

    /// Fills the menu with the other images of the item, the recent images of other items, and the images of
    /// related items.
    pub(super) fn fill_menu(&self) {
        let page = self.viewer.page();
        let (Some(menu), View::Item(view)) = (self.menu(), &page.view) else {
            return;
        };
        let lang = Lang::of(&page.lang);
        let id = view.record.item.id.as_str();
        let mut images = Vec::new();
        for (index, canvas) in (0u32..).zip(&view.record.canvases) {
            if canvas.image.is_some() && index != view.canvas {
                let label = canvas_label(lang, &page.lang, view, index, canvas);
                images.push((canvas_name(id, index), label));
            }
        }
        let recent = self.viewer.recent_images();
        let is_of_other_item =
            |name: &str| parse_canvas_name(name).is_some_and(|(other, _)| other != id);
        images.extend(
            recent
                .iter()
                .filter(|(name, _)| is_of_other_item(name))
                .cloned(),
        );
        // Related items are candidates even if the reader has not opened them.
        for item in view
            .record
            .related
            .iter()
            .filter(|item| item.thumb.is_some())
        {
            let name = canvas_name(item.id.as_str(), 0);
            if recent.iter().all(|(other, _)| *other != name) {
                let title = item.title.best(&page.lang);
                let label = title.map_or(item.id.as_str(), |(_, text)| text);
                images.push((name, label.to_owned()));
            }
        }
        menu.set_length(1);
        for (name, label) in images {
            if let Ok(option) = self.viewer.document.create_element("option") {
                let _ = option.set_attribute("value", &name);
                option.set_text_content(Some(&label));
                let _ = menu.append_child(&option);
            }
        }
        menu.set_value(&self.second_name.borrow());
    }

    fn menu(&self) -> Option<HtmlSelectElement> {
        let element = self.dialog.query_selector("[name=with]");
        element.ok()??.dyn_into().ok()
    }

    /// Sets the kind of comparison, and updates the inputs.
    pub(super) fn set_comparison(&self, comparison: Comparison) {
        self.comparison.set(comparison);
        if let (Comparison::Overlay(percent), Some(overlay), Some(opacity)) =
            (comparison, self.input("over"), self.input("part"))
        {
            overlay.set_checked(true);
            opacity.set_value(&percent.to_string());
        }
    }

    /// Applies a change to an input in the comparison panel.
    pub(super) fn on_comparison_input(self: &Rc<Self>, changed: &Element) {
        let is_overlay = self.input("over").is_some_and(|input| input.checked());
        let opacity = self
            .input("part")
            .map_or(50.0, |input| input.value_as_number());
        self.comparison.set(if is_overlay {
            Comparison::Overlay(opacity as u8)
        } else {
            Comparison::SideBySide
        });
        if let Some(menu) = changed.dyn_ref::<HtmlSelectElement>() {
            self.compare_with(menu.value());
        } else {
            self.refresh();
        }
    }

    /// Updates sizes, URL and content after a change of the displayed images.
    fn refresh(self: &Rc<Self>) {
        self.resize();
        self.settle();
        self.request_content();
        self.request_redraw();
    }

    /// Sets the accessible name of the canvas: the label of the dialog and that of the second
    /// image.
    fn set_canvas_label(&self, second: &str) {
        let mut label = self.dialog.get_attribute("aria-label").unwrap_or_default();
        if !second.is_empty() {
            label.push_str(" · ");
            label.push_str(second);
        }
        let _ = self.canvas.set_attribute("aria-label", &label);
    }

    /// Starts the comparison with the image of the canvas `name`. Ends the comparison if `name` is
    /// empty.
    pub(super) fn compare_with(self: &Rc<Self>, name: String) {
        if let Some(second) = self.second.take() {
            second.tiles.close();
        }
        self.second_name.replace(name.clone());
        self.set_canvas_label("");
        if name.is_empty() {
            self.refresh();
            return;
        }
        self.request_redraw();
        let dialog = self.clone();
        spawn_local(async move {
            let loaded = dialog.load_layer(&name).await;
            // The reader may have selected another image in the meantime.
            if dialog.is_closed.get() || *dialog.second_name.borrow() != name {
                return;
            }
            let Some((layer, label)) = loaded else {
                if let Some(menu) = dialog.menu() {
                    menu.set_value("");
                }
                dialog.second_name.take();
                dialog.refresh();
                let lang = Lang::of(&dialog.viewer.page().lang);
                dialog.set_status(i18n::image_missing(lang));
                return;
            };
            dialog.set_canvas_label(&label);
            dialog.remember(name, label);
            // If the menu was filled before the image was loaded, it lacks the image.
            let filled_menu = dialog.menu().filter(|menu| menu.length() > 1);
            if filled_menu.is_some_and(|menu| menu.value() != *dialog.second_name.borrow()) {
                dialog.fill_menu();
            }
            dialog.open_tiles(&layer);
            *dialog.second.borrow_mut() = Some(layer);
            dialog.refresh();
        });
    }

    /// Loads the image of a canvas of any item. Returns its layer and label.
    async fn load_layer(&self, name: &str) -> Option<(Rc<Layer>, String)> {
        let (id, index) = parse_canvas_name(name)?;
        let page = self.viewer.page();
        let lang = Lang::of(&page.lang);
        let loaded;
        let view = match &page.view {
            View::Item(view) if view.record.item.id.as_str() == id => view,
            _ => {
                let route = Route::item(&id, index);
                loaded = self.viewer.load_item(&page.lang, route).await?;
                match &loaded {
                    View::Item(view) => view,
                    _ => return None,
                }
            }
        };
        let canvas = view.record.canvases.get(index as usize)?;
        let route = Route::item(&id, index);
        let layer = Layer::new(&self.viewer.archive, route, canvas.image.as_ref()?);
        let label = canvas_label(lang, &page.lang, view, index, canvas);
        Some((layer, label))
    }
}
