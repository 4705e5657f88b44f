//! What is drawn, and when.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, HtmlImageElement};

use super::Zoom;
use crate::page::{PageText, View as Shown};
use crate::zoom::stage::{Point, Stage, View};
use crate::zoom::tiles::{Place, area, is_sharp, level_for, seen};

/// Tiles that are kept beside those on the screen.
const BESIDE: usize = 24;

impl Zoom {
    /// Draws before the screen is next renewed.
    pub fn redraw(&self) {
        if self.awaited.get().is_some() || self.closed.get() {
            return;
        }
        if let Some(frame) = self.frame.borrow().as_ref() {
            let frame = frame.as_ref().unchecked_ref();
            let awaited = self.viewer.window.request_animation_frame(frame);
            self.awaited.set(awaited.ok());
        }
    }

    /// Lets time pass until `now`, in milliseconds, and draws.
    pub(super) fn step(self: &Rc<Self>, now: f64) {
        self.awaited.set(None);
        let before = self.before.replace(now);
        if let Some(mut motion) = self.motion.get() {
            // The first step of a motion has no picture before it.
            let passed = if now - before < 100.0 {
                now - before
            } else {
                16.0
            };
            let arrived = motion.pass(passed / 1000.0);
            self.view.set(motion.now());
            self.motion.set((!arrived).then_some(motion));
            if arrived {
                self.arrived();
            }
        }
        self.draw();
        if self.motion.get().is_some() {
            self.redraw();
        }
    }

    /// The tiles that the screen needs where the view goes; none where a derivative is sharp.
    fn needed(&self, view: &View) -> Vec<Place> {
        let stage = self.stage.get();
        let widest = self.image.sizes.last().map_or(0, |size| size.width);
        if is_sharp(&stage, widest, view, self.density()) {
            return Vec::new();
        }
        let index = self.tiles.index.borrow();
        let Some(index) = index.as_ref() else {
            return Vec::new();
        };
        let level = level_for(index.levels.len(), view, self.density());
        seen(&stage, view, &index.levels, level, index.tile)
    }

    /// Fetches what the screen needs where the view goes.
    pub(super) fn want(self: &Rc<Self>) {
        let view = self.aim();
        let stage = self.stage.get();
        let shown = stage.image.0 * view.scale * self.density();
        if let Some(size) = self.image.at_least((shown * 0.8) as u32) {
            let mut pictures = self.pictures.borrow_mut();
            if pictures.iter().all(|(width, _)| *width < size.width)
                && let Ok(picture) = HtmlImageElement::new()
            {
                self.redraw_with(&picture);
                picture.set_src(&format!("{}{}", self.viewer.root, self.image.path(size)));
                pictures.push((size.width, picture));
            }
        }
        // Where none is needed any more, none is waited for.
        let needed = self.needed(&view);
        self.tiles.kept.borrow_mut().shown(&needed);
        self.tiles.want(&needed, needed.len() * 2 + BESIDE);
    }

    /// Draws anew once a picture is here.
    pub(super) fn redraw_with(self: &Rc<Self>, picture: &HtmlImageElement) {
        let own = Rc::downgrade(self);
        let loaded = wasm_bindgen::closure::Closure::once_into_js(move || {
            if let Some(own) = own.upgrade() {
                own.redraw();
            }
        });
        picture.set_onload(Some(loaded.unchecked_ref()));
    }

    /// Where on the image that stands which was looked for.
    fn found(&self) -> Vec<[u32; 4]> {
        match &self.viewer.shown().view {
            Shown::Item(view) => view.page_text().map(PageText::places).unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn draw(&self) {
        let (stage, view) = (self.stage.get(), self.view.get());
        let density = self.density();
        let Some(screen) = context(&self.canvas) else {
            return;
        };
        self.picture(&screen, &self.canvas, &stage, &view, density);
        let needed = self.needed(&view);
        let kept = self.tiles.kept.borrow();
        let here = needed.iter().filter(|place| kept.has(**place)).count();
        let complete = here == needed.len();
        if let (Some((level, ..)), Some(index)) =
            (needed.first(), self.tiles.index.borrow().as_ref())
        {
            let ((x, y), (w, h)) = stage.seen(&view);
            for (place, tile) in kept.in_order() {
                // Finer ones are too many; coarser ones stand in for those that are missing.
                if place.0 < *level || (complete && place.0 > *level) {
                    continue;
                }
                let (left, top, wide, high) = area(place, stage.image, index.tile);
                if left < x + w && top < y + h && left + wide > x && top + high > y {
                    let _ = screen
                        .draw_image_with_image_bitmap_and_dw_and_dh(tile, left, top, wide, high);
                }
            }
        }
        for [x, y, w, h] in self.found() {
            let (corner, size) = ((x.into(), y.into()), (w.into(), h.into()));
            set(&screen, "fillStyle", "rgb(255 190 0/.3)");
            screen.fill_rect(corner.0, corner.1, size.0, size.1);
            outline(&screen, corner, size, 1.0 / view.scale);
        }
        let boxed = self.hands.borrow().boxed;
        if let Some((from, to)) = boxed {
            let _ = screen.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
            outline(&screen, from, (to.0 - from.0, to.1 - from.1), 2.0);
        }

        let small = self.small();
        let fit = small.fit();
        let whole = stage.is_whole(&view);
        let _ = self.navigator.toggle_attribute_with_force("hidden", whole);
        if let Some(screen) = context(&self.navigator).filter(|_| !whole) {
            self.picture(&screen, &self.navigator, &small, &fit, density);
            let (corner, size) = stage.seen(&view);
            outline(&screen, corner, size, 2.0 / fit.scale);
        }
        let sharp = complete && self.pictures.borrow().iter().all(|(_, own)| own.complete());
        let indexed = self.image.pack.is_none() || self.tiles.index.borrow().is_some();
        let state = if sharp && indexed { "sharp" } else { "loading" };
        let _ = self.dialog.set_attribute("data-state", state);
    }

    /// The widest derivative that is here. What is drawn after it is in pixels of the image.
    fn picture(
        &self,
        screen: &CanvasRenderingContext2d,
        canvas: &HtmlCanvasElement,
        stage: &Stage,
        view: &View,
        density: f64,
    ) {
        let _ = screen.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
        screen.clear_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
        let (first, second) = stage.axes();
        let scale = view.scale * density;
        let (x, y) = stage.screen_at(view, (0.0, 0.0));
        let _ = screen.set_transform(
            first.0 * scale,
            second.0 * scale,
            first.1 * scale,
            second.1 * scale,
            x * density,
            y * density,
        );
        let pictures = self.pictures.borrow();
        let here = |own: &&(u32, HtmlImageElement)| own.1.complete() && own.1.natural_width() > 0;
        if let Some((_, picture)) = pictures.iter().rev().find(here) {
            let _ = screen.draw_image_with_html_image_element_and_dw_and_dh(
                picture,
                0.0,
                0.0,
                stage.image.0,
                stage.image.1,
            );
        }
    }
}

fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

fn set(screen: &CanvasRenderingContext2d, name: &str, value: &str) {
    let _ = js_sys::Reflect::set(screen, &JsValue::from_str(name), &JsValue::from_str(value));
}

/// A box: light within dark, so that it is seen on anything.
fn outline(screen: &CanvasRenderingContext2d, corner: Point, size: Point, width: f64) {
    for (colour, width) in [("#000", width * 2.0), ("#fff", width)] {
        set(screen, "strokeStyle", colour);
        screen.set_line_width(width);
        screen.stroke_rect(corner.0, corner.1, size.0, size.1);
    }
}
