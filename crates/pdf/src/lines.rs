//! Grouping of glyphs into lines. The order of the content stream is kept, because most programs
//! write a page in reading order.

use khizana_pagetext::{Area, Format, Line, PageText};

use crate::bidi::{self, Cluster};
use crate::content::TextGlyph;

/// Minimum width of a gap that counts as a space, relative to the font size.
const SPACE_WIDTH: f64 = 0.2;

/// Minimum distance between the baselines of glyphs in different lines, relative to the font size.
const LINE_DISTANCE: f64 = 0.5;

/// Minimum distance between the baselines of lines in different paragraphs, relative to the font
/// size.
const PARAGRAPH_DISTANCE: f64 = 1.9;

/// Maximum number of lines per page.
const MAX_LINES: usize = 20_000;

/// Maximum length of a line in bytes.
const MAX_LINE_BYTES: usize = 4_096;

/// Groups the glyphs of a page into lines. `width` and `height` are the size of the page in points.
pub fn group_glyphs(glyphs: &[TextGlyph], (width, height): (f64, f64)) -> PageText {
    let mut lines = Vec::new();
    let marks_are_first = marks_precede_letters(glyphs);
    let mut previous: Option<&TextGlyph> = None;
    let mut row: Vec<&TextGlyph> = Vec::new();
    let mut rows: Vec<Vec<&TextGlyph>> = Vec::new();
    for glyph in glyphs {
        // The positions of spaces and of marks, which are above or below the letters, are not used
        // to find line boundaries. If marks precede their letters, so does the boundary.
        if !glyph.text.trim().is_empty() && !is_mark(glyph) {
            if previous.is_some_and(|previous| is_new_line(previous, glyph)) {
                let first_mark = row.iter().rposition(|glyph| !is_mark(glyph));
                let start = first_mark.map_or(0, |index| index + 1);
                let next = match marks_are_first {
                    true => row.split_off(start),
                    false => Vec::new(),
                };
                rows.push(std::mem::replace(&mut row, next));
            }
            previous = Some(glyph);
        }
        row.push(glyph);
    }
    rows.push(row);
    let mut previous: Option<&TextGlyph> = None;
    for row in rows {
        let Some(first) = row.iter().find(|glyph| !glyph.text.trim().is_empty()) else {
            continue;
        };
        let text = line_text(&row, marks_are_first);
        if text.is_empty() || text.len() > MAX_LINE_BYTES || lines.len() >= MAX_LINES {
            continue;
        }
        let starts_paragraph = previous.is_none_or(|previous| is_new_paragraph(previous, first));
        previous = Some(first);
        lines.push(Line {
            text,
            starts_paragraph,
            language: None,
            direction: None,
            area: line_area(&row, width, height),
            words: Vec::new(),
        });
    }
    PageText {
        format: Format::Plain,
        size: (width > 0.0 && height > 0.0).then_some((width, height)),
        lines,
        whole_page_positions: 0,
        invalid_positions: None,
    }
}

fn is_new_line(previous: &TextGlyph, glyph: &TextGlyph) -> bool {
    let size = previous.size.max(glyph.size);
    previous.angle != glyph.angle
        || (previous.baseline - glyph.baseline).abs() > LINE_DISTANCE * size
}

/// Returns `true` if the line that starts with `first` is in a different paragraph from the line
/// that starts with `previous`.
fn is_new_paragraph(previous: &TextGlyph, first: &TextGlyph) -> bool {
    let distance = first.baseline - previous.baseline;
    let (smaller, larger) = (first.size.min(previous.size), first.size.max(previous.size));
    previous.angle != first.angle
        || !(0.0..PARAGRAPH_DISTANCE * larger).contains(&distance)
        || larger > 1.2 * smaller
}

/// Returns `true` if a glyph consists of combining marks, or of a mark without a character code,
/// which some fonts map to a control character.
fn is_mark(glyph: &TextGlyph) -> bool {
    let text = bidi::decompose_presentation_forms(&glyph.text);
    let has_no_code = || glyph.end <= glyph.start && text.chars().all(char::is_control);
    !text.is_empty() && (text.chars().all(bidi::is_mark) || has_no_code())
}

/// Returns `true` if the marks of a page precede their letters in the content stream.
///
/// Skia, and therefore Chromium, writes right-to-left text in visual order, in which the marks of
/// the last letter of a word directly follow the space before it. If marks follow their letters,
/// they directly precede a space instead. The horizontal position of a mark does not show to which
/// letter it belongs.
fn marks_precede_letters(glyphs: &[TextGlyph]) -> bool {
    let is_space = |glyph: &TextGlyph| glyph.text.trim().is_empty();
    let (mut after_space, mut before_space) = (0usize, 0usize);
    for pair in glyphs.windows(2) {
        if let [first, second] = pair {
            after_space += usize::from(is_space(first) && is_mark(second));
            before_space += usize::from(is_mark(first) && is_space(second));
        }
    }
    after_space > before_space
}

