//! The viewport and the camera of the deep-zoom view.

use super::number::clamp;

/// A point, vector or size. The x axis points to the right, and the y axis points down.
pub type Point = (f64, f64);

/// Maximum scale, in CSS pixels per pixel of the image.
const MAX_SCALE: f64 = 4.0;

/// The position and scale of a camera over an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Camera {
    /// The point of the image in the centre of the viewport, in pixels of the image.
    pub centre: Point,
    /// CSS pixels per pixel of the image.
    pub scale: f64,
}

/// A viewport that displays an image.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Viewport {
    /// Width and height of the viewport in CSS pixels.
    pub screen: Point,
    /// Width and height of the image in pixels.
    pub image: Point,
    /// Number of clockwise quarter turns of the image.
    pub quarter_turns: u8,
    /// `true` if the image is flipped horizontally, before it is rotated.
    pub is_mirrored: bool,
}

impl Viewport {
    /// Returns a viewport with an upright image. Widths and heights less than 1 are increased to 1.
    pub fn new(screen: Point, image: (u32, u32)) -> Viewport {
        let side = |length: f64| length.max(1.0);
        Viewport {
            screen: (side(screen.0), side(screen.1)),
            image: (side(f64::from(image.0)), side(f64::from(image.1))),
            quarter_turns: 0,
            is_mirrored: false,
        }
    }

    /// Returns the rows of the matrix that flips and rotates a vector in image coordinates.
    pub fn axes(&self) -> (Point, Point) {
        let flip = if self.is_mirrored { -1.0 } else { 1.0 };
        match self.quarter_turns % 4 {
            0 => ((flip, 0.0), (0.0, 1.0)),
            1 => ((0.0, -1.0), (flip, 0.0)),
            2 => ((-flip, 0.0), (0.0, -1.0)),
            _ => ((0.0, 1.0), (-flip, 0.0)),
        }
    }

    /// Converts a vector from image coordinates to screen coordinates, at scale 1.
    fn rotate(&self, (x, y): Point) -> Point {
        let (first, second) = self.axes();
        (first.0 * x + first.1 * y, second.0 * x + second.1 * y)
    }

    /// Converts a vector from screen coordinates to image coordinates, at scale 1.
    fn rotate_back(&self, (x, y): Point) -> Point {
        let (first, second) = self.axes();
        (first.0 * x + second.0 * y, first.1 * x + second.1 * y)
    }

    /// Returns the width and height of the rotated image, at scale 1.
    fn rotated_image_size(&self) -> Point {
        let (w, h) = self.rotate(self.image);
        (w.abs(), h.abs())
    }

    /// Returns the largest scale at which the whole image is visible.
    fn fit_scale(&self) -> f64 {
        let (w, h) = self.rotated_image_size();
        (self.screen.0 / w).min(self.screen.1 / h)
    }

    /// Returns the minimum and the maximum scale.
    pub fn scale_range(&self) -> (f64, f64) {
        let min = self.fit_scale();
        (min, min.max(MAX_SCALE))
    }

    /// Returns the camera that displays the whole image.
    pub fn fit(&self) -> Camera {
        Camera {
            centre: (self.image.0 / 2.0, self.image.1 / 2.0),
            scale: self.fit_scale(),
        }
    }

    /// Returns `true` if the whole image is visible.
    pub fn shows_whole_image(&self, camera: &Camera) -> bool {
        camera.scale <= self.fit_scale() * 1.001
    }

    /// Adapts a camera of the viewport `before` to this viewport. If the whole image was visible,
    /// it remains visible.
    pub fn adapt(&self, before: &Viewport, camera: Camera) -> Camera {
        if before.shows_whole_image(&camera) {
            self.fit()
        } else {
            self.constrain(camera)
        }
    }

    /// Converts a point from screen coordinates to image coordinates.
    pub fn screen_to_image(&self, camera: &Camera, point: Point) -> Point {
        let from_centre = (
            (point.0 - self.screen.0 / 2.0) / camera.scale,
            (point.1 - self.screen.1 / 2.0) / camera.scale,
        );
        let (x, y) = self.rotate_back(from_centre);
        (camera.centre.0 + x, camera.centre.1 + y)
    }

    /// Converts a point from image coordinates to screen coordinates.
    pub fn image_to_screen(&self, camera: &Camera, point: Point) -> Point {
        let (x, y) = self.rotate((point.0 - camera.centre.0, point.1 - camera.centre.1));
        (
            self.screen.0 / 2.0 + x * camera.scale,
            self.screen.1 / 2.0 + y * camera.scale,
        )
    }

