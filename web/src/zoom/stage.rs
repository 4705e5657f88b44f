//! Where the reader looks.

use super::number::clamp;

/// A point or a distance: to the right, and down.
pub type Point = (f64, f64);

/// So many pixels of the screen may show one pixel of an image.
const MOST: f64 = 4.0;

/// What of an image is on the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    /// The point of the image in the middle of the screen, in pixels of the image.
    pub middle: Point,
    /// CSS pixels of the screen for each pixel of the image.
    pub scale: f64,
}

/// A screen and the image on it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stage {
    /// Width and height of the screen in CSS pixels.
    pub screen: Point,
    /// Width and height of the image in its own pixels.
    pub image: Point,
    /// Quarter turns clockwise.
    pub turns: u8,
    /// Whether it is mirrored, before it is turned.
    pub mirrored: bool,
}

impl Stage {
    /// The image upright on a screen. Neither has a side of nothing.
    pub fn new(screen: Point, image: (u32, u32)) -> Stage {
        let side = |length: f64| length.max(1.0);
        Stage {
            screen: (side(screen.0), side(screen.1)),
            image: (side(f64::from(image.0)), side(f64::from(image.1))),
            turns: 0,
            mirrored: false,
        }
    }

    /// A distance in the image, as it lies on the screen: the first row and the second of a matrix.
    pub fn axes(&self) -> (Point, Point) {
        let flip = if self.mirrored { -1.0 } else { 1.0 };
        match self.turns % 4 {
            0 => ((flip, 0.0), (0.0, 1.0)),
            1 => ((0.0, -1.0), (flip, 0.0)),
            2 => ((-flip, 0.0), (0.0, -1.0)),
            _ => ((0.0, 1.0), (-flip, 0.0)),
        }
    }

    /// From a distance in the image to one on the screen, at a scale of 1.
    fn turn(&self, (x, y): Point) -> Point {
        let (first, second) = self.axes();
        (first.0 * x + first.1 * y, second.0 * x + second.1 * y)
    }

    /// The other way round.
    fn back(&self, (x, y): Point) -> Point {
        let (first, second) = self.axes();
        (first.0 * x + second.0 * y, first.1 * x + second.1 * y)
    }

    /// Width and height of the image as it lies on the screen, at a scale of 1.
    fn lying(&self) -> Point {
        let (w, h) = self.turn(self.image);
        (w.abs(), h.abs())
    }

    /// The scale at which all of the image is seen, as large as it can be.
    fn whole(&self) -> f64 {
        let (w, h) = self.lying();
        (self.screen.0 / w).min(self.screen.1 / h)
    }

    /// The least and the greatest scale.
    pub fn scales(&self) -> (f64, f64) {
        let whole = self.whole();
        (whole, whole.max(MOST))
    }

    /// The whole image.
    pub fn fit(&self) -> View {
        View {
            middle: (self.image.0 / 2.0, self.image.1 / 2.0),
            scale: self.whole(),
        }
    }

    /// Whether a view shows all of the image.
    pub fn is_whole(&self, view: &View) -> bool {
        view.scale <= self.whole() * 1.001
    }

    /// The nearest view once the stage is another: all of the image where all of it was seen.
    pub fn after(&self, before: &Stage, view: View) -> View {
        if before.is_whole(&view) {
            self.fit()
        } else {
            self.held(view)
        }
    }

    /// The point of the image at a point of the screen.
    pub fn image_at(&self, view: &View, point: Point) -> Point {
        let from_middle = (
            (point.0 - self.screen.0 / 2.0) / view.scale,
            (point.1 - self.screen.1 / 2.0) / view.scale,
        );
        let (x, y) = self.back(from_middle);
        (view.middle.0 + x, view.middle.1 + y)
    }

    /// The point of the screen at a point of the image.
    pub fn screen_at(&self, view: &View, point: Point) -> Point {
        let (x, y) = self.turn((point.0 - view.middle.0, point.1 - view.middle.1));
        (
            self.screen.0 / 2.0 + x * view.scale,
            self.screen.1 / 2.0 + y * view.scale,
        )
    }

