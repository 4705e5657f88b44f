#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use khizana_model::LangTag;

use super::width::{SPACE, width};
use super::{Grey, find};
use crate::model::{Area, PageText};

/// Numbers that look as if by chance, the same each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Lines of words of these letters, none of them a word.
fn text(letters: &str, seed: u64, lines: usize) -> Vec<Vec<String>> {
    let letters: Vec<char> = letters.chars().collect();
    let mut chance = Chance(seed);
    let mut word = || -> String {
        let length = 2 + chance.below(6);
        (0..length)
            .map(|_| letters[chance.below(letters.len() as u64) as usize])
            .collect()
    };
    (0..lines)
        .map(|line| {
            (0..if line % 7 == 6 { 4 } else { 9 })
                .map(|_| word())
                .collect()
        })
        .collect()
}

const ARABIC: &str = "ابتجحدرسصعفقكلمنهوي";
const LATIN: &str = "abcdefghilmnoprstuvw";

const PITCH: usize = 40;

/// The width of a letter in lines that are not full; in full ones it is about that.
const LETTER: f32 = 16.0;

/// A page on which words are black bars, with what stands around them.
struct Printed {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    /// Of each word where it was put.
    words: Vec<[usize; 4]>,
}

impl Printed {
    fn new(width: usize, height: usize) -> Printed {
        Printed {
            width,
            height,
            pixels: vec![225; width * height],
            words: Vec::new(),
        }
    }

    fn bar(&mut self, x: usize, y: usize, w: usize, h: usize) {
        for row in y..(y + h).min(self.height) {
            for column in x..(x + w).min(self.width) {
                self.pixels[row * self.width + column] = 30;
            }
        }
    }

    /// Prints lines that fill the space from `left` to `right`; a short one ends where it ends.
    fn print(mut self, lines: &[Vec<String>], (left, right): (usize, usize), rtl: bool) -> Self {
        let mut chance = Chance(7);
        for (number, line) in lines.iter().enumerate() {
            let y = 120 + number * PITCH;
            // No word is as wide as it should be.
            let mut own = |word: &String| width(word) * (0.88 + chance.below(25) as f32 / 100.0);
            let widths: Vec<f32> = line.iter().map(&mut own).collect();
            let all = widths.iter().sum::<f32>() + SPACE * (line.len() - 1) as f32;
            let scale = if line.len() < 6 {
                LETTER
            } else {
                (right - left) as f32 / all
            };
            let mut at = 0.0;
            for word in widths {
                let wide = (word * scale) as usize;
                let x = if rtl {
                    right - at as usize - wide
                } else {
                    left + at as usize
                };
                // A stroke, and stems on it.
                self.bar(x, y + 12, wide, 6);
                for stem in (0..wide.saturating_sub(4)).step_by(14) {
                    self.bar(x + stem, y, 4, 12);
                }
                self.words.push([x, y, wide, 18]);
                at += (word + SPACE) * scale;
            }
        }
        self
    }

    /// Everything lower the more it is to the right.
    fn turned(mut self, slope: f64) -> Self {
        let was = self.pixels.clone();
        let down = |x: usize| ((x as f64 - self.width as f64 / 2.0) * slope).round() as i64;
        for y in 0..self.height {
            for x in 0..self.width {
                let from = (y as i64 - down(x)).clamp(0, self.height as i64 - 1) as usize;
                self.pixels[y * self.width + x] = was[from * self.width + x];
            }
        }
        for [x, y, w, _] in &mut self.words {
            *y = (*y as i64 + down(*x + *w / 2)) as usize;
        }
        self
    }

    fn grey(&self) -> Grey {
        Grey {
            width: self.width,
            pixels: self.pixels.clone(),
        }
    }

    /// How many words of those found lie where they were put.
    fn right(&self, lines: &[crate::Line]) -> usize {
        let found = lines.iter().flat_map(|line| &line.words);
        let overlaps = |[x, y, w, h]: [usize; 4], area: &Area| {
            let [fx, fy, fw, fh] = area
                .on(self.width as u32, self.height as u32)
                .map(|n| n as usize);
            let along = |a: usize, n: usize, b: usize, m: usize| {
                (a + n).min(b + m).saturating_sub(a.max(b))
            };
            along(x, w, fx, fw) * 10 >= w * 7 && along(y, h, fy, fh) * 10 >= h * 7 && fw <= w * 2
        };
        found
            .zip(&self.words)
            .filter(|(word, put)| overlaps(**put, &word.area))
            .count()
    }
}

fn lang(tag: &str) -> LangTag {
    tag.parse().unwrap()
}

/// The text as it is typed: lines with an end of line between them.
fn typed(lines: &[Vec<String>], end: &str) -> PageText {
    let lines: Vec<String> = lines.iter().map(|line| line.join(" ")).collect();
    crate::read(lines.join(end).as_bytes()).unwrap()
}

#[test]
fn lines_are_found_where_they_stand() {
    for (letters, language) in [(ARABIC, "ar"), (LATIN, "en")] {
        let lines = text(letters, 1, 20);
        let page = Printed::new(800, 1000).print(&lines, (60, 740), language == "ar");
        let found = find(&typed(&lines, "\n"), &lang(language), &page.grey()).unwrap();
        assert_eq!(found.len(), 20);
        let words: usize = lines.iter().map(Vec::len).sum();
        assert!(page.right(&found) * 100 >= words * 95, "{language}");
        assert!(found[0].starts && !found[1].starts);
    }
}

