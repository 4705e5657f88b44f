//! Two images that are compared: where each is on the screen, and how the second follows the first.

use super::stage::{Point, Stage, View};

/// How two images are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pairing {
    /// Each has half of the screen.
    Beside,
    /// The second lies over the first, and so many hundredths of it are seen.
    Over(u8),
}

/// Where two images are on a screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Places {
    /// Width and height of the part that each has.
    pub size: Point,
    /// The upper left corners of the first image's part and of the second's.
    pub corners: [Point; 2],
}

impl Places {
    /// The places of one image alone, or of one over the other.
    pub fn one(screen: Point) -> Places {
        Places {
            size: screen,
            corners: [(0.0, 0.0); 2],
        }
    }

    /// The halves of a screen: beside each other, the first where reading begins, and below each other
    /// where the screen is higher than wide.
    pub fn halves(screen: Point, right_to_left: bool) -> Places {
        let (w, h) = screen;
        if h > w {
            return Places {
                size: (w, h / 2.0),
                corners: [(0.0, 0.0), (0.0, h / 2.0)],
            };
        }
        let half = w / 2.0;
        let mut corners = [(0.0, 0.0), (half, 0.0)];
        if right_to_left {
            corners.reverse();
        }
        Places {
            size: (half, h),
            corners,
        }
    }

    /// The corner of the part in which a point of the screen is.
    pub fn corner_at(&self, point: Point) -> Point {
        let within = |(x, y): Point| {
            (x..=x + self.size.0).contains(&point.0) && (y..=y + self.size.1).contains(&point.1)
        };
        let [first, second] = self.corners;
        if !within(first) && within(second) {
            second
        } else {
            first
        }
    }
}

/// The second image on a stage like that of the first, and its view: as wide as the first, their middles
/// on each other. The same scan in another resolution shows the same place.
pub fn locked(stage: &Stage, view: &View, image: (u32, u32)) -> (Stage, View) {
    let other = Stage {
        image: Stage::new(stage.screen, image).image,
        ..*stage
    };
    let ratio = other.image.0 / stage.image.0;
    let along = |at: f64, length: f64, own: f64| own / 2.0 + (at - length / 2.0) * ratio;
    let view = View {
        middle: (
            along(view.middle.0, stage.image.0, other.image.0),
            along(view.middle.1, stage.image.1, other.image.1),
        ),
        scale: view.scale / ratio,
    };
    (other, view)
}

#[cfg(test)]
mod tests {
    use super::super::stage::tests::{Chance, stage, view};
    use super::*;

    #[test]
    fn the_same_scan_in_another_resolution_lies_on_the_first() {
        let mut chance = Chance(53);
        for _ in 0..500 {
            let mut stage = stage(&mut chance);
            stage.image = (4_000.0, 3_000.0);
            let view = view(&stage, &mut chance);
            let (other, own) = locked(&stage, &view, (8_000, 6_000));
            let point = (chance.up_to(4_000.0), chance.up_to(3_000.0));
            let (x, y) = stage.screen_at(&view, point);
            let (a, b) = other.screen_at(&own, (point.0 * 2.0, point.1 * 2.0));
            assert!((x - a).abs() < 1e-6 && (y - b).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_longer_keeps_its_proportions() {
        let stage = Stage::new((800.0, 600.0), (1_000, 1_000));
        let (other, own) = locked(&stage, &stage.fit(), (500, 900));
        assert_eq!(own.scale, stage.fit().scale * 2.0);
        assert_eq!(own.middle, (250.0, 450.0));
        assert_eq!(other.image, (500.0, 900.0));
    }

    #[test]
    fn the_first_is_where_reading_begins() {
        let screen = (1_000.0, 600.0);
        let english = Places::halves(screen, false);
        assert_eq!(english.corners, [(0.0, 0.0), (500.0, 0.0)]);
        assert_eq!(english.size, (500.0, 600.0));
        let arabic = Places::halves(screen, true);
        assert_eq!(arabic.corners, [(500.0, 0.0), (0.0, 0.0)]);
        assert_eq!(arabic.corner_at((10.0, 10.0)), (0.0, 0.0));
        assert_eq!(arabic.corner_at((510.0, 10.0)), (500.0, 0.0));
        let narrow = Places::halves((320.0, 640.0), true);
        assert_eq!(narrow.corners, [(0.0, 0.0), (0.0, 320.0)]);
        assert_eq!(narrow.corner_at((300.0, 400.0)), (0.0, 320.0));
        assert_eq!(Places::one(screen).corner_at((900.0, 9.0)), (0.0, 0.0));
    }
}