    /// Returns the nearest camera that is within the range of scales and whose visible area does
    /// not extend beyond the edges of the image more than necessary.
    pub fn constrain(&self, camera: Camera) -> Camera {
        let (min, max) = self.scale_range();
        let fit = self.fit();
        let Camera { centre, scale } = camera;
        if !(scale.is_finite() && centre.0.is_finite() && centre.1.is_finite()) {
            return fit;
        }
        let scale = clamp(scale, min, max);
        // The visible lengths along the sides of the image.
        let (w, h) = self.rotate_back((self.screen.0 / scale, self.screen.1 / scale));
        let along = |centre: f64, visible: f64, length: f64| {
            let half = visible.abs() / 2.0;
            if half * 2.0 >= length {
                length / 2.0
            } else {
                clamp(centre, half, length - half)
            }
        };
        Camera {
            centre: (
                along(centre.0, w, self.image.0),
                along(centre.1, h, self.image.1),
            ),
            scale,
        }
    }

    /// Zooms by a factor. The point of the image that is displayed at `point` on the screen stays
    /// there, within the limits of [`Viewport::constrain`].
    pub fn zoom_by(&self, camera: &Camera, point: Point, factor: f64) -> Camera {
        let (min, max) = self.scale_range();
        let scale = clamp(camera.scale * factor, min, max);
        let anchor = self.screen_to_image(camera, point);
        let scaled = Camera { scale, ..*camera };
        let moved = self.screen_to_image(&scaled, point);
        self.constrain(Camera {
            centre: (
                camera.centre.0 + anchor.0 - moved.0,
                camera.centre.1 + anchor.1 - moved.1,
            ),
            scale,
        })
    }

    /// Moves the image by a vector in screen coordinates.
    pub fn pan_by(&self, camera: &Camera, by: Point) -> Camera {
        let (x, y) = self.rotate_back((by.0 / camera.scale, by.1 / camera.scale));
        self.constrain(Camera {
            centre: (camera.centre.0 - x, camera.centre.1 - y),
            ..*camera
        })
    }

    /// Returns the camera for which an area of the image fills the viewport. `corner` and `size`
    /// are in pixels of the image.
    pub fn fit_area(&self, corner: Point, size: Point) -> Camera {
        let (w, h) = self.rotate(size);
        let scale = (self.screen.0 / w.abs().max(1.0)).min(self.screen.1 / h.abs().max(1.0));
        self.constrain(Camera {
            centre: (corner.0 + size.0 / 2.0, corner.1 + size.1 / 2.0),
            scale,
        })
    }

    /// Returns the corner and size of the visible area, in pixels of the image.
    pub fn visible_area(&self, camera: &Camera) -> (Point, Point) {
        let one = self.screen_to_image(camera, (0.0, 0.0));
        let other = self.screen_to_image(camera, self.screen);
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

    /// A pseudorandom number generator (xorshift) with a fixed seed.
    pub(crate) struct Random(pub u64);

    impl Random {
        pub(crate) fn up_to(&mut self, max: f64) -> f64 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            (self.0 >> 11) as f64 / (1u64 << 53) as f64 * max
        }
    }

    fn is_near(a: Point, b: Point) -> bool {
        let is_close = |a: f64, b: f64| (a - b).abs() <= 1e-6 * (1.0 + a.abs().max(b.abs()));
        is_close(a.0, b.0) && is_close(a.1, b.1)
    }

    pub(crate) fn random_viewport(random: &mut Random) -> Viewport {
        let mut viewport = Viewport::new(
            (random.up_to(3_000.0), random.up_to(2_000.0)),
            (random.up_to(30_000.0) as u32, random.up_to(30_000.0) as u32),
        );
        viewport.quarter_turns = random.up_to(4.0) as u8;
        viewport.is_mirrored = random.up_to(1.0) < 0.5;
        viewport
    }

    pub(crate) fn random_camera(viewport: &Viewport, random: &mut Random) -> Camera {
        let (min, max) = viewport.scale_range();
        viewport.constrain(Camera {
            centre: (
                random.up_to(viewport.image.0),
                random.up_to(viewport.image.1),
            ),
            scale: min + random.up_to(max - min),
        })
    }