#[test]
fn a_paragraph_is_cut_where_its_lines_end() {
    let lines = text(ARABIC, 2, 21);
    let page = Printed::new(800, 1100).print(&lines, (60, 740), true);
    let paragraphs: Vec<Vec<String>> = lines.chunks(7).map(|own| own.concat()).collect();
    let text = typed(&paragraphs, "\n\n");
    assert_eq!(text.lines.len(), 3);
    let found = find(&text, &lang("ar"), &page.grey()).unwrap();
    assert_eq!(found.len(), 21);
    let starts: Vec<usize> = (0..21).filter(|line| found[*line].starts).collect();
    assert_eq!(starts, [0, 7, 14]);
    assert_eq!(found[1].text, lines[1].join(" "));
    let word = found[1].words[2];
    assert_eq!(found[1].text[word.start..word.end], lines[1][2]);
    let words: usize = lines.iter().map(Vec::len).sum();
    assert!(page.right(&found) * 100 >= words * 95);
}

#[test]
fn what_is_around_the_text_and_how_it_lies_do_not_matter() {
    let lines = text(ARABIC, 3, 20);
    let mut page = Printed::new(800, 1100).print(&lines, (90, 710), true);
    let words: usize = lines.iter().map(Vec::len).sum();
    for (x, y, w, h) in [
        (20, 20, 760, 4),
        (20, 1060, 760, 4),
        (20, 20, 4, 1040),
        (776, 20, 4, 1040),
        // The number of the page, a rule, a speck.
        (390, 60, 20, 18),
        (250, 98, 300, 3),
        (50, 500, 1, 1),
    ] {
        page.bar(x, y, w, h);
    }
    // A shadow over one side of the page.
    for (i, pixel) in page.pixels.iter_mut().enumerate() {
        *pixel = (u32::from(*pixel) * (1000 - (i % 800) as u32) / 1000) as u8;
    }
    let page = page.turned(0.015);
    let found = find(&typed(&lines, "\n"), &lang("ar"), &page.grey()).unwrap();
    assert_eq!(found.len(), 20);
    assert!(page.right(&found) * 100 >= words * 90);
}

#[test]
fn a_text_of_another_page_is_found_nowhere() {
    let lines = text(ARABIC, 4, 20);
    let page = Printed::new(800, 1000)
        .print(&lines, (60, 740), true)
        .grey();
    for seed in 5..15 {
        let other = text(ARABIC, seed, 20);
        assert_eq!(
            find(&typed(&other, "\n"), &lang("ar"), &page),
            None,
            "{seed}"
        );
        assert_eq!(
            find(&typed(&other, " "), &lang("ar"), &page),
            None,
            "{seed}"
        );
    }
    // From the other side.
    assert_eq!(find(&typed(&lines, "\n"), &lang("ar-Latn"), &page), None);
    assert!(find(&typed(&lines, "\n"), &lang("ar"), &page).is_some());
}

#[test]
fn columns_are_not_tried() {
    let (right, left) = (text(ARABIC, 16, 20), text(ARABIC, 17, 20));
    let short = |lines: &[Vec<String>]| -> Vec<Vec<String>> {
        lines.iter().map(|line| line[..4].to_vec()).collect()
    };
    let (right, left) = (short(&right), short(&left));
    let page = Printed::new(800, 1000)
        .print(&right, (430, 760), true)
        .print(&left, (40, 370), true);
    let all = [right, left].concat();
    assert_eq!(find(&typed(&all, "\n"), &lang("ar"), &page.grey()), None);
}

#[test]
fn where_there_are_no_lines_none_are_found() {
    let lines = text(ARABIC, 18, 20);
    let text = typed(&lines, "\n");
    let empty = Printed::new(800, 1000).grey();
    assert_eq!(find(&text, &lang("ar"), &empty), None);
    let one = Printed::new(800, 1000).print(&lines[..1], (60, 740), true);
    assert_eq!(find(&text, &lang("ar"), &one.grey()), None);
    let mut black = empty.clone();
    black.pixels.fill(0);
    assert_eq!(find(&text, &lang("ar"), &black), None);
    for (width, pixels) in [(0, 0), (1, 5), (800, 0), (800, 799), (120, 120 * 110 + 7)] {
        let odd = Grey {
            width,
            pixels: (0..pixels).map(|i| (i * 37 % 251) as u8).collect(),
        };
        assert_eq!(find(&text, &lang("ar"), &odd), None, "{width}");
    }
    let page = Printed::new(800, 1000)
        .print(&lines, (60, 740), true)
        .grey();
    assert_eq!(find(&typed(&[], "\n"), &lang("ar"), &page), None);
    let long = vec![lines.concat(); 40];
    assert_eq!(find(&typed(&long, "\n"), &lang("ar"), &page), None);
}

#[test]
fn a_text_that_is_too_much_ends_soon() {
    // Dark pixels everywhere, and more of them than a page has.
    let noise = |height: usize| Grey {
        width: 2_400,
        pixels: (0..2_400 * height).map(|i| (i % 2 * 200) as u8).collect(),
    };
    let text_of = typed(&text(ARABIC, 20, 20), "\n");
    for height in [1_900, 7_000] {
        assert_eq!(find(&text_of, &lang("ar"), &noise(height)), None);
    }
    // As many short words as are taken at all, on a page of as many lines as there can be.
    let lines = text(ARABIC, 19, 240);
    let page = Printed::new(900, 10_000)
        .print(&lines, (60, 840), true)
        .grey();
    let short: Vec<Vec<String>> = vec![vec!["ا".to_owned(); 16]; 240];
    assert_eq!(find(&typed(&short, " "), &lang("ar"), &page), None);
}
