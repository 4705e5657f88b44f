//! “Names that travelled”, a book of four pages about the Arabic names of stars, as a PDF.

use std::path::Path;

use crate::abjad::arabic_digits;
use crate::canvas::{Anchor, Ink, Outline, Point, ink, on_circle};
use crate::error::DemoError;
use crate::lettering::{FontFiles, Weight};
use crate::pdf::Document;
use crate::projection as p;
use crate::stars::STARS;

/// The text of each page. The first line is the heading.
const PAGES: [&str; 4] = [
    include_str!("../source/astrolabes/names/1.txt"),
    include_str!("../source/astrolabes/names/2.txt"),
    include_str!("../source/astrolabes/names/3.txt"),
    include_str!("../source/astrolabes/names/4.txt"),
];

/// Size of a page in points (A5).
const SIZE: (f64, f64) = (420.0, 595.0);
const LEFT: f64 = 58.0;
const RIGHT: f64 = SIZE.0 - LEFT;
const MIDDLE: f64 = SIZE.0 / 2.0;
const PAPER: Ink = ink(0xf7f0df);
const BLACK: Ink = ink(0x2a2118);
const RED: Ink = ink(0x9c3325);
const BLUE: Ink = ink(0x24456b);
const GOLD: Ink = ink(0xc79a3e);

/// Generates the book as a PDF.
///
/// # Errors
/// Returns [`DemoError::GlyphMissing`] if no font contains a character of the text, and
/// [`DemoError::Unencodable`] if a font cannot be subset.
pub fn book(files: &FontFiles) -> Result<Vec<u8>, DemoError> {
    let mut pdf = Document::new(files, SIZE);
    let mut title = "";
    for (index, text) in PAGES.iter().enumerate() {
        let mut lines = text.lines().filter(|line| !line.trim().is_empty());
        let heading = lines.next().unwrap_or_default();
        pdf.add_page();
        draw_frame(&mut pdf);
        if index == 0 {
            title = heading;
            draw_cover(&mut pdf, heading, lines)?;
            continue;
        }
        let at = ((MIDDLE, 100.0), Anchor::Middle);
        pdf.text(heading, (Weight::Bold, 24.0), at, 0.0, RED)?;
        let mut y = 142.0;
        for line in lines {
            y = match line.split_once(" | ") {
                Some(row) => draw_names(&mut pdf, row, y)?,
                None => draw_paragraph(&mut pdf, line, y)?,
            };
        }
        if index == 3 {
            draw_chart(&mut pdf, (MIDDLE, 372.0), 104.0)?;
        }
        let number = arabic_digits(&(index + 1).to_string());
        let at = ((MIDDLE, 552.0), Anchor::Middle);
        pdf.text(&number, (Weight::Regular, 13.0), at, 0.0, BLUE)?;
    }
    pdf.finish(Path::new("names.pdf"), title, "مشروع خزانة")
}

fn draw_frame(pdf: &mut Document) {
    pdf.fill(&Outline::rect(0.0, 0.0, SIZE.0, SIZE.1), PAPER);
    for (inset, width, colour) in [(22.0, 2.0, GOLD), (28.0, 0.7, BLUE)] {
        let band = Outline::rect(inset, inset, SIZE.0 - 2.0 * inset, SIZE.1 - 2.0 * inset);
        pdf.stroke(&band, colour, width);
    }
}

/// Returns the outline of a star. `depth` is the inner radius relative to the outer radius.
fn star(centre: Point, radius: f64, points: u32, depth: f64) -> Outline {
    let corners: Vec<Point> = (0..points * 2)
        .map(|corner| {
            let radius = if corner % 2 == 0 {
                radius
            } else {
                radius * depth
            };
            let angle = f64::from(corner) * 180.0 / f64::from(points);
            on_circle(centre, radius, angle)
        })
        .collect();
    Outline::polygon(&corners)
}

fn draw_cover<'t>(
    pdf: &mut Document,
    heading: &str,
    rest: impl Iterator<Item = &'t str>,
) -> Result<(), DemoError> {
    let centre = (MIDDLE, 225.0);
    for (radius, points, depth, colour) in [
        (132.0, 24, 0.86, BLUE),
        (112.0, 24, 0.88, GOLD),
        (98.0, 12, 0.8, RED),
        (76.0, 12, 0.8, PAPER),
    ] {
        pdf.fill(&star(centre, radius, points, depth), colour);
    }
    let at = ((MIDDLE, 420.0), Anchor::Middle);
    pdf.text(heading, (Weight::Bold, 38.0), at, 0.0, BLUE)?;
    for (line, y) in rest.zip([462.0, 520.0]) {
        let at = ((MIDDLE, y), Anchor::Middle);
        pdf.text(line, (Weight::Regular, 16.0), at, 0.0, BLACK)?;
    }
    pdf.fill(&star(centre, 40.0, 8, 0.6), GOLD);
    Ok(())
}

