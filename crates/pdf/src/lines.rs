//! Letters put together to lines, in the order in which the page draws them: most programs write a page
//! as it is read.

use khizana_pagetext::{Area, Format, Line, PageText};

use crate::order::{self, Piece};
use crate::walk::Letter;

/// A gap of so much of the type's size is a space.
const SPACE: f64 = 0.2;

/// A letter that stands so much of the type's size above or below is in another line.
const APART: f64 = 0.5;

/// A line that is so many sizes below the one before begins a paragraph.
const PARAGRAPH: f64 = 1.9;

/// The most lines of a page; the most bytes of a line.
const MOST: (usize, usize) = (20_000, 4_096);

/// The lines of a page of this size in points.
pub fn read(letters: &[Letter], (width, height): (f64, f64)) -> PageText {
    let mut lines = Vec::new();
    let mut before: Option<&Letter> = None;
    let mut own: Vec<&Letter> = Vec::new();
    let mut rows: Vec<Vec<&Letter>> = Vec::new();
    for letter in letters {
        if before.is_some_and(|before| is_apart(before, letter)) {
            rows.push(std::mem::take(&mut own));
        }
        // A space says nothing of where its line is.
        if !letter.text.trim().is_empty() {
            before = Some(letter);
        }
        own.push(letter);
    }
    rows.push(own);
    let mut last: Option<&Letter> = None;
    for row in rows {
        let Some(first) = row.iter().find(|own| !own.text.trim().is_empty()) else {
            continue;
        };
        let text = text(&row);
        if text.is_empty() || text.len() > MOST.1 || lines.len() >= MOST.0 {
            continue;
        }
        let starts = last.is_none_or(|last| {
            let down = first.base - last.base;
            let size = first.size.max(last.size);
            last.turn != first.turn
                || !(0.0..PARAGRAPH * size).contains(&down)
                || first.size.max(last.size) > 1.2 * first.size.min(last.size)
        });
        last = Some(first);
        lines.push(Line {
            text,
            starts,
            language: None,
            direction: None,
            area: area(&row, width, height),
            words: Vec::new(),
        });
    }
    PageText {
        format: Format::Plain,
        size: (width > 0.0 && height > 0.0).then_some((width, height)),
        lines,
        whole_page: 0,
        misplaced: None,
    }
}

fn is_apart(before: &Letter, letter: &Letter) -> bool {
    let size = before.size.max(letter.size);
    before.turn != letter.turn || (before.base - letter.base).abs() > APART * size
}