    /// The nearest view in which no more of the screen is empty than must be.
    pub fn held(&self, view: View) -> View {
        let (least, most) = self.scales();
        let fit = self.fit();
        if !(view.scale.is_finite() && view.middle.0.is_finite() && view.middle.1.is_finite()) {
            return fit;
        }
        let scale = clamp(view.scale, least, most);
        // How much of the image is on the screen, along the sides of the image.
        let (w, h) = self.back((self.screen.0 / scale, self.screen.1 / scale));
        let along = |middle: f64, seen: f64, length: f64| {
            let half = seen.abs() / 2.0;
            if half * 2.0 >= length {
                length / 2.0
            } else {
                clamp(middle, half, length - half)
            }
        };
        View {
            middle: (
                along(view.middle.0, w, self.image.0),
                along(view.middle.1, h, self.image.1),
            ),
            scale,
        }
    }

    /// Closer by a factor; what is at `point` of the screen stays there, where it can.
    pub fn closer(&self, view: &View, point: Point, factor: f64) -> View {
        let (least, most) = self.scales();
        let scale = clamp(view.scale * factor, least, most);
        let kept = self.image_at(view, point);
        let under = View { scale, ..*view };
        let now = self.image_at(&under, point);
        self.held(View {
            middle: (
                view.middle.0 + kept.0 - now.0,
                view.middle.1 + kept.1 - now.1,
            ),
            scale,
        })
    }

    /// Moved by a distance on the screen, as if the image was dragged by it.
    pub fn dragged(&self, view: &View, by: Point) -> View {
        let (x, y) = self.back((by.0 / view.scale, by.1 / view.scale));
        self.held(View {
            middle: (view.middle.0 - x, view.middle.1 - y),
            ..*view
        })
    }

    /// The view in which a part of the image fills the screen; `corner` and `size` in pixels of the
    /// image.
    pub fn on(&self, corner: Point, size: Point) -> View {
        let (w, h) = self.turn(size);
        let scale = (self.screen.0 / w.abs().max(1.0)).min(self.screen.1 / h.abs().max(1.0));
        self.held(View {
            middle: (corner.0 + size.0 / 2.0, corner.1 + size.1 / 2.0),
            scale,
        })
    }

    /// The part of the image that is on the screen: its corner and its size, within the image.
    pub fn seen(&self, view: &View) -> (Point, Point) {
        let one = self.image_at(view, (0.0, 0.0));
        let other = self.image_at(view, self.screen);
        let along = |a: f64, b: f64, length: f64| {
            let from = clamp(a.min(b), 0.0, length);
            (from, clamp(a.max(b), 0.0, length) - from)
        };
        let (x, w) = along(one.0, other.0, self.image.0);
        let (y, h) = along(one.1, other.1, self.image.1);
        ((x, y), (w, h))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Numbers that look random and are the same each time.
    pub(crate) struct Chance(pub u64);

    impl Chance {
        pub(crate) fn up_to(&mut self, most: f64) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as f64 / (1u64 << 53) as f64 * most
        }
    }

