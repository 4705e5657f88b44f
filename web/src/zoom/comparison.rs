//! The comparison of two images: the panes of the screen, and the synchronisation of the second
//! image.

use super::viewport::{Camera, Point, Viewport};

/// A way of comparing two images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Each image occupies half of the screen.
    SideBySide,
    /// The second image is drawn over the first one, with an opacity in per cent.
    Overlay(u8),
}

/// The panes of the screen in which two images are displayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Panes {
    /// Width and height of each pane.
    pub size: Point,
    /// Upper left corners of the pane of the first image and of that of the second.
    pub corners: [Point; 2],
}

impl Panes {
    /// Returns one pane for both images.
    pub fn single(screen: Point) -> Panes {
        Panes {
            size: screen,
            corners: [(0.0, 0.0); 2],
        }
    }

    /// Splits the screen into halves: side by side in reading direction, or one below the other on
    /// a screen that is taller than it is wide.
    pub fn split(screen: Point, is_rtl: bool) -> Panes {
        let (w, h) = screen;
        if h > w {
            return Panes {
                size: (w, h / 2.0),
                corners: [(0.0, 0.0), (0.0, h / 2.0)],
            };
        }
        let half = w / 2.0;
        let mut corners = [(0.0, 0.0), (half, 0.0)];
        if is_rtl {
            corners.reverse();
        }
        Panes {
            size: (half, h),
            corners,
        }
    }

    /// Returns the upper left corner of the pane that contains a point on the screen.
    pub fn corner_at(&self, point: Point) -> Point {
        let contains_point = |(x, y): Point| {
            (x..=x + self.size.0).contains(&point.0) && (y..=y + self.size.1).contains(&point.1)
        };
        let [first, second] = self.corners;
        if !contains_point(first) && contains_point(second) {
            second
        } else {
            first
        }
    }
}

/// Returns the viewport and camera of a second image that follows the first one.
///
/// The second image is displayed at the same width as the first and with the same centre, so that
/// scans of the same object at different resolutions show the same area.
pub fn synchronise(viewport: &Viewport, camera: &Camera, image: (u32, u32)) -> (Viewport, Camera) {
    let second = Viewport {
        image: Viewport::new(viewport.screen, image).image,
        ..*viewport
    };
    let ratio = second.image.0 / viewport.image.0;
    let along = |at: f64, length: f64, second: f64| second / 2.0 + (at - length / 2.0) * ratio;
    let camera = Camera {
        centre: (
            along(camera.centre.0, viewport.image.0, second.image.0),
            along(camera.centre.1, viewport.image.1, second.image.1),
        ),
        scale: camera.scale / ratio,
    };
    (second, camera)
}

#[cfg(test)]
mod tests {
    use super::super::viewport::tests::{Random, random_camera, random_viewport};
    use super::*;

    #[test]
    fn scans_of_different_resolution_are_aligned() {
        let mut random = Random(53);
        for _ in 0..500 {
            let mut viewport = random_viewport(&mut random);
            viewport.image = (4_000.0, 3_000.0);
            let camera = random_camera(&viewport, &mut random);
            let (second, second_camera) = synchronise(&viewport, &camera, (8_000, 6_000));
            let point = (random.up_to(4_000.0), random.up_to(3_000.0));
            let (x, y) = viewport.image_to_screen(&camera, point);
            let (a, b) = second.image_to_screen(&second_camera, (point.0 * 2.0, point.1 * 2.0));
            assert!((x - a).abs() < 1e-6 && (y - b).abs() < 1e-6);
        }
    }

    #[test]
    fn an_image_of_another_aspect_ratio_is_not_distorted() {
        let viewport = Viewport::new((800.0, 600.0), (1_000, 1_000));
        let (second, camera) = synchronise(&viewport, &viewport.fit(), (500, 900));
        assert_eq!(camera.scale, viewport.fit().scale * 2.0);
        assert_eq!(camera.centre, (250.0, 450.0));
        assert_eq!(second.image, (500.0, 900.0));
    }

    #[test]
    fn the_first_image_is_first_in_reading_direction() {
        let screen = (1_000.0, 600.0);
        let english = Panes::split(screen, false);
        assert_eq!(english.corners, [(0.0, 0.0), (500.0, 0.0)]);
        assert_eq!(english.size, (500.0, 600.0));
        let arabic = Panes::split(screen, true);
        assert_eq!(arabic.corners, [(500.0, 0.0), (0.0, 0.0)]);
        assert_eq!(arabic.corner_at((10.0, 10.0)), (0.0, 0.0));
        assert_eq!(arabic.corner_at((510.0, 10.0)), (500.0, 0.0));
        let narrow = Panes::split((320.0, 640.0), true);
        assert_eq!(narrow.corners, [(0.0, 0.0), (0.0, 320.0)]);
        assert_eq!(narrow.corner_at((300.0, 400.0)), (0.0, 320.0));
        assert_eq!(Panes::single(screen).corner_at((900.0, 9.0)), (0.0, 0.0));
    }
}