/// The text of a line.
fn text(row: &[&Letter]) -> String {
    let mut pieces: Vec<Piece> = Vec::new();
    for letter in row {
        let text = order::composed(&letter.text);
        let (from, to) = (letter.from, letter.to);
        // A vowel sign belongs to the letter it stands on, or beside which it is drawn.
        let is_mark = !text.is_empty() && text.chars().all(order::is_mark);
        if is_mark && let Some(last) = pieces.last_mut() {
            last.text.push_str(&text);
            continue;
        }
        pieces.push(Piece {
            text,
            from,
            to,
            size: letter.size,
        });
    }
    let is_rtl = pieces
        .iter()
        .any(|piece| piece.text.chars().any(order::is_rtl));
    if is_rtl {
        // In whichever order they are drawn, this is how they are seen.
        pieces.sort_by(|a, b| a.from.total_cmp(&b.from));
    }
    let mut spaced: Vec<String> = Vec::new();
    let mut end: Option<f64> = None;
    for piece in pieces {
        let gap = end.map(|end| piece.from - end);
        if gap.is_some_and(|gap| gap > SPACE * piece.size || gap < -2.0 * piece.size) {
            spaced.push(" ".to_owned());
        }
        end = Some(piece.to);
        spaced.push(piece.text);
    }
    if is_rtl {
        spaced = order::as_read(spaced);
    }
    let whole: String = spaced.concat();
    let words: Vec<&str> = whole
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Where an upright line stands, in shares of the page.
fn area(row: &[&Letter], width: f64, height: f64) -> Option<Area> {
    let seen = row.iter().filter(|own| !own.text.trim().is_empty());
    let mut area: Option<Area> = None;
    for own in seen {
        if own.turn != 0 {
            return None;
        }
        let (top, bottom) = (own.base - 0.8 * own.size, own.base + 0.25 * own.size);
        let part = Area {
            left: own.from / width,
            top: top / height,
            right: own.to / width,
            bottom: bottom / height,
        };
        area = Some(match area {
            None => part,
            Some(area) => Area {
                left: area.left.min(part.left),
                top: area.top.min(part.top),
                right: area.right.max(part.right),
                bottom: area.bottom.max(part.bottom),
            },
        });
    }
    let area = area?;
    let clamp = |side: f64| side.clamp(0.0, 1.0);
    let area = Area {
        left: clamp(area.left),
        top: clamp(area.top),
        right: clamp(area.right),
        bottom: clamp(area.bottom),
    };
    // What stands beside the page is not on the picture.
    (area.right > area.left && area.bottom > area.top).then_some(area)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn letters(text: &[&str], from: f64, base: f64, step: f64) -> Vec<Letter> {
        let mut at = from;
        let mut out = Vec::new();
        for text in text {
            if step < 0.0 {
                at += step;
            }
            out.push(Letter {
                text: (*text).to_owned(),
                from: at,
                to: at + step.abs(),
                base,
                size: 10.0,
                turn: 0,
            });
            if step > 0.0 {
                at += step;
            }
        }
        out
    }

    fn said(letters: &[Letter]) -> Vec<String> {
        let page = read(letters, (100.0, 200.0));
        page.lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn gaps_are_spaces_and_base_lines_are_lines() {
        let mut all = letters(&["a", "b"], 10.0, 20.0, 5.0);
        all.extend(letters(&["c", " ", "d"], 23.0, 21.0, 5.0));
        all.extend(letters(&["e"], 10.0, 33.0, 5.0));
        all.extend(letters(&["f"], 10.0, 80.0, 5.0));
        let page = read(&all, (100.0, 200.0));
        let told: Vec<_> = page
            .lines
            .iter()
            .map(|line| (line.text.as_str(), line.starts))
            .collect();
        assert_eq!(told, [("ab c d", true), ("e", false), ("f", true)]);
        let area = page.lines[1].area.unwrap();
        assert_eq!((area.left, area.right), (0.1, 0.15));
        assert_eq!((area.top, area.bottom), (25.0 / 200.0, 35.5 / 200.0));
        assert_eq!(page.plain(), "ab c d\ne\n\nf\n");
    }

    #[test]
    fn arabic_is_read_as_it_is_seen_whichever_end_was_drawn_first() {
        // From the right, as it is read.
        let mut all = letters(&["خ", "ز", "ا", "ن", "ة"], 90.0, 20.0, -5.0);
        all.extend(letters(&["١", "٢"], 52.0, 20.0, 5.0));
        // From the left, as it is seen, in presentation forms; one glyph is two letters.
        all.extend(letters(&["ﺔ", "ﻧ", "ﺍ", "ﺰ", "ﺧ"], 10.0, 40.0, 5.0));
        all.extend(letters(&["ﻼ", "ﺑ"], 40.0, 40.0, 5.0));
        assert_eq!(said(&all), ["خزانة ١٢", "بلا خزانة"]);
    }

    #[test]
    fn a_latin_name_in_an_arabic_line_and_the_other_way_round() {
        let mut all = letters(&["ك", "ت", "ا", "ب"], 90.0, 20.0, -5.0);
        all.extend(letters(&["T", "a", "t", "e"], 40.0, 20.0, 5.0));
        all.extend(letters(&["ف", "ي"], 35.0, 20.0, -5.0));
        all.extend(letters(&["T", "h", "e"], 10.0, 50.0, 5.0));
        all.extend(letters(&["ب", "ا", "ت", "ك"], 30.0, 50.0, 5.0));
        all.extend(letters(&["i", "s"], 60.0, 50.0, 5.0));
        assert_eq!(said(&all), ["كتاب Tate في", "The كتاب is"]);
    }

    #[test]
    fn text_that_runs_upwards_is_read_and_has_no_place() {
        let mut all = letters(&["a", "b"], -50.0, 20.0, 5.0);
        for letter in &mut all {
            letter.turn = -90;
        }
        let page = read(&all, (100.0, 200.0));
        assert_eq!(page.lines[0].text, "ab");
        assert_eq!(page.lines[0].area, None);
        assert!(read(&[], (100.0, 200.0)).lines.is_empty());
    }
}
