//! The address of a view: `#xywh=120,300,800,600`, the part of the image that is seen as Media Fragments
//! (W3C) name it, then `&turn=90` and `&mirror` where it lies otherwise. `&with=maps-7,2` names the image
//! that is compared with it, by its item and the number of its canvas, and `&over=50` says that it lies
//! over the first, and how many hundredths of it are seen.

use percent_encoding::percent_decode_str;

use super::pair::Pairing;
use super::stage::{Stage, View};
use khizana_pages::encode;

/// Whether the part of an address after `#` leads into a view.
pub fn is_view(hash: &str) -> bool {
    hash.trim_start_matches('#').starts_with("xywh=")
}

/// Reads a view, and how the image lies. `None` where the text is none; the stage is unchanged then.
pub fn read(hash: &str, stage: &mut Stage) -> Option<View> {
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
            "mirror" => stage.mirrored = true,
            "turn=90" => stage.turns = 1,
            "turn=180" => stage.turns = 2,
            "turn=270" => stage.turns = 3,
            _ => {}
        }
    }
    Some(stage.on(corner, size))
}

/// Writes a view, in whole pixels.
pub fn write(stage: &Stage, view: &View) -> String {
    let ((x, y), (w, h)) = stage.seen(view);
    let mut out = format!(
        "#xywh={},{},{},{}",
        x.round() as u32,
        y.round() as u32,
        w.round().max(1.0) as u32,
        h.round().max(1.0) as u32
    );
    if !stage.turns.is_multiple_of(4) {
        out += &format!("&turn={}", u32::from(stage.turns % 4) * 90);
    }
    if stage.mirrored {
        out += "&mirror";
    }
    out
}

/// A canvas as the address names it: its item and its number, here from 0.
pub fn canvas(id: &str, canvas: u32) -> String {
    let mut out = encode(id);
    out.push(',');
    out += &(u64::from(canvas) + 1).to_string();
    out
}

/// Reads the name of a canvas.
pub fn read_canvas(name: &str) -> Option<(String, u32)> {
    let (id, number) = name.rsplit_once(',')?;
    let canvas = number.parse::<u32>().ok()?.checked_sub(1)?;
    let id = percent_decode_str(id).decode_utf8().ok()?;
    Some((id.into_owned(), canvas))
}

/// The name of the canvas that is compared, and how, where an address says so.
pub fn read_pair(hash: &str) -> Option<(&str, Pairing)> {
    let named = |name: &str| hash.split('&').find_map(|part| part.strip_prefix(name));
    let with = named("with=")?;
    let over = named("over=").and_then(|part| part.parse::<u8>().ok());
    let over = over.map(|part| Pairing::Over(part.min(100)));
    Some((with, over.unwrap_or(Pairing::Beside)))
}

/// Writes after a view what is compared with it.
pub fn write_pair(out: &mut String, with: &str, pairing: Pairing) {
    *out += "&with=";
    *out += with;
    if let Pairing::Over(part) = pairing {
        *out += "&over=";
        *out += &part.to_string();
    }
}

#[cfg(test)]
mod tests {
    use super::super::stage::tests::{Chance, view};
    use super::*;

    #[test]
    fn what_is_compared_comes_back_from_the_address() {
        for (id, number) in [("maps-7", 0), ("خريطة/٣,2&x=#", 41)] {
            let mut hash = "#xywh=1,2,3,4&mirror".to_owned();
            write_pair(&mut hash, &canvas(id, number), Pairing::Over(30));
            let (name, pairing) = read_pair(&hash).expect("a pair");
            assert_eq!(read_canvas(name), Some((id.to_owned(), number)), "{hash}");
            assert_eq!(pairing, Pairing::Over(30));
        }
        let mut hash = "#xywh=1,2,3,4".to_owned();
        assert_eq!(read_pair(&hash), None);
        write_pair(&mut hash, "a,1", Pairing::Beside);
        assert_eq!(read_pair(&hash), Some(("a,1", Pairing::Beside)));
        let far = "#xywh=1,2,3,4&with=a,1&over=255";
        assert_eq!(read_pair(far), Some(("a,1", Pairing::Over(100))));
        for odd in ["", "a", "a,0", "a,-1", "a,x", "%FF,1"] {
            assert_eq!(read_canvas(odd), None, "{odd}");
        }
    }

    #[test]
    fn a_view_comes_back_from_its_address() {
        let mut chance = Chance(41);
        for _ in 0..500 {
            let mut stage = Stage::new(
                (300.0 + chance.up_to(1_000.0), 300.0 + chance.up_to(1_000.0)),
                (4_000, 9_000),
            );
            stage.turns = chance.up_to(4.0) as u8;
            stage.mirrored = chance.up_to(1.0) < 0.5;
            let view = view(&stage, &mut chance);
            let written = write(&stage, &view);
            assert!(is_view(&written), "{written}");
            let mut again = Stage {
                turns: 0,
                mirrored: false,
                ..stage
            };
            let read = read(&written, &mut again).expect("a view");
            assert_eq!((again.turns, again.mirrored), (stage.turns, stage.mirrored));
            // In whole pixels, of which each may be several of the screen.
            assert!((read.scale / view.scale - 1.0).abs() < 0.05, "{written}");
            let ((x, y), _) = stage.seen(&view);
            let ((a, b), _) = again.seen(&read);
            assert!((x - a).abs() < 20.0 && (y - b).abs() < 20.0, "{written}");
        }
    }

    #[test]
    fn what_is_no_address_changes_nothing() {
        let before = Stage::new((100.0, 100.0), (500, 500));
        for odd in [
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
            let mut stage = before;
            assert_eq!(read(odd, &mut stage), None, "{odd}");
            assert_eq!(stage, before);
        }
        let mut stage = before;
        let far = read("#xywh=99999,99999,5,5&turn=45&x", &mut stage).expect("the nearest view");
        assert_eq!(stage.held(far), far);
    }
}