/// Draws a paragraph and returns the position of the next one.
fn draw_paragraph(pdf: &mut Document, text: &str, top: f64) -> Result<f64, DemoError> {
    const STYLE: (Weight, f64) = (Weight::Regular, 15.0);
    const LEADING: f64 = 27.0;
    let mut y = top;
    let mut line = String::new();
    for word in text.split_whitespace() {
        let longer = match line.as_str() {
            "" => word.to_owned(),
            line => format!("{line} {word}"),
        };
        if pdf.width(&longer, STYLE.0, STYLE.1)? <= RIGHT - LEFT {
            line = longer;
            continue;
        }
        let gaps = line.matches(' ').count().max(1) as f64;
        let spare = RIGHT - LEFT - pdf.width(&line, STYLE.0, STYLE.1)?;
        let at = ((RIGHT, y), Anchor::Right);
        pdf.text(&line, STYLE, at, spare / gaps, BLACK)?;
        y += LEADING;
        word.clone_into(&mut line);
    }
    let at = ((RIGHT, y), Anchor::Right);
    pdf.text(&line, STYLE, at, 0.0, BLACK)?;
    Ok(y + LEADING + 8.0)
}

/// Draws an Arabic name and its Latin form.
fn draw_names(pdf: &mut Document, (arabic, latin): (&str, &str), y: f64) -> Result<f64, DemoError> {
    let at = ((RIGHT - 20.0, y), Anchor::Right);
    pdf.text(arabic, (Weight::Regular, 15.0), at, 0.0, BLACK)?;
    let at = ((LEFT + 20.0, y), Anchor::Left);
    pdf.text(latin, (Weight::Regular, 13.0), at, 0.0, BLUE)?;
    let rule = Outline::line(&[(LEFT + 10.0, y + 8.0), (RIGHT - 10.0, y + 8.0)]);
    pdf.stroke(&rule, GOLD, 0.4);
    Ok(y + 26.0)
}

/// Draws the stars of the rete in the projection of the astrolabe. `unit` is the radius of the
/// equator.
fn draw_chart(pdf: &mut Document, centre: Point, unit: f64) -> Result<(), DemoError> {
    let place = |(ra, dec): (f64, f64)| {
        let (x, y) = p::equatorial(270.0 - ra, dec);
        (centre.0 + x * unit, centre.1 - y * unit)
    };
    let circle = |radius: f64| Outline::circle(centre, radius * unit);
    pdf.stroke(&circle(p::rim()), BLUE, 1.6);
    pdf.stroke(&circle(1.0), BLUE, 0.5);
    pdf.stroke(&circle(p::radius(p::OBLIQUITY)), BLUE, 0.5);
    let ecliptic: Vec<Point> = (0..360)
        .map(|degree| place(p::on_ecliptic(f64::from(degree))))
        .collect();
    pdf.stroke(&Outline::polygon(&ecliptic), GOLD, 1.4);
    for entry in STARS {
        let at = place((entry.ra, entry.dec));
        pdf.fill(&star(at, 3.2, 8, 0.5), RED);
        // Names are placed towards the rim, except near the rim, where they are placed towards the
        // centre.
        let is_left = (at.0 < centre.0) != (p::radius(entry.dec) > 1.2);
        let (side, anchor) = match is_left {
            true => (-5.0, Anchor::Right),
            false => (5.0, Anchor::Left),
        };
        let label = ((at.0 + side, at.1 + 2.5), anchor);
        pdf.text(entry.name, (Weight::Regular, 8.0), label, 0.0, BLACK)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::stars::NAMES;

    fn words(text: &str) -> Vec<&str> {
        text.split_whitespace().collect()
    }

    /// Reads the fonts that `cargo xtask test` installs.
    fn fonts() -> FontFiles {
        let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        FontFiles::read(&project.join("node_modules/@fontsource/amiri/files")).unwrap()
    }

    #[test]
    fn text_extracted_from_the_pdf_equals_the_source() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("names.pdf");
        let bytes = book(&fonts()).unwrap();
        assert!(
            bytes == book(&fonts()).unwrap(),
            "the output is not reproducible"
        );
        std::fs::write(&path, bytes).unwrap();
        let read = khizana_pdf::Document::open(&path).unwrap();
        assert_eq!(read.page_count(), 4);
        assert_eq!(read.metadata().title.as_deref(), Some("أسماء رحلت"));
        let texts = [0, 1, 2].map(|page| read.page(page).unwrap().text.plain_text());
        for (index, (text, source)) in texts.iter().zip(PAGES).enumerate() {
            let mut expected = words(source);
            expected.retain(|word| *word != "|");
            let number = arabic_digits(&(index + 1).to_string());
            if index > 0 {
                expected.push(&number);
            }
            assert_eq!(words(text), expected);
        }
        // Names with the same baseline are extracted as one line.
        let chart = read.page(3).unwrap().text.plain_text();
        for star in STARS {
            assert!(chart.contains(star.name), "{} in {chart}", star.name);
        }
    }

    #[test]
    fn latin_names_are_those_of_the_star_table() {
        let latin = NAMES.map(|names| names.0);
        let rows: Vec<(&str, &str)> = PAGES[2]
            .lines()
            .filter_map(|line| line.split_once(" | "))
            .collect();
        assert_eq!(rows.len(), 15);
        for (arabic, name) in rows {
            assert!(latin.contains(&name), "{arabic} {name}");
        }
    }
}
