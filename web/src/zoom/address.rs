//! The URL fragment of the deep-zoom view.
//!
//! | part | meaning |
//! |---|---|
//! | `#xywh=120,300,800,600` | the visible area in pixels of the image ([Media Fragments]) |
//! | `&turn=90` | clockwise rotation |
//! | `&mirror` | flipped horizontally |
//! | `&with=maps-7,2` | the image that is compared: its item and the number of its canvas, from 1 |
//! | `&over=50` | the second image is an overlay with this opacity in per cent |
//!
//! [Media Fragments]: https://www.w3.org/TR/media-frags/

use percent_encoding::percent_decode_str;

use super::comparison::Comparison;
use super::viewport::{Camera, Viewport};
use khizana_pages::encode;

/// Returns `true` if a URL fragment opens the deep-zoom view.
pub fn is_zoom_fragment(hash: &str) -> bool {
    hash.trim_start_matches('#').starts_with("xywh=")
}

/// Parses the camera in a fragment, and sets the rotation and mirroring of the viewport. Returns
/// `None`, and leaves the viewport unchanged, if the fragment is invalid.
pub fn parse(hash: &str, viewport: &mut Viewport) -> Option<Camera> {
    let mut parts = hash.trim_start_matches('#').split('&');
    let numbers = parts.next()?.strip_prefix("xywh=")?;
    let mut numbers = numbers.split(',').map(|number| number.parse::<u32>().ok());
    let mut next = || numbers.next()?.map(f64::from);
    let (corner, size) = ((next()?, next()?), (next()?, next()?));
    if size.0 <= 0.0 || size.1 <= 0.0 {
        return None;
    }
    for part in parts {
        match part {
            "mirror" => viewport.is_mirrored = true,
            "turn=90" => viewport.quarter_turns = 1,
            "turn=180" => viewport.quarter_turns = 2,
            "turn=270" => viewport.quarter_turns = 3,
            _ => {}
        }
    }
    Some(viewport.fit_area(corner, size))
}

/// Returns the fragment for a camera. The visible area is rounded to pixels of the image.
pub fn format(viewport: &Viewport, camera: &Camera) -> String {
    let ((x, y), (w, h)) = viewport.visible_area(camera);
    let mut out = format!(
        "#xywh={},{},{},{}",
        x.round() as u32,
        y.round() as u32,
        w.round().max(1.0) as u32,
        h.round().max(1.0) as u32
    );
    if !viewport.quarter_turns.is_multiple_of(4) {
        out += &format!("&turn={}", u32::from(viewport.quarter_turns % 4) * 90);
    }
    if viewport.is_mirrored {
        out += "&mirror";
    }
    out
}

/// Returns the name of a canvas in a fragment. `canvas` is its index.
pub fn canvas_name(id: &str, canvas: u32) -> String {
    let mut out = encode(id);
    out.push(',');
    out += &(u64::from(canvas) + 1).to_string();
    out
}

/// Parses the name of a canvas, and returns the identifier of its item and its index.
pub fn parse_canvas_name(name: &str) -> Option<(String, u32)> {
    let (id, number) = name.rsplit_once(',')?;
    let canvas = number.parse::<u32>().ok()?.checked_sub(1)?;
    let id = percent_decode_str(id).decode_utf8().ok()?;
    Some((id.into_owned(), canvas))
}

/// Parses the name of the second canvas and the kind of comparison. Returns `None` if the fragment
/// specifies no comparison.
pub fn parse_comparison(hash: &str) -> Option<(&str, Comparison)> {
    let parameter = |prefix: &str| hash.split('&').find_map(|part| part.strip_prefix(prefix));
    let name = parameter("with=")?;
    let opacity = parameter("over=").and_then(|opacity| opacity.parse::<u8>().ok());
    let overlay = opacity.map(|opacity| Comparison::Overlay(opacity.min(100)));
    Some((name, overlay.unwrap_or(Comparison::SideBySide)))
}