    #[test]
    fn points_round_trip_and_zooming_keeps_the_point_under_the_pointer() {
        let mut random = Random(7);
        for _ in 0..2_000 {
            let viewport = random_viewport(&mut random);
            let camera = random_camera(&viewport, &mut random);
            let point = (
                random.up_to(viewport.screen.0),
                random.up_to(viewport.screen.1),
            );
            let anchor = viewport.screen_to_image(&camera, point);
            assert!(is_near(viewport.image_to_screen(&camera, anchor), point));

            let closer = viewport.zoom_by(&camera, point, 1.0 + random.up_to(3.0));
            assert!(closer.scale >= camera.scale);
            // The constraints may move a point of the image, but it stays visible when zooming in.
            let (corner, size) = viewport.visible_area(&closer);
            let moved = viewport.image_to_screen(&closer, anchor);
            let is_inside =
                |at: f64, from: f64, length: f64| at > from - 1e-6 && at < from + length + 1e-6;
            assert!(
                !is_inside(anchor.0, 0.0, viewport.image.0)
                    || !is_inside(anchor.1, 0.0, viewport.image.1)
                    || (is_inside(anchor.0, corner.0, size.0)
                        && is_inside(anchor.1, corner.1, size.1)),
                "{moved:?} left the screen"
            );
        }
    }

    #[test]
    fn constrained_cameras_show_no_more_background_than_necessary() {
        let mut random = Random(11);
        for _ in 0..2_000 {
            let viewport = random_viewport(&mut random);
            let camera = Camera {
                centre: (
                    random.up_to(90_000.0) - 30_000.0,
                    random.up_to(90_000.0) - 30_000.0,
                ),
                scale: random.up_to(9.0),
            };
            let constrained = viewport.constrain(camera);
            assert_eq!(viewport.constrain(constrained), constrained, "idempotent");
            let one = viewport.image_to_screen(&constrained, (0.0, 0.0));
            let other = viewport.image_to_screen(&constrained, viewport.image);
            for (a, b, length) in [
                (one.0, other.0, viewport.screen.0),
                (one.1, other.1, viewport.screen.1),
            ] {
                let (from, to) = (a.min(b), a.max(b));
                let fills_screen = to - from >= length - 1e-6;
                if fills_screen {
                    assert!(from <= 1e-6 && to >= length - 1e-6, "{from} {to} {length}");
                } else {
                    assert!((from + to - length).abs() < 1e-6, "centred");
                }
            }
        }
        let viewport = Viewport::new((100.0, 100.0), (10, 10));
        for number in [f64::NAN, f64::INFINITY] {
            let camera = Camera {
                centre: (number, 1.0),
                scale: 1.0,
            };
            assert_eq!(viewport.constrain(camera), viewport.fit());
        }
    }

    #[test]
    fn fit_area_fills_the_viewport_with_the_area() {
        let viewport = Viewport::new((800.0, 400.0), (8_000, 6_000));
        let camera = viewport.fit_area((1_000.0, 2_000.0), (1_600.0, 800.0));
        assert_eq!(camera.scale, 0.5);
        assert_eq!(
            viewport.visible_area(&camera),
            ((1_000.0, 2_000.0), (1_600.0, 800.0))
        );
        let turned = Viewport {
            quarter_turns: 1,
            ..viewport
        };
        let (_, size) = turned.visible_area(&turned.fit_area((1_000.0, 2_000.0), (800.0, 1_600.0)));
        assert_eq!(size, (800.0, 1_600.0), "rotated");
    }

    #[test]
    fn panning_follows_the_pointer_in_any_rotation() {
        let mut random = Random(23);
        for _ in 0..500 {
            let mut viewport = random_viewport(&mut random);
            viewport.image = (20_000.0, 20_000.0);
            let camera = viewport.constrain(Camera {
                centre: (10_000.0, 10_000.0),
                scale: 2.0,
            });
            let grabbed = viewport.screen_to_image(&camera, (50.0, 60.0));
            let panned = viewport.pan_by(&camera, (30.0, -20.0));
            assert!(is_near(
                viewport.image_to_screen(&panned, grabbed),
                (80.0, 40.0)
            ));
        }
    }

    #[test]
    fn a_whole_image_stays_whole_when_the_viewport_is_resized() {
        let viewport = Viewport::new((300.0, 900.0), (6_000, 3_000));
        let other = Viewport {
            screen: (1_200.0, 900.0),
            ..viewport
        };
        assert!(viewport.shows_whole_image(&viewport.fit()));
        assert_eq!(other.adapt(&viewport, viewport.fit()), other.fit());
        let closer = viewport.zoom_by(&viewport.fit(), (0.0, 0.0), 8.0);
        assert!(!viewport.shows_whole_image(&closer));
        assert_eq!(other.adapt(&viewport, closer).scale, closer.scale);
    }

    #[test]
    fn fit_displays_the_whole_image() {
        let viewport = Viewport::new((300.0, 900.0), (6_000, 3_000));
        assert_eq!(viewport.fit().scale, 0.05);
        let turned = Viewport {
            quarter_turns: 3,
            ..viewport
        };
        assert_eq!(turned.fit().scale, 0.1);
        assert_eq!(
            Viewport::new((0.0, 0.0), (0, 0)).fit().scale,
            1.0,
            "sides of length 0"
        );
    }
}
