//! Parser for hOCR: HTML whose `class` attributes mark pages, lines and words, and whose `title`
//! attributes contain the positions of these elements.

use khizana_model::Direction;

use crate::build::{DraftLine, DraftWord, Inherited, PageBuilder, single_page};
use crate::error::PageTextError;
use crate::model::{Format, PageText};
use crate::position::{BoundingBox, parse_number};
use crate::tree::{Element, Node};

const LINE_CLASSES: [&str; 6] = [
    "ocr_line",
    "ocrx_line",
    "ocr_header",
    "ocr_footer",
    "ocr_caption",
    "ocr_textfloat",
];
const BLOCK_CLASSES: [&str; 3] = ["ocr_carea", "ocrx_block", "ocr_par"];
const WORD_CLASSES: [&str; 2] = ["ocrx_word", "ocr_word"];

pub(crate) fn parse(root: &Element) -> Result<PageText, PageTextError> {
    let mut pages = Vec::new();
    root.find(&|element| has_class(element, &["ocr_page"]), &mut pages);
    let mut builder = PageBuilder::new(Format::Hocr);
    let Some(page) = single_page(&pages)? else {
        return Err(PageTextError::NotHocr { line: root.line });
    };
    if let Some(BoundingBox(left, top, right, bottom)) = bbox(&mut builder, page) {
        // Positions are relative to the image. The size of the image is known only if the page
        // starts at the upper left corner of the image.
        builder.set_size(
            (left == 0.0).then_some(right),
            (top == 0.0).then_some(bottom),
        );
    }
    let inherited = inherited_within(&inherited_within(&Inherited::default(), root), page);
    add_content(&mut builder, page, &inherited)?;
    Ok(builder.finish())
}

/// Returns `true` if an element has at least one of the classes.
fn has_class(element: &Element, classes: &[&str]) -> bool {
    element.get("class").is_some_and(|value| {
        value
            .split_whitespace()
            .any(|class| classes.contains(&class))
    })
}

fn inherited_within(outer: &Inherited, element: &Element) -> Inherited {
    let direction = match element.get("dir") {
        Some("rtl") => Some(Direction::Rtl),
        Some("ltr") => Some(Direction::Ltr),
        _ => None,
    };
    outer.within(element, &["lang"], direction)
}

/// Parses the bounding box in the `title` attribute of an element, such as `image "1.tif"; bbox 0 0
/// 2479 3508; ppageno 0`.
fn bbox(builder: &mut PageBuilder, element: &Element) -> Option<BoundingBox> {
    let numbers = element
        .get("title")?
        .split(';')
        .find_map(|property| property.trim().strip_prefix("bbox "))?;
    let mut numbers = numbers.split_whitespace().map(parse_number);
    let mut next = || numbers.next().flatten();
    let bounds = match (next(), next(), next(), next()) {
        (Some(left), Some(top), Some(right), Some(bottom)) => {
            Some(BoundingBox(left, top, right, bottom))
        }
        _ => None,
    };
    if bounds.is_none() {
        builder.report_invalid_position(element);
    }
    bounds
}

/// Adds all lines inside an element.
fn add_content(
    builder: &mut PageBuilder,
    parent: &Element,
    inherited: &Inherited,
) -> Result<(), PageTextError> {
    for element in parent.elements() {
        let inherited = inherited_within(inherited, element);
        if has_class(element, &LINE_CLASSES) {
            add_line(builder, element, &inherited)?;
            continue;
        }
        if has_class(element, &BLOCK_CLASSES) {
            builder.start_paragraph();
            let mut lines = Vec::new();
            element.find(&|inner| has_class(inner, &LINE_CLASSES), &mut lines);
            // Programs without line segmentation put words directly into a paragraph.
            if lines.is_empty() && has_class(element, &["ocr_par"]) {
                add_line(builder, element, &inherited)?;
                continue;
            }
        }
        add_content(builder, element, &inherited)?;
    }
    Ok(())
}

fn add_line(
    builder: &mut PageBuilder,
    line: &Element,
    inherited: &Inherited,
) -> Result<(), PageTextError> {
    let mut words = Vec::new();
    collect_words(builder, line, &mut words, &mut false);
    let draft = DraftLine {
        text: words.is_empty().then(|| line.text()),
        words,
        bounds: bbox(builder, line),
    };
    builder.add_line(line, inherited, draft)
}

/// Collects the words of a line. Two words are separated if there is white space between their
/// elements. At the end, `has_space` is `true` if white space follows the last word.
fn collect_words(
    builder: &mut PageBuilder,
    parent: &Element,
    words: &mut Vec<DraftWord>,
    has_space: &mut bool,
) {
    for node in &parent.children {
        match node {
            Node::Text(text) => *has_space |= text.contains(char::is_whitespace),
            Node::Element(element) if has_class(element, &WORD_CLASSES) => {
                words.push(DraftWord {
                    text: element.text(),
                    has_space_before: std::mem::take(has_space),
                    bounds: bbox(builder, element),
                });
            }
            Node::Element(element) => collect_words(builder, element, words, has_space),
        }
    }
}