/// Appends a comparison with the canvas `name` to a fragment.
pub fn push_comparison(out: &mut String, name: &str, comparison: Comparison) {
    *out += "&with=";
    *out += name;
    if let Comparison::Overlay(opacity) = comparison {
        *out += "&over=";
        *out += &opacity.to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::super::viewport::tests::{Random, random_camera};
    use super::*;

    #[test]
    fn a_comparison_round_trips_through_its_fragment() {
        for (id, number) in [("maps-7", 0), ("خريطة/٣,2&x=#", 41)] {
            let mut hash = "#xywh=1,2,3,4&mirror".to_owned();
            push_comparison(&mut hash, &canvas_name(id, number), Comparison::Overlay(30));
            let (name, comparison) = parse_comparison(&hash).expect("a comparison");
            assert_eq!(
                parse_canvas_name(name),
                Some((id.to_owned(), number)),
                "{hash}"
            );
            assert_eq!(comparison, Comparison::Overlay(30));
        }
        let mut hash = "#xywh=1,2,3,4".to_owned();
        assert_eq!(parse_comparison(&hash), None);
        push_comparison(&mut hash, "a,1", Comparison::SideBySide);
        assert_eq!(
            parse_comparison(&hash),
            Some(("a,1", Comparison::SideBySide))
        );
        let excessive = "#xywh=1,2,3,4&with=a,1&over=255";
        assert_eq!(
            parse_comparison(excessive),
            Some(("a,1", Comparison::Overlay(100)))
        );
        for invalid in ["", "a", "a,0", "a,-1", "a,x", "%FF,1"] {
            assert_eq!(parse_canvas_name(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn a_camera_round_trips_through_its_fragment() {
        let mut random = Random(41);
        for _ in 0..500 {
            let mut viewport = Viewport::new(
                (300.0 + random.up_to(1_000.0), 300.0 + random.up_to(1_000.0)),
                (4_000, 9_000),
            );
            viewport.quarter_turns = random.up_to(4.0) as u8;
            viewport.is_mirrored = random.up_to(1.0) < 0.5;
            let camera = random_camera(&viewport, &mut random);
            let fragment = format(&viewport, &camera);
            assert!(is_zoom_fragment(&fragment), "{fragment}");
            let mut parsed_viewport = Viewport {
                quarter_turns: 0,
                is_mirrored: false,
                ..viewport
            };
            let parsed = parse(&fragment, &mut parsed_viewport).expect("a camera");
            assert_eq!(
                (parsed_viewport.quarter_turns, parsed_viewport.is_mirrored),
                (viewport.quarter_turns, viewport.is_mirrored)
            );
            // The fragment is rounded to pixels of the image, each of which may cover several
            // pixels on the screen.
            assert!(
                (parsed.scale / camera.scale - 1.0).abs() < 0.05,
                "{fragment}"
            );
            let ((x, y), _) = viewport.visible_area(&camera);
            let ((a, b), _) = parsed_viewport.visible_area(&parsed);
            assert!((x - a).abs() < 20.0 && (y - b).abs() < 20.0, "{fragment}");
        }
    }

    #[test]
    fn an_invalid_fragment_leaves_the_viewport_unchanged() {
        let before = Viewport::new((100.0, 100.0), (500, 500));
        for invalid in [
            "",
            "#",
            "#text",
            "xywh=",
            "#xywh=1,2,3",
            "#xywh=1,2,0,4",
            "#xywh=-1,2,3,4",
            "#xywh=NaN,2,3,4",
            "#xywh=1,2,inf,4",
            "#xywh=a,b,c,d",
        ] {
            let mut viewport = before;
            assert_eq!(parse(invalid, &mut viewport), None, "{invalid}");
            assert_eq!(viewport, before);
        }
        let mut viewport = before;
        let outside = "#xywh=99999,99999,5,5&turn=45&x";
        let nearest = parse(outside, &mut viewport).expect("a camera");
        assert_eq!(viewport.constrain(nearest), nearest);
    }
}
