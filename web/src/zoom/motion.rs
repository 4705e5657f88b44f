//! How a view moves to another.

use super::number::clamp;
use super::stage::View;

/// How stiff the spring is: half of the way is behind after about a tenth of a second.
const STIFF: f64 = 17.0;
/// What is left of the way when it has arrived.
const ARRIVED: f64 = 0.002;

/// A way from one view to another, as a spring goes that is damped just enough not to swing: the same
/// way however many pictures a second are drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    from: View,
    to: View,
    /// How much of the way is left, and how fast that changes in a second.
    left: f64,
    speed: f64,
}

impl Motion {
    /// Sets out.
    pub fn new(from: View, to: View) -> Motion {
        Motion {
            from,
            to,
            left: 1.0,
            speed: 0.0,
        }
    }

    /// Goes on from here to another view, as fast as it was.
    pub fn turned(self, to: View) -> Motion {
        Motion {
            from: self.now(),
            to,
            left: 1.0,
            // No faster than a spring would ever be: else it would swing.
            speed: clamp(self.speed * self.left, -STIFF, 0.0),
        }
    }

    /// Where it leads.
    pub fn to(&self) -> View {
        self.to
    }

    /// Where it is.
    pub fn now(&self) -> View {
        along(&self.from, &self.to, 1.0 - self.left)
    }

    /// Lets `seconds` pass; says whether it has arrived.
    pub fn pass(&mut self, seconds: f64) -> bool {
        let seconds = clamp(seconds, 0.0, 0.1);
        let push = (self.speed + STIFF * self.left) * seconds;
        let fade = (-STIFF * seconds).exp();
        self.speed = (self.speed - STIFF * push) * fade;
        self.left = (self.left + push) * fade;
        if self.left.abs() < ARRIVED {
            self.left = 0.0;
            self.speed = 0.0;
        }
        self.left == 0.0
    }
}

/// A view on the way. The point that is at the same place of the screen in both stays there, as it does
/// when one goes closer to it.
fn along(from: &View, to: &View, part: f64) -> View {
    if part >= 1.0 {
        return *to;
    }
    let scale = from.scale * (to.scale / from.scale).powf(part);
    let (a, b) = (1.0 / from.scale, 1.0 / to.scale);
    let part = if (a - b).abs() <= 1e-9 * a {
        part
    } else {
        (a - 1.0 / scale) / (a - b)
    };
    let between = |a: f64, b: f64| a + (b - a) * part;
    View {
        middle: (
            between(from.middle.0, to.middle.0),
            between(from.middle.1, to.middle.1),
        ),
        scale,
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::tests::{Chance, stage, view};
    use super::*;

    #[test]
    fn it_arrives_soon_and_exactly_and_never_passes() {
        let mut chance = Chance(5);
        for _ in 0..300 {
            let stage = stage(&mut chance);
            let (from, to) = (view(&stage, &mut chance), view(&stage, &mut chance));
            let mut motion = Motion::new(from, to);
            let mut seconds = 0.0;
            let mut before = 1.0;
            loop {
                let step = 0.001 + chance.up_to(0.03);
                seconds += step;
                let arrived = motion.pass(step);
                assert!(motion.left <= before && motion.left >= 0.0);
                before = motion.left;
                if arrived {
                    break;
                }
                assert!(seconds < 1.0, "{motion:?}");
            }
            assert_eq!(motion.now(), to);
        }
    }

    #[test]
    fn pictures_a_second_do_not_change_the_way() {
        let view = |x: f64, scale: f64| View {
            middle: (x, 0.0),
            scale,
        };
        let (mut slow, mut fast) = (
            Motion::new(view(0.0, 0.1), view(500.0, 2.0)),
            Motion::new(view(0.0, 0.1), view(500.0, 2.0)),
        );
        for _ in 0..4 {
            slow.pass(0.032);
            for _ in 0..8 {
                fast.pass(0.004);
            }
            assert!((slow.left - fast.left).abs() < 1e-9);
        }
    }

    #[test]
    fn what_is_under_the_pointer_stays_under_it_on_the_way() {
        let mut chance = Chance(3);
        for _ in 0..300 {
            let stage = stage(&mut chance);
            let from = view(&stage, &mut chance);
            let point = (stage.screen.0 * 0.4, stage.screen.1 * 0.6);
            let to = stage.closer(&from, point, 1.5);
            let there = stage.image_at(&from, point);
            let at = stage.screen_at(&to, there);
            // Where the edges hold it back it cannot stay.
            if (at.0 - point.0).abs() + (at.1 - point.1).abs() > 1e-6 {
                continue;
            }
            let mut motion = Motion::new(from, to);
            while !motion.pass(0.016) {
                let at = stage.screen_at(&motion.now(), there);
                assert!((at.0 - point.0).abs() + (at.1 - point.1).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn another_aim_is_taken_from_where_it_is() {
        let view = |x: f64| View {
            middle: (x, 0.0),
            scale: 1.0,
        };
        let mut motion = Motion::new(view(0.0), view(100.0));
        motion.pass(0.05);
        let here = motion.now();
        assert!(here.middle.0 > 10.0 && here.middle.0 < 90.0);
        let mut turned = motion.turned(view(200.0));
        assert_eq!((turned.now(), turned.to()), (here, view(200.0)));
        turned.pass(0.016);
        assert!(turned.now().middle.0 > here.middle.0);
    }
}
