//! What is drawn, and when.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::Zoom;
use super::layer::{Layer, Lying};
use crate::zoom::pair::{Pairing, Places, locked};
use crate::zoom::stage::{Point, View};
use khizana_pages::{PageText, View as Shown};

impl Zoom {
    /// Draws before the screen is next renewed.
    pub fn redraw(&self) {
        if self.awaited.get().is_some() || self.closed.get() {
            return;
        }
        // What is on the screen is not what is asked for.
        self.state("loading");
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

    /// The images, the first and what is compared with it, and how each lies in a view.
    fn layers(&self, view: View) -> Vec<(Rc<Layer>, Lying)> {
        let stage = self.stage.get();
        let [corner, other] = self.places.get().corners;
        let density = self.density();
        let own = Lying {
            stage,
            view,
            corner,
            density,
        };
        let mut layers = vec![(self.layer.clone(), own)];
        if let Some(second) = self.second.borrow().as_ref() {
            let size = (second.image.width, second.image.height);
            let (stage, view) = locked(&stage, &view, size);
            let lying = Lying {
                stage,
                view,
                corner: other,
                density,
            };
            layers.push((second.clone(), lying));
        }
        layers
    }

    /// Fetches what the screen needs where the view goes.
    pub(super) fn want(self: &Rc<Self>) {
        for (layer, lying) in self.layers(self.aim()) {
            layer.want(self, &lying);
        }
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
        let Some(screen) = cleared(&self.canvas) else {
            return;
        };
        // An image that is compared may still be looked for.
        let mut sharp = self.with.borrow().is_empty() || self.second.borrow().is_some();
        for (number, (layer, lying)) in self.layers(view).into_iter().enumerate() {
            screen.save();
            let _ = screen.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
            screen.begin_path();
            let ((x, y), (w, h)) = (lying.corner, lying.stage.screen);
            screen.rect(x, y, w, h);
            screen.clip();
            if let (1, Pairing::Over(part)) = (number, self.pairing.get()) {
                screen.set_global_alpha(f64::from(part) / 100.0);
            }
            sharp &= layer.draw(&screen, &lying);
            let found = if number == 0 {
                self.found()
            } else {
                Vec::new()
            };
            for [x, y, w, h] in found {
                let (corner, size) = ((x.into(), y.into()), (w.into(), h.into()));
                set(&screen, "fillStyle", "rgb(255 190 0/.3)");
                screen.fill_rect(corner.0, corner.1, size.0, size.1);
                outline(&screen, corner, size, 1.0 / view.scale);
            }
            screen.restore();
        }
        // What is between two images beside each other; nothing where one lies over the other.
        let Places { size, corners } = self.places.get();
        let [corner, other] = corners;
        if corner != other {
            let edge = ((corner.0 - other.0).abs(), (corner.1 - other.1).abs());
            let _ = screen.set_transform(density, 0.0, 0.0, density, 0.0, 0.0);
            outline(&screen, edge, (size.0 - edge.0, size.1 - edge.1), 2.0);
        }
        let hands = self.hands.borrow();
        if let Some((from, to)) = hands.boxed {
            let (x, y) = hands.corner;
            let _ = screen.set_transform(density, 0.0, 0.0, density, x * density, y * density);
            outline(&screen, from, (to.0 - from.0, to.1 - from.1), 2.0);
        }

        let small = self.small();
        let fit = small.fit();
        let whole = stage.is_whole(&view);
        let _ = self.navigator.toggle_attribute_with_force("hidden", whole);
        if !whole && let Some(screen) = cleared(&self.navigator) {
            let lying = Lying {
                stage: small,
                view: fit,
                corner: (0.0, 0.0),
                density,
            };
            self.layer.picture(&screen, &lying);
            let (corner, size) = stage.seen(&view);
            outline(&screen, corner, size, 2.0 / fit.scale);
        }
        self.rule();
        self.state(if sharp { "sharp" } else { "loading" });
    }

    fn state(&self, state: &str) {
        let _ = self.dialog.set_attribute("data-state", state);
    }
}

/// What draws on a canvas that is empty.
fn cleared(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let screen: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let _ = screen.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    screen.clear_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
    Some(screen)
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
