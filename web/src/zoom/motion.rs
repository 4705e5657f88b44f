//! The animation of the camera.

use super::number::clamp;
use super::viewport::Camera;

/// Angular frequency of the spring, per second. Half of the distance is covered after about a tenth
/// of a second.
const STIFFNESS: f64 = 17.0;
/// The animation ends when less than this fraction of the distance remains.
const EPSILON: f64 = 0.002;

/// An animation from one camera to another that moves like a critically damped spring. It does not
/// depend on the frame rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Motion {
    from: Camera,
    to: Camera,
    /// The remaining fraction of the distance.
    remaining: f64,
    /// Rate of change of `remaining`, per second.
    speed: f64,
}

impl Motion {
    /// Starts an animation from rest.
    pub fn new(from: Camera, to: Camera) -> Motion {
        Motion {
            from,
            to,
            remaining: 1.0,
            speed: 0.0,
        }
    }

    /// Continues from the current camera to another target, starting at the current speed.
    pub fn retarget(self, to: Camera) -> Motion {
        Motion {
            from: self.current(),
            to,
            remaining: 1.0,
            // A higher speed would make the spring overshoot.
            speed: clamp(self.speed * self.remaining, -STIFFNESS, 0.0),
        }
    }

    /// Returns the camera at the end of the animation.
    pub fn target(&self) -> Camera {
        self.to
    }

    /// Returns the current camera.
    pub fn current(&self) -> Camera {
        interpolate(&self.from, &self.to, 1.0 - self.remaining)
    }

    /// Advances the animation by `seconds`. Returns `true` if it has ended.
    pub fn advance(&mut self, seconds: f64) -> bool {
        let seconds = clamp(seconds, 0.0, 0.1);
        let push = (self.speed + STIFFNESS * self.remaining) * seconds;
        let decay = (-STIFFNESS * seconds).exp();
        self.speed = (self.speed - STIFFNESS * push) * decay;
        self.remaining = (self.remaining + push) * decay;
        if self.remaining.abs() < EPSILON {
            self.remaining = 0.0;
            self.speed = 0.0;
        }
        self.remaining == 0.0
    }
}

/// Interpolates between two cameras. The point of the image that both cameras display at the same
/// position on the screen stays there.
fn interpolate(from: &Camera, to: &Camera, fraction: f64) -> Camera {
    if fraction >= 1.0 {
        return *to;
    }
    let scale = from.scale * (to.scale / from.scale).powf(fraction);
    let (a, b) = (1.0 / from.scale, 1.0 / to.scale);
    let fraction = if (a - b).abs() <= 1e-9 * a {
        fraction
    } else {
        (a - 1.0 / scale) / (a - b)
    };
    let between = |a: f64, b: f64| a + (b - a) * fraction;
    Camera {
        centre: (
            between(from.centre.0, to.centre.0),
            between(from.centre.1, to.centre.1),
        ),
        scale,
    }
}

#[cfg(test)]
mod tests {
    use super::super::viewport::tests::{Random, random_camera, random_viewport};
    use super::*;

    #[test]
    fn reaches_the_target_exactly_within_a_second_without_overshooting() {
        let mut random = Random(5);
        for _ in 0..300 {
            let viewport = random_viewport(&mut random);
            let from = random_camera(&viewport, &mut random);
            let to = random_camera(&viewport, &mut random);
            let mut motion = Motion::new(from, to);
            let mut seconds = 0.0;
            let mut before = 1.0;
            loop {
                let step = 0.001 + random.up_to(0.03);
                seconds += step;
                let has_ended = motion.advance(step);
                assert!(motion.remaining <= before && motion.remaining >= 0.0);
                before = motion.remaining;
                if has_ended {
                    break;
                }
                assert!(seconds < 1.0, "{motion:?}");
            }
            assert_eq!(motion.current(), to);
        }
    }

    #[test]
    fn does_not_depend_on_the_frame_rate() {
        let camera = |x: f64, scale: f64| Camera {
            centre: (x, 0.0),
            scale,
        };
        let (mut slow, mut fast) = (
            Motion::new(camera(0.0, 0.1), camera(500.0, 2.0)),
            Motion::new(camera(0.0, 0.1), camera(500.0, 2.0)),
        );
        for _ in 0..4 {
            slow.advance(0.032);
            for _ in 0..8 {
                fast.advance(0.004);
            }
            assert!((slow.remaining - fast.remaining).abs() < 1e-9);
        }
    }

    #[test]
    fn zooming_keeps_the_point_under_the_pointer_throughout() {
        let mut random = Random(3);
        for _ in 0..300 {
            let viewport = random_viewport(&mut random);
            let from = random_camera(&viewport, &mut random);
            let point = (viewport.screen.0 * 0.4, viewport.screen.1 * 0.6);
            let to = viewport.zoom_by(&from, point, 1.5);
            let anchor = viewport.screen_to_image(&from, point);
            let at = viewport.image_to_screen(&to, anchor);
            // Skip cameras that the edges of the image constrain.
            if (at.0 - point.0).abs() + (at.1 - point.1).abs() > 1e-6 {
                continue;
            }
            let mut motion = Motion::new(from, to);
            while !motion.advance(0.016) {
                let at = viewport.image_to_screen(&motion.current(), anchor);
                assert!((at.0 - point.0).abs() + (at.1 - point.1).abs() < 1e-3);
            }
        }
    }

    #[test]
    fn a_new_target_continues_from_the_current_camera() {
        let camera = |x: f64| Camera {
            centre: (x, 0.0),
            scale: 1.0,
        };
        let mut motion = Motion::new(camera(0.0), camera(100.0));
        motion.advance(0.05);
        let current = motion.current();
        assert!(current.centre.0 > 10.0 && current.centre.0 < 90.0);
        let mut motion = motion.retarget(camera(200.0));
        assert_eq!(
            (motion.current(), motion.target()),
            (current, camera(200.0))
        );
        motion.advance(0.016);
        assert!(motion.current().centre.0 > current.centre.0);
    }
}
