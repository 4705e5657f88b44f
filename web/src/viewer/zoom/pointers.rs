//! Pointer gestures: dragging, flinging, pinching, and selecting an area.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::PointerEvent;

use super::ZoomDialog;
use crate::zoom::viewport::{Camera, Point, Viewport};

/// Time for which a fling continues at the speed of the pointer, in milliseconds.
const FLING_MS: f64 = 160.0;
/// Minimum speed of a fling, in pixels per millisecond.
const MIN_FLING_SPEED: f64 = 0.1;
/// Maximum time between the last movement of the pointer and the release that starts a fling, in
/// milliseconds.
const MAX_REST_MS: f64 = 60.0;
/// Minimum width and height of a selection, in pixels.
const MIN_SELECTION: f64 = 8.0;

/// The state of the pointers that are down.
#[derive(Default)]
pub struct Pointers {
    /// Identifiers and positions of the pointers.
    down: Vec<(i32, Point)>,
    /// Smoothed speed, in pixels per millisecond.
    speed: Point,
    /// Time of the last event, in milliseconds.
    last_event: f64,
    /// The corner of the pane in which the first pointer went down. Positions are relative to it.
    pub corner: Point,
    /// Start and end of the selection.
    pub selection: Option<(Point, Point)>,
}

/// Returns the centroid of the pointers, and their mean distance from it.
fn spread(down: &[(i32, Point)]) -> (Point, f64) {
    let count = down.len().max(1) as f64;
    let sum = down
        .iter()
        .fold((0.0, 0.0), |sum, (_, at)| (sum.0 + at.0, sum.1 + at.1));
    let centroid = (sum.0 / count, sum.1 / count);
    let distances = down
        .iter()
        .map(|(_, at)| (at.0 - centroid.0).hypot(at.1 - centroid.1));
    (centroid, distances.sum::<f64>() / count)
}

impl ZoomDialog {
    pub(super) fn on_pointer(self: &Rc<Self>, event: &PointerEvent, kind: &str) {
        let mut point = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let id = event.pointer_id();
        if kind == "pointerdown" {
            let is_on_canvas = event
                .target()
                .is_some_and(|target| target.dyn_ref() == Some(&self.canvas));
            if event
                .target()
                .is_some_and(|target| target.dyn_ref() == Some(&self.navigator))
            {
                self.centre_on(point);
            }
            if !is_on_canvas || event.button() != 0 {
                return;
            }
            let _ = self.canvas.set_pointer_capture(id);
            let mut pointers = self.pointers.borrow_mut();
            pointers.down.retain(|(other, _)| *other != id);
            if pointers.down.is_empty() {
                pointers.corner = self.panes.get().corner_at(point);
            }
            point = (point.0 - pointers.corner.0, point.1 - pointers.corner.1);
            pointers.down.push((id, point));
            (pointers.speed, pointers.last_event) = ((0.0, 0.0), event.time_stamp());
            let is_selection = event.shift_key() && pointers.down.len() == 1;
            pointers.selection = is_selection.then_some((point, point));
            drop(pointers);
            self.motion.set(None);
            return;
        }
        let is_down = {
            let pointers = self.pointers.borrow();
            pointers.down.iter().any(|(other, _)| *other == id)
        };
        if !is_down {
            return;
        }
        let corner = self.pointers.borrow().corner;
        point = (point.0 - corner.0, point.1 - corner.1);
        if kind == "pointermove" {
            self.on_drag(id, point, event.time_stamp());
            return;
        }
        let mut pointers = self.pointers.borrow_mut();
        pointers.down.retain(|(other, _)| *other != id);
        let selection = pointers.selection.take();
        let is_fling = pointers.down.is_empty()
            && event.time_stamp() - pointers.last_event < MAX_REST_MS
            && pointers.speed.0.hypot(pointers.speed.1) > MIN_FLING_SPEED;
        let fling = (pointers.speed.0 * FLING_MS, pointers.speed.1 * FLING_MS);
        drop(pointers);
        let (viewport, camera) = (self.viewport.get(), self.camera.get());
        if let Some((from, to)) = selection {
            let size = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
            if kind == "pointerup" && size.0 > MIN_SELECTION && size.1 > MIN_SELECTION {
                let a = viewport.screen_to_image(&camera, from);
                let b = viewport.screen_to_image(&camera, to);
                let corner = (a.0.min(b.0), a.1.min(b.1));
                let size = ((a.0 - b.0).abs(), (a.1 - b.1).abs());
                self.animate_to(viewport.fit_area(corner, size));
            }
            self.request_redraw();
        } else if is_fling {
            self.animate_to(viewport.pan_by(&camera, fling));
        } else {
            self.settle();
        }
    }

    fn on_drag(self: &Rc<Self>, id: i32, point: Point, now: f64) {
        let mut pointers = self.pointers.borrow_mut();
        if let Some((from, _)) = pointers.selection {
            pointers.selection = Some((from, point));
            drop(pointers);
            self.request_redraw();
            return;
        }
        let (old_centroid, old_distance) = spread(&pointers.down);
        for (other, position) in &mut pointers.down {
            if *other == id {
                *position = point;
            }
        }
        let (centroid, distance) = spread(&pointers.down);
        let by = (centroid.0 - old_centroid.0, centroid.1 - old_centroid.1);
        let elapsed = (now - pointers.last_event).max(1.0);
        // A moving average, because fingers tremble.
        let smooth = |old: f64, by: f64| 0.5 * old + 0.5 * by / elapsed;
        pointers.speed = (
            smooth(pointers.speed.0, by.0),
            smooth(pointers.speed.1, by.1),
        );
        pointers.last_event = now;
        let is_pinch = pointers.down.len() > 1 && old_distance > 1.0;
        drop(pointers);
        let viewport = self.viewport.get();
        let mut camera = viewport.pan_by(&self.camera.get(), by);
        if is_pinch {
            camera = viewport.zoom_by(&camera, centroid, distance / old_distance);
        }
        self.camera.set(camera);
        self.motion.set(None);
        self.request_content();
        self.request_redraw();
    }

    /// Centres the view on a point of the navigator.
    fn centre_on(self: &Rc<Self>, point: Point) {
        let viewport = self.viewport.get();
        let navigator = self.navigator_viewport();
        let centre = navigator.screen_to_image(&navigator.fit(), point);
        let camera = self.target_camera();
        self.animate_to(viewport.constrain(Camera { centre, ..camera }));
    }

    /// Returns the viewport of the navigator.
    pub(super) fn navigator_viewport(&self) -> Viewport {
        let side = |length: i32| f64::from(length).max(1.0);
        Viewport {
            screen: (
                side(self.navigator.client_width()),
                side(self.navigator.client_height()),
            ),
            ..self.viewport.get()
        }
    }
}