/// Returns the text of a line in logical order.
fn line_text(row: &[&TextGlyph], marks_are_first: bool) -> String {
    let mut clusters: Vec<Cluster> = Vec::new();
    // Marks that precede their letter.
    let mut marks = String::new();
    for glyph in row {
        let mut text = bidi::decompose_presentation_forms(&glyph.text);
        // A combining mark is part of the cluster of its letter.
        if is_mark(glyph) {
            text.retain(|c| !c.is_control());
            if marks_are_first {
                // Several marks of a letter are in visual order, too.
                marks.insert_str(0, &text);
                continue;
            }
            if let Some(last) = clusters.last_mut() {
                last.text.push_str(&text);
                continue;
            }
        }
        text.push_str(&std::mem::take(&mut marks));
        clusters.push(Cluster {
            text,
            start: glyph.start,
            end: glyph.end,
            size: glyph.size,
        });
    }
    if let Some(last) = clusters.last_mut() {
        last.text.push_str(&marks);
    }
    let has_rtl = clusters
        .iter()
        .any(|cluster| cluster.text.chars().any(bidi::is_rtl));
    if has_rtl {
        // The order in the content stream may be logical or visual. Sorting establishes the visual
        // order.
        clusters.sort_by(|a, b| a.start.total_cmp(&b.start));
    }
    let mut texts: Vec<String> = Vec::new();
    let mut previous_end: Option<f64> = None;
    for cluster in clusters {
        let gap = previous_end.map(|end| cluster.start - end);
        if gap.is_some_and(|gap| gap > SPACE_WIDTH * cluster.size || gap < -2.0 * cluster.size) {
            texts.push(" ".to_owned());
        }
        previous_end = Some(cluster.end);
        texts.push(cluster.text);
    }
    if has_rtl {
        texts = bidi::visual_to_logical(texts);
    }
    let line: String = texts.concat();
    let words: Vec<&str> = line
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect();
    words.join(" ")
}

