//! Drawing of the deep-zoom view.

use std::rc::Rc;

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::ZoomDialog;
use super::layer::{Layer, Placement};
use crate::zoom::comparison::{Comparison, Panes, synchronise};
use crate::zoom::viewport::{Camera, Point};
use khizana_pages::{PageText, View};

impl ZoomDialog {
    /// Schedules a redraw of the view for the next animation frame.
    pub fn request_redraw(&self) {
        if self.frame_request.get().is_some() || self.is_closed.get() {
            return;
        }
        // The screen is outdated until the next frame.
        self.set_state("loading");
        if let Some(on_frame) = self.on_frame.borrow().as_ref() {
            let on_frame = on_frame.as_ref().unchecked_ref();
            let request = self.viewer.window.request_animation_frame(on_frame);
            self.frame_request.set(request.ok());
        }
    }

    /// Advances the animation to the time `now`, in milliseconds, and draws a frame.
    pub(super) fn draw_frame(self: &Rc<Self>, now: f64) {
        self.frame_request.set(None);
        let elapsed = now - self.last_frame.replace(now);
        if let Some(mut motion) = self.motion.get() {
            // At the first frame of an animation, the previous frame may be long past.
            let elapsed = if elapsed < 100.0 { elapsed } else { 16.0 };
            let has_ended = motion.advance(elapsed / 1000.0);
            self.camera.set(motion.current());
            self.motion.set((!has_ended).then_some(motion));
            if has_ended {
                self.settle();
            }
        }
        self.draw();
        if self.motion.get().is_some() {
            self.request_redraw();
        }
    }

    /// Returns the first image and the one with which it is compared, each with its placement for a
    /// camera.
    fn placed_layers(&self, camera: Camera) -> Vec<(Rc<Layer>, Placement)> {
        let viewport = self.viewport.get();
        let [first_corner, second_corner] = self.panes.get().corners;
        let pixel_ratio = self.pixel_ratio();
        let placement = Placement {
            viewport,
            camera,
            corner: first_corner,
            pixel_ratio,
        };
        let mut layers = vec![(self.first.clone(), placement)];
        if let Some(second) = self.second.borrow().as_ref() {
            let size = (second.image.width, second.image.height);
            let (viewport, camera) = synchronise(&viewport, &camera, size);
            let placement = Placement {
                viewport,
                camera,
                corner: second_corner,
                pixel_ratio,
            };
            layers.push((second.clone(), placement));
        }
        layers
    }

    /// Requests derivatives and tiles for the camera at the end of the animation.
    pub(super) fn request_content(self: &Rc<Self>) {
        for (layer, placement) in self.placed_layers(self.target_camera()) {
            layer.request_content(self, &placement);
        }
    }

    /// Returns the areas of the matches of the query on the image.
    fn match_areas(&self) -> Vec<[u32; 4]> {
        match &self.viewer.page().view {
            View::Item(view) => view
                .page_text()
                .map(PageText::match_areas)
                .unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    fn draw(&self) {
        let (viewport, camera) = (self.viewport.get(), self.camera.get());
        let ratio = self.pixel_ratio();
        let Some(context) = cleared_context(&self.canvas) else {
            return;
        };
        // The view is not complete while the second image is being loaded.
        let mut is_sharp = self.second_name.borrow().is_empty() || self.second.borrow().is_some();
        for (index, (layer, placement)) in self.placed_layers(camera).into_iter().enumerate() {
            context.save();
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
            context.begin_path();
            let ((x, y), (w, h)) = (placement.corner, placement.viewport.screen);
            context.rect(x, y, w, h);
            context.clip();
            if let (1, Comparison::Overlay(opacity)) = (index, self.comparison.get()) {
                context.set_global_alpha(f64::from(opacity) / 100.0);
            }
            is_sharp &= layer.draw(&context, &placement);
            let match_areas = if index == 0 {
                self.match_areas()
            } else {
                Vec::new()
            };
            for [x, y, w, h] in match_areas {
                let (corner, size) = ((x.into(), y.into()), (w.into(), h.into()));
                set_property(&context, "fillStyle", "rgb(255 190 0/.3)");
                context.fill_rect(corner.0, corner.1, size.0, size.1);
                stroke_outline(&context, corner, size, 1.0 / camera.scale);
            }
            context.restore();
        }
        // The divider between two panes.
        let Panes { size, corners } = self.panes.get();
        let [first, second] = corners;
        if first != second {
            let offset = ((first.0 - second.0).abs(), (first.1 - second.1).abs());
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
            let divider = (size.0 - offset.0, size.1 - offset.1);
            stroke_outline(&context, offset, divider, 2.0);
        }
        let pointers = self.pointers.borrow();
        if let Some((from, to)) = pointers.selection {
            let (x, y) = pointers.corner;
            let _ = context.set_transform(ratio, 0.0, 0.0, ratio, x * ratio, y * ratio);
            stroke_outline(&context, from, (to.0 - from.0, to.1 - from.1), 2.0);
        }

        let navigator_viewport = self.navigator_viewport();
        let fit = navigator_viewport.fit();
        let is_whole = viewport.shows_whole_image(&camera);
        let _ = self
            .navigator
            .toggle_attribute_with_force("hidden", is_whole);
        if !is_whole && let Some(context) = cleared_context(&self.navigator) {
            let placement = Placement {
                viewport: navigator_viewport,
                camera: fit,
                corner: (0.0, 0.0),
                pixel_ratio: ratio,
            };
            self.first.draw_derivative(&context, &placement);
            let (corner, size) = viewport.visible_area(&camera);
            stroke_outline(&context, corner, size, 2.0 / fit.scale);
        }
        self.update_scale_bar();
        self.set_state(if is_sharp { "sharp" } else { "loading" });
    }

    fn set_state(&self, state: &str) {
        let _ = self.dialog.set_attribute("data-state", state);
    }
}

/// Clears a canvas, and returns its context.
fn cleared_context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    let context: CanvasRenderingContext2d = canvas.get_context("2d").ok()??.dyn_into().ok()?;
    let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
    context.clear_rect(0.0, 0.0, canvas.width().into(), canvas.height().into());
    Some(context)
}

fn set_property(context: &CanvasRenderingContext2d, name: &str, value: &str) {
    let _ = js_sys::Reflect::set(context, &JsValue::from_str(name), &JsValue::from_str(value));
}

/// Strokes a rectangle in white on black, so that it is visible on any background.
fn stroke_outline(context: &CanvasRenderingContext2d, corner: Point, size: Point, width: f64) {
    for (colour, width) in [("#000", width * 2.0), ("#fff", width)] {
        set_property(context, "strokeStyle", colour);
        context.set_line_width(width);
        context.stroke_rect(corner.0, corner.1, size.0, size.1);
    }
}
