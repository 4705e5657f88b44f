#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use khizana_model::LangTag;

use super::word_width::{SPACE, word_width};
use super::{GreyImage, align_lines};
use crate::model::{Area, PageText};

/// A deterministic random number generator.
struct Rng(u64);

impl Rng {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// Returns lines of random words that consist of the given letters.
fn random_lines(letters: &str, seed: u64, lines: usize) -> Vec<Vec<String>> {
    let letters: Vec<char> = letters.chars().collect();
    let mut rng = Rng(seed);
    let mut word = || -> String {
        let length = 2 + rng.below(6);
        (0..length)
            .map(|_| letters[rng.below(letters.len() as u64) as usize])
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

/// Width of a letter in pixels in lines that are not justified. In justified lines it is similar.
const LETTER_WIDTH: f32 = 16.0;

/// A synthetic page on which words are drawn as black shapes.
struct SyntheticPage {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
    /// Left edge, top edge, width and height of each word in pixels.
    words: Vec<[usize; 4]>,
}

impl SyntheticPage {
    fn new(width: usize, height: usize) -> SyntheticPage {
        SyntheticPage {
            width,
            height,
            pixels: vec![225; width * height],
            words: Vec::new(),
        }
    }

    fn fill_rect(&mut self, x: usize, y: usize, w: usize, h: usize) {
        for row in y..(y + h).min(self.height) {
            for column in x..(x + w).min(self.width) {
                self.pixels[row * self.width + column] = 30;
            }
        }
    }

    /// Draws lines between `left` and `right`. Long lines are justified.
    fn draw_lines(
        mut self,
        lines: &[Vec<String>],
        (left, right): (usize, usize),
        is_rtl: bool,
    ) -> Self {
        let mut rng = Rng(7);
        for (number, line) in lines.iter().enumerate() {
            let y = 120 + number * PITCH;
            // The drawn widths of the words deviate from the estimated widths.
            let mut random_width =
                |word: &String| word_width(word) * (0.88 + rng.below(25) as f32 / 100.0);
            let widths: Vec<f32> = line.iter().map(&mut random_width).collect();
            let total = widths.iter().sum::<f32>() + SPACE * (line.len() - 1) as f32;
            let scale = if line.len() < 6 {
                LETTER_WIDTH
            } else {
                (right - left) as f32 / total
            };
            let mut offset = 0.0;
            for word in widths {
                let drawn_width = (word * scale) as usize;
                let x = if is_rtl {
                    right - offset as usize - drawn_width
                } else {
                    left + offset as usize
                };
                // A word is drawn as a horizontal stroke with stems.
                self.fill_rect(x, y + 12, drawn_width, 6);
                for stem in (0..drawn_width.saturating_sub(4)).step_by(14) {
                    self.fill_rect(x + stem, y, 4, 12);
                }
                self.words.push([x, y, drawn_width, 18]);
                offset += (word + SPACE) * scale;
            }
        }
        self
    }

    /// Shears the page so that lines descend to the right.
    fn sheared(mut self, slope: f64) -> Self {
        let original = self.pixels.clone();
        let shift = |x: usize| ((x as f64 - self.width as f64 / 2.0) * slope).round() as i64;
        for y in 0..self.height {
            for x in 0..self.width {
                let source_row = (y as i64 - shift(x)).clamp(0, self.height as i64 - 1) as usize;
                self.pixels[y * self.width + x] = original[source_row * self.width + x];
            }
        }
        for [x, y, w, _] in &mut self.words {
            *y = (*y as i64 + shift(*x + *w / 2)) as usize;
        }
        self
    }

    fn image(&self) -> GreyImage {
        GreyImage {
            width: self.width,
            pixels: self.pixels.clone(),
        }
    }

    /// Counts the words whose positions are correct.
    fn count_correct(&self, lines: &[crate::Line]) -> usize {
        let words = lines.iter().flat_map(|line| &line.words);
        let overlaps = |[x, y, w, h]: [usize; 4], area: &Area| {
            let [fx, fy, fw, fh] = area
                .to_pixels(self.width as u32, self.height as u32)
                .map(|n| n as usize);
            let overlap = |a: usize, n: usize, b: usize, m: usize| {
                (a + n).min(b + m).saturating_sub(a.max(b))
            };
            overlap(x, w, fx, fw) * 10 >= w * 7
                && overlap(y, h, fy, fh) * 10 >= h * 7
                && fw <= w * 2
        };
        words
            .zip(&self.words)
            .filter(|(word, expected)| overlaps(**expected, &word.area))
            .count()
    }
}

fn lang(tag: &str) -> LangTag {
    tag.parse().unwrap()
}

/// Returns the text with a separator between its lines.
fn page_text(lines: &[Vec<String>], separator: &str) -> PageText {
    let lines: Vec<String> = lines.iter().map(|line| line.join(" ")).collect();
    crate::parse(lines.join(separator).as_bytes()).unwrap()
}

#[test]
fn aligns_lines_in_both_directions() {
    for (letters, language) in [(ARABIC, "ar"), (LATIN, "en")] {
        let lines = random_lines(letters, 1, 20);
        let page = SyntheticPage::new(800, 1000).draw_lines(&lines, (60, 740), language == "ar");
        let aligned =
            align_lines(&page_text(&lines, "\n"), &lang(language), &page.image()).unwrap();
        assert_eq!(aligned.len(), 20);
        let words: usize = lines.iter().map(Vec::len).sum();
        assert!(
            page.count_correct(&aligned) * 100 >= words * 95,
            "{language}"
        );
        assert!(aligned[0].starts_paragraph && !aligned[1].starts_paragraph);
    }
}

#[test]
fn splits_paragraphs_into_lines() {
    let lines = random_lines(ARABIC, 2, 21);
    let page = SyntheticPage::new(800, 1100).draw_lines(&lines, (60, 740), true);
    let paragraphs: Vec<Vec<String>> = lines.chunks(7).map(|lines| lines.concat()).collect();
    let text = page_text(&paragraphs, "\n\n");
    assert_eq!(text.lines.len(), 3);
    let aligned = align_lines(&text, &lang("ar"), &page.image()).unwrap();
    assert_eq!(aligned.len(), 21);
    let starts: Vec<usize> = (0..21)
        .filter(|line| aligned[*line].starts_paragraph)
        .collect();
    assert_eq!(starts, [0, 7, 14]);
    assert_eq!(aligned[1].text, lines[1].join(" "));
    let word = aligned[1].words[2];
    assert_eq!(aligned[1].text[word.start..word.end], lines[1][2]);
    let words: usize = lines.iter().map(Vec::len).sum();
    assert!(page.count_correct(&aligned) * 100 >= words * 95);
}

#[test]
fn ignores_frames_shadows_and_slope() {
    let lines = random_lines(ARABIC, 3, 20);
    let mut page = SyntheticPage::new(800, 1100).draw_lines(&lines, (90, 710), true);
    let words: usize = lines.iter().map(Vec::len).sum();
    for (x, y, w, h) in [
        (20, 20, 760, 4),
        (20, 1060, 760, 4),
        (20, 20, 4, 1040),
        (776, 20, 4, 1040),
        // A page number, a rule and a speck.
        (390, 60, 20, 18),
        (250, 98, 300, 3),
        (50, 500, 1, 1),
    ] {
        page.fill_rect(x, y, w, h);
    }
    // A shadow that darkens the page towards the right.
    for (i, pixel) in page.pixels.iter_mut().enumerate() {
        *pixel = (u32::from(*pixel) * (1000 - (i % 800) as u32) / 1000) as u8;
    }
    let page = page.sheared(0.015);
    let aligned = align_lines(&page_text(&lines, "\n"), &lang("ar"), &page.image()).unwrap();
    assert_eq!(aligned.len(), 20);
    assert!(page.count_correct(&aligned) * 100 >= words * 90);
}

#[test]
fn rejects_the_text_of_another_page() {
    let lines = random_lines(ARABIC, 4, 20);
    let page = SyntheticPage::new(800, 1000)
        .draw_lines(&lines, (60, 740), true)
        .image();
    for seed in 5..15 {
        let other = random_lines(ARABIC, seed, 20);
        assert_eq!(
            align_lines(&page_text(&other, "\n"), &lang("ar"), &page),
            None,
            "{seed}"
        );
        assert_eq!(
            align_lines(&page_text(&other, " "), &lang("ar"), &page),
            None,
            "{seed}"
        );
    }
    // In the opposite direction, the text cannot be aligned.
    assert_eq!(
        align_lines(&page_text(&lines, "\n"), &lang("ar-Latn"), &page),
        None
    );
    assert!(align_lines(&page_text(&lines, "\n"), &lang("ar"), &page).is_some());
}

#[test]
fn rejects_pages_with_columns() {
    let (right, left) = (random_lines(ARABIC, 16, 20), random_lines(ARABIC, 17, 20));
    let half_lines = |lines: &[Vec<String>]| -> Vec<Vec<String>> {
        lines.iter().map(|line| line[..4].to_vec()).collect()
    };
    let (right, left) = (half_lines(&right), half_lines(&left));
    let page = SyntheticPage::new(800, 1000)
        .draw_lines(&right, (430, 760), true)
        .draw_lines(&left, (40, 370), true);
    let both = [right, left].concat();
    assert_eq!(
        align_lines(&page_text(&both, "\n"), &lang("ar"), &page.image()),
        None
    );
}

#[test]
fn rejects_pages_without_lines() {
    let lines = random_lines(ARABIC, 18, 20);
    let text = page_text(&lines, "\n");
    let empty = SyntheticPage::new(800, 1000).image();
    assert_eq!(align_lines(&text, &lang("ar"), &empty), None);
    let single_line = SyntheticPage::new(800, 1000).draw_lines(&lines[..1], (60, 740), true);
    assert_eq!(align_lines(&text, &lang("ar"), &single_line.image()), None);
    let mut black = empty.clone();
    black.pixels.fill(0);
    assert_eq!(align_lines(&text, &lang("ar"), &black), None);
    for (width, pixels) in [(0, 0), (1, 5), (800, 0), (800, 799), (120, 120 * 110 + 7)] {
        let malformed = GreyImage {
            width,
            pixels: (0..pixels).map(|i| (i * 37 % 251) as u8).collect(),
        };
        assert_eq!(align_lines(&text, &lang("ar"), &malformed), None, "{width}");
    }
    let page = SyntheticPage::new(800, 1000)
        .draw_lines(&lines, (60, 740), true)
        .image();
    assert_eq!(align_lines(&page_text(&[], "\n"), &lang("ar"), &page), None);
    let too_many_words = vec![lines.concat(); 40];
    assert_eq!(
        align_lines(&page_text(&too_many_words, "\n"), &lang("ar"), &page),
        None
    );
}

#[test]
fn limits_bound_the_running_time() {
    // More dark runs, and more pixels, than the limits allow.
    let noise = |height: usize| GreyImage {
        width: 2_400,
        pixels: (0..2_400 * height).map(|i| (i % 2 * 200) as u8).collect(),
    };
    let text = page_text(&random_lines(ARABIC, 20, 20), "\n");
    for height in [1_900, 7_000] {
        assert_eq!(align_lines(&text, &lang("ar"), &noise(height)), None);
    }
    // The maximum number of lines, and nearly the maximum number of words.
    let lines = random_lines(ARABIC, 19, 240);
    let page = SyntheticPage::new(900, 10_000)
        .draw_lines(&lines, (60, 840), true)
        .image();
    let short: Vec<Vec<String>> = vec![vec!["ا".to_owned(); 16]; 240];
    assert_eq!(
        align_lines(&page_text(&short, " "), &lang("ar"), &page),
        None
    );
}