/// Returns the bounding box of a line, relative to the page, or `None` if the line is not
/// horizontal or is outside the page.
fn line_area(row: &[&TextGlyph], width: f64, height: f64) -> Option<Area> {
    let visible = row.iter().filter(|glyph| !glyph.text.trim().is_empty());
    let mut area: Option<Area> = None;
    for glyph in visible {
        if glyph.angle != 0 {
            return None;
        }
        let top = glyph.baseline - 0.8 * glyph.size;
        let bottom = glyph.baseline + 0.25 * glyph.size;
        let glyph_area = Area {
            left: glyph.start / width,
            top: top / height,
            right: glyph.end / width,
            bottom: bottom / height,
        };
        area = Some(match area {
            None => glyph_area,
            Some(area) => Area {
                left: area.left.min(glyph_area.left),
                top: area.top.min(glyph_area.top),
                right: area.right.max(glyph_area.right),
                bottom: area.bottom.max(glyph_area.bottom),
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
    // A line outside the page is not visible in the picture.
    (area.right > area.left && area.bottom > area.top).then_some(area)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Returns glyphs with a font size of 10 points. A negative `step` places them from right to
    /// left.
    fn glyphs(text: &[&str], start: f64, baseline: f64, step: f64) -> Vec<TextGlyph> {
        let mut x = start;
        let mut out = Vec::new();
        for text in text {
            if step < 0.0 {
                x += step;
            }
            out.push(TextGlyph {
                text: (*text).to_owned(),
                start: x,
                end: x + step.abs(),
                baseline,
                size: 10.0,
                angle: 0,
            });
            if step > 0.0 {
                x += step;
            }
        }
        out
    }

    fn line_texts(glyphs: &[TextGlyph]) -> Vec<String> {
        let page = group_glyphs(glyphs, (100.0, 200.0));
        page.lines.into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn splits_glyphs_at_gaps_and_baselines() {
        let mut all = glyphs(&["a", "b"], 10.0, 20.0, 5.0);
        all.extend(glyphs(&["c", " ", "d"], 23.0, 21.0, 5.0));
        all.extend(glyphs(&["e"], 10.0, 33.0, 5.0));
        all.extend(glyphs(&["f"], 10.0, 80.0, 5.0));
        let page = group_glyphs(&all, (100.0, 200.0));
        let lines: Vec<_> = page
            .lines
            .iter()
            .map(|line| (line.text.as_str(), line.starts_paragraph))
            .collect();
        assert_eq!(lines, [("ab c d", true), ("e", false), ("f", true)]);
        let area = page.lines[1].area.unwrap();
        assert_eq!((area.left, area.right), (0.1, 0.15));
        assert_eq!((area.top, area.bottom), (25.0 / 200.0, 35.5 / 200.0));
        assert_eq!(page.plain_text(), "ab c d\ne\n\nf\n");
    }

    #[test]
    fn reads_arabic_in_logical_and_in_visual_order() {
        // This line is in logical order, starting from the right.
        let mut all = glyphs(&["خ", "ز", "ا", "ن", "ة"], 90.0, 20.0, -5.0);
        all.extend(glyphs(&["١", "٢"], 52.0, 20.0, 5.0));
        // This line is in visual order, starting from the left, and uses presentation forms. One
        // glyph is a ligature.
        all.extend(glyphs(&["ﺔ", "ﻧ", "ﺍ", "ﺰ", "ﺧ"], 10.0, 40.0, 5.0));
        all.extend(glyphs(&["ﻼ", "ﺑ"], 40.0, 40.0, 5.0));
        assert_eq!(line_texts(&all), ["خزانة ١٢", "بلا خزانة"]);
    }

    /// Returns glyphs like [`glyphs`], from left to right. Marks have no width and are `rise` points
    /// above the baseline, to the left of the next glyph.
    fn vocalised(text: &[&str], baseline: f64, rise: f64) -> Vec<TextGlyph> {
        let mut x = 10.0;
        let mut out = Vec::new();
        for text in text {
            let mut glyph = glyphs(&[text], x, baseline, 5.0).remove(0);
            if text.chars().all(|c| bidi::is_mark(c) || c.is_control()) {
                glyph.start -= 1.0;
                glyph.end = glyph.start;
                glyph.baseline -= rise;
            } else {
                x += 5.0;
            }
            out.push(glyph);
        }
        out
    }

    #[test]
    fn reads_marks_that_precede_their_letters() {
        // The marks of the last letters are at the beginning of the line and after the space. One
        // mark has no character code.
        let first = [
            "\u{64f}", "ﺐ", "\u{64f}", "ﺘ", "\u{64f}", "ﻛ", " ", "\u{64f}", "ﺔ", "ﻓ", "\u{64e}",
            "\u{651}", "ﺮ", "\0", "ﻏ",
        ];
        let second = ["ِ", "ﻢ", "ْ", "ﻠ", "ِ", "ﻋ"];
        // High marks do not start a line, and the marks of the next line belong to it.
        for rise in [4.0, 9.0] {
            let mut all = vocalised(&first, 20.0, rise);
            all.extend(vocalised(&second, 40.0, -rise));
            assert_eq!(line_texts(&all), ["غر\u{651}\u{64e}فةُ كُتُبُ", "عِلْمِ"]);
        }
    }

    #[test]
    fn reads_marks_that_follow_their_letters() {
        let text = [
            "ﺐ", "ُ", "ﺘ", "ُ", "ﻛ", "ُ", " ", "ﻢ", "ِ", "ﻠ", "ْ", "ﻋ", "ِ", " ",
        ];
        assert_eq!(line_texts(&vocalised(&text, 20.0, 4.0)), ["عِلْمِ كُتُبُ"]);
        assert_eq!(
            line_texts(&vocalised(&["a", "\u{301}", "\u{302}"], 20.0, 0.0)),
            ["a\u{301}\u{302}"]
        );
    }

    #[test]
    fn reads_lines_of_mixed_direction() {
        let mut all = glyphs(&["ك", "ت", "ا", "ب"], 90.0, 20.0, -5.0);
        all.extend(glyphs(&["T", "a", "t", "e"], 40.0, 20.0, 5.0));
        all.extend(glyphs(&["ف", "ي"], 35.0, 20.0, -5.0));
        all.extend(glyphs(&["T", "h", "e"], 10.0, 50.0, 5.0));
        all.extend(glyphs(&["ب", "ا", "ت", "ك"], 30.0, 50.0, 5.0));
        all.extend(glyphs(&["i", "s"], 60.0, 50.0, 5.0));
        assert_eq!(line_texts(&all), ["كتاب Tate في", "The كتاب is"]);
    }

    #[test]
    fn vertical_text_has_no_position() {
        let mut all = glyphs(&["a", "b"], -50.0, 20.0, 5.0);
        for glyph in &mut all {
            glyph.angle = -90;
        }
        let page = group_glyphs(&all, (100.0, 200.0));
        assert_eq!(page.lines[0].text, "ab");
        assert_eq!(page.lines[0].area, None);
        assert!(group_glyphs(&[], (100.0, 200.0)).lines.is_empty());
    }
}