    fn near(a: Point, b: Point) -> bool {
        let off = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()));
        off(a.0, b.0) && off(a.1, b.1)
    }

    pub(crate) fn stage(chance: &mut Chance) -> Stage {
        let mut stage = Stage::new(
            (chance.up_to(3_000.0), chance.up_to(2_000.0)),
            (chance.up_to(30_000.0) as u32, chance.up_to(30_000.0) as u32),
        );
        stage.turns = chance.up_to(4.0) as u8;
        stage.mirrored = chance.up_to(1.0) < 0.5;
        stage
    }

    pub(crate) fn view(stage: &Stage, chance: &mut Chance) -> View {
        let (least, most) = stage.scales();
        stage.held(View {
            middle: (chance.up_to(stage.image.0), chance.up_to(stage.image.1)),
            scale: least + chance.up_to(most - least),
        })
    }

    #[test]
    fn a_point_comes_back_from_the_screen_and_stays_under_the_pointer() {
        let mut chance = Chance(7);
        for _ in 0..2_000 {
            let stage = stage(&mut chance);
            let view = view(&stage, &mut chance);
            let point = (chance.up_to(stage.screen.0), chance.up_to(stage.screen.1));
            let there = stage.image_at(&view, point);
            assert!(near(stage.screen_at(&view, there), point));

            let closer = stage.closer(&view, point, 1.0 + chance.up_to(3.0));
            assert!(closer.scale >= view.scale);
            // The edge of the image may hold it back, but never on a way closer from within.
            let (corner, size) = stage.seen(&closer);
            let moved = stage.screen_at(&closer, there);
            let inside =
                |at: f64, from: f64, length: f64| at > from - 1e-6 && at < from + length + 1e-6;
            assert!(
                !inside(there.0, 0.0, stage.image.0)
                    || !inside(there.1, 0.0, stage.image.1)
                    || (inside(there.0, corner.0, size.0) && inside(there.1, corner.1, size.1)),
                "{moved:?} left the screen"
            );
        }
    }

    #[test]
    fn no_more_is_empty_than_must_be() {
        let mut chance = Chance(11);
        for _ in 0..2_000 {
            let stage = stage(&mut chance);
            let view = View {
                middle: (
                    chance.up_to(90_000.0) - 30_000.0,
                    chance.up_to(90_000.0) - 30_000.0,
                ),
                scale: chance.up_to(9.0),
            };
            let held = stage.held(view);
            assert_eq!(stage.held(held), held, "held once is held");
            let one = stage.screen_at(&held, (0.0, 0.0));
            let other = stage.screen_at(&held, stage.image);
            for (a, b, length) in [
                (one.0, other.0, stage.screen.0),
                (one.1, other.1, stage.screen.1),
            ] {
                let (from, to) = (a.min(b), a.max(b));
                let wide = to - from >= length - 1e-6;
                if wide {
                    assert!(from <= 1e-6 && to >= length - 1e-6, "{from} {to} {length}");
                } else {
                    assert!((from + to - length).abs() < 1e-6, "in the middle");
                }
            }
        }
        let stage = Stage::new((100.0, 100.0), (10, 10));
        for odd in [f64::NAN, f64::INFINITY] {
            let view = View {
                middle: (odd, 1.0),
                scale: 1.0,
            };
            assert_eq!(stage.held(view), stage.fit());
        }
    }

    #[test]
    fn a_part_fills_the_screen_and_is_what_is_seen() {
        let stage = Stage::new((800.0, 400.0), (8_000, 6_000));
        let view = stage.on((1_000.0, 2_000.0), (1_600.0, 800.0));
        assert_eq!(view.scale, 0.5);
        assert_eq!(stage.seen(&view), ((1_000.0, 2_000.0), (1_600.0, 800.0)));
        let turned = Stage { turns: 1, ..stage };
        let (_, size) = turned.seen(&turned.on((1_000.0, 2_000.0), (800.0, 1_600.0)));
        assert_eq!(size, (800.0, 1_600.0), "it lies on its side");
    }

    #[test]
    fn dragging_follows_the_hand_however_the_image_lies() {
        let mut chance = Chance(23);
        for _ in 0..500 {
            let mut stage = stage(&mut chance);
            stage.image = (20_000.0, 20_000.0);
            let view = stage.held(View {
                middle: (10_000.0, 10_000.0),
                scale: 2.0,
            });
            let grabbed = stage.image_at(&view, (50.0, 60.0));
            let dragged = stage.dragged(&view, (30.0, -20.0));
            assert!(near(stage.screen_at(&dragged, grabbed), (80.0, 40.0)));
        }
    }

    #[test]
    fn what_is_whole_stays_whole_on_another_screen() {
        let stage = Stage::new((300.0, 900.0), (6_000, 3_000));
        let other = Stage {
            screen: (1_200.0, 900.0),
            ..stage
        };
        assert!(stage.is_whole(&stage.fit()));
        assert_eq!(other.after(&stage, stage.fit()), other.fit());
        let closer = stage.closer(&stage.fit(), (0.0, 0.0), 8.0);
        assert!(!stage.is_whole(&closer));
        assert_eq!(other.after(&stage, closer).scale, closer.scale);
    }

    #[test]
    fn the_whole_image_is_seen_first() {
        let stage = Stage::new((300.0, 900.0), (6_000, 3_000));
        assert_eq!(stage.fit().scale, 0.05);
        let turned = Stage { turns: 3, ..stage };
        assert_eq!(turned.fit().scale, 0.1);
        assert_eq!(
            Stage::new((0.0, 0.0), (0, 0)).fit().scale,
            1.0,
            "sides of nothing"
        );
    }
}
