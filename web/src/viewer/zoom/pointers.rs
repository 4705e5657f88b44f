//! What the reader's fingers and the pointer do: drag, throw, pinch, and draw a box.

use std::rc::Rc;

use wasm_bindgen::JsCast;
use web_sys::PointerEvent;

use super::Zoom;
use crate::zoom::stage::{Point, Stage};

/// How long what was thrown flies on at the speed it had, in milliseconds.
const FLIGHT: f64 = 160.0;
/// Slower than this, in pixels a millisecond, it is not thrown.
const SLOW: f64 = 0.1;
/// A finger that rested so long before it was lifted throws nothing, in milliseconds.
const REST: f64 = 60.0;
/// A box smaller than this was no box, in pixels.
const SMALLEST: f64 = 8.0;

#[derive(Default)]
pub struct Hands {
    /// Each finger or pointer that is down, and where it is.
    down: Vec<(i32, Point)>,
    /// How fast it moves, in pixels a millisecond, and when that was measured.
    speed: Point,
    at: f64,
    /// The corner of the part of the screen in which the first of them went down: their points are within
    /// it.
    pub corner: Point,
    /// Where a box was begun, and where it ends now.
    pub boxed: Option<(Point, Point)>,
}

/// The middle between the fingers, and how far they are from it.
fn spread(down: &[(i32, Point)]) -> (Point, f64) {
    let count = down.len().max(1) as f64;
    let sum = down
        .iter()
        .fold((0.0, 0.0), |sum, (_, at)| (sum.0 + at.0, sum.1 + at.1));
    let middle = (sum.0 / count, sum.1 / count);
    let away = down
        .iter()
        .map(|(_, at)| (at.0 - middle.0).hypot(at.1 - middle.1));
    (middle, away.sum::<f64>() / count)
}

impl Zoom {
    pub(super) fn pointer(self: &Rc<Self>, event: &PointerEvent, kind: &str) {
        let mut point = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let id = event.pointer_id();
        if kind == "pointerdown" {
            let on_canvas = event
                .target()
                .is_some_and(|at| at.dyn_ref() == Some(&self.canvas));
            if event
                .target()
                .is_some_and(|at| at.dyn_ref() == Some(&self.navigator))
            {
                self.look_at(point);
            }
            if !on_canvas || event.button() != 0 {
                return;
            }
            let _ = self.canvas.set_pointer_capture(id);
            let mut hands = self.hands.borrow_mut();
            hands.down.retain(|(own, _)| *own != id);
            if hands.down.is_empty() {
                hands.corner = self.places.get().corner_at(point);
            }
            point = (point.0 - hands.corner.0, point.1 - hands.corner.1);
            hands.down.push((id, point));
            (hands.speed, hands.at) = ((0.0, 0.0), event.time_stamp());
            hands.boxed = (event.shift_key() && hands.down.len() == 1).then_some((point, point));
            drop(hands);
            // A hand on it stops it.
            self.motion.set(None);
            return;
        }
        let held = self.hands.borrow().down.iter().any(|(own, _)| *own == id);
        if !held {
            return;
        }
        let corner = self.hands.borrow().corner;
        point = (point.0 - corner.0, point.1 - corner.1);
        if kind == "pointermove" {
            self.drag(id, point, event.time_stamp());
            return;
        }
        let mut hands = self.hands.borrow_mut();
        hands.down.retain(|(own, _)| *own != id);
        let boxed = hands.boxed.take();
        let thrown = hands.down.is_empty()
            && event.time_stamp() - hands.at < REST
            && hands.speed.0.hypot(hands.speed.1) > SLOW;
        let by = (hands.speed.0 * FLIGHT, hands.speed.1 * FLIGHT);
        drop(hands);
        let (stage, view) = (self.stage.get(), self.view.get());
        if let Some((from, to)) = boxed {
            let size = ((from.0 - to.0).abs(), (from.1 - to.1).abs());
            if kind == "pointerup" && size.0 > SMALLEST && size.1 > SMALLEST {
                let (a, b) = (stage.image_at(&view, from), stage.image_at(&view, to));
                let corner = (a.0.min(b.0), a.1.min(b.1));
                self.go(stage.on(corner, ((a.0 - b.0).abs(), (a.1 - b.1).abs())));
            }
            self.redraw();
        } else if thrown {
            self.go(stage.dragged(&view, by));
        } else {
            self.arrived();
        }
    }

    fn drag(self: &Rc<Self>, id: i32, point: Point, now: f64) {
        let mut hands = self.hands.borrow_mut();
        if let Some((from, _)) = hands.boxed {
            hands.boxed = Some((from, point));
            drop(hands);
            self.redraw();
            return;
        }
        let (middle, away) = spread(&hands.down);
        for own in &mut hands.down {
            if own.0 == id {
                own.1 = point;
            }
        }
        let (to, apart) = spread(&hands.down);
        let by = (to.0 - middle.0, to.1 - middle.1);
        let passed = (now - hands.at).max(1.0);
        // Half of it is what it was: fingers tremble.
        let mean = |old: f64, by: f64| 0.5 * old + 0.5 * by / passed;
        hands.speed = (mean(hands.speed.0, by.0), mean(hands.speed.1, by.1));
        hands.at = now;
        let pinched = hands.down.len() > 1 && away > 1.0;
        drop(hands);
        let stage = self.stage.get();
        let mut view = stage.dragged(&self.view.get(), by);
        if pinched {
            view = stage.closer(&view, to, apart / away);
        }
        self.view.set(view);
        self.motion.set(None);
        self.want();
        self.redraw();
    }

    /// A point of the small picture comes to the middle.
    fn look_at(self: &Rc<Self>, point: Point) {
        let stage = self.stage.get();
        let small = self.small();
        let middle = small.image_at(&small.fit(), point);
        let view = self.aim();
        self.go(stage.held(crate::zoom::stage::View { middle, ..view }));
    }

    /// The stage of the small picture.
    pub(super) fn small(&self) -> Stage {
        let side = |length: i32| f64::from(length).max(1.0);
        Stage {
            screen: (
                side(self.navigator.client_width()),
                side(self.navigator.client_height()),
            ),
            ..self.stage.get()
        }
    }
}
