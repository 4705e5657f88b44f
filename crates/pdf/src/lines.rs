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
    let mut previous: Option<&TextGlyph> = None;
    let mut row: Vec<&TextGlyph> = Vec::new();
    let mut rows: Vec<Vec<&TextGlyph>> = Vec::new();
    for glyph in glyphs {
        if previous.is_some_and(|previous| is_new_line(previous, glyph)) {
            rows.push(std::mem::take(&mut row));
        }
        // The position of a space is not used to find line boundaries.
        if !glyph.text.trim().is_empty() {
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
        let text = line_text(&row);
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

/// Returns the text of a line in logical order.
fn line_text(row: &[&TextGlyph]) -> String {
    let mut clusters: Vec<Cluster> = Vec::new();
    for glyph in row {
        let text = bidi::decompose_presentation_forms(&glyph.text);
        // A combining mark is part of the cluster of the preceding letter.
        let is_mark = !text.is_empty() && text.chars().all(bidi::is_mark);
        if is_mark && let Some(last) = clusters.last_mut() {
            last.text.push_str(&text);
            continue;
        }
        clusters.push(Cluster {
            text,
            start: glyph.start,
            end: glyph.end,
            size: glyph.size,
        });
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
